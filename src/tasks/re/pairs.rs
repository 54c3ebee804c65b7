//! Which entities stand together in a sentence, and which two of them make a pair.

use std::ops::Range;

use crate::heads::Head;
use crate::tasks::ner::ByteEntity;

/// A sentence with the entities that lie in it.
#[derive(Debug, PartialEq)]
pub(super) struct Sentence {
    pub(super) bytes: Range<usize>,
    /// Indices into the document's entities.
    pub(super) entities: Vec<usize>,
}

/// The sentences of a text that hold entities. An entity that reaches over a bound joins two sentences.
pub(super) fn divide(sentences: &[Range<usize>], entities: &[ByteEntity]) -> Vec<Sentence> {
    let mut divided: Vec<Sentence> = Vec::new();
    let mut coming = entities.iter().enumerate().peekable();
    for bytes in sentences.iter().cloned() {
        let last = divided.last_mut().filter(|sentence| {
            sentence.entities.iter().any(|&entity| entities[entity].bytes.end > bytes.start)
        });
        let sentence = match last {
            Some(joined) => {
                joined.bytes.end = bytes.end;
                joined
            }
            None => {
                divided.push(Sentence { bytes, entities: Vec::new() });
                match divided.last_mut() {
                    Some(sentence) => sentence,
                    None => continue,
                }
            }
        };
        let end = sentence.bytes.end;
        while let Some((index, entity)) = coming.next_if(|(_, entity)| entity.bytes.start < end) {
            // One that the caller gave may begin in the white space before the sentence.
            sentence.bytes.start = sentence.bytes.start.min(entity.bytes.start);
            sentence.entities.push(index);
        }
    }
    divided.retain(|sentence| sentence.entities.len() > 1);
    divided
}

/// The pairs of a sentence whose kinds a head relates, as indices into the document's entities.
/// Where both kinds are one, each two entities are one pair, the earlier one first.
pub(super) fn pairs<'a>(
    head: &'a Head,
    entities: &'a [ByteEntity],
    sentence: &'a Sentence,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let [first, second] = kinds_of(head);
    let of = move |kind: &'a str| {
        let is = move |&index: &usize| same(&entities[index].label, kind);
        sentence.entities.iter().copied().filter(is)
    };
    let symmetric = same(first, second);
    of(first)
        .flat_map(move |a| of(second).map(move |b| (a, b)))
        .filter(move |(a, b)| if symmetric { a < b } else { a != b })
}

/// Whether two names mean one kind of entity.
pub(super) fn same(kind: &str, other: &str) -> bool {
    kind.eq_ignore_ascii_case(other)
}

/// The two kinds that a head relates.
pub(super) fn kinds_of(head: &Head) -> [&str; 2] {
    head.spec.related().map(|kind| kind.unwrap_or("Entity"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::{HeadSpec, Kind, Output};
    use crate::sentence::sentences;

    fn entity(bytes: Range<usize>, label: &str) -> ByteEntity {
        ByteEntity { bytes, label: label.into(), head: "".into(), score: 1.0, also: Vec::new() }
    }

    #[test]
    fn sentences_are_divided_and_joined_where_an_entity_reaches_over() {
        let text = "A fever rose. The rash came. It went.";
        let place = |word: &str| text.find(word).map(|at| at..at + word.len()).unwrap();
        let entities = [entity(place("fever"), "a"), entity(place("rash"), "b")];
        let cut = sentences(text);
        assert_eq!(divide(&cut, &entities), []);
        let over = entity(2..17, "c");
        let divided = divide(&cut, &[over, entities[1].clone()]);
        assert_eq!(divided, [Sentence { bytes: 0..28, entities: vec![0, 1] }]);
    }

    #[test]
    fn every_pair_of_the_kinds_is_formed_once() {
        let relation = |second: &str| {
            let output = Output::Relation {
                first: Some("Chemical".into()),
                second: Some(second.into()),
                mask: None,
                negative: None,
                pooling: None,
            };
            HeadSpec::new(Kind::Cls, output, vec!["0".into(), "1".into()])
        };
        let kinds = ["chemical", "Disease", "Chemical", "Gene", "Disease"];
        let entities: Vec<_> = (0..5).map(|i| entity(i..i + 1, kinds[i])).collect();
        let sentence = Sentence { bytes: 0..5, entities: (0..5).collect() };
        let pairs_of = |second: &str| {
            let head = Head::untrained("re", relation(second));
            pairs(&head, &entities, &sentence).collect::<Vec<_>>()
        };
        assert_eq!(pairs_of("Disease"), [(0, 1), (0, 4), (2, 1), (2, 4)]);
        assert_eq!(pairs_of("Chemical"), [(0, 2)]);
    }
}

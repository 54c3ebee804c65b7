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

/// The pairs of a sentence whose kinds a head relates, as indices into the document's entities; the two
/// are at most `reach` entities apart. Two entities that could stand at either end are one pair, the
/// earlier one first.
pub(super) fn pairs<'a>(
    head: &'a Head,
    entities: &'a [ByteEntity],
    sentence: &'a Sentence,
    reach: usize,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let [first, second] = ends(head);
    let is = move |end: End<'a>, index: usize| end.takes(&entities[index].label);
    let around = move |at: usize| {
        let to = at.saturating_add(reach).min(sentence.entities.len() - 1);
        sentence.entities[at.saturating_sub(reach)..=to].iter().copied()
    };
    let starts = sentence.entities.iter().copied().enumerate();
    starts
        .filter(move |&(_, a)| is(first, a))
        .flat_map(move |(at, a)| around(at).filter(move |&b| is(second, b)).map(move |b| (a, b)))
        .filter(move |&(a, b)| a < b || (a > b && !(is(first, b) && is(second, a))))
}

/// Whether a sentence has entities of a head's kinds that are farther apart than `reach` entities.
pub(super) fn beyond(
    head: &Head,
    entities: &[ByteEntity],
    sentence: &Sentence,
    reach: usize,
) -> bool {
    let [first, second] = ends(head).map(|end| {
        let is = |&at: &usize| end.takes(&entities[sentence.entities[at]].label);
        let mut all = (0..sentence.entities.len()).filter(is);
        let first = all.next()?;
        Some((first, all.next_back().unwrap_or(first)))
    });
    let (Some(first), Some(second)) = (first, second) else { return false };
    second.1.saturating_sub(first.0).max(first.1.saturating_sub(second.0)) > reach
}

/// Whether two names mean one kind of entity.
fn same(kind: &str, other: &str) -> bool {
    kind.eq_ignore_ascii_case(other)
}

/// An end of a head's relations: the kinds of which an entity there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct End<'a>(&'a [String]);

impl<'a> End<'a> {
    #[cfg(test)]
    pub(super) fn new(kinds: &'a [String]) -> End<'a> {
        End(kinds)
    }

    /// Whether an entity of a kind may stand here.
    pub(super) fn takes(self, kind: &str) -> bool {
        match self.0 {
            [] => same(kind, NAMELESS),
            kinds => kinds.iter().any(|own| same(kind, own)),
        }
    }

    /// Its kinds, for people.
    pub(super) fn names(self) -> String {
        if self.0.is_empty() { NAMELESS.into() } else { self.0.join(" or ") }
    }
}

/// The kind of an entity of which nobody says the kind.
const NAMELESS: &str = "Entity";

/// The two ends of a head's relations.
pub(super) fn ends(head: &Head) -> [End<'_>; 2] {
    head.spec.related().map(End)
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
        let relation = |first: &[&str], second: &[&str]| {
            let kinds = |kinds: &[&str]| kinds.iter().map(|&kind| kind.into()).collect();
            let output = Output::Relation {
                first: kinds(first),
                second: kinds(second),
                mask: None,
                negative: None,
                pooling: None,
            };
            HeadSpec::new(Kind::Cls, output, vec!["0".into(), "1".into()])
        };
        let kinds = ["chemical", "Disease", "Chemical", "Gene", "Disease"];
        let entities: Vec<_> = (0..5).map(|i| entity(i..i + 1, kinds[i])).collect();
        let sentence = Sentence { bytes: 0..5, entities: (0..5).collect() };
        let pairs_of = |first: &[&str], second: &[&str]| {
            let head = Head::untrained("re", relation(first, second));
            pairs(&head, &entities, &sentence, usize::MAX).collect::<Vec<_>>()
        };
        let chemical = &["Chemical"];
        assert_eq!(pairs_of(chemical, &["Disease"]), [(0, 1), (0, 4), (2, 1), (2, 4)]);
        assert_eq!(pairs_of(chemical, chemical), [(0, 2)]);
        let several = pairs_of(chemical, &["Gene", "Disease"]);
        assert_eq!(several, [(0, 1), (0, 3), (0, 4), (2, 1), (2, 3), (2, 4)]);
        // A chemical may stand at either end, a gene at the first alone.
        assert_eq!(pairs_of(&["Gene", "Chemical"], chemical), [(0, 2), (3, 0), (3, 2)]);
        assert_eq!(pairs_of(&[], &["Disease"]), []);
    }
}

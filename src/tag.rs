//! What a tag says of its word, plain `B`, `I`, `O` and typed ones such as `B-Chemical`; and tags to
//! the spans that they mark.

use std::ops::Range;
use std::sync::Arc;

/// What a label says about its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tag {
    /// No entity.
    Outside,
    /// The first word of an entity of a kind.
    Begin(Arc<str>),
    /// A further word of an entity of a kind.
    Inside(Arc<str>),
    /// The last word of an entity of a kind.
    End(Arc<str>),
    /// The only word of an entity of a kind.
    Single(Arc<str>),
}

impl Tag {
    /// The kind of entity that a word with this tag belongs to.
    pub(crate) fn kind(&self) -> Option<&Arc<str>> {
        match self {
            Tag::Outside => None,
            Tag::Begin(kind) | Tag::Inside(kind) | Tag::End(kind) | Tag::Single(kind) => Some(kind),
        }
    }

    /// Reads a label. `entity` is the kind that plain `B` and `I` stand for.
    pub(crate) fn parse(label: &str, entity: &Arc<str>) -> Tag {
        // The labels of BioBERT's TensorFlow code for what is no word (biobert `run_ner.py`).
        if matches!(label, "O" | "[PAD]" | "X" | "[CLS]" | "[SEP]") {
            return Tag::Outside;
        }
        let (prefix, kind) = match label.split_once(['-', '_']) {
            Some((prefix, kind)) if prefix.len() == 1 => (prefix, kind.into()),
            _ if label.len() == 1 => (label, entity.clone()),
            // A label without a prefix: words of one label in a row are one entity.
            _ => return Tag::Inside(label.into()),
        };
        match prefix {
            "B" => Tag::Begin(kind),
            "I" => Tag::Inside(kind),
            // The IOBES and BILOU schemes.
            "E" | "L" => Tag::End(kind),
            "S" | "U" => Tag::Single(kind),
            _ => Tag::Inside(label.into()),
        }
    }
}

/// An entity in words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WordSpan {
    pub(crate) words: Range<usize>,
    pub(crate) kind: Arc<str>,
    /// Mean probability of its words.
    pub(crate) score: f32,
}

/// Merges the tags of a document's words: an entity starts at a `Begin`, and at an `Inside` that
/// does not follow a word of its own kind (the rules of `conlleval.pl`, CoNLL-2000/2004).
pub(crate) fn spans<'a>(words: impl Iterator<Item = (&'a Tag, f32)>) -> Vec<WordSpan> {
    let mut spans: Vec<WordSpan> = Vec::new();
    // Whether the last span reaches up to the current word.
    let mut open = false;
    for (index, (tag, probability)) in words.enumerate() {
        let (kind, continues) = match tag {
            Tag::Outside => {
                open = false;
                continue;
            }
            Tag::Begin(kind) | Tag::Single(kind) => (kind, false),
            Tag::Inside(kind) | Tag::End(kind) => (kind, true),
        };
        match spans.last_mut() {
            Some(span) if open && continues && span.kind == *kind => {
                span.words.end = index + 1;
                span.score += probability;
            }
            _ => spans.push(WordSpan {
                words: index..index + 1,
                kind: kind.clone(),
                score: probability,
            }),
        }
        open = !matches!(tag, Tag::End(_) | Tag::Single(_));
    }
    for span in &mut spans {
        span.score /= span.words.len() as f32;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(labels: &str) -> Vec<(usize, usize, String)> {
        let entity: Arc<str> = "Disease".into();
        let tags: Vec<Tag> = labels.split(' ').map(|label| Tag::parse(label, &entity)).collect();
        let spans = spans(tags.iter().map(|tag| (tag, 1.0)));
        spans.into_iter().map(|s| (s.words.start, s.words.end, s.kind.to_string())).collect()
    }

    fn want(spans: &[(usize, usize, &str)]) -> Vec<(usize, usize, String)> {
        spans.iter().map(|&(start, end, kind)| (start, end, kind.into())).collect()
    }

    #[test]
    fn plain_labels_merge() {
        assert_eq!(
            merged("O B I O B B I"),
            want(&[(1, 3, "Disease"), (4, 5, "Disease"), (5, 7, "Disease")])
        );
        assert_eq!(merged("I I O I"), want(&[(0, 2, "Disease"), (3, 4, "Disease")]));
        assert_eq!(merged("O O"), want(&[]));
    }

    #[test]
    fn typed_labels_merge_within_their_kind() {
        let got = merged("B-Chemical I-Chemical I-Disease B-Disease I-Chemical");
        let spans = [(0, 2, "Chemical"), (2, 3, "Disease"), (3, 4, "Disease"), (4, 5, "Chemical")];
        assert_eq!(got, want(&spans));
    }

    #[test]
    fn other_schemes_and_special_labels_are_understood() {
        assert_eq!(merged("S-Gene B-Gene I-Gene E-Gene"), want(&[(0, 1, "Gene"), (1, 4, "Gene")]));
        assert_eq!(merged("S-Gene I-Gene E-Gene I-Gene").len(), 3);
        assert_eq!(merged("X [CLS] B-bio [SEP] [PAD]"), want(&[(2, 3, "bio")]));
        assert_eq!(merged("Drug Drug O Drug"), want(&[(0, 2, "Drug"), (3, 4, "Drug")]));
    }

    #[test]
    fn a_score_is_the_mean_of_its_words() {
        let entity: Arc<str> = "Gene".into();
        let (b, i) = (Tag::parse("B", &entity), Tag::parse("I", &entity));
        let got = spans([(&b, 0.5), (&i, 1.0), (&b, 0.25)].into_iter());
        assert_eq!(got.iter().map(|span| span.score).collect::<Vec<_>>(), [0.75, 0.25]);
    }
}

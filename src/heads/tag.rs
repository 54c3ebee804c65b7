//! What a label of a word says: plain `B`, `I`, `O` and typed ones such as `B-Chemical`.

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

//! Sentences with two entities and how they are related.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use serde::Serialize;

use crate::data::{check_text, label, place};
use crate::error::{Error, Result};
use crate::sentence::sentences;
use crate::tasks::Masks;
use crate::text::{Input, OffsetUnit};

/// A sentence whose two entities are masked, with the label of the pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    /// The sentence; a mask stands in each entity's place.
    pub(crate) text: String,
    /// Bytes of the masks; the same for both where one mask stands for two entities that overlap.
    pub(crate) places: [Range<usize>; 2],
    pub(crate) label: String,
    /// A number for the text before it was masked, which pairs of one text share.
    #[serde(skip)]
    pub(crate) document: u64,
}

impl Pair {
    /// A pair of a text: `places` are the first and the second entity, half-open. As when the head is
    /// used, the sentence with the two is read, and the two as their masks.
    ///
    /// # Errors
    /// [`Error::Argument`] for impossible places or an empty label; [`Error::Encoding`].
    pub fn new(
        document: Input<'_>,
        unit: OffsetUnit,
        places: [Range<usize>; 2],
        masks: &[String; 2],
        class: &str,
    ) -> Result<Pair> {
        let text = check_text(document)?;
        let [first, second] = places;
        let offsets = text.offsets(unit);
        let first = place(&text, &offsets, first, "the first entity")?;
        let second = place(&text, &offsets, second, "the second entity")?;
        let cut = sentences(text.as_str());
        Pair::of(text.as_str(), number(text.as_str()), &cut, [first, second], masks, class)
    }

    /// A pair of a text with its [number] and its sentences, by its bytes.
    pub(super) fn of(
        text: &str,
        document: u64,
        cut: &[Range<usize>],
        [first, second]: [Range<usize>; 2],
        masks: &[String; 2],
        class: &str,
    ) -> Result<Pair> {
        let label = label(class, "the pair")?;
        let (from, to) = (first.start.min(second.start), first.end.max(second.end));
        let start = cut.iter().rev().find(|sentence| sentence.start <= from);
        let end = cut.iter().find(|sentence| sentence.end >= to);
        let start = start.map_or(0, |sentence| sentence.start);
        let end = end.map_or(text.len(), |sentence| sentence.end);
        let masked = Masks::new(Some(masks)).apply(text, &(start..end), [&first, &second]);
        Ok(Pair { text: masked.text, places: masked.places, label, document })
    }

    /// A sentence in which the masks stand already, as in BioBERT's files; of a mask that stands
    /// there several times, the first.
    ///
    /// # Errors
    /// [`Error::Argument`] where a mask is not there or the label is empty; [`Error::Encoding`].
    pub fn masked(sentence: Input<'_>, masks: &[String; 2], class: &str) -> Result<Pair> {
        let text = check_text(sentence)?;
        let places = Masks::new(Some(masks)).find(text.as_str()).ok_or_else(|| {
            Error::Argument(format!("the sentence does not hold {} and {}", masks[0], masks[1]))
        })?;
        let (text, document) = (text.as_str().to_string(), number(text.as_str()));
        Ok(Pair { text, places, label: label(class, "the pair")?, document })
    }
}

/// A number for a text, the same for the same text.
pub(super) fn number(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

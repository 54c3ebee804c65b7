//! A sentence with its pair masked, as pieces for a sequence.

use std::ops::Range;

use crate::engine::Control;
use crate::error::Result;
use crate::model::Model;
use crate::model::head::Head;
use crate::tasks::read::Reading;

/// What stands in for the two entities of a pair.
pub(super) struct Masks<'a> {
    separate: [&'a str; 2],
    /// For two entities that overlap: one mask for both.
    joint: String,
}

impl<'a> Masks<'a> {
    pub(super) fn new(head: &'a Head) -> Masks<'a> {
        let default = ["@ENTITY1$", "@ENTITY2$"];
        let separate = head.spec.mask.as_ref().map_or(default, |[a, b]| [a.as_str(), b.as_str()]);
        // ChemProt's form, as BioBERT and BLURB read it: `@CHEM-GENE$` for `@CHEMICAL$` and `@GENE$`.
        let name = |mask: &str| {
            let name = mask.trim_start_matches('@').trim_end_matches('$');
            if name == "CHEMICAL" { "CHEM".to_string() } else { name.to_string() }
        };
        let joint = format!("@{}-{}$", name(separate[0]), name(separate[1]));
        Masks { separate, joint }
    }

    /// A sentence with a pair masked. Entities that overlap become one mask.
    pub(super) fn apply(
        &self,
        text: &str,
        sentence: &Range<usize>,
        pair: [&Range<usize>; 2],
    ) -> Masked {
        let [first, second] = pair;
        let mut masked = String::with_capacity(sentence.len() + 32);
        if first.start < second.end && second.start < first.end {
            let (start, end) = (first.start.min(second.start), first.end.max(second.end));
            masked.push_str(&text[sentence.start..start]);
            let from = masked.len();
            masked.push_str(&self.joint);
            let to = masked.len();
            masked.push_str(&text[end..sentence.end.max(end)]);
            return Masked { text: masked, pair: from..to };
        }
        let mut places = [(first, self.separate[0]), (second, self.separate[1])];
        places.sort_by_key(|(place, _)| place.start);
        let [(left, left_mask), (right, right_mask)] = places;
        masked.push_str(&text[sentence.start..left.start]);
        let from = masked.len();
        masked.push_str(left_mask);
        masked.push_str(&text[left.end..right.start]);
        masked.push_str(right_mask);
        let to = masked.len();
        masked.push_str(&text[right.end..sentence.end.max(right.end)]);
        Masked { text: masked, pair: from..to }
    }
}

/// A sentence with a masked pair.
#[derive(Debug, PartialEq)]
pub(super) struct Masked {
    text: String,
    /// From the first mask to the end of the second.
    pair: Range<usize>,
}

/// How a masked sentence goes into a sequence.
pub(super) enum Fit {
    Whole(Vec<u32>),
    /// A part around the pair.
    Part(Vec<u32>),
    TooFar,
}

impl Masked {
    pub(super) fn pieces(&self, model: &Model, capacity: usize, control: &Control) -> Result<Fit> {
        let pieces = model.tokenizer().pieces(&self.text, || control.check())?;
        let len = pieces.len();
        if len <= capacity {
            return Ok(Fit::Whole(pieces.ids));
        }
        let before = |byte: usize| pieces.spans.partition_point(|span| (span.0 as usize) < byte);
        let (from, to) = (before(self.pair.start), before(self.pair.end));
        if to - from > capacity {
            return Ok(Fit::TooFar);
        }
        // As much on the left as on the right of the pair, where there is as much.
        let start = (from + to).saturating_sub(capacity) / 2;
        let start = start.min(len - capacity);
        Ok(Fit::Part(pieces.ids[start..start + capacity].to_vec()))
    }
}

/// The part of a sentence that a sequence may hold of a pair's surroundings: as many pieces on each
/// side as the sequence has in all. It is short whatever the sentence's length; `None` where the two
/// entities are too far apart.
pub(super) fn stretch(
    reading: &Reading<'_>,
    sentence: &Range<usize>,
    pair: [&Range<usize>; 2],
    capacity: usize,
) -> Option<Range<usize>> {
    let [first, second] = pair;
    let (left, right) = if first.start <= second.start { (first, second) } else { (second, first) };
    let between = reading.piece_at(right.start).saturating_sub(reading.piece_at(left.end));
    if between > capacity {
        return None;
    }
    let pieces = &reading.pieces;
    let own = reading.piece_at(sentence.start)..reading.piece_at(sentence.end);
    let byte = |piece: usize| pieces.spans[piece].0 as usize;
    // Cuts lie where words start: inside of a word they would change its pieces.
    let before = reading.piece_at(left.start).saturating_sub(capacity);
    let from = (own.start..=before).rev().find(|&piece| pieces.starts_word[piece]);
    let behind = reading.piece_at(left.end.max(right.end)) + capacity;
    let to = (behind..own.end).find(|&piece| pieces.starts_word[piece]);
    let start = from.filter(|&from| from > own.start).map_or(sentence.start, byte);
    Some(start..to.map_or(sentence.end, byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masks() -> Masks<'static> {
        Masks { separate: ["@CHEMICAL$", "@GENE$"], joint: "@CHEM-GENE$".into() }
    }

    #[test]
    fn a_pair_is_masked_in_either_order() {
        let text = "No. Aspirin blocks COX1 well. End.";
        let sentence = 4..29;
        let (drug, gene) = (4..11, 19..23);
        let masked = masks().apply(text, &sentence, [&drug, &gene]);
        assert_eq!(masked.text, "@CHEMICAL$ blocks @GENE$ well.");
        assert_eq!(&masked.text[masked.pair], "@CHEMICAL$ blocks @GENE$");
        let masked = masks().apply(text, &sentence, [&gene, &drug]);
        assert_eq!(masked.text, "@GENE$ blocks @CHEMICAL$ well.");
    }

    #[test]
    fn entities_that_nest_or_overlap_become_one_mask() {
        let text = "An estrogen receptor alpha drug.";
        for (chemical, gene) in [(3..11, 3..26), (3..20, 12..26), (3..26, 3..26)] {
            let masked = masks().apply(text, &(0..32), [&chemical, &gene]);
            assert_eq!(masked.text, "An @CHEM-GENE$ drug.");
        }
        // Side by side is not overlapping.
        let masked = masks().apply("ab", &(0..2), [&(0..1), &(1..2)]);
        assert_eq!(masked.text, "@CHEMICAL$@GENE$");
    }
}

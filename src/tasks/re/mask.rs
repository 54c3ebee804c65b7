//! A sentence with its pair masked, as pieces for a sequence.

use std::ops::Range;

use crate::engine::Control;
use crate::error::Result;
use crate::model::Model;
use crate::tasks::read::Reading;

/// What stands in for the two entities of a pair.
pub(crate) struct Masks<'a> {
    separate: [&'a str; 2],
    /// For two entities that overlap: one mask for both.
    joint: String,
}

impl<'a> Masks<'a> {
    /// The masks of a head that has none of its own.
    pub(crate) const PLAIN: [&'static str; 2] = ["@ENTITY1$", "@ENTITY2$"];

    /// A head's own, or the plain ones.
    pub(crate) fn new(own: Option<&'a [String; 2]>) -> Masks<'a> {
        let separate = own.map_or(Self::PLAIN, |[a, b]| [a.as_str(), b.as_str()]);
        // ChemProt's form, as BioBERT and BLURB read it: `@CHEM-GENE$` for `@CHEMICAL$` and `@GENE$`.
        let name = |mask: &str| {
            let name = mask.trim_start_matches('@').trim_end_matches('$');
            if name == "CHEMICAL" { "CHEM".to_string() } else { name.to_string() }
        };
        let joint = format!("@{}-{}$", name(separate[0]), name(separate[1]));
        Masks { separate, joint }
    }

    /// A sentence with a pair masked. Entities that overlap become one mask.
    pub(crate) fn apply(
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
            return Masked { text: masked, places: [from..to, from..to] };
        }
        let mut places = [(first, self.separate[0]), (second, self.separate[1])];
        places.sort_by_key(|(place, _)| place.start);
        let [(left, left_mask), (right, right_mask)] = places;
        masked.push_str(&text[sentence.start..left.start]);
        let left_place = masked.len()..masked.len() + left_mask.len();
        masked.push_str(left_mask);
        masked.push_str(&text[left.end..right.start]);
        let right_place = masked.len()..masked.len() + right_mask.len();
        masked.push_str(right_mask);
        masked.push_str(&text[right.end..sentence.end.max(right.end)]);
        let in_order = first.start <= second.start;
        let places = if in_order { [left_place, right_place] } else { [right_place, left_place] };
        Masked { text: masked, places }
    }

    /// Where the masks stand in a text that has them already; one for both where the joint one does.
    pub(crate) fn find(&self, text: &str) -> Option<[Range<usize>; 2]> {
        let place = |mask: &str| text.find(mask).map(|start| start..start + mask.len());
        let [first, second] = self.separate;
        let second = match first == second {
            true => place(first).and_then(|place| {
                let rest = text[place.end..].find(second)? + place.end;
                Some(rest..rest + second.len())
            }),
            false => place(second),
        };
        match (place(first), second) {
            (Some(first), Some(second)) => Some([first, second]),
            _ => place(&self.joint).map(|joint| [joint.clone(), joint]),
        }
    }
}

/// A sentence with a masked pair.
#[derive(Debug, PartialEq)]
pub(crate) struct Masked {
    pub(crate) text: String,
    /// Bytes of the masks of the first entity and of the second.
    pub(crate) places: [Range<usize>; 2],
}

/// A masked sentence as a sequence's pieces.
pub(crate) struct MaskedPieces {
    pub(crate) ids: Vec<u32>,
    /// The pieces of the two masks.
    pub(crate) places: [Range<usize>; 2],
    /// Whether these are all pieces of the sentence, or those around the pair.
    pub(crate) whole: bool,
}

impl Masked {
    /// The pieces, `capacity` at most; `None` where the two are too far apart.
    pub(crate) fn pieces(
        &self,
        model: &Model,
        capacity: usize,
        control: &Control,
    ) -> Result<Option<MaskedPieces>> {
        let pieces = model.tokenizer().pieces(&self.text, || control.check())?;
        let places = self.places.clone().map(|place| pieces.at(place.start)..pieces.at(place.end));
        let len = pieces.len();
        if len <= capacity {
            return Ok(Some(MaskedPieces { ids: pieces.ids, places, whole: true }));
        }
        let from = places[0].start.min(places[1].start);
        let to = places[0].end.max(places[1].end);
        if to - from > capacity {
            return Ok(None);
        }
        // As much on the left as on the right of the pair, where there is as much.
        let start = (from + to).saturating_sub(capacity) / 2;
        let start = start.min(len - capacity);
        let ids = pieces.ids[start..start + capacity].to_vec();
        let places = places.map(|place| place.start - start..place.end - start);
        Ok(Some(MaskedPieces { ids, places, whole: false }))
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
    let between = reading.pieces.at(right.start).saturating_sub(reading.pieces.at(left.end));
    if between > capacity {
        return None;
    }
    let pieces = &reading.pieces;
    let own = reading.pieces.at(sentence.start)..reading.pieces.at(sentence.end);
    let byte = |piece: usize| pieces.spans[piece].0 as usize;
    // Cuts lie where words start: inside of a word they would change its pieces.
    let before = reading.pieces.at(left.start).saturating_sub(capacity);
    let from = (own.start..=before).rev().find(|&piece| pieces.starts_word[piece]);
    let after = reading.pieces.at(left.end.max(right.end)) + capacity;
    let to = (after..own.end).find(|&piece| pieces.starts_word[piece]);
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
        let [drug_mask, gene_mask] = masked.places;
        assert_eq!(&masked.text[drug_mask], "@CHEMICAL$");
        assert_eq!(&masked.text[gene_mask], "@GENE$");
        let masked = masks().apply(text, &sentence, [&gene, &drug]);
        assert_eq!(masked.text, "@GENE$ blocks @CHEMICAL$ well.");
        assert_eq!(masks().find(&masked.text), Some(masked.places));
    }

    #[test]
    fn masks_that_stand_there_are_found() {
        assert_eq!(masks().find("The @CHEM-GENE$ drug."), Some([4..15, 4..15]));
        assert_eq!(masks().find("No @GENE$ alone."), None);
        let same = Masks { separate: ["@X$", "@X$"], joint: "@X-X$".into() };
        assert_eq!(same.find("@X$ and @X$"), Some([0..3, 8..11]));
        assert_eq!(same.find("@X$ alone"), None);
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

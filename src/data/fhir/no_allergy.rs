//! "NKDA" and "no known drug allergies": no condition, and no allergy.

use super::note::Note;
use crate::document::{AssertionValue, Entity};

/// What says by itself that no allergies are known, in small letters.
const NONE: [&str; 5] = ["nka", "nkda", "nkfa", "nkma", "no known"];

/// What may stand before "allergies" where all of a kind are meant.
const KINDS: [&str; 9] = [
    "any",
    "drug",
    "environmental",
    "food",
    "known",
    "medication",
    "medicine",
    "other",
    "significant",
];

/// Whether an entity says that there are no allergies, to nothing in particular.
pub(super) fn says_so(note: &Note<'_>, entity: &Entity) -> bool {
    let words = note.mention(entity).unwrap_or_default().to_lowercase();
    let plain = words.trim_matches(|c: char| !c.is_alphanumeric());
    let Some(("", rest)) = NONE.iter().find_map(|none| plain.split_once(none)) else {
        let is_absent = entity.value() == Some(AssertionValue::Absent);
        return is_absent && is_of_all(plain);
    };
    rest.is_empty() || is_of_all(rest.trim())
}

fn is_of_all(words: &str) -> bool {
    let mut words = words.split_whitespace().rev();
    matches!(words.next(), Some("allergy" | "allergies")) && words.all(|word| KINDS.contains(&word))
}

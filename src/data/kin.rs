//! Whether what a text denies is denied of the family: "No family history of stroke" says nothing about the
//! patient, though the cue denies.

use crate::document::{AssertionCategory, AssertionValue, Document, Entity};

/// Words of cues in small letters.
const FAMILY: [&str; 8] = ["family", "families", "familial", "fam", "fhx", "fmh", "fmhx", "famhx"];

/// The category of an entity's assertion; `family` where what is absent is absent from the family.
pub(super) fn category(document: &Document, entity: &Entity) -> Option<AssertionCategory> {
    let said = entity.assertion.as_ref()?;
    let section = entity.section.and_then(|index| document.sections.get(index));
    let in_section = section.is_some_and(|section| section.name == "family_history");
    let cue = said.cue.as_ref().map_or("", |cue| &document.text[cue.clone()]).to_lowercase();
    let in_cue = cue.split(|c: char| !c.is_alphanumeric()).any(|word| FAMILY.contains(&word));
    if said.value == AssertionValue::Absent && (in_section || in_cue) {
        return Some(AssertionCategory::Family);
    }
    said.category
}

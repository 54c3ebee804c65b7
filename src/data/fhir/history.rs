//! What a history lists: "history of asthma" says that there was one, and like a heading leaves open whether there is.

use super::note::Note;
use crate::data::kin;
use crate::document::{AssertionCategory as Why, Entity};

/// Words of cues that only list, in small letters.
const LISTS: [&str; 8] = ["history", "hx", "hist", "pmh", "pmhx", "psh", "pshx", "phx"];

/// The category of an entity's assertion; `section` where the words say no more than a heading would.
pub(super) fn category(note: &Note<'_>, entity: &Entity) -> Option<Why> {
    let why = kin::category(note.document, entity);
    if why != Some(Why::Past) {
        return why;
    }
    let cue = entity.assertion.as_ref().and_then(|said| said.cue.as_ref());
    let cue = cue.and_then(|cue| note.words(cue)).unwrap_or_default().to_lowercase();
    let is_list = |word: &str| LISTS.contains(&word);
    // "Diabetes 2010" says since when as often as until when.
    let is_year = !cue.is_empty() && !cue.contains(char::is_alphabetic);
    let lists = cue == "h/o" || is_year || cue.split(|c: char| !c.is_alphabetic()).any(is_list);
    if lists { Some(Why::Section) } else { why }
}

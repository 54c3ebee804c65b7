//! Who has it, if not the patient: a relative by the word of the cue, as HL7's RoleCode names relatives.

use serde_json::{Value, json};

use super::note::Note;
use crate::document::Entity;

/// Words, singular, with the code of RoleCode and what it is called there.
const RELATIVES: [(&[&str], &str, &str); 30] = [
    (&["mother", "mom", "mum"], "MTH", "mother"),
    (&["father", "dad"], "FTH", "father"),
    (&["parent"], "PRN", "parent"),
    (&["brother", "bro"], "BRO", "brother"),
    (&["sister", "sis"], "SIS", "sister"),
    (&["sibling", "sib"], "SIB", "sibling"),
    (&["twin"], "TWIN", "twin"),
    (&["son"], "SONC", "son"),
    (&["daughter", "dtr"], "DAUC", "daughter"),
    (
        &["child", "children", "kid", "baby", "newborn", "infant", "fetus", "foetus"],
        "CHILD",
        "child",
    ),
    (&["grandmother", "grandma", "gm"], "GRMTH", "grandmother"),
    (&["grandfather", "grandpa", "gf"], "GRFTH", "grandfather"),
    (&["mgm"], "MGRMTH", "maternal grandmother"),
    (&["mgf"], "MGRFTH", "maternal grandfather"),
    (&["pgm"], "PGRMTH", "paternal grandmother"),
    (&["pgf"], "PGRFTH", "paternal grandfather"),
    (&["grandparent"], "GRPRN", "grandparent"),
    (&["grandson"], "GRNDSON", "grandson"),
    (&["granddaughter"], "GRNDDAU", "granddaughter"),
    (&["grandchild", "grandchildren"], "GRNDCHILD", "grandchild"),
    (&["aunt"], "AUNT", "aunt"),
    (&["uncle"], "UNCLE", "uncle"),
    (&["cousin"], "COUSN", "cousin"),
    (&["niece"], "NIECE", "niece"),
    (&["nephew"], "NEPHEW", "nephew"),
    (&["wife"], "WIFE", "wife"),
    (&["husband"], "HUSB", "husband"),
    (&["spouse"], "SPS", "spouse"),
    (&["stepmother"], "STPMTH", "stepmother"),
    (&["stepfather"], "STPFTH", "stepfather"),
];

/// A relative's code, the code that takes its place, and what that is called.
type Relative = (&'static str, &'static str, &'static str);

/// What a word of the side of the family makes of a relative.
const SIDES: [(&[&str], [Relative; 5]); 2] = [
    (
        &["maternal", "mat"],
        [
            ("GRMTH", "MGRMTH", "maternal grandmother"),
            ("GRFTH", "MGRFTH", "maternal grandfather"),
            ("AUNT", "MAUNT", "maternal aunt"),
            ("UNCLE", "MUNCLE", "maternal uncle"),
            ("COUSN", "MCOUSN", "maternal cousin"),
        ],
    ),
    (
        &["paternal", "pat"],
        [
            ("GRMTH", "PGRMTH", "paternal grandmother"),
            ("GRFTH", "PGRFTH", "paternal grandfather"),
            ("AUNT", "PAUNT", "paternal aunt"),
            ("UNCLE", "PUNCLE", "paternal uncle"),
            ("COUSN", "PCOUSN", "paternal cousin"),
        ],
    ),
];

/// People who are no family.
const STRANGERS: [&str; 21] = [
    "roommate",
    "housemate",
    "girlfriend",
    "boyfriend",
    "friend",
    "friends",
    "coworker",
    "coworkers",
    "classmate",
    "classmates",
    "colleague",
    "donor",
    "contact",
    "contacts",
    "buddy",
    "boss",
    "fiance",
    "fiancee",
    "partner",
    "neighbor",
    "neighbour",
];

/// The relationship of whose an entity is; `None` of people who are no family.
pub(super) fn relative(note: &Note<'_>, entity: &Entity) -> Option<Value> {
    let cue = entity.assertion.as_ref().and_then(|said| said.cue.as_ref());
    let words = cue.and_then(|cue| note.words(cue));
    let lower = words.as_deref().unwrap_or("").to_lowercase();
    let parts: Vec<_> = lower.split(|c: char| !c.is_alphabetic()).collect();
    let has = |names: &[&str]| parts.iter().any(|part| names.contains(part) || plural(part, names));
    if has(&STRANGERS) {
        return None;
    }
    let found = RELATIVES.iter().find(|(names, _, _)| has(names));
    let (code, display) =
        found.map_or(("FAMMEMB", "family member"), |(_, code, name)| (*code, *name));
    let side = SIDES.iter().find(|(names, _)| has(names));
    let on_side = side.and_then(|(_, codes)| codes.iter().find(|(own, _, _)| *own == code));
    let (code, display) = on_side.map_or((code, display), |(_, code, name)| (*code, *name));
    let mut relationship = json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
        "code": code,
        "display": display,
    }] });
    if let Some(words) = words {
        relationship["text"] = json!(words);
    }
    Some(relationship)
}

/// Whether a word is the plural of one of some names.
fn plural(word: &str, names: &[&str]) -> bool {
    word.strip_suffix('s').is_some_and(|one| names.contains(&one))
}

//! Spans that heads mark and that are no finding of a note: words for people, which articles count among the
//! species, words that only say that something is not there, marks without any word, and names of teams,
//! places and protocols.

use std::ops::Range;

/// In small letters.
const PERSONS: &[&str] = &[
    "adult",
    "adults",
    "babies",
    "baby",
    "boy",
    "child",
    "children",
    "father",
    "female",
    "gentleman",
    "girl",
    "human",
    "humans",
    "infant",
    "infants",
    "lady",
    "male",
    "man",
    "men",
    "mother",
    "participants",
    "patient",
    "patients",
    "people",
    "person",
    "persons",
    "pt",
    "pts",
    "woman",
    "women",
];

/// In small letters.
const CUES: &[&str] = &[
    "absent",
    "denied",
    "denies",
    "don",
    "negative",
    "no",
    "none",
    "non-reactive",
    "nonreactive",
    "not",
    "reactive",
    "prn",
    "nka",
    "nkda",
    "nkfa",
    "nkma",
];

/// What teams and places are called after a problem or a procedure, in small letters: "stroke team".
const PLACES: &[&str] = &[
    "association",
    "board",
    "center",
    "centers",
    "centre",
    "centres",
    "clinic",
    "clinics",
    "department",
    "foundation",
    "institute",
    "nurse",
    "service",
    "society",
    "specialist",
    "team",
    "teams",
    "ward",
];

/// What is done against a problem or in view of one, whether or not the patient has it: "sepsis protocol".
const PLANS: &[&str] = &[
    "alert",
    "bundle",
    "hotline",
    "pathway",
    "ppx",
    "prophylaxis",
    "protocol",
    "protocols",
    "screening",
    "unit",
];

/// Pieces of shorthand, each a letter of "d/c", "n/v" or "don't", in small letters: a letter in capitals may
/// be a vitamin or a potassium.
const PIECES: &[&str] = &["c", "d", "n", "t", "v"];

/// The patient's daughter; in capitals, reflexes.
const DAUGHTER: &[&str] = &["Dtr", "dtr"];

/// Whether a span that was marked is no finding.
pub(crate) fn is_no_finding(label: &str, words: &str) -> bool {
    let words = words.trim_matches(['-', '/', '.', '(', ')']);
    let is_in = |list: &[&str]| list.iter().any(|word| words.eq_ignore_ascii_case(word));
    !words.contains(char::is_alphanumeric)
        || is_in(CUES)
        || PIECES.contains(&words)
        || is_known_allergies(words)
        || DAUGHTER.contains(&words)
        || label.eq_ignore_ascii_case("species") && is_in(PERSONS)
}

/// "Known drug allergies": a list of them, or none.
fn is_known_allergies(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    words.starts_with("known ") && words.ends_with("allergies")
}

/// Whether a span is part of the name of a team, a place or a protocol, by the word after it.
pub(crate) fn is_name(label: &str, text: &str, bytes: &Range<usize>) -> bool {
    let after = text.get(bytes.end..).and_then(|after| after.strip_prefix([' ', '-']));
    let end = |c: char| !c.is_alphanumeric();
    // "Code stroke" calls a team.
    let before = text.get(..bytes.start).unwrap_or_default().trim_end_matches(' ');
    let called = ["Code", "CODE", "code"].iter().any(|code| before.ends_with(code))
        && text.get(bytes.clone()).is_some_and(|words| words.eq_ignore_ascii_case("stroke"));
    let word = after.and_then(|after| after.split(end).next()).unwrap_or_default();
    let is_in = |list: &[&str]| list.iter().any(|name| word.eq_ignore_ascii_case(name));
    match label {
        "Problem" | "Disease" => called || is_in(PLACES) || is_in(PLANS),
        "Procedure" => {
            is_in(PLACES)
                || ["prophylaxis", "ppx"].iter().any(|name| word.eq_ignore_ascii_case(name))
        }
        "Drug" | "Chemical" => word.eq_ignore_ascii_case("clinic"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_teams_and_protocols_are_no_findings() {
        let is = |label: &str, marked: &str| {
            let (before, rest) = marked.split_once('[').unwrap();
            let (words, after) = rest.split_once(']').unwrap();
            let place = before.len()..before.len() + words.len();
            is_name(label, &[before, words, after].concat(), &place)
        };
        for name in [
            "[Stroke] team was called",
            "the [diabetes] clinic",
            "[cancer] center",
            "[sepsis] protocol",
            "[DVT] prophylaxis",
            "rule-out [MI] protocol",
            "[Stroke] Team",
            "[burn] unit.",
            "[stroke]-team",
            "Code [Stroke]",
            "[Sepsis] alert called",
            "[Diabetes] screening",
            "[Tumor] board",
        ] {
            assert!(is("Problem", name), "{name}");
        }
        for finding in [
            "[stroke]",
            "[Stroke]. Team was called",
            "[stroke], clinic visit",
            "[diabetes] clinically stable",
            "[pain] in the center",
            "[sepsis]\nprotocol",
            "[cancer] centered on the lung",
            "[stroke]  team",
            "Code status: full. [Stroke]",
            "[diabetes] screened",
        ] {
            assert!(!is("Problem", finding), "{finding}");
        }
        assert!(is("Procedure", "[DVT] prophylaxis") && is("Drug", "[warfarin] clinic"));
        assert!(!is("Drug", "[heparin] protocol") && !is("Procedure", "[transfusion] 1 unit"));
        assert!(!is("Drug", "[antibiotic] prophylaxis") && !is("Test", "[CT] center"));
    }

    #[test]
    fn no_known_allergies_is_no_finding() {
        assert!(is_no_finding("Problem", "NKDA") && is_no_finding("Drug", "nka"));
        assert!(is_no_finding("Problem", "known allergies"));
        assert!(!is_no_finding("Problem", "drug allergies"));
    }

    #[test]
    fn the_patient_is_no_species_and_a_virus_is() {
        assert!(is_no_finding("Species", "Patients"));
        assert!(!is_no_finding("Species", "hepatitis C virus"));
        assert!(!is_no_finding("Problem", "patient"));
    }

    #[test]
    fn pieces_of_shorthand_are_no_findings() {
        for words in ["d", "/c", "n", "v", "prn", "PRN", "don", "t", "Dtr"] {
            assert!(is_no_finding("Drug", words), "{words}");
        }
        for words in ["K", "D", "DTR", "N/V"] {
            assert!(!is_no_finding("Problem", words), "{words}");
        }
    }

    #[test]
    fn absent_is_no_finding_and_absent_peristalsis_is() {
        assert!(is_no_finding("Problem", "Absent"));
        assert!(is_no_finding("Problem", "-reactive"));
        assert!(!is_no_finding("Problem", "absent peristalsis"));
        assert!(is_no_finding("Test", "-"));
    }
}

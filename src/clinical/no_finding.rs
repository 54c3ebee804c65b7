//! Spans that heads mark and that are no finding of a note: words for people, which articles count among the
//! species, words that only say that something is not there, and marks without any word.

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
        || DAUGHTER.contains(&words)
        || label.eq_ignore_ascii_case("species") && is_in(PERSONS)
}

#[cfg(test)]
mod tests {
    use super::*;

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

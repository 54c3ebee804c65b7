//! Words for people. A head for species learnt from articles, where "patients" are one; in a note the
//! patient is no finding.

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

/// Whether an entity is no more than a word for people that was taken for a species.
pub(crate) fn is_person(label: &str, words: &str) -> bool {
    label.eq_ignore_ascii_case("species")
        && PERSONS.iter().any(|person| words.eq_ignore_ascii_case(person))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_patient_is_no_species_and_a_virus_is() {
        assert!(is_person("Species", "Patients"));
        assert!(!is_person("Species", "hepatitis C virus"));
        assert!(!is_person("Problem", "patient"));
    }
}

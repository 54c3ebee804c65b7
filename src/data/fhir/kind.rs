//! What the labels of entities mean to FHIR.

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A disease, a symptom, a finding.
    Problem,
    Drug,
    Test,
    Procedure,
    /// What FHIR has no statement about a patient for; by the name under which it is counted.
    Other(&'static str),
}

/// Labels in small letters, as the heads of this library and the usual corpora have them.
const PROBLEMS: [&str; 11] = [
    "problem",
    "disease",
    "disorder",
    "condition",
    "diagnosis",
    "finding",
    "symptom",
    "sign",
    "sign_or_symptom",
    "phenotype",
    "ade",
];
const DRUGS: [&str; 5] = ["drug", "chemical", "medication", "medicine", "substance"];
const TESTS: [&str; 5] = ["test", "lab", "laboratory", "measurement", "vital_sign"];
const PROCEDURES: [&str; 3] = ["procedure", "surgery", "operation"];
const OTHERS: [(&str, &str); 9] = [
    ("gene", "genes"),
    ("protein", "genes"),
    ("geneorgeneproduct", "genes"),
    ("species", "species"),
    ("organism", "species"),
    ("anatomy", "anatomy"),
    ("variant", "variants"),
    ("mutation", "variants"),
    ("cellline", "cell lines"),
];

impl Kind {
    /// The kind of a label.
    pub(super) fn of(label: &str) -> Kind {
        let label = label.trim().to_ascii_lowercase();
        let is_in = |labels: &[&str]| labels.contains(&label.as_str());
        let other = || OTHERS.iter().find(|(own, _)| *own == label).map(|(_, name)| *name);
        match () {
            () if is_in(&PROBLEMS) => Kind::Problem,
            () if is_in(&DRUGS) => Kind::Drug,
            () if is_in(&TESTS) => Kind::Test,
            () if is_in(&PROCEDURES) => Kind::Procedure,
            () => Kind::Other(other().unwrap_or("entities of other kinds")),
        }
    }
}

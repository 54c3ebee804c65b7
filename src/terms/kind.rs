//! What a label or an index is about: so that a drug is not looked up among diseases.

/// What an entity or a concept is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Disorder,
    Substance,
    /// A test or a procedure, for which no index is made here.
    Deed,
}

/// Words of labels and of the names of indices.
const WORDS: [(&str, Kind); 22] = [
    ("disease", Kind::Disorder),
    ("disorder", Kind::Disorder),
    ("problem", Kind::Disorder),
    ("diagnos", Kind::Disorder),
    ("finding", Kind::Disorder),
    ("symptom", Kind::Disorder),
    ("condition", Kind::Disorder),
    ("phenotype", Kind::Disorder),
    ("icd", Kind::Disorder),
    ("hpo", Kind::Disorder),
    ("mondo", Kind::Disorder),
    ("doid", Kind::Disorder),
    ("chemical", Kind::Substance),
    ("drug", Kind::Substance),
    ("medication", Kind::Substance),
    ("medicine", Kind::Substance),
    ("substance", Kind::Substance),
    ("treatment", Kind::Substance),
    ("rxnorm", Kind::Substance),
    ("atc", Kind::Substance),
    ("drugbank", Kind::Substance),
    ("chebi", Kind::Substance),
];

impl Kind {
    /// What entities with a label are; `None`: the label does not say.
    pub(super) fn of_label(label: &str) -> Option<Kind> {
        let deed = ["test", "procedure"].iter().any(|deed| label.eq_ignore_ascii_case(deed));
        if deed { Some(Kind::Deed) } else { Kind::of_index(label) }
    }

    /// What the concepts of an index are; `None`: many things, or its name does not say.
    pub(super) fn of_index(name: &str) -> Option<Kind> {
        let starts = |word: &str| {
            name.as_bytes().windows(word.len()).enumerate().any(|(at, window)| {
                window.eq_ignore_ascii_case(word.as_bytes())
                    && !name.as_bytes()[..at].last().is_some_and(u8::is_ascii_alphabetic)
            })
        };
        let mut kinds = WORDS.iter().filter(|(word, _)| starts(word)).map(|&(_, kind)| kind);
        let first = kinds.next()?;
        kinds.all(|kind| kind == first).then_some(first)
    }
}

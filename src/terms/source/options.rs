//! What is wanted of a terminology's files.

use super::format::SourceFormat;
use crate::error::{Error, Result};

/// Which synonyms count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synonyms {
    /// Those that mean the same as the name: of scope `EXACT`.
    #[default]
    Exact,
    /// Broad, narrow and related ones too.
    All,
}

/// Which code a concept gets where its file has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeChoice {
    /// The file's own identifier: CUI, RXCUI, `concept_id`.
    Id,
    /// The code in the vocabulary that the name comes from: `CODE`, `concept_code`.
    Source,
}

/// What is wanted of a terminology's files. A filter that the format knows nothing of is refused.
#[derive(Debug, Clone, Default)]
pub struct SourceOptions {
    /// Vocabularies of RxNorm and UMLS files, by their `SAB`; if none, `RXNORM` of RxNorm, all of UMLS.
    pub sabs: Vec<String>,
    /// Term types of RxNorm and UMLS files, such as `IN`; if none, all.
    pub term_types: Vec<String>,
    /// Vocabularies of OMOP files, by their `vocabulary_id`; if none, all.
    pub vocabularies: Vec<String>,
    /// Of OMOP files only standard concepts.
    pub standard: bool,
    /// The language, as the format names it; if none, English: `ENG` of UMLS files, `en` of SNOMED CT,
    /// `4180186` of OMOP.
    pub language: Option<String>,
    /// Which synonyms of OBO files count; if none, exact ones.
    pub synonyms: Option<Synonyms>,
    /// Which code of RxNorm, UMLS and OMOP files; if none, RXCUI, CUI and `concept_code`.
    pub codes: Option<CodeChoice>,
}

impl SourceOptions {
    /// # Errors
    /// [`Error::Argument`] for what the format cannot be asked.
    pub(super) fn check(&self, format: SourceFormat) -> Result<()> {
        use SourceFormat::{Obo, Omop, RxNorm, Snomed, Umls};
        let asked: [(&str, bool, &[SourceFormat]); 7] = [
            ("sab", !self.sabs.is_empty(), &[RxNorm, Umls]),
            ("tty", !self.term_types.is_empty(), &[RxNorm, Umls]),
            ("vocabulary", !self.vocabularies.is_empty(), &[Omop]),
            ("standard", self.standard, &[Omop]),
            ("language", self.language.is_some(), &[RxNorm, Umls, Snomed, Omop]),
            ("synonyms", self.synonyms.is_some(), &[Obo]),
            ("codes", self.codes.is_some(), &[RxNorm, Umls, Omop]),
        ];
        for (name, is_asked, formats) in asked {
            if is_asked && !formats.contains(&format) {
                let reason =
                    format!("{} has nothing that {name} could choose from", format.title());
                return Err(Error::Argument(reason));
            }
        }
        Ok(())
    }
}

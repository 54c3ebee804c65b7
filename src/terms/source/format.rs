//! Formats of terminologies, by name.

/// A format that terminologies are published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceFormat {
    /// `id`, `name`, `synonym|synonym|…`, tab-separated.
    Tsv,
    /// OBO's stanzas: HPO, Mondo, the Disease Ontology.
    Obo,
    /// RxNorm's `RXNCONSO.RRF`.
    RxNorm,
    /// The UMLS Metathesaurus' `MRCONSO.RRF`.
    Umls,
    /// SNOMED CT's snapshots of concepts and descriptions, release format 2.
    Snomed,
    /// MeSH in XML: descriptors and supplementary records.
    MeshXml,
    /// MeSH in ASCII: descriptors and supplementary records.
    MeshAscii,
    /// The tabular list of ICD-10-CM in XML.
    Icd10cm,
    /// OMOP's `CONCEPT.csv` and `CONCEPT_SYNONYM.csv`, as Athena gives them.
    Omop,
}

/// Every format, what options call it, and what it is called in a sentence.
const NAMES: [(SourceFormat, &str, &str); 9] = [
    (SourceFormat::Tsv, "tsv", "a table of ids, names and synonyms"),
    (SourceFormat::Obo, "obo", "OBO"),
    (SourceFormat::RxNorm, "rxnorm", "RxNorm's RXNCONSO.RRF"),
    (SourceFormat::Umls, "umls", "the UMLS' MRCONSO.RRF"),
    (SourceFormat::Snomed, "snomed", "SNOMED CT's RF2"),
    (SourceFormat::MeshXml, "mesh-xml", "MeSH's XML"),
    (SourceFormat::MeshAscii, "mesh-ascii", "MeSH's ASCII"),
    (SourceFormat::Icd10cm, "icd10cm", "ICD-10-CM's XML"),
    (SourceFormat::Omop, "omop", "OMOP's CONCEPT.csv"),
];

impl SourceFormat {
    /// Every format.
    pub fn all() -> impl Iterator<Item = SourceFormat> {
        NAMES.into_iter().map(|(format, _, _)| format)
    }

    /// The format that options call by a name.
    pub fn named(name: &str) -> Option<SourceFormat> {
        SourceFormat::all().find(|format| format.name() == name)
    }

    /// What options call it.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// What it is called in a sentence.
    pub fn title(self) -> &'static str {
        NAMES[self as usize].2
    }

    /// What the system of its codes is called, where the format has one.
    pub fn system(self) -> Option<&'static str> {
        match self {
            SourceFormat::RxNorm => Some("RXNORM"),
            SourceFormat::Umls => Some("UMLS"),
            SourceFormat::Snomed => Some("SNOMEDCT"),
            SourceFormat::MeshXml | SourceFormat::MeshAscii => Some("MESH"),
            SourceFormat::Icd10cm => Some("ICD10CM"),
            SourceFormat::Tsv | SourceFormat::Obo | SourceFormat::Omop => None,
        }
    }
}

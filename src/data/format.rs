//! Formats of annotated files, by name.

use crate::data::content::Content;

/// A format of annotated files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A word and its tag a line, BIO, IOBES or BILOU; an empty line ends a sentence.
    Words,
    /// Tab-separated columns, the label last.
    Table,
    /// Tab-separated columns, the label first.
    LabelFirst,
    /// JSON lines as this library describes them and as its tool writes them.
    Lines,
    /// SQuAD's JSON.
    Squad,
    /// BioASQ's JSON, or JSON lines of its factoid questions: `question`, `contexts`, `gold`.
    Bioasq,
    /// doccano's JSON.
    Doccano,
    /// Prodigy's JSON lines.
    Prodigy,
    /// Label Studio's JSON.
    LabelStudio,
    /// spaCy's triples.
    Spacy,
    /// Lists of tokens and tags, as data sets for Hugging Face have them.
    HuggingFace,
    /// PubTator's text: title, abstract, a tab-separated line for each annotation.
    Pubtator,
    /// BioC's XML.
    BiocXml,
    /// BioC's JSON.
    BiocJson,
    /// BRAT's pairs of a text and its standoff annotations.
    Brat,
    /// A table of facts, comma-separated (RFC 4180).
    Csv,
    /// Bundles of FHIR R4; only written.
    Fhir,
    /// Rows of OMOP's table NOTE_NLP, comma-separated; only written.
    Omop,
    /// The texts of HL7 version 2 messages; only read.
    Hl7,
}

/// Every format, what options call it, and what it is called in a sentence.
const NAMES: [(Format, &str, &str); 19] = [
    (Format::Words, "words", "words and tags"),
    (Format::Table, "table", "a table with the label last"),
    (Format::LabelFirst, "label-first", "a table with the label first"),
    (Format::Lines, "jsonl", "JSON lines"),
    (Format::Squad, "squad", "SQuAD's JSON"),
    (Format::Bioasq, "bioasq", "BioASQ's questions"),
    (Format::Doccano, "doccano", "doccano's JSON"),
    (Format::Prodigy, "prodigy", "Prodigy's JSON lines"),
    (Format::LabelStudio, "label-studio", "Label Studio's JSON"),
    (Format::Spacy, "spacy", "spaCy's triples"),
    (Format::HuggingFace, "hugging-face", "lists of tokens and tags"),
    (Format::Pubtator, "pubtator", "PubTator"),
    (Format::BiocXml, "bioc-xml", "BioC's XML"),
    (Format::BiocJson, "bioc-json", "BioC's JSON"),
    (Format::Brat, "brat", "BRAT"),
    (Format::Csv, "csv", "a table of facts"),
    (Format::Fhir, "fhir", "FHIR R4"),
    (Format::Omop, "omop", "OMOP's NOTE_NLP"),
    (Format::Hl7, "hl7", "HL7 version 2"),
];

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Format> {
        NAMES.into_iter().map(|(format, _, _)| format)
    }

    /// The format that options call by a name.
    pub fn named(name: &str) -> Option<Format> {
        Format::all().find(|format| format.name() == name)
    }

    /// What options call it.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    /// Whether [`stream`](crate::data::stream) reads it.
    pub fn is_read(self) -> bool {
        use Format::{Doccano, HuggingFace, LabelStudio, Prodigy, Spacy};
        let tools = matches!(self, Doccano | Prodigy | LabelStudio | Spacy | HuggingFace);
        tools || (self.is_written() && !matches!(self, Format::Fhir | Format::Omop))
    }

    /// Whether there is a [`writer`](crate::data::writer) of it.
    pub fn is_written(self) -> bool {
        use Format::{BiocJson, BiocXml, Brat, Csv, Fhir, Lines, Omop, Pubtator, Words};
        let read = matches!(self, Words | Lines | Csv | Pubtator | BiocXml | BiocJson | Brat);
        read || matches!(self, Fhir | Omop)
    }

    /// Whether it is files of their own in a directory.
    pub fn is_directory(self) -> bool {
        self == Format::Brat
    }

    /// Whether a file in it can hold what is wanted. Of the formats of annotation tools each record
    /// says it.
    pub(super) fn can_hold(self, content: Content) -> bool {
        match self {
            Format::Words => content == Content::Entities,
            Format::Table | Format::LabelFirst => content != Content::Entities,
            Format::Squad | Format::Bioasq => content == Content::Answers,
            Format::Pubtator | Format::BiocXml | Format::BiocJson | Format::Brat | Format::Csv => {
                matches!(content, Content::Entities | Content::Relations)
            }
            _ => true,
        }
    }

    /// What it is called in a sentence.
    pub fn title(self) -> &'static str {
        NAMES[self as usize].2
    }
}

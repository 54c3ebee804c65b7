//! Options of `terms`: terminologies and their indices.

use std::path::PathBuf;

use biobert::Model;
use biobert::terms::source::{CodeChoice, SourceFormat, SourceOptions, Synonyms};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use super::{CodedFormArgs, EngineArgs, InfoFormat, trimmed};
use crate::failure::Result;
use crate::models;

#[derive(Debug, Subcommand)]
pub enum TermsCommand {
    /// Make an index of a terminology's names from the files that it is published in
    Build(TermsBuildArgs),
    /// Describe an index, and check it against its hash
    Info(TermsInfoArgs),
    /// Learn names from coded mentions: an index that comes before all others of its code system
    Learn(TermsLearnArgs),
    /// Write the vectors of an index's names, for --near: what a model makes of each, in a second file
    Vectors(TermsVectorsArgs),
    /// Look words up: the candidates of each code system as a JSON line
    Look(TermsLookArgs),
}

#[derive(Debug, Args)]
pub struct TermsBuildArgs {
    /// Files of a terminology, or directories with them: a table of ids, names and synonyms (id, name and
    /// synonym|synonym|…, tab-separated); OBO; RXNCONSO.RRF of RxNorm; MRCONSO.RRF of the UMLS; SNOMED CT's
    /// snapshots of concepts and descriptions; MeSH in XML (desc2026.xml, supp2026.xml) or ASCII (d2026.bin,
    /// c2026.bin); the tabular list of ICD-10-CM in XML; CONCEPT.csv and CONCEPT_SYNONYM.csv of OMOP
    #[arg(required = true, num_args = 1.., value_name = "SRC")]
    pub sources: Vec<PathBuf>,
    /// Where the index goes; its name is that of the file
    #[arg(short, long, value_name = "NAME.terms")]
    pub out: PathBuf,
    /// Format of the files; if not given, it is guessed from what they hold and reported
    #[arg(long, value_name = "FORMAT", value_parser = source_format())]
    pub from: Option<SourceFormat>,
    /// Name of the code system; if not given, that of the format, or of ids such as HP:0000118
    #[arg(long, value_parser = trimmed)]
    pub system: Option<String>,
    /// Name of the index; that of the file if not given
    #[arg(long, value_parser = trimmed)]
    pub name: Option<String>,
    /// Version of the terminology; if not given, the one that the files or their names say
    #[arg(long)]
    pub version: Option<String>,
    /// Licence of the terminology, for the index
    #[arg(long)]
    pub licence: Option<String>,
    /// Vocabularies of RxNorm and the UMLS that count, such as MSH,SNOMEDCT_US; if not given, RXNORM of RxNorm and all
    /// of the UMLS
    #[arg(long, value_name = "SAB,...", value_delimiter = ',', value_parser = trimmed)]
    pub sab: Vec<String>,
    /// Types of names of RxNorm and the UMLS that count, such as IN,BN; all if not given
    #[arg(long, value_name = "TTY,...", value_delimiter = ',', value_parser = trimmed)]
    pub tty: Vec<String>,
    /// Vocabularies of OMOP that count, such as SNOMED
    #[arg(long, value_name = "ID,...", value_delimiter = ',', value_parser = trimmed)]
    pub vocabulary: Vec<String>,
    /// Of OMOP standard concepts only
    #[arg(long)]
    pub standard: bool,
    /// Language of the names, as the format calls it; if not given, English: ENG of the UMLS, en of SNOMED CT,
    /// 4180186 of OMOP
    #[arg(long)]
    pub language: Option<String>,
    /// Which synonyms of OBO count; exact if not given
    #[arg(long, value_enum)]
    pub synonyms: Option<SynonymChoice>,
    /// Which of two codes: the file's own (CUI, RXCUI, concept_id) or the one in the vocabulary that a name comes from
    /// (CODE, concept_code); if not given, id of RxNorm and the UMLS, source of OMOP
    #[arg(long, value_enum)]
    pub codes: Option<Codes>,
}

impl TermsBuildArgs {
    /// What is wanted of the files.
    pub fn options(&self) -> SourceOptions {
        SourceOptions {
            sabs: self.sab.clone(),
            term_types: self.tty.clone(),
            vocabularies: self.vocabulary.clone(),
            standard: self.standard,
            language: self.language.clone(),
            synonyms: self.synonyms.map(|choice| match choice {
                SynonymChoice::Exact => Synonyms::Exact,
                SynonymChoice::All => Synonyms::All,
            }),
            codes: self.codes.map(|choice| match choice {
                Codes::Id => CodeChoice::Id,
                Codes::Source => CodeChoice::Source,
            }),
        }
    }
}

/// Formats by their names.
fn source_format() -> impl TypedValueParser<Value = SourceFormat> {
    let names = PossibleValuesParser::new(SourceFormat::all().map(SourceFormat::name));
    names.try_map(|name| SourceFormat::named(&name).ok_or("no such format"))
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum SynonymChoice {
    /// Those that mean the same as the name
    Exact,
    /// Broad, narrow and related ones too
    All,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Codes {
    Id,
    Source,
}

#[derive(Debug, Args)]
pub struct TermsLearnArgs {
    /// Annotated files whose entities have codes: PubTator's text, BioC, JSON lines or tables of facts; - is standard
    /// input
    #[arg(required = true, num_args = 1.., value_name = "DATA")]
    pub data: Vec<PathBuf>,
    /// Where the index goes; its name is that of the file
    #[arg(short, long, value_name = "NAME.terms")]
    pub out: PathBuf,
    /// Code system that counts; needed where the files have codes of several
    #[arg(long, value_parser = trimmed)]
    pub system: Option<String>,
    #[command(flatten)]
    pub form: CodedFormArgs,
}

#[derive(Debug, Args)]
pub struct TermsInfoArgs {
    /// Index, or a name under terms/
    pub name: String,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = InfoFormat::Text)]
    pub format: InfoFormat,
}

#[derive(Debug, Args)]
pub struct TermsVectorsArgs {
    /// Index, or a name under terms/
    pub name: String,
    /// Where the vectors go; beside the index, with .vectors in place of .terms, if not given: where --near looks for them
    #[arg(short, long, value_name = "NAME.vectors")]
    pub out: Option<PathBuf>,
    /// Model directory, or a name under models/: the one that is to find what is near
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// For commands that run no model without it.
#[derive(Debug, Args)]
pub struct NearArgs {
    /// Look what is not found by its words up by its vector; the indices need vectors (biobert terms vectors)
    #[arg(long)]
    pub near: bool,
    /// Model that made the vectors: its directory, or a name under models/
    #[arg(long, value_name = "DIR", requires = "near")]
    pub model: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

impl NearArgs {
    /// The model, where it is needed.
    pub fn open(&self) -> Result<Option<Model>> {
        self.near.then(|| models::open(self.model.as_deref(), &self.engine)).transpose()
    }
}

#[derive(Debug, Args)]
pub struct TermsLookArgs {
    /// Indices, or names under terms/, separated by commas
    #[arg(value_name = "NAME,...")]
    pub names: String,
    /// Words, each as they stand in a text
    #[arg(required = true, num_args = 1.., value_name = "WORDS")]
    pub words: Vec<String>,
    /// What the words are, such as Disease or Drug
    #[arg(long, default_value = "", hide_default_value = true)]
    pub label: String,
    /// The section that they stand in, by the name that `biobert sections` gives it
    #[arg(long)]
    pub section: Option<String>,
    #[command(flatten)]
    pub near: NearArgs,
}

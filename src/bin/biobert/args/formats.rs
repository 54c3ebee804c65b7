//! Formats of annotated documents, by name.

use std::path::PathBuf;

use biobert::OffsetUnit;
use biobert::data::{self, WriteOptions};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use super::{Format, Unit};
use crate::documents::Form;
use crate::failure::{Failure, Result};

/// How documents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputFormat {
    /// A file is a document.
    Text,
    /// A line is a document.
    Lines,
    /// What a format says.
    Documents(data::Format),
}

impl InputFormat {
    /// For a command that looks for something itself: of JSON lines it needs no more than `id` and `text`.
    pub fn form(self) -> Form {
        match self {
            InputFormat::Documents(data::Format::Lines) => Form::Json,
            other => other.whole_form(),
        }
    }

    /// For a command that wants all that a file says.
    pub fn whole_form(self) -> Form {
        match self {
            InputFormat::Text => Form::Whole,
            InputFormat::Lines => Form::Line,
            InputFormat::Documents(format) => Form::Read(format),
        }
    }
}

/// Reads the name of a format to read.
pub fn input_format() -> impl TypedValueParser<Value = InputFormat> {
    let read = data::Format::all().filter(|format| format.is_read()).map(data::Format::name);
    let names = ["text", "lines"].into_iter().chain(read).map(PossibleValue::new);
    PossibleValuesParser::new(names).map(|name| match name.as_str() {
        "text" => InputFormat::Text,
        "lines" => InputFormat::Lines,
        // Every name that comes here is one of those above.
        name => data::Format::named(name).map_or(InputFormat::Text, InputFormat::Documents),
    })
}

/// How results are written: for people and scripts, or as annotated documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenFormat {
    Shown(Format),
    Documents(data::Format),
}

/// Reads the name of a format to write.
fn written_format() -> impl TypedValueParser<Value = WrittenFormat> {
    let shown = Format::value_variants().iter().filter_map(Format::to_possible_value);
    let written = data::Format::all().filter(|format| format.is_written());
    let written = written.filter(|format| *format != data::Format::Lines);
    let names =
        shown.chain(written.map(|format| PossibleValue::new(format.name()).help(format.title())));
    PossibleValuesParser::new(names).map(|name| match data::Format::named(&name) {
        Some(format) if format != data::Format::Lines => WrittenFormat::Documents(format),
        _ => WrittenFormat::Shown(Format::from_str(&name, false).unwrap_or(Format::Jsonl)),
    })
}

/// What some formats want to know beside the documents.
#[derive(Debug, Args)]
pub struct FormatArgs {
    /// Of fhir: whom the documents are about, a reference such as Patient/123; if not given, each bundle has a
    /// patient of its own of whom nothing is known
    #[arg(long, value_name = "REFERENCE")]
    pub subject: Option<String>,
    /// Of fhir and omop: when the documents were annotated, as 2026-11-28 or 2026-11-28T09:30:00Z; if not given, it
    /// is not said
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Of brat: codes as N lines, on which some of its readers fail, instead of notes
    #[arg(long)]
    pub normalizations: bool,
}

impl FormatArgs {
    /// Refuses what a format, or output that is none, has no place for.
    pub fn check(&self, format: Option<data::Format>) -> Result<()> {
        use data::Format::{Brat, Fhir, Omop};
        for (given, option, of) in [
            (self.subject.is_some(), "--subject", &[Fhir][..]),
            (self.date.is_some(), "--date", &[Fhir, Omop]),
            (self.normalizations, "--normalizations", &[Brat]),
        ] {
            if given && !format.is_some_and(|format| of.contains(&format)) {
                let names: Vec<_> = of.iter().map(|format| format.name()).collect();
                let reason = format!("{option} needs --format {}", names.join(" or "));
                return Err(Failure::Message(reason));
            }
        }
        Ok(())
    }

    /// The options of a writer, which lives as long as the tool.
    pub fn of(&self, format: data::Format, unit: OffsetUnit) -> Result<WriteOptions<'static>> {
        self.check(Some(format))?;
        let kept = |text: &Option<String>| text.clone().map(|text| &*text.leak());
        Ok(WriteOptions {
            subject: kept(&self.subject),
            date: kept(&self.date),
            normalizations: self.normalizations,
            ..WriteOptions::new(unit)
        })
    }
}

/// How and where results are written.
#[derive(Debug, Args)]
pub struct WrittenArgs {
    /// Form of the output
    #[arg(long, value_name = "FORMAT", default_value = "jsonl", value_parser = written_format())]
    pub format: WrittenFormat,
    /// A file for the output (of brat a directory), which is there whole or not at all; standard output if not given
    #[arg(long, short = 'o', value_name = "PATH")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub options: FormatArgs,
}

#[derive(Debug, Subcommand)]
pub enum Formats {
    /// Convert annotated documents from one format to another; what it cannot hold is counted and said
    Convert(ConvertFormatArgs),
    /// List the formats, and which of them are read and written
    List,
}

#[derive(Debug, Args)]
pub struct ConvertFormatArgs {
    /// Format of the files
    #[arg(long, value_name = "FORMAT", value_parser = input_format())]
    pub input_format: InputFormat,
    /// Format of the output
    #[arg(long, value_name = "FORMAT", value_parser = document_format())]
    pub format: data::Format,
    /// A file for the output (of brat a directory), which is there whole or not at all; standard output if not given
    #[arg(long, short = 'o', value_name = "PATH")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub options: FormatArgs,
    /// What offsets count, where the format leaves it open
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    /// Files, or directories of brat's; - or nothing is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
}

/// Reads the name of a format of documents to write.
fn document_format() -> impl TypedValueParser<Value = data::Format> {
    let written = data::Format::all().filter(|format| format.is_written());
    let names = written.map(|format| PossibleValue::new(format.name()).help(format.title()));
    PossibleValuesParser::new(names)
        .map(|name| data::Format::named(&name).unwrap_or(data::Format::Lines))
}

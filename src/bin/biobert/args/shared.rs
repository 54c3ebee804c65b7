//! Options that several commands have.

use std::path::{Path, PathBuf};
use std::sync::Once;

use biobert::{EngineOptions, InvalidText, LogSink, OffsetUnit, OpenOptions};
use clap::{Args, ValueEnum};

use super::formats::{InputFormat, input_format};
use crate::documents::Form;
use crate::failure::{Failure, Result};

#[derive(Debug, Args)]
pub struct EngineArgs {
    /// Threads that work on a call
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub threads: usize,
    /// Instruction set, such as avx2; the best one if not given
    #[arg(long, value_name = "NAME")]
    pub isa: Option<String>,
    /// Where to compute; a GPU needs a build with the feature cuda
    #[arg(long, value_enum, default_value_t = Device::Cpu)]
    pub device: Device,
    /// Which GPU, by its number among those that the driver shows, 0 the first; needs --device gpu or prefer
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub gpu: Option<usize>,
    /// Arithmetic; that of the stored weights if not given: int8 for a bundle, f32 for a checkpoint
    #[arg(long, value_enum)]
    pub precision: Option<Precision>,
    /// How carefully a bundle's files are checked when it is opened
    #[arg(long, value_enum, default_value_t = Integrity::Full)]
    pub integrity: Integrity,
    /// What decides whether a WordPiece tokenizer keeps the case of text: the vocabulary, since a cased one was
    /// never trained on lower-cased text, or the checkpoint's files
    #[arg(long, value_enum, default_value_t = Casing::Vocabulary)]
    pub casing: Casing,
    /// Names for the outputs of a checkpoint's head, a file with a line each; those that the checkpoint has if not given
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
}

/// Says, the first time, why the processor computes where a GPU was preferred.
fn say_once_without_gpu(line: &str) {
    static SAID: Once = Once::new();
    if line.starts_with("GPU: ") {
        SAID.call_once(|| eprintln!("biobert: {line}"));
    }
}

impl EngineArgs {
    pub fn engine(&self) -> Result<EngineOptions> {
        if self.gpu.is_some() && self.device == Device::Cpu {
            return Err(Failure::Message("--gpu needs --device gpu or --device prefer".into()));
        }
        Ok(EngineOptions {
            threads: self.threads,
            isa: self.isa.clone(),
            device: self.device.into(),
            gpu: self.gpu.unwrap_or(0),
            log: (self.device == Device::Prefer).then(|| Box::new(say_once_without_gpu) as LogSink),
            ..EngineOptions::default()
        })
    }

    pub fn model(&self) -> Result<OpenOptions> {
        Ok(OpenOptions {
            precision: self.precision.map(Into::into),
            integrity: self.integrity.into(),
            casing: self.casing.into(),
            labels: self.labels.as_deref().map(lines).transpose()?.unwrap_or_default(),
            ..OpenOptions::default()
        })
    }
}

/// The lines of a small file.
fn lines(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::Message(format!("{}: {error}", file.display())))?;
    let lines: Vec<String> = text.trim_end().lines().map(|line| line.trim().into()).collect();
    if lines.is_empty() {
        return Err(Failure::Message(format!("{}: no line in it", file.display())));
    }
    Ok(lines)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// The processor
    Cpu,
    /// A GPU, or an error that says why not
    Gpu,
    /// A GPU, and the processor where there is none or it fails
    Prefer,
}

impl From<Device> for biobert::Device {
    fn from(device: Device) -> Self {
        match device {
            Device::Cpu => biobert::Device::Cpu,
            Device::Gpu => biobert::Device::RequireGpu,
            Device::Prefer => biobert::Device::PreferGpu,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Precision {
    F32,
    Int8,
}

impl From<Precision> for biobert::Precision {
    fn from(precision: Precision) -> Self {
        match precision {
            Precision::F32 => biobert::Precision::F32,
            Precision::Int8 => biobert::Precision::Int8,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Integrity {
    /// Every byte of every file
    Full,
    /// Lengths and headers of the tensor files, all of the small ones
    Headers,
}

impl From<Integrity> for biobert::Integrity {
    fn from(integrity: Integrity) -> Self {
        match integrity {
            Integrity::Full => biobert::Integrity::Full,
            Integrity::Headers => biobert::Integrity::Headers,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Casing {
    /// The vocabulary
    Vocabulary,
    /// The checkpoint's files
    Files,
}

impl From<Casing> for biobert::Casing {
    fn from(casing: Casing) -> Self {
        match casing {
            Casing::Vocabulary => biobert::Casing::Vocabulary,
            Casing::Files => biobert::Casing::Files,
        }
    }
}

/// Documents and how to read them.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// What offsets count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    /// Format of the files, of which the documents' texts and ids are read: text (a file is a document), lines, or
    /// one of those that `biobert formats list` names
    #[arg(long, value_name = "FORMAT", value_parser = input_format())]
    pub input_format: Option<InputFormat>,
    /// What to do with bytes that are not UTF-8: refuse the document, or read each as U+FFFD; with
    /// --unit utf8, offsets count the bytes of the original
    #[arg(long, value_enum, default_value_t = Invalid::Reject)]
    pub invalid: Invalid,
    /// What stands for other characters and is read as those; offsets and what is shown are the original's
    #[arg(long, value_enum, default_value_t = Markup::None)]
    pub markup: Markup,
    /// Text files; - or nothing is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
}

/// What a note is: a file, unless it is said or named otherwise.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct NoteArgs {
    /// Read each file as one note; so is any whose name does not end in .jsonl
    #[arg(long)]
    pub whole: bool,
    /// Read each line as one note
    #[arg(long)]
    pub lines: bool,
    /// Read each line as a JSON object, {"id": …, "text": …}, whose text is one note; so is a file whose
    /// name ends in .jsonl
    #[arg(long)]
    pub jsonl: bool,
}

impl NoteArgs {
    pub fn form(&self, input: &InputArgs) -> Result<Form> {
        let said = match self {
            NoteArgs { whole: true, .. } => Some(Form::Whole),
            NoteArgs { lines: true, .. } => Some(Form::Line),
            NoteArgs { jsonl: true, .. } => Some(Form::Json),
            _ => None,
        };
        input.form_or(said, Form::Named)
    }
}

impl InputArgs {
    /// What a document is to a command that reads lines.
    pub fn form(&self, whole: bool) -> Result<Form> {
        self.form_or(whole.then_some(Form::Whole), Form::Line)
    }

    fn form_or(&self, said: Option<Form>, default: Form) -> Result<Form> {
        match (self.input_format, said) {
            (Some(_), Some(_)) => Err(Failure::Message(
                "--input-format says what a document is: leave out --whole, --lines and --jsonl"
                    .into(),
            )),
            (Some(format), None) => Ok(format.form()),
            (None, said) => Ok(said.unwrap_or(default)),
        }
    }
}

impl TextArgs {
    pub fn form(&self) -> Result<Form> {
        self.input.form(self.whole)
    }
}

/// A model at work on documents.
#[derive(Debug, Args)]
pub struct TextArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Read each file as one document instead of each line
    #[arg(long)]
    pub whole: bool,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Unit {
    /// Bytes of UTF-8
    Utf8,
    /// Unicode scalar values, as Python counts
    Scalar,
    /// UTF-16 units, as Java, C# and JavaScript count
    Utf16,
}

impl From<Unit> for OffsetUnit {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Utf8 => OffsetUnit::Utf8Bytes,
            Unit::Scalar => OffsetUnit::UnicodeScalars,
            Unit::Utf16 => OffsetUnit::Utf16Units,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Invalid {
    Reject,
    Replace,
}

impl From<Invalid> for InvalidText {
    fn from(invalid: Invalid) -> Self {
        match invalid {
            Invalid::Reject => InvalidText::Reject,
            Invalid::Replace => InvalidText::Replace,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Markup {
    /// Nothing
    None,
    /// HTML's character references, such as &beta; and &#39;
    Entities,
    /// The escape sequences of HL7 version 2, such as \T\ and \.br\
    Hl7,
}

impl From<Markup> for biobert::Markup {
    fn from(markup: Markup) -> Self {
        match markup {
            Markup::None => biobert::Markup::None,
            Markup::Entities => biobert::Markup::Entities,
            Markup::Hl7 => biobert::Markup::Hl7,
        }
    }
}

/// Which heads.
#[derive(Debug, Args)]
pub struct HeadArgs {
    /// Heads to use, separated by commas, names or directories of heads trained on the model; if not
    /// given, the model's default heads for the task, or all. `re` also takes heads that find entities
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = trimmed)]
    pub heads: Vec<String>,
}

/// How and where results are shown.
#[derive(Debug, Args)]
pub struct ShownArgs {
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub format: Format,
    /// A file for the output, which is there whole or not at all; standard output if not given
    #[arg(long, short = 'o', value_name = "PATH")]
    pub out: Option<PathBuf>,
}

/// A name, without the blank that people put after a comma.
pub fn trimmed(name: &str) -> std::result::Result<String, std::convert::Infallible> {
    Ok(name.trim().to_string())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A JSON object per document
    Jsonl,
    /// Coloured text for a terminal
    Text,
    /// A page for a browser
    Html,
}

//! What the tool can be asked.

use std::path::PathBuf;

use biobert::{EngineOptions, InvalidText, OffsetUnit, OpenOptions};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Entities, relations, answers and classes from biomedical and clinical text, offline. Not for direct patient care without
/// validation and clearance.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find named entities: one document per line, or per file with --whole
    Ner(NerArgs),
    /// Find relations between entities, such as which drug induced what
    Re(ReArgs),
    /// Answer questions from passages
    Qa(QaArgs),
    /// Classify documents, or documents against a second text
    Classify(ClassifyArgs),
    /// Turn documents into vectors
    Embed(EmbedArgs),
    /// Divide documents into sentences
    Sentences(SentencesArgs),
    /// Measure a head on an annotated file
    Eval {
        #[command(subcommand)]
        measure: Measure,
    },
    /// Train a head on annotated texts, on a model whose encoder stays as it is
    Train {
        #[command(subcommand)]
        what: Learn,
    },
    /// Write a bundle from checkpoints or bundles with one and the same encoder
    Convert(ConvertArgs),
    /// Check a bundle's files and run its self-check
    Verify(VerifyArgs),
    /// Tell what a model is and how it runs here
    Info(InfoArgs),
    /// Time the encoder on random ids, or the whole way on a file of text lines
    Bench(BenchArgs),
}

#[derive(Debug, Subcommand)]
pub enum Measure {
    /// Precision, recall and F1 on a two-column BIO file, by conlleval's rules
    Ner(EvalArgs),
    /// Precision, recall and F1 on a tab-separated file of masked sentences and their labels
    Re(EvalArgs),
    /// Strict, lenient and MRR on BioASQ's factoid questions in JSONL; accuracy on yes/no questions
    /// in a tab-separated file
    Qa(EvalArgs),
    /// Precision, recall and F1 on a tab-separated file of sentences and their labels
    Classify(EvalArgs),
}

#[derive(Debug, Subcommand)]
pub enum Learn {
    /// Entities: from a two-column BIO file, B and I, or B-Anatomy and I-Anatomy for several kinds; or
    /// from JSON lines, {"text": …, "entities": [{"start": …, "end": …, "label": …}]}
    Ner(TrainNerArgs),
    /// Relations: from a tab-separated file of sentences with two masks, such as @GENE$ and @DISEASE$,
    /// and labels; or from JSON lines, {"text": …, "first": {"start": …, "end": …}, "second": {…},
    /// "label": …}
    Re(TrainReArgs),
    /// Classes: from a tab-separated file of texts and labels, or from JSON lines, {"text": …,
    /// "label": …}, perhaps with "second", a text that the first is held against
    Classify(TrainClassifyArgs),
    /// Answers: from a JSON file in SQuAD's form, or from JSON lines, {"question": …, "passage": …,
    /// "answer": {"start": …, "end": …} or null}
    Qa(TrainArgs),
}

#[derive(Debug, ClapArgs)]
pub struct TrainNerArgs {
    /// Kind of entity that plain B and I of a BIO file stand for; Entity if not given
    #[arg(long, value_name = "NAME")]
    pub entity: Option<String>,
    #[command(flatten)]
    pub common: TrainArgs,
}

#[derive(Debug, ClapArgs)]
pub struct TrainReArgs {
    /// What stands in for the first entity and for the second; found in a tab-separated file if not
    /// given
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"])]
    pub masks: Option<Vec<String>>,
    /// Kinds of the two entities; Chemical for @CHEMICAL$ and so on if not given
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"])]
    pub kinds: Option<Vec<String>>,
    /// Label of pairs that are not related; 0, false, none or the like if not given
    #[arg(long, value_name = "LABEL")]
    pub negative: Option<String>,
    #[command(flatten)]
    pub classes: TrainClassifyArgs,
}

#[derive(Debug, ClapArgs)]
pub struct TrainClassifyArgs {
    /// Let rare labels count for more, by how rare they are
    #[arg(long)]
    pub balanced: bool,
    #[command(flatten)]
    pub common: TrainArgs,
}

#[derive(Debug, ClapArgs)]
pub struct TrainArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Annotated file to learn from
    #[arg(long, value_name = "FILE")]
    pub train: PathBuf,
    /// Annotated file that chooses the epoch; if not given, a tenth of the examples of --train, drawn by class and seed
    #[arg(long, value_name = "FILE")]
    pub dev: Option<PathBuf>,
    /// Where the head goes; its name becomes the head's. What is computed on the way is kept in work/
    /// there until the end: the same command goes on where it was killed
    #[arg(long, value_name = "HEAD_DIR")]
    pub out: PathBuf,
    /// How long it takes
    #[arg(long, value_enum, default_value_t = Preset::Best)]
    pub preset: Preset,
    /// What the head is made of; lstm-crf for entities, mlp for relations and classes, lstm for answers
    /// if not given
    #[arg(long, value_enum)]
    pub head_kind: Option<HeadKind>,
    /// What offsets in JSON count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    /// Same seed, data and model: same head, on every processor
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Train once more on all data, for as many epochs as --dev chose
    #[arg(long)]
    pub refit: bool,
    /// Licence of the head's weights, to be noted in it
    #[arg(long)]
    pub licence: Option<String>,
    /// Date to be noted in the head; none if not given
    #[arg(long)]
    pub date: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Preset {
    /// A few epochs, or 150 steps
    Fast,
    /// Ten epochs, or 600 steps
    Best,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum HeadKind {
    /// One linear layer on the last layer's states: a baseline
    Linear,
    /// A learned mix of the layers and a linear layer; a CRF for entities
    Mix,
    /// The same with a hidden layer, for relations and classes
    Mlp,
    /// The mean over the layers and an LSTM, for answers
    Lstm,
    /// The same with a CRF, for entities
    LstmCrf,
}

#[derive(Debug, ClapArgs)]
pub struct EngineArgs {
    /// Threads that work on a call
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub threads: usize,
    /// Instruction set, such as avx2; the best one if not given
    #[arg(long, value_name = "NAME")]
    pub isa: Option<String>,
    /// Arithmetic; that of the stored weights if not given: int8 for a bundle, f32 for a checkpoint
    #[arg(long, value_enum)]
    pub precision: Option<Precision>,
    /// How carefully a bundle's files are checked when it is opened
    #[arg(long, value_enum, default_value_t = Integrity::Full)]
    pub integrity: Integrity,
}

impl EngineArgs {
    pub fn engine(&self) -> EngineOptions {
        EngineOptions { threads: self.threads, isa: self.isa.clone(), ..EngineOptions::default() }
    }

    pub fn model(&self) -> OpenOptions {
        OpenOptions {
            precision: self.precision.map(Into::into),
            integrity: self.integrity.into(),
            ..OpenOptions::default()
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

/// Documents and how to read them.
#[derive(Debug, ClapArgs)]
pub struct InputArgs {
    /// What offsets count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    /// Read each file as one document instead of each line
    #[arg(long)]
    pub whole: bool,
    /// What to do with bytes that are not UTF-8: refuse the document, or read each as U+FFFD; with
    /// --unit utf8, offsets count the bytes of the original
    #[arg(long, value_enum, default_value_t = Invalid::Reject)]
    pub invalid: Invalid,
    /// Text files; - or nothing is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub files: Vec<PathBuf>,
}

/// A model at work on documents.
#[derive(Debug, ClapArgs)]
pub struct TextArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Which heads, and the form of the output.
#[derive(Debug, ClapArgs)]
pub struct HeadArgs {
    /// Heads to use, separated by commas, names or directories of heads trained on the model; all of
    /// the task if not given. `re` also takes directories of heads that find entities
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = trimmed)]
    pub heads: Vec<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub format: Format,
}

#[derive(Debug, ClapArgs)]
pub struct NerArgs {
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, ClapArgs)]
pub struct ReArgs {
    /// Entities that you have already: a file of `biobert ner`'s lines; found by NER if not given
    #[arg(long, value_name = "FILE")]
    pub entities: Option<PathBuf>,
    /// List pairs too that are found unrelated
    #[arg(long)]
    pub unrelated: bool,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, ClapArgs)]
pub struct QaArgs {
    /// A question; give several for a batch
    #[arg(long = "question", value_name = "Q", required = true)]
    pub questions: Vec<String>,
    /// Answers to a question at most
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub top: usize,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, ClapArgs)]
pub struct ClassifyArgs {
    /// A second text that each document is held against, such as a trial criterion
    #[arg(long, value_name = "TEXT")]
    pub against: Option<String>,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, ClapArgs)]
pub struct EmbedArgs {
    /// How states become one vector
    #[arg(long, value_enum, default_value_t = Pooling::Mean)]
    pub pooling: Pooling,
    /// Layer whose states are taken, 0 for the embeddings; the last if not given
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// Scale vectors to length 1
    #[arg(long)]
    pub normalize: bool,
    /// Give every piece's state too; JSONL only
    #[arg(long, conflicts_with = "out")]
    pub tokens: bool,
    /// Write a .npy file, a row for each document, instead of JSONL to standard output
    #[arg(long, value_name = "FILE.npy")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Pooling {
    /// Mean over all pieces
    Mean,
    /// The state of [CLS]
    Cls,
}

impl From<Pooling> for biobert::Pooling {
    fn from(pooling: Pooling) -> Self {
        match pooling {
            Pooling::Mean => biobert::Pooling::Mean,
            Pooling::Cls => biobert::Pooling::Cls,
        }
    }
}

#[derive(Debug, ClapArgs)]
pub struct SentencesArgs {
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub format: Format,
    #[command(flatten)]
    pub input: InputArgs,
}

/// A name, without the blank that people put behind a comma.
fn trimmed(name: &str) -> Result<String, std::convert::Infallible> {
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

#[derive(Debug, Clone, Copy, ValueEnum)]
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

#[derive(Debug, ClapArgs)]
pub struct EvalArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Name of a head of the model, directory of a head trained on it, or a model directory with one
    /// such head
    #[arg(long, value_name = "NAME_OR_DIR")]
    pub head: String,
    /// Annotated file. With a head's directory also JSON lines, or SQuAD's JSON, as `train` takes them
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// What offsets in JSON count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, ClapArgs)]
pub struct ConvertArgs {
    /// Checkpoint directories or bundles; the last argument is where the bundle goes
    #[arg(required = true, num_args = 2.., value_name = "SRC... DST")]
    pub paths: Vec<PathBuf>,
    /// Licence of the weights, for the manifest
    #[arg(long)]
    pub licence: Option<String>,
    /// Model card to put into the bundle as README.md
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct VerifyArgs {
    /// Bundle directory, or a name under models/
    pub model: String,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, ClapArgs)]
pub struct InfoArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = InfoFormat::Text)]
    pub format: InfoFormat,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InfoFormat {
    Text,
    Json,
}

#[derive(Debug, ClapArgs)]
pub struct BenchArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Sequences in a batch
    #[arg(long, default_value_t = 1, value_name = "B")]
    pub batch: usize,
    /// Tokens in a sequence
    #[arg(long, default_value_t = 128, value_name = "S")]
    pub seq: usize,
    /// Time the whole way from text lines to entities instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "seq"])]
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

//! Options of the commands that read documents.

use std::path::PathBuf;

use biobert::Judges;
use clap::{Args, ValueEnum};

use super::annotated::part;
use super::{
    EngineArgs, HeadArgs, InputArgs, Invalid, Markup, NoteArgs, ShownArgs, TextArgs, Unit,
    WrittenArgs, trimmed,
};

#[derive(Debug, Args)]
pub struct NerArgs {
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub output: WrittenArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, Args)]
pub struct ReArgs {
    /// Entities that you have already: a file of `biobert ner`'s lines; found by NER if not given
    #[arg(long, value_name = "FILE")]
    pub entities: Option<PathBuf>,
    /// Also list unrelated pairs
    #[arg(long)]
    pub unrelated: bool,
    /// Heads to use, separated by commas, names or directories of heads trained on the model: those that relate
    /// entities, and perhaps those that find them; if not given, the model's default heads, or all
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = trimmed)]
    pub heads: Vec<String>,
    #[command(flatten)]
    pub output: WrittenArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, Args)]
pub struct QaArgs {
    /// A question; give several for a batch
    #[arg(long = "question", value_name = "Q", required = true)]
    pub questions: Vec<String>,
    /// Maximum answers per question
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub top: usize,
    /// Let the passages decide together: equal answers of several, whichever way they are written,
    /// count together, and the most probable comes first
    #[arg(long)]
    pub pool: bool,
    /// With --pool: leave out answers below this part of the best one's probability, from 0 to 1; for
    /// questions with several answers, such as 0.4
    #[arg(long, requires = "pool", default_value_t = 0.0, value_name = "PART", value_parser = part)]
    pub threshold: f32,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub output: ShownArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, Args)]
pub struct ClassifyArgs {
    /// A second text that each document is compared with, such as a trial criterion
    #[arg(long, value_name = "TEXT")]
    pub against: Option<String>,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub output: ShownArgs,
    #[command(flatten)]
    pub text: TextArgs,
}

#[derive(Debug, Args)]
pub struct EmbedArgs {
    /// How states become one vector; `model` if the model has that and no layer is chosen, else `mean`
    #[arg(long, value_enum)]
    pub pooling: Option<Pooling>,
    /// Layer whose states are taken, 0 for the embeddings; the last if not given
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// Prompt that is put before each text, of those that the model names (see `info`); an empty name: none
    #[arg(long, value_name = "NAME")]
    pub prompt: Option<String>,
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
    /// What the model says itself: pooling, linear layers, length 1
    Model,
}

impl From<Pooling> for biobert::Pooling {
    fn from(pooling: Pooling) -> Self {
        match pooling {
            Pooling::Mean => biobert::Pooling::Mean,
            Pooling::Cls => biobert::Pooling::Cls,
            Pooling::Model => biobert::Pooling::Model,
        }
    }
}

#[derive(Debug, Args)]
pub struct FillArgs {
    /// Texts with [MASK], or what else the model's vocabulary has for a missing word; if none is given,
    /// the lines of the files or of standard input
    #[arg(value_name = "TEXT")]
    pub texts: Vec<String>,
    /// A file with a text in each line; - is standard input
    #[arg(long = "file", value_name = "FILE", conflicts_with = "texts")]
    pub files: Vec<PathBuf>,
    /// Maximum candidates per mask
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub top_k: usize,
    #[command(flatten)]
    pub output: ShownArgs,
    /// Model directory, or a name under models/; it must have kept its masked-language head
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// What offsets count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    /// What to do with bytes that are not UTF-8: refuse the text, or read each as U+FFFD
    #[arg(long, value_enum, default_value_t = Invalid::Reject)]
    pub invalid: Invalid,
    /// What stands for other characters and is read as those; offsets are the original's
    #[arg(long, value_enum, default_value_t = Markup::None)]
    pub markup: Markup,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
pub struct SentencesArgs {
    #[command(flatten)]
    pub output: ShownArgs,
    /// Read each file as one document instead of each line
    #[arg(long)]
    pub whole: bool,
    #[command(flatten)]
    pub input: InputArgs,
}

#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Heads to use, separated by commas, names or directories of heads trained on the model: those that
    /// find entities, that relate them, and one that judges them; the model's heads for notes if not given
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = trimmed)]
    pub heads: Vec<String>,
    /// Who judges whether the patient has what an entity names
    #[arg(long, value_enum, default_value_t = Assertion::All)]
    pub assertion: Assertion,
    /// Terminologies that give entities their codes, separated by commas: files, or names under terms/;
    /// `mesh` stands for all whose names begin with `mesh-`
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = trimmed)]
    pub terms: Vec<String>,
    /// Look what is not found by its words up by its vector; the terminologies need vectors of this model
    /// (biobert terms vectors)
    #[arg(long, requires = "terms")]
    pub near: bool,
    #[command(flatten)]
    pub output: WrittenArgs,
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    #[command(flatten)]
    pub notes: NoteArgs,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Assertion {
    /// The head, where there is one, the section and the rules together
    All,
    /// The head alone
    Head,
    /// Section and rules alone
    Rules,
    /// Nobody
    Off,
}

impl From<Assertion> for Option<Judges> {
    fn from(assertion: Assertion) -> Self {
        match assertion {
            Assertion::All => Some(Judges::All),
            Assertion::Head => Some(Judges::Head),
            Assertion::Rules => Some(Judges::Rules),
            Assertion::Off => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct SectionsArgs {
    #[command(flatten)]
    pub output: WrittenArgs,
    #[command(flatten)]
    pub notes: NoteArgs,
    #[command(flatten)]
    pub input: InputArgs,
}

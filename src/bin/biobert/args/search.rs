//! Options of `index` and `ask`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::annotated::part;
use super::{EngineArgs, HeadArgs, InputArgs, NoteArgs, ShownArgs, Unit};

/// Lowest score of an answer, if nothing else is said. Chosen on BioASQ's 4b and 5b, where hardly a right answer
/// falls below it (docs/questions.md).
const LEAST_SCORE: f32 = 6.0;

/// Part of a question's words that one passage must have, if nothing else is said. Chosen on BioASQ's 4b and 5b: half costs
/// 1 of 112 right answers, and 121 of 244 from documents that hold none (docs/questions.md).
const LEAST_WORDS: f32 = 0.5;

#[derive(Debug, Args)]
pub struct IndexArgs {
    /// Directory for the index; it must not be there yet, or be empty
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Find passages by their words alone: much quicker to make
    #[arg(long)]
    pub without_vectors: bool,
    /// Model directory, or a name under models/, that makes the vectors
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    #[command(flatten)]
    pub notes: NoteArgs,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
pub struct AskArgs {
    /// Directory that `biobert index` made
    #[arg(long, value_name = "DIR")]
    pub index: PathBuf,
    /// Questions
    #[arg(value_name = "QUESTION", required = true, value_parser = question)]
    pub questions: Vec<String>,
    /// Maximum answers per question
    #[arg(long, default_value = "5", value_name = "N")]
    pub top: NonZeroUsize,
    /// How many passages are read; more find answers further down, and more wrong ones
    #[arg(long, default_value = "10", value_name = "N")]
    pub passages: NonZeroUsize,
    /// How passages are found
    #[arg(long, value_enum, default_value_t = By::Both)]
    pub by: By,
    /// Lowest score of an answer: how far it is ahead of "no answer". Without one that reaches it, the documents are
    /// said to hold no answer
    #[arg(long, default_value_t = LEAST_SCORE, value_name = "SCORE", allow_negative_numbers = true, value_parser = finite)]
    pub least_score: f32,
    /// Which part of the question's words, from 0 to 1, one passage must have; rare words count more. If none does, the
    /// documents are said to hold no answer. Others are read that have at least this part of what the best one has. 0
    /// asks whatever the words are
    #[arg(long, default_value_t = LEAST_WORDS, value_name = "PART", value_parser = part)]
    pub least_words: f32,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub output: ShownArgs,
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// What offsets count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// Reads a question, of which something must be looked for.
fn question(text: &str) -> std::result::Result<String, &'static str> {
    let has_word = text.contains(char::is_alphanumeric);
    has_word.then(|| text.to_string()).ok_or("there is no word in it")
}

/// Reads a number that others can be compared with.
fn finite(text: &str) -> std::result::Result<f32, &'static str> {
    let number = text.parse().ok().filter(|number: &f32| number.is_finite());
    number.ok_or("not a number")
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum By {
    /// Words, ranked by BM25
    Words,
    /// Vectors of the model
    Vectors,
    /// Both rankings, fused; words alone if the index was made without vectors
    Both,
}

impl From<By> for crate::search::By {
    fn from(by: By) -> Self {
        match by {
            By::Words => crate::search::By::Words,
            By::Vectors => crate::search::By::Vectors,
            By::Both => crate::search::By::Both,
        }
    }
}

//! Options of the commands on models.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::EngineArgs;

#[derive(Debug, Args)]
pub struct ConvertArgs {
    /// Checkpoint directories or bundles
    #[arg(required = true, num_args = 1.., value_name = "SRC")]
    pub sources: Vec<PathBuf>,
    /// Where the bundle goes
    #[arg(value_name = "DST")]
    pub target: PathBuf,
    /// Licence of the weights, for the manifest
    #[arg(long)]
    pub licence: Option<String>,
    /// Model card to put into the bundle as README.md
    #[arg(long, value_name = "FILE")]
    pub card: Option<PathBuf>,
    /// Heads that commands use where none is named; a task without one of them uses all that it has
    #[arg(long, value_name = "HEAD,...", value_delimiter = ',')]
    pub default_heads: Option<Vec<String>>,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Bundle directory, or a name under models/
    pub model: String,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
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

#[derive(Debug, Args)]
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
    /// Tokens in the shortest sequence: lengths are drawn from this to --seq
    #[arg(long, value_name = "S")]
    pub shortest: Option<usize>,
    /// Callers at a time, each with its share of the sequences
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub callers: usize,
    /// Time finding entities end to end on a text file, one document per line, instead: all in one
    /// call. `tokenizing_share` is the time that tokenizing alone takes on one thread, measured
    /// before, as a share of all threads' time (seconds times threads)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["batch", "seq", "shortest", "callers"])]
    pub corpus: Option<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

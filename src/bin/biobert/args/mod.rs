//! What the tool can be asked.

mod annotated;
mod formats;
mod models;
mod search;
mod shared;
mod tasks;
mod terms;

use clap::{Parser, Subcommand};

pub use annotated::*;
pub use formats::*;
pub use models::*;
pub use search::*;
pub use shared::*;
pub use tasks::*;
pub use terms::*;

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
    /// Find all that a note says: what the patient has, had or denies, in which section, with doses,
    /// results and relations; one note per file, or per line of a .jsonl file
    Extract(ExtractArgs),
    /// Find named entities: one document per line, or per file with --whole
    Ner(NerArgs),
    /// Find relations between entities, such as which drug induced what
    Re(ReArgs),
    /// Answer questions from passages
    Qa(QaArgs),
    /// Make a searchable directory of documents, for `ask`
    Index(IndexArgs),
    /// Answer questions from the documents of an index, with sources, or say that they hold no answer
    Ask(AskArgs),
    /// Classify documents, or documents against a second text
    Classify(ClassifyArgs),
    /// Turn documents into vectors
    Embed(EmbedArgs),
    /// Fill masks: which pieces of the vocabulary may stand where a text has [MASK]
    Fill(FillArgs),
    /// Divide documents into sentences
    Sentences(SentencesArgs),
    /// Find the sections of notes by their headings; one note per file, or per line of a .jsonl file
    Sections(SectionsArgs),
    /// Indices of terminologies: make, describe and try one
    Terms {
        #[command(subcommand)]
        what: TermsCommand,
    },
    /// Measure a head on an annotated file
    Eval {
        #[command(subcommand)]
        measure: Measure,
    },
    /// Train a head on annotated texts; the model's encoder is not changed
    Train {
        #[command(subcommand)]
        what: Learn,
    },
    /// Convert annotated documents between formats, without a model
    Formats {
        #[command(subcommand)]
        what: Formats,
    },
    /// Write a bundle from checkpoints or bundles with one and the same encoder
    Convert(ConvertArgs),
    /// Check a bundle's files and run its self-check
    Verify(VerifyArgs),
    /// Describe a model and how it runs here
    Info(InfoArgs),
    /// Time the encoder on random ids, or end to end on a text file, one document per line
    Bench(BenchArgs),
}

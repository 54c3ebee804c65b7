//! `biobert`, the command-line tool: a thin user of the library.

mod args;
mod bench;
mod commands;
mod documents;
mod embed;
mod eval;
mod failure;
mod given;
mod highlight;
mod html;
mod jsonl;
mod models;
mod output;
mod progress;
mod qa;
mod session;
mod tasks;
mod terminal;
mod train;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match run(args.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: args::Command) -> failure::Result<()> {
    use args::Command;
    match command {
        Command::Ner(args) => tasks::ner(args),
        Command::Re(args) => tasks::re(args),
        Command::Qa(args) => qa::run(args),
        Command::Classify(args) => tasks::classify(args),
        Command::Embed(args) => embed::run(args),
        Command::Sentences(args) => tasks::sentences(args),
        Command::Eval { measure } => eval::run(measure),
        Command::Train { what } => train::run(what),
        Command::Convert(args) => commands::convert(args),
        Command::Verify(args) => commands::verify(args),
        Command::Info(args) => commands::info(args),
        Command::Bench(args) => bench::run(args),
    }
}

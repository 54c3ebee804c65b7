//! `biobert`, the command-line tool: a thin user of the library.
#![cfg_attr(
    not(feature = "train"),
    allow(
        dead_code,
        reason = "options of training are read, so that it can be said that there is none"
    )
)]

mod args;
mod ask;
mod bench;
mod commands;
mod documents;
mod embed;
mod eval;
mod failure;
mod files;
mod fill;
mod formats;
mod given;
mod highlight;
mod html;
mod index;
mod input;
mod jsonl;
mod learn;
mod models;
mod note;
mod notes;
mod output;
mod progress;
mod qa;
mod search;
mod session;
#[cfg(test)]
mod shown;
mod signals;
mod sink;
mod staged;
mod standing;
mod tasks;
mod terminal;
mod terminologies;
mod terms;
#[cfg(feature = "train")]
mod train;
mod written;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let caught = signals::catch();
    // What a panic says may quote a note.
    std::panic::set_hook(Box::new(|_| eprintln!("biobert: internal error; please report it")));
    let args = args::Args::parse();
    let caught = caught.map_err(|error| failure::Failure::Message(format!("signals: {error}")));
    match caught.and_then(|()| run(args.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: args::Command) -> failure::Result<()> {
    use args::Command;
    match command {
        Command::Extract(args) => notes::extract(args),
        Command::Ner(args) => tasks::ner(args),
        Command::Re(args) => tasks::re(args),
        Command::Qa(args) => qa::run(args),
        Command::Index(args) => index::run(args),
        Command::Ask(args) => ask::run(args),
        Command::Classify(args) => tasks::classify(args),
        Command::Embed(args) => embed::run(args),
        Command::Fill(args) => fill::run(args),
        Command::Sentences(args) => tasks::sentences(args),
        Command::Sections(args) => notes::sections(args),
        Command::Terms { what } => terms::run(what),
        Command::Eval { measure } => eval::run(measure),
        #[cfg(feature = "train")]
        Command::Train { what } => train::run(what),
        #[cfg(not(feature = "train"))]
        Command::Train { .. } => Err(failure::Failure::Message(
            "this tool was built without training (the feature `train`)".into(),
        )),
        Command::Formats { what } => formats::run(what),
        Command::Convert(args) => commands::convert(args),
        Command::Verify(args) => commands::verify(args),
        Command::Info(args) => commands::info(args),
        Command::Bench(args) => bench::run(args),
    }
}

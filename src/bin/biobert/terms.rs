//! `terms`: indices of terminologies, made, described and tried out.

use std::io::Write;
use std::path::Path;

use biobert::document::Link;
use biobert::terms::source::{Read, Source};
use biobert::terms::{Builder, Mention, Terms, TermsInfo};
use biobert::{OffsetUnit, RunOptions};
use serde::Serialize;
use serde_json::json;

use crate::args::{
    InfoFormat, TermsBuildArgs, TermsCommand, TermsInfoArgs, TermsLookArgs, TermsVectorsArgs,
};
use crate::failure::{Failure, Result, complain};
use crate::{files, models, progress, signals, terminologies};

pub fn run(command: TermsCommand) -> Result<()> {
    match command {
        TermsCommand::Build(args) => build(&args),
        TermsCommand::Info(args) => info(&args),
        TermsCommand::Vectors(args) => vectors(&args),
        TermsCommand::Look(args) => look(&args),
        TermsCommand::Learn(args) => crate::learn::run(&args),
    }
}

fn build(args: &TermsBuildArgs) -> Result<()> {
    if args.sources.iter().any(|path| files::is_stdin(path)) {
        let reason = "terminologies are read more than once: give files, not standard input";
        return Err(Failure::Message(reason.into()));
    }
    let source = Source::find(&args.sources, args.from)?;
    let options = args.options();
    // Terminologies are large.
    files::expect_writable(&args.out, source.files())?;
    let system = args.system.clone().or_else(|| source.system(&options)).ok_or_else(|| {
        let reason = "the files do not say what the system of their codes is called: give --system";
        Failure::Message(reason.into())
    })?;
    let stem = || args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let names = source.files().iter().filter_map(|file| file.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    let mut builder = Builder::new(TermsInfo {
        name: args.name.clone().or_else(stem).unwrap_or_default(),
        system,
        version: args.version.clone().or(source.version().map(String::from)).unwrap_or_default(),
        licence: args.licence.clone().unwrap_or_default(),
        source: names.join(", "),
    });
    let spinner = progress::spinner("reading");
    let read = source.read(&options, &mut |concept| builder.add(concept))?;
    spinner.suspend(|| tell(&read));
    spinner.set_message("writing");
    let built = builder.write(&args.out).map_err(|error| Failure::file(&args.out, error))?;
    spinner.finish_and_clear();
    for (count, what) in [
        (built.merged_codes, "concepts whose code was there before: their names were added to it"),
        (built.merged_names, "names that their code had before"),
        (
            built.skipped,
            "names or codes left out: without a letter or digit, with control characters, too long, or broken off at a comma",
        ),
    ] {
        if count > 0 {
            complain(&format!("{count} {what}"));
        }
    }
    let size = std::fs::metadata(&args.out).map_err(|error| Failure::file(&args.out, error))?.len();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} written: {} codes, {} names, {:.1} MB",
        args.out.display(),
        built.concepts,
        built.names,
        size as f64 / 1e6
    )?;
    let mut found = serde_json::to_value(built)?;
    found["records"] = read.records.into();
    found["left_out"] = json!(read.skipped);
    found["bytes"] = size.into();
    writeln!(out, "{found}")?;
    Ok(())
}

/// Says what was read, and what was left out and why.
fn tell(read: &Read) {
    let files = read.files.join(", ");
    let Read { records, concepts, names, .. } = read;
    let title = read.format.title();
    complain(&format!(
        "{files} read as {title}: {records} records, {concepts} concepts, {names} names"
    ));
    for (what, count) in &read.skipped {
        complain(&format!("left out: {count} {what}"));
    }
}

/// Writes the vectors of one index, or of all that a name stands for.
fn vectors(args: &TermsVectorsArgs) -> Result<()> {
    let paths = terminologies::find(&args.name)?;
    if args.out.is_some() && paths.len() > 1 {
        let reason = format!("{} stands for {} indices: without --out", args.name, paths.len());
        return Err(Failure::Message(reason));
    }
    let model = models::open(args.model.as_deref(), &args.engine)?;
    let cancel = Some(signals::cancel());
    let options = RunOptions { cancel, ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    for path in paths {
        let out = args.out.clone().unwrap_or_else(|| path.with_extension("vectors"));
        let reads = [vec![path.clone()], files::within(&models::find(args.model.as_deref())?)];
        files::expect_apart(&out, reads.iter().flatten())?;
        let terms = Terms::open(&path).and_then(|terms| terms.verify().map(|()| terms));
        let terms = terms.map_err(|error| Failure::file(&path, error))?;
        let bar = progress::bar(terms.name_count() as u64, "names");
        let mut progress = |done| bar.set_position(done as u64);
        let made = model.write_vectors(&terms, &out, &options, &mut progress);
        bar.finish_and_clear();
        let made = made.map_err(|error| Failure::file(&out, error))?;
        let mut stdout = std::io::stdout().lock();
        let (names, width, size) = (made.names, made.width, made.bytes as f64 / 1e6);
        let out = out.display();
        writeln!(stdout, "{out} written: {names} vectors of {width} numbers, {size:.1} MB")?;
        writeln!(stdout, "{}", serde_json::to_string(&made)?)?;
    }
    Ok(())
}

fn info(args: &TermsInfoArgs) -> Result<()> {
    terminologies::find(&args.name)?.iter().try_for_each(|path| describe(path, args.format))
}

fn describe(path: &Path, format: InfoFormat) -> Result<()> {
    let terms = Terms::open(path).and_then(|terms| terms.verify().map(|()| terms));
    let terms = terms.map_err(|error| Failure::file(path, error))?;
    let TermsInfo { name, system, version, licence, source } = terms.info();
    let mut out = std::io::stdout().lock();
    match format {
        InfoFormat::Json => {
            let mut found = serde_json::to_value(terms.info())?;
            found["codes"] = terms.concept_count().into();
            found["names"] = terms.name_count().into();
            found["bytes"] = terms.size().into();
            found["learned"] = terms.is_learned().into();
            found["sha256"] = terms.hash().into();
            writeln!(out, "{found}")?;
        }
        InfoFormat::Text => {
            let said =
                |text: &str| if text.is_empty() { "not said".into() } else { text.to_string() };
            let (codes, names) = (terms.concept_count(), terms.name_count());
            let learned = if terms.is_learned() { ", learned from coded mentions" } else { "" };
            writeln!(out, "index       {name} (sha256 {})", terms.hash())?;
            writeln!(out, "system      {system}, version {}", said(version))?;
            writeln!(
                out,
                "names       {names} of {codes} codes, {:.1} MB{learned}",
                terms.size() as f64 / 1e6
            )?;
            writeln!(out, "source      {}", said(source))?;
            writeln!(out, "licence     {}", said(licence))?;
        }
    }
    Ok(())
}

/// What was found for words.
#[derive(Serialize)]
struct Looked<'a> {
    text: &'a str,
    links: Vec<Link>,
}

fn look(args: &TermsLookArgs) -> Result<()> {
    let names: Vec<String> = args.names.split(',').map(|name| name.trim().into()).collect();
    let linker = terminologies::linker(&names, args.near.near)?;
    let model = args.near.open()?;
    let mut out = std::io::stdout().lock();
    for text in &args.words {
        let (label, section) = (args.label.as_str(), args.section.as_deref());
        let mention = Mention { text, label, section, ..Mention::default() };
        let mut links = linker.link(&mention);
        if let Some(model) = &model {
            let mut unlinked: Vec<_> = linker.unlinked(&mention, &mut links).into_iter().collect();
            model.link_near(&linker, &mut unlinked, &RunOptions::new(OffsetUnit::Utf8Bytes))?;
        }
        writeln!(out, "{}", serde_json::to_string(&Looked { text, links })?)?;
    }
    Ok(())
}

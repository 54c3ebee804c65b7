//! The commands on notes: `extract`, `sections`.

use biobert::ExtractOptions;

use crate::args::{ExtractArgs, SectionsArgs};
use crate::failure::Result;
use crate::note::Note;
use crate::session::Session;
use crate::sink::Sink;
use crate::terminologies;

pub fn extract(mut args: ExtractArgs) -> Result<()> {
    let form = args.notes.form(&args.input)?;
    let session = Session::with_model(args.model.as_deref(), &args.engine, &args.input, form)?;
    let mut session = session.teach(&mut args.heads, |_| true)?;
    session.reads.extend(terminologies::files(&args.terms, args.near)?);
    let sink = Sink::open(
        &args.output,
        &session.reads,
        "Notes",
        Some(&session.worker),
        session.options.unit,
    )?;
    let linker = terminologies::linker_if_any(&args.terms, args.near)?;
    let extract = ExtractOptions { assertion: args.assertion.into(), linker };
    session.annotate(
        sink,
        |model, _, inputs, options| model.extract(&args.heads, inputs, &extract, options),
        |output, source, found| output.note(&Note::extracted(source, found)),
    )
}

/// Needs no model, and no time to speak of.
pub fn sections(args: SectionsArgs) -> Result<()> {
    let mut session = Session::without_model(&args.input, args.notes.form(&args.input)?)?;
    let sink = Sink::open(&args.output, &args.input.files, "Sections", None, session.options.unit)?;
    session.annotate(
        sink,
        |engine, _, inputs, options| engine.sections(inputs, options),
        |output, source, found| output.note(&Note::divided(source, found)),
    )
}

//! The commands on notes: `extract`, `sections`.

use biobert::ExtractOptions;

use crate::args::{ExtractArgs, SectionsArgs};
use crate::failure::Result;
use crate::note::Note;
use crate::session::{Session, output};
use crate::terminologies;

pub fn extract(mut args: ExtractArgs) -> Result<()> {
    let form = args.notes.form();
    let session = Session::with_model(args.model.as_deref(), &args.engine, &args.input, form)?;
    let mut session = session.teach(&mut args.heads, |_| true)?;
    let mut output = output(args.format, "Notes", Some(&session.worker))?;
    let linker = (!args.terms.is_empty()).then(|| terminologies::linker(&args.terms));
    let linker = linker.transpose()?;
    let extract = ExtractOptions { assertion: args.assertion.into(), linker };
    session.write(
        &mut *output,
        |model, _, inputs, options| model.extract(&args.heads, inputs, &extract, options),
        |output, source, found| output.note(&Note::extracted(source, found)),
    )
}

/// Needs no model, and no time to speak of.
pub fn sections(args: SectionsArgs) -> Result<()> {
    let mut session = Session::without_model(&args.input, args.notes.form())?;
    let mut output = output(args.format, "Sections", None)?;
    session.write(
        &mut *output,
        |engine, _, inputs, options| engine.sections(inputs, options),
        |output, source, found| output.note(&Note::divided(source, found)),
    )
}

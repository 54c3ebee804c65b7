//! `biobert index`: a searchable directory of documents.

use std::io::Write;

use biobert::{Input, OffsetUnit, RunOptions, Text};

use crate::args::{IndexArgs, Invalid};
use crate::failure::{Failure, Result};
use crate::search::{Builder, passages};
use crate::session::Session;
use crate::signals;
use crate::sink::close;
use crate::staged::Staged;
use crate::written::{id_text, left_out};

pub fn run(args: IndexArgs) -> Result<()> {
    if args.input.invalid == Invalid::Replace {
        let reason = "an index keeps texts as they are: replace what is not UTF-8 beforehand";
        return Err(Failure::Message(reason.into()));
    }
    let form = args.notes.form(&args.input)?;
    let model = args.model.as_deref();
    let mut session = Session::with_model(model, &args.engine, &args.input, form)?;
    let staged = Staged::directory(&args.directory)?;
    let Some(room) = staged.room() else {
        return Err(Failure::file(&args.directory, "this is no directory"));
    };
    let model = session.worker.clone();
    let options = RunOptions { unit: OffsetUnit::UnicodeScalars, ..session.options.clone() };
    let mut builder = Builder::new(room, (!args.without_vectors).then_some(&model), &options)?;
    let done = session.run(
        |model, _, inputs, _| model.engine().sentences(inputs, &options),
        |doc, original, found| {
            let id = original.id.as_ref().map(id_text);
            match found {
                Ok(found) => {
                    let text = Text::new(Input::Utf8(&original.bytes), options.invalid_text)?;
                    let name = id.unwrap_or_else(|| (doc + 1).to_string());
                    builder.add(&passages(&name, &text, &found.sentences))
                }
                Err(error) => {
                    left_out(id.as_deref(), error);
                    Ok(())
                }
            }
        },
    );
    let done = match done {
        Err(Failure::Documents(count)) => Err(Failure::LeftOut(count)),
        Ok(()) => Ok(()),
        Err(failure) => return Err(failure),
    };
    let (documents, passages) = builder.finish()?;
    if passages == 0 {
        return Err(Failure::Message("no passage was read: there is nothing to search".into()));
    }
    if signals::cancel().is_triggered() {
        return Err(Failure::Interrupted);
    }
    // What is there is told, not what will be.
    let done = close(Some(staged), done);
    if matches!(done, Ok(()) | Err(Failure::LeftOut(_))) {
        let directory = args.directory.display();
        writeln!(std::io::stdout(), "{directory}: {documents} documents, {passages} passages")?;
    }
    done
}

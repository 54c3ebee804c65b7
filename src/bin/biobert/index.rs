//! `biobert index`: a searchable directory of documents.

use std::io::Write;

use biobert::{Input, OffsetUnit, RunOptions, Text};

use crate::args::IndexArgs;
use crate::failure::{Failure, Result};
use crate::search::{Builder, passages};
use crate::session::Session;
use crate::sink::close;
use crate::staged::Staged;
use crate::written::{id_text, left_out};

pub fn run(args: IndexArgs) -> Result<()> {
    let form = args.notes.form(&args.input)?;
    let model = args.model.as_deref();
    let mut session = Session::with_model(model, &args.engine, &args.input, form)?;
    let staged = Staged::directory(&args.directory)?;
    let room = staged.room().unwrap_or(&args.directory);
    let model = session.worker.clone();
    let mut builder = Builder::new(room, (!args.without_vectors).then_some(&model))?;
    let options = RunOptions { unit: OffsetUnit::UnicodeScalars, ..session.options.clone() };
    let done = session.run(
        |model, _, inputs, _| model.engine().sentences(inputs, &options),
        |doc, original, found| {
            let id = original.id.as_ref().map(id_text);
            match found {
                Ok(found) => {
                    let text = Text::new(Input::Utf8(&original.bytes), options.invalid_text)?;
                    let name = id.unwrap_or_else(|| (doc + 1).to_string());
                    builder.add(&passages(&name, &text, &found.sentences), &options)
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
    let directory = args.directory.display();
    writeln!(std::io::stdout(), "{directory}: {documents} documents, {passages} passages")?;
    close(Some(staged), done)
}

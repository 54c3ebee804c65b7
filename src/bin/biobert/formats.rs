//! `biobert formats`: annotated documents from one format to another, and which formats there are.

use std::io::Write;

use biobert::data::Format;
use biobert::{Input, InvalidText, Text};

use crate::args::{ConvertFormatArgs, Formats};
use crate::documents::{Documents, Original};
use crate::failure::{Failure, Result};
use crate::sink::{close, staged};
use crate::written::{Written, id_text, left_out, tell};
use crate::{progress, signals};

pub fn run(what: Formats) -> Result<()> {
    match what {
        Formats::Convert(args) => convert(&args),
        Formats::List => list(),
    }
}

fn convert(args: &ConvertFormatArgs) -> Result<()> {
    let unit = args.unit.into();
    let mut documents = Documents::open(&args.files, args.input_format.whole_form(), unit)?;
    let cancel = signals::cancel();
    // A bad path is found out before the work.
    let options = args.options.of(args.format, unit)?;
    let staged = staged(args.format, args.out.as_deref(), &args.files)?;
    let mut written = Written::new(args.format, options, None, staged.as_ref())?;
    let bar = match documents.length {
        Some(length) => progress::bar(length, "bytes"),
        None => progress::spinner("reading"),
    };
    let mut left = 0;
    let done = loop {
        let group = match signals::waiting(|| documents.next_group()) {
            Ok(group) if group.is_empty() => break Ok(()),
            Ok(group) => group,
            Err(failure) => break Err(failure),
        };
        if cancel.is_triggered() {
            break Err(Failure::Interrupted);
        }
        let wrote = bar.suspend(|| {
            group.into_iter().try_for_each(|original| {
                left += usize::from(!one(&mut written, original)?);
                Ok::<_, Failure>(())
            })
        });
        if wrote.is_err() {
            break wrote;
        }
        bar.set_position(documents.read());
    };
    bar.finish_and_clear();
    documents.tell_ids();
    tell(&documents.passed_over, "passed over");
    if !matches!(done, Err(Failure::NobodyReads)) {
        written.finish()?;
    }
    let done = if left > 0 { done.and(Err(Failure::LeftOut(left))) } else { done };
    close(staged, done)
}

/// Writes a document; whether it was written.
fn one(written: &mut Written, original: Original) -> Result<bool> {
    let id = original.id.as_ref().map(id_text);
    let text = match &original.wrong {
        Some(error) => Err(error.clone()),
        None => Text::new(Input::Utf8(&original.bytes), InvalidText::Reject),
    };
    match text {
        Ok(text) => {
            let mut document = original.given;
            document.text = text.as_str().into();
            document.id = id;
            written.document(document)
        }
        Err(error) => {
            left_out(id.as_deref(), &error);
            Ok(false)
        }
    }
}

fn list() -> Result<()> {
    let mut out = std::io::stdout().lock();
    let used = |format: &Format| format.is_read() || format.is_written();
    for format in Format::all().filter(used) {
        let way = match (format.is_read(), format.is_written()) {
            (true, true) => "read and written",
            (true, false) => "read",
            _ => "written",
        };
        writeln!(out, "{:13} {way:17} {}", format.name(), format.title())?;
    }
    Ok(())
}

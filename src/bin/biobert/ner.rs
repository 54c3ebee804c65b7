//! `biobert ner`.

use biobert::{DocumentEntities, Input, NerResult, OpenOptions, RunOptions};

use crate::args::{Format, NerArgs};
use crate::documents::Documents;
use crate::failure::{Failure, Result};
use crate::highlight::Found;
use crate::output::Output;
use crate::{html, jsonl, models, progress, terminal};

pub fn run(args: NerArgs) -> Result<()> {
    let mut documents = Documents::open(&args.file, args.whole)?;
    let model = models::open(args.model.as_deref(), args.engine.options(), OpenOptions::default())?;
    let cancel = progress::cancel_on_interrupt()?;
    let mut output: Box<dyn Output> = match args.format {
        Format::Jsonl => Box::new(jsonl::Jsonl::new(std::io::stdout().lock())),
        Format::Text => Box::new(terminal::Terminal::new(anstream::stdout().lock())),
        Format::Html => Box::new(html::Page::new(std::io::stdout().lock(), &model)?),
    };
    let options = RunOptions {
        invalid_text: args.invalid.into(),
        cancel: Some(cancel),
        ..RunOptions::new(args.unit.into())
    };
    // Unknown heads are found out before anything is read.
    model.ner(&args.heads, &[], &options)?;
    let bar = match documents.length {
        Some(length) => progress::bar(length, "bytes"),
        None => progress::spinner("reading"),
    };
    let mut counts = Counts::default();
    loop {
        let group = progress::waiting(|| documents.next_group())?;
        if group.is_empty() {
            break;
        }
        let inputs: Vec<Input<'_>> = group.iter().map(|bytes| Input::Utf8(bytes)).collect();
        let found = model.ner(&args.heads, &inputs, &options).map_err(Failure::from);
        // Only what is written has to share the terminal with the bar.
        let written = found.and_then(|found| {
            bar.suspend(|| write_group(&group, &found, &options, &mut *output, &mut counts))
        });
        if let Err(failure) = written {
            // What was found before is whole: end the page properly, if anybody reads it.
            if !matches!(failure, Failure::NobodyReads) {
                output.finish()?;
            }
            return Err(failure);
        }
        bar.set_position(documents.read);
    }
    bar.finish_and_clear();
    output.finish()?;
    if counts.failed > 0 { Err(Failure::Documents(counts.failed)) } else { Ok(()) }
}

#[derive(Default)]
struct Counts {
    documents: usize,
    failed: usize,
}

fn write_group(
    group: &[Vec<u8>],
    found: &NerResult,
    options: &RunOptions,
    output: &mut dyn Output,
    counts: &mut Counts,
) -> Result<()> {
    for (bytes, document) in group.iter().zip(&found.documents) {
        let index = counts.documents;
        counts.documents += 1;
        match document {
            Ok(document) => write_document(index, bytes, document, options, output)?,
            Err(error) => {
                counts.failed += 1;
                output.failed(index, error)?;
            }
        }
    }
    Ok(())
}

fn write_document(
    index: usize,
    bytes: &[u8],
    document: &DocumentEntities,
    options: &RunOptions,
    output: &mut dyn Output,
) -> Result<()> {
    let text = biobert::Text::new(Input::Utf8(bytes), options.invalid_text)?;
    let offsets = text.offsets(options.unit);
    let found: Vec<Found<'_>> = document
        .entities
        .iter()
        .map(|entity| {
            let bytes = offsets.byte(entity.start)..offsets.byte(entity.end);
            Found { entity, bytes: bytes.clone(), text: &text.as_str()[bytes] }
        })
        .collect();
    output.document(index, text.as_str(), &found)
}

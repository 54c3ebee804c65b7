//! The commands on documents whose results go with their text: `ner`, `re`, `classify`,
//! `sentences`.

use biobert::{ClassifyInput, Input, ReOptions, Task, Text};

use crate::args::{ClassifyArgs, NerArgs, ReArgs, SentencesArgs};
use crate::documents::Documents;
use crate::failure::{Failure, Result};
use crate::given::GivenFile;
use crate::output::{Content, Document};
use crate::session::{Session, output};

pub fn ner(mut args: NerArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?.teach(&mut args.heads.heads, Task::Ner)?;
    let mut output = output(args.heads.format, "Entities", Some(&session.model))?;
    session.write(
        &mut *output,
        |model, _, inputs, options| model.ner(&args.heads.heads, inputs, options),
        |found| Content { entities: Some(&found.spans), flags: found.flags, ..Content::default() },
    )
}

pub fn re(mut args: ReArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?.teach(&mut args.heads.heads, Task::Re)?;
    let given = args.entities.as_deref().map(GivenFile::open).transpose()?;
    let mut output = output(args.heads.format, "Relations", Some(&session.model))?;
    session.write(
        &mut *output,
        |model, first, inputs, options| {
            let given = given.as_ref().map(|given| given.of(first, inputs, options)).transpose()?;
            let relations = ReOptions { entities: given.as_deref(), unrelated: args.unrelated };
            model.re(&args.heads.heads, inputs, relations, options)
        },
        |found| Content {
            entities: Some(&found.spans),
            relations: Some(&found.relations),
            flags: found.flags,
            ..Content::default()
        },
    )?;
    given.map_or(Ok(()), |given| given.expect_all_used(session.count))
}

pub fn classify(mut args: ClassifyArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?.teach(&mut args.heads.heads, Task::Classify)?;
    let mut output = output(args.heads.format, "Classes", Some(&session.model))?;
    let second = args.against.as_deref().map(Input::from);
    session.write(
        &mut *output,
        |model, _, inputs, options| {
            let documents: Vec<ClassifyInput<'_>> =
                inputs.iter().map(|&text| ClassifyInput { text, second }).collect();
            model.classify(&args.heads.heads, &documents, options)
        },
        |found| Content { classes: Some(&found.classes), flags: found.flags, ..Content::default() },
    )
}

/// Needs no model, and no time to speak of.
pub fn sentences(args: SentencesArgs) -> Result<()> {
    let mut documents = Documents::open(&args.input.files, args.input.whole)?;
    let (unit, invalid) = (args.input.unit.into(), args.input.invalid.into());
    let mut output = output(args.format, "Sentences", None)?;
    let (mut index, mut failed) = (0, 0);
    loop {
        let group = documents.next_group()?;
        if group.is_empty() {
            break;
        }
        for bytes in group {
            match Text::new(Input::Utf8(&bytes), invalid) {
                Ok(text) => {
                    let offsets = text.offsets(unit);
                    let sentences: Vec<(usize, usize)> = biobert::sentences(text.as_str())
                        .into_iter()
                        .map(|sentence| (offsets.at(sentence.start), offsets.at(sentence.end)))
                        .collect();
                    let content = Content { sentences: Some(&sentences), ..Content::default() };
                    output.document(&Document::new(index, &text, unit, content))?;
                }
                Err(error) => {
                    failed += 1;
                    output.failed(index, &error)?;
                }
            }
            index += 1;
        }
    }
    output.finish()?;
    if failed > 0 { Err(Failure::Documents(failed)) } else { Ok(()) }
}

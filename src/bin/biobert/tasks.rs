//! The commands on documents whose results go with their text: `ner`, `re`, `classify`,
//! `sentences`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use biobert::{ClassifyInput, GivenEntity, Input, RelationOptions, Task, Text};
use serde::Deserialize;

use crate::args::{ClassifyArgs, NerArgs, ReArgs, SentencesArgs};
use crate::documents::Documents;
use crate::failure::{Failure, Result};
use crate::output::{Content, Document};
use crate::session::{Session, output};

pub fn ner(mut args: NerArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?.teach(&mut args.heads.heads, Task::Ner)?;
    let mut output = output(args.heads.format, "Entities", Some(&session.model))?;
    session.write(
        &mut *output,
        |model, _, inputs, options| model.ner(&args.heads.heads, inputs, options),
        |found| Content {
            entities: Some(&found.entities),
            flags: found.flags,
            ..Content::default()
        },
    )
}

pub fn re(mut args: ReArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?.teach(&mut args.heads.heads, Task::Re)?;
    let given = args.entities.as_deref().map(read_entities).transpose()?;
    let mut output = output(args.heads.format, "Relations", Some(&session.model))?;
    session.write(
        &mut *output,
        |model, first, inputs, options| {
            let given = given.as_ref().map(|given| given.of(first..first + inputs.len()));
            let relations =
                RelationOptions { entities: given.as_deref(), unrelated: args.unrelated };
            model.relations(&args.heads.heads, inputs, relations, options)
        },
        |found| Content {
            entities: Some(&found.entities),
            relations: Some(&found.relations),
            flags: found.flags,
            ..Content::default()
        },
    )?;
    given.map_or(Ok(()), |given| given.expect_all_used(session.count))
}

/// The entities of a file, by document.
struct GivenFile {
    path: PathBuf,
    documents: BTreeMap<usize, Vec<GivenEntity>>,
}

impl GivenFile {
    /// The entities of some documents, which count from the first of them.
    fn of(&self, documents: Range<usize>) -> Vec<GivenEntity> {
        let first = documents.start;
        let of_documents = self.documents.range(documents);
        let number = |(document, entities): (&usize, &Vec<GivenEntity>)| {
            let document = document - first;
            entities.iter().map(|e| GivenEntity { document, ..e.clone() }).collect::<Vec<_>>()
        };
        of_documents.flat_map(number).collect()
    }

    /// Entities of documents that there are not belong to another text: say so.
    fn expect_all_used(&self, count: usize) -> Result<()> {
        match self.documents.range(count..).next() {
            Some((document, _)) => {
                let reason = format!("has entities of document {document}; {count} were read");
                Err(Failure::file(&self.path, reason))
            }
            None => Ok(()),
        }
    }
}

/// Entities in the form in which `biobert ner` writes them.
fn read_entities(path: &Path) -> Result<GivenFile> {
    #[derive(Deserialize)]
    struct Line {
        doc: usize,
        #[serde(default)]
        entities: Vec<Given>,
    }
    #[derive(Deserialize)]
    struct Given {
        start: usize,
        end: usize,
        label: String,
    }
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    let mut documents = BTreeMap::<usize, Vec<GivenEntity>>::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line = serde_json::from_str(line)
            .map_err(|error| Failure::file(path, format!("line {}: {error}", index + 1)))?;
        let entities = documents.entry(line.doc).or_default();
        entities.extend(line.entities.into_iter().map(|given| GivenEntity {
            document: line.doc,
            start: given.start,
            end: given.end,
            kind: given.label,
        }));
    }
    Ok(GivenFile { path: path.into(), documents })
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

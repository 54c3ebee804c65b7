//! The commands on documents whose results go with their text: `ner`, `re`, `classify`,
//! `sentences`.

use biobert::{ClassifyInput, Input, ReOptions, Task};

use crate::args::{ClassifyArgs, NerArgs, ReArgs, SentencesArgs};
use crate::failure::Result;
use crate::given::GivenFile;
use crate::output::{Content, Document};
use crate::session::Session;
use crate::sink::{Shown, Sink};

pub fn ner(mut args: NerArgs) -> Result<()> {
    let mut session =
        Session::open(&args.text)?.teach(&mut args.heads.heads, |task| task == Task::Ner)?;
    let sink = Sink::open(
        &args.output,
        &session.reads,
        "Entities",
        Some(&session.worker),
        session.options.unit,
    )?;
    session.annotate(
        sink,
        |model, _, inputs, options| model.ner(&args.heads.heads, inputs, options),
        |output, source, found| {
            let (entities, flags) = (Some(&*found.spans), found.flags);
            output
                .document(&Document::new(source, Content { entities, flags, ..Content::default() }))
        },
    )
}

pub fn re(mut args: ReArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?
        .teach(&mut args.heads, |task| matches!(task, Task::Re | Task::Ner))?;
    let given = args.entities.as_deref().map(GivenFile::open).transpose()?;
    session.reads.extend(args.entities.clone());
    let sink = Sink::open(
        &args.output,
        &session.reads,
        "Relations",
        Some(&session.worker),
        session.options.unit,
    )?;
    session.annotate(
        sink,
        |model, first, inputs, options| {
            let given = given.as_ref().map(|given| given.of(first, inputs, options)).transpose()?;
            let relations = ReOptions { entities: given.as_deref(), unrelated: args.unrelated };
            model.re(&args.heads, inputs, relations, options)
        },
        |output, source, found| {
            let content = Content {
                entities: Some(&found.spans),
                relations: Some(&found.relations),
                flags: found.flags,
                ..Content::default()
            };
            output.document(&Document::new(source, content))
        },
    )?;
    given.map_or(Ok(()), |given| given.expect_all_used(session.count))
}

pub fn classify(mut args: ClassifyArgs) -> Result<()> {
    let mut session =
        Session::open(&args.text)?.teach(&mut args.heads.heads, |task| task == Task::Classify)?;
    let shown = Shown::open(&args.output, &session.reads, "Classes", Some(&session.worker))?;
    let second = args.against.as_deref().map(Input::from);
    session.write(
        shown,
        |model, _, inputs, options| {
            let documents: Vec<ClassifyInput<'_>> =
                inputs.iter().map(|&text| ClassifyInput { text, second }).collect();
            model.classify(&args.heads.heads, &documents, options)
        },
        |output, source, found| {
            let (classes, flags) = (Some(&*found.classes), found.flags);
            output
                .document(&Document::new(source, Content { classes, flags, ..Content::default() }))
        },
    )
}

pub fn sentences(args: SentencesArgs) -> Result<()> {
    let form = args.input.form(args.whole)?;
    let mut session = Session::without_model(&args.input, form)?;
    let shown = Shown::open(&args.output, &args.input.files, "Sentences", None)?;
    session.write(
        shown,
        |engine, _, inputs, options| engine.sentences(inputs, options),
        |output, source, found| {
            let (sentences, flags) = (Some(&*found.sentences), found.flags);
            output.document(&Document::new(
                source,
                Content { sentences, flags, ..Content::default() },
            ))
        },
    )
}

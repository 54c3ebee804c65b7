//! `biobert qa`: every question over all passages.

use biobert::{Input, Model, QaOptions, Question, RunOptions, Task, Text};

use crate::args::QaArgs;
use crate::failure::{Failure, Result, complain};
use crate::output::Answered;
use crate::session::Session;
use crate::sink::Shown;
use crate::{progress, signals};

pub fn run(mut args: QaArgs) -> Result<()> {
    let session =
        Session::open(&args.text)?.teach(&mut args.heads.heads, |task| task == Task::Qa)?;
    let Session { worker: model, options, documents, reads, .. } = session;
    let QaArgs { top, pool, threshold, .. } = args;
    let answers = QaOptions { top, pool, threshold, ..QaOptions::default() };
    // Unknown heads are found out before anything is read.
    model.qa(&args.heads.heads, &[], &answers, &options)?;
    let documents = signals::waiting(|| documents.all())?;
    let mut shown = Shown::open(&args.output, &reads, "Answers", Some(&model))?;
    let output = &mut shown.output;
    let passages = Passages::read(&documents, &model, &options);
    let bar = progress::bar(args.questions.len() as u64, "questions");
    let answered = args.questions.iter().enumerate().try_for_each(|(index, question)| {
        let asked = Question {
            weights: &[],
            question: question.as_str().into(),
            passages: &passages.inputs,
        };
        let found = model.qa(&args.heads.heads, &[asked], &answers, &options)?;
        bar.suspend(|| match found.documents.first() {
            Some(Ok(found)) => {
                let unit = options.unit;
                let (passages, sources) = (&passages.texts, &[]);
                output.answers(&Answered { question, passages, sources, words: None, unit, found })
            }
            Some(Err(error)) => output.failed(index, None, error),
            None => Ok(()),
        })?;
        bar.inc(1);
        Ok::<_, Failure>(())
    });
    bar.finish_and_clear();
    // What was answered before a failure is whole: end the page properly, if anybody reads it.
    if !matches!(answered, Err(Failure::NobodyReads)) {
        output.finish()?;
    }
    let failed = passages.failed;
    shown.close(answered.and(if failed > 0 { Err(Failure::Passages(failed)) } else { Ok(()) }))
}

/// The passages. One that cannot be read would fail each question: it is said once, and an empty one
/// stands in for it, so that the others keep their numbers.
struct Passages<'a> {
    inputs: Vec<Input<'a>>,
    texts: Vec<Text<'a>>,
    failed: usize,
}

impl<'a> Passages<'a> {
    fn read(
        documents: &'a [biobert::Result<Vec<u8>>],
        model: &Model,
        options: &RunOptions,
    ) -> Passages<'a> {
        let limit = model.info().limits.max_doc_bytes;
        let mut passages = Passages { inputs: Vec::new(), texts: Vec::new(), failed: 0 };
        for (index, document) in documents.iter().enumerate() {
            let readable = match document {
                Err(error) => Err(error.to_string()),
                Ok(bytes) if bytes.len() as u64 > limit => {
                    Err(format!("it has {} bytes, the limit is {limit}", bytes.len()))
                }
                Ok(bytes) => match Text::new(Input::Utf8(bytes), options.invalid_text) {
                    Ok(text) => Ok((Input::Utf8(bytes), text)),
                    Err(error) => Err(error.to_string()),
                },
            };
            let (input, text) = match readable {
                Ok(read) => read,
                Err(reason) => {
                    passages.failed += 1;
                    complain(&format!("passage {} is not read: {reason}", index + 1));
                    ("".into(), Text::default())
                }
            };
            passages.inputs.push(input);
            passages.texts.push(text);
        }
        passages
    }
}

//! `biobert qa`: every question over all passages.

use biobert::{AnswerOptions, Input, Question, Text};

use crate::args::QaArgs;
use crate::failure::{Failure, Result};
use crate::output::Answered;
use crate::progress;
use crate::session::{Session, output};

/// Questions that are answered between two signs of progress.
const GROUP: usize = 4;

pub fn run(args: QaArgs) -> Result<()> {
    let Session { model, options, documents } = Session::open(&args.text)?;
    let answers = AnswerOptions { top: args.top, ..AnswerOptions::default() };
    // Unknown heads are found out before anything is read.
    model.answers(&args.heads.heads, &[], &answers, &options)?;
    let documents = progress::waiting(|| documents.all())?;
    let mut output = output(args.heads.format, "Answers", Some(&model))?;
    // A passage that cannot be read fails each question alike: say it once, and go on without it.
    let (mut passages, mut numbers, mut failed) = (Vec::new(), Vec::new(), 0);
    for (index, bytes) in documents.iter().enumerate() {
        match Text::new(Input::Utf8(bytes), options.invalid_text) {
            Ok(text) => {
                passages.push(text);
                numbers.push(index);
            }
            Err(error) => {
                failed += 1;
                eprintln!("biobert: passage {index} is not read: {error}");
            }
        }
    }
    let inputs: Vec<Input<'_>> =
        numbers.iter().map(|&index| Input::Utf8(&documents[index])).collect();
    let bar = progress::bar(args.questions.len() as u64, "questions");
    let mut done = 0;
    for group in args.questions.chunks(GROUP) {
        let asked: Vec<Question<'_>> = group
            .iter()
            .map(|question| Question { question: question.as_str().into(), passages: &inputs })
            .collect();
        let found = model.answers(&args.heads.heads, &asked, &answers, &options)?;
        bar.suspend(|| {
            for (question, found) in group.iter().zip(&found.documents) {
                match found {
                    Ok(found) => output.answers(
                        done,
                        &Answered { question, passages: &passages, unit: options.unit, found },
                    )?,
                    Err(error) => {
                        failed += 1;
                        output.failed(done, error)?;
                    }
                }
                done += 1;
            }
            Ok::<_, Failure>(())
        })?;
        bar.set_position(done as u64);
    }
    bar.finish_and_clear();
    output.finish()?;
    if failed > 0 { Err(Failure::Documents(failed)) } else { Ok(()) }
}

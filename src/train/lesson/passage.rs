//! Answers: passages after their questions, window by window.

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::eval::example::{Answered, Example};
use crate::heads::{HeadSpec, Kind, Output};
use crate::model::Model;
use crate::tasks::qa::{QUESTION_PIECES, Windows, answer_pieces};
use crate::train::lesson::sequence::{Part, Sequence, kind};

/// A head for answers.
pub(super) fn spec(examples: &[Example], linear: bool) -> Result<HeadSpec> {
    let tells = |example: &Example| matches!(example, Example::Qa(asked) if asked.answer.is_some());
    if !examples.iter().any(tells) {
        return Err(Error::Argument("there is no answer in the training data".into()));
    }
    let labels = ["start", "end"].map(String::from).into();
    let output = Output::Answer { input: None };
    Ok(HeadSpec::new(kind(linear, Kind::Span, Kind::Passage), output, labels))
}

/// The windows of a passage. In one without the whole answer, "no answer" is right, which `[CLS]`
/// stands for.
pub(super) fn add(
    model: &Model,
    answered: &Answered,
    example: usize,
    spec: &HeadSpec,
    control: &Control,
    out: &mut Vec<Sequence>,
) -> Result<()> {
    let reads = Windows::new(model, spec);
    let special = model.tokenizer().special();
    let read = |text: &str| model.tokenizer().pieces(text, || control.check());
    let mut question = read(&answered.question)?.ids;
    question.truncate(QUESTION_PIECES.min(reads.capacity / 2));
    let passage = read(&answered.passage)?;
    let answer = answered.answer.as_ref().and_then(|bytes| answer_pieces(&passage, bytes));
    let before = question.len() + special.count(true) - 1;
    for pieces in reads.ranges(question.len(), passage.len()) {
        let inside =
            answer.filter(|&(first, last)| pieces.contains(&first) && pieces.contains(&last));
        let row = |piece: usize| (before + piece - pieces.start) as u32;
        let targets = inside.map_or(vec![0, 0], |(first, last)| vec![row(first), row(last)]);
        let tokens = (before + pieces.len() + 1) as u32;
        out.push(Sequence {
            first: question.clone(),
            second: Some(passage.ids[pieces.clone()].to_vec()),
            rows: (0..tokens).map(|token| token..token + 1).collect(),
            targets,
            part: Some(Part { example, before, pieces, answer }),
        });
    }
    Ok(())
}

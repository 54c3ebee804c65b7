//! Labelled sentences: relation and classification heads on tab-separated files.

use std::ops::Range;

use serde::Serialize;

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::table::{Row, rows};
use crate::eval::{f1, percent};
use crate::heads::{HeadSpec, Kind, Task, largest};
use crate::model::Model;
use crate::tasks::classify::document_places;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::re::pair_places;
use crate::tasks::{Masks, RunOptions};
use crate::text::OffsetUnit;

/// A sentence and its label, as an index into the head's labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The sentence; of a relation, with its entities masked.
    pub text: String,
    /// The label's index.
    pub label: usize,
}

/// Reads lines with a label last and a sentence before it, separated by tabs; what stands before
/// the sentence, an id or a number, is not used. A first line whose label the head does not know is
/// a header.
///
/// # Errors
/// [`Error::Model`] with the number of a line that is none of this.
pub fn parse(file: &str, text: &str, labels: &[String]) -> Result<Vec<Example>> {
    let example = |([text], label): Row<'_, 1>| Example { text: text.into(), label };
    Ok(rows(file, text, labels)?.into_iter().map(example).collect())
}

/// Precision, recall, F1 and accuracy in percent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ClassScore {
    /// Right ones of the positive labels that were given.
    pub precision: f64,
    /// Positive labels of the file that were found.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Right ones of all labels.
    pub accuracy: f64,
    /// Lines in the file.
    pub examples: usize,
}

/// Sentences that are handled between two calls of `progress`.
const GROUP: usize = 256;

/// Scores a head that reads `[CLS]`. F1 is the micro average over the positive labels: all but the
/// head's `negative` one; without such a label, the second of two labels, or all of more
/// (dmis-lab/biobert `re_eval.py`). A sentence that is too long is cut at its end, as there.
///
/// `progress` is told how many sentences are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head, [`Error::Argument`] for one that labels tokens,
/// [`Error::Cancelled`].
pub fn evaluate_labelled(
    model: &Model,
    head: &str,
    examples: &[Example],
    cancel: &Cancel,
    mut progress: impl FnMut(usize),
) -> Result<ClassScore> {
    let head = model.head(head)?;
    if !matches!(head.spec.kind, Kind::Cls | Kind::Places) {
        return Err(Error::Argument("the head labels tokens, not sentences".into()));
    }
    let masks = (head.spec.task() == Task::Re).then(|| Masks::new(head.spec.mask()));
    let options =
        RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = options.control();
    let (capacity, _) = head.spec.windows(model.max_tokens());
    let mut predicted = Vec::with_capacity(examples.len());
    for group in examples.chunks(GROUP) {
        let sequences = group.iter().map(|example| {
            let pieces = model.tokenizer().pieces(&example.text, || control.check())?;
            let masks = masks.as_ref().and_then(|masks| masks.find(&example.text));
            // Masks that the end was cut with are nowhere.
            let at = |byte: usize| pieces.at(byte).min(capacity);
            let masks = masks.map(|masks| masks.map(|mask| at(mask.start)..at(mask.end)));
            let mut ids = pieces.ids;
            ids.truncate(capacity);
            Ok((masks, Sequence::single(ids)))
        });
        encode(model, head.taken(), sequences, &control, |masks, states| {
            let places: &[Range<usize>] = match (masks, head.spec.task()) {
                (Some(masks), _) => &pair_places(&masks),
                (None, Task::Re) => &[0..1, 0..0, 0..0, 0..0],
                (None, _) => &document_places(states.tokens()),
            };
            predicted.push(largest(&head.sequence_logits(model.engine(), &states, places)));
            Ok(())
        })?;
        progress(predicted.len());
    }
    let gold: Vec<usize> = examples.iter().map(|example| example.label).collect();
    Ok(score(&gold, &predicted, positives(&head.spec)))
}

/// Whether each label is one that F1 counts.
pub(crate) fn positives(spec: &HeadSpec) -> impl Fn(usize) -> bool {
    let negative = spec.negative();
    let negative = negative.and_then(|name| spec.labels.iter().position(|label| label == name));
    let negative = negative.or((spec.labels.len() == 2).then_some(0));
    move |label| Some(label) != negative
}

pub(crate) fn score(
    gold: &[usize],
    predicted: &[usize],
    positive: impl Fn(usize) -> bool,
) -> ClassScore {
    let pairs = || gold.iter().zip(predicted);
    let right = pairs().filter(|(gold, predicted)| gold == predicted).count();
    let found = pairs().filter(|(gold, predicted)| gold == predicted && positive(**gold)).count();
    let count = |labels: &[usize]| labels.iter().filter(|&&label| positive(label)).count();
    let (precision, recall) = (percent(found, count(predicted)), percent(found, count(gold)));
    ClassScore {
        precision,
        recall,
        f1: f1(found, count(predicted), count(gold)),
        accuracy: percent(right, gold.len()),
        examples: gold.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::Output;

    fn labels() -> Vec<String> {
        ["a", "b", "none"].map(String::from).into()
    }

    #[test]
    fn files_are_read_with_and_without_header_and_id() {
        let example = |text: &str, label| Example { text: text.into(), label };
        let want = [example("x y", 0), example("z", 2)];
        for text in [
            "x y\ta\nz\tnone\n",
            "index\tsentence\tlabel\r\n0\tx y\ta\r\n1\tz\tnone\r\n",
            "id.1\tx y\ta\n\nid.2\tz\tnone",
        ] {
            assert_eq!(parse("f", text, &labels()).unwrap(), want);
        }
        let error = parse("f.tsv", "x\ta\ny\tc\n", &labels()).unwrap_err();
        assert_eq!(error.to_string(), "f.tsv: line 2 has a label that the head does not know");
        let error = parse("f.tsv", "x\ta\ny\n", &labels()).unwrap_err();
        assert_eq!(error.to_string(), "f.tsv: line 2 has fewer than 2 columns");
    }

    #[test]
    fn f1_counts_the_positive_labels_only() {
        let relation = Output::Relation {
            first: None,
            second: None,
            mask: None,
            negative: Some("none".into()),
            pooling: None,
        };
        let spec = HeadSpec::new(Kind::Cls, relation, labels());
        // One a right, one b taken for none, one none taken for b, two none right.
        let score = super::score(&[0, 1, 2, 2, 2], &[0, 2, 1, 2, 2], positives(&spec));
        assert_eq!((score.precision, score.recall, score.f1), (50.0, 50.0, 50.0));
        assert_eq!((score.accuracy, score.examples), (60.0, 5));
        let binary = HeadSpec::new(
            Kind::Cls,
            Output::Class { multi_label: None, pooling: None },
            vec!["0".into(), "1".into()],
        );
        let score = super::score(&[0, 1, 1], &[0, 1, 0], positives(&binary));
        assert_eq!((score.precision, score.recall, score.f1), (100.0, 50.0, 66.67));
        assert_eq!(super::score(&[], &[], |_| true), ClassScore::default());
    }
}

//! What texts say of their entities: the words of entities, sentence by sentence.

use std::ops::Range;

use crate::document::AssertionValue;
use crate::engine::Control;
use crate::error::{Error, Result};
use crate::eval::example::{Asserted, Example};
use crate::heads::{HeadSpec, Kind, Output};
use crate::model::Model;
use crate::sentence::sentences;
use crate::tasks::ner::{word_pieces, word_ranges};
use crate::train::lesson::sequence::Sequence;
use crate::window::windows;

/// A head for the five values.
pub(super) fn spec(examples: &[Example]) -> Result<HeadSpec> {
    let marked = |example: &Example| match example {
        Example::Assertion(asserted) => !asserted.entities.is_empty(),
        _ => false,
    };
    if !examples.iter().any(marked) {
        return Err(Error::Argument("there is no entity in the training data".into()));
    }
    let labels = AssertionValue::ALL.map(|value| value.name().to_string());
    Ok(HeadSpec::new(Kind::Token, Output::Assertion { reads: None }, labels.into()))
}

/// What the encoder reads of a text: a sentence is a sequence, or several where it is long, as when the
/// head is used. Of an entity's words the first pieces are learnt from.
pub(super) fn add(
    model: &Model,
    asserted: &Asserted,
    spec: &HeadSpec,
    control: &Control,
    out: &mut Vec<Sequence>,
) -> Result<()> {
    let pieces = model.tokenizer().pieces(&asserted.text, || control.check())?;
    let words = word_values(&word_ranges(&pieces), asserted);
    let (capacity, step) = spec.windows(model.max_tokens());
    let starts = sentences(&asserted.text).into_iter().map(|sentence| sentence.start);
    let mut before = 0;
    for sentence in pieces.cut(starts.skip(1)) {
        let starts_word = &pieces.starts_word[sentence.clone()];
        for window in windows(starts_word, capacity, step) {
            let range = window.pieces.clone();
            let first = starts_word[..range.start].iter().filter(|&&starts| starts).count();
            let values = words[before + first..].iter();
            let own = word_pieces(&starts_word[range.clone()]).zip(values);
            // `[CLS]` comes first.
            let row = |(word, value): (Range<usize>, &Option<AssertionValue>)| {
                value.map(|value| (1 + word.start as u32..2 + word.start as u32, value as u32))
            };
            let (rows, targets): (Vec<_>, Vec<_>) = own.filter_map(row).unzip();
            if !rows.is_empty() {
                let first = pieces.ids[window.shifted(sentence.start).pieces].to_vec();
                out.push(Sequence { first, second: None, rows, targets, part: None });
            }
        }
        before += starts_word.iter().filter(|&&starts| starts).count();
    }
    Ok(())
}

/// What is said of each word; nothing of those of no entity.
fn word_values(words: &[(u32, u32)], asserted: &Asserted) -> Vec<Option<AssertionValue>> {
    let mut values = vec![None; words.len()];
    for entity in &asserted.entities {
        let from = words.partition_point(|word| word.1 as usize <= entity.bytes.start);
        let to = words.partition_point(|word| (word.0 as usize) < entity.bytes.end);
        values[from..to.max(from)].fill(Some(entity.value));
    }
    values
}

//! Entities: words with labels, sentence by sentence.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::eval::example::{Annotated, Example, Mention};
use crate::heads::{HeadSpec, Kind, Output};
use crate::model::Model;
use crate::sentence::sentences;
use crate::tasks::ner::{word_pieces, word_ranges};
use crate::tokenizer::Pieces;
use crate::train::lesson::sequence::{Sequence, kind};
use crate::window::windows;

/// A head for the kinds that are marked: of each the first word of an entity, and the others.
pub(super) fn spec(examples: &[Example], linear: bool) -> Result<HeadSpec> {
    let mut kinds: BTreeSet<Arc<str>> = BTreeSet::new();
    for example in examples {
        let Example::Ner(annotated) = example else { continue };
        kinds.extend(annotated.entities.iter().map(|mention| mention.kind.clone()));
    }
    if kinds.is_empty() {
        return Err(Error::Argument("there is no entity in the training data".into()));
    }
    let mut labels = vec!["O".to_string()];
    labels.extend(kinds.iter().flat_map(|kind| [format!("B-{kind}"), format!("I-{kind}")]));
    let sole = kinds.first().filter(|_| kinds.len() == 1);
    let output = Output::Tag { entity: sole.map(|kind| kind.to_string()), crf: false };
    Ok(HeadSpec::new(kind(linear, Kind::Token, Kind::Words), output, labels))
}

/// What the encoder reads of a text: a sentence is a sequence, or several where it is long, as when
/// the head is used.
pub(super) fn add(
    model: &Model,
    annotated: &Annotated,
    spec: &HeadSpec,
    control: &Control,
    out: &mut Vec<Sequence>,
) -> Result<()> {
    let mut pieces = model.tokenizer().pieces(&annotated.text, || control.check())?;
    if let Some(words) = &annotated.words {
        pieces.set_words(words);
    }
    let labels = word_labels(&word_ranges(&pieces), &annotated.entities, &spec.labels);
    let (capacity, step) = spec.windows(model.max_tokens());
    for sentence in sentence_pieces(annotated, &pieces) {
        for window in windows(&pieces.starts_word[sentence.clone()], capacity, step) {
            let range = window.shifted(sentence.start).pieces;
            let starts_word = &pieces.starts_word[range.clone()];
            // The word that a piece belongs to is the last that started.
            let before =
                pieces.starts_word[..=range.start].iter().filter(|&&starts| starts).count();
            let first = before.max(1) - 1;
            // `[CLS]` comes first. A head on single tokens reads a word's first piece.
            let row = |word: Range<usize>| match spec.kind {
                Kind::Token => 1 + word.start as u32..2 + word.start as u32,
                _ => 1 + word.start as u32..1 + word.end as u32,
            };
            let rows: Vec<Range<u32>> = word_pieces(starts_word).map(row).collect();
            let mut targets: Vec<u32> = labels[first..first + rows.len()].to_vec();
            // A window may begin inside an entity, which then begins there: even labels are insides.
            if let Some(first) = targets.first_mut().filter(|first| **first > 0 && **first % 2 == 0)
            {
                *first -= 1;
            }
            let first = pieces.ids[range].to_vec();
            out.push(Sequence { first, second: None, rows, targets, part: None });
        }
    }
    Ok(())
}

/// A label for each word: 0 outside; of the kind number `k`, `1 + 2k` for its first word and `2 + 2k`
/// for the others.
fn word_labels(words: &[(u32, u32)], entities: &[Mention], known: &[String]) -> Vec<u32> {
    let mut labels = vec![0; words.len()];
    for entity in entities {
        let begins = |label: &String| label.strip_prefix("B-") == Some(&*entity.kind);
        // A kind that only the held-out texts know cannot be found.
        let Some(begin) = known.iter().position(begins) else { continue };
        let from = words.partition_point(|word| word.1 as usize <= entity.bytes.start);
        let to = words.partition_point(|word| (word.0 as usize) < entity.bytes.end);
        for (index, label) in labels[from..to.max(from)].iter_mut().enumerate() {
            *label = begin as u32 + u32::from(index > 0);
        }
    }
    labels
}

/// The sentences of a text as ranges of pieces. One that ends within an entity goes on.
fn sentence_pieces(annotated: &Annotated, pieces: &Pieces) -> Vec<Range<usize>> {
    if annotated.words.is_some() {
        return std::iter::once(0..pieces.len()).collect();
    }
    let inside = |byte: usize| {
        annotated.entities.iter().any(|entity| entity.bytes.start < byte && byte < entity.bytes.end)
    };
    let starts = sentences(&annotated.text).into_iter().map(|sentence| sentence.start);
    pieces.cut(starts.skip(1).filter(|&byte| !inside(byte)))
}

//! A NER head on an annotated file: the file's words are the words.

use std::ops::Range;

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::conlleval::{NerScore, Sentence};
use crate::heads::{Tag, Task};
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::ner::{Passage, label_words};
use crate::text::OffsetUnit;
use crate::tokenizer::Pieces;

/// Sentences that are handled between two calls of `progress`.
const GROUP: usize = 256;

/// Scores a head on sentences whose words are joined by blanks; the first piece of a word decides,
/// and a word without pieces is outside.
///
/// `progress` is told how many sentences are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head, [`Error::Cancelled`].
pub fn evaluate_ner(
    model: &Model,
    head: &str,
    sentences: &[Sentence],
    cancel: &Cancel,
    mut progress: impl FnMut(usize),
) -> Result<NerScore> {
    let heads = model.heads_for(Task::Ner, &[head.to_string()])?;
    let head = heads.first().ok_or_else(|| Error::Internal("no head".into()))?;
    let options =
        RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = options.control();
    let head_tags = head.spec.tags();
    let entity = head.spec.plain_entity();
    let mut score = NerScore::default();
    let mut done = 0;
    for group in sentences.chunks(GROUP) {
        let mut words = Vec::with_capacity(group.len());
        let mut pieces = Vec::with_capacity(group.len());
        for sentence in group {
            let (text, ranges) = join(&sentence.words);
            let mut read = model.tokenizer().pieces(&text, || control.check())?;
            read.set_words(&ranges);
            words.push(ranges);
            pieces.push(read);
        }
        // A sentence of the file is one.
        let whole: Vec<Range<usize>> = pieces.iter().map(|pieces| 0..pieces.len()).collect();
        let passages: Vec<Passage<'_>> = pieces
            .iter()
            .zip(&whole)
            .map(|(pieces, whole)| Passage { pieces, sentences: std::slice::from_ref(whole) })
            .collect();
        let labelled = label_words(model, &heads, &passages, &control)?;
        for (((sentence, words), pieces), labelled) in
            group.iter().zip(&words).zip(&pieces).zip(labelled)
        {
            let mut predicted = vec![Tag::Outside; sentence.words.len()];
            for (word, label) in words_with_pieces(words, pieces).zip(&labelled.heads[0]) {
                predicted[word] = head_tags[label.label as usize].clone();
            }
            let gold: Vec<Tag> = sentence.tags.iter().map(|tag| Tag::parse(tag, &entity)).collect();
            score.add(&gold, &predicted);
        }
        done += group.len();
        progress(done);
    }
    Ok(score.finish())
}

/// Words joined by blanks, and where each of them lies.
pub(crate) fn join(words: &[String]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut ranges = Vec::with_capacity(words.len());
    for word in words {
        if !text.is_empty() {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(word);
        ranges.push(start..text.len());
    }
    (text, ranges)
}

/// Indices of the words that have a first piece, in order.
fn words_with_pieces(words: &[Range<usize>], pieces: &Pieces) -> impl Iterator<Item = usize> {
    let firsts = pieces.spans.iter().zip(&pieces.starts_word).filter(|(_, starts)| **starts);
    firsts.map(|(&(start, _), _)| words.partition_point(|word| word.end <= start as usize))
}

//! Two-column BIO files and the measure of `conlleval.pl` (CoNLL-2000, 2004 rules): an entity
//! counts if its bounds and its kind are exactly right.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::eval::{f1, percent};
use crate::heads::Tag;
use crate::tasks::spans;

/// A sentence of a file: words and their tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence {
    /// The words.
    pub words: Vec<String>,
    /// A tag for each: `O`, `B`, `I`, `B-Disease` and so on.
    pub tags: Vec<String>,
}

/// Reads a file of lines with a word first and a tag last, separated by white space; a blank line
/// ends a sentence.
///
/// # Errors
/// [`Error::Model`] with the number of a line that has no tag.
pub fn parse(file: &str, text: &str) -> Result<Vec<Sentence>> {
    let mut sentences = vec![Sentence::default()];
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            if sentences.last().is_some_and(|sentence| !sentence.words.is_empty()) {
                sentences.push(Sentence::default());
            }
            continue;
        }
        let mut columns = line.split(['\t', ' ']).filter(|column| !column.is_empty());
        let (Some(word), Some(tag)) = (columns.next(), columns.next_back()) else {
            return Err(Error::model(file, format!("line {} has no tag", index + 1)));
        };
        if let Some(sentence) = sentences.last_mut() {
            sentence.words.push(word.into());
            sentence.tags.push(tag.into());
        }
    }
    sentences.retain(|sentence| !sentence.words.is_empty());
    Ok(sentences)
}

/// Precision, recall and F1 in percent, and the counts behind them.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct NerScore {
    /// Correct of predicted, in percent.
    pub precision: f64,
    /// Correct of gold, in percent.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
    /// Entities in the file.
    pub gold: usize,
    /// Entities found.
    pub predicted: usize,
    /// Entities found with exactly the right bounds and kind.
    pub correct: usize,
    /// Words in the file.
    pub tokens: usize,
}

impl NerScore {
    /// Counts a sentence: its gold tags and as many predicted ones.
    pub(crate) fn add(&mut self, gold: &[Tag], predicted: &[Tag]) {
        let (gold_spans, predicted_spans) = (chunks(gold), chunks(predicted));
        self.gold += gold_spans.len();
        self.predicted += predicted_spans.len();
        self.correct += gold_spans.intersection(&predicted_spans).count();
        self.tokens += gold.len();
    }

    /// Works out the percentages, rounded to two places as the script prints them.
    pub(crate) fn finish(mut self) -> NerScore {
        self.precision = percent(self.correct, self.predicted);
        self.recall = percent(self.correct, self.gold);
        self.f1 = f1(self.correct, self.predicted, self.gold);
        self
    }
}

/// The entities of a sentence: first word, word behind the last, kind.
fn chunks(tags: &[Tag]) -> BTreeSet<(usize, usize, Arc<str>)> {
    let spans = spans(tags.iter().map(|tag| (tag, 1.0)));
    spans.into_iter().map(|span| (span.words.start, span.words.end, span.kind)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(labels: &str) -> Vec<Tag> {
        labels.split(' ').map(|label| Tag::parse(label, &"Disease".into())).collect()
    }

    #[test]
    fn files_are_read_as_they_come() {
        let sentences = parse("f", "a\tB\r\nb\tI\r\n\r\n\n \nc x O\n").unwrap();
        assert_eq!(sentences.len(), 2);
        assert_eq!(sentences[0].tags, ["B", "I"]);
        assert_eq!(sentences[1].words, ["c"]);
        assert_eq!(
            parse("f.tsv", "a\tB\nb\n").unwrap_err().to_string(),
            "f.tsv: line 2 has no tag"
        );
        assert_eq!(parse("f", "\n\n").unwrap(), []);
    }

    #[test]
    fn only_exact_entities_count() {
        let mut score = NerScore::default();
        score.add(&tags("B I O B O"), &tags("B I O B I"));
        score.add(&tags("B-a I-a B-b"), &tags("I-a I-a I-b"));
        let score = score.finish();
        assert_eq!((score.gold, score.predicted, score.correct, score.tokens), (4, 4, 3, 8));
        assert_eq!((score.precision, score.recall, score.f1), (75.0, 75.0, 75.0));
    }

    #[test]
    fn nothing_at_all_is_zero_and_not_a_division() {
        assert_eq!(NerScore::default().finish(), NerScore::default());
    }
}

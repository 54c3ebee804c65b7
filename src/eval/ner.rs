//! Entities, by the rules of `conlleval.pl` (CoNLL-2000, 2004): one counts if its bounds and its kind
//! are exactly right.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::error::Result;
use crate::eval::example::{Annotated, Mention};
use crate::eval::{
    Bins, Confusion, Evaluation, Evaluator, Example, LabelScore, NerScore, Score, f1, kinds,
    percent, wrong,
};
use crate::tag::{Tag, spans};
use crate::tasks::ner::{Passage, WordLabel, label_words, word_ranges};
use crate::tasks::read::{Reading, read};

/// Examples that are handled between two calls of `progress`.
const GROUP: usize = 256;

/// An entity in words: the first, the one after the last, its kind.
pub(crate) type Chunk = (usize, usize, Arc<str>);

/// Entities that are counted.
pub(crate) struct EntityTally {
    /// `O`, and the kinds that count.
    kinds: Vec<String>,
    whole: NerScore,
    by_kind: Vec<NerScore>,
    /// Words, by right kind and found kind.
    counts: Vec<Vec<usize>>,
}

impl EntityTally {
    pub(crate) fn new(kinds: impl IntoIterator<Item = String>) -> EntityTally {
        let kinds: Vec<String> = ["O".to_string()].into_iter().chain(kinds).collect();
        let zero = NerScore::default();
        let (by_kind, counts) = (vec![zero; kinds.len()], vec![vec![0; kinds.len()]; kinds.len()]);
        EntityTally { kinds, whole: zero, by_kind, counts }
    }

    /// Counts a text of so many words. Entities of kinds that do not count are passed over.
    pub(crate) fn add(
        &mut self,
        words: usize,
        gold: impl IntoIterator<Item = Chunk>,
        found: impl IntoIterator<Item = Chunk>,
    ) {
        let kind = |chunk: &Chunk| self.kinds.iter().skip(1).position(|kind| **kind == *chunk.2);
        let numbered = |chunk: Chunk| Some((chunk.0, chunk.1, 1 + kind(&chunk)?));
        let gold: BTreeSet<_> = gold.into_iter().filter_map(numbered).collect();
        let found: BTreeSet<_> = found.into_iter().filter_map(numbered).collect();
        self.whole.tokens += words;
        for (chunks, count) in [
            (gold.iter(), (|score| &mut score.gold) as fn(&mut NerScore) -> &mut usize),
            (found.iter(), |score| &mut score.predicted),
        ] {
            for &(_, _, kind) in chunks {
                *count(&mut self.whole) += 1;
                *count(&mut self.by_kind[kind]) += 1;
            }
        }
        for &(_, _, kind) in gold.intersection(&found) {
            self.whole.correct += 1;
            self.by_kind[kind].correct += 1;
        }
        let of_words = |chunks: &BTreeSet<(usize, usize, usize)>| {
            let mut kinds = vec![0; words];
            for &(start, end, kind) in chunks {
                kinds[start..end].fill(kind);
            }
            kinds
        };
        for (gold, found) in of_words(&gold).into_iter().zip(of_words(&found)) {
            self.counts[gold][found] += 1;
        }
    }

    pub(crate) fn finish(self, calibration_error: Option<f64>) -> Evaluation {
        let by_label = self.by_kind.iter().zip(&self.kinds).skip(1);
        let by_label = by_label
            .map(|(score, name)| LabelScore::new(name, score.correct, score.predicted, score.gold));
        let NerScore { gold, predicted, correct, .. } = self.whole;
        let whole = NerScore {
            precision: percent(correct, predicted),
            recall: percent(correct, gold),
            f1: f1(correct, predicted, gold),
            ..self.whole
        };
        Evaluation {
            score: Score::Ner(whole),
            by_label: by_label.collect(),
            confusion: Some(Confusion { labels: self.kinds, counts: self.counts }),
            calibration_error,
            assertions: None,
        }
    }
}

impl Evaluator<'_> {
    /// Measures a head that finds entities. The words are those of the file, where it has its own, and
    /// the text is one sentence; else those of the tokenizer and the sentences of the splitter. A
    /// word without pieces is outside.
    pub(super) fn entities(
        &self,
        examples: &[Example],
        progress: &mut dyn FnMut(usize),
    ) -> Result<Evaluation> {
        let own = kinds(&self.head.spec);
        let unknown = self.kinds.iter().any(|kind| !own.contains(kind));
        if unknown {
            let reason = format!("a kind that the head does not find; it finds {}", own.join(", "));
            return Err(crate::error::Error::Argument(reason));
        }
        let scored = if self.kinds.is_empty() { &own } else { self.kinds };
        let tags = self.head.spec.tags();
        let mut tally = EntityTally::new(scored.iter().cloned());
        let mut bins = Bins::default();
        for (number, group) in examples.chunks(GROUP).enumerate() {
            let texts = group.iter().filter_map(|example| match example {
                Example::Ner(annotated) => Some(Words::read(self, annotated)),
                _ => None,
            });
            let texts = texts.collect::<Result<Vec<_>>>()?;
            for (at, text) in texts.iter().enumerate() {
                let mut kinds = text.annotated.entities.iter().map(|entity| &entity.kind);
                if kinds.any(|kind| scored.iter().all(|scored| **scored != **kind)) {
                    let reason = "it has a kind of entity that the head does not find";
                    return Err(wrong(number * GROUP + at, reason));
                }
            }
            let passages: Vec<Passage<'_>> = texts.iter().map(Words::passage).collect();
            let heads = std::slice::from_ref(&self.head);
            let labelled = label_words(self.model, heads, &passages, &self.control)?;
            for (text, labelled) in texts.iter().zip(&labelled) {
                text.count(&labelled.heads[0], &tags, &mut tally, &mut bins);
            }
            progress(number * GROUP + group.len());
        }
        // The probabilities are those of all kinds.
        let calibration = if self.kinds.is_empty() { bins.error() } else { None };
        Ok(tally.finish(calibration))
    }
}

/// An example in words.
struct Words<'a> {
    annotated: &'a Annotated,
    reading: Reading<'a>,
    /// Sentences, as pieces.
    sentences: Vec<Range<usize>>,
    /// Words, as bytes.
    words: Vec<Range<usize>>,
}

impl<'a> Words<'a> {
    fn read(evaluator: &Evaluator<'_>, annotated: &'a Annotated) -> Result<Words<'a>> {
        let Evaluator { model, options, control, .. } = evaluator;
        let mut reading = read(model, annotated.text.as_str().into(), options, control)??;
        let (sentences, words) = match &annotated.words {
            Some(words) => {
                reading.pieces.set_words(words);
                (std::iter::once(0..reading.pieces.len()).collect(), words.clone())
            }
            None => {
                let words = word_ranges(&reading.pieces).into_iter();
                let words = words.map(|(start, end)| start as usize..end as usize).collect();
                (reading.sentences(), words)
            }
        };
        Ok(Words { annotated, reading, sentences, words })
    }

    fn passage(&self) -> Passage<'_> {
        Passage { pieces: &self.reading.pieces, sentences: &self.sentences }
    }

    /// The entities as words. One in which no word stands keeps its place, and cannot be found.
    fn gold(&self) -> Vec<Chunk> {
        let chunk = |mention: &Mention| {
            let from = self.words.partition_point(|word| word.end <= mention.bytes.start);
            let to = self.words.partition_point(|word| word.start < mention.bytes.end);
            (from, to.max(from), mention.kind.clone())
        };
        self.annotated.entities.iter().map(chunk).collect()
    }

    fn count(&self, labels: &[WordLabel], tags: &[Tag], tally: &mut EntityTally, bins: &mut Bins) {
        let pieces = &self.reading.pieces;
        // A word without pieces has no label.
        let mut found: Vec<Option<WordLabel>> = vec![None; self.words.len()];
        let mut chunks = Vec::new();
        let mut labels = labels.iter();
        for sentence in &self.sentences {
            let word = |piece: usize| {
                let start = pieces.spans[piece].0 as usize;
                self.words.partition_point(|word| word.end <= start)
            };
            let firsts = sentence.clone().filter(|&piece| pieces.starts_word[piece]).map(word);
            firsts.zip(&mut labels).for_each(|(word, label)| found[word] = Some(*label));
            let range = match &self.annotated.words {
                Some(words) => 0..words.len(),
                None => word(sentence.start)..word(sentence.end - 1) + 1,
            };
            let tag = |label: &Option<WordLabel>| {
                label.map_or(&Tag::Outside, |l| &tags[l.label as usize])
            };
            let own = spans(found[range.clone()].iter().map(|label| (tag(label), 1.0)));
            let chunk = own.into_iter().map(|span| {
                (range.start + span.words.start, range.start + span.words.end, span.kind)
            });
            chunks.extend(chunk);
        }
        let gold = self.gold();
        let [right, told] = [&gold, &chunks].map(|chunks| states(chunks, self.words.len()));
        for ((right, told), label) in right.into_iter().zip(told).zip(found) {
            // Words that nobody says anything of are all right, and would hide the others.
            if let Some(label) = label.filter(|_| right.is_some() || told.is_some()) {
                bins.add(label.probability, right == told);
            }
        }
        tally.add(self.words.len(), gold, chunks);
    }
}

/// Of each word the kind of its entity and whether it is its first word.
fn states(chunks: &[Chunk], words: usize) -> Vec<Option<(Arc<str>, bool)>> {
    let mut states = vec![None; words];
    for (start, end, kind) in chunks {
        for (word, state) in states[*start..*end].iter_mut().enumerate() {
            *state = Some((kind.clone(), word == 0));
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(labels: &str) -> Vec<Chunk> {
        let tags: Vec<Tag> =
            labels.split(' ').map(|label| Tag::parse(label, &"Disease".into())).collect();
        let spans = spans(tags.iter().map(|tag| (tag, 1.0))).into_iter();
        spans.map(|span| (span.words.start, span.words.end, span.kind)).collect()
    }

    fn score(tally: EntityTally) -> (NerScore, Evaluation) {
        let evaluation = tally.finish(None);
        let Score::Ner(score) = evaluation.score else { panic!() };
        (score, evaluation)
    }

    #[test]
    fn only_exact_entities_count() {
        let mut tally = EntityTally::new(["Disease", "a", "b"].map(String::from));
        tally.add(5, chunks("B I O B O"), chunks("B I O B I"));
        tally.add(3, chunks("B-a I-a B-b"), chunks("I-a I-a I-b"));
        let (score, evaluation) = score(tally);
        assert_eq!((score.gold, score.predicted, score.correct, score.tokens), (4, 4, 3, 8));
        assert_eq!((score.precision, score.recall, score.f1), (75.0, 75.0, 75.0));
        let disease = &evaluation.by_label[0];
        assert_eq!((disease.label.as_str(), disease.f1), ("Disease", 50.0));
        let confusion = evaluation.confusion.unwrap();
        assert_eq!(confusion.labels, ["O", "Disease", "a", "b"]);
        assert_eq!(confusion.counts[0], [1, 1, 0, 0]);
    }

    #[test]
    fn kinds_that_are_not_asked_for_do_not_count() {
        let mut tally = EntityTally::new(["a".to_string()]);
        tally.add(3, chunks("B-a B-b O"), chunks("B-a B-b B-b"));
        let (score, _) = score(tally);
        assert_eq!((score.gold, score.predicted, score.correct), (1, 1, 1));
    }

    #[test]
    fn nothing_at_all_is_zero_and_not_a_division() {
        assert_eq!(score(EntityTally::new([])).0, NerScore::default());
    }
}

//! Named entities from raw text: several heads over one pass of the encoder, sentence by sentence.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;
use unicode_categories::UnicodeCategories;

pub use crate::document::Also;
use crate::document::shared;
use crate::engine::{Control, Engine, States, Taken};
use crate::error::Result;
use crate::heads::{Globals, Head, Kind, Task};
use crate::model::Model;
use crate::tag::spans;
use crate::tasks::assertion::{Values, logits};
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, by_groups};
use crate::text::Input;
use crate::tokenizer::Pieces;
use crate::window::{Window, windows};

/// An entity that was found: a half-open range of the document, with a label.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Span {
    /// Offset of its first character, in the unit of the call.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
    /// Its kind, such as `Disease`.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// Mean probability of the labels of its words, 0 to 1.
    pub score: f32,
    /// The head that found it.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
}

/// The entities of a document, by start, the longer first where two start together. Entities of
/// one head do not overlap; those of different heads may.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentSpans {
    /// The entities.
    #[serde(rename = "entities")]
    pub spans: Vec<Span>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

/// The entities of a batch.
pub type NerResult = Results<DocumentSpans>;

impl Model {
    /// Finds the entities of a batch of documents, with the heads named or with all NER heads.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for an unknown head,
    /// [`Error::Limit`](crate::Error::Limit) for a batch that is too large,
    /// [`Error::Cancelled`](crate::Error::Cancelled) and
    /// [`Error::Deadline`](crate::Error::Deadline). What is wrong with one document stands in its
    /// entry of the result.
    pub fn ner(
        &self,
        heads: &[String],
        documents: &[Input<'_>],
        options: &RunOptions,
    ) -> Result<NerResult> {
        let heads = self.heads_for(Task::Ner, heads)?;
        let control = options.control();
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            |document| document.size(),
            &control,
            |document| read(self, document, options, &control),
            |_, readings| {
                let found = find(self, &heads, None, &readings, &control)?;
                let located = |(reading, found): (Result<Reading<'_>>, Found)| {
                    Ok(reading.map(|reading| found.located(&reading, options)))
                };
                let all = readings.into_iter().zip(found).collect();
                self.engine().workers().map(all, located)
            },
        )
    }
}

/// An entity in bytes of the text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ByteEntity {
    pub(crate) bytes: Range<usize>,
    pub(crate) label: Arc<str>,
    pub(crate) head: Arc<str>,
    pub(crate) score: f32,
    /// What other heads call it, once their entities are merged.
    pub(crate) also: Vec<Also>,
}

/// What was found in a document, before the caller's unit.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) entities: Vec<ByteEntity>,
    /// What the assertion head makes of each word; empty without one.
    pub(crate) assertions: Vec<Values>,
    pub(crate) windowed: bool,
}

impl Found {
    pub(crate) fn located(&self, reading: &Reading<'_>, options: &RunOptions) -> DocumentSpans {
        let offsets = reading.text.offsets(options.unit);
        let span = |entity: &ByteEntity| {
            let Range { start, end } = offsets.range(entity.bytes.clone());
            let ByteEntity { label, head, score, .. } = entity;
            Span { start, end, label: label.clone(), score: *score, head: head.clone() }
        };
        DocumentSpans {
            spans: self.entities.iter().map(span).collect(),
            flags: DocFlags {
                windowed: self.windowed,
                truncated: false,
                replaced_invalid: reading.text.replaced(),
            },
        }
    }
}

/// The entities of documents; none of those that could not be read. A head for assertions reads along.
pub(crate) fn find(
    model: &Model,
    heads: &[Arc<Head>],
    assertion: Option<&Arc<Head>>,
    readings: &[Result<Reading<'_>>],
    control: &Control,
) -> Result<Vec<Found>> {
    let none = Pieces::default();
    let workers = model.engine().workers();
    let cut = |reading: &Result<Reading<'_>>| {
        Ok(reading.as_ref().map_or_else(|_| Vec::new(), |reading| reading.sentences()))
    };
    let sentences = workers.map(readings.iter().collect(), cut)?;
    let passages: Vec<Passage<'_>> = readings
        .iter()
        .zip(&sentences)
        .map(|(reading, sentences)| Passage {
            pieces: reading.as_ref().map_or(&none, |reading| &reading.pieces),
            sentences,
        })
        .collect();
    let all: Vec<Arc<Head>> = heads.iter().chain(assertion).cloned().collect();
    let labelled = label_words(model, &all, &passages, control)?;
    let decode = |((reading, passage), labelled): ((&Result<Reading<'_>>, _), _)| {
        let decode =
            |reading: &Reading<'_>| decode(heads, reading.text.as_str(), passage, labelled);
        Ok(reading.as_ref().map(decode).unwrap_or_default())
    };
    workers.map(readings.iter().zip(&passages).zip(labelled).collect(), decode)
}

/// Pieces of a text and its sentences, which are ranges of them.
pub(crate) struct Passage<'a> {
    pub(crate) pieces: &'a Pieces,
    pub(crate) sentences: &'a [Range<usize>],
}

/// A label of a word, as an index into its head's, with its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct WordLabel {
    pub(crate) label: u32,
    pub(crate) probability: f32,
}

/// What was found out about the words of a document.
#[derive(Debug, Default)]
pub(crate) struct Labelled {
    /// For each head the labels of the words, in order; none of a head for assertions.
    pub(crate) heads: Vec<Vec<WordLabel>>,
    /// The logits that a head for assertions, of which there is one at most, has of the words.
    pub(crate) assertions: Vec<Values>,
    windowed: bool,
}

/// Labels the words of documents: the first piece of a word decides, in the one window that
/// decides that piece. A sentence is a window, as heads learn from single sentences; a long one
/// becomes several. Heads that want the same windows share one pass of the encoder.
pub(crate) fn label_words(
    model: &Model,
    heads: &[Arc<Head>],
    documents: &[Passage<'_>],
    control: &Control,
) -> Result<Vec<Labelled>> {
    let _env = FloatEnv::standard();
    let empty = || Labelled { heads: vec![Vec::new(); heads.len()], ..Labelled::default() };
    let mut labelled: Vec<Labelled> = documents.iter().map(|_| empty()).collect();
    for ((capacity, step), members) in by_windows(model, heads) {
        let sentences = documents.iter().enumerate().flat_map(|(index, document)| {
            document.sentences.iter().map(move |sentence| (index, sentence))
        });
        let all = sentences.flat_map(|(index, sentence)| {
            let cut =
                windows(&documents[index].pieces.starts_word[sentence.clone()], capacity, step);
            let part = cut.len() > 1;
            cut.into_iter().map(move |window| (index, window.shifted(sentence.start), part))
        });
        let sequences = all.map(|(index, window, part)| {
            let ids = &documents[index].pieces.ids[window.pieces.clone()];
            Ok(((index, window, part), Sequence::single(ids)))
        });
        let members: Vec<(usize, &Head)> =
            members.into_iter().map(|member| (member, &*heads[member])).collect();
        let taken = members.iter().map(|(_, head)| head.taken()).max().unwrap_or(Taken::Last);
        encode(
            model,
            taken,
            Globals::None,
            sequences,
            control,
            |(index, window, part), states| {
                let starts_word = &documents[index].pieces.starts_word;
                let seen = Seen { window, starts_word, states };
                let rows = seen.rows();
                let label = |&(member, head): &(usize, &Head)| {
                    (member, seen.labels(model.engine(), head, &rows))
                };
                Ok((index, part, members.iter().map(label).collect::<Vec<_>>()))
            },
            |(index, part, found)| {
                let document = &mut labelled[index];
                document.windowed |= part;
                for (member, found) in found {
                    match found {
                        WindowLabels::Words(labels) => document.heads[member].extend(labels),
                        WindowLabels::Assertions(values) => document.assertions.extend(values),
                    }
                }
                Ok(())
            },
        )?;
    }
    Ok(labelled)
}

/// Heads by the windows that they want: capacity and step in pieces.
fn by_windows(model: &Model, heads: &[Arc<Head>]) -> BTreeMap<(usize, usize), Vec<usize>> {
    let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, head) in heads.iter().enumerate() {
        let wanted = head.spec.windows(model.max_tokens());
        groups.entry(wanted).or_default().push(index);
    }
    groups
}

/// What a head says of the words that a window decides.
enum WindowLabels {
    Words(Vec<WordLabel>),
    Assertions(Vec<Values>),
}

/// A window with what the encoder says of it.
struct Seen<'a> {
    window: Window,
    /// For each piece of the document whether a word starts there.
    starts_word: &'a [bool],
    states: States<'a>,
}

impl Seen<'_> {
    /// Whether a word that the window decides starts with a piece of the document.
    fn decides(&self, piece: usize) -> bool {
        self.window.decides.contains(&piece) && self.starts_word[piece]
    }

    /// The states of the first pieces of the words that it decides.
    fn rows(&self) -> Vec<f32> {
        let hidden = self.states.hidden();
        let mut rows = Vec::new();
        for piece in self.window.decides.clone().filter(|&piece| self.starts_word[piece]) {
            // The row of `[CLS]` comes first.
            let at = (1 + piece - self.window.pieces.start) * hidden;
            rows.extend_from_slice(&self.states.last()[at..at + hidden]);
        }
        rows
    }

    /// What a head says, most of them of [`rows`](Seen::rows), which heads share.
    fn labels(&self, engine: &Engine, head: &Head, rows: &[f32]) -> WindowLabels {
        if head.spec.task() == Task::Assertion {
            return WindowLabels::Assertions(logits(engine, head, rows));
        }
        let worded = |(label, probability)| WordLabel { label: label as u32, probability };
        if let Some(labels) = head.token_labels(engine, &self.states) {
            let own = self.window.decides.clone().filter(|&piece| self.starts_word[piece]);
            // The label of `[CLS]` comes first.
            let labels = own.map(|piece| labels[1 + piece - self.window.pieces.start]);
            return WindowLabels::Words(labels.map(worded).collect());
        }
        if head.spec.kind != Kind::Words {
            return WindowLabels::Words(label_rows(engine, head, rows));
        }
        let starts = &self.starts_word[self.window.pieces.clone()];
        // The row of `[CLS]` comes first.
        let words = word_pieces(starts).map(|word| 1 + word.start..1 + word.end);
        let labels = head.word_labels(engine, &self.states, words);
        let firsts = word_pieces(starts).map(|word| word.start + self.window.pieces.start);
        let decided = firsts.zip(labels).filter(|&(piece, _)| self.decides(piece));
        WindowLabels::Words(decided.map(|(_, label)| worded(label)).collect())
    }
}

/// The most probable label of each row.
fn label_rows(engine: &Engine, head: &Head, rows: &[f32]) -> Vec<WordLabel> {
    let mut logits = head.logits(engine, rows);
    let label = |row: &mut [f32]| {
        let label = crate::heads::largest(row);
        engine.workers().kernel().softmax(row, 1.0);
        WordLabel { label: label as u32, probability: row[label] }
    };
    logits.chunks_exact_mut(head.spec.labels.len()).map(label).collect()
}

/// Labels to entities. No entity reaches from one sentence into the next.
fn decode(heads: &[Arc<Head>], text: &str, passage: &Passage<'_>, labelled: Labelled) -> Found {
    let _env = FloatEnv::standard();
    let words = word_ranges(passage.pieces);
    let mut entities = Vec::new();
    for (head, labels) in heads.iter().zip(&labelled.heads) {
        let tags = head.spec.tags();
        let mut rest = labels.as_slice();
        for sentence in passage.sentences {
            let starts = &passage.pieces.starts_word[sentence.clone()];
            let (labels, others) = rest.split_at(starts.iter().filter(|&&starts| starts).count());
            let before = words.len() - rest.len();
            rest = others;
            let tagged = labels.iter().map(|word| (&tags[word.label as usize], word.probability));
            for span in spans(tagged) {
                let (first, last) = (before + span.words.start, before + span.words.end - 1);
                let end = words[last].1 as usize;
                let next = words.get(last + 1).map_or(text.len(), |word| word.0 as usize);
                let end = end + marks(&text[end..next.max(end)]);
                entities.push(ByteEntity {
                    bytes: words[first].0 as usize..end,
                    label: span.kind,
                    head: head.name.clone(),
                    score: span.score,
                    also: Vec::new(),
                });
            }
        }
    }
    // Stable: heads stay in their order where spans are equal.
    entities.sort_by_key(|entity| (entity.bytes.start, std::cmp::Reverse(entity.bytes.end)));
    Found { entities, assertions: labelled.assertions, windowed: labelled.windowed }
}

/// The words of a sequence as ranges of its pieces. What stands before the first word, the rest of one
/// that was cut, counts as a word.
pub(crate) fn word_pieces(starts_word: &[bool]) -> impl Iterator<Item = Range<usize>> {
    let starts = starts_word.iter().enumerate();
    let starts = starts.filter(|&(piece, &starts)| starts || piece == 0).map(|(piece, _)| piece);
    starts.clone().zip(starts.skip(1).chain([starts_word.len()])).map(|(start, end)| start..end)
}

/// The bytes of each word: from its first piece to its last.
pub(crate) fn word_ranges(pieces: &Pieces) -> Vec<(u32, u32)> {
    let mut words: Vec<(u32, u32)> = Vec::new();
    for (&(start, end), &starts_word) in pieces.spans.iter().zip(&pieces.starts_word) {
        match words.last_mut() {
            Some(word) if !starts_word => word.1 = end,
            _ => words.push((start, end)),
        }
    }
    words
}

/// Bytes of the combining marks at the front of what follows a word: stripping accents takes them
/// off its last letter, and they belong to it all the same.
fn marks(text: &str) -> usize {
    let mark =
        |c: &char| c.is_mark_nonspacing() || c.is_mark_enclosing() || c.is_mark_spacing_combining();
    text.chars().take_while(mark).map(char::len_utf8).sum()
}

//! Named entities from raw text: several heads over one pass of the encoder.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use biobert_kernels::FloatEnv;
use unicode_categories::UnicodeCategories;

use crate::engine::{Control, Engine};
use crate::error::Result;
use crate::model::head::Head;
use crate::model::{Model, Precision, Task};
use crate::tasks::bio::{Tag, spans};
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::{DocFlags, RunOptions, check_batch, check_document};
use crate::text::{Input, Text};
use crate::tokenizer::Pieces;
use crate::window::windows;

/// An entity in a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Offset of its first character, in the unit of the call.
    pub start: usize,
    /// Offset behind its last character.
    pub end: usize,
    /// Its kind, such as `Disease`.
    pub label: Arc<str>,
    /// The head that found it.
    pub head: Arc<str>,
    /// Mean probability of the labels of its words, 0 to 1.
    pub score: f32,
}

/// The entities of a document, by start, the longer first where two start together. Entities of
/// one head do not overlap; those of different heads may.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DocumentEntities {
    /// The entities.
    pub entities: Vec<Entity>,
    /// How the document was read.
    pub flags: DocFlags,
}

/// The entities of a batch: one entry per document, in order. A bad document has an error, the
/// others are not touched by it.
#[derive(Debug)]
pub struct NerResult {
    /// One entry per document.
    pub documents: Vec<Result<DocumentEntities>>,
    /// The arithmetic that ran.
    pub precision: Precision,
    engine: Engine,
}

impl NerResult {
    fn new(engine: &Engine, documents: Vec<Result<DocumentEntities>>) -> NerResult {
        engine.live().results.fetch_add(1, Ordering::Relaxed);
        NerResult { documents, precision: Precision::F32, engine: engine.clone() }
    }
}

impl Drop for NerResult {
    fn drop(&mut self) {
        self.engine.live().results.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Bytes of text that are read, encoded and decoded at a time: what a call with many documents
/// keeps of their pieces stays small.
const GROUP: u64 = 1 << 20;

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
        check_batch(self.engine(), documents)?;
        let control = options.control();
        let mut results = Vec::with_capacity(documents.len());
        let mut rest = documents;
        while !rest.is_empty() {
            control.check()?;
            let (group, behind) = rest.split_at(group_len(rest));
            rest = behind;
            self.ner_group(&heads, group, options, &control, &mut results)?;
        }
        Ok(NerResult::new(self.engine(), results))
    }

    fn ner_group(
        &self,
        heads: &[Arc<Head>],
        documents: &[Input<'_>],
        options: &RunOptions,
        control: &Control,
        results: &mut Vec<Result<DocumentEntities>>,
    ) -> Result<()> {
        let mut texts = Vec::with_capacity(documents.len());
        let mut pieces = Vec::with_capacity(documents.len());
        for &document in documents {
            let text = check_document(self.engine(), document)
                .and_then(|()| Text::new(document, options.invalid_text));
            pieces.push(match &text {
                Ok(text) => {
                    #[cfg(test)]
                    crate::fault::maybe_slice(text.as_str());
                    self.tokenizer().pieces(text.as_str(), || control.check())?
                }
                Err(_) => Pieces::default(),
            });
            texts.push(text);
        }
        let labelled = label_words(self, heads, &pieces, control)?;
        for ((text, pieces), labels) in texts.into_iter().zip(&pieces).zip(labelled) {
            results.push(text.map(|text| decode(heads, &text, pieces, &labels, options)));
        }
        Ok(())
    }
}

/// How many documents from the front make a group.
fn group_len(documents: &[Input<'_>]) -> usize {
    let mut size = 0;
    let full = documents.iter().position(|document| {
        size += document.size();
        size >= GROUP
    });
    full.map_or(documents.len(), |last| last + 1)
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
    /// For each head the labels of the words, in order.
    pub(crate) heads: Vec<Vec<WordLabel>>,
    windowed: bool,
}

/// Labels the words of documents: the first piece of a word decides, in the one window that
/// decides that piece. Heads that want the same windows share one pass of the encoder.
pub(crate) fn label_words(
    model: &Model,
    heads: &[Arc<Head>],
    documents: &[Pieces],
    control: &Control,
) -> Result<Vec<Labelled>> {
    let _env = FloatEnv::standard();
    let hidden = model.hidden();
    let empty = || Labelled { heads: vec![Vec::new(); heads.len()], windowed: false };
    let mut labelled: Vec<Labelled> = documents.iter().map(|_| empty()).collect();
    for ((capacity, step), members) in by_windows(model, heads) {
        let all = documents.iter().enumerate().flat_map(|(index, pieces)| {
            let cut = windows(&pieces.starts_word, capacity, step);
            cut.into_iter().map(move |window| (index, window))
        });
        let sequences = all.map(|(index, window)| {
            let ids = &documents[index].ids[window.pieces.clone()];
            Ok(((index, window), Sequence::single(ids)))
        });
        let mut rows = Vec::new();
        encode(model, sequences, control, |(index, window), states| {
            let document = &mut labelled[index];
            document.windowed |= window.pieces.len() < documents[index].len();
            rows.clear();
            for piece in window.decides.filter(|&piece| documents[index].starts_word[piece]) {
                // The row of `[CLS]` comes first.
                let at = (1 + piece - window.pieces.start) * hidden;
                rows.extend_from_slice(&states[at..at + hidden]);
            }
            for &member in &members {
                label_rows(model.engine(), &heads[member], &rows, &mut document.heads[member]);
            }
            Ok(())
        })?;
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

/// The most probable label of each row.
fn label_rows(engine: &Engine, head: &Head, rows: &[f32], out: &mut Vec<WordLabel>) {
    let mut logits = head.logits(engine, rows);
    for row in logits.chunks_exact_mut(head.spec.labels.len()) {
        let label = crate::model::largest(row);
        engine.workers().kernel().softmax(row, 1.0);
        out.push(WordLabel { label: label as u32, probability: row[label] });
    }
}

/// The tags that a head's labels stand for, by label.
pub(crate) fn tags(head: &Head) -> Vec<Tag> {
    let entity = head.spec.plain_entity();
    head.spec.labels.iter().map(|label| Tag::parse(label, &entity)).collect()
}

/// Labels to entities with offsets into the original text.
fn decode(
    heads: &[Arc<Head>],
    text: &Text<'_>,
    pieces: &Pieces,
    labelled: &Labelled,
    options: &RunOptions,
) -> DocumentEntities {
    let _env = FloatEnv::standard();
    let words = word_ranges(pieces);
    let offsets = text.offsets(options.unit);
    let mut entities = Vec::new();
    for (head, labels) in heads.iter().zip(&labelled.heads) {
        let tags = tags(head);
        let tagged = labels.iter().map(|word| (&tags[word.label as usize], word.probability));
        for span in spans(tagged) {
            let start = words[span.words.start].0 as usize;
            let end = words[span.words.end - 1].1 as usize;
            let next =
                words.get(span.words.end).map_or(text.as_str().len(), |word| word.0 as usize);
            let end = end + marks(&text.as_str()[end..next.max(end)]);
            entities.push(Entity {
                start: offsets.at(start),
                end: offsets.at(end),
                label: span.kind,
                head: head.name.clone(),
                score: span.score,
            });
        }
    }
    // Stable: heads stay in their order where spans are equal.
    entities.sort_by_key(|entity| (entity.start, std::cmp::Reverse(entity.end)));
    let flags = DocFlags { windowed: labelled.windowed, replaced_invalid: text.replaced() };
    DocumentEntities { entities, flags }
}

/// The bytes of each word: from its first piece to its last.
fn word_ranges(pieces: &Pieces) -> Vec<(u32, u32)> {
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

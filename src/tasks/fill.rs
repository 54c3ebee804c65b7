//! Filling masks: which pieces may stand at the places that a text leaves open.

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::document::shared;
use crate::engine::{Control, Taken};
use crate::error::{Error, Result};
use crate::heads::Globals;
use crate::model::Model;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::read::text;
use crate::tasks::{DocFlags, Results, RunOptions, by_groups, with_readable};
use crate::text::{Input, Text};
use crate::tokenizer::MaskedPieces;

/// How masks are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FillOptions {
    /// The most candidates for a mask.
    pub top_k: usize,
}

impl Default for FillOptions {
    fn default() -> Self {
        FillOptions { top_k: 5 }
    }
}

/// A piece that may stand at a mask.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The piece as it is spelled; one that continues a word begins with `##` in BERT's vocabulary. Empty
    /// for a row of the model that its vocabulary has no piece for.
    #[serde(serialize_with = "shared")]
    pub token: Arc<str>,
    /// Its id.
    pub id: u32,
    /// Its probability among all pieces.
    pub score: f32,
}

/// A mask of a text, and what may stand there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mask {
    /// Offset of the mask token's first character, in the unit of the call.
    pub start: usize,
    /// Offset after its last character.
    pub end: usize,
    /// The most probable first.
    pub candidates: Vec<Candidate>,
}

/// The masks of a document, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentMasks {
    /// The masks.
    pub masks: Vec<Mask>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

/// A document with masks that was read.
struct Reading<'a> {
    text: Text<'a>,
    pieces: MaskedPieces,
}

/// Masks that are filled together: as many states as one panel of the kernels holds.
const TOGETHER: usize = 16;
/// Masks whose states wait while others are encoded, so that all threads may fill them.
const WAITING: usize = 1024;

impl Model {
    /// Fills the masks of documents: the pieces that may stand at each, with their probabilities. A mask is
    /// the model's [`mask_token`](Model::mask_token) in the text; what looks like another special token is
    /// text. Where a document has several, each is filled as if the others stayed open.
    ///
    /// Nothing is windowed: a document that is longer than the model reads at once, or that has no mask,
    /// has an error of its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a model without a masked-language head, or without a mask token;
    /// [`Error::Limit`], [`Error::Cancelled`], [`Error::Deadline`], [`Error::Device`].
    pub fn fill(
        &self,
        documents: &[Input<'_>],
        fill: &FillOptions,
        options: &RunOptions,
    ) -> Result<Results<DocumentMasks>> {
        self.masked()?;
        if self.mask_token().is_none() {
            return Err(Error::NotFound("the model's vocabulary has no mask token".into()));
        }
        let control = options.control();
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            |document| document.size(),
            &control,
            |document| read(self, document, options, &control),
            |_, readings| {
                with_readable(readings, |texts| fill_group(self, texts, fill, options, &control))
            },
        )
    }
}

/// Reads a document; the inner error is the document's own.
fn read<'a>(
    model: &Model,
    document: Input<'a>,
    options: &RunOptions,
    control: &Control,
) -> Result<Result<Reading<'a>>> {
    let text = match text(model.engine(), document, options) {
        Ok(text) => text,
        Err(error) => return Ok(Err(error)),
    };
    let tokenizer = model.tokenizer();
    let pieces = tokenizer.masked_pieces(text.as_str(), || control.check())?;
    if pieces.masks.is_empty() {
        let token = model.mask_token().unwrap_or_default();
        let reason = format!("the text has no mask: write {token} where a word is missing");
        return Ok(Err(Error::Argument(reason)));
    }
    let (tokens, limit) = (pieces.ids.len() + tokenizer.special().count(false), model.max_tokens());
    if tokens > limit {
        let reason = format!(
            "the text has {tokens} tokens, the model reads {limit} at once; masks are filled in whole texts only"
        );
        return Ok(Err(Error::Argument(reason)));
    }
    Ok(Ok(Reading { text, pieces }))
}

fn fill_group(
    model: &Model,
    texts: &[&Reading<'_>],
    fill: &FillOptions,
    options: &RunOptions,
    control: &Control,
) -> Result<Vec<DocumentMasks>> {
    let _env = FloatEnv::standard();
    let hidden = model.hidden();
    let mut waiting = Waiting { model, fill, control, states: Vec::new(), filled: Vec::new() };
    let sequences = texts.iter().map(|text| Ok((*text, Sequence::single(&text.pieces.ids[..]))));
    encode(
        model,
        Taken::Last,
        Globals::None,
        sequences,
        control,
        |text, states| {
            // The row of `[CLS]` comes first.
            let row = |(piece, _): &(usize, _)| &states.last()[(piece + 1) * hidden..][..hidden];
            Ok(text.pieces.masks.iter().flat_map(row).copied().collect::<Vec<f32>>())
        },
        |states| {
            waiting.states.extend(states);
            if waiting.states.len() >= WAITING * hidden { waiting.fill() } else { Ok(()) }
        },
    )?;
    waiting.fill()?;
    let mut filled = waiting.filled.into_iter();
    let document = |text: &&Reading<'_>| {
        let offsets = text.text.offsets(options.unit);
        let mask = |(bytes, candidates): (&Range<usize>, _)| {
            let Range { start, end } = offsets.range(bytes.clone());
            Mask { start, end, candidates }
        };
        let places = text.pieces.masks.iter().map(|(_, bytes)| bytes);
        let flags = DocFlags { replaced_invalid: text.text.replaced(), ..DocFlags::default() };
        DocumentMasks { masks: places.zip(filled.by_ref()).map(mask).collect(), flags }
    };
    Ok(texts.iter().map(document).collect())
}

/// The states of masks that are not filled yet, and the candidates of those that are.
struct Waiting<'a> {
    model: &'a Model,
    fill: &'a FillOptions,
    control: &'a Control,
    states: Vec<f32>,
    filled: Vec<Vec<Candidate>>,
}

/// More candidates than any caller looks at; each takes about 100 bytes.
const MOST_CANDIDATES: u64 = 2_000_000;

impl Waiting<'_> {
    fn fill(&mut self) -> Result<()> {
        let (head, words) = self.model.masked()?;
        let engine = self.model.engine();
        let kernel = engine.workers().kernel();
        for states in self.states.chunks(TOGETHER * self.model.hidden()) {
            self.control.check()?;
            let rows = states.len() / self.model.hidden();
            let each = self.fill.top_k.min(words.rows());
            let size = ((self.filled.len() + rows) * each) as u64;
            if size > MOST_CANDIDATES {
                let reason = format!(
                    "top_k gives {size} candidates for all masks of the call, more than {MOST_CANDIDATES}"
                );
                return Err(Error::Argument(reason));
            }
            let mut logits = head.logits(engine, words, states, self.control)?;
            for row in logits.chunks_exact_mut(words.rows()) {
                kernel.softmax(row, 1.0);
                self.filled.push(candidates(self.model, row, self.fill.top_k));
            }
        }
        self.states.clear();
        Ok(())
    }
}

/// The most probable pieces; of equals the one with the lower id comes first.
fn candidates(model: &Model, probabilities: &[f32], top_k: usize) -> Vec<Candidate> {
    let mut ids: Vec<u32> = (0..probabilities.len() as u32).collect();
    let score = |id: u32| probabilities[id as usize];
    let order = |a: &u32, b: &u32| score(*b).total_cmp(&score(*a)).then(a.cmp(b));
    if top_k < ids.len() {
        ids.select_nth_unstable_by(top_k, order);
        ids.truncate(top_k);
    }
    ids.sort_unstable_by(order);
    let tokenizer = model.tokenizer();
    let candidate = |id| Candidate { token: tokenizer.spelled(id).into(), id, score: score(id) };
    ids.into_iter().map(candidate).collect()
}

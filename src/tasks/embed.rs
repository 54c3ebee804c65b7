//! Embeddings: one vector for a document, or one for each piece of it.

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::heads::Globals;
use crate::heads::vectors::{Vectors, unit};
use crate::model::Model;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, TextRange, by_groups, with_readable};
use crate::text::{Input, OffsetUnit};
use crate::window::windows;

/// How the states of a document become one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooling {
    /// The mean over all pieces, without `[CLS]` and `[SEP]` (dmis-lab/biobert-pytorch
    /// `run_embedding.py`).
    #[default]
    Mean,
    /// The state of `[CLS]`; of several windows the mean.
    Cls,
    /// What the model says itself (`modules.json` of its checkpoint): the mean over all pieces, `[CLS]` and
    /// `[SEP]` among them, a linear layer, length 1. What texts are compared by, where the model has it.
    Model,
}

/// What an embedding is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EmbedOptions {
    /// How states become one vector.
    pub pooling: Pooling,
    /// The layer whose states are taken: 0 is the embeddings; `None`: the last, of which alone
    /// [`Pooling::Model`] makes vectors.
    pub layer: Option<usize>,
    /// Whether vectors are scaled to length 1.
    pub normalize: bool,
    /// Whether every piece's own state is given too.
    pub tokens: bool,
}

/// The embedding of a document.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentEmbedding {
    /// The vector, as wide as the model's states, or, of [`Pooling::Model`], as
    /// [`Model::vector_width`]; zeros for a document without a word.
    pub embedding: Vec<f32>,
    /// Where the pieces lie, if they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<TextRange>,
    /// The pieces' states, row by row: `[pieces, width of a state]`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<f32>,
    /// How the document was read.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Model {
    /// Embeds documents. One that is too long for the model is read in windows; each piece has the
    /// state of the one window that decides it.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`] for a layer that there is not, or of which no vectors are
    /// made; [`Error::Unsupported`] for an ONNX graph that gives logits and no states, and for
    /// [`Pooling::Model`] of a model that does not say how.
    pub fn embed(
        &self,
        documents: &[Input<'_>],
        embed: &EmbedOptions,
        options: &RunOptions,
    ) -> Result<Results<DocumentEmbedding>> {
        self.expect_states()?;
        if embed.layer.is_some_and(|layer| layer > self.layers()) {
            return Err(Error::Argument(format!("the model has {} layers", self.layers())));
        }
        let vectors = match embed.pooling {
            Pooling::Mean | Pooling::Cls => None,
            Pooling::Model => Some(self.vectors()?),
        };
        if vectors.is_some() && embed.layer.is_some_and(|layer| layer != self.layers()) {
            let reason = "the model's own vectors are made of its last layer alone";
            return Err(Error::Argument(reason.into()));
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
                with_readable(readings, |texts| {
                    self.embed_group(texts, embed, vectors, options, &control)
                })
            },
        )
    }

    fn embed_group(
        &self,
        texts: &[&Reading<'_>],
        embed: &EmbedOptions,
        vectors: Option<&Vectors>,
        options: &RunOptions,
        control: &Control,
    ) -> Result<Vec<DocumentEmbedding>> {
        let _env = FloatEnv::standard();
        let hidden = self.hidden();
        let empty = |text: &&Reading<'_>| DocumentEmbedding {
            embedding: vec![0.0; hidden],
            flags: DocFlags { replaced_invalid: text.text.replaced(), ..DocFlags::default() },
            ..DocumentEmbedding::default()
        };
        let mut documents: Vec<DocumentEmbedding> = texts.iter().map(empty).collect();
        let mut rows = vec![0.0_f32; texts.len()];
        let limit = vectors.map_or(self.max_tokens(), |vectors| vectors.spec.max_tokens);
        let capacity = limit - self.tokenizer().special().count(false);
        let taken = self.after(embed.layer.unwrap_or(self.layers()));
        let sequences = texts.iter().enumerate().flat_map(|(index, text)| {
            let cut = windows(&text.pieces.starts_word, capacity, (capacity * 3 / 4).max(1));
            cut.into_iter().map(move |window| {
                let sequence = Sequence::single(&text.pieces.ids[window.pieces.clone()]);
                Ok(((index, window), sequence))
            })
        });
        // Vectors are sums in the order of the rows, whatever the windows: taken out here, added below.
        encode(
            self,
            taken,
            Globals::None,
            sequences,
            control,
            |(index, window), states| {
                let states = states.last();
                // The row of `[CLS]` comes first.
                let first = 1 + window.decides.start - window.pieces.start;
                let decided = &states[first * hidden..][..window.decides.len() * hidden];
                let (cls, sep) = (&states[..hidden], &states[states.len() - hidden..]);
                Ok((index, window, [cls, decided, sep].map(<[f32]>::to_vec)))
            },
            |(index, window, [cls, decided, sep])| {
                let document = &mut documents[index];
                document.flags.windowed |= window.pieces.len() < texts[index].pieces.len();
                let pooled: [&[f32]; 3] = match embed.pooling {
                    Pooling::Mean => [&decided, &[], &[]],
                    Pooling::Cls => [&cls, &[], &[]],
                    Pooling::Model => [&cls, &decided, &sep],
                };
                for row in pooled.into_iter().flat_map(|rows| rows.chunks_exact(hidden)) {
                    let sums = document.embedding.iter_mut().zip(row);
                    sums.for_each(|(sum, value)| *sum += value);
                    rows[index] += 1.0;
                }
                if embed.tokens {
                    document.states.extend(decided);
                }
                Ok(())
            },
        )?;
        for ((document, rows), text) in documents.iter_mut().zip(rows).zip(texts) {
            if rows > 0.0 {
                document.embedding.iter_mut().for_each(|sum| *sum /= rows);
            }
            if let Some(vectors) = vectors {
                document.embedding = match rows > 0.0 {
                    true => vectors.of_mean(self.engine(), std::mem::take(&mut document.embedding)),
                    // A linear layer would make something of nothing.
                    false => vec![0.0; vectors.width(hidden)],
                };
            }
            if embed.normalize {
                unit(&mut document.embedding);
                document.states.chunks_exact_mut(hidden).for_each(unit);
            }
            if embed.tokens {
                document.tokens = places(text, options.unit);
            }
        }
        Ok(documents)
    }
}

/// Where the pieces of a text lie.
fn places(reading: &Reading<'_>, unit: OffsetUnit) -> Vec<TextRange> {
    let offsets = reading.text.offsets(unit);
    let at = |byte: u32| offsets.at(byte as usize);
    let spans = reading.pieces.spans.iter();
    spans.map(|&(start, end)| TextRange { start: at(start), end: at(end) }).collect()
}

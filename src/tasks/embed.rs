//! Embeddings: one vector for a document, or one for each piece of it.

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::heads::vectors::unit;
use crate::heads::{Globals, Pool, StatePooling, Vectors};
use crate::model::Model;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::prompted::{Manner, Prompted};
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
    /// What the model says itself (`modules.json` of its checkpoint): one or several ways of pooling over all
    /// pieces, `[CLS]` and `[SEP]` among them, linear layers, norms, length 1; for some after a prompt. What
    /// texts are compared by, where the model has it.
    Model,
}

/// What an embedding is to be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// The prompt that is put before each text, by its name: of [`Pooling::Model`] alone, where the model has
    /// prompts ([`VectorInfo`](crate::VectorInfo)). `None`: its default one, if it has one; an empty name:
    /// none.
    pub prompt: Option<String>,
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
    /// Embeds documents. One that is too long for the model is read in windows, each with the prompt, if there
    /// is one; each piece has the state of the one window that decides it. Vectors are made of the states of
    /// all windows: the first state is the first window's, the last one the last window's.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`] for a layer that there is not, or of which no vectors are
    /// made, and for a prompt with another pooling than the model's; [`Error::NotFound`] for a prompt that there
    /// is not; [`Error::Unsupported`] for an ONNX graph that gives no states, and for [`Pooling::Model`] of a
    /// model that does not say how.
    pub fn embed(
        &self,
        documents: &[Input<'_>],
        embed: &EmbedOptions,
        options: &RunOptions,
    ) -> Result<Results<DocumentEmbedding>> {
        self.embed_within(documents, embed, options, &options.control())
    }

    /// The same as part of another call, whose `control` it has.
    pub(crate) fn embed_within(
        &self,
        documents: &[Input<'_>],
        embed: &EmbedOptions,
        options: &RunOptions,
        control: &Control,
    ) -> Result<Results<DocumentEmbedding>> {
        let vectors = match embed.pooling {
            Pooling::Mean | Pooling::Cls => None,
            Pooling::Model => Some(self.vectors()?),
        };
        let is_given = vectors.is_some_and(|vectors| vectors.spec.pooling.is_empty());
        if !is_given || embed.tokens {
            self.expect_states()?;
        }
        if embed.layer.is_some_and(|layer| layer > self.layers()) {
            return Err(Error::Argument(format!("the model has {} layers", self.layers())));
        }
        if vectors.is_some() && embed.layer.is_some_and(|layer| layer != self.layers()) {
            let reason = "the model's own vectors are made of its last layer alone";
            return Err(Error::Argument(reason.into()));
        }
        let manner = match vectors {
            Some(Vectors { spec, .. }) => {
                let room = spec.max_tokens - self.tokenizer().special().count(false);
                Manner::new(self, spec.prompt(embed.prompt.as_deref())?, spec.lower_case, room)?
            }
            None if embed.prompt.as_ref().is_some_and(|prompt| !prompt.is_empty()) => {
                let reason = "a prompt belongs to the model's own vectors: choose that pooling";
                return Err(Error::Argument(reason.into()));
            }
            None => Manner::default(),
        };
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            |document| document.size(),
            control,
            |document| manner.read(self, document, options, control),
            |_, readings| {
                with_readable(readings, |texts| {
                    self.embed_group(texts, embed, vectors, &manner, options, control)
                })
            },
        )
    }

    fn embed_group(
        &self,
        texts: &[&Prompted<'_>],
        embed: &EmbedOptions,
        vectors: Option<&Vectors>,
        manner: &Manner,
        options: &RunOptions,
        control: &Control,
    ) -> Result<Vec<DocumentEmbedding>> {
        let _env = FloatEnv::standard();
        let hidden = self.hidden();
        // What a text without a word gets: a linear layer would make something of nothing.
        let width = vectors.map_or(hidden, |vectors| vectors.width(hidden));
        let empty = |text: &&Prompted<'_>| DocumentEmbedding {
            embedding: vec![0.0; width],
            flags: DocFlags { replaced_invalid: text.text.replaced(), ..DocFlags::default() },
            ..DocumentEmbedding::default()
        };
        let mut documents: Vec<DocumentEmbedding> = texts.iter().map(empty).collect();
        let is_given = vectors.is_some_and(|vectors| vectors.spec.pooling.is_empty());
        let modes = vectors.map(|vectors| &*vectors.spec.pooling).filter(|modes| !modes.is_empty());
        let modes = modes.unwrap_or(&[StatePooling::Mean]);
        let include_prompt = vectors.is_none_or(|vectors| vectors.spec.include_prompt);
        let prompt = manner.prompt_tokens();
        let mut pools: Vec<_> = texts.iter().map(|_| Pool::new(modes, hidden)).collect();
        let limit = vectors.map_or(self.max_tokens(), |vectors| vectors.spec.max_tokens);
        let capacity = limit - self.tokenizer().special().count(false) - prompt;
        let taken = self.after(embed.layer.unwrap_or(self.layers()));
        let sequences = texts.iter().enumerate().flat_map(|(index, text)| {
            let cut = windows(&text.pieces.starts_word, capacity, (capacity * 3 / 4).max(1));
            cut.into_iter().map(move |window| {
                let own = &text.pieces.ids[window.pieces.clone()];
                let sequence = match text.prompt.is_empty() {
                    true => Sequence::single(own),
                    false => Sequence::single([&text.prompt, own].concat()),
                };
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
                // The rows of `[CLS]` and the prompt come first.
                let before = 1 + texts[index].prompt.len();
                let first = before + window.decides.start - window.pieces.start;
                let decided = &states[first * hidden..][..window.decides.len() * hidden];
                let (head, sep) = (&states[..before * hidden], &states[states.len() - hidden..]);
                Ok((index, window, [head, decided, sep].map(<[f32]>::to_vec)))
            },
            |(index, window, [head, decided, sep])| {
                let document = &mut documents[index];
                document.flags.windowed |= window.pieces.len() < texts[index].pieces.len();
                let pool = &mut pools[index];
                match embed.pooling {
                    Pooling::Mean => pool.add(&decided),
                    Pooling::Cls => pool.add(&head),
                    // A vector of the whole sequence stands in its first row.
                    Pooling::Model if is_given => pool.add(&head[..hidden]),
                    Pooling::Model => {
                        match include_prompt || prompt == 0 {
                            true => pool.add(&head),
                            false => pool.skip(head.len() / hidden),
                        }
                        pool.add(&decided);
                        pool.add(&sep);
                    }
                }
                if embed.tokens {
                    document.states.extend(decided);
                }
                Ok(())
            },
        )?;
        for ((document, pool), text) in documents.iter_mut().zip(pools).zip(texts) {
            if let Some(row) = pool.finish() {
                document.embedding = match vectors {
                    Some(vectors) => vectors.of_row(self.engine(), row),
                    None => row,
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
fn places(reading: &Prompted<'_>, unit: OffsetUnit) -> Vec<TextRange> {
    let offsets = reading.text.offsets(unit);
    let place = |&(start, end): &(u32, u32)| TextRange::of(&offsets, start as usize..end as usize);
    reading.pieces.spans.iter().map(place).collect()
}

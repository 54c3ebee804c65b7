//! The masked-language head, which a model keeps from its pre-training: what may stand at a masked
//! place, a logit for every row of the vocabulary (Devlin et al. 2019). It belongs to the model, has no
//! labels, and no task's head needs it.

use serde::{Deserialize, Serialize};

use crate::engine::weights::{Norm, Table};
use crate::engine::{Control, Engine};
use crate::error::Result;
use crate::heads::linear::linear;
use crate::heads::transform::Transform;
use crate::state_dict::StateDict;

/// What a file says of it, beside the weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaskedSpec {
    /// Added to the variance in its LayerNorm.
    pub(crate) norm_eps: f32,
}

/// A linear layer, GELU, LayerNorm, and the product with every row of the decoder.
#[derive(Debug)]
pub(crate) struct MaskedHead {
    pub(crate) transform: Transform,
    /// `None`: the encoder's word embedding, as the model was pre-trained.
    pub(crate) decoder: Option<Table>,
    /// Added to the logits, one for each row.
    pub(crate) bias: Vec<f32>,
}

impl MaskedHead {
    /// Reads `dense.*`, `norm.*` and `bias`, for an encoder whose states are `hidden` wide and whose word
    /// embedding is the decoder.
    pub(crate) fn read(
        spec: MaskedSpec,
        dict: &dyn StateDict,
        hidden: usize,
        words: &Table,
    ) -> Result<MaskedHead> {
        let (rows, width) = (words.rows(), words.width());
        Ok(MaskedHead {
            transform: Transform {
                dense: linear(dict, "dense", hidden, width)?,
                norm: Norm {
                    pre: false,
                    scale: dict.f32("norm.scale", &[width])?,
                    shift: dict.f32("norm.shift", &[width])?,
                    eps: spec.norm_eps,
                },
            },
            decoder: None,
            bias: dict.f32("bias", &[rows])?,
        })
    }

    /// What a file says of it.
    pub(crate) fn spec(&self) -> MaskedSpec {
        MaskedSpec { norm_eps: self.transform.norm.eps }
    }

    /// Logits of states, `[states, hidden]` → `[states, rows]`; `words` is the encoder's word embedding.
    ///
    /// # Errors
    /// What `control` says between blocks of rows.
    pub(crate) fn logits(
        &self,
        engine: &Engine,
        words: &Table,
        states: &[f32],
        control: &Control,
    ) -> Result<Vec<f32>> {
        let kernel = engine.workers().kernel();
        let rows = self.transform.apply(engine, states);
        let mut logits = self.decoder.as_ref().unwrap_or(words).products(engine, &rows, control)?;
        logits.chunks_exact_mut(self.bias.len()).for_each(|row| kernel.add(row, &self.bias));
        Ok(logits)
    }
}

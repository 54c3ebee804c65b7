//! What stands before a masked-language head's decoder (Devlin et al. 2019) and before ModernBERT's
//! classifiers: a dense layer, GELU, LayerNorm.

use biobert_kernels::math;

use crate::engine::Engine;
use crate::engine::linear::Linear;
use crate::engine::weights::Norm;

/// A dense layer, GELU and a norm.
#[derive(Debug)]
pub(crate) struct Transform {
    pub(crate) dense: Linear,
    pub(crate) norm: Norm,
}

impl Transform {
    /// What becomes of each row.
    pub(crate) fn apply(&self, engine: &Engine, rows: &[f32]) -> Vec<f32> {
        let kernel = engine.workers().kernel();
        let Norm { scale, shift, eps, .. } = &self.norm;
        let mut rows = self.dense.apply(engine, rows);
        rows.iter_mut().for_each(|value| *value = math::gelu(*value));
        for row in rows.chunks_exact_mut(scale.len()) {
            kernel.layer_norm(row, scale, shift, *eps);
        }
        rows
    }
}

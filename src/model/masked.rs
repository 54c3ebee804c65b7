//! The masked-language head of a checkpoint: how each family names its tensors.

use crate::engine::linear::Linear;
use crate::engine::weights::{Norm, Table};
use crate::error::{Error, Result};
use crate::heads::{MaskedHead, Transform};
use crate::state_dict::StateDict;

/// The names of a family.
struct Names {
    /// A tensor that only a checkpoint with the head has, if it has not the other.
    sign: &'static str,
    unless: &'static str,
    dense: &'static str,
    norm: &'static str,
    /// Whether the linear layer and the LayerNorm have biases.
    biases: bool,
    /// The decoder's weights, where they are not the word embedding's.
    decoder: &'static str,
    /// What is added to the logits: the first that is there.
    bias: [&'static str; 2],
}

const FAMILIES: [Names; 5] = [
    // BERT and Megatron-BERT.
    Names {
        sign: "cls.predictions.transform.dense.weight",
        unless: "",
        dense: "cls.predictions.transform.dense",
        norm: "cls.predictions.transform.LayerNorm",
        biases: true,
        decoder: "cls.predictions.decoder.weight",
        bias: ["cls.predictions.decoder.bias", "cls.predictions.bias"],
    },
    // RoBERTa, XLM-R, Longformer, MPNet.
    Names {
        sign: "lm_head.dense.weight",
        unless: "",
        dense: "lm_head.dense",
        norm: "lm_head.layer_norm",
        biases: true,
        decoder: "lm_head.decoder.weight",
        bias: ["lm_head.decoder.bias", "lm_head.bias"],
    },
    // DistilBERT.
    Names {
        sign: "vocab_transform.weight",
        unless: "",
        dense: "vocab_transform",
        norm: "vocab_layer_norm",
        biases: true,
        decoder: "vocab_projector.weight",
        bias: ["vocab_projector.bias", "vocab_projector.bias"],
    },
    // ELECTRA's generator, whose states become as wide as its embeddings.
    Names {
        sign: "generator_predictions.dense.weight",
        unless: "",
        dense: "generator_predictions.dense",
        norm: "generator_predictions.LayerNorm",
        biases: true,
        decoder: "generator_lm_head.weight",
        bias: ["generator_lm_head.bias", "generator_lm_head.bias"],
    },
    // ModernBERT, whose classifiers have a `head.dense` too.
    Names {
        sign: "head.norm.weight",
        unless: "classifier.weight",
        dense: "head.dense",
        norm: "head.norm",
        biases: false,
        decoder: "decoder.weight",
        bias: ["decoder.bias", "decoder.bias"],
    },
];

/// The head of a checkpoint, if it has one. `words` is its word embedding, `hidden` the width of a state.
///
/// A decoder that only repeats the word embedding, as PyTorch's pickles do, is not kept.
pub(super) fn read(
    dict: &dyn StateDict,
    words: &Table,
    hidden: usize,
    norm_eps: f32,
) -> Result<Option<MaskedHead>> {
    let has = |name: &str| dict.shape(name).is_some();
    let Some(names) = FAMILIES.iter().find(|names| has(names.sign) && !has(names.unless)) else {
        return Ok(None);
    };
    let (rows, width) = (words.rows(), words.width());
    let vector = |name: String, bias: bool| match bias && !names.biases {
        // A bias that the family may leave out.
        true if dict.shape(&name).is_none() => Ok(vec![0.0; width]),
        _ => dict.f32(&name, &[width]),
    };
    let (dense, norm) = (names.dense, names.norm);
    let weight = dict.f32(&format!("{dense}.weight"), &[width, hidden])?;
    let bias = names.bias.iter().find(|name| dict.shape(name).is_some());
    Ok(Some(MaskedHead {
        transform: Transform {
            dense: Linear::from_rows(&weight, hidden, vector(format!("{dense}.bias"), true)?),
            norm: Norm {
                scale: vector(format!("{norm}.weight"), false)?,
                shift: vector(format!("{norm}.bias"), true)?,
                eps: norm_eps,
                pre: false,
            },
        },
        bias: match bias {
            None if !names.biases => vec![0.0; rows],
            name => dict.f32(name.unwrap_or(&names.bias[1]), &[rows])?,
        },
        decoder: decoder(dict, names.decoder, words)?,
    }))
}

/// The decoder, where it is not the word embedding.
fn decoder(dict: &dyn StateDict, name: &str, words: &Table) -> Result<Option<Table>> {
    if dict.shape(name).is_none() {
        return Ok(None);
    }
    let width = words.width();
    let values = dict.f32(name, &[words.rows(), width])?;
    let is_tied = matches!(words, Table::F32 { values: words, .. } if *words == values);
    Ok((!is_tied).then_some(Table::F32 { values, width }))
}

/// Why a model has none, for the errors of those who ask for it.
pub(super) fn missing() -> Error {
    let reason =
        "the model has no masked-language head: its checkpoint kept none from pre-training";
    Error::NotFound(reason.into())
}

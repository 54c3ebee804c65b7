//! The head that a checkpoint brings: what stands between states and logits differs among the families.

use crate::error::Result;
use crate::files::config::{EncoderConfig, Family};
use crate::heads::{ClsPooling, Head, Kind, Output, Transform, Weights};
use crate::model::crf;
use crate::model::encoder::Spelled;
use crate::model::encoder::names::Names;
use crate::model::purpose::Purpose;
use crate::state_dict::StateDict;

/// What stands before a head's last layer, and the names of the two.
enum Layers {
    /// Nothing.
    One(&'static str),
    /// A dense layer and an activation, for the first state of a sequence.
    Two(ClsPooling, &'static str, &'static str),
    /// A dense layer, GELU and a norm, for every state.
    Transform { dense: &'static str, norm: &'static str, last: &'static str },
}

fn layers(family: Family, kind: Kind) -> Layers {
    let pooled = |pooling| Layers::Two(pooling, "classifier.dense", "classifier.out_proj");
    match (family, kind) {
        (Family::ModernBert, _) => {
            Layers::Transform { dense: "head.dense", norm: "head.norm", last: "classifier" }
        }
        (_, Kind::Span) => Layers::One("qa_outputs"),
        (Family::Bert | Family::MegatronBert, Kind::Cls) => {
            Layers::Two(ClsPooling::PoolerTanh, "pooler.dense", "classifier")
        }
        (Family::DistilBert, Kind::Cls) => {
            Layers::Two(ClsPooling::PoolerRelu, "pre_classifier", "classifier")
        }
        (Family::Electra, Kind::Cls) => pooled(ClsPooling::PoolerGelu),
        (_, Kind::Cls) => pooled(ClsPooling::PoolerTanh),
        _ => Layers::One("classifier"),
    }
}

/// The head that a checkpoint brings, under a name of the caller's.
pub(crate) fn head(
    dict: &dyn StateDict,
    purpose: &Purpose,
    config: &EncoderConfig,
    name: &str,
) -> Result<Option<Head>> {
    let dict = &Spelled { dict, prefix: Names::of(config.family).prefix };
    let Some(kind) = purpose.kind()? else { return Ok(None) };
    let layers = layers(config.family, kind);
    let (Layers::One(last) | Layers::Two(_, _, last) | Layers::Transform { last, .. }) = layers;
    let outputs = dict.shape(&format!("{last}.bias")).and_then(|shape| shape.first().copied());
    let Some(mut spec) = purpose.head(outputs.unwrap_or(0))? else { return Ok(None) };
    let hidden = config.hidden_size;
    let classifier = dict.linear(last, hidden, spec.labels.len(), true)?;
    let weights = match layers {
        Layers::One(_) => match (&mut spec.output, crf::read(dict, spec.labels.len())?) {
            (Output::Tag { crf: has_crf, .. }, Some(crf)) => {
                *has_crf = true;
                Weights::Tagger { classifier, crf }
            }
            _ => Weights::Linear(classifier),
        },
        Layers::Two(pooling, dense, _) => {
            if let Some(said) = spec.pooling_mut() {
                *said = Some(pooling);
            }
            Weights::Pooled { pooler: dict.linear(dense, hidden, hidden, true)?, classifier }
        }
        Layers::Transform { dense, norm, .. } => {
            spec.transform_eps = Some(config.layer_norm_eps);
            if let Some(said) = spec.pooling_mut().filter(|_| config.mean_pooling) {
                *said = Some(ClsPooling::Mean);
            }
            Weights::Transformed {
                transform: Transform {
                    dense: dict.linear(dense, hidden, hidden, config.biases.head)?,
                    norm: dict.norm(norm, config, false)?,
                },
                classifier,
            }
        }
    };
    Ok(Some(Head { name: name.into(), spec, weights }))
}

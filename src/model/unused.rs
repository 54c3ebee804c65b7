//! What a checkpoint has and nothing reads. A layer that is left out changes every answer, so a tensor
//! that no part of the model asked for must be one that is known to do nothing there; any other is
//! refused by its name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::state_dict::{StateDict, bare};

/// What may lie there unread, and why it does no harm. A tensor's name is looked at with dots, and without
/// the name of the encoder.
const HARMLESS: [(Place, &str); 5] = [
    (
        Place::Ends(&[
            "position_ids",
            "token_type_ids",
            "rotary_emb.inv_freq",
            "relative_position_index",
        ]),
        "numbers that are always the same",
    ),
    (Place::Begins(&["pooler.dense."]), "the pooler, which nothing reads here"),
    (
        Place::Begins(&[
            "cls.predictions.",
            "cls.seq_relationship.",
            "lm_head.",
            // ELECTRA's and DistilBERT's.
            "generator_predictions.",
            "generator_lm_head.",
            "discriminator_predictions.",
            "vocab_transform.",
            "vocab_layer_norm.",
            "vocab_projector.",
        ]),
        "the layers of pre-training",
    ),
    (
        // Kept by PyTorch where the weights of classes are; the loss is for training only.
        Place::Is(&["loss_fct.weight", "loss_fn.weight", "criterion.weight", "loss.weight"]),
        "the weights of the loss",
    ),
    (
        Place::Ends(&[
            ".adam_m",
            ".adam_v",
            ".Adam",
            ".Adam_1",
            ".AdamWeightDecayOptimizer",
            ".AdamWeightDecayOptimizer_1",
            ".BERTAdam",
            ".BERTAdam_1",
            ".lamb_m",
            ".lamb_v",
            "global_step",
            "beta1_power",
            "beta2_power",
            "loss_scale",
            "good_steps",
            "bad_steps",
        ]),
        "what an optimizer left",
    ),
];

/// Where in a name a pattern stands.
enum Place {
    Is(&'static [&'static str]),
    Begins(&'static [&'static str]),
    Ends(&'static [&'static str]),
}

impl Place {
    fn fits(&self, name: &str) -> bool {
        match self {
            Place::Is(names) => names.contains(&name),
            Place::Begins(names) => names.iter().any(|begin| name.starts_with(begin)),
            // `position_ids` is a name of its own too, `my_position_ids` is not.
            Place::Ends(names) => names.iter().any(|end| {
                let before = name.strip_suffix(end);
                before.is_some_and(|rest| {
                    rest.is_empty() || rest.ends_with('.') || end.starts_with('.')
                })
            }),
        }
    }
}

/// Why a tensor that nothing reads does no harm; `None`: it may.
fn harmless(name: &str) -> Option<&'static str> {
    let name = name.replace('/', ".");
    let name = bare(&name);
    HARMLESS.iter().find(|(place, _)| place.fits(name)).map(|(_, reason)| *reason)
}

/// A state dict that remembers which of its tensors were read.
pub(crate) struct Recorded<'a> {
    dict: &'a dyn StateDict,
    read: RefCell<BTreeSet<String>>,
}

impl<'a> Recorded<'a> {
    pub(crate) fn new(dict: &'a dyn StateDict) -> Recorded<'a> {
        Recorded { dict, read: RefCell::default() }
    }

    /// What `found` is, if all else that is there does no harm; with it a remark on what was passed over.
    /// Where a tensor was missed, those that nobody knows are named: it may be one of them.
    pub(crate) fn finish<T>(&self, found: Result<T>) -> Result<(T, Vec<String>)> {
        let read = self.read.borrow();
        let mut unknown = Vec::new();
        let mut passed: Vec<(&'static str, usize)> = Vec::new();
        for name in self.dict.names().into_iter().filter(|name| !read.contains(name)) {
            match harmless(&name) {
                None => unknown.push(name),
                Some(reason) => match passed.iter_mut().find(|(other, _)| *other == reason) {
                    Some((_, count)) => *count += 1,
                    None => passed.push((reason, 1)),
                },
            }
        }
        unknown.sort_unstable();
        match found {
            Ok(found) if unknown.is_empty() => {
                let note = |(reason, count)| {
                    let tensors = if count == 1 { "tensor" } else { "tensors" };
                    format!("{}: {count} {tensors}: {reason}", self.dict.file_name())
                };
                Ok((found, passed.into_iter().map(note).collect()))
            }
            Ok(_) => Err(Error::Unsupported(format!(
                "{}: {}, so that the model would compute something else",
                self.dict.file_name(),
                unused(&unknown)
            ))),
            Err(Error::Model { file, reason })
                if reason.ends_with(" is missing") && self.knows_no_layers(&unknown) =>
            {
                Err(Error::Model { file, reason: format!("{reason}; {}", unused(&unknown)) })
            }
            Err(error) => Err(error),
        }
    }

    /// Whether there are names that are worth telling: not those of layers that were to be read next.
    fn knows_no_layers(&self, unknown: &[String]) -> bool {
        !unknown.is_empty() && !unknown.iter().any(|name| name.contains("layer"))
    }
}

/// The first of the names, which are some, and how many more there are.
fn unused(names: &[String]) -> String {
    // A name may be anything.
    let shown =
        |name: &String| name.chars().filter(|c| !c.is_control()).take(80).collect::<String>();
    let first: Vec<String> = names.iter().take(3).map(shown).collect();
    let more = match names.len().saturating_sub(first.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("nothing here uses {}{more}", first.join(", "))
}

impl StateDict for Recorded<'_> {
    fn file_name(&self) -> &str {
        self.dict.file_name()
    }

    fn names(&self) -> Vec<String> {
        self.dict.names()
    }

    fn own_name(&self, name: &str) -> String {
        self.dict.own_name(name)
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.dict.shape(name)
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.read.borrow_mut().insert(self.dict.own_name(name));
        self.dict.f32(name, shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_no_harm_is_known_by_its_whole_name() {
        for name in [
            "embeddings.position_ids",
            "position_ids",
            "bert.embeddings.position_ids",
            "bert.pooler.dense.weight",
            "cls.predictions.decoder.weight",
            "cls/seq_relationship/output_weights",
            "bert/pooler/dense/kernel",
            "bert/encoder/layer_0/output/dense/kernel/adam_v",
            "bert/embeddings/LayerNorm/gamma/AdamWeightDecayOptimizer_1",
            "global_step",
            "lm_head.bias",
            "loss_fct.weight",
        ] {
            assert!(harmless(name).is_some(), "{name}");
        }
        for name in [
            "crf.transitions",
            "lstm.weight_ih_l0",
            "dense.weight",
            "my_position_ids",
            "pooler.other.weight",
            "bert.encoder.layer.0.output.adapters.news.adapter_down.0.weight",
            "cls.other",
            "classifier.dense.weight",
            "output_weights",
        ] {
            assert!(harmless(name).is_none(), "{name}");
        }
    }
}

//! What a file says of vectors, beside the weights. Version 3 of the bundle knows one mean, perhaps a
//! linear layer, perhaps unit length, and is written where that is all; version 4 knows the rest.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Activation, StatePooling, Step};
use crate::error::{Error, Result};

/// How vectors are made of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "OnDisk", into = "OnDisk")]
pub(crate) struct VectorSpec {
    /// How the states become one row, one part after the other; empty where the encoder is a graph that
    /// gives the vector itself.
    pub(crate) pooling: Vec<StatePooling>,
    /// Longest sequence in tokens, `[CLS]` and `[SEP]` included.
    pub(crate) max_tokens: usize,
    /// What the row goes through.
    pub(crate) steps: Vec<Step>,
    /// What can be put before a text, by its name. None of them, or not all, are empty.
    pub(crate) prompts: BTreeMap<String, String>,
    /// The one that is put there where a call chooses none.
    pub(crate) default_prompt: Option<String>,
    /// Whether the states of `[CLS]` and the prompt count too.
    pub(crate) include_prompt: bool,
    /// Whether text is lower-cased, whatever the tokenizer does.
    pub(crate) lower_case: bool,
}

impl VectorSpec {
    /// One with nothing but pooling.
    pub(crate) fn new(pooling: Vec<StatePooling>, max_tokens: usize) -> VectorSpec {
        VectorSpec {
            pooling,
            max_tokens,
            steps: Vec::new(),
            prompts: BTreeMap::new(),
            default_prompt: None,
            include_prompt: true,
            lower_case: false,
        }
    }

    /// The text of a prompt: of the one that is named, of none for an empty name, or of the default one.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a name that there is not.
    pub(crate) fn prompt(&self, name: Option<&str>) -> Result<&str> {
        let Some(name) = name.or(self.default_prompt.as_deref()).filter(|name| !name.is_empty())
        else {
            return Ok("");
        };
        self.prompts.get(name).map(String::as_str).ok_or_else(|| {
            let names: Vec<&str> = self.prompts.keys().map(String::as_str).collect();
            let names = if names.is_empty() { "none".into() } else { names.join(", ") };
            Error::NotFound(format!("the model has no such prompt; it has {names}"))
        })
    }

    /// The linear layer and whether vectors have length 1, where version 3 can say that.
    fn third(&self) -> Option<(Option<Activation>, bool)> {
        let plain = self.pooling == [StatePooling::Mean]
            && self.prompts.is_empty()
            && self.include_prompt
            && !self.lower_case;
        let known = |activation| matches!(activation, Activation::Identity | Activation::Tanh);
        match *self.steps.as_slice() {
            _ if !plain => None,
            [] => Some((None, false)),
            [Step::Normalize] => Some((None, true)),
            [Step::Dense(dense)] if known(dense) => Some((Some(dense), false)),
            [Step::Dense(dense), Step::Normalize] if known(dense) => Some((Some(dense), true)),
            _ => None,
        }
    }

    /// The version of the bundle that knows all of it.
    pub(crate) fn format_version(&self) -> u32 {
        if self.third().is_some() { 3 } else { 4 }
    }

    /// The names of the steps' layers in a bundle's file.
    pub(crate) fn names(&self) -> Vec<String> {
        let third = self.third().is_some();
        let name = |number| if third { "dense".into() } else { format!("steps.{number}") };
        (0..self.steps.len()).map(name).collect()
    }

    /// Whether a step has weights.
    pub(crate) fn has_weights(&self) -> bool {
        self.steps.iter().any(|step| *step != Step::Normalize)
    }
}

/// The fields of the manifest. Those of version 4 stand last.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OnDisk {
    pooling: Modes,
    max_tokens: usize,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dense: Option<Activation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    normalize: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    steps: Option<Vec<Step>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    prompts: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default_prompt: Option<String>,
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    include_prompt: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lower_case: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Modes {
    One(StatePooling),
    Several(Vec<StatePooling>),
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_yes(value: &bool) -> bool {
    *value
}

impl From<VectorSpec> for OnDisk {
    fn from(spec: VectorSpec) -> OnDisk {
        let third = spec.third();
        OnDisk {
            pooling: match *spec.pooling.as_slice() {
                [mode] => Modes::One(mode),
                _ => Modes::Several(spec.pooling),
            },
            max_tokens: spec.max_tokens,
            dense: third.and_then(|(dense, _)| dense),
            normalize: third.map(|(_, normalize)| normalize),
            steps: if third.is_some() { None } else { Some(spec.steps) },
            prompts: spec.prompts,
            default_prompt: spec.default_prompt,
            include_prompt: spec.include_prompt,
            lower_case: spec.lower_case,
        }
    }
}

impl TryFrom<OnDisk> for VectorSpec {
    type Error = &'static str;

    fn try_from(file: OnDisk) -> std::result::Result<VectorSpec, &'static str> {
        let steps = match (file.steps, file.normalize) {
            (Some(steps), None) if file.dense.is_none() => steps,
            (None, Some(normalize)) => {
                let dense = file.dense.map(Step::Dense);
                dense.into_iter().chain(normalize.then_some(Step::Normalize)).collect()
            }
            _ => return Err("vectors have either steps or normalize, and dense with the latter"),
        };
        let pooling = match file.pooling {
            Modes::One(mode) => vec![mode],
            Modes::Several(modes) if modes.is_empty() => return Err("no pooling of vectors"),
            Modes::Several(modes) => modes,
        };
        if file.default_prompt.as_ref().is_some_and(|name| !file.prompts.contains_key(name)) {
            return Err("default_prompt is not one of the prompts");
        }
        Ok(VectorSpec {
            pooling,
            max_tokens: file.max_tokens,
            steps,
            prompts: file.prompts,
            default_prompt: file.default_prompt,
            include_prompt: file.include_prompt,
            lower_case: file.lower_case,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(steps: &[Step]) -> VectorSpec {
        VectorSpec { steps: steps.to_vec(), ..VectorSpec::new(vec![StatePooling::Mean], 64) }
    }

    #[test]
    fn what_version_3_knows_is_written_as_it_was() {
        let (dense, unit) = (Step::Dense(Activation::Tanh), Step::Normalize);
        let known = [
            (spec(&[]), r#"{"pooling":"mean","max_tokens":64,"normalize":false}"#),
            (spec(&[unit]), r#"{"pooling":"mean","max_tokens":64,"normalize":true}"#),
            (
                spec(&[dense, unit]),
                r#"{"pooling":"mean","max_tokens":64,"dense":"tanh","normalize":true}"#,
            ),
        ];
        for (spec, json) in known {
            assert_eq!(serde_json::to_string(&spec).unwrap(), json);
            assert_eq!(serde_json::from_str::<VectorSpec>(json).unwrap(), spec);
            assert_eq!(spec.format_version(), 3);
        }
        assert_eq!(spec(&[dense]).names(), ["dense"]);
    }

    #[test]
    fn what_it_does_not_know_makes_version_4() {
        let dense = Step::Dense(Activation::Gelu);
        let prompts = BTreeMap::from([("query".to_string(), "find: ".to_string())]);
        let new = [
            VectorSpec { pooling: vec![StatePooling::LastToken], ..spec(&[]) },
            VectorSpec { pooling: vec![StatePooling::Cls, StatePooling::Mean], ..spec(&[]) },
            spec(&[dense, Step::LayerNorm]),
            spec(&[Step::Normalize, Step::Dense(Activation::Tanh)]),
            VectorSpec { include_prompt: false, ..spec(&[]) },
            VectorSpec { lower_case: true, ..spec(&[]) },
            VectorSpec { default_prompt: Some("query".into()), prompts, ..spec(&[]) },
        ];
        for spec in &new {
            let json = serde_json::to_string(spec).unwrap();
            assert_eq!(&serde_json::from_str::<VectorSpec>(&json).unwrap(), spec, "{json}");
            assert!(spec.format_version() == 4 && !json.contains("normalize\":"), "{json}");
        }
        assert_eq!(new[2].names(), ["steps.0", "steps.1"]);
        let refused = [
            r#"{"pooling":"mean","max_tokens":64}"#,
            r#"{"pooling":[],"max_tokens":64,"normalize":true}"#,
            r#"{"pooling":"sum","max_tokens":64,"normalize":true}"#,
            r#"{"pooling":"mean","max_tokens":64,"normalize":true,"steps":[]}"#,
            r#"{"pooling":"mean","max_tokens":64,"steps":[],"default_prompt":"query"}"#,
        ];
        for json in refused {
            assert!(serde_json::from_str::<VectorSpec>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_prompt_is_chosen_by_name() {
        let prompts = [("query", "find: "), ("plain", "")];
        let prompts = prompts.map(|(name, text)| (name.to_string(), text.to_string())).into();
        let mut spec = VectorSpec { prompts, ..spec(&[]) };
        assert_eq!(spec.prompt(None), Ok(""));
        spec.default_prompt = Some("query".into());
        assert_eq!(spec.prompt(None), Ok("find: "));
        assert_eq!(spec.prompt(Some("")), Ok(""));
        assert_eq!(spec.prompt(Some("plain")), Ok(""));
        let error = spec.prompt(Some("doc")).unwrap_err().to_string();
        assert_eq!(error, "the model has no such prompt; it has plain, query");
    }
}

//! What a checkpoint was trained for: the part of `config.json` that every family of encoders shares.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};
use crate::heads::{HeadSpec, Kind, Output};

/// The task of a checkpoint and the names of its outputs.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Purpose {
    /// The class of `transformers` that wrote it, such as `BertForTokenClassification`.
    #[serde(default)]
    architectures: Vec<String>,
    /// Names of the labels by id.
    #[serde(default)]
    id2label: BTreeMap<String, String>,
    problem_type: Option<String>,
}

/// How the names of classes end, and what they are for. The rest of a name is the family.
const CLASSES: [(&str, Option<Kind>); 7] = [
    ("ForTokenClassification", Some(Kind::Token)),
    ("ForSequenceClassification", Some(Kind::Cls)),
    ("ForQuestionAnswering", Some(Kind::Span)),
    // The encoder, and things that we leave alone.
    ("Model", None),
    ("ForMaskedLM", None),
    ("ForPreTraining", None),
    ("LMHeadModel", None),
];

/// More labels than any head has.
const MOST_LABELS: usize = 65_536;

impl Purpose {
    /// Reads it from a `config.json`.
    pub(crate) fn parse(json: &[u8]) -> Result<Purpose> {
        serde_json::from_slice(json)
            .map_err(|error| Error::model("config.json", json_reason(&error)))
    }

    /// The class that wrote the checkpoint.
    pub(crate) fn architecture(&self) -> Option<&str> {
        self.architectures.first().map(String::as_str)
    }

    /// Which states the head reads; `None`: there is no head.
    pub(crate) fn kind(&self) -> Result<Option<Kind>> {
        let Some(name) = self.architecture() else { return Ok(None) };
        let known = CLASSES.iter().find(|(ending, _)| name.ends_with(ending));
        let unsupported = || {
            let reason = "encoders, token classification, sequence classification and question answering are";
            Error::Unsupported(format!(
                "config.json: architecture {name} is not supported; {reason}"
            ))
        };
        known.map(|(_, kind)| *kind).ok_or_else(unsupported)
    }

    /// The head with nothing but what `config.json` says of it. `outputs` is how many values it
    /// gives; their names may be missing.
    pub(crate) fn head(&self, outputs: usize) -> Result<Option<HeadSpec>> {
        let Some(kind) = self.kind()? else { return Ok(None) };
        let labels = match kind {
            Kind::Span => ["start", "end"].map(String::from).to_vec(),
            Kind::Cls if self.id2label.is_empty() => {
                (0..outputs.min(MOST_LABELS)).map(|id| format!("LABEL_{id}")).collect()
            }
            _ => self.labels()?,
        };
        if labels.is_empty() {
            let reason = "id2label is missing: the head's labels have no names";
            return Err(Error::model("config.json", reason));
        }
        let output = match kind {
            Kind::Span => Output::Answer { input: None },
            Kind::Cls => {
                let several = self.problem_type.as_deref() == Some("multi_label_classification");
                Output::Class { multi_label: several.then_some(true), pooling: None }
            }
            _ => Output::Tag { entity: None },
        };
        Ok(Some(HeadSpec::new(kind, output, labels)))
    }

    /// The labels in the order of their ids, which are 0, 1, 2, ….
    fn labels(&self) -> Result<Vec<String>> {
        let label = |id: usize| {
            let missing = || Error::model("config.json", format!("id2label lacks id {id}"));
            self.id2label.get(&id.to_string()).cloned().ok_or_else(missing)
        };
        (0..self.id2label.len()).map(label).collect()
    }
}

/// A directory's name as a head's: what cannot stand in one becomes `-`.
pub(crate) fn head_name(directory: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = directory.chars().map(keep).take(64).collect();
    match name.trim_start_matches('.') {
        "" => "head".into(),
        name => name.into(),
    }
}

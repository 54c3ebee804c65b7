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

/// The labels of BioBERT's TensorFlow program, in their order.
const BIOBERT_NER: [&str; 7] = ["[PAD]", "B", "I", "O", "X", "[CLS]", "[SEP]"];

/// More labels than any head has.
const MOST_LABELS: usize = 65_536;

impl Purpose {
    /// Reads it from a `config.json`.
    pub(crate) fn parse(json: &[u8]) -> Result<Purpose> {
        serde_json::from_slice(json)
            .map_err(|error| Error::model("config.json", json_reason(&error)))
    }

    /// What a TensorFlow checkpoint was fine-tuned for, by its output layer: answers, the labels of words
    /// or the classes of texts. BioBERT's seven labels of words are known (`run_ner.py`); others are
    /// those of a file `labels.txt`, a line each, with an `O` if they are of words.
    pub(crate) fn of_output_layer(
        layer: &str,
        outputs: usize,
        labels: Option<&str>,
    ) -> Result<Purpose> {
        let of = |class: &str, labels: &[&str]| Purpose {
            architectures: vec![class.into()],
            id2label: (0..)
                .map(|id: usize| id.to_string())
                .zip(labels.iter().map(ToString::to_string))
                .collect(),
            problem_type: None,
        };
        if layer == "cls/squad/output_weights" {
            return Ok(of("BertForQuestionAnswering", &[]));
        }
        if layer != "output_weights" {
            return Err(Error::Unsupported(format!("the output layer {layer} is not supported")));
        }
        match labels.map(|labels| labels.lines().map(str::trim).collect::<Vec<_>>()) {
            Some(labels) if labels.len() != outputs => {
                let reason =
                    format!("{} lines, but the output layer has {outputs} outputs", labels.len());
                Err(Error::model("labels.txt", reason))
            }
            Some(labels) if labels.contains(&"O") => Ok(of("BertForTokenClassification", &labels)),
            Some(labels) => Ok(of("BertForSequenceClassification", &labels)),
            None if outputs == BIOBERT_NER.len() => {
                Ok(of("BertForTokenClassification", &BIOBERT_NER))
            }
            None => Err(Error::Unsupported(format!(
                "the output layer has {outputs} outputs without names: put these into labels.txt, a line each"
            ))),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_layer_says_what_it_is_for_or_needs_names() {
        let of = |layer, outputs, labels| Purpose::of_output_layer(layer, outputs, labels);
        let kind = |layer, outputs, labels| of(layer, outputs, labels).unwrap().kind().unwrap();
        assert_eq!(kind("cls/squad/output_weights", 2, None), Some(Kind::Span));
        assert_eq!(kind("output_weights", 7, None), Some(Kind::Token));
        let biobert = of("output_weights", 7, None).unwrap().head(7).unwrap().unwrap();
        assert_eq!(biobert.labels, BIOBERT_NER);
        assert_eq!(kind("output_weights", 2, Some("no\nyes\n")), Some(Kind::Cls));
        assert_eq!(kind("output_weights", 3, Some("B\nI\nO")), Some(Kind::Token));
        let error = of("output_weights", 2, None).unwrap_err().to_string();
        assert!(error.contains("2 outputs"), "{error}");
        assert!(of("yesno/output_weights", 1, None).unwrap_err().to_string().contains("yesno"));
    }
}

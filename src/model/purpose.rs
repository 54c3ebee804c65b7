//! What a checkpoint was trained for: the part of `config.json` that every family of encoders shares.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};
use crate::heads::{HeadSpec, Kind, Output};
use crate::model::labels::{HINT, Labels, are_numbers, number};

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
    /// Names from elsewhere.
    #[serde(skip)]
    labels: Option<Labels>,
}

/// How the names of classes end, and what they are for. The rest of a name is the family.
const CLASSES: [(&str, Option<Kind>); 10] = [
    ("ForTokenClassification", Some(Kind::Token)),
    ("ForSequenceClassification", Some(Kind::Cls)),
    ("ForQuestionAnswering", Some(Kind::Span)),
    // The encoder, and things that we leave alone.
    ("Model", None),
    ("ForMaskedLM", None),
    ("ForPreTraining", None),
    ("LMHeadModel", None),
    // What the usual programs call a BERT with a conditional random field.
    ("CrfForNer", Some(Kind::Token)),
    ("CRF", Some(Kind::Token)),
    ("Crf", Some(Kind::Token)),
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

    /// The same with names from elsewhere.
    pub(crate) fn with_labels(self, labels: Option<Labels>) -> Purpose {
        Purpose { labels, ..self }
    }

    /// What a TensorFlow checkpoint was fine-tuned for, by its output layer: answers, the labels of words
    /// or the classes of texts. BioBERT's seven labels of words are known (`run_ner.py`); others need
    /// [`Labels`], with an `O` if they are of words.
    pub(crate) fn of_output_layer(
        layer: &str,
        outputs: usize,
        labels: Option<Labels>,
    ) -> Result<Purpose> {
        let of = |class: &str, labels| Purpose {
            architectures: vec![class.into()],
            labels,
            ..Purpose::default()
        };
        if layer == "cls/squad/output_weights" {
            return Ok(of("BertForQuestionAnswering", labels));
        }
        if layer != "output_weights" {
            return Err(Error::Unsupported(format!("the output layer {layer} is not supported")));
        }
        let class = |words| match words {
            true => "BertForTokenClassification",
            false => "BertForSequenceClassification",
        };
        match labels {
            Some(labels) => {
                let words = labels.of(outputs)?.iter().any(|label| label == "O");
                Ok(of(class(words), Some(labels)))
            }
            None if outputs == BIOBERT_NER.len() => {
                let labels = Labels { names: BIOBERT_NER.map(String::from).into(), given: false };
                Ok(of(class(true), Some(labels)))
            }
            None => Err(Error::Unsupported(format!(
                "the output layer has {outputs} outputs without names: {HINT}"
            ))),
        }
    }

    /// What an adapter on this checkpoint was trained for: in a class of its own, or the same.
    pub(crate) fn of_adapter(self, class: Option<&str>) -> Result<Purpose> {
        let Some(class) = class else { return Ok(self) };
        let adapted = Purpose { architectures: vec![class.into()], ..Purpose::default() };
        // Names of a head of another kind are not those of the adapter's.
        let same = self.kind().is_ok_and(|kind| adapted.kind().is_ok_and(|own| own == kind));
        Ok(if same { Purpose { architectures: adapted.architectures, ..self } } else { adapted })
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
        let labels = self.names(kind, outputs)?;
        let is_number = match self.problem_type.as_deref() {
            None => labels.len() == 1,
            Some(problem) => problem == "regression",
        };
        let output = match kind {
            Kind::Span => Output::Answer { input: None },
            Kind::Cls if is_number => Output::Number { pooling: None },
            Kind::Cls => {
                let several = self.problem_type.as_deref() == Some("multi_label_classification");
                Output::Class { multi_label: several.then_some(true), pooling: None }
            }
            _ => Output::Tag { entity: None, crf: false },
        };
        Ok(Some(HeadSpec::new(kind, output, labels)))
    }

    /// The names of a head's outputs: those that the caller gave, those of `config.json`, those of a file
    /// beside it, or their numbers.
    fn names(&self, kind: Kind, outputs: usize) -> Result<Vec<String>> {
        let given = self.labels.as_ref().filter(|labels| labels.given);
        if kind == Kind::Span {
            if let Some(labels) = given {
                return Err(labels.wrong("a head that answers questions has no labels to be named"));
            }
            return Ok(["start", "end"].map(String::from).to_vec());
        }
        if let Some(labels) = given {
            return Ok(labels.of(outputs)?.to_vec());
        }
        let own = self.labels()?;
        if let Some(labels) = self.labels.as_ref().filter(|_| are_numbers(&own)) {
            return Ok(labels.of(outputs)?.to_vec());
        }
        if !own.is_empty() {
            return Ok(own);
        }
        if kind == Kind::Cls && outputs > 0 {
            return Ok((0..outputs.min(MOST_LABELS)).map(number).collect());
        }
        let reason = match outputs {
            0 => "the outputs of the head have no names".into(),
            outputs => format!("the {outputs} outputs of the head have no names"),
        };
        Err(Error::model("config.json", format!("id2label is missing: {reason}; {HINT}")))
    }

    /// Where the names of a file beside the checkpoint are not those that it has itself, which are
    /// followed.
    pub(crate) fn note(&self) -> Option<String> {
        let labels = self.labels.as_ref().filter(|labels| !labels.given)?;
        let own = self.labels().ok().filter(|own| !are_numbers(own))?;
        (own != labels.names)
            .then(|| "labels.txt differs from id2label of config.json, which is followed".into())
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
        let of = |layer, outputs, labels: Option<&str>| {
            let names = |text: &str| text.lines().map(String::from).collect();
            let labels = labels.map(|text| Labels { names: names(text), given: false });
            Purpose::of_output_layer(layer, outputs, labels)
        };
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

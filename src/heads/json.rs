//! `head.json`: the specification of a head as a file has it, one flat object.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{Error, Result, json_reason};
use crate::heads::expect_known;
use crate::heads::spec::{ClsPooling, HeadSpec, Kind, Output, Provenance, Task};

/// Every field that such a file can have, in the order in which they are written. A field that is not
/// here is refused: it may change what the head means.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct HeadJson {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format_version: Option<u32>,
    task: Task,
    kind: Kind,
    labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    label_text: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    entity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first: Option<Kinds>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second: Option<Kinds>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mask: Option<[String; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    negative: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    multi_label: Option<bool>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    regression: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    crf: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    input: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reads: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pooling: Option<ClsPooling>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_tokens: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window_step: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calibration: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    transform_eps: Option<f32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoder_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tokenizer_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data_sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trained_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metrics: Option<serde_json::Value>,
}

/// The kinds of an end of a relation: one by its name, several as a list.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
enum Kinds {
    One(String),
    Several(Vec<String>),
}

impl Kinds {
    fn read(kinds: Option<Kinds>) -> std::result::Result<Vec<String>, String> {
        match kinds {
            None => Ok(Vec::new()),
            Some(Kinds::One(kind)) => Ok(vec![kind]),
            Some(Kinds::Several(kinds)) if kinds.is_empty() => {
                Err("an end of a relation has no kind".into())
            }
            Some(Kinds::Several(kinds)) => Ok(kinds),
        }
    }

    fn of(kinds: &[String]) -> Option<Kinds> {
        match kinds {
            [] => None,
            [kind] => Some(Kinds::One(kind.clone())),
            several => Some(Kinds::Several(several.to_vec())),
        }
    }
}

impl HeadJson {
    /// The meaning of the outputs; an error names what does not go together.
    fn output(&mut self) -> std::result::Result<Output, String> {
        let output = match (self.task, self.kind) {
            (Task::Ner, Kind::Token | Kind::Words) => {
                Output::Tag { entity: self.entity.take(), crf: std::mem::take(&mut self.crf) }
            }
            (Task::Re, Kind::Cls | Kind::Places) => Output::Relation {
                first: Kinds::read(self.first.take())?,
                second: Kinds::read(self.second.take())?,
                mask: self.mask.take(),
                negative: self.negative.take(),
                pooling: self.pooling.take(),
            },
            (Task::Classify, Kind::Cls | Kind::Places) if std::mem::take(&mut self.regression) => {
                Output::Number { pooling: self.pooling.take() }
            }
            (Task::Classify, Kind::Cls | Kind::Places) => {
                Output::Class { multi_label: self.multi_label.take(), pooling: self.pooling.take() }
            }
            (Task::Qa, Kind::Span | Kind::Passage) => Output::Answer { input: self.input.take() },
            (Task::Qa, Kind::Cls) => Output::Choice {
                input: self.input.take(),
                multi_label: self.multi_label.take(),
                pooling: self.pooling.take(),
            },
            (Task::Assertion, Kind::Token) => Output::Assertion { reads: self.reads.take() },
            _ => return Err("this kind of head cannot do this task".into()),
        };
        // `multi_label: false` and `pooling: cls` say nothing new: they may stand anywhere.
        let left = [
            ("entity", self.entity.is_some()),
            ("first", self.first.is_some()),
            ("second", self.second.is_some()),
            ("mask", self.mask.is_some()),
            ("negative", self.negative.is_some()),
            ("multi_label", self.multi_label == Some(true)),
            ("regression", self.regression),
            ("crf", self.crf),
            ("input", self.input.is_some()),
            ("reads", self.reads.is_some()),
            ("pooling", self.pooling.is_some_and(|pooling| pooling != ClsPooling::Cls)),
        ];
        match left.into_iter().find(|(_, is_there)| *is_there) {
            Some((field, _)) => Err(format!("`{field}` is not a field of a head for this task")),
            None => Ok(output),
        }
    }

    fn spec(mut self) -> std::result::Result<HeadSpec, String> {
        Ok(HeadSpec {
            output: self.output()?,
            kind: self.kind,
            labels: self.labels,
            label_text: self.label_text,
            max_tokens: self.max_tokens,
            window_step: self.window_step,
            calibration: self.calibration,
            transform_eps: self.transform_eps,
            provenance: Provenance {
                encoder_sha256: self.encoder_sha256,
                tokenizer_sha256: self.tokenizer_sha256,
                data_sha256: self.data_sha256,
                licence: self.licence,
                date: self.date,
                trained_on: self.trained_on,
                metrics: self.metrics,
            },
        })
    }
}

impl From<&HeadSpec> for HeadJson {
    fn from(spec: &HeadSpec) -> HeadJson {
        let [first, second] = spec.related().map(Kinds::of);
        let input = match &spec.output {
            Output::Answer { input } | Output::Choice { input, .. } => input.clone(),
            _ => None,
        };
        let reads = match &spec.output {
            Output::Assertion { reads } => reads.clone(),
            _ => None,
        };
        HeadJson {
            // The first version did not say which it is.
            format_version: Some(spec.format_version()).filter(|&version| version > 1),
            task: spec.task(),
            kind: spec.kind,
            labels: spec.labels.clone(),
            label_text: spec.label_text.clone(),
            entity: spec.entity().map(String::from),
            first,
            second,
            mask: spec.mask().cloned(),
            negative: spec.negative().map(String::from),
            multi_label: spec.multi_label(),
            regression: spec.is_regression(),
            crf: spec.has_token_crf(),
            input,
            reads,
            pooling: spec.pooling(),
            max_tokens: spec.max_tokens,
            window_step: spec.window_step,
            calibration: spec.calibration,
            transform_eps: spec.transform_eps,
            encoder_sha256: spec.provenance.encoder_sha256.clone(),
            tokenizer_sha256: spec.provenance.tokenizer_sha256.clone(),
            data_sha256: spec.provenance.data_sha256.clone(),
            licence: spec.provenance.licence.clone(),
            date: spec.provenance.date.clone(),
            trained_on: spec.provenance.trained_on.clone(),
            metrics: spec.provenance.metrics.clone(),
        }
    }
}

impl Serialize for HeadSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        HeadJson::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for HeadSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        HeadJson::deserialize(deserializer)?.spec().map_err(serde::de::Error::custom)
    }
}

impl HeadSpec {
    /// Reads and checks a head's JSON file.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a later version; [`Error::Model`] for a field that is missing, unknown or of another task, and for what does not
    /// fit together.
    pub(crate) fn parse(file: &str, json: &[u8]) -> Result<HeadSpec> {
        expect_known(file, "head", json)?;
        let json: HeadJson = serde_json::from_slice(json)
            .map_err(|error| Error::model(file, json_reason(&error)))?;
        let spec = json.spec().map_err(|reason| Error::model(file, reason))?;
        spec.check(file)?;
        Ok(spec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<HeadSpec> {
        HeadSpec::parse("head.json", json.as_bytes())
    }

    #[test]
    fn a_file_is_written_as_it_was_read() {
        let files = [
            r#"{"format_version":2,"task":"ner","kind":"words","labels":["B","I","O"],"entity":"Drug","calibration":1.5}"#,
            r#"{"format_version":2,"task":"re","kind":"cls","labels":["0","1"],"label_text":["no","yes"],"first":"Drug","second":"Disease","mask":["@A$","@B$"],"negative":"0","pooling":"pooler_tanh","max_tokens":64}"#,
            r#"{"format_version":2,"task":"classify","kind":"cls","labels":["a"],"multi_label":true,"pooling":"cls"}"#,
            r#"{"task":"qa","kind":"span","labels":["start","end"],"input":"q p","window_step":8}"#,
            r#"{"format_version":2,"task":"qa","kind":"cls","labels":["no","yes"],"licence":"MIT","metrics":{"f1":1.0}}"#,
            r#"{"task":"re","kind":"cls","labels":["0","1"],"first":"Drug"}"#,
            r#"{"format_version":3,"task":"re","kind":"cls","labels":["0","1"],"first":["Drug","Chemical"],"second":"Disease"}"#,
            r#"{"format_version":4,"task":"classify","kind":"cls","labels":["severity"],"regression":true}"#,
            r#"{"format_version":4,"task":"ner","kind":"token","labels":["B","I","O"],"crf":true}"#,
            r#"{"format_version":3,"task":"assertion","kind":"token","labels":["absent","present","other-person","historical","possible"],"reads":"words","licence":"MIT"}"#,
        ];
        for file in files {
            assert_eq!(serde_json::to_string(&parse(file).unwrap()).unwrap(), file);
        }
    }

    #[test]
    fn what_a_head_cannot_have_is_refused_by_its_name() {
        let told = |json: &str| parse(json).unwrap_err().to_string();
        let base = |rest: &str| format!(r#"{{"task":"ner","kind":"token","labels":["B"]{rest}}}"#);
        assert!(told(&base(r#","vote":true"#)).contains("unknown field `vote`"));
        assert!(told(&base(r#","negative":"B""#)).contains("`negative` is not a field"));
        assert!(told(&base(r#","pooling":"pooler_tanh""#)).contains("`pooling` is not a field"));
        assert!(told(&base(r#","pooling":"max""#)).contains("unknown variant `max`"));
        assert!(parse(&base(r#","pooling":"cls""#)).is_ok());
        assert!(told(&base(r#","reads":"words""#)).contains("`reads` is not a field"));
        assert!(told(&base(r#","regression":true"#)).contains("`regression` is not a field"));
        let words = r#"{"task":"ner","kind":"words","labels":["B"],"crf":true}"#;
        assert!(told(words).contains("crf is said of heads of the kind token only"));
        let both = r#"{"task":"classify","kind":"cls","labels":["a"],"regression":true,"multi_label":true}"#;
        assert!(told(both).contains("`multi_label` is not a field"));
        let none = r#"{"task":"re","kind":"cls","labels":["0","1"],"second":[]}"#;
        assert!(told(none).contains("an end of a relation has no kind"));
        let many: Vec<String> = (0..65).map(|kind| kind.to_string()).collect();
        let many =
            serde_json::json!({"task": "re", "kind": "cls", "labels": ["0", "1"], "first": many});
        assert!(told(&many.to_string()).contains("64 kinds at most"));
        let other = r#"{"task":"ner","kind":"cls","labels":["B"]}"#;
        assert!(told(other).contains("this kind of head cannot do this task"));
    }

    #[test]
    fn an_assertion_head_has_the_five_values_in_any_order() {
        let head = |labels: &[&str]| {
            parse(
                &serde_json::json!({"task": "assertion", "kind": "token", "labels": labels})
                    .to_string(),
            )
        };
        let labels = ["absent", "present", "other-person", "historical", "possible"];
        assert_eq!(head(&labels).unwrap().assertions(), Some([1, 0, 4, 3, 2]));
        let known = "the labels of an assertion head are present, absent, possible, historical, \
                     other-person, in any order";
        let twice = ["absent", "present", "present", "historical", "possible", "other-person"];
        let other = ["absent", "present", "family", "historical", "possible"];
        for labels in [&labels[..4], &twice, &other] {
            assert!(head(labels).unwrap_err().to_string().contains(known), "{labels:?}");
        }
    }
}

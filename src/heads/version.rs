//! The version of the format that heads and bundles are written in: the lowest that knows all that is
//! in them, so that older readers open what they can and refuse the rest by its number.
//!
//! Version 1 has the kinds `token`, `cls` and `span`. Version 2 has `words`, `places` and `passage`,
//! `pooler_tanh`, `multi_label`, and what a head says of its training. Version 3 has assertions and
//! relations between several kinds; a bundle may name default heads and hold sentence vectors. Version 4
//! has vocabularies, encoders and heads of other families than BERT's, regressions, conditional random
//! fields over tokens, vectors of any pooling, steps and prompts, and masked-language heads.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::heads::spec::{ClsPooling, HeadSpec, Provenance, Task};

/// The versions that are read.
const KNOWN: RangeInclusive<u32> = 1..=4;

/// Refuses a file of a version that is not known, before its fields are looked at; `what` is a bundle
/// or a head. A file that says no version is of the first; what is no JSON at all is said when its
/// fields are read.
///
/// # Errors
/// [`Error::Unsupported`].
pub(crate) fn expect_known(file: &str, what: &str, json: &[u8]) -> Result<()> {
    #[derive(Deserialize)]
    struct Versioned {
        #[serde(default = "first")]
        format_version: u32,
    }
    fn first() -> u32 {
        *KNOWN.start()
    }
    let Ok(Versioned { format_version: version }) = serde_json::from_slice(json) else {
        return Ok(());
    };
    if !KNOWN.contains(&version) {
        let (first, last) = (KNOWN.start(), KNOWN.end());
        return Err(Error::Unsupported(format!(
            "{file}: {what} format {version}; this library reads formats {first} to {last}"
        )));
    }
    Ok(())
}

impl HeadSpec {
    /// The version that knows all that the head has.
    pub(crate) fn format_version(&self) -> u32 {
        let Provenance { tokenizer_sha256, data_sha256, licence, date, .. } = &self.provenance;
        let said = [tokenizer_sha256, data_sha256, licence, date];
        let second = self.kind.reads_layers()
            || self.pooling().is_some_and(ClsPooling::has_pooler)
            || self.multi_label().is_some()
            || said.iter().any(|text| text.is_some());
        let third =
            self.task() == Task::Assertion || self.related().iter().any(|kinds| kinds.len() > 1);
        let fourth = self.transform_eps.is_some()
            || self.is_regression()
            || self.has_token_crf()
            || !matches!(self.pooling(), None | Some(ClsPooling::Cls | ClsPooling::PoolerTanh));
        match (fourth, third) {
            (true, _) => 4,
            (false, true) => 3,
            (false, false) => 1 + u32::from(second),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_later_version_is_refused_by_its_number() {
        let told =
            |json: &str| expect_known("f.json", "head", json.as_bytes()).map_err(|e| e.to_string());
        assert_eq!(told(r#"{"anything":0}"#), Ok(()));
        assert_eq!(told(r#"{"format_version":2,"anything":0}"#), Ok(()));
        let want = "f.json: head format 5; this library reads formats 1 to 4";
        assert_eq!(told(r#"{"format_version":5,"anything":0}"#), Err(want.into()));
        assert!(told(r#"{"format_version":0}"#).unwrap_err().contains("head format 0"));
        assert_eq!(told("no JSON"), Ok(()));
    }

    #[test]
    fn what_a_version_did_not_know_makes_the_next() {
        let version = |json: &str| {
            let spec = HeadSpec::parse("head.json", json.as_bytes()).unwrap();
            let written = serde_json::to_value(&spec).unwrap();
            let version = spec.format_version();
            assert_eq!(written.get("format_version").is_some(), version > 1, "{json}");
            version
        };
        let classify = |rest: &str| {
            version(&format!(r#"{{"task":"classify","kind":"cls","labels":["a","b"]{rest}}}"#))
        };
        let first = [
            "",
            r#","pooling":"cls","calibration":1.5,"max_tokens":64,"window_step":32"#,
            r#","label_text":["x","y"],"encoder_sha256":"0","trained_on":"z","metrics":{}"#,
        ];
        assert_eq!(first.map(classify), [1; 3]);
        let second = [
            r#","pooling":"pooler_tanh""#,
            r#","multi_label":false"#,
            r#","tokenizer_sha256":"0""#,
            r#","data_sha256":"0""#,
            r#","licence":"MIT""#,
            r#","date":"today""#,
        ];
        assert_eq!(second.map(classify), [2; 6]);
        let fourth = [
            r#","pooling":"pooler_relu""#,
            r#","pooling":"pooler_gelu""#,
            r#","pooling":"mean""#,
            r#","transform_eps":1e-5"#,
        ];
        assert_eq!(fourth.map(classify), [4; 4]);
        let kinds = [("ner", "token", 1), ("ner", "words", 2), ("classify", "places", 2)];
        for (task, kind, want) in kinds.into_iter().chain([("qa", "span", 1), ("qa", "passage", 2)])
        {
            let json = format!(r#"{{"task":"{task}","kind":"{kind}","labels":["a","b"]}}"#);
            assert_eq!(version(&json), want, "{kind}");
        }
        let relation = |first: &str| {
            version(&format!(r#"{{"task":"re","kind":"cls","labels":["0","1"],"first":{first}}}"#))
        };
        assert_eq!([r#""A""#, r#"["A"]"#, r#"["A","B"]"#].map(relation), [1, 1, 3]);
        let labels = r#"["present","absent","possible","historical","other-person"]"#;
        assert_eq!(
            version(&format!(r#"{{"task":"assertion","kind":"token","labels":{labels}}}"#)),
            3
        );
    }
}

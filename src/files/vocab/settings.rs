//! How text becomes words, as `tokenizer_config.json` and `tokenizer.json` say it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result, json_reason};
use crate::tokenizer::is_general;

pub(super) const CONFIG: &str = "tokenizer_config.json";

/// Whether text is lower-cased for a cased vocabulary whose files ask for that, or say nothing, which
/// means the same to `transformers`. Many checkpoints were published without the file that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Casing {
    /// Never: the vocabulary shows how the model was trained.
    #[default]
    Vocabulary,
    /// As the files say.
    Files,
}

/// The part of `tokenizer_config.json` that changes how text becomes words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TokenizerSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) do_lower_case: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) strip_accents: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tokenize_chinese_chars: Option<bool>,
}

impl TokenizerSettings {
    /// Reads a `tokenizer_config.json`.
    pub(super) fn of(config: &Value) -> Result<TokenizerSettings> {
        if config.is_null() {
            return Ok(TokenizerSettings::default());
        }
        TokenizerSettings::deserialize(config)
            .map_err(|error| Error::model(CONFIG, json_reason(&error)))
    }

    /// These settings where they say something, the others elsewhere.
    fn or(self, other: TokenizerSettings) -> TokenizerSettings {
        TokenizerSettings {
            do_lower_case: self.do_lower_case.or(other.do_lower_case),
            strip_accents: self.strip_accents.or(other.strip_accents),
            tokenize_chinese_chars: self.tokenize_chinese_chars.or(other.tokenize_chinese_chars),
        }
    }

    fn fields(&self) -> [(&'static str, Option<bool>); 3] {
        [
            ("do_lower_case", self.do_lower_case),
            ("strip_accents", self.strip_accents),
            ("tokenize_chinese_chars", self.tokenize_chinese_chars),
        ]
    }

    /// Where both files say something, that one counts which the tokenizer's class reads: a class of BERT's
    /// its own settings, the general class the whole `tokenizer.json`. With it the file that says whether to
    /// lower-case.
    pub(super) fn join(
        config: TokenizerSettings,
        file: TokenizerSettings,
        config_json: &Value,
        notes: &mut Vec<String>,
    ) -> (TokenizerSettings, &'static str) {
        let is_general = is_general(config_json);
        let followed = if is_general { "tokenizer.json" } else { CONFIG };
        for ((name, first), (_, second)) in config.fields().into_iter().zip(file.fields()) {
            if let (Some(first), Some(second)) = (first, second)
                && first != second
            {
                notes.push(format!(
                    "{name} is {first} in {CONFIG} and {second} in tokenizer.json: {followed} is followed"
                ));
            }
        }
        let of_file =
            file.do_lower_case.is_some() && (is_general || config.do_lower_case.is_none());
        let asked = if of_file { "tokenizer.json" } else { CONFIG };
        (if is_general { file.or(config) } else { config.or(file) }, asked)
    }
}

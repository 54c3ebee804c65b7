//! What the small files beside a vocabulary say of its special and added tokens.

use serde_json::Value;

use crate::error::Result;
use crate::tokenizer::added::Statements;
use crate::tokenizer::special::SpecialNames;

/// Whether `tokenizer_config.json` names the class that follows `tokenizer.json` alone.
pub(crate) fn is_general(config: &Value) -> bool {
    let class = config["tokenizer_class"].as_str();
    matches!(class, Some("PreTrainedTokenizerFast" | "TokenizersBackend"))
}

/// The small files beside a vocabulary; null where there is none.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// `tokenizer_config.json`
    pub(crate) config: Value,
    /// `special_tokens_map.json`
    pub(crate) special: Value,
    /// `added_tokens.json`
    pub(crate) added: Value,
}

impl Beside {
    /// The names of the special tokens, where a file states them.
    pub(crate) fn names(&self) -> SpecialNames {
        SpecialNames::of(&self.config).or(SpecialNames::of(&self.special))
    }

    /// What a file says of a special token: its name, or an object with settings.
    pub(crate) fn settings(&self, key: &str) -> &Value {
        let said = |json: &&Value| !json.is_null();
        let mut files = [&self.config[key], &self.special[key]].into_iter();
        files.find(said).unwrap_or(&Value::Null)
    }

    /// What all files say of added tokens; `list` is that of `tokenizer.json`. The first that says
    /// something of a token counts, as in `transformers`.
    pub(crate) fn statements(&self, list: &Value) -> Result<Statements> {
        const CONFIG: &str = "tokenizer_config.json";
        const SPECIAL: &str = "special_tokens_map.json";
        let mut statements = Statements::default();
        statements.decoder(CONFIG, &self.config)?;
        statements.list("tokenizer.json", list)?;
        statements.special(CONFIG, &self.config)?;
        statements.special(SPECIAL, &self.special)?;
        statements.ids("added_tokens.json", &self.added)?;
        Ok(statements)
    }
}

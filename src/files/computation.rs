//! Fields of `config.json` that make a model compute something else than its shape says, whatever its family.

use serde_json::{Map, Value};

use crate::error::{Error, Result, json_reason};

/// Fields that must be off, and what they stand for.
const OFF: [(&str, &str); 8] = [
    ("is_decoder", "a decoder"),
    ("is_encoder_decoder", "an encoder with a decoder"),
    ("add_cross_attention", "attention to another encoder"),
    ("quantization_config", "weights that are quantized already"),
    ("compression_config", "weights that are compressed"),
    ("pruned_heads", "attention heads that were taken out"),
    ("adapters", "layers of adapters in the encoder"),
    ("adapter_fusion", "layers of adapters in the encoder"),
];

/// Refuses what would compute differently.
///
/// # Errors
/// [`Error::Unsupported`] names the field; [`Error::Model`] if it is no JSON.
pub(crate) fn check(json: &[u8]) -> Result<()> {
    let fields: Map<String, Value> = serde_json::from_slice(json)
        .map_err(|error| Error::model("config.json", json_reason(&error)))?;
    for (field, meaning) in OFF {
        if fields.get(field).is_some_and(says_something) {
            return Err(Error::Unsupported(format!(
                "config.json: {field} is not supported: {meaning}"
            )));
        }
    }
    let code = fields.get("auto_map").and_then(Value::as_object);
    if code.is_some_and(|map| map.keys().any(|class| class.starts_with("AutoModel"))) {
        let reason = "auto_map is not supported: a model with code of its own, which is not run";
        return Err(Error::Unsupported(format!("config.json: {reason}")));
    }
    Ok(())
}

/// Whether a value is more than nothing: not null, false, 0 or empty, nor an object of such.
pub(crate) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(values) => !values.is_empty(),
        Value::Object(fields) => fields.values().any(says_something),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_computation_is_named() {
        let told = |json: &str| check(json.as_bytes()).map_err(|error| error.to_string());
        let harmless = r#"{"is_decoder":false,"pruned_heads":{},"use_cache":true,"torch_dtype":"float16","quantization_config":null,
            "tie_word_embeddings":true,"adapters":{"adapters":{},"config_map":{}}}"#;
        assert_eq!(told(harmless), Ok(()));
        for (field, value) in [
            ("is_decoder", "true"),
            ("add_cross_attention", "true"),
            ("quantization_config", r#"{"quant_method":"bitsandbytes"}"#),
            ("pruned_heads", r#"{"0":[1]}"#),
            ("auto_map", r#"{"AutoModel":"modeling.Model"}"#),
        ] {
            let error = told(&format!("{{\"{field}\":{value}}}")).unwrap_err();
            assert!(
                error.starts_with(&format!("config.json: {field} is not supported")),
                "{error}"
            );
        }
        assert!(told(r#"{"auto_map":{"AutoTokenizer":"x"}}"#).is_ok());
    }
}

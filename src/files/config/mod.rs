//! `config.json` of an encoder, as `transformers` writes it: every family's fields become the same ones.

mod encoder;
mod family;
mod fields;

use crate::error::{Error, Result, json_reason};
pub(crate) use encoder::{AttentionConfig, EncoderConfig};
pub(crate) use family::Family;
use fields::Fields;

impl EncoderConfig {
    /// Reads and checks a `config.json`.
    ///
    /// # Errors
    /// [`Error::Model`] if it is not JSON, lacks a field or contradicts itself;
    /// [`Error::Unsupported`] for another architecture.
    pub(crate) fn parse(json: &[u8]) -> Result<EncoderConfig> {
        let fields: Fields = serde_json::from_slice(json)
            .map_err(|error| Error::model("config.json", json_reason(&error)))?;
        let config = fields.into_config()?;
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = r#"{"model_type":"bert","hidden_size":32,"intermediate_size":64,
        "num_hidden_layers":2,"num_attention_heads":2,"max_position_embeddings":64,"vocab_size":100}"#;

    fn parse(json: &str) -> Result<EncoderConfig> {
        EncoderConfig::parse(json.as_bytes())
    }

    #[test]
    fn published_defaults_are_filled_in() {
        let config = parse(TINY).unwrap();
        assert_eq!((config.type_vocab_size, config.embedding_size), (2, 32));
        assert_eq!(config.max_tokens(), 64);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let cases = [
            (
                "\"bert\"",
                "\"gpt2\"",
                "config.json: model_type \"gpt2\" is not supported, only bert, roberta, xlm-roberta, \
                 camembert, distilbert, electra, megatron-bert, mpnet, modernbert, longformer are",
            ),
            (
                "_heads\":2",
                "_heads\":3",
                "config.json: hidden_size 32 is not a multiple of num_attention_heads 3",
            ),
            (
                "\"vocab_size\":100",
                "\"vocab_size\":0",
                "config.json: vocab_size is 0, and must be between 1 and 4194304",
            ),
            (",\"vocab_size\":100", "", "config.json: missing field `vocab_size`"),
            ("}", "", "config.json: the JSON ends early at line 2 column 99"),
            (
                "\"bert\"",
                "\"bert\",\"hidden_act\":\"relu\"",
                "config.json: hidden_act \"relu\" is not supported, only \"gelu\" is",
            ),
        ];
        for (from, to, want) in cases {
            assert_eq!(parse(&TINY.replace(from, to)).unwrap_err().to_string(), want);
        }
    }

    #[test]
    fn families_say_the_same_in_other_words() {
        let tiny = |family: &str| TINY.replace("bert", family);
        let roberta = parse(&tiny("roberta")).unwrap();
        assert_eq!((roberta.first_position, roberta.max_tokens()), (2, 62));
        let electra = tiny("electra").replace('}', r#","embedding_size":16}"#);
        assert_eq!(parse(&electra).unwrap().embedding_size, 16);
        let mpnet = parse(&tiny("mpnet")).unwrap();
        assert_eq!((mpnet.relative_buckets, mpnet.type_vocab_size), (Some(32), 0));

        let modern = parse(&tiny("modernbert")).unwrap();
        assert!(!modern.biases.norm && !modern.biases.feed_forward);
        assert_eq!(modern.attention[0], AttentionConfig { window: None, rotary: Some(160_000.0) });
        assert_eq!(
            modern.attention[1],
            AttentionConfig { window: Some(64), rotary: Some(10_000.0) }
        );
        let typed = tiny("modernbert").replace(
            '}',
            r#","layer_types":["sliding_attention","full_attention"],"local_attention":8,
                "rope_parameters":{"sliding_attention":{"rope_type":"default","rope_theta":5.0}}}"#,
        );
        let typed = parse(&typed).unwrap();
        assert_eq!(typed.attention[0], AttentionConfig { window: Some(4), rotary: Some(5.0) });
        let yarn = tiny("modernbert").replace(
            '}',
            r#","rope_parameters":{"full_attention":{"rope_type":"yarn","rope_theta":5.0}}}"#,
        );
        assert!(parse(&yarn).unwrap_err().to_string().contains("rope_type \"yarn\""));
        // An older name of it; and half of a window.
        let older = yarn.replace("rope_type", "type");
        assert!(parse(&older).unwrap_err().to_string().contains("rope_type \"yarn\""));
        let half = tiny("modernbert").replace('}', r#","local_attention":8,"sliding_window":3}"#);
        assert_eq!(parse(&half).unwrap().attention[1].window, Some(3));

        let long = tiny("longformer").replace('}', r#","attention_window":[6,8]}"#);
        let windows: Vec<_> = parse(&long).unwrap().attention.iter().map(|a| a.window).collect();
        assert_eq!(windows, [Some(3), Some(4)]);
        assert!(parse(&tiny("longformer")).unwrap_err().to_string().contains("attention_window"));
        let odd = long.replace("[6,8]", "7");
        assert!(parse(&odd).unwrap_err().to_string().contains("must be even"));
        // What transformers does not read of these two.
        let padded = tiny("mpnet").replace('}', r#","pad_token_id":0}"#);
        assert_eq!(parse(&padded).unwrap().first_position, 2);
        let buckets = tiny("mpnet").replace('}', r#","relative_attention_num_buckets":64}"#);
        assert!(parse(&buckets).unwrap_err().to_string().contains("buckets \"64\" is not"));
    }
}

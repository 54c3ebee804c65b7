//! What a checkpoint calls its special tokens, and which tokens never come out of a text.

use serde::Serialize;
use serde_json::Value;

/// The tokens that frame, fill and mask sequences, in the families that there are. What a note says stays
/// text, even where it says one of these.
const FRAME: [&str; 12] = [
    "[CLS]",
    "[SEP]",
    "[UNK]",
    "[PAD]",
    "[MASK]",
    "<s>",
    "</s>",
    "<unk>",
    "<pad>",
    "<mask>",
    "<|endoftext|>",
    "<|padding|>",
];

/// What `tokenizer_config.json` or `special_tokens_map.json` call the special tokens.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct SpecialNames {
    #[serde(rename = "cls_token", skip_serializing_if = "Option::is_none")]
    pub(crate) cls: Option<String>,
    #[serde(rename = "sep_token", skip_serializing_if = "Option::is_none")]
    pub(crate) sep: Option<String>,
    #[serde(rename = "unk_token", skip_serializing_if = "Option::is_none")]
    pub(crate) unk: Option<String>,
    #[serde(rename = "pad_token", skip_serializing_if = "Option::is_none")]
    pub(crate) pad: Option<String>,
    #[serde(rename = "mask_token", skip_serializing_if = "Option::is_none")]
    pub(crate) mask: Option<String>,
    #[serde(rename = "bos_token", skip_serializing_if = "Option::is_none")]
    pub(crate) bos: Option<String>,
    #[serde(rename = "eos_token", skip_serializing_if = "Option::is_none")]
    pub(crate) eos: Option<String>,
}

impl SpecialNames {
    /// The names in one of the two files.
    pub(crate) fn of(json: &Value) -> SpecialNames {
        // A plain name, or an object with settings of it.
        let name = |key: &str| {
            let value = &json[key];
            value.as_str().or_else(|| value["content"].as_str()).map(String::from)
        };
        SpecialNames {
            cls: name("cls_token"),
            sep: name("sep_token"),
            unk: name("unk_token"),
            pad: name("pad_token"),
            mask: name("mask_token"),
            bos: name("bos_token"),
            eos: name("eos_token"),
        }
    }

    /// These names, and the others where these have none.
    pub(crate) fn or(self, other: SpecialNames) -> SpecialNames {
        SpecialNames {
            cls: self.cls.or(other.cls),
            sep: self.sep.or(other.sep),
            unk: self.unk.or(other.unk),
            pad: self.pad.or(other.pad),
            mask: self.mask.or(other.mask),
            bos: self.bos.or(other.bos),
            eos: self.eos.or(other.eos),
        }
    }

    /// Without the names that go without saying, but for those that frame and fill every sequence.
    pub(crate) fn unusual(self) -> SpecialNames {
        let unusual = |name: Option<String>| name.filter(|name| !FRAME.contains(&name.as_str()));
        let SpecialNames { cls, sep, unk, pad, mask, bos, eos } = self;
        let [pad, mask, bos, eos] = [pad, mask, bos, eos].map(unusual);
        SpecialNames { cls, sep, unk, pad, mask, bos, eos }
    }

    /// Whether a token is the model's own, which no text can say.
    pub(crate) fn is_frame(&self, token: &str) -> bool {
        let SpecialNames { cls, sep, unk, pad, mask, bos, eos } = self;
        FRAME.contains(&token)
            || [cls, sep, unk, pad, mask, bos, eos]
                .into_iter()
                .any(|name| name.as_deref() == Some(token))
    }
}

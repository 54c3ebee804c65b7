//! A `tokenizer.json` of WordPiece. It is followed where it asks for what BERT's tokenizer does, and refused
//! where it asks for anything else; truncation and padding in it are not used.

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result, json_reason};
use crate::files::vocab::settings::TokenizerSettings;
use crate::tokenizer::Frame;

const FILE: &str = "tokenizer.json";

/// What a `tokenizer.json` says; nothing where there is none.
#[derive(Debug, Default)]
pub(super) struct WordPieceFile {
    pub(super) pieces: Vec<String>,
    pub(super) settings: TokenizerSettings,
    pub(super) unk: Option<String>,
    pub(super) max_word_chars: Option<usize>,
    pub(super) frame: Option<Frame>,
    /// Its list of added tokens.
    pub(super) added: Value,
}

#[derive(Deserialize)]
struct File {
    model: Model,
    normalizer: Option<Value>,
    pre_tokenizer: Option<Value>,
    #[serde(default)]
    post_processor: Value,
    #[serde(default)]
    added_tokens: Value,
}

#[derive(Deserialize)]
struct Model {
    r#type: Option<String>,
    #[serde(default)]
    vocab: Value,
    continuing_subword_prefix: Option<String>,
    max_input_chars_per_word: Option<usize>,
    unk_token: Option<String>,
}

#[derive(Deserialize)]
struct BertNormalizer {
    clean_text: Option<bool>,
    lowercase: Option<bool>,
    strip_accents: Option<bool>,
    handle_chinese_chars: Option<bool>,
}

impl WordPieceFile {
    pub(super) fn parse(bytes: &[u8]) -> Result<WordPieceFile> {
        let file: File = read(serde_json::from_slice(bytes))?;
        let File { model, normalizer, pre_tokenizer, post_processor, added_tokens } = file;
        let prefix = model.continuing_subword_prefix.as_deref().unwrap_or("##");
        if model.r#type.as_deref().unwrap_or("WordPiece") != "WordPiece" || prefix != "##" {
            return Err(unsupported("only WordPiece with the prefix ## is supported"));
        }
        expect("pre_tokenizer", pre_tokenizer.as_ref(), "BertPreTokenizer")?;
        let normalizer = normalizer.as_ref().map(only_one);
        expect("normalizer", normalizer, "BertNormalizer")?;
        let normalizer: BertNormalizer =
            read(BertNormalizer::deserialize(normalizer.unwrap_or(&Value::Null)))?;
        if normalizer.clean_text == Some(false) {
            return Err(unsupported("a normalizer that does not clean text (clean_text)"));
        }
        Ok(WordPieceFile {
            pieces: pieces(&model.vocab, bytes.len())?,
            settings: TokenizerSettings {
                do_lower_case: normalizer.lowercase,
                strip_accents: normalizer.strip_accents,
                tokenize_chinese_chars: normalizer.handle_chinese_chars,
            },
            unk: model.unk_token,
            max_word_chars: model.max_input_chars_per_word,
            frame: Frame::of(&post_processor)?,
            added: added_tokens,
        })
    }
}

fn unsupported(reason: &str) -> Error {
    Error::Unsupported(format!("{FILE}: {reason}"))
}

fn read<T>(value: serde_json::Result<T>) -> Result<T> {
    value.map_err(|error| Error::model(FILE, json_reason(&error)))
}

/// A sequence of one normalizer is that one.
fn only_one(normalizer: &Value) -> &Value {
    match normalizer["normalizers"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => normalizer,
    }
}

/// Refuses a part that is not the one that BERT's tokenizer has.
fn expect(part: &str, value: Option<&Value>, wanted: &str) -> Result<()> {
    let name = value.map_or("none", |value| value["type"].as_str().unwrap_or("of no type"));
    if name == wanted {
        return Ok(());
    }
    let parts = value
        .and_then(|value| value["normalizers"].as_array().or(value["pretokenizers"].as_array()));
    let parts = parts.into_iter().flatten().filter_map(|part| part["type"].as_str());
    let parts = parts.collect::<Vec<_>>().join(", ");
    let parts = if parts.is_empty() { parts } else { format!(" of {parts}") };
    Err(unsupported(&format!(
        "{part} {name}{parts} is not supported with WordPiece, only {wanted} is"
    )))
}

/// The pieces by their ids.
fn pieces(vocab: &Value, file_length: usize) -> Result<Vec<String>> {
    let map = vocab.as_object().ok_or_else(|| Error::model(FILE, "no vocabulary"))?;
    let id = |id: &Value| id.as_u64().and_then(|id| usize::try_from(id).ok());
    let most = map.values().map(|value| id(value).unwrap_or(usize::MAX)).max();
    let Some(most) = most.filter(|&most| most < file_length) else {
        return Err(Error::model(FILE, "the ids are not 0, 1, 2, …"));
    };
    // A gap is left where `vocab.txt` had a piece twice. Nothing is spelled with an empty piece.
    let mut pieces = vec![None; most + 1];
    for (piece, value) in map {
        // A `vocab.txt` could not hold it.
        if piece.contains('\n') || piece.trim_end() != piece {
            return Err(Error::model(FILE, "a piece ends in white space or holds a line break"));
        }
        match id(value).and_then(|id| pieces.get_mut(id)) {
            Some(slot @ None) => *slot = Some(piece.clone()),
            _ => return Err(Error::model(FILE, "two pieces have one id")),
        }
    }
    Ok(pieces.into_iter().map(Option::unwrap_or_default).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r###"{"truncation":{"max_length":128},"padding":null,
        "normalizer":{"type":"BertNormalizer","lowercase":false,"strip_accents":null,"handle_chinese_chars":true},
        "pre_tokenizer":{"type":"BertPreTokenizer"},
        "model":{"type":"WordPiece","unk_token":"b","max_input_chars_per_word":100,"vocab":{"b":1,"a":0,"##c":2}}}"###;

    #[test]
    fn what_a_file_says_is_followed() {
        let file = WordPieceFile::parse(FILE.as_bytes()).unwrap();
        assert_eq!(file.pieces, ["a", "b", "##c"]);
        assert_eq!(file.settings.do_lower_case, Some(false));
        assert_eq!((file.unk.as_deref(), file.max_word_chars), (Some("b"), Some(100)));
        // As a piece that was there twice leaves it.
        let gap = FILE.replace(r#""b":1"#, r#""b":3"#);
        assert_eq!(WordPieceFile::parse(gap.as_bytes()).unwrap().pieces, ["a", "", "##c", "b"]);
    }

    #[test]
    fn what_berts_tokenizer_does_not_do_is_refused_by_its_name() {
        for (from, to, want) in [
            (
                r#""BertPreTokenizer""#,
                r#""Whitespace""#,
                "tokenizer.json: pre_tokenizer Whitespace is not supported with WordPiece, only BertPreTokenizer is",
            ),
            (
                r#"{"type":"BertPreTokenizer"}"#,
                "null",
                "tokenizer.json: pre_tokenizer none is not supported with WordPiece, only BertPreTokenizer is",
            ),
            (
                r#"{"type":"BertNormalizer""#,
                r#"{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Lowercase"}]"#,
                "tokenizer.json: normalizer Sequence of NFKC, Lowercase is not supported with WordPiece, only BertNormalizer is",
            ),
            (
                r#""lowercase":false"#,
                r#""clean_text":false"#,
                "tokenizer.json: a normalizer that does not clean text (clean_text)",
            ),
            (r#""b":1"#, r#""b":0"#, "tokenizer.json: two pieces have one id"),
            (r#""b":1"#, r#""b":4000000000"#, "tokenizer.json: the ids are not 0, 1, 2, …"),
            (
                r#""type":"WordPiece""#,
                r#""continuing_subword_prefix":"@@""#,
                "tokenizer.json: only WordPiece with the prefix ## is supported",
            ),
            (
                r#""padding":null"#,
                r#""post_processor":{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A"}}],"pair":[]}"#,
                "tokenizer.json: post_processor puts something else around a text than one token before it and one after",
            ),
        ] {
            let file = FILE.replace(from, to);
            assert_ne!(file, FILE);
            assert_eq!(WordPieceFile::parse(file.as_bytes()).unwrap_err().to_string(), want);
        }
    }
}

//! The vocabulary of a checkpoint and how its text is read: `vocab.txt` or `tokenizer.json`,
//! `tokenizer_config.json`, and the guard that keeps a cased model from seeing lower case. Other
//! families than BERT have `tokenizer.json`, or `vocab.json` and `merges.txt`.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result, json_reason};
use crate::files::read_file;
use crate::tokenizer::{MaskToken, SpecialNames, Subword, Tokenizer, TokenizerOptions, is_cased};

/// The vocabulary of any family.
#[derive(Debug)]
pub(crate) enum Vocabulary {
    /// BERT's, and that of those who took it over.
    WordPiece(Vocab),
    /// The others'.
    Subword(Box<Subword>),
}

impl Vocabulary {
    /// Reads the vocabulary of a directory. `double_sep`: whether two separators stand between two
    /// texts, where the files do not say.
    pub(crate) fn open(directory: &Path, double_sep: bool) -> Result<Vocabulary> {
        let json = directory.join("tokenizer.json");
        let names = || special_names(directory);
        if json.exists() {
            let json = read_file(&json)?;
            if !is_word_piece(&json)? {
                let subword = Subword::parse(&json, &names()?, double_sep)?;
                return Ok(Vocabulary::Subword(subword.into()));
            }
        }
        let (vocab, merges) = (directory.join("vocab.json"), directory.join("merges.txt"));
        if !directory.join("vocab.txt").exists() && vocab.exists() && merges.exists() {
            let vocab = serde_json::from_slice(&read_file(&vocab)?)
                .map_err(|error| Error::model("vocab.json", json_reason(&error)))?;
            let merges = String::from_utf8(read_file(&merges)?)
                .map_err(|_| Error::model("merges.txt", "not UTF-8"))?;
            let subword = Subword::byte_level(vocab, &merges, &names()?)?;
            return Ok(Vocabulary::Subword(subword.into()));
        }
        Ok(Vocabulary::WordPiece(Vocab::open(directory)?))
    }

    /// Ids are below this.
    pub(crate) fn len(&self) -> usize {
        match self {
            Vocabulary::WordPiece(vocab) => vocab.pieces.len(),
            Vocabulary::Subword(subword) => subword.vocab_len(),
        }
    }

    /// The tokenizer, and a note where it is not what the checkpoint asks for.
    pub(crate) fn tokenizer(&self, one_segment: bool) -> Result<(Tokenizer, Option<String>)> {
        let (tokenizer, note) = match self {
            Vocabulary::WordPiece(vocab) => {
                let (options, note) = vocab.options();
                let tokenizer = Tokenizer::new(&vocab.pieces, options)?;
                let mask = vocab.mask();
                (mask.into_iter().fold(tokenizer, Tokenizer::with_mask), note)
            }
            Vocabulary::Subword(subword) => (Tokenizer::from_subword(subword)?, None),
        };
        Ok((if one_segment { tokenizer.with_one_segment() } else { tokenizer }, note))
    }
}

/// Whether a `tokenizer.json` is read as a [`Vocab`].
fn is_word_piece(json: &[u8]) -> Result<bool> {
    #[derive(Deserialize)]
    struct File {
        model: Model,
    }
    #[derive(Deserialize)]
    struct Model {
        r#type: Option<String>,
    }
    let file: File = serde_json::from_slice(json)
        .map_err(|error| Error::model("tokenizer.json", json_reason(&error)))?;
    Ok(file.model.r#type.as_deref().unwrap_or("WordPiece") == "WordPiece")
}

/// The names of the special tokens, where a file states them.
fn special_names(directory: &Path) -> Result<SpecialNames> {
    let mut names = SpecialNames::default();
    for file in ["tokenizer_config.json", "special_tokens_map.json"] {
        let path = directory.join(file);
        if !path.exists() {
            continue;
        }
        let json: serde_json::Value = serde_json::from_slice(&read_file(&path)?)
            .map_err(|error| Error::model(file, json_reason(&error)))?;
        // A plain name, or an object with settings of it.
        let name = |key: &str| {
            let value = &json[key];
            value.as_str().or_else(|| value["content"].as_str()).map(String::from)
        };
        names.cls = names.cls.or_else(|| name("cls_token"));
        names.sep = names.sep.or_else(|| name("sep_token"));
        names.unk = names.unk.or_else(|| name("unk_token"));
        let mask = &json["mask_token"];
        names.mask = names.mask.or_else(|| (!mask.is_null()).then(|| mask.clone()));
    }
    Ok(names)
}

/// Pieces by id, and the settings that the checkpoint asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vocab {
    pub(crate) pieces: Vec<String>,
    pub(crate) settings: TokenizerSettings,
}

/// The part of `tokenizer_config.json` that changes how text is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TokenizerSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) do_lower_case: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) strip_accents: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tokenize_chinese_chars: Option<bool>,
    /// Where it is not plainly BERT's `[MASK]`: a name, or an object with settings.
    #[serde(default, deserialize_with = "unusual", skip_serializing_if = "Option::is_none")]
    pub(crate) mask_token: Option<Box<Value>>,
}

/// A mask token other than BERT's, and other than the same as an object that says nothing new.
fn unusual<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Box<Value>>, D::Error> {
    let value = Option::<Box<Value>>::deserialize(deserializer)?;
    let plain = MaskToken::named("[MASK]", 0);
    Ok(value.filter(|value| MaskToken::parse(value, 0).is_some_and(|mask| mask != plain)))
}

impl TokenizerSettings {
    /// Reads a `tokenizer_config.json`.
    pub(crate) fn parse(json: &[u8]) -> Result<TokenizerSettings> {
        serde_json::from_slice(json)
            .map_err(|error| Error::model("tokenizer_config.json", json_reason(&error)))
    }

    /// These settings where they say something, the others elsewhere.
    fn or(self, other: TokenizerSettings) -> TokenizerSettings {
        TokenizerSettings {
            do_lower_case: self.do_lower_case.or(other.do_lower_case),
            strip_accents: self.strip_accents.or(other.strip_accents),
            tokenize_chinese_chars: self.tokenize_chinese_chars.or(other.tokenize_chinese_chars),
            mask_token: self.mask_token.or(other.mask_token),
        }
    }
}

impl Vocab {
    /// Reads the vocabulary of a Hugging Face directory.
    pub(crate) fn open(directory: &Path) -> Result<Vocab> {
        let text = directory.join("vocab.txt");
        let json = directory.join("tokenizer.json");
        let config = directory.join("tokenizer_config.json");
        let mut vocab = if text.exists() {
            Vocab { pieces: parse_vocab_txt(&read_file(&text)?)?, settings: Default::default() }
        } else if json.exists() {
            parse_tokenizer_json(&read_file(&json)?)?
        } else {
            let reason = "neither vocab.txt nor tokenizer.json is in the directory";
            return Err(Error::NotFound(reason.into()));
        };
        if config.exists() {
            vocab.settings = TokenizerSettings::parse(&read_file(&config)?)?.or(vocab.settings);
        }
        Ok(vocab)
    }

    /// The settings to use, and a note where they are not what the checkpoint says.
    pub(crate) fn options(&self) -> (TokenizerOptions, Option<String>) {
        let cased = is_cased(&self.pieces);
        let asked = self.settings.do_lower_case;
        let note = match (cased, asked) {
            (true, Some(true)) => Some(
                "tokenizer_config.json asks for lower-casing, but the vocabulary is cased: case is kept",
            ),
            (true, None) => Some(
                "tokenizer_config.json does not say whether to lower-case, and the vocabulary is cased: case is kept",
            ),
            (false, Some(false)) if self.pieces.len() > 1000 => Some(
                "tokenizer_config.json asks to keep case, but the vocabulary is uncased: capitals become unknown words",
            ),
            _ => None,
        };
        let options = TokenizerOptions {
            lowercase: !cased && asked.unwrap_or(true),
            strip_accents: self.settings.strip_accents,
            split_cjk: self.settings.tokenize_chinese_chars.unwrap_or(true),
            ..TokenizerOptions::default()
        };
        (options, note.map(String::from))
    }

    /// The mask token, where it is not plainly BERT's and is there at all.
    fn mask(&self) -> Option<MaskToken> {
        let mut mask = MaskToken::parse(self.settings.mask_token.as_ref()?, 0)?;
        mask.id = self.pieces.iter().rposition(|piece| piece == mask.name())? as u32;
        Some(mask)
    }

    /// The bytes of a `vocab.txt`.
    pub(crate) fn to_txt(&self) -> String {
        self.pieces.iter().flat_map(|piece| [piece.as_str(), "\n"]).collect()
    }
}

/// One piece a line. An empty last line is none.
pub(crate) fn parse_vocab_txt(bytes: &[u8]) -> Result<Vec<String>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::model("vocab.txt", format!("not UTF-8 at byte {}", error.valid_up_to()))
    })?;
    // As Hugging Face reads it: ends of lines are trimmed. Blank lines at the end are nobody's pieces.
    Ok(text.trim_end().lines().map(|line| line.trim_end().to_string()).collect())
}

/// The vocabulary of a WordPiece `tokenizer.json`; truncation and padding in it are not used.
fn parse_tokenizer_json(bytes: &[u8]) -> Result<Vocab> {
    #[derive(Deserialize)]
    struct File {
        model: Model,
        normalizer: Option<Normalizer>,
    }
    #[derive(Deserialize)]
    struct Model {
        r#type: Option<String>,
        #[serde(default)]
        vocab: serde_json::Value,
        continuing_subword_prefix: Option<String>,
    }
    #[derive(Deserialize)]
    struct Normalizer {
        r#type: String,
        lowercase: Option<bool>,
        strip_accents: Option<bool>,
        handle_chinese_chars: Option<bool>,
    }

    const FILE: &str = "tokenizer.json";
    let file: File =
        serde_json::from_slice(bytes).map_err(|error| Error::model(FILE, json_reason(&error)))?;
    let prefix = file.model.continuing_subword_prefix.as_deref().unwrap_or("##");
    if file.model.r#type.as_deref().unwrap_or("WordPiece") != "WordPiece" || prefix != "##" {
        let reason = "only WordPiece with the prefix ## is supported";
        return Err(Error::Unsupported(format!("{FILE}: {reason}")));
    }
    let settings = match file.normalizer {
        Some(normalizer) if normalizer.r#type == "BertNormalizer" => TokenizerSettings {
            do_lower_case: normalizer.lowercase,
            strip_accents: normalizer.strip_accents,
            tokenize_chinese_chars: normalizer.handle_chinese_chars,
            mask_token: None,
        },
        _ => return Err(Error::Unsupported(format!("{FILE}: only BertNormalizer is supported"))),
    };
    let map = file.model.vocab.as_object().ok_or_else(|| Error::model(FILE, "no vocabulary"))?;
    let mut pieces = vec![None; map.len()];
    for (piece, id) in map {
        // A `vocab.txt` could not hold it.
        if piece.contains('\n') || piece.trim_end() != piece {
            return Err(Error::model(FILE, "a piece ends in white space or holds a line break"));
        }
        let id = id.as_u64().and_then(|id| usize::try_from(id).ok());
        match id.and_then(|id| pieces.get_mut(id)) {
            Some(slot @ None) => *slot = Some(piece.clone()),
            _ => return Err(Error::model(FILE, "the ids are not 0, 1, 2, …")),
        }
    }
    // As many slots as pieces, and none taken twice: all are taken.
    Ok(Vocab { pieces: pieces.into_iter().flatten().collect(), settings })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocab(words: impl Iterator<Item = String>, do_lower_case: Option<bool>) -> Vocab {
        let settings = TokenizerSettings { do_lower_case, ..Default::default() };
        Vocab { pieces: words.collect(), settings }
    }

    #[test]
    fn a_cased_vocabulary_is_never_lower_cased() {
        for asked in [None, Some(true), Some(false)] {
            let (options, note) = vocab((0..1001).map(|i| format!("A{i}")), asked).options();
            assert!(!options.lowercase);
            assert_eq!(note.is_some(), asked != Some(false));
        }
    }

    #[test]
    fn an_uncased_vocabulary_follows_its_configuration() {
        for (asked, lowercase) in [(None, true), (Some(true), true), (Some(false), false)] {
            let (options, note) = vocab((0..1001).map(|i| format!("a{i}")), asked).options();
            assert_eq!(options.lowercase, lowercase);
            assert_eq!(note.is_some(), asked == Some(false));
        }
    }

    #[test]
    fn tokenizer_json_gives_the_same_vocabulary_and_its_settings() {
        let json = br###"{"truncation":{"max_length":128},"padding":null,
            "normalizer":{"type":"BertNormalizer","lowercase":false,"strip_accents":null,"handle_chinese_chars":true},
            "model":{"type":"WordPiece","vocab":{"b":1,"a":0,"##c":2}}}"###;
        let vocab = parse_tokenizer_json(json).unwrap();
        assert_eq!(vocab.pieces, ["a", "b", "##c"]);
        assert_eq!(vocab.settings.do_lower_case, Some(false));
        for bad in [
            &br#"{"model":{"type":"BPE"}}"#[..],
            br#"{"normalizer":{"type":"BertNormalizer"},"model":{"vocab":{"a":1}}}"#,
        ] {
            assert!(parse_tokenizer_json(bad).is_err());
        }
    }
}

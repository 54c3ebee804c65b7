//! The vocabulary of a checkpoint and how its text is read. BERT and those who took over its WordPiece
//! have `vocab.txt` or `tokenizer.json`; other families have `tokenizer.json`, or `vocab.json` and
//! `merges.txt`.

mod word_piece;

use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};
use crate::files::read_file;
use crate::tokenizer::{SpecialNames, Subword, Tokenizer};
pub(crate) use word_piece::Vocab;
use word_piece::{TokenizerSettings, parse_vocab_txt};

/// The vocabulary of any family.
#[derive(Debug)]
pub(crate) enum Vocabulary {
    /// BERT's, and that of those who took it over.
    WordPiece(Vocab),
    /// The others'.
    Subword(Subword),
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
                return Ok(Vocabulary::Subword(Subword::parse(&json, &names()?, double_sep)?));
            }
        }
        let (vocab, merges) = (directory.join("vocab.json"), directory.join("merges.txt"));
        if !directory.join("vocab.txt").exists() && vocab.exists() && merges.exists() {
            let vocab = serde_json::from_slice(&read_file(&vocab)?)
                .map_err(|error| Error::model("vocab.json", json_reason(&error)))?;
            let merges = String::from_utf8(read_file(&merges)?)
                .map_err(|_| Error::model("merges.txt", "not UTF-8"))?;
            return Ok(Vocabulary::Subword(Subword::byte_level(vocab, &merges, &names()?)?));
        }
        Ok(Vocabulary::WordPiece(Vocab::open(directory)?))
    }

    /// WordPiece as a bundle keeps it: `vocab.txt` and `tokenizer_config.json`.
    pub(crate) fn of_lines(vocab: &[u8], config: &[u8]) -> Result<Vocabulary> {
        let settings = TokenizerSettings::parse(config)?;
        Ok(Vocabulary::WordPiece(Vocab { pieces: parse_vocab_txt(vocab)?, settings }))
    }

    /// Another family's as a bundle keeps it: `tokenizer.json` and `tokenizer_config.json`.
    pub(crate) fn of_subwords(file: &[u8], config: &[u8]) -> Result<Vocabulary> {
        let names = SpecialNames::parse("tokenizer_config.json", config)?;
        Ok(Vocabulary::Subword(Subword::parse(file, &names, false)?))
    }

    /// What a bundle's `tokenizer_config.json` says of it.
    pub(crate) fn settings(&self) -> serde_json::Value {
        match self {
            Vocabulary::WordPiece(vocab) => serde_json::json!(vocab.settings),
            Vocabulary::Subword(subword) => serde_json::json!(subword.names()),
        }
    }

    /// The version of a bundle that can hold it.
    pub(crate) fn format_version(&self) -> u32 {
        match self {
            Vocabulary::WordPiece(_) => 1,
            Vocabulary::Subword(_) => 4,
        }
    }

    /// In what another vocabulary is not the same.
    pub(crate) fn differs(&self, other: &Vocabulary) -> Option<&'static str> {
        match (self, other) {
            (Vocabulary::WordPiece(ours), Vocabulary::WordPiece(theirs)) => {
                let settings = ours.settings != theirs.settings;
                let pieces = ours.pieces != theirs.pieces;
                settings.then_some("tokenizer_config.json").or(pieces.then_some("vocabulary"))
            }
            (Vocabulary::Subword(ours), Vocabulary::Subword(theirs)) => {
                (ours != theirs).then_some("tokenizer.json")
            }
            _ => Some("kind of vocabulary"),
        }
    }

    /// The file that it came from, for errors.
    pub(crate) fn file_name(&self) -> &'static str {
        match self {
            Vocabulary::WordPiece(_) => "vocab.txt",
            Vocabulary::Subword(_) => "tokenizer.json",
        }
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
                (Tokenizer::new(&vocab.pieces, options)?, note)
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
        if path.exists() {
            names = names.or(SpecialNames::parse(file, &read_file(&path)?)?);
        }
    }
    Ok(names)
}

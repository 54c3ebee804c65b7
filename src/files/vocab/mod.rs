//! The vocabulary of a checkpoint and how its text is read. BERT and those who took over its WordPiece
//! have `vocab.txt` or `tokenizer.json`; other families have `tokenizer.json`, or `vocab.json` and
//! `merges.txt`.

mod settings;
#[cfg(test)]
mod tests;
mod word_piece;
mod word_piece_file;

use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result, json_reason};
use crate::files::read_file;
use crate::tokenizer::{AddedTokens, Beside, Subword, Tokenizer};
use settings::CONFIG;
pub use settings::Casing;
pub(crate) use word_piece::Vocab;
use word_piece::parse_vocab_txt;
use word_piece_file::WordPieceFile;

/// The vocabulary of any family.
#[derive(Debug)]
pub(crate) enum Vocabulary {
    /// BERT's, and that of those who took it over.
    WordPiece(Vocab),
    /// The others'.
    Subword(Subword),
}

impl Vocabulary {
    /// Reads the vocabulary of a directory. `fairseq`: whether the family is one that calls its special
    /// tokens `<s>` and `</s>`, and puts two of these between two texts, where the files do not say.
    pub(crate) fn open(directory: &Path, fairseq: bool) -> Result<Vocabulary> {
        let there = |name: &str| Some(directory.join(name)).filter(|path| path.exists());
        let bytes = |name: &str| there(name).map(|path| read_file(&path)).transpose();
        let json = |name: &str| match bytes(name)? {
            Some(json) => parse(name, &json),
            None => Ok(Value::Null),
        };
        let beside = Beside {
            config: json(CONFIG)?,
            special: json("special_tokens_map.json")?,
            added: json("added_tokens.json")?,
        };
        let file = bytes("tokenizer.json")?;
        if let Some(file) = &file
            && !is_word_piece(file)?
        {
            return Ok(Vocabulary::Subword(Subword::parse(file, &beside, fairseq)?));
        }
        let lines = bytes("vocab.txt")?;
        if file.is_none() && lines.is_none() {
            let (Some(vocab), Some(merges)) = (bytes("vocab.json")?, bytes("merges.txt")?) else {
                let reason = "neither vocab.txt nor tokenizer.json is in the directory, nor vocab.json with merges.txt";
                return Err(Error::NotFound(reason.into()));
            };
            let vocab = parse("vocab.json", &vocab)?;
            let merges =
                String::from_utf8(merges).map_err(|_| Error::model("merges.txt", "not UTF-8"))?;
            return Ok(Vocabulary::Subword(Subword::byte_level(vocab, &merges, &beside)?));
        }
        let lines = lines.map(|lines| parse_vocab_txt(&lines)).transpose()?;
        let file = file.map(|file| WordPieceFile::parse(&file)).transpose()?;
        Ok(Vocabulary::WordPiece(Vocab::new(lines, file, &beside, fairseq)?))
    }

    /// Another family's than BERT's as a bundle keeps it: `tokenizer.json` and `tokenizer_config.json`.
    pub(crate) fn of_subwords(file: &[u8], config: &[u8]) -> Result<Vocabulary> {
        let beside = Beside { config: parse(CONFIG, config)?, ..Beside::default() };
        Ok(Vocabulary::Subword(Subword::parse(file, &beside, false)?))
    }

    /// What a bundle's `tokenizer_config.json` says of it.
    pub(crate) fn settings(&self) -> Value {
        match self {
            Vocabulary::WordPiece(vocab) => vocab.config(),
            Vocabulary::Subword(subword) => serde_json::json!(subword.names()),
        }
    }

    /// The version of a bundle that can hold it.
    pub(crate) fn format_version(&self) -> u32 {
        match self {
            Vocabulary::WordPiece(vocab) if vocab.is_plain() => 1,
            _ => 4,
        }
    }

    /// In what another vocabulary is not the same.
    pub(crate) fn differs(&self, other: &Vocabulary) -> Option<&'static str> {
        match (self, other) {
            (Vocabulary::WordPiece(ours), Vocabulary::WordPiece(theirs)) => ours.differs(theirs),
            (Vocabulary::Subword(ours), Vocabulary::Subword(theirs)) => ours.differs(theirs),
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
            Vocabulary::WordPiece(vocab) => vocab.len(),
            Vocabulary::Subword(subword) => subword.vocab_len(),
        }
    }

    /// Tokens that were added to it.
    pub(crate) fn added(&self) -> &AddedTokens {
        match self {
            Vocabulary::WordPiece(vocab) => vocab.added(),
            Vocabulary::Subword(subword) => subword.added(),
        }
    }

    /// The tokenizer, and what there is to say of the checkpoint's files.
    pub(crate) fn tokenizer(
        &self,
        one_segment: bool,
        casing: Casing,
    ) -> Result<(Tokenizer, Vec<String>)> {
        let (tokenizer, notes) = match self {
            Vocabulary::WordPiece(vocab) => vocab.tokenizer(casing)?,
            Vocabulary::Subword(subword) => {
                (Tokenizer::from_subword(subword)?, subword.notes().to_vec())
            }
        };
        Ok((if one_segment { tokenizer.with_one_segment() } else { tokenizer }, notes))
    }
}

fn parse(name: &str, json: &[u8]) -> Result<Value> {
    serde_json::from_slice(json).map_err(|error| Error::model(name, json_reason(&error)))
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

//! BERT's WordPiece, and that of those who took it over: the pieces of a `vocab.txt` or a `tokenizer.json`,
//! how text becomes words, and the guard that keeps a cased model from seeing lower case.

use ahash::AHashMap;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{Error, Result, json_reason};
use crate::files::vocab::settings::{CONFIG, Casing, TokenizerSettings};
use crate::files::vocab::word_piece_file::WordPieceFile;
use crate::tokenizer::{
    AddedTokens, Beside, MaskToken, SpecialNames, Tokenizer, TokenizerOptions, is_cased,
};

/// Pieces by id, and how the checkpoint wants text to be read.
#[derive(Debug, Clone)]
pub(crate) struct Vocab {
    pieces: Vec<String>,
    settings: TokenizerSettings,
    /// The file that says whether to lower-case.
    asked: &'static str,
    names: SpecialNames,
    added: AddedTokens,
    double_sep: bool,
    mask: Option<MaskToken>,
    /// Characters in the longest word that is spelled, where a file says it.
    max_word_chars: Option<usize>,
    /// Where the files contradict each other.
    notes: Vec<String>,
}

/// What a bundle's `tokenizer_config.json` says from version 4 on.
#[derive(Debug, Deserialize)]
struct Extras {
    max_input_chars_per_word: Option<usize>,
    pair_separators: Option<usize>,
}

impl Vocab {
    /// Puts together what the files of a directory say. `fairseq`: whether the special pieces are
    /// `<s>` and `</s>`, and two of these stand between two texts, where no file says it.
    pub(super) fn new(
        lines: Option<Vec<String>>,
        file: Option<WordPieceFile>,
        beside: &Beside,
        fairseq: bool,
    ) -> Result<Vocab> {
        let mut notes = Vec::new();
        let config = TokenizerSettings::of(&beside.config)?;
        let mut file = file.unwrap_or_default();
        let pieces = match lines {
            Some(lines) if file.pieces.is_empty() || last_ids(&lines) == last_ids(&file.pieces) => {
                lines
            }
            Some(_) => {
                notes.push(
                    "vocab.txt and tokenizer.json hold different pieces: tokenizer.json is followed"
                        .into(),
                );
                std::mem::take(&mut file.pieces)
            }
            None => std::mem::take(&mut file.pieces),
        };
        let (settings, asked) =
            TokenizerSettings::join(config, file.settings, &beside.config, &mut notes);

        let stated = beside.names();
        let framed = file.frame.as_ref();
        let ids = last_ids(&pieces);
        let mut find = |framed: Option<&String>, stated: Option<&String>, defaults: [&str; 2]| {
            let wanted = framed.into_iter().chain(stated).map(String::as_str).chain(defaults);
            let found = wanted.into_iter().find(|name| ids.contains_key(name))?.to_string();
            for (name, file) in [(framed, "tokenizer.json"), (stated, CONFIG)] {
                if let Some(name) = name.filter(|name| **name != found) {
                    notes.push(format!("{file} names {name} as a special token, {found} is used"));
                }
            }
            Some(found)
        };
        let fairseq_first = |names: [&'static str; 2]| match fairseq {
            true => names,
            false => [names[1], names[0]],
        };
        let cls = framed.map(|frame| &frame.cls);
        let cls = find(cls, stated.cls.as_ref(), fairseq_first(["<s>", "[CLS]"]));
        let sep = framed.map(|frame| &frame.sep);
        let sep = find(sep, stated.sep.as_ref(), fairseq_first(["</s>", "[SEP]"]));
        let unk = find(file.unk.as_ref(), stated.unk.as_ref(), ["[UNK]", "<unk>"]);
        let names = SpecialNames { cls, sep, unk, ..stated }.unusual();
        let statements = beside.statements(&file.added)?;
        let found = statements.resolve(&names, |name| ids.get(name).copied(), pieces.len())?;
        notes.extend(found.notes);
        let said = beside.settings("mask_token");
        let id = |name: &str| ids.get(name).copied();
        let mask = MaskToken::of(names.mask.as_deref(), &found.frame, said, id);
        Ok(Vocab {
            double_sep: framed.map_or(fairseq, |frame| frame.double_sep),
            settings,
            asked,
            names,
            added: found.added,
            mask,
            max_word_chars: file.max_word_chars.filter(|&most| most != BERTS_LIMIT),
            notes,
            pieces,
        })
    }

    /// As a bundle keeps it. Before version 4 only settings counted.
    pub(crate) fn of_bundle(lines: &[u8], config: &[u8], knows_all: bool) -> Result<Vocab> {
        let config: Value = serde_json::from_slice(config)
            .map_err(|error| Error::model(CONFIG, json_reason(&error)))?;
        let settings = TokenizerSettings::of(&config)?;
        let config = if knows_all { config } else { json!({}) };
        let extras = Extras::deserialize(&config)
            .map_err(|error| Error::model(CONFIG, json_reason(&error)))?;
        let beside = Beside { config, ..Beside::default() };
        let vocab = Vocab::new(Some(parse_vocab_txt(lines)?), None, &beside, false)?;
        Ok(Vocab {
            settings,
            double_sep: extras.pair_separators == Some(2),
            max_word_chars: extras.max_input_chars_per_word,
            ..vocab
        })
    }

    /// Whether it has nothing that a bundle of version 1 could not hold.
    pub(super) fn is_plain(&self) -> bool {
        let SpecialNames { cls, sep, unk, .. } = &self.names;
        let berts = |name: &Option<String>, plain: &str| name.as_deref().is_none_or(|n| n == plain);
        berts(cls, "[CLS]")
            && berts(sep, "[SEP]")
            && berts(unk, "[UNK]")
            && self.added.is_empty()
            && !self.double_sep
            && self.max_word_chars.is_none()
            && self.names.mask.is_none()
            && self.mask_settings().is_none()
    }

    /// What a bundle's `tokenizer_config.json` says.
    pub(super) fn config(&self) -> Value {
        let mut config = json!(self.settings);
        if self.is_plain() {
            return config;
        }
        let mut put = |key: &str, value: Value| config[key] = value;
        for (key, name) in json!(self.names).as_object().into_iter().flatten() {
            put(key, name.clone());
        }
        if !self.added.is_empty() {
            put("added_tokens_decoder", self.added.decoder());
        }
        if let Some(most) = self.max_word_chars {
            put("max_input_chars_per_word", most.into());
        }
        if self.double_sep {
            put("pair_separators", 2.into());
        }
        if let Some(settings) = self.mask_settings() {
            put("mask_token", settings);
        }
        config
    }

    /// What its name does not say of the mask token.
    fn mask_settings(&self) -> Option<Value> {
        self.mask.as_ref().and_then(MaskToken::settings)
    }

    /// The file in which another vocabulary is not the same.
    pub(super) fn differs(&self, other: &Vocab) -> Option<&'static str> {
        if self.max_word_chars != other.max_word_chars {
            return Some("word limit (max_input_chars_per_word of tokenizer.json)");
        }
        if self.config() != other.config() {
            return Some(CONFIG);
        }
        (self.pieces != other.pieces).then_some("vocabulary")
    }

    /// Ids are below this.
    pub(super) fn len(&self) -> usize {
        self.pieces.len().max(self.added.len())
    }

    /// Tokens that were added to the vocabulary.
    pub(super) fn added(&self) -> &AddedTokens {
        &self.added
    }

    /// The tokenizer, and what there is to say of the files.
    pub(super) fn tokenizer(&self, casing: Casing) -> Result<(Tokenizer, Vec<String>)> {
        let (options, note) = self.options(casing);
        let tokenizer = Tokenizer::word_piece(&self.pieces, &self.names, &self.added, options)?;
        let tokenizer = tokenizer.with_mask(self.mask.clone());
        let tokenizer = if self.double_sep { tokenizer.with_double_sep() } else { tokenizer };
        Ok((tokenizer, self.notes.iter().cloned().chain(note).collect()))
    }

    /// The settings to use, and a note where case is not what the vocabulary or a file says.
    fn options(&self, casing: Casing) -> (TokenizerOptions, Option<String>) {
        let (cased, file) = (is_cased(&self.pieces), self.asked);
        let asked = self.settings.do_lower_case;
        let keeps = cased && casing == Casing::Vocabulary;
        let note = match (cased, asked) {
            (true, Some(true)) => {
                Some(format!("{file} asks for lower-casing, but the vocabulary is cased"))
            }
            (true, None) => Some(format!(
                "{file} does not say whether to lower-case, and the vocabulary is cased"
            )),
            (false, Some(false)) if self.pieces.len() > 1000 => Some(format!(
                "{file} asks to keep case, but the vocabulary is uncased: capitals become unknown words"
            )),
            _ => None,
        };
        let done = if keeps { "case is kept" } else { "text is lower-cased all the same" };
        let note = note.map(|note| if cased { format!("{note}: {done}") } else { note });
        let options = TokenizerOptions {
            lowercase: !keeps && asked.unwrap_or(true),
            strip_accents: self.settings.strip_accents,
            split_cjk: self.settings.tokenize_chinese_chars.unwrap_or(true),
            max_word_chars: self.max_word_chars.unwrap_or(BERTS_LIMIT),
            ..TokenizerOptions::default()
        };
        (options, note)
    }

    /// The bytes of a `vocab.txt`.
    pub(crate) fn to_txt(&self) -> String {
        self.pieces.iter().flat_map(|piece| [piece.as_str(), "\n"]).collect()
    }
}

/// Characters in a word in BERT's own code and BioBERT's, where no file says another number.
const BERTS_LIMIT: usize = 200;

/// The id of each piece; of one that occurs twice, the last.
fn last_ids(pieces: &[String]) -> AHashMap<&str, u32> {
    pieces.iter().zip(0..).map(|(piece, id)| (piece.as_str(), id)).collect()
}

/// One piece a line. An empty last line is none.
pub(super) fn parse_vocab_txt(bytes: &[u8]) -> Result<Vec<String>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Error::model("vocab.txt", format!("not UTF-8 at byte {}", error.valid_up_to()))
    })?;
    // As Hugging Face reads it: ends of lines are trimmed. Blank lines at the end are nobody's pieces.
    Ok(text.trim_end().lines().map(|line| line.trim_end().to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocab(words: impl Iterator<Item = String>, do_lower_case: Option<bool>) -> Vocab {
        let config = match do_lower_case {
            Some(asked) => json!({"do_lower_case": asked}),
            None => json!({}),
        };
        let frame = ["[CLS]", "[SEP]", "[UNK]"].map(String::from);
        let lines = frame.into_iter().chain(words).collect();
        let beside = Beside { config, ..Beside::default() };
        Vocab::new(Some(lines), None, &beside, false).unwrap()
    }

    #[test]
    fn a_cased_vocabulary_is_lower_cased_only_where_the_files_are_to_be_followed() {
        for asked in [None, Some(true), Some(false)] {
            let (options, note) =
                vocab((0..1001).map(|i| format!("A{i}")), asked).options(Casing::Vocabulary);
            assert!(!options.lowercase);
            assert_eq!(note.is_some(), asked != Some(false));
            let (options, note) =
                vocab((0..1001).map(|i| format!("A{i}")), asked).options(Casing::Files);
            assert_eq!(options.lowercase, asked != Some(false));
            assert_eq!(note.is_some(), options.lowercase);
        }
    }

    #[test]
    fn an_uncased_vocabulary_follows_its_configuration() {
        for (asked, lowercase) in [(None, true), (Some(true), true), (Some(false), false)] {
            let (options, note) =
                vocab((0..1001).map(|i| format!("a{i}")), asked).options(Casing::Vocabulary);
            assert_eq!(options.lowercase, lowercase);
            assert_eq!(note.is_some(), asked == Some(false));
        }
    }
}

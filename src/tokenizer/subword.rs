//! The tokenizers of the other families: byte-level BPE (RoBERTa) and Unigram (DeBERTa), from
//! `tokenizer.json`. The file's truncation, padding and special tokens in texts are left out.

use serde_json::{Value, json};

use tokenizers::Encoding;
use unicode_categories::UnicodeCategories;

use crate::error::{Error, Result, json_reason};
use crate::tokenizer::mask::MaskToken;
use crate::tokenizer::pieces::{Pieces, SpecialIds};

pub(super) const FILE: &str = "tokenizer.json";

/// A `tokenizer.json` whose parts have been looked at.
#[derive(Debug, Clone)]
pub(crate) struct Subword {
    pub(super) file: Value,
    pub(super) special: SpecialIds,
    pub(super) vocab_len: usize,
    pub(super) mask: Option<MaskToken>,
    /// Names of the pieces that no text can become.
    pub(super) reserved: Vec<(u32, String)>,
}

/// What `tokenizer_config.json` or `special_tokens_map.json` call the special tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct SpecialNames {
    pub(crate) cls: Option<String>,
    pub(crate) sep: Option<String>,
    pub(crate) unk: Option<String>,
    /// A name, or an object with settings.
    pub(crate) mask: Option<Value>,
}

impl Subword {
    /// Reads a `tokenizer.json`. `double_sep`: whether two separators stand between two texts, where
    /// the file does not say.
    pub(crate) fn parse(json: &[u8], names: &SpecialNames, double_sep: bool) -> Result<Subword> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| Error::model(FILE, json_reason(&error)))?;
        Subword::new(value, names, double_sep)
    }

    /// Byte-level BPE as RoBERTa came before there was `tokenizer.json`: `vocab.json`, an object of
    /// ids, and the lines of `merges.txt`.
    pub(crate) fn byte_level(vocab: Value, merges: &str, names: &SpecialNames) -> Result<Subword> {
        let merges =
            merges.lines().filter(|line| !line.starts_with("#version") && !line.is_empty());
        let value = json!({
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
            "model": {"type": "BPE", "vocab": vocab, "merges": merges.collect::<Vec<_>>()},
        });
        Subword::new(value, names, true)
    }

    fn new(mut file: Value, names: &SpecialNames, double_sep: bool) -> Result<Subword> {
        let kind = file["model"]["type"].as_str().unwrap_or("(none)").to_string();
        if !matches!(kind.as_str(), "BPE" | "Unigram") {
            let reason = "only WordPiece, BPE and Unigram are supported";
            return Err(Error::Unsupported(format!("{FILE}: {reason}")));
        }
        let pieces = Piece::all(&file);
        let find = |name: &Option<String>, defaults: [&str; 2]| {
            let names = name.iter().map(String::as_str).chain(defaults);
            let mut names = names.filter_map(|name| {
                // Added tokens come last, and count.
                pieces.iter().rfind(|piece| piece.name == name).map(|piece| piece.id)
            });
            names.next()
        };
        let needed = |id: Option<u32>, what: &str| {
            id.ok_or_else(|| Error::model(FILE, format!("no piece for {what}")))
        };
        let sep = needed(find(&names.sep, ["</s>", "[SEP]"]), "the end of a text")?;
        let special = SpecialIds {
            cls: needed(find(&names.cls, ["<s>", "[CLS]"]), "the start of a sequence")?,
            sep,
            // Bytes spell everything: some have none.
            unk: find(&names.unk, ["<unk>", "[UNK]"]).unwrap_or(sep),
            double_sep: between(&file["post_processor"]).unwrap_or(double_sep),
            one_segment: false,
        };
        let mask = mask(&file, &pieces, names.mask.as_ref());
        let vocab_len = pieces.iter().map(|piece| piece.id as usize + 1).max().unwrap_or(0);
        let reserved: Vec<Piece> = pieces
            .into_iter()
            .filter(|piece| piece.special || piece.id == special.cls || piece.id == special.sep)
            .collect();
        hide(&mut file, &reserved);
        for part in ["truncation", "padding", "post_processor"] {
            file[part] = Value::Null;
        }
        // How a single piece is spelled.
        file["decoder"] = match file["pre_tokenizer"].to_string().contains("\"ByteLevel\"") {
            true => {
                json!({"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true})
            }
            false => {
                json!({"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true})
            }
        };
        if kind == "BPE" {
            // Reads a text differently every time.
            file["model"]["dropout"] = Value::Null;
        }
        file["version"] = "1.0".into();
        let reserved = reserved.into_iter().map(|piece| (piece.id, piece.name)).collect();
        Ok(Subword { file, special, vocab_len, mask, reserved })
    }

    /// Ids are below this.
    pub(crate) fn vocab_len(&self) -> usize {
        self.vocab_len
    }
}

/// A piece of the vocabulary or an added token.
struct Piece {
    name: String,
    id: u32,
    special: bool,
}

impl Piece {
    fn all(file: &Value) -> Vec<Piece> {
        let id = |value: &Value| value.as_u64().and_then(|id| u32::try_from(id).ok());
        let plain = |name: &str, id: Option<u32>| {
            Some(Piece { name: name.into(), id: id?, special: false })
        };
        let mut pieces: Vec<Piece> = match &file["model"]["vocab"] {
            // BPE: ids by name.
            Value::Object(vocab) => {
                vocab.iter().filter_map(|(name, n)| plain(name, id(n))).collect()
            }
            // Unigram: names with scores, in the order of ids.
            Value::Array(vocab) => {
                let pieces = vocab.iter().zip(0u32..);
                pieces.filter_map(|(piece, id)| plain(piece[0].as_str()?, Some(id))).collect()
            }
            _ => Vec::new(),
        };
        pieces.extend(file["added_tokens"].as_array().into_iter().flatten().filter_map(|token| {
            Some(Piece {
                name: token["content"].as_str()?.into(),
                id: id(&token["id"])?,
                special: token["special"].as_bool().unwrap_or(false),
            })
        }));
        pieces
    }
}

/// The mask token, with what the files say of it. Where they say nothing of the blanks before it, as before
/// there was `tokenizer.json`, these belong to it: so RoBERTa was trained.
fn mask(file: &Value, pieces: &[Piece], said: Option<&Value>) -> Option<MaskToken> {
    let name = said.and_then(|said| MaskToken::parse(said, 0));
    let name = name.as_ref().map(MaskToken::name);
    let mut names = name.into_iter().chain(["<mask>", "[MASK]"]);
    let piece = names.find_map(|name| pieces.iter().rfind(|piece| piece.name == name))?;
    let mut added = file["added_tokens"].as_array().into_iter().flatten().rev();
    let added = added.find(|token| token["content"] == *piece.name);
    let settings = said.filter(|said| said["content"] == *piece.name);
    match added.or(settings) {
        Some(token) => MaskToken::parse(token, piece.id),
        None => Some(MaskToken::named(&piece.name, piece.id).with_blanks()),
    }
}

/// Takes the special tokens out of what a text can become: what stands in a note is text.
fn hide(file: &mut Value, reserved: &[Piece]) {
    if let Some(tokens) = file.get_mut("added_tokens").and_then(Value::as_array_mut) {
        tokens.retain(|token| token["special"].as_bool() == Some(false));
    }
    // A Unigram model would find them as pieces like any others. No piece of a text holds a blank,
    // so under such a name they keep their ids and are never found.
    if let Some(vocab) = file["model"]["vocab"].as_array_mut() {
        for piece in reserved {
            if let Some(name) = vocab.get_mut(piece.id as usize).and_then(|entry| entry.get_mut(0))
            {
                *name = format!(" {}", piece.name).into();
            }
        }
    }
}

/// Whether a post-processor puts two separators between two texts; `None` if it does not say.
fn between(processor: &Value) -> Option<bool> {
    match processor["type"].as_str()? {
        "RobertaProcessing" => Some(true),
        "BertProcessing" => Some(false),
        "TemplateProcessing" => {
            let parts = processor["pair"].as_array()?;
            let sequence = |id: &str| parts.iter().position(|part| part["Sequence"]["id"] == id);
            Some(sequence("B")?.saturating_sub(sequence("A")?) > 2)
        }
        "Sequence" => processor["processors"].as_array()?.iter().find_map(between),
        _ => None,
    }
}

/// Adds the pieces of a chunk that begins at byte `at` of its text. Blanks before a word belong
/// to its first piece, but not to the bytes that the piece stands for; a run of further blanks is no
/// word.
pub(super) fn append(
    encoding: &Encoding,
    special: SpecialIds,
    chunk: &str,
    at: usize,
    pieces: &mut Pieces,
) {
    let (ids, words) = (encoding.get_ids(), encoding.get_word_ids());
    let offsets = encoding.get_offsets();
    // The text of a piece without leading blanks; empty for blanks alone.
    let trimmed = |index: usize| {
        let (start, end) = offsets[index];
        let text = chunk.get(start..end).unwrap_or_default();
        (end - text.trim_start().len(), end)
    };
    // Where the file cuts at blanks alone, punctuation still is no part of the word beside it. The
    // pieces of one character stay together, and a blank that is a piece stays with what follows.
    let divides = |piece: usize| {
        let (before, (start, end)) = (trimmed(piece - 1), trimmed(piece));
        let is_mark = |c: char| c.is_ascii_punctuation() || c.is_punctuation();
        let text = |start, end| chunk.get(start..end).unwrap_or_default();
        before.0 < before.1
            && before.1 <= start
            && (text(start, end).starts_with(is_mark)
                || text(before.0, before.1).ends_with(is_mark))
    };
    let mut index = 0;
    while index < ids.len() {
        let next = (index + 1..ids.len()).find(|&next| words[next] != words[index]);
        let word = index..next.unwrap_or(ids.len());
        let is_blank = word.clone().map(trimmed).all(|(start, end)| start == end);
        let previous = pieces.spans.last().map(|span| span.1);
        for piece in word.clone() {
            // Whatever a file makes of a text, no special token comes out of it.
            let reserved = ids[piece] == special.cls || ids[piece] == special.sep;
            let id = if reserved { special.unk } else { ids[piece] };
            let (start, end) = trimmed(piece);
            let (span, starts) = match (is_blank, previous) {
                (false, _) => {
                    let starts = piece == word.start || divides(piece);
                    (((at + start) as u32, (at + end) as u32), starts)
                }
                (true, Some(end)) => ((end, end), false),
                // Blanks before a whole text are not read: there is no word that they follow.
                (true, None) => continue,
            };
            pieces.ids.push(id);
            pieces.spans.push(span);
            pieces.starts_word.push(starts);
        }
        index = word.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::Tokenizer;

    /// Byte-level BPE of letters, blanks (Ġ), line breaks (Ċ) and a few merges.
    fn byte_level() -> Tokenizer {
        let mut names: Vec<String> = ["<s>", "<pad>", "</s>", "<unk>"].map(String::from).into();
        let bytes = (33u8..=126).map(char::from).chain(['Ġ', 'Ċ', 'Ã', '©', 'ð', 'Ł', 'ĺ', 'Ģ']);
        names.extend(bytes.map(String::from));
        names.extend(["Ġa", "ab", "<mask>"].map(String::from));
        let vocab: serde_json::Map<String, Value> =
            names.into_iter().zip(0u32..).map(|(name, id)| (name, id.into())).collect();
        let subword = Subword::byte_level(vocab.into(), "Ġ a\na b\n", &SpecialNames::default());
        Tokenizer::from_subword(&subword.unwrap()).unwrap()
    }

    fn unigram() -> Tokenizer {
        let pieces = ["[CLS]", "[SEP]", "[UNK]", "▁", "▁a", "a", "b", "[", "]", "C", "L", "S"];
        let vocab: Vec<Value> = pieces.iter().map(|piece| json!([piece, -1.0])).collect();
        let file = json!({
            "version": "1.0",
            "truncation": {"max_length": 2, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
            "added_tokens": [{"id": 0, "content": "[CLS]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
            "model": {"type": "Unigram", "unk_id": 2, "vocab": vocab, "byte_fallback": false},
        });
        let subword = Subword::new(file, &SpecialNames::default(), false).unwrap();
        Tokenizer::from_subword(&subword).unwrap()
    }

    fn read<'a>(tokenizer: &Tokenizer, text: &'a str) -> (Vec<&'a str>, Vec<bool>, Vec<u32>) {
        let pieces = tokenizer.pieces(text, || Ok(())).unwrap();
        let spans = pieces.spans.iter().map(|&(start, end)| &text[start as usize..end as usize]);
        (spans.collect(), pieces.starts_word, pieces.ids)
    }

    #[test]
    fn blanks_belong_to_words_but_not_to_their_bytes() {
        let tokenizer = byte_level();
        let (spans, starts, _) = read(&tokenizer, "ab a  \nb");
        assert_eq!(spans, ["ab", "a", "", "", "", "b"]);
        assert_eq!(starts, [true, true, false, false, false, true]);
        // In front of a text they are not read, and a text of blanks has no pieces.
        let (spans, starts, _) = read(&tokenizer, "   a");
        assert_eq!((spans, starts), (vec!["a"], vec![true]));
        assert!(tokenizer.pieces("  \n ", || Ok(())).unwrap().is_empty());
    }

    #[test]
    fn characters_of_several_pieces_are_never_cut() {
        let (spans, ..) = read(&byte_level(), "aé 😀b");
        assert_eq!(spans, ["a", "é", "é", "", "😀", "😀", "😀", "😀", "b"]);
    }

    #[test]
    fn special_token_strings_in_a_note_are_text() {
        for text in ["<s>", "a </s> <pad>", "<unk>"] {
            assert!(read(&byte_level(), text).2.iter().all(|&id| id > 3), "{text}");
        }
        assert!(read(&unigram(), "a [CLS]").2.iter().all(|&id| id > 1));
        assert_eq!(read(&unigram(), "a [CLS]").0, ["a", "", "[", "C", "L", "S", "]"]);
    }

    #[test]
    fn a_mask_is_one_piece_and_takes_the_blanks_that_its_file_says() {
        let masked = |tokenizer: &Tokenizer, text: &str| {
            let found = tokenizer.masked_pieces(text, || Ok(())).unwrap();
            let spelled: Vec<String> = found.ids.iter().map(|&id| tokenizer.spelled(id)).collect();
            (spelled, found.masks)
        };
        // RoBERTa's takes the blanks before it; those after it belong to what follows.
        let bytes = byte_level();
        assert_eq!(bytes.mask_token(), Some("<mask>"));
        let (spelled, masks) = masked(&bytes, "ab  <mask> a<mask>  b");
        assert_eq!(spelled, ["ab", "<mask>", " a", "<mask>", " ", " ", "b"]);
        assert_eq!(masks, [(1, 4..10), (3, 12..18)]);
        // In all other texts it is text.
        assert!(read(&bytes, "ab <mask>").2.iter().all(|&id| bytes.spelled(id) != "<mask>"));

        let pieces = ["[CLS]", "[SEP]", "[UNK]", "▁", "▁a", "a", "[MASK]"];
        let vocab: Vec<Value> = pieces.iter().map(|piece| json!([piece, -1.0])).collect();
        let special = |id: u32, name: &str| json!({"id": id, "content": name, "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false});
        let file = json!({
            "version": "1.0",
            "added_tokens": [special(0, "[CLS]"), special(6, "[MASK]")],
            "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true},
            "model": {"type": "Unigram", "unk_id": 2, "vocab": vocab, "byte_fallback": false},
        });
        let subword = Subword::new(file, &SpecialNames::default(), false).unwrap();
        let unigram = Tokenizer::from_subword(&subword).unwrap();
        let (spelled, masks) = masked(&unigram, "a [MASK] a");
        assert_eq!((spelled[0].as_str(), masks.clone()), ("a", vec![(2, 2..8)]));
        let ids = unigram.masked_pieces("a [MASK] a", || Ok(())).unwrap().ids;
        assert_eq!((ids[2], spelled[2].as_str()), (6, "[MASK]"));
    }

    #[test]
    fn punctuation_is_no_part_of_the_word_beside_it() {
        let (spans, starts, _) = read(&unigram(), "[ab]b a");
        assert_eq!(spans, ["[", "[", "a", "b", "]", "b", "a"]);
        assert_eq!(starts, [true, false, true, false, true, true, true]);
        let (spans, starts, _) = read(&unigram(), "a [b");
        assert_eq!(spans, ["a", "", "[", "b"]);
        assert_eq!(starts, [true, true, false, true]);
    }

    #[test]
    fn truncation_of_the_file_is_dropped() {
        let (spans, starts, _) = read(&unigram(), "ab aba");
        assert_eq!(spans, ["a", "b", "a", "b", "a"]);
        assert_eq!(starts, [true, false, true, false, false]);
    }

    #[test]
    fn chunks_leave_no_trace() {
        for tokenizer in [byte_level(), unigram()] {
            let sentence = "ab a  b\nba ";
            let long = sentence.repeat(3 * super::super::chunk::CHUNK / sentence.len());
            let whole = tokenizer.pieces(&long, || Ok(())).unwrap();
            let inner = tokenizer.inner.encode(long.as_str(), false).unwrap();
            // But for the blank at its end, which a text in one go may spell differently.
            let count = whole.len().min(inner.len()) - 8;
            let differs = (0..count).find(|&at| whole.ids[at] != inner.get_ids()[at]);
            assert_eq!(differs, None);
            assert!(whole.len().abs_diff(inner.len()) < 2);
        }
    }
}

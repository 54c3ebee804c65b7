//! The tokenizers of the other families: byte-level BPE (RoBERTa, ModernBERT) and Unigram (DeBERTa,
//! XLM-R), from `tokenizer.json`. The file's truncation and padding are left out, and its special tokens
//! are never found in texts.

mod append;
mod file;

use serde_json::{Value, json};

use crate::error::{Error, Result, json_reason};
use crate::tokenizer::added::AddedTokens;
use crate::tokenizer::beside::Beside;
use crate::tokenizer::mask::MaskToken;
use crate::tokenizer::pieces::SpecialIds;
use crate::tokenizer::special::SpecialNames;
pub(super) use append::append;
pub(crate) use file::{FILE, Frame};

/// A `tokenizer.json` whose parts have been looked at.
#[derive(Debug, Clone)]
pub(crate) struct Subword {
    /// Only what changes how text is read, in an order that does not depend on who wrote it.
    file: Value,
    names: SpecialNames,
    notes: Vec<String>,
    pub(super) added: AddedTokens,
    pub(super) special: SpecialIds,
    pub(super) mask: Option<MaskToken>,
    vocab_len: usize,
}

impl Subword {
    /// Reads a `tokenizer.json`. `double_sep`: whether two separators stand between two texts, where
    /// the file does not say.
    pub(crate) fn parse(json: &[u8], beside: &Beside, double_sep: bool) -> Result<Subword> {
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| Error::model(FILE, json_reason(&error)))?;
        Subword::new(value, beside, double_sep)
    }

    /// Byte-level BPE as RoBERTa came before there was `tokenizer.json`: `vocab.json`, an object of
    /// ids, and the lines of `merges.txt`.
    pub(crate) fn byte_level(vocab: Value, merges: &str, beside: &Beside) -> Result<Subword> {
        let merges =
            merges.lines().filter(|line| !line.starts_with("#version") && !line.is_empty());
        let blank = beside.config["add_prefix_space"].as_bool().unwrap_or(false);
        let value = json!({
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": blank, "trim_offsets": true, "use_regex": true},
            "model": {"type": "BPE", "vocab": vocab, "merges": merges.collect::<Vec<_>>()},
        });
        Subword::new(value, beside, true)
    }

    fn new(mut file: Value, beside: &Beside, double_sep: bool) -> Result<Subword> {
        file::check(&file)?;
        let blank = file::prefix_space(&mut file, &beside.config);
        let framed = Frame::of(&file["post_processor"])?;
        let stated = beside.names();
        let pieces = file::ids(&file["model"]["vocab"]);
        let size = pieces.values().map(|&id| id as usize + 1).max().unwrap_or(0);
        let statements = beside.statements(&file["added_tokens"])?;
        let found = statements.resolve(&stated, |name| pieces.get(name).copied(), size)?;
        let id = |name: &str| found.frame.id(name).or_else(|| pieces.get(name).copied());
        // The file's own frame first, then what the files beside it call it.
        let find = |framed: Option<&String>, stated: &Option<String>, defaults: [&str; 2]| {
            let names = framed.into_iter().chain(stated).map(String::as_str).chain(defaults);
            names.filter_map(|name| Some((name.to_string(), id(name)?))).next()
        };
        let missing = |what: &str| Error::model(FILE, format!("no piece for {what}"));
        let (sep_name, sep) =
            find(framed.as_ref().map(|frame| &frame.sep), &stated.sep, ["</s>", "[SEP]"])
                .ok_or_else(|| missing("the end of a text"))?;
        let (cls_name, cls) =
            find(framed.as_ref().map(|frame| &frame.cls), &stated.cls, ["<s>", "[CLS]"])
                .ok_or_else(|| missing("the start of a sequence"))?;
        let unk = find(None, &stated.unk, ["<unk>", "[UNK]"]);
        let double_sep = framed.as_ref().map_or(double_sep, |frame| frame.double_sep);
        let special = SpecialIds {
            cls,
            sep,
            // Bytes spell everything: some have none.
            unk: unk.as_ref().map_or(sep, |(_, id)| *id),
            double_sep,
            one_segment: false,
        };
        let settings = beside.settings("mask_token");
        let mask = MaskToken::of(stated.mask.as_deref(), &found.frame, settings, id);
        let mut notes = found.notes;
        notes.extend(blank);
        for (asked, name) in [(&stated.cls, &cls_name), (&stated.sep, &sep_name)] {
            if let Some(asked) = asked.as_ref().filter(|asked| *asked != name) {
                notes.push(format!(
                    "the frame of a text: tokenizer_config.json names {asked}, tokenizer.json {name}, which is followed"
                ));
            }
        }
        let vocab_len = size.max(found.added.len()).max(found.frame.len());
        let unk = unk.map(|(name, _)| name);
        let names = SpecialNames { unk, cls: Some(cls_name), sep: Some(sep_name), ..stated };
        let names = names.unusual();
        let file = file::canonical(&mut file, &names, special, &found.frame, &found.added);
        Ok(Subword { file, names, notes, added: found.added, special, mask, vocab_len })
    }

    /// The file without truncation, padding and decoder, the same bytes whoever wrote it.
    pub(crate) fn file(&self) -> &Value {
        &self.file
    }

    /// The names of the special tokens, all that there are.
    pub(crate) fn names(&self) -> &SpecialNames {
        &self.names
    }

    /// The file in which another vocabulary is not the same.
    pub(crate) fn differs(&self, other: &Subword) -> Option<&'static str> {
        let same = self.file == other.file && self.names == other.names;
        (!same).then_some(FILE)
    }

    /// Where the files of the checkpoint contradict each other.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Tokens that were added to the vocabulary.
    pub(crate) fn added(&self) -> &AddedTokens {
        &self.added
    }

    /// Ids are below this.
    pub(crate) fn vocab_len(&self) -> usize {
        self.vocab_len
    }

    /// The file as the crate is to read it: special tokens are taken out of what a text can become,
    /// and both the frame and the added tokens are ours.
    pub(super) fn readable(&self) -> Value {
        let mut file = self.file.clone();
        file::hide(&mut file["model"], &self.names);
        file["post_processor"] = Value::Null;
        file["added_tokens"] = json!([]);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokenizer::Tokenizer;
    use crate::tokenizer::chunk::CHUNK;

    /// Byte-level BPE of letters, blanks (Ġ), line breaks (Ċ) and a few merges.
    fn byte_level() -> Tokenizer {
        let mut names: Vec<String> = ["<s>", "<pad>", "</s>", "<unk>"].map(String::from).into();
        let bytes = (33u8..=126).map(char::from).chain(['Ġ', 'Ċ', 'Ã', '©', 'ð', 'Ł', 'ĺ', 'Ģ']);
        names.extend(bytes.map(String::from));
        names.extend(["Ġa", "ab", "<mask>"].map(String::from));
        let vocab: serde_json::Map<String, Value> =
            names.into_iter().zip(0u32..).map(|(name, id)| (name, id.into())).collect();
        let subword = Subword::byte_level(vocab.into(), "Ġ a\na b\n", &Beside::default());
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
        let subword = Subword::new(file, &Beside::default(), false).unwrap();
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
        let subword = Subword::new(file, &Beside::default(), false).unwrap();
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
            let long = sentence.repeat(3 * CHUNK / sentence.len());
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

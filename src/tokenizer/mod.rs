//! Text to vocabulary ids with byte offsets into the text: BERT's WordPiece, and the subwords of the
//! other families.
//!
//! The algorithm is the `tokenizers` crate's; ours are the settings (BERT's own word limit of 200
//! characters, special-token strings in a note are text), the guard against lower-casing for a
//! cased vocabulary, joining words that a line end divides, and feeding long texts in bounded chunks.

mod chunk;
mod hyphen;
mod mask;
mod pieces;
mod subword;

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::{AddedToken, Tokenizer as HfTokenizer};

use crate::error::{Error, Result};
use crate::hash::hex;
use crate::silence;
use hyphen::Joined;
use mask::Masked;
pub(crate) use mask::{MaskToken, MaskedPieces};
pub use pieces::{Pieces, SpecialIds, TokenizerOptions};
pub(crate) use subword::{SpecialNames, Subword};

/// A tokenizer. Immutable; any number of threads may use it at once.
#[derive(Debug)]
pub struct Tokenizer {
    inner: HfTokenizer,
    special: SpecialIds,
    options: TokenizerOptions,
    vocab_len: usize,
    /// What stands for a missing word, where it was asked for.
    masked: Option<Masked>,
    /// Names of pieces that the vocabulary hides.
    reserved: Vec<(u32, String)>,
    /// Whether blanks belong to the words after them, as in all families but BERT's.
    blanks_lead: bool,
    sha256: OnceLock<String>,
}

impl Tokenizer {
    /// Builds a tokenizer from the lines of a `vocab.txt`: line `n` is the piece with id `n`.
    ///
    /// # Errors
    /// [`Error::Model`] if `[CLS]`, `[SEP]` or `[UNK]` is missing.
    pub fn new(vocab: &[String], options: TokenizerOptions) -> Result<Tokenizer> {
        let id = |piece: &str| {
            let missing = || Error::model("vocab.txt", format!("no line holds {piece}"));
            vocab.iter().rposition(|line| line == piece).map(|id| id as u32).ok_or_else(missing)
        };
        let special = SpecialIds {
            cls: id("[CLS]")?,
            sep: id("[SEP]")?,
            unk: id("[UNK]")?,
            double_sep: false,
            one_segment: false,
        };

        let ids: ahash::AHashMap<String, u32> =
            vocab.iter().enumerate().map(|(id, piece)| (piece.clone(), id as u32)).collect();
        let model = WordPiece::builder()
            .vocab(ids)
            .unk_token("[UNK]".into())
            .max_input_chars_per_word(options.max_word_chars)
            .build()
            .map_err(|_| Error::model("vocab.txt", "the vocabulary cannot be used"))?;
        let normalizer =
            BertNormalizer::new(true, options.split_cjk, options.strip_accents, options.lowercase);
        let internal = |_| Error::Internal("the tokenizer could not be built".into());
        let mut inner = HfTokenizer::new(model);
        inner.with_normalizer(Some(normalizer)).map_err(internal)?;
        inner.with_pre_tokenizer(Some(BertPreTokenizer));
        if options.special_tokens_in_text {
            let names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
            let known = names.into_iter().filter(|name| vocab.iter().any(|line| line == name));
            let tokens: Vec<_> = known.map(|name| AddedToken::from(name, true)).collect();
            inner.add_special_tokens(tokens).map_err(internal)?;
        }
        Ok(Tokenizer {
            inner,
            special,
            options,
            vocab_len: vocab.len(),
            masked: id("[MASK]").ok().map(|id| Masked::new(MaskToken::named("[MASK]", id))),
            reserved: Vec::new(),
            blanks_lead: false,
            sha256: OnceLock::new(),
        })
    }

    /// Builds a tokenizer of another family.
    ///
    /// # Errors
    /// [`Error::Model`] if the parts of the file do not fit together.
    pub(crate) fn from_subword(subword: &Subword) -> Result<Tokenizer> {
        let text = subword.file.to_string();
        let inner = silence::catch(|| HfTokenizer::from_bytes(text.as_bytes()).ok()).flatten();
        let mut inner =
            inner.ok_or_else(|| Error::model(subword::FILE, "not a tokenizer that can be used"))?;
        // The crate would keep words of texts, and some of them for as long as a thread lives.
        let mut model = inner.get_model().clone();
        model.resize_cache(0);
        inner.with_model(model);
        let lowercase = text.contains("\"type\":\"Lowercase\"");
        let options = TokenizerOptions { lowercase, ..TokenizerOptions::default() };
        Ok(Tokenizer {
            inner,
            special: subword.special,
            options,
            vocab_len: subword.vocab_len,
            masked: subword.mask.clone().map(Masked::new),
            reserved: subword.reserved.clone(),
            blanks_lead: true,
            sha256: OnceLock::new(),
        })
    }

    /// The same with another mask token.
    pub(crate) fn with_mask(mut self, mask: MaskToken) -> Tokenizer {
        self.masked = Some(Masked::new(mask));
        self
    }

    /// The same for a model that knows one segment only: a second text is in segment 0 too.
    pub(crate) fn with_one_segment(mut self) -> Tokenizer {
        self.special.one_segment = true;
        self
    }

    /// SHA-256 of the vocabulary and of how text is read with it: two tokenizers with one hash give the
    /// same pieces.
    pub(crate) fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| {
            // Heads on disk have it: it is made of nothing that a newer library writes differently.
            let mut pieces: Vec<(u32, String)> =
                self.inner.get_vocab(false).into_iter().map(|(piece, id)| (id, piece)).collect();
            pieces.sort_unstable();
            let mut hash = Sha256::new();
            for (id, piece) in pieces {
                hash.update(format!("{id} {piece}\n"));
            }
            let SpecialIds { cls, sep, unk, double_sep, one_segment } = self.special;
            let options = self.options;
            hash.update(format!("{cls} {sep} {unk} {double_sep} {one_segment}\n"));
            let accents = options.strip_accents.unwrap_or(options.lowercase);
            hash.update(format!("{} {accents} {}\n", options.lowercase, options.split_cjk));
            hash.update(format!("{} {}\n", options.max_word_chars, options.special_tokens_in_text));
            hex(hash)
        })
    }

    /// The ids that frame a sequence.
    pub fn special(&self) -> SpecialIds {
        self.special
    }

    /// The settings it was built with.
    pub fn options(&self) -> TokenizerOptions {
        self.options
    }

    /// Pieces in the vocabulary.
    pub fn vocab_len(&self) -> usize {
        self.vocab_len
    }

    /// Cuts a text into pieces, without `[CLS]` and `[SEP]`. A word that a hyphen at the end of a line
    /// divides is read as one, whatever the task; its place covers the line end.
    ///
    /// `check` is called once per 64 KiB; its error ends the work (cancel, deadline).
    ///
    /// # Errors
    /// What `check` returns.
    pub fn pieces(&self, text: &str, check: impl Fn() -> Result<()>) -> Result<Pieces> {
        self.cut(&self.inner, text, check)
    }

    /// What stands for a missing word, such as `[MASK]`; `None` if the vocabulary has nothing for it.
    pub fn mask_token(&self) -> Option<&str> {
        self.masked.as_ref().map(Masked::name)
    }

    /// Cuts a text with masks into pieces, as [`pieces`](Tokenizer::pieces) does.
    pub(crate) fn masked_pieces(
        &self,
        text: &str,
        check: impl Fn() -> Result<()>,
    ) -> Result<MaskedPieces> {
        let Some(masked) = &self.masked else { return Ok(MaskedPieces::default()) };
        let inner = masked.inner(&self.inner)?;
        Ok(masked.found(inner, text, self.cut(inner, text, check)?))
    }

    /// A piece of the vocabulary as it is spelled in a text; empty for an id that has none.
    pub(crate) fn spelled(&self, id: u32) -> String {
        if let Some((_, name)) = self.reserved.iter().find(|(reserved, _)| *reserved == id) {
            return name.clone();
        }
        match self.blanks_lead {
            true => self.inner.decode(&[id], false).unwrap_or_default(),
            false => self.inner.id_to_token(id).unwrap_or_default(),
        }
    }

    fn cut(
        &self,
        inner: &HfTokenizer,
        text: &str,
        check: impl Fn() -> Result<()>,
    ) -> Result<Pieces> {
        let mut pieces = Pieces::default();
        let joined = Joined::new(text);
        let text = &*joined.text;
        let mut at = 0;
        while at < text.len() {
            check()?;
            let end = at + chunk::end(&text[at..], self.blanks_lead);
            self.append(inner, &text[at..end], at, &mut pieces)?;
            at = end;
        }
        joined.restore(&mut pieces.spans);
        Ok(pieces)
    }

    fn append(
        &self,
        inner: &HfTokenizer,
        chunk: &str,
        at: usize,
        pieces: &mut Pieces,
    ) -> Result<()> {
        // The crate's error may quote the text: it is dropped.
        let encoding = inner
            .encode(chunk, false)
            .map_err(|_| Error::Internal("the tokenizer failed".into()))?;
        if self.blanks_lead {
            subword::append(&encoding, self.special, chunk, at, pieces);
            return Ok(());
        }
        pieces.ids.extend(encoding.get_ids());
        let place = |&(start, end): &(usize, usize)| ((at + start) as u32, (at + end) as u32);
        pieces.spans.extend(encoding.get_offsets().iter().map(place));
        let words = encoding.get_word_ids();
        let starts = (0..words.len()).map(|i| i == 0 || words[i] != words[i - 1]);
        pieces.starts_word.extend(starts);
        Ok(())
    }
}

/// Whether a vocabulary is cased: over 1,000 pieces with a capital letter (bert-base-cased has
/// 8,184, the uncased ones between 5 and 42).
pub fn is_cased(vocab: &[String]) -> bool {
    vocab.iter().filter(|piece| piece.bytes().any(|byte| byte.is_ascii_uppercase())).count() > 1000
}

#[cfg(test)]
mod tests {
    use super::chunk::CHUNK;
    use super::*;

    fn vocab(pieces: &[&str]) -> Vec<String> {
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
            .iter()
            .chain(pieces)
            .map(|piece| piece.to_string())
            .collect()
    }

    fn tokenizer(pieces: &[&str], options: TokenizerOptions) -> Tokenizer {
        Tokenizer::new(&vocab(pieces), options).unwrap()
    }

    fn pieces(tokenizer: &Tokenizer, text: &str) -> Pieces {
        tokenizer.pieces(text, || Ok(())).unwrap()
    }

    #[test]
    fn special_token_strings_in_a_note_are_text() {
        let words = ["[", "]", "mask", "a"];
        let product = tokenizer(&words, TokenizerOptions::default());
        assert_eq!(pieces(&product, "a [MASK] a").ids, [8, 5, 7, 6, 8]);
        let as_hf = TokenizerOptions { special_tokens_in_text: true, ..Default::default() };
        assert_eq!(pieces(&tokenizer(&words, as_hf), "a [MASK] a").ids, [8, 4, 8]);
    }

    #[test]
    fn words_of_up_to_200_characters_are_spelled() {
        let product = tokenizer(&["a", "##a"], TokenizerOptions::default());
        assert_eq!(pieces(&product, &"a".repeat(200)).len(), 200);
        assert_eq!(pieces(&product, &"a".repeat(201)).ids, [1]);
        let hf = TokenizerOptions { max_word_chars: 100, ..Default::default() };
        assert_eq!(pieces(&tokenizer(&["a", "##a"], hf), &"a".repeat(101)).ids, [1]);
    }

    #[test]
    fn chunks_leave_no_trace() {
        let product = tokenizer(&["dose", "##s", "was", ",", "é"], TokenizerOptions::default());
        let sentence = "dose was doses,é\r\n\u{3000}";
        let long = sentence.repeat(3 * CHUNK / sentence.len());
        let whole = pieces(&product, &long);
        let once = pieces(&product, sentence);
        for (i, part) in whole.ids.chunks(once.len()).enumerate() {
            assert_eq!(part, once.ids);
            let (start, end) = whole.spans[i * once.len() + 2];
            assert_eq!(&long[start as usize..end as usize], "dose");
        }
        assert_eq!(whole.len() % once.len(), 0);
    }

    #[test]
    fn a_word_that_a_line_end_divides_is_one() {
        let product = tokenizer(
            &["metoprolol", "meto", "##prolol", "-", "daily"],
            TokenizerOptions::default(),
        );
        let text = "Meto-\r\nprolol daily meto- prolol";
        let read = pieces(&product, text);
        let words: Vec<&str> =
            read.spans.iter().map(|&(start, end)| &text[start as usize..end as usize]).collect();
        assert_eq!(words, ["Meto-\r\nprolol", "daily", "meto", "-", "prolol"]);
        assert_eq!(read.ids[..2], [5, 9]);
        let split = tokenizer(&["meto", "##prolol"], TokenizerOptions::default());
        let read = pieces(&split, "meto-\nprolol");
        assert_eq!(read.spans, [(0, 4), (6, 12)]);
        assert_eq!(read.starts_word, [true, false]);
    }

    #[test]
    fn a_text_without_any_gap_is_still_read() {
        let product = tokenizer(&["a", "##a"], TokenizerOptions::default());
        let read = pieces(&product, &"a".repeat(5 * CHUNK + 7));
        assert!(read.ids[..5].iter().all(|&id| id == 1));
        assert_eq!(read.spans.last().unwrap().1 as usize, 5 * CHUNK + 7);
        assert_eq!(pieces(&product, &"-".repeat(2 * CHUNK)).len(), 2 * CHUNK);
    }

    #[test]
    fn words_can_be_the_callers() {
        let product = tokenizer(&["p", "<", "0", ".", "05"], TokenizerOptions::default());
        let mut read = pieces(&product, "p<0.05 p");
        assert_eq!(read.starts_word, [true; 6]);
        read.set_words(&[0..6, 7..8]);
        assert_eq!(read.starts_word, [true, false, false, false, false, true]);
    }

    #[test]
    fn a_vocabulary_without_special_pieces_is_refused() {
        let error = Tokenizer::new(&["a".into()], TokenizerOptions::default()).unwrap_err();
        assert_eq!(error.to_string(), "vocab.txt: no line holds [CLS]");
    }
}

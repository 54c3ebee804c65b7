//! Text to vocabulary ids with byte offsets into the text: BERT's WordPiece, and the subwords of the
//! other families.
//!
//! The algorithm is the `tokenizers` crate's; ours are the settings (BERT's own word limit of 200
//! characters, special-token strings in a note are text), the guard against lower-casing for a
//! cased vocabulary, joining words that a line end divides, and feeding long texts in bounded chunks.

mod added;
mod beside;
mod chunk;
mod hyphen;
mod mask;
mod pieces;
mod special;
mod spell;
mod subword;

use std::collections::HashSet;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use tokenizers::decoders::DecoderWrapper;
use tokenizers::models::ModelWrapper;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::metaspace::Metaspace;
use tokenizers::{AddedToken, NormalizedString, Normalizer, Tokenizer as HfTokenizer};

use crate::error::{Error, Result};
use crate::hash::{hex, sha256};
use crate::silence;
pub(crate) use added::AddedTokens;
pub(crate) use beside::{Beside, is_general};
use hyphen::Joined;
use mask::Masked;
pub(crate) use mask::{MaskToken, MaskedPieces};
pub use pieces::{Pieces, SpecialIds, TokenizerOptions};
pub(crate) use special::SpecialNames;
use spell::{Inner, Speller};
pub(crate) use subword::{Frame, Subword};

/// A tokenizer. Immutable; any number of threads may use it at once.
#[derive(Debug)]
pub struct Tokenizer {
    inner: Inner,
    special: SpecialIds,
    options: TokenizerOptions,
    vocab_len: usize,
    added: AddedTokens,
    /// What stands for a missing word, where there is something.
    masked: Option<Masked>,
    /// Whether blanks belong to the words after them, as in all families but BERT's.
    blanks_lead: bool,
    /// SHA-256 of the file that says how words are spelled, where pieces do not say it.
    file_sha256: Option<String>,
    sha256: OnceLock<String>,
}

impl Tokenizer {
    /// Builds a tokenizer from the lines of a `vocab.txt`: line `n` is the piece with id `n`.
    ///
    /// # Errors
    /// [`Error::Model`] if `[CLS]`, `[SEP]` or `[UNK]` is missing.
    pub fn new(vocab: &[String], options: TokenizerOptions) -> Result<Tokenizer> {
        let (names, added) = (SpecialNames::default(), AddedTokens::default());
        Tokenizer::word_piece(vocab, &names, &added, options)
    }

    /// The same with other names for the special pieces, where these are given, and with added tokens.
    ///
    /// # Errors
    /// [`Error::Model`] if a special piece is missing or an added token cannot be looked for.
    pub(crate) fn word_piece(
        vocab: &[String],
        names: &SpecialNames,
        added: &AddedTokens,
        options: TokenizerOptions,
    ) -> Result<Tokenizer> {
        let id = |piece: &str| {
            let missing = || Error::model("vocab.txt", format!("no line holds {piece}"));
            vocab.iter().rposition(|line| line == piece).map(|id| id as u32).ok_or_else(missing)
        };
        let unk = names.unk.as_deref().unwrap_or("[UNK]");
        let special = SpecialIds {
            cls: id(names.cls.as_deref().unwrap_or("[CLS]"))?,
            sep: id(names.sep.as_deref().unwrap_or("[SEP]"))?,
            unk: id(unk)?,
            double_sep: false,
            one_segment: false,
        };

        let ids: ahash::AHashMap<String, u32> =
            vocab.iter().enumerate().map(|(id, piece)| (piece.clone(), id as u32)).collect();
        let model = WordPiece::builder()
            .vocab(ids)
            .unk_token(unk.into())
            .max_input_chars_per_word(options.max_word_chars)
            .build()
            .map_err(|_| Error::model("vocab.txt", "the vocabulary cannot be used"))?;
        let normalizer =
            BertNormalizer::new(true, options.split_cjk, options.strip_accents, options.lowercase);
        let internal = |_| Error::Internal("the tokenizer could not be built".into());
        let mut inner = Inner::new(Speller::new(ModelWrapper::WordPiece(model), added));
        inner.with_normalizer(Some(normalizer)).map_err(internal)?;
        inner.with_pre_tokenizer(Some(BertPreTokenizer));
        if options.special_tokens_in_text {
            let frame = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
            let known = frame.into_iter().filter(|name| vocab.iter().any(|line| line == name));
            let tokens: Vec<_> = known.map(|name| AddedToken::from(name, true)).collect();
            inner.add_special_tokens(tokens).map_err(internal)?;
        }
        let vocab_len = vocab.len().max(added.len());
        let mask = MaskToken::usual(|name| id(name).ok());
        Ok(Tokenizer::build(inner, special, options, vocab_len, added, false)?.with_mask(mask))
    }

    /// Builds a tokenizer of another family.
    ///
    /// # Errors
    /// [`Error::Model`] if the parts of the file do not fit together.
    pub(crate) fn from_subword(subword: &Subword) -> Result<Tokenizer> {
        let text = subword.readable().to_string();
        let read = silence::catch(|| HfTokenizer::from_bytes(text.as_bytes()).ok()).flatten();
        let read =
            read.ok_or_else(|| Error::model(subword::FILE, "not a tokenizer that can be used"))?;
        let lowercase = text.contains("\"type\":\"Lowercase\"");
        let mut inner = Inner::new(Speller::new(read.get_model().clone(), &subword.added));
        let internal = |_| Error::Internal("the tokenizer could not be built".into());
        inner.with_normalizer(read.get_normalizer().cloned()).map_err(internal)?;
        inner.with_pre_tokenizer(read.get_pre_tokenizer().cloned());
        // How a single piece is spelled.
        inner.with_decoder(Some(match text.contains("\"ByteLevel\"") {
            true => DecoderWrapper::ByteLevel(ByteLevel::default()),
            false => DecoderWrapper::Metaspace(Metaspace::default()),
        }));
        let options = TokenizerOptions { lowercase, ..TokenizerOptions::default() };
        let (special, vocab_len) = (subword.special, subword.vocab_len());
        let tokenizer = Tokenizer::build(inner, special, options, vocab_len, &subword.added, true)?;
        let file_sha256 = Some(sha256(subword.file().to_string().as_bytes()));
        Ok(Tokenizer { file_sha256, ..tokenizer.with_mask(subword.mask.clone()) })
    }

    fn build(
        mut inner: Inner,
        special: SpecialIds,
        options: TokenizerOptions,
        vocab_len: usize,
        added: &AddedTokens,
        blanks_lead: bool,
    ) -> Result<Tokenizer> {
        let tokens: Vec<AddedToken> = added.iter().map(|(_, token)| token.clone()).collect();
        let done = silence::catch(|| {
            // The crate would take one of two that a text cannot tell apart, another one each time.
            let mut known = HashSet::new();
            let distinct = tokens.iter().filter(|token| token.normalized).all(|token| {
                let mut text = NormalizedString::from(token.content.as_str());
                let normalizer = inner.get_normalizer();
                normalizer.is_none_or(|normalizer| normalizer.normalize(&mut text).is_ok())
                    && !text.get().is_empty()
                    && known.insert(text.get().to_string())
            });
            distinct && inner.add_tokens(tokens).is_ok()
        });
        if done != Some(true) {
            let reason = "two added tokens are read alike, or one as nothing";
            return Err(Error::model("added tokens", reason));
        }
        let (added, sha256) = (added.clone(), OnceLock::new());
        let (masked, file_sha256) = (None, None);
        Ok(Tokenizer {
            inner,
            special,
            options,
            vocab_len,
            added,
            masked,
            blanks_lead,
            file_sha256,
            sha256,
        })
    }

    /// The same with a token that stands for a missing word.
    pub(crate) fn with_mask(mut self, mask: Option<MaskToken>) -> Tokenizer {
        self.masked = mask.map(Masked::new);
        self
    }

    /// The same with two separators between two texts.
    pub(crate) fn with_double_sep(mut self) -> Tokenizer {
        self.special.double_sep = true;
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
        self.sha256
            .get_or_init(|| self.hash(self.options.max_word_chars, self.file_sha256.as_deref()))
    }

    /// Whether a head on disk means this tokenizer. Older heads were told neither the word limit in
    /// `tokenizer.json` nor, in other families than BERT, how words are spelled.
    pub(crate) fn is(&self, sha256: &str) -> bool {
        let before = TokenizerOptions::default().max_word_chars;
        sha256 == self.sha256() || (self.added.is_empty() && sha256 == self.hash(before, None))
    }

    fn hash(&self, max_word_chars: usize, file_sha256: Option<&str>) -> String {
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
        hash.update(format!("{} {}\n", max_word_chars, options.special_tokens_in_text));
        if let Some(file) = file_sha256 {
            hash.update(format!("{file}\n"));
        }
        for (id, token) in self.added.iter() {
            let AddedToken { content, single_word, lstrip, rstrip, normalized, .. } = token;
            hash.update(format!("{id} {single_word} {lstrip} {rstrip} {normalized} {content}\n"));
        }
        hex(hash)
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
        let name = self.inner.id_to_token(id).unwrap_or_default();
        match name.strip_prefix(' ') {
            // So a special piece is hidden from texts.
            Some(hidden) => hidden.into(),
            None if self.blanks_lead => self.inner.decode(&[id], false).unwrap_or_default(),
            None => name,
        }
    }

    fn cut(&self, inner: &Inner, text: &str, check: impl Fn() -> Result<()>) -> Result<Pieces> {
        let mut pieces = Pieces::default();
        let joined = Joined::new(text);
        let text = &*joined.text;
        let mut at = 0;
        while at < text.len() {
            check()?;
            let end = at + self.chunk_end(&text[at..]);
            let first = pieces.len();
            self.append(inner, &text[at..end], at, &mut pieces)?;
            pieces.put_in_order(first, text);
            at = end;
        }
        joined.restore(&mut pieces.spans);
        Ok(pieces)
    }

    /// Where a chunk ends: never inside of an added token.
    fn chunk_end(&self, text: &str) -> usize {
        let mut window = text;
        loop {
            let end = chunk::end(window, self.blanks_lead);
            match self.added.over(text, end) {
                // Somewhere before it there is a better place, unless the text is nothing else.
                Some(start) if start > 0 && end < text.len() => window = &text[..start],
                _ => return end,
            }
        }
    }

    fn append(&self, inner: &Inner, chunk: &str, at: usize, pieces: &mut Pieces) -> Result<()> {
        // The crate's error may quote the text, and so may a panic of it over a strange file.
        let encoding = silence::catch(|| inner.encode(chunk, false).ok()).flatten();
        let encoding = encoding.ok_or_else(|| Error::Internal("the tokenizer failed".into()))?;
        if self.blanks_lead {
            subword::append(&encoding, self.special, chunk, at, pieces);
            return Ok(());
        }
        // Whatever a vocabulary makes of a text, no special token comes out of it.
        let SpecialIds { cls, sep, unk, .. } = self.special;
        let read_frame = self.options.special_tokens_in_text;
        let plain = |&id: &u32| if (id == cls || id == sep) && !read_frame { unk } else { id };
        pieces.ids.extend(encoding.get_ids().iter().map(plain));
        let offsets = encoding.get_offsets();
        let place = |index: usize| {
            let (mut start, mut end) = offsets[index];
            if self.added.has(encoding.get_ids()[index]) {
                // It may take the blanks around it, and with them an ideograph that was given some: they
                // are no part of its place.
                let before = index.checked_sub(1).map_or(0, |before| offsets[before].1);
                let after = offsets.get(index + 1).map_or(chunk.len(), |after| after.0);
                start = start.max(before);
                end = end.min(after).max(start);
                let text = chunk.get(start..end).unwrap_or_default();
                start += text.len() - text.trim_start().len();
                end -= text.len() - text.trim_end().len();
            }
            ((at + start) as u32, (at + end) as u32)
        };
        pieces.spans.extend((0..offsets.len()).map(place));
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

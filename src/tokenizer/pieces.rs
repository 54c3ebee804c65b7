//! The pieces of a text, the ids that frame them, and how text becomes words.

use std::ops::Range;

/// How text becomes words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenizerOptions {
    /// Lower-case the text.
    pub lowercase: bool,
    /// Strip accents; `None`: when lower-casing.
    pub strip_accents: Option<bool>,
    /// Treat every CJK ideograph as a word of its own.
    pub split_cjk: bool,
    /// Characters in a word beyond which it becomes `[UNK]`: 200 in BERT's and BioBERT's own code
    /// (google-research/bert `tokenization.py`), 100 in Hugging Face's.
    pub max_word_chars: usize,
    /// Read `[MASK]` and the like in a text as special tokens, as Hugging Face does. Off for
    /// patients' texts: what stands in a note is text.
    pub special_tokens_in_text: bool,
}

impl Default for TokenizerOptions {
    fn default() -> Self {
        TokenizerOptions {
            lowercase: true,
            strip_accents: None,
            split_cjk: true,
            max_word_chars: 200,
            special_tokens_in_text: false,
        }
    }
}

/// The ids that frame a sequence, looked up in the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpecialIds {
    /// `[CLS]`, first in every sequence.
    pub cls: u32,
    /// `[SEP]`, after every text.
    pub sep: u32,
    /// `[UNK]`, a word that the vocabulary cannot spell.
    pub unk: u32,
    /// Whether two `[SEP]` stand between two texts, as RoBERTa has it.
    pub double_sep: bool,
    /// Whether a second text is in segment 0 too: the model knows one segment only.
    pub one_segment: bool,
}

impl SpecialIds {
    /// A sequence, `[CLS] first [SEP]`, and `second [SEP]` where there is a second text; and how many
    /// of its tokens are in segment 0.
    pub(crate) fn frame<'a>(
        self,
        first: &'a [u32],
        second: Option<&'a [u32]>,
    ) -> (impl Iterator<Item = u32> + 'a, usize) {
        let SpecialIds { cls, sep, double_sep, one_segment, .. } = self;
        let single = [cls].into_iter().chain(first.iter().copied()).chain([sep]);
        let between = (double_sep && second.is_some()).then_some(sep);
        let pair = second.into_iter().flat_map(move |ids| ids.iter().copied().chain([sep]));
        let all = if one_segment { usize::MAX } else { first.len() + 2 };
        (single.chain(between).chain(pair), all)
    }

    /// Special tokens in a sequence of one text, or of two.
    pub(crate) fn count(self, pair: bool) -> usize {
        if pair { 3 + usize::from(self.double_sep) } else { 2 }
    }
}

/// The pieces of a text, as three lists of one length.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Pieces {
    /// Vocabulary ids.
    pub ids: Vec<u32>,
    /// Bytes of the text that each piece stands for.
    pub spans: Vec<(u32, u32)>,
    /// Whether the piece is the first of its word.
    pub starts_word: Vec<bool>,
}

impl Pieces {
    /// How many pieces there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The first piece that starts at a byte or after it.
    pub(crate) fn at(&self, byte: usize) -> usize {
        self.spans.partition_point(|&(start, _)| (start as usize) < byte)
    }

    /// Sees to it that the places from one piece on begin one after the other and hold whole characters.
    /// They do, but for what a strange file can make of a text.
    pub(super) fn put_in_order(&mut self, first: usize, text: &str) {
        let mut from = first.checked_sub(1).map_or(0, |before| self.spans[before].0);
        for (start, end) in &mut self.spans[first..] {
            *start = text.floor_char_boundary(*start as usize) as u32;
            *start = from.max(*start);
            *end = text.ceil_char_boundary(*end as usize) as u32;
            *end = (*start).max(*end);
            from = *start;
        }
    }

    /// All pieces, cut at bytes of the text. Where no piece lies between two cuts there is no range.
    pub(crate) fn cut(&self, bytes: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
        let mut from = 0;
        let ends = bytes.map(|byte| self.at(byte)).chain([self.len()]);
        let ranges = ends.map(|to| std::mem::replace(&mut from, to)..to);
        ranges.filter(|range| !range.is_empty()).collect()
    }

    /// Makes words of the given byte ranges instead of the tokenizer's own: the first piece that
    /// starts in a range starts a word. Ranges are in order and do not overlap.
    pub fn set_words(&mut self, words: &[Range<usize>]) {
        let mut words = words.iter().peekable();
        for (&(start, _), starts_word) in self.spans.iter().zip(&mut self.starts_word) {
            let start = start as usize;
            while words.next_if(|word| word.end <= start).is_some() {}
            *starts_word = words.next_if(|word| word.start <= start).is_some();
        }
    }
}

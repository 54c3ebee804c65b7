//! Long texts in bounded chunks.

use unicode_categories::UnicodeCategories;

/// Bytes that the `tokenizers` crate sees at a time: its alignments cost 16 bytes per input byte.
pub(super) const CHUNK: usize = 64 * 1024;

/// Where to cut a text that is too long for one go: at the last white space within the limit, which
/// changes nothing, since white space separates words. Without any, after the last punctuation
/// mark, which is a word of its own in BERT. A run of 64 KiB with neither is no word of any language;
/// it is cut where it is.
///
/// `blanks_lead`: blanks belong to the words after them, so the cut comes before them.
pub(super) fn end(text: &str, blanks_lead: bool) -> usize {
    if text.len() <= CHUNK {
        return text.len();
    }
    let window = &text[..text.floor_char_boundary(CHUNK)];
    if blanks_lead {
        // The end of a word with a space after it: not every tokenizer reads a line break as one.
        let ends = |blank: &dyn Fn(char) -> bool| {
            let mut ends = window.rmatch_indices(blank).map(|(at, _)| at);
            ends.find(|&at| at > 0 && !window[..at].ends_with(char::is_whitespace))
        };
        return ends(&|c| c == ' ').or_else(|| ends(&char::is_whitespace)).unwrap_or(window.len());
    }
    let after = |(at, scalar): (usize, char)| at + scalar.len_utf8();
    let last = |is: &dyn Fn(char) -> bool| {
        window.char_indices().rev().find(|&(_, scalar)| is(scalar)).map(after)
    };
    let is_mark = |c: char| c.is_ascii_punctuation() || c.is_punctuation();
    last(&char::is_whitespace).or_else(|| last(&is_mark)).unwrap_or(window.len())
}

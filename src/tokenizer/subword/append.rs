//! What the crate made of a chunk, as pieces with places and words.

use tokenizers::Encoding;
use unicode_categories::UnicodeCategories;

use crate::tokenizer::pieces::{Pieces, SpecialIds};

/// Adds the pieces of a chunk that begins at byte `at` of its text. Blanks before a word belong
/// to its first piece, but not to the bytes that the piece stands for; a run of further blanks is no
/// word.
pub(in crate::tokenizer) fn append(
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

//! The runs of three characters of a word, its start and its end among them.

/// The trigrams of a word, each once, in the order of the alphabet; none of a word under four letters, or with digits.
pub(super) fn trigrams(word: &str) -> Vec<String> {
    let mut chars: Vec<char> = Vec::with_capacity(word.len() + 2);
    chars.push('^');
    chars.extend(word.chars());
    chars.push('$');
    if chars.len() < 6 || word.starts_with(char::is_numeric) {
        return Vec::new();
    }
    let mut trigrams: Vec<String> = chars.windows(3).map(String::from_iter).collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    trigrams
}

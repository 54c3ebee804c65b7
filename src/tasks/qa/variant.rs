//! What the variants of one answer have in common: "the BRCA1 gene", "BRCA-1" and "brca1".

use crate::terms::greek;

const ARTICLES: [&str; 3] = ["the ", "an ", "a "];

/// Words that say no more of a name that is one word.
const KINDS: [&str; 4] = [" gene", " genes", " protein", " proteins"];

/// An answer without case, article, blanks and dashes, Greek letters by name. Signs that tell one
/// answer from another stay: those of numbers and comparisons, and a plus or minus at the end
/// ("CD4+").
pub(super) fn key(answer: &str) -> String {
    let lower = answer.to_lowercase();
    let lower = lower.trim();
    let bare = ARTICLES.iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(lower);
    let bare = bare.trim_start();
    let name = KINDS.iter().find_map(|kind| bare.strip_suffix(kind));
    let name = name.filter(|name| !name.contains(char::is_whitespace)).unwrap_or(bare);
    let mut key = String::with_capacity(name.len());
    let mut chars = name.chars().peekable();
    // Whether something between two characters was put aside.
    let mut gap = false;
    let mut before = None;
    while let Some(char) = chars.next() {
        let next = chars.peek().copied();
        let digits = |before: Option<char>| {
            before.is_some_and(char::is_numeric) && next.is_some_and(char::is_numeric)
        };
        if char.is_alphanumeric() {
            // Two numbers are not one: "5-10".
            if gap && char.is_numeric() && key.ends_with(char::is_numeric) {
                key.push(' ');
            }
            let mut bytes = [0; 4];
            let letter: &str = char.encode_utf8(&mut bytes);
            key.push_str(greek(letter).unwrap_or(letter));
            gap = false;
        } else if is_sign(char) || (".,".contains(char) && digits(before)) {
            key.push(char);
            gap = false;
        } else if is_dash(char) && is_minus(before, next) {
            key.push('-');
            gap = false;
        } else {
            gap = true;
        }
        before = Some(char);
    }
    if key.is_empty() { lower.to_string() } else { key }
}

/// Signs that say something wherever they stand.
fn is_sign(char: char) -> bool {
    "+<>=≤≥±%°/".contains(char)
}

fn is_dash(char: char) -> bool {
    matches!(char, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Whether a dash between two characters is a minus: before a number, or after a name.
fn is_minus(before: Option<char>, next: Option<char>) -> bool {
    let blank = |char: Option<char>| char.is_none_or(|char| !char.is_alphanumeric());
    match (blank(before), blank(next)) {
        (true, false) => next.is_some_and(char::is_numeric),
        (false, true) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn variants_of_one_answer_are_one() {
        for variant in
            ["BRCA1", "brca1", "the BRCA1 gene", "BRCA-1", "BRCA 1", "BRCA1 protein", "“BRCA1”"]
        {
            assert_eq!(key(variant), "brca1", "{variant}");
        }
        assert_eq!(key("TNF-α"), key("TNF alpha"));
        assert_eq!(key("a type II kinase"), key("Type-II kinase"));
        assert_eq!(key("the gene"), "gene");
    }

    #[test]
    fn other_answers_are_others() {
        let others = [
            ("CD4+", "CD4-"),
            ("CD4-", "CD4"),
            ("1.5 mg", "15 mg"),
            ("5-10", "510"),
            ("< 5", "> 5"),
            ("-5", "5"),
            ("HER2-positive", "HER2-negative"),
            ("tumor suppressor gene", "tumor suppressor"),
            ("50 %", "50"),
            ("1/2", "12"),
        ];
        for (one, other) in others {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
        assert_eq!(key("§"), "§");
    }
}

//! Singular and plural, British and American spelling.
//!
//! Both sides of a comparison are folded alike, so that a fold need not give a word of the language: it must give the
//! same for what is the same, and different things for what is not.

/// Where the British write more letters, anywhere in a word.
const WITHIN: [(&str, &str); 7] = [
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("sulph", "sulf"),
    ("leuco", "leuko"),
    ("isation", "ization"),
    ("aluminium", "aluminum"),
];

/// British endings.
const BRITISH: [(&str, &str); 4] = [("ise", "ize"), ("yse", "yze"), ("tre", "ter"), ("bre", "ber")];

/// Plural endings, the first that fits; those of Latin and Greek need the longer word.
const PLURALS: [(&str, &str, usize); 18] = [
    ("eases", "ease", 5),
    ("ies", "y", 5),
    ("oses", "osis", 6),
    ("yses", "ysis", 6),
    ("eses", "esis", 6),
    ("stases", "stasis", 7),
    ("uses", "us", 7),
    ("ices", "ix", 6),
    ("omata", "oma", 7),
    ("sses", "ss", 5),
    ("xes", "x", 5),
    ("ches", "ch", 5),
    ("shes", "sh", 5),
    ("ss", "ss", 0),
    ("us", "us", 0),
    ("is", "is", 0),
    ("s", "", 4),
    ("oli", "olus", 6),
];

/// Words whose ending only looks like a plural's.
const SINGULAR: [&str; 5] = ["diabetes", "herpes", "rabies", "scabies", "ascites"];

/// Adds a word to `out`, in the singular and as Americans spell it. It is in lower case.
pub(super) fn fold(word: &str, out: &mut String) {
    if word.len() < 4 || !word.is_ascii() || SINGULAR.contains(&word) {
        return out.push_str(word);
    }
    let start = out.len();
    push_american(word, out);
    let american = &out[start..];
    let plural = PLURALS
        .iter()
        .find(|(plural, _, least)| american.len() >= *least && american.ends_with(plural));
    if let Some((plural, singular, _)) = plural {
        out.truncate(out.len() - plural.len());
        out.push_str(singular);
    }
    if let Some((british, american)) = BRITISH.iter().find(|(end, _)| out[start..].ends_with(end)) {
        out.truncate(out.len() - british.len());
        out.push_str(american);
    }
}

/// The word with what the British write within words.
fn push_american(word: &str, out: &mut String) {
    let mut rest = word;
    if word.len() >= 5 {
        while let Some((at, british, american)) = first_british(rest) {
            out.push_str(&rest[..at]);
            out.push_str(american);
            rest = &rest[at + british.len()..];
        }
    }
    out.push_str(rest);
}

fn first_british(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let bytes = text.as_bytes();
    (0..bytes.len()).find_map(|at| {
        // Most letters start none.
        if !matches!(bytes[at], b'a' | b'o' | b's' | b'l' | b'i') {
            return None;
        }
        let found = WITHIN.iter().find(|(british, _)| bytes[at..].starts_with(british.as_bytes()));
        found.map(|&(british, american)| (at, british, american))
    })
}

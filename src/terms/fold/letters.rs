//! Letters: case, accents, Greek letters and their names; and where words end.

use std::ops::Range;

/// Letters with accents and what stands for them without: a row for each plain form.
const ACCENTS: [(&str, &str); 31] = [
    ("a", "àáâãäåāăąǎ"),
    ("ae", "æ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęě"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐ"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("o", "òóôõöøōŏőǒ"),
    ("oe", "œ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("ss", "ß"),
    ("t", "ţťŧț"),
    ("th", "þ"),
    ("u", "ùúûüũūŭůűųǔ"),
    ("w", "ŵ"),
    ("y", "ýÿŷ"),
    ("z", "źżž"),
    ("0", "⁰₀"),
    ("1", "¹₁"),
    ("2", "²₂"),
    ("3", "³₃"),
    ("4", "⁴₄"),
    ("5", "⁵₅"),
    ("6", "⁶₆"),
    ("μ", "µ"),
];

/// The Greek letters, the final sigma with the other one.
const GREEK: [(char, &str); 25] = [
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('ς', "sigma"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

/// Lower case, without accents.
pub(super) fn case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for char in text.chars().flat_map(char::to_lowercase) {
        if char.is_ascii() {
            folded.push(char);
        } else if !is_combining(char) {
            match ACCENTS.iter().find(|(_, accented)| accented.contains(char)) {
                Some((plain, _)) => folded.push_str(plain),
                None => folded.push(char),
            }
        }
    }
    folded
}

/// Whether a name has this case fold, if that is told without folding it.
pub(super) fn is_case(folded: &str, name: &str) -> bool {
    name.is_ascii() && name.eq_ignore_ascii_case(folded)
}

fn is_combining(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36F}')
}

/// The marks that are within a word: "Alzheimer's".
pub(super) fn is_apostrophe(char: char) -> bool {
    matches!(char, '\'' | '’' | '`')
}

fn is_greek(char: char) -> bool {
    matches!(char, 'α'..='ω')
}

/// The name of a Greek letter that stands by itself.
pub(crate) fn greek(word: &str) -> Option<&'static str> {
    let letter = word.chars().next().filter(|&letter| is_greek(letter))?;
    let known = GREEK.iter().find(|(known, _)| *known == letter && word.len() == letter.len_utf8());
    known.map(|&(_, name)| name)
}

/// What kind of character stands in a word.
#[derive(PartialEq, Clone, Copy)]
enum Class {
    Letter,
    Digit,
    Greek,
    Mark,
}

fn class(char: char) -> Class {
    match char {
        'a'..='z' => Class::Letter,
        '0'..='9' => Class::Digit,
        _ if char.is_ascii() => Class::Mark,
        _ if is_greek(char) => Class::Greek,
        _ if char.is_numeric() => Class::Digit,
        _ if char.is_alphabetic() => Class::Letter,
        _ => Class::Mark,
    }
}

/// The words of a text in lower case: letters, or digits, or one Greek letter. Letters with an apostrophe among them are
/// one word.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::with_capacity(8);
    let mut before = Class::Mark;
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        let end = at + char.len_utf8();
        let class = match class(char) {
            Class::Mark if is_apostrophe(char) && before == Class::Letter => match chars.peek() {
                Some(&(_, next)) if self::class(next) == Class::Letter => Class::Letter,
                _ => Class::Mark,
            },
            class => class,
        };
        match words.last_mut() {
            Some(word) if class == before && matches!(class, Class::Letter | Class::Digit) => {
                word.end = end;
            }
            _ if class != Class::Mark => words.push(at..end),
            _ => {}
        }
        before = class;
    }
    words
}

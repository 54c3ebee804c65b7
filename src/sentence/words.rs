//! The words and marks that the rules go by. A new abbreviation is a word in one of these tables,
//! in small letters, without its period and in alphabetical order.

/// Words before a period that ask for something after it.
pub(super) const LEADS: &[&str] = &[
    "approx", "cf", "dr", "drs", "e.g", "eg", "eq", "fig", "figs", "i.e", "ie", "mr", "mrs", "ms",
    "prof", "st", "viz", "vs",
];

/// Abbreviations that may end a sentence, but not before a number or a small letter. Those with
/// periods inside ("p.o.") are recognised by their shape.
pub(super) const ABBREVIATIONS: &[&str] = &[
    "al", "apr", "aug", "ave", "ca", "cap", "caps", "cc", "ch", "cm", "co", "cont", "corp", "dec",
    "dept", "diff", "ed", "eds", "etc", "ext", "feb", "freq", "ft", "gm", "gtt", "hosp", "hr",
    "hrs", "ht", "inc", "incl", "jan", "jr", "jul", "jun", "kg", "lb", "lbs", "ltd", "mar", "max",
    "mcg", "mg", "min", "mins", "ml", "mm", "mo", "no", "nos", "nov", "oct", "oz", "pp", "ref",
    "refs", "resp", "sat", "sec", "sect", "sept", "sp", "spp", "ssp", "subsp", "tab", "tabs",
    "temp", "vol", "wk", "wks", "wt", "yrs",
];

/// Words that, with a capital, are far more often the start of a sentence than a name.
#[rustfmt::skip]
pub(super) const STARTERS: &[&str] = &[
    "a", "additionally", "after", "all", "although", "an", "and", "as", "at", "because", "before",
    "both", "but", "by", "conclusion", "conclusions", "continue", "currently", "denies", "during",
    "each", "for", "from", "furthermore", "has", "he", "her", "here", "his", "however", "i", "if",
    "in", "is", "it", "its", "methods", "moreover", "most", "my", "no", "none", "not", "of", "on",
    "one", "other", "our", "overall", "patient", "patients", "pt", "reports", "results", "several",
    "she", "since", "so", "some", "that", "the", "their", "then", "there", "therefore", "these",
    "they", "this", "those", "thus", "to", "two", "unfortunately", "we", "when", "with",
];

/// Words that a single letter completes without being a person's initial ("hepatitis C.").
#[rustfmt::skip]
pub(super) const LETTERED: &[&str] = &[
    "arm", "class", "factor", "grade", "group", "hepatitis", "influenza", "lamin", "part", "phase",
    "stage", "table", "type", "vitamin",
];

/// Words after which a single letter is an initial.
pub(super) const JOINS: &[&str] = &["&", "and", "by", "from", "per", "to", "with"];

/// Words that no statement ends with: what follows them on the next line belongs to it.
#[rustfmt::skip]
pub(super) const LEADING_ON: &[&str] = &[
    "a", "after", "an", "and", "any", "are", "as", "at", "because", "been", "before", "between",
    "but", "by", "during", "each", "either", "every", "for", "from", "had", "has", "have", "her",
    "his", "if", "in", "into", "is", "its", "may", "mild", "moderate", "my", "nor", "of", "on", "or", "our", "per",
    "severe", "since", "some", "than", "that", "the", "their", "these", "this", "those", "to", "until", "was", "were",
    "when", "where", "whether", "which", "while", "who", "whose", "will", "with", "without", "your",
];

/// Words that deny what follows, unless they answer what stands before: "patient denies", but "Fever: denies".
pub(super) const DENYING: &[&str] = &["denied", "denies", "denying", "no", "not"];

/// Bullets wherever they stand: lists are often flattened to one line.
pub(super) const BULLETS: &[char] = &[
    '•', '●', '○', '▪', '■', '◦', '‣', '➢', '\u{f0b7}', '∙', '☐', '☑', '☒', '□', '✓', '✔', '✗', '✘',
];
/// Bullets at the start of a line only.
pub(super) const DASHES: &[char] = &['-', '*', '–', '—', '#'];
pub(super) const OPENERS: &[char] = &['(', '[', '{', '"', '\'', '“', '‘', '«', '„', '「', '（'];
pub(super) const CLOSERS: &[char] =
    &[')', ']', '}', '"', '\'', '”', '’', '»', '」', '』', '）', '*'];

/// Marks that end a sentence even where no blank follows, as in Chinese and Japanese.
pub(super) const WIDE_STOPS: &[char] = &['。', '！', '？', '｡'];

/// Whether a sorted table has the word, in whatever case.
pub(super) fn listed(table: &[&str], word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    table.binary_search(&lower.as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_sorted_and_in_small_letters() {
        for table in [LEADS, ABBREVIATIONS, STARTERS, LETTERED, JOINS, LEADING_ON, DENYING] {
            assert!(table.is_sorted());
            assert!(table.iter().all(|word| **word == word.to_ascii_lowercase()));
        }
    }
}

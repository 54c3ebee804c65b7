//! Roman numbers and digits: "type II", "type 2".

/// The Roman numbers that names have.
const ROMAN: [(&str, &str); 20] = [
    ("i", "1"),
    ("ii", "2"),
    ("iii", "3"),
    ("iv", "4"),
    ("v", "5"),
    ("vi", "6"),
    ("vii", "7"),
    ("viii", "8"),
    ("ix", "9"),
    ("x", "10"),
    ("xi", "11"),
    ("xii", "12"),
    ("xiii", "13"),
    ("xiv", "14"),
    ("xv", "15"),
    ("xvi", "16"),
    ("xvii", "17"),
    ("xviii", "18"),
    ("xix", "19"),
    ("xx", "20"),
];

/// The digits of a word that is a Roman number.
pub(super) fn arabic(word: &str) -> Option<&'static str> {
    let may_be = matches!(word.as_bytes(), [b'i' | b'v' | b'x', ..]) && word.len() <= 5;
    let found = || ROMAN.iter().find(|(roman, _)| *roman == word);
    may_be.then(found)?.map(|&(_, digits)| digits)
}

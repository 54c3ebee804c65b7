//! What two spellings of a name have in common. Folds come one upon the other, each putting aside a little more: case,
//! marks, Greek letters, Roman numbers, plurals and spelling, the order of the words. The last one that was needed to
//! make two texts the same is the [`Reason`] that a link gives.

mod letters;
mod numerals;
mod spelling;

pub(crate) use letters::greek;

use crate::document::Reason;

/// Words that stand between the others of a name and say nothing: "cancer of the lung".
const FILLERS: [&str; 6] = ["of", "the", "in", "a", "an", "and"];

/// Short words that say nothing wherever they stand, which "a" does not: "hepatitis A", "stage 3a".
const JOINING: [&str; 8] = ["of", "in", "an", "to", "by", "or", "on", "at"];

/// Whether a word of a name says nothing.
pub(super) fn is_filler(word: &str) -> bool {
    FILLERS.contains(&word)
}

/// A text in all its folds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// Lower case, without accents.
    case: String,
    /// The same without marks and blanks.
    dash: String,
    /// The same with Greek letters by name.
    greek: String,
    /// The same with Roman numbers as digits.
    roman: String,
    /// The same in the singular, and as Americans spell it.
    plural: String,
    /// The ends of the words of `plural`.
    ends: Vec<usize>,
}

impl Folded {
    /// Folds a text.
    pub(super) fn new(text: &str) -> Folded {
        let mut folded = Folded { case: letters::case(text), ..Folded::default() };
        let room = folded.case.len() + 8;
        for fold in [&mut folded.dash, &mut folded.greek, &mut folded.roman, &mut folded.plural] {
            fold.reserve(room);
        }
        let words = letters::words(&folded.case);
        let several = words.len() > 1;
        for word in words {
            let word = &folded.case[word];
            let start = folded.dash.len();
            folded.dash.extend(word.chars().filter(|&char| !letters::is_apostrophe(char)));
            let dash = &folded.dash[start..];
            let greek = letters::greek(dash).unwrap_or(dash);
            folded.greek.push_str(greek);
            let roman = numerals::arabic(greek).filter(|_| several).unwrap_or(greek);
            folded.roman.push_str(roman);
            spelling::fold(roman, &mut folded.plural);
            folded.ends.push(folded.plural.len());
        }
        folded
    }

    /// Whether nothing is left: the text has neither letters nor digits.
    pub(super) fn is_empty(&self) -> bool {
        self.plural.is_empty()
    }

    /// What all spellings share but those with the words in another order.
    pub(super) fn key(&self) -> &str {
        &self.plural
    }

    /// The words, in the singular.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.plural[start..end])
    }

    /// The words in an order of their own, without those that say nothing: what all spellings share.
    pub(super) fn order_key(&self) -> String {
        let mut words: Vec<&str> = self.words().filter(|word| !FILLERS.contains(word)).collect();
        words.sort_unstable();
        words.join(" ")
    }

    /// Numbers, and words that are as short as one, each once, in order: names that differ in them are of different things.
    pub(super) fn marks(&self) -> Vec<&str> {
        let is_mark =
            |word: &&str| word.len() <= 2 || word.starts_with(|char: char| char.is_numeric());
        let mut marks: Vec<&str> =
            self.words().filter(is_mark).filter(|word| !JOINING.contains(word)).collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// The last fold that makes this text, `text` before it was folded, the same as a name; `None`: they differ.
    pub(super) fn reason(&self, text: &str, name: &str) -> Option<Reason> {
        if text == name {
            return Some(Reason::Exact);
        }
        if letters::is_case(&self.case, name) {
            return Some(Reason::Case);
        }
        let other = Folded::new(name);
        let same = |one: &str, other: &str| !one.is_empty() && one == other;
        if self.case == other.case {
            Some(Reason::Case)
        } else if same(&self.dash, &other.dash) {
            Some(Reason::Dash)
        } else if same(&self.greek, &other.greek) {
            Some(Reason::Greek)
        } else if same(&self.roman, &other.roman) {
            Some(Reason::Roman)
        } else if same(&self.plural, &other.plural) {
            Some(Reason::Plural)
        } else {
            let order =
                same(&self.order_key(), &other.order_key()) && self.marks() == other.marks();
            order.then_some(Reason::Order)
        }
    }
}

#[cfg(test)]
mod tests;

//! Passages that say nothing new: copies of a text, though a few words differ or they begin elsewhere.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words side by side that are compared: other texts about one thing share words, hardly three in a row.
const IN_A_ROW: usize = 3;
/// A passage of which more than this part stands in those before it is left out: one word of fifteen may differ, but no
/// number.
const KNOWN: f32 = 0.8;

/// What passages have said, by hashes.
#[derive(Default)]
pub struct Said(HashSet<u64>);

impl Said {
    /// Whether a passage of these words says something new, which is then said.
    pub fn is_new(&mut self, words: &[String]) -> bool {
        let rows = || words.windows(IN_A_ROW.min(words.len()).max(1)).map(hash);
        // "The dose is 5 mg", "the dose is 50 mg": a number with the word before it.
        let has_number = |row: &&[String]| row[1].contains(|one: char| one.is_numeric());
        let numbers = || words.windows(2).filter(has_number).map(hash);
        let known = rows().filter(|row| self.0.contains(row)).count();
        let is_new = known == 0
            || known as f32 <= KNOWN * rows().count() as f32
            || numbers().any(|number| !self.0.contains(&number));
        if is_new {
            self.0.extend(rows().chain(numbers()));
        }
        is_new
    }
}

fn hash(row: &[String]) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "Naloxone reverses the effects of opioids within two minutes. It is given into a vein, \
        a muscle or the nose, and again when breathing slows.";

    /// Whether a text is new after others.
    fn is_new(said: &mut Said, text: &str) -> bool {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        said.is_new(&words.map(str::to_lowercase).collect::<Vec<_>>())
    }

    #[test]
    fn a_copy_is_not_new() {
        let mut said = Said::default();
        assert!(is_new(&mut said, FIRST));
        assert!(!is_new(&mut said, FIRST));
        assert!(!is_new(&mut said, &FIRST.to_uppercase().replace("two", "three")));
        // Parts of two passages.
        assert!(is_new(
            &mut said,
            "She was well the day after. Her sons took her home before noon on Sunday."
        ));
        assert!(!is_new(
            &mut said,
            "It is given into a vein, a muscle or the nose, and again when breathing slows. She was well the day after."
        ));
    }

    #[test]
    fn other_texts_and_other_values_are_new() {
        let mut said = Said::default();
        assert!(is_new(&mut said, FIRST));
        assert!(is_new(
            &mut said,
            "Naloxone, given into a muscle, reverses what opioids do; it slows nothing."
        ));
        assert!(is_new(&mut said, &FIRST.replace("two minutes", "5 minutes")));
        assert!(is_new(&mut said, &FIRST.replace("two minutes", "50 minutes")));
        assert!(is_new(&mut said, "Potassium 3.9. Sodium 140. Creatinine 80."));
        assert!(is_new(&mut said, "Potassium 5.8. Sodium 131. Creatinine 210."));
        // Without a word there is nothing to compare.
        assert!(is_new(&mut said, "") && is_new(&mut said, "—"));
        assert!(is_new(&mut said, "Rash") && !is_new(&mut said, "rash."));
    }
}

//! Which part of a question's words a passage has: what tells best whether an index holds an answer at all.

use std::collections::HashSet;

/// Words that say nothing of what is asked.
const COMMON: [&str; 60] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "could", "did", "do", "does",
    "for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its", "me", "of",
    "on", "or", "she", "he", "than", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "to", "was", "were", "what", "when", "where", "which", "who", "whom", "whose",
    "why", "will", "with", "would", "you", "your", "i", "my",
];

/// Letters that decide: "caused" and "causes", "mutation" and "mutated" are one.
const LETTERS: usize = 5;

/// What is looked for: the words of a question, each with its weight.
pub struct Wanted(Vec<(String, f32)>);

impl Wanted {
    /// Of words and the number of passages that have them, out of so many. The weight is BM25's, the less the more
    /// passages have a word. One that none has counts as if one had: in a small index that would outweigh the others.
    pub fn new(words: Vec<(String, u64)>, passages: u64) -> Wanted {
        let weight = |with: u64| {
            let with = with.max(1) as f32;
            (1.0 + (passages as f32 - with + 0.5).max(0.0) / (with + 0.5)).ln()
        };
        let counts = |word: &str| !COMMON.contains(&word);
        let words = words.into_iter().filter(|(word, _)| counts(word));
        Wanted(words.map(|(word, with)| (start(&word).to_string(), weight(with))).collect())
    }

    /// The part that stands in a passage with these words, from 0 to 1; 0 where nothing is looked for.
    pub fn share(&self, words: &[String]) -> f32 {
        let words: HashSet<&str> = words.iter().map(|word| start(word)).collect();
        let sum = |found: &dyn Fn(&str) -> bool| -> f32 {
            self.0.iter().filter(|(word, _)| found(word)).map(|(_, weight)| weight).sum()
        };
        let all = sum(&|_| true);
        if all > 0.0 { sum(&|word| words.contains(word)) / all } else { 0.0 }
    }
}

/// The letters of a word that decide; of one with a digit, all.
fn start(word: &str) -> &str {
    if word.contains(|one: char| one.is_numeric()) {
        return word;
    }
    word.char_indices().nth(LETTERS).map_or(word, |(end, _)| &word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(question: &[(&str, u64)], passage: &str) -> f32 {
        let words = question.iter().map(|(word, with)| (word.to_string(), *with)).collect();
        let passage: Vec<String> = passage.split(' ').map(str::to_string).collect();
        Wanted::new(words, 100).share(&passage)
    }

    #[test]
    fn rare_words_count_more_and_common_ones_nothing() {
        let question = [("which", 40), ("drug", 30), ("causes", 20), ("agranulocytosis", 1)];
        assert_eq!(share(&question, "the drug caused agranulocytosis"), 1.0);
        let rare = share(&question, "agranulocytosis was seen");
        assert!(rare > 0.5 && rare < 1.0, "{rare}");
        assert!(share(&question, "which drug was it") < 0.3);
        assert_eq!(share(&question, "which of these"), 0.0);
        assert_eq!(share(&[("12345678", 1)], "accession 12345999"), 0.0);
        assert_eq!(share(&[("which", 40)], "which of these"), 0.0);
    }

    #[test]
    fn a_word_that_no_passage_has_counts_as_a_rare_one() {
        assert_eq!(share(&[("urine", 1), ("grow", 0)], "urine grew yeast"), 0.5);
    }
}

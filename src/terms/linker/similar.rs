//! Words that are nearly the same: other endings ("hypertensive", "hypertension"), and slips of the pen.

use super::endings::nouns;
use super::tally::Tally;
use crate::terms::file::File;
use crate::terms::trigram::trigrams;

/// How alike words with two endings of one stem are.
const SAME_STEM: f32 = 0.95;
/// Shorter words have too many that look like them, in letters.
const SHORTEST: usize = 6;
/// How many words are looked at in the lists of trigrams, and how many are compared letter by letter.
const READ: usize = 2500;
const COMPARED: usize = 8;
/// Words less alike than this are others.
const ALIKE: f32 = 0.8;

/// Beginnings of words that say the contrary of each other.
const OPPOSITES: [(&str, &str); 3] = [("hyper", "hypo"), ("macro", "micro"), ("tachy", "brady")];

/// A word of the index that a word of the text may be, and how alike they are.
pub(super) type Similar = (String, f32);

/// Words of the index with another ending.
pub(super) fn with_other_ending(file: &File, word: &str) -> Vec<Similar> {
    let nouns = nouns(word, true).into_iter().chain(nouns(word, false));
    nouns.filter(|noun| file.word(noun).is_some()).map(|noun| (noun, SAME_STEM)).collect()
}

/// Words of the index with nearly the same letters, the most alike first.
pub(super) fn misspelt(file: &File, word: &str) -> Vec<Similar> {
    if word.chars().count() < SHORTEST {
        return Vec::new();
    }
    let mut lists: Vec<_> =
        trigrams(word).iter().filter_map(|each| file.words_with(each)).collect();
    lists.sort_by_key(|&(count, _)| count);
    let mut tally = Tally::new(READ);
    for (count, words) in lists {
        if !tally.has_room(count) {
            break;
        }
        tally.add(words, 1.0);
    }
    let best = tally.best(COMPARED).into_iter();
    let known = best.filter_map(|at| {
        let other = file.word_at(at)?.text;
        let alike = likeness(word, other);
        (alike >= ALIKE && !are_opposite(word, other)).then(|| (other.to_owned(), alike))
    });
    let mut known: Vec<Similar> = known.collect();
    known.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    known.truncate(4);
    known
}

/// Whether two words say the contrary of each other, which takes few letters.
fn are_opposite(one: &str, other: &str) -> bool {
    let differ = |begin: &str| one.starts_with(begin) != other.starts_with(begin);
    OPPOSITES.iter().any(|(high, low)| differ(high) && differ(low))
}

/// How alike two words are: 1 less the edits per letter, two letters exchanged counting as one.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    let one: Vec<char> = one.chars().take(100).collect();
    let other: Vec<char> = other.chars().take(100).collect();
    let longest = one.len().max(other.len()).max(1);
    let mut rows: [Vec<usize>; 3] = [Vec::new(), (0..=other.len()).collect(), Vec::new()];
    for i in 1..=one.len() {
        let mut row = Vec::with_capacity(other.len() + 1);
        row.push(i);
        for j in 1..=other.len() {
            let changed = rows[1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut least = changed.min(rows[1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                least = least.min(rows[0][j - 2] + 1);
            }
            row.push(least);
        }
        rows.swap(0, 1);
        rows[1] = row;
    }
    1.0 - rows[1][other.len()] as f32 / longest as f32
}

//! Names most of whose words are the same: rare words weigh more than frequent ones.

use super::Query;
use super::chapters;
use super::found::Found;
use super::leaves;
use super::same::fits;
use super::similar::{Similar, misspelt, with_other_ending};
use super::tally::Tally;
use crate::document::Reason;
use crate::terms::file::File;
use crate::terms::fold::{Folded, is_filler};
use crate::terms::index::Terms;
use crate::terms::kind::Kind;

/// How many names are read from the lists of words, and how many are compared word by word.
const READ: usize = 2000;
const COMPARED: usize = 24;
/// How alike a name with all words of the text is at most. A disorder with one word more is more often another one.
const MOST: f32 = 0.92;
const OF_DISORDER: f32 = 0.86;
/// Names less alike than this are not worth showing.
const SHOWN: f32 = 0.5;
/// How alike a name at most is that may be another thing's: it says what the text does not, or has other numbers.
pub(super) const NOT_SURE: f32 = 0.8;

/// A word of the text.
struct Part {
    weight: f32,
    /// The words of the index that it may be; itself, if the index has it.
    may_be: Vec<Similar>,
}

/// The names of all indices that share most of their words with the text.
pub(super) fn find<'a>(indices: &'a [Terms], query: &Query<'_>) -> Vec<Found<'a>> {
    indices
        .iter()
        .filter(|terms| fits(terms, query))
        .flat_map(|terms| of_index(terms, query))
        .collect()
}

fn of_index<'a>(terms: &'a Terms, query: &Query<'_>) -> Vec<Found<'a>> {
    let file = &*terms.file;
    let order = query.folded.order_key();
    let mut parts: Vec<Part> = order.split(' ').map(|word| part(file, word)).collect();
    parts.dedup_by(|one, other| one.may_be == other.may_be && !one.may_be.is_empty());
    parts.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let most = if query.kind == Some(Kind::Disorder) { OF_DISORDER } else { MOST };
    let mut tally = Tally::new(READ);
    for part in &parts {
        for (word, alike) in &part.may_be {
            let word = file.word(word).filter(|word| tally.has_room(word.count));
            if let Some(word) = word {
                tally.add(word.names, part.weight * alike);
            }
        }
    }
    let best = tally.best(COMPARED).into_iter();
    let mut found: Vec<Found<'_>> =
        best.filter_map(|name| candidate(terms, name, query, &parts, most)).collect();
    if terms.has_defaults {
        chapters::lower(query, &mut found);
        leaves::prefer(&mut found);
    }
    found
}

/// The text with the words that no name has as the most similar word of names, and how alike that is; `None` if names have
/// all of its words, or none like one of them.
pub(super) fn respelt(terms: &Terms, query: &Query<'_>) -> Option<(String, f32)> {
    let (mut alike, mut changed) = (1.0f32, false);
    let mut words = Vec::new();
    for word in query.folded.words() {
        if terms.file.word(word).is_some() || is_filler(word) {
            words.push(word.to_owned());
        } else {
            let (other, likeness) = misspelt(&terms.file, word).into_iter().next()?;
            words.push(other);
            (alike, changed) = (alike.min(likeness), true);
        }
    }
    changed.then(|| (words.join(" "), alike))
}

/// A word of the text, and what it may be in the index.
fn part(file: &File, word: &str) -> Part {
    let known = file.word(word).map(|known| known.count);
    let mut may_be = with_other_ending(file, word);
    match known {
        Some(_) => may_be.insert(0, (word.into(), 1.0)),
        None if may_be.is_empty() => may_be = misspelt(file, word),
        None => {}
    }
    Part { weight: weight(file, known.unwrap_or(0)), may_be }
}

/// What a word that stands in so many names weighs.
fn weight(file: &File, names: u32) -> f32 {
    (1.0 + file.order_count() as f32 / (1.0 + names as f32)).ln()
}

/// How alike a name and the text are: the weight of the words that they share, of all.
fn candidate<'a>(
    terms: &'a Terms,
    name: u32,
    query: &Query<'_>,
    parts: &[Part],
    most: f32,
) -> Option<Found<'a>> {
    let file = &*terms.file;
    let name = file.name(name)?;
    let folded = Folded::new(name.text);
    let order = folded.order_key();
    let mut says_more = false;
    let (mut shared, mut all) = (0.0, parts.iter().map(|part| part.weight).sum::<f32>());
    let mut reason = Reason::Words;
    let mut taken = vec![false; parts.len()];
    let mut before = "";
    for word in order.split(' ').filter(|word| std::mem::replace(&mut before, word) != *word) {
        let weight = weight(file, file.word(word).map_or(0, |word| word.count));
        all += weight;
        let alike = |part: &Part| Some(part.may_be.iter().find(|(other, _)| other == word)?.1);
        let partner = parts
            .iter()
            .enumerate()
            .filter(|&(at, _)| !taken[at])
            .filter_map(|(at, part)| Some((at, alike(part)?)))
            .max_by(|one, other| one.1.total_cmp(&other.1));
        if let Some((at, alike)) = partner {
            taken[at] = true;
            shared += alike * (weight + parts[at].weight);
            if alike < 1.0 {
                reason = Reason::Trigrams;
            }
        } else {
            says_more = true;
        }
    }
    let mut score = most * shared / all;
    let says_less = taken.contains(&false);
    let sure = query.folded.marks() == folded.marks()
        && !(says_more && (says_less || query.kind != Some(Kind::Substance)));
    if !sure {
        score = score.min(NOT_SURE);
    }
    let (code, preferred_name) = file.concept(name.concept)?;
    (score >= SHOWN).then_some(Found {
        code,
        name: preferred_name,
        reason,
        score,
        fits: true,
        preferred: name.preferred,
    })
}

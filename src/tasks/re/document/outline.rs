//! Where the codes of a document stand, and what that and a head's scores come to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::tasks::ner::ByteEntity;
use crate::tasks::re::document::weights::{Features, logit};
use crate::tasks::re::pairs::End;

/// Codes are not related whose nearest mentions are farther apart, in sentences.
const FARTHEST: usize = 8;

/// The codes that may stand at either end of a relation, and where they do.
pub(super) struct Outline<'a> {
    ends: [Vec<Concept<'a>>; 2],
    /// What two codes, indices into `ends`, have to do with each other.
    pairs: BTreeMap<(usize, usize), Nearness>,
}

/// A code and its mentions.
struct Concept<'a> {
    code: &'a str,
    /// Indices of entities, by place.
    mentions: Vec<usize>,
    /// Whether one of them is in the first sentence.
    opens: bool,
}

/// How near two codes are.
struct Nearness {
    /// The fewest sentences from a mention of one to a mention of the other; 0: they share one.
    distance: usize,
    /// The mentions in one sentence, as indices of entities.
    together: Vec<(usize, usize)>,
}

impl<'a> Outline<'a> {
    /// The outline of a text whose entities stand by place; `codes` has those of each.
    pub(super) fn new(
        sentences: &[Range<usize>],
        entities: &[ByteEntity],
        codes: &'a [Vec<String>],
        ends: [End<'_>; 2],
    ) -> Outline<'a> {
        let home = |entity: &ByteEntity| {
            let at = sentences.partition_point(|sentence| sentence.end <= entity.bytes.start);
            at.min(sentences.len().saturating_sub(1))
        };
        let home: Vec<usize> = entities.iter().map(home).collect();
        let ends = ends.map(|end| concepts(entities, &home, codes, end));
        let second = ends[1].iter().enumerate();
        let mut second: Vec<(usize, usize)> =
            second.flat_map(|(of, c)| c.mentions.iter().map(move |&at| (at, of))).collect();
        second.sort_unstable();
        let mut pairs = BTreeMap::new();
        for (of, concept) in ends[0].iter().enumerate() {
            for &at in &concept.mentions {
                let from = second.partition_point(|&(other, _)| home[other] + FARTHEST < home[at]);
                let near = second[from..].iter();
                let near = near.take_while(|&&(other, _)| home[other] <= home[at] + FARTHEST);
                for &(other, of_other) in near {
                    let distance = home[at].abs_diff(home[other]);
                    let first = || Nearness { distance, together: Vec::new() };
                    let pair: &mut Nearness = pairs.entry((of, of_other)).or_insert_with(first);
                    pair.distance = pair.distance.min(distance);
                    if distance == 0 {
                        pair.together.push((at, other));
                    }
                }
            }
        }
        Outline { ends, pairs }
    }

    /// Every two codes that may be related, with the probability that the document says so: by first, then by second
    /// code. `scores` says how likely it is that two entities in one sentence are related.
    pub(super) fn weigh(
        &self,
        scores: &BTreeMap<(usize, usize), f32>,
    ) -> Vec<(&'a str, &'a str, f32)> {
        let best = |pair: &Nearness| {
            let scores = pair.together.iter().filter_map(|mentions| scores.get(mentions).copied());
            scores.reduce(f32::max).map(logit)
        };
        let pairs: Vec<_> =
            self.pairs.iter().map(|(codes, pair)| (codes, pair, best(pair))).collect();
        let highest = pairs.iter().filter_map(|&(.., best)| best).reduce(f32::max);
        let mentions = |end: usize| self.ends[end].iter().map(|concept| concept.mentions.len());
        let most = mentions(0).max().unwrap_or_default() as f32;
        let all = mentions(1).sum::<usize>() as f32;
        let weigh = |(&(first, second), pair, best): (&(usize, usize), &Nearness, Option<f32>)| {
            let (first, second) = (&self.ends[0][first], &self.ends[1][second]);
            let features = Features {
                best,
                highest: highest.unwrap_or(logit(0.0)),
                distance: (pair.distance.max(1) as f32).ln(),
                opens: f32::from(first.opens),
                frequency: first.mentions.len() as f32 / most,
                share: second.mentions.len() as f32 / all,
                codes: [0, 1].map(|end| (self.ends[end].len() as f32).ln()),
            };
            (first.code, second.code, features.probability())
        };
        pairs.into_iter().map(weigh).collect()
    }
}

/// The codes of an end's entities, which are in the sentences `home`.
fn concepts<'a>(
    entities: &[ByteEntity],
    home: &[usize],
    codes: &'a [Vec<String>],
    end: End<'_>,
) -> Vec<Concept<'a>> {
    let mut concepts = BTreeMap::<&str, BTreeSet<usize>>::new();
    for (at, (entity, codes)) in entities.iter().zip(codes).enumerate() {
        if end.takes(&entity.label) {
            codes.iter().for_each(|code| _ = concepts.entry(code).or_default().insert(at));
        }
    }
    let concept = |(code, mentions): (_, BTreeSet<usize>)| Concept {
        code,
        opens: mentions.first().is_some_and(|&at| home[at] == 0),
        mentions: mentions.into_iter().collect(),
    };
    concepts.into_iter().map(concept).collect()
}

#[cfg(test)]
mod tests;

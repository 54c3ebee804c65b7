//! Where the codes of a document stand, and what that and a head's scores come to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::tasks::ner::ByteEntity;
use crate::tasks::re::document::weights::{Features, probability};
use crate::tasks::re::pairs::End;

/// How likely it is that two mentions are related, as a head says; the mentions are indices of entities.
pub(super) type Scores = BTreeMap<(usize, usize), f32>;

/// Of two codes that share no sentence, so many pairs of sentences are read.
const NEAREST: usize = 4;
/// Codes are not related whose nearest mentions are farther apart, in sentences.
const FARTHEST: usize = 8;

/// The codes that may stand at either end of a relation, and where they do.
pub(super) struct Outline<'a> {
    sentences: &'a [Range<usize>],
    /// The sentence of each entity.
    home: Vec<usize>,
    ends: [Vec<Concept<'a>>; 2],
    /// The mentions of two codes, which are indices into `ends`, that are near enough to each other.
    pairs: BTreeMap<(usize, usize), Vec<(usize, usize)>>,
}

/// A code and its mentions: indices of entities, by place.
struct Concept<'a> {
    code: &'a str,
    mentions: Vec<usize>,
}

impl<'a> Outline<'a> {
    /// The outline of a text whose entities stand by place; `codes` has those of each.
    pub(super) fn new(
        sentences: &'a [Range<usize>],
        entities: &[ByteEntity],
        codes: &'a [Vec<String>],
        ends: [End<'_>; 2],
    ) -> Outline<'a> {
        let home = |entity: &ByteEntity| {
            let at = sentences.partition_point(|sentence| sentence.end <= entity.bytes.start);
            at.min(sentences.len().saturating_sub(1))
        };
        let home: Vec<usize> = entities.iter().map(home).collect();
        let ends = ends.map(|end| concepts(entities, codes, end));
        let mut pairs = BTreeMap::<_, Vec<_>>::new();
        // The mentions of the second end, by place.
        let all = ends[1].iter().enumerate();
        let mut all: Vec<(usize, usize)> =
            all.flat_map(|(of, concept)| concept.mentions.iter().map(move |&at| (at, of))).collect();
        all.sort_unstable();
        for (first, concept) in ends[0].iter().enumerate() {
            for &mention in &concept.mentions {
                let before = |&(at, _): &(usize, usize)| home[at] + FARTHEST < home[mention];
                let near = all[all.partition_point(before)..].iter();
                let near = near.take_while(|(at, _)| home[*at] <= home[mention] + FARTHEST);
                for &(at, second) in near {
                    pairs.entry((first, second)).or_default().push((mention, at));
                }
            }
        }
        Outline { sentences, home, ends, pairs }
    }

    /// The sentence of an entity.
    pub(super) fn sentence(&self, entity: usize) -> &Range<usize> {
        &self.sentences[self.home[entity]]
    }

    /// The mentions that are to be read across sentences: of two codes that share none, those in the nearest ones.
    pub(super) fn apart(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let home = |&(first, second): &(usize, usize)| [self.home[first], self.home[second]];
        let alone = move |pairs: &&Vec<_>| pairs.iter().map(home).all(|[one, other]| one != other);
        self.pairs.values().filter(alone).flat_map(move |pairs| {
            let mut nearest = BTreeMap::new();
            for pair in pairs {
                let [one, other] = home(pair);
                nearest.entry((one.abs_diff(other), one + other, one)).or_insert(*pair);
            }
            nearest.into_values().take(NEAREST)
        })
    }

    /// Every two codes that may be related, with the probability that the document says so: by first, then by second
    /// code.
    pub(super) fn weigh(&self, scores: &Scores) -> Vec<(&'a str, &'a str, f32)> {
        todo!()
    }
}

/// The codes of an end's entities.
fn concepts<'a>(
    entities: &[ByteEntity],
    codes: &'a [Vec<String>],
    end: End<'_>,
) -> Vec<Concept<'a>> {
    let mut concepts = BTreeMap::<&str, BTreeSet<usize>>::new();
    for (at, entity) in entities.iter().enumerate().filter(|(_, e)| end.takes(&e.label)) {
        for code in codes.get(at).into_iter().flatten() {
            concepts.entry(code).or_default().insert(at);
        }
    }
    let concept = |(code, mentions): (_, BTreeSet<usize>)| Concept {
        code,
        mentions: mentions.into_iter().collect(),
    };
    concepts.into_iter().map(concept).collect()
}

//! How well entities are found with their codes, from the text alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Document, Link};
use crate::error::{Error, Result};
use crate::eval::EvalOptions;
use crate::eval::linked::linked;
use crate::eval::pairs::{PairScore, Tally};
use crate::eval::terms::{codes, systems};
use crate::heads::Task;
use crate::model::Model;
use crate::tasks::RunOptions;
use crate::tasks::merge::find_merged;
use crate::tasks::near;
use crate::tasks::ner::ByteEntity;
use crate::tasks::read::read;
use crate::terms::Linker;
use crate::text::OffsetUnit;

/// Documents that are handled between two calls of `progress`.
const GROUP: usize = 32;

/// The codes of a kind's entities, by place.
type Gold<'a> = BTreeMap<(usize, usize), BTreeSet<&'a str>>;

/// Finds entities in the texts of documents with the heads named, or the model's default ones, gives them codes, and
/// compares place and code with what the documents say; by kind.
///
/// What counts is an entity that has a code. One that was found is right if place and kind are those of one of the
/// document's, and all its codes, mostly one, are among those that people gave that one: of several codes any one is
/// enough. Kinds count that documents call their entities, as a head calls what it found or another head calls the
/// same. Code systems count as in [`link_scores`](super::link_scores).
///
/// `progress` is told how many documents are done.
///
/// # Errors
/// Those of [`link_scores`](super::link_scores); [`Error::NotFound`] for an unknown head, or a model without heads for
/// entities; [`Error::Argument`] for a head of another task, or a text that cannot be read; [`Error::Model`] for vectors of another model;
/// [`Error::Cancelled`].
pub fn raw_link_scores(
    model: &Model,
    heads: &[String],
    documents: &[Document],
    linker: &Linker,
    options: &EvalOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<BTreeMap<String, PairScore>> {
    let systems = systems(documents, linker)?;
    near::check(model, linker)?;
    let heads = model.heads_for(Task::Ner, heads)?;
    let cancel = Some(options.cancel.clone());
    let run = RunOptions { cancel, ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = run.control();
    let entities = documents.iter().flat_map(|document| &document.entities);
    let mut tallies: BTreeMap<&str, Tally> =
        entities.map(|entity| (&*entity.label, Tally::default())).collect();
    for (number, group) in documents.chunks(GROUP).enumerate() {
        let readings = group.iter().map(|d| read(model, d.text.as_str().into(), &run, &control));
        let readings = readings.collect::<Result<Vec<_>>>()?;
        for reading in &readings {
            reading.as_ref().map_err(|error| Error::Argument(error.to_string()))?;
        }
        let found = find_merged(model, &heads, None, &readings, &control)?;
        for (document, found) in group.iter().zip(&found) {
            let links = linked(model, &document.text, found, linker, &control)?;
            let counts = |link: &&Link| systems.contains(&link.system.to_lowercase());
            let given = links.iter().map(|links| codes(links.iter().filter(counts)).collect());
            let given: Vec<(&ByteEntity, Vec<&str>)> = found.entities.iter().zip(given).collect();
            for (kind, tally) in &mut tallies {
                compare(&gold(document, kind), kind, &given, tally);
            }
        }
        progress(number * GROUP + group.len());
    }
    Ok(tallies.into_iter().map(|(kind, tally)| (kind.into(), tally.score())).collect())
}

/// The entities of a kind that have codes.
fn gold<'a>(document: &'a Document, kind: &str) -> Gold<'a> {
    let mut gold = Gold::new();
    for entity in document.entities.iter().filter(|entity| *entity.label == *kind) {
        let codes: Vec<&str> = codes(entity.links.iter()).collect();
        if !codes.is_empty() {
            gold.entry((entity.bytes.start, entity.bytes.end)).or_default().extend(codes);
        }
    }
    gold
}

/// Counts what was found of a kind and given codes.
fn compare(gold: &Gold<'_>, kind: &str, given: &[(&ByteEntity, Vec<&str>)], tally: &mut Tally) {
    let is_called = |label: &str| label.eq_ignore_ascii_case(kind);
    let is = |entity: &ByteEntity| {
        is_called(&entity.label) || entity.also.iter().any(|also| is_called(&also.label))
    };
    tally.gold += gold.len();
    for (entity, codes) in given.iter().filter(|(entity, codes)| is(entity) && !codes.is_empty()) {
        tally.predicted += 1;
        let theirs = gold.get(&(entity.bytes.start, entity.bytes.end));
        let is_right = theirs.is_some_and(|theirs| codes.iter().all(|code| theirs.contains(code)));
        tally.correct += usize::from(is_right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Entity;
    use crate::tasks::ner::Also;

    #[test]
    fn place_kind_and_code_must_be_right() {
        let mut document = Document { text: "gout and asthma".into(), ..Document::default() };
        for (bytes, code) in [(0..4, Some("D1")), (0..4, Some("D2")), (9..15, None)] {
            let mut entity = Entity::new(bytes, "Disease".into());
            entity.links = code
                .map(|code| Link::given_by_file("MESH".into(), code.into()))
                .into_iter()
                .collect();
            document.entities.push(entity);
        }
        let gold = gold(&document, "Disease");
        assert_eq!(gold.len(), 1);
        let found = |bytes: std::ops::Range<usize>, label: &str, also: &str| ByteEntity {
            bytes,
            label: label.into(),
            head: "a".into(),
            score: 1.0,
            also: vec![Also { label: also.into(), head: "b".into(), score: 1.0 }],
        };
        let scored = |entity: ByteEntity, codes: &[&str]| {
            let mut tally = Tally::default();
            compare(&gold, "Disease", &[(&entity, codes.to_vec())], &mut tally);
            assert_eq!(tally.gold, 1);
            (tally.predicted, tally.correct)
        };
        assert_eq!(scored(found(0..4, "disease", "x"), &["D2"]), (1, 1));
        assert_eq!(scored(found(0..4, "Problem", "Disease"), &["D2", "D1"]), (1, 1));
        assert_eq!(scored(found(0..4, "Disease", "x"), &["D1", "D3"]), (1, 0));
        assert_eq!(scored(found(0..4, "Disease", "x"), &[]), (0, 0));
        assert_eq!(scored(found(0..4, "Problem", "x"), &["D1"]), (0, 0));
        assert_eq!(scored(found(0..3, "Disease", "x"), &["D1"]), (1, 0));
        assert_eq!(scored(found(9..15, "Disease", "x"), &["D1"]), (1, 0), "it has no code");
    }
}

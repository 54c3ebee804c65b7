//! How well a linker gives the codes that people gave.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::clinical::abbreviations::expansions;
use crate::document::{Document, Link};
use crate::error::{Error, Result};
use crate::eval::percent;
use crate::model::Model;
use crate::tasks::{RunOptions, near};
use crate::terms::Linker;
use crate::text::OffsetUnit;

/// How well the entities of a kind are given their codes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct LinkScore {
    /// Entities, those without a code among them.
    pub mentions: usize,
    /// Those that were given a code, all of whose codes people gave too.
    pub right: usize,
    /// Those that were given a code.
    pub given: usize,
    /// Of all, how many are right, in percent.
    pub accuracy: f64,
    /// Of those that were given a code, how many are right, in percent.
    pub precision: f64,
}

/// Links the entities of documents, whose places are known, and compares with the codes that they have; by kind.
///
/// Of an entity with several codes any one is right. An entity without a code counts among the mentions: whatever it is
/// given is wrong. Code systems count that the documents have codes of, upper and lower case being one. Short forms
/// stand for what their document says. A linker with vectors needs the `model` that made them.
///
/// # Errors
/// [`Error::Argument`] where no entity has a code, or none of a system that the linker has, or where a model is missing;
/// else as [`Model::link_near`].
pub fn link_scores(
    documents: &[Document],
    linker: &Linker,
    model: Option<&Model>,
) -> Result<BTreeMap<String, LinkScore>> {
    let systems = systems(documents, linker)?;
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let model = model.filter(|_| linker.has_vectors());
    if model.is_none() && linker.has_vectors() {
        return Err(Error::Argument("vectors need their model".into()));
    }
    model.map(|model| near::check(model, linker)).transpose()?;
    let mut scores: BTreeMap<String, LinkScore> = BTreeMap::new();
    for document in documents {
        let mut bare = document.entities.clone();
        let home: Vec<_> = bare.iter().map(|entity| entity.section).collect();
        let long = expansions(&document.text, &document.sections, &bare, &home, &|| Ok(()))?;
        for (entity, long) in bare.iter_mut().zip(long) {
            entity.links.clear();
            entity.expansion = entity.expansion.take().or(long);
        }
        let mut found = linker.link_document(&document.text, &document.sections, &bare);
        if let Some(model) = model {
            let mut unlinked = linker.unlinked_of(&document.text, &bare, &mut found);
            near::complete(model, linker, &mut unlinked, &options.control())?;
        }
        for (entity, found) in document.entities.iter().zip(found) {
            let counts = |link: &&Link| systems.contains(&link.system.to_lowercase());
            let given: Vec<&str> = codes(found.iter().filter(counts)).collect();
            let gold: Vec<&str> = codes(entity.links.iter()).collect();
            let score = scores.entry(entity.label.to_string()).or_default();
            score.mentions += 1;
            score.given += usize::from(!given.is_empty());
            let right = !given.is_empty() && given.iter().all(|code| gold.contains(code));
            score.right += usize::from(right);
        }
    }
    for score in scores.values_mut() {
        score.accuracy = percent(score.right, score.mentions);
        score.precision = percent(score.right, score.given);
    }
    Ok(scores)
}

/// The code systems of the documents, in small letters.
pub(super) fn systems(documents: &[Document], linker: &Linker) -> Result<BTreeSet<String>> {
    let entities = documents.iter().flat_map(|document| &document.entities);
    let theirs: BTreeSet<&str> =
        entities.flat_map(|entity| &entity.links).map(|link| &*link.system).collect();
    let systems: BTreeSet<String> = theirs.iter().map(|system| system.to_lowercase()).collect();
    if systems.is_empty() {
        return Err(Error::Argument("no entity of the data has a code".into()));
    }
    if !linker.systems().any(|system| systems.contains(&system.to_lowercase())) {
        let theirs = theirs.into_iter().collect::<Vec<_>>().join(", ");
        let ours = linker.systems().collect::<Vec<_>>().join(", ");
        let reason = format!("the data have codes of {theirs}, the indices of {ours}");
        return Err(Error::Argument(reason));
    }
    Ok(systems)
}

/// The codes that links give.
pub(super) fn codes<'a>(links: impl Iterator<Item = &'a Link>) -> impl Iterator<Item = &'a str> {
    links.filter_map(|link| Some(link.given()?.code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Entity;
    use crate::terms::{Builder, Concept, Terms, TermsInfo};

    #[test]
    fn what_is_given_is_right_if_people_gave_it_too() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("some.terms");
        let info = TermsInfo { system: "MeSH".into(), ..TermsInfo::default() };
        let mut builder = Builder::new(info);
        for (code, name) in [("D1", "asthma"), ("D2", "gout"), ("D3", "heart failure")] {
            let (code, name) = (code.into(), name.into());
            builder.add(Concept { code, name, synonyms: Vec::new() }).unwrap();
        }
        builder.write(&path).unwrap();
        let linker = Linker::new(&[Terms::open(&path).unwrap()]);
        let text = "asthma, gout, heart failure (HF), rash, HF";
        let entity = |start: usize, words: &str, codes: &[&str]| {
            let mut entity = Entity::new(start..start + words.len(), "Disease".into());
            assert_eq!(&text[entity.bytes.clone()], words);
            let link = |code: &&str| Link::given_by_file("MESH".into(), (*code).into());
            entity.links = codes.iter().map(link).collect();
            entity
        };
        let entities = vec![
            entity(0, "asthma", &["D1", "D9"]),
            entity(8, "gout", &[]),
            entity(14, "heart failure", &["D3"]),
            entity(34, "rash", &["D4"]),
            entity(40, "HF", &["D3"]),
        ];
        let document = Document { text: text.into(), entities, ..Document::default() };
        let scores = link_scores(std::slice::from_ref(&document), &linker, None).unwrap();
        let expected =
            LinkScore { mentions: 5, right: 3, given: 4, accuracy: 60.0, precision: 75.0 };
        assert_eq!(scores["Disease"], expected);
        assert!(link_scores(&[Document::default()], &linker, None).is_err(), "no codes");
        let told = link_scores(&[document], &Linker::new(&[]), None).unwrap_err().to_string();
        assert!(told.contains("the data have codes of MESH, the indices of"), "{told}");
    }
}

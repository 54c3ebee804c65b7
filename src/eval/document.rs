//! Relations between codes that documents state as a whole: right if both codes are, wherever they stand.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::document::{CodeRelation, Document, Entity, Link};
use crate::error::{Error, Result};
use crate::eval::linked::linked;
use crate::eval::pairs::{PairScore, Tally};
use crate::eval::terms::systems;
use crate::eval::{EvalOptions, Evaluator};
use crate::heads::Task;
use crate::model::Model;
use crate::tasks::merge::find_merged;
use crate::tasks::near;
use crate::tasks::ner::{ByteEntity, Found};
use crate::tasks::re::document::code_relations;
use crate::tasks::re::judge;
use crate::tasks::read::{Reading, read};
use crate::terms::Linker;

/// Documents that are handled between two calls of `progress`.
const GROUP: usize = 32;

/// The codes of each entity of a document.
type Codes = Vec<Vec<String>>;

/// How well relations between codes are found.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DocumentEvaluation {
    /// With the entities and codes of the documents.
    pub gold: PairScore,
    /// From the text alone: the model's heads find the entities, a linker their codes. `None` without a linker.
    pub raw: Option<PairScore>,
}

/// Measures a head on documents whose relations between codes are known. Those count that are called as the head is,
/// in capitals or small letters: `CID` for a head `cid`. Of what the linker gives, the code systems count in which
/// the documents' own codes are.
///
/// `progress` is told how many documents are done.
///
/// # Errors
/// [`Error::NotFound`] for an unknown head, or a model without heads for its entities; [`Error::Unsupported`] for a
/// head that does not tell related from unrelated; [`Error::Argument`] for documents without such a relation, and for a
/// linker of none of their code systems; [`Error::Cancelled`].
pub fn evaluate_documents(
    model: &Model,
    head: &str,
    documents: &[Document],
    linker: Option<&Linker>,
    options: &EvalOptions,
    progress: &mut dyn FnMut(usize),
) -> Result<DocumentEvaluation> {
    let evaluator = Evaluator::new(model, model.head(head)?.clone(), options);
    if evaluator.head.spec.task() != Task::Re {
        return Err(Error::Argument(format!("the head {head} does not find relations")));
    }
    evaluator.documents(documents, linker, progress)
}

impl Evaluator<'_> {
    fn documents(
        &self,
        documents: &[Document],
        linker: Option<&Linker>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<DocumentEvaluation> {
        let counted = documents.iter().flat_map(|document| &document.code_relations);
        if counted.filter(|relation| self.counts(relation)).count() == 0 {
            let name = self.head.name.to_uppercase();
            return Err(Error::Argument(format!("no document states a relation {name} of codes")));
        }
        let systems = linker.map(|linker| systems(documents, linker)).transpose()?;
        let (mut gold, mut raw) = (Tally::default(), Tally::default());
        for (number, group) in documents.chunks(GROUP).enumerate() {
            let readings = group.iter().map(|document| {
                read(self.model, document.text.as_str().into(), &self.options, &self.control)
            });
            let readings = readings.collect::<Result<Vec<_>>>()?;
            // A text that cannot be read has no entities that one could say something of.
            for reading in &readings {
                reading.as_ref().map_err(|error| Error::Argument(error.to_string()))?;
            }
            let (found, codes) = group.iter().map(given).unzip();
            self.tally(group, &readings, found, codes, &mut gold)?;
            if let Some((linker, systems)) = linker.zip(systems.as_ref()) {
                let (found, codes) = self.found(&readings, linker, systems)?;
                self.tally(group, &readings, found, codes, &mut raw)?;
            }
            progress(number * GROUP + group.len());
        }
        Ok(DocumentEvaluation { gold: gold.score(), raw: linker.map(|_| raw.score()) })
    }

    /// Whether a document's relation is one that the head is to find.
    fn counts(&self, relation: &CodeRelation) -> bool {
        relation.label.eq_ignore_ascii_case(&self.head.name)
    }

    fn tally(
        &self,
        documents: &[Document],
        readings: &[Result<Reading<'_>>],
        found: Vec<Found>,
        codes: Vec<Codes>,
        tally: &mut Tally,
    ) -> Result<()> {
        let head = std::slice::from_ref(&self.head);
        let judged = judge(self.model, head, readings, &found, true, usize::MAX, &self.control)?;
        let all = documents.iter().zip(readings).zip(&found).zip(&codes).zip(&judged);
        for ((((document, reading), found), codes), (judged, _)) in all {
            let sentences = reading.as_ref().map_or(&[][..], Reading::byte_sentences);
            let told = code_relations(&self.head, sentences, &found.entities, codes, judged)?;
            let right = document.code_relations.iter().filter(|relation| self.counts(relation));
            tally.add(pairs(right), pairs(&told));
        }
        Ok(())
    }

    /// What the model's heads and a linker find.
    fn found(
        &self,
        readings: &[Result<Reading<'_>>],
        linker: &Linker,
        systems: &BTreeSet<String>,
    ) -> Result<(Vec<Found>, Vec<Codes>)> {
        let finders = self.model.finders(&mut vec![self.head.clone()], true, &[])?;
        let found = find_merged(self.model, &finders, None, readings, &self.control)?;
        near::check(self.model, linker)?;
        let codes = readings.iter().zip(&found).map(|(reading, found)| {
            let text = reading.as_ref().map_or("", |reading| reading.text.as_str());
            let counted = |links: Vec<Link>| {
                let links =
                    links.into_iter().filter(|link| systems.contains(&link.system.to_lowercase()));
                links.filter_map(|link| Some(link.given()?.code.clone())).collect()
            };
            Ok(linked(self.model, text, found, linker, &self.control)?
                .into_iter()
                .map(counted)
                .collect())
        });
        let codes = codes.collect::<Result<_>>()?;
        Ok((found, codes))
    }
}

/// The entities that a document has, in the order that results have, and their codes.
fn given(document: &Document) -> (Found, Codes) {
    let mut entities: Vec<&Entity> = document.entities.iter().collect();
    entities.sort_by_key(|entity| (entity.bytes.start, std::cmp::Reverse(entity.bytes.end)));
    let codes = entities.iter().map(|entity| {
        let links = entity.links.iter().filter_map(Link::given);
        links.map(|candidate| candidate.code.clone()).collect()
    });
    let codes = codes.collect();
    let entity = |entity: &Entity| ByteEntity {
        bytes: entity.bytes.clone(),
        label: entity.label.clone(),
        head: "".into(),
        score: 1.0,
        also: Vec::new(),
    };
    let entities = entities.into_iter().map(entity).collect();
    (Found { entities, ..Found::default() }, codes)
}

/// The two codes of each relation.
fn pairs<'a>(
    relations: impl IntoIterator<Item = &'a CodeRelation>,
) -> BTreeSet<(&'a str, &'a str)> {
    relations.into_iter().map(|relation| (&*relation.first, &*relation.second)).collect()
}

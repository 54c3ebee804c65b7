//! What a format cannot hold of a document is counted.

use crate::data::write::Losses;
use crate::document::{Code, Document, Entity};

/// Counts what was lost, unless it is none.
pub(super) fn lose(losses: &mut Losses, what: &'static str, count: usize) {
    if count > 0 {
        *losses.entry(what).or_default() += count as u64;
    }
}

/// Counts what formats of findings alone have no place for.
pub(super) fn lose_all_but_entities(document: &Document, losses: &mut Losses) {
    let all = [
        ("relations", document.relations.len()),
        ("relations between codes", document.code_relations.len()),
        ("passages", document.passages.len()),
        ("questions", document.questions.len()),
        ("labels of documents", usize::from(document.label.is_some())),
        ("second texts", usize::from(document.second.is_some())),
    ];
    for (what, count) in all {
        lose(losses, what, count);
    }
}

/// What the document with this number, from 1, is called where it has no name that the format takes: a number
/// above those that papers and most notes have, so that it is nobody else's.
pub(super) fn running_number(count: usize) -> String {
    (900_000_000 + count).to_string()
}

/// What a format holds beside text, entities and their kinds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holds {
    pub(super) pieces: bool,
    pub(super) entity_ids: bool,
    pub(super) scores: bool,
    pub(super) heads: bool,
    pub(super) assertions: bool,
    /// Where the words are that an assertion rests on, and how sure it is.
    pub(super) cues: bool,
    pub(super) expansions: bool,
    pub(super) attributes: bool,
    pub(super) candidates: bool,
    pub(super) sections: bool,
    pub(super) passages: bool,
    pub(super) relations: bool,
    pub(super) code_relations: bool,
    pub(super) provenance: bool,
    pub(super) words: bool,
}

impl Holds {
    /// All of it but words.
    pub(super) const ALL: Holds = Holds {
        pieces: true,
        entity_ids: true,
        scores: true,
        heads: true,
        assertions: true,
        cues: true,
        expansions: true,
        attributes: true,
        candidates: true,
        sections: true,
        passages: true,
        relations: true,
        code_relations: true,
        provenance: true,
        words: false,
    };

    /// None of it.
    pub(super) const NONE: Holds = Holds {
        pieces: false,
        entity_ids: false,
        scores: false,
        heads: false,
        assertions: false,
        cues: false,
        expansions: false,
        attributes: false,
        candidates: false,
        sections: false,
        passages: false,
        relations: false,
        code_relations: false,
        provenance: false,
        words: false,
    };

    /// Counts what a document has that the format does not hold. No format counted here holds classes,
    /// questions, second texts and what other heads say.
    pub(super) fn count(&self, document: &Document, losses: &mut Losses) {
        let entities = |has: fn(&Entity) -> bool| {
            document.entities.iter().filter(|entity| has(entity)).count()
        };
        let scores = |document: &Document| {
            let relations = document.relations.iter().map(|relation| relation.score);
            let codes = document.code_relations.iter().map(|relation| relation.score);
            let entities = document.entities.iter().map(|entity| entity.score);
            let relations = relations.filter(|_| self.relations);
            let codes = codes.filter(|_| self.code_relations);
            entities.chain(relations).chain(codes).flatten().count()
        };
        let attributes = document.entities.iter().map(|entity| entity.attributes.len()).sum();
        let of_relations =
            document.relations.iter().filter(|relation| relation.assertion.is_some()).count();
        let mut lose = |held: bool, what, count| {
            if !held {
                lose(losses, what, count);
            }
        };
        lose(self.pieces, "pieces", entities(|entity| !entity.pieces.is_empty()));
        lose(self.entity_ids, "entity ids", entities(|entity| entity.id.is_some()));
        lose(self.scores, "scores", scores(document));
        lose(self.heads, "heads", entities(|entity| entity.head.is_some()));
        lose(self.assertions, "assertions", entities(|entity| entity.assertion.is_some()));
        lose(self.assertions || !self.relations, "assertions", of_relations);
        let cues = entities(|entity| entity.assertion.as_ref().is_some_and(|of| of.cue.is_some()));
        lose(self.cues || !self.assertions, "cues", cues);
        let unsure = |entity: &Entity| entity.assertion.as_ref().is_some_and(|of| of.score != 1.0);
        lose(self.cues || !self.assertions, "scores", entities(unsure));
        lose(self.expansions, "expansions", entities(|entity| entity.expansion.is_some()));
        lose(self.attributes, "attributes", attributes);
        lose(self.candidates, "candidates", candidates(document));
        lose(self.sections, "sections", document.sections.len());
        lose(self.passages, "passages", document.passages.len());
        lose(self.relations, "relations", document.relations.len());
        lose(self.code_relations, "code relations", document.code_relations.len());
        lose(self.provenance, "provenance", document.provenance.iter().len());
        let also = document.entities.iter().map(|entity| entity.also.len()).sum();
        lose(false, "labels of other heads", also);
        let heads = document.relations.iter().filter(|relation| relation.head.is_some()).count();
        lose(self.heads || !self.relations, "heads", heads);
        lose(false, "marks of what was left out", usize::from(document.truncated));
        lose(self.words, "words", document.words.as_ref().map_or(0, Vec::len));
        lose(false, "classes", document.label.iter().len());
        lose(false, "second texts", document.second.iter().len());
        lose(false, "questions", document.questions.len());
    }
}

/// Links of which more is known than the code that is given.
fn candidates(document: &Document) -> usize {
    let links = document.entities.iter().flat_map(|entity| &entity.links);
    let bare = |candidate: &Code| {
        candidate.name.is_none() && candidate.score.is_none() && candidate.reason.is_none()
    };
    links
        .filter(|link| match &link.candidates[..] {
            [one] => link.abstention.is_some() || !bare(one),
            _ => true,
        })
        .count()
}

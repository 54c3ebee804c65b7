//! Relations: between two entities, whose ids are those of the nodes; or between two codes, which are infons.

use std::collections::HashMap;

use super::model::{BiocRelation, Infons, Node};
use crate::data::codes::bare;
use crate::data::place::label;
use crate::document::{AssertionValue, CodeRelation, Document, Relation};
use crate::error::{Error, Result};

/// The keys of two codes: of the chemical-disease corpus, of PubTator, and of BioRED.
const PAIRS: [[&str; 2]; 3] = [["Chemical", "Disease"], ["role1", "role2"], ["entity1", "entity2"]];

/// Adds a relation to a document. `by_id`: the entities.
pub(super) fn read(
    from: &BiocRelation,
    index: usize,
    by_id: &HashMap<&str, usize>,
    document: &mut Document,
) -> Result<()> {
    let what = format!("relation {index}");
    let wrong = |reason: &str| Error::Argument(format!("{what} {reason}"));
    let infons = &from.infons;
    let kind = infons.get("relation").or_else(|| infons.get("type")).unwrap_or_default();
    let kind = label(kind, &what)?;
    let score = infons.get("score").and_then(|score| score.trim().parse().ok());
    let score = score.filter(|score| (0.0..=1.0).contains(score));
    let pair = PAIRS.iter().find_map(|[one, other]| infons.get(one).zip(infons.get(other)));
    if let Some((first, second)) = pair {
        let [first, second] = [first, second].map(code);
        document.code_relations.push(CodeRelation { first, second, label: kind, score });
        return Ok(());
    }
    let [one, other] = &from.nodes[..] else {
        return Err(wrong("is not between two entities or two codes; others are not read"));
    };
    let swapped = one.role == "second" && other.role == "first";
    let (one, other) = if swapped { (other, one) } else { (one, other) };
    let entity = |node: &Node| {
        by_id
            .get(node.refid.as_str())
            .copied()
            .ok_or_else(|| wrong("is of an entity that is not there"))
    };
    let mut relation = Relation::new(entity(one)?, entity(other)?, kind);
    relation.score = score;
    if let Some(value) = infons.get("assertion") {
        let value = AssertionValue::parse(value);
        relation.assertion =
            Some(value.ok_or_else(|| wrong("has an infon `assertion` that is not known"))?);
    }
    document.relations.push(relation);
    Ok(())
}

/// A code, without the kind of its entity that PubTator puts before it: `Disease|MESH:D003693`.
fn code(told: &str) -> String {
    bare(told.rsplit_once('|').map_or(told, |(_, code)| code).trim()).into()
}

/// The relations of a document. `ids`: what its entities are called.
pub(super) fn write(document: &Document, ids: &[String]) -> Vec<BiocRelation> {
    let mut relations = Vec::new();
    for relation in &document.relations {
        let mut infons = Infons::default();
        infons.add("type", &relation.label);
        if let Some(score) = relation.score {
            infons.add("score", score.to_string());
        }
        if let Some(assertion) = relation.assertion {
            infons.add("assertion", assertion.name());
        }
        let node = |index: usize, role: &str| Node { refid: ids[index].clone(), role: role.into() };
        let nodes = vec![node(relation.first, "first"), node(relation.second, "second")];
        relations.push(BiocRelation { id: format!("R{}", relations.len()), infons, nodes });
    }
    for relation in &document.code_relations {
        let mut infons = Infons::default();
        let keys = if relation.label == "CID" { PAIRS[0] } else { PAIRS[1] };
        infons.add("relation", &relation.label);
        infons.add(keys[0], &relation.first);
        infons.add(keys[1], &relation.second);
        if let Some(score) = relation.score {
            infons.add("score", score.to_string());
        }
        relations.push(BiocRelation {
            id: format!("R{}", relations.len()),
            infons,
            nodes: Vec::new(),
        });
    }
    relations
}

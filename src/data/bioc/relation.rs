//! Relations: between two entities, whose ids are those of the nodes; or between two codes, which are infons.

use std::collections::HashMap;
use std::sync::Arc;

use super::model::{BiocRelation, Infons, Node};
use crate::data::codes::bare;
use crate::data::losses::lose;
use crate::data::place::label;
use crate::data::write::Losses;
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
    let pair =
        PAIRS.iter().find_map(|keys| Some((keys, infons.get(keys[0])?, infons.get(keys[1])?)));
    if let Some((keys, first, second)) = pair {
        let of_pubtator = keys[0] == "role1";
        let code = |told| bare(if of_pubtator { without_kind(told) } else { told }.trim());
        let [first, second] = [first, second].map(|told| code(told).to_string());
        if first.is_empty() || second.is_empty() {
            return Err(wrong("is without its two codes"));
        }
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
    relation.head = infons.get("head").filter(|head| !head.trim().is_empty()).map(Arc::from);
    // What this library writes: the label of which the type is the words, or the head.
    if let Some(own) = infons.get("label").filter(|own| !own.trim().is_empty()) {
        let words = std::mem::replace(&mut relation.label, own.to_string());
        relation.text =
            Some(Arc::from(words)).filter(|words| relation.head.as_ref() != Some(words));
    }
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
fn without_kind(told: &str) -> &str {
    let is_kind =
        |kind: &str| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    let kind = told.split_once('|').filter(|(kind, _)| is_kind(kind));
    kind.map_or(told, |(_, code)| code)
}

/// The relations of a document. `ids`: what its entities are called.
pub(super) fn write(document: &Document, ids: &[String], losses: &mut Losses) -> Vec<BiocRelation> {
    let mut relations = Vec::new();
    for relation in &document.relations {
        let mut infons = Infons::default();
        infons.add("type", relation.name());
        if relation.name() != relation.label {
            infons.add("label", &relation.label);
        }
        if let Some(head) = &relation.head {
            infons.add("head", &**head);
        }
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
        if [&relation.first, &relation.second, &relation.label]
            .iter()
            .any(|text| bare(text.trim()).is_empty())
        {
            lose(losses, "code relations", 1);
            continue;
        }
        let mut infons = Infons::default();
        let keys = if relation.label == "CID" { PAIRS[0] } else { PAIRS[2] };
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

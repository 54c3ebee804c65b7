//! An entity of a line, with all that is said of it.

use std::sync::Arc;

use crate::data::json::Node;
use crate::data::lines::read::Reader;
use crate::data::place::label;
use crate::document::{
    Abstention, Also, Assertion, AssertionCategory, Attribute, AttributeKind, Code, Entity, Link,
    Reason, comparator,
};
use crate::error::Result;

impl Reader<'_, '_> {
    pub(super) fn entity(&self, node: &Node<'_>, what: &str) -> Result<Entity> {
        let json = self.json;
        let bytes = self.place(node, what)?;
        let label = label(json.text(node, "label")?, what)?.into();
        Ok(Entity {
            pieces: self.each(node, "pieces", |node, _| self.stretch(node))?,
            id: json.may_text(node, "id")?.map(String::from),
            score: json.may_number(node, "score")?,
            head: json.may_text(node, "head")?.map(Arc::from),
            also: self.each(node, "also", |node, _| self.also(node))?,
            section: json.may_offset(node, "section")?,
            assertion: self.assertion(node)?,
            expansion: json.may_text(node, "expansion")?.map(String::from),
            attributes: self.each(node, "attributes", |node, name| {
                self.attribute(node, &format!("{what}.{name}"))
            })?,
            links: self.each(node, "codes", |node, _| self.link(node))?,
            ..Entity::new(bytes, label)
        })
    }

    fn also(&self, node: &Node<'_>) -> Result<Also> {
        let json = self.json;
        let score = json.need(node, "score").and_then(|_| json.may_number(node, "score"))?;
        let (label, head) = (json.text(node, "label")?.into(), json.text(node, "head")?.into());
        Ok(Also { label, head, score: score.unwrap_or_default() })
    }

    /// A value, or an object with the value, why, how sure and by which words.
    fn assertion(&self, entity: &Node<'_>) -> Result<Option<Assertion>> {
        let json = self.json;
        let Some(value) = json.assertion(entity)? else { return Ok(None) };
        let mut assertion = Assertion::new(value);
        if let Some(node) = json.find(entity, "assertion")?.filter(|node| node.is_object()) {
            assertion.category = json.may_name(node, "category", AssertionCategory::parse)?;
            assertion.score = json.may_number(node, "score")?.unwrap_or(assertion.score);
            let cue = json.find(node, "cue")?;
            assertion.cue = cue.map(|cue| self.place(cue, "the cue")).transpose()?;
        }
        Ok(Some(assertion))
    }

    fn attribute(&self, node: &Node<'_>, what: &str) -> Result<Attribute> {
        let json = self.json;
        let place = self.place(node, what)?;
        let kind = json.may_name(node, "kind", AttributeKind::parse)?;
        let step = json.may_offset(node, "step")?.unwrap_or_default();
        Ok(Attribute {
            kind: kind.ok_or_else(|| json.wrong(node, "an attribute without `kind`"))?,
            place,
            low: json.may_number(node, "low")?,
            high: json.may_number(node, "high")?,
            comparator: json.may_name(node, "comparator", comparator)?,
            unit: json.may_text(node, "unit")?.map(String::from),
            step: step.try_into().map_err(|_| json.wrong(node, "a `step` too large"))?,
            parsed: json.may_flag(node, "parsed")?.unwrap_or(true),
        })
    }

    /// With all candidates, or with one code that somebody gives.
    fn link(&self, node: &Node<'_>) -> Result<Link> {
        let json = self.json;
        let code = json.may_text(node, "code")?;
        let abstention = json.may_name(node, "abstention", Abstention::parse)?;
        let mut candidates = self
            .each(node, "candidates", |node, _| self.candidate(node, json.text(node, "code")?))?;
        match code {
            Some(code) if candidates.is_empty() => candidates.push(self.candidate(node, code)?),
            Some(code) if candidates[0].code != code => {
                return Err(json.wrong(node, "a `code` that is not that of its first candidate"));
            }
            _ => {}
        }
        if code.is_some() == abstention.is_some() {
            return Err(json.wrong(node, "neither or both of `code` and `abstention`"));
        }
        Ok(Link { system: json.text(node, "system")?.into(), candidates, abstention })
    }

    fn candidate(&self, node: &Node<'_>, code: &str) -> Result<Code> {
        let json = self.json;
        Ok(Code {
            code: code.to_string(),
            name: json.may_text(node, "name")?.map(String::from),
            score: json.may_number(node, "score")?,
            reason: json.may_name(node, "reason", Reason::parse)?,
        })
    }
}

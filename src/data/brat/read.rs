//! Reads BRAT's standoff annotations: `T` lines are entities, `R` lines relations; of `A`, `#` and `N`
//! lines what this library writes, and `N` lines with any code. Events, modifications and equivalences are
//! passed over.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::note::{ASSERTION, CATEGORY, CODES, codes};
use crate::data::flat::flat;
use crate::data::losses::lose;
use crate::data::place::{check_text, label, place};
use crate::data::told::Told;
use crate::document::{
    Assertion, AssertionCategory, AssertionValue, Document, Entity, Link, Relation,
};
use crate::error::{Error, Result};
use crate::text::{OffsetUnit, Offsets, Text};

/// The document of a text and its annotations.
pub(super) fn document(text: &str, notes: &[u8], told: &mut Told<'_>) -> Result<Document> {
    let text = check_text(text.into())?;
    let offsets = text.offsets(OffsetUnit::UnicodeScalars);
    let lines: Vec<&[u8]> = notes.split(|byte| *byte == b'\n').collect();
    let mut reader = Reader {
        text: &text,
        offsets: &offsets,
        document: Document::default(),
        entities: HashMap::new(),
        relations: HashMap::new(),
        asserted: HashSet::new(),
    };
    // What refers to entities and relations may stand before them.
    for step in [Step::Entities, Step::Relations, Step::Rest] {
        for (index, line) in lines.iter().enumerate() {
            told.line = index + 1;
            let line = std::str::from_utf8(line).map_err(|_| wrong("not UTF-8"))?;
            let line = line.strip_suffix('\r').unwrap_or(line);
            if !line.trim().is_empty() {
                reader.line(line, step)?;
            }
        }
    }
    Ok(reader.document)
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Entities,
    Relations,
    Rest,
}

fn wrong(reason: &str) -> Error {
    Error::Argument(reason.into())
}

struct Reader<'a> {
    text: &'a Text<'a>,
    offsets: &'a Offsets<'a>,
    document: Document,
    /// Indices by id.
    entities: HashMap<String, usize>,
    relations: HashMap<String, usize>,
    /// What was said already, and of which entity.
    asserted: HashSet<(String, String)>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, step: Step) -> Result<()> {
        let mut columns = line.splitn(3, '\t');
        let id = columns.next().unwrap_or_default();
        let fields = columns.next().unwrap_or_default();
        let rest = columns.next();
        match (id.chars().next(), step) {
            (Some('T'), Step::Entities) => self.entity(id, fields, rest),
            (Some('R'), Step::Relations) => self.relation(id, fields),
            (Some('A'), Step::Rest) => self.attribute(fields),
            (Some('N'), Step::Rest) => self.normalization(fields, rest),
            (Some('#'), Step::Rest) => self.note(fields, rest),
            (Some('E'), Step::Rest) => self.pass_over("events"),
            (Some('M'), Step::Rest) => self.pass_over("modifications"),
            (Some('*'), Step::Rest) => self.pass_over("equivalences"),
            (Some('T' | 'R' | 'A' | 'N' | '#' | 'E' | 'M' | '*'), _) => Ok(()),
            _ => Err(wrong("a line that is none of BRAT's")),
        }
    }

    fn pass_over(&mut self, what: &'static str) -> Result<()> {
        lose(&mut self.document.passed_over, what, 1);
        Ok(())
    }

    /// `T1`, a kind with places, the words.
    fn entity(&mut self, id: &str, fields: &str, mention: Option<&str>) -> Result<()> {
        let what = "the entity";
        let (kind, places) =
            fields.split_once(' ').ok_or_else(|| wrong("an entity without kind and place"))?;
        let mut pieces = Vec::new();
        for piece in places.split(';') {
            let numbers = piece.trim().split_once(' ');
            let number = |text: &str| text.trim().parse::<usize>().ok();
            let range = numbers.and_then(|(start, end)| Some(number(start)?..number(end)?));
            let range = range.ok_or_else(|| wrong("a place that is not two numbers"))?;
            pieces.push(place(self.text, self.offsets, range, what)?);
        }
        self.expect(&pieces, mention)?;
        pieces.sort_by_key(|piece| piece.start);
        if !pieces.is_sorted_by(|one, next| one.end <= next.start) {
            return Err(wrong("the entity has pieces that overlap"));
        }
        let bytes = pieces[0].start..pieces[pieces.len() - 1].end;
        if pieces.len() == 1 {
            pieces.clear();
        }
        let index = self.document.entities.len();
        if self.entities.insert(id.into(), index).is_some() {
            return Err(wrong("an id that is there twice"));
        }
        let entity = Entity::new(bytes, label(kind, what)?.into());
        self.document.entities.push(Entity { pieces, id: Some(id.into()), ..entity });
        Ok(())
    }

    /// Refuses an entity whose words are not those at its places, with a blank between them.
    fn expect(&self, pieces: &[Range<usize>], mention: Option<&str>) -> Result<()> {
        let pieces: Vec<&str> =
            pieces.iter().map(|piece| &self.text.as_str()[piece.clone()]).collect();
        if mention.is_some_and(|mention| flat(mention) != flat(&pieces.join(" "))) {
            let reason = "the text of the entity does not stand at its place; do its offsets count something else?";
            return Err(wrong(reason));
        }
        Ok(())
    }

    /// A kind, then a role and an entity, twice.
    fn relation(&mut self, id: &str, fields: &str) -> Result<()> {
        let mut fields = fields.split_whitespace();
        let kind = label(fields.next().unwrap_or_default(), "the relation")?;
        let mut entity = || {
            let (_, id) = fields.next().and_then(|field| field.split_once(':'))?;
            self.entities.get(id).copied()
        };
        let pair = entity().and_then(|first| Some((first, entity()?)));
        let (first, second) = pair.ok_or_else(|| wrong("a relation without its two entities"))?;
        self.relations.insert(id.into(), self.document.relations.len());
        self.document.relations.push(Relation::new(first, second, kind));
        Ok(())
    }

    /// A name, what it is said of, a value.
    fn attribute(&mut self, fields: &str) -> Result<()> {
        let mut fields = fields.split_whitespace();
        let (name, id, value) = (fields.next(), fields.next(), fields.next());
        let (Some(name), Some(id), Some(value)) = (name, id, value) else {
            return self.pass_over("attributes");
        };
        let unknown = || wrong("an assertion that is not known");
        match name {
            ASSERTION => {
                let value = AssertionValue::parse(value).ok_or_else(unknown)?;
                if let Some(&index) = self.relations.get(id) {
                    if self.document.relations[index].assertion.replace(value).is_some() {
                        return Err(wrong("two assertions of one relation"));
                    }
                } else {
                    self.once(name, id)?;
                    self.assertion(id, |assertion| assertion.value = value)?;
                }
            }
            CATEGORY => {
                let category = AssertionCategory::parse(value).ok_or_else(unknown)?;
                self.once(name, id)?;
                self.assertion(id, |assertion| assertion.category = Some(category))?;
            }
            _ => self.pass_over("attributes")?,
        }
        Ok(())
    }

    /// Refuses what was said of an entity already: which is right is not known.
    fn once(&mut self, name: &str, id: &str) -> Result<()> {
        match self.asserted.insert((name.into(), id.into())) {
            true => Ok(()),
            false => Err(wrong("two assertions of one entity")),
        }
    }

    fn assertion(&mut self, id: &str, change: impl FnOnce(&mut Assertion)) -> Result<()> {
        let entity = self.find(id).ok_or_else(|| wrong("an attribute of what is not there"))?;
        change(entity.assertion.get_or_insert(Assertion::new(AssertionValue::Present)));
        Ok(())
    }

    fn find(&mut self, id: &str) -> Option<&mut Entity> {
        let index = *self.entities.get(id)?;
        self.document.entities.get_mut(index)
    }

    /// `Reference`, an entity, a system with a code.
    fn normalization(&mut self, fields: &str, name: Option<&str>) -> Result<()> {
        let mut fields = fields.splitn(3, ' ').skip(1);
        let (id, code) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        let (system, code) =
            code.trim().split_once(':').ok_or_else(|| wrong("a code without its system"))?;
        let mut link = Link::given_by_file(system.into(), code.into());
        link.candidates[0].name = name.map(String::from);
        // Of events and relations there are some too.
        match self.find(id) {
            Some(entity) => entity.links.push(link),
            None => self.pass_over("codes of what is no entity")?,
        }
        Ok(())
    }

    /// A note of an entity that is a list of codes, each with its system. Other notes are people's.
    fn note(&mut self, fields: &str, note: Option<&str>) -> Result<()> {
        if let (Some((CODES, id)), Some(note)) = (fields.split_once(' '), note)
            && let Some(entity) = self.find(id.trim())
            && let Some(links) = codes(&entity.label, note)
        {
            entity.links.extend(links);
            return Ok(());
        }
        self.pass_over("notes")
    }
}

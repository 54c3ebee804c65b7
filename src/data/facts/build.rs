//! The document of its rows.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::data::facts::row::{Checked, Row};
use crate::data::facts::{COLUMNS, Column, Fact};
use crate::data::losses::lose;
use crate::data::place::{check_text, expect_mention, place, stretch};
use crate::data::told::Told;
use crate::document::{
    Abstention, Also, Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Code,
    CodeRelation, Document, Entity, Link, Passage, Provenance, Reason, Relation, Section,
    comparator,
};
use crate::error::{Error, Result};
use crate::text::{OffsetUnit, Offsets, Text};

/// How rows are counted whose entity was taken out of the table.
const ORPHANS: &str = "rows of entities whose rows are not there";

/// The document of rows that are next to each other. What is wrong is told with the line and its id.
pub(super) fn build(file: &str, rows: &[Row], unit: OffsetUnit) -> Result<Document> {
    let Some((first, rest)) = rows.split_first() else { return Ok(Document::default()) };
    let mut document = Document { line: first.line, ..Document::default() };
    let mut told = Told { file, id: None, line: first.line };
    whole(first, &mut document).map_err(|reason| told.error(Error::Argument(reason)))?;
    told.id = document.id.clone();
    let own = document.text.clone();
    let text = check_text(own.as_str().into()).map_err(|error| told.error(error))?;
    let offsets = text.offsets(unit);
    let mut builder = Builder {
        doc: first.cell(Column::Doc).ok().flatten().unwrap_or_default(),
        text: &text,
        offsets: &offsets,
        document: &mut document,
        sections: HashMap::new(),
        entities: HashMap::new(),
        link: None,
        numbers: Numbers::default(),
    };
    rest.iter().for_each(|row| builder.numbers.add(row));
    for row in rest {
        told.line = row.line;
        builder.add(row).map_err(|reason| told.error(Error::Argument(reason)))?;
    }
    Ok(document)
}

/// What the first row says.
fn whole(row: &Row, document: &mut Document) -> Checked<()> {
    if row.fact()? != Fact::Document {
        return Err("a document that does not start with its text".into());
    }
    document.id = row.text(Column::Id)?;
    document.text = row.text(Column::Text)?.unwrap_or_default();
    document.label = row.text(Column::Label)?;
    document.truncated = row.parsed(Column::Truncated)?.unwrap_or_default();
    document.provenance = match row.text(Column::Model)? {
        Some(model) => Some(Provenance {
            model,
            hash: row.text(Column::ModelHash)?,
            version: row.text(Column::Version)?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(())
}

/// A document that is read, row by row.
struct Builder<'a, 't> {
    doc: &'a str,
    text: &'a Text<'t>,
    offsets: &'a Offsets<'a>,
    document: &'a mut Document,
    /// Where the sections and entities of the table's numbers are: rows may have been left out.
    sections: HashMap<usize, usize>,
    entities: HashMap<usize, usize>,
    /// The link of the last row: its entity and its number there.
    link: Option<(usize, Option<usize>)>,
    /// Numbers of all rows, those to come too.
    numbers: Numbers,
}

/// The numbers that a document's rows give to sections and entities.
#[derive(Default)]
struct Numbers {
    sections: HashSet<usize>,
    entities: HashSet<usize>,
}

impl Numbers {
    fn add(&mut self, row: &Row) {
        let number = || row.parsed::<usize>(Column::Number).ok().flatten();
        if row.is(Fact::Section) {
            self.sections.extend(number());
        } else if row.is(Fact::Entity) {
            self.entities.extend(number());
        }
    }
}

/// What a cell names by its number.
enum Named {
    /// It is there, with this index.
    There(usize),
    /// Its row was taken out.
    Gone,
}

impl Builder<'_, '_> {
    fn add(&mut self, row: &Row) -> Checked<()> {
        let fact = row.fact()?;
        if row.cell(Column::Doc)?.unwrap_or_default() != self.doc {
            return Err("a row of another document, whose text does not come first".into());
        }
        if row.text(Column::Id)?.is_some_and(|id| self.document.id.as_ref() != Some(&id)) {
            return Err("a row with the id of another document".into());
        }
        match fact {
            Fact::Document => return Err("the text of a document within its rows".into()),
            Fact::Second => self.document.second = row.text(Column::Text)?,
            Fact::Passage => {
                let (bytes, kind) = (self.stretch(row)?, row.text(Column::Label)?);
                self.document.passages.push(Passage { bytes, kind });
            }
            Fact::Word => {
                let word = self.mention(row)?;
                self.document.words.get_or_insert_default().push(word);
            }
            Fact::Section => self.section(row)?,
            Fact::Entity => self.entity(row)?,
            Fact::Piece => {
                let piece = self.mention(row)?;
                if let Some(entity) = self.of(row)? {
                    entity.pieces.push(piece);
                }
            }
            Fact::Also => {
                let head = row.need(Column::Head, |head| Some(head.into()))?;
                let score = row.number(Column::Score)?.unwrap_or_default();
                let also = Also { label: row.label()?.into(), head, score };
                if let Some(entity) = self.of(row)? {
                    entity.also.push(also);
                }
            }
            Fact::Attribute => {
                let attribute = self.attribute(row)?;
                if let Some(entity) = self.of(row)? {
                    entity.attributes.push(attribute);
                }
            }
            Fact::Code => self.code(row)?,
            Fact::Relation => {
                let end = |column| self.entity_at(row, column);
                let (first, second) = (end(Column::First)?, end(Column::Second)?);
                let relation = Relation {
                    text: row.text(Column::Text)?.map(Arc::from),
                    score: row.number(Column::Score)?,
                    head: row.text(Column::Head)?.map(Arc::from),
                    assertion: row.may(Column::Assertion, AssertionValue::parse)?,
                    ..Relation::new(0, 0, row.label()?)
                };
                let (Named::There(first), Named::There(second)) = (first, second) else {
                    return self.orphan(ORPHANS);
                };
                self.document.relations.push(Relation { first, second, ..relation });
            }
            Fact::CodeRelation => {
                let code = |column| row.need(column, |code| Some(code.to_string()));
                let (first, second) = (code(Column::First)?, code(Column::Second)?);
                let (label, score) = (row.label()?, row.number(Column::Score)?);
                self.document.code_relations.push(CodeRelation { first, second, label, score });
            }
        }
        Ok(())
    }

    /// What a cell names by its number, of what was read and of all there is.
    fn named(
        row: &Row,
        column: Column,
        known: &HashMap<usize, usize>,
        all: &HashSet<usize>,
        what: &str,
    ) -> Checked<Option<Named>> {
        let Some(number) = row.parsed::<usize>(column)? else { return Ok(None) };
        match known.get(&number) {
            Some(&index) => Ok(Some(Named::There(index))),
            None if all.contains(&number) => {
                let column = COLUMNS[column as usize];
                Err(format!("`{column}` names {what} that comes after it"))
            }
            None => Ok(Some(Named::Gone)),
        }
    }

    /// The entity that a cell names; it must name one.
    fn entity_at(&self, row: &Row, column: Column) -> Checked<Named> {
        let all = &self.numbers.entities;
        let named = Self::named(row, column, &self.entities, all, "an entity")?;
        named.ok_or_else(|| format!("`{}` is empty", COLUMNS[column as usize]))
    }

    /// The section that a cell names. One that was taken out is counted.
    fn section_at(&mut self, row: &Row, column: Column) -> Checked<Option<usize>> {
        let all = &self.numbers.sections;
        match Self::named(row, column, &self.sections, all, "a section")? {
            Some(Named::There(index)) => Ok(Some(index)),
            Some(Named::Gone) => {
                self.orphan("mentions of sections whose rows are not there")?;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Counts what belongs to a row that was taken out.
    fn orphan(&mut self, what: &'static str) -> Checked<()> {
        lose(&mut self.document.passed_over, what, 1);
        Ok(())
    }

    /// The entity that a row is of; `None`, and counted, where it was taken out.
    fn of(&mut self, row: &Row) -> Checked<Option<&mut Entity>> {
        match self.entity_at(row, Column::Of)? {
            Named::There(index) => Ok(self.document.entities.get_mut(index)),
            Named::Gone => self.orphan(ORPHANS).map(|()| None),
        }
    }

    fn range(&self, row: &Row) -> Checked<Range<usize>> {
        let number = |column| row.need(column, |cell| cell.parse().ok());
        Ok(number(Column::Start)?..number(Column::End)?)
    }

    fn place(&self, range: Range<usize>, what: &str) -> Checked<Range<usize>> {
        place(self.text, self.offsets, range, what).map_err(|error| error.to_string())
    }

    /// A place, which may be empty.
    fn stretch(&self, row: &Row) -> Checked<Range<usize>> {
        let bytes = stretch(self.offsets, self.range(row)?);
        bytes.ok_or_else(|| "it is none of the text".into())
    }

    /// A place at which the words of the row stand.
    fn mention(&self, row: &Row) -> Checked<Range<usize>> {
        let bytes = self.place(self.range(row)?, "what it says")?;
        let told = expect_mention(self.text, &bytes, row.cell(Column::Text)?, "the row");
        told.map_err(|error| error.to_string())?;
        Ok(bytes)
    }

    fn section(&mut self, row: &Row) -> Checked<()> {
        let bytes = self.place(self.range(row)?, "the section")?;
        let title = row.need(Column::Text, |title| {
            let at = bytes.start + self.text.as_str()[bytes.clone()].find(title)?;
            Some(at..at + title.len())
        })?;
        let (name, loinc) = row.need(Column::Label, Section::kind)?;
        if row.cell(Column::Code)?.is_some_and(|code| Some(code) != loinc) {
            return Err("`code` is not that of the kind of section".into());
        }
        let parent = self.section_at(row, Column::Of)?;
        let index = self.document.sections.len();
        self.sections.insert(row.parsed(Column::Number)?.unwrap_or(index), index);
        self.document.sections.push(Section { place: bytes, title, name, loinc, parent });
        Ok(())
    }

    fn entity(&mut self, row: &Row) -> Checked<()> {
        let value = row.may(Column::Assertion, AssertionValue::parse)?;
        let assertion = value.map(|value| self.assertion(row, value)).transpose()?;
        let entity = Entity {
            id: row.text(Column::EntityId)?,
            score: row.number(Column::Score)?,
            head: row.text(Column::Head)?.map(Arc::from),
            section: self.section_at(row, Column::Section)?,
            assertion,
            expansion: row.text(Column::Expansion)?,
            ..Entity::new(self.mention(row)?, row.label()?.into())
        };
        let index = self.document.entities.len();
        self.entities.insert(row.parsed(Column::Number)?.unwrap_or(index), index);
        self.document.entities.push(entity);
        Ok(())
    }

    fn assertion(&self, row: &Row, value: AssertionValue) -> Checked<Assertion> {
        let cue = match (row.parsed(Column::CueStart)?, row.parsed(Column::CueEnd)?) {
            (Some(start), Some(end)) => Some(self.place(start..end, "the cue")?),
            (None, None) => None,
            _ => return Err("a cue with one of `cue_start` and `cue_end` alone".into()),
        };
        let plain = Assertion::new(value);
        Ok(Assertion {
            category: row.may(Column::Category, AssertionCategory::parse)?,
            score: row.number(Column::AssertionScore)?.unwrap_or(plain.score),
            cue,
            ..plain
        })
    }

    fn attribute(&self, row: &Row) -> Checked<Attribute> {
        Ok(Attribute {
            kind: row.need(Column::Label, AttributeKind::parse)?,
            place: self.mention(row)?,
            low: row.number(Column::Low)?,
            high: row.number(Column::High)?,
            comparator: row.may(Column::Comparator, comparator)?,
            unit: row.text(Column::Unit)?,
            step: row.parsed(Column::Step)?.unwrap_or_default(),
            parsed: row.parsed(Column::Parsed)?.unwrap_or(true),
        })
    }

    /// A candidate, of a link of its own or of the one before.
    fn code(&mut self, row: &Row) -> Checked<()> {
        let system: Arc<str> = row.need(Column::System, |system| Some(system.into()))?;
        let abstention = row.may(Column::Abstention, Abstention::parse)?;
        let candidate = match row.text(Column::Code)? {
            Some(code) => Some(Code {
                code,
                name: row.text(Column::CodeName)?,
                score: row.number(Column::Score)?,
                reason: row.may(Column::Reason, Reason::parse)?,
            }),
            None if abstention.is_none() => return Err("neither `code` nor `abstention`".into()),
            None => None,
        };
        let number: Option<usize> = row.parsed(Column::Number)?;
        let Named::There(at) = self.entity_at(row, Column::Of)? else {
            return self.orphan(ORPHANS);
        };
        // Without a number, a code is a link of its own.
        let again = number.is_some() && self.link.replace((at, number)) == Some((at, number));
        let links = &mut self.document.entities[at].links;
        match links.last_mut().filter(|_| again) {
            Some(link) if link.system != system || link.abstention != abstention => {
                return Err(
                    "another system or abstention than the row before, which has its number".into(),
                );
            }
            Some(link) => link.candidates.extend(candidate),
            None => {
                let candidates = candidate.into_iter().collect();
                links.push(Link { system, candidates, abstention });
            }
        }
        Ok(())
    }
}

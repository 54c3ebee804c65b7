//! Documents as rows.

use std::borrow::Cow;
use std::io::Write;
use std::ops::Range;

use csv::{Terminator, WriterBuilder};

use crate::data::facts::{COLUMNS, Column, Fact};
use crate::data::losses::lose;
use crate::data::sound;
use crate::data::write::{Losses, Writer, unwritten};
use crate::document::{Attribute, Document, Entity, Link};
use crate::error::Result;
use crate::text::{Input, InvalidText, OffsetUnit, Offsets, Text};

/// Writes a row a fact.
pub(in crate::data) struct FactWriter<'a> {
    out: csv::Writer<Box<dyn Write + 'a>>,
    unit: OffsetUnit,
    count: usize,
    losses: Losses,
}

impl<'a> FactWriter<'a> {
    pub(in crate::data) fn new(
        out: Box<dyn Write + 'a>,
        unit: OffsetUnit,
    ) -> Result<FactWriter<'a>> {
        let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        out.write_record(COLUMNS).map_err(unwritten)?;
        Ok(FactWriter { out, unit, count: 0, losses: Losses::new() })
    }
}

impl Writer for FactWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        let text = Text::new(Input::from(document.text.as_str()), InvalidText::Reject)?;
        let offsets = text.offsets(self.unit);
        let rows = Rows { doc: self.count.to_string(), document, offsets: &offsets };
        for row in rows.all() {
            self.out
                .write_record(row.cells.iter().map(|cell| cell.as_bytes()))
                .map_err(unwritten)?;
        }
        self.count += 1;
        lose(&mut self.losses, "questions", document.questions.len());
        // An empty cell says nothing.
        let empty = document.id.as_deref() == Some("");
        lose(&mut self.losses, "empty ids", usize::from(empty));
        Ok(())
    }

    fn finish(&mut self) -> Result<Losses> {
        self.out.flush().map_err(unwritten)?;
        Ok(std::mem::take(&mut self.losses))
    }
}

/// A row; what is not said is empty.
struct Row<'a> {
    cells: Vec<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    fn set(mut self, column: Column, cell: impl Into<Cow<'a, str>>) -> Row<'a> {
        self.cells[column as usize] = cell.into();
        self
    }

    /// A number, or what else is told as it is.
    fn told(self, column: Column, value: Option<impl ToString>) -> Row<'a> {
        match value {
            Some(value) => self.set(column, value.to_string()),
            None => self,
        }
    }

    fn text(self, column: Column, text: Option<&'a str>) -> Row<'a> {
        match text {
            Some(text) => self.set(column, text),
            None => self,
        }
    }
}

/// The rows of a document.
struct Rows<'d> {
    doc: String,
    document: &'d Document,
    offsets: &'d Offsets<'d>,
}

impl<'d> Rows<'d> {
    fn all(&self) -> impl Iterator<Item = Row<'d>> + '_ {
        let Document { passages, sections, entities, relations, .. } = self.document;
        let passages = passages.iter().map(|passage| {
            let row = self.place(self.row(Fact::Passage), &passage.bytes);
            row.text(Column::Label, passage.kind.as_deref())
        });
        let words = self.document.words.iter().flatten();
        let words = words.map(|word| self.mention(self.row(Fact::Word), word));
        let sections = sections.iter().enumerate().map(|(number, section)| {
            let row = self.place(self.row(Fact::Section), &section.place);
            row.told(Column::Number, Some(number))
                .told(Column::Of, section.parent)
                .set(Column::Text, &self.document.text[section.title.clone()])
                .set(Column::Label, section.name)
                .text(Column::System, section.loinc.map(|_| "LOINC"))
                .text(Column::Code, section.loinc)
        });
        let entities = entities.iter().enumerate();
        let entities = entities.flat_map(|(number, entity)| self.entity(number, entity));
        let relations = relations.iter().map(|relation| {
            self.row(Fact::Relation)
                .told(Column::First, Some(relation.first))
                .told(Column::Second, Some(relation.second))
                .text(Column::Text, relation.text.as_deref())
                .set(Column::Label, &relation.label)
                .told(Column::Score, relation.score)
                .text(Column::Head, relation.head.as_deref())
                .text(Column::Assertion, relation.assertion.map(|value| value.name()))
        });
        let codes = self.document.code_relations.iter().map(|relation| {
            self.row(Fact::CodeRelation)
                .set(Column::First, &relation.first)
                .set(Column::Second, &relation.second)
                .set(Column::Label, &relation.label)
                .told(Column::Score, relation.score)
        });
        let document = std::iter::once(self.whole()).chain(self.second());
        document
            .chain(passages)
            .chain(words)
            .chain(sections)
            .chain(entities)
            .chain(relations)
            .chain(codes)
    }

    fn row(&self, fact: Fact) -> Row<'d> {
        let row = Row { cells: vec![Cow::Borrowed(""); COLUMNS.len()] };
        row.set(Column::Doc, self.doc.clone())
            .text(Column::Id, self.document.id.as_deref())
            .set(Column::Fact, fact.name())
    }

    fn whole(&self) -> Row<'d> {
        let document = self.document;
        let provenance = document.provenance.as_ref();
        self.row(Fact::Document)
            .set(Column::Text, document.text.as_str())
            .text(Column::Label, document.label.as_deref())
            .text(Column::Truncated, document.truncated.then_some("true"))
            .text(Column::Model, provenance.map(|own| own.model.as_str()))
            .text(Column::ModelHash, provenance.and_then(|own| own.hash.as_deref()))
            .text(Column::Version, provenance.map(|own| own.version.as_str()))
    }

    fn second(&self) -> Option<Row<'d>> {
        let text = self.document.second.as_deref()?;
        Some(self.row(Fact::Second).set(Column::Text, text))
    }

    fn place(&self, row: Row<'d>, bytes: &Range<usize>) -> Row<'d> {
        row.told(Column::Start, Some(self.offsets.at(bytes.start)))
            .told(Column::End, Some(self.offsets.at(bytes.end)))
    }

    /// A place with what stands there.
    fn mention(&self, row: Row<'d>, bytes: &Range<usize>) -> Row<'d> {
        self.place(row, bytes).set(Column::Text, &self.document.text[bytes.clone()])
    }

    /// An entity and what belongs to it.
    fn entity(&self, number: usize, entity: &'d Entity) -> Vec<Row<'d>> {
        let mut own = self
            .mention(self.row(Fact::Entity), &entity.bytes)
            .told(Column::Number, Some(number))
            .set(Column::Label, &*entity.label)
            .told(Column::Score, entity.score)
            .text(Column::Head, entity.head.as_deref())
            .text(Column::EntityId, entity.id.as_deref())
            .told(Column::Section, entity.section)
            .text(Column::Expansion, entity.expansion.as_deref());
        if let Some(assertion) = &entity.assertion {
            let cue = assertion.cue.as_ref();
            own = own
                .set(Column::Assertion, assertion.value.name())
                .text(Column::Category, assertion.category.map(|category| category.name()))
                .told(Column::AssertionScore, Some(assertion.score))
                .told(Column::CueStart, cue.map(|cue| self.offsets.at(cue.start)))
                .told(Column::CueEnd, cue.map(|cue| self.offsets.at(cue.end)));
        }
        let of = |fact| self.row(fact).told(Column::Of, Some(number));
        let mut rows = vec![own];
        rows.extend(entity.pieces.iter().map(|piece| self.mention(of(Fact::Piece), piece)));
        rows.extend(entity.also.iter().map(|also| {
            of(Fact::Also)
                .set(Column::Label, &*also.label)
                .told(Column::Score, Some(also.score))
                .set(Column::Head, &*also.head)
        }));
        rows.extend(entity.attributes.iter().map(|one| self.attribute(of(Fact::Attribute), one)));
        for (number, link) in entity.links.iter().enumerate() {
            codes(|| of(Fact::Code).told(Column::Number, Some(number)), link, &mut rows);
        }
        rows
    }

    fn attribute(&self, row: Row<'d>, attribute: &'d Attribute) -> Row<'d> {
        self.mention(row, &attribute.place)
            .set(Column::Label, attribute.kind.name())
            .told(Column::Low, attribute.low)
            .told(Column::High, attribute.high)
            .text(Column::Comparator, attribute.comparator)
            .text(Column::Unit, attribute.unit.as_deref())
            .told(Column::Step, Some(attribute.step))
            .told(Column::Parsed, Some(attribute.parsed))
    }
}

/// The candidates of a link, each with why none is given; where there is none, that alone.
fn codes<'d>(row: impl Fn() -> Row<'d>, link: &'d Link, rows: &mut Vec<Row<'d>>) {
    let row = || {
        row()
            .set(Column::System, &*link.system)
            .text(Column::Abstention, link.abstention.map(|why| why.name()))
    };
    if link.candidates.is_empty() {
        rows.push(row());
    }
    rows.extend(link.candidates.iter().map(|candidate| {
        row()
            .set(Column::Code, &candidate.code)
            .text(Column::CodeName, candidate.name.as_deref())
            .told(Column::Score, candidate.score)
            .text(Column::Reason, candidate.reason.map(|reason| reason.name()))
    }));
}

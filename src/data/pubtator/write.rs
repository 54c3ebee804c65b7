//! Writes PubTator's text: always an abstract's line, `-` where an entity has no code, four columns a
//! relation, an empty line after each document. Its readers fail on anything else.

use std::io::Write;
use std::ops::Range;

use crate::data::codes::{bare, column};
use crate::data::flat::{flat, lose_breaks};
use crate::data::losses::{Holds, lose, running_number};
use crate::data::sound;
use crate::data::unique::Unique;
use crate::data::write::{Losses, Writer, written};
use crate::document::Document;
use crate::error::Result;
use crate::text::{InvalidText, OffsetUnit, Text};

/// Passages are counted by what they are.
const HOLDS: Holds = Holds { passages: true, code_relations: true, ..Holds::NONE };

/// Writes documents one after the other.
pub(in crate::data) struct PubtatorWriter<'a> {
    out: Box<dyn Write + 'a>,
    losses: Losses,
    /// Documents so far.
    count: usize,
    ids: Unique,
}

impl<'a> PubtatorWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>) -> PubtatorWriter<'a> {
        PubtatorWriter { out, losses: Losses::new(), count: 0, ids: Unique::default() }
    }

    /// What the document is called; a running number where it has no name, or one that is none here.
    fn id(&mut self, document: &Document) -> String {
        self.count += 1;
        let unfit = |c: char| c == '|' || c.is_whitespace() || c.is_control();
        let id = match &document.id {
            Some(id) if !id.is_empty() && !id.contains(unfit) => id.clone(),
            other => {
                lose(&mut self.losses, "ids", other.iter().len());
                lose(&mut self.losses, "numbers given as ids", usize::from(other.is_none()));
                running_number(self.count)
            }
        };
        self.ids.take(id, self.count, &mut self.losses)
    }

    /// A word or words in a column.
    fn column(&mut self, text: &str, what: &'static str) -> String {
        let flat = flat(text);
        lose(&mut self.losses, what, usize::from(flat != text));
        if flat.trim().is_empty() { "_".into() } else { flat.into_owned() }
    }
}

impl Writer for PubtatorWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        HOLDS.count(document, &mut self.losses);
        let id = self.id(document);
        let text = document.text.as_str();
        let (title, body) = self.parts(document);
        let own = [title.clone(), body.clone()].map(|part| flat(&text[part]));
        let mut lines = format!("{id}|t|{}\n{id}|a|{}\n", own[0], own[1]);
        let checked = Text::new(text.into(), InvalidText::Reject)?;
        let offsets = checked.offsets(OffsetUnit::UnicodeScalars);
        for entity in &document.entities {
            let (start, end) = (offsets.at(entity.bytes.start), offsets.at(entity.bytes.end));
            let label = self.column(&entity.label, "kinds");
            let (codes, lost) = column(&label, &entity.links, false);
            lose(&mut self.losses, "codes", lost);
            let mention = flat(&text[entity.bytes.clone()]);
            lines += &format!("{id}\t{start}\t{end}\t{mention}\t{label}\t{codes}\n");
        }
        for relation in &document.code_relations {
            // Whoever reads it takes a number for the start of an entity.
            let digit = |byte: u8| byte.is_ascii_digit() || b"+-.".contains(&byte);
            let is_number = flat(&relation.label).trim().bytes().all(digit);
            let is_none = |code: &str| bare(flat(code).trim()).is_empty();
            if is_number || is_none(&relation.first) || is_none(&relation.second) {
                lose(&mut self.losses, "code relations", 1);
                continue;
            }
            let label = self.column(&relation.label, "kinds");
            let [first, second] =
                [&relation.first, &relation.second].map(|code| self.column(code, "codes"));
            lines += &format!("{id}\t{label}\t{first}\t{second}\n");
        }
        lines.push('\n');
        written(self.out.write_all(lines.as_bytes()))
    }

    fn finish(&mut self) -> Result<Losses> {
        written(self.out.flush())?;
        Ok(std::mem::take(&mut self.losses))
    }
}

impl PubtatorWriter<'_> {
    /// Title and abstract, with one character between them. A text without a title is the title: so its
    /// offsets stay what they are.
    fn parts(&mut self, document: &Document) -> (Range<usize>, Range<usize>) {
        let (text, passages) = (document.text.as_str(), &document.passages);
        let is = |at: usize, kind: &str| {
            passages.get(at).is_some_and(|passage| passage.kind.as_deref() == Some(kind))
        };
        let title = match passages.first() {
            Some(first) if is(0, "title") && first.bytes.start == 0 => {
                // Readers take blanks off the end of a title.
                Some(text[first.bytes.clone()].trim_end().len())
            }
            Some(first) if is(0, "abstract") && first.bytes.start == 1 => Some(0),
            _ => None,
        };
        let after = |end: usize| text[end..].chars().next().filter(|c| c.is_whitespace());
        let Some((end, between)) = title.and_then(|end| Some((end, after(end)?))) else {
            lose(&mut self.losses, "passages", passages.len());
            lose_breaks(text, &mut self.losses);
            return (0..text.len(), text.len()..text.len());
        };
        let body = end + between.len_utf8()..text.len();
        let told = [(0..end, "title"), (body.clone(), "abstract")];
        let kept = passages.iter().filter(|passage| {
            told.iter().any(|(bytes, kind)| {
                passage.bytes == *bytes && passage.kind.as_deref() == Some(kind)
            })
        });
        lose(&mut self.losses, "passages", passages.len() - kept.count());
        lose(&mut self.losses, "line breaks", usize::from(between != '\n'));
        lose_breaks(&text[..end], &mut self.losses);
        lose_breaks(&text[body.clone()], &mut self.losses);
        (0..end, body)
    }
}

//! Reads BioC's XML, document by document. Nothing outside of the file is looked up: a DTD is passed over,
//! and of entities only XML's own five and those by number are known.

use std::io::{BufRead, Read};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::assemble;
use super::model::{Annotation, BiocDocument, BiocRelation, Infons, Location, Node, Stretch};
use crate::data::told::Told;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

/// The documents of a stream.
pub(in crate::data) struct XmlReader<'a> {
    file: &'a str,
    unit: OffsetUnit,
    xml: Reader<Counted<'a>>,
    buffer: Vec<u8>,
    /// Elements that are open.
    depth: usize,
    /// What is wrong with the document that is read, and where.
    wrong: Option<(usize, &'static str)>,
    ended: bool,
}

/// What counts the lines of a stream.
struct Counted<'a> {
    input: Box<dyn BufRead + 'a>,
    line: usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(into)?;
        self.line += into[..read].iter().filter(|byte| **byte == b'\n').count();
        Ok(read)
    }
}

impl BufRead for Counted<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(bytes) = self.input.fill_buf() {
            self.line += bytes.iter().take(count).filter(|byte| **byte == b'\n').count();
        }
        self.input.consume(count);
    }
}

/// The start of an element.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    fn text(&self, key: &str) -> String {
        self.attribute(key).unwrap_or_default().into()
    }
}

/// What comes next.
enum Next {
    Start(Tag),
    Text(String),
    End,
    Eof,
}

impl Iterator for XmlReader<'_> {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        if self.ended {
            return None;
        }
        let read = self.next_document();
        // What is no XML has no next document.
        self.ended = !matches!(read, Ok(Some(_)));
        match read {
            Ok(found) => found,
            Err(error) => Some(Err(error)),
        }
    }
}

impl<'a> XmlReader<'a> {
    pub(in crate::data) fn new(
        file: &'a str,
        input: Box<dyn BufRead + 'a>,
        unit: OffsetUnit,
    ) -> XmlReader<'a> {
        let mut xml = Reader::from_reader(Counted { input, line: 1 });
        xml.config_mut().expand_empty_elements = true;
        let (buffer, depth, wrong, ended) = (Vec::new(), 0, None, false);
        XmlReader { file, unit, xml, buffer, depth, wrong, ended }
    }

    fn line(&self) -> usize {
        self.xml.get_ref().line
    }

    fn told(&self, id: Option<&str>, line: usize) -> Told<'a> {
        Told { file: self.file, id: id.map(String::from), line }
    }

    /// The error that ends the stream.
    fn broken(&self, reason: &str) -> Error {
        self.told(None, self.line()).error(Error::Argument(reason.into()))
    }

    fn wrong(&mut self, reason: &'static str) {
        let line = self.line();
        self.wrong.get_or_insert((line, reason));
    }

    fn next_document(&mut self) -> Result<Option<Result<Document>>> {
        loop {
            match self.event()? {
                Next::Start(tag) if tag.name == "document" => {
                    let line = self.line();
                    self.wrong = None;
                    let parts = self.document()?;
                    let id = Some(parts.id.as_str());
                    let read = match self.wrong.take() {
                        Some((line, reason)) => {
                            Err(self.told(id, line).error(Error::Argument(reason.into())))
                        }
                        None => assemble::document(&parts, line, self.unit)
                            .map_err(|error| self.told(id, line).error(error)),
                    };
                    return Ok(Some(read));
                }
                Next::Start(tag) if self.depth == 1 && tag.name != "collection" => {
                    return Err(self.broken("not BioC: it starts with no `collection`"));
                }
                Next::Start(_) if self.depth == 1 => {}
                Next::Start(_) => self.pass_over()?,
                Next::Text(text) if self.depth == 0 && !text.trim().is_empty() => {
                    return Err(self.broken("not XML"));
                }
                Next::Text(_) | Next::End => {}
                Next::Eof => return Ok(None),
            }
        }
    }

    /// The next start, text or end; comments and declarations are passed over.
    fn event(&mut self) -> Result<Next> {
        loop {
            self.buffer.clear();
            let event = match self.xml.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(quick_xml::Error::Io(error)) => {
                    let reason = error.kind().to_string();
                    return Err(Error::Io { file: self.file.into(), reason });
                }
                Err(_) => return Err(self.broken("not well-formed XML, or not in UTF-8")),
            };
            let mut wrong = None;
            let next = match event {
                Event::Start(start) | Event::Empty(start) => {
                    self.depth += 1;
                    let (tag, sound) = tag(&start);
                    if !sound {
                        wrong = Some("an attribute that cannot be read");
                    }
                    Next::Start(tag)
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Next::End
                }
                Event::Text(text) => Next::Text(text.xml10_content().into_owned()),
                Event::CData(text) => Next::Text(text.xml10_content().into_owned()),
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    let known = match reference.resolve_char_ref() {
                        Ok(None) => named(&name),
                        other => other.ok().flatten(),
                    };
                    if known.is_none() {
                        wrong = Some("an entity other than XML's own");
                    }
                    Next::Text(known.map(String::from).unwrap_or_default())
                }
                Event::Decl(decl) => {
                    let encoding = decl.encoding().and_then(|name| name.ok());
                    let is_utf8 = |name: &str| {
                        ["utf-8", "utf8", "us-ascii", "ascii"]
                            .iter()
                            .any(|own| name.eq_ignore_ascii_case(own))
                    };
                    if encoding.is_some_and(|name| !is_utf8(&name)) {
                        return Err(self.broken("XML in another encoding than UTF-8"));
                    }
                    continue;
                }
                Event::Eof if self.depth > 0 => return Err(self.broken("the XML ends early")),
                Event::Eof => Next::Eof,
                Event::Comment(_) | Event::PI(_) | Event::DocType(_) => continue,
            };
            if let Some(reason) = wrong {
                self.wrong(reason);
            }
            return Ok(next);
        }
    }

    /// Calls `each` with every element within the one that is open, until that ends.
    fn children(&mut self, mut each: impl FnMut(&mut Self, Tag) -> Result<()>) -> Result<()> {
        loop {
            match self.event()? {
                Next::Start(tag) => each(self, tag)?,
                Next::Text(_) => {}
                Next::End | Next::Eof => return Ok(()),
            }
        }
    }

    /// The text of the element that is open, with that of elements within it, such as `<sup>`.
    fn text(&mut self) -> Result<String> {
        let (mut text, within) = (String::new(), self.depth);
        while self.depth >= within {
            if let Next::Text(more) = self.event()? {
                text += &more;
            }
        }
        Ok(text)
    }

    fn pass_over(&mut self) -> Result<()> {
        let within = self.depth;
        while self.depth >= within {
            self.event()?;
        }
        Ok(())
    }

    fn number(&mut self, text: &str) -> usize {
        match text.trim().parse() {
            Ok(number) => number,
            Err(_) => {
                self.wrong("an offset or a length that is not a number");
                0
            }
        }
    }

    fn infon(&mut self, tag: &Tag, infons: &mut Infons) -> Result<()> {
        infons.add(&tag.text("key"), self.text()?);
        Ok(())
    }

    fn document(&mut self) -> Result<BiocDocument> {
        let mut document = BiocDocument::default();
        self.children(|xml, tag| {
            match tag.name.as_str() {
                "id" => document.id = xml.text()?.trim().into(),
                "infon" => xml.infon(&tag, &mut document.infons)?,
                "passage" => document.passages.push(xml.stretch(true)?),
                "annotation" => document.annotations.push(xml.annotation(&tag)?),
                "relation" => document.relations.push(xml.relation(&tag)?),
                _ => xml.pass_over()?,
            }
            Ok(())
        })?;
        Ok(document)
    }

    /// A passage, or a sentence, which has no sentences.
    fn stretch(&mut self, is_passage: bool) -> Result<Stretch> {
        let mut stretch = Stretch::default();
        let mut offset = None;
        self.children(|xml, tag| {
            match tag.name.as_str() {
                "infon" => xml.infon(&tag, &mut stretch.infons)?,
                "offset" => {
                    let text = xml.text()?;
                    offset = Some(xml.number(&text));
                }
                "text" => stretch.text = Some(xml.text()?),
                "sentence" if is_passage => stretch.sentences.push(xml.stretch(false)?),
                "annotation" => stretch.annotations.push(xml.annotation(&tag)?),
                "relation" => stretch.relations.push(xml.relation(&tag)?),
                _ => xml.pass_over()?,
            }
            Ok(())
        })?;
        if offset.is_none() {
            self.wrong("a passage or a sentence without its offset");
        }
        stretch.offset = offset.unwrap_or_default();
        Ok(stretch)
    }

    fn annotation(&mut self, tag: &Tag) -> Result<Annotation> {
        let mut annotation = Annotation { id: tag.text("id"), ..Annotation::default() };
        self.children(|xml, tag| {
            match tag.name.as_str() {
                "infon" => xml.infon(&tag, &mut annotation.infons)?,
                "location" => {
                    let [offset, length] =
                        ["offset", "length"].map(|key| xml.number(&tag.text(key)));
                    annotation.locations.push(Location { offset, length });
                    xml.pass_over()?;
                }
                "text" => annotation.text = Some(xml.text()?),
                _ => xml.pass_over()?,
            }
            Ok(())
        })?;
        Ok(annotation)
    }

    fn relation(&mut self, tag: &Tag) -> Result<BiocRelation> {
        let mut relation = BiocRelation { id: tag.text("id"), ..BiocRelation::default() };
        self.children(|xml, tag| {
            match tag.name.as_str() {
                "infon" => xml.infon(&tag, &mut relation.infons)?,
                "node" => {
                    relation.nodes.push(Node { refid: tag.text("refid"), role: tag.text("role") });
                    xml.pass_over()?;
                }
                _ => xml.pass_over()?,
            }
            Ok(())
        })?;
        Ok(relation)
    }
}

/// The start of an element, and whether all of its attributes could be read.
fn tag(start: &BytesStart<'_>) -> (Tag, bool) {
    let mut sound = true;
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let read = attribute.ok().and_then(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some((attribute.key.as_ref().to_string(), value.into_owned()))
        });
        sound &= read.is_some();
        attributes.extend(read);
    }
    (Tag { name: start.local_name().as_ref().to_string(), attributes }, sound)
}

/// XML's own entities.
fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

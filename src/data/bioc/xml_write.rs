//! Writes BioC's XML, a document after the other, in the order of its DTD.

use std::io::Write;

use super::dissect;
use super::model::{Annotation, BiocDocument, BiocRelation, Infons, Stretch};
use super::xml_escape::{self, lose_characters};
use crate::data::losses::lose;
use crate::data::unique::Unique;
use crate::data::write::{Losses, Writer, written};
use crate::document::Document;
use crate::error::Result;
use crate::text::OffsetUnit;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                    <!DOCTYPE collection SYSTEM \"BioC.dtd\">\n\
                    <collection><source>biobert</source><date></date><key></key>\n";
const TAIL: &str = "</collection>\n";

/// Writes documents one after the other.
pub(in crate::data) struct XmlWriter<'a> {
    out: Box<dyn Write + 'a>,
    unit: OffsetUnit,
    losses: Losses,
    /// Documents so far.
    count: usize,
    ids: Unique,
    begun: bool,
}

impl<'a> XmlWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>, unit: OffsetUnit) -> XmlWriter<'a> {
        XmlWriter {
            out,
            unit,
            losses: Losses::new(),
            count: 0,
            ids: Unique::default(),
            begun: false,
        }
    }

    fn write(&mut self, xml: &str) -> Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            written(self.out.write_all(HEAD.as_bytes()))?;
        }
        written(self.out.write_all(xml.as_bytes()))
    }
}

impl Writer for XmlWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        self.count += 1;
        let parts =
            dissect::parts(document, self.count, self.unit, &mut self.ids, &mut self.losses)?;
        lose_characters(&document.text, &mut self.losses);
        let mut xml = Xml::default();
        xml.document(&parts);
        lose(&mut self.losses, "control characters", xml.replaced);
        self.write(&xml.text)
    }

    fn finish(&mut self) -> Result<Losses> {
        self.write(TAIL)?;
        written(self.out.flush())?;
        Ok(std::mem::take(&mut self.losses))
    }
}

#[derive(Default)]
struct Xml {
    text: String,
    /// Values of which something was replaced.
    replaced: usize,
}

impl Xml {
    /// Starts an element with its attributes.
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text += &format!("<{name}");
        for (key, value) in attributes {
            self.text += &format!(" {key}=\"");
            self.value(value);
            self.text.push('"');
        }
        self.text.push('>');
    }

    fn close(&mut self, name: &str) {
        self.text += &format!("</{name}>");
    }

    fn value(&mut self, value: &str) {
        self.replaced += usize::from(xml_escape::value(value, &mut self.text));
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], value: &str) {
        self.open(name, attributes);
        self.value(value);
        self.close(name);
    }

    /// A stretch of the document's text.
    fn stretch(&mut self, text: Option<&str>) {
        self.open("text", &[]);
        xml_escape::text(text.unwrap_or_default(), &mut self.text);
        self.close("text");
    }

    fn infons(&mut self, infons: &Infons) {
        for (key, value) in &infons.0 {
            self.element("infon", &[("key", key)], value);
        }
    }

    fn document(&mut self, document: &BiocDocument) {
        self.open("document", &[]);
        self.element("id", &[], &document.id);
        self.infons(&document.infons);
        document.passages.iter().for_each(|passage| self.passage(passage));
        document.relations.iter().for_each(|relation| self.relation(relation));
        self.close("document");
        self.text.push('\n');
    }

    fn passage(&mut self, passage: &Stretch) {
        self.open("passage", &[]);
        self.infons(&passage.infons);
        self.element("offset", &[], &passage.offset.to_string());
        self.stretch(passage.text.as_deref());
        passage.annotations.iter().for_each(|annotation| self.annotation(annotation));
        self.close("passage");
    }

    fn annotation(&mut self, annotation: &Annotation) {
        self.open("annotation", &[("id", &annotation.id)]);
        self.infons(&annotation.infons);
        for location in &annotation.locations {
            let (offset, length) = (location.offset.to_string(), location.length.to_string());
            self.element("location", &[("offset", &offset), ("length", &length)], "");
        }
        self.stretch(annotation.text.as_deref());
        self.close("annotation");
    }

    fn relation(&mut self, relation: &BiocRelation) {
        self.open("relation", &[("id", &relation.id)]);
        self.infons(&relation.infons);
        for node in &relation.nodes {
            self.element("node", &[("refid", &node.refid), ("role", &node.role)], "");
        }
        self.close("relation");
    }
}

//! Writes BioC's XML, a document after the other, in the order of its DTD.

use std::io::Write;

use super::dissect;
use super::model::{Annotation, BiocDocument, BiocRelation, Infons, Stretch};
use super::xml_escape::{escape, lose_characters};
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
    begun: bool,
}

impl<'a> XmlWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>, unit: OffsetUnit) -> XmlWriter<'a> {
        XmlWriter { out, unit, losses: Losses::new(), count: 0, begun: false }
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
        let parts = dissect::parts(document, self.count, self.unit, &mut self.losses)?;
        lose_characters(&document.text, &mut self.losses);
        let mut xml = Xml(String::new());
        xml.document(&parts);
        self.write(&xml.0)
    }

    fn finish(&mut self) -> Result<Losses> {
        self.write(TAIL)?;
        written(self.out.flush())?;
        Ok(std::mem::take(&mut self.losses))
    }
}

struct Xml(String);

impl Xml {
    /// Starts an element with its attributes.
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0 += &format!("<{name}");
        for (key, value) in attributes {
            self.0 += &format!(" {key}=\"");
            escape(value, &mut self.0);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0 += &format!("</{name}>");
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.open(name, attributes);
        escape(text, &mut self.0);
        self.close(name);
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
        self.0.push('\n');
    }

    fn passage(&mut self, passage: &Stretch) {
        self.open("passage", &[]);
        self.infons(&passage.infons);
        self.element("offset", &[], &passage.offset.to_string());
        self.element("text", &[], passage.text.as_deref().unwrap_or_default());
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
        self.element("text", &[], annotation.text.as_deref().unwrap_or_default());
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

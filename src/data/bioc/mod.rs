//! BioC, as XML and as JSON: passages with their offsets in the document, annotations, relations, and
//! `infon`s, which are keys with values. Both forms have one model, which documents are made of and made into.

mod assemble;
mod dissect;
mod entity;
mod json_read;
mod json_split;
mod json_write;
mod model;
mod relation;
mod xml_escape;
mod xml_read;
mod xml_write;

pub(super) use json_read::JsonReader;
pub(super) use json_write::JsonWriter;
pub(super) use xml_read::XmlReader;
pub(super) use xml_write::XmlWriter;

#[cfg(test)]
mod tests;

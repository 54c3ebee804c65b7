//! A document of what a file of BioC says. The passages are put where their offsets say, with line ends
//! between them: then every offset of the file holds in the text.

use std::collections::HashMap;

use super::entity;
use super::model::{Annotation, BiocDocument, BiocRelation, Stretch, units};
use super::relation;
use crate::data::place::check_text;
use crate::document::{Document, Passage, Provenance, Section};
use crate::error::{Error, Result};
use crate::text::{OffsetUnit, Offsets, Text};

/// Units between passages that a file may ask for beyond its own text.
const GAPS: usize = 1 << 16;

/// The document.
///
/// # Errors
/// [`Error::Argument`] for what is not sound.
pub(super) fn document(from: &BiocDocument, line: usize, unit: OffsetUnit) -> Result<Document> {
    let mut filled = Filled { unit, text: String::new(), units: 0, gaps: 0 };
    let mut passages = Vec::new();
    for stretch in &from.passages {
        let bytes = filled.passage(stretch)?;
        let kind = stretch.infons.get("type").map(String::from).filter(|kind| !kind.is_empty());
        passages.push(Passage { bytes, kind });
    }
    // One without a kind is the text.
    if let [Passage { kind: None, bytes }] = &passages[..]
        && bytes.start == 0
    {
        passages.clear();
    }
    let text = check_text(filled.text.as_str().into())?;
    let offsets = text.offsets(unit);
    let id = Some(from.id.clone()).filter(|id| !id.is_empty());
    let mut document = Document { id, line, passages, ..Document::default() };
    document.sections = sections(from, &text, &offsets)?;
    document.provenance = provenance(from);
    let (annotations, relations) = parts(from);
    let mut by_id = HashMap::new();
    for (index, annotation) in annotations.into_iter().enumerate() {
        let entity = entity::read(annotation, index, &text, &offsets, &document.sections)?;
        by_id.entry(annotation.id.as_str()).or_insert(index);
        document.entities.push(entity);
        entity::pass_over(annotation, &mut document.passed_over);
    }
    for (index, from) in relations.into_iter().enumerate() {
        relation::read(from, index, &by_id, &mut document)?;
    }
    document.text = filled.text;
    Ok(document)
}

/// The annotations and relations of a document, wherever they stand.
fn parts(from: &BiocDocument) -> (Vec<&Annotation>, Vec<&BiocRelation>) {
    let mut stretches = Vec::new();
    for passage in &from.passages {
        stretches.push(passage);
        stretches.extend(&passage.sentences);
    }
    let annotations = stretches.iter().flat_map(|stretch| &stretch.annotations);
    let relations = stretches.iter().flat_map(|stretch| &stretch.relations);
    (annotations.chain(&from.annotations).collect(), relations.chain(&from.relations).collect())
}

/// The text so far.
struct Filled {
    unit: OffsetUnit,
    text: String,
    units: usize,
    /// Of these, between passages.
    gaps: usize,
}

impl Filled {
    fn passage(&mut self, stretch: &Stretch) -> Result<std::ops::Range<usize>> {
        self.gap(stretch.offset)?;
        let start = self.text.len();
        match stretch.text.as_deref() {
            Some(text) if !text.is_empty() || stretch.sentences.is_empty() => self.add(text),
            _ => {
                for sentence in &stretch.sentences {
                    self.gap(sentence.offset)?;
                    self.add(sentence.text.as_deref().unwrap_or_default());
                }
            }
        }
        Ok(start..self.text.len())
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
        self.units += units(text, self.unit);
    }

    /// Line ends up to an offset.
    fn gap(&mut self, offset: usize) -> Result<()> {
        let wrong = |reason: &str| Err(Error::Argument(reason.into()));
        let Some(gap) = offset.checked_sub(self.units) else {
            return wrong(
                "a passage starts before the one before it ends; do offsets count something else?",
            );
        };
        self.gaps = self.gaps.saturating_add(gap);
        if self.gaps > GAPS + self.text.len() {
            return wrong("the passages lie too far apart");
        }
        self.text.extend(std::iter::repeat_n('\n', gap));
        self.units = offset;
        Ok(())
    }
}

/// Who or what annotated the document.
fn provenance(from: &BiocDocument) -> Option<Provenance> {
    let infon = |key| from.infons.get(key).map(String::from);
    let (model, version) = (infon("model")?, infon("model_version")?);
    Some(Provenance { model, hash: infon("model_hash"), version })
}

/// The sections, as this library writes them.
fn sections(from: &BiocDocument, text: &Text<'_>, offsets: &Offsets<'_>) -> Result<Vec<Section>> {
    let Some(told) = from.infons.get("sections").filter(|told| told.starts_with('[')) else {
        return Ok(Vec::new());
    };
    let wrong = || Error::Argument("the infon `sections` is not what this library writes".into());
    let list: Vec<serde_json::Value> = serde_json::from_str(told).map_err(|_| wrong())?;
    let mut sections = Vec::new();
    for one in list {
        let place = |start: &str, end: &str| {
            entity::stretch(&one, start, end, text, offsets).ok_or_else(wrong)
        };
        let (name, loinc) = one["name"].as_str().and_then(Section::kind).ok_or_else(wrong)?;
        let parent = one["parent"].as_u64().and_then(|parent| usize::try_from(parent).ok());
        if parent.is_some_and(|parent| parent >= sections.len()) {
            return Err(wrong());
        }
        let (place, title) = (place("start", "end")?, place("title_start", "title_end")?);
        sections.push(Section { place, title, name, loinc, parent });
    }
    Ok(sections)
}

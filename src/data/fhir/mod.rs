//! FHIR R4: a document is a Bundle of type collection, on a line of its own (NDJSON). What becomes of what is
//! decided in `fate`, and told in `docs/fhir.md`.

mod base64;
mod coding;
mod dosage;
mod extension;
mod fate;
mod history;
mod kind;
mod medication;
mod no_allergy;
mod note;
mod observation;
mod origin;
mod quantity;
mod relative;
mod statement;
#[cfg(test)]
mod tests;
mod timing;
mod ucum;
mod vital_sign;

use std::io::Write;

use serde_json::{Value, json};

use crate::data::losses::{lose, lose_all_but_entities};
use crate::data::seen::Seen;
use crate::data::sound;
use crate::data::write::{Losses, WriteOptions, Writer};
use crate::document::{AttributeKind, Document, Entity};
use crate::error::{Error, Result};
use crate::text::{InvalidText, Text};

use extension::extensions;
use fate::{Fate, fate};
use kind::Kind;
use note::{Names, Note};

/// Writes a bundle a line.
pub(super) struct Bundles<'a> {
    out: Box<dyn Write + 'a>,
    options: WriteOptions<'a>,
    losses: Losses,
    /// Names of the notes so far.
    notes: Seen,
}

impl<'a> Bundles<'a> {
    pub(super) fn new(out: Box<dyn Write + 'a>, options: WriteOptions<'a>) -> Result<Self> {
        options.check()?;
        Ok(Bundles { out, options, losses: Losses::new(), notes: Seen::default() })
    }
}

impl Writer for Bundles<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        let text = Text::new(document.text.as_str().into(), InvalidText::Reject)?;
        let mut note = Note::new(document, &text, &self.options);
        // The same text again, under the same id or none, is another note all the same.
        while !self.notes.add(&note.reference) {
            note.count_again(&self.options);
        }
        let mut entries = Entries::default();
        for entity in &document.entities {
            entries.add(&note, entity, &mut self.losses);
        }
        lose_all_but_entities(document, &mut self.losses);
        let bundle = entries.bundle(&note, self.options.subject.is_none());
        let io = |error: std::io::Error| Error::Io {
            file: "the output".into(),
            reason: error.kind().to_string(),
        };
        let mut line = bundle.to_string();
        line.push('\n');
        self.out.write_all(line.as_bytes()).map_err(io)
    }

    fn finish(&mut self) -> Result<Losses> {
        let reason = |error: std::io::Error| error.kind().to_string();
        let flushed = self.out.flush();
        flushed.map_err(|error| Error::Io { file: "the output".into(), reason: reason(error) })?;
        Ok(std::mem::take(&mut self.losses))
    }
}

/// The statements about a document, each with its name.
#[derive(Default)]
struct Entries {
    names: Names,
    all: Vec<(String, Value)>,
}

impl Entries {
    /// Adds what an entity says; what it cannot say is counted.
    fn add(&mut self, note: &Note<'_>, entity: &Entity, losses: &mut Losses) {
        let kind = Kind::of(&entity.label);
        let said = entity.value().map(|value| (value, history::category(note, entity)));
        if no_allergy::says_so(note, entity) {
            return lose(losses, "statements that there are no known allergies", 1);
        }
        let fate = fate(kind, said, observation::is_measured(entity));
        if let Fate::Lost(what) = fate {
            return lose(losses, what, 1);
        }
        let relative = if fate == Fate::Family { relative::relative(note, entity) } else { None };
        if fate == Fate::Family && relative.is_none() {
            return lose(losses, "findings of people who are no family", 1);
        }
        let Some(code) = coding::concept(note, entity, losses) else {
            return lose(losses, "entities without words", 1);
        };
        unplaced(entity, fate, losses);
        let own = extensions(note, entity);
        let resource = match fate {
            Fate::Condition(clinical, verification) => {
                statement::condition(note, own, code, clinical, verification)
            }
            Fate::Family => statement::family(note, own, code, relative.unwrap_or_default()),
            Fate::Medication(status) => {
                medication::medication(note, entity, own, code, status, losses)
            }
            Fate::Allergy(clinical, verification) => {
                let is_drug = kind == Kind::Drug;
                statement::allergy(note, own, code, (clinical, verification), is_drug)
            }
            Fate::Procedure(status) => statement::procedure(note, own, code, status),
            Fate::Observation(status) => {
                let all = observation::observations(note, entity, &own, &code, status, losses);
                for (step, resource) in all {
                    self.push(note, entity, step, resource);
                }
                return;
            }
            Fate::Lost(_) => return,
        };
        self.push(note, entity, 0, resource);
    }

    fn push(&mut self, note: &Note<'_>, entity: &Entity, part: u32, resource: Value) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        let urn = self.names.urn(note, kind, entity, part);
        self.all.push((urn, resource));
    }

    /// The bundle: the note, its patient, the statements, and where they come from.
    fn bundle(self, note: &Note<'_>, with_patient: bool) -> Value {
        let mut all = vec![(note.reference.clone(), origin::document_reference(note))];
        if with_patient {
            all.push((note.subject.clone(), origin::patient(note)));
        }
        let device = note.urn("Device", "");
        let targets: Vec<String> = self.all.iter().map(|(urn, _)| urn.clone()).collect();
        all.extend(self.all);
        if !targets.is_empty() {
            let provenance = origin::provenance(note, &targets, &device);
            all.push((device, origin::device(note)));
            all.push((note.urn("Provenance", ""), provenance));
        }
        let entry = |(urn, resource)| json!({ "fullUrl": urn, "resource": resource });
        let mut bundle = note.resource("Bundle");
        bundle["type"] = json!("collection");
        bundle["entry"] = all.into_iter().map(entry).collect();
        bundle
    }
}

/// Counts attributes for which the resource has no element.
fn unplaced(entity: &Entity, fate: Fate, losses: &mut Losses) {
    let is_result = |kind| {
        matches!(kind, AttributeKind::Value | AttributeKind::Reference | AttributeKind::Flag)
    };
    let kinds = entity.attributes.iter().map(|own| own.kind);
    let unplaced = match fate {
        Fate::Observation(_) => kinds.filter(|&kind| !is_result(kind)).count(),
        Fate::Medication(_) => kinds.filter(|&kind| is_result(kind)).count(),
        _ => kinds.count(),
    };
    lose(losses, "attributes that the resource has no element for", unplaced);
}

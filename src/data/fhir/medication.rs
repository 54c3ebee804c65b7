//! Drugs as FHIR's MedicationStatement.

use serde_json::{Value, json};

use super::dosage::dosages;
use super::note::Note;
use crate::data::write::Losses;
use crate::document::Entity;

/// A statement about a drug.
pub(super) fn medication(
    note: &Note<'_>,
    entity: &Entity,
    extensions: Value,
    code: Value,
    status: &str,
    losses: &mut Losses,
) -> Value {
    let mut resource = note.resource("MedicationStatement");
    resource["extension"] = extensions;
    resource["status"] = json!(status);
    resource["medicationCodeableConcept"] = code;
    resource["subject"] = note.patient();
    let (dosages, reasons) = dosages(note, &entity.attributes, losses);
    let reasons: Vec<_> = reasons.into_iter().map(|text| json!({ "text": text })).collect();
    if !reasons.is_empty() {
        resource["reasonCode"] = json!(reasons);
    }
    if !dosages.is_empty() {
        resource["dosage"] = json!(dosages);
    }
    resource
}

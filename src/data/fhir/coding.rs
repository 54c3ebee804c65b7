//! Codes: what a code system is called in FHIR, and concepts of a text's own words.

use serde_json::{Value, json};

use super::note::{Note, line};
use crate::data::losses::lose;
use crate::data::write::Losses;
use crate::document::Entity;

/// Code systems, in small letters without marks, with the addresses that HL7 gives them.
const SYSTEMS: [(&str, &str); 29] = [
    ("mesh", "https://www.nlm.nih.gov/mesh"),
    ("msh", "https://www.nlm.nih.gov/mesh"),
    ("icd10cm", "http://hl7.org/fhir/sid/icd-10-cm"),
    ("icd10", "http://hl7.org/fhir/sid/icd-10"),
    ("icd10pcs", "http://www.cms.gov/Medicare/Coding/ICD10"),
    ("icd9cm", "http://hl7.org/fhir/sid/icd-9-cm"),
    ("snomedct", "http://snomed.info/sct"),
    ("snomedctus", "http://snomed.info/sct"),
    ("snomed", "http://snomed.info/sct"),
    ("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
    ("loinc", "http://loinc.org"),
    ("lnc", "http://loinc.org"),
    ("umls", "http://www.nlm.nih.gov/research/umls"),
    ("hp", "http://human-phenotype-ontology.org"),
    ("hpo", "http://human-phenotype-ontology.org"),
    ("mondo", "http://purl.obolibrary.org/obo/mondo.owl"),
    ("doid", "http://purl.obolibrary.org/obo/doid.owl"),
    ("do", "http://purl.obolibrary.org/obo/doid.owl"),
    ("chebi", "http://purl.obolibrary.org/obo/chebi.owl"),
    ("atc", "http://www.whocc.no/atc"),
    ("ndc", "http://hl7.org/fhir/sid/ndc"),
    ("cvx", "http://hl7.org/fhir/sid/cvx"),
    ("cpt", "http://www.ama-assn.org/go/cpt"),
    ("unii", "http://fdasis.nlm.nih.gov"),
    ("ncit", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("nci", "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl"),
    ("omim", "http://www.omim.org"),
    ("icdo3", "http://terminology.hl7.org/CodeSystem/icd-o-3"),
    ("omop", "https://fhir-terminology.ohdsi.org"),
];

/// The address of a code system; of one that is not known, a name of ours.
fn address(system: &str) -> Option<String> {
    let plain: String =
        system.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if let Some((_, address)) = SYSTEMS.iter().find(|(name, _)| *name == plain) {
        return Some((*address).into());
    }
    let is_address = ["http:", "https:", "urn:"].iter().any(|scheme| system.starts_with(scheme));
    if is_address && !system.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Some(system.into());
    }
    (!plain.is_empty()).then(|| format!("urn:biobert:system:{plain}"))
}

/// An entity's codes, those that are given, with its words; `None` if it has neither.
pub(super) fn concept(note: &Note<'_>, entity: &Entity, losses: &mut Losses) -> Option<Value> {
    let mut codings = Vec::new();
    for link in &entity.links {
        let Some(given) = link.given() else {
            lose(losses, "codes that were not sure enough to be given", 1);
            continue;
        };
        lose(losses, "further candidates for a code", link.candidates.len() - 1);
        let (Some(system), Some(code)) = (address(&link.system), line(&given.code)) else {
            lose(losses, "codes without a system or without letters", 1);
            continue;
        };
        let mut coding = json!({ "system": system, "code": code });
        if let Some(name) = given.name.as_deref().and_then(line) {
            coding["display"] = json!(name);
        }
        codings.push(coding);
    }
    let mention = note.mention(entity);
    let mut concept = json!({});
    if !codings.is_empty() {
        concept["coding"] = json!(codings);
    }
    if let Some(mention) = mention {
        concept["text"] = json!(mention);
    }
    concept.as_object().is_some_and(|fields| !fields.is_empty()).then_some(concept)
}

/// A code of one of HL7's own code systems.
pub(super) fn hl7(system: &str, code: &str) -> Value {
    json!({ "coding": [{
        "system": format!("http://terminology.hl7.org/CodeSystem/{system}"),
        "code": code,
    }] })
}

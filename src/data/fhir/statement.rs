//! The resources that are a status, a code and whose they are: conditions, family history, allergies and
//! procedures.

use serde_json::{Value, json};

use super::coding::hl7;
use super::note::Note;

/// A condition. An affirmed one always has a clinical status: con-3 asks for it, though no validator reports
/// its absence.
pub(super) fn condition(
    note: &Note<'_>,
    extensions: Value,
    code: Value,
    clinical: Option<&str>,
    verification: &str,
) -> Value {
    let mut resource = note.resource("Condition");
    resource["extension"] = extensions;
    if let Some(clinical) = clinical {
        resource["clinicalStatus"] = hl7("condition-clinical", clinical);
    }
    resource["verificationStatus"] = hl7("condition-ver-status", verification);
    resource["code"] = code;
    resource["subject"] = note.patient();
    resource
}

/// A relative's condition.
pub(super) fn family(note: &Note<'_>, extensions: Value, code: Value, relative: Value) -> Value {
    let mut resource = note.resource("FamilyMemberHistory");
    resource["extension"] = extensions;
    // One mention is not all that can be known of a relative.
    resource["status"] = json!("partial");
    resource["patient"] = note.patient();
    resource["relationship"] = relative;
    resource["condition"] = json!([{ "code": code }]);
    resource
}

/// An allergy or intolerance; `is_drug`: to a drug.
pub(super) fn allergy(
    note: &Note<'_>,
    extensions: Value,
    code: Value,
    (clinical, verification): (&str, &str),
    is_drug: bool,
) -> Value {
    let mut resource = note.resource("AllergyIntolerance");
    resource["extension"] = extensions;
    resource["clinicalStatus"] = hl7("allergyintolerance-clinical", clinical);
    resource["verificationStatus"] = hl7("allergyintolerance-verification", verification);
    if is_drug {
        resource["category"] = json!(["medication"]);
    }
    resource["code"] = code;
    resource["patient"] = note.patient();
    resource
}

/// A procedure.
pub(super) fn procedure(note: &Note<'_>, extensions: Value, code: Value, status: &str) -> Value {
    let mut resource = note.resource("Procedure");
    resource["extension"] = extensions;
    resource["status"] = json!(status);
    resource["code"] = code;
    resource["subject"] = note.patient();
    resource
}

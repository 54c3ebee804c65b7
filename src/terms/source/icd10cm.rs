//! The tabular list of ICD-10-CM in XML: codes within codes, each with its description; inclusion terms are
//! its synonyms. Codes with a seventh character are not listed there, but made by rules, and are left out.

use std::path::PathBuf;

use super::report::Sink;
use super::xml::{Element, Wrong, walk};
use crate::error::Result;
use crate::terms::Concept;

/// The outermost element.
pub(super) const ROOTS: [&str; 1] = ["ICD10CM.tabular"];

pub(super) fn read(files: &[PathBuf], sink: &mut Sink<'_>) -> Result<()> {
    for path in files {
        sink.file(&crate::error::base_name(path));
        // The codes that are open, the innermost last.
        let mut open: Vec<Concept> = Vec::new();
        walk(path, &ROOTS, |path, element| {
            let Some(inner) = path.split_once("diag").map(|_| after_last_diag(path)) else {
                return Ok(());
            };
            match (inner, element) {
                ("", Element::Start) => open.push(Concept::default()),
                ("", Element::End(_)) => {
                    sink.record();
                    let concept = open.pop().unwrap_or_default();
                    if concept.code.is_empty() {
                        return Err(Wrong::from("a diag without its name, the code"));
                    }
                    sink.concept(concept)?;
                }
                (inner, Element::End(text)) => {
                    let Some(concept) = open.last_mut() else { return Ok(()) };
                    match inner {
                        "name" => concept.code = text.into(),
                        "desc" => concept.name = text.into(),
                        "inclusionTerm/note" => concept.synonyms.push(text.into()),
                        _ => {}
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// What of a path comes after its last `diag`, empty at the `diag` itself.
fn after_last_diag(path: &str) -> &str {
    match path.rsplit_once("diag/") {
        _ if path == "diag" || path.ends_with("/diag") => "",
        Some((before, rest)) if before.is_empty() || before.ends_with('/') => rest,
        _ => "?",
    }
}

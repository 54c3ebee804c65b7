//! MeSH in XML: descriptors (`desc2026.xml`) and supplementary records (`supp2026.xml`), whose terms stand
//! below their concepts.

use std::path::PathBuf;

use super::report::Sink;
use super::xml::{Element, Wrong, walk};
use crate::error::Result;
use crate::terms::Concept;

/// The outermost elements.
pub(super) const ROOTS: [&str; 2] = ["DescriptorRecordSet", "SupplementalRecordSet"];

pub(super) fn read(files: &[PathBuf], sink: &mut Sink<'_>) -> Result<()> {
    for path in files {
        sink.file(&crate::error::base_name(path));
        let mut concept = Concept::default();
        walk(path, &ROOTS, |path, element| {
            let Element::End(text) = element else { return Ok(()) };
            match path {
                "DescriptorRecord/DescriptorUI" | "SupplementalRecord/SupplementalRecordUI" => {
                    concept.code = text.into();
                }
                "DescriptorRecord/DescriptorName/String"
                | "SupplementalRecord/SupplementalRecordName/String" => concept.name = text.into(),
                "DescriptorRecord/ConceptList/Concept/TermList/Term/String"
                | "SupplementalRecord/ConceptList/Concept/TermList/Term/String" => {
                    concept.synonyms.push(text.into());
                }
                "DescriptorRecord" | "SupplementalRecord" => {
                    sink.record();
                    let concept = std::mem::take(&mut concept);
                    if concept.code.is_empty() {
                        return Err(Wrong::from("a record without its identifier"));
                    }
                    sink.concept(concept)?;
                }
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(())
}

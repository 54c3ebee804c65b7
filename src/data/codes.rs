//! Codes as PubTator's text and BioC's infon `identifier` have them: the system only where it is not the
//! usual one, several with a bar between them.

use std::sync::Arc;

use crate::data::flat::flat;
use crate::document::Link;

/// The system of codes that stand there without one.
const MESH: &str = "MESH";

/// Kinds whose one code is a description with marks of its own, such as `c|SUB|A|10|G`.
const VARIANTS: [&str; 9] = [
    "Variant",
    "Mutation",
    "SNP",
    "DNAMutation",
    "ProteinMutation",
    "DNAAllele",
    "ProteinAllele",
    "AcidChange",
    "SequenceVariant",
];

/// The system that a bare code of an entity of some kind belongs to.
pub(super) fn default_system(label: &str, code: &str) -> &'static str {
    let is_number = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    match label {
        "Gene" | "GeneOrGeneProduct" if is_number => "NCBIGene",
        "Species" | "OrganismTaxon" if is_number => "NCBITaxon",
        _ if is_variant(label) => "tmVar",
        _ => MESH,
    }
}

fn is_variant(label: &str) -> bool {
    VARIANTS.contains(&label)
}

/// The links of an entity: a link a code. `-` and `-1` are none.
pub(super) fn links(label: &str, column: &str) -> Vec<Link> {
    let ends = |c: char| !is_variant(label) && matches!(c, '|' | ',' | ';');
    let codes = column.split(ends).map(str::trim);
    codes.filter(|code| !matches!(*code, "" | "-" | "-1")).map(|code| link(label, code)).collect()
}

fn link(label: &str, code: &str) -> Link {
    let (system, code) = match prefixed(code).filter(|_| !is_variant(label)) {
        Some((system, code)) => (Arc::from(system), code),
        None => (Arc::from(default_system(label, code)), code),
    };
    Link::given_by_file(system, code.into())
}

/// A code with its system, where both are there.
fn prefixed(code: &str) -> Option<(&str, &str)> {
    let (system, code) = code.split_once(':')?;
    (is_system(system) && !code.is_empty()).then_some((system, code))
}

/// Whether a name may stand before a code.
pub(super) fn is_system(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// A code of a relation: as those of entities are written, without the usual system.
pub(super) fn bare(code: &str) -> &str {
    code.strip_prefix(MESH).and_then(|rest| rest.strip_prefix(':')).unwrap_or(code)
}

/// Codes of a system that is known, as older corpora have them.
pub(super) fn links_of(system: &str, codes: &str) -> Vec<Link> {
    let bare = |code: &str| Link::given_by_file(system.into(), code.into());
    links("", codes).iter().filter_map(Link::given).map(|given| bare(&given.code)).collect()
}

/// The codes that are given for an entity, and how many of them have no place there. `mesh`: whether the
/// system is told of those of MeSH too.
pub(super) fn column(label: &str, given: &[Link], mesh: bool) -> (String, usize) {
    let (mut column, mut lost) = (String::new(), 0);
    for own in given {
        let Some(candidate) = own.given() else { continue };
        let code = &candidate.code;
        let usual = *own.system == *default_system(label, code) && !(mesh && *own.system == *MESH);
        let told = if usual { code.clone() } else { format!("{}:{code}", own.system) };
        // What is read again must be the same, whatever marks a code has.
        let same = Link::given_by_file(own.system.clone(), code.clone());
        let fits = flat(&told) == told && links(label, &told) == [same];
        if !fits || (!column.is_empty() && is_variant(label)) {
            lost += 1;
            continue;
        }
        if !column.is_empty() {
            column.push('|');
        }
        column += &told;
    }
    if column.is_empty() {
        column.push('-');
    }
    (column, lost)
}

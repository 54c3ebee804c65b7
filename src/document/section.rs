//! A section of a note: a heading and what stands under it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Serialize;

/// A section of a note. `P` is how places are given: bytes of the text, or a range in the caller's
/// unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Section<P = Range<usize>> {
    /// From the first character of the heading's line to the last of what stands under it, the sections
    /// within it included; no white space around it.
    #[serde(flatten)]
    pub place: P,
    /// The heading's words, without number, marks and colon.
    pub title: P,
    /// What kind of section it is, such as `past_medical_history`.
    pub name: &'static str,
    /// Its LOINC code, where there is one.
    pub loinc: Option<&'static str>,
    /// Index of the section that it stands in.
    pub parent: Option<usize>,
}

impl<P> Section<P> {
    /// The same with other places.
    pub(crate) fn map<Q>(self, place: impl Fn(P) -> Q) -> Section<Q> {
        let Section { place: at, title, name, loinc, parent } = self;
        Section { place: place(at), title: place(title), name, loinc, parent }
    }
}

/// A kind's name and its LOINC code.
type Kind = (&'static str, Option<&'static str>);

/// The kinds of sections, by name: the first columns of the table by which headings are found.
static KINDS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    let rows = include_str!("../clinical/sections/headings.tsv").lines();
    let kinds = rows.filter(|row| !row.starts_with('#')).filter_map(|row| {
        let mut columns = row.split('\t');
        Some((columns.next()?, columns.next().filter(|&code| code != "-")))
    });
    kinds.chain([("other", None)]).map(|kind| (kind.0, kind)).collect()
});

/// The kind of a name that a file gives.
pub(crate) fn section_kind(name: &str) -> Option<Kind> {
    KINDS.get(name).copied()
}

//! A section of a note: a heading and what stands under it.

use std::ops::Range;

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

/// The kinds of sections, as the reader of headings has them: name and LOINC code.
const KINDS: &str = include_str!("../clinical/sections/headings.tsv");

impl Section {
    /// The kind of a name, and its LOINC code; `None` for a name that no section has.
    pub(crate) fn kind(name: &str) -> Option<(&'static str, Option<&'static str>)> {
        let rows = KINDS.lines().filter(|row| !row.starts_with('#'));
        let mut kinds = rows.filter_map(|row| {
            let mut fields = row.split('\t');
            Some((fields.next()?, fields.next().filter(|&code| code != "-")))
        });
        if name == "other" { Some(("other", None)) } else { kinds.find(|(own, _)| *own == name) }
    }
}

impl<P> Section<P> {
    /// The same with other places.
    pub(crate) fn map<Q>(self, place: impl Fn(P) -> Q) -> Section<Q> {
        let Section { place: at, title, name, loinc, parent } = self;
        Section { place: place(at), title: place(title), name, loinc, parent }
    }
}

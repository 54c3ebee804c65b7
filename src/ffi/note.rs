//! Notes: what `biobert_extract_run` and `biobert_sections_run` find.

use crate::document::{Attribute, AttributeKind, Section};
use crate::ffi::assertion::{assertion, biobert_assertion, biobert_category, category};
use crate::ffi::link::{
    biobert_code, biobert_code_relation, biobert_link, code, code_relation, link,
};
use crate::ffi::text::biobert_str;
use crate::tasks::TextRange;
use crate::tasks::extract::{Also, DocumentExtract};

/// An index that points nowhere.
pub const BIOBERT_NONE: u64 = u64::MAX;

/// A section of a note: its heading and what stands under it. Offsets are in the unit of the
/// call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_section {
    /// Offset of its first character.
    pub start: u64,
    /// Offset after the last character of what stands under the heading, the sections within it
    /// included.
    pub end: u64,
    /// Offset of the first character of the heading's words, without number, marks and colon.
    pub title_start: u64,
    /// Offset after their last character.
    pub title_end: u64,
    /// Index of the section that it stands in, or `BIOBERT_NONE`.
    pub parent: u64,
    /// What kind of section it is, such as `past_medical_history`.
    pub name: biobert_str,
    /// Its LOINC code; empty where there is none.
    pub loinc: biobert_str,
}

/// What an attribute says.
pub type biobert_attribute_kind = i32;

/// Of a drug: how much is taken at a time.
pub const BIOBERT_ATTRIBUTE_DOSE: biobert_attribute_kind = 1;
/// Of a drug: how much of it one unit holds.
pub const BIOBERT_ATTRIBUTE_STRENGTH: biobert_attribute_kind = 2;
/// Of a drug: tablet, cream.
pub const BIOBERT_ATTRIBUTE_FORM: biobert_attribute_kind = 3;
/// Of a drug: by mouth, into a vein.
pub const BIOBERT_ATTRIBUTE_ROUTE: biobert_attribute_kind = 4;
/// Of a drug: how often.
pub const BIOBERT_ATTRIBUTE_FREQUENCY: biobert_attribute_kind = 5;
/// Of a drug: for how long.
pub const BIOBERT_ATTRIBUTE_DURATION: biobert_attribute_kind = 6;
/// Of a drug: only when needed.
pub const BIOBERT_ATTRIBUTE_AS_NEEDED: biobert_attribute_kind = 7;
/// Of a drug: what for.
pub const BIOBERT_ATTRIBUTE_REASON: biobert_attribute_kind = 8;
/// Of a test: its result.
pub const BIOBERT_ATTRIBUTE_VALUE: biobert_attribute_kind = 9;
/// Of a test: the range that is normal.
pub const BIOBERT_ATTRIBUTE_REFERENCE: biobert_attribute_kind = 10;
/// Of a test: what the laboratory remarked.
pub const BIOBERT_ATTRIBUTE_FLAG: biobert_attribute_kind = 11;

/// An attribute of a drug or test. Offsets are in the unit of the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_attribute {
    /// Offset of its first character.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// Its number, or the lower end of a range; NaN where there is none, and of an upper limit.
    pub low: f64,
    /// The upper end of a range, or as `low`; NaN where there is none, and of a lower limit.
    pub high: f64,
    /// `<`, `<=`, `>`, `>=` or `~` before the number; empty where there is none.
    pub comparator: biobert_str,
    /// A unit of UCUM; empty where there is none. Of a frequency `/d`, `/wk`, `/mo` and `/a` count
    /// times, `min`, `h`, `wk` and `mo` the time from one to the next, `{dose}` how often in all.
    pub unit: biobert_str,
    /// What it says.
    pub kind: biobert_attribute_kind,
    /// Which part of a taper, or of a series of results, it belongs to, from 0.
    pub step: u32,
    /// 1 if it could be read, else 0: then only its kind and place are known.
    pub parsed: u32,
}

/// What another head calls an entity.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_also {
    /// Its kind, such as `Disease`.
    pub label: biobert_str,
    /// The head that found it.
    pub head: biobert_str,
    /// Mean probability of the labels of its words, from 0 to 1.
    pub score: f32,
}

/// An entity of a note and what the note says of it. Offsets are in the unit of the call.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_entity {
    /// Offset of its first character.
    pub start: u64,
    /// Offset after its last character.
    pub end: u64,
    /// Index of the section that it stands in, the innermost, or `BIOBERT_NONE`.
    pub section: u64,
    /// Offset of the first character of the words that decided the assertion. If there are none,
    /// `cue_start` and `cue_end` are both 0.
    pub cue_start: u64,
    /// Offset after their last character.
    pub cue_end: u64,
    /// What other heads call it: index of the first in the document's list.
    pub first_also: u64,
    /// How many there are.
    pub n_also: u64,
    /// Its attributes: index of the first in the document's list.
    pub first_attribute: u64,
    /// How many there are.
    pub n_attributes: u64,
    /// Its kind, such as `Problem`.
    pub label: biobert_str,
    /// The head that found it.
    pub head: biobert_str,
    /// What it stands for, if it is a short form that is known or defined in the note; else
    /// empty.
    pub expansion: biobert_str,
    /// Mean probability of the labels of its words, from 0 to 1.
    pub score: f32,
    /// Whether the patient has it.
    pub assertion: biobert_assertion,
    /// Why the assertion has its value.
    pub category: biobert_category,
    /// Probability of the assertion, from 0 to 1; 0 if it was not assessed.
    pub assertion_score: f32,
    /// What the code systems have for it: index of the first in the document's list.
    pub first_link: u64,
    /// How many there are: none without terminologies.
    pub n_links: u64,
}

fn optional(text: Option<&str>) -> biobert_str {
    biobert_str::of(text.unwrap_or_default())
}

/// A section in C's struct.
pub(crate) fn section(section: &Section<TextRange>) -> biobert_section {
    biobert_section {
        start: section.place.start as u64,
        end: section.place.end as u64,
        title_start: section.title.start as u64,
        title_end: section.title.end as u64,
        parent: section.parent.map_or(BIOBERT_NONE, |parent| parent as u64),
        name: biobert_str::of(section.name),
        loinc: optional(section.loinc),
    }
}

fn kind(kind: AttributeKind) -> biobert_attribute_kind {
    match kind {
        AttributeKind::Dose => BIOBERT_ATTRIBUTE_DOSE,
        AttributeKind::Strength => BIOBERT_ATTRIBUTE_STRENGTH,
        AttributeKind::Form => BIOBERT_ATTRIBUTE_FORM,
        AttributeKind::Route => BIOBERT_ATTRIBUTE_ROUTE,
        AttributeKind::Frequency => BIOBERT_ATTRIBUTE_FREQUENCY,
        AttributeKind::Duration => BIOBERT_ATTRIBUTE_DURATION,
        AttributeKind::AsNeeded => BIOBERT_ATTRIBUTE_AS_NEEDED,
        AttributeKind::Reason => BIOBERT_ATTRIBUTE_REASON,
        AttributeKind::Value => BIOBERT_ATTRIBUTE_VALUE,
        AttributeKind::Reference => BIOBERT_ATTRIBUTE_REFERENCE,
        AttributeKind::Flag => BIOBERT_ATTRIBUTE_FLAG,
    }
}

fn attribute(attribute: &Attribute<TextRange>) -> biobert_attribute {
    biobert_attribute {
        start: attribute.place.start as u64,
        end: attribute.place.end as u64,
        low: attribute.low.unwrap_or(f64::NAN),
        high: attribute.high.unwrap_or(f64::NAN),
        comparator: optional(attribute.comparator),
        unit: optional(attribute.unit.as_deref()),
        kind: kind(attribute.kind),
        step: attribute.step,
        parsed: u32::from(attribute.parsed),
    }
}

fn also(also: &Also) -> biobert_also {
    biobert_also {
        label: biobert_str::of(&also.label),
        head: biobert_str::of(&also.head),
        score: also.score,
    }
}

/// The entities of a note in C's structs, with the lists that they point into.
#[derive(Debug, Default)]
pub(crate) struct NoteViews {
    pub(crate) sections: Vec<biobert_section>,
    pub(crate) entities: Vec<biobert_entity>,
    pub(crate) also: Vec<biobert_also>,
    pub(crate) attributes: Vec<biobert_attribute>,
    pub(crate) links: Vec<biobert_link>,
    pub(crate) codes: Vec<biobert_code>,
    pub(crate) code_relations: Vec<biobert_code_relation>,
}

impl NoteViews {
    /// Those of a note of which nothing but its sections is known.
    pub(crate) fn of_sections(sections: &[Section<TextRange>]) -> NoteViews {
        NoteViews { sections: sections.iter().map(section).collect(), ..NoteViews::default() }
    }

    pub(crate) fn new(note: &DocumentExtract) -> NoteViews {
        let mut views = NoteViews::of_sections(&note.sections);
        views.code_relations = note.code_relations.iter().map(code_relation).collect();
        for entity in &note.entities {
            let assessed = entity.assertion.as_ref();
            let cue = assessed.and_then(|assertion| assertion.cue);
            views.entities.push(biobert_entity {
                start: entity.place.start as u64,
                end: entity.place.end as u64,
                section: entity.section.map_or(BIOBERT_NONE, |section| section as u64),
                cue_start: cue.map_or(0, |cue| cue.start as u64),
                cue_end: cue.map_or(0, |cue| cue.end as u64),
                first_also: views.also.len() as u64,
                n_also: entity.also.len() as u64,
                first_attribute: views.attributes.len() as u64,
                n_attributes: entity.attributes.len() as u64,
                label: biobert_str::of(&entity.label),
                head: biobert_str::of(&entity.head),
                expansion: optional(entity.expansion.as_deref()),
                score: entity.score,
                assertion: assertion(assessed.map(|assertion| assertion.value)),
                category: category(assessed.and_then(|assertion| assertion.category)),
                assertion_score: assessed.map_or(0.0, |assertion| assertion.score),
                first_link: views.links.len() as u64,
                n_links: entity.links.len() as u64,
            });
            views.also.extend(entity.also.iter().map(also));
            views.attributes.extend(entity.attributes.iter().map(attribute));
            for one in &entity.links {
                views.links.push(link(one, views.codes.len()));
                views.codes.extend(one.candidates.iter().map(code));
            }
        }
        views
    }
}

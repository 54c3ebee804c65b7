//! Notes in C's structs: every field of every struct, and the numbers of the constants.

use std::sync::Arc;

use crate::document::{
    Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Section,
};
use crate::ffi::assertion::{assertion, category};
use crate::ffi::note::NoteViews;
use crate::ffi::*;
use crate::tasks::TextRange;
use crate::tasks::extract::{Also, DocumentExtract, ExtractedEntity};

fn at(start: usize, end: usize) -> TextRange {
    TextRange { start, end }
}

fn text(view: biobert_str) -> String {
    // SAFETY: the views of these tests point into what their test holds.
    unsafe { view.str("text") }.unwrap().to_string()
}

fn sections() -> [Section<TextRange>; 2] {
    let outer = Section {
        place: at(1, 90),
        title: at(4, 9),
        name: "assessment_and_plan",
        loinc: Some("51847-2"),
        parent: None,
    };
    let inner = Section {
        place: at(20, 80),
        title: at(21, 25),
        name: "plan",
        loinc: None,
        parent: Some(0),
    };
    [outer, inner]
}

fn attribute(kind: AttributeKind, step: u32) -> Attribute<TextRange> {
    Attribute {
        kind,
        place: at(40, 45),
        low: Some(1.5),
        high: Some(2.0),
        comparator: Some("<="),
        unit: Some("mg".into()),
        step,
        parsed: true,
    }
}

fn entity(label: &str) -> ExtractedEntity {
    ExtractedEntity {
        place: at(30, 38),
        label: Arc::from(label),
        score: 0.75,
        head: Arc::from("clinical"),
        also: Vec::new(),
        section: None,
        assertion: None,
        expansion: None,
        attributes: Vec::new(),
        links: Vec::new(),
    }
}

fn also(label: &str) -> Also {
    Also { label: Arc::from(label), head: Arc::from("other"), score: 0.5 }
}

#[test]
fn sections_have_all_their_fields() {
    let sections = sections();
    let views = NoteViews::of_sections(&sections).sections;
    let [outer, inner] = &views[..] else { panic!("{} sections", views.len()) };
    assert_eq!((outer.start, outer.end, outer.title_start, outer.title_end), (1, 90, 4, 9));
    assert_eq!((outer.parent, inner.parent), (BIOBERT_NONE, 0));
    assert_eq!(
        (text(outer.name), text(outer.loinc)),
        ("assessment_and_plan".into(), "51847-2".into())
    );
    assert_eq!((text(inner.name), inner.loinc.len), ("plan".into(), 0));
}

#[test]
fn entities_have_all_their_fields_and_their_parts_of_the_lists() {
    let says = Assertion {
        value: AssertionValue::Absent,
        category: Some(AssertionCategory::Stopped),
        score: 0.25,
        cue: Some(at(50, 57)),
    };
    let full = ExtractedEntity {
        also: vec![also("Chemical"), also("Drug")],
        section: Some(1),
        assertion: Some(says),
        expansion: Some("long form".into()),
        attributes: vec![attribute(AttributeKind::Dose, 0), attribute(AttributeKind::Dose, 1)],
        ..entity("Drug")
    };
    let silent = Assertion { category: None, cue: None, ..says };
    let last = ExtractedEntity {
        also: vec![also("Disease")],
        assertion: Some(silent),
        attributes: vec![Attribute {
            low: None,
            high: None,
            comparator: None,
            unit: None,
            parsed: false,
            ..attribute(AttributeKind::Reason, 2)
        }],
        ..entity("Problem")
    };
    let entities = vec![full, entity("Test"), last];
    let note = DocumentExtract { entities, ..DocumentExtract::default() };
    let views = NoteViews::new(&note);
    let [full, bare, last] = &views.entities[..] else { panic!("not three entities") };

    assert_eq!((full.start, full.end, full.score, full.section), (30, 38, 0.75, 1));
    assert_eq!(
        [full.label, full.head, full.expansion].map(text),
        ["Drug", "clinical", "long form"]
    );
    assert_eq!(
        (full.assertion, full.category),
        (BIOBERT_ASSERTION_ABSENT, BIOBERT_CATEGORY_STOPPED)
    );
    assert_eq!((full.assertion_score, full.cue_start, full.cue_end), (0.25, 50, 57));
    assert_eq!((bare.section, bare.expansion.len), (BIOBERT_NONE, 0));
    assert_eq!((bare.assertion, bare.category), (BIOBERT_ASSERTION_NONE, BIOBERT_CATEGORY_NONE));
    assert_eq!((bare.assertion_score, bare.cue_start, bare.cue_end), (0.0, 0, 0));
    assert_eq!((last.category, last.cue_start, last.cue_end), (BIOBERT_CATEGORY_NONE, 0, 0));

    let parts = |e: &biobert_entity| (e.first_also, e.n_also, e.first_attribute, e.n_attributes);
    assert_eq!([parts(full), parts(bare), parts(last)], [(0, 2, 0, 2), (2, 0, 2, 0), (2, 1, 2, 1)]);
    let labels: Vec<_> = views.also.iter().map(|also| text(also.label)).collect();
    assert_eq!(labels, ["Chemical", "Drug", "Disease"]);
    assert_eq!((text(views.also[0].head), views.also[0].score), ("other".into(), 0.5));

    let [first, second, unread] = &views.attributes[..] else { panic!("not three attributes") };
    assert_eq!((first.start, first.end, first.low, first.high), (40, 45, 1.5, 2.0));
    assert_eq!(
        (text(first.comparator), text(first.unit), first.parsed),
        ("<=".into(), "mg".into(), 1)
    );
    assert_eq!((first.step, second.step, unread.step), (0, 1, 2));
    assert_eq!((first.kind, unread.kind), (BIOBERT_ATTRIBUTE_DOSE, BIOBERT_ATTRIBUTE_REASON));
    assert!(unread.low.is_nan() && unread.high.is_nan());
    assert_eq!((unread.comparator.len, unread.unit.len, unread.parsed), (0, 0, 0));
}

#[test]
fn values_and_categories_are_numbered_from_1_in_their_order() {
    let values = AssertionValue::ALL.map(|value| assertion(Some(value)));
    assert_eq!(values[..], (1..=5).collect::<Vec<_>>()[..]);
    let categories = AssertionCategory::ALL.map(|value| category(Some(value)));
    assert_eq!(categories[..], (1..=11).collect::<Vec<_>>()[..]);
    let kinds = AttributeKind::ALL.map(|kind| {
        let drug = ExtractedEntity { attributes: vec![attribute(kind, 0)], ..entity("Drug") };
        let note = DocumentExtract { entities: vec![drug], ..DocumentExtract::default() };
        NoteViews::new(&note).attributes[0].kind
    });
    assert_eq!(kinds[..], (1..=11).collect::<Vec<_>>()[..]);
    assert_eq!((assertion(None), category(None)), (BIOBERT_ASSERTION_NONE, BIOBERT_CATEGORY_NONE));
}

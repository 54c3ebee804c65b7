use super::COLUMNS;
use crate::data::{Format, Losses, Target, WriteOptions, writer};
use crate::document::{
    Assertion, AssertionCategory as Why, AssertionValue as Is, Document, Entity, Link, Provenance,
};
use crate::text::OffsetUnit;

/// The rows of documents below the names of the columns, and what was lost.
fn written(documents: &[Document], options: WriteOptions<'_>) -> (Vec<Vec<String>>, Losses) {
    let mut out = Vec::new();
    let mut writer = writer(Format::Omop, Target::Stream(Box::new(&mut out)), options).unwrap();
    documents.iter().for_each(|document| writer.document(document).unwrap());
    let losses = writer.finish().unwrap();
    drop(writer);
    let mut reader = csv::Reader::from_reader(out.as_slice());
    assert_eq!(reader.headers().unwrap(), COLUMNS.as_slice());
    let rows = reader.records().map(|row| row.unwrap().iter().map(String::from).collect());
    (rows.collect(), losses)
}

fn options() -> WriteOptions<'static> {
    WriteOptions::new(OffsetUnit::UnicodeScalars)
}

fn one(said: Option<(Is, Option<Why>)>) -> Document {
    let mut entity = Entity::new(6..11, "Problem".into());
    entity.assertion =
        said.map(|(value, category)| Assertion { category, ..Assertion::new(value) });
    let text = "é, a fever;\nand \"more\"".into();
    Document { id: Some("12".into()), text, entities: vec![entity], ..Document::default() }
}

#[test]
fn a_row_has_what_the_table_asks_for() {
    let mut document = one(Some((Is::Absent, Some(Why::Denied))));
    document.entities[0].links.push(Link::given_by_file("MESH".into(), "D005334".into()));
    document.entities[0].links.push(Link::given_by_file("OMOP".into(), "437663".into()));
    document.provenance =
        Some(Provenance { model: "bio".into(), hash: None, version: "0.3.0".into() });
    let options = WriteOptions { date: Some("2026-11-28T09:30:00Z"), ..options() };
    let (rows, losses) = written(&[document], options);
    let modifiers = "Negation=true;Subject=patient;Assertion=absent;Category=denied;Label=Problem;\
        Document=12;Code=MESH:D005334;Code=OMOP:437663";
    let row = [
        "1",
        "12",
        "0",
        "é, a fever; and \"more\"",
        "5",
        "fever",
        "437663",
        "0",
        "biobert 0.3.0 bio",
        "2026-11-28",
        "2026-11-28T09:30:00Z",
        "N",
        "Present",
        modifiers,
    ];
    assert_eq!(rows, [row]);
    assert!(losses.is_empty(), "{losses:?}");
}

#[test]
fn what_every_assertion_comes_out_as() {
    let cases = [
        (None, "", "", ""),
        (Some((Is::Present, None)), "Y", "Present", "Subject=patient"),
        (Some((Is::Absent, None)), "N", "Present", "Negation=true;Subject=patient"),
        (Some((Is::Absent, Some(Why::Denied))), "N", "Present", "Negation=true;Subject=patient"),
        (
            Some((Is::Absent, Some(Why::RuledOut))),
            "N",
            "Present",
            "Negation=true;Subject=patient;Rule_out=true",
        ),
        (Some((Is::Absent, Some(Why::Resolved))), "Y", "Past", "Subject=patient;Resolved=true"),
        (Some((Is::Absent, Some(Why::Stopped))), "Y", "Past", "Subject=patient;Stopped=true"),
        (Some((Is::Absent, Some(Why::Allergy))), "N", "Present", "Subject=patient;Allergy=true"),
        (Some((Is::Absent, Some(Why::Family))), "N", "Present", "Negation=true;Subject=family"),
        (Some((Is::Possible, None)), "N", "Present", "Subject=patient;Uncertain=true"),
        (
            Some((Is::Possible, Some(Why::Conditional))),
            "N",
            "Present",
            "Subject=patient;Uncertain=true;Conditional=true",
        ),
        (Some((Is::Historical, Some(Why::Past))), "Y", "Past", "Subject=patient;History=true"),
        (Some((Is::OtherPerson, Some(Why::Family))), "N", "Present", "Subject=family"),
        (Some((Is::OtherPerson, None)), "N", "Present", "Subject=other"),
    ];
    for (said, exists, temporal, modifiers) in cases {
        let (rows, _) = written(&[one(said)], options());
        let row = &rows[0];
        assert_eq!([row[11].as_str(), row[12].as_str()], [exists, temporal], "{said:?}");
        assert!(row[13].starts_with(modifiers), "{said:?}: {}", row[13]);
    }
}

#[test]
fn what_is_not_present_is_never_there_now() {
    for value in Is::ALL {
        for category in Why::ALL.into_iter().map(Some).chain([None]) {
            let (rows, _) = written(&[one(Some((value, category)))], options());
            let is_there = rows[0][11] == "Y" && rows[0][12] == "Present";
            assert_eq!(is_there, value == Is::Present, "{value:?} {category:?}");
        }
    }
}

#[test]
fn notes_have_whole_numbers() {
    let named = |id: Option<&str>| Document { id: id.map(String::from), ..one(None) };
    let ids = |ids: &[Option<&str>]| {
        let documents: Vec<_> = ids.iter().map(|id| named(*id)).collect();
        let (rows, losses) = written(&documents, options());
        let notes: Vec<i64> = rows.iter().map(|row| row[1].parse().unwrap()).collect();
        (notes, losses.get("ids of documents that are no number").copied().unwrap_or(0))
    };
    assert_eq!(ids(&[Some("7"), Some("x"), Some("2")]), (vec![7, -2, 2], 1));
    assert_eq!(ids(&[Some("note-1"), Some("1"), None]), (vec![1, 2, 3], 3));
    assert_eq!(ids(&[Some("99999999999999999999")]), (vec![1], 1));
}

#[test]
fn columns_hold_as_much_as_the_table_says() {
    let text = "β ".repeat(2000);
    let entity = Entity::new(0..text.len(), "Problem".into());
    let document = Document { text, entities: vec![entity], ..Document::default() };
    let (rows, losses) = written(&[document], options());
    assert_eq!(rows[0][3].chars().count(), 250);
    assert_eq!(rows[0][5].chars().count(), 250);
    assert_eq!(losses["ends of texts that are too long"], 1);
}

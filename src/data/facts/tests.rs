//! What goes wrong in tables; that they come back is a test over all formats.

use crate::data::{Format, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use crate::document::{Assertion, AssertionValue, Document, Entity, Link, Relation, Section};
use crate::text::OffsetUnit;

const UNIT: OffsetUnit = OffsetUnit::UnicodeScalars;

fn read(table: &str) -> Vec<Result<Document, String>> {
    let origin = Origin::Stream(Box::new(table.as_bytes()));
    let options = StreamOptions { unit: UNIT };
    let all = stream("a.csv", Format::Csv, origin, options).unwrap();
    all.map(|document| document.map_err(|error| error.to_string())).collect()
}

fn errors(table: &str) -> Vec<String> {
    let told: Vec<String> = read(table).into_iter().filter_map(Result::err).collect();
    assert!(!told.iter().any(|told| told.contains("SECRET")), "{told:?}");
    told
}

#[test]
fn cells_are_quoted_as_the_rfc_has_it() {
    let text = "a,\"b\"\r\nc\rd\n=1+1";
    let mut out = Vec::new();
    let target = Target::Stream(Box::new(&mut out));
    let mut to = writer(Format::Csv, target, WriteOptions::new(UNIT)).unwrap();
    let entities = vec![Entity::new(text.len() - 4..text.len(), "X".into())];
    let document =
        Document { id: Some("n\n1".into()), text: text.into(), entities, ..Document::default() };
    to.document(&document).unwrap();
    assert!(to.finish().unwrap().is_empty());
    drop(to);
    let table = String::from_utf8(out).unwrap();
    let (header, rows) = table.split_once("\r\n").unwrap();
    assert!(header.starts_with("doc,id,fact,number,"), "{header}");
    assert!(rows.starts_with("0,\"n\n1\",document,,,,,,,\"a,\"\"b\"\"\r\nc\rd\n=1+1\","), "{rows}");
    assert!(rows.contains("\r\n0,\"n\n1\",entity,0,,,,11,15,=1+1,X,"), "{rows}");
    assert_eq!(read(&table), [Ok(Document { line: 2, ..document })]);
    assert_eq!(read(&format!("\u{FEFF}{table}")).len(), 1);
}

#[test]
fn a_table_may_have_fewer_columns_and_rows() {
    let table = "text,end,start,fact,doc,label,number,of\nnaïve liver,,,document,x,,,\n\
                 liver,11,6,entity,x,Organ,7,\nnaïve,5,0,attribute,x,dose,,7\n";
    let found = read(table).remove(0).unwrap();
    assert_eq!(found.entities[0].attributes[0].place, 0..6);
    assert_eq!((&*found.entities[0].label, found.entities[0].bytes.clone()), ("Organ", 7..12));
    assert!(read("").is_empty() && read("doc,fact,text\r\n").is_empty());
}

#[test]
fn a_bad_document_is_told_and_the_others_follow() {
    let head = "doc,id,fact,text,start,end,label,of,score\n";
    let good = "1,n2,document,fine,,,,,\n1,n2,entity,fine,0,4,X,,0.5\n";
    for (rows, told) in [
        ("0,n1,entity,SECRET,0,6,X,,", "line 2: a document that does not start with its text"),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,entity,wrong,0,6,X,,",
            "line 3: document n1: the text of the row does not stand at its place; do its offsets count something else?",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,entity,SECRET,0,7,X,,",
            "line 3: document n1: what it says ends after the text",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,entity,SECRET,0,6,,,",
            "line 3: document n1: `label` is empty",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,SECRET,,0,6,X,,",
            "line 3: document n1: `fact` has a value that is not known",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,entity,SECRET,0,6,X,,nan",
            "line 3: document n1: `score` has a value that is not known",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,piece,SECRET,0,6,,,",
            "line 3: document n1: `of` is empty",
        ),
        (
            "0,n1,document,SECRET,,,,,\n7,n1,entity,SECRET,0,6,X,,",
            "line 3: document n1: a row of another document, whose text does not come first",
        ),
        (
            "0,n1,document,SECRET,,,,,\n0,n1,entity",
            "line 3: document n1: 3 cells, and the header has 9",
        ),
    ] {
        let found = read(&format!("{head}{rows}\n{good}"));
        assert_eq!(found.len(), 2, "{rows}");
        assert!(found[1].is_ok());
        assert_eq!(errors(&format!("{head}{rows}\n{good}")), [format!("a.csv: {told}")]);
    }
    assert_eq!(errors("doc,fact,SECRET\n"), ["a.csv: its header has no column `text`"]);
    let open = format!("{head}{good}2,n3,document,\"SECRET\n,,,,,\n");
    assert_eq!(errors(&open), ["a.csv: a cell's quotation marks do not end"]);
    assert_eq!(read(&open).len(), 2);
}

#[test]
fn rows_that_are_apart_from_their_document_are_told() {
    let head = "doc,id,fact,text,start,end,label\n";
    let texts = "0,n1,document,fever,,,\n1,n2,document,rash,,,\n";
    // The first document is given before the row is seen: the file is refused, and nothing follows.
    for row in ["0,n1,entity,fever,0,5,X", "0,,entity,fever,0,5,X", "1,n1,entity,fever,0,5,X"] {
        let found = read(&format!("{head}{texts}{row}\n2,n3,document,x,,,\n"));
        assert_eq!(found.len(), 2, "{row}");
        let told = "a.csv: line 4: a row of a document that ended before: sort the rows by `doc`";
        assert_eq!(found[1], Err(told.into()), "{row}");
    }
    let found = read(&format!("{head}1,n2,entity,rash,0,4,X\n{texts}"));
    let told = [
        Some("a.csv: line 2: a document that does not start with its text"),
        None,
        Some("a.csv: line 4: a document of which a row stands before its text"),
    ];
    let found: Vec<_> = found.iter().map(|one| one.as_ref().err().map(String::as_str)).collect();
    assert_eq!(found, told);
}

#[test]
fn no_column_and_no_cell_is_passed_over() {
    let table = "Doc,FACT, Text ,Start,END,label\n0,document,fever,,,\n0,entity,fever,0,5,X\n";
    assert_eq!(read(table)[0].as_ref().unwrap().entities.len(), 1);
    for (header, told) in [
        ("doc,fact,text,reviewer", "has a column that is not known: `reviewer`"),
        ("doc,fact,text,été", "has a column that is not known: number 4"),
        ("doc,fact,text,Text", "has the column `text` twice"),
    ] {
        assert_eq!(
            errors(&format!("{header}\n0,document,x,\n")),
            [format!("a.csv: its header {told}")]
        );
    }
    let head = "doc,fact,text,start,end,label,assertion,category,low,model,version\n";
    for (row, told) in [
        ("entity,SECRET,0,6,X,,denied,,,", "`category` without `assertion`"),
        ("entity,SECRET,0,6,X,,,5,,", "`low` is not empty, and says nothing of a entity"),
        ("word,SECRET,0,6,X,,,,,", "`label` is not empty, and says nothing of a word"),
    ] {
        let told = format!("a.csv: line 3: {told}");
        assert_eq!(errors(&format!("{head}0,document,SECRET,,,,,,,,\n0,{row}\n")), [told]);
    }
    let told = "a.csv: line 2: `version` without `model`";
    assert_eq!(errors(&format!("{head}0,document,SECRET,,,,,,,,7\n")), [told]);
}

/// A spreadsheet's filter: what stays are the documents and the entities that the patient has.
#[test]
fn rows_that_were_taken_out_leave_nothing_of_theirs() {
    let text = "HPI: fever, no rash. 5 mg";
    let section = Section::kind("history_of_present_illness").map(|(name, loinc)| Section {
        place: 0..text.len(),
        title: 0..3,
        name,
        loinc,
        parent: None,
    });
    let said = |value| Some(Assertion::new(value));
    let entity = |bytes, assertion| Entity {
        section: Some(0),
        assertion,
        ..Entity::new(bytes, "Problem".into())
    };
    let mut rash = entity(15..19, said(AssertionValue::Absent));
    rash.links.push(Link::given_by_file("MESH".into(), "D005076".into()));
    let fever = entity(5..10, said(AssertionValue::Present));
    let document = Document {
        id: Some("n1".into()),
        text: text.into(),
        sections: section.into_iter().collect(),
        entities: vec![rash.clone(), fever],
        relations: vec![Relation::new(0, 1, "x".into())],
        ..Document::default()
    };
    let mut out = Vec::new();
    let target = Target::Stream(Box::new(&mut out));
    let mut to = writer(Format::Csv, target, WriteOptions::new(UNIT)).unwrap();
    to.document(&document).unwrap();
    to.finish().unwrap();
    drop(to);
    let table = String::from_utf8(out).unwrap();
    let kept = |keep: &dyn Fn(&str) -> bool| {
        let (header, rows) = table.split_once("\r\n").unwrap();
        let rows: Vec<&str> = rows.split("\r\n").filter(|row| keep(row)).collect();
        read(&format!("{header}\r\n{}", rows.join("\r\n"))).remove(0).unwrap()
    };
    let present = kept(&|row| row.contains("document") || row.contains(",present,"));
    assert_eq!(present.entities.len(), 1);
    assert_eq!(&present.text[present.entities[0].bytes.clone()], "fever");
    assert_eq!(present.entities[0].section, None);
    let sections = "mentions of sections whose rows are not there";
    assert_eq!(present.passed_over, [(sections, 1)].into());
    // Without its entity, a code and a relation are of nothing.
    let without = kept(&|row| !row.contains(",absent,"));
    assert!(without.relations.is_empty() && without.entities[0].section == Some(0));
    assert_eq!(without.passed_over, [("rows of entities whose rows are not there", 2)].into());
}

#[test]
fn a_row_that_stands_before_what_it_names_is_no_row_without_it() {
    let head = "doc,fact,number,of,start,end,text,label\n0,document,,,,,SECRET,\n";
    let rows = "0,piece,,4,0,6,SECRET,\n0,entity,4,,0,6,SECRET,X\n";
    let told = ["a.csv: line 3: `of` names an entity that comes after it"];
    assert_eq!(errors(&format!("{head}{rows}")), told);
}

#[test]
fn an_empty_id_is_counted_where_it_is_lost() {
    let mut out = Vec::new();
    let target = Target::Stream(Box::new(&mut out));
    let mut to = writer(Format::Csv, target, WriteOptions::new(UNIT)).unwrap();
    to.document(&Document { id: Some("".into()), ..Document::default() }).unwrap();
    assert_eq!(to.finish().unwrap(), [("empty ids", 1)].into());
}

//! PubTator's text, read.

use crate::data::{Format, Origin, StreamOptions, stream};
use crate::document::Document;
use crate::error::Result;
use crate::text::OffsetUnit;

fn read(text: &str) -> Vec<Result<Document>> {
    let options = StreamOptions { unit: OffsetUnit::UnicodeScalars };
    let origin = Origin::Stream(Box::new(text.as_bytes()));
    stream("a.txt", Format::Pubtator, origin, options).unwrap().collect()
}

#[test]
fn offsets_are_scalars_over_title_one_character_abstract() {
    let text = "\u{FEFF}7|t|A 😀 rash.\r\n7|a|No fever, 😀 pain\r\n\
                7\t4\t8\trash\tDisease\tD005076\r\n7\t13\t18\tfever\tDisease\tMESH:D005334|OMIM:1\r\n\
                7\t22\t26\tpain\tSymptom\t-1\r\n7\tCID\tMESH:D1\tD2\tNone\r\n";
    let found = read(text).pop().unwrap().unwrap();
    assert_eq!((found.id.as_deref(), found.line), (Some("7"), 1));
    assert_eq!(found.text, "A 😀 rash.\nNo fever, 😀 pain");
    let marked = found.entities.iter().map(|e| {
        let links = e.links.iter().map(|l| format!("{}:{}", l.system, l.given().unwrap().code));
        (&found.text[e.bytes.clone()], links.collect::<Vec<_>>().join(" "))
    });
    let expected = [("rash", "MESH:D005076"), ("fever", "MESH:D005334 OMIM:1"), ("pain", "")];
    assert_eq!(marked.collect::<Vec<_>>(), expected.map(|(a, b)| (a, b.to_string())));
    let relation = &found.code_relations[0];
    let told = (&*relation.label, &*relation.first, &*relation.second);
    assert_eq!(told, ("CID", "D1", "D2"));
    let kinds = found.passages.iter().map(|p| (p.kind.as_deref().unwrap(), p.bytes.clone()));
    assert_eq!(kinds.collect::<Vec<_>>(), [("title", 0..12), ("abstract", 13..32)]);
}

#[test]
fn what_is_wrong_with_a_document_is_told_and_the_next_ones_follow() {
    let wrong = [
        (
            "1|t|SECRET\n1\t0\t9\tSECRET\tDisease\t-\n",
            "line 2: document 1: the entity ends after the text",
        ),
        (
            "1|t|SECRET\n1\t0\t5\tSECRET\tDisease\t-\n",
            "line 2: document 1: the text of the entity does",
        ),
        ("1|t|SECRET\n2\t0\t6\tSECRET\tDisease\t-\n", "line 2: document 1: a line with the id of"),
        ("1|t|SECRET\n1\t0\t6\tSECRET\n", "line 2: document 1: an entity without its four"),
        ("1|t|SECRET\n1\t0\tx\tSECRET\tDisease\n", "line 2: document 1: a place that is not"),
        ("1|t|SECRET\n1\t0\t6\tSECRET\t \n", "line 2: document 1: the entity has no label"),
        ("1|t|SECRET\n1\tCID\tD1\n", "line 2: document 1: neither"),
        ("1|t|SECRET\n1\tCID\tD1\t\n", "line 2: document 1: a relation without"),
        ("SECRET\n1|a|x\n", "line 1: a document starts with"),
        ("SECRET SECRET|t|x\nx\n", "line 2: a line with the id of"),
    ];
    for (text, reason) in wrong {
        let found = read(&format!("{text}\n\n3|t|good\n4|t|\n4|a|good\n4\t1\t5\tgood\tX\n"));
        assert_eq!(found.len(), 3, "{text}");
        let told = found[0].as_ref().unwrap_err().to_string();
        assert!(told.starts_with(&format!("a.txt: {reason}")), "{told}");
        assert!(!told.contains("SECRET"), "{told}");
        assert_eq!(found[1].as_ref().unwrap().text, "good");
        assert_eq!(found[2].as_ref().unwrap().entities[0].bytes, 1..5);
    }
    assert!(read("").is_empty() && read("\n \n").is_empty());
}

#[test]
fn real_files_are_read() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/re/cid");
    for (part, mentions) in [("Training", 9385), ("Development", 9591), ("Test", 9809)] {
        let path = directory.join(format!("CDR_{part}Set.PubTator.txt"));
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("passed over: no CDR files");
            return;
        };
        let found: Vec<Document> = read(&text).into_iter().map(Result::unwrap).collect();
        let count = |of: fn(&Document) -> usize| found.iter().map(of).sum::<usize>();
        let entities = count(|document| document.entities.len());
        let relations = count(|document| document.code_relations.len());
        println!("{part}: {} documents, {entities} mentions, {relations} CID", found.len());
        assert_eq!((found.len(), entities), (500, mentions));
    }
}

//! PubTator's text, read.

use crate::data::{Format, Losses, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use crate::document::{CodeRelation, Document, Entity, Link, Passage};
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

fn write(documents: &[Document]) -> (String, Losses) {
    let mut bytes = Vec::new();
    let options = WriteOptions::new(OffsetUnit::UnicodeScalars);
    let target = Target::Stream(Box::new(&mut bytes));
    let mut writer = writer(Format::Pubtator, target, options).unwrap();
    documents.iter().for_each(|document| writer.document(document).unwrap());
    let losses = writer.finish().unwrap();
    drop(writer);
    (String::from_utf8(bytes).unwrap(), losses)
}

#[test]
fn what_readers_need_is_written() {
    let passage = |bytes, kind: &str| Passage { bytes, kind: Some(kind.into()) };
    let link = |system: &str, code: &str| Link::given_by_file(system.into(), code.into());
    let mut document =
        Document { text: "Rash\u{2028} a\r\nno \tpain".into(), ..Document::default() };
    document.passages = vec![passage(0..9, "title"), passage(11..19, "abstract")];
    let mut rash = Entity::new(0..4, "Disease".into());
    rash.links = vec![link("MESH", "D1"), link("OMIM", "2"), link("MESH", "a|b")];
    let mut gene = Entity::new(11..19, "Gene".into());
    gene.links = vec![link("NCBIGene", "7"), link("MESH", "8")];
    let mut variant = Entity::new(11..13, "SNP".into());
    variant.links = vec![link("tmVar", "c|SUB|A|10|G"), link("tmVar", "rs2")];
    document.entities = vec![rash, gene, variant];
    let relation = |label: &str| CodeRelation {
        first: "D1".into(),
        second: "D\t2".into(),
        label: label.into(),
        score: None,
    };
    document.code_relations = vec![relation("CID"), relation("7")];
    let bad = Document { id: Some("a|b".into()), text: "x".into(), ..Document::default() };
    let (text, losses) = write(&[document, bad]);
    let expected = "1|t|Rash  a\n1|a| no  pain\n1\t0\t4\tRash\tDisease\tD1|OMIM:2\n\
                    1\t9\t17\tno  pain\tGene\t7|MESH:8\n1\t9\t11\tno\tSNP\tc|SUB|A|10|G\n1\tCID\tD1\tD 2\n\n\
                    2|t|x\n2|a|\n\n";
    assert_eq!(text.replace("90000000", ""), expected);
    let expected = [
        ("code relations", 1),
        ("codes", 3),
        ("ids", 1),
        ("line breaks", 3),
        ("numbers given as ids", 1),
        ("passages", 1),
        ("tabs", 1),
    ];
    assert_eq!(losses, Losses::from(expected));
}

#[test]
fn real_files_are_read_and_written_as_they_were() {
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
        let (written, losses) = write(&found);
        assert!(losses.is_empty(), "{losses:?}");
        // But for the words of each code of a composite mention, and the sign for no code.
        let expected = text.lines().map(|line| {
            let columns: Vec<&str> = line.split('\t').take(6).collect();
            let line = columns.join("\t");
            line.replace("|-1", "").replace("\t-1", "\t-") + "\n"
        });
        assert!(written == expected.collect::<String>());
    }
}

#[test]
fn two_documents_are_not_called_the_same() {
    let document = |id: Option<&str>, text: &str| Document {
        id: id.map(String::from),
        text: text.into(),
        ..Document::default()
    };
    let documents = [Some("7"), Some("7"), Some("900000003"), None].map(|id| document(id, "fever"));
    for format in [Format::Pubtator, Format::BiocXml, Format::BiocJson, Format::Omop, Format::Fhir]
    {
        let mut bytes = Vec::new();
        let options = WriteOptions::new(OffsetUnit::UnicodeScalars);
        let mut writer = writer(format, Target::Stream(Box::new(&mut bytes)), options).unwrap();
        documents.iter().for_each(|document| writer.document(document).unwrap());
        let losses = writer.finish().unwrap();
        drop(writer);
        let text = String::from_utf8(bytes).unwrap();
        let again = losses.get("ids that another document has").copied();
        match format {
            // Each resource has a name of its own, made of text, id and how often both were there.
            Format::Fhir => {
                let names: Vec<&str> =
                    text.lines().map(|line| line.split("urn:uuid:").nth(1).unwrap()).collect();
                let own: std::collections::HashSet<&str> =
                    names.iter().map(|name| &name[..36]).collect();
                assert_eq!((own.len(), again), (4, None));
            }
            Format::Omop => assert_eq!(again, Some(1)),
            _ => {
                let origin = Origin::Stream(Box::new(text.as_bytes()));
                let unit = OffsetUnit::UnicodeScalars;
                let found = stream("a", format, origin, StreamOptions { unit }).unwrap();
                let ids: Vec<_> = found.map(|one| one.unwrap().id.unwrap()).collect();
                assert_eq!(ids, ["7", "900000002", "900000003", "900000004"], "{format:?}");
                assert_eq!(again, Some(1));
            }
        }
    }
    let composite = "7|t|a b\n7\t0\t3\ta b\tDisease\tD1|D2\ta|b\n";
    let found = read(composite).remove(0).unwrap();
    assert_eq!(found.passed_over, [("words of composite mentions", 1)].into());
}

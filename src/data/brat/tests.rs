//! BRAT's pairs as others write them, and what is wrong with them.

use crate::data::{Format, Origin, StreamOptions, Target, WriteOptions, stream, writer};
use crate::document::{Assertion, AssertionCategory, AssertionValue, Document, Entity, Link};
use crate::error::{Error, Result};
use crate::text::OffsetUnit;

fn read(path: &std::path::Path) -> Result<Vec<Result<Document>>> {
    let options = StreamOptions { unit: OffsetUnit::UnicodeScalars };
    Ok(stream("a", Format::Brat, Origin::Directory(path.into()), options)?.collect())
}

#[test]
fn pairs_are_read_as_others_write_them() {
    let directory = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    put("b.v2.txt", "No 😀 left\r\nand right pain\n");
    put(
        "b.v2.ann",
        "R1\tSame Arg1:T2 Arg2:T1\r\nA2\tAssertionCategory T1 denied\nA1\tAssertion T1 absent\nA3\tNegation T1\n\
         A4\tAssertion R1 possible\n\
         T1\tProblem 5 9;21 25\tleft pain\r\n\nT2\tProblem 15 25\tright pain\n#1\tAnnotatorNotes T1\tMESH:D1|OMIM:2\n\
         #2\tAnnotatorNotes T2\tTODO: ask 2\nN1\tReference T2 MESH:D010146\tPain\n\
         E1\tNegation:T1 Of:T2\n*\tEquiv T1 T2\nM1\tNegation E1\n",
    );
    put("a.txt", "No notes");
    put("c.ann", "T1\tx 0 1\tx\n");
    put("other.md", "");
    let mut found = read(directory.path()).unwrap();
    assert!(
        matches!(found.pop().unwrap(), Err(Error::NotFound(told)) if told == "c.txt does not exist")
    );
    let [plain, found] = &found.into_iter().map(Result::unwrap).collect::<Vec<_>>()[..] else {
        panic!()
    };
    assert_eq!((plain.id.as_deref(), plain.text.as_str()), (Some("a"), "No notes"));
    assert_eq!(found.id.as_deref(), Some("b.v2"));
    let one = &found.entities[0];
    let words: Vec<_> = one.stretches().iter().map(|piece| &found.text[piece.clone()]).collect();
    assert_eq!((words, one.id.as_deref()), (vec!["left", "pain"], Some("T1")));
    let assertion = one.assertion.as_ref().unwrap();
    let told = (assertion.value, assertion.category);
    assert_eq!(told, (AssertionValue::Absent, Some(AssertionCategory::Denied)));
    let codes = |entity: &Entity| {
        let codes =
            entity.links.iter().map(|link| format!("{}:{}", link.system, link.candidates[0].code));
        codes.collect::<Vec<_>>()
    };
    assert_eq!(codes(one), ["MESH:D1", "OMIM:2"]);
    assert_eq!(codes(&found.entities[1]), ["MESH:D010146"]);
    let relation = &found.relations[0];
    assert_eq!((relation.first, relation.second, &*relation.label), (1, 0, "Same"));
    assert_eq!(relation.assertion, Some(AssertionValue::Possible));
    let told =
        [("attributes", 1), ("equivalences", 1), ("events", 1), ("modifications", 1), ("notes", 1)];
    assert_eq!(found.passed_over, told.into());
    for half in ["b.v2.txt", "b.v2.ann"] {
        assert_eq!(read(&directory.path().join(half)).unwrap()[0].as_ref().unwrap(), found);
    }
    assert!(read(&directory.path().join("other.md")).is_err());
    assert!(read(&directory.path().join("none")).is_err());
}

/// The cue "family history" and the section are lost; that the family is meant is not.
#[test]
fn what_the_family_has_not_stays_the_familys() {
    let text = "No family history of stroke. No gout.";
    let said = |words: &str, cue: &str| {
        let at = |words: &str| text.find(words).unwrap()..text.find(words).unwrap() + words.len();
        let assertion = Assertion {
            category: Some(AssertionCategory::Denied),
            cue: Some(at(cue)),
            ..Assertion::new(AssertionValue::Absent)
        };
        Entity { assertion: Some(assertion), ..Entity::new(at(words), "Problem".into()) }
    };
    let entities = vec![said("stroke", "No family history of"), said("gout", "No")];
    let document = Document { text: text.into(), entities, ..Document::default() };
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Directory(directory.path().into());
    let options = WriteOptions::new(OffsetUnit::UnicodeScalars);
    let mut writer = writer(Format::Brat, target, options).unwrap();
    writer.document(&document).unwrap();
    assert_eq!(writer.finish().unwrap()["cues"], 2);
    let found = read(directory.path()).unwrap().remove(0).unwrap();
    let categories = found.entities.iter().map(|own| own.assertion.as_ref().unwrap().category);
    let expected = [AssertionCategory::Family, AssertionCategory::Denied].map(Some);
    assert_eq!(categories.collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("n.txt"), "SECRET 😀").unwrap();
    let wrong = [
        ("T1\tx 0 9\tSECRET\n", "the entity ends after the text"),
        ("T1\tx 0 5\tSECRET\n", "the text of the entity does not stand"),
        ("T1\tx\tSECRET\n", "an entity without kind and place"),
        ("T1\tx 0 a\tSECRET\n", "a place that is not two numbers"),
        ("T1\tx 0 3;1 4\tSEC ECR\n", "the entity has pieces that overlap"),
        ("T1\t 0 6\tSECRET\n", "the entity has no label"),
        ("T1\tx 0 6\tSECRET\nT1\tx 0 6\tSECRET\n", "an id that is there twice"),
        ("R1\tx Arg1:T1 Arg2:T2\n", "a relation without its two entities"),
        ("A1\tAssertion T1 absent\n", "an attribute of what is not there"),
        ("T1\tx 0 6\tSECRET\nA1\tAssertion T1 SECRET\n", "an assertion that is not known"),
        ("T1\tx 0 6\tSECRET\nN1\tReference T1 SECRET\n", "a code without its system"),
        ("SECRET\n", "a line that is none of BRAT's"),
    ];
    for (notes, reason) in wrong {
        std::fs::write(directory.path().join("n.ann"), notes).unwrap();
        let told = read(directory.path()).unwrap().pop().unwrap().unwrap_err().to_string();
        let line = notes.lines().count();
        assert!(told.starts_with(&format!("n.ann: line {line}: {reason}")), "{told}");
        assert!(!told.contains("SECRET"), "{told}");
    }
    std::fs::write(directory.path().join("n.ann"), b"\xFF").unwrap();
    assert!(read(directory.path()).unwrap()[0].is_err());
}

#[test]
fn names_that_are_not_safe_are_replaced_and_counted() {
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Directory(directory.path().into());
    let mut writer =
        writer(Format::Brat, target, WriteOptions::new(OffsetUnit::Utf8Bytes)).unwrap();
    let mut document = Document { text: "a b\nc".into(), ..Document::default() };
    let links = vec![Link::given_by_file("MESH".into(), "not a code".into())];
    document.entities.push(Entity {
        links,
        id: Some("x".into()),
        ..Entity::new(0..5, "A kind".into())
    });
    for id in [Some("n1"), Some("../n1"), None, Some("n1"), Some(".."), Some("5"), Some("")] {
        document.id = id.map(String::from);
        writer.document(&document).unwrap();
    }
    let losses = writer.finish().unwrap();
    let told =
        ["ids", "numbers given as ids", "kinds", "codes", "entity ids"].map(|what| losses[what]);
    assert_eq!(told, [5, 1, 7, 7, 7]);
    let mut ids: Vec<_> = read(directory.path())
        .unwrap()
        .into_iter()
        .map(|found| found.unwrap().id.unwrap())
        .collect();
    ids.sort();
    assert_eq!(ids, ["2", "3", "4-1", "5", "6-1", "7", "n1"]);
    let notes = std::fs::read_to_string(directory.path().join("n1.ann")).unwrap();
    assert_eq!(notes, "T1\tA_kind 0 5\ta b c\n");
    document.entities[0].bytes = 0..9;
    let told = writer.document(&document).unwrap_err();
    assert!(matches!(told, Error::Argument(reason) if reason.contains("entity 0 has a place")));
}

#[cfg(unix)]
#[test]
fn what_is_no_file_stops_nothing_and_is_not_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let pipe = |name: &str| {
        std::process::Command::new("mkfifo").arg(path(name)).status().unwrap();
    };
    for name in ["a.txt", "a.ann", "c.txt"] {
        std::fs::create_dir(path(name)).unwrap();
    }
    std::fs::write(path("b.ann"), "T1\tx 0 1\tx\n").unwrap();
    std::fs::create_dir(path("b.txt")).unwrap();
    pipe("d.txt");
    std::fs::write(path("e.txt"), "x").unwrap();
    pipe("e.ann");
    std::fs::write(path("f.txt"), "x").unwrap();
    std::os::unix::fs::symlink(path("f.txt"), path("g.txt")).unwrap();
    std::os::unix::fs::symlink(path("none"), path("h.txt")).unwrap();
    let found = read(directory.path()).unwrap();
    let told: Vec<_> = found
        .iter()
        .map(|one| one.as_ref().map_err(Error::to_string).map(|own| own.id.as_deref().unwrap()))
        .collect();
    let not = |name: &str| Err(format!("{name}: not a file"));
    assert_eq!(told, [not("b.txt"), not("e.ann"), Ok("f"), Ok("g")]);
    // Told once, with the first document that is read.
    let passed_over = [
        ("directories that are named as files", 4),
        ("files that are none, such as pipes", 2),
        ("links that lead nowhere", 1),
    ];
    assert_eq!(found[2].as_ref().unwrap().passed_over, passed_over.into());
    assert!(found[3].as_ref().unwrap().passed_over.is_empty());
}

#[test]
fn a_directory_without_a_pair_is_refused_if_it_holds_something_else() {
    let directory = tempfile::tempdir().unwrap();
    assert!(read(directory.path()).unwrap().is_empty());
    std::fs::write(directory.path().join("._a.txt"), b"\xFF").unwrap();
    std::fs::write(directory.path().join("annotation.conf"), "").unwrap();
    assert!(read(directory.path()).unwrap().is_empty(), "no documents, and none that look so");
    std::fs::create_dir(directory.path().join("inner")).unwrap();
    std::fs::write(directory.path().join("B.TXT"), "x").unwrap();
    let told = read(directory.path()).unwrap_err().to_string();
    let others =
        "holds no file of BRAT's, but 1 files that do not end in .txt or .ann, 1 subdirectories";
    assert!(told.ends_with(others), "{told}");
}

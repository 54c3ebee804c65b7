//! BioC's files as others write them, and what is wrong with them.

use crate::data::{Format, Origin, StreamOptions, stream};
use crate::document::Document;
use crate::error::Result;
use crate::text::OffsetUnit;

fn read_in(unit: OffsetUnit, format: Format, text: &[u8]) -> Vec<Result<Document>> {
    let origin = Origin::Stream(Box::new(text));
    stream("a", format, origin, StreamOptions { unit }).unwrap().collect()
}

fn read(format: Format, text: &str) -> Vec<Result<Document>> {
    read_in(OffsetUnit::UnicodeScalars, format, text.as_bytes())
}

/// A text as the words of its entities, with their codes.
fn marked(document: &Document) -> Vec<(String, String)> {
    let words = |entity: &crate::document::Entity| {
        let pieces = entity.stretches().iter().map(|piece| &document.text[piece.clone()]);
        pieces.collect::<Vec<_>>().join(" ")
    };
    let codes = |entity: &crate::document::Entity| {
        let codes = entity
            .links
            .iter()
            .map(|link| format!("{}:{}", link.system, link.given().unwrap().code));
        codes.collect::<Vec<_>>().join(" ")
    };
    document.entities.iter().map(|entity| (words(entity), codes(entity))).collect()
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE collection [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<collection><source>PubTator</source><infon key="k">v</infon>
<document><id>7</id>
<passage><infon key="type">title</infon><offset>0</offset><text>A 😀 &amp; caf&#233; rash</text>
<annotation id="1"><infon key="identifier">MESH:D005076|OMIM:12</infon><infon key="type">Disease</infon>
<location offset="11" length="4"/><text>rash</text></annotation></passage>
<passage><infon key="type">abstract</infon><offset>17</offset>
<sentence><offset>17</offset><text><![CDATA[Left]]> &#x22;knee&quot;.</text></sentence>
<sentence><offset>31</offset><text>Pain of it<!-- no text --></text>
<annotation id="2"><infon key="type">Disease</infon><infon key="MESH">D010146</infon>
<location offset="31" length="4"/><location offset="17" length="4"/><text>Left "knee".  Pain</text></annotation>
</sentence>
<relation id="R1"><infon key="type">Association</infon><infon key="role1">Chemical|MESH:D1</infon>
<infon key="role2">Disease|OMIM:2</infon><infon key="score">0.5</infon><node refid="0" role="0,1"/></relation>
</passage>
<relation id="R0"><infon key="relation">CID</infon><infon key="Chemical">D015738</infon>
<infon key="Disease">D003693</infon></relation>
<relation id="R3"><infon key="type">same</infon><node refid="2" role="second"/><node refid="1" role="first"/></relation>
</document></collection>
"#;

#[test]
fn xml_is_read_as_others_write_it() {
    for text in [XML.to_string(), XML.replace('\n', "\r\n"), format!("\u{FEFF}{XML}")] {
        let found = read(Format::BiocXml, &text).remove(0).unwrap();
        assert_eq!((found.id.as_deref(), found.line), (Some("7"), 4));
        assert_eq!(found.text, "A 😀 & café rash\n\nLeft \"knee\".\n\nPain of it");
        let kinds: Vec<_> = found.passages.iter().map(|p| p.kind.as_deref().unwrap()).collect();
        assert_eq!(kinds, ["title", "abstract"]);
        let expected = [("rash", "MESH:D005076 OMIM:12"), ("Left Pain", "MESH:D010146")];
        assert_eq!(marked(&found), expected.map(|(a, b)| (a.to_string(), b.to_string())));
        let codes: Vec<_> =
            found.code_relations.iter().map(|r| (&*r.label, &*r.first, &*r.second)).collect();
        assert_eq!(codes, [("Association", "D1", "OMIM:2"), ("CID", "D015738", "D003693")]);
        assert_eq!(found.code_relations[0].score, Some(0.5));
        assert_eq!((found.relations[0].first, found.relations[0].second), (0, 1));
    }
}

#[test]
fn json_comes_as_a_collection_a_list_or_lines() {
    let one = |id: &str| {
        format!(
            r#"{{"id":{id},"infons":{{"n":1,"x":null,"documents":[{{"passages":[]}}]}},
            "passages":[{{"infons":{{}},"offset":0,"text":"é ]}}\" pain","annotations":[{{"id":"1",
            "infons":{{"type":"Symptom","identifier":"-","valid":true}},"text":"pain",
            "locations":[{{"offset":6,"length":4}}]}}]}}],
            "relations":[{{"id":"R1","infons":{{"type":"Association","score":"0.5",
            "role1":{{"identifier":"MESH:D1"}},"role2":{{"identifier":"OMIM:2"}}}},"nodes":[]}}]}}"#
        )
    };
    let (one, two) = (one("1"), one("\"2\""));
    for text in [
        format!(
            "{{\"source\":\"documents\",\"infons\":{{\"a\":[]}},\"documents\":[{one},\n{two}],\"more\":[{{}}]}}"
        ),
        format!("[{{\"documents\":[{one}]}},{{\"documents\":[{two}]}}]"),
        format!("{{\"PubTator3\": [{one}, {two}]}}"),
        format!("\u{FEFF}{one}\n{two}\n"),
        format!("[{one},{two}]"),
    ] {
        let found: Vec<_> = read(Format::BiocJson, &text).into_iter().map(Result::unwrap).collect();
        let ids: Vec<_> = found.iter().map(|document| document.id.as_deref().unwrap()).collect();
        assert_eq!(ids, ["1", "2"]);
        assert_eq!(marked(&found[1]), [("pain".to_string(), String::new())]);
        assert_eq!(found[1].code_relations[0].first, "D1");
        assert!(found[1].line > found[0].line || !text.contains('\n'));
    }
    assert!(read(Format::BiocJson, "{\"documents\":[]}").is_empty());
}

#[test]
fn offsets_of_passages_may_lie_apart_and_count_bytes() {
    let text = |offset: usize| {
        format!(
            "<collection><document><id>1</id><passage><offset>0</offset><text>é</text></passage><passage>\
             <offset>{offset}</offset><text>pain</text><annotation id='1'><infon key='type'>x</infon>\
             <location offset='{offset}' length='4'/><text>pain</text></annotation></passage></document></collection>"
        )
    };
    let read_at = |unit, offset| read_in(unit, Format::BiocXml, text(offset).as_bytes()).remove(0);
    let bytes = read_at(OffsetUnit::Utf8Bytes, 3).unwrap();
    assert_eq!((bytes.text.as_str(), bytes.entities[0].bytes.clone()), ("é\npain", 3..7));
    let scalars = read_at(OffsetUnit::UnicodeScalars, 3).unwrap();
    assert_eq!((scalars.text.as_str(), scalars.entities[0].bytes.clone()), ("é\n\npain", 4..8));
    let told = |offset| read_at(OffsetUnit::UnicodeScalars, offset).unwrap_err().to_string();
    assert!(told(0).contains("document 1: a passage starts before"), "{}", told(0));
    assert!(told(usize::MAX).contains("document 1: the passages lie too far apart"));
}

#[test]
fn what_is_wrong_with_a_document_is_told_and_the_next_ones_follow() {
    let annotated = |inner: &str| {
        format!("<id>1</id><passage><offset>0</offset><text>SECRET</text>{inner}</passage>")
    };
    let entity = |attributes: &str, inner: &str| {
        let kind = "<infon key='type'>x</infon>";
        annotated(&format!("<annotation id='1'>{kind}<location {attributes}/>{inner}</annotation>"))
    };
    let wrong = [
        (annotated("<annotation id='1'/>"), "document 1: entity 0 has no place"),
        (entity("offset='0' length='9'", ""), "document 1: entity 0 ends after the text"),
        (entity("offset='0' length='18446744073709551615'", ""), "document 1: entity 0 ends after"),
        (entity("offset='0' length='x'", ""), "document 1: an offset or a length that is not"),
        (
            entity("offset='0' length='5'", "<text>SECRET</text>"),
            "document 1: the text of entity 0",
        ),
        (
            entity("offset='0' length='6'", "<infon key='assertion'>SECRET</infon>"),
            "document 1: the infon",
        ),
        (
            entity("offset='0' length='6'", "<infon key='links'>[SECRET</infon>"),
            "document 1: entity 0 has `links`",
        ),
        (annotated("&SECRET;"), "document 1: an entity other than"),
        (annotated("<infon key='&SECRET;'/>"), "document 1: an attribute that cannot"),
        ("<id>SECRET 1</id><passage/>".into(), "a passage or a sentence without its offset"),
        (annotated("<relation id='SECRET'/>"), "document 1: relation 0 has no label"),
        (
            annotated("<relation><infon key='type'>x</infon><node refid='SECRET'/></relation>"),
            "document 1: relation 0 is not between",
        ),
        (
            annotated(
                "<relation><infon key='type'>x</infon><node refid='SECRET'/><node/></relation>",
            ),
            "document 1: relation 0 is of an entity",
        ),
    ];
    for (inner, reason) in wrong {
        let text = format!("<collection>\n<document>{inner}</document>\n<document/></collection>");
        let found = read(Format::BiocXml, &text);
        assert_eq!(found.len(), 2, "{reason}");
        let told = found[0].as_ref().unwrap_err().to_string();
        assert!(told.starts_with(&format!("a: line 2: {reason}")), "{told}");
        assert!(!told.contains("SECRET"), "{told}");
        assert_eq!(found[1].as_ref().unwrap().text, "");
    }
    let wrong = [
        (r#"{"passages":"SECRET"}"#, "`passages` is missing"),
        (r#"{"id":"1","passages":[{"text":"SECRET"}]}"#, "document 1: `offset` is missing"),
        (r#"{"passages":[{"offset":-1,"text":"SECRET"}]}"#, "`offset` is missing, or is not"),
        (r#"{"passages":[{"offset":0,"text":["SECRET"]}]}"#, "`text` is not a text"),
        (r#"{"passages":{"SECRET" 1}}"#, "not JSON at column 23"),
        (r#"{"passages":[],"infons":"SECRET"}"#, "`infons` is not an object"),
    ];
    for (inner, reason) in wrong {
        let text = format!("{{\"documents\":[\n{inner},{{\"passages\":[]}}]}}");
        let found = read(Format::BiocJson, &text);
        assert_eq!(found.len(), 2, "{reason}");
        let told = found[0].as_ref().unwrap_err().to_string();
        assert!(told.starts_with(&format!("a: line 2: {reason}")), "{told}");
        assert!(found[1].is_ok());
    }
}

#[test]
fn what_is_no_bioc_ends_the_stream() {
    let xml = [
        ("<collection>\n<document>", "line 2: the XML ends early"),
        ("<collection></SECRET>", "line 1: not well-formed"),
        ("<html/>", "line 1: not BioC"),
        ("SECRET", "line 1: not XML"),
        ("<?xml version='1.0' encoding='latin1'?><collection/>", "line 1: XML in another encoding"),
    ];
    for (text, reason) in xml {
        let told = read(Format::BiocXml, text).pop().unwrap().unwrap_err().to_string();
        assert!(told.starts_with(&format!("a: {reason}")), "{told}");
    }
    let bad = read_in(OffsetUnit::Utf8Bytes, Format::BiocXml, b"<collection>\xFF</collection>");
    assert!(bad[0].is_err() && bad.len() == 1);
    let json = [
        ("{\"documents\":[\n{}", "line 2: the JSON ends early"),
        ("{\"documents\":[1]}", "line 1: not BioC's JSON"),
        ("SECRET", "line 1: not BioC's JSON"),
        ("{]", "line 1: not JSON"),
        (&"[".repeat(1000), "line 1: too many lists"),
    ];
    for (text, reason) in json {
        let told = read(Format::BiocJson, text).pop().unwrap().unwrap_err().to_string();
        assert!(told.starts_with(&format!("a: {reason}")), "{told}");
    }
    assert!(read(Format::BiocXml, "").is_empty() && read(Format::BiocJson, " \n").is_empty());
}

#[test]
fn text_within_the_text_is_kept_and_roles_of_composites_are_counted() {
    let text = "<collection><document><id>1</id><passage><offset>0</offset>\
        <text>CD4<sup>+<b>!</b></sup> cells</text><annotation id='1'><infon key='type'>Cell</infon>\
        <infon key='CompositeRole'>CompositeMention</infon><infon key='other'>x</infon>\
        <location offset='6' length='5'/><text>cel<i>ls</i></text></annotation></passage></document></collection>";
    let found = read(Format::BiocXml, text).remove(0).unwrap();
    assert_eq!(found.text, "CD4+! cells");
    assert_eq!(marked(&found), [("cells".to_string(), String::new())]);
    let told = [("infons", 1), ("roles in composite mentions", 1)];
    assert_eq!(found.passed_over, told.into());
}

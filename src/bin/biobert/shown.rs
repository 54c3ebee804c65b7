//! Tests of what is shown of a note: whatever is said of a finding comes out of every form again.

use std::collections::BTreeMap;

use biobert::document::{
    Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Section,
};
use biobert::{
    Also, DocumentExtract, ExtractedEntity, ExtractedRelation, Input, InvalidText, OffsetUnit,
    Text, TextRange,
};
use serde_json::Value;

use crate::args::Format;
use crate::html::Page;
use crate::jsonl::Jsonl;
use crate::note::Note;
use crate::output::{Output, Source};
use crate::terminal::Terminal;

const NOTE: &str = "\
ALLERGIES: penicillin (rash)

MEDICATIONS
lisinopril 10 mg PO daily
prednisone 40 mg daily x3 days, then sparingly

ROS: Denies chest pain, dyspnea. Cough <b>for 3 days.
Father had MI. HTN. WBC 12.4.";

/// Where words stand in the note.
fn place(words: &str) -> TextRange {
    let start = NOTE.find(words).unwrap();
    TextRange { start, end: start + words.len() }
}

fn said(
    value: AssertionValue,
    category: Option<AssertionCategory>,
    cue: Option<&str>,
) -> Option<Assertion<TextRange>> {
    Some(Assertion { value, category, score: 0.93, cue: cue.map(place) })
}

fn entity(
    words: &str,
    label: &str,
    section: Option<usize>,
    assertion: Option<Assertion<TextRange>>,
) -> ExtractedEntity {
    ExtractedEntity {
        place: place(words),
        label: label.into(),
        score: 0.97,
        head: "clinical".into(),
        also: Vec::new(),
        section,
        assertion,
        expansion: None,
        attributes: Vec::new(),
        links: Vec::new(),
    }
}

fn attribute(
    kind: AttributeKind,
    words: &str,
    low: Option<f64>,
    unit: &str,
) -> Attribute<TextRange> {
    Attribute {
        kind,
        place: place(words),
        low,
        high: low,
        comparator: None,
        unit: low.map(|_| unit.into()),
        step: 0,
        parsed: low.is_some(),
    }
}

fn section(title: &str, last: &str, name: &'static str, loinc: &'static str) -> Section<TextRange> {
    let (title, last) = (place(title), place(last));
    let place = TextRange { start: title.start, end: last.end };
    Section { place, title, name, loinc: Some(loinc), parent: None }
}

fn found() -> DocumentExtract {
    use AssertionCategory::{Allergy, Denied, Family};
    use AssertionValue::{Absent, OtherPerson, Present};
    let denied = said(Absent, Some(Denied), Some("Denies"));
    let present = said(Present, None, None);
    let mut entities = vec![
        entity("penicillin", "Drug", Some(0), said(Absent, Some(Allergy), Some("ALLERGIES"))),
        entity("lisinopril", "Drug", Some(1), present),
        entity("prednisone", "Drug", Some(1), present),
        entity("chest pain", "Problem", Some(2), denied),
        entity("dyspnea", "Problem", Some(2), denied),
        entity("Cough", "Problem", Some(2), present),
        entity("MI", "Problem", Some(2), said(OtherPerson, Some(Family), Some("Father"))),
        entity("HTN", "Problem", Some(2), present),
        entity("WBC", "Test", Some(2), present),
    ];
    // The first "MI" of the text is in other words.
    let at = NOTE.find("had MI").unwrap() + 4;
    entities[6].place = TextRange { start: at, end: at + 2 };
    entities[1].attributes = vec![
        attribute(AttributeKind::Strength, "10 mg", Some(10.0), "mg"),
        attribute(AttributeKind::Frequency, "daily", Some(1.0), "/d"),
    ];
    entities[2].attributes = vec![
        attribute(AttributeKind::Strength, "40 mg", Some(40.0), "mg"),
        Attribute { step: 1, ..attribute(AttributeKind::Frequency, "sparingly", None, "") },
    ];
    entities[8].attributes = vec![attribute(AttributeKind::Value, "12.4", Some(12.4), "1")];
    entities[7].expansion = Some("hypertension".into());
    let also = Also { label: "Disease".into(), head: "disease".into(), score: 0.9 };
    entities[7].also = vec![also];
    DocumentExtract {
        sections: vec![
            section("ALLERGIES", "(rash)", "allergies", "48765-2"),
            section("MEDICATIONS", "sparingly", "medications", "10160-0"),
            section("ROS", "12.4.", "review_of_systems", "10187-3"),
        ],
        entities,
        relations: vec![ExtractedRelation {
            first: 1,
            second: 5,
            label: "1".into(),
            text: "causes".into(),
            score: 0.8,
            head: "effect".into(),
            assertion: Some(AssertionValue::Present),
        }],
        code_relations: Vec::new(),
        ..DocumentExtract::default()
    }
}

/// The note in a form.
fn shown(form: Format, found: &DocumentExtract, id: Option<&Value>) -> String {
    let text = Text::new(Input::from(NOTE), InvalidText::Reject).unwrap();
    let source = Source { index: 0, id, text: &text, unit: OffsetUnit::Utf8Bytes };
    let mut bytes = Vec::new();
    let mut output: Box<dyn Output> = match form {
        Format::Jsonl => Box::new(Jsonl::new(&mut bytes, None)),
        Format::Text => Box::new(Terminal::new(&mut bytes)),
        Format::Html => Box::new(Page::new(&mut bytes, "Notes", None).unwrap()),
    };
    output.note(&Note::extracted(source, found)).unwrap();
    output.finish().unwrap();
    drop(output);
    anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string()
}

/// What stands between two words, the first of which is the first of its kind after `from`.
fn between<'a>(text: &'a str, from: &str, start: &str, end: &str) -> &'a str {
    let text = &text[text.find(from).unwrap_or_else(|| panic!("no {from} in {text}"))..];
    let text = &text[text.find(start).unwrap() + start.len()..];
    &text[..text.find(end).unwrap()]
}

/// The value that a reader takes from a word beside a finding.
fn read(word: &str) -> AssertionValue {
    match word {
        "" => AssertionValue::Present,
        "denied" | "ruled out" | "resolved" | "stopped" | "allergy" | "absent" => {
            AssertionValue::Absent
        }
        "possible" | "conditional" | "planned" => AssertionValue::Possible,
        "past" | "history" => AssertionValue::Historical,
        "family" | "other person" => AssertionValue::OtherPerson,
        word => panic!("{word}"),
    }
}

/// What a row says of an assertion: the category where it is one of its value's, and never a word of
/// another value.
fn check_row(row: &str, assertion: &Assertion<TextRange>) {
    use AssertionCategory::{
        Allergy, Conditional, Denied, Family, Past, Planned, Resolved, RuledOut, Section, Stopped,
    };
    use AssertionValue::{Absent, Historical, OtherPerson, Possible};
    let words = [
        (Absent, Denied, "denied"),
        (Absent, RuledOut, "ruled out"),
        (Absent, Resolved, "resolved"),
        (Absent, Stopped, "stopped"),
        (Absent, Allergy, "allergy"),
        (Possible, Conditional, "conditional"),
        (Possible, Planned, "planned"),
        (Historical, Past, "past"),
        (OtherPerson, Family, "family"),
    ];
    for (value, category, word) in words {
        let said = assertion.value == value && assertion.category == Some(category);
        assert_eq!(row.contains(word), said, "{word} in {row}");
    }
    assert_eq!(row.contains("by section"), assertion.category == Some(Section), "{row}");
    assert_eq!(row.contains("“for 3 days”"), assertion.cue.is_some(), "{row}");
}

/// And from the heading of a group.
fn of_group(title: &str) -> AssertionValue {
    match title.split(':').next().unwrap() {
        "Present" => AssertionValue::Present,
        "Allergies" | "Absent" => AssertionValue::Absent,
        "Possible" => AssertionValue::Possible,
        "History" => AssertionValue::Historical,
        "Family and other persons" => AssertionValue::OtherPerson,
        title => panic!("{title}"),
    }
}

/// Every value with every category and with none, with a cue and without.
fn every_assertion() -> impl Iterator<Item = Assertion<TextRange>> {
    let categories = AssertionCategory::ALL.into_iter().map(Some).chain([None]);
    categories.flat_map(|category| {
        AssertionValue::ALL.into_iter().flat_map(move |value| {
            [None, Some("for 3 days")].map(|cue| said(value, category, cue).unwrap())
        })
    })
}

#[test]
fn json_lines_say_what_was_found() {
    for assertion in every_assertion() {
        let mut found = found();
        found.entities[5].assertion = Some(assertion);
        found.relations[0].assertion = Some(assertion.value);
        let json: Value = serde_json::from_str(&shown(Format::Jsonl, &found, None)).unwrap();
        let entity = &json["entities"][5];
        assert_eq!(entity["text"], "Cough");
        let back = &entity["assertion"];
        let value = back["value"].as_str().and_then(AssertionValue::parse);
        assert_eq!(value, Some(assertion.value));
        let category = back["category"].as_str().and_then(AssertionCategory::parse);
        assert_eq!(category, assertion.category);
        let cue = assertion.cue.map_or(Value::Null, |cue| serde_json::to_value(cue).unwrap());
        assert_eq!(back["cue"], cue);
        assert_eq!(json["relations"][0]["assertion"], assertion.value.name());
    }
}

#[test]
fn a_terminal_says_what_was_found() {
    for assertion in every_assertion() {
        let mut found = found();
        found.entities[5].assertion = Some(assertion);
        found.relations[0].assertion = Some(assertion.value);
        let text = shown(Format::Text, &found, None);
        // In the text.
        let word = between(&text, "Cough[", "[", "]").trim_start_matches("Problem");
        assert_eq!(read(word.trim_start_matches(": ")), assertion.value, "{text}");
        // In the list.
        let (above, row) = text.split_once("\n  Cough").unwrap();
        let group = above.lines().rev().find(|line| !line.starts_with(' ')).unwrap();
        assert_eq!(of_group(group), assertion.value, "{text}");
        // A row goes on where it is indented.
        let next = |line: &&str| line.starts_with("   ");
        let lines = row.lines().enumerate().take_while(|(index, line)| *index == 0 || next(line));
        let row: String = lines.map(|(_, line)| line).collect();
        check_row(&row, &assertion);
        // Of the relation.
        let relation = text.lines().find(|line| line.contains("→ causes →")).unwrap();
        let value = relation
            .trim_start()
            .strip_prefix('[')
            .map_or("present", |rest| rest.split(']').next().unwrap());
        assert_eq!(AssertionValue::parse(&value.replace(' ', "-")), Some(assertion.value));
    }
}

#[test]
fn a_page_says_what_was_found() {
    for assertion in every_assertion() {
        let mut found = found();
        found.entities[5].assertion = Some(assertion);
        found.relations[0].assertion = Some(assertion.value);
        let page = shown(Format::Html, &found, None);
        // In the text, in words as well as by its look.
        let mark = between(&page, "id=\"n0f5\"", "<span>Cough</span>", "</mark>");
        let word =
            mark.strip_prefix("<small>\u{a0}").map_or("", |rest| rest.trim_end_matches("</small>"));
        assert_eq!(read(word), assertion.value, "{mark}");
        let (before, _) = page.split_once("\" id=\"n0f5\"").unwrap();
        let class = between(&before[before.rfind("<mark").unwrap()..], "class", "\"c0 ", "\"");
        let value = if class == "allergy" { "absent" } else { class };
        assert_eq!(AssertionValue::parse(value), Some(assertion.value));
        let title = before.rsplit("title=\"").next().unwrap();
        assert!(title.contains(&assertion.value.name().replace('-', " ")), "{title}");
        assert_eq!(title.contains("“for 3 days”"), assertion.cue.is_some());
        // In the list.
        let (above, row) = page.split_once("<tr><td><a href=\"#n0f5\">").unwrap();
        let group = above.rsplit("scope=\"rowgroup\">").next().unwrap();
        assert_eq!(of_group(group.split('<').next().unwrap()), assertion.value);
        let row = row.split("</tr>").next().unwrap();
        check_row(row, &assertion);
        // Of the relation.
        let value = between(&page, "class=\"relations\"", "<tr class=\"", "\"");
        assert_eq!(AssertionValue::parse(value), Some(assertion.value));
    }
}

#[test]
fn what_nobody_judged_is_not_shown_as_present() {
    let mut found = found();
    for entity in &mut found.entities {
        entity.assertion = None;
    }
    found.relations[0].assertion = None;
    let json: Value = serde_json::from_str(&shown(Format::Jsonl, &found, None)).unwrap();
    assert_eq!(json["entities"][5]["assertion"], Value::Null);
    assert_eq!(json["relations"][0]["assertion"], Value::Null);
    let text = shown(Format::Text, &found, None);
    assert!(text.contains("\nNot assessed") && !text.contains("\nPresent"), "{text}");
    let page = shown(Format::Html, &found, None);
    assert!(page.contains(">Not assessed") && !page.contains("c0 present"), "{page}");
}

/// The form that scripts rely on, key by key.
#[test]
fn the_keys_of_a_line_stay_in_their_order() {
    let line = shown(Format::Jsonl, &found(), Some(&Value::from("a-7")));
    let keys = |object: &str, want: &[&str]| {
        let mut from = 0;
        for key in want {
            let found = object[from..].find(&format!("\"{key}\":"));
            from += found.unwrap_or_else(|| panic!("{key} is missing or early in {object}"));
        }
    };
    keys(&line, &["doc", "id", "text", "sections", "entities", "relations"]);
    assert!(line.starts_with("{\"doc\":0,\"id\":\"a-7\",\"text\":\"ALLERGIES"));
    let part = |from: &str| between(&line, from, "[", "}]").to_string();
    keys(&part("\"sections\""), &["start", "end", "title", "name", "loinc", "parent"]);
    keys(
        &part("\"entities\""),
        &["start", "end", "text", "label", "score", "head", "also", "section", "assertion"],
    );
    let rest = ["assertion", "value", "category", "score", "cue", "start", "end", "expansion"];
    keys(&part("\"entities\""), &[&rest[..], &["attributes"]].concat());
    let attribute = ["kind", "start", "end", "text", "low", "high", "comparator", "unit", "step"];
    keys(&part("\"attributes\":[{"), &[&attribute[..], &["parsed"]].concat());
    keys(&part("\"relations\""), &["first", "second", "label", "score", "assertion"]);
    assert!(line.contains("\"also\":[{\"label\":\"Disease\",\"head\":\"disease\",\"score\":0.9}]"));
    let line = shown(Format::Jsonl, &found(), None);
    assert!(line.starts_with("{\"doc\":0,\"id\":null,"));
}

#[test]
fn a_terminal_shows_attributes_and_long_forms_within_eighty_columns() {
    let text = shown(Format::Text, &found(), Some(&Value::from("a-7")));
    assert!(text.starts_with("a-7\n\n‹ALLERGIES›"), "{text}");
    let (_, list) = text.split_once("\nPresent\n").unwrap();
    for line in list.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for part in [
        "‹ALLERGIES›[§ allergies]: penicillin[Drug: allergy]",
        "‹Denies› chest pain[Problem: denied], dyspnea[Problem: denied].",
        "‹Father› had MI[Problem: family]. HTN[Problem; hypertension].",
        "1. strength 40 mg",
        "2. frequency sparingly (not understood)",
        "frequency daily (1 a day)",
        "HTN (hypertension)",
        "Problem/Disease 97 %",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_page_needs_neither_scripts_nor_colours() {
    let page = shown(Format::Html, &found(), Some(&Value::from("<a-7>")));
    for part in [
        "<h2>&lt;a-7&gt;</h2>",
        "role=\"heading\" aria-level=\"3\" title=\"allergies, LOINC 48765-2\">",
        "title=\"chest pain: denied\ndyspnea: denied\">Denies</em>",
        "<span class=\"attribute\" title=\"strength 10 mg of lisinopril\">10 mg</span>",
        "<b>for 3 days".replace('<', "&lt;").replace('>', "&gt;").as_str(),
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    for outside in ["<script", "http", "src=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for id in page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        *ids.entry(id).or_default() += 1;
    }
    assert_eq!(ids.len(), found().entities.len());
    assert!(ids.values().all(|count| *count == 1), "{ids:?}");
}

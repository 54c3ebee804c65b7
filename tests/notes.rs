//! Whole notes: sections, assertions, attributes, long forms and relations from raw text.

mod support;

use std::path::Path;
use std::time::Duration;

use biobert::document::{AssertionValue, AttributeKind};
use biobert::{
    Cancel, DocumentExtract, Engine, Error, ExtractOptions, GivenEntity, Input, InvalidText,
    Judges, Model, OffsetUnit, ReOptions, RunOptions,
};

fn default_model() -> Model {
    support::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")).unwrap()
}

/// The tiny random model: it finds something everywhere.
fn tiny() -> Model {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny_with_all(directory.path());
    support::open(directory.path()).unwrap()
}

fn bytes() -> RunOptions {
    RunOptions::new(OffsetUnit::Utf8Bytes)
}

fn extract(model: &Model, heads: &[&str], note: &str) -> DocumentExtract {
    let heads: Vec<String> = heads.iter().map(|head| head.to_string()).collect();
    let found =
        model.extract(&heads, &[note.into()], &ExtractOptions::default(), &bytes()).unwrap();
    found.documents[0].as_ref().unwrap().clone()
}

const NOTE: &str = "\
HISTORY OF PRESENT ILLNESS:
Mr. Hale is a 61-year-old man with congestive heart failure (CHF) who has shortness of breath.
He denies chest pain, fever or cough. Possible pneumonia. He developed a rash after amoxicillin.

FAMILY HISTORY: Mother had breast cancer.

MEDICATIONS:
- furosemide 40 mg PO BID
- metoprolol 25 mg daily

LABS: hemoglobin 8.2 g/dL (L)

ASSESSMENT: CHF exacerbation.
";

#[test]
fn a_note_is_read_with_all_that_it_says() {
    let found = extract(&default_model(), &[], NOTE);
    let text = |start: usize, end: usize| &NOTE[start..end];
    let titles: Vec<_> =
        found.sections.iter().map(|s| (text(s.title.start, s.title.end), s.name)).collect();
    assert_eq!(titles[0], ("HISTORY OF PRESENT ILLNESS", "history_of_present_illness"));
    assert_eq!(titles.len(), 5, "{titles:?}");
    let entity = |words: &str| {
        let of = found.entities.iter().find(|e| text(e.place.start, e.place.end) == words);
        of.unwrap_or_else(|| panic!("{words} was not found"))
    };
    let says = |words: &str| entity(words).assertion.as_ref().unwrap().value;
    assert_eq!(says("shortness of breath"), AssertionValue::Present);
    for denied in ["chest pain", "fever", "cough"] {
        assert_eq!(says(denied), AssertionValue::Absent, "{denied}");
        let cue = entity(denied).assertion.as_ref().unwrap().cue.unwrap();
        assert_eq!(text(cue.start, cue.end), "denies");
    }
    assert_eq!(says("pneumonia"), AssertionValue::Possible);
    assert_eq!(says("breast cancer"), AssertionValue::OtherPerson);
    assert_eq!(found.sections[entity("breast cancer").section.unwrap()].name, "family_history");
    let exacerbation = found.entities.last().unwrap();
    assert_eq!(exacerbation.expansion.as_deref(), Some("congestive heart failure exacerbation"));

    let attributes = |words: &str| {
        let all = entity(words).attributes.iter();
        all.map(|a| (a.kind, text(a.place.start, a.place.end))).collect::<Vec<_>>()
    };
    let furosemide = attributes("furosemide");
    assert!(furosemide.contains(&(AttributeKind::Dose, "40 mg")), "{furosemide:?}");
    assert!(furosemide.contains(&(AttributeKind::Route, "PO")), "{furosemide:?}");
    assert!(furosemide.contains(&(AttributeKind::Frequency, "BID")), "{furosemide:?}");
    let hemoglobin = &entity("hemoglobin").attributes[0];
    assert_eq!((hemoglobin.low, hemoglobin.unit.as_deref()), (Some(8.2), Some("g/dL")));

    let related: Vec<_> = found
        .relations
        .iter()
        .map(|r| [r.first, r.second].map(|at| found.entities[at].place))
        .map(|ends| ends.map(|end| text(end.start, end.end)))
        .collect();
    assert_eq!(related, [["amoxicillin", "rash"]]);
    assert_eq!(found.relations[0].assertion, Some(AssertionValue::Present));
}

#[test]
fn each_finding_is_there_once_whatever_heads_are_named() {
    let model = default_model();
    let heads = ["clinical", "disease", "chemical", "species", "effect", "cid"];
    let found = extract(&model, &heads, NOTE);
    for (at, entity) in found.entities.iter().enumerate() {
        for other in &found.entities[at + 1..] {
            let apart = entity.place.end <= other.place.start;
            assert!(apart || entity.label != other.label, "{entity:?} {other:?}");
        }
    }
    let rash = found.entities.iter().find(|e| &NOTE[e.place.start..e.place.end] == "rash");
    let also: Vec<_> = rash.unwrap().also.iter().map(|also| &*also.label).collect();
    assert_eq!(also, ["Disease"]);
    let mut pairs: Vec<_> =
        found.relations.iter().map(|r| (r.head.clone(), r.first, r.second)).collect();
    let all = pairs.len();
    pairs.dedup();
    assert_eq!(pairs.len(), all);
}

#[test]
fn who_judges_can_be_chosen() {
    let model = default_model();
    let judged = |assertion| {
        let extract = ExtractOptions { assertion, ..ExtractOptions::default() };
        let found = model.extract(&[], &[NOTE.into()], &extract, &bytes()).unwrap();
        found.documents[0].as_ref().unwrap().clone()
    };
    let off = judged(None);
    assert!(off.entities.iter().all(|entity| entity.assertion.is_none()));
    assert!(off.relations.iter().all(|relation| relation.assertion.is_none()));
    let head = judged(Some(Judges::Head));
    let categories = head.entities.iter().map(|e| e.assertion.as_ref().unwrap().category);
    assert!(categories.into_iter().all(|category| category.is_none()));
    let rules = judged(Some(Judges::Rules));
    assert!(rules.entities.iter().all(|entity| entity.assertion.is_some()));
}

#[test]
fn heads_that_make_no_sense_are_refused() {
    let model = default_model();
    let refused = |heads: &[&str]| {
        let heads: Vec<String> = heads.iter().map(|head| head.to_string()).collect();
        let note = [Input::from(NOTE)];
        model.extract(&heads, &note, &ExtractOptions::default(), &bytes()).unwrap_err().to_string()
    };
    assert!(refused(&["clinical", "clinical"]).contains("named twice"));
    assert!(refused(&["factoid"]).contains("for another task"));
    assert!(refused(&["none"]).contains("no such head"));
    // A model without an assertion head is judged by rules, unless the head alone is asked for.
    let tiny = tiny();
    let head = ExtractOptions { assertion: Some(Judges::Head), ..ExtractOptions::default() };
    assert!(tiny.extract(&[], &[NOTE.into()], &head, &bytes()).is_err());
}

#[test]
fn units_and_bad_text_are_the_callers() {
    let model = default_model();
    let note = "🩺 Allergies: penicillin. Denies naïveté, fever. Mother: asthma.";
    let units: Vec<u16> = note.encode_utf16().collect();
    let options = RunOptions::new(OffsetUnit::Utf16Units);
    let found =
        model.extract(&[], &[Input::Utf16(&units)], &ExtractOptions::default(), &options).unwrap();
    let found = found.documents[0].as_ref().unwrap();
    let words = |start: usize, end: usize| String::from_utf16(&units[start..end]).unwrap();
    let fever = found.entities.iter().find(|e| words(e.place.start, e.place.end) == "fever");
    let cue = fever.unwrap().assertion.as_ref().unwrap().cue.unwrap();
    assert_eq!(words(cue.start, cue.end), "Denies");
    let bad = [Input::Utf8(b"Denies \xFF fever."), Input::Utf8(b"Denies fever.")];
    let found = model.extract(&[], &bad, &ExtractOptions::default(), &bytes()).unwrap();
    assert!(matches!(found.documents[0], Err(Error::Encoding { .. })));
    assert_eq!(found.documents[1].as_ref().unwrap().entities.len(), 1);
    let replace = RunOptions { invalid_text: InvalidText::Replace, ..bytes() };
    let found = model.extract(&[], &bad, &ExtractOptions::default(), &replace).unwrap();
    let found = found.documents[0].as_ref().unwrap();
    assert!(found.flags.replaced_invalid);
    assert_eq!((found.entities[0].place.start, found.entities[0].place.end), (9, 14));
}

/// Notes that are not like any note.
fn monsters() -> Vec<(&'static str, String)> {
    vec![
        ("a million headings", "HPI:\n".repeat(1_000_000)),
        ("headings with nothing under them", "HPI:\nPMH:\n\nFAMILY HISTORY:\n".repeat(10)),
        ("one line", "Denies fever, PMH: no asthma but possible gout ".repeat(200_000)),
        ("only cues", "no denies possible mother history of ".repeat(200_000)),
        ("only line ends", "\r\n\n\u{2028}\u{b}\u{c}\u{85}\r".repeat(200_000)),
        ("only colons", ":".repeat(5_000_000)),
        ("only brackets", "((((".repeat(1_000_000)),
        ("only numbers", "40 mg 1-2 120/80 <5 ".repeat(200_000)),
        ("headings before a line of dashes", "PLAN: x. ".repeat(100_000) + &"-".repeat(900_000)),
        ("headings before a line of blanks", "PLAN: x. ".repeat(100_000) + &" ".repeat(900_000)),
        ("nothing", String::new()),
    ]
}

#[test]
fn sections_of_monsters_are_found_in_bounded_time() {
    let engine = support::engine();
    for (what, note) in monsters() {
        let found = engine.sections(&[Input::from(note.as_str())], &bytes()).unwrap();
        let found = found.documents[0].as_ref().unwrap();
        let mut starts = found.sections.iter().map(|section| section.place.start);
        assert!(starts.clone().is_sorted(), "{what}");
        assert!(starts.all(|start| start < note.len()), "{what}");
    }
}

#[test]
fn monsters_are_read_or_end_at_the_deadline() {
    let model = tiny();
    for (what, note) in monsters() {
        let deadline = Some(Duration::from_secs(3));
        let options = RunOptions { deadline, ..bytes() };
        let note = [Input::from(note.as_str())];
        match model.extract(&[], &note, &ExtractOptions::default(), &options) {
            Ok(found) => assert!(found.documents[0].is_ok(), "{what}"),
            Err(error) => assert!(matches!(error, Error::Deadline), "{what}: {error}"),
        }
    }
}

#[test]
fn a_cancelled_call_ends_inside_the_sections() {
    let engine: Engine = support::engine();
    let note = "HPI: he denies fever.\n".repeat(1_000_000);
    let cancel = Cancel::new();
    cancel.trigger();
    let options = RunOptions { cancel: Some(cancel), ..bytes() };
    let ended = engine.sections(&[Input::from(note.as_str())], &options);
    assert!(matches!(ended, Err(Error::Cancelled)));
    let options = RunOptions { deadline: Some(Duration::from_millis(1)), ..bytes() };
    let ended = engine.sections(&[Input::from(note.as_str())], &options);
    assert!(matches!(ended, Err(Error::Deadline)));
}

/// Sentences of a fixture, each with a `{drug}` and a `[problem]`, and where these stand.
fn marked(fixture: &str) -> Vec<(String, Vec<GivenEntity>)> {
    let lines = fixture.lines().enumerate();
    let marked = lines.map(|(doc, line)| {
        let (mut text, mut entities, mut from) = (String::new(), Vec::new(), 0);
        for c in line.chars() {
            match c {
                '{' | '[' => from = text.len(),
                '}' | ']' => {
                    let kind = if c == '}' { "Drug" } else { "Problem" }.into();
                    entities.push(GivenEntity { doc, start: from, end: text.len(), kind });
                }
                _ => text.push(c),
            }
        }
        (text, entities)
    });
    marked.collect()
}

/// In how many sentences of a fixture a head relates the drug to the problem.
fn related(model: &Model, head: &str, fixture: &str) -> usize {
    let (texts, entities): (Vec<_>, Vec<_>) = marked(fixture).into_iter().unzip();
    let inputs: Vec<Input<'_>> = texts.iter().map(|text| text.as_str().into()).collect();
    let entities = entities.concat();
    let relations = ReOptions { entities: Some(&entities), unrelated: false };
    let found = model.re(&[head.into()], &inputs, relations, &bytes()).unwrap();
    found.documents.iter().filter(|found| !found.as_ref().unwrap().relations.is_empty()).count()
}

/// The first default model called 5 of the 30 treatments an adverse effect, and 28 of the 30 adverse effects.
#[test]
fn what_treats_a_problem_is_not_said_to_cause_it() {
    let model = default_model();
    let treatments = include_str!("notes/treatments.txt");
    let effects = include_str!("notes/adverse_effects.txt");
    for head in ["effect", "cid"] {
        let (wrong, right) = (related(&model, head, treatments), related(&model, head, effects));
        println!("{head}: {wrong} of 30 treatments and {right} of 30 adverse effects are related");
        assert!(wrong <= 1, "{head}: {wrong}");
        assert!(right >= 27, "{head}: {right}");
    }
}

/// Sentences that libraries of the field get wrong, through the whole pipeline.
#[test]
fn hard_sentences_come_out_right() {
    let model = default_model();
    let mut wrong = Vec::new();
    for line in include_str!("notes/hard_sentences.tsv").lines() {
        let (text, wants) = line.split_once('\t').unwrap();
        let found = extract(&model, &[], text);
        for want in wants.split(';').filter(|want| !want.is_empty()) {
            let (words, value) = want.split_once('=').unwrap();
            let at = text.find(words).unwrap();
            let entity = found
                .entities
                .iter()
                .find(|entity| entity.place.start < at + words.len() && at < entity.place.end);
            let said = entity.and_then(|entity| entity.assertion.as_ref());
            if said.map(|said| said.value) != AssertionValue::parse(value) {
                wrong.push(format!("{text}: {words} should be {value}, not {said:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

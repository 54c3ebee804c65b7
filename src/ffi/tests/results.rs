//! What results hold, through the functions that give it.

use std::ptr::{null, null_mut};

use super::calls::{Found, List, Task, Text, every};
use super::{CANARY, Setup, take};
use crate::ffi::*;

/// How much of each thing a result holds.
fn amounts(found: &Found) -> [(&'static str, usize); 9] {
    let (vector, states) = found.floats();
    [
        ("entities", found.list(biobert_result_spans).len()),
        ("relations", found.list(biobert_result_relations).len()),
        ("answers", found.list(biobert_result_answers).len()),
        ("classes", found.list(biobert_result_classes).len()),
        ("sentences", found.list(biobert_result_sentences).len()),
        ("tokens", found.list(biobert_result_tokens).len()),
        ("embedding", vector.len()),
        ("states", states.len()),
        ("sections", found.list(biobert_result_sections).len()),
    ]
}

/// What a task finds.
fn finds(task: Task) -> &'static [&'static str] {
    match task {
        Task::Ner => &["entities"],
        Task::Re | Task::Given => &["entities", "relations"],
        Task::Qa => &["answers"],
        Task::Classify | Task::Pair => &["classes"],
        Task::Embed => &["tokens", "embedding", "states"],
        Task::Sentences => &["sentences"],
        Task::Sections => &["sections"],
        Task::Extract => &["entities", "sections"],
    }
}

/// Everything in a result lies on characters of the text and in its ranges.
fn check(found: &Found, text: &str) {
    let place = |start: u64, end: u64| {
        assert!(text.get(start as usize..end as usize).is_some_and(|s| !s.is_empty()));
    };
    let probability = |score: f32| assert!(score > 0.0 && score <= 1.0);
    let name = |name: biobert_str| {
        // SAFETY: a view of a live result.
        assert!(!unsafe { name.str("name") }.unwrap().is_empty());
    };
    let spans = found.list(biobert_result_spans);
    for span in &spans {
        place(span.start, span.end);
        name(span.label);
        probability(span.score);
    }
    for relation in found.list(biobert_result_relations) {
        assert!(relation.first != relation.second);
        assert!(relation.first.max(relation.second) < spans.len() as u64);
        [relation.label, relation.text, relation.head].into_iter().for_each(name);
        probability(relation.score);
    }
    let answers = found.list(biobert_result_answers);
    for answer in &answers {
        assert_eq!(answer.passage, 0);
        place(answer.start, answer.end);
        name(answer.head);
    }
    assert!(answers.is_sorted_by(|a, b| a.score >= b.score));
    let classes = found.list(biobert_result_classes);
    for class in &classes {
        [class.label, class.text, class.head].into_iter().for_each(name);
        probability(class.score);
    }
    assert!(classes.is_empty() || classes.iter().map(|class| class.holds).sum::<u32>() == 1);
    let lists = [found.list(biobert_result_sentences), found.list(biobert_result_tokens)];
    for range in lists.iter().flatten() {
        place(range.start, range.end);
    }
    check_note(found, &spans, place);
    let (vector, states) = found.floats();
    assert!(vector.iter().chain(states.iter().flatten()).all(|value| value.is_finite()));
}

/// What is found in notes lies on characters of the text, and its lists fit together.
fn check_note(found: &Found, spans: &[biobert_span], place: impl Fn(u64, u64)) {
    let sections = found.list(biobert_result_sections);
    for (index, section) in sections.iter().enumerate() {
        place(section.start, section.end);
        place(section.title_start, section.title_end);
        assert!(section.start <= section.title_start && section.title_end <= section.end);
        assert!(section.parent == BIOBERT_NONE || section.parent < index as u64);
        assert!(section.name.len > 0);
    }
    let entities = found.list(biobert_result_entities);
    let (also, attributes) =
        (found.list(biobert_result_also), found.list(biobert_result_attributes));
    let (mut next_also, mut next_attribute) = (0, 0);
    for (entity, span) in entities.iter().zip(spans) {
        assert_eq!((entity.start, entity.end, entity.score), (span.start, span.end, span.score));
        assert!(entity.section == BIOBERT_NONE || entity.section < sections.len() as u64);
        assert!(
            (BIOBERT_ASSERTION_PRESENT..=BIOBERT_ASSERTION_OTHER_PERSON)
                .contains(&entity.assertion)
        );
        assert!((BIOBERT_CATEGORY_NONE..=BIOBERT_CATEGORY_SECTION).contains(&entity.category));
        assert!(entity.assertion_score > 0.0 && entity.assertion_score <= 1.0);
        if (entity.cue_start, entity.cue_end) != (0, 0) {
            place(entity.cue_start, entity.cue_end);
        }
        assert_eq!((entity.first_also, entity.first_attribute), (next_also, next_attribute));
        next_also += entity.n_also;
        next_attribute += entity.n_attributes;
    }
    assert!(entities.is_empty() || entities.len() == spans.len());
    assert_eq!((next_also, next_attribute), (also.len() as u64, attributes.len() as u64));
    for attribute in attributes {
        place(attribute.start, attribute.end);
    }
}

#[test]
fn a_result_has_what_its_task_finds_and_outlives_model_and_engine() {
    let text = "Plan: aspirin gave a rash. The çanary with fever 😀\0 took insulin!\n";
    for call @ (task, _) in every() {
        let setup = Setup::new(null());
        let found = setup.ok(call, text);
        assert_eq!(setup.live(), (1, 1));
        drop(setup);
        assert_eq!(found.state(0), (BIOBERT_OK, String::new()));
        assert_eq!(found.state(1), (BIOBERT_E_ARGUMENT, String::new()));
        check(&found, text);
        let json = found.parsed();
        // The tiny bundle runs in int8, the tiny checkpoint in f32.
        assert!(json["precision"] == "int8" || json["precision"] == "f32");
        for (thing, amount) in amounts(&found) {
            let json = json["documents"][0].get(thing).and_then(|list| list.as_array());
            if finds(task).contains(&thing) {
                assert!(amount > 0, "{call:?}: {thing}");
                let width = if thing == "states" { found.floats().0.len() } else { 1 };
                assert_eq!(json.unwrap().len(), amount * width, "{call:?}: {thing}");
            } else {
                assert_eq!(amount, 0, "{call:?}: {thing}");
                assert!(json.is_none_or(|list| list.is_empty()), "{call:?}: {thing}");
            }
        }
        // Nothing but answers has a chance of "no answer".
        assert_eq!(found.no_answer().is_nan(), task != Task::Qa, "{call:?}");
    }
}

#[test]
fn a_bad_document_holds_nothing() {
    let setup = Setup::new(null());
    for call in every() {
        let found = setup.run(call, &[&Text::bad(CANARY)], |_| ()).unwrap();
        let (status, message) = found.state(0);
        assert_eq!(status, BIOBERT_E_ENCODING, "{call:?}");
        let want = if call.1 { "invalid UTF-16 at unit 22" } else { "invalid UTF-8 at byte 23" };
        assert_eq!(message, want, "{call:?}");
        assert!(amounts(&found).iter().all(|(_, amount)| *amount == 0), "{call:?}");
        assert!(found.no_answer().is_nan(), "{call:?}");
        let json = &found.parsed()["documents"][0];
        assert_eq!((&json["status"], &json["message"]), (&status.into(), &message.into()));
    }
}

#[test]
fn lists_stand_null_and_documents_that_there_are_not() {
    let setup = Setup::new(null());
    let found = setup.ok((Task::Qa, false), CANARY);
    check_list(&found, biobert_result_spans, "spans");
    check_list(&found, biobert_result_relations, "relations");
    check_list(&found, biobert_result_answers, "answers");
    check_list(&found, biobert_result_classes, "classes");
    check_list(&found, biobert_result_sentences, "sentences");
    check_list(&found, biobert_result_tokens, "tokens");
    check_list(&found, biobert_result_sections, "sections");
    check_list(&found, biobert_result_entities, "entities");
    check_list(&found, biobert_result_also, "also");
    check_list(&found, biobert_result_attributes, "attributes");

    let (result, mut value, mut values, mut size, mut error) =
        (found.0, 1.5, null(), 7_usize, null_mut());
    let mut rows = 7;
    let (v, s, r, e) = (&raw mut values, &raw mut size, &raw mut rows, &raw mut error);
    let none = null_mut();
    // SAFETY: NULL is what these functions must stand; everything else is valid.
    unsafe {
        let expect = |status, want| assert_eq!(take(status, *e), (BIOBERT_E_ARGUMENT, want));
        let expect = |status, want: &str| expect(status, want.to_string());
        expect(biobert_result_no_answer(null(), 0, &mut value, e), "result is NULL");
        expect(biobert_result_no_answer(result, 1, &mut value, e), "doc is out of range");
        expect(biobert_result_no_answer(result, 0, null_mut(), e), "out is NULL");
        expect(biobert_result_embedding(null(), 0, v, s, e), "result is NULL");
        expect(biobert_result_embedding(result, 1, v, s, e), "doc is out of range");
        expect(biobert_result_embedding(result, 0, null_mut(), s, e), "values is NULL");
        expect(biobert_result_embedding(result, 0, v, none, e), "width is NULL");
        expect(biobert_result_states(null(), 0, v, r, s, e), "result is NULL");
        expect(biobert_result_states(result, 1, v, r, s, e), "doc is out of range");
        expect(biobert_result_states(result, 0, null_mut(), r, s, e), "values is NULL");
        expect(biobert_result_states(result, 0, v, none, s, e), "rows is NULL");
        expect(biobert_result_states(result, 0, v, r, none, e), "width is NULL");
    }
    assert_eq!((value, size, rows), (1.5, 7, 7), "an output was written on failure");
    assert!(values.is_null(), "an output was written on failure");
}

fn check_list<T>(found: &Found, list: List<T>, name: &str) {
    let (mut first, mut count, mut stride, mut error) = (null(), 7, 7, null_mut());
    let (f, c, s, e) = (&raw mut first, &raw mut count, &raw mut stride, &raw mut error);
    let (result, none) = (found.0.cast_const(), null_mut());
    // SAFETY: NULL is what these functions must stand; everything else is valid.
    unsafe {
        let calls = [
            (list(null(), 0, f, c, s, e), *e, "result is NULL".to_string()),
            (list(result, 1, f, c, s, e), *e, "doc is out of range".to_string()),
            (list(result, usize::MAX, f, c, s, e), *e, "doc is out of range".to_string()),
            (list(result, 0, null_mut(), c, s, e), *e, format!("{name} is NULL")),
            (list(result, 0, f, none, s, e), *e, "count is NULL".to_string()),
            (list(result, 0, f, c, none, e), *e, "stride is NULL".to_string()),
        ];
        for (status, error, want) in calls {
            assert_eq!(take(status, error), (BIOBERT_E_ARGUMENT, want), "{name}");
        }
        assert_eq!(list(null(), 0, f, c, s, null_mut()), BIOBERT_E_ARGUMENT);
    }
    assert!(first.is_null() && (count, stride) == (7, 7), "an output was written on failure");
}

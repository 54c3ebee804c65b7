//! NULL where a pointer is due, and other arguments that make no sense.

use std::ptr::{null, null_mut};

use super::calls::{Args, Task, Text, every};
use super::{CANARY, Setup, take};
use crate::ffi::*;

/// What the error says, which tasks it concerns, and what is wrong with their arguments.
type Wrong<'a> = (&'a str, fn(Task) -> bool, Box<dyn Fn(&mut Args) + 'a>);

fn change<'a>(change: impl Fn(&mut Args) + 'a) -> Box<dyn Fn(&mut Args) + 'a> {
    Box::new(change)
}

#[test]
fn every_task_says_which_argument_is_null_or_makes_no_sense() {
    let setup = Setup::new(null());
    // The two forms of texts and of questions have one layout: each stands for both here.
    let no_text = biobert_str { ptr: null(), len: 3 };
    let text = biobert_str::of(CANARY);
    let empty = biobert_str { ptr: null(), len: 0 };
    let no_passages = biobert_qa_in { question: empty, passages: null(), n_passages: 2 };
    let bad_question = biobert_qa_in { question: no_text, passages: &empty, n_passages: 1 };
    let bad_passage = biobert_qa_in { question: empty, passages: &no_text, n_passages: 1 };
    let latin1 = biobert_str { ptr: b"\xE7".as_ptr().cast(), len: 1 };
    let entity = |doc, start, end, kind| biobert_entity_in { doc, start, end, kind };
    let places = [
        (entity(1, 0, 1, text), "entity 0 is of a document that does not exist"),
        (entity(u64::MAX, 0, 1, text), "entity 0 is of a document that does not exist"),
        (entity(0, 4, 4, text), "entity 0 is empty"),
        (entity(0, 5, 4, text), "entity 0 is empty"),
        (entity(0, 0, 1, no_text), "an entity's kind is NULL, but its length is 3"),
        (entity(0, 0, 1, latin1), "an entity's kind is not UTF-8"),
    ];
    let outside = "entity 0 begins or ends outside its document or inside a character";
    let places = places.into_iter().chain(
        // The first character is two bytes long.
        [(1, 4), (0, 1), (0, 24), (24, 25), (0, u64::MAX), (u64::MAX, u64::MAX)]
            .map(|(start, end)| (entity(0, start, end, text), outside)),
    );
    let places: Vec<_> = places.collect();
    let no_pooling = biobert_embed_options {
        struct_size: size_of::<biobert_embed_options>() as u32,
        pooling: 4,
        choose_layer: 0,
        layer: 0,
        normalize: 0,
        tokens: 0,
        prompt: biobert_str { ptr: null(), len: 0 },
    };
    let nobody_judges = biobert_extract_options {
        struct_size: size_of::<biobert_extract_options>() as u32,
        judges: BIOBERT_JUDGES_NONE + 1,
        terms: null(),
        n_terms: 0,
    };
    let no_terms = biobert_extract_options { judges: 0, n_terms: 1, ..nobody_judges };
    let no_layer = biobert_embed_options { pooling: 0, choose_layer: 1, layer: 3, ..no_pooling };

    let all = |_: Task| true;
    let documents = |task: Task| task != Task::Qa;
    let questions = |task: Task| task == Task::Qa;
    let relations = |task: Task| matches!(task, Task::Re | Task::Given);
    let embeddings = |task: Task| task == Task::Embed;
    let notes = |task: Task| task == Task::Extract;
    let texts = |texts| change(move |args| args.texts = texts);
    let heads = |heads, count| change(move |args| (args.heads, args.n_heads) = (heads, count));
    let entities =
        |list, count| change(move |args| (args.entities, args.n_entities) = (list, count));
    let no_ptr = "a document's ptr is NULL, but its length is 3";
    let mut wrongs: Vec<Wrong<'_>> = vec![
        ("model is NULL", Task::has_model, change(|args| args.model = null())),
        ("engine is NULL", |task| !task.has_model(), change(|args| args.engine = null())),
        ("options is NULL", all, change(|args| args.options = null())),
        ("out is NULL", all, change(|args| args.out = null_mut())),
        ("docs is NULL, but its length is 1", documents, texts(null())),
        (no_ptr, documents, texts((&raw const no_text).cast())),
        (
            no_ptr,
            |task| task == Task::Pair,
            change(|args| {
                args.seconds = (&raw const no_text).cast();
            }),
        ),
        ("questions is NULL, but its length is 1", questions, texts(null())),
        (no_ptr, questions, texts((&raw const bad_question).cast())),
        (no_ptr, questions, texts((&raw const bad_passage).cast())),
        (
            "a question's passages is NULL, but its length is 2",
            questions,
            texts((&raw const no_passages).cast()),
        ),
        ("", all, change(|args| args.n_texts = usize::MAX)),
        ("heads is NULL, but its length is 2", Task::has_heads, heads(null(), 2)),
        ("a head's name is NULL, but its length is 3", Task::has_heads, heads(&no_text, 1)),
        ("a head's name is not UTF-8", Task::has_heads, heads(&latin1, 1)),
        ("entities is NULL, but its length is 2", relations, entities(null(), 2)),
        ("pooling of the options is unknown", embeddings, change(|args| args.embed = &no_pooling)),
        ("the model has 2 layers", embeddings, change(|args| args.embed = &no_layer)),
        ("judges of the options is unknown", notes, change(|args| args.extract = &nobody_judges)),
        ("terms is NULL, but its length is 1", notes, change(|args| args.extract = &no_terms)),
    ];
    wrongs.extend(places.iter().map(|(entity, want)| -> Wrong<'_> {
        (want, |task| task == Task::Given, entities(entity, 1))
    }));
    let too_many = format!("cannot be {} long", usize::MAX);

    for call @ (task, _) in every() {
        for (want, _, change) in wrongs.iter().filter(|(_, concerns, _)| concerns(task)) {
            let want = match *want {
                "" => format!("{} {too_many}", task.texts()),
                want => want.to_string(),
            };
            setup.with(call, &[&Text::new(CANARY)], |mut args| {
                let (out, mut error) = (args.out, null_mut());
                change(&mut args);
                // SAFETY: NULL is what these functions must stand; everything else is valid.
                unsafe {
                    let got = take(args.call(task, &mut error), error);
                    assert_eq!(got, (BIOBERT_E_ARGUMENT, want), "{call:?}");
                    assert_eq!(args.call(task, null_mut()), BIOBERT_E_ARGUMENT, "{call:?}");
                    assert!((*out).is_null(), "{call:?}: an output was written on failure");
                }
            });
        }
    }
    assert_eq!(setup.live(), (1, 0));
}

#[test]
fn what_may_be_null_or_empty_may_be() {
    let setup = Setup::new(null());
    let text = Text::new(CANARY);
    let nobody = biobert_entity_in { doc: 9, start: 9, end: 9, kind: biobert_str::of("") };
    let empty = biobert_str { ptr: null(), len: 0 };
    let no_passages = biobert_qa_in { question: empty, passages: null(), n_passages: 0 };
    for call @ (task, _) in every().filter(|(task, _)| *task != Task::Given) {
        let ok = |change: &dyn Fn(&mut Args)| setup.run(call, &[&text], change).unwrap();
        let found = ok(&|args| (args.texts, args.n_texts) = (null(), 0));
        assert_eq!(found.parsed()["documents"], serde_json::json!([]), "{call:?}");
        ok(&|args| {
            (args.relations, args.answers, args.embed) = (null(), null(), null());
            args.extract = null();
        });
        // An empty list of entities is not the same as none given.
        let found = ok(&|args| (args.entities, args.n_entities) = (&nobody, 0));
        let spans = found.list(biobert_result_spans).len();
        assert_eq!(spans > 0, matches!(task, Task::Ner | Task::Extract), "{call:?}");
        let found = match task {
            Task::Qa => ok(&|args| args.texts = (&raw const no_passages).cast()),
            _ => ok(&|args| {
                args.texts = (&raw const empty).cast();
                args.seconds = if task == Task::Pair { args.texts } else { null() };
            }),
        };
        assert_eq!(found.state(0).0, BIOBERT_OK, "{call:?}");
        let (vector, states) = found.floats();
        assert!(vector.iter().all(|&value| value == 0.0) && states.is_empty(), "{call:?}");
        assert_eq!(found.no_answer() == f32::INFINITY, task == Task::Qa, "{call:?}");
    }
}

#[test]
fn the_other_functions_stand_null() {
    let setup = Setup::new(null());
    let mut error = null_mut();
    let expect = |status: biobert_status, error: *mut biobert_error, want: &str| {
        let (status, message) = take(status, error);
        assert_eq!((status, message.as_str()), (BIOBERT_E_ARGUMENT, want));
    };
    let doc = biobert_str::of(CANARY);
    let e = &raw mut error;
    let model = setup.model;
    // SAFETY: NULL is what these functions must stand; everything else is valid.
    unsafe {
        expect(biobert_engine_create(null(), null_mut(), e), *e, "out is NULL");
        expect(biobert_engine_stats_json(null(), null_mut(), e), *e, "engine is NULL");
        expect(biobert_model_open_path(null(), doc, null(), null_mut(), e), *e, "engine is NULL");
        let empty = biobert_str { ptr: null(), len: 0 };
        expect(
            biobert_model_open_path(setup.engine, empty, null(), null_mut(), e),
            *e,
            "path is empty or holds a NUL",
        );
        expect(biobert_model_info_json(null(), null_mut(), e), *e, "model is NULL");
        expect(biobert_model_verify(null(), null_mut(), e), *e, "model is NULL");
        expect(biobert_model_head_name(model, 99, null_mut(), e), *e, "index is out of range");
        expect(biobert_model_label_count(null(), doc, null_mut(), e), *e, "model is NULL");
        expect(biobert_model_label_name(null(), doc, 0, null_mut(), e), *e, "model is NULL");
        expect(biobert_result_to_json(null(), null_mut(), e), *e, "result is NULL");
        expect(biobert_cancel_create(null_mut(), e), *e, "out is NULL");

        // Where there is no error to return.
        assert_eq!(biobert_result_doc_count(null()), 0);
        assert_eq!(biobert_result_doc_status(null(), 0), BIOBERT_E_ARGUMENT);
        assert_eq!(biobert_result_doc_flags(null(), 0), 0);
        assert_eq!(biobert_result_doc_message(null(), 0).len, 0);
        assert_eq!(biobert_model_head_count(null()), 0);
        assert_eq!(biobert_json_view(null()).len, 0);
        assert_eq!(biobert_error_message(null()).len, 0);
        assert_eq!(biobert_error_status(null()), BIOBERT_OK);
        assert!(biobert_model_retain(null()).is_null());
        biobert_engine_options_init(null_mut(), 64);
        biobert_model_options_init(null_mut(), 64);
        biobert_run_options_init(null_mut(), 64);
        biobert_re_options_init(null_mut(), 64);
        biobert_qa_options_init(null_mut(), 64);
        biobert_embed_options_init(null_mut(), 64);
        biobert_extract_options_init(null_mut(), 64);
        biobert_cancel_trigger(null());
        biobert_engine_free(null_mut());
        biobert_model_free(null_mut());
        biobert_result_free(null_mut());
        biobert_cancel_free(null_mut());
        biobert_error_free(null_mut());
        biobert_json_free(null_mut());
    }
}

#[test]
fn every_place_of_an_entity_is_read_or_refused() {
    let setup = Setup::new(null());
    let text = " Aspirin,  Çold.\n\n  A rash? \n";
    let document = Text::new(text);
    let fixed = [(1, 8, "Drug"), (23, 27, "Disease")];
    let entity = |start: usize, end: usize, kind| biobert_entity_in {
        doc: 0,
        start: start as u64,
        end: end as u64,
        kind: biobert_str::of(kind),
    };
    for start in 0..=text.len() + 1 {
        for end in 0..=text.len() + 1 {
            let [a, b] = fixed.map(|(start, end, kind)| entity(start, end, kind));
            let given = [a, b, entity(start, end, "Drug"), entity(start, end, "Disease")];
            let found = setup.run((Task::Given, false), &[&document], |args| {
                (args.entities, args.n_entities) = (given.as_ptr(), given.len());
            });
            let status = found.err().map_or(BIOBERT_OK, |(status, _)| status);
            let fits = start < end && text.get(start..end).is_some();
            let want = if fits { BIOBERT_OK } else { BIOBERT_E_ARGUMENT };
            assert_eq!(status, want, "{start} to {end}");
        }
    }
}

//! The int8 path: the same bits whatever computes them, near f32, and asked for or not.

mod support;

use std::path::{Path, PathBuf};

use biobert::{
    ClassifyInput, EmbedOptions, Engine, EngineOptions, Input, Model, OffsetUnit, OpenOptions,
    Precision, QaOptions, Question, ReOptions, RunOptions, TokenSequence,
};

fn default_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")
}

fn open(path: &Path, engine: EngineOptions, precision: Option<Precision>) -> Model {
    let options = OpenOptions { precision, ..Default::default() };
    Model::open(&Engine::new(engine).unwrap(), path, options).unwrap()
}

/// Documents of all lengths: one of many windows, one word, nothing, no language at all.
fn documents() -> Vec<String> {
    let note = include_str!("../examples/notes/discharge.txt");
    let without_sentences = "aspirin and then the day went on and on ".repeat(80);
    let mut documents: Vec<String> = note.lines().map(String::from).collect();
    documents.extend([note.to_string(), without_sentences, "Naloxone".into(), String::new()]);
    documents.push("Çölyak 中文 😀 naïve‑café β‑blocker \u{0}\u{fffd} 5 mg".into());
    documents
}

/// What every task finds in documents, one line of JSON for each, scores with all their digits.
fn everything(model: &Model, documents: &[String]) -> Vec<String> {
    let inputs: Vec<Input<'_>> = documents.iter().map(|text| text.as_str().into()).collect();
    let options = RunOptions::new(OffsetUnit::Utf16Units);
    let classify: Vec<ClassifyInput<'_>> =
        documents.iter().map(|text| text.as_str().into()).collect();
    let question = |passage| Question {
        weights: &[],
        question: "What caused the rash?".into(),
        passages: passage,
    };
    let questions: Vec<Question<'_>> = inputs.chunks(1).map(question).collect();
    let entities = model.ner(&[], &inputs, &options).unwrap();
    let relations = model.re(&[], &inputs, ReOptions::default(), &options).unwrap();
    let classes = model.classify(&[], &classify, &options).unwrap();
    let answers = model.qa(&[], &questions, &QaOptions::default(), &options).unwrap();
    let vectors = model.embed(&inputs, &EmbedOptions::default(), &options).unwrap();
    fn json<T: serde::Serialize>(found: &biobert::Result<T>) -> String {
        found.as_ref().map_or_else(|error| error.to_string(), |f| serde_json::to_string(f).unwrap())
    }
    (0..documents.len())
        .map(|index| {
            [
                json(&entities.documents[index]),
                json(&relations.documents[index]),
                json(&classes.documents[index]),
                json(&answers.documents[index]),
                json(&vectors.documents[index]),
            ]
            .join(" ")
        })
        .collect()
}

#[test]
fn tiers_threads_neighbours_and_order_do_not_change_a_bit() {
    let documents = documents();
    let want = everything(&open(&default_model(), EngineOptions::default(), None), &documents);
    assert!(want.iter().any(|line| line.contains("Disease")) && want.len() == documents.len());

    // The long documents cost the slow tiers most of the time; one of them goes through all tiers.
    for isa in Engine::isa_available() {
        let engine = EngineOptions { isa: Some(isa.into()), threads: 2, ..Default::default() };
        let got = everything(&open(&default_model(), engine, None), &documents);
        assert!(got == want, "{isa} gives other bits");
    }
    for (threads, token_budget) in [(1, 1), (2, 100), (3, 1 << 16)] {
        let engine = EngineOptions { threads, token_budget, ..Default::default() };
        let model = open(&default_model(), engine, None);
        let got = everything(&model, &documents);
        assert!(got == want, "{threads} threads and a budget of {token_budget} give other bits");
        let reversed: Vec<String> = documents.iter().rev().cloned().collect();
        let got = everything(&model, &reversed);
        assert!(got.iter().rev().eq(&want), "another order gives other bits");
    }
    let model = open(&default_model(), EngineOptions::default(), None);
    for (document, want) in documents.iter().zip(&want) {
        let got = everything(&model, std::slice::from_ref(document));
        assert!(got[0] == *want, "a document alone gives other bits than among others");
    }
}

#[test]
fn int8_is_near_f32() {
    let precise = open(&default_model(), EngineOptions::default(), Some(Precision::F32));
    let fast = open(&default_model(), EngineOptions::default(), None);
    assert_eq!((precise.precision(), fast.precision()), (Precision::F32, Precision::Int8));
    let sequences: Vec<TokenSequence> = [3, 40, 200, 512]
        .into_iter()
        .map(|length| {
            let ids = (0..length).map(|at| 1000 + at * 7 % 2000).collect();
            TokenSequence { ids, first_segment: length as usize }
        })
        .collect();
    let states = |model: &Model| model.states(&sequences, model.layers()).unwrap();
    let (want, got) = (states(&precise), states(&fast));
    let square =
        |values: &mut dyn Iterator<Item = f32>| values.map(|v| f64::from(v * v)).sum::<f64>();
    let error = square(&mut want.iter().zip(&got).map(|(want, got)| want - got));
    let ratio = (error / square(&mut want.iter().copied())).sqrt();
    assert!(ratio > 0.0 && ratio < 0.04, "the states are {ratio} apart");
    let verified = fast.verify().unwrap();
    assert!(verified.changed * 100 <= verified.decisions, "{verified:?}");
    assert!(verified.state_drift > precise.verify().unwrap().state_drift);
}

#[test]
fn a_checkpoint_runs_in_int8_where_that_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny(directory.path());
    let text = "patient with fever started insulin 5 mg daily".to_string();
    let float = open(directory.path(), EngineOptions::default(), None);
    let int8 = open(directory.path(), EngineOptions::default(), Some(Precision::Int8));
    assert_eq!((float.precision(), int8.precision()), (Precision::F32, Precision::Int8));
    assert_eq!(int8.info().precision, "int8");
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let result = int8.ner(&[], &[text.as_str().into()], &options).unwrap();
    assert_eq!(result.precision, Precision::Int8);
    for isa in Engine::isa_available() {
        let engine = EngineOptions { isa: Some(isa.into()), ..Default::default() };
        let model = open(directory.path(), engine, Some(Precision::Int8));
        let again = model.ner(&[], &[text.as_str().into()], &options).unwrap();
        assert_eq!(again.documents, result.documents, "{isa}");
    }
}

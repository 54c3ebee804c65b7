//! Heads trained on the device.

mod support;

use std::path::Path;

use biobert::eval::conlleval::{self, Sentence};
use biobert::eval::evaluate_ner;
use biobert::train::{
    Annotated, Preset, Progress, TrainOptions, TrainedHead, parse_jsonl, train_ner,
};
use biobert::{Cancel, Error, Model, OffsetUnit, RunOptions};

fn default_model() -> Model {
    support::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")).unwrap()
}

/// Sentences with body parts, and some with drugs, which are none.
fn sentences(count: usize, seed: u64) -> Vec<Sentence> {
    let parts = ["left knee", "liver", "right upper lobe", "spine", "kidneys", "femoral artery"];
    let before =
        ["Pain in the", "Swelling of her", "No lesion of the", "We examined the", "Biopsy of the"];
    let behind = ["was noted .", "since Monday .", ", as in 2019 .", "; no change .", "and more ."];
    let mut random = support::Random(seed);
    let mut text = String::new();
    for _ in 0..count {
        let mut word = |word: &str, tag: &str| text.push_str(&format!("{word}\t{tag}\n"));
        if random.below(4) == 0 {
            let drug = ["lithium", "ibuprofen", "insulin", "the same tablets"][random.below(4)];
            format!("On {drug} .").split(' ').for_each(|w| word(w, "O"));
            text.push('\n');
            continue;
        }
        before[random.below(5)].split(' ').for_each(|w| word(w, "O"));
        for (index, part) in parts[random.below(6)].split(' ').enumerate() {
            word(part, if index == 0 { "B" } else { "I" });
        }
        behind[random.below(5)].split(' ').for_each(|w| word(w, "O"));
        text.push('\n');
    }
    conlleval::parse("made.tsv", &text).unwrap()
}

fn options() -> TrainOptions {
    TrainOptions { preset: Preset::Fast, ..Default::default() }
}

fn train(model: &Model, sentences: &[Sentence], options: &TrainOptions) -> TrainedHead {
    let texts = annotated(sentences);
    train_ner(model, &texts, None, options, &Cancel::new(), &mut |_| ()).unwrap()
}

fn annotated(sentences: &[Sentence]) -> Vec<Annotated> {
    sentences.iter().map(|sentence| Annotated::from_tags(sentence, "Anatomy")).collect()
}

fn files(head: &TrainedHead) -> [Vec<u8>; 2] {
    let directory = tempfile::tempdir().unwrap();
    head.save(directory.path()).unwrap();
    ["head.json", "head.safetensors"]
        .map(|name| std::fs::read(directory.path().join(name)).unwrap())
}

#[test]
fn a_kind_that_the_model_was_not_taught_is_learnt_and_used() {
    let model = default_model();
    let head = train(&model, &sentences(400, 1), &options());
    assert_eq!((head.report.texts, head.report.held_out), (360, 40));
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("anatomy");
    head.save(&directory).unwrap();

    let taught = model.with_head(&directory).unwrap();
    assert_eq!(taught.heads().count(), model.heads().count() + 1);
    let score =
        evaluate_ner(&taught, "anatomy", &sentences(100, 2), &Cancel::new(), |_| ()).unwrap();
    assert!(score.f1 > 95.0, "{score:?}");

    // From raw text, beside the heads that were there, with offsets into it.
    let note = "😀 Naïve: Swelling of her left knee since Monday. On metformin.";
    let heads = ["anatomy".to_string(), "chemical".to_string()];
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let found = taught.ner(&heads, &[note.into()], &run).unwrap();
    let found = found.documents[0].as_ref().unwrap();
    let found: Vec<_> = found.entities.iter().map(|e| (&*e.label, &note[e.start..e.end])).collect();
    assert_eq!(found, [("Anatomy", "left knee"), ("Chemical", "metformin")]);
    // The model that it was made from is as it was.
    let error = model.ner(&heads, &[note.into()], &run).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
}

#[test]
fn one_seed_gives_one_head_and_another_seed_another() {
    let model = default_model();
    let sentences = sentences(60, 3);
    let first = files(&train(&model, &sentences, &options()));
    assert!(first == files(&train(&model, &sentences, &options())));
    let other = TrainOptions { seed: 1, ..options() };
    assert!(first[1] != files(&train(&model, &sentences, &other))[1]);
    let refit = TrainOptions { refit: true, ..options() };
    assert!(first[1] != files(&train(&model, &sentences, &refit))[1]);
}

#[test]
fn a_head_is_refused_on_another_encoder_and_under_a_name_that_is_taken() {
    let model = default_model();
    let head = train(&model, &sentences(40, 4), &options());
    let directory = tempfile::tempdir().unwrap();
    let tiny = directory.path().join("tiny");
    std::fs::create_dir(&tiny).unwrap();
    support::write_tiny_with_all(&tiny);
    for name in ["anatomy", "disease"] {
        head.save(&directory.path().join(name)).unwrap();
    }
    let error = support::open(&tiny).unwrap().with_head(&directory.path().join("anatomy"));
    assert!(
        error.unwrap_err().to_string().contains("head.json: the head belongs to another encoder")
    );
    let error = model.with_head(&directory.path().join("disease")).unwrap_err();
    assert!(error.to_string().contains("a head of this name"), "{error}");
    let error = model.with_head(&directory.path().join("nowhere")).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");

    // Cut short.
    let tensors = directory.path().join("anatomy/head.safetensors");
    let bytes = std::fs::read(&tensors).unwrap();
    for length in [0, 100, bytes.len() - 1] {
        std::fs::write(&tensors, &bytes[..length]).unwrap();
        assert!(model.with_head(&directory.path().join("anatomy")).is_err());
    }
}

#[test]
fn nothing_to_learn_is_an_error_and_who_stops_keeps_the_best() {
    let model = default_model();
    let mut none = sentences(20, 5);
    none.iter_mut().for_each(|sentence| sentence.tags.fill("O".into()));
    for sentences in [&none[..], &[]] {
        let found =
            train_ner(&model, &annotated(sentences), None, &options(), &Cancel::new(), &mut |_| ());
        assert!(matches!(found.unwrap_err(), Error::Argument(_)));
    }
    let texts = annotated(&sentences(200, 6));
    // Before there is anything to keep.
    let cancel = Cancel::new();
    let mut progress = |_| cancel.trigger();
    let found = train_ner(&model, &texts, None, &options(), &cancel, &mut progress);
    assert!(matches!(found.unwrap_err(), Error::Cancelled));
    // Afterwards the best so far is kept.
    let cancel = Cancel::new();
    let mut progress = |progress| {
        if matches!(progress, Progress::Epoch { epoch: 2, .. }) {
            cancel.trigger();
        }
    };
    let head = train_ner(&model, &texts, None, &options(), &cancel, &mut progress).unwrap();
    assert!(head.report.stopped && head.report.history.len() == 2 && head.report.epoch <= 2);
    assert!(!train(&model, &sentences(40, 6), &options()).report.stopped);
}

#[test]
fn held_out_texts_that_tell_nothing_choose_the_last_epoch() {
    let model = default_model();
    let mut none = sentences(5, 9);
    none.iter_mut().for_each(|sentence| sentence.tags.fill("O".into()));
    let (texts, none) = (annotated(&sentences(64, 10)), annotated(&none));
    let head =
        train_ner(&model, &texts, Some(&none), &options(), &Cancel::new(), &mut |_| ()).unwrap();
    assert_eq!((head.report.held_out, head.report.score.gold), (5, 0));
    assert_eq!(head.report.epoch, head.report.history.len());
}

#[test]
fn long_sentences_and_words_without_pieces_are_learnt_from() {
    let model = default_model();
    let mut sentences = sentences(30, 7);
    let long: Vec<Sentence> = sentences.clone();
    for sentence in &long {
        sentences[0].words.extend(sentence.words.iter().cloned());
        sentences[0].tags.extend(sentence.tags.iter().cloned());
    }
    sentences[1].words[0] = "\u{200b}".into();
    let head = train(&model, &sentences, &options());
    assert_eq!(head.report.labels, ["O", "B-Anatomy", "I-Anatomy"]);
}

#[test]
fn whole_notes_with_places_are_learnt_from() {
    let model = default_model();
    let parts = ["left knee", "liver", "right upper lobe", "spine", "kidneys", "femoral artery"];
    let mut random = support::Random(8);
    let mut lines = String::new();
    for _ in 0..120 {
        let mut text = String::from("😀 Seen by Dr. Smith.\r\n");
        let mut entities = Vec::new();
        for _ in 0..3 {
            let before = ["Pain in the ", "Swelling of her ", "We examined the "][random.below(3)];
            let part = parts[random.below(6)];
            text.push_str(before);
            let start = text.chars().count();
            text.push_str(part);
            let end = text.chars().count();
            entities.push(serde_json::json!({"start": start, "end": end, "label": "Anatomy"}));
            text.push_str(" today. No fever, naïve.\n");
        }
        lines += &format!("{}\n", serde_json::json!({"text": text, "entities": entities}));
    }
    let texts = parse_jsonl("made.jsonl", &lines, OffsetUnit::UnicodeScalars).unwrap();
    let head = train_ner(&model, &texts, None, &options(), &Cancel::new(), &mut |_| ()).unwrap();
    assert!(head.report.score.gold == 36 && head.report.score.f1 > 95.0, "{:?}", head.report);
}

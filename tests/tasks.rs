//! Relations, answers, classes, embeddings and sentences from raw text.

mod support;

use std::path::Path;

use biobert::{
    Cancel, ClassifyInput, EmbedOptions, Engine, EngineOptions, Error, GivenEntity, Input, Model,
    OffsetUnit, OpenOptions, Pooling, QaOptions, Question, ReOptions, RunOptions,
};

const UNITS: [OffsetUnit; 3] =
    [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units];

fn default_model() -> Model {
    support::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")).unwrap()
}

/// The tiny random model with every kind of head.
fn tiny() -> Model {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny_with_all(directory.path());
    support::open(directory.path()).unwrap()
}

fn bytes() -> RunOptions {
    RunOptions::new(OffsetUnit::Utf8Bytes)
}

/// Where a mention stands in a text, in a unit.
fn place(text: &str, mention: &str, unit: OffsetUnit) -> (usize, usize) {
    let start = text.find(mention).unwrap();
    let count = |text: &str| match unit {
        OffsetUnit::Utf8Bytes => text.len(),
        OffsetUnit::UnicodeScalars => text.chars().count(),
        OffsetUnit::Utf16Units => text.encode_utf16().count(),
    };
    (count(&text[..start]), count(&text[..start + mention.len()]))
}

fn given(doc: usize, text: &str, mention: &str, kind: &str, unit: OffsetUnit) -> GivenEntity {
    let (start, end) = place(text, mention, unit);
    GivenEntity { doc, start, end, kind: kind.into() }
}

#[test]
fn relations_are_found_between_entities_that_ner_finds() {
    let model = default_model();
    let note =
        "She developed a severe rash after one dose of amoxicillin. Metformin was continued.";
    let heads = ["cid".to_string()];
    let result = model.re(&heads, &[note.into()], ReOptions::default(), &bytes()).unwrap();
    let found = result.documents[0].as_ref().unwrap();
    let text = |index: usize| &note[found.spans[index].start..found.spans[index].end];
    let relations: Vec<_> = found
        .relations
        .iter()
        .map(|relation| (text(relation.first), &*relation.text, text(relation.second)))
        .collect();
    assert_eq!(relations, [("amoxicillin", "induces", "rash")]);
    assert!(found.relations[0].score > 0.5 && found.relations[0].score <= 1.0);
    // Only what the head relates was looked for.
    assert!(found.spans.iter().all(|e| ["Chemical", "Disease"].contains(&&*e.label)));

    let all = ReOptions { unrelated: true, ..Default::default() };
    let result = model.re(&heads, &[note.into()], all, &bytes()).unwrap();
    let found = result.documents[0].as_ref().unwrap();
    // Metformin stands in a sentence of its own: no pair.
    assert_eq!(found.relations.len(), 1);
}

#[test]
fn relations_between_given_entities_have_the_callers_offsets() {
    let model = default_model();
    let note = "😀 Naïve patient: amoxicillin → rash; no fever.";
    for unit in UNITS {
        let entities = [
            given(0, note, "rash", "Disease", unit),
            given(0, note, "amoxicillin", "chemical", unit),
            given(0, note, "fever", "DISEASE", unit),
            given(0, note, "patient", "Person", unit),
        ];
        let relations = ReOptions { entities: Some(&entities), unrelated: true };
        let result =
            model.re(&["cid".into()], &[note.into()], relations, &RunOptions::new(unit)).unwrap();
        let found = result.documents[0].as_ref().unwrap();
        let places: Vec<_> = found.spans.iter().map(|e| (e.start, e.end)).collect();
        let sorted = ["patient", "amoxicillin", "rash", "fever"];
        assert_eq!(places, sorted.map(|mention| place(note, mention, unit)));
        let pairs: Vec<_> = found.relations.iter().map(|r| (r.first, r.second)).collect();
        assert_eq!(pairs, [(1, 2), (1, 3)]);
    }
}

#[test]
fn an_entity_that_cannot_be_is_named_by_its_number() {
    let model = default_model();
    let note = "é rash";
    let good = given(0, note, "rash", "Disease", OffsetUnit::Utf8Bytes);
    let cases = [
        (GivenEntity { doc: 1, ..good.clone() }, "entity 1 is of a document that does not exist"),
        (
            GivenEntity { start: 1, ..good.clone() },
            "entity 1 begins or ends outside its document or inside a character",
        ),
        (
            GivenEntity { end: 99, ..good.clone() },
            "entity 1 begins or ends outside its document or inside a character",
        ),
        (GivenEntity { end: good.start, ..good.clone() }, "entity 1 is empty"),
        (GivenEntity { end: 0, ..good.clone() }, "entity 1 is empty"),
    ];
    for (bad, want) in cases {
        let entities = [good.clone(), bad];
        let relations = ReOptions { entities: Some(&entities), ..Default::default() };
        let error = model.re(&[], &[note.into()], relations, &bytes()).unwrap_err();
        // The document is to blame unless it does not exist.
        let doc = (!want.contains("does not exist")).then_some(0);
        assert_eq!((error.to_string().as_str(), error.doc_index()), (want, doc));
    }
    // Of a document that cannot be read nothing is said at all.
    let entities = [GivenEntity { start: 99, end: 100, ..good }];
    let relations = ReOptions { entities: Some(&entities), ..Default::default() };
    let result = model.re(&[], &[Input::Utf8(b"\xFF")], relations, &bytes()).unwrap();
    assert!(matches!(result.documents[0], Err(Error::Encoding { .. })));
}

#[test]
fn several_hundred_pairs_of_long_notes_are_one_call_and_as_each_alone() {
    let model = tiny();
    let sentence = "aspirin and insulin and naive rash with fever in patient no. ";
    let note: String = (0..40).map(|i| format!("Day {i}: {sentence}\n\n")).collect();
    let mut entities = Vec::new();
    let mut at = 0;
    while let Some(next) = note[at..].find("aspirin") {
        let from = at + next;
        for (mention, kind) in
            [("aspirin", "Drug"), ("insulin", "Drug"), ("rash", "Disease"), ("fever", "Disease")]
        {
            let start = from + note[from..].find(mention).unwrap();
            let end = start + mention.len();
            entities.push(GivenEntity { doc: 0, start, end, kind: kind.into() });
        }
        at = from + 1;
    }
    let mut both = entities.clone();
    both.extend(entities.iter().map(|e| GivenEntity { doc: 1, ..e.clone() }));
    let relations = ReOptions { entities: Some(&both), unrelated: true };
    let notes = [note.as_str().into(), note.as_str().into()];
    let result = model.re(&[], &notes, relations, &bytes()).unwrap();
    let [Ok(first), Ok(second)] = result.documents.as_slice() else { panic!("two notes") };
    assert_eq!((first.relations.len(), first), (160, second));
    let alone = ReOptions { entities: Some(&entities), unrelated: true };
    let alone = model.re(&[], &notes[..1], alone, &bytes()).unwrap();
    assert_eq!(alone.documents[0].as_ref().unwrap(), first);
}

#[test]
fn two_entities_too_far_apart_are_left_out_and_flagged() {
    let model = tiny();
    let middle = "with no rash and no fever in patient started daily; ".repeat(20);
    let near = format!("aspirin and fever {middle}");
    let far = format!("aspirin {middle} and mellitus");
    for (note, disease, pairs, flags) in
        [(near, "fever", 1, (true, false)), (far, "mellitus", 0, (false, true))]
    {
        let entities = [
            given(0, &note, "aspirin", "Drug", OffsetUnit::Utf8Bytes),
            given(0, &note, disease, "Disease", OffsetUnit::Utf8Bytes),
        ];
        let relations = ReOptions { entities: Some(&entities), unrelated: true };
        let result = model.re(&[], &[note.as_str().into()], relations, &bytes()).unwrap();
        let found = result.documents[0].as_ref().unwrap();
        assert_eq!(found.relations.len(), pairs);
        assert_eq!((found.flags.windowed, found.flags.truncated), flags);
    }
}

#[test]
fn a_head_whose_entities_nobody_finds_says_so() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny(directory.path());
    for name in ["disease", "typed"] {
        for kind in ["json", "safetensors"] {
            std::fs::remove_file(directory.path().join(format!("heads/{name}.{kind}"))).unwrap();
        }
    }
    let model = support::open(directory.path()).unwrap();
    let call = |heads: &[String]| {
        model.re(heads, &["rash".into()], ReOptions::default(), &bytes()).unwrap_err()
    };
    for heads in [&[][..], &["induces".to_string()]] {
        let want = "the model has no head that finds Drug entities; the call has to give them";
        assert_eq!(call(heads), Error::NotFound(want.into()));
    }
}

const PASSAGES: [&str; 2] = [
    "The trial was small. Hives were treated with loratadine, and nobody died.",
    "In 2019, imatinib was approved for chronic myeloid leukemia – a first.",
];

#[test]
fn answers_come_from_the_right_passage_in_the_callers_unit() {
    let model = default_model();
    let passages = PASSAGES.map(Input::from);
    let ask = |question: &'static str| Question {
        weights: &[],
        question: question.into(),
        passages: &passages,
    };
    let questions =
        [ask("Which drug was approved for chronic myeloid leukemia?"), ask("What treats hives?")];
    for unit in UNITS {
        let result =
            model.qa(&[], &questions, &QaOptions::default(), &RunOptions::new(unit)).unwrap();
        for (document, (passage, mention)) in
            result.documents.iter().zip([(1, "imatinib"), (0, "loratadine")])
        {
            let found = document.as_ref().unwrap();
            let best = &found.answers[0];
            assert_eq!(
                (best.passage, (best.start, best.end)),
                (passage, place(PASSAGES[passage], mention, unit))
            );
            assert_eq!(found.no_answer, -best.score);
            assert!(found.answers.is_sorted_by(|a, b| a.score >= b.score));
            assert!(found.answers.len() <= 5 && found.classes.is_empty());
        }
    }
}

#[test]
fn a_long_passage_is_read_in_windows_and_answers_are_distinct() {
    let model = default_model();
    let filler = "Patients came to the clinic for a check and left again without a prescription. ";
    let long = format!("{}{} {}", filler.repeat(60), PASSAGES[1], filler.repeat(60));
    let passages = [long.as_str().into(), PASSAGES[1].into()];
    let question = "Which drug was approved for chronic myeloid leukemia?".into();
    let call = |passages: &[Input<'_>], top: usize| {
        let options = QaOptions { top, ..Default::default() };
        let result =
            model.qa(&[], &[Question { weights: &[], question, passages }], &options, &bytes());
        result.unwrap().documents.remove(0).unwrap()
    };
    let found = call(&passages[..1], 1);
    assert!(found.flags.windowed && found.answers.len() == 1);
    assert_eq!(&long[found.answers[0].start..found.answers[0].end], "imatinib");

    let found = call(&passages, 50);
    let sources = [long.as_str(), PASSAGES[1]];
    let mut texts: Vec<String> = found
        .answers
        .iter()
        .map(|answer| sources[answer.passage][answer.start..answer.end].to_lowercase())
        .collect();
    let count = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), count);
}

#[test]
fn passages_decide_together_when_they_are_pooled() {
    let model = default_model();
    let passages = [
        "The rash was caused by Amoxicillin. It went within days.",
        "Amoxicillin caused the rash, his wife says.",
        "All is well, and the dog is fine.",
    ];
    let inputs = passages.map(Input::from);
    let question = Question {
        weights: &[],
        question: "Which drug caused the rash?".into(),
        passages: &inputs,
    };
    let call = |options: QaOptions| {
        let mut result = model.qa(&["factoid".into()], &[question], &options, &bytes()).unwrap();
        result.documents.remove(0).unwrap()
    };
    let pooled = QaOptions { top: 50, pool: true, ..QaOptions::default() };
    let found = call(pooled);
    let text = |answer: &biobert::Answer| &passages[answer.passage][answer.start..answer.end];
    assert_eq!(text(&found.answers[0]), "Amoxicillin");
    let probabilities: Vec<f32> = found.answers.iter().map(|a| a.probability.unwrap()).collect();
    assert!(probabilities.is_sorted_by(|a, b| a >= b));
    assert!(probabilities.iter().all(|&p| p > 0.0) && probabilities.iter().sum::<f32>() <= 1.001);
    for answer in &found.answers {
        let text = text(answer);
        assert!(!text.ends_with('.') && !text.contains(". "), "{text}");
    }
    // Of each answer the best mention.
    let plain = call(QaOptions::default());
    assert_eq!(found.answers[0].score, plain.answers[0].score);
    assert_eq!(found.no_answer, plain.no_answer);
    assert!(plain.answers.iter().all(|answer| answer.probability.is_none()));
    // A threshold keeps the first of them.
    let some = call(QaOptions { threshold: 0.5, ..pooled }).answers;
    let kept = probabilities.iter().take_while(|&&p| p >= 0.5 * probabilities[0]).count();
    assert_eq!(some[..], found.answers[..kept]);
    assert_eq!(call(QaOptions { top: 2, ..pooled }).answers[..], found.answers[..2]);
    for wrong in [-0.1, 1.1, f32::NAN] {
        let options = QaOptions { threshold: wrong, ..pooled };
        assert!(matches!(model.qa(&[], &[], &options, &bytes()), Err(Error::Argument(_))));
    }
    let options = QaOptions { threshold: 0.5, ..QaOptions::default() };
    assert!(matches!(model.qa(&[], &[], &options, &bytes()), Err(Error::Argument(_))));
    let nothing =
        Question { weights: &[], question: "Why?".into(), passages: &["".into(), " ".into()] };
    let result = model.qa(&[], &[nothing], &pooled, &bytes()).unwrap();
    let found = result.documents[0].as_ref().unwrap();
    assert_eq!((found.answers.len(), found.no_answer), (0, f32::INFINITY));
}

#[test]
fn pooled_passages_count_by_their_weights() {
    let model = default_model();
    let passages = ["Amoxicillin caused the rash.", "Ibuprofen caused the rash."].map(Input::from);
    let call = |weights: &[f32], options: &QaOptions| {
        let question = "Which drug caused the rash?".into();
        let question = Question { question, passages: &passages, weights };
        let found = model.qa(&["factoid".into()], &[question], options, &bytes());
        found.map(|mut found| found.documents.remove(0).unwrap().answers)
    };
    let pooled = QaOptions { top: 50, pool: true, ..QaOptions::default() };
    for (weights, best) in [([3.0, 1.0], 0), ([1.0, 3.0], 1), ([0.0, 0.5], 1)] {
        let found = call(&weights, &pooled).unwrap();
        assert_eq!(found[0].passage, best);
        let sum: f32 = found.iter().map(|answer| answer.probability.unwrap()).sum();
        assert!(sum <= 1.001, "{sum}");
    }
    // Where all count alike, they may have any weight.
    assert_eq!(call(&[], &pooled).unwrap(), call(&[1.0, 1.0], &pooled).unwrap());
    for wrong in [&[1.0][..], &[1.0, -1.0], &[0.0, 0.0], &[1.0, f32::NAN], &[1.0, f32::INFINITY]] {
        assert!(matches!(call(wrong, &pooled), Err(biobert::Error::Argument(_))), "{wrong:?}");
    }
    assert!(call(&[1.0, 1.0], &QaOptions::default()).is_err());
}

#[test]
fn questions_without_anything_to_answer_with() {
    let model = default_model();
    let options = QaOptions::default();
    let call = |question: &str, passages: &[Input<'_>]| {
        let question = Question { weights: &[], question: question.into(), passages };
        model.qa(&[], &[question], &options, &bytes()).unwrap().documents.remove(0)
    };
    for passages in [&[][..], &["".into()], &[" \n".into()]] {
        let found = call("Why?", passages).unwrap();
        assert_eq!((found.answers.len(), found.no_answer), (0, f32::INFINITY));
    }
    assert!(!call("", &["A rash.".into()]).unwrap().flags.truncated);
    let long = call(&"Why did the rash come? ".repeat(40), &["A rash.".into()]).unwrap();
    assert!(long.flags.truncated);
    // A passage that cannot be read is the question's error, and no other question's.
    let bad = [Input::Utf8(b"\xFF")];
    let questions = [
        Question { weights: &[], question: "Why?".into(), passages: &bad },
        Question { weights: &[], question: "Why?".into(), passages: &["A rash.".into()] },
    ];
    let result = model.qa(&[], &questions, &options, &bytes()).unwrap();
    assert!(matches!(result.documents[0], Err(Error::Encoding { position: 0, .. })));
    assert!(result.documents[1].is_ok());
    let none = QaOptions { max_tokens: 0, ..options };
    assert!(matches!(model.qa(&[], &[], &none, &bytes()), Err(Error::Argument(_))));
}

#[test]
fn yes_or_no_is_the_mean_over_the_passages() {
    let model = tiny();
    let heads = ["verdict".to_string()];
    let passages = ["aspirin for fever.".into(), "no rash with insulin daily".into()];
    let verdict = |passages: &[Input<'_>]| {
        let question = Question { weights: &[], question: "Is it daily?".into(), passages };
        let mut result = model.qa(&heads, &[question], &QaOptions::default(), &bytes()).unwrap();
        let found = result.documents.remove(0).unwrap();
        assert!(found.answers.is_empty() && found.no_answer.is_nan());
        let yes = found.classes.iter().find(|class| &*class.label == "yes").unwrap().score;
        assert_eq!(found.classes.iter().map(|class| class.score).sum::<f32>(), 1.0);
        assert_eq!(found.classes.iter().filter(|class| class.holds).count(), 1);
        assert!(found.classes[0].holds && found.classes[0].score >= 0.5);
        yes
    };
    let (both, first, second) =
        (verdict(&passages), verdict(&passages[..1]), verdict(&passages[1..]));
    assert!((both - (first + second) / 2.0).abs() < 1e-6);
    // All heads together: spans and a verdict.
    let question = Question { weights: &[], question: "Is it daily?".into(), passages: &passages };
    let result = model.qa(&[], &[question], &QaOptions::default(), &bytes()).unwrap();
    let found = result.documents[0].as_ref().unwrap();
    assert!(!found.answers.is_empty() && found.classes.len() == 2);
}

#[test]
fn classes_of_documents_and_of_pairs() {
    let model = tiny();
    let result = model.classify(&[], &["aspirin for fever".into()], &bytes()).unwrap();
    let classes = &result.documents[0].as_ref().unwrap().classes;
    let (event, topics): (Vec<_>, Vec<_>) = classes.iter().partition(|c| &*c.head == "event");
    assert_eq!((event.len(), topics.len()), (2, 3));
    assert!((event[0].score + event[1].score - 1.0).abs() < 1e-6);
    assert!(event[0].holds && !event[1].holds && event[0].score >= event[1].score);
    // Each topic is decided by itself.
    assert!(topics.iter().all(|class| class.holds == (class.score >= 0.5)));
    assert!(topics.iter().all(|class| class.text.starts_with("the ")));

    let heads = ["event".to_string()];
    let score = |text: &str, second: Option<&str>| {
        let input = ClassifyInput { text: text.into(), second: second.map(Input::from) };
        let mut result = model.classify(&heads, &[input], &bytes()).unwrap();
        let found = result.documents.remove(0).unwrap();
        let yes = found.classes.iter().find(|class| &*class.label == "yes").unwrap().score;
        (yes, found.flags)
    };
    let alone = score("aspirin for fever", None);
    let pair = score("aspirin for fever", Some("no insulin"));
    let turned = score("no insulin", Some("aspirin for fever"));
    assert!(alone.0 != pair.0 && pair.0 != turned.0);
    let long = "no rash and no fever. ".repeat(30);
    for (first, second) in [(long.as_str(), Some("no insulin")), ("no insulin", Some(&*long))] {
        let flags = score(first, second).1;
        assert!(flags.windowed && !flags.truncated);
    }
    assert!(score(&long, Some(&long)).1.truncated);
    assert!(score(&long, None).1.windowed && !score(&long, None).1.truncated);
    // Even nothing at all has a class.
    assert!(score("", None).0.is_finite());
}

#[test]
fn embeddings_are_means_of_states() {
    let model = tiny();
    let text = "café aspirin – 😀 rash";
    let embed = |text: &str, embed: EmbedOptions, unit| {
        let mut result = model.embed(&[text.into()], &embed, &RunOptions::new(unit)).unwrap();
        result.documents.remove(0).unwrap()
    };
    let tokens = EmbedOptions { tokens: true, ..Default::default() };
    for unit in UNITS {
        let found = embed(text, tokens.clone(), unit);
        let place = place(text, "aspirin", unit);
        assert!(found.tokens.iter().any(|token| (token.start, token.end) == place));
    }
    let found = embed(text, tokens.clone(), OffsetUnit::Utf8Bytes);
    let rows = found.tokens.len();
    assert_eq!(found.states.len(), rows * support::HIDDEN);
    for column in 0..support::HIDDEN {
        let sum: f32 = (0..rows).map(|row| found.states[row * support::HIDDEN + column]).sum();
        assert!((found.embedding[column] - sum / rows as f32).abs() < 1e-6);
    }

    let options = |pooling, layer, normalize| EmbedOptions {
        pooling,
        layer,
        normalize,
        ..Default::default()
    };
    let vector = |o: EmbedOptions| embed(text, o, OffsetUnit::Utf8Bytes).embedding;
    let last = vector(options(Pooling::Mean, None, false));
    assert_eq!(last, vector(options(Pooling::Mean, Some(support::LAYERS), false)));
    assert_ne!(last, vector(options(Pooling::Mean, Some(0), false)));
    assert_ne!(last, vector(options(Pooling::Cls, None, false)));
    let length: f32 = vector(options(Pooling::Cls, None, true)).iter().map(|v| v * v).sum();
    assert!((length - 1.0).abs() < 1e-5);
    let error = model.embed(&[], &options(Pooling::Mean, Some(3), false), &bytes()).unwrap_err();
    assert_eq!(error, Error::Argument("the model has 2 layers".into()));

    let empty = embed("", options(Pooling::Mean, None, true), OffsetUnit::Utf8Bytes);
    assert_eq!(empty.embedding, vec![0.0; support::HIDDEN]);
    let long = embed(&"rash and fever. ".repeat(200), tokens, OffsetUnit::Utf8Bytes);
    assert!(long.flags.windowed && long.tokens.len() == 800);
    assert_eq!(long.states.len(), 800 * support::HIDDEN);
}

#[test]
fn sentences_have_offsets_and_keep_to_limits() {
    let engine =
        Engine::new(EngineOptions { max_doc_bytes: 100, ..EngineOptions::default() }).unwrap();
    let text = "Dr. Müller saw her 😀.\nShe is well.";
    for unit in UNITS {
        let long = "a".repeat(101);
        let documents = [text.into(), "".into(), Input::Utf8(b"\xFF"), long.as_str().into()];
        let result = engine.sentences(&documents, &RunOptions::new(unit)).unwrap();
        let places: Vec<_> = result.documents[0]
            .as_ref()
            .unwrap()
            .sentences
            .iter()
            .map(|sentence| (sentence.start, sentence.end))
            .collect();
        let want = ["Dr. Müller saw her 😀.", "She is well."].map(|s| place(text, s, unit));
        assert_eq!(places, want);
        assert!(result.documents[1].as_ref().unwrap().sentences.is_empty());
        assert!(matches!(result.documents[2], Err(Error::Encoding { .. })));
        assert!(matches!(result.documents[3], Err(Error::Limit { .. })));
    }
}

#[test]
fn no_task_depends_on_threads_instruction_sets_or_neighbours() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny_with_all(directory.path());
    let texts: Vec<String> = (0..6)
        .map(|i| "aspirin 5 mg for fever; insulin and rash daily. ".repeat(1 + 3 * i))
        .collect();
    let documents: Vec<Input<'_>> = texts.iter().map(|text| text.as_str().into()).collect();
    let mut first = None;
    for isa in Engine::isa_available() {
        for (threads, token_budget) in [(1, 4096), (2, 100), (3, 1)] {
            let isa = Some(isa.to_string());
            let options = EngineOptions { isa, threads, token_budget, ..Default::default() };
            let engine = Engine::new(options).unwrap();
            let model = Model::open(&engine, directory.path(), OpenOptions::default()).unwrap();
            let everything = |documents: &[Input<'_>]| {
                let options = bytes();
                let relations = ReOptions { unrelated: true, ..Default::default() };
                let question =
                    Question { weights: &[], question: "Is it daily?".into(), passages: documents };
                let pairs: Vec<ClassifyInput<'_>> = documents
                    .iter()
                    .map(|&text| ClassifyInput { text, second: Some("fever".into()) })
                    .collect();
                let embed = EmbedOptions { tokens: true, ..Default::default() };
                (
                    format!(
                        "{:?}",
                        model.re(&[], documents, relations, &options).unwrap().documents
                    ),
                    format!("{:?}", model.classify(&[], &pairs, &options).unwrap().documents),
                    format!("{:?}", model.embed(documents, &embed, &options).unwrap().documents),
                    format!(
                        "{:?}",
                        model
                            .qa(&[], &[question], &QaOptions::default(), &options)
                            .unwrap()
                            .documents
                    ),
                )
            };
            let found = everything(&documents);
            assert_eq!(first.get_or_insert_with(|| found.clone()), &found);
            let alone = everything(&documents[2..3]);
            let inner = |text: &str| text[1..text.len() - 1].to_string();
            assert!(found.0.contains(&inner(&alone.0)) && found.1.contains(&inner(&alone.1)));
            assert!(found.2.contains(&inner(&alone.2)));
        }
    }
}

#[test]
fn every_task_ends_when_it_is_cancelled() {
    let model = tiny();
    let cancel = Cancel::new();
    cancel.trigger();
    let options = RunOptions { cancel: Some(cancel), ..bytes() };
    let text: [Input<'_>; 1] = ["aspirin for fever".into()];
    let question = Question { weights: &[], question: "Why?".into(), passages: &text };
    let relations = ReOptions::default();
    let embed = EmbedOptions::default();
    let errors = [
        model.re(&[], &text, relations, &options).err(),
        model.classify(&[], &["aspirin".into()], &options).err(),
        model.embed(&text, &embed, &options).err(),
        model.qa(&[], &[question], &QaOptions::default(), &options).err(),
        model.engine().sentences(&text, &options).err(),
    ];
    assert_eq!(errors, [const { Some(Error::Cancelled) }; 5]);
}

#[test]
fn a_sentence_without_end_full_of_entities_is_read_in_bounded_time() {
    // 2,000 entities: a million pairs, nearly all of them too far apart to be read together.
    let model = tiny();
    let note = "aspirin with fever, ".repeat(1000);
    let mut entities = Vec::new();
    for at in (0..note.len()).step_by(20) {
        let entity = |start: usize, len: usize, kind: &str| GivenEntity {
            doc: 0,
            start: at + start,
            end: at + start + len,
            kind: kind.into(),
        };
        entities.extend([entity(0, 7, "Drug"), entity(13, 5, "Disease")]);
    }
    let relations = ReOptions { entities: Some(&entities), unrelated: true };
    let result = model.re(&[], &[note.as_str().into()], relations, &bytes()).unwrap();
    let found = result.documents[0].as_ref().unwrap();
    assert!(found.flags.truncated && found.flags.windowed);
    // Each drug with the diseases that fit into 62 pieces with it.
    assert!((10_000..40_000).contains(&found.relations.len()), "{}", found.relations.len());
}

#[test]
fn a_part_of_a_long_sentence_is_what_the_whole_would_give() {
    // The surroundings of a pair decide, not how far the sentence goes on behind them.
    let model = tiny();
    let filler = "no rash in patient daily, ".repeat(20);
    let core = "aspirin with fever";
    let scores: Vec<f32> = [3, 40]
        .map(|times| {
            let note = format!("{}{core} {}", filler.repeat(times), filler.repeat(times));
            let at = note.find(core).unwrap();
            let place = |mention: &str, kind: &str| {
                let start = at + core.find(mention).unwrap();
                GivenEntity { doc: 0, start, end: start + mention.len(), kind: kind.into() }
            };
            let entities = [place("aspirin", "Drug"), place("fever", "Disease")];
            let relations = ReOptions { entities: Some(&entities), unrelated: true };
            let result = model.re(&[], &[note.as_str().into()], relations, &bytes()).unwrap();
            result.documents[0].as_ref().unwrap().relations[0].score
        })
        .into();
    assert_eq!(scores[0], scores[1]);
}

//! Heads trained on the device.

mod support;

use std::ops::ControlFlow;
use std::path::Path;

use biobert::document::AssertionValue;
use biobert::eval::{
    Annotated, Answered, Asserted, AssertedMark, DataOptions, EvalOptions, Example, Labelled, Mark,
    Pair, evaluate_file, read,
};
use biobert::train::{HeadKind, Preset, Progress, TrainOptions, TrainedHead, train};
use biobert::{
    Cancel, Engine, EngineOptions, Error, ExtractOptions, HeadFile, Judges, Model, OffsetUnit,
    OpenOptions, QaOptions, Question, ReOptions, RunOptions, Task,
};

fn default_model() -> Model {
    support::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")).unwrap()
}

const UNIT: OffsetUnit = OffsetUnit::Utf8Bytes;

fn from_bio(text: &str) -> Vec<Example> {
    let options = DataOptions { entity: Some("Site".into()), ..DataOptions::new(UNIT) };
    read(Task::Ner, "made.tsv", text, &options).unwrap().examples
}

/// Sentences with body parts, and some with drugs, which are none.
fn sentences(count: usize, seed: u64) -> Vec<Example> {
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
    from_bio(&text)
}

/// Drugs that help with something, and drugs that bring it about.
fn pairs(count: usize, seed: u64) -> Vec<Example> {
    let masks = ["@DRUG$", "@PROBLEM$"].map(String::from);
    let mut random = support::Random(seed);
    let pair = |_| {
        let (between, label) = [
            (" relieved his ", "helps"),
            (" was given for ", "helps"),
            (" cured the ", "helps"),
            (" led to severe ", "harms"),
            (" was stopped because of ", "harms"),
            (" caused ", "harms"),
        ][random.below(6)];
        let end = [" today.", " last week.", ".", " again."][random.below(4)];
        Pair::masked(format!("@DRUG$ {between} @PROBLEM${end}").as_str().into(), &masks, label)
    };
    (0..count).map(pair).map(|pair| pair.unwrap().into()).collect()
}

fn documents(count: usize, seed: u64) -> Vec<Example> {
    let mut random = support::Random(seed);
    let document = |_| {
        let (text, label) = [
            ("Please come back in two weeks", "visit"),
            ("The next appointment is on Friday", "visit"),
            ("We see him again in spring", "visit"),
            ("Take one tablet in the morning", "drug"),
            ("The dose was doubled to 20 mg", "drug"),
            ("Stop the capsules at once", "drug"),
            ("Blood pressure was 120 over 80", "finding"),
            ("The lungs are clear", "finding"),
            ("No murmur was heard", "finding"),
        ][random.below(9)];
        let end = [".", " then.", ", she said.", ", as agreed."][random.below(4)];
        Labelled::new(format!("{text}{end}").as_str().into(), None, label)
    };
    (0..count).map(document).map(|document| document.unwrap().into()).collect()
}

fn questions(count: usize, seed: u64) -> Vec<Example> {
    let mut random = support::Random(seed);
    let question = |_| {
        let dose = ["5 mg", "20 mg", "two tablets", "100 units"][random.below(4)];
        let drug = ["insulin", "warfarin", "lithium"][random.below(3)];
        let day = ["on Monday", "last week", "in May"][random.below(3)];
        let passage = format!("{day} she was seen. The dose of {drug} is {dose} now, he said.");
        let (asked, answer) = match random.below(3) {
            0 => (format!("How much {drug}?"), Some(dose)),
            1 => ("When was she seen?".to_string(), Some(day)),
            _ => ("What is her address?".to_string(), None),
        };
        let place = answer.map(|answer| {
            let start = passage.find(answer).unwrap();
            start..start + answer.len()
        });
        Answered::new(asked.as_str().into(), passage.as_str().into(), UNIT, place)
    };
    (0..count).map(question).map(|question| question.unwrap().into()).collect()
}

/// Notes that say of a finding whether the patient has it.
fn statements(count: usize, findings: &[&str], seed: u64) -> Vec<Example> {
    let mut random = support::Random(seed);
    let note = |_| {
        let value = AssertionValue::ALL[random.below(5)];
        let around = match value {
            AssertionValue::Present => ["She has * now", "Admitted with *", "He complains of *"],
            AssertionValue::Absent => ["He denies *", "There is no *", "Negative for *"],
            AssertionValue::Possible => ["This may be *", "Rule out *", "Concern for possible *"],
            AssertionValue::Historical => ["History of *", "She had * years ago", "* in 2009"],
            AssertionValue::OtherPerson => ["Her mother has *", "Father with *", "* in a sister"],
        };
        let finding = findings[random.below(findings.len())];
        let text = format!("{}.", around[random.below(3)].replace('*', finding));
        let start = text.find(finding).unwrap();
        let mark = AssertedMark { start, end: start + finding.len(), label: "Problem", value };
        Asserted::new(text.as_str().into(), UNIT, &[mark])
    };
    (0..count).map(note).map(|note| note.unwrap().into()).collect()
}

fn go_on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn options() -> TrainOptions {
    TrainOptions { preset: Preset::Fast, ..Default::default() }
}

fn learn(model: &Model, examples: &[Example], options: &TrainOptions) -> TrainedHead {
    let task = examples[0].task();
    train(model, task, examples, None, options, &Cancel::new(), &mut go_on).unwrap()
}

fn files(head: &TrainedHead) -> [Vec<u8>; 2] {
    let directory = tempfile::tempdir().unwrap();
    head.head.save(directory.path()).unwrap();
    ["head.json", "head.safetensors"]
        .map(|name| std::fs::read(directory.path().join(name)).unwrap())
}

/// F1 on further examples.
fn measured(model: &Model, head: &TrainedHead, examples: &[Example]) -> f64 {
    let options = EvalOptions::default();
    evaluate_file(model, &head.head, examples, &options, &mut |_| ()).unwrap().score.f1()
}

#[test]
fn a_kind_that_the_model_was_not_taught_is_learnt_and_used() {
    let model = default_model();
    let head = learn(&model, &sentences(400, 1), &options());
    // About a tenth: equal sentences stay together.
    assert_eq!(head.report.texts + head.report.held_out, 400);
    assert!((30..=50).contains(&head.report.held_out), "{}", head.report.held_out);
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("site");
    head.head.save(&directory).unwrap();
    let taught = model.with_head(&HeadFile::open(&directory).unwrap(), None).unwrap();
    assert_eq!(taught.heads().count(), model.heads().count() + 1);
    assert!(measured(&model, &head, &sentences(100, 2)) > 95.0);

    // From raw text, beside the heads that were there, with offsets into it.
    let note = "😀 Naïve: Swelling of her left knee since Monday. On metformin.";
    let heads = ["site".to_string(), "chemical".to_string()];
    let run = RunOptions::new(UNIT);
    let found = taught.ner(&heads, &[note.into()], &run).unwrap();
    let found = found.documents[0].as_ref().unwrap();
    let found: Vec<_> = found.spans.iter().map(|e| (&*e.label, &note[e.start..e.end])).collect();
    assert_eq!(found, [("Site", "left knee"), ("Chemical", "metformin")]);
    // The model that it was made from is as it was.
    let error = model.ner(&heads, &[note.into()], &run).unwrap_err();
    assert!(matches!(error, Error::NotFound(_)), "{error}");
}

#[test]
fn relations_are_learnt_and_used_with_entities_that_were_learnt_too() {
    let model = default_model();
    let head = learn(&model, &pairs(120, 1), &TrainOptions { balanced: true, ..options() });
    assert!(measured(&model, &head, &pairs(60, 2)) > 95.0);
    let spec = head.head.spec();
    assert_eq!(spec.mask(), Some(&["@ENTITY1$", "@ENTITY2$"].map(String::from)));

    let masks = Some(["@DRUG$", "@PROBLEM$"].map(String::from));
    let head = learn(&model, &pairs(120, 1), &TrainOptions { masks, ..options() });
    assert_eq!(head.head.spec().related()[0], ["Drug"]);
    let taught = model.with_head(&head.head, Some("harm")).unwrap();
    let note = "Rivotrin caused nausea. Zolen was given for cough.";
    let entity = |word: &str, kind: &str| {
        let start = note.find(word).unwrap();
        let end = start + word.len();
        biobert::GivenEntity { doc: 0, start, end, kind: kind.into() }
    };
    let entities = [
        entity("Rivotrin", "drug"),
        entity("nausea", "problem"),
        entity("Zolen", "drug"),
        entity("cough", "problem"),
    ];
    let relations = ReOptions { entities: Some(&entities), unrelated: true };
    let heads = ["harm".to_string()];
    let found = taught.re(&heads, &[note.into()], relations, &RunOptions::new(UNIT));
    let found = found.unwrap();
    let found = &found.documents[0].as_ref().unwrap().relations;
    let labels: Vec<_> = found.iter().map(|r| (r.first, r.second, &*r.label)).collect();
    assert_eq!(labels, [(0, 1, "harms"), (2, 3, "helps")]);
}

#[test]
fn classes_are_learnt_and_used() {
    let model = default_model();
    let head = learn(&model, &documents(150, 1), &options());
    assert!(measured(&model, &head, &documents(60, 2)) > 95.0);
    assert_eq!(head.report.labels, ["drug", "finding", "visit"]);
    let confusion = head.report.evaluation.confusion.as_ref().unwrap();
    assert_eq!(confusion.counts.iter().flatten().sum::<usize>(), head.report.held_out);
    let taught = model.with_head(&head.head, Some("kind")).unwrap();
    let texts = ["Take one tablet at night.".into(), "The lungs are clear today.".into()];
    let found = taught.classify(&["kind".to_string()], &texts, &RunOptions::new(UNIT)).unwrap();
    let best: Vec<_> =
        found.documents.iter().map(|found| &*found.as_ref().unwrap().classes[0].label).collect();
    assert_eq!(best, ["drug", "finding"]);
}

#[test]
fn answers_are_learnt_and_used() {
    let model = default_model();
    let head = learn(&model, &questions(120, 1), &options());
    let f1 = measured(&model, &head, &questions(60, 2));
    assert!(f1 > 90.0, "{f1}");
    let taught = model.with_head(&head.head, Some("doses")).unwrap();
    let passage = "in May she was seen. The dose of lithium is 300 mg now, he said.";
    let question = Question {
        weights: &[],
        question: "How much lithium?".into(),
        passages: &[passage.into()],
    };
    let run = RunOptions::new(UNIT);
    let heads = ["doses".to_string()];
    let found = taught.qa(&heads, &[question], &QaOptions::default(), &run).unwrap();
    let answer = &found.documents[0].as_ref().unwrap().answers[0];
    assert_eq!(&passage[answer.start..answer.end], "300 mg");
}

/// What the head alone gets right of further examples, and section and rules alone.
fn right(model: &Model, head: &TrainedHead, examples: &[Example]) -> [f64; 2] {
    let options = EvalOptions::default();
    let found = evaluate_file(model, &head.head, examples, &options, &mut |_| ()).unwrap();
    let report = found.assertions.unwrap();
    [report.head_alone, report.rules_alone].map(|score| score.accuracy)
}

#[test]
fn assertions_are_learnt_and_used() {
    let model = default_model();
    let known = ["chest pain", "gout", "migraine", "a stroke", "swelling of the left leg"];
    let others = ["asthma", "deep vein thrombosis", "anemia", "kidney stones", "fever"];
    let head = learn(&model, &statements(100, &known, 1), &options());
    assert_eq!(head.report.labels, AssertionValue::ALL.map(AssertionValue::name));
    // By chance a fifth.
    let [alone, _] = right(&model, &head, &statements(100, &others, 2));
    assert!(alone > 85.0, "{alone}");
    let taught = model.with_head(&head.head, Some("own")).unwrap();
    let heads = ["clinical", "own"].map(String::from);
    let options = ExtractOptions { assertion: Some(Judges::Head), ..ExtractOptions::default() };
    let note = "He denies anemia. She has fever now. Her mother has asthma.";
    let found = taught.extract(&heads, &[note.into()], &options, &RunOptions::new(UNIT)).unwrap();
    let found = &found.documents[0].as_ref().unwrap().entities;
    let said: Vec<_> = found.iter().map(|entity| entity.assertion.unwrap().value).collect();
    use AssertionValue::{Absent, OtherPerson, Present};
    assert_eq!(said, [Absent, Present, OtherPerson]);
    // It reads along with other heads: no other form fits.
    let mix = TrainOptions { head_kind: Some(HeadKind::Mix), ..Default::default() };
    let (few, cancel) = (statements(9, &known, 1), Cancel::new());
    let error = train(&model, Task::Assertion, &few, None, &mix, &cancel, &mut go_on);
    assert!(matches!(error, Err(Error::Argument(_))));
}

#[test]
fn a_few_marked_notes_teach_what_notes_say_and_what_they_are_about() {
    let marks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/clinical/marks");
    let [Ok(own), Ok(dev)] =
        ["own-train.jsonl", "own-dev.jsonl"].map(|name| std::fs::read_to_string(marks.join(name)))
    else {
        println!("skipped: ../shared/data/clinical/marks is not there");
        return;
    };
    let model = default_model();
    let some = |task, text: &str, count| {
        let text: String = text.split_inclusive('\n').take(count).collect();
        let options = DataOptions::new(OffsetUnit::UnicodeScalars);
        read(task, "marks.jsonl", &text, &options).unwrap().examples
    };
    let head = learn(&model, &some(Task::Assertion, &own, 60), &options());
    let [alone, rules] = right(&model, &head, &some(Task::Assertion, &dev, 30));
    println!("assertions of 60 notes: head alone {alone}, rules alone {rules}");
    assert!(alone > 80.0, "{alone}");
    let head = learn(&model, &some(Task::Ner, &own, 40), &options());
    let f1 = measured(&model, &head, &some(Task::Ner, &dev, 30));
    println!("entities of 40 notes: F1 {f1}");
    assert_eq!(head.report.labels.len(), 9, "all kinds in one head");
    assert!(f1 > 45.0, "{f1}");
}

#[test]
fn what_is_held_out_tells_the_truth_in_whatever_order_the_texts_come() {
    let model = default_model();
    let class = |index: usize, rare: bool| {
        let (text, label) = match rare {
            true => ("The dose was doubled", "drug"),
            false => ("The lungs are clear", "finding"),
        };
        let text = format!("{text} on day {index}.");
        Labelled::new(text.as_str().into(), None, label).unwrap().into()
    };
    let alternating = (0..100).map(|index| class(index, index % 2 == 1)).collect();
    let tenth = (0..100).map(|index| class(index, index % 10 == 9)).collect();
    // The tenth text of every note is its signature.
    let sentence = |index: usize| {
        let part = ["liver", "left knee", "spine", "right arm"][index % 4];
        let text = match index % 10 {
            9 => format!("Signed on day {index}."),
            _ => format!("On day {index} pain in the {part}."),
        };
        let place = text.find(part).map(|start| (start, start + part.len()));
        let mark = |(start, end)| Mark { start, end, label: "Site" };
        let marks: Vec<Mark<'_>> = place.map(mark).into_iter().collect();
        Annotated::new(text.as_str().into(), UNIT, &marks).unwrap().into()
    };
    let signed = (0..100).map(sentence).collect();
    let examples: [Vec<Example>; 3] = [alternating, tenth, signed];
    for (examples, seed) in examples.iter().flat_map(|examples| [(examples, 0), (examples, 1)]) {
        let report = learn(&model, examples, &TrainOptions { seed, ..options() }).report;
        assert_eq!((report.texts, report.held_out), (90, 10));
        assert!(report.evaluation.by_label.iter().all(|label| label.gold > 0));
        assert_eq!(report.evaluation.score.f1(), 100.0, "{report:?}");
    }
}

#[test]
fn every_kind_of_head_learns_its_tasks_and_no_other() {
    let model = default_model();
    for (examples, kinds) in [
        (sentences(60, 1), [HeadKind::Linear, HeadKind::Mix, HeadKind::LstmCrf]),
        (pairs(60, 1), [HeadKind::Linear, HeadKind::Mix, HeadKind::Mlp]),
        (documents(60, 1), [HeadKind::Linear, HeadKind::Mix, HeadKind::Mlp]),
        (questions(60, 1), [HeadKind::Linear, HeadKind::Mix, HeadKind::Lstm]),
    ] {
        for kind in kinds {
            let head_kind = Some(kind);
            let head = learn(&model, &examples, &TrainOptions { head_kind, ..options() });
            assert_eq!(head.report.head_kind, kind.name());
            let loss = |epoch: usize| head.report.history[epoch].loss;
            assert!(loss(head.report.history.len() - 1) < loss(0), "{kind:?}");
            // What it says in memory it says from its files.
            let directory = tempfile::tempdir().unwrap();
            head.head.save(directory.path()).unwrap();
            let again = HeadFile::open(directory.path()).unwrap();
            let evaluation = EvalOptions::default();
            let of = |head| evaluate_file(&model, head, &examples, &evaluation, &mut |_| ());
            assert_eq!(of(&again).unwrap(), of(&head.head).unwrap(), "{kind:?}");
        }
        let wrong = match examples[0].task() {
            Task::Ner => HeadKind::Mlp,
            _ => HeadKind::LstmCrf,
        };
        let options = TrainOptions { head_kind: Some(wrong), ..options() };
        let task = examples[0].task();
        let error =
            train(&model, task, &examples, None, &options, &Cancel::new(), &mut go_on).unwrap_err();
        assert!(error.to_string().contains("is for another task"), "{error}");
    }
}

#[test]
fn one_seed_gives_one_head_and_another_seed_another() {
    let model = default_model();
    for examples in [sentences(60, 3), pairs(60, 3)] {
        let first = files(&learn(&model, &examples, &options()));
        assert!(first == files(&learn(&model, &examples, &options())));
        let other = TrainOptions { seed: 1, ..options() };
        assert!(first[1] != files(&learn(&model, &examples, &other))[1]);
        let refit = TrainOptions { refit: true, ..options() };
        assert!(first[1] != files(&learn(&model, &examples, &refit))[1]);
    }
}

#[test]
fn every_instruction_set_and_any_number_of_threads_gives_the_same_head() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm");
    for examples in [sentences(20, 8), pairs(40, 8)] {
        let mut first = None;
        let settings = Engine::isa_available().into_iter().map(|isa| (isa, 1));
        for (isa, threads) in settings.chain([(default_model().engine().isa(), 3)]) {
            let isa = Some(isa.to_string());
            let engine = Engine::new(EngineOptions { isa, threads, ..Default::default() });
            let model = Model::open(&engine.unwrap(), &path, OpenOptions::default()).unwrap();
            let head = files(&learn(&model, &examples, &options()));
            assert!(*first.get_or_insert_with(|| head.clone()) == head, "{threads} threads");
        }
    }
}

#[test]
fn a_training_that_was_killed_goes_on_to_the_same_head() {
    let model = default_model();
    let examples = pairs(60, 5);
    let directory = tempfile::tempdir().unwrap();
    let kept = directory.path().join("kept");
    let work = directory.path().join("work");
    let with_work =
        |work: &Path| TrainOptions { refit: true, work: Some(work.into()), ..options() };
    let whole = files(&learn(&model, &examples, &options()));
    let whole_again = files(&learn(&model, &examples, &TrainOptions { refit: true, ..options() }));
    assert!(whole[1] != whole_again[1]);

    // A copy of the working directory is what a killed training leaves behind.
    std::fs::create_dir(&kept).unwrap();
    let mut epochs = 0;
    let mut copy = |progress: Progress| {
        epochs += usize::from(matches!(progress, Progress::Epoch { .. }));
        let first = work.join("first.safetensors");
        // The first training is done and the second has begun.
        if first.exists() && std::fs::read_dir(&kept).unwrap().count() == 0 {
            for entry in std::fs::read_dir(&work).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), kept.join(entry.file_name())).unwrap();
            }
        }
        ControlFlow::Continue(())
    };
    let options = with_work(&work);
    let head =
        train(&model, Task::Re, &examples, None, &options, &Cancel::new(), &mut copy).unwrap();
    assert!(files(&head) == whole_again);
    assert!(!work.exists(), "nothing is left behind");
    assert!(kept.join("first.safetensors").exists());

    let mut resumed = None;
    let mut read = Vec::new();
    let mut watch = |progress: Progress| {
        match progress {
            Progress::Resumed { epoch } => resumed = Some(epoch),
            Progress::Reading { done, .. } => read.push(done),
            _ => {}
        }
        ControlFlow::Continue(())
    };
    let options = with_work(&kept);
    let head =
        train(&model, Task::Re, &examples, None, &options, &Cancel::new(), &mut watch).unwrap();
    assert_eq!(resumed, Some(head.report.history.len()));
    // The encoder did not read again.
    assert_eq!(read, [60]);
    assert!(files(&head) == whole_again);
    assert!(!kept.exists());
}

#[test]
fn what_another_training_left_is_not_taken_and_what_it_uses_is_busy() {
    let model = default_model();
    let directory = tempfile::tempdir().unwrap();
    let work = directory.path().join("work");
    std::fs::create_dir(&work).unwrap();
    for name in ["first.safetensors", "features.f16", "features.sha256"] {
        std::fs::write(work.join(name), b"something else").unwrap();
    }
    let examples = pairs(60, 6);
    let options = TrainOptions { work: Some(work.clone()), ..options() };
    let head = learn(&model, &examples, &options);
    assert!(files(&head) == files(&learn(&model, &examples, &self::options())));

    std::fs::create_dir(&work).unwrap();
    let lock = std::fs::File::create(work.join("lock")).unwrap();
    lock.lock().unwrap();
    let cancel = Cancel::new();
    let error = train(&model, Task::Re, &examples, None, &options, &cancel, &mut go_on);
    assert!(matches!(error, Err(Error::Busy)));
}

#[test]
fn a_head_is_refused_on_another_encoder_and_under_a_name_that_is_taken() {
    let model = default_model();
    let head = learn(&model, &sentences(40, 4), &options());
    let directory = tempfile::tempdir().unwrap();
    let tiny = directory.path().join("tiny");
    std::fs::create_dir(&tiny).unwrap();
    support::write_tiny_with_all(&tiny);
    let error = support::open(&tiny).unwrap().with_head(&head.head, Some("site"));
    assert_eq!(error.unwrap_err().to_string(), "head.json: the head belongs to another encoder");
    for (name, reason) in [("disease", "a head of this name"), ("../x", "not a valid head name")] {
        let error = model.with_head(&head.head, Some(name)).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
    // A file that was changed.
    let site = directory.path().join("site");
    head.head.save(&site).unwrap();
    let json = std::fs::read_to_string(site.join("head.json")).unwrap();
    let other = json.replace("\"tokenizer_sha256\": \"", "\"tokenizer_sha256\": \"0");
    std::fs::write(site.join("head.json"), other).unwrap();
    let error = model.with_head(&HeadFile::open(&site).unwrap(), None).unwrap_err();
    assert_eq!(error.to_string(), "head.json: the head belongs to another tokenizer");
    let tensors = std::fs::read(site.join("head.safetensors")).unwrap();
    std::fs::write(site.join("head.safetensors"), &tensors[..tensors.len() - 4]).unwrap();
    assert!(matches!(HeadFile::open(&site), Err(Error::Corrupt { .. })));
}

#[test]
fn a_head_says_what_it_was_made_from() {
    let model = default_model();
    let examples = documents(60, 1);
    let noted = TrainOptions {
        licence: Some("CC0-1.0".into()),
        date: Some("2026-11-21".into()),
        ..options()
    };
    let spec = learn(&model, &examples, &noted).head.spec().provenance.clone();
    assert_eq!(spec.licence.as_deref(), Some("CC0-1.0"));
    assert_eq!(spec.date.as_deref(), Some("2026-11-21"));
    let hashes = [&spec.encoder_sha256, &spec.tokenizer_sha256, &spec.data_sha256];
    assert!(hashes.iter().all(|hash| hash.as_ref().is_some_and(|hash| hash.len() == 64)));
    let plain = learn(&model, &examples, &options()).head.spec().provenance.clone();
    assert_eq!((plain.licence, plain.date), (None, None));
    assert_eq!(plain.data_sha256, spec.data_sha256);
    // What is opened is saved again as it was.
    let head = learn(&model, &examples, &options());
    let directory = tempfile::tempdir().unwrap();
    head.head.save(directory.path()).unwrap();
    let opened = HeadFile::open(directory.path()).unwrap();
    let again = tempfile::tempdir().unwrap();
    opened.save(again.path()).unwrap();
    for name in ["head.json", "head.safetensors"] {
        let read = |directory: &Path| std::fs::read(directory.join(name)).unwrap();
        assert!(read(directory.path()) == read(again.path()), "{name}");
    }
    let other = learn(&model, &documents(60, 2), &options()).head.spec().provenance.clone();
    assert_ne!(other.data_sha256, spec.data_sha256);
}

#[test]
fn nothing_to_learn_is_an_error_and_who_stops_keeps_the_best() {
    let model = default_model();
    let told = |task, examples: &[Example], dev: Option<&[Example]>| {
        train(&model, task, examples, dev, &options(), &Cancel::new(), &mut go_on)
            .unwrap_err()
            .to_string()
    };
    let outside = from_bio("Nothing\tO\nhere\tO\n");
    assert_eq!(told(Task::Ner, &[], None), "there is no entity in the training data");
    assert_eq!(told(Task::Ner, &outside, None), "there is no entity in the training data");
    assert_eq!(told(Task::Re, &[], None), "there is no example in the training data");
    assert_eq!(told(Task::Qa, &[], None), "there is no answer in the training data");
    let one: Vec<Example> =
        (0..3).map(|_| Labelled::new("x".into(), None, "a").unwrap().into()).collect();
    assert_eq!(told(Task::Classify, &one, None), "there is only one class in the training data");
    assert_eq!(told(Task::Re, &one, None), "an example is for another task");
    let far = format!("@DRUG$ {} @PROBLEM$", "and so on ".repeat(300));
    let masks = ["@DRUG$", "@PROBLEM$"].map(String::from);
    let mut apart = pairs(9, 1);
    apart.push(Pair::masked(far.as_str().into(), &masks, "far").unwrap().into());
    let reason = "the two entities are too far apart in every pair of a label";
    assert_eq!(told(Task::Re, &apart, None), reason);
    let unknown = [Labelled::new("x".into(), None, "unknown").unwrap().into()];
    assert_eq!(
        told(Task::Classify, &documents(30, 1), Some(&unknown)),
        "example 31: a label that no training text has"
    );

    let small = TrainOptions { max_feature_bytes: 100_000, ..options() };
    let cancel = Cancel::new();
    let error = train(&model, Task::Ner, &sentences(40, 5), None, &small, &cancel, &mut go_on);
    assert!(matches!(error, Err(Error::Limit { limit: 100_000, .. })));
    let engine = Engine::new(EngineOptions { max_batch_bytes: 1000, ..Default::default() });
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm");
    let tight = Model::open(&engine.unwrap(), &path, OpenOptions::default()).unwrap();
    let error = train(&tight, Task::Ner, &sentences(40, 5), None, &options(), &cancel, &mut go_on);
    assert!(matches!(error, Err(Error::Limit { limit: 1000, .. })));

    // Told to stop before the first epoch has ended, and behind it; by a switch, and by its progress.
    for (after, by_switch) in [(0, true), (1, true), (0, false), (1, false)] {
        let cancel = Cancel::new();
        let trigger = cancel.clone();
        let mut epochs = 0;
        let mut stop = |progress: Progress| {
            epochs += usize::from(matches!(progress, Progress::Epoch { .. }));
            if epochs < after || matches!(progress, Progress::Reading { .. }) {
                return ControlFlow::Continue(());
            }
            if !by_switch {
                return ControlFlow::Break(());
            }
            trigger.trigger();
            ControlFlow::Continue(())
        };
        let trained =
            train(&model, Task::Ner, &sentences(40, 5), None, &options(), &cancel, &mut stop);
        match trained {
            Ok(head) => {
                assert!(after == 1 && head.report.stopped);
                assert_eq!((head.report.epoch, head.report.history.len()), (1, 1));
            }
            Err(error) => assert!(after == 0 && matches!(error, Error::Cancelled)),
        }
    }
}

#[test]
fn who_stops_the_second_training_keeps_the_head_of_the_first() {
    let model = default_model();
    let examples = pairs(60, 7);
    let whole = learn(&model, &examples, &options());
    let last = whole.report.history.len();
    let refit = TrainOptions { refit: true, ..options() };
    // At the end of the first training, and before the first epoch of the second has ended.
    for at_its_end in [true, false] {
        let (mut epochs, mut told) = (0, 0);
        let mut stop = |progress: Progress| {
            told += usize::from(epochs == last);
            epochs += usize::from(matches!(progress, Progress::Epoch { .. }));
            match epochs == last && (at_its_end || !matches!(progress, Progress::Epoch { .. })) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let cancel = Cancel::new();
        let head = train(&model, Task::Re, &examples, None, &refit, &cancel, &mut stop).unwrap();
        assert!(head.report.stopped);
        assert_eq!(told, usize::from(!at_its_end), "nobody is told again who said stop");
        assert!(files(&head)[1] == files(&whole)[1]);
    }
}

#[test]
fn held_out_texts_that_tell_nothing_choose_the_last_epoch() {
    let model = default_model();
    let outside = from_bio("Nothing\tO\nhere\tO\n");
    let texts = sentences(60, 9);
    let cancel = Cancel::new();
    let head = train(&model, Task::Ner, &texts, Some(&outside), &options(), &cancel, &mut go_on);
    let report = head.unwrap().report;
    assert_eq!(report.evaluation.score.f1(), 0.0);
    assert_eq!(report.epoch, report.history.len());
    // 75 epochs: only some are judged.
    let looks = report.history.iter().filter(|epoch| epoch.f1.is_some()).count();
    assert_eq!((report.history.len(), looks), (75, 20));
}

#[test]
fn a_training_that_stands_still_ends() {
    let model = default_model();
    // What is learnt at once cannot become better.
    let report = learn(&model, &pairs(60, 9), &options()).report;
    assert_eq!(report.evaluation.score.f1(), 100.0);
    let looks = report.history.iter().filter(|epoch| epoch.f1.is_some()).count();
    let first = report.history.iter().filter_map(|epoch| epoch.f1);
    let before = first.take_while(|f1| *f1 < 100.0).count();
    assert_eq!(looks, before + 1 + 5);
    assert!(report.history.len() < 75 && !report.stopped);
}

#[test]
fn whole_notes_with_places_are_learnt_from() {
    let model = default_model();
    let mut random = support::Random(3);
    let mut lines = String::new();
    for _ in 0..80 {
        let (mut note, mut marked) = ("Ünlü Dr. Öz, naïve: ".to_string(), Vec::new());
        for _ in 0..3 {
            note += ["Pain in the ", "Swelling of her ", "Biopsy of the "][random.below(3)];
            let part = ["left knee", "liver", "kidneys", "right upper lobe"][random.below(4)];
            let start = note.encode_utf16().count();
            note += part;
            let end = start + part.len();
            marked.push(serde_json::json!({"start": start, "end": end, "label": "Site"}));
            note += " since Monday. ";
        }
        lines += &serde_json::json!({"text": note, "entities": marked}).to_string();
        lines.push('\n');
    }
    let options = DataOptions::new(OffsetUnit::Utf16Units);
    let texts = read(Task::Ner, "notes.jsonl", &lines, &options).unwrap().examples;
    let head = learn(&model, &texts, &self::options());
    assert!(head.report.evaluation.score.f1() > 90.0, "{:?}", head.report);
    let taught = model.with_head(&head.head, Some("parts")).unwrap();
    let note = "Swelling of her liver since Monday. Pain in the left knee.";
    let run = RunOptions::new(UNIT);
    let found = taught.ner(&["parts".into()], &[note.into()], &run).unwrap();
    let found = &found.documents[0].as_ref().unwrap().spans;
    let found: Vec<_> = found.iter().map(|entity| &note[entity.start..entity.end]).collect();
    assert_eq!(found, ["liver", "left knee"]);
}

#[test]
fn long_sentences_and_words_without_pieces_are_learnt_from() {
    let model = default_model();
    // A control character is a word of the file and none of the tokenizer's.
    let long =
        "Pain\tO\nin\tO\n\u{200b}\tO\nthe\tO\nliver\tB\n".repeat(60) + "\u{200b}\tB\nso\tI\n";
    let texts = (0..20).flat_map(|number| from_bio(&format!("{number}\tO\n{long}")));
    let texts: Vec<Example> = texts.collect();
    let head = learn(&model, &texts, &options());
    assert!(head.report.evaluation.score.f1() > 90.0, "{:?}", head.report);
    assert!(measured(&model, &head, &texts[..1]) > 90.0);
    let short = Annotated::new("Pain.".into(), UNIT, &[]).unwrap().into();
    assert!(measured(&model, &head, &[short]) == 0.0);
}

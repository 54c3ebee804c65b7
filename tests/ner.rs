//! Entities from raw text: offsets, windows, batches, threads, and calls that end early.

mod support;

use std::path::Path;
use std::time::{Duration, Instant};

use biobert::{
    Cancel, DocumentSpans, Engine, EngineOptions, Error, Input, InvalidText, Model, OffsetUnit,
    OpenOptions, RanOn, RunOptions, Span,
};
use proptest::prelude::*;
use support::{golden, open};

fn default_model() -> Model {
    open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm")).unwrap()
}

fn find(model: &Model, document: Input<'_>, unit: OffsetUnit) -> DocumentSpans {
    let options = RunOptions { invalid_text: InvalidText::Replace, ..RunOptions::new(unit) };
    let mut result = model.ner(&[], &[document], &options).unwrap();
    result.documents.remove(0).unwrap()
}

fn entities(model: &Model, text: &str, unit: OffsetUnit) -> Vec<Span> {
    find(model, text.into(), unit).spans
}

fn same_but_for_offsets(a: &[Span], b: &[Span]) -> bool {
    let parts = |e: &Span| (e.label.clone(), e.head.clone(), e.score.to_bits());
    a.iter().map(parts).eq(b.iter().map(parts))
}

/// A text with everything that makes offsets go wrong. The mentions are ordinary.
const NASTY: &str = "\u{FEFF}Señora Müller 😀\r\nhad\u{0} type 2 dia\u{200B}betes; 中文 then nai\u{308}ve \
    rash after amoxicilli\u{301}n\u{301} — 👩‍⚕️ gave metformin.\r\nשלום [MASK] asthma\u{FFFD} [SEP] naloxone";

#[test]
fn the_default_model_finds_the_kinds_it_was_taught() {
    let text = "Mutations of BRCA1 cause breast cancer in mice. Naloxone reverses the effect of clonidine.";
    let found = entities(&default_model(), text, OffsetUnit::Utf8Bytes);
    let has = |label: &str, mention: &str| {
        found.iter().any(|e| &*e.label == label && &text[e.start..e.end] == mention)
    };
    assert!(has("Gene", "BRCA1"), "{found:?}");
    assert!(has("Disease", "breast cancer"));
    assert!(has("Species", "mice"));
    assert!(has("Chemical", "Naloxone") && has("Chemical", "clonidine"));
    assert!(found.iter().all(|e| e.score > 0.0 && e.score <= 1.0));
    assert!(found.windows(2).all(|pair| pair[0].start <= pair[1].start));
}

#[test]
fn offsets_point_into_the_original_in_every_unit() {
    let model = default_model();
    let bytes = entities(&model, NASTY, OffsetUnit::Utf8Bytes);
    let scalars = entities(&model, NASTY, OffsetUnit::UnicodeScalars);
    let units = entities(&model, NASTY, OffsetUnit::Utf16Units);
    let chars: Vec<char> = NASTY.chars().collect();
    let utf16: Vec<u16> = NASTY.encode_utf16().collect();
    assert!(same_but_for_offsets(&bytes, &scalars) && same_but_for_offsets(&bytes, &units));
    for ((byte, scalar), unit) in bytes.iter().zip(&scalars).zip(&units) {
        let want = &NASTY[byte.start..byte.end];
        assert_eq!(chars[scalar.start..scalar.end].iter().collect::<String>(), want);
        assert_eq!(String::from_utf16(&utf16[unit.start..unit.end]).unwrap(), want);
    }
    let mentions: Vec<&str> = bytes.iter().map(|e| &NASTY[e.start..e.end]).collect();
    // The accents of a decomposed word belong to it, also at its end.
    assert!(mentions.contains(&"amoxicilli\u{301}n\u{301}"), "{mentions:?}");
    assert!(mentions.contains(&"type 2 dia\u{200B}betes"), "{mentions:?}");
    assert!(mentions.contains(&"naloxone"));

    let from_utf16 = find(&model, Input::Utf16(&utf16), OffsetUnit::Utf16Units).spans;
    assert_eq!(from_utf16, units);
}

#[test]
fn bad_bytes_and_lone_surrogates_shift_nothing() {
    let model = default_model();
    let bytes = b"\xFF\xFEgiven metformin\xC3 for asthma";
    let found = find(&model, Input::Utf8(bytes), OffsetUnit::Utf8Bytes);
    assert!(found.flags.replaced_invalid);
    let mentions: Vec<&[u8]> = found.spans.iter().map(|e| &bytes[e.start..e.end]).collect();
    assert!(mentions.contains(&&b"asthma"[..]), "{found:?}");

    let mut units: Vec<u16> = "x given metformin for asthma".encode_utf16().collect();
    units[0] = 0xDC00;
    let found = find(&model, Input::Utf16(&units), OffsetUnit::Utf16Units);
    assert!(found.flags.replaced_invalid);
    let mentions: Vec<String> =
        found.spans.iter().map(|e| String::from_utf16(&units[e.start..e.end]).unwrap()).collect();
    assert!(mentions.contains(&"metformin".to_string()), "{mentions:?}");
}

#[test]
fn one_bad_document_does_not_fail_the_batch() {
    let model = open(&golden()).unwrap();
    let documents =
        [Input::Utf8(b"fever"), Input::Utf8(b"a\xFF"), Input::Utf16(&[0xD800]), "".into()];
    let result = model.ner(&[], &documents, &RunOptions::new(OffsetUnit::Utf8Bytes)).unwrap();
    assert!(result.documents[0].is_ok());
    let message = |index: usize| result.documents[index].as_ref().unwrap_err().to_string();
    assert_eq!(message(1), "invalid UTF-8 at byte 1");
    assert_eq!(message(2), "invalid UTF-16 at unit 0");
    assert_eq!(result.documents[3].as_ref().unwrap().spans, []);
    assert_eq!(
        model.ner(&[], &[], &RunOptions::new(OffsetUnit::Utf8Bytes)).unwrap().documents.len(),
        0
    );
}

#[test]
fn heads_are_chosen_by_name() {
    let model = default_model();
    let options = RunOptions::new(OffsetUnit::Utf8Bytes);
    let text = ["BRCA1 and metformin in asthma".into()];
    let one = model.ner(&["chemical".into()], &text, &options).unwrap();
    let one = &one.documents[0].as_ref().unwrap().spans;
    assert!(!one.is_empty() && one.iter().all(|e| &*e.head == "chemical"));
    let all = model.ner(&[], &text, &options).unwrap();
    let all = &all.documents[0].as_ref().unwrap().spans;
    assert!(one.iter().all(|e| all.contains(e)), "a head finds the same alone and in company");
    let unknown = model.ner(&["chemicals".into()], &text, &options).unwrap_err();
    assert!(unknown.to_string().starts_with("the model has no such head; it has ade, anatomy"));
    assert!(matches!(model.ner(&["cid".into()], &text, &options).unwrap_err(), Error::Argument(_)));
}

#[test]
fn a_long_document_is_read_to_its_end() {
    let model = default_model();
    // No full stop: to the splitter, all of it is one sentence.
    let sentence = "the patient with asthma was given naloxone, and no adverse effect was seen; ";
    let long = sentence.repeat(200);
    let found = find(&model, long.as_str().into(), OffsetUnit::Utf8Bytes);
    assert!(found.flags.windowed);
    for repeat in 0..200 {
        let from = repeat * sentence.len();
        let here = |mention: &str| {
            let at = from + sentence.find(mention).unwrap();
            found.spans.iter().any(|e| e.start == at && e.end == at + mention.len())
        };
        assert!(here("asthma") && here("naloxone"), "repetition {repeat} was not read");
    }
    assert!(!find(&model, sentence.into(), OffsetUnit::Utf8Bytes).flags.windowed);
}

#[test]
fn a_note_is_read_sentence_by_sentence() {
    let model = default_model();
    let sentences = ["She has asthma.", "Naloxone was given at 2.5 mg.", "No rash since."];
    let together = sentences.join("\n");
    let found = find(&model, together.as_str().into(), OffsetUnit::Utf8Bytes);
    assert!(!found.flags.windowed);
    let mut alone = Vec::new();
    let mut before = 0;
    for sentence in sentences {
        let found = find(&model, sentence.into(), OffsetUnit::Utf8Bytes).spans;
        alone.extend(found.into_iter().map(|e| Span {
            start: e.start + before,
            end: e.end + before,
            ..e
        }));
        before += sentence.len() + 1;
    }
    assert!(alone.len() >= 3);
    assert_eq!(found.spans, alone);
}

#[test]
fn neighbours_threads_and_instruction_sets_change_no_bit() {
    let texts: Vec<String> = (0..30)
        .map(|i| {
            format!("Patient {i} with fever, rash no. {i}; insulin {} mg. ", i * 7)
                .repeat(1 + i % 7)
        })
        .collect();
    let documents: Vec<Input<'_>> = texts.iter().map(|text| text.as_str().into()).collect();
    let options = RunOptions::new(OffsetUnit::UnicodeScalars);
    let mut first: Option<Vec<DocumentSpans>> = None;
    for isa in Engine::isa_available() {
        for (threads, token_budget) in [(1, 4096), (2, 300), (3, 1)] {
            let isa = Some(isa.to_string());
            let engine = EngineOptions { isa, threads, token_budget, ..Default::default() };
            let engine = Engine::new(engine).unwrap();
            let model = Model::open(&engine, &golden(), OpenOptions::default()).unwrap();
            let result = model.ner(&[], &documents, &options).unwrap();
            let together: Vec<_> = result.documents.iter().map(|d| d.clone().unwrap()).collect();
            let alone: Vec<_> = documents
                .iter()
                .map(|&d| model.ner(&[], &[d], &options).unwrap().documents.remove(0).unwrap())
                .collect();
            assert_eq!(together, alone);
            let first = first.get_or_insert_with(|| together.clone());
            assert_eq!(*first, together, "{threads} threads");
        }
    }
}

/// Sets the thread's floating-point mode: flush-to-zero, denormals-are-zero, rounding.
#[cfg(target_arch = "x86_64")]
fn set_mxcsr(value: u32) {
    // SAFETY: all exceptions stay masked.
    unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &value) };
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_host_with_another_floating_point_mode_gets_the_same_bits() {
    let engine = Engine::new(EngineOptions { threads: 2, ..Default::default() }).unwrap();
    let model = Model::open(&engine, &golden(), OpenOptions::default()).unwrap();
    let text = "patient with fever, rash and arthritis; insulin 5 mg daily. ".repeat(20);
    let want = entities(&model, &text, OffsetUnit::Utf8Bytes);
    for mode in [0x1F80 | 0x8040, 0x1F80 | 0x2000, 0x1F80 | 0x4000, 0x1F80 | 0x6000] {
        set_mxcsr(mode);
        let opened = Model::open(&engine, &golden(), OpenOptions::default());
        let got = entities(&model, &text, OffsetUnit::Utf8Bytes);
        set_mxcsr(0x1F80);
        assert!(got == want, "run in mode {mode:x}");
        let got = entities(&opened.unwrap(), &text, OffsetUnit::Utf8Bytes);
        assert!(got == want, "opened in mode {mode:x}");
    }
}

#[test]
fn eight_threads_share_a_model() {
    let engine = Engine::new(EngineOptions { threads: 2, ..Default::default() }).unwrap();
    let model = Model::open(&engine, &golden(), OpenOptions::default()).unwrap();
    let want = entities(&model, NASTY, OffsetUnit::Utf16Units);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(entities(&model, NASTY, OffsetUnit::Utf16Units), want);
                }
            });
        }
    });
    drop(model);
    assert_eq!(
        engine.live_objects(),
        (0, 0),
        "models and results that are gone are counted as gone"
    );
}

#[test]
fn cancel_and_deadline_end_a_call_and_nothing_is_lost() {
    let model = default_model();
    let long = "The patient with asthma was given naloxone and got a rash. ".repeat(4000);
    let documents = [long.as_str().into()];
    let base = RunOptions::new(OffsetUnit::Utf8Bytes);

    let deadline = RunOptions { deadline: Some(Duration::from_millis(1)), ..base.clone() };
    assert_eq!(model.ner(&[], &documents, &deadline).unwrap_err(), Error::Deadline);

    let cancel = Cancel::new();
    let options = RunOptions { cancel: Some(cancel.clone()), ..base.clone() };
    let start = Instant::now();
    let error = std::thread::scope(|scope| {
        let run = scope.spawn(|| model.ner(&[], &documents, &options).unwrap_err());
        std::thread::sleep(Duration::from_millis(200));
        cancel.trigger();
        run.join().unwrap()
    });
    assert_eq!(error, Error::Cancelled);
    // The whole call takes far longer than this even on a fast machine.
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_eq!(model.ner(&[], &documents, &options).unwrap_err(), Error::Cancelled, "off for good");

    // Another length of batch after an aborted run: the plan's state was not left half-way.
    assert!(!entities(&model, "asthma", OffsetUnit::Utf8Bytes).is_empty());
}

/// Documents as they come: empty ones, a bad one, one that is too long, many short ones, some long ones.
fn corpus() -> Vec<Vec<u8>> {
    let sentence = "Dr. Müller gave naloxone 5 mg for asthma; no rash, fever or arthritis. ";
    let mut documents: Vec<Vec<u8>> =
        (0..40).map(|i| format!("{i}. {}", sentence.repeat(i % 7)).into_bytes()).collect();
    documents[3] = b"fever \xFF and rash".to_vec();
    documents[5].clear();
    documents[17] = sentence.repeat(2000).into_bytes();
    documents[20] = b" \n ".to_vec();
    documents[39] = b"fever ".repeat(900);
    documents
}

#[test]
fn a_corpus_gives_the_same_whatever_the_number_of_threads() {
    let corpus = corpus();
    let mut documents: Vec<Input<'_>> = corpus.iter().map(|text| Input::Utf8(text)).collect();
    // More than is read ahead.
    let filler = "fever ".repeat(12_000);
    documents.extend(std::iter::repeat_n(Input::from(filler.as_str()), 8));
    documents.extend_from_within(..40);
    let options = RunOptions::new(OffsetUnit::Utf16Units);
    let mut first = None;
    for (threads, token_budget) in [(1, 0), (2, 1024), (3, 100), (5, 64)] {
        let max_doc_bytes = 100_000;
        let engine =
            EngineOptions { threads, token_budget, max_doc_bytes, ..EngineOptions::default() };
        let model =
            Model::open(&Engine::new(engine).unwrap(), &golden(), OpenOptions::default()).unwrap();
        let found = model.ner(&[], &documents, &options).unwrap();
        assert_eq!(found.ran_on, RanOn::Cpu);
        let errors = [3, 17, 51, 65].map(|index| found.documents[index].is_err());
        assert_eq!(errors, [true, true, true, true]);
        assert_eq!(found.documents.iter().filter(|found| found.is_err()).count(), 4);
        let found = format!("{:?}", found.documents);
        assert!(*first.get_or_insert_with(|| found.clone()) == found, "{threads} threads");
    }
}

#[test]
fn a_corpus_can_be_cancelled_in_the_middle() {
    let engine = Engine::new(EngineOptions { threads: 2, ..Default::default() }).unwrap();
    let model = Model::open(&engine, &golden(), OpenOptions::default()).unwrap();
    let text = "The patient with asthma was given naloxone and got a rash. ".repeat(40);
    let documents = vec![Input::from(text.as_str()); 2000];
    let cancel = Cancel::new();
    let options =
        RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let error = std::thread::scope(|scope| {
        let run = scope.spawn(|| model.ner(&[], &documents, &options).unwrap_err());
        std::thread::sleep(Duration::from_millis(100));
        cancel.trigger();
        run.join().unwrap()
    });
    assert_eq!(error, Error::Cancelled);
    let late = RunOptions {
        deadline: Some(Duration::from_millis(50)),
        ..RunOptions::new(OffsetUnit::Utf8Bytes)
    };
    assert_eq!(model.ner(&[], &documents, &late).unwrap_err(), Error::Deadline);
    // The threads are free again, and nothing of the ended calls is in the way.
    let one = RunOptions::new(OffsetUnit::Utf8Bytes);
    assert!(model.ner(&[], &documents[..40], &one).unwrap().documents.iter().all(Result::is_ok));
}

#[test]
fn limits_are_errors() {
    let options = EngineOptions { max_doc_bytes: 10, max_batch_bytes: 25, ..Default::default() };
    let model =
        Model::open(&Engine::new(options).unwrap(), &golden(), OpenOptions::default()).unwrap();
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let result = model.ner(&[], &["fever".into(), "fever and rash".into()], &run).unwrap();
    assert!(result.documents[0].is_ok());
    let error = result.documents[1].as_ref().unwrap_err().to_string();
    assert_eq!(error, "the document has 14 bytes, the limit is 10");
    let error = model.ner(&[], &["0123456789".into(); 3], &run).unwrap_err().to_string();
    assert_eq!(error, "the batch has 30 bytes, the limit is 25");
}

#[test]
fn fifty_megabytes_are_read_to_the_end() {
    let model = open(&golden()).unwrap();
    // Long words keep the number of pieces, and so the time, small: they become [UNK].
    let word = "x".repeat(250);
    let mut text = format!("{word} ").repeat((50 << 20) / 251 - 10);
    text.push_str("patient with fever");
    let found = find(&model, text.as_str().into(), OffsetUnit::UnicodeScalars);
    assert!(found.flags.windowed && !found.spans.is_empty());
    let last = found.spans.last().unwrap();
    assert!(last.end <= text.len() && last.end > text.len() - 5000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_text_gives_entities_on_character_boundaries(text in "(\\PC|[a-z ]{1,9}|[\\x00-\\x20]){0,120}") {
        let model = open(&golden()).unwrap();
        let found = entities(&model, &text, OffsetUnit::Utf8Bytes);
        for entity in &found {
            prop_assert!(entity.start < entity.end);
            prop_assert!(text.get(entity.start..entity.end).is_some());
        }
        for head in ["disease", "typed"] {
            let of_head: Vec<_> = found.iter().filter(|e| &*e.head == head).collect();
            prop_assert!(of_head.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}

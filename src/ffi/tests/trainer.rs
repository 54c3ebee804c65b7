//! Trainers: the canary in every example that is refused, a panic in the middle, options of other
//! versions, one thread at a time.

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use super::doc_index::{NO_TEXT, blamed};
use super::{CANARY, Setup, take};
use crate::ffi::*;

fn defaults() -> biobert_trainer_options {
    let mut options = std::mem::MaybeUninit::uninit();
    // SAFETY: `init` writes every byte.
    let mut options: biobert_trainer_options = unsafe {
        biobert_trainer_options_init(options.as_mut_ptr(), size_of::<biobert_trainer_options>());
        options.assume_init()
    };
    options.unit = BIOBERT_UTF8_BYTES;
    options.preset = BIOBERT_PRESET_FAST;
    options
}

/// A trainer, freed in the end.
struct Training(*mut biobert_trainer);

impl Drop for Training {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { biobert_trainer_free(self.0) };
    }
}

type Told = (biobert_status, String);

/// What a function says that may fail.
fn told(call: impl FnOnce(*mut *mut biobert_error) -> biobert_status) -> Told {
    let mut error = null_mut();
    match call(&mut error) {
        BIOBERT_OK => (BIOBERT_OK, String::new()),
        status => take(status, error),
    }
}

impl Training {
    pub(super) fn new(
        setup: &Setup,
        task: biobert_task,
        options: &biobert_trainer_options,
    ) -> Training {
        let mut trainer = null_mut();
        // SAFETY: a live model and valid outputs.
        let made = told(|error| unsafe {
            biobert_trainer_create(setup.model, task, options, &mut trainer, error)
        });
        assert_eq!(made.0, BIOBERT_OK, "{}", made.1);
        Training(trainer)
    }

    fn add_ner(&self, text: &str, marks: &[(u64, u64, &str)]) -> Told {
        let mark = |&(start, end, label)| {
            let label = biobert_str::of(label);
            biobert_mark_in { start, end, label }
        };
        let marks: Vec<_> = marks.iter().map(mark).collect();
        let (text, split) = (biobert_str::of(text), BIOBERT_SPLIT_TRAIN);
        // SAFETY: a live trainer and live texts.
        told(|error| unsafe {
            biobert_trainer_add_ner(self.0, split, text, marks.as_ptr(), marks.len(), error)
        })
    }

    fn fit(&self, progress: biobert_progress_fn, userdata: *mut c_void) -> Told {
        // SAFETY: a live trainer.
        told(|error| unsafe { biobert_trainer_fit(self.0, progress, userdata, null(), error) })
    }

    fn report(&self) -> Told {
        let mut json = null_mut();
        // SAFETY: a live trainer and a valid output.
        let told = told(|error| unsafe { biobert_trainer_report_json(self.0, &mut json, error) });
        // SAFETY: NULL, or a live JSON that is freed once.
        unsafe {
            let text = biobert_json_view(json).str("report").unwrap().to_string();
            biobert_json_free(json);
            (told.0, told.1 + &text)
        }
    }

    fn learn_some(&self) {
        for _ in 0..6 {
            let ok = self.add_ner("The liver hurts.", &[(4, 9, "Organ")]);
            assert_eq!(ok.0, BIOBERT_OK, "{}", ok.1);
            assert_eq!(self.add_ner("No pain.", &[]).0, BIOBERT_OK);
        }
    }
}

#[test]
fn no_word_of_an_example_is_in_anything_that_is_said() {
    let setup = Setup::new(null());
    let ner = Training::new(&setup, BIOBERT_TASK_NER, &defaults());
    let mut said = String::new();
    let mut refused = |(status, message): Told| {
        assert_ne!(status, BIOBERT_OK);
        said += &message;
    };
    let end = CANARY.len() as u64;
    refused(ner.add_ner(CANARY, &[(0, end + 1, "x")]));
    refused(ner.add_ner(CANARY, &[(0, u64::MAX, CANARY)]));
    refused(ner.add_ner(CANARY, &[(1, 4, CANARY)]));
    refused(ner.add_ner(CANARY, &[(4, 4, CANARY)]));
    refused(ner.add_ner(CANARY, &[(0, 3, " ")]));
    refused(ner.add_ner(CANARY, &[(0, 9, CANARY), (7, 12, CANARY)]));
    refused(ner.fit(None, null_mut()));
    let assertion = Training::new(&setup, BIOBERT_TASK_ASSERTION, &defaults());
    for (end, number) in [(99, 1), (3, BIOBERT_ASSERTION_NONE), (3, 6), (3, -1)] {
        let mark = biobert_mark_in { start: 0, end, label: biobert_str::of(CANARY) };
        let (text, split) = (biobert_str::of(CANARY), BIOBERT_SPLIT_TRAIN);
        // SAFETY: a live trainer, live texts, one mark and one number.
        refused(told(|e| unsafe {
            biobert_trainer_add_assertion(assertion.0, split, text, &mark, &number, 1, e)
        }));
    }
    let (text, label) = (biobert_str::of(CANARY), biobert_str::of(CANARY));
    let range = |start, end| biobert_range_in { start, end };
    let (re, qa) = [BIOBERT_TASK_RE, BIOBERT_TASK_QA]
        .map(|task| Training::new(&setup, task, &defaults()))
        .into();
    let classes = Training::new(&setup, BIOBERT_TASK_CLASSIFY, &defaults());
    let split = BIOBERT_SPLIT_TRAIN;
    // SAFETY: live trainers and texts.
    unsafe {
        let (first, second) = (range(0, 3), range(3, 99));
        refused(told(|e| biobert_trainer_add_re(re.0, split, text, first, second, label, e)));
        refused(told(|e| biobert_trainer_add_re(ner.0, split, text, first, first, label, e)));
        let answer = range(1, 9);
        refused(told(|e| biobert_trainer_add_qa(qa.0, split, text, text, &answer, e)));
        let none = biobert_str::of(" ");
        refused(told(|e| biobert_trainer_add_class(classes.0, split, text, null(), none, e)));
        refused(told(|e| biobert_trainer_add_class(classes.0, 4, text, null(), label, e)));
        let ok = told(|e| biobert_trainer_add_class(classes.0, split, text, &text, label, e));
        assert_eq!(ok.0, BIOBERT_OK);
        refused(classes.fit(None, null_mut()));
        let path = biobert_str::of("/çanary-4711 with fever/nothing");
        refused(told(|e| biobert_trainer_add_file(ner.0, split, path, e)));
        // A file whose every line is wrong.
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("bad.jsonl");
        std::fs::write(&file, format!("{{\"text\":\"{CANARY}\",\"entity\":1}}")).unwrap();
        let path = biobert_str::of(file.to_str().unwrap());
        refused(told(|e| biobert_trainer_add_file(ner.0, split, path, e)));
    }
    assert!(!said.contains("anary-4711"), "{said}");
}

#[test]
fn a_trainer_is_unusable_behind_a_panic_and_the_model_is_not() {
    let setup = Setup::new(null());
    let trainer = Training::new(&setup, BIOBERT_TASK_NER, &defaults());
    crate::fault::slice_next_document();
    let caught = trainer.add_ner(CANARY, &[]);
    assert_eq!(caught.0, BIOBERT_E_PANIC);
    assert!(!caught.1.contains("4711"));
    let (status, message) = trainer.add_ner(CANARY, &[]);
    assert_eq!(status, BIOBERT_E_INTERNAL, "{message}");
    let other = Training::new(&setup, BIOBERT_TASK_NER, &defaults());
    assert_eq!(other.add_ner(CANARY, &[]).0, BIOBERT_OK);
}

#[test]
fn what_is_learnt_twice_is_the_same_and_a_report_comes_with_it() {
    let setup = Setup::new(null());
    let report = |setup: &Setup| {
        let trainer = Training::new(setup, BIOBERT_TASK_NER, &defaults());
        assert_eq!(trainer.report().0, BIOBERT_E_ARGUMENT);
        trainer.learn_some();
        let fitted = trainer.fit(None, null_mut());
        assert_eq!(fitted.0, BIOBERT_OK, "{}", fitted.1);
        trainer.report()
    };
    let first = report(&setup);
    assert_eq!(first.0, BIOBERT_OK);
    assert!(first.1.contains("\"labels\":[\"O\",\"B-Organ\",\"I-Organ\"]"), "{}", first.1);
    assert_eq!(report(&setup), first);
}

/// Asks the trainer that is at work for something.
unsafe extern "C" fn ask_again(userdata: *mut c_void, progress: *const biobert_progress) -> i32 {
    // SAFETY: the test passes a live trainer; the progress lives during the call.
    let (trainer, progress) = unsafe { (&*userdata.cast::<Training>(), &*progress) };
    assert_eq!(progress.struct_size as usize, size_of::<biobert_progress>());
    assert_eq!(trainer.report().0, BIOBERT_E_BUSY);
    i32::from(progress.phase == BIOBERT_PHASE_EPOCH)
}

#[test]
fn a_trainer_at_work_is_busy_and_stops_when_told() {
    let setup = Setup::new(null());
    let trainer = Training::new(&setup, BIOBERT_TASK_NER, &defaults());
    trainer.learn_some();
    let userdata = std::ptr::from_ref(&trainer).cast_mut().cast();
    assert_eq!(trainer.fit(Some(ask_again), userdata).0, BIOBERT_OK);
    let (_, report) = trainer.report();
    assert!(report.contains("\"epoch\":1,\"stopped\":true"), "{report}");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let setup = Setup::new(null());
    let refused = |task, options: *const biobert_trainer_options| {
        let mut trainer = null_mut();
        // SAFETY: a live model, NULL or live options, valid outputs.
        let told = told(|error| unsafe {
            biobert_trainer_create(setup.model, task, options, &mut trainer, error)
        });
        assert!(trainer.is_null());
        told
    };
    let plain = defaults();
    let name = biobert_str::of("x");
    let not_utf8 = biobert_str { ptr: b"\xE7".as_ptr().cast(), len: 1 };
    assert_eq!(refused(BIOBERT_TASK_NER, null()).1, "options is NULL");
    assert_eq!(refused(6, &plain).1, "task is not one of the five");
    for (options, message) in [
        (biobert_trainer_options { unit: 0, ..plain }, "unit of the options is not one"),
        (biobert_trainer_options { preset: 3, ..plain }, "preset of the options is unknown"),
        (biobert_trainer_options { head_kind: 6, ..plain }, "head_kind of the options is unknown"),
        (
            biobert_trainer_options { head_kind: BIOBERT_HEAD_MLP, ..plain },
            "a head of kind mlp is for another task",
        ),
        (biobert_trainer_options { first_kind: name, ..plain }, "one of two kinds"),
        (biobert_trainer_options { second_mask: name, ..plain }, "one of two masks"),
        (biobert_trainer_options { licence: not_utf8, ..plain }, "licence is not UTF-8"),
        (biobert_trainer_options { struct_size: 0, ..plain }, "struct_size"),
    ] {
        let (status, told) = refused(BIOBERT_TASK_NER, &options);
        assert_eq!(status, BIOBERT_E_ARGUMENT);
        assert!(told.contains(message), "{told}");
    }
    // An older program's struct ends after the unit.
    let short = biobert_trainer_options { struct_size: 8, ..plain };
    drop(Training::new(&setup, BIOBERT_TASK_NER, &short));
}

#[test]
fn a_trainer_blames_the_one_text_that_it_was_given() {
    let setup = Setup::new(null());
    let ner = Training::new(&setup, BIOBERT_TASK_NER, &defaults());
    let text = biobert_str::of("The liver hurts.");
    let bad = biobert_str { ptr: b"\xFF".as_ptr().cast(), len: 1 };
    let mark = biobert_mark_in { start: 4, end: 99, label: biobert_str::of("Organ") };
    let split = BIOBERT_SPLIT_TRAIN;
    // SAFETY: live trainers and texts.
    unsafe {
        let add = |text, n_marks, split| {
            let mut error = null_mut();
            let status = biobert_trainer_add_ner(ner.0, split, text, &mark, n_marks, &mut error);
            let doc = biobert_error_doc_index(error);
            biobert_error_free(error);
            (status, doc)
        };
        assert_eq!(add(text, 1, split), (BIOBERT_E_ARGUMENT, 0));
        assert_eq!(add(bad, 0, split), (BIOBERT_E_ENCODING, 0));
        assert_eq!(add(NO_TEXT, 0, split), (BIOBERT_E_ARGUMENT, 0));
        assert_eq!(add(text, 0, 9), (BIOBERT_E_ARGUMENT, -1));
        assert_eq!(add(text, 0, split), (BIOBERT_OK, -1));
        // Nothing is wrong with a text that is for another task.
        let label = biobert_str::of("Organ");
        let class = blamed(|e| biobert_trainer_add_class(ner.0, split, text, null(), label, e));
        assert_eq!(class, -1);
    }
}

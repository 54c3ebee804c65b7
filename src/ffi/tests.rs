//! The boundary under abuse: NULL where a pointer is due, options of other versions, and the
//! canary, a marked text that must show up nowhere.

use std::ffi::c_void;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::sync::Mutex;

use crate::ffi::*;

const CANARY: &str = "çanary-4711 with fever";

fn golden() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/bundle-v1");
    path.to_str().unwrap().to_string()
}

/// Takes status and message out of an error object and frees it.
fn take(status: biobert_status, error: *mut biobert_error) -> (biobert_status, String) {
    assert!(!error.is_null(), "status {status} came without an error object");
    // SAFETY: a live error of this library, freed once.
    unsafe {
        assert_eq!(biobert_error_status(error), status);
        assert_eq!(biobert_error_doc_index(error), -1);
        let message = biobert_error_message(error).str("message").unwrap().to_string();
        biobert_error_free(error);
        (status, message)
    }
}

struct Setup {
    engine: *mut biobert_engine,
    model: *mut biobert_model,
}

impl Setup {
    fn new(options: *const biobert_engine_options) -> Setup {
        let (mut engine, mut model) = (null_mut(), null_mut());
        // SAFETY: valid outputs, live objects.
        unsafe {
            assert_eq!(biobert_engine_create(options, &mut engine, null_mut()), BIOBERT_OK);
            let path = golden();
            let path = biobert_str::of(&path);
            let status = biobert_model_open_path(engine, path, null(), &mut model, null_mut());
            assert_eq!(status, BIOBERT_OK);
        }
        Setup { engine, model }
    }

    fn ner(
        &self,
        doc: &str,
        options: *const biobert_run_options,
    ) -> Result<*mut biobert_result, (i32, String)> {
        let (doc, mut result, mut error) = (biobert_str::of(doc), null_mut(), null_mut());
        // SAFETY: live objects and valid arrays.
        let status = unsafe {
            biobert_ner_run(
                self.model,
                null(),
                0,
                &doc,
                1,
                options,
                null(),
                &mut result,
                &mut error,
            )
        };
        if status == BIOBERT_OK { Ok(result) } else { Err(take(status, error)) }
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        // SAFETY: freed once; in the wrong order on purpose.
        unsafe {
            biobert_engine_free(self.engine);
            biobert_model_free(self.model);
        }
    }
}

fn options() -> biobert_run_options {
    let mut options =
        biobert_run_options { struct_size: 0, unit: 9, invalid_text: 9, deadline_ms: 9 };
    // SAFETY: may be written.
    unsafe { biobert_run_options_init(&mut options, size_of::<biobert_run_options>()) };
    options.unit = BIOBERT_UTF8_BYTES;
    options
}

#[test]
fn a_result_outlives_model_and_engine() {
    let setup = Setup::new(null());
    let result = setup.ner(CANARY, &options()).unwrap();
    drop(setup);
    // SAFETY: a live result and valid outputs.
    unsafe {
        assert_eq!(biobert_result_doc_count(result), 1);
        assert_eq!(
            (biobert_result_doc_status(result, 0), biobert_result_doc_flags(result, 0)),
            (BIOBERT_OK, 0)
        );
        let (mut spans, mut count, mut stride) = (null(), 0, 0);
        let status =
            biobert_result_spans(result, 0, &mut spans, &mut count, &mut stride, null_mut());
        assert_eq!((status, stride), (BIOBERT_OK, size_of::<biobert_span>()));
        let spans = std::slice::from_raw_parts(spans, count);
        assert!(!spans.is_empty());
        for span in spans {
            assert!(CANARY.get(span.start as usize..span.end as usize).is_some());
            assert!(["Disease", "Drug", "Gene"].contains(&span.label.str("label").unwrap()));
        }
        let mut json = null_mut();
        assert_eq!(biobert_result_to_json(result, &mut json, null_mut()), BIOBERT_OK);
        let text = biobert_json_view(json).str("json").unwrap();
        let parsed: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(parsed["documents"][0]["entities"].as_array().unwrap().len(), count);
        assert_eq!(parsed["precision"], "f32");
        biobert_json_free(json);
        biobert_result_free(result);
    }
}

#[test]
fn null_gives_an_argument_error_with_the_name_of_the_argument() {
    let setup = Setup::new(null());
    let mut error = null_mut();
    let expect = |status: biobert_status, error: *mut biobert_error, want: &str| {
        let (status, message) = take(status, error);
        assert_eq!((status, message.as_str()), (BIOBERT_E_ARGUMENT, want));
    };
    let doc = biobert_str::of(CANARY);
    let bad_doc = biobert_str { ptr: null(), len: 3 };
    let run = options();
    let mut result = null_mut();
    let (out, e): (*mut *mut biobert_result, _) = (&mut result, &mut error as *mut _);
    let model = setup.model;
    // SAFETY: NULL is what these functions must stand; everything else is valid.
    unsafe {
        expect(
            biobert_ner_run(null(), null(), 0, &doc, 1, &run, null(), out, e),
            *e,
            "model is NULL",
        );
        expect(
            biobert_ner_run(model, null(), 0, null(), 1, &run, null(), out, e),
            *e,
            "docs is NULL, but its length is 1",
        );
        expect(
            biobert_ner_run(model, null(), 2, &doc, 1, &run, null(), out, e),
            *e,
            "heads is NULL, but its length is 2",
        );
        expect(
            biobert_ner_run(model, null(), 0, &doc, 1, null(), null(), out, e),
            *e,
            "options is NULL",
        );
        expect(
            biobert_ner_run(model, null(), 0, &doc, 1, &run, null(), null_mut(), e),
            *e,
            "out is NULL",
        );
        let want = "a document's ptr is NULL, but its length is 3";
        expect(biobert_ner_run(model, null(), 0, &bad_doc, 1, &run, null(), out, e), *e, want);
        let want = format!("docs cannot be {} long", usize::MAX);
        expect(
            biobert_ner_run(model, null(), 0, &doc, usize::MAX, &run, null(), out, e),
            *e,
            &want,
        );
        assert!(result.is_null(), "an output was written on failure");

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
        expect(
            biobert_result_spans(null(), 0, null_mut(), null_mut(), null_mut(), e),
            *e,
            "result is NULL",
        );
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
fn option_structs_of_other_versions_are_read() {
    let setup = Setup::new(null());
    let fails = |options: &biobert_run_options| setup.ner(CANARY, options).unwrap_err();
    assert_eq!(fails(&biobert_run_options { unit: 0, ..options() }).0, BIOBERT_E_ARGUMENT);
    assert_eq!(fails(&biobert_run_options { unit: 4, ..options() }).0, BIOBERT_E_ARGUMENT);
    assert_eq!(fails(&biobert_run_options { invalid_text: 3, ..options() }).0, BIOBERT_E_ARGUMENT);
    assert_eq!(fails(&biobert_run_options { struct_size: 0, ..options() }).0, BIOBERT_E_ARGUMENT);
    assert_eq!(
        fails(&biobert_run_options { struct_size: 70_000, ..options() }).0,
        BIOBERT_E_ARGUMENT
    );

    // An older caller's struct ends behind `unit`; what follows in memory is not its own.
    let old = biobert_run_options { struct_size: 8, invalid_text: 77, deadline_ms: 1, ..options() };
    // SAFETY: a live result.
    unsafe { biobert_result_free(setup.ner(CANARY, &old).unwrap()) };

    // An older caller's struct is set up no further than it is long.
    let mut short = biobert_run_options { invalid_text: 77, ..options() };
    // SAFETY: eight bytes may be written.
    unsafe { biobert_run_options_init(&mut short, 8) };
    assert_eq!((short.struct_size, short.unit, short.invalid_text), (8, 0, 77));

    #[repr(C)]
    struct Newer {
        known: biobert_run_options,
        unknown: u64,
    }
    let mut newer = Newer { known: options(), unknown: 0 };
    newer.known.struct_size = size_of::<Newer>() as u32;
    let as_known = |newer: &Newer| (newer as *const Newer).cast::<biobert_run_options>();
    // SAFETY: a live result.
    unsafe { biobert_result_free(setup.ner(CANARY, as_known(&newer)).unwrap()) };
    newer.unknown = 1;
    assert_eq!(setup.ner(CANARY, as_known(&newer)).unwrap_err().0, BIOBERT_E_UNSUPPORTED);
}

#[test]
fn a_model_lives_until_its_last_reference_is_freed() {
    let setup = Setup::new(null());
    // SAFETY: two references, freed once each.
    unsafe {
        let again = biobert_model_retain(setup.model);
        assert_eq!(again, setup.model);
        biobert_model_free(setup.model);
        assert_eq!(biobert_model_head_count(again), 5);
    }
}

#[test]
fn heads_and_labels_have_names() {
    let setup = Setup::new(null());
    let (mut name, mut count) = (biobert_str::of(""), 0);
    // SAFETY: live objects and valid outputs.
    unsafe {
        assert_eq!(biobert_model_head_name(setup.model, 4, &mut name, null_mut()), BIOBERT_OK);
        assert_eq!(name.str("name").unwrap(), "typed");
        assert_eq!(
            biobert_model_label_count(setup.model, name, &mut count, null_mut()),
            BIOBERT_OK
        );
        assert_eq!(count, 5);
        let head = name;
        assert_eq!(
            biobert_model_label_name(setup.model, head, 1, &mut name, null_mut()),
            BIOBERT_OK
        );
        assert_eq!(name.str("name").unwrap(), "B-Drug");
    }
}

/// What the log callback saw, and how often its userdata was dropped.
#[derive(Default)]
struct Sink {
    lines: Mutex<Vec<String>>,
    drops: Mutex<u32>,
}

unsafe extern "C" fn log(userdata: *mut c_void, line: biobert_str) {
    // SAFETY: the test passes a `Sink` that outlives the engine.
    let sink = unsafe { &*userdata.cast::<Sink>() };
    // SAFETY: the view is valid during the call.
    sink.lines.lock().unwrap().push(unsafe { line.str("line") }.unwrap().to_string());
}

unsafe extern "C" fn dropped(userdata: *mut c_void) {
    // SAFETY: as above.
    *unsafe { &*userdata.cast::<Sink>() }.drops.lock().unwrap() += 1;
}

fn logged(sink: &Sink) -> biobert_engine_options {
    let mut options = std::mem::MaybeUninit::uninit();
    // SAFETY: `init` writes every byte.
    let mut options: biobert_engine_options = unsafe {
        biobert_engine_options_init(options.as_mut_ptr(), size_of::<biobert_engine_options>());
        options.assume_init()
    };
    options.log = Some(log);
    options.log_drop = Some(dropped);
    options.log_userdata = std::ptr::from_ref(sink).cast_mut().cast();
    options
}

#[test]
fn the_log_sink_is_dropped_exactly_once() {
    let sink = Sink::default();
    let setup = Setup::new(&logged(&sink));
    assert!(!sink.lines.lock().unwrap().is_empty());
    drop(setup);
    assert_eq!(*sink.drops.lock().unwrap(), 1);

    // Without a function to call, the userdata is given back all the same.
    let silent = biobert_engine_options { log: None, ..logged(&sink) };
    drop(Setup::new(&silent));
    assert_eq!(*sink.drops.lock().unwrap(), 2);

    let failing = biobert_engine_options { threads: 1_000_000, ..logged(&sink) };
    let (mut engine, mut error) = (null_mut(), null_mut());
    // SAFETY: valid outputs.
    let status = unsafe { biobert_engine_create(&failing, &mut engine, &mut error) };
    assert_eq!(take(status, error).0, BIOBERT_E_ARGUMENT);
    assert_eq!(*sink.drops.lock().unwrap(), 3);
}

/// Runs every failure with the canary in the text and gives all that anybody got to see of it.
fn everything_said() -> String {
    let sink = Sink::default();
    let setup =
        Setup::new(&biobert_engine_options { threads: 2, max_doc_bytes: 1 << 20, ..logged(&sink) });
    let mut said = String::new();
    let mut note =
        |(status, message): (i32, String)| said.push_str(&format!("{status} {message}\n"));

    // A real slice error, in the middle of a real call: its message would quote the text.
    crate::fault::slice_next_document();
    let panicked = setup.ner(CANARY, &options()).unwrap_err();
    assert_eq!(panicked.0, BIOBERT_E_PANIC);
    note(panicked);
    // SAFETY: live results.
    unsafe {
        // The same model still works, and the second call after it too.
        biobert_result_free(setup.ner(CANARY, &options()).unwrap());
        biobert_result_free(setup.ner(&CANARY.repeat(500), &options()).unwrap());
    }
    let deadline = biobert_run_options { deadline_ms: 1, ..options() };
    let late = setup.ner(&format!("{CANARY} ").repeat(40_000), &deadline).unwrap_err();
    assert_eq!(late.0, BIOBERT_E_DEADLINE);
    note(late);

    let too_long = CANARY.repeat(100_000);
    let bad = [CANARY.as_bytes(), b"\xFF"].concat();
    let docs = [&bad[..], too_long.as_bytes()];
    let docs = docs.map(|doc| biobert_str { ptr: doc.as_ptr().cast(), len: doc.len() });
    let heads = [biobert_str::of("çanary-4711")];
    let (mut result, mut error, run) = (null_mut(), null_mut(), options());
    // SAFETY: live objects, valid arrays and outputs.
    unsafe {
        let model = setup.model;
        let status = biobert_ner_run(
            model,
            heads.as_ptr(),
            1,
            docs.as_ptr(),
            2,
            &run,
            null(),
            &mut result,
            &mut error,
        );
        note(take(status, error));
        let status = biobert_ner_run(
            model,
            null(),
            0,
            docs.as_ptr(),
            2,
            &run,
            null(),
            &mut result,
            null_mut(),
        );
        assert_eq!(status, BIOBERT_OK);
        for (doc, want) in [BIOBERT_E_ENCODING, BIOBERT_E_LIMIT].into_iter().enumerate() {
            assert_eq!(biobert_result_doc_status(result, doc), want);
            note((
                want,
                biobert_result_doc_message(result, doc).str("message").unwrap().to_string(),
            ));
        }
        let mut json = null_mut();
        assert_eq!(biobert_result_to_json(result, &mut json, null_mut()), BIOBERT_OK);
        note((0, biobert_json_view(json).str("json").unwrap().to_string()));
        biobert_json_free(json);
        biobert_result_free(result);
        // A path is not repeated but for its last component.
        let path = format!("/çanary-4711/{}", "model");
        let status = biobert_model_open_path(
            setup.engine,
            biobert_str::of(&path),
            null(),
            null_mut(),
            &mut error,
        );
        note(take(status, error));
        let mut model = null_mut();
        let status = biobert_model_open_path(
            setup.engine,
            biobert_str::of(&path),
            null(),
            &mut model,
            &mut error,
        );
        note(take(status, error));
    }
    drop(setup);
    said + &sink.lines.lock().unwrap().join("\n")
}

#[test]
fn no_word_of_a_text_is_in_anything_that_is_said() {
    let said = everything_said();
    println!("{}", said.replace("4711", "(the canary)"));
    assert!(!said.contains("anary-4711"), "{said}");
}

#[test]
fn a_panic_prints_nothing() {
    // In a process of its own, whose output is not captured by the test harness.
    if std::env::var_os("BIOBERT_TEST_CHILD").is_some() {
        everything_said();
        return;
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ffi::tests::a_panic_prints_nothing", "--nocapture", "--test-threads=1"])
        .env("BIOBERT_TEST_CHILD", "1")
        .output()
        .unwrap();
    let output = [child.stdout, child.stderr].concat();
    let output = String::from_utf8_lossy(&output);
    assert!(child.status.success(), "{output}");
    assert!(output.contains("1 passed"), "the child did not run the test: {output}");
    for word in ["anary", "panicked", "byte index"] {
        assert!(!output.contains(word), "{word} was printed: {output}");
    }
}

//! The boundary under abuse: NULL where a pointer is due, options of other versions, the canary, a
//! marked text that must show up nowhere, and many threads at once.

mod calls;
mod canary;
mod device;
mod doc_index;
mod fill;
mod markup;
mod note;
mod null;
mod results;
mod threads;
#[cfg(feature = "train")]
mod trainer;
#[cfg(not(feature = "train"))]
mod untrained;
mod versions;
mod without_model;

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
        biobert_run_options { struct_size: 0, unit: 9, invalid_text: 9, deadline_ms: 9, markup: 9 };
    // SAFETY: may be written.
    unsafe { biobert_run_options_init(&mut options, size_of::<biobert_run_options>()) };
    options.unit = BIOBERT_UTF8_BYTES;
    options
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

//! The canary, a marked text that must show up nowhere.

use std::cell::RefCell;
use std::ptr::{null, null_mut};

use super::calls::{Args, Task, Text, every};
use super::{CANARY, Setup, Sink, logged, options, take};
use crate::ffi::*;

/// Runs every failure with the canary in the text and gives all that anybody got to see of it.
fn everything_said() -> String {
    let sink = Sink::default();
    let setup = Setup::new(&biobert_engine_options {
        threads: 2,
        max_doc_bytes: 1 << 20,
        max_batch_bytes: 16 << 20,
        ..logged(&sink)
    });
    let mut said = String::new();
    for call in every() {
        said += &failures(&setup, call);
    }
    said += &paths(&setup);
    drop(setup);
    said + &sink.lines.lock().unwrap().join("\n")
}

/// Runs a task into each of its failures.
fn failures(setup: &Setup, call: (Task, bool)) -> String {
    let said = RefCell::new(String::new());
    let note = |(status, message)| *said.borrow_mut() += &format!("{status} {message}\n");
    let text = Text::new(CANARY);
    let fails = |want: biobert_status, texts: &[&Text], change: &dyn Fn(&mut Args)| {
        let (status, message) = setup.run(call, texts, change).err().unwrap();
        assert_eq!(status, want, "{call:?}: {message}");
        note((status, message));
    };

    // A real slice error, in the middle of a real call: its message would quote the text.
    crate::fault::slice_next_document();
    fails(BIOBERT_E_PANIC, &[&text], &|_| ());
    // The same model still works, and the second call after it too.
    setup.ok(call, CANARY);
    setup.ok(call, &CANARY.repeat(9));
    let late = Text::new(&format!("{CANARY} ").repeat(20_000));
    let deadline = biobert_run_options { deadline_ms: 1, ..options() };
    fails(BIOBERT_E_DEADLINE, &[&late; 8], &|args| args.options = &deadline);
    let long = Text::new(&CANARY.repeat(100_000));
    fails(BIOBERT_E_LIMIT, &[&long; 8], &|_| ());
    if call.0.has_heads() {
        let head = biobert_str::of(CANARY);
        fails(BIOBERT_E_NOT_FOUND, &[&text], &|args| (args.heads, args.n_heads) = (&head, 1));
    }
    if call.0 == Task::Given {
        for (doc, start, end) in [(1, 0, 4), (0, 1, 4), (0, 0, 99), (0, 4, 4)] {
            let entity = biobert_entity_in { doc, start, end, kind: biobert_str::of(CANARY) };
            let wrong = |args: &mut Args| (args.entities, args.n_entities) = (&entity, 1);
            fails(BIOBERT_E_ARGUMENT, &[&text], &wrong);
        }
    }

    // What is wrong with a document stands in its result.
    for (text, want) in [(&Text::bad(CANARY), BIOBERT_E_ENCODING), (&long, BIOBERT_E_LIMIT)] {
        let found = setup.run(call, &[text], |_| ()).unwrap();
        assert_eq!(found.state(0).0, want, "{call:?}");
        note(found.state(0));
        note((BIOBERT_OK, found.json()));
    }
    // What is found is places, names of the model, and numbers.
    note((BIOBERT_OK, setup.ok(call, CANARY).json()));
    note((BIOBERT_OK, setup.ok(call, &CANARY.repeat(9)).json()));
    said.into_inner()
}

/// A path is not repeated but for its last component.
fn paths(setup: &Setup) -> String {
    let (mut model, mut error) = (null_mut(), null_mut());
    let path = biobert_str::of("/çanary-4711/model");
    let outputs: [*mut *mut biobert_model; 2] = [null_mut(), &mut model];
    let open = |out| {
        // SAFETY: a live engine; NULL is what the function must stand.
        let status =
            unsafe { biobert_model_open_path(setup.engine, path, null(), out, &mut error) };
        take(status, error).1 + "\n"
    };
    outputs.map(open).concat()
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
        .args([
            "--exact",
            "ffi::tests::canary::a_panic_prints_nothing",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("BIOBERT_TEST_CHILD", "1")
        .output()
        .unwrap();
    let output = [child.stdout, child.stderr].concat();
    let output = String::from_utf8_lossy(&output);
    assert!(child.status.success(), "{output}");
    assert!(output.contains("1 passed"), "the child did not run the test: {output}");
    for word in ["4711", "panicked", "byte index"] {
        assert!(!output.contains(word), "{word} was printed: {output}");
    }
}

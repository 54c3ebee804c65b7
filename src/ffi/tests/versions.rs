//! Options of older and newer versions.

use std::ptr::null;

use super::calls::{Args, Task, Text, every};
use super::{CANARY, Setup, options};
use crate::ffi::*;

/// Room for an option struct of any version.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
struct Room([u8; 4096]);

/// What a room holds that nobody set.
const GARBAGE: u8 = 0xAB;

type Init<T> = unsafe extern "C" fn(*mut T, usize);

/// An option struct as a program of another version sets it up.
fn sized<T>(init: Init<T>, size: usize) -> Room {
    let mut room = Room([GARBAGE; 4096]);
    // SAFETY: may be written; the size is that of a struct that fits, or refused.
    unsafe { init(room.0.as_mut_ptr().cast(), size) };
    room
}

/// Tries the versions of an option struct on a call that `point` points to it. `unit`: they are
/// those of a run, which need a unit.
fn check<T>(setup: &Setup, task: Task, unit: bool, init: Init<T>, point: fn(&mut Args, *const T)) {
    let text = [&Text::new(&CANARY.repeat(3))];
    let whole = size_of::<T>();
    let run = |given: *const T| {
        let found = setup.run((task, false), &text, |args| point(args, given));
        found.map(|found| found.json())
    };
    let call = |room: &Room| run(room.0.as_ptr().cast());
    let fails = |room: &Room| call(room).err().unwrap().0;
    let set = |size: usize| {
        let mut room = sized(init, size);
        if unit {
            room.0[4] = BIOBERT_UTF8_BYTES as u8;
        }
        room
    };
    let room = sized(init, whole);
    assert!(room.0[4..whole].iter().all(|&byte| byte == 0), "{task:?}: not the defaults");
    assert!(room.0[whole..].iter().all(|&byte| byte == GARBAGE), "{task:?}: written beyond");
    let want = call(&set(whole)).unwrap();
    match run(null()) {
        Ok(json) => assert!(json == want && !unit, "{task:?}"),
        Err((status, _)) => assert!(status == BIOBERT_E_ARGUMENT && unit, "{task:?}"),
    }

    // An older caller's struct is set up and read no further than it is long.
    for size in (if unit { 8 } else { 4 }..whole).step_by(4) {
        let room = set(size);
        assert_eq!(room.0[size..], [GARBAGE; 4096][size..], "{task:?}: written beyond {size}");
        assert!(call(&room).unwrap() == want, "{task:?} with {size} bytes");
    }

    // A newer caller's struct is understood as long as its new fields are 0.
    for size in [whole + 1, whole + 8, 4096] {
        let mut room = set(size);
        assert!(call(&room).unwrap() == want, "{task:?} with {size} bytes");
        room.0[size - 1] = 1;
        assert_eq!(fails(&room), BIOBERT_E_UNSUPPORTED, "{task:?} with {size} bytes");
    }

    // Sizes that no version has: nothing is written, and nothing is taken for options.
    for size in [0, 1, 3, 4097, usize::MAX] {
        let mut room = sized(init, size);
        assert!(room.0 == [GARBAGE; 4096], "{task:?}: {size} bytes were written");
        room.0[..4].copy_from_slice(&(size as u32).to_ne_bytes());
        assert_eq!(fails(&room), BIOBERT_E_ARGUMENT, "{task:?} with {size} bytes");
    }
}

#[test]
fn option_structs_of_other_versions_are_read() {
    let setup = &Setup::new(null());
    check(setup, Task::Given, false, biobert_re_options_init, |args, o| args.relations = o);
    check(setup, Task::Qa, false, biobert_qa_options_init, |args, o| args.answers = o);
    check(setup, Task::Embed, false, biobert_embed_options_init, |args, o| args.embed = o);
    check(setup, Task::Extract, false, biobert_extract_options_init, |args, o| args.extract = o);
    for task in Task::ALL {
        check(setup, task, true, biobert_run_options_init, |args, o| args.options = o);
    }
    assert_eq!(setup.live(), (1, 0));
}

#[test]
fn a_unit_must_be_chosen_and_fields_must_have_values_that_there_are() {
    let setup = Setup::new(null());
    let wrongs = [
        biobert_run_options { unit: 0, ..options() },
        biobert_run_options { unit: 4, ..options() },
        biobert_run_options { invalid_text: 3, ..options() },
        biobert_run_options { markup: 4, ..options() },
    ];
    for (call, wrong) in every().flat_map(|call| wrongs.iter().map(move |wrong| (call, wrong))) {
        let failed = setup.run(call, &[&Text::new(CANARY)], |args| args.options = wrong);
        assert_eq!(failed.err().unwrap().0, BIOBERT_E_ARGUMENT, "{call:?}");
    }
}

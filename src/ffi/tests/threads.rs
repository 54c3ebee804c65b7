//! Many threads on one model.

use std::ptr::{null, null_mut};

use super::Setup;
use super::calls::{Text, every};
use crate::ffi::*;

// SAFETY: the header says so of engine and model.
unsafe impl Sync for Setup {}

#[test]
fn eight_threads_get_the_bytes_that_one_gets() {
    let mut setup = Setup::new(null());
    let texts = [
        "aspirin gave a rash. The patient with fever took insulin!".to_string(),
        "aspirin 😀 café\0 rash with fever ".repeat(10) + "and rash",
    ];
    let calls = every().flat_map(|call| texts.iter().map(move |text| (call, text)));
    let alone: Vec<_> =
        calls.map(|(call, text)| (call, text, setup.ok(call, text).json())).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (setup, alone) = (&setup, &alone);
            scope.spawn(move || {
                // Each thread begins elsewhere, so that different tasks run at a time.
                let (begin, count) = (thread * alone.len() / 8, alone.len());
                for (call, text, want) in alone.iter().cycle().skip(begin).take(count) {
                    // Compared without printing a wall of JSON.
                    assert!(setup.ok(*call, text).json() == *want, "{call:?} gave another result");
                }
            });
        }
    });
    assert_eq!(setup.live(), (1, 0));
    // SAFETY: freed once; NULL is freed in the end.
    unsafe { biobert_model_free(std::mem::replace(&mut setup.model, null_mut())) };
    assert_eq!(setup.live(), (0, 0));
}

#[test]
fn one_switch_ends_the_calls_of_all_threads() {
    let setup = Setup::new(null());
    let mut cancel = null_mut();
    // SAFETY: a valid output; a live switch, which is freed while calls run with it.
    let cancel: &biobert_cancel = unsafe {
        assert_eq!(biobert_cancel_create(&mut cancel, null_mut()), BIOBERT_OK);
        biobert_cancel_trigger(cancel);
        &*cancel
    };
    std::thread::scope(|scope| {
        for call in every() {
            let setup = &setup;
            scope.spawn(move || {
                let ended = setup.run(call, &[&Text::new("fever")], |args| {
                    args.cancel = cancel;
                });
                assert_eq!(ended.err().unwrap().0, BIOBERT_E_CANCELLED, "{call:?}");
            });
        }
    });
    // SAFETY: freed once.
    unsafe { biobert_cancel_free(std::ptr::from_ref(cancel).cast_mut()) };
    assert_eq!(setup.live(), (1, 0));
}

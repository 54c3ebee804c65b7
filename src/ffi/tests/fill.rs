//! Filling masks through the boundary, in both forms of text and every unit.

use std::ffi::c_void;
use std::path::Path;
use std::ptr::{null, null_mut};

use super::calls::{Found, Text};
use super::{CANARY, Setup, options, take};
use crate::ffi::*;

/// The model of a fixture.
fn open(name: &str) -> Setup {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    let path = path.to_str().unwrap().to_string();
    let (mut engine, mut model) = (null_mut(), null_mut());
    // SAFETY: valid outputs, live objects.
    unsafe {
        assert_eq!(biobert_engine_create(null(), &mut engine, null_mut()), BIOBERT_OK);
        let path = biobert_str::of(&path);
        let status = biobert_model_open_path(engine, path, null(), &mut model, null_mut());
        assert_eq!(status, BIOBERT_OK);
    }
    Setup { engine, model }
}

fn fill(
    setup: &Setup,
    wide: bool,
    texts: &[&str],
    fill: *const biobert_fill_options,
    options: *const biobert_run_options,
) -> Result<Found, (biobert_status, String)> {
    let texts: Vec<Text> = texts.iter().map(|text| Text::new(text)).collect();
    let narrow: Vec<biobert_str> = texts.iter().map(Text::narrow).collect();
    let utf16: Vec<biobert_str16> = texts.iter().map(Text::wide).collect();
    let (n, model, cancel) = (texts.len(), setup.model, null());
    let (mut out, mut error) = (null_mut(), null_mut());
    // SAFETY: live objects, live texts, valid outputs.
    let status = unsafe {
        if wide {
            biobert_fill_run16(
                model,
                utf16.as_ptr(),
                n,
                fill,
                options,
                cancel,
                &mut out,
                &mut error,
            )
        } else {
            biobert_fill_run(model, narrow.as_ptr(), n, fill, options, cancel, &mut out, &mut error)
        }
    };
    if status == BIOBERT_OK { Ok(Found(out)) } else { Err(take(status, error)) }
}

#[test]
fn masks_and_candidates_are_lists_that_fit_together() {
    let setup = open("bert-fill");
    // SAFETY: a live model, and a view of it.
    let token = unsafe { biobert_model_mask_token(setup.model).str("token").unwrap() };
    assert_eq!(token, "[MASK]");
    let text = "😀 [MASK] with fever [MASK]";
    let starts = [
        (BIOBERT_UTF8_BYTES, [5, 23]),
        (BIOBERT_UNICODE_SCALARS, [2, 20]),
        (BIOBERT_UTF16_UNITS, [3, 21]),
    ];
    let two =
        biobert_fill_options { struct_size: size_of::<biobert_fill_options>() as u32, top_k: 2 };
    for (wide, (unit, starts)) in [false, true].into_iter().flat_map(|w| starts.map(|s| (w, s))) {
        let run = biobert_run_options { unit, ..options() };
        for (fill_options, count) in [(null(), 5), (&raw const two, 2)] {
            let found = fill(&setup, wide, &[text], fill_options, &run).unwrap();
            let masks = found.list(biobert_result_masks);
            let places = masks.iter().map(|mask| (mask.start, mask.end, mask.first_candidate));
            let want =
                starts.into_iter().zip([0, count]).map(|(start, first)| (start, start + 6, first));
            assert!(places.eq(want));
            assert!(masks.iter().all(|mask| mask.n_candidates == count));
            let candidates = found.list(biobert_result_candidates);
            assert_eq!(candidates.len() as u64, 2 * count);
            for of_mask in candidates.chunks(count as usize) {
                assert!(of_mask.is_sorted_by(|a, b| a.score >= b.score));
                // SAFETY: a view of a live result.
                let token = |one: &biobert_candidate| unsafe { one.token.str("token") }.unwrap();
                assert!(of_mask.iter().all(|one| !token(one).is_empty()));
            }
            let json = &found.parsed()["documents"][0]["masks"];
            assert_eq!(json[1]["start"], starts[1]);
            assert_eq!(json[1]["candidates"][0]["id"], candidates[count as usize].id);
            assert!(found.list(biobert_result_spans).is_empty());
        }
    }
}

#[test]
fn what_cannot_be_filled_has_a_status_and_none_of_the_text() {
    let setup = open("bert-fill");
    let long = format!("[MASK] {}", CANARY.repeat(20));
    let found = fill(&setup, false, &[CANARY, &long, "[MASK]"], null(), &options()).unwrap();
    for doc in [0, 1] {
        let (status, message) = found.state(doc);
        assert_eq!(status, BIOBERT_E_ARGUMENT);
        assert!(!message.contains("anary") && message.starts_with("the text has"), "{message}");
    }
    assert_eq!(found.state(2).0, BIOBERT_OK);
    assert!(found.list(biobert_result_masks).is_empty());

    let other = Setup::new(null());
    // SAFETY: a live model, or NULL.
    unsafe {
        assert_eq!(biobert_model_mask_token(other.model).len, 0);
        assert_eq!(biobert_model_mask_token(null()).len, 0);
    }
    let (status, _) = fill(&other, true, &["[MASK]"], null(), &options()).err().unwrap();
    assert_eq!(status, BIOBERT_E_NOT_FOUND);
}

#[test]
fn null_is_refused_and_options_of_other_versions_are_read() {
    let setup = open("bert-fill");
    let (text, run) = (biobert_str::of("[MASK]"), options());
    let (mut out, mut error) = (null_mut(), null_mut());
    let expect = |status: biobert_status, want: &str, error: *mut biobert_error| {
        assert_eq!(take(status, error), (BIOBERT_E_ARGUMENT, want.to_string()));
    };
    let (model, e) = (setup.model, &raw mut error);
    // SAFETY: NULL is what these functions must stand; everything else is valid.
    unsafe {
        let status = biobert_fill_run(null(), &text, 1, null(), &run, null(), &mut out, e);
        expect(status, "model is NULL", *e);
        let status = biobert_fill_run(model, null(), 1, null(), &run, null(), &mut out, e);
        expect(status, "docs is NULL, but its length is 1", *e);
        let status = biobert_fill_run(model, &text, 1, null(), null(), null(), &mut out, e);
        expect(status, "options is NULL", *e);
        let status = biobert_fill_run(model, &text, 1, null(), &run, null(), null_mut(), e);
        expect(status, "out is NULL", *e);
        let found = fill(&setup, false, &["[MASK]"], null(), &run).unwrap();
        let (mut n, mut stride) = (0, 0);
        let status = biobert_result_masks(found.0, 0, null_mut(), &mut n, &mut stride, e);
        expect(status, "masks is NULL", *e);
        let mut first = null();
        let status = biobert_result_candidates(found.0, 1, &mut first, &mut n, &mut stride, e);
        expect(status, "doc is out of range", *e);
        biobert_fill_options_init(null_mut(), 64);
    }
    // A newer caller's struct, whose new field is set.
    let newer = [12_u32, 3, 1];
    let newer: *const c_void = newer.as_ptr().cast();
    let (status, _) = fill(&setup, false, &["[MASK]"], newer.cast(), &run).err().unwrap();
    assert_eq!(status, BIOBERT_E_UNSUPPORTED);
    let mut own = biobert_fill_options { struct_size: 9, top_k: 9 };
    // SAFETY: may be written.
    unsafe { biobert_fill_options_init(&mut own, size_of::<biobert_fill_options>()) };
    assert_eq!((own.struct_size, own.top_k), (8, 0));
    assert!(fill(&setup, false, &["[MASK]"], &own, &run).is_ok());
}

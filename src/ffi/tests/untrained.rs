//! A library without training: every function of trainers is there and says so.

use std::ptr::{null, null_mut};

use super::take;
use crate::ffi::*;

#[test]
fn every_function_of_trainers_says_that_this_library_cannot() {
    let text = biobert_str::of("text");
    let (text16, range) =
        (biobert_str16 { ptr: null(), len: 0 }, biobert_range_in { start: 0, end: 1 });
    let (none, many) = (null_mut::<biobert_trainer>(), BIOBERT_SPLIT_TRAIN);
    let (mut trainer, mut json, mut head) = (null_mut(), null_mut(), null_mut());
    type Call<'a> = Box<dyn FnMut(*mut *mut biobert_error) -> biobert_status + 'a>;
    // SAFETY: NULL, or live views and outputs.
    let calls: [Call<'_>; 16] = unsafe {
        [
            Box::new(|e| biobert_trainer_create(null(), 1, null(), &mut trainer, e)),
            Box::new(|e| biobert_trainer_add_ner(none, many, text, null(), 0, e)),
            Box::new(|e| biobert_trainer_add_ner16(none, many, text16, null(), 0, e)),
            Box::new(|e| biobert_trainer_add_assertion(none, many, text, null(), null(), 0, e)),
            Box::new(|e| biobert_trainer_add_assertion16(none, many, text16, null(), null(), 0, e)),
            Box::new(|e| biobert_trainer_add_re(none, many, text, range, range, text, e)),
            Box::new(|e| biobert_trainer_add_re16(none, many, text16, range, range, text, e)),
            Box::new(|e| biobert_trainer_add_class(none, many, text, null(), text, e)),
            Box::new(|e| biobert_trainer_add_class16(none, many, text16, null(), text, e)),
            Box::new(|e| biobert_trainer_add_qa(none, many, text, text, &range, e)),
            Box::new(|e| biobert_trainer_add_qa16(none, many, text16, text16, &range, e)),
            Box::new(|e| biobert_trainer_add_file(none, many, text, e)),
            Box::new(|e| biobert_trainer_fit(none, None, null_mut(), null(), e)),
            Box::new(|e| biobert_trainer_report_json(none, &mut json, e)),
            Box::new(|e| biobert_trainer_eval(none, null(), null_mut(), e)),
            Box::new(|e| biobert_trainer_head(none, &mut head, e)),
        ]
    };
    for (index, mut call) in calls.into_iter().enumerate() {
        let mut error = null_mut();
        let status = call(&mut error);
        let (status, message) = take(status, error);
        assert_eq!(status, BIOBERT_E_UNSUPPORTED, "call {index}: {message}");
        assert_eq!(message, "this library was built without training (the feature `train`)");
    }
    assert!(trainer.is_null() && json.is_null() && head.is_null());
    let mut options = std::mem::MaybeUninit::uninit();
    // SAFETY: may be written; NULL is ignored.
    unsafe {
        biobert_trainer_options_init(options.as_mut_ptr(), size_of::<biobert_trainer_options>());
        biobert_trainer_free(none);
        assert_eq!(
            options.assume_init().struct_size as usize,
            size_of::<biobert_trainer_options>()
        );
    }
}

#[test]
fn the_features_are_told() {
    // SAFETY: static text.
    let info = unsafe { std::ffi::CStr::from_ptr(biobert_build_info_json()) };
    let info: serde_json::Value = serde_json::from_slice(info.to_bytes()).unwrap();
    let features = info["features"].as_array().unwrap();
    assert!(features.iter().all(|feature| feature != "train"));
}

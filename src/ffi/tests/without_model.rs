//! What needs no model, from its first call to its last free: documents in, views out, errors between.

use std::ptr::{null, null_mut};

use super::{options, take};
use crate::ffi::*;

#[test]
fn documents_go_in_views_come_out_and_everything_is_freed() {
    let (mut engine, mut result, mut json, mut cancel) =
        (null_mut(), null_mut(), null_mut(), null_mut());
    let (mut error, mut ranges, mut count, mut stride) = (null_mut(), null(), 0, 0);
    let docs = [biobert_str::of("No fever. Ré-exam: fine."), biobert_str::of("")];
    let units: Vec<u16> = "No fever. \u{1F912} is ill.".encode_utf16().collect();
    let doc16 = biobert_str16 { ptr: units.as_ptr(), len: units.len() };
    let lone = biobert_str16 { ptr: [0xD800].as_ptr(), len: 1 };
    let options = options();
    // SAFETY: live objects, views and outputs; each object is freed once.
    unsafe {
        assert_eq!(biobert_engine_create(null(), &mut engine, &mut error), BIOBERT_OK);
        assert_eq!(biobert_cancel_create(&mut cancel, &mut error), BIOBERT_OK);
        let ran = biobert_sentences_run(
            engine,
            docs.as_ptr(),
            docs.len(),
            &options,
            cancel,
            &mut result,
            &mut error,
        );
        assert_eq!(ran, BIOBERT_OK);
        // The result needs none of them.
        biobert_cancel_free(cancel);
        assert_eq!(biobert_result_doc_count(result), 2);
        let told =
            biobert_result_sentences(result, 0, &mut ranges, &mut count, &mut stride, &mut error);
        assert_eq!((told, count, stride), (BIOBERT_OK, 2, size_of::<biobert_range>()));
        let second: &biobert_range = &*ranges.byte_add(stride);
        assert_eq!((second.start, second.end), (10, 25));
        let told =
            biobert_result_sentences(result, 2, &mut ranges, &mut count, &mut stride, &mut error);
        assert_eq!(take(told, error).0, BIOBERT_E_ARGUMENT);
        assert_eq!(biobert_result_to_json(result, &mut json, null_mut()), BIOBERT_OK);
        biobert_result_free(result);
        let text = biobert_json_view(json).str("json").unwrap();
        assert!(text.contains("\"start\":10"), "{text}");
        biobert_json_free(json);

        let both = [doc16, lone];
        error = null_mut();
        let ran = biobert_sentences_run16(
            engine,
            both.as_ptr(),
            both.len(),
            &options,
            null(),
            &mut result,
            &mut error,
        );
        assert_eq!(ran, BIOBERT_OK);
        biobert_engine_free(engine);
        assert_eq!(biobert_result_doc_status(result, 0), BIOBERT_OK);
        assert_eq!(biobert_result_doc_status(result, 1), BIOBERT_E_ENCODING);
        assert!(biobert_result_doc_message(result, 1).len > 0);
        biobert_result_free(result);
    }
}

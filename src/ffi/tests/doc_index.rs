//! The document that made a whole call fail.

use std::ptr::{null, null_mut};

use super::{Setup, options};
use crate::ffi::*;

/// The document that a call blames; the call must fail with `BIOBERT_E_ARGUMENT` or, without a head,
/// `BIOBERT_E_NOT_FOUND`.
pub(super) fn blamed(call: impl FnOnce(*mut *mut biobert_error) -> biobert_status) -> i64 {
    let mut error = null_mut();
    let status = call(&mut error);
    assert!([BIOBERT_E_ARGUMENT, BIOBERT_E_NOT_FOUND].contains(&status), "status {status}");
    // SAFETY: a live error of this library, freed once.
    unsafe {
        let doc = biobert_error_doc_index(error);
        biobert_error_free(error);
        doc
    }
}

pub(super) const NO_TEXT: biobert_str = biobert_str { ptr: null(), len: 3 };

#[test]
fn a_call_on_documents_blames_the_one_without_text() {
    let setup = Setup::new(null());
    let (run, mut out) = (options(), null_mut());
    let good = biobert_str::of("fever");
    let docs = [good, NO_TEXT];
    let goods = [good, good];
    // SAFETY: live objects and texts, but for the one that is NULL; nothing is read of that.
    unsafe {
        let ner = blamed(|error| {
            let docs = docs.as_ptr();
            biobert_ner_run(setup.model, null(), 0, docs, 2, &run, null(), &mut out, error)
        });
        assert_eq!(ner, 1);
        let note = blamed(|error| {
            let (docs, extract) = (docs.as_ptr(), null());
            let (model, run) = (setup.model, &raw const run);
            biobert_extract_run(model, null(), 0, docs, 2, extract, run, null(), &mut out, error)
        });
        assert_eq!(note, 1);
        let pair = blamed(|error| {
            let (docs, seconds) = (goods.as_ptr(), docs.as_ptr());
            let (model, run) = (setup.model, &raw const run);
            biobert_classify_run(model, null(), 0, docs, seconds, 2, run, null(), &mut out, error)
        });
        assert_eq!(pair, 1);
        // Of questions it is the question, whichever of its passages is bad.
        let question = |passages: &[biobert_str]| biobert_qa_in {
            question: good,
            passages: passages.as_ptr(),
            n_passages: passages.len(),
        };
        let questions = [question(&goods), question(&goods), question(&docs)];
        let qa = blamed(|error| {
            let (list, run) = (questions.as_ptr(), &raw const run);
            let answers = null();
            biobert_qa_run(setup.model, null(), 0, list, 3, answers, run, null(), &mut out, error)
        });
        assert_eq!(qa, 2);
        // A head that does not exist is no document's fault.
        let nobody = biobert_str::of("nobody");
        let head = blamed(|error| {
            let docs = goods.as_ptr();
            biobert_ner_run(setup.model, &nobody, 1, docs, 2, &run, null(), &mut out, error)
        });
        assert_eq!(head, -1);
        assert!(out.is_null());
        assert_eq!(biobert_error_doc_index(null()), -1);
    }
}

#[test]
fn an_entity_blames_its_document() {
    let setup = Setup::new(null());
    let (run, mut out) = (options(), null_mut());
    let docs = [biobert_str::of("fever"), biobert_str::of("rash")];
    let kind = biobert_str::of("Disease");
    let latin1 = biobert_str { ptr: b"\xE7".as_ptr().cast(), len: 1 };
    let mut blames = |doc, end, kind| {
        let entity = biobert_entity_in { doc, start: 0, end, kind };
        blamed(|error| {
            let (docs, run) = (docs.as_ptr(), &raw const run);
            // SAFETY: live objects and texts.
            unsafe {
                biobert_re_run(
                    setup.model,
                    null(),
                    0,
                    docs,
                    2,
                    &entity,
                    1,
                    null(),
                    run,
                    null(),
                    &mut out,
                    error,
                )
            }
        })
    };
    assert_eq!(blames(1, 5, kind), 1);
    assert_eq!(blames(1, 0, kind), 1);
    assert_eq!(blames(1, 4, latin1), 1);
    // No such document: none is to blame.
    assert_eq!(blames(2, 4, kind), -1);
    assert_eq!(blames(2, 4, latin1), -1);
}

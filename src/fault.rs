//! Faults on request, in test builds only: a slice error like the ones that quote their text.

use std::cell::Cell;

thread_local! {
    static SLICE: Cell<bool> = const { Cell::new(false) };
}

/// The next document that this thread reads panics with a slice error.
pub(crate) fn slice_next_document() {
    SLICE.set(true);
}

/// Slices a text inside of its first character, which must be longer than a byte.
pub(crate) fn maybe_slice(text: &str) {
    if SLICE.take() {
        let _ = &text[1..];
    }
}

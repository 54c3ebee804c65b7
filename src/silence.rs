//! Panics that are ours print nothing: what they say may quote a patient's text (a slice error
//! quotes the string), and a library does not write to its host's stderr.

use std::cell::Cell;

use once_cell::sync::OnceCell;

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// Puts a hook before the one in place that passes on only the panics of other threads'
/// code. A panic hook is global to the copy of the Rust runtime inside this library; a host in
/// another language, or in Rust above the C ABI, has its own.
fn install() {
    static INSTALLED: OnceCell<()> = OnceCell::new();
    INSTALLED.get_or_init(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !SILENT.get() {
                previous(info);
            }
        }));
    });
}

/// For threads of our own: no panic on this thread prints, ever.
pub(crate) fn keep_this_thread_silent() {
    install();
    SILENT.set(true);
}

/// Runs `work`; a panic in it prints nothing and comes back as `None`, its payload dropped.
pub(crate) fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    install();
    let before = SILENT.replace(true);
    // Whatever was half done stays in the closure: callers pass shared state that panics
    // leave whole (immutable models, pools that drop what a panicking thread had taken).
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    SILENT.set(before);
    caught.map_err(forget_safely).ok()
}

/// Drops a panic payload; a payload whose own drop panics is leaked instead.
fn forget_safely(payload: Box<dyn std::any::Any + Send>) {
    if let Err(second) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(second);
    }
}

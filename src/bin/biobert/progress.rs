//! Progress bars on a terminal, and a clean stop on Ctrl-C.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use biobert::Cancel;
use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::{Failure, Result};

/// A bar of `total` steps; it draws on stderr, and only if that is a terminal.
pub fn bar(total: u64, unit: &str) -> ProgressBar {
    let template = match unit {
        "bytes" => "{wide_bar} {bytes}/{total_bytes}  {elapsed}, {eta} left".to_string(),
        _ => format!("{{wide_bar}} {{pos}}/{{len}} {unit}  {{elapsed}}, {{eta}} left {{msg}}"),
    };
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// A sign of life for work whose length is not known.
pub fn spinner(message: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Whether the tool waits for input: then there is nothing to end cleanly.
static WAITING: AtomicBool = AtomicBool::new(false);

/// Runs `read`, which Ctrl-C may end at once.
pub fn waiting<T>(read: impl FnOnce() -> T) -> T {
    WAITING.store(true, Ordering::Relaxed);
    let read = read();
    WAITING.store(false, Ordering::Relaxed);
    read
}

/// A switch that Ctrl-C triggers. A second Ctrl-C ends the tool at once.
pub fn cancel_on_interrupt() -> Result<Cancel> {
    let cancel = Cancel::new();
    let handler = {
        let cancel = cancel.clone();
        move || {
            if cancel.is_triggered() || WAITING.load(Ordering::Relaxed) {
                crate::staged::discard();
                std::process::exit(130);
            }
            cancel.trigger();
        }
    };
    ctrlc::set_handler(handler)
        .map_err(|_| Failure::Message("Ctrl-C could not be caught".into()))?;
    Ok(cancel)
}

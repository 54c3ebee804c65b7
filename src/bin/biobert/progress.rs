//! Progress bars on a terminal, and a clean stop on Ctrl-C and the signals that end a process.

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

/// Leaves hangups ignored if whoever started us had them ignored, as `nohup` has: a handler would end that. Before
/// any thread starts.
pub fn keep_ignoring_hangups() {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::signal::{SigSet, Signal};
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        // Bit 0 is signal 1.
        if ignored.unwrap_or_default() >> (Signal::SIGHUP as u32 - 1) & 1 == 1 {
            // At worst the tool ends with its terminal.
            let _ = SigSet::from(Signal::SIGHUP).thread_block();
        }
    }
}

/// A switch that Ctrl-C triggers, and so do SIGTERM and SIGHUP. A second one ends the tool at once.
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

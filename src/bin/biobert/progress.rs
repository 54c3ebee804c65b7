//! Progress bars on a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

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

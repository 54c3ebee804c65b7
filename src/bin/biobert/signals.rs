//! A clean stop on Ctrl-C and the signals that end a process: the first ends what runs, a second one the tool.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use biobert::Cancel;

/// What the first signal triggers, once there is something to end cleanly.
static CANCEL: OnceLock<Cancel> = OnceLock::new();

/// Whether the tool waits for input: then there is nothing to end cleanly.
static WAITING: AtomicBool = AtomicBool::new(false);

/// The number of Ctrl-C's signal.
const INTERRUPT: u8 = 2;

/// The number of the signal that came last.
static LAST: AtomicU8 = AtomicU8::new(INTERRUPT);

/// Runs `read`, which a signal may end at once.
pub fn waiting<T>(read: impl FnOnce() -> T) -> T {
    WAITING.store(true, Ordering::Relaxed);
    let read = read();
    WAITING.store(false, Ordering::Relaxed);
    read
}

/// A switch that Ctrl-C triggers, and so do SIGTERM and SIGHUP.
pub fn cancel() -> Cancel {
    CANCEL.get_or_init(Cancel::new).clone()
}

/// The exit status of a tool that a signal ended, as shells have it: 130 of SIGINT, 143 of SIGTERM, 129 of SIGHUP.
pub fn status() -> u8 {
    128 + LAST.load(Ordering::Relaxed)
}

/// A signal came.
fn came(signal: u8) {
    LAST.store(signal, Ordering::Relaxed);
    let running = !WAITING.load(Ordering::Relaxed);
    match CANCEL.get().filter(|cancel| running && !cancel.is_triggered()) {
        Some(cancel) => cancel.trigger(),
        None => {
            crate::staged::discard();
            std::process::exit(status().into());
        }
    }
}

/// Catches the signals. Before any thread starts: each must have them blocked, so that only the one here takes
/// them.
#[cfg(target_os = "linux")]
pub fn catch() -> io::Result<()> {
    use nix::sys::signal::{SigSet, Signal};
    let ignored = ignored();
    let kept = |signal: &Signal| ignored >> (*signal as u32 - 1) & 1 == 0;
    let signals: SigSet =
        [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().filter(kept).collect();
    signals.thread_block()?;
    let take = move || {
        while let Ok(signal) = signals.wait() {
            came(signal as u8);
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(take)?;
    Ok(())
}

/// What whoever started us had ignored and is to stay so: hangups with `nohup`, Ctrl-C in a script's background. Bit 0
/// is signal 1.
#[cfg(target_os = "linux")]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default()
}

/// Catches the signals; which one came is not told here.
#[cfg(not(target_os = "linux"))]
pub fn catch() -> io::Result<()> {
    ctrlc::set_handler(|| came(INTERRUPT)).map_err(io::Error::other)
}

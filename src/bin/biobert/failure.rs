//! How the tool fails: one line on stderr, and an exit status.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use biobert::Error;
use biobert::data::Format;

pub type Result<T> = std::result::Result<T, Failure>;

/// Why the tool stopped.
#[derive(Debug)]
pub enum Failure {
    /// What went wrong and what to do about it.
    Message(String),
    /// Some documents could not be read; the others are in the output.
    Documents(usize),
    /// Some documents were left out of the output; which ones was said.
    LeftOut(usize),
    /// Some passages could not be read and were left out; which ones was said.
    Passages(usize),
    /// Ctrl-C, or a signal that ends a process.
    Interrupted,
    /// Whoever read our output has gone: nothing to complain about.
    NobodyReads,
}

impl Failure {
    /// A failure on a file that the user named.
    pub fn file(path: &Path, error: impl std::fmt::Display) -> Failure {
        Failure::Message(format!("{}: {error}", path.display()))
    }

    pub fn report(self) -> ExitCode {
        match self {
            Failure::Message(message) => {
                complain(&message);
                ExitCode::from(1)
            }
            Failure::Documents(count) => {
                complain(&format!("{count} document(s) could not be read; see their \"error\""));
                ExitCode::from(1)
            }
            Failure::LeftOut(count) => {
                complain(&format!("{count} document(s) left out, as was said"));
                ExitCode::from(1)
            }
            Failure::Passages(count) => {
                complain(&format!("{count} passage(s) could not be read and were left out"));
                ExitCode::from(1)
            }
            Failure::Interrupted => {
                complain("interrupted");
                ExitCode::from(crate::signals::status())
            }
            Failure::NobodyReads => ExitCode::SUCCESS,
        }
    }
}

/// Says in which format a file was read, and how many of its records do not count.
pub fn tell_format(path: &Path, format: Option<Format>, left_out: usize) {
    let Some(format) = format else { return };
    let left_out = match left_out {
        0 => String::new(),
        count => format!("; {count} without an annotation that counts left out"),
    };
    complain(&format!("{} read as {}{left_out}", path.display(), format.title()));
}

/// A line on stderr. If nobody reads it, there is nobody to tell.
pub fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "biobert: {message}");
}

/// What is wrong with the JSON of a line. Of fields serde gives the name only; what else it says may
/// quote the text.
pub fn json_reason(error: &serde_json::Error) -> String {
    let told = error.to_string();
    let of_a_field = ["missing field", "duplicate field"].iter().any(|what| told.starts_with(what));
    let what = match told.split(" at line ").next() {
        Some(told) if of_a_field => told,
        _ if error.is_data() => "a field of another type",
        _ => "not JSON",
    };
    format!("{what} at column {}", error.column())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Cancelled => Failure::Interrupted,
            error => Failure::Message(error.to_string()),
        }
    }
}

/// Errors of writing our output; files are opened with [`Failure::file`].
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::NobodyReads,
            _ => Failure::Message(format!("the output could not be written: {error}")),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        io::Error::from(error).into()
    }
}

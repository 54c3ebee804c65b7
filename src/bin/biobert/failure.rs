//! How the tool fails: one line on stderr, and an exit status.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use biobert::Error;

pub type Result<T> = std::result::Result<T, Failure>;

/// Why the tool stopped.
#[derive(Debug)]
pub enum Failure {
    /// What went wrong and what to do about it.
    Message(String),
    /// Some documents could not be read; the others are in the output.
    Documents(usize),
    /// Ctrl-C.
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
                eprintln!("biobert: {message}");
                ExitCode::from(1)
            }
            Failure::Documents(count) => {
                eprintln!("biobert: {count} document(s) could not be read; see their \"error\"");
                ExitCode::from(1)
            }
            Failure::Interrupted => {
                eprintln!("biobert: interrupted");
                ExitCode::from(130)
            }
            Failure::NobodyReads => ExitCode::SUCCESS,
        }
    }
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

//! What can go wrong. No message holds a word of anybody's text, nor more of a path than its last
//! component: messages end up in logs.

use std::path::Path;

/// A `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Every failure that the library reports. The C ABI has one status per variant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The caller passed something that makes no sense.
    #[error("{0}")]
    Argument(String),
    /// A file, a directory or a head that is not there.
    #[error("{0}")]
    NotFound(String),
    /// The operating system could not read or write a file.
    #[error("{file}: {reason}")]
    Io {
        /// Base name of the file.
        file: String,
        /// What the operating system said.
        reason: String,
    },
    /// A model whose files are whole but do not fit together.
    #[error("{file}: {reason}")]
    Model {
        /// Base name of the file.
        file: String,
        /// What does not fit, and where.
        reason: String,
    },
    /// A model file that is damaged: truncated, changed, or not of its format.
    #[error("{file}: {reason}")]
    Corrupt {
        /// Base name of the file.
        file: String,
        /// What was noticed.
        reason: String,
    },
    /// Something well formed that this version cannot do.
    #[error("{0}")]
    Unsupported(String),
    /// An input above a limit of the engine's options.
    #[error("{what} has {size} bytes, the limit is {limit}")]
    Limit {
        /// What was too large.
        what: &'static str,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// Text that is not valid Unicode.
    #[error("invalid {encoding} at {unit} {position}")]
    Encoding {
        /// `UTF-8` or `UTF-16`.
        encoding: &'static str,
        /// What `position` counts: `byte` or `unit`.
        unit: &'static str,
        /// Where the first bad byte or unit is.
        position: usize,
    },
    /// The caller cancelled the call.
    #[error("the call was cancelled")]
    Cancelled,
    /// The deadline of the call passed.
    #[error("the deadline has passed")]
    Deadline,
    /// An object that serves one thread at a time was in use.
    #[error("the object is in use by another thread")]
    Busy,
    /// A GPU that cannot be used, or that failed.
    #[error("{reason}")]
    Device {
        /// What is wrong with it.
        reason: String,
    },
    /// A defect of this library.
    #[error("internal error: {0}")]
    Internal(String),
    /// One document of a call made the whole call fail.
    #[error("{error}")]
    Document {
        /// Index of the document, or of the question, in the call.
        doc: usize,
        /// What is wrong with it.
        error: Box<Error>,
    },
}

/// The last component of a path: all of it that a message may show. Of `.` it is the directory's.
pub(crate) fn base_name(path: &Path) -> String {
    let name = |path: &Path| Some(path.file_name()?.to_string_lossy().into_owned());
    let real = || name(&path.canonicalize().ok()?);
    name(path).or_else(real).unwrap_or_else(|| "the path".into())
}

impl Error {
    /// The document that made the whole call fail, by its index in the call; `None` if no single one
    /// did.
    pub fn doc_index(&self) -> Option<usize> {
        match self {
            Error::Document { doc, .. } => Some(*doc),
            _ => None,
        }
    }

    /// The same error with the document that is to blame.
    pub(crate) fn of_doc(self, doc: usize) -> Error {
        match self {
            Error::Document { error, .. } => Error::Document { doc, error },
            error => Error::Document { doc, error: Box::new(error) },
        }
    }

    /// An operating-system error on a file.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Error {
        let file = base_name(path);
        match error.kind() {
            std::io::ErrorKind::NotFound => Error::NotFound(format!("{file} does not exist")),
            // The kind, not the error: its text may hold a path.
            kind => Error::Io { file, reason: kind.to_string() },
        }
    }

    /// A model file that does not fit.
    pub(crate) fn model(file: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Model { file: file.into(), reason: reason.into() }
    }

    /// A model file that is damaged.
    pub(crate) fn corrupt(file: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::Corrupt { file: file.into(), reason: reason.into() }
    }
}

/// What is wrong with a JSON text, without quoting it.
pub(crate) fn json_reason(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let place = format!("line {} column {}", error.line(), error.column());
    match error.classify() {
        // "missing field `hidden_size`" helps, and model files are nobody's secret.
        Category::Data => format!("{error}"),
        Category::Eof => format!("the JSON ends early at {place}"),
        Category::Syntax | Category::Io => format!("not JSON at {place}"),
    }
}

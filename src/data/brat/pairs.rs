//! The pairs of files in a directory, one after the other by name.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::data::losses::lose;
use crate::data::told::Told;
use crate::data::write::Losses;
use crate::document::Document;
use crate::error::{Error, Result, base_name};

/// The documents of a directory, or of one pair.
pub(in crate::data) struct Pairs {
    /// Paths without their endings.
    stems: std::vec::IntoIter<PathBuf>,
    /// What else is in the directory; told with the first document.
    passed_over: Losses,
}

/// What an entry of a directory is that is no file of a pair, if it looks as if it held documents. Hidden files, such
/// as those that macOS puts beside others, and those of BRAT's configuration do not.
fn passed_over(path: &Path) -> Option<&'static str> {
    let is = |ending: &str| {
        path.extension().and_then(OsStr::to_str).is_some_and(|own| own.eq_ignore_ascii_case(ending))
    };
    let named = is("txt") || is("ann");
    match std::fs::metadata(path) {
        Err(_) if named => Some("links that lead nowhere"),
        Ok(entry) if entry.is_dir() && named => Some("directories that are named as files"),
        Ok(entry) if entry.is_dir() => Some("subdirectories"),
        Ok(entry) if entry.is_file() && named => Some("files that do not end in .txt or .ann"),
        Ok(_) if named => Some("files that are none, such as pipes"),
        _ => None,
    }
}

impl Pairs {
    /// The pairs of a directory, or the one that a file belongs to.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::NotFound`] of the directory; [`Error::Argument`] for a file with another
    /// ending; [`Error::Model`] for a directory without a pair in which there is something else.
    pub(in crate::data) fn new(path: &Path) -> Result<Pairs> {
        let is_half =
            |path: &Path| path.extension().is_some_and(|ending| ending == "txt" || ending == "ann");
        if path.is_file() {
            if !is_half(path) {
                let reason = "of BRAT's pairs one file ends in .txt, the other in .ann";
                return Err(Error::Argument(reason.into()));
            }
            let stems = vec![path.with_extension("")].into_iter();
            return Ok(Pairs { stems, passed_over: Losses::new() });
        }
        let (mut stems, mut others) = (BTreeSet::new(), Losses::new());
        for entry in std::fs::read_dir(path).map_err(|error| Error::io(path, &error))? {
            let own = entry.map_err(|error| Error::io(path, &error))?.path();
            if own.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
                continue;
            }
            if is_half(&own) && own.is_file() {
                stems.insert(own.with_extension(""));
            } else if let Some(what) = passed_over(&own) {
                lose(&mut others, what, 1);
            }
        }
        if stems.is_empty() && !others.is_empty() {
            let others: Vec<_> =
                others.iter().map(|(what, count)| format!("{count} {what}")).collect();
            let reason = format!("holds no file of BRAT's, but {}", others.join(", "));
            return Err(Error::model(base_name(path), reason));
        }
        let stems: Vec<_> = stems.into_iter().collect();
        Ok(Pairs { stems: stems.into_iter(), passed_over: others })
    }
}

impl Iterator for Pairs {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        let mut read = pair(&self.stems.next()?);
        // One that cannot be read has no place for it.
        if let Ok(document) = &mut read {
            for (what, count) in std::mem::take(&mut self.passed_over) {
                *document.passed_over.entry(what).or_default() += count;
            }
        }
        Some(read)
    }
}

/// The document of a pair. A text without annotations has none.
fn pair(stem: &Path) -> Result<Document> {
    let with = |ending: &str| {
        let mut path = stem.as_os_str().to_owned();
        path.push(ending);
        PathBuf::from(path)
    };
    let (text_path, notes_path) = (with(".txt"), with(".ann"));
    let text = String::from_utf8(read(&text_path)?)
        .map_err(|_| Error::model(base_name(&text_path), "not UTF-8"))?;
    let has_notes = notes_path.symlink_metadata().is_ok();
    let notes = if has_notes { read(&notes_path)? } else { Vec::new() };
    let file = base_name(&notes_path);
    let mut told = Told { file: &file, id: None, line: 1 };
    let read = super::read::document(&text, &notes, &mut told);
    let mut document = read.map_err(|error| told.error(error))?;
    document.id = Some(base_name(stem));
    document.line = 1;
    document.text = text;
    Ok(document)
}

/// Half of a pair. What cannot be read takes no other pair with it, and what is no file, such as a pipe, is not
/// waited for.
fn read(path: &Path) -> Result<Vec<u8>> {
    let told = |error| match Error::io(path, &error) {
        Error::Io { file, reason } => Error::Model { file, reason },
        other => other,
    };
    if !std::fs::metadata(path).map_err(told)?.is_file() {
        return Err(Error::model(base_name(path), "not a file"));
    }
    std::fs::read(path).map_err(told)
}

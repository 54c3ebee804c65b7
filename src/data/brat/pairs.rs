//! The pairs of files in a directory, one after the other by name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::data::told::Told;
use crate::document::Document;
use crate::error::{Error, Result, base_name};

/// The documents of a directory, or of one pair.
pub(in crate::data) struct Pairs {
    /// Paths without their endings.
    stems: std::vec::IntoIter<PathBuf>,
}

impl Pairs {
    /// The pairs of a directory, or the one that a file belongs to.
    ///
    /// # Errors
    /// [`Error::Io`] and [`Error::NotFound`] of the directory; [`Error::Argument`] for a file with another
    /// ending.
    pub(in crate::data) fn new(path: &Path) -> Result<Pairs> {
        let is_half =
            |path: &Path| path.extension().is_some_and(|ending| ending == "txt" || ending == "ann");
        if path.is_file() {
            if !is_half(path) {
                let reason = "of BRAT's pairs one file ends in .txt, the other in .ann";
                return Err(Error::Argument(reason.into()));
            }
            return Ok(Pairs { stems: vec![path.with_extension("")].into_iter() });
        }
        let mut stems = BTreeSet::new();
        for entry in std::fs::read_dir(path).map_err(|error| Error::io(path, &error))? {
            let own = entry.map_err(|error| Error::io(path, &error))?.path();
            if is_half(&own) && own.is_file() {
                stems.insert(own.with_extension(""));
            }
        }
        Ok(Pairs { stems: stems.into_iter().collect::<Vec<_>>().into_iter() })
    }
}

impl Iterator for Pairs {
    type Item = Result<Document>;

    fn next(&mut self) -> Option<Result<Document>> {
        self.stems.next().map(|stem| pair(&stem))
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

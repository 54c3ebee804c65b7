//! Which terminologies: files, or names under `terms/`.

use std::path::{Path, PathBuf};

use biobert::terms::{Linker, Terms};

use crate::failure::{Failure, Result};
use crate::models::{places, told};

/// What links with the terminologies that the user asked for, `near`: by vectors too.
pub fn linker(names: &[String], near: bool) -> Result<Linker> {
    let mut terms = Vec::new();
    for name in names {
        for path in find(name)? {
            // A damaged file could give a wrong code.
            let open = Terms::open(&path).and_then(|open| open.verify().map(|()| open));
            let open = open.map_err(|error| Failure::file(&path, error))?;
            terms.push(if near { with_vectors(&open, &path)? } else { open });
        }
    }
    Ok(Linker::new(&terms))
}

/// The same; `None` where the user asked for none.
pub fn linker_if_any(names: &[String], near: bool) -> Result<Option<Linker>> {
    (!names.is_empty()).then(|| linker(names, near)).transpose()
}

/// The files that [`linker`] reads.
pub fn files(names: &[String], near: bool) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for name in names {
        files.extend(find(name)?);
    }
    if near {
        files.extend(files.clone().iter().map(|path| path.with_extension("vectors")));
    }
    Ok(files)
}

/// A terminology with the vectors that lie beside it.
fn with_vectors(terms: &Terms, path: &Path) -> Result<Terms> {
    let vectors = path.with_extension("vectors");
    if !vectors.is_file() {
        let reason = format!(
            "it has no vectors, which --near needs; `biobert terms vectors {}` makes them",
            path.display()
        );
        return Err(Failure::file(path, reason));
    }
    let with = terms.with_vectors(&vectors).and_then(|with| with.verify().map(|()| with));
    with.map_err(|error| Failure::file(&vectors, error))
}

/// The files of a name: the file itself, the one that is called so, or those whose names begin with it and
/// a dash.
pub fn find(name: &str) -> Result<Vec<PathBuf>> {
    if Path::new(name).is_file() {
        return Ok(vec![PathBuf::from(name)]);
    }
    let places = places("terms");
    for place in &places {
        let exact = place.join(format!("{name}.terms"));
        if exact.is_file() {
            return Ok(vec![exact]);
        }
        let begins = |path: &PathBuf| {
            let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
            file.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with('-') && rest.ends_with(".terms"))
        };
        let files =
            std::fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> = files.filter(begins).collect();
        if !files.is_empty() {
            files.sort();
            return Ok(files);
        }
    }
    let beside = format!("{name}.terms");
    if Path::new(&beside).is_file() {
        return Err(Failure::Message(format!(
            "terminology not found: {name}; the file {beside} is here: give its whole name"
        )));
    }
    Err(Failure::Message(format!(
        "terminology not found: {name} is neither a file nor a name under {}; `biobert terms build` makes one",
        told(&places)
    )))
}

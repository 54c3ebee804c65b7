//! What is in a directory, by hash: a file that was changed is told before anything is found in it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::failure::{Failure, Result};

/// What is said of a file that is not what it was.
pub const DAMAGED: &str = "it is damaged: its hash is another";

/// Files by their names, with SHA-256 in hexadecimal.
pub type Seals = BTreeMap<String, String>;

/// The seals of the files in a directory. Whoever may read its parent may read them: tantivy writes some for its user alone.
pub fn seal(directory: &Path) -> io::Result<Seals> {
    let mut seals = Seals::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if is_lock(name) {
            fs::remove_file(&path)?;
            continue;
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(directory)?.permissions().mode() & 0o666;
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        }
        seals.insert(name.into(), sha256(File::open(&path)?)?);
    }
    Ok(seals)
}

/// Refuses a directory of which a file is missing, not what it was, or new.
pub fn check(directory: &Path, seals: &Seals) -> Result<()> {
    for entry in fs::read_dir(directory).map_err(|error| Failure::file(directory, error))? {
        let entry = entry.map_err(|error| Failure::file(directory, error))?;
        let name = entry.file_name();
        let known = name.to_str().is_some_and(|name| is_lock(name) || seals.contains_key(name));
        if !known {
            return Err(Failure::file(&entry.path(), "no part of this index"));
        }
    }
    seals.iter().try_for_each(|(name, seal)| {
        let path = directory.join(name);
        // A description may have been tampered with: nothing outside is opened.
        if path.file_name() != Some(name.as_ref()) || path.parent() != Some(directory) {
            return Err(Failure::file(&path, "no name of a file"));
        }
        match File::open(&path).and_then(sha256) {
            Ok(found) if found == *seal => Ok(()),
            Ok(_) => Err(Failure::file(&path, DAMAGED)),
            Err(error) => Err(Failure::file(&path, error)),
        }
    })
}

/// What tantivy makes when it opens an index to write or to read.
fn is_lock(name: &str) -> bool {
    name.ends_with(".lock")
}

pub fn sha256(mut bytes: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut bytes, &mut hash)?;
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

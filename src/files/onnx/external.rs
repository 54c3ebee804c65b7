//! Tensors whose values lie in a file beside the graph, and nowhere else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use tract_onnx::pb::StringStringEntryProto;

use crate::error::{Error, Result};
use crate::files::regular_length;

/// The files beside a graph.
pub(super) struct External<'a> {
    graph: &'a Path,
    file: &'a str,
    /// What tensors have claimed of each file so far.
    claimed: BTreeMap<PathBuf, u64>,
}

impl<'a> External<'a> {
    /// `file` is the graph's name, for errors.
    pub(super) fn new(graph: &'a Path, file: &'a str) -> External<'a> {
        External { graph, file, claimed: BTreeMap::new() }
    }

    /// The values of a tensor, which are `bytes` long.
    pub(super) fn read(
        &mut self,
        entries: &[StringStringEntryProto],
        bytes: usize,
    ) -> Result<Vec<u8>> {
        let entry = |key: &str| entries.iter().find(|entry| entry.key == key).map(|e| &*e.value);
        let number = |key: &str| match entry(key) {
            None => Ok(None),
            Some(text) => {
                let number = text.trim().parse::<u64>().map(Some);
                number.map_err(|_| Error::corrupt(self.file, format!("{key} is no number")))
            }
        };
        let location = entry("location").unwrap_or_default();
        let (offset, length) = (number("offset")?.unwrap_or(0), number("length")?);
        let size = bytes as u64;
        if length.is_some_and(|length| length != size) {
            let reason = "the values beside it do not fit a tensor's shape";
            return Err(Error::corrupt(self.file, reason));
        }
        let path = self.resolve(location)?;
        let total = regular_length(&path)?;
        // Many small tensors that name the same large stretch would be a lot of memory.
        let claimed = self.claimed.entry(path.clone()).or_default();
        *claimed = claimed.saturating_add(size);
        if offset.checked_add(size).is_none_or(|end| end > total) || *claimed > total {
            return Err(Error::corrupt(
                self.file,
                "claims more values than the file beside it holds",
            ));
        }
        let io = |error: std::io::Error| Error::io(&path, &error);
        let mut file = File::open(&path).map_err(io)?;
        file.seek(SeekFrom::Start(offset)).map_err(io)?;
        let mut values = vec![0; bytes];
        file.read_exact(&mut values).map_err(io)?;
        Ok(values)
    }

    /// The file of a location. With links followed, it must lie in the graph's directory, or beside the
    /// graph: caches keep all files of all models in one directory and link to them.
    fn resolve(&self, location: &str) -> Result<PathBuf> {
        let outside =
            || Error::corrupt(self.file, "names a file of weights outside of its directory");
        let relative = Path::new(location);
        let inner = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if location.is_empty() || !relative.components().all(inner) {
            return Err(outside());
        }
        let io = |error: std::io::Error| Error::io(relative, &error);
        let directory = self.graph.parent().filter(|directory| !directory.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new(".")).canonicalize().map_err(io)?;
        let path = directory.join(relative).canonicalize().map_err(io)?;
        let graph = self.graph.canonicalize().map_err(io)?;
        let is_beside = path.parent() == graph.parent();
        if is_beside || path.starts_with(&directory) { Ok(path) } else { Err(outside()) }
    }
}

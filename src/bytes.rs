//! Bytes that several owners share: a mapped file, or memory of this process.

use std::fs::File;
use std::sync::Arc;

use memmap2::{Mmap, MmapMut};

/// Bytes that whoever needs them shares, from the start of a page on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bytes(Option<Arc<Mmap>>);

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |map| map)
    }
}

impl Bytes {
    /// A file that is not empty and that nobody changes while it is mapped.
    pub(crate) fn map(file: &File) -> std::io::Result<Bytes> {
        // SAFETY: the mapping is read-only. Changing the file while it is mapped is ruled out: for
        // a model's by the contract of `Loading::Map`, which offers `Copy` to those who cannot
        // promise it; for a temporary one since it has no name.
        let map = unsafe { Mmap::map(file) }?;
        Ok(Bytes(Some(Arc::new(map))))
    }

    /// Memory of this process alone, aligned as a mapped file is; `fill` gets it as zeros.
    pub(crate) fn private(
        length: usize,
        fill: impl FnOnce(&mut [u8]) -> std::io::Result<()>,
    ) -> std::io::Result<Bytes> {
        // Nothing cannot be mapped.
        if length == 0 {
            return Ok(Bytes(None));
        }
        let mut map = MmapMut::map_anon(length)?;
        fill(&mut map)?;
        Ok(Bytes(Some(Arc::new(map.make_read_only()?))))
    }
}

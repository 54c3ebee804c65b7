//! An index of names, opened.

use std::path::Path;
use std::sync::Arc;

use super::default::has_defaults;
use super::file::File;
use super::info::TermsInfo;
use super::kind::Kind;
use super::vectors::Vectors;
use crate::error::Result;
use crate::hash::hex_of;

/// An index of names, mapped into memory: opening it takes milliseconds, and processes share its pages. Clones are the
/// same index.
#[derive(Debug, Clone)]
pub struct Terms {
    pub(super) file: Arc<File>,
    /// What its concepts are, as its name says.
    pub(super) kind: Option<Kind>,
    /// Whether its codes have defaults.
    pub(super) has_defaults: bool,
    /// Vectors of its names, where they were given.
    pub(super) vectors: Option<Arc<Vectors>>,
}

impl Terms {
    /// Opens an index. Its header is checked against its hash, and all sizes in it against the file's; the rest as it is
    /// read, so that a damaged file gives fewer names or wrong ones but never harm. [`verify`](Terms::verify) compares
    /// the whole.
    ///
    /// The file is mapped: whoever replaces it must write another one and rename it, as this library does.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::Io`](crate::Error::Io);
    /// [`Error::Corrupt`](crate::Error::Corrupt) of what is no index, or a damaged one;
    /// [`Error::Unsupported`](crate::Error::Unsupported) of one in a newer format.
    pub fn open(path: &Path) -> Result<Terms> {
        let file = File::open(path)?;
        let kind = Kind::of_index(&file.info.name);
        let has_defaults = has_defaults(&file.info.system) && !file.is_learned();
        Ok(Terms { file: Arc::new(file), kind, has_defaults, vectors: None })
    }

    /// This index with the vectors of its names, from a file that [`Model::write_vectors`](crate::Model::write_vectors)
    /// wrote: a linker then also finds what is near by the encoder of that model. The file is checked and mapped as that
    /// of the index is.
    ///
    /// # Errors
    /// As [`open`](Terms::open), and [`Error::Model`](crate::Error::Model) for vectors of another index.
    pub fn with_vectors(&self, path: &Path) -> Result<Terms> {
        let vectors = Some(Arc::new(Vectors::open(path, &self.file)?));
        Ok(Terms { vectors, ..self.clone() })
    }

    /// Reads the whole file, and that of the vectors, and compares them with their hashes.
    ///
    /// # Errors
    /// [`Error::Corrupt`](crate::Error::Corrupt).
    pub fn verify(&self) -> Result<()> {
        self.file.verify()?;
        self.vectors.as_ref().map_or(Ok(()), |vectors| vectors.verify())
    }

    /// Where its names come from.
    pub fn info(&self) -> &TermsInfo {
        &self.file.info
    }

    /// How many codes it has.
    pub fn concept_count(&self) -> usize {
        self.file.concept_count()
    }

    /// How many names it has.
    pub fn name_count(&self) -> usize {
        self.file.name_count()
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.file.size()
    }

    /// Whether it has vectors.
    pub fn has_vectors(&self) -> bool {
        self.vectors.is_some()
    }

    /// Whether it was learned from coded mentions.
    pub fn is_learned(&self) -> bool {
        self.file.is_learned()
    }

    /// SHA-256 that tells this index from every other, in lower-case hexadecimal.
    pub fn hash(&self) -> String {
        hex_of(&self.file.seal())
    }
}

//! Writing a file of vectors, some names at a time.

use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::layout::{
    BODY_SEAL, ENCODER, HEADER, LENGTH, MAGIC, MOST_WIDTH, ROWS, SEAL, SEALED, SQUARES, TERMS,
    VERSION, WIDTH,
};
use super::quantized::Quantized;
use crate::error::{Error, Result};
use crate::terms::file::readable_by_all;
use crate::terms::index::Terms;

/// Names that are given to the encoder together.
const TOGETHER: usize = 1024;

/// What a file of vectors has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VectorsMade {
    /// Names, each with a vector.
    pub names: u64,
    /// Numbers in a vector.
    pub width: usize,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Writes the vectors of an index's names: all of them, or nothing. What the path held before is replaced.
/// `encoder` is the SHA-256 of all that decides what `embed` makes of texts, and `width` how wide that is.
/// [`Model::write_vectors`](crate::Model::write_vectors) knows these.
///
/// # Errors
/// Those of `embed`; [`Error::Unsupported`] of vectors that no file can hold, [`Error::Io`].
pub fn write_vectors(
    terms: &Terms,
    path: &Path,
    encoder: &[u8; 32],
    width: usize,
    mut embed: impl FnMut(&[&str]) -> Result<Vec<Vec<f32>>>,
) -> Result<VectorsMade> {
    if !(1..=MOST_WIDTH).contains(&width) {
        return Err(Error::Unsupported(format!("vectors of {width} numbers")));
    }
    let io = |error| Error::io(path, &error);
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(parent.unwrap_or(Path::new("."))).map_err(io)?;
    let mut out = BufWriter::new(file);
    out.write_all(&[0; HEADER]).map_err(io)?;
    let mut body = Sha256::new();
    let count = terms.file.name_count() as u32;
    let mut rows = Vec::with_capacity(TOGETHER * (SQUARES + width));
    for first in (0..count).step_by(TOGETHER) {
        // What damage left no name of has a vector without a direction.
        let name = |at| terms.file.name(at).map_or("", |name| name.text);
        let names: Vec<&str> =
            (first..count.min(first.saturating_add(TOGETHER as u32))).map(name).collect();
        let vectors = embed(&names)?;
        if vectors.len() != names.len() || vectors.iter().any(|vector| vector.len() != width) {
            return Err(Error::Internal("vectors of another shape".into()));
        }
        rows.clear();
        for Quantized { numbers, squares } in vectors.iter().map(|vector| Quantized::new(vector)) {
            rows.extend(squares.to_le_bytes());
            rows.extend(numbers.iter().map(|&number| number as u8));
        }
        body.update(&rows);
        out.write_all(&rows).map_err(io)?;
    }
    let bytes = HEADER as u64 + u64::from(count) * (SQUARES + width) as u64;
    let mut header = [0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &MAGIC);
    put(MAGIC.len(), &VERSION.to_le_bytes());
    put(BODY_SEAL, &body.finalize());
    put(LENGTH, &bytes.to_le_bytes());
    put(TERMS, &terms.file.seal());
    put(ENCODER, encoder);
    put(ROWS, &count.to_le_bytes());
    put(WIDTH, &(width as u32).to_le_bytes());
    let seal = Sha256::digest(&header[SEALED..]);
    header[SEAL..SEALED].copy_from_slice(&seal);
    out.seek(SeekFrom::Start(0)).map_err(io)?;
    out.write_all(&header).map_err(io)?;
    let file = out.into_inner().map_err(|error| io(error.into_error()))?;
    readable_by_all(file.as_file()).map_err(io)?;
    file.as_file().sync_all().map_err(io)?;
    file.persist(path).map_err(|error| io(error.error))?;
    Ok(VectorsMade { names: u64::from(count), width, bytes })
}

//! Opening a file of vectors: the header is checked against its hash, the sizes against the file's length.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{
    BODY_SEAL, ENCODER, HEADER, LENGTH, MAGIC, MOST_WIDTH, ROWS, SEAL, SEALED, SQUARES, TERMS,
    VERSION, WIDTH,
};
use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::terms::file::File;

/// An opened file: a row for each name of an index, in the order of the names.
#[derive(Debug)]
pub(in crate::terms) struct Vectors {
    bytes: Bytes,
    pub(super) width: usize,
    /// Its base name, for errors.
    name: String,
}

impl Vectors {
    /// Maps a file and checks its header, and that it is about the names of an index.
    pub(in crate::terms) fn open(path: &Path, terms: &File) -> Result<Vectors> {
        let io = |error| Error::io(path, &error);
        let name = base_name(path);
        let file = std::fs::File::open(path).map_err(io)?;
        if !file.metadata().map_err(io)?.is_file() {
            return Err(Error::model(name, "it is no file"));
        }
        if file.metadata().map_err(io)?.len() < HEADER as u64 {
            return Err(Error::corrupt(name, "it is too short for vectors of names"));
        }
        Vectors::read(Bytes::map(&file).map_err(io)?, name, terms)
    }

    /// Reads the header.
    pub(super) fn read(bytes: Bytes, name: String, terms: &File) -> Result<Vectors> {
        let corrupt = |reason: &str| Error::corrupt(name.clone(), reason);
        let header = bytes.get(..HEADER).ok_or_else(|| corrupt("it is too short"))?;
        if !header.starts_with(&MAGIC) {
            return Err(corrupt("it has no vectors of names"));
        }
        let version = u32::from_le_bytes(array(header, MAGIC.len()));
        if version != VERSION {
            return Err(Error::Unsupported(format!(
                "{name} has version {version} of the format of vectors; this library reads version {VERSION}"
            )));
        }
        // Four bytes that nothing uses are not under the seal.
        let unused = &header[MAGIC.len() + 4..SEAL];
        let seal: [u8; 32] = Sha256::digest(&header[SEALED..]).into();
        if unused.iter().any(|&byte| byte != 0) || seal != array::<32>(header, SEAL) {
            return Err(corrupt("its header does not match its hash"));
        }
        if u64::from_le_bytes(array(header, LENGTH)) != bytes.len() as u64 {
            return Err(corrupt("it does not have the length that its header says"));
        }
        let rows = u32::from_le_bytes(array(header, ROWS)) as usize;
        let width = u32::from_le_bytes(array(header, WIDTH)) as usize;
        let body = rows.checked_mul(SQUARES + width.min(MOST_WIDTH));
        if !(1..=MOST_WIDTH).contains(&width) || body != Some(bytes.len() - HEADER) {
            return Err(corrupt("its rows do not fit its length"));
        }
        if array::<32>(header, TERMS) != terms.seal() || rows != terms.name_count() {
            return Err(Error::model(name, "it has the vectors of another index of names"));
        }
        Ok(Vectors { bytes, width, name })
    }

    /// Compares all bytes with the hash in the header.
    pub(in crate::terms) fn verify(&self) -> Result<()> {
        let expected = array::<32>(&self.bytes, BODY_SEAL);
        if <[u8; 32]>::from(Sha256::digest(&self.bytes[HEADER..])) != expected {
            return Err(Error::corrupt(self.name.clone(), "it does not match its hash"));
        }
        Ok(())
    }

    /// Refuses vectors that something else made than what `encoder` is the hash of: their directions mean other things.
    pub(in crate::terms) fn expect_encoder(&self, encoder: &[u8; 32]) -> Result<()> {
        if array::<32>(&self.bytes, ENCODER) != *encoder {
            let reason =
                "its vectors were made by another model, or by this one in another arithmetic";
            return Err(Error::model(self.name.clone(), reason));
        }
        Ok(())
    }

    /// The rows: the sum of the squares of the numbers, and the numbers.
    pub(super) fn rows(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let rows = self.bytes[HEADER..].chunks_exact(SQUARES + self.width);
        rows.map(|row| (u32::from_le_bytes(array(row, 0)), &row[SQUARES..]))
    }
}

/// So many bytes of a header or a row, which is long enough.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}

//! Opening a file of terms: the header is checked against its hash, and every section against the file's length.

use std::ops::Range;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{
    BODY_SEAL, HEADER, LENGTH, MAGIC, SEAL, SEALED, SECTIONS, Section, VERSION, range_bits, seal,
};
use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::terms::info::TermsInfo;

/// An opened file.
#[derive(Debug)]
pub(in crate::terms) struct File {
    pub(super) bytes: Bytes,
    sections: [Range<usize>; Section::COUNT],
    /// Its base name, for errors.
    name: String,
    pub(in crate::terms) info: TermsInfo,
}

impl File {
    /// Maps a file and checks its header.
    pub(in crate::terms) fn open(path: &Path) -> Result<File> {
        let io = |error| Error::io(path, &error);
        let name = base_name(path);
        let file = std::fs::File::open(path).map_err(io)?;
        if !file.metadata().map_err(io)?.is_file() {
            return Err(Error::model(name, "it is no file"));
        }
        if file.metadata().map_err(io)?.len() < HEADER as u64 {
            return Err(Error::corrupt(name, "it is too short for an index of names"));
        }
        File::read(Bytes::map(&file).map_err(io)?, name)
    }

    /// Reads the header.
    pub(super) fn read(bytes: Bytes, name: String) -> Result<File> {
        let corrupt = |reason: &str| Error::corrupt(name.clone(), reason);
        let header = bytes.get(..HEADER).ok_or_else(|| corrupt("it is too short"))?;
        if !header.starts_with(&MAGIC) {
            return Err(corrupt("it is no index of names"));
        }
        let version = u32::from_le_bytes(array(header, MAGIC.len()));
        if version != VERSION {
            return Err(Error::Unsupported(format!(
                "{name} has version {version} of the format of indices; this library reads version {VERSION}"
            )));
        }
        // Four bytes that nothing uses are not under the seal.
        let unused = &header[MAGIC.len() + 4..SEAL];
        if unused.iter().any(|&byte| byte != 0)
            || seal(&header[SEALED..]) != array::<32>(header, SEAL)
        {
            return Err(corrupt("its header does not match its hash"));
        }
        if u64::from_le_bytes(array(header, LENGTH)) != bytes.len() as u64 {
            return Err(corrupt("it does not have the length that its header says"));
        }
        let sections = std::array::from_fn(|index| {
            let number = |at| u64::from_le_bytes(array(header, SECTIONS + 16 * index + at));
            let range = usize::try_from(number(0)).ok().zip(usize::try_from(number(8)).ok());
            range.and_then(|(start, length)| Some(start..start.checked_add(length)?))
        });
        let sections: [Option<Range<usize>>; Section::COUNT] = sections;
        let inside = |range: &Range<usize>| range.start >= HEADER && range.end <= bytes.len();
        if !sections.iter().all(|range| range.as_ref().is_some_and(inside)) {
            return Err(corrupt("a section lies outside of it"));
        }
        let sections = sections.map(Option::unwrap_or_default);
        let info = serde_json::from_slice(&bytes[sections[Section::Info as usize].clone()]);
        let info = info.map_err(|_| corrupt("what it says of itself is not readable"))?;
        let file = File { bytes, sections, name, info };
        file.check_tables()?;
        Ok(file)
    }

    /// Whether all tables have whole records, and ranges that fit them.
    fn check_tables(&self) -> Result<()> {
        use Section::*;
        for (rows, ranges) in [
            (Concepts, None),
            (Names, Some(NameRanges)),
            (Orders, Some(OrderRanges)),
            (Words, Some(WordRanges)),
            (Trigrams, Some(TrigramRanges)),
            (Contexts, None),
            (ContextNames, None),
        ] {
            let whole =
                |section: Section| self.section(section).len().is_multiple_of(section.record());
            let fits = ranges.is_none_or(|ranges| {
                whole(ranges) && self.rows(ranges) == (1 << range_bits(self.rows(rows))) + 1
            });
            if !whole(rows) || !fits || u32::try_from(self.rows(rows)).is_err() {
                return Err(self.corrupt("the sizes of its tables do not fit together"));
            }
        }
        let contexts = self.rows(Contexts);
        if contexts != 0 && contexts != self.rows(Names) {
            return Err(self.corrupt("the sizes of its tables do not fit together"));
        }
        Ok(())
    }

    /// Compares all bytes with the hash in the header.
    pub(in crate::terms) fn verify(&self) -> Result<()> {
        let expected = array::<32>(&self.bytes, BODY_SEAL);
        if <[u8; 32]>::from(Sha256::digest(&self.bytes[HEADER..])) != expected {
            return Err(self.corrupt("it does not match its hash"));
        }
        Ok(())
    }

    /// The hash of the header, which has that of all else in it: it names the file's content.
    pub(in crate::terms) fn seal(&self) -> [u8; 32] {
        array(&self.bytes, SEAL)
    }

    /// Bytes of the file.
    pub(in crate::terms) fn size(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        &self.bytes[self.sections[section as usize].clone()]
    }

    /// How many records a section has.
    pub(super) fn rows(&self, section: Section) -> usize {
        self.sections[section as usize].len() / section.record()
    }

    fn corrupt(&self, reason: &str) -> Error {
        Error::corrupt(self.name.clone(), reason)
    }
}

/// So many bytes of a header, which is long enough.
fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[at..at + N]);
    array
}

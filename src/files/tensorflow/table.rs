//! The index of a TensorFlow checkpoint: a sorted table as LevelDB writes it (its `doc/table_format.md`).

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::files::tensorflow::crc;

/// The last bytes of a table: two places of blocks, padding, a magic number.
const FOOTER: usize = 48;
const MAGIC: u64 = 0xDB47_7524_8B80_FB57;
/// How many times the length of a block its keys may have in all.
const KEYS: usize = 16;
/// What follows a block: its compression, and a checksum of both.
const TRAILER: usize = 5;

/// Keys and values of a table.
pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let damaged = |what: &str| Error::corrupt(file, format!("not a whole index: {what}"));
    let footer = bytes.len().checked_sub(FOOTER).map(|at| &bytes[at..]);
    let footer = footer.ok_or_else(|| damaged("it is too short"))?;
    if footer[FOOTER - 8..] != MAGIC.to_le_bytes() {
        return Err(Error::corrupt(file, "not the index of a TensorFlow checkpoint"));
    }
    let mut places = Cursor(footer);
    let place = places.place().and_then(|_meta| places.place());
    let index = place.and_then(|place| block(bytes, place)).ok_or_else(|| damaged("its blocks"))?;
    let mut entries = BTreeMap::new();
    // Blocks lie one after the other: all of them are no longer than the file.
    let mut left = bytes.len();
    for (_, place) in records(index).ok_or_else(|| damaged("the block of places"))? {
        let place = Cursor(&place).place();
        let fits = place.and_then(|(_, size)| left.checked_sub(size));
        left = fits.ok_or_else(|| damaged("its blocks"))?;
        let block = place.and_then(|place| block(bytes, place));
        let found = block.and_then(records).ok_or_else(|| damaged("a block of entries"))?;
        entries.extend(found);
    }
    Ok(entries)
}

/// The contents of an uncompressed block whose checksum is right.
fn block(bytes: &[u8], (offset, size): (usize, usize)) -> Option<&[u8]> {
    let end = offset.checked_add(size)?;
    let whole = bytes.get(offset..end.checked_add(TRAILER)?)?;
    let (sealed, sum) = whole.split_at(size + 1);
    let is_right = crc::masked(sealed).to_le_bytes() == sum;
    (is_right && sealed[size] == 0).then(|| &sealed[..size])
}

/// Keys and values of a block. Keys leave out what they share with the one before.
fn records(block: &[u8]) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let (rest, count) = block.split_last_chunk()?;
    let restarts = (u32::from_le_bytes(*count) as usize).checked_mul(4)?;
    let mut entries = Cursor(&rest[..rest.len().checked_sub(restarts)?]);
    let mut records: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    // What is shared costs nothing in the file: keys that grew without end would be far longer than the block.
    let mut room = block.len().saturating_mul(KEYS) + (64 << 10);
    while !entries.0.is_empty() {
        let (shared, own, size) = (entries.number()?, entries.number()?, entries.number()?);
        room = room.checked_sub(shared)?;
        let before = records.last().map_or(&[][..], |(key, _)| key);
        let mut key = before.get(..shared)?.to_vec();
        key.extend(entries.take(own)?);
        records.push((key, entries.take(size)?.to_vec()));
    }
    Some(records)
}

/// Reads from the front; `None` where there is too little.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// Seven bits a byte, the lowest first.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte < 0x80 {
                return number.try_into().ok();
            }
        }
        None
    }

    /// Where a block is: offset and size.
    fn place(&mut self) -> Option<(usize, usize)> {
        Some((self.number()?, self.number()?))
    }
}

//! The zip form, since PyTorch 1.6: `NAME/data.pkl` is the object, `NAME/data/KEY` the storages.

use std::collections::BTreeMap;
use std::ops::Range;

use rawzip::{CompressionMethod, ZipArchive};

use crate::error::{Error, Result};
use crate::files::torch::pickle::Unpickler;
use crate::files::torch::state::{self, Storages};
use crate::files::torch::tensor::TorchTensor;

/// Entries beyond this many are refused: a checkpoint has one per storage and a handful more.
const MAX_ENTRIES: usize = 100_000;

pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, TorchTensor>> {
    let mut entries = entries(file, bytes)?;
    if let Some(order) = entries.remove("byteorder")
        && &bytes[order] != b"little"
    {
        return Err(Error::Unsupported(format!("{file}: its numbers are not little-endian")));
    }
    let Some(data) = entries.remove("data.pkl") else {
        return Err(Error::corrupt(file, "a zip archive, but no PyTorch checkpoint"));
    };
    let key = |(name, range): (String, _)| Some((name.strip_prefix("data/")?.to_string(), range));
    let storages = entries.into_iter().filter_map(key).collect::<Storages>();
    let mut pickle = Unpickler::new(file, &bytes[data]);
    let root = pickle.load()?;
    state::tensors(file, &pickle, root, &storages)
}

/// Where the entries that we read lie in the file, by name. All are whole, and none is compressed:
/// so none is larger than the file.
fn entries(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, Range<usize>>> {
    let corrupt = |reason: &str| Error::corrupt(file, reason);
    let damaged = |_| corrupt("not a whole zip archive");
    let archive = ZipArchive::from_slice(bytes).map_err(damaged)?;
    let mut found = BTreeMap::new();
    let mut prefix = None;
    for (index, entry) in archive.entries().enumerate() {
        if index == MAX_ENTRIES {
            return Err(Error::Unsupported(format!("{file}: more than {MAX_ENTRIES} entries")));
        }
        let entry = entry.map_err(damaged)?;
        let path = entry.file_path().as_bytes();
        // PyTorch takes the name of the archive from its first entry too.
        let prefix = prefix.get_or_insert_with(|| archive_name(path));
        let Some(name) = path.strip_prefix(prefix.as_slice()).and_then(needed) else { continue };
        if entry.compression_method() != CompressionMethod::STORE {
            let reason = "compressed entries, PyTorch writes none";
            return Err(Error::Unsupported(format!("{file}: {reason}")));
        }
        let entry = archive.get_entry(entry.wayfinder()).map_err(damaged)?;
        let (data, claim) = (entry.data(), entry.claim_verifier());
        // The archive bears every range out: it made `data` of it.
        let start = entry.compressed_data_range().0 as usize;
        if found.insert(name.to_string(), (start..start + data.len(), claim)).is_some() {
            return Err(corrupt("two entries of one name"));
        }
        if claim.uncompressed_size != data.len() as u64 {
            return Err(corrupt("an entry has two lengths"));
        }
    }
    // Before the checksums: entries on top of each other could make a small file a lot of work.
    if overlap(found.values().map(|(range, _)| range)) {
        return Err(corrupt("two entries overlap"));
    }
    for (range, claim) in found.values() {
        // Zero stands for a checksum that was not computed (`torch.serialization.set_crc32_options`).
        if claim.crc != 0 && claim.crc != rawzip::crc32(&bytes[range.clone()]) {
            return Err(corrupt("an entry's checksum is wrong"));
        }
    }
    Ok(found.into_iter().map(|(name, (range, _))| (name, range)).collect())
}

/// The first component of a path, with its slash.
fn archive_name(path: &[u8]) -> Vec<u8> {
    let slash = path.iter().position(|&byte| byte == b'/');
    slash.map_or_else(Vec::new, |slash| path[..=slash].to_vec())
}

/// The name of an entry, if it is one that we read.
fn needed(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    (name == "data.pkl" || name == "byteorder" || name.starts_with("data/")).then_some(name)
}

fn overlap<'a>(ranges: impl Iterator<Item = &'a Range<usize>>) -> bool {
    let mut ranges = ranges.map(|range| (range.start, range.end)).collect::<Vec<_>>();
    ranges.sort_unstable();
    ranges.windows(2).any(|pair| pair[1].0 < pair[0].1)
}

//! The form before PyTorch 1.6: five pickles in a row, a magic number, the version of the form, the
//! machine, the object and the keys of the storages, and then the storages themselves.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::files::torch::pickle::Unpickler;
use crate::files::torch::state::{self, Storages};
use crate::files::torch::tensor::TorchTensor;
use crate::files::torch::value::{Storage, Value};

/// How the pickle of 0x1950a86a20f9469cfc6c ends, whatever its protocol.
const MAGIC: &[u8] = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";
const VERSION: i64 = 1001;

pub(super) fn parse(file: &str, bytes: &[u8]) -> Result<BTreeMap<String, TorchTensor>> {
    let mut pickle = Unpickler::new(file, bytes);
    pickle.load()?;
    if !bytes[..pickle.position()].ends_with(MAGIC) {
        return Err(Error::corrupt(file, "a pickle, but no PyTorch checkpoint"));
    }
    let version = pickle.load()?;
    if !matches!(pickle.value(version), Value::Int(VERSION)) {
        return Err(Error::Unsupported(format!("{file}: a version of the form that is not known")));
    }
    let machine = pickle.load()?;
    if !matches!(pickle.item(machine, "little_endian"), Some(Value::Bool(true))) {
        return Err(Error::Unsupported(format!("{file}: its numbers are not little-endian")));
    }
    let root = pickle.load()?;
    let keys = pickle.load()?;
    let storages = storages(file, bytes, &pickle, pickle.value(keys))?;
    state::tensors(file, &pickle, root, &storages)
}

/// The storages follow the pickles in the order of their keys. Each begins with its number of
/// elements; what an element takes, only the object says.
fn storages(
    file: &str,
    bytes: &[u8],
    pickle: &Unpickler<'_>,
    keys: &Value<'_>,
) -> Result<Storages> {
    let Value::List(keys) = keys else {
        return Err(Error::corrupt(file, "no list of its storages"));
    };
    let known = pickle.storages().map(|storage| (storage.key, storage)).collect::<BTreeMap<_, _>>();
    let mut storages = Storages::new();
    let mut at = pickle.position();
    for &key in keys {
        let storage = match pickle.value(key) {
            Value::Text(key) => known.get(key),
            _ => None,
        };
        let Some(storage) = storage else {
            return Err(Error::corrupt(file, "a storage that no tensor mentions"));
        };
        let Some(len) = length(&bytes[at..], storage) else {
            return Err(Error::corrupt(file, "a storage is cut short or has two lengths"));
        };
        let start = at + size_of::<u64>();
        at = start + len;
        if storages.insert(storage.key.to_string(), start..at).is_some() {
            return Err(Error::corrupt(file, "a storage is there twice"));
        }
    }
    if at != bytes.len() {
        return Err(Error::corrupt(file, "something follows its last storage"));
    }
    Ok(storages)
}

/// The bytes of the storage at the start of `rest`, if it is there and as long as the object says.
fn length(rest: &[u8], storage: &Storage<'_>) -> Option<usize> {
    let (count, rest) = rest.split_first_chunk()?;
    let bytes = storage.bytes().filter(|&bytes| bytes <= rest.len())?;
    (u64::from_le_bytes(*count) == storage.elements as u64).then_some(bytes)
}

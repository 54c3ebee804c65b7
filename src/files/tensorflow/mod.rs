//! A TensorFlow 1 checkpoint, as Google's BERT and the first BioBERT were published: `model.ckpt-N.index`,
//! which says where each tensor lies, and `model.ckpt-N.data-00000-of-00001` with the values. Tensors
//! go by the names that PyTorch has for them. Nothing in the files is run.

mod crc;
mod names;
mod table;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use half::{bf16, f16};
use prost::Message;

use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::files::read::{Loading, load, read_file};
use crate::files::tensorflow::names::tensorflow_name;
use crate::state_dict::{StateDict, expect_shape, finite, present};

/// What an index says of the whole (`BundleHeaderProto`).
#[derive(Clone, PartialEq, Message)]
struct Header {
    #[prost(int32, tag = "1")]
    shards: i32,
    /// 0: the lowest byte first.
    #[prost(int32, tag = "2")]
    endianness: i32,
}

/// Where a tensor lies (`BundleEntryProto`).
#[derive(Clone, PartialEq, Message)]
struct Entry {
    #[prost(int32, tag = "1")]
    dtype: i32,
    #[prost(message, optional, tag = "2")]
    shape: Option<Shape>,
    #[prost(int32, tag = "3")]
    shard: i32,
    #[prost(int64, tag = "4")]
    offset: i64,
    #[prost(int64, tag = "5")]
    size: i64,
    #[prost(fixed32, tag = "6")]
    checksum: u32,
    /// A tensor in parts has its parts elsewhere.
    #[prost(bytes = "vec", repeated, tag = "7")]
    slices: Vec<Vec<u8>>,
}

#[derive(Clone, PartialEq, Message)]
struct Shape {
    #[prost(message, repeated, tag = "2")]
    dimensions: Vec<Dimension>,
}

#[derive(Clone, PartialEq, Message)]
struct Dimension {
    #[prost(int64, tag = "1")]
    size: i64,
}

/// Numbers of `tensorflow.DataType`.
const FLOAT: i32 = 1;
const DOUBLE: i32 = 2;
const BFLOAT16: i32 = 14;
const HALF: i32 = 19;

/// More files than any checkpoint has.
const MOST_SHARDS: i32 = 1000;

/// The `.index` file that a path means: itself, or what a prefix such as `model.ckpt-100` stands for.
pub(crate) fn named_index(path: &Path) -> Option<PathBuf> {
    let is_index = path.extension().is_some_and(|extension| extension == "index");
    if is_index && path.is_file() {
        return Some(path.into());
    }
    let with_end = path.with_added_extension("index");
    (!path.exists() && with_end.is_file()).then_some(with_end)
}

/// The checkpoint of a directory: the only one, or the one that its file `checkpoint` calls the latest.
pub(crate) fn find(directory: &Path) -> Result<Option<PathBuf>> {
    let io = |error| Error::io(directory, &error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(io)? {
        found.extend(named_index(&entry.map_err(io)?.path()));
    }
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let latest = read_file(&directory.join("checkpoint")).unwrap_or_default();
    let latest = String::from_utf8_lossy(&latest);
    let latest = latest.lines().find_map(|line| line.strip_prefix("model_checkpoint_path:"));
    let latest =
        latest.map(|name| format!("{}.index", base_name(Path::new(name.trim().trim_matches('"')))));
    let is_latest = |path: &PathBuf| latest.as_ref() == Some(&base_name(path));
    let chosen = found.iter().position(is_latest).map(|at| found.swap_remove(at));
    chosen.map(Some).ok_or_else(|| {
        let reason = format!("{} TensorFlow checkpoints; name one by its .index file", found.len());
        Error::model(base_name(directory), reason)
    })
}

/// A checkpoint that is open.
pub(crate) struct Checkpoint {
    index: String,
    entries: BTreeMap<String, Entry>,
    /// By shard: name and contents.
    files: Vec<(String, Bytes)>,
}

impl Checkpoint {
    /// Opens the checkpoint with this `.index` file.
    pub(crate) fn open(index: &Path, loading: Loading) -> Result<Checkpoint> {
        let name = base_name(index);
        let mut table = table::parse(&name, &read_file(index)?)?;
        let damaged = |what: &str| Error::corrupt(&name, format!("not a whole index: {what}"));
        let header = table.remove(&b""[..]).and_then(|bytes| Header::decode(&*bytes).ok());
        let header = header.ok_or_else(|| damaged("it has no header"))?;
        if header.endianness != 0 || !(1..=MOST_SHARDS).contains(&header.shards) {
            return Err(Error::Unsupported(format!(
                "{name}: only 1 to {MOST_SHARDS} files of little-endian numbers are read"
            )));
        }
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let entry = String::from_utf8(key).ok().zip(Entry::decode(&*value).ok());
            entries.extend([entry.ok_or_else(|| damaged("an entry"))?]);
        }
        let stem = name.strip_suffix(".index").unwrap_or(&name);
        let file = |shard| {
            let name = format!("{stem}.data-{shard:05}-of-{:05}", header.shards);
            let bytes = load(&index.with_file_name(&name), loading)?;
            Ok((name, bytes))
        };
        let files = (0..header.shards).map(file).collect::<Result<_>>()?;
        Ok(Checkpoint { index: name, entries, files })
    }

    /// The layer of a fine-tuned checkpoint, and its outputs. An encoder of pre-training has none.
    pub(crate) fn output_layer(&self) -> Option<(&str, usize)> {
        let is_one = |(name, _): &(&String, &Entry)| {
            let of_pre_training =
                name.starts_with("cls/predictions/") || name.starts_with("cls/seq_relationship/");
            name.rsplit('/').next() == Some("output_weights") && !of_pre_training
        };
        let (name, entry) = self.entries.iter().find(is_one)?;
        Some((name, entry.shape()?.first().copied().unwrap_or(0)))
    }

    /// Names and contents of its files.
    pub(crate) fn files(&self) -> &[(String, Bytes)] {
        &self.files
    }
}

impl Entry {
    /// `None` for a shape that no memory could hold.
    fn shape(&self) -> Option<Vec<usize>> {
        let dimensions = self.shape.as_ref().map_or(&[][..], |shape| &shape.dimensions);
        dimensions.iter().map(|dimension| dimension.size.try_into().ok()).collect()
    }
}

impl StateDict for Checkpoint {
    fn file_name(&self) -> &str {
        &self.index
    }

    fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    fn own_name(&self, name: &str) -> String {
        tensorflow_name(name).0
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let (name, turns) = tensorflow_name(name);
        let mut shape = self.entries.get(&name)?.shape()?;
        if turns {
            shape.reverse();
        }
        Some(shape)
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let (own, turns) = tensorflow_name(name);
        let entry = present(&self.index, &own, self.entries.get(&own))?;
        let mut want = shape.to_vec();
        if turns {
            want.reverse();
        }
        expect_shape(&self.index, &own, &entry.shape().unwrap_or_default(), &want)?;
        let unsupported =
            |what: &str| Err(Error::Unsupported(format!("{}: {own} {what}", self.index)));
        if !entry.slices.is_empty() {
            return unsupported("is kept in slices");
        }
        let file = usize::try_from(entry.shard).ok().and_then(|shard| self.files.get(shard));
        let range = usize::try_from(entry.offset).ok().zip(usize::try_from(entry.size).ok());
        let place = file.zip(range).and_then(|((file, bytes), (offset, size))| {
            Some((file, bytes.get(offset..offset.checked_add(size)?)?))
        });
        let (file, bytes) = place
            .ok_or_else(|| Error::corrupt(&self.index, format!("{own} lies beyond its file")))?;
        if crc::masked(bytes) != entry.checksum {
            return Err(Error::corrupt(file, format!("the checksum of {own} is wrong")));
        }
        let values: Vec<f32> = match entry.dtype {
            FLOAT => bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
            DOUBLE => bytes.as_chunks().0.iter().map(|&b| f64::from_le_bytes(b) as f32).collect(),
            HALF => bytes.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
            BFLOAT16 => {
                bytes.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32()).collect()
            }
            _ => return unsupported("is no tensor of floating-point numbers"),
        };
        if values.len() != shape.iter().product::<usize>() {
            return Err(Error::corrupt(
                &self.index,
                format!("{own} has another size than its shape"),
            ));
        }
        let values = finite(file, &own, values)?;
        Ok(match *shape {
            [rows, columns] if turns => transposed(&values, rows, columns),
            _ => values,
        })
    }
}

/// `[columns, rows]` to `[rows, columns]`.
fn transposed(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..rows).flat_map(|row| (0..columns).map(move |column| values[column * rows + row])).collect()
}

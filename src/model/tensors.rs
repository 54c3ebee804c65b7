//! A safetensors file on disk: mapped or copied, validated, read tensor by tensor as f32.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use half::{bf16, f16};
use memmap2::{Mmap, MmapMut};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::{Error, Result, base_name};
use crate::model::state_dict::{expect_shape, finite, present};

/// Whether a model's files are mapped into memory or copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loading {
    /// Map them: processes share the pages. Who overwrites a mapped file in place kills the host
    /// with SIGBUS; replace models by renaming directories.
    #[default]
    Map,
    /// Read them into memory: safe whatever happens to the files afterwards.
    Copy,
}

/// Bytes that whoever needs them shares, from the start of a page on.
#[derive(Debug, Clone)]
pub(crate) struct Bytes(Option<Arc<Mmap>>);

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |map| map)
    }
}

impl Bytes {
    pub(crate) fn open(path: &Path, loading: Loading) -> Result<Bytes> {
        let io = |error: std::io::Error| Error::io(path, &error);
        let length = regular_length(path)?;
        let mut file = File::open(path).map_err(io)?;
        if loading == Loading::Copy {
            let length = usize::try_from(length).map_err(|_| io(ErrorKind::OutOfMemory.into()))?;
            return Bytes::private(length, |bytes| file.read_exact(bytes)).map_err(io);
        }
        if length == 0 {
            return Ok(Bytes(None));
        }
        Bytes::map(&file).map_err(io)
    }

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

/// The length of a file of a model; what is no regular file (a pipe or a device may have no end) is
/// refused.
pub(crate) fn regular_length(path: &Path) -> Result<u64> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, &error))?;
    if !metadata.is_file() {
        return Err(Error::corrupt(base_name(path), "not a regular file"));
    }
    Ok(metadata.len())
}

/// A whole file of a model.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>> {
    regular_length(path)?;
    std::fs::read(path).map_err(|error| Error::io(path, &error))
}

/// A file of named tensors.
#[derive(Debug, Clone)]
pub(crate) struct TensorFile {
    bytes: Bytes,
    name: String,
}

impl TensorFile {
    /// Opens a file and validates its header: sizes, no overlap, no holes, exact length.
    pub(crate) fn open(path: &Path, loading: Loading) -> Result<TensorFile> {
        TensorFile::from_bytes(&base_name(path), Bytes::open(path, loading)?)
    }

    /// The same for a file that is open already.
    pub(crate) fn from_bytes(name: &str, bytes: Bytes) -> Result<TensorFile> {
        let file = TensorFile { bytes, name: name.into() };
        file.parse()?;
        Ok(file)
    }

    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    pub(crate) fn file_name(&self) -> &str {
        &self.name
    }

    pub(crate) fn parse(&self) -> Result<SafeTensors<'_>> {
        SafeTensors::deserialize(&self.bytes).map_err(|error| {
            Error::corrupt(&self.name, format!("not a whole safetensors file: {error:?}"))
        })
    }

    /// A tensor of a shape, as f32 whatever its precision. NaN and infinity are refused.
    pub(crate) fn f32(
        &self,
        tensors: &SafeTensors<'_>,
        name: &str,
        shape: &[usize],
    ) -> Result<Vec<f32>> {
        let view = self.view(tensors, name, shape)?;
        let values = to_f32(&view).ok_or_else(|| {
            let dtype = view.dtype();
            Error::Unsupported(format!("{}: {name} is {dtype:?}, not F32, F16 or BF16", self.name))
        })?;
        finite(&self.name, name, values)
    }

    /// A tensor of a shape, whatever its type.
    pub(crate) fn view<'a>(
        &self,
        tensors: &SafeTensors<'a>,
        name: &str,
        shape: &[usize],
    ) -> Result<TensorView<'a>> {
        let view = present(&self.name, name, tensors.tensor(name).ok())?;
        expect_shape(&self.name, name, view.shape(), shape)?;
        Ok(view)
    }

    /// Where in [`bytes`](Self::bytes) a tensor of a type and shape lies.
    pub(crate) fn place(
        &self,
        tensors: &SafeTensors<'_>,
        name: &str,
        dtype: Dtype,
        shape: &[usize],
    ) -> Result<std::ops::Range<usize>> {
        let view = self.view(tensors, name, shape)?;
        if view.dtype() != dtype {
            let reason = format!("{name} is {:?}, {dtype:?} was expected", view.dtype());
            return Err(Error::model(&self.name, reason));
        }
        let start = view.data().as_ptr().addr() - self.bytes.as_ptr().addr();
        Ok(start..start + view.data().len())
    }
}

/// The values of an F32, F16 or BF16 tensor; `None` for other types.
fn to_f32(view: &TensorView<'_>) -> Option<Vec<f32>> {
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F32 => data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
        Dtype::F16 => data.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect(),
        Dtype::BF16 => {
            data.as_chunks().0.iter().map(|&b| bf16::from_le_bytes(b).to_f32()).collect()
        }
        _ => return None,
    };
    Some(values)
}

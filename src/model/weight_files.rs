//! The files of a checkpoint as PyTorch's world keeps them: one with all weights, or several with an index.

use std::path::Path;

use crate::bytes::Bytes;
use crate::error::Result;
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::shards::{Index, Shards};
use crate::files::torch::Pickled;
use crate::files::{Loading, load, read_file};
use crate::hash::sha256;
use crate::state_dict::StateDict;

/// What weights lie in, the first that is there; and whether it is an index of several files.
pub(super) const FORMS: [(&str, bool); 4] = [
    ("model.safetensors", false),
    ("model.safetensors.index.json", true),
    ("pytorch_model.bin", false),
    ("pytorch_model.bin.index.json", true),
];

/// The name of Google's file, which stands where `config.json` was not written yet.
pub(super) const GOOGLES_CONFIG: &str = "bert_config.json";

/// Whether a directory has weights as PyTorch's world keeps them.
pub(super) fn has_files(directory: &Path) -> bool {
    FORMS.iter().any(|(file, _)| directory.join(file).exists())
}

/// Whether a directory has the configuration of a checkpoint.
pub(super) fn has_config(directory: &Path) -> bool {
    ["config.json", GOOGLES_CONFIG].iter().any(|file| directory.join(file).exists())
}

/// The files of a checkpoint's weights.
pub(super) struct WeightFiles {
    /// The one file, or the index of several.
    pub(super) name: &'static str,
    index: Option<Index>,
    pub(super) files: Vec<(String, Bytes)>,
}

impl WeightFiles {
    /// Those of the first of some forms that is there.
    pub(super) fn load(
        directory: &Path,
        forms: &[(&'static str, bool)],
        loading: Loading,
    ) -> Result<WeightFiles> {
        let found = forms.iter().find(|(file, _)| directory.join(file).exists());
        // Where there is none, the first is missed.
        let &(name, is_index) = found.unwrap_or(&forms[0]);
        let index = is_index.then(|| Index::parse(name, &read_file(&directory.join(name))?));
        let index = index.transpose()?;
        let names = index.as_ref().map_or_else(|| vec![name.into()], |index| index.files.clone());
        let file = |name: String| {
            let bytes = load(&directory.join(&name), loading)?;
            Ok((name, bytes))
        };
        let files = names.into_iter().map(file).collect::<Result<_>>()?;
        Ok(WeightFiles { name, index, files })
    }

    /// What `work` makes of their tensors.
    pub(super) fn read<T>(&self, work: impl FnOnce(&dyn StateDict) -> Result<T>) -> Result<T> {
        let is_pickled = !self.name.contains(".safetensors");
        let tensors = |(name, bytes): &(String, Bytes)| TensorFile::from_bytes(name, bytes.clone());
        let safe: Vec<TensorFile> = match is_pickled {
            true => Vec::new(),
            false => self.files.iter().map(tensors).collect::<Result<_>>()?,
        };
        let mut dicts: Vec<Box<dyn StateDict + '_>> = Vec::new();
        for file in &safe {
            dicts.push(Box::new(Safetensors::new(file)?));
        }
        for (name, bytes) in self.files.iter().filter(|_| is_pickled) {
            dicts.push(Box::new(Pickled::new(name, bytes)?));
        }
        match &self.index {
            Some(index) => work(&Shards::new(self.name, index, dicts)?),
            None => work(&*dicts[0]),
        }
    }
}

/// The hash of a file; of several, that of their hashes and names as `sha256sum` prints them.
pub(super) fn sha256_of(files: &[(String, Bytes)]) -> String {
    if let [(_, bytes)] = files {
        return sha256(bytes);
    }
    let line = |(name, bytes): &(String, Bytes)| format!("{}  {name}\n", sha256(bytes));
    sha256(files.iter().map(line).collect::<String>().as_bytes())
}

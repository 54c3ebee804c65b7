//! A checkpoint directory as downloaded: `config.json`, `vocab.txt` or `tokenizer.json`, and the
//! weights in `model.safetensors` or `pytorch_model.bin`, or in several files with an index.

use std::path::{Path, PathBuf};

use crate::bytes::Bytes;
use crate::error::{Error, Result};
use crate::files::config::BertConfig;
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::shards::{Index, Shards};
use crate::files::tensorflow::{self, Checkpoint};
use crate::files::torch::Pickled;
use crate::files::vocab::Vocab;
use crate::files::{Loading, load, read_file};
use crate::hash::sha256;
use crate::model::bert;
use crate::model::purpose::{Purpose, head_name};
use crate::model::source::{BertParts, Body, ModelFormat, Origin, Source, shape_of};
use crate::state_dict::StateDict;

const PICKLED: &str = "pytorch_model.bin";

/// What weights lie in, the first that is there; and whether it is an index of several files.
const FORMS: [(&str, bool); 4] = [
    ("model.safetensors", false),
    ("model.safetensors.index.json", true),
    (PICKLED, false),
    ("pytorch_model.bin.index.json", true),
];

/// Reads a checkpoint. Its head, if it has one, is named after `name`.
///
/// `index`: the TensorFlow checkpoint that was named; without it one is looked for where there are no
/// other weights.
pub(crate) fn open(
    directory: &Path,
    name: &str,
    index: Option<PathBuf>,
    loading: Loading,
) -> Result<Source> {
    let (config_json, taken_for) = config(directory)?;
    let config = BertConfig::parse(&config_json)?;
    let purpose = Purpose::parse(&config_json)?;
    // What cannot be done is said before large files are read.
    purpose.kind()?;
    let vocab = Vocab::open(directory)?;
    let read = |dict: &dyn StateDict, purpose: &Purpose| {
        let weights = bert::encoder(dict, &config)?;
        let head = bert::head(dict, purpose, config.hidden_size, &head_name(name))?;
        let masked = bert::masked(dict, &weights, &config)?;
        Ok((weights, head, masked, dict.file_name().to_string()))
    };
    let index = match index {
        None if !has_files(directory) => tensorflow::find(directory)?,
        named => named,
    };
    let ((weights, head, masked, file), sha256) = if let Some(index) = index {
        let checkpoint = Checkpoint::open(&index, loading)?;
        let labels = index.with_file_name("labels.txt");
        let labels = labels.exists().then(|| read_file(&labels)).transpose()?;
        let labels = labels.map(|labels| String::from_utf8_lossy(&labels).into_owned());
        let purpose = match checkpoint.output_layer() {
            Some((layer, outputs)) => Purpose::of_output_layer(layer, outputs, labels.as_deref())?,
            None => purpose,
        };
        (read(&checkpoint, &purpose)?, sha256_of(checkpoint.files()))
    } else {
        let files = WeightFiles::load(directory, loading)?;
        (files.read(|dict| read(dict, &purpose))?, sha256_of(&files.files))
    };
    let reason = format!("the weights are a BERT's, from {file}{taken_for}");
    Ok(Source {
        format: ModelFormat::HuggingFace,
        shape: shape_of(&config),
        config_json,
        body: Body::Bert(BertParts { config, vocab, weights, reason }),
        heads: head.into_iter().collect(),
        bundle: None,
        origins: vec![Origin { name: name.into(), sha256 }],
        licence: None,
        default_heads: Vec::new(),
        masked,
        vectors: None,
    })
}

/// The name of Google's file, which stands where `config.json` was not written yet.
pub(crate) const GOOGLES_CONFIG: &str = "bert_config.json";

/// The configuration of a directory, and a remark where it had to be taken for a BERT's: Google's own
/// file and the oldest of Hugging Face's say no `model_type`.
pub(crate) fn config(directory: &Path) -> Result<(Vec<u8>, &'static str)> {
    let path = directory.join("config.json");
    let is_googles = !path.exists() && directory.join(GOOGLES_CONFIG).exists();
    let path = if is_googles { directory.join(GOOGLES_CONFIG) } else { path };
    let json = read_file(&path)?;
    let Ok(mut fields) = serde_json::from_slice::<serde_json::Map<_, _>>(&json) else {
        // What is wrong with it is said where it is read.
        return Ok((json, ""));
    };
    // RoBERTa and its like have one segment and other files of pieces.
    let segments = fields.get("type_vocab_size").and_then(serde_json::Value::as_u64);
    let may_be = is_googles || (segments >= Some(2) && directory.join("vocab.txt").exists());
    let is_silent = !["model_type", "architectures"].iter().any(|key| fields.contains_key(*key));
    if !(is_silent && may_be) {
        return Ok((json, ""));
    }
    fields.insert("model_type".into(), "bert".into());
    let json =
        serde_json::to_vec(&fields).map_err(|_| Error::Internal("a configuration".into()))?;
    Ok((json, "; its configuration names no model_type and was taken for a BERT's"))
}

/// Whether a directory has weights that can be read here.
pub(crate) fn has_weights(directory: &Path) -> bool {
    has_files(directory) || tensorflow::find(directory).is_ok_and(|index| index.is_some())
}

/// Whether a directory has weights as PyTorch's world keeps them.
fn has_files(directory: &Path) -> bool {
    FORMS.iter().any(|(file, _)| directory.join(file).exists())
}

/// The files of a checkpoint's weights.
struct WeightFiles {
    /// The one file, or the index of several.
    name: &'static str,
    index: Option<Index>,
    files: Vec<(String, Bytes)>,
}

impl WeightFiles {
    fn load(directory: &Path, loading: Loading) -> Result<WeightFiles> {
        let found = FORMS.into_iter().find(|(file, _)| directory.join(file).exists());
        // Where there is none, the first is missed.
        let (name, is_index) = found.unwrap_or(FORMS[0]);
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
    fn read<T>(&self, work: impl FnOnce(&dyn StateDict) -> Result<T>) -> Result<T> {
        let is_pickled = self.name.starts_with(PICKLED);
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
fn sha256_of(files: &[(String, Bytes)]) -> String {
    if let [(_, bytes)] = files {
        return sha256(bytes);
    }
    let line = |(name, bytes): &(String, Bytes)| format!("{}  {name}\n", sha256(bytes));
    sha256(files.iter().map(line).collect::<String>().as_bytes())
}

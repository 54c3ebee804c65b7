//! A checkpoint directory as downloaded: `config.json`, `vocab.txt` or `tokenizer.json`, and the
//! weights in `model.safetensors` or `pytorch_model.bin`.

use std::path::Path;

use crate::error::{Error, Result};
use crate::files::config::BertConfig;
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::torch::Pickled;
use crate::files::vocab::Vocab;
use crate::files::{Loading, load, read_file};
use crate::hash::sha256;
use crate::model::bert;
use crate::model::purpose::{Purpose, head_name};
use crate::model::source::{BertParts, Body, ModelFormat, Origin, Source, shape_of};
use crate::state_dict::StateDict;

const SAFETENSORS: &str = "model.safetensors";
const PICKLED: &str = "pytorch_model.bin";

/// Reads a checkpoint. Its head, if it has one, is named after `name`.
pub(crate) fn open(directory: &Path, name: &str, loading: Loading) -> Result<Source> {
    let config_json = read_file(&directory.join("config.json"))?;
    let config = BertConfig::parse(&config_json)?;
    let purpose = Purpose::parse(&config_json)?;
    // What cannot be done is said before large files are read.
    purpose.kind()?;
    let vocab = Vocab::open(directory)?;
    refuse_shards(directory)?;
    let read = |dict: &dyn StateDict| {
        let weights = bert::encoder(dict, &config)?;
        let head = bert::head(dict, &purpose, config.hidden_size, &head_name(name))?;
        Ok::<_, Error>((weights, head))
    };
    let pickled = !directory.join(SAFETENSORS).exists() && directory.join(PICKLED).exists();
    let file = if pickled { PICKLED } else { SAFETENSORS };
    let bytes = load(&directory.join(file), loading)?;
    let (weights, head) = if pickled {
        read(&Pickled::new(file, &bytes)?)?
    } else {
        read(&Safetensors::new(&TensorFile::from_bytes(file, bytes.clone())?)?)?
    };
    let reason = format!("the weights are a BERT's, from {file}");
    Ok(Source {
        format: ModelFormat::HuggingFace,
        shape: shape_of(&config),
        config_json,
        body: Body::Bert(BertParts { config, vocab, weights, reason }),
        heads: head.into_iter().collect(),
        bundle: None,
        origins: vec![Origin { name: name.into(), sha256: sha256(&bytes) }],
        licence: None,
        default_heads: Vec::new(),
        vectors: None,
    })
}

/// Whether a directory has weights that can be read here.
pub(crate) fn has_weights(directory: &Path) -> bool {
    [SAFETENSORS, PICKLED].iter().any(|file| directory.join(file).exists())
}

/// Weights in several files come with an index of them.
fn refuse_shards(directory: &Path) -> Result<()> {
    let index = [SAFETENSORS, PICKLED].map(|file| format!("{file}.index.json"));
    match index.iter().find(|index| directory.join(index).exists()) {
        Some(index) if !has_weights(directory) => Err(Error::Unsupported(format!(
            "{index}: weights in several files are not supported; save them as one {SAFETENSORS}"
        ))),
        _ => Ok(()),
    }
}

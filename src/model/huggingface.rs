//! A checkpoint directory as downloaded: `config.json`, `vocab.txt` or `tokenizer.json`, and the
//! weights in `model.safetensors` or `pytorch_model.bin`, or in several files with an index.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files::adapter::Adapted;
use crate::files::computation;
use crate::files::config::EncoderConfig;
use crate::files::read_file;
use crate::files::tensorflow::{self, Checkpoint};
use crate::files::vocab::Vocabulary;
use crate::model::adapter::Adapter;
use crate::model::encoder;
use crate::model::labels::Labels;
use crate::model::purpose::{Purpose, head_name};
use crate::model::source::{BertParts, Body, ModelFormat, OpenOptions, Origin, Source, shape_of};
use crate::model::unused::Recorded;
use crate::model::weight_files::{FORMS, GOOGLES_CONFIG, WeightFiles, has_files, sha256_of};
use crate::state_dict::StateDict;

/// Reads a checkpoint. Its head, if it has one, is named after `name`.
///
/// `index`: the TensorFlow checkpoint that was named; without it one is looked for where there are no
/// other weights. `adapter`: what is merged into the weights.
pub(crate) fn open(
    directory: &Path,
    name: &str,
    index: Option<PathBuf>,
    adapter: Option<&Adapter>,
    options: &OpenOptions,
) -> Result<Source> {
    let loading = options.loading;
    let (config_json, taken_for) = config(directory)?;
    let config = EncoderConfig::parse(&config_json)?;
    computation::check(&config_json)?;
    let beside = adapter.map_or(directory, |adapter| &adapter.directory);
    let labels = Labels::find(&options.labels, &[beside, directory])?;
    let mut purpose = Purpose::parse(&config_json)?;
    if let Some(adapter) = adapter {
        purpose = purpose.of_adapter(adapter.config.architecture.as_deref())?;
    }
    purpose = purpose.with_labels(labels.clone());
    // What cannot be done is said before large files are read.
    purpose.kind()?;
    let vocabulary = Vocabulary::open(directory, config.family.follows_fairseq())?;
    let read = |dict: &dyn StateDict, purpose: &Purpose| {
        let dict = Recorded::new(dict);
        let parts = encoder::encoder(&dict, &config).and_then(|weights| {
            let head = encoder::head(&dict, purpose, &config, &head_name(name))?;
            let masked = encoder::masked(&dict, &weights, &config)?;
            Ok((weights, head, masked, dict.file_name().to_string()))
        });
        dict.finish(parts)
    };
    let index = match index {
        None if !has_files(directory) && adapter.is_none() => tensorflow::find(directory)?,
        named => named,
    };
    let mut merged = String::new();
    let (((weights, head, masked, file), passed), sha256) = if let Some(index) = index {
        let checkpoint = Checkpoint::open(&index, loading)?;
        if let Some((layer, outputs)) = checkpoint.output_layer() {
            purpose = Purpose::of_output_layer(layer, outputs, labels)?;
        }
        (read(&checkpoint, &purpose)?, sha256_of(checkpoint.files()))
    } else {
        let files = WeightFiles::load(directory, &FORMS, loading)?;
        let parts = files.read(|dict| match adapter {
            None => read(dict, &purpose),
            Some(adapter) => adapter.files.read(|own| {
                let dict = Adapted::new(dict, own, &adapter.config)?;
                merged = adapter.remark(&dict);
                read(&dict, &purpose)
            }),
        })?;
        let all = files.files.into_iter().chain(adapter.into_iter().flat_map(Adapter::files));
        (parts, sha256_of(&all.collect::<Vec<_>>()))
    };
    let family = config.family.a_name();
    let reason = format!("the weights are {family}'s, from {file}{merged}{taken_for}");
    Ok(Source {
        format: ModelFormat::HuggingFace,
        shape: shape_of(&config),
        config_json,
        body: Body::Bert(BertParts { config, vocabulary, weights, reason }),
        heads: head.into_iter().collect(),
        bundle: None,
        origins: vec![Origin { name: name.into(), sha256 }],
        licence: None,
        default_heads: Vec::new(),
        masked,
        vectors: None,
        notes: purpose.note().into_iter().collect(),
        passed_over: passed,
    })
}

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

//! Where a model comes from: a bundle, a Hugging Face directory, or an encoder directory with a
//! directory of heads beside it.

use std::path::Path;

use crate::engine::{Engine, Shape};
use crate::error::{Error, Result, base_name};
use crate::files::config::EncoderConfig;
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::tensorflow::named_index;
use crate::files::{Loading, read_file};
use crate::heads::{Head, HeadSpec, Weights};
use crate::model::adapter::{self, Adapter};
use crate::model::source::{OpenOptions, Source};
use crate::model::weight_files::has_config;
use crate::model::{bundle, huggingface, onnx, sentence_transformers};

/// A directory with `config.json`: by its weights, or by its graph where it has no others that can
/// be read.
///
/// `modules`: where `modules.json` may lie, which is the directory itself or the one that it is in.
fn checkpoint(
    engine: &Engine,
    directory: &Path,
    modules: &Path,
    name: &str,
    options: &OpenOptions,
) -> Result<Source> {
    if adapter::is_there(directory) {
        let adapter = Adapter::open(directory, options.loading)?;
        let base = adapter.base()?;
        let mut source = huggingface::open(&base, name, None, Some(&adapter), options)?;
        source.vectors = sentence_transformers::vectors(modules, directory, source.shape)
            .or_else(|| sentence_transformers::vectors(&base, &base, source.shape));
        return Ok(source);
    }
    let runs_fast = || {
        let (config, _) = huggingface::config(directory)?;
        Ok::<_, Error>(EncoderConfig::parse(&config).is_ok())
    };
    let graphs = onnx::find(directory);
    let mut source = if graphs.is_empty() || (huggingface::has_weights(directory) && runs_fast()?) {
        huggingface::open(directory, name, None, None, options)
    } else {
        onnx::open(engine, directory, modules, &graphs, name, options)
    }?;
    // A graph may give vectors itself.
    if source.vectors.is_none() {
        source.vectors = sentence_transformers::vectors(modules, directory, source.shape);
    }
    Ok(source)
}

/// Whether a directory has a checkpoint or an adapter.
fn is_checkpoint(directory: &Path) -> bool {
    has_config(directory) || adapter::is_there(directory)
}

/// Reads whatever kind of model lies in a directory, or the TensorFlow checkpoint that is named by its
/// prefix or its `.index` file.
pub(crate) fn read(engine: &Engine, directory: &Path, options: &OpenOptions) -> Result<Source> {
    let name = base_name(directory);
    if let Some(index) = named_index(directory) {
        let directory = index.parent().unwrap_or(Path::new("")).to_path_buf();
        let source = huggingface::open(&directory, &name, Some(index), None, options)?;
        source.check()?;
        return Ok(source);
    }
    if !directory.exists() {
        return Err(Error::NotFound(format!("{name} does not exist")));
    }
    if !directory.is_dir() {
        return Err(Error::Argument(format!("{name} is a file; a model is a directory")));
    }
    let source = if directory.join(bundle::MANIFEST).exists() {
        if !options.labels.is_empty() {
            let reason =
                "labels name the outputs of a checkpoint's head; those of a bundle have names";
            return Err(Error::Argument(reason.into()));
        }
        bundle::open(directory, options.integrity, options.loading)?
    } else if is_checkpoint(directory) {
        checkpoint(engine, directory, directory, &name, options)?
    } else if is_checkpoint(&directory.join("encoder")) {
        let encoder = directory.join("encoder");
        let mut source = checkpoint(engine, &encoder, &encoder, &name, options)?;
        source.add_heads(&directory.join("heads"))?;
        source
    } else if let Some(transformer) = sentence_transformers::transformer(directory) {
        checkpoint(engine, &transformer, directory, &name, options)?
    } else {
        let reason =
            format!("{name} holds neither MANIFEST.json (a bundle) nor config.json (a checkpoint)");
        return Err(Error::NotFound(reason));
    };
    source.check()?;
    Ok(source)
}

/// Reads `<name>.json` and `<name>.safetensors` from a directory.
fn open_head(directory: &Path, name: &str, shape: Shape) -> Result<Head> {
    let json = format!("{name}.json");
    let spec = HeadSpec::parse(&json, &read_file(&directory.join(&json))?)?;
    // Small: copied whatever the model's loading is.
    let file = TensorFile::open(&directory.join(format!("{name}.safetensors")), Loading::Copy)?;
    let weights = Weights::read(&Safetensors::new(&file)?, &spec, shape)?;
    Ok(Head { name: name.into(), spec, weights })
}

impl Source {
    /// Reads every head of a directory, in the order of their names.
    fn add_heads(&mut self, directory: &Path) -> Result<()> {
        let io = |error| Error::io(directory, &error);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory).map_err(io)? {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
            }
        }
        names.sort();
        if !names.is_empty() && self.heads.iter().any(|head| matches!(head.weights, Weights::Graph))
        {
            let reason = "the encoder gives logits and no states, on which these heads could work";
            return Err(Error::model(base_name(directory), reason));
        }
        for name in names {
            self.heads.push(open_head(directory, &name, self.shape)?);
        }
        Ok(())
    }

    /// What must fit whatever the form.
    pub(crate) fn check(&self) -> Result<()> {
        let (pieces, rows) = (self.body.vocabulary().len(), self.shape.vocab_size);
        let added = self.body.vocabulary().added();
        if let Some((id, token)) = added.iter().find(|&(id, _)| id as usize >= rows) {
            let reason = format!(
                "the added token {} has the id {id}, but the word embedding has only {rows} rows",
                token.content
            );
            return Err(Error::model("added tokens", reason));
        }
        if pieces > rows {
            let reason = format!(
                "{pieces} lines, but the word embedding has only {rows} rows: this vocabulary belongs to another model"
            );
            return Err(Error::model(self.body.vocabulary().file_name(), reason));
        }
        for (at, name) in self.default_heads.iter().enumerate() {
            let refuse = |reason| Err(Error::model("default_heads", format!("{name} {reason}")));
            if !self.heads.iter().any(|head| *head.name == **name) {
                return refuse("is no head of the model");
            }
            if self.default_heads[..at].contains(name) {
                return refuse("is there twice");
            }
        }
        for head in &self.heads {
            let limit = self.shape.max_tokens;
            let refuse = |reason| Err(Error::model(format!("{}.json", head.name), reason));
            if let Some(tokens) =
                head.spec.max_tokens.filter(|tokens| !(8..=limit).contains(tokens))
            {
                return refuse(format!("max_tokens is {tokens}, the encoder takes 8 to {limit}"));
            }
            let (capacity, step) = head.spec.windows(limit);
            if !(1..=capacity).contains(&step) {
                return refuse(format!("window_step is {step}, a window holds {capacity} pieces"));
            }
        }
        let mut names: Vec<&str> = self.heads.iter().map(|head| &*head.name).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => {
                Err(Error::model(format!("{}.json", pair[0]), "two heads have this name"))
            }
            None => Ok(()),
        }
    }
}

//! A head that was trained on the device, in its own two files: `head.json` says what it is,
//! `head.safetensors` has its weights.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::{Loading, read_file};
use crate::heads::{Head, HeadSpec, Weights, is_head_name};
use crate::model::Model;

const JSON: &str = "head.json";
const TENSORS: &str = "head.safetensors";

/// A head by itself, to be used with the encoder that it was trained on. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HeadFile {
    name: Arc<str>,
    spec: Arc<HeadSpec>,
    tensors: TensorFile,
}

impl HeadFile {
    /// A head of a name with the bytes of its safetensors file.
    pub(crate) fn new(name: &str, spec: HeadSpec, tensors: &[u8]) -> Result<HeadFile> {
        let copy = |out: &mut [u8]| {
            out.copy_from_slice(tensors);
            Ok(())
        };
        let bytes = Bytes::private(tensors.len(), copy)
            .map_err(|error| Error::io(Path::new(TENSORS), &error))?;
        let tensors = TensorFile::from_bytes(TENSORS, bytes)?;
        Ok(HeadFile { name: name.into(), spec: spec.into(), tensors })
    }

    /// Reads a directory with `head.json` and `head.safetensors`. The head is called as the directory.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Corrupt`] or [`Error::Model`] say what is wrong and in which file.
    pub fn open(directory: &Path) -> Result<HeadFile> {
        let spec = HeadSpec::parse(JSON, &read_file(&directory.join(JSON))?)?;
        // Small: copied, so that it may be replaced at any time.
        let tensors = TensorFile::open(&directory.join(TENSORS), Loading::Copy)?;
        Ok(HeadFile { name: base_name(directory).into(), spec: spec.into(), tensors })
    }

    /// Writes the two files into a directory, which is made if need be. A head that was there is
    /// replaced.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(&self, directory: &Path) -> Result<()> {
        let io = |error| Error::io(directory, &error);
        std::fs::create_dir_all(directory).map_err(io)?;
        let mut json = serde_json::to_vec_pretty(&*self.spec)
            .map_err(|_| Error::Internal("a specification".into()))?;
        json.push(b'\n');
        // The JSON names the head's place: it comes last, so that half a head is none.
        for (name, bytes) in [(TENSORS, &self.tensors.bytes()[..]), (JSON, &json)] {
            let mut file = tempfile::NamedTempFile::new_in(directory).map_err(io)?;
            file.write_all(bytes).map_err(io)?;
            file.as_file().sync_all().map_err(io)?;
            file.persist(directory.join(name)).map_err(|error| io(error.error))?;
        }
        Ok(())
    }

    /// Its name: that of its directory.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its outputs mean.
    pub fn spec(&self) -> &HeadSpec {
        &self.spec
    }

    /// The head, ready to run on a model under a name.
    pub(crate) fn head(&self, model: &Model, name: &str) -> Result<Head> {
        if let Some(sha256) = model.encoder_sha256() {
            self.spec.check_encoder(JSON, sha256)?;
        }
        if self
            .spec
            .provenance
            .tokenizer_sha256
            .as_deref()
            .is_some_and(|own| !model.tokenizer().is(own))
        {
            return Err(Error::model(JSON, "the head belongs to another tokenizer"));
        }
        let weights = Weights::read(&Safetensors::new(&self.tensors)?, &self.spec, model.shape())?;
        Ok(Head { name: name.into(), spec: (*self.spec).clone(), weights })
    }
}

impl Model {
    /// This model with one more head, under a name or its own. Encoder and tokenizer are shared; this
    /// model stays as it is.
    ///
    /// # Errors
    /// [`Error::Model`] for a head of another encoder or tokenizer; [`Error::Argument`] for a name that
    /// is taken or cannot be a head's; [`Error::Unsupported`] for a model that gives no states.
    pub fn with_head(&self, head: &HeadFile, name: Option<&str>) -> Result<Model> {
        let _env = biobert_kernels::FloatEnv::standard();
        self.expect_states()?;
        let name = name.unwrap_or(head.name());
        if !is_head_name(name) {
            return Err(Error::Argument(
                "not a valid head name: use up to 64 letters, digits, \"-\", \"_\" and \".\""
                    .into(),
            ));
        }
        if self.heads().any(|(taken, _)| taken == name) {
            return Err(Error::Argument("the model already has a head of this name".into()));
        }
        let head = Arc::new(head.head(self, name)?);
        // Where the model has chosen heads for the task, this one joins them.
        let chosen = self.heads_for(head.spec.task(), &[]).unwrap_or_default();
        let joins = chosen.iter().any(|head| self.default_heads.iter().any(|d| **d == *head.name));
        let default_heads = self.default_heads.iter().cloned();
        let default_heads = default_heads.chain(joins.then(|| name.to_string())).collect();
        let heads = self.heads.iter().cloned().chain([head]).collect();
        Ok(Model { shared: self.shared.clone(), heads, default_heads })
    }
}

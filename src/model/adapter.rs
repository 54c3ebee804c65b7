//! A LoRA adapter of `peft`, `adapter_config.json` and `adapter_model.safetensors`, and where its base lies: in the
//! same directory, in one inside it, or where the adapter says, if that is a directory of this machine.

use std::path::{Path, PathBuf};

use crate::bytes::Bytes;
use crate::error::{Error, Result, base_name};
use crate::files::adapter::{Adapted, AdapterConfig};
use crate::files::vocab::Vocabulary;
use crate::files::{Loading, read_file};
use crate::model::weight_files::{WeightFiles, has_config, has_files};

use crate::files::adapter::CONFIG;

/// What its tensors lie in, the first that is there.
const FORMS: [(&str, bool); 2] =
    [("adapter_model.safetensors", false), ("adapter_model.bin", false)];

/// An adapter as read from disk.
pub(super) struct Adapter {
    pub(super) directory: PathBuf,
    pub(super) config: AdapterConfig,
    pub(super) files: WeightFiles,
    json: Vec<u8>,
}

/// Whether a directory has an adapter.
pub(super) fn is_there(directory: &Path) -> bool {
    directory.join(CONFIG).exists()
}

impl Adapter {
    /// Reads what there is but its base.
    pub(super) fn open(directory: &Path, loading: Loading) -> Result<Adapter> {
        let json = read_file(&directory.join(CONFIG))?;
        let config = AdapterConfig::parse(&json)?;
        let files = WeightFiles::load(directory, &FORMS, loading)?;
        Ok(Adapter { directory: directory.into(), config, files, json })
    }

    /// Names and contents of all that the merged weights depend on.
    pub(super) fn files(&self) -> impl Iterator<Item = (String, Bytes)> {
        let json = Bytes::private(self.json.len(), |bytes| {
            bytes.copy_from_slice(&self.json);
            Ok(())
        });
        let json = json.ok().map(|bytes| (CONFIG.to_string(), bytes));
        json.into_iter().chain(self.files.files.iter().cloned())
    }

    /// What a description says of it.
    pub(super) fn remark(&self, merged: &Adapted<'_>) -> String {
        let changed = merged.changed();
        format!(", with the LoRA adapter {} merged into {changed} of them", self.files.name)
    }

    /// The directory of the base, which reads texts as the adapter says.
    pub(super) fn base(&self) -> Result<PathBuf> {
        let base = self.find_base()?;
        self.check_vocabulary(&base)?;
        Ok(base)
    }

    fn find_base(&self) -> Result<PathBuf> {
        if is_base(&self.directory) {
            return Ok(self.directory.clone());
        }
        let io = |error| Error::io(&self.directory, &error);
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(&self.directory).map_err(io)? {
            let path = entry.map_err(io)?.path();
            // Checkpoints of its own training are adapters again.
            if is_base(&path) && !is_there(&path) {
                inside.push(path);
            }
        }
        if inside.len() > 1 {
            let reason = format!("{} directories inside could be the adapter's base", inside.len());
            return Err(Error::model(base_name(&self.directory), reason));
        }
        let said = self.config.base.as_ref();
        let named = said
            .map(|name| self.directory.join(name))
            .filter(|path| is_base(path) && !is_there(path));
        // As `peft` understands it: from where the program runs.
        let here = said.map(PathBuf::from).filter(|path| is_base(path) && !is_there(path));
        inside.pop().or(named).or(here).ok_or_else(|| {
            let said = match said.map(|name| base_name(Path::new(name))) {
                Some(name) => format!("base_model_name_or_path ({name}) is no directory here"),
                None => "base_model_name_or_path says nothing".into(),
            };
            let reason = format!(
                "{said}, and nothing is downloaded: put the base's files beside {CONFIG} or into a directory base there"
            );
            Error::NotFound(format!("{CONFIG}: {reason}"))
        })
    }

    /// Refuses an adapter whose own vocabulary reads texts in another way than the base's.
    fn check_vocabulary(&self, base: &Path) -> Result<()> {
        let has = |file: &&str| self.directory.join(file).exists();
        if base == self.directory || !["vocab.txt", "tokenizer.json"].iter().any(has) {
            return Ok(());
        }
        // What the family says of pairs is the same for both.
        let open = |directory| Vocabulary::open(directory, false);
        match open(&self.directory)?.differs(&open(base)?) {
            None => Ok(()),
            Some(part) => {
                let reason = format!("its {part} differs from the base's");
                Err(Error::model(base_name(&self.directory), reason))
            }
        }
    }
}

/// Whether a directory is a checkpoint with weights in PyTorch's forms.
fn is_base(directory: &Path) -> bool {
    directory.is_dir() && has_config(directory) && has_files(directory)
}

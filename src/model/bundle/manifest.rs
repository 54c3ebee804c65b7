//! `MANIFEST.json`: what a bundle holds, sealed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, json_reason};
use crate::files::write::safetensors_header;
use crate::hash::sha256;
use crate::heads::{MaskedSpec, VectorSpec, expect_known};
use crate::model::bundle::MANIFEST;
use crate::model::source::Origin;

/// The content of `MANIFEST.json`. A field that is not here is refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// The lowest that knows all that is in the bundle.
    pub(crate) format_version: u32,
    /// Program and version that wrote it.
    pub(crate) creator: String,
    /// The checkpoints it was made from.
    pub(crate) source: Vec<Origin>,
    pub(crate) licence: String,
    pub(crate) model_card: String,
    /// Heads in their order.
    pub(crate) heads: Vec<String>,
    /// Those that run where a call names none; a task without one of them runs all that it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) default_heads: Vec<String>,
    /// What is to know of the masked-language head beside its tensors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) fill: Option<MaskedSpec>,
    /// How vectors are made of texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) vectors: Option<VectorSpec>,
    /// Every other file by its path in the bundle.
    pub(crate) files: BTreeMap<String, FileEntry>,
    /// SHA-256 of this file with 64 zeros in this place.
    pub(crate) seal: String,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileEntry {
    pub(crate) length: u64,
    pub(crate) sha256: String,
    /// Of a safetensors file: SHA-256 of its header, for the quick check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) header_sha256: Option<String>,
}

const NO_SEAL: &str = "0000000000000000000000000000000000000000000000000000000000000000";

impl FileEntry {
    pub(crate) fn of(path: &str, bytes: &[u8]) -> FileEntry {
        let header = path.ends_with(".safetensors").then(|| sha256(safetensors_header(bytes)));
        FileEntry { length: bytes.len() as u64, sha256: sha256(bytes), header_sha256: header }
    }
}

impl Manifest {
    /// The bytes of the file, sealed.
    pub(crate) fn seal(mut self) -> Result<Vec<u8>> {
        self.seal = NO_SEAL.into();
        let json = serde_json::to_string_pretty(&self)
            .map_err(|_| Error::Internal("the manifest could not be written".into()))?;
        let json = json + "\n";
        let seal = sha256(json.as_bytes());
        Ok(json.replace(NO_SEAL, &seal).into_bytes())
    }

    /// Reads the file and checks its seal and version.
    pub(crate) fn open(bytes: &[u8]) -> Result<Manifest> {
        let corrupt = |reason: &str| Error::corrupt(MANIFEST, reason);
        let text = std::str::from_utf8(bytes).map_err(|_| corrupt("not UTF-8"))?;
        expect_known(MANIFEST, "bundle", bytes)?;
        let manifest: Manifest = serde_json::from_str(text)
            .map_err(|error| Error::corrupt(MANIFEST, json_reason(&error)))?;
        let seal_fits = manifest.seal.len() == NO_SEAL.len()
            && text.matches(&manifest.seal).count() == 1
            && sha256(text.replace(&manifest.seal, NO_SEAL).as_bytes()) == manifest.seal;
        if !seal_fits {
            return Err(corrupt("the file was changed: its seal does not fit"));
        }
        Ok(manifest)
    }
}

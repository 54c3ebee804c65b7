//! Opening a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::bytes::Bytes;
use crate::engine::Shape;
use crate::error::{Error, Result};
use crate::files::computation;
use crate::files::config::{EncoderConfig, Family};
use crate::files::safetensors::{Safetensors, TensorFile};
use crate::files::vocab::{Vocab, Vocabulary};
use crate::files::write::safetensors_header;
use crate::files::{Loading, load, read_file, regular_length};
use crate::hash::sha256;
use crate::heads::{Head, HeadSpec, MaskedHead, VectorSpec, Vectors, Weights, is_head_name};
use crate::model::bundle::manifest::{FileEntry, Manifest};
use crate::model::bundle::{
    CONFIG, ENCODER, FILL, HEADS, MANIFEST, PROBE, SUBWORDS, TOKENIZER, VECTORS, VOCAB, encoder,
};
use crate::model::source::{
    BertParts, Body, BundleFiles, Integrity, ModelFormat, Source, shape_of,
};
use crate::state_dict::StateDict;

/// More than any manifest: a thousand files have 200 KB.
const LARGEST_MANIFEST: u64 = 4 << 20;

/// Opens a bundle. Every file is opened once, checked and then used from that same opening, so a
/// bundle that is replaced meanwhile is either seen whole or refused.
pub(crate) fn open(directory: &Path, integrity: Integrity, loading: Loading) -> Result<Source> {
    let path = directory.join(MANIFEST);
    if regular_length(&path)? > LARGEST_MANIFEST {
        return Err(Error::corrupt(MANIFEST, "too large to be a manifest"));
    }
    let manifest = Manifest::open(&read_file(&path)?)?;
    if manifest.heads.iter().collect::<BTreeSet<_>>().len() != manifest.heads.len() {
        return Err(Error::corrupt(MANIFEST, "two heads have the same name"));
    }
    let files = Files::open(directory, &manifest, integrity, loading)?;

    let config_json = files.get(CONFIG)?.to_vec();
    let config = EncoderConfig::parse(&config_json)?;
    computation::check(&config_json)?;
    if config.family != Family::Bert && manifest.format_version < 4 {
        let reason = format!("format {} knows no encoder but BERT's", manifest.format_version);
        return Err(Error::corrupt(MANIFEST, reason));
    }
    let vocabulary = files.vocabulary(manifest.format_version)?;
    let encoder_file = files.tensors(ENCODER)?;
    let weights = encoder::weights(&encoder_file, &config, integrity)?;
    let encoder_sha256 = &manifest.files[ENCODER].sha256;
    let mut heads = Vec::with_capacity(manifest.heads.len());
    for name in &manifest.heads {
        heads.push(files.head(name, shape_of(&config), encoder_sha256)?);
    }
    let masked = manifest.fill.map(|spec| {
        let dict = files.tensors(FILL)?;
        let words = &weights.embeddings.word;
        MaskedHead::read(spec, &Safetensors::new(&dict)?, config.hidden_size, words)
    });
    let masked = masked.transpose()?;
    let vectors = manifest.vectors.map(|spec| files.vectors(spec, shape_of(&config)));
    let encoder_sha256 = encoder_sha256.clone();
    let (probe, seal) = (files.tensors(PROBE)?, manifest.seal);
    let bundle = BundleFiles { seal, encoder_sha256, probe, encoder: encoder_file };
    let reason = format!("a bundle holds {}", config.family.a_name());
    Ok(Source {
        notes: Vec::new(),
        passed_over: Vec::new(),
        format: ModelFormat::Bundle,
        shape: shape_of(&config),
        config_json,
        body: Body::Bert(BertParts { config, vocabulary, weights, reason }),
        heads,
        bundle: Some(bundle),
        origins: manifest.source,
        licence: Some(manifest.licence),
        default_heads: manifest.default_heads,
        masked,
        vectors: vectors.transpose()?.map(Ok),
    })
}

/// The checked files of a bundle.
struct Files(BTreeMap<String, Bytes>);

impl Files {
    fn open(
        directory: &Path,
        manifest: &Manifest,
        integrity: Integrity,
        loading: Loading,
    ) -> Result<Files> {
        let mut files = BTreeMap::new();
        for (name, entry) in &manifest.files {
            if !is_plain(name) {
                return Err(Error::corrupt(MANIFEST, "a file name leads out of the bundle"));
            }
            let path = directory.join(name);
            check_length(name, entry, regular_length(&path)?)?;
            let bytes = load(&path, loading)?;
            check(name, entry, &bytes, integrity)?;
            files.insert(name.clone(), bytes);
        }
        Ok(Files(files))
    }

    fn get(&self, name: &str) -> Result<&Bytes> {
        self.0.get(name).ok_or_else(|| Error::corrupt(MANIFEST, format!("{name} is not listed")))
    }

    fn tensors(&self, name: &str) -> Result<TensorFile> {
        TensorFile::from_bytes(name, self.get(name)?.clone())
    }

    /// Before version 4 there was WordPiece alone, and files beside it meant nothing.
    fn vocabulary(&self, version: u32) -> Result<Vocabulary> {
        let (knows_all, config) = (version >= 4, self.get(TOKENIZER)?);
        if knows_all && !self.0.contains_key(VOCAB) {
            return Vocabulary::of_subwords(self.get(SUBWORDS)?, config);
        }
        Ok(Vocabulary::WordPiece(Vocab::of_bundle(self.get(VOCAB)?, config, knows_all)?))
    }

    fn head(&self, name: &str, shape: Shape, encoder_sha256: &str) -> Result<Head> {
        if !is_head_name(name) {
            return Err(Error::corrupt(MANIFEST, "a head has an impossible name"));
        }
        let json = format!("{HEADS}{name}.json");
        let spec = HeadSpec::parse(&json, self.get(&json)?)?;
        spec.check_encoder(&json, encoder_sha256)?;
        let file = self.tensors(&format!("{HEADS}{name}.safetensors"))?;
        let weights = Weights::read(&Safetensors::new(&file)?, &spec, shape)?;
        Ok(Head { name: name.into(), spec, weights })
    }

    fn vectors(&self, spec: VectorSpec, shape: Shape) -> Result<Vectors> {
        let file = spec.has_weights().then(|| self.tensors(VECTORS)).transpose()?;
        let tensors = file.as_ref().map(Safetensors::new).transpose()?;
        let dict = tensors.as_ref().map(|tensors| tensors as &dyn StateDict);
        Vectors::of_bundle(spec, dict, shape)
    }
}

/// A file in the bundle's directory or in `heads/`.
fn is_plain(name: &str) -> bool {
    is_head_name(name.strip_prefix(HEADS).unwrap_or(name))
}

fn check_length(name: &str, entry: &FileEntry, length: u64) -> Result<()> {
    if length != entry.length {
        let reason = format!("{length} bytes, the manifest says {}", entry.length);
        return Err(Error::corrupt(name, reason));
    }
    Ok(())
}

fn check(name: &str, entry: &FileEntry, bytes: &[u8], integrity: Integrity) -> Result<()> {
    check_length(name, entry, bytes.len() as u64)?;
    let fits = match (integrity, &entry.header_sha256) {
        (Integrity::Headers, Some(header)) => sha256(safetensors_header(bytes)) == *header,
        _ => sha256(bytes) == entry.sha256,
    };
    if fits {
        Ok(())
    } else {
        Err(Error::corrupt(name, "the file was changed: its SHA-256 does not fit"))
    }
}

//! Writing a bundle: into a temporary directory beside the target, then by renaming.

use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::linear::Linear;
use crate::error::{Error, Result, base_name, json_reason};
use crate::files::Loading;
use crate::files::config::Family;
use crate::files::vocab::Vocabulary;
use crate::files::write::{Tensor, serialize};
use crate::hash::sha256;
use crate::heads::{Head, Layer, MaskedHead, Transform, Vectors, Weights};
use crate::model::bundle::manifest::{FileEntry, Manifest};
use crate::model::bundle::{
    CARD, CONFIG, ENCODER, FILL, HEADS, MANIFEST, PROBE, SUBWORDS, TOKENIZER, VECTORS, VOCAB,
};
use crate::model::source::{Integrity, Origin};

/// Everything that goes into a bundle.
pub(crate) struct Content<'a> {
    pub(crate) config_json: &'a [u8],
    pub(crate) family: Family,
    pub(crate) vocabulary: &'a Vocabulary,
    /// `encoder.safetensors`, finished.
    pub(crate) encoder: Vec<u8>,
    pub(crate) heads: &'a [Head],
    pub(crate) default_heads: Vec<String>,
    /// Decodes with the encoder's word embedding.
    pub(crate) masked: Option<&'a MaskedHead>,
    pub(crate) vectors: Option<&'a Vectors>,
    pub(crate) probe: &'a [Tensor],
    pub(crate) card: String,
    pub(crate) licence: String,
    pub(crate) source: Vec<Origin>,
}

/// Writes a bundle. A bundle that is there already is replaced, anything else is left alone.
pub(crate) fn write(content: Content<'_>, target: &Path) -> Result<()> {
    // `.` and a link cannot be renamed; what they stand for can.
    let target = &target.canonicalize().unwrap_or_else(|_| target.to_path_buf());
    let io = |error: std::io::Error| Error::io(target, &error);
    if target.exists() && !target.join(MANIFEST).exists() {
        let name = base_name(target);
        return Err(Error::Argument(format!(
            "{name} exists and is not a bundle; nothing was changed"
        )));
    }
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(parent).map_err(io)?;
    let staging = tempfile::Builder::new().prefix(".bundle-").tempdir_in(parent).map_err(io)?;
    let new = staging.path().join("new");
    for (name, bytes) in files(content)? {
        let path = new.join(name);
        path.parent().map(std::fs::create_dir_all).transpose().map_err(io)?;
        std::fs::write(&path, bytes).map_err(io)?;
    }
    // What cannot be opened is not put into anybody's way.
    super::open(&new, Integrity::Full, Loading::Map)?;
    // Two renames: a directory cannot be renamed onto one that holds files. In between there is
    // no bundle, never half of one; if the second rename fails, the old one is put back.
    let old = staging.path().join("old");
    let replaces = target.exists();
    if replaces {
        std::fs::rename(target, &old).map_err(io)?;
    }
    std::fs::rename(&new, target).map_err(|error| {
        if replaces {
            // The first error is the one to report.
            let _ = std::fs::rename(&old, target);
        }
        io(error)
    })
}

/// The files by name, the manifest last.
fn files(content: Content<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let encoder_sha256 = sha256(&content.encoder);
    let mut files = BTreeMap::from([
        (CONFIG.to_string(), content.config_json.to_vec()),
        (ENCODER.to_string(), content.encoder),
        (PROBE.to_string(), serialize(content.probe, None)?),
        (CARD.to_string(), content.card.into_bytes()),
    ]);
    let (pieces, file) = match content.vocabulary {
        Vocabulary::WordPiece(vocab) => (VOCAB, vocab.to_txt().into_bytes()),
        Vocabulary::Subword(subword) => (SUBWORDS, json(subword.file())?),
    };
    files.insert(pieces.into(), file);
    files.insert(TOKENIZER.into(), json(&content.vocabulary.settings())?);
    for head in content.heads {
        let mut spec = head.spec.clone();
        spec.provenance.encoder_sha256 = Some(encoder_sha256.clone());
        files.insert(format!("{HEADS}{}.json", head.name), json(&spec)?);
        files.insert(
            format!("{HEADS}{}.safetensors", head.name),
            serialize(&head_tensors(head)?, None)?,
        );
    }
    if let Some(vectors) = content.vectors.filter(|vectors| vectors.spec.has_weights()) {
        files.insert(VECTORS.into(), serialize(&vector_tensors(vectors), None)?);
    }
    if let Some(head) = content.masked {
        files.insert(FILL.into(), serialize(&masked_tensors(head), None)?);
    }
    let heads = content.heads.iter().map(|head| head.spec.format_version());
    let vectors = content.vectors.map_or(1, |vectors| vectors.spec.format_version());
    let own = [
        vectors,
        if content.default_heads.is_empty() { 1 } else { 3 },
        if content.family == Family::Bert && content.masked.is_none() { 1 } else { 4 },
        content.vocabulary.format_version(),
    ];
    let manifest = Manifest {
        format_version: heads.chain(own).max().unwrap_or(1),
        creator: concat!("biobert ", env!("CARGO_PKG_VERSION")).into(),
        source: content.source,
        licence: content.licence,
        model_card: CARD.into(),
        heads: content.heads.iter().map(|head| head.name.to_string()).collect(),
        default_heads: content.default_heads,
        fill: content.masked.map(MaskedHead::spec),
        vectors: content.vectors.map(|vectors| vectors.spec.clone()),
        files: files
            .iter()
            .map(|(name, bytes)| (name.clone(), FileEntry::of(name, bytes)))
            .collect(),
        seal: String::new(),
    };
    let mut files: Vec<_> = files.into_iter().collect();
    files.push((MANIFEST.into(), manifest.seal()?));
    Ok(files)
}

fn json(value: &impl serde::Serialize) -> Result<Vec<u8>> {
    let mut json =
        serde_json::to_vec_pretty(value).map_err(|error| Error::Internal(json_reason(&error)))?;
    json.push(b'\n');
    Ok(json)
}

fn head_tensors(head: &Head) -> Result<Vec<Tensor>> {
    match &head.weights {
        Weights::Linear(classifier) => Ok(linear_tensors("classifier", classifier).into()),
        Weights::Tagger { classifier, crf } => {
            let count = head.spec.labels.len();
            let vector = |name: &str, shape, values: &[f32]| {
                Tensor::f32(format!("crf.{name}"), shape, values.iter().copied())
            };
            let mut tensors = Vec::from(linear_tensors("classifier", classifier));
            tensors.push(vector("end", vec![count], &crf.end));
            tensors.push(vector("start", vec![count], &crf.start));
            tensors.push(vector("transitions", vec![count, count], &crf.transitions));
            Ok(tensors)
        }
        Weights::Pooled { pooler, classifier } => {
            let tensors = [("classifier", classifier), ("pooler", pooler)];
            Ok(tensors
                .into_iter()
                .flat_map(|(name, linear)| linear_tensors(name, linear))
                .collect())
        }
        Weights::Transformed { transform: Transform { dense, norm }, classifier } => {
            let width = norm.scale.len();
            let norm = [("norm.bias", &norm.shift), ("norm.weight", &norm.scale)];
            let norm = norm.map(|(name, values)| {
                Tensor::f32(name.into(), vec![width], values.iter().copied())
            });
            let linear = [("classifier", classifier), ("dense", dense)].into_iter();
            Ok(linear.flat_map(|(name, linear)| linear_tensors(name, linear)).chain(norm).collect())
        }
        Weights::Reader { .. } => Err(Error::Unsupported(
            "a head that reads all layers is kept in a directory of its own".into(),
        )),
        Weights::Graph => Err(Error::Internal("a head without weights cannot be written".into())),
    }
}

fn vector_tensors(vectors: &Vectors) -> Vec<Tensor> {
    let layers = vectors.layers.iter().zip(vectors.spec.names());
    let tensors = |(layer, name): (&Layer, String)| match layer {
        Layer::Linear(linear) => linear_tensors(&name, linear).into(),
        Layer::Norm(norm) => [("bias", &norm.shift), ("weight", &norm.scale)]
            .map(|(part, values)| {
                Tensor::f32(format!("{name}.{part}"), vec![values.len()], values.iter().copied())
            })
            .into(),
        Layer::None => Vec::new(),
    };
    layers.flat_map(tensors).collect()
}

fn masked_tensors(head: &MaskedHead) -> Vec<Tensor> {
    let vector = |name: &str, values: &[f32]| {
        Tensor::f32(name.into(), vec![values.len()], values.iter().copied())
    };
    let mut tensors = vec![vector("bias", &head.bias)];
    tensors.extend(linear_tensors("dense", &head.transform.dense));
    tensors.push(vector("norm.scale", &head.transform.norm.scale));
    tensors.push(vector("norm.shift", &head.transform.norm.shift));
    tensors
}

fn linear_tensors(name: &str, linear: &Linear) -> [Tensor; 2] {
    let (k, n) = (linear.weight.k(), linear.weight.n());
    let weights = (0..n).flat_map(|n| (0..k).map(move |k| (k, n)));
    let weights = weights.map(|(k, n)| linear.weight.value(k, n));
    [
        Tensor::f32(format!("{name}.bias"), vec![n], linear.bias.iter().copied()),
        Tensor::f32(format!("{name}.weight"), vec![n, k], weights),
    ]
}

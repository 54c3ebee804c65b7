//! Checkpoints to a bundle: one encoder, any number of heads.

use std::path::{Path, PathBuf};

use biobert_kernels::FloatEnv;
use safetensors::SafeTensors;

use crate::engine::weights::Layers;
use crate::engine::{Bert, Encoder, Engine, Precision};
use crate::error::{Error, Result, base_name};
use crate::files::vocab::Casing;
use crate::files::write::serialize;
use crate::hash::sha256;
use crate::heads::{ClsPooling, Head, Kind, MaskedHead, Task, is_head_name};
use crate::model::bundle::{self, Content};
use crate::model::probe;
use crate::model::read::read;
use crate::model::source::{BertParts, OpenOptions, Source};

/// What a bundle is told about itself.
#[derive(Debug, Clone, Default)]
pub struct ConvertOptions {
    /// Licence of the weights; `None`: that of the source bundle, or "not stated".
    pub licence: Option<String>,
    /// Text of the model card; `None`: a card that names what is known.
    pub card: Option<String>,
    /// Heads that run where a call names none; `None`: those of the source bundles.
    pub default_heads: Option<Vec<String>>,
}

/// Writes a bundle from checkpoints or bundles with one and the same encoder.
///
/// # Errors
/// [`Error::Model`] if the encoders differ, naming the first tensor that does, or if two heads have
/// one name; whatever opening the sources and writing the target gives.
pub fn convert(
    engine: &Engine,
    sources: &[PathBuf],
    target: &Path,
    options: ConvertOptions,
) -> Result<()> {
    let _env = FloatEnv::standard();
    let (first, others) =
        sources.split_first().ok_or_else(|| Error::Argument("no source was given".into()))?;
    let open = |path: &PathBuf| read(engine, path, &OpenOptions::default());
    let mut source = open(first)?;
    let encoder = quantized(&source, source.bert(&base_name(first))?)?;
    for path in others {
        let other = open(path)?;
        let bert = source.bert(&base_name(first))?;
        let parts = other.bert(&base_name(path))?;
        same_encoder(&encoder, &quantized(&other, parts)?, &base_name(path))?;
        if let Some(field) = bert.config.differs(&parts.config) {
            let reason = format!("its {field} differs from the first source's");
            return Err(Error::model(base_name(path), reason));
        }
        if let Some(what) = bert.vocabulary.differs(&parts.vocabulary) {
            let reason = format!("its {what} differs from the first source's");
            return Err(Error::model(base_name(path), reason));
        }
        source.extend(other);
    }
    if let Some(heads) = options.default_heads {
        source.default_heads = heads;
    }
    source.check()?;
    finish_heads(&mut source)?;

    let licence = options.licence.or(source.licence.clone()).unwrap_or_else(|| "not stated".into());
    let card =
        options.card.unwrap_or_else(|| plain_card(&base_name(target), &source.heads, &licence));
    let bert = source.bert(&base_name(first))?;
    let f32_weights = bert.weights.clone().convert(Precision::F32)?;
    let f32_encoder = Encoder::Bert(Bert::new(engine, f32_weights)?);
    let probe = match &source.bundle {
        Some(files) => probe::record_again(&f32_encoder, &files.probe, &source.heads)?,
        None => {
            let (tokenizer, notes) =
                bert.vocabulary.tokenizer(source.shape.segments < 2, Casing::Vocabulary)?;
            for note in notes {
                engine.log(&format!("model {}: {note}", base_name(first)));
            }
            let sequences = probe::sequences(&tokenizer, source.shape.max_tokens)?;
            probe::record(&f32_encoder, sequences, &source.heads)?
        }
    };
    let content = Content {
        config_json: &source.config_json,
        family: bert.config.family,
        vocabulary: &bert.vocabulary,
        encoder,
        heads: &source.heads,
        default_heads: source.default_heads.clone(),
        masked: carried(engine, &source, &base_name(first)),
        vectors: source.vectors.as_ref().and_then(|vectors| vectors.as_ref().ok()),
        probe: &probe,
        card,
        licence,
        source: source.origins.clone(),
    };
    bundle::write(content, target)
}

/// The encoder as a finished file: that of a bundle as it is, else quantized.
fn quantized(source: &Source, bert: &BertParts) -> Result<Vec<u8>> {
    if let Some(files) = &source.bundle {
        return Ok(files.encoder.bytes().to_vec());
    }
    let weights = bert.weights.clone().convert(Precision::Int8)?;
    let Layers::Int8(layers) = &weights.layers else { unreachable!("converted just now") };
    serialize(&bundle::encoder_tensors(&weights, layers, &bert.config), None)
}

fn same_encoder(first: &[u8], other: &[u8], name: &str) -> Result<()> {
    if first == other {
        return Ok(());
    }
    let unreadable = |_| Error::Internal("an encoder could not be compared".into());
    let first = SafeTensors::deserialize(first).map_err(unreadable)?;
    let other = SafeTensors::deserialize(other).map_err(unreadable)?;
    let mut names = first.names();
    names.sort();
    let hash =
        |file: &SafeTensors<'_>, name: &str| file.tensor(name).ok().map(|t| sha256(t.data()));
    let differs = names.into_iter().find(|tensor| hash(&first, tensor) != hash(&other, tensor));
    let tensor = differs.unwrap_or("the number of layers");
    Err(Error::model(name, format!("its encoder differs from the first source's: {tensor}")))
}

/// The masked-language head that a bundle takes over: one that decodes with the word embedding, which is
/// there already.
fn carried<'a>(engine: &Engine, source: &'a Source, name: &str) -> Option<&'a MaskedHead> {
    let head = source.masked.as_ref()?;
    if head.decoder.is_some() {
        let reason = "its decoder is not the word embedding, and would double that";
        let left = "the masked-language head is left out of the bundle";
        engine.log(&format!("model {name}: {left}: {reason}"));
        return None;
    }
    Some(head)
}

/// Fills in what a head's specification leaves open.
fn finish_heads(source: &mut Source) -> Result<()> {
    let limit = source.shape.max_tokens;
    for head in &mut source.heads {
        if !is_head_name(&head.name) {
            let reason = "a head's name has up to 64 letters, digits, and the signs - _ .";
            return Err(Error::model(format!("{}.json", head.name), reason));
        }
        let spec = &mut head.spec;
        let (capacity, step) = spec.windows(limit);
        spec.max_tokens.get_or_insert(capacity + 2);
        if matches!(spec.task(), Task::Ner | Task::Qa | Task::Assertion) {
            spec.window_step.get_or_insert(step);
        }
        if let (Kind::Cls, Some(pooling)) = (spec.kind, spec.pooling_mut()) {
            pooling.get_or_insert(ClsPooling::Cls);
        }
    }
    Ok(())
}

/// A model card for a model of which nobody has written one.
fn plain_card(name: &str, heads: &[Head], licence: &str) -> String {
    let mut card = format!(
        "# {name}\n\nAn int8 bundle for biobert. Licence: {licence}.\n\n\
         Its accuracy has not been measured. Not for direct patient care.\n\n## Heads\n\n"
    );
    for head in heads {
        let trained = head.spec.provenance.trained_on.as_deref().unwrap_or("not stated");
        card +=
            &format!("- `{}`: {}; trained on: {trained}\n", head.name, head.spec.labels.join(", "));
    }
    card
}

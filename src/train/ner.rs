//! Entities: any kinds, from sentences with BIO tags.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::Cancel;
use crate::error::{Error, Result};
use crate::eval::conlleval::{NerScore, Sentence};
use crate::eval::ner::join;
use crate::model::head::Weights;
use crate::model::state_dict::Safetensors;
use crate::model::tensors::{Bytes, TensorFile};
use crate::model::{HeadSpec, Kind, Model, Task as HeadTask};
use crate::tasks::{RunOptions, Tag, spans};
use crate::text::OffsetUnit;
use crate::train::features::{Features, Sequence};
use crate::train::fit::{Progress, Task, TrainOptions};
use crate::train::net::Tensors;
use crate::window::windows;

/// Part of the sentences that is held out where there is no file of them.
const HELD_OUT: usize = 10;

/// What a training came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrainReport {
    /// The labels that the head gives.
    pub labels: Vec<String>,
    /// Sentences that it learnt from.
    pub sentences: usize,
    /// Sentences that were held out to choose the epoch; after a refit it learnt from them too.
    pub held_out: usize,
    /// The epoch that was chosen, from 1.
    pub epoch: usize,
    /// The score on the held-out sentences at that epoch, by conlleval's rules.
    pub score: NerScore,
}

/// A head that was trained, not yet in a file.
#[derive(Debug, Clone)]
pub struct TrainedHead {
    spec: HeadSpec,
    tensors: Vec<u8>,
    /// What came out.
    pub report: TrainReport,
}

impl TrainedHead {
    /// Writes `head.json` and `head.safetensors` into a directory, which is made if need be.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(&self, directory: &Path) -> Result<()> {
        let io = |error| Error::io(directory, &error);
        std::fs::create_dir_all(directory).map_err(io)?;
        let mut json = serde_json::to_vec_pretty(&self.spec)
            .map_err(|_| Error::Internal("a specification".into()))?;
        json.push(b'\n');
        // The JSON names the head's place: it comes last, so that half a head is none.
        for (name, bytes) in [("head.safetensors", &self.tensors), ("head.json", &json)] {
            let mut file = tempfile::NamedTempFile::new_in(directory).map_err(io)?;
            std::io::Write::write_all(&mut file, bytes).map_err(io)?;
            file.as_file().sync_all().map_err(io)?;
            file.persist(directory.join(name)).map_err(|error| io(error.error))?;
        }
        Ok(())
    }
}

/// Trains a head for entities on sentences with BIO tags, plain (`B`, `I`, `O`) or typed
/// (`B-Anatomy`): means of words over all layers, an LSTM in both directions, a CRF. Without sentences
/// to hold out, `dev`, every tenth is.
///
/// # Errors
/// [`Error::Argument`] where there is nothing to learn from; [`Error::Unsupported`] for a model that
/// is no BERT; [`Error::Cancelled`]; [`Error::Io`] where no temporary file can be written.
pub fn train_ner(
    model: &Model,
    train: &[Sentence],
    dev: Option<&[Sentence]>,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<TrainedHead> {
    model.expect_states()?;
    let run = RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = run.control();
    let entity: Arc<str> = options.entity.as_deref().unwrap_or("Entity").into();
    let parse = |sentence: &Sentence| -> Vec<Tag> {
        sentence.tags.iter().map(|tag| Tag::parse(tag, &entity)).collect()
    };

    let kinds: BTreeSet<Arc<str>> = train
        .iter()
        .flat_map(|sentence| spans(parse(sentence).iter().map(|tag| (tag, 1.0))))
        .map(|span| span.kind)
        .collect();
    if kinds.is_empty() {
        return Err(Error::Argument("the training data hold no entity".into()));
    }
    let mut labels = vec!["O".to_string()];
    labels.extend(kinds.iter().flat_map(|kind| [format!("B-{kind}"), format!("I-{kind}")]));
    let label = |kind: &Arc<str>, inside: bool| {
        let at = kinds.iter().position(|other| other == kind)?;
        Some(1 + 2 * at as u32 + u32::from(inside))
    };

    let mut spec = HeadSpec::new(HeadTask::Ner, Kind::Words, labels.clone());
    spec.encoder_sha256 = model.encoder_sha256().map(String::from);
    if let (Some(kind), 1) = (kinds.first(), kinds.len()) {
        spec.entity = Some(kind.to_string());
    }
    let tags: Arc<[Tag]> = labels.iter().map(|label| Tag::parse(label, &entity)).collect();
    let (capacity, step) = spec.windows(model.max_tokens());

    // Which sequences are held out goes by sentences: windows of one stay together.
    let held = |index: usize| dev.is_none() && index % HELD_OUT == HELD_OUT - 1;
    let mut sequences: Vec<Sequence> = Vec::new();
    let (mut on, mut off) = (Vec::new(), Vec::new());
    let all = train.iter().enumerate().map(|(index, sentence)| (sentence, held(index)));
    let all = all.chain(dev.unwrap_or_default().iter().map(|sentence| (sentence, true)));
    let (mut sentences, mut held_out) = (0, 0);
    for (sentence, held) in all {
        control.check()?;
        let cut = cut(model, sentence, &parse(sentence), label, (capacity, step))?;
        let range = sequences.len()..sequences.len() + cut.len();
        sequences.extend(cut);
        if held {
            held_out += 1
        } else {
            sentences += 1
        }
        if held { off.extend(range) } else { on.extend(range) }
    }

    let all: Vec<&Sequence> = sequences.iter().collect();
    let of = all.len();
    let read = |done| progress(Progress::Reading { done, of });
    let features = Features::read(model, &all, &control, read)?;
    let task = Task {
        engine: model.engine(),
        features: &features,
        sequences: &all,
        hidden: model.hidden(),
        tags: tags.clone(),
        seed: options.seed,
        control: &control,
    };
    let score = |tensors: &Tensors| {
        let head = weights(model, &spec, &bytes(tensors)?)?;
        let mut score = NerScore::default();
        for &sequence in &off {
            control.check()?;
            let mut means = Vec::new();
            features.append(sequence, &mut means);
            let Weights::Words(words) = &head else { return Err(Error::Internal("a head".into())) };
            let found = words.label(model.engine(), means, 1.0);
            let tag = |label: usize| tags[label].clone();
            let found: Vec<Tag> = found.into_iter().map(|(label, _)| tag(label)).collect();
            let gold: Vec<Tag> =
                sequences[sequence].labels.iter().map(|&label| tag(label as usize)).collect();
            score.add(&gold, &found);
        }
        Ok(score.finish())
    };
    let judge = |tensors: &Tensors| match off.is_empty() {
        true => Ok(None),
        false => score(tensors).map(|score| Some(score.f1)),
    };
    let epochs = options.preset.epochs();
    let (mut tensors, epoch) = task.fit(&on, epochs, epochs, judge, progress)?;
    let dev_score = score(&tensors)?;
    if options.refit && !off.is_empty() {
        let both: Vec<usize> = (0..sequences.len()).collect();
        (tensors, _) = task.fit(&both, epoch, epochs, |_| Ok(None), progress)?;
    }
    let report = TrainReport { labels, sentences, held_out, epoch, score: dev_score };
    spec.metrics = serde_json::to_value(&report).ok();
    Ok(TrainedHead { spec, tensors: bytes(&tensors)?, report })
}

/// The windows of a sentence, with labels. Words without pieces are left out.
fn cut(
    model: &Model,
    sentence: &Sentence,
    tags: &[Tag],
    label: impl Fn(&Arc<str>, bool) -> Option<u32>,
    (capacity, step): (usize, usize),
) -> Result<Vec<Sequence>> {
    let (text, words) = join(&sentence.words);
    let mut pieces = model.tokenizer().pieces(&text, || Ok(()))?;
    pieces.set_words(&words);
    let mut word_labels = vec![0; words.len()];
    for span in spans(tags.iter().map(|tag| (tag, 1.0))) {
        for (index, own) in word_labels[span.words].iter_mut().enumerate() {
            // A kind that only the held-out data know cannot be found.
            *own = label(&span.kind, index > 0).unwrap_or(0);
        }
    }
    let word_of = |piece: usize| {
        let start = pieces.spans[piece].0 as usize;
        words.partition_point(|word| word.end <= start)
    };
    let cut = windows(&pieces.starts_word, capacity, step).into_iter().map(|window| {
        let range = window.pieces;
        let starts_word = pieces.starts_word[range.clone()].to_vec();
        let firsts = crate::model::words::word_pieces(&starts_word);
        let mut labels: Vec<u32> =
            firsts.map(|piece| word_labels[word_of(range.start + piece)]).collect();
        // A window may begin inside an entity, which then begins there: even labels are insides.
        if let Some(first) = labels.first_mut().filter(|first| **first > 0 && **first % 2 == 0) {
            *first -= 1;
        }
        Sequence { ids: pieces.ids[range].to_vec(), starts_word, labels }
    });
    Ok(cut.collect())
}

/// Tensors as the bytes of a safetensors file.
fn bytes(tensors: &Tensors) -> Result<Vec<u8>> {
    let values: Vec<Vec<u8>> = tensors
        .iter()
        .map(|(_, _, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let views = tensors.iter().zip(&values).map(|((name, shape, _), values)| {
        let view =
            safetensors::tensor::TensorView::new(safetensors::Dtype::F32, shape.clone(), values);
        Ok((name.as_str(), view.map_err(|_| Error::Internal("a tensor".into()))?))
    });
    let views = views.collect::<Result<Vec<_>>>()?;
    safetensors::serialize(views, None).map_err(|_| Error::Internal("a head's file".into()))
}

/// A head as it will be read again.
fn weights(model: &Model, spec: &HeadSpec, tensors: &[u8]) -> Result<Weights> {
    let copy = |out: &mut [u8]| {
        out.copy_from_slice(tensors);
        Ok(())
    };
    let bytes = Bytes::private(tensors.len(), copy)
        .map_err(|error| Error::io(Path::new("head.safetensors"), &error))?;
    let file = TensorFile::from_bytes("head.safetensors", bytes)?;
    Weights::read(&Safetensors::new(&file)?, spec, model.shape())
}

//! Entities: any kinds, from texts in which they are marked.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use crate::engine::{Cancel, Control};
use crate::error::{Error, Result};
use crate::eval::conlleval::NerScore;
use crate::model::head::Weights;
use crate::model::state_dict::Safetensors;
use crate::model::tensors::{Bytes, TensorFile};
use crate::model::words::word_pieces;
use crate::model::{HeadSpec, Kind, Model, Task as HeadTask};
use crate::sentence::sentences;
use crate::tasks::ner::word_ranges;
use crate::tasks::{RunOptions, Tag};
use crate::text::OffsetUnit;
use crate::tokenizer::Pieces;
use crate::train::annotated::{Annotated, Mention};
use crate::train::features::{Features, Sequence};
use crate::train::fit::{Epoch, Fitted, Progress, Task, TrainOptions};
use crate::train::net::Tensors;
use crate::window::windows;

/// Part of the texts that is held out where there is no file of them.
const HELD_OUT: usize = 10;

/// What a training came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrainReport {
    /// The labels that the head gives.
    pub labels: Vec<String>,
    /// Texts that it learnt from.
    pub texts: usize,
    /// Texts that were held out to choose the epoch; after a refit it learnt from them too.
    pub held_out: usize,
    /// The epoch that was chosen, from 1.
    pub epoch: usize,
    /// Whether it was told to stop before its last epoch; the head is that of the best one so far.
    pub stopped: bool,
    /// The score on the held-out texts at that epoch, by conlleval's rules.
    pub score: NerScore,
    /// What became of each epoch.
    pub history: Vec<Epoch>,
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

/// Trains a head for entities of whatever kinds are marked in texts: means of words over all layers,
/// an LSTM in both directions, a CRF. Without texts to hold out, `dev`, every tenth is.
///
/// What the encoder says is kept in a file without a name in the system's temporary directory, 2 bytes a
/// number: 0.8 GB for a million words of states of 384.
///
/// # Errors
/// [`Error::Argument`] where there is nothing to learn from; [`Error::Unsupported`] for a model that
/// is no BERT; [`Error::Cancelled`] before the first epoch has ended, afterwards the best head so far is
/// given; [`Error::Io`] where no temporary file can be written.
pub fn train_ner(
    model: &Model,
    train: &[Annotated],
    dev: Option<&[Annotated]>,
    options: &TrainOptions,
    cancel: &Cancel,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<TrainedHead> {
    model.expect_states()?;
    let run = RunOptions { cancel: Some(cancel.clone()), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let control = run.control();

    let mentions = train.iter().flat_map(|annotated| &annotated.entities);
    let kinds: BTreeSet<Arc<str>> = mentions.map(|mention| mention.kind.clone()).collect();
    if kinds.is_empty() {
        return Err(Error::Argument("the training data hold no entity".into()));
    }
    let mut labels = vec!["O".to_string()];
    labels.extend(kinds.iter().flat_map(|kind| [format!("B-{kind}"), format!("I-{kind}")]));
    let mut spec = HeadSpec::new(HeadTask::Ner, Kind::Words, labels.clone());
    spec.encoder_sha256 = model.encoder_sha256().map(String::from);
    if let (Some(kind), 1) = (kinds.first(), kinds.len()) {
        spec.entity = Some(kind.to_string());
    }
    let entity = spec.plain_entity();
    let tags: Arc<[Tag]> = labels.iter().map(|label| Tag::parse(label, &entity)).collect();

    // Which sequences are held out goes by texts: those of one stay together.
    let held = |index: usize| dev.is_none() && index % HELD_OUT == HELD_OUT - 1;
    let mut sequences: Vec<Sequence> = Vec::new();
    let (mut on, mut off) = (Vec::new(), Vec::new());
    let all = train.iter().enumerate().map(|(index, annotated)| (annotated, held(index)));
    let all = all.chain(dev.unwrap_or_default().iter().map(|annotated| (annotated, true)));
    let (mut texts, mut held_out) = (0, 0);
    for (annotated, held) in all {
        let cut = sequences_of(model, annotated, &kinds, &spec, &control)?;
        let range = sequences.len()..sequences.len() + cut.len();
        sequences.extend(cut);
        if held {
            held_out += 1
        } else {
            texts += 1
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
    let epochs = options.preset.epochs(on.len());
    let Fitted { mut tensors, epoch, stopped, history } =
        task.fit(&on, epochs, epochs, judge, progress)?;
    let dev_score = score(&tensors)?;
    if options.refit && !off.is_empty() && !stopped {
        let both: Vec<usize> = (0..sequences.len()).collect();
        let refitted = task.fit(&both, epoch, epochs, |_| Ok(None), progress)?;
        // Half a second training is worse than the whole first one.
        if !refitted.stopped {
            tensors = refitted.tensors;
        }
    }
    let report = TrainReport { labels, texts, held_out, epoch, stopped, score: dev_score, history };
    spec.metrics = serde_json::to_value(&report).ok();
    Ok(TrainedHead { spec, tensors: bytes(&tensors)?, report })
}

/// What the encoder reads of a text, with a label for each word: a sentence is a sequence, or several
/// where it is long, as when the head is used.
fn sequences_of(
    model: &Model,
    annotated: &Annotated,
    kinds: &BTreeSet<Arc<str>>,
    spec: &HeadSpec,
    control: &Control,
) -> Result<Vec<Sequence>> {
    let mut pieces = model.tokenizer().pieces(&annotated.text, || control.check())?;
    if let Some(words) = &annotated.words {
        pieces.set_words(words);
    }
    let words = word_ranges(&pieces);
    let labels = word_labels(&words, &annotated.entities, kinds);
    let (capacity, step) = spec.windows(model.max_tokens());
    let mut sequences = Vec::new();
    for sentence in sentence_pieces(annotated, &pieces) {
        for window in windows(&pieces.starts_word[sentence.clone()], capacity, step) {
            let range = window.behind(sentence.start).pieces;
            let starts_word = pieces.starts_word[range.clone()].to_vec();
            // The word that a piece belongs to is the last that started.
            let before =
                pieces.starts_word[..=range.start].iter().filter(|&&starts| starts).count();
            let first = before.max(1) - 1;
            let count = word_pieces(&starts_word).count();
            let mut labels: Vec<u32> = labels[first..first + count].to_vec();
            // A window may begin inside an entity, which then begins there: even labels are insides.
            if let Some(first) = labels.first_mut().filter(|first| **first > 0 && **first % 2 == 0)
            {
                *first -= 1;
            }
            sequences.push(Sequence { ids: pieces.ids[range].to_vec(), starts_word, labels });
        }
    }
    Ok(sequences)
}

/// A label for each word: 0 outside; of the kind number `k`, `1 + 2k` for its first word and `2 + 2k`
/// for the others.
fn word_labels(words: &[(u32, u32)], entities: &[Mention], kinds: &BTreeSet<Arc<str>>) -> Vec<u32> {
    let mut labels = vec![0; words.len()];
    for entity in entities {
        // A kind that only the held-out texts know cannot be found.
        let Some(kind) = kinds.iter().position(|kind| *kind == entity.kind) else { continue };
        let from = words.partition_point(|word| word.1 as usize <= entity.bytes.start);
        let to = words.partition_point(|word| (word.0 as usize) < entity.bytes.end);
        for (index, label) in labels[from..to.max(from)].iter_mut().enumerate() {
            *label = 1 + 2 * kind as u32 + u32::from(index > 0);
        }
    }
    labels
}

/// The sentences of a text as ranges of pieces. One that ends within an entity goes on.
fn sentence_pieces(annotated: &Annotated, pieces: &Pieces) -> Vec<Range<usize>> {
    if annotated.words.is_some() {
        return std::iter::once(0..pieces.len()).collect();
    }
    let inside = |byte: usize| {
        annotated.entities.iter().any(|entity| entity.bytes.start < byte && byte < entity.bytes.end)
    };
    let starts = sentences(&annotated.text).into_iter().map(|sentence| sentence.start);
    let cuts = starts.skip(1).filter(|&byte| !inside(byte));
    let piece_at =
        |byte: usize| pieces.spans.partition_point(|&(start, _)| (start as usize) < byte);
    let mut from = 0;
    let ends = cuts.map(piece_at).chain([pieces.len()]);
    let ranges = ends.map(|to| std::mem::replace(&mut from, to)..to);
    ranges.filter(|range| !range.is_empty()).collect()
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

//! Trainer options: time, kind of head, labels of files.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::ffi::guard::guard;
use crate::ffi::sized::{Options, init};
use crate::ffi::text::{biobert_offset_unit, biobert_str};
use crate::train::{HeadKind, Preset, TrainOptions};

/// How long training takes.
pub type biobert_preset = i32;
/// For a first impression: a few epochs, or, with few texts, as many as give 150 steps.
pub const BIOBERT_PRESET_FAST: biobert_preset = 1;
/// Ten epochs, or, with few texts, as many as give 600 steps.
pub const BIOBERT_PRESET_BEST: biobert_preset = 2;

/// The architecture of a head.
pub type biobert_head_kind = i32;
/// One linear layer on the states of the last layer: a baseline, much worse for entities.
pub const BIOBERT_HEAD_LINEAR: biobert_head_kind = 1;
/// A learned mix of the encoder's layers, a norm and a linear layer; for entities also a CRF.
pub const BIOBERT_HEAD_MIX: biobert_head_kind = 2;
/// As `BIOBERT_HEAD_MIX`, with a hidden layer. The default for relations and classes, only for
/// them.
pub const BIOBERT_HEAD_MLP: biobert_head_kind = 3;
/// The mean over the layers and a bidirectional LSTM. The default for answers, only for them.
pub const BIOBERT_HEAD_LSTM: biobert_head_kind = 4;
/// As `BIOBERT_HEAD_LSTM`, with a CRF. The default for entities, only for them.
pub const BIOBERT_HEAD_LSTM_CRF: biobert_head_kind = 5;

/// Options of a training. Set them up with `biobert_trainer_options_init`, then set `unit`. Any
/// other field that is 0 or an empty view has its default. What views point to is copied.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_trainer_options {
    /// `sizeof(biobert_trainer_options)`.
    pub struct_size: u32,
    /// What the offsets of examples count; must be set.
    pub unit: biobert_offset_unit,
    /// 0 means `BIOBERT_PRESET_BEST`.
    pub preset: biobert_preset,
    /// 0 means the best one for the task.
    pub head_kind: biobert_head_kind,
    /// Random seed. The same seed, data and model give the same head, bit for bit, on every
    /// processor.
    pub seed: u64,
    /// Not 0: train the head once more in the end, on training and held-out examples together, for
    /// the number of epochs that the held-out examples chose.
    pub refit: u32,
    /// Not 0: give rare labels of classes and relations more weight.
    pub balanced: u32,
    /// A directory for intermediate results, in UTF-8. A training that was killed resumes from there
    /// when the same training is started again. It is emptied when training ends. If `work_path` is
    /// empty, a nameless file in the system's temporary directory (`TMPDIR`) is used, and the
    /// training cannot resume.
    pub work_path: biobert_str,
    /// The most bytes of encoder output to keep on disk, about 1 kB a word for the default model; 0
    /// means 32 GiB.
    pub max_feature_bytes: u64,
    /// Entities: the kind that a plain `B` or `I` in a file stands for; if empty, `Entity`.
    pub entity: biobert_str,
    /// Relations: kind of the first entity; if empty, taken from the mask: `Chemical` for
    /// `@CHEMICAL$`. Give both kinds or neither.
    pub first_kind: biobert_str,
    /// Relations: kind of the second entity.
    pub second_kind: biobert_str,
    /// Relations: what replaces the first entity; if empty, what a file of masked sentences has, or
    /// `@ENTITY1$`. Give both masks or neither.
    pub first_mask: biobert_str,
    /// Relations: what replaces the second entity.
    pub second_mask: biobert_str,
    /// Relations: the label that means "none"; if empty, a label that says so, such as `0` or
    /// `false`.
    pub negative: biobert_str,
    /// Licence of the weights, for the head's file.
    pub licence: biobert_str,
    /// Date of the training, for the head's file; if empty, the file has no date.
    pub date: biobert_str,
}

// SAFETY: integers and views only; zero is an empty view.
unsafe impl Options for biobert_trainer_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_trainer_options)`, and every other
/// field to 0, its default; `unit` has none and must be set. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_trainer_options_init(
    options: *mut biobert_trainer_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

impl biobert_trainer_options {
    /// The kind that plain `B` and `I` stand for, and the rest.
    ///
    /// # Safety
    /// The views point to live text.
    pub(crate) unsafe fn convert(self) -> Result<(Option<String>, TrainOptions)> {
        let text = |view: biobert_str, name: &str| {
            // SAFETY: as promised by the caller.
            let text = unsafe { view.str(name) }?;
            Ok((!text.is_empty()).then(|| text.to_string()))
        };
        let both = |first, second, name: &str| match (text(first, name)?, text(second, name)?) {
            (Some(first), Some(second)) => Ok(Some([first, second])),
            (None, None) => Ok(None),
            _ => Err(Error::Argument(format!("one of two {name} of the options is empty"))),
        };
        let unknown = |field: &str| Error::Argument(format!("{field} of the options is unknown"));
        let defaults = TrainOptions::default();
        let options = TrainOptions {
            preset: match self.preset {
                0 | BIOBERT_PRESET_BEST => Preset::Best,
                BIOBERT_PRESET_FAST => Preset::Fast,
                _ => return Err(unknown("preset")),
            },
            head_kind: match self.head_kind {
                0 => None,
                BIOBERT_HEAD_LINEAR => Some(HeadKind::Linear),
                BIOBERT_HEAD_MIX => Some(HeadKind::Mix),
                BIOBERT_HEAD_MLP => Some(HeadKind::Mlp),
                BIOBERT_HEAD_LSTM => Some(HeadKind::Lstm),
                BIOBERT_HEAD_LSTM_CRF => Some(HeadKind::LstmCrf),
                _ => return Err(unknown("head_kind")),
            },
            seed: self.seed,
            refit: self.refit != 0,
            balanced: self.balanced != 0,
            kinds: both(self.first_kind, self.second_kind, "kinds")?,
            masks: both(self.first_mask, self.second_mask, "masks")?,
            negative: text(self.negative, "negative")?,
            work: text(self.work_path, "work_path")?.map(PathBuf::from),
            max_feature_bytes: match self.max_feature_bytes {
                0 => defaults.max_feature_bytes,
                bytes => bytes,
            },
            licence: text(self.licence, "licence")?,
            date: text(self.date, "date")?,
        };
        Ok((text(self.entity, "entity")?, options))
    }
}

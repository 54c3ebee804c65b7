//! What a frozen encoder says of the words of a training set, read once and kept as f16 in a file that
//! has no name: it is gone when the training ends, however it ends.

use std::io::{BufWriter, Write};

use half::f16;

use crate::engine::{Control, Taken};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::model::tensors::Bytes;
use crate::model::words::means;
use crate::tasks::encode::{Sequence as Pieces, encode};

/// A sequence to learn from: pieces that are read together, and the right labels of their words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sequence {
    pub(super) ids: Vec<u32>,
    /// Which pieces are the first of a word.
    pub(super) starts_word: Vec<bool>,
    /// A label for each word.
    pub(super) labels: Vec<u32>,
}

/// The means of all words, `[words, hidden]` in f16.
pub(super) struct Features {
    bytes: Option<Bytes>,
    hidden: usize,
    /// The first word of each sequence, and the end of the last.
    starts: Vec<usize>,
}

impl Features {
    /// Reads the sequences; `done` is told how many it has read.
    pub(super) fn read(
        model: &Model,
        sequences: &[&Sequence],
        control: &Control,
        mut done: impl FnMut(usize),
    ) -> Result<Features> {
        let hidden = model.hidden();
        let io = |error: &std::io::Error| Error::io(std::path::Path::new("features"), error);
        let file = tempfile::tempfile().map_err(|error| io(&error))?;
        let mut out = BufWriter::new(&file);
        let mut starts = vec![0];
        let mut numbers: Vec<u8> = Vec::new();
        let inputs =
            sequences.iter().map(|sequence| Ok((*sequence, Pieces::single(&sequence.ids[..]))));
        encode(model, Taken::All, inputs, control, |sequence, states| {
            // The row of `[CLS]` comes first.
            let layers: Vec<&[f32]> = states.layers().map(|layer| &layer[hidden..]).collect();
            let words = means(&layers, &sequence.starts_word, hidden);
            numbers.clear();
            numbers.extend(words.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes()));
            out.write_all(&numbers).map_err(|error| io(&error))?;
            starts.push(starts[starts.len() - 1] + sequence.labels.len());
            done(starts.len() - 1);
            Ok(())
        })?;
        out.flush().map_err(|error| io(&error))?;
        drop(out);
        let bytes = match starts[starts.len() - 1] {
            0 => None,
            _ => Some(Bytes::map(&file).map_err(|error| io(&error))?),
        };
        Ok(Features { bytes, hidden, starts })
    }

    /// Words of a sequence.
    pub(super) fn words(&self, sequence: usize) -> usize {
        self.starts[sequence + 1] - self.starts[sequence]
    }

    /// Appends a sequence's means.
    pub(super) fn append(&self, sequence: usize, out: &mut Vec<f32>) {
        let Some(bytes) = &self.bytes else { return };
        let row = self.hidden * 2;
        let own = &bytes[self.starts[sequence] * row..self.starts[sequence + 1] * row];
        let number = |pair: &[u8]| f16::from_le_bytes([pair[0], pair[1]]).to_f32();
        out.extend(own.chunks_exact(2).map(number));
    }
}

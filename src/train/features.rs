//! What a frozen encoder says of the rows of a training set, read once and kept as f16 on disk. It is
//! read from there batch by batch, not mapped: the pages of a mapping count as the process's memory.

use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use half::f16;

use crate::engine::{Control, Taken};
use crate::error::{Error, Result};
use crate::heads::Globals;
use crate::heads::mix::Mix;
use crate::model::Model;
use crate::tasks::encode::encode;
use crate::train::lesson::Sequence;

/// How the states of the layers become the numbers of a row.
#[derive(Debug, Clone)]
pub(super) enum Layers {
    /// Mixed: `hidden` numbers.
    Mixed(Mix),
    /// Each for itself, since the mix is learned: `(layers + 1) * hidden` numbers.
    Each,
}

/// The rows of all sequences.
pub(super) struct Features {
    file: Mutex<File>,
    /// Numbers in a row.
    width: usize,
    /// The first row of each sequence, and the end of the last.
    starts: Vec<usize>,
}

impl Features {
    /// The features of sequences in a file: read by the encoder, or, where the file is `whole` already,
    /// taken as they are. `done` is told how many sequences have been read.
    pub(super) fn read(
        model: &Model,
        layers: &Layers,
        (sequences, globals): (&[Sequence], Globals),
        (file, whole): (File, bool),
        limit: u64,
        control: &Control,
        mut done: impl FnMut(usize) -> Result<()>,
    ) -> Result<Features> {
        let hidden = model.hidden();
        let count = model.layers() + 1;
        let width = match layers {
            Layers::Mixed(_) => hidden,
            Layers::Each => count * hidden,
        };
        let mut starts = vec![0];
        for sequence in sequences {
            starts.push(starts[starts.len() - 1] + sequence.rows.len());
        }
        let size = 2 * width as u64 * starts[starts.len() - 1] as u64;
        if size > limit {
            return Err(Error::Limit { what: "what the encoder says of the texts", size, limit });
        }
        let features = |file| Features { file: Mutex::new(file), width, starts: starts.clone() };
        if whole && file.metadata().is_ok_and(|metadata| metadata.len() == size) {
            done(sequences.len())?;
            return Ok(features(file));
        }
        file.set_len(0).map_err(|error| io(&error))?;
        let mut out = BufWriter::new(&file);
        // Which layers are read, how they are mixed, and how often a row is, each time otherwise.
        let (taken, mix, times) = match layers {
            Layers::Mixed(mix) if *mix == Mix::last(count) => (Taken::Last, Mix::mean(1), 1),
            Layers::Mixed(mix) => (Taken::All, mix.clone(), 1),
            Layers::Each => (Taken::All, Mix::each(count), count),
        };
        let mut read = 0;
        let inputs = sequences.iter().map(|sequence| Ok((sequence, sequence.pieces())));
        encode(
            model,
            taken,
            globals,
            inputs,
            control,
            |sequence, states| {
                let layers: Vec<&[f32]> = states.layers().collect();
                let rows = sequence.rows().flat_map(|row| std::iter::repeat_n(row, times));
                let rows = mix.rows(&layers, rows, hidden);
                let numbers = rows.iter().flat_map(|&value| f16::from_f32(value).to_le_bytes());
                Ok(numbers.collect::<Vec<u8>>())
            },
            |numbers| {
                out.write_all(&numbers).map_err(|error| io(&error))?;
                read += 1;
                done(read)
            },
        )?;
        out.flush().map_err(|error| io(&error))?;
        drop(out);
        Ok(features(file))
    }

    /// Rows of a sequence.
    pub(super) fn rows(&self, sequence: usize) -> usize {
        self.starts[sequence + 1] - self.starts[sequence]
    }

    /// Appends the numbers of a sequence's rows.
    pub(super) fn append(&self, sequence: usize, out: &mut Vec<f32>) -> Result<()> {
        let row = 2 * self.width;
        let mut bytes = vec![0; self.rows(sequence) * row];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let start = SeekFrom::Start((self.starts[sequence] * row) as u64);
        let read = file.seek(start).and_then(|_| file.read_exact(&mut bytes));
        read.map_err(|error| io(&error))?;
        drop(file);
        let number = |pair: &[u8]| f16::from_le_bytes([pair[0], pair[1]]).to_f32();
        out.extend(bytes.chunks_exact(2).map(number));
        Ok(())
    }
}

fn io(error: &std::io::Error) -> Error {
    Error::io(Path::new("features"), error)
}

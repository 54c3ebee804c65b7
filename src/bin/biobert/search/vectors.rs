//! Passages by their vectors, all of which are compared.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Numbers that are summed side by side.
const LANES: usize = 8;

/// Writes vectors, one after another, as little-endian 32-bit floats.
pub struct Writer(BufWriter<File>);

impl Writer {
    pub fn new(path: &Path) -> io::Result<Writer> {
        Ok(Writer(BufWriter::new(File::create(path)?)))
    }

    pub fn add(&mut self, vector: &[f32]) -> io::Result<()> {
        vector.iter().try_for_each(|value| self.0.write_all(&value.to_le_bytes()))
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Vectors that were read.
pub struct Vectors {
    /// As in the file.
    bytes: Vec<u8>,
    width: usize,
}

impl Vectors {
    /// `count` vectors with `width` numbers each; `None` where these are not their bytes.
    pub fn new(bytes: Vec<u8>, count: usize, width: usize) -> Option<Vectors> {
        let expected = count.checked_mul(width).and_then(|numbers| numbers.checked_mul(4));
        (width > 0 && expected == Some(bytes.len())).then_some(Vectors { bytes, width })
    }

    /// The vectors that are nearest to this one, the nearest first, with their cosines. All have length 1.
    pub fn search(&self, vector: &[f32], most: usize) -> Vec<(usize, f32)> {
        let rows = self.bytes.chunks_exact(4 * self.width);
        let mut found: Vec<(usize, f32)> = rows.map(|row| dot(row, vector)).enumerate().collect();
        let order = |(a, first): &(usize, f32), (b, second): &(usize, f32)| {
            second.total_cmp(first).then(a.cmp(b))
        };
        if most < found.len() {
            found.select_nth_unstable_by(most, order);
            found.truncate(most);
        }
        found.sort_by(order);
        found
    }
}

/// The inner product, summed in one order everywhere.
fn dot(row: &[u8], vector: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    for (bytes, values) in row.chunks(4 * LANES).zip(vector.chunks(LANES)) {
        for ((sum, bytes), value) in sums.iter_mut().zip(bytes.as_chunks().0).zip(values) {
            *sum += f32::from_le_bytes(*bytes) * value;
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_come_first() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("vectors");
        let mut writer = Writer::new(&path).unwrap();
        for angle in 0..20 {
            let (sine, cosine) = (angle as f32 / 10.0).sin_cos();
            writer.add(&[cosine, sine, 0.0]).unwrap();
        }
        writer.finish().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert!(Vectors::new(bytes.clone(), 21, 3).is_none());
        let vectors = Vectors::new(bytes, 20, 3).unwrap();
        let (sine, cosine) = 0.72_f32.sin_cos();
        let found = vectors.search(&[cosine, sine, 0.0], 3);
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [7, 8, 6]);
        assert!(found.windows(2).all(|pair| pair[0].1 > pair[1].1));
        assert_eq!(vectors.search(&[1.0, 0.0, 0.0], 100).len(), 20);
    }
}

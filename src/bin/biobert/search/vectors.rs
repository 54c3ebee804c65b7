//! Passages by their vectors, all of which are compared.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use memmap2::Mmap;

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

/// Vectors in a file.
pub struct Vectors {
    map: Mmap,
    width: usize,
}

impl Vectors {
    /// Opens a file of `count` vectors with `width` numbers each.
    pub fn open(path: &Path, count: usize, width: usize) -> io::Result<Vectors> {
        let file = File::open(path)?;
        // SAFETY: nobody writes to the files of an index: they get their directory's name when they are whole, and another
        // index gets other files.
        let map = unsafe { Mmap::map(&file)? };
        let expected = count.checked_mul(width).and_then(|numbers| numbers.checked_mul(4));
        if width == 0 || expected != Some(map.len()) {
            let reason = format!("has {} bytes, not those of {count} vectors", map.len());
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        Ok(Vectors { map, width })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// The vectors that are nearest to this one, the nearest first, with their cosines. All have length 1.
    pub fn search(&self, vector: &[f32], most: usize) -> Vec<(usize, f32)> {
        let rows = self.map.chunks_exact(4 * self.width);
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
        let vectors = Vectors::open(&path, 20, 3).unwrap();
        let (sine, cosine) = 0.72_f32.sin_cos();
        let found = vectors.search(&[cosine, sine, 0.0], 3);
        assert_eq!(found.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [7, 8, 6]);
        assert!(found.windows(2).all(|pair| pair[0].1 > pair[1].1));
        assert_eq!(vectors.search(&[1.0, 0.0, 0.0], 100).len(), 20);
        assert!(Vectors::open(&path, 21, 3).is_err());
    }
}

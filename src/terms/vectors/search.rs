//! The rows nearest to a vector: all of them are compared.

use biobert_kernels::FloatEnv;

use super::open::Vectors;
use super::quantized::Quantized;

impl Vectors {
    /// The names whose vectors have a cosine with this one of `least` or more: at most `most` of them, the nearest first,
    /// and of equals the one with the lower number.
    pub(in crate::terms) fn nearest(
        &self,
        to: &Quantized,
        most: usize,
        least: f32,
    ) -> Vec<(u32, f32)> {
        let _env = FloatEnv::standard();
        let mut best: Vec<(u32, f32)> = Vec::with_capacity(most + 1);
        if to.numbers.len() != self.width || to.squares == 0 || most == 0 {
            return best;
        }
        // Whoever is less near than this is none of the nearest: the cosine's square, times that of the length.
        let bound = |cosine: f32| f64::from(cosine).powi(2) * f64::from(to.squares);
        let mut bar = bound(least);
        for (number, (squares, row)) in (0u32..).zip(self.rows()) {
            let product = f64::from(product(&to.numbers, row));
            if product <= 0.0 || squares == 0 || product * product < bar * f64::from(squares) {
                continue;
            }
            let lengths = (f64::from(to.squares) * f64::from(squares)).sqrt();
            let cosine = (product / lengths).min(1.0) as f32;
            let at = best.partition_point(|better| better.1 >= cosine);
            best.insert(at, (number, cosine));
            if best.len() > most {
                best.pop();
                bar = bound(best[most - 1].1);
            }
        }
        best
    }
}

/// The sum of the products, which is exact. A file's bytes are signed numbers.
fn product(one: &[i8], other: &[u8]) -> i32 {
    let products =
        one.iter().zip(other).map(|(&one, &other)| i32::from(one) * i32::from(other as i8));
    products.sum()
}

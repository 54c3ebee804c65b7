//! Rotary positions (Su et al. 2021): queries and keys are turned by angles that grow with the place, so
//! that their products depend on the distance.

use biobert_kernels::{Kernel, math};

/// Cosines and sines of every place: `[places, width / 2]` each.
#[derive(Debug)]
pub(crate) struct Rotary {
    half: usize,
    cos: Vec<f32>,
    sin: Vec<f32>,
}

impl Rotary {
    /// For heads of an even `width`: pair `i` turns by `theta^(-2i / width)` a place.
    pub(crate) fn new(theta: f64, width: usize, places: usize) -> Rotary {
        let half = width / 2;
        let step = root(theta, half);
        let mut power = 1.0;
        let speeds: Vec<f32> = (0..half)
            .map(|_| {
                let speed = 1.0 / power as f32;
                power *= step;
                speed
            })
            .collect();
        // Angles are rounded to f32 as PyTorch does it: at place 8,000 that is most of the error.
        let angles = (0..places).flat_map(|place| speeds.iter().map(move |s| s * place as f32));
        let (sin, cos) = angles.map(|angle| math::sin_cos(f64::from(angle))).unzip();
        Rotary { half, cos, sin }
    }

    /// Turns the heads of a row, which stand one after the other.
    pub(super) fn turn(&self, kernel: &dyn Kernel, place: usize, heads: &mut [f32]) {
        let at = place * self.half..(place + 1) * self.half;
        let (cos, sin) = (&self.cos[at.clone()], &self.sin[at]);
        for head in heads.chunks_exact_mut(2 * self.half) {
            kernel.rotate(head, cos, sin);
        }
    }
}

/// The `n`th root of a number of 1 or more, by halving: `powf` is the host's.
fn root(of: f64, n: usize) -> f64 {
    let power = |base: f64| (0..n).fold(1.0, |product, _| product * base);
    let (mut low, mut high) = (1.0, of);
    for _ in 0..100 {
        let middle = low + (high - low) / 2.0;
        if power(middle) < of { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_exact_to_the_last_digits() {
        for (of, n) in [(10_000.0, 32), (160_000.0, 32), (500.0, 7), (1.0, 3), (9.0, 2)] {
            let got: f64 = root(of, n);
            assert!((got - f64::powf(of, 1.0 / n as f64)).abs() < 1e-12 * got, "{of} {n}");
        }
    }

    #[test]
    fn places_turn_pairs() {
        let rotary = Rotary::new(10_000.0, 4, 3);
        let mut row = [1.0, 0.0, 0.0, 1.0];
        rotary.turn(biobert_kernels::kernel(biobert_kernels::Isa::best()).unwrap(), 2, &mut row);
        let want = [2.0_f32.cos(), -(0.02_f32.sin()), 2.0_f32.sin(), 0.02_f32.cos()];
        assert!(row.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6), "{row:?}");
    }
}

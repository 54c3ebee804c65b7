//! Attention against the same arithmetic value by value, bit for bit.

use super::{Random, bits, tiers};
use crate::lanes::sum;
use crate::quantize::{round_bits, symmetric};
use crate::{AttentionScratch, Bias, Head, Matrix, MatrixMut, math};

/// What is asked: `[rows, width]` in queries, keys and values one after another in each row.
struct Case {
    qkv: Vec<f32>,
    length: usize,
    width: usize,
    queries: usize,
    /// Keys that nothing is added to, and what is added to the others.
    bias: Option<(usize, Vec<f32>)>,
}

impl Case {
    fn new(random: &mut Random, length: usize, width: usize, queries: usize) -> Case {
        let mut qkv = random.values(length * 3 * width);
        // A channel that stays as it is, a token of zeros, one that is far out.
        qkv.iter_mut().skip(2 * width).step_by(3 * width).for_each(|value| *value = 0.75);
        qkv[length / 2 * 3 * width..][..3 * width].fill(0.0);
        qkv[length / 3 * 3 * width..][..width].iter_mut().for_each(|value| *value *= 9.0);
        Case { qkv, length, width, queries, bias: None }
    }

    fn part(&self, part: usize) -> Matrix<'_> {
        let stride = 3 * self.width;
        let rows = if part == 0 { self.queries } else { self.length };
        Matrix::new(&self.qkv[part * self.width..], rows, self.width, stride)
    }

    fn head(&self) -> Head<'_> {
        let bias = self.bias.as_ref();
        let bias = bias.map(|(first, values)| Bias { first: *first, values, start: self.queries });
        Head { query: self.part(0), key: self.part(1), value: self.part(2), bias }
    }

    /// Adds a window and a position bias to all but the first keys.
    fn with_bias(mut self, random: &mut Random) -> Case {
        let first = random.below(self.length);
        let mut values = random.values(self.queries + self.length - first);
        let far = random.below(values.len());
        values[far..].fill(Bias::OUT_OF_SIGHT);
        self.bias = Some((first, values));
        self
    }

    /// What is added to a score.
    fn added(&self, query: usize, key: usize) -> f32 {
        match &self.bias {
            Some((first, values)) if key >= *first => values[self.queries + key - first - query],
            _ => 0.0,
        }
    }

    /// Numbers of a row and their scale.
    fn key(&self, token: usize) -> (Vec<i32>, f32) {
        let row = self.part(1).row(token);
        let (factor, scale) = symmetric(row.iter().fold(0.0, |most, v| most.max(v.abs())));
        (row.iter().map(|v| i32::from(round_bits(v * factor) as i8)).collect(), scale)
    }

    /// Numbers of a channel, their scale and its mean.
    fn channel(&self, channel: usize) -> (Vec<i32>, f32, f32) {
        let values: Vec<f32> =
            (0..self.length).map(|token| self.part(2).row(token)[channel]).collect();
        let mean = values[1..].iter().fold(values[0], |total, v| total + v) / self.length as f32;
        let low = values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let (factor, scale) = symmetric((high - mean).max(mean - low));
        let number = |v: &f32| i32::from(round_bits((v - mean) * factor) as i8);
        (values.iter().map(number).collect(), scale, mean)
    }

    /// Numbers of a query less its zero point, and their scale.
    fn query(&self, row: usize) -> (Vec<i32>, f32) {
        let row = self.part(0).row(row);
        let low = row.iter().copied().fold(0.0, f32::min);
        let range = row.iter().copied().fold(0.0, f32::max) - low;
        if range < 1e-30 {
            return (vec![0; row.len()], 0.0);
        }
        let inverse = 255.0 / range;
        let zero = (-low * inverse).round_ties_even();
        let number = |v: &f32| (v * inverse + zero).clamp(0.0, 255.0).round_ties_even() - zero;
        (row.iter().map(|v| number(v) as i32).collect(), range / 255.0)
    }

    fn naive(&self) -> Vec<f32> {
        let dot = |a: &[i32], b: &[i32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<i32>() as f32;
        let keys: Vec<_> = (0..self.length).map(|token| self.key(token)).collect();
        let channels: Vec<_> = (0..self.width).map(|channel| self.channel(channel)).collect();
        let factor = std::f32::consts::LOG2_E / (self.width as f32).sqrt();
        let mut out = Vec::new();
        for row in 0..self.queries {
            let (query, scale) = self.query(row);
            let score = |(at, (key, s)): (usize, &(Vec<i32>, f32))| {
                let bias = self.added(row, at) * std::f32::consts::LOG2_E;
                dot(&query, key) * s * (scale * factor) + bias
            };
            let scores: Vec<f32> = keys.iter().enumerate().map(score).collect();
            let largest = scores.iter().copied().fold(f32::MIN, f32::max);
            let powers: Vec<f32> =
                scores.iter().map(|score| math::exp2_coarse(score - largest) * 255.0).collect();
            let steps: Vec<i32> = powers.iter().map(|p| p.round_ties_even() as i32).collect();
            let share = 1.0 / sum(&powers);
            out.extend(
                channels.iter().map(|(c, scale, mean)| dot(&steps, c) * (scale * share) + mean),
            );
        }
        out
    }
}

#[test]
fn attention_gives_the_bits_of_its_definition() {
    let mut random = Random(2718);
    let mut scratch = AttentionScratch::default();
    let mut shapes = vec![(1, 1, 1), (28, 64, 28), (20, 32, 20), (128, 64, 40), (384, 64, 33)];
    shapes.extend([(65, 48, 0), (500, 64, 3), (31, 80, 31), (64, 63, 64), (33, 17, 1)]);
    for _ in 0..60 {
        let length = 1 + random.below(100);
        shapes.push((length, 1 + random.below(90), random.below(length + 1)));
    }
    for (length, width, queries) in shapes {
        let case = Case::new(&mut random, length, width, queries);
        let case = if length % 2 == 0 { case.with_bias(&mut random) } else { case };
        let want = case.naive();
        for tier in tiers() {
            let mut out = vec![f32::NAN; queries * width];
            let view = MatrixMut::new(&mut out, queries, width, width);
            tier.attention(case.head(), &mut scratch, view);
            let name = tier.isa().name();
            assert_eq!(bits(&out), bits(&want), "{name} differs at {length}x{width}, {queries}");
        }
    }
}

#[test]
fn attention_of_what_is_not_a_number_agrees_between_tiers() {
    let mut random = Random(3141);
    let mut scratch = AttentionScratch::default();
    for round in 0..200 {
        let (length, width) = (1 + random.below(40), 1 + random.below(70));
        let mut case = Case::new(&mut random, length, width, length);
        for _ in 0..1 + random.below(3) {
            let at = random.below(case.qkv.len());
            case.qkv[at] = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY][round % 3];
        }
        if round % 5 == 0 {
            // A whole row, whose extremes then are no numbers either.
            let row = random.below(length) * 3 * width;
            case.qkv[row..row + width].fill([f32::NAN, f32::INFINITY][round / 5 % 2]);
            case.qkv[row] = 1e-3;
        }
        let mut first: Option<Vec<u32>> = None;
        for tier in tiers() {
            let mut out = vec![0.0; length * width];
            let view = MatrixMut::new(&mut out, length, width, width);
            tier.attention(case.head(), &mut scratch, view);
            // Which NaN it is, is not ours to say.
            out.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = f32::NAN);
            let first = first.get_or_insert_with(|| bits(&out));
            assert_eq!(*first, bits(&out), "{} differs", tier.isa().name());
        }
    }
}

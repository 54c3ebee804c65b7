//! Quantized rows against the definition, written as one sweep for each thing that is asked.

use super::{Random, plain_row, tiers};
use crate::math::ROUND;

fn range(row: &[f32]) -> (f32, f32) {
    row.iter().fold((0.0, 0.0), |(low, high), &v| {
        (if low < v { low } else { v }, if high > v { high } else { v })
    })
}

fn steps(row: &[f32], low: f32, range: f32, out: &mut [u8]) -> (f32, i32) {
    if range.is_nan() || range < 1e-30 {
        return (0.0, 0);
    }
    let inverse = 255.0 / range;
    let zero = -low * inverse + ROUND - ROUND;
    for (out, value) in out.iter_mut().zip(row) {
        let place = (value * inverse + zero).clamp(0.0, 255.0);
        *out = (place + ROUND).to_bits() as u8;
    }
    (range / 255.0, zero as i32)
}

/// What [`Kernel::quantize`](crate::Kernel::quantize) has to give for a row of numbers, in bytes.
fn naive(row: &[f32]) -> Vec<u8> {
    let padded = row.len().next_multiple_of(64);
    let mut out = vec![0; padded + 16];
    let (low, high) = range(row);
    let outlier = if high > -low { high } else { low };
    let others: Vec<f32> = row.iter().map(|&v| if v == outlier { 0.0 } else { v }).collect();
    let (others_low, others_high) = range(&others);
    let most = (others_high - others_low).max(outlier.abs() / 64.0);
    let is_alone = row.iter().filter(|&&v| v == outlier).count() == 1;
    let (mut place, mut excess) = (0, 0);
    let (scale, zero) = if is_alone && high - low >= 1.1 * most {
        let (scale, zero) = steps(row, others_low, most, &mut out);
        let step = outlier * (255.0 / most) + zero as f32;
        // As the kernels compare: NaN, which a range near 0 gives, becomes 255.
        let inside = if step < 255.0 { step } else { 255.0 };
        excess = (step - if inside > 0.0 { inside } else { 0.0 } + ROUND - ROUND) as i32;
        place = row.iter().position(|&v| v == outlier).unwrap() as i32;
        (scale, zero)
    } else {
        steps(row, low, high - low, &mut out)
    };
    out[padded..][..4].copy_from_slice(&scale.to_ne_bytes());
    for (at, word) in [zero, place, excess].into_iter().enumerate() {
        out[padded + 4 + 4 * at..][..4].copy_from_slice(&word.to_ne_bytes());
    }
    out
}

fn check(row: &[f32]) {
    let want = naive(row);
    for tier in tiers() {
        assert_eq!(want, plain_row(tier, row), "{} differs for {row:?}", tier.isa().name());
    }
}

/// Rows of the kinds that are decided differently: one value far out or two that tie, on either
/// side, of few distinct values, of one sign, tiny, huge.
fn variants(random: &mut Random, length: usize) -> Vec<Vec<f32>> {
    let row = random.values(length);
    let all = |f: &dyn Fn(f32) -> f32| row.iter().map(|&v| f(v)).collect::<Vec<f32>>();
    let mut rows = vec![
        row.clone(),
        all(&f32::abs),
        all(&|v| -v.abs()),
        all(&|v| (2.0 * v).round()),
        all(&|v| v * 1e-31),
        all(&|v| v * 1e-39),
        all(&|v| v * 1e38),
        all(&|_| 0.0),
        all(&|_| -0.0),
        all(&|v| if v > 1.9 { v } else { 0.0 }),
    ];
    for far in [2.1, 9.0, -9.0, 500.0, -1e6, 3e38, 1e-40] {
        let mut row = row.clone();
        let first = random.below(length);
        row[first] = far;
        rows.push(row.clone());
        // The same value again or its opposite, in the same lane or in another.
        let second = [random.below(length), (first + 32) % length, (first + 1) % length];
        row[second[random.below(3)]] = far * [1.0, -1.0, 0.95][random.below(3)];
        rows.push(row);
    }
    let mut lonely = vec![0.0; length];
    lonely[random.below(length)] = [1.0, -1.0, 1e-40, -1e-40][random.below(4)];
    rows.push(lonely);
    rows
}

#[test]
fn rows_are_quantized_as_the_definition_says() {
    let mut random = Random(4711);
    for _ in 0..3 {
        for length in (1..=70).chain([96, 384, 768, 3072]) {
            for row in variants(&mut random, length) {
                check(&row);
            }
        }
    }
    check(&[]);
}

#[test]
fn rows_that_are_not_numbers_agree_between_tiers() {
    let mut random = Random(13);
    for round in 0..2000 {
        let length = 1 + random.below(100);
        let mut row = random.values(length);
        for _ in 0..1 + random.below(3) {
            let at = random.below(row.len());
            row[at] = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY][random.below(4)];
        }
        if round % 50 == 0 {
            row.fill(f32::NAN);
        }
        let mut first: Option<Vec<u8>> = None;
        for tier in tiers() {
            let out = plain_row(tier, &row);
            let first = first.get_or_insert_with(|| out.clone());
            assert_eq!(first, &out, "{} differs for {row:?}", tier.isa().name());
        }
    }
}

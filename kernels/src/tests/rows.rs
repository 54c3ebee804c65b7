//! What is done to a row in one sweep, against the same in several.

use super::{Random, bits, tiers};
use crate::lanes::{fold, sum};
use crate::math;

/// The definition: mean, what is left, variance, each in a sweep of its own.
fn naive_layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
    let count = row.len() as f32;
    let mean = sum(row) / count;
    row.iter_mut().for_each(|value| *value -= mean);
    let variance = fold(row, 0.0, |total, value| total + value * value, |a, b| a + b) / count;
    let deviation = (variance + eps).sqrt();
    for (at, value) in row.iter_mut().enumerate() {
        *value = *value / deviation * scale[at] + shift[at];
    }
}

#[test]
fn layer_norm_and_add_norm_are_what_their_sweeps_would_give() {
    let mut random = Random(23);
    for length in (0..70).chain([384, 768, 1000, 3072]) {
        for far in [0.5, 30.0, 1e30, f32::INFINITY, f32::NAN] {
            let mut row = random.values(length);
            row.iter_mut().skip(length / 2).take(1).for_each(|value| *value = far);
            let (other, scale, shift) =
                (random.values(length), random.values(length), random.values(length));
            for tier in tiers() {
                let (mut got, mut want) = (row.clone(), row.clone());
                tier.layer_norm(&mut got, &scale, &shift, 1e-12);
                naive_layer_norm(&mut want, &scale, &shift, 1e-12);
                assert!(same(&got, &want), "{} differs at {length}", tier.isa().name());

                let (mut got, mut want) = (row.clone(), row.clone());
                tier.add_norm(&mut got, &other, &scale, &shift, 1e-12);
                tier.add(&mut want, &other);
                naive_layer_norm(&mut want, &scale, &shift, 1e-12);
                assert!(same(&got, &want), "{} differs at {length}", tier.isa().name());
            }
        }
    }
}

/// The same bits, or both not a number.
fn same(a: &[f32], b: &[f32]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.is_nan() && b.is_nan() || bits(&[*a]) == bits(&[*b]))
}

#[test]
fn gate_and_rotate_are_what_each_value_would_give() {
    let mut random = Random(29);
    for half in (0..40).chain([576, 1152]) {
        let row = random.values(2 * half);
        let (cos, sin) = (random.values(half), random.values(half));
        let gated = (0..half).map(|i| math::gelu(row[i]) * row[half + i]);
        let gated: Vec<f32> = gated.chain(row[half..].iter().copied()).collect();
        let first = (0..half).map(|i| row[i] * cos[i] - row[half + i] * sin[i]);
        let second = (0..half).map(|i| row[half + i] * cos[i] + row[i] * sin[i]);
        let turned: Vec<f32> = first.chain(second).collect();
        for tier in tiers() {
            let (mut gate, mut rotate) = (row.clone(), row.clone());
            tier.gate(&mut gate);
            tier.rotate(&mut rotate, &cos, &sin);
            assert!(same(&gate, &gated), "{} gates {half}", tier.isa().name());
            assert!(same(&rotate, &turned), "{} turns {half}", tier.isa().name());
        }
    }
}

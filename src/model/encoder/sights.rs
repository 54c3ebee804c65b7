//! What the layers of an encoder see, from its configuration.

use std::sync::Arc;

use crate::engine::{Rotary, Sight};
use crate::files::config::{AttentionConfig, EncoderConfig};

/// What each layer sees; `relative` are the biases of distances, `[buckets, heads]`. Layers that see the
/// same share it.
pub(crate) fn sights(config: &EncoderConfig, relative: Option<&[f32]>) -> Vec<Arc<Sight>> {
    let mut known: Vec<(AttentionConfig, Arc<Sight>)> = Vec::new();
    let sight = |attention: &AttentionConfig| {
        if let Some((_, sight)) = known.iter().find(|(known, _)| known == attention) {
            return sight.clone();
        }
        let mut sight = match (attention.window, relative) {
            (Some(window), _) => Sight::window(window),
            (None, Some(biases)) => Sight::biased(by_distance(config, biases), config.max_tokens()),
            (None, None) => Sight::default(),
        };
        if let Some(theta) = attention.rotary {
            let rotary = Rotary::new(theta, config.head_width(), config.max_tokens());
            sight = sight.with_rotary(Arc::new(rotary));
        }
        let sight = Arc::new(sight);
        known.push((*attention, sight.clone()));
        sight
    };
    config.attention.iter().map(sight).collect()
}

/// From biases of buckets to those of distances, `[heads, 2 * tokens - 1]`.
fn by_distance(config: &EncoderConfig, biases: &[f32]) -> Vec<f32> {
    let (heads, tokens) = (config.num_attention_heads, config.max_tokens() as isize);
    let buckets = biases.len() / heads;
    let of = |head: usize| {
        (1 - tokens..tokens).map(move |distance| biases[bucket(distance, buckets) * heads + head])
    };
    (0..heads).flat_map(of).collect()
}

/// Distances above this share a bucket.
const FAR: f64 = 128.0;

/// The bucket of `key - query` (Raffel et al. 2020; `relative_position_bucket` of `modeling_mpnet.py`):
/// half of them for each side; of a side the first half for one distance each, the others for distances
/// that grow by a factor.
fn bucket(distance: isize, buckets: usize) -> usize {
    let side = buckets / 2;
    let exact = side / 2;
    let far = distance.unsigned_abs();
    let within = if far < exact {
        far
    } else {
        // The last step whose power of the whole factor is not above the distance's: without a logarithm,
        // so that it is the same everywhere, and exact where both are powers of two.
        let steps = side - exact;
        let power = |base: f64, n: usize| (0..n).fold(1.0, |product: f64, _| product * base);
        let reach = power(far as f64 / exact as f64, steps);
        let step = (0..steps).rev().find(|&step| power(FAR / exact as f64, step) <= reach);
        exact + step.unwrap_or(0)
    };
    if distance > 0 { side + within } else { within }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_those_of_transformers() {
        // `MPNetEncoder.relative_position_bucket` of transformers 5.24, 32 buckets.
        let known = [
            (0, 0),
            (-1, 1),
            (-7, 7),
            (-8, 8),
            (-11, 8),
            (-12, 9),
            (-15, 9),
            (-16, 10),
            (-22, 10),
            (-23, 11),
            (-31, 11),
            (-32, 12),
            (-45, 12),
            (-46, 13),
            (-63, 13),
            (-64, 14),
            (-90, 14),
            (-91, 15),
            (-128, 15),
            (-511, 15),
            (1, 17),
            (8, 24),
            (16, 26),
            (64, 30),
            (400, 31),
        ];
        for (distance, want) in known {
            assert_eq!(bucket(distance, 32), want, "{distance}");
        }
    }
}

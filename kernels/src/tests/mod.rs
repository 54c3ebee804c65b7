//! Every tier against a naive reference and, bit for bit, against the portable one.

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod amx;
mod attention;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod float_env;
mod quantize;
mod rows;

use std::sync::Once;

use crate::{
    AttentionScratch, Head, Isa, Kernel, Matrix, MatrixMut, Panels, QuantPanels, QuantRows,
    QuantWeights, ROW_BLOCK, kernel, math,
};

/// Small, seeded and good enough for test data (Marsaglia's xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn values(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| (self.next() >> 40) as f32 / (1 << 22) as f32 - 2.0).collect()
    }
}

fn tiers() -> Vec<&'static dyn Kernel> {
    static SAY_ONCE: Once = Once::new();
    SAY_ONCE.call_once(|| {
        for isa in Isa::ALL {
            let what =
                if isa.is_available() { "tested" } else { "skipped, this processor lacks it" };
            println!("tier {}: {what}", isa.name());
        }
    });
    Isa::available().map(|isa| kernel(isa).expect("an available tier has a kernel")).collect()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|v| v.to_bits()).collect()
}

#[test]
fn matmul_agrees_with_a_naive_product_and_between_tiers() {
    let mut random = Random(20190125);
    for _ in 0..60 {
        let (rows, k, n) = (random.below(20), random.below(70), 1 + random.below(70));
        let (x_stride, out_stride) = (k + random.below(5), n + random.below(5));
        let x = random.values(rows * x_stride);
        let w = random.values(k * n);
        let panels = Panels::pack(k, n, |k, c| w[k * n + c]);
        let poison = f32::from_bits(0x7FC0_1234);
        let mut first: Option<Vec<f32>> = None;
        for tier in tiers() {
            let mut out = vec![poison; rows * out_stride];
            tier.matmul(
                Matrix::new(&x, rows, k, x_stride),
                &panels,
                MatrixMut::new(&mut out, rows, n, out_stride),
            );
            for r in 0..rows {
                for c in 0..n {
                    let want: f64 = (0..k)
                        .map(|k| f64::from(x[r * x_stride + k]) * f64::from(w[k * n + c]))
                        .sum();
                    let got = out[r * out_stride + c];
                    assert!((f64::from(got) - want).abs() < 1e-4, "{rows}x{k}x{n} at {r},{c}");
                }
                for gap in &out[r * out_stride + n..(r + 1) * out_stride] {
                    assert_eq!(gap.to_bits(), poison.to_bits(), "wrote between rows");
                }
            }
            let first = first.get_or_insert_with(|| out.clone());
            assert_eq!(bits(first), bits(&out), "{} differs", tier.isa().name());
        }
    }
}

#[test]
fn row_operations_agree_between_tiers() {
    let mut random = Random(7);
    for length in (0..70).chain([384, 1000]) {
        let row = random.values(length);
        let (a, b) = (random.values(length), random.values(length));
        let mut first: Option<Vec<u32>> = None;
        for tier in tiers() {
            let mut got = Vec::new();
            let mut run = |operation: &dyn Fn(&mut [f32])| {
                let mut row = row.clone();
                operation(&mut row);
                got.extend(bits(&row));
            };
            run(&|row| tier.add(row, &a));
            run(&|row| tier.bias_gelu(row, &a));
            run(&|row| tier.softmax(row, 0.25));
            run(&|row| tier.layer_norm(row, &a, &b, 1e-12));
            let first = first.get_or_insert_with(|| got.clone());
            assert_eq!(first, &got, "{} differs at length {length}", tier.isa().name());
        }
    }
}

#[test]
fn row_operations_compute_what_they_say() {
    let mut random = Random(11);
    let row = random.values(100);
    let wide: Vec<f64> = row.iter().map(|&v| f64::from(v)).collect();
    for tier in tiers() {
        let mut got = row.clone();
        tier.softmax(&mut got, 0.5);
        let total: f64 = wide.iter().map(|v| (v * 0.5).exp()).sum();
        for (got, v) in got.iter().zip(&wide) {
            assert!((f64::from(*got) - (v * 0.5).exp() / total).abs() < 1e-7);
        }

        let mut got = row.clone();
        tier.layer_norm(&mut got, &[2.0; 100], &[0.5; 100], 1e-12);
        let mean = wide.iter().sum::<f64>() / 100.0;
        let deviation = (wide.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 100.0).sqrt();
        for (got, v) in got.iter().zip(&wide) {
            assert!((f64::from(*got) - ((v - mean) / deviation * 2.0 + 0.5)).abs() < 1e-5);
        }

        let mut got = [1.0_f32];
        tier.bias_gelu(&mut got, &[0.0]);
        assert!((got[0] - 0.841_344_7).abs() < 1e-6);
    }
}

/// erf by its Taylor series: slow, and exact to f64 in this range.
fn exact_erf(x: f64) -> f64 {
    let (mut term, mut total, mut n) = (x, x, 0.0);
    while term.abs() > 1e-20 {
        n += 1.0;
        term *= -x * x / n;
        total += term / (2.0 * n + 1.0);
    }
    total * 2.0 / std::f64::consts::PI.sqrt()
}

#[test]
fn sine_and_cosine_are_right_to_the_last_bit_or_two() {
    for i in -70_000..=70_000 {
        let x = f64::from(i) * 0.123_456_789;
        let (sin, cos) = math::sin_cos(x);
        assert!((f64::from(sin) - x.sin()).abs() < 6e-8, "sin {x}");
        assert!((f64::from(cos) - x.cos()).abs() < 6e-8, "cos {x}");
    }
}

#[test]
fn exp_and_erf_keep_their_stated_error() {
    for i in -86_000..=88_000 {
        let x = i as f32 / 1000.0;
        let want = f64::from(x).exp();
        let error = (f64::from(math::exp(x)) - want).abs() / want;
        assert!(error < 2e-7, "exp({x}) is off by {error}");
    }
    for i in -30_000..=0 {
        let x = i as f32 / 1000.0;
        let want = f64::from(x).exp2();
        let error = (f64::from(math::exp2_coarse(x)) - want).abs() / want;
        assert!(error < 1.1e-4, "2^{x} is off by {error}");
    }
    assert_eq!(math::exp2_coarse(0.0), 1.0);
    assert_eq!(math::exp2_coarse(f32::MIN), 0.0);
    assert_eq!(math::exp(0.0), 1.0);
    assert_eq!(math::exp(-88.0), 0.0);
    assert_eq!(math::exp(f32::NEG_INFINITY), 0.0);
    assert!(math::exp(f32::NAN).is_nan());
    for i in -60_000..=60_000 {
        let x = i as f32 / 1000.0;
        let error = (math::gelu_coarse(x) - math::gelu(x)).abs();
        assert!(error < 3e-4, "gelu({x}) is off by {error}");
    }
    for i in -5_000..=5_000 {
        let x = i as f32 / 1000.0;
        let error = (f64::from(math::erf(x)) - exact_erf(f64::from(x))).abs();
        assert!(error < 4e-7, "erf({x}) is off by {error}");
    }
}

#[test]
fn softmax_of_far_apart_values_stays_finite() {
    for tier in tiers() {
        let mut row = [-1e30, 0.0, 1e4];
        tier.softmax(&mut row, 1.0);
        assert_eq!(row, [0.0, 0.0, 1.0]);
    }
}

#[test]
fn quantized_places_are_distinct_and_inside() {
    for (k, n) in [(1, 1), (4, 16), (26, 33), (64, 32), (100, 70)] {
        let layout = QuantPanels::new(k, n);
        let mut seen = vec![false; layout.len()];
        for k in 0..layout.padded_k() {
            for n in 0..layout.padded_n() {
                assert!(!std::mem::replace(&mut seen[layout.index(k, n)], true));
            }
        }
    }
}

/// A layer of random int8 weights, as a bundle would hold it.
struct Layer {
    layout: QuantPanels,
    bytes: Vec<u8>,
    scales: Vec<f32>,
    sums: Vec<i32>,
    bias: Vec<f32>,
}

impl Layer {
    fn random(random: &mut Random, k: usize, n: usize) -> Layer {
        let layout = QuantPanels::new(k, n);
        let mut layer = Layer {
            layout,
            bytes: vec![0; layout.len()],
            scales: vec![0.0; layout.padded_n()],
            sums: vec![0; layout.padded_n()],
            bias: vec![0.0; layout.padded_n()],
        };
        for n in 0..n {
            layer.scales[n] = 0.001 * (1 + random.below(9)) as f32;
            layer.bias[n] = random.values(1)[0];
            for k in 0..k {
                // Mostly the ends of the range: where an instruction that saturates would show.
                let value = [127, -127, random.below(255) as i32 - 127][random.below(3)];
                layer.bytes[layout.index(k, n)] = value as u8;
                layer.sums[n] += value;
            }
        }
        layer
    }

    fn weights(&self) -> QuantWeights<'_> {
        let Layer { layout, bytes, scales, sums, bias } = self;
        QuantWeights { layout: *layout, bytes, scales, sums, bias, next: &[] }
    }
}

/// Quantized rows with rubbish after the last.
fn quantized(tier: &dyn Kernel, random: &mut Random, x: &[f32], k: usize) -> Vec<u8> {
    let (rows, stride) = (x.len() / k, tier.row_bytes(k));
    let mut bytes: Vec<u8> =
        (0..rows.next_multiple_of(ROW_BLOCK) * stride).map(|_| random.below(256) as u8).collect();
    for (row, out) in x.chunks_exact(k).zip(bytes.chunks_exact_mut(stride)) {
        tier.quantize(row, out);
    }
    bytes
}

/// A quantized row with its values in bytes, as some tiers hold them anyway; the words of its
/// parameters that nobody reads are left out.
fn plain(tier: &dyn Kernel, row: &[u8], k: usize) -> Vec<u8> {
    let (values, params) = row.split_at(row.len() - 64);
    let size = values.len() / k.next_multiple_of(64).max(1);
    let number = |value: &[u8]| match *value {
        [step] => step,
        [low, high] => u8::try_from(u16::from_ne_bytes([low, high])).expect("a step"),
        _ => panic!("{}: a value of {size} bytes", tier.isa().name()),
    };
    let steps = values.chunks_exact(size.max(1)).map(number);
    steps.chain(params[..16].iter().copied()).collect()
}

/// What a tier makes of a row, as [`plain`] has it, in memory that was not empty.
fn plain_row(tier: &dyn Kernel, row: &[f32]) -> Vec<u8> {
    let mut out = vec![0xAA; tier.row_bytes(row.len())];
    tier.quantize(row, &mut out);
    plain(tier, &out, row.len())
}

/// Scale and whole numbers that a plain row stands for, its outlier with its excess.
fn meaning(row: &[u8], k: usize) -> (f32, Vec<i64>) {
    let words = row[row.len() - 16..].as_chunks::<4>().0;
    let word = |index: usize| i64::from(i32::from_ne_bytes(words[index]));
    let mut steps: Vec<i64> = row[..k].iter().map(|&q| i64::from(q) - word(1)).collect();
    assert!((0..=255).contains(&word(1)));
    steps[word(2) as usize] += word(3);
    (f32::from_ne_bytes(words[0]), steps)
}

#[test]
fn quantized_rows_lie_within_half_a_step_and_agree_between_tiers() {
    let mut random = Random(5);
    let mut outliers = 0;
    for k in (1..40).chain([64, 100, 384, 3072]) {
        for shift in [0.0, 2.5, -7.0] {
            for factor in [1.0, 1.5, -4.0, 30.0, 1e6] {
                let mut row: Vec<f32> = random.values(k).iter().map(|v| v + shift).collect();
                row[k / 2] *= factor;
                let mut first: Option<Vec<u8>> = None;
                for tier in tiers() {
                    let out = plain_row(tier, &row);
                    let (scale, steps) = meaning(&out, k);
                    for (value, steps) in row.iter().zip(&steps) {
                        let back = scale * *steps as f32;
                        // Half a step, and half a step more where the zero point was rounded.
                        let most = (1.001 * scale).max(value.abs() * 1e-6);
                        assert!((value - back).abs() <= most, "{value} became {back}");
                    }
                    outliers += usize::from(steps.iter().any(|steps| steps.abs() > 255));
                    assert!(out[k..out.len() - 16].iter().all(|&byte| byte == 0), "padding");
                    let first = first.get_or_insert_with(|| out.clone());
                    assert_eq!(first, &out, "{} differs", tier.isa().name());
                }
            }
        }
    }
    assert!(outliers > 100, "only {outliers} rows had an outlier");
    for tier in tiers() {
        for row in [[0.0; 3], [1e-40; 3], [f32::NAN; 3], [f32::INFINITY, 1.0, 2.0]] {
            let (_, steps) = meaning(&plain_row(tier, &row), 3);
            assert!(steps.iter().all(|steps| steps.abs() < 1 << 16), "{row:?} became {steps:?}");
        }
    }
}

#[test]
fn the_scale_of_a_row_is_the_range_of_all_or_of_all_but_one() {
    let mut random = Random(31);
    for _ in 0..2000 {
        let mut row = random.values(32);
        let factor = [1.0, 1.05, 1.2, 3.0][random.below(4)];
        row[random.below(32)] *= factor;
        let range = |values: &mut dyn Iterator<Item = f32>| {
            let (low, high) = values.fold((0.0_f32, 0.0_f32), |(l, h), v| (l.min(v), h.max(v)));
            high - low
        };
        let far = (0..32).max_by(|&a, &b| row[a].abs().total_cmp(&row[b].abs())).unwrap();
        let whole = range(&mut row.iter().copied());
        let others = range(&mut (0..32).filter(|&at| at != far).map(|at| row[at]));
        let want = if whole >= 1.1 * others { others } else { whole } / 255.0;
        assert_eq!(meaning(&plain_row(tiers()[0], &row), 32).0, want, "{row:?}");
    }
}

#[test]
fn an_outlier_leaves_the_steps_to_the_others() {
    let mut row = Random(17).values(384);
    row[99] = 30.0;
    let (scale, steps) = meaning(&plain_row(tiers()[0], &row), 384);
    assert!(scale < 4.001 / 255.0, "the range of the others is 4, the scale {scale}");
    assert!((scale * steps[99] as f32 - 30.0).abs() <= scale);
}

#[test]
fn linear_is_exact_and_agrees_between_tiers() {
    let mut random = Random(20260101);
    for round in 0..80 {
        let (rows, k, n) = (random.below(70), 1 + random.below(200), 1 + random.below(100));
        let (rows, k, n) = if round == 0 { (9, 3072, 40) } else { (rows, k, n) };
        let layer = Layer::random(&mut random, k, n);
        let mut x = random.values(rows * k);
        for row in x.chunks_exact_mut(k) {
            // Ends of the range: where an instruction that saturates would show; and an outlier.
            row.iter_mut().step_by(3).for_each(|value| *value = 2.0);
            row[k / 2] *= [1.0, -9.0, 40.0][random.below(3)];
        }
        let stride = n + random.below(5);
        let mut first: Option<Vec<u32>> = None;
        for tier in tiers() {
            let bytes = quantized(tier, &mut random, &x, k);
            let poison = f32::from_bits(0x7FC0_1234);
            let run = |gelu| {
                let mut out = vec![poison; rows * stride];
                let view = MatrixMut::new(&mut out, rows, n, stride);
                tier.linear(
                    QuantRows::new(&bytes, rows, k, tier.row_bytes(k)),
                    &layer.weights(),
                    gelu,
                    view,
                );
                out
            };
            let out = run(false);
            for (r, row) in bytes.chunks_exact(tier.row_bytes(k)).take(rows).enumerate() {
                let (scale, steps) = meaning(&plain(tier, row, k), k);
                for c in 0..n {
                    let weight = |k| i64::from(layer.bytes[layer.layout.index(k, c)] as i8);
                    let sum: i64 = steps.iter().enumerate().map(|(k, x)| x * weight(k)).sum();
                    let want = sum as f32 * (scale * layer.scales[c]) + layer.bias[c];
                    assert_eq!(out[r * stride + c], want, "{rows}x{k}x{n} at {r},{c}");
                }
                for gap in &out[r * stride + n..(r + 1) * stride] {
                    assert_eq!(gap.to_bits(), poison.to_bits(), "wrote between rows");
                }
            }
            let all = [out, run(true)].concat();
            let first = first.get_or_insert_with(|| bits(&all));
            assert_eq!(*first, bits(&all), "{} differs", tier.isa().name());
        }
    }
}

#[test]
fn attention_is_near_the_exact_one_and_agrees_between_tiers() {
    let mut random = Random(99);
    let mut scratch = AttentionScratch::default();
    for round in 0..60 {
        let (length, width) = (1 + random.below(90), 1 + random.below(80));
        let (length, width) = if round == 0 { (500, 64) } else { (length, width) };
        let queries = 1 + random.below(length);
        let stride = 3 * width + random.below(7);
        let qkv = random.values(length * stride);
        let head = Head {
            query: Matrix::new(&qkv, queries, width, stride),
            key: Matrix::new(&qkv[width..], length, width, stride),
            value: Matrix::new(&qkv[2 * width..], length, width, stride),
            bias: None,
        };
        let mut first: Option<Vec<u32>> = None;
        for tier in tiers() {
            let mut out = vec![f32::NAN; queries * width];
            tier.attention(head, &mut scratch, MatrixMut::new(&mut out, queries, width, width));
            for (q, out) in out.chunks_exact(width).enumerate() {
                let at = |row: usize, part: usize, c: usize| {
                    f64::from(qkv[row * stride + part * width + c])
                };
                let scores: Vec<f64> = (0..length)
                    .map(|t| (0..width).map(|c| at(q, 0, c) * at(t, 1, c)).sum::<f64>())
                    .map(|score| (score / (width as f64).sqrt()).exp())
                    .collect();
                let total: f64 = scores.iter().sum();
                for (c, out) in out.iter().enumerate() {
                    let want: f64 = (0..length).map(|t| scores[t] / total * at(t, 2, c)).sum();
                    assert!((f64::from(*out) - want).abs() < 0.06, "{out}, should be {want}");
                }
            }
            let first = first.get_or_insert_with(|| bits(&out));
            assert_eq!(*first, bits(&out), "{} differs", tier.isa().name());
        }
    }
}

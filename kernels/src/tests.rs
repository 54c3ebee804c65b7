//! Every tier against a naive reference and, bit for bit, against the portable one.

use crate::{FloatEnv, Isa, Kernel, Matrix, MatrixMut, Panels, QuantPanels, kernel, math};

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
    for isa in Isa::ALL {
        println!(
            "tier {}: {}",
            isa.name(),
            if isa.is_available() { "tested" } else { "skipped, this processor lacks it" }
        );
    }
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
fn exp_and_erf_keep_their_stated_error() {
    for i in -86_000..=88_000 {
        let x = i as f32 / 1000.0;
        let want = f64::from(x).exp();
        let error = (f64::from(math::exp(x)) - want).abs() / want;
        assert!(error < 2e-7, "exp({x}) is off by {error}");
    }
    assert_eq!(math::exp(0.0), 1.0);
    assert_eq!(math::exp(-88.0), 0.0);
    assert_eq!(math::exp(f32::NEG_INFINITY), 0.0);
    assert!(math::exp(f32::NAN).is_nan());
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

#[cfg(target_arch = "x86_64")]
#[test]
fn results_do_not_depend_on_the_hosts_rounding_and_flushing() {
    fn set(value: u32) {
        // SAFETY: sets rounding mode, flush-to-zero and denormals-are-zero, all exceptions masked.
        unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &value) };
    }
    fn product() -> Vec<u32> {
        let _env = FloatEnv::standard();
        let values = Random(3).values(64 * 64);
        let w = Panels::pack(64, 64, |k, n| values[k * 64 + n] * 1e-20);
        let mut out = vec![0.0; 64 * 64];
        let x: Vec<f32> = values.iter().map(|v| v * 1e-20).collect();
        kernel(Isa::best()).unwrap().matmul(
            Matrix::new(&x, 64, 64, 64),
            &w,
            MatrixMut::new(&mut out, 64, 64, 64),
        );
        bits(&out)
    }
    let plain = product();
    set(0x1F80 | 0x8040 | 0x6000); // FTZ, DAZ, round towards zero
    let changed = product();
    let after = {
        let mut control = 0u32;
        // SAFETY: writes the four bytes pointed to.
        unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut control) };
        control & 0xFFC0
    };
    set(0x1F80);
    assert!(plain == changed, "the host's floating-point mode shows in the result");
    assert_eq!(after, 0x1F80 | 0x8040 | 0x6000, "the host's mode was not restored");
}

//! Every kernel of every tier that this processor has, alone on one thread: `make bench`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use biobert_kernels::{
    AttentionScratch, Head, Isa, Kernel, Matrix, MatrixMut, Panels, QuantPanels, QuantRows,
    QuantWeights, ROW_BLOCK, kernel,
};

/// Time that each figure gets; the best of the runs counts, since a neighbour only ever slows down.
const TIME: Duration = Duration::from_millis(200);

/// Seconds of the fastest run.
fn fastest(mut run: impl FnMut()) -> f64 {
    run();
    let begin = Instant::now();
    let mut best = f64::INFINITY;
    while begin.elapsed() < TIME {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64());
    }
    best
}

fn values(count: usize) -> Vec<f32> {
    (0..count).map(|i| (i * 7919 % 2003) as f32 / 1000.0 - 1.0).collect()
}

/// A linear layer in int8 with rows for it.
struct Linear {
    layout: QuantPanels,
    bytes: Vec<u8>,
    scales: Vec<f32>,
    sums: Vec<i32>,
}

impl Linear {
    fn new(k: usize, n: usize) -> Linear {
        let layout = QuantPanels::new(k, n);
        let bytes = (0..layout.len()).map(|i| (i * 31 % 251) as u8).collect();
        let (scales, sums) = (vec![1e-4; layout.padded_n()], vec![0; layout.padded_n()]);
        Linear { layout, bytes, scales, sums }
    }

    fn weights(&self) -> QuantWeights<'_> {
        let Linear { layout, bytes, scales, sums } = self;
        QuantWeights { layout: *layout, bytes, scales, sums, bias: scales, next: &[] }
    }

    /// Products of one multiplication with `rows` rows.
    fn products(&self, rows: usize) -> f64 {
        (rows * self.layout.k() * self.layout.n()) as f64
    }
}

fn quantized(tier: &dyn Kernel, rows: usize, k: usize) -> Vec<u8> {
    let stride = tier.row_bytes(k);
    let mut x = vec![0; rows.next_multiple_of(ROW_BLOCK) * stride];
    for (row, out) in values(rows * k).chunks_exact(k).zip(x.chunks_exact_mut(stride)) {
        tier.quantize(row, out);
    }
    x
}

/// GMAC/s of the int8 linear layer.
fn linear(tier: &dyn Kernel, rows: usize, k: usize, n: usize, gelu: bool) -> f64 {
    let linear = Linear::new(k, n);
    let x = quantized(tier, rows, k);
    let mut out = vec![0.0; rows * n];
    let seconds = fastest(|| {
        let x = black_box(QuantRows::new(&x, rows, k, tier.row_bytes(k)));
        tier.linear(x, &linear.weights(), gelu, MatrixMut::new(&mut out, rows, n, n));
    });
    linear.products(rows) / seconds / 1e9
}

/// GMAC/s of products alone, with panels that lie in L2.
fn limit(tier: &dyn Kernel) -> f64 {
    let (rows, k, n) = (128, 768, 128);
    let linear = Linear::new(k, n);
    let x = quantized(tier, rows, k);
    let seconds = fastest(|| {
        let x = black_box(QuantRows::new(&x, rows, k, tier.row_bytes(k)));
        black_box(tier.products(x, &linear.weights()));
    });
    linear.products(rows) / seconds / 1e9
}

/// GMAC/s of all linear layers of BERT-base, twelve times 7 MB of weights from memory, over blocks of
/// 128 rows as the encoder takes them.
fn all_linears(tier: &dyn Kernel, blocks: usize) -> f64 {
    const ROWS: usize = 128;
    let shapes = [(768, 2304, false), (768, 768, false), (768, 3072, true), (3072, 768, false)];
    let layers: Vec<_> = (0..12).flat_map(|_| shapes.map(|(k, n, _)| Linear::new(k, n))).collect();
    let rows = [768, 3072].map(|k| quantized(tier, ROWS, k));
    let mut out = vec![0.0; ROWS * 3072];
    let seconds = fastest(|| {
        for layer in layers.chunks_exact(shapes.len()) {
            for _ in 0..blocks {
                for (linear, (k, n, gelu)) in layer.iter().zip(shapes) {
                    let x = QuantRows::new(&rows[k / 3072], ROWS, k, tier.row_bytes(k));
                    let out = MatrixMut::new(&mut out, ROWS, n, n);
                    tier.linear(black_box(x), &linear.weights(), gelu, out);
                }
            }
        }
    });
    layers.iter().map(|linear| linear.products(ROWS * blocks)).sum::<f64>() / seconds / 1e9
}

/// GMAC/s of the f32 product.
fn matmul(tier: &dyn Kernel, rows: usize, k: usize, n: usize) -> f64 {
    let (x, w) = (values(rows * k), Panels::pack(k, n, |k, n| ((k + n) % 7) as f32));
    let mut out = vec![0.0; rows * n];
    let seconds = fastest(|| {
        tier.matmul(
            black_box(Matrix::new(&x, rows, k, k)),
            &w,
            MatrixMut::new(&mut out, rows, n, n),
        );
    });
    (rows * k * n) as f64 / seconds / 1e9
}

/// GMAC/s of one head of attention in int8, softmax and quantization included.
fn attention(tier: &dyn Kernel, length: usize) -> f64 {
    let width = 64;
    let qkv = values(length * 3 * width);
    let part = |at: usize| Matrix::new(&qkv[at * width..], length, width, 3 * width);
    let head = Head { query: part(0), key: part(1), value: part(2), bias: None };
    let mut scratch = AttentionScratch::default();
    let mut out = vec![0.0; length * width];
    let seconds = fastest(|| {
        let out = MatrixMut::new(&mut out, length, width, width);
        tier.attention(black_box(head), &mut scratch, out);
    });
    (2 * length * length * width) as f64 / seconds / 1e9
}

/// Nanoseconds for an element of what is done row by row.
fn per_element(length: usize, mut run: impl FnMut(&mut [f32])) -> f64 {
    let row = values(length);
    let mut work = row.clone();
    fastest(|| {
        work.copy_from_slice(&row);
        run(black_box(&mut work));
    }) / length as f64
        * 1e9
}

fn line(name: &str, unit: &str, figure: impl Fn(&dyn Kernel) -> f64) {
    print!("{name:<34} {unit:<8}");
    for tier in Isa::available() {
        let tier = kernel(tier).expect("an available tier has a kernel");
        print!(" {:>11.3}", figure(tier));
    }
    println!();
}

fn main() {
    print!("{:<34} {:<8}", "kernel", "unit");
    Isa::available().for_each(|isa| print!(" {:>11}", isa.name()));
    println!();
    for (rows, k, n) in [(32, 768, 2304), (128, 768, 2304), (128, 768, 768), (128, 3072, 768)] {
        line(&format!("linear {rows}x{k}x{n}"), "GMAC/s", |tier| linear(tier, rows, k, n, false));
    }
    line("linear 128x768x3072 + GELU", "GMAC/s", |tier| linear(tier, 128, 768, 3072, true));
    line("linear 128x384x1536 + GELU", "GMAC/s", |tier| linear(tier, 128, 384, 1536, true));
    for length in [28, 128, 384] {
        line(&format!("attention {length} tokens"), "GMAC/s", |tier| attention(tier, length));
    }
    line("f32 product 128x768x768", "GMAC/s", |tier| matmul(tier, 128, 768, 768));
    let (a, b) = (values(768), values(768));
    line("layer_norm 768", "ns each", |tier| {
        per_element(768, |row| tier.layer_norm(row, &a, &b, 1e-12))
    });
    line("add 768, then layer_norm", "ns each", |tier| {
        per_element(768, |row| {
            tier.add(row, &a);
            tier.layer_norm(row, &a, &b, 1e-12);
        })
    });
    line("add_norm 768", "ns each", |tier| {
        per_element(768, |row| tier.add_norm(row, &a, &a, &b, 1e-12))
    });
    for length in [768, 3072] {
        line(&format!("quantize {length}"), "ns each", |tier| {
            let mut out = vec![0; tier.row_bytes(length)];
            per_element(length, |row| tier.quantize(row, black_box(&mut out)))
        });
    }
    line("bias + GELU 768", "ns each", |tier| per_element(768, |row| tier.bias_gelu(row, &a)));
    line("softmax 384", "ns each", |tier| per_element(384, |row| tier.softmax(row, 0.125)));
    shares();
}

/// The best tier against its own limit.
fn shares() {
    let tier = kernel(Isa::best()).expect("an available tier has a kernel");
    println!();
    for blocks in [1, 8] {
        let limit = limit(tier);
        let figure = all_linears(tier, blocks);
        println!(
            "{}: linear layers of BERT-base, {blocks} x 128 rows, weights from memory: {figure:.0} \
             GMAC/s, {:.0} % of products alone with panels in L2 ({limit:.0})",
            tier.isa().name(),
            100.0 * figure / limit
        );
    }
}

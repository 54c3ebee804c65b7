//! What a GPU computes, against the processor's kernels: equal in every bit. Run where a driver is, that of
//! a GPU or the emulator of `tests/cuda`; elsewhere they say that they were skipped.

use std::sync::Arc;

use biobert_kernels::{
    AttentionScratch, Head, Isa, Kernel, Matrix, MatrixMut, Panels, QuantRows, ROW_BLOCK, kernel,
};
use fastrand::Rng;

use crate::engine::batch::Batch;
use crate::engine::control::Control;
use crate::engine::cuda::card::Card;
use crate::engine::cuda::context::Entered;
use crate::engine::cuda::encoder::Encoder;
use crate::engine::cuda::kernels::TILES;
use crate::engine::cuda::lane::Layout;
use crate::engine::cuda::launch::Launcher;
use crate::engine::cuda::layout::{self, Attention, Rows, STEP, Sizes, word_of};
use crate::engine::cuda::memory::{Number, Values};
use crate::engine::cuda::stream::Stream;
use crate::engine::cuda::weights::{Linear, Norm, Table};
use crate::engine::linear;
use crate::engine::quant::QuantLinear;
use crate::engine::states::Taken;
use crate::engine::weights::{self, EncoderWeights, Layers};
use crate::engine::{Bert, Engine, EngineOptions, Precision};

/// Random shapes of each kernel.
const SHAPES: u64 = 2000;

/// The first GPU, or a line that says why there is none.
fn card() -> Option<Arc<Card>> {
    Card::open(0).map(Arc::new).inspect_err(|reason| println!("SKIPPED: {reason}")).ok()
}

/// A GPU at work, and the kernels that it has to equal.
struct Bench {
    stream: Stream,
    _entered: Entered,
    card: Arc<Card>,
    cpu: &'static dyn Kernel,
}

impl Bench {
    fn new() -> Option<Bench> {
        let card = card()?;
        let entered = card.context.enter().unwrap();
        let stream = Stream::new(&card.context).unwrap();
        Some(Bench { stream, card, cpu: kernel(Isa::Portable).unwrap(), _entered: entered })
    }

    /// Launches for a batch of some tokens; the sizes have to live as long.
    fn launcher(&self, tokens: usize, padded_tokens: usize, sizes: &Values<u32>) -> Launcher<'_> {
        // Grids are often larger than the batch.
        let [tokens, padded_tokens] =
            [tokens, padded_tokens].map(|count| count.next_multiple_of(64));
        Launcher {
            kernels: &self.card.kernels,
            stream: &self.stream,
            processors: self.card.processors,
            sizes: Sizes { pointer: sizes.pointer(), tokens, padded_tokens },
        }
    }

    fn up<T: Number>(&self, values: &[T]) -> Values<T> {
        Values::upload(&self.card.context, values).unwrap()
    }

    fn uninit<T: Number>(&self, length: usize) -> Values<T> {
        Values::uninit(&self.card.context, length).unwrap()
    }

    fn down<T: Number>(&self, values: &Values<T>) -> Vec<T> {
        let mut found = vec![T::default(); values.len()];
        // SAFETY: waited for at once.
        unsafe { self.stream.fetch(values, &mut found).unwrap() };
        self.stream.wait().unwrap();
        found
    }

    /// Room for rows of k values.
    fn rows(&self, tokens: usize, k: usize) -> GpuRows {
        let rows = tokens.next_multiple_of(layout::ROW_BLOCK);
        GpuRows {
            values: self.uninit(rows * k.next_multiple_of(64)),
            params: self.uninit(rows * 4),
        }
    }

    /// Rows as the processor quantizes them.
    fn quantized(&self, values: &[f32], k: usize) -> Vec<u8> {
        let (rows, stride) = (values.len() / k, self.cpu.row_bytes(k));
        let mut bytes = vec![0; rows.next_multiple_of(ROW_BLOCK) * stride];
        for (row, out) in values.chunks(k).zip(bytes.chunks_mut(stride)) {
            self.cpu.quantize(row, out);
        }
        bytes
    }

    /// Compares rows on the GPU with those that the processor makes of the same values.
    fn expect_rows(&self, rows: &GpuRows, values: &[f32], k: usize, what: &str) {
        let (words, params) = (self.down(&rows.values), self.down(&rows.params));
        let (stride, padded) = (self.cpu.row_bytes(k), k.next_multiple_of(64));
        let want = self.quantized(values, k);
        for (row, want) in want.chunks(stride).take(values.len() / k).enumerate() {
            let block = &words[row / 16 * padded * 16..];
            let found: Vec<u8> =
                (0..padded).map(|k| block[word_of(row % 16, k / 4 * 4) * 4 + k % 4]).collect();
            assert_eq!(found, want[..padded], "{what}, row {row}");
            let params: Vec<u8> =
                params[row * 4..][..4].iter().flat_map(|word| word.to_ne_bytes()).collect();
            assert_eq!(params, want[padded..padded + 16], "{what}, parameters of row {row}");
        }
    }
}

struct GpuRows {
    values: Values<u8>,
    params: Values<u32>,
}

impl GpuRows {
    fn pointers(&self) -> Rows {
        Rows { values: self.values.pointer(), params: self.params.pointer() }
    }
}

/// The bits, which tell 0 from -0.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn normal(random: &mut Rng) -> f32 {
    (0..6).map(|_| random.f32() - 0.5).sum::<f32>()
}

/// Rows as states are, and as they are not: with an outlier, two of the same, all zeros, tiny, huge.
fn rows(random: &mut Rng, count: usize, k: usize) -> Vec<f32> {
    let mut values: Vec<f32> = (0..count * k).map(|_| normal(random)).collect();
    for row in values.chunks_mut(k) {
        let place = random.usize(..k);
        let far = if random.bool() { 1.0 } else { -1.0 } * random.f32() * 40.0;
        match random.u8(..8) {
            0..3 => row[place] = far,
            3 => {
                row[place] = far;
                row[random.usize(..k)] = far;
            }
            4 => row.fill(0.0),
            5 => row.iter_mut().for_each(|value| *value *= 1e-33),
            6 => row.iter_mut().for_each(|value| *value *= 1e9),
            _ => row.iter_mut().for_each(|value| *value = value.abs()),
        }
    }
    values
}

/// A width: often one that models have, sometimes any.
fn width(random: &mut Rng, most: usize) -> usize {
    match random.u8(..3) {
        0 => random.usize(1..=most),
        1 => random.usize(1..=most / 16) * 16,
        _ => random.usize(1..=most / 64) * 64,
    }
}

fn norm_of(random: &mut Rng, width: usize) -> weights::Norm {
    weights::Norm {
        pre: false,
        scale: (0..width).map(|_| 1.0 + 0.1 * normal(random)).collect(),
        shift: (0..width).map(|_| 0.1 * normal(random)).collect(),
        eps: 1e-12,
    }
}

fn linear_of(random: &mut Rng, k: usize, n: usize) -> QuantLinear {
    let values: Vec<f32> = (0..k * n).map(|_| 0.3 * normal(random)).collect();
    let weight = Panels::pack(k, n, |k, c| values[k * n + c]);
    let bias = (0..n).map(|_| 0.1 * normal(random)).collect();
    QuantLinear::quantize(&linear::Linear { weight, bias }).unwrap()
}

#[test]
fn rows_are_quantized_as_the_processor_does() {
    let Some(bench) = Bench::new() else { return };
    for seed in 0..SHAPES {
        let mut random = Rng::with_seed(seed);
        let (tokens, k) = (random.usize(1..40), width(&mut random, 512));
        let values = rows(&mut random, tokens, k);
        let out = bench.rows(tokens, k);
        let given = bench.up(&values);
        let sizes = bench.up(&[tokens as u32, 0]);
        let launcher = bench.launcher(tokens, 0, &sizes);
        launcher.quantize(given.pointer(), k, out.pointers()).unwrap();
        bench.expect_rows(&out, &values, k, &format!("{tokens}×{k}, seed {seed}"));
    }
}

#[test]
fn sums_are_normalised_and_quantized_as_the_processor_does() {
    let Some(bench) = Bench::new() else { return };
    for seed in 0..SHAPES {
        let mut random = Rng::with_seed(seed);
        let (tokens, k) = (random.usize(1..40), width(&mut random, 512));
        let (mut before, mut x) = (rows(&mut random, tokens, k), rows(&mut random, tokens, k));
        let norm = norm_of(&mut random, k);
        let out = bench.rows(tokens, k);
        let (states, added) = (bench.up(&before), bench.up(&x));
        let there = Norm::upload(&bench.card.context, &norm).unwrap();
        let at = (states.pointer(), added.pointer());
        let sizes = bench.up(&[tokens as u32, 0]);
        let launcher = bench.launcher(tokens, 0, &sizes);
        launcher.add_norm(at, &there, (states.pointer(), out.pointers())).unwrap();
        for (before, x) in before.chunks_mut(k).zip(x.chunks_mut(k)) {
            bench.cpu.add_norm(before, x, &norm.scale, &norm.shift, norm.eps);
        }
        let what = format!("{tokens}×{k}, seed {seed}");
        assert_eq!(bits(&bench.down(&states)), bits(&before), "{what}");
        bench.expect_rows(&out, &before, k, &what);
    }
}

#[test]
fn embeddings_are_those_of_the_processor() {
    let Some(bench) = Bench::new() else { return };
    for seed in 0..SHAPES {
        let mut random = Rng::with_seed(seed);
        let (tokens, width) = (random.usize(1..40), width(&mut random, 512));
        let mut table = |rows: usize| {
            let values: Vec<f32> = (0..rows * width).map(|_| normal(&mut random)).collect();
            if random.bool() {
                return weights::Table::F32 { values, width };
            }
            let stride = width + random.usize(..9);
            let bytes = (0..rows * stride).map(|_| random.u8(..)).collect::<Vec<_>>();
            let bytes = crate::bytes::Bytes::private(bytes.len(), |out| {
                out.copy_from_slice(&bytes);
                Ok(())
            });
            let scales = (0..rows).map(|_| random.f32()).collect();
            let range = 0..rows * stride;
            weights::Table::Int8 { bytes: bytes.unwrap(), range, stride, width, scales }
        };
        let tables = [table(30), table(50), table(2)];
        let norm = norm_of(&mut random, width);
        let ids = [30_u32, 50, 2]
            .map(|rows| (0..tokens).map(|_| random.u32(..rows)).collect::<Vec<u32>>());
        let there =
            tables.each_ref().map(|table| Table::upload(&bench.card.context, table).unwrap());
        let given = ids.each_ref().map(|ids| bench.up(ids));
        let (states, out) = (bench.uninit(tokens * width), bench.rows(tokens, width));
        let there_norm = Norm::upload(&bench.card.context, &norm).unwrap();
        let sizes = bench.up(&[tokens as u32, 0]);
        bench
            .launcher(tokens, 0, &sizes)
            .embed(
                given.each_ref().map(Values::pointer),
                there.each_ref(),
                &there_norm,
                (states.pointer(), out.pointers()),
            )
            .unwrap();
        let mut want = vec![0.0; tokens * width];
        for (token, row) in want.chunks_mut(width).enumerate() {
            for (table, ids) in tables.iter().zip(&ids) {
                table.add_row(ids[token] as usize, row);
            }
            bench.cpu.layer_norm(row, &norm.scale, &norm.shift, norm.eps);
        }
        let what = format!("{tokens}×{width}, seed {seed}");
        assert_eq!(bits(&bench.down(&states)), bits(&want), "{what}");
        bench.expect_rows(&out, &want, width, &what);
    }
}

#[test]
fn products_are_those_of_the_processor_on_every_tile() {
    let Some(bench) = Bench::new() else { return };
    for seed in 0..SHAPES {
        let mut random = Rng::with_seed(seed);
        let tile = random.usize(..TILES.len());
        let tokens = random.usize(1..150);
        let (k, n) = (width(&mut random, 256), width(&mut random, 160));
        let gelu = random.bool();
        let values = rows(&mut random, tokens, k);
        let linear = linear_of(&mut random, k, n);
        let (given, x) = (bench.up(&values), bench.rows(tokens, k));
        let there = Linear::upload(&bench.card.context, &linear).unwrap();
        let out = bench.uninit(tokens * n);
        let sizes = bench.up(&[tokens as u32, 0]);
        let launcher = bench.launcher(tokens, 0, &sizes);
        launcher.quantize(given.pointer(), k, x.pointers()).unwrap();
        launcher.linear_by(tile, x.pointers(), &there, gelu, out.pointer()).unwrap();

        let bytes = bench.quantized(&values, k);
        let x = QuantRows::new(&bytes, tokens, k, bench.cpu.row_bytes(k));
        let mut want = vec![0.0; tokens * n];
        bench.cpu.linear(x, &linear.weights(), gelu, MatrixMut::new(&mut want, tokens, n, n));
        let what = format!("{}, {tokens}×{k}×{n}, GELU {gelu}, seed {seed}", TILES[tile].name);
        assert_eq!(bits(&bench.down(&out)), bits(&want), "{what}");
    }
}

#[test]
fn attention_is_that_of_the_processor() {
    let Some(bench) = Bench::new() else { return };
    for seed in 0..SHAPES {
        let mut random = Rng::with_seed(seed);
        let (heads, width) = (random.usize(1..4), width(&mut random, 128));
        let mut batch = Batch::new();
        let longest = if seed % 50 == 0 { 513 } else { 70 };
        for _ in 0..random.usize(1..4) {
            batch.push((0..random.usize(0..longest)).map(|_| 0), 0);
        }
        let (tokens, hidden) = (batch.len(), heads * width);
        if tokens == 0 {
            continue;
        }
        let qkv: Vec<f32> = (0..tokens * 3 * hidden).map(|_| 2.0 * normal(&mut random)).collect();
        let layout = Layout::of(&batch);
        let padded = layout.sequences.len() * STEP;
        let room = padded + random.usize(..3) * STEP;
        let bytes = heads * room * width.next_multiple_of(STEP);
        let part = |params: usize| GpuRows {
            values: bench.uninit(bytes),
            params: bench.uninit(2 * params),
        };
        let (queries, keys) = (part(heads * room), part(heads * room));
        let values = part(room / STEP * heads * width.next_multiple_of(STEP));
        let given = bench.up(&qkv);
        let [starts, at, sequences] =
            [&batch.starts, &layout.at, &layout.sequences].map(|numbers| bench.up(numbers));
        let of = Attention {
            queries: queries.pointers(),
            keys: keys.pointers(),
            values: values.pointers(),
            starts: starts.pointer(),
            at: at.pointer(),
            sequences: sequences.pointer(),
            room,
            heads,
            width,
        };
        let out = bench.uninit(tokens * hidden);
        let sizes = bench.up(&[tokens as u32, padded as u32]);
        let launcher = bench.launcher(tokens, padded, &sizes);
        launcher.pack(given.pointer(), &of).unwrap();
        launcher.attend(&of, out.pointer()).unwrap();

        let mut want = vec![0.0; tokens * hidden];
        let mut scratch = AttentionScratch::default();
        for rows in batch.sequences().filter(|rows| !rows.is_empty()) {
            for head in 0..heads {
                let part = |which: usize| {
                    let at = (rows.start * 3 + which) * hidden + head * width;
                    Matrix::new(&qkv[at..], rows.len(), width, 3 * hidden)
                };
                let parts = Head { query: part(0), key: part(1), value: part(2), bias: None };
                let out = &mut want[rows.start * hidden + head * width..];
                let out = MatrixMut::new(out, rows.len(), width, hidden);
                bench.cpu.attention(parts, &mut scratch, out);
            }
        }
        let what = format!("{heads} heads of {width}, {:?}, seed {seed}", batch.starts);
        assert_eq!(bits(&bench.down(&out)), bits(&want), "{what}");
    }
}

/// An encoder of weights that look random.
fn encoder(random: &mut Rng, layers: usize, hidden: usize, heads: usize) -> EncoderWeights {
    let mut table = |rows: usize| {
        let values = (0..rows * hidden).map(|_| normal(random)).collect();
        weights::Table::F32 { values, width: hidden }
    };
    let (word, position, segment) = (table(50), table(512), table(2));
    let norm = norm_of(random, hidden);
    let inner = 4 * hidden;
    let layers = (0..layers).map(|_| weights::Layer {
        sight: Arc::default(),
        gated: false,
        global_qkv: None,
        qkv: linear_of(random, hidden, 3 * hidden).into(),
        attention_output: linear_of(random, hidden, hidden).into(),
        attention_norm: norm_of(random, hidden).into(),
        intermediate: linear_of(random, hidden, inner).into(),
        output: linear_of(random, inner, hidden).into(),
        output_norm: norm_of(random, hidden).into(),
    });
    EncoderWeights {
        layers: Layers::Int8(layers.collect()),
        embeddings: weights::Embeddings {
            word,
            position: Some(position),
            segment: Some(segment),
            norm: norm.into(),
            project: None,
        }
        .into(),
        hidden,
        attention_heads: heads,
        relative_bias: None,
    }
}

fn batch(random: &mut Rng, lengths: &[usize]) -> Batch {
    let mut batch = Batch::new();
    for &length in lengths {
        let ids: Vec<u32> = (0..length).map(|_| random.u32(..50)).collect();
        batch.push(ids.into_iter(), length / 2);
    }
    batch
}

#[test]
fn an_encoder_has_the_states_of_the_processor() {
    let Some(card) = card() else { return };
    let control = Control::default();
    let engine = Engine::new(EngineOptions::default()).unwrap();
    // The default model's shape, and some that no kernel is made for.
    for (layers, hidden, heads) in [(6, 384, 12), (2, 96, 3), (1, 40, 4), (2, 130, 2), (1, 768, 12)]
    {
        let mut random = Rng::with_seed(hidden as u64);
        let weights = encoder(&mut random, layers, hidden, heads);
        let cpu = Bert::new(&engine, weights.clone()).unwrap();
        assert_eq!(cpu.precision(), Precision::Int8);
        let gpu = Encoder::new(&card, &weights).unwrap();
        for (at, lengths) in [&[1][..], &[0, 17, 0], &[40, 1, 3], &[130, 7]].iter().enumerate() {
            let batch = batch(&mut random, lengths);
            // One of them each: what is computed before is the same.
            let taken = [Taken::Last, Taken::After(1), Taken::All, Taken::Last][at];
            let want = cpu.run(taken, &batch, &control).unwrap();
            // The first time, recorded, and from the record.
            let found: Vec<_> = (0..3).map(|_| gpu.run(taken, &batch, &control).unwrap()).collect();
            assert_eq!(found[1], found[0]);
            assert_eq!(found[2], found[0]);
            let found = &found[0];
            let what = format!("{layers}×{hidden}, {taken:?} of {lengths:?}");
            assert_eq!(found.len(), want.len(), "{what}");
            for (found, want) in found.iter().zip(&want) {
                assert_eq!(bits(found), bits(want), "{what}");
            }
        }
    }
}

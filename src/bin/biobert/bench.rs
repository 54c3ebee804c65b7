//! `biobert bench`: the encoder on random ids, or end to end on text lines.

use std::io::Write;
use std::time::Instant;

use biobert::{Input, Model, OffsetUnit, RunOptions, TokenSequence};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::args::BenchArgs;
use crate::failure::{Failure, Result};
use crate::{models, progress, signals};

/// Shortest time and fewest iterations that a median is taken from.
const SECONDS: f64 = 2.0;
const FEWEST: usize = 5;
const MOST: usize = 200;

pub fn run(args: BenchArgs) -> Result<()> {
    let model = models::open(args.model.as_deref(), &args.engine)?;
    match &args.corpus {
        Some(path) => {
            let text = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
            corpus(&model, &text)
        }
        None => encoder(&model, &args),
    }
}

/// Ids to logits of the first head, or to states where there is none.
fn encoder(model: &Model, args: &BenchArgs) -> Result<()> {
    let &BenchArgs { batch, seq, callers, .. } = args;
    let shortest = args.shortest.unwrap_or(seq);
    if batch == 0 || seq == 0 || seq > model.max_tokens() {
        let reason = format!("--batch must be at least 1, --seq 1 to {}", model.max_tokens());
        return Err(Failure::Message(reason));
    }
    if shortest == 0 || shortest > seq || callers == 0 {
        let reason = format!("--callers must be at least 1, --shortest 1 to {seq}");
        return Err(Failure::Message(reason));
    }
    // benches/gpu/peers.py draws the same.
    let lengths: Vec<usize> = Ids::new(seq - shortest + 1)
        .take(batch)
        .into_iter()
        .map(|beyond| shortest + beyond as usize)
        .collect();
    let tokens: usize = lengths.iter().sum();
    let mut ids = Ids::new(model.vocab_size());
    let mut times = Vec::new();
    let mut checksum = String::new();
    let begin = Instant::now();
    // The first two runs, which warm caches and memory, are not counted.
    while times.len() < FEWEST + 2
        || (begin.elapsed().as_secs_f64() < SECONDS && times.len() < MOST)
    {
        let sequence = |&length| TokenSequence { ids: ids.take(length), first_segment: length };
        let sequences: Vec<TokenSequence> = lengths.iter().map(sequence).collect();
        let start = Instant::now();
        let values = pass(model, &sequences, callers)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if checksum.is_empty() {
            checksum = hash(&values);
        }
    }
    let mut times = times.split_off(2);
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    let p95 = times[(times.len() * 95 / 100).min(times.len() - 1)];
    let info = model.info();
    let figures = json!({
        "median_ms": median,
        "p95_ms": p95,
        "tokens": tokens,
        "tokens_per_s": tokens as f64 / median * 1e3,
        "isa": info.isa,
        "device": model.engine().device(),
        "precision": info.precision,
        "checksum": checksum,
    });
    writeln!(std::io::stdout(), "{figures}")?;
    Ok(())
}

/// What the encoder gives, by some callers at a time.
fn pass(model: &Model, sequences: &[TokenSequence], callers: usize) -> biobert::Result<Vec<f32>> {
    let one = |sequences: &[TokenSequence]| match model.heads().next() {
        Some((head, _)) => model.logits(head, sequences),
        None => model.states(sequences, model.layers()),
    };
    if callers == 1 {
        return one(sequences);
    }
    std::thread::scope(|scope| {
        let shares = sequences.chunks(sequences.len().div_ceil(callers));
        let calls: Vec<_> = shares.map(|share| scope.spawn(|| one(share))).collect();
        let values = calls.into_iter().map(|call| match call.join() {
            Ok(values) => values,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        Ok(values.collect::<biobert::Result<Vec<_>>>()?.concat())
    })
}

/// Random ids that every run of the tool draws alike (splitmix64).
struct Ids {
    state: u64,
    limit: u64,
}

impl Ids {
    fn new(vocab: usize) -> Ids {
        Ids { state: 20190125, limit: vocab as u64 }
    }

    fn take(&mut self, count: usize) -> Vec<u32> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % self.limit) as u32
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of the values' bits.
fn hash(values: &[f32]) -> String {
    let mut hasher = Sha256::new();
    for value in values {
        hasher.update(value.to_bits().to_le_bytes());
    }
    hasher.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Text lines to entities with all NER heads, in one call.
fn corpus(model: &Model, text: &[u8]) -> Result<()> {
    let lines: Vec<&[u8]> =
        text.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).collect();
    let cancel = signals::cancel();
    let spinner = progress::spinner("finding entities");
    // Counted outside of the time: the tokens that the encoder sees but for windows' overlaps.
    let mut tokens = 0;
    let start = Instant::now();
    for line in &lines {
        let line = String::from_utf8_lossy(line);
        tokens += model.tokenizer().pieces(&line, || Ok(()))?.len() + 2;
    }
    let tokenizing = start.elapsed().as_secs_f64();
    let documents: Vec<Input<'_>> = lines.iter().map(|line| Input::Utf8(line)).collect();
    let options =
        RunOptions { cancel: Some(cancel), ..RunOptions::new(OffsetUnit::UnicodeScalars) };
    let start = Instant::now();
    let found = model.ner(&[], &documents, &options)?;
    let seconds = start.elapsed().as_secs_f64();
    drop(found);
    spinner.finish_and_clear();
    let threads = model.engine().options().threads;
    let figures = json!({
        "seconds": seconds,
        "tokens": tokens,
        "documents": lines.len(),
        "tokenizing_share": tokenizing / (seconds * threads as f64),
    });
    writeln!(std::io::stdout(), "{figures}")?;
    Ok(())
}

//! BERT by its weights: tract plans of our own operations, and runs of them over packed batches.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use biobert_kernels::FloatEnv;
use tract_onnx::prelude::*;

use crate::engine::batch::Batch;
use crate::engine::control::Control;
use crate::engine::cuda::{self, Card};
use crate::engine::memory::{Memory, Rows};
use crate::engine::ops::Run;
use crate::engine::pass::Scratch;
use crate::engine::states::Taken;
use crate::engine::weights::{EncoderWeights, Table};
use crate::engine::{Engine, Precision, plan};
use crate::error::{Error, Result};

type State = TypedSimpleState;

/// A BERT encoder, ready to run. Any number of threads may run it at once: each run takes a plan's
/// state from a pool, so there are as many states as there were runs at one time.
#[derive(Debug)]
pub(crate) struct Bert {
    engine: Engine,
    weights: EncoderWeights,
    /// Idle states by what their plan gives.
    idle: Mutex<BTreeMap<Taken, Vec<State>>>,
    memory: Arc<Memory>,
    scratch: Arc<Scratch>,
    /// The same encoder on the engine's GPU.
    gpu: Option<Box<cuda::Encoder>>,
}

impl Bert {
    pub(crate) fn new(engine: &Engine, weights: EncoderWeights) -> Result<Bert> {
        let bert = Bert {
            engine: engine.clone(),
            weights,
            idle: Mutex::default(),
            memory: Arc::default(),
            scratch: Arc::default(),
            gpu: None,
        };
        // A plan that cannot be built is found out here and not in the first run.
        let state = bert.spawn(Taken::Last)?;
        bert.put_back(Taken::Last, state);
        Ok(bert)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The arithmetic of its layers.
    pub(crate) fn precision(&self) -> Precision {
        self.weights.layers.precision()
    }

    /// Width of a state.
    pub(crate) fn hidden(&self) -> usize {
        self.weights.hidden
    }

    /// The word embedding.
    pub(super) fn words(&self) -> &Table {
        &self.weights.embeddings.word
    }

    /// Layers of the encoder.
    pub(crate) fn layers(&self) -> usize {
        self.weights.layers.len()
    }

    /// Brings the weights to a GPU, where they run from now on.
    pub(super) fn move_to(&mut self, card: &Arc<Card>) -> Result<()> {
        self.gpu = Some(Box::new(cuda::Encoder::new(card, &self.weights)?));
        Ok(())
    }

    /// Whether it runs on a GPU.
    pub(super) fn is_on_gpu(&self) -> bool {
        self.gpu.is_some()
    }

    /// The states that `taken` names, each `[T, hidden]`. Layers after them are not computed.
    pub(crate) fn run(
        &self,
        taken: Taken,
        batch: &Batch,
        control: &Control,
    ) -> Result<Vec<Vec<f32>>> {
        control.check()?;
        if batch.len() == 0 {
            let count = if taken == Taken::All { self.layers() + 1 } else { 1 };
            return Ok(vec![Vec::new(); count]);
        }
        if let Some(gpu) = &self.gpu {
            match gpu.run(taken, batch, control) {
                Ok(states) => {
                    control.ran_on_gpu();
                    return Ok(states);
                }
                Err(reason @ Error::Device { .. }) => self.engine.without_gpu(reason)?,
                Err(error) => return Err(error),
            }
        }
        control.ran_on_cpu();
        let _env = FloatEnv::standard();
        let mut state = match self.lock_idle().get_mut(&taken).and_then(Vec::pop) {
            Some(state) => state,
            None => self.spawn(taken)?,
        };
        let run = Run {
            engine: self.engine.clone(),
            control: control.clone(),
            memory: self.memory.clone(),
            scratch: self.scratch.clone(),
        };
        state.turn_state.shared.insert(run);
        let inputs =
            [&batch.tokens, &batch.position, &batch.segment, &batch.starts, &batch.globals];
        let inputs = inputs.into_iter().map(|values| tensor1(values).into_tvalue()).collect();
        // A state that failed or panicked half-way is dropped, not put back.
        let outputs = state.run(inputs).map_err(|error| self.reason(&error, control))?;
        self.put_back(taken, state);
        let rows = outputs.iter().map(|states| {
            let rows = Rows::of(states);
            Ok(rows.map_err(|_| Error::Internal("an output of another type".into()))?.to_vec())
        });
        rows.collect()
    }

    /// Why a run ended: our own error if one of our operations gave it.
    fn reason(&self, error: &TractError, control: &Control) -> Error {
        match error.downcast_ref::<Error>() {
            Some(error) => error.clone(),
            None => {
                control.check().err().unwrap_or_else(|| Error::Internal("the plan failed".into()))
            }
        }
    }

    fn lock_idle(&self) -> std::sync::MutexGuard<'_, BTreeMap<Taken, Vec<State>>> {
        // Holders of the lock only push and pop: a panic cannot leave the pool half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put_back(&self, taken: Taken, mut state: State) {
        // The run's cancel switch may belong to a host object: let go of it.
        state.turn_state.shared.remove::<Run>();
        self.lock_idle().entry(taken).or_default().push(state);
    }

    fn spawn(&self, taken: Taken) -> Result<State> {
        let plan = plan::graph(&self.weights, taken);
        let plan = plan.and_then(|graph| TypedSimplePlan::new(graph)?.spawn());
        plan.map_err(|error| {
            self.engine.log(&format!("tract: {error}"));
            Error::Internal("the plan could not be built".into())
        })
    }
}

#[cfg(test)]
mod tests {
    use biobert_kernels::Panels;

    use super::*;
    use crate::engine::EngineOptions;
    use crate::engine::linear::Linear;
    use crate::engine::weights::{Embeddings, Layer, Layers, Norm};

    const HIDDEN: usize = 96;
    const WORDS: usize = 50;

    /// Three layers of weights that look random.
    fn weights() -> EncoderWeights {
        let mut seed = 1_u32;
        let mut value = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let mut values =
            |count: usize, most: f32| (0..count).map(|_| most * value()).collect::<Vec<f32>>();
        let mut table = |rows| Table::F32 { values: values(rows * HIDDEN, 1.0), width: HIDDEN };
        let (word, position, segment) = (table(WORDS), table(400), table(2));
        let norm =
            || Norm { scale: vec![1.0; HIDDEN], shift: vec![0.1; HIDDEN], eps: 1e-12, pre: false };
        let mut linear = |k: usize, n: usize| {
            let weight = values(k * n, 0.3);
            Arc::new(Linear {
                weight: Panels::pack(k, n, |k, c| weight[k * n + c]),
                bias: values(n, 0.1),
            })
        };
        let layers = (0..3).map(|_| Layer {
            sight: Arc::default(),
            qkv: linear(HIDDEN, 3 * HIDDEN),
            global_qkv: None,
            attention_output: linear(HIDDEN, HIDDEN),
            attention_norm: norm().into(),
            gated: false,
            intermediate: linear(HIDDEN, 160),
            output: linear(160, HIDDEN),
            output_norm: norm().into(),
        });
        EncoderWeights {
            layers: Layers::F32(layers.collect()),
            embeddings: Embeddings {
                word,
                position: Some(position),
                segment: Some(segment),
                norm: norm().into(),
                project: None,
            }
            .into(),
            hidden: HIDDEN,
            attention_heads: 3,
            relative_bias: None,
        }
    }

    fn batch(lengths: &[usize]) -> Batch {
        let mut batch = Batch::new();
        for (at, &length) in lengths.iter().enumerate() {
            let ids = (0..length).map(|place| ((at * 31 + place * 7) % WORDS) as u32);
            batch.push(ids, length / 2);
        }
        batch
    }

    #[test]
    fn the_states_of_every_layer_are_those_that_end_there_on_any_number_of_threads() {
        let control = Control::default();
        for precision in [Precision::F32, Precision::Int8] {
            let weights = weights().convert(precision).unwrap();
            for lengths in [
                &[5][..],
                &[40],
                &[3, 300, 1, 64, 64],
                &[130, 0, 20, 33, 150],
                &[130, 0, 150],
                &[130, 0],
            ] {
                let batch = batch(lengths);
                let mut first: Option<Vec<Vec<f32>>> = None;
                for threads in 1..=3 {
                    let options = EngineOptions { threads, ..Default::default() };
                    let engine = Engine::new(options).unwrap();
                    let bert = Bert::new(&engine, weights.clone()).unwrap();
                    let all = bert.run(Taken::All, &batch, &control).unwrap();
                    for (depth, states) in all.iter().enumerate() {
                        let end = bert.run(Taken::After(depth), &batch, &control).unwrap();
                        assert_eq!(
                            end,
                            std::slice::from_ref(states),
                            "after {depth} of {lengths:?}"
                        );
                    }
                    assert_ne!(all[1], all[2]);
                    let first = first.get_or_insert_with(|| all.clone());
                    assert_eq!(*first, all, "{threads} threads, {lengths:?}");
                }
            }
        }
    }
}

//! A batch from ids to states on the GPU.

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::batch::Batch;
use crate::engine::control::Control;
use crate::engine::cuda::card::Card;
use crate::engine::cuda::kernels::{WIDEST, WIDEST_HEAD};
use crate::engine::cuda::lane::{Lane, Places, Shape};
use crate::engine::cuda::launch::Launcher;
use crate::engine::cuda::weights::{Layer, Weights};
use crate::engine::quant::QuantLinear;
use crate::engine::states::Taken;
use crate::engine::weights::{self, Embeddings, EncoderWeights, Layers};
use crate::error::{Error, Result};

/// A part of an encoder that BERT has not, and the kernels therefore neither.
fn beyond_bert(
    embeddings: &Embeddings,
    layers: &[weights::Layer<QuantLinear>],
) -> Option<&'static str> {
    if embeddings.position.is_none() {
        return Some("positions without a table");
    }
    if embeddings.project.is_some() {
        return Some("embeddings narrower than states");
    }
    if embeddings.norm.pre || layers.iter().any(|layer| layer.attention_norm.pre) {
        return Some("norms before products");
    }
    if layers.iter().any(|layer| layer.gated) {
        return Some("gated units");
    }
    layers.iter().find_map(|layer| layer.sight.beyond_bert())
}

/// A BERT whose weights are on a GPU. Any number of threads may run it at once: each has a lane.
#[derive(Debug)]
pub(crate) struct Encoder {
    shape: Shape,
    // Dropped first: a lane waits for what still reads the weights.
    idle: Mutex<Vec<Lane>>,
    weights: Weights,
    card: Arc<Card>,
}

impl Encoder {
    /// Copies an encoder's weights to a GPU.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for what only the processor computes, [`Error::Device`] for a GPU that
    /// fails or has too little memory.
    pub(crate) fn new(card: &Arc<Card>, weights: &EncoderWeights) -> Result<Encoder> {
        let Layers::Int8(layers) = &weights.layers else {
            return unsupported(
                "the model runs in f32, and a GPU computes in int8: choose int8, or the processor",
            );
        };
        let EncoderWeights { embeddings, hidden, attention_heads: heads, .. } = weights;
        if let Some(part) = beyond_bert(embeddings, layers) {
            return unsupported(&format!("{part}: only the processor computes that"));
        }
        let inner = layers.iter().map(|layer| layer.intermediate.layout.n()).max().unwrap_or(0);
        let shape = Shape { hidden: *hidden, inner, heads: *heads };
        if shape.hidden > WIDEST {
            return unsupported(&format!("hidden size {hidden}: a GPU runs up to {WIDEST}"));
        }
        if shape.head() > WIDEST_HEAD {
            let width = shape.head();
            return unsupported(&format!("heads {width} wide: a GPU runs up to {WIDEST_HEAD}"));
        }
        let _entered = card.context.enter()?;
        let weights = Weights::upload(&card.context, embeddings, layers)?;
        Ok(Encoder { shape, idle: Mutex::default(), weights, card: card.clone() })
    }

    /// The states that `taken` names, each `[T, hidden]`: the processor's own bits.
    ///
    /// # Errors
    /// [`Error::Device`] for a GPU that fails; [`Error::Cancelled`] and [`Error::Deadline`].
    pub(crate) fn run(
        &self,
        taken: Taken,
        batch: &Batch,
        control: &Control,
    ) -> Result<Vec<Vec<f32>>> {
        let _entered = self.card.context.enter()?;
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = idle().pop();
        let mut lane = match lane {
            Some(lane) => lane,
            None => Lane::new(&self.card.context)?,
        };
        // A lane whose batch failed is dropped, which waits for what is still on its way.
        let states = self.pass(&mut lane, taken, batch, control)?;
        idle().push(lane);
        Ok(states)
    }

    fn pass(
        &self,
        lane: &mut Lane,
        taken: Taken,
        batch: &Batch,
        control: &Control,
    ) -> Result<Vec<Vec<f32>>> {
        let depth = match taken {
            Taken::Last | Taken::All => self.weights.layers.len(),
            Taken::After(depth) => depth,
        };
        let every = taken == Taken::All;
        let count = if every { depth + 1 } else { 1 };
        let mut flight = lane.send(batch, self.shape, count)?;
        let places = flight.places;
        let launcher = Launcher {
            kernels: &self.card.kernels,
            stream: flight.stream,
            processors: self.card.processors,
            sizes: places.sizes,
        };
        if every {
            self.embed(&launcher, &places)?;
            flight.copy_states(0)?;
            for (index, layer) in self.weights.layers.iter().enumerate() {
                control.check()?;
                self.layer(&launcher, &places, layer)?;
                flight.copy_states(index + 1)?;
            }
        } else {
            flight.launch(depth, || {
                self.embed(&launcher, &places)?;
                self.weights.layers[..depth].iter().try_for_each(|layer| {
                    control.check()?;
                    self.layer(&launcher, &places, layer)
                })
            })?;
            flight.copy_states(0)?;
        }
        let states = flight.receive(count)?;
        control.check()?;
        Ok(states)
    }

    fn embed(&self, launcher: &Launcher<'_>, places: &Places) -> Result<()> {
        let [word, position, segment] = &self.weights.tables;
        let tables = [word, position, segment];
        let out = (places.states, places.narrow_rows);
        launcher.embed(places.ids, tables, &self.weights.norm, out)
    }

    fn layer(&self, launcher: &Launcher<'_>, places: &Places, layer: &Layer) -> Result<()> {
        let Layer { qkv, attention_output, attention_norm, intermediate, output, output_norm } =
            layer;
        let Places { states, added, wide, narrow_rows, wide_rows, .. } = *places;
        launcher.linear(narrow_rows, qkv, false, wide)?;
        launcher.pack(wide, &places.attention)?;
        launcher.attend(&places.attention, added)?;
        launcher.quantize(added, self.shape.hidden, narrow_rows)?;
        launcher.linear(narrow_rows, attention_output, false, added)?;
        launcher.add_norm((states, added), attention_norm, (states, narrow_rows))?;
        launcher.linear(narrow_rows, intermediate, true, wide)?;
        launcher.quantize(wide, intermediate.n, wide_rows)?;
        launcher.linear(wide_rows, output, false, added)?;
        launcher.add_norm((states, added), output_norm, (states, narrow_rows))
    }
}

fn unsupported<T>(reason: &str) -> Result<T> {
    Err(Error::Unsupported(reason.into()))
}

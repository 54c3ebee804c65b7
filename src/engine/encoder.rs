//! An encoder, on either of the two paths that it can take.

use crate::engine::batch::Batch;
use crate::engine::bert::Bert;
use crate::engine::control::Control;
use crate::engine::graph::Graph;
use crate::engine::states::Taken;
use crate::engine::weights::Table;
use crate::engine::{Engine, Precision};
use crate::error::{Error, Result};

/// What computes a row for every token. Any number of threads may run it at once.
#[derive(Debug)]
pub(crate) enum Encoder {
    /// The fast path: a BERT, as our own operations over the packed batch.
    Bert(Bert),
    /// The general path: an ONNX graph of whatever architecture, one sequence at a time.
    Graph(Graph),
}

impl Encoder {
    pub(crate) fn engine(&self) -> &Engine {
        match self {
            Encoder::Bert(bert) => bert.engine(),
            Encoder::Graph(graph) => graph.engine(),
        }
    }

    /// Brings it to the engine's GPU, if there is one: an error, or a line of the log, says why it stays.
    pub(crate) fn place(&mut self) -> Result<()> {
        let engine = self.engine().clone();
        let Some(card) = engine.card() else { return Ok(()) };
        let moved = match self {
            Encoder::Bert(bert) => bert.move_to(card),
            Encoder::Graph(_) => {
                let reason = "an ONNX graph on the general path runs on the processor only";
                Err(Error::Unsupported(reason.into()))
            }
        };
        moved.or_else(|reason| engine.without_gpu(reason))
    }

    /// Whether it runs on a GPU.
    pub(crate) fn is_on_gpu(&self) -> bool {
        matches!(self, Encoder::Bert(bert) if bert.is_on_gpu())
    }

    /// The tokens that it works on at a time: the engine's, for where it runs.
    pub(crate) fn token_budget(&self) -> usize {
        self.engine().token_budget(self.is_on_gpu())
    }

    /// What a sequence of so many tokens takes of the token budget. On a GPU memory is for 32 tokens at a
    /// time, and for all the states that are wanted at once.
    pub(crate) fn cost(&self, tokens: usize, taken: Taken) -> usize {
        match self {
            Encoder::Bert(bert) if bert.is_on_gpu() => {
                let states = if taken == Taken::All { bert.layers() + 1 } else { 1 };
                tokens.next_multiple_of(32) * states
            }
            _ => tokens,
        }
    }

    /// The word embedding; a graph does not show its own.
    pub(crate) fn words(&self) -> Option<&Table> {
        match self {
            Encoder::Bert(bert) => Some(bert.words()),
            Encoder::Graph(_) => None,
        }
    }

    /// Width of a row: of a state, or of the logits where a graph gives these itself.
    pub(crate) fn width(&self) -> usize {
        match self {
            Encoder::Bert(bert) => bert.hidden(),
            Encoder::Graph(graph) => graph.width(),
        }
    }

    /// The arithmetic that runs.
    pub(crate) fn precision(&self) -> Precision {
        match self {
            Encoder::Bert(bert) => bert.precision(),
            Encoder::Graph(_) => Precision::F32,
        }
    }

    /// Whether the rows are states and not logits.
    pub(crate) fn has_states(&self) -> bool {
        match self {
            Encoder::Bert(_) => true,
            Encoder::Graph(graph) => graph.has_states(),
        }
    }

    /// The rows that `taken` names, each `[T, width]`.
    pub(crate) fn run(
        &self,
        taken: Taken,
        batch: &Batch,
        control: &Control,
    ) -> Result<Vec<Vec<f32>>> {
        match (self, taken) {
            (Encoder::Bert(bert), taken) => bert.run(taken, batch, control),
            (Encoder::Graph(graph), Taken::Last) => Ok(vec![graph.run(batch, control)?]),
            (Encoder::Graph(_), _) => Err(Error::Unsupported(
                "an ONNX graph on the general path has no layers to choose from".into(),
            )),
        }
    }

    /// The rows after the last layer, `[T, width]`.
    pub(crate) fn run_last(&self, batch: &Batch, control: &Control) -> Result<Vec<f32>> {
        Ok(self.run(Taken::Last, batch, control)?.swap_remove(0))
    }
}

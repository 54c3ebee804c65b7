//! An encoder, on either of the two paths that it can take.

use crate::engine::Engine;
use crate::engine::batch::Batch;
use crate::engine::bert::Bert;
use crate::engine::control::Control;
use crate::engine::graph::Graph;
use crate::error::{Error, Result};
use crate::model::Precision;

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

    /// The rows behind the last layer, `[T, width]`.
    pub(crate) fn run(&self, batch: &Batch, control: &Control) -> Result<Vec<f32>> {
        match self {
            Encoder::Bert(bert) => bert.run_layers(bert.layers(), batch, control),
            Encoder::Graph(graph) => graph.run(batch, control),
        }
    }

    /// The states behind layer `depth`, `[T, hidden]`; 0 is the embeddings. Later layers are not
    /// computed.
    pub(crate) fn run_layers(
        &self,
        depth: usize,
        batch: &Batch,
        control: &Control,
    ) -> Result<Vec<f32>> {
        match self {
            Encoder::Bert(bert) => bert.run_layers(depth, batch, control),
            Encoder::Graph(_) => Err(Error::Unsupported(
                "an ONNX graph on the general path has no layers to choose from".into(),
            )),
        }
    }
}

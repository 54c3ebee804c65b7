//! Which pooling a graph does that gives states and a vector of them: those that are usual are tried on a
//! few sequences, so that the vector need not be computed beside the states, nor its weights kept twice.

use tract_onnx::pb::ModelProto;

use crate::engine::{Batch, Control, Engine, Graph, Outputs, Shape};
use crate::error::Result;
use crate::heads::{Pool, StatePooling, Step, Vectors};
use crate::model::compare::sequences;

/// The largest difference that rounding makes.
const TOLERANCE: f32 = 1e-4;

/// Completes what is known of `vectors`; says why it cannot, as a reason.
pub(super) fn find(
    engine: &Engine,
    file: &str,
    proto: &ModelProto,
    name: &str,
    states: &Graph,
    (mut vectors, shape): (Vectors, Shape),
) -> Result<std::result::Result<Vectors, String>> {
    let output = Outputs::Sequence(name.into());
    let graph = Graph::new(engine, file, proto, output, None, states.fixed())?;
    let mut rows = Vec::new();
    for sequence in sequences(shape) {
        let mut batch = Batch::new();
        batch.push_tokens(&sequence);
        let mut want = graph.run(&batch, &Control::default())?;
        want.truncate(graph.width());
        rows.push((states.run(&batch, &Control::default())?, want));
    }
    let modes = [
        StatePooling::Mean,
        StatePooling::Cls,
        StatePooling::Max,
        StatePooling::LastToken,
        StatePooling::WeightedMean,
        StatePooling::MeanSqrtLenTokens,
    ];
    for mode in modes {
        for steps in [vec![], vec![Step::Normalize]] {
            (vectors.spec.pooling, vectors.spec.steps) = (vec![mode], steps);
            vectors = Vectors::new(vectors.spec, shape, |step, _, width| {
                crate::heads::Layer::read(step, None, "", width)
            })?;
            let fits = |(states, want): &(Vec<f32>, Vec<f32>)| {
                let mut pool = Pool::new(&vectors.spec.pooling, shape.hidden);
                pool.add(states);
                let got = vectors.of_row(engine, pool.finish().unwrap_or_default());
                let near = |(got, want): (&f32, &f32)| (got - want).abs() <= TOLERANCE;
                got.len() == want.len() && got.iter().zip(want).all(near)
            };
            if rows.iter().all(fits) {
                return Ok(Ok(vectors));
            }
        }
    }
    let reason = "is no pooling of its states that is known; modules.json beside it can say more";
    Ok(Err(format!("{file}: {name} {reason}")))
}

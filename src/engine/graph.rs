//! The general path: an ONNX graph as tract runs it, in f32, one sequence at a time and without
//! padding but where the graph demands a shape. It takes any encoder that tract can run.

use std::sync::{Arc, Mutex, PoisonError};

use biobert_kernels::FloatEnv;
use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::*;
use tract_onnx::tract_hir::internal::*;

use crate::engine::Engine;
use crate::engine::batch::Batch;
use crate::engine::control::Control;
use crate::error::{Error, Result};
use crate::silence;

type Plan = Arc<TypedSimplePlan>;
type State = TypedSimpleState;

/// What a graph gives for a sequence, and under which names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outputs {
    /// A state for each token: `[1, length, width]`.
    States(String),
    /// Logits for each token: `[1, length, width]`.
    Tokens(String),
    /// Logits for the sequence: `[1, width]`.
    Sequence(String),
    /// A start and an end logit for each token: `[1, length]` twice.
    Span([String; 2]),
}

impl Outputs {
    fn names(&self) -> &[String] {
        match self {
            Outputs::States(name) | Outputs::Tokens(name) | Outputs::Sequence(name) => {
                std::slice::from_ref(name)
            }
            Outputs::Span(names) => names,
        }
    }

    /// Dimensions of each output.
    fn rank(&self) -> usize {
        match self {
            Outputs::States(_) | Outputs::Tokens(_) => 3,
            Outputs::Sequence(_) | Outputs::Span(_) => 2,
        }
    }
}

/// The shape that a graph demands of its inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fixed {
    /// Sequences at once; all are the same one.
    pub(crate) batch: usize,
    /// The tokens of a sequence; `None`: any number.
    pub(crate) length: Option<usize>,
    /// The id that a shorter one is padded with.
    pub(crate) padding: u32,
}

impl Fixed {
    /// What is to be said of it, after a semicolon.
    pub(crate) fn remark(&self) -> String {
        let batch = match self.batch {
            1 => String::new(),
            batch => format!("; it takes {batch} sequences at once, and gets one {batch} times"),
        };
        match self.length {
            Some(length) => format!(
                "{batch}; its shape is fixed: sequences are padded to {length} tokens, and longer ones go in windows"
            ),
            None => batch,
        }
    }
}

/// What an input of a graph is fed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Ids,
    Mask,
    Segments,
}

/// An ONNX graph, ready to run. Any number of threads may run it at once: each run takes a state
/// from a pool, so there are as many states as there were runs at one time.
#[derive(Debug)]
pub(crate) struct Graph {
    engine: Engine,
    /// Base name of the file, for errors.
    file: String,
    lengths: Lengths,
    inputs: Vec<(Input, DatumType)>,
    outputs: Outputs,
    width: usize,
    fixed: Fixed,
    /// Idle states, by the length that they are for, or 0.
    idle: Mutex<Vec<(usize, State)>>,
}

/// How a graph takes sequences of different lengths.
#[derive(Debug)]
enum Lengths {
    /// By one plan for all.
    All(Plan),
    /// By a plan for each, since tract cannot make one for all; the states of those used last stay.
    Each(Box<InferenceModel>),
}

/// States that stay where each is for one length: windows of a long text are all as long.
const MOST_IDLE: usize = 8;

impl Graph {
    /// Makes a plan of a graph; `file` is where it came from. Its outputs are `width` wide; `None`: as wide as
    /// the graph says.
    pub(crate) fn new(
        engine: &Engine,
        file: &str,
        proto: &ModelProto,
        outputs: Outputs,
        width: Option<usize>,
        fixed: Fixed,
    ) -> Result<Graph> {
        let _env = FloatEnv::standard();
        let unsupported = |error: TractError| {
            engine.log(&format!("tract: {error}"));
            Error::Unsupported(format!("{file}: tract cannot make a plan of this graph"))
        };
        let graph = guarded(|| parse(proto, outputs.names())).map_err(unsupported)?;
        let (plan, lengths) = match guarded(|| plan(graph.clone(), fixed.batch, fixed.length)) {
            Ok(plan) => (plan.clone(), Lengths::All(plan)),
            Err(error) if fixed.length.is_some() => return Err(unsupported(error)),
            Err(error) => {
                engine.log(&format!("tract: a plan for each length, since {error}"));
                let sample = guarded(|| plan(graph.clone(), fixed.batch, Some(SAMPLE)))
                    .map_err(unsupported)?;
                (sample, Lengths::Each(Box::new(graph)))
            }
        };
        let unfit = |_| Error::Internal("a plan without inputs or outputs".into());
        let model = plan.model();
        let mut inputs = Vec::new();
        for outlet in model.input_outlets().map_err(unfit)? {
            let name = &model.node(outlet.node).name;
            let fact = model.outlet_fact(*outlet).map_err(unfit)?;
            let input = input(name).ok_or_else(|| Error::Internal("an unknown input".into()))?;
            inputs.push((input, fact.datum_type));
        }
        let mut width = width;
        for (name, outlet) in outputs.names().iter().zip(model.output_outlets().map_err(unfit)?) {
            let fact = model.outlet_fact(*outlet).map_err(unfit)?;
            let (rank, want) = (fact.rank(), outputs.rank());
            if rank != want {
                let reason = format!("{name} has {rank} dimensions, {want} were expected");
                return Err(Error::model(file, reason));
            }
            let last = fact.shape.last().and_then(|dim| dim.to_usize().ok());
            let spans = matches!(outputs, Outputs::Span(_));
            match (last, width) {
                (Some(last), Some(width)) if !spans && last != width => {
                    let reason = format!("{name} is {last} wide, config.json says {width}");
                    return Err(Error::model(file, reason));
                }
                (Some(last), None) => width = Some(last),
                _ => {}
            }
        }
        let width = width.filter(|width| (1..=WIDEST).contains(width));
        let width = width.ok_or_else(|| Error::model(file, "an output of no usable width"))?;
        let graph = Graph {
            engine: engine.clone(),
            file: file.into(),
            lengths,
            inputs,
            outputs,
            width,
            fixed,
            idle: Mutex::default(),
        };
        graph.expect_to_run()?;
        Ok(graph)
    }

    /// Refuses a graph that fails on a sequence, and one of a fixed length on which padding leaves its mark.
    fn expect_to_run(&self) -> Result<()> {
        let first = self.tried(self.fixed.padding)?;
        let Some(length) = self.fixed.length else { return Ok(()) };
        let refuse = |reason: &str| {
            let file = &self.file;
            Err(Error::Unsupported(format!("{file}: takes {length} tokens only, {reason}")))
        };
        if !self.inputs.iter().any(|(input, _)| *input == Input::Mask) {
            return refuse("and no attention_mask to pad shorter sequences with");
        }
        let other = self.tried(u32::from(self.fixed.padding == 0))?;
        // A value that is no number must not pass for a small difference.
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-3;
        match first.iter().zip(&other).all(near) {
            true => Ok(()),
            false => refuse("and its attention_mask does not keep padding out"),
        }
    }

    /// What it gives for a short sequence.
    fn tried(&self, padding: u32) -> Result<Vec<f32>> {
        let tokens = [1, 2, 3];
        let mut rows = vec![0.0; tokens.len() * self.width];
        let run = || self.sequence(&tokens, &[0; 3], padding, &mut rows);
        match silence::catch(std::panic::AssertUnwindSafe(run)) {
            Some(Ok(())) => Ok(rows),
            _ => Err(Error::Unsupported(format!("{}: tract cannot run this graph", self.file))),
        }
    }

    /// The shape that it demands.
    pub(crate) fn fixed(&self) -> Fixed {
        self.fixed
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Width of a row that it gives for a token.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Whether the rows are states and not logits.
    pub(crate) fn has_states(&self) -> bool {
        matches!(self.outputs, Outputs::States(_))
    }

    /// A row for each token, `[T, width]`. Logits of a whole sequence stand in its first row; its
    /// other rows are zeros.
    pub(crate) fn run(&self, batch: &Batch, control: &Control) -> Result<Vec<f32>> {
        let _env = FloatEnv::standard();
        let mut rows = vec![0.0; batch.len() * self.width];
        let mut rest = rows.as_mut_slice();
        let mut tasks = Vec::new();
        for sequence in batch.sequences() {
            let (rows, others) =
                std::mem::take(&mut rest).split_at_mut(sequence.len() * self.width);
            rest = others;
            tasks.push((sequence, rows));
        }
        self.engine.workers().each(tasks, |(sequence, rows)| {
            control.check()?;
            let tokens = &batch.tokens[sequence.clone()];
            let segments = &batch.segment[sequence];
            // What tract says of a failure may hold values of the text: it is dropped.
            match silence::catch(|| self.sequence(tokens, segments, self.fixed.padding, rows)) {
                Some(Ok(())) => Ok(()),
                _ => Err(Error::model(&self.file, "the graph fails on a sequence")),
            }
        })?;
        Ok(rows)
    }

    /// Runs one sequence.
    fn sequence(
        &self,
        tokens: &[u32],
        segments: &[u32],
        padding: u32,
        rows: &mut [f32],
    ) -> TractResult<()> {
        let (batch, length) = (self.fixed.batch, self.fixed.length.unwrap_or(tokens.len()));
        ensure!(tokens.len() <= length, "a sequence that is too long");
        let inputs = self.inputs.iter().map(|&(input, datum_type)| {
            let (mut values, padding): (Vec<i64>, _) = match input {
                Input::Ids => (tokens.iter().map(|&id| i64::from(id)).collect(), padding),
                Input::Mask => (vec![1; tokens.len()], 0),
                Input::Segments => {
                    (segments.iter().map(|&segment| i64::from(segment)).collect(), 0)
                }
            };
            values.resize(length, i64::from(padding));
            let tensor = tensor1(&values.repeat(batch)).into_shape(&[batch, length])?;
            Ok(tensor.cast_to_dt(datum_type)?.into_owned().into_tvalue())
        });
        let inputs = inputs.collect::<TractResult<TVec<TValue>>>()?;
        let mut state = self.state(length)?;
        // A state that failed or panicked half-way is dropped, not put back.
        let outputs = state.run(inputs)?;
        self.put_back(length, state);
        self.collect(&outputs, length, rows)
    }

    /// An idle state for a length, or a new one.
    fn state(&self, length: usize) -> TractResult<State> {
        let key = self.key(length);
        let mut idle = self.lock_idle();
        if let Some(at) = idle.iter().rposition(|(length, _)| *length == key) {
            return Ok(idle.remove(at).1);
        }
        drop(idle);
        match &self.lengths {
            Lengths::All(plan) => plan.spawn(),
            Lengths::Each(graph) => {
                plan((**graph).clone(), self.fixed.batch, Some(length))?.spawn()
            }
        }
    }

    fn put_back(&self, length: usize, state: State) {
        let mut idle = self.lock_idle();
        idle.push((self.key(length), state));
        if matches!(self.lengths, Lengths::Each(_)) && idle.len() > MOST_IDLE {
            idle.remove(0);
        }
    }

    fn key(&self, length: usize) -> usize {
        match self.lengths {
            Lengths::All(_) => 0,
            Lengths::Each(_) => length,
        }
    }

    /// Puts the outputs of a sequence into its rows.
    fn collect(&self, outputs: &[TValue], length: usize, rows: &mut [f32]) -> TractResult<()> {
        let batch = self.fixed.batch;
        let shape: &[usize] = match self.outputs {
            Outputs::States(_) | Outputs::Tokens(_) => &[batch, length, self.width],
            Outputs::Sequence(_) => &[batch, self.width],
            Outputs::Span(_) => &[batch, length],
        };
        for (index, output) in outputs.iter().enumerate() {
            ensure!(output.shape() == shape, "an output of another shape");
            let values = output.cast_to::<f32>()?;
            let values = values.try_as_plain_ram()?.as_slice::<f32>()?;
            // Of the first sequence, without its padding.
            let wanted = match self.outputs {
                Outputs::States(_) | Outputs::Tokens(_) => rows.len(),
                Outputs::Sequence(_) => self.width,
                Outputs::Span(_) => rows.len() / 2,
            };
            let values = &values[..wanted];
            ensure!(values.iter().all(|value| value.is_finite()), "an output that is no number");
            if matches!(self.outputs, Outputs::Span(_)) {
                let column = rows.iter_mut().skip(index).step_by(2);
                column.zip(values).for_each(|(row, value)| *row = *value);
            } else {
                rows[..values.len()].copy_from_slice(values);
            }
        }
        Ok(())
    }

    fn lock_idle(&self) -> std::sync::MutexGuard<'_, Vec<(usize, State)>> {
        // Holders of the lock only push and pop: a panic cannot leave the pool half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn input(name: &str) -> Option<Input> {
    match name {
        "input_ids" => Some(Input::Ids),
        "attention_mask" => Some(Input::Mask),
        "token_type_ids" => Some(Input::Segments),
        _ => None,
    }
}

/// Whether a graph's input of a name can be fed.
pub(crate) fn is_input(name: &str) -> bool {
    input(name).is_some()
}

/// Runs tract's code over a graph; one that contradicts itself makes it panic in places.
fn guarded<T>(work: impl FnOnce() -> TractResult<T>) -> TractResult<T> {
    silence::catch(work).unwrap_or_else(|| Err(format_err!("a panic")))
}

/// Wider than any output of an encoder or a head.
const WIDEST: usize = 1 << 20;

/// A length to try a graph with that takes one at a time.
const SAMPLE: usize = 8;

/// The graph as far as the wanted outputs need it.
fn parse(proto: &ModelProto, outputs: &[String]) -> TractResult<InferenceModel> {
    // What exporters note down of shapes in between is often wrong, and never needed.
    let onnx = tract_onnx::onnx().with_ignore_value_info(true).with_ignore_output_shapes(true);
    let parsed = onnx.parse(proto, None)?;
    ensure!(parsed.unresolved_inputs.is_empty(), "a value that nothing gives");
    let outlet = |name: &String| {
        parsed.outlets_by_name.get(name).copied().with_context(|| "an output that nothing gives")
    };
    let outlets = outputs.iter().map(outlet).collect::<TractResult<Vec<_>>>()?;
    let mut graph = parsed.model;
    graph.select_output_outlets(&outlets)?;
    Ok(graph)
}

/// A plan for sequences of a length, or of every length.
fn plan(mut graph: InferenceModel, batch: usize, length: Option<usize>) -> TractResult<Plan> {
    let length = match length {
        Some(length) => length.to_dim(),
        None => graph.symbols.sym("S").to_dim(),
    };
    for index in 0..graph.input_outlets()?.len() {
        let datum_type = graph.input_fact(index)?.datum_type.concretize();
        let datum_type = datum_type.with_context(|| "an input without a type")?;
        let shape = tvec!(batch.to_dim(), length.clone());
        graph.set_input_fact(index, InferenceFact::dt_shape(datum_type, shape))?;
    }
    graph.into_typed()?.into_optimized()?.into_runnable()
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::engine::EngineOptions;
    use crate::engine::TokenSequence;

    const ANY: Fixed = Fixed { batch: 1, length: None, padding: 0 };

    #[test]
    fn one_plan_for_each_length_gives_what_one_for_all_gives() {
        let file = include_bytes!("../../tests/fixtures/deberta-token-onnx/model.onnx");
        let proto = ModelProto::decode(&file[..]).unwrap();
        let engine = Engine::new(EngineOptions::default()).unwrap();
        let outputs = Outputs::Tokens("logits".into());
        let all = Graph::new(&engine, "model.onnx", &proto, outputs.clone(), Some(3), ANY).unwrap();
        assert!(matches!(all.lengths, Lengths::All(_)));
        let mut each = Graph::new(&engine, "model.onnx", &proto, outputs, Some(3), ANY).unwrap();
        each.lengths = Lengths::Each(Box::new(parse(&proto, all.outputs.names()).unwrap()));

        let mut batch = Batch::new();
        for length in (3..=MOST_IDLE + 4).chain([3, 3, 40]) {
            let ids = (0..length as u32).map(|at| 5 + 7 * at % 200).collect();
            batch.push_tokens(&TokenSequence { ids, first_segment: length });
        }
        let run = |graph: &Graph| graph.run(&batch, &Control::default()).unwrap();
        let (all, got) = (run(&all), run(&each));
        assert!(all.iter().zip(&got).all(|(a, b)| (a - b).abs() < 1e-5));
        assert_eq!(each.lock_idle().len(), MOST_IDLE);
    }
}

//! What a graph gives, by the names and shapes of its outputs, and the head that this makes.

use tract_onnx::pb::ModelProto;

use crate::engine::Outputs;
use crate::error::{Error, Result};
use crate::files::onnx::{self, Ending};
use crate::heads::{Head, HeadSpec, Kind, Output, Weights};
use crate::model::purpose::Purpose;

/// What a graph gives.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) outputs: Outputs,
    pub(super) head: Option<Head>,
    /// Whether what it gives of a sequence is the vector of its text.
    pub(super) is_vector: bool,
    /// The output that is such a vector, where states are given too.
    pub(super) vector: Option<String>,
    /// The function that the graph ends in and that is the head's to apply.
    pub(super) ending: Option<Ending>,
}

const STATES: [&str; 2] = ["last_hidden_state", "token_embeddings"];
const VECTOR: &str = "sentence_embedding";

impl Given {
    /// A head is named `name`.
    pub(super) fn of(
        proto: &ModelProto,
        file: &str,
        purpose: &Purpose,
        name: &str,
    ) -> Result<Given> {
        let names = onnx::outputs(proto);
        let missing = |name: &str| Error::model(file, format!("has no output {name}"));
        // A sole output is the one that is meant, whatever its name.
        let find = |name: &str| match names.as_slice() {
            [(sole, _)] => Ok(sole.to_string()),
            names if names.iter().any(|(output, _)| *output == name) => Ok(name.to_string()),
            _ => Err(missing(name)),
        };
        let given =
            |outputs| Given { outputs, head: None, is_vector: false, vector: None, ending: None };
        let Some(kind) = purpose.kind()? else {
            let has = |name: &&str| names.iter().any(|(output, _)| output == name);
            let of_rank_3: Vec<&str> =
                names.iter().filter(|(_, rank)| *rank == Some(3)).map(|(name, _)| *name).collect();
            let states = match (STATES.iter().copied().find(has), of_rank_3.as_slice()) {
                (Some(name), _) => name.to_string(),
                (None, _) if has(&VECTOR) => {
                    let outputs = Outputs::Sequence(VECTOR.into());
                    return Ok(Given { is_vector: true, ..given(outputs) });
                }
                // Newer exporters number them.
                (None, [sole]) if names.len() > 1 => sole.to_string(),
                _ => find(STATES[0])?,
            };
            let vector = has(&VECTOR).then(|| VECTOR.to_string());
            return Ok(Given { vector, ..given(Outputs::States(states)) });
        };
        let mut ending = None;
        let mut logits = |name: String, rank| {
            let (name, found) = onnx::before_ending(proto, file, &name, rank)?;
            ending = ending.or(found);
            Ok::<_, Error>(name)
        };
        let outputs = match kind {
            Kind::Cls => Outputs::Sequence(logits(find("logits")?, 2)?),
            Kind::Span => {
                let pair = match names.as_slice() {
                    // Newer exporters number them, in their order.
                    [(start, _), (end, _)]
                        if *start != "start_logits" && *end != "start_logits" =>
                    {
                        [start.to_string(), end.to_string()]
                    }
                    _ => [find("start_logits")?, find("end_logits")?],
                };
                let [start, end] = pair;
                Outputs::Span([logits(start, 2)?, logits(end, 2)?])
            }
            // No checkpoint says that its head reads all layers.
            _ => Outputs::Tokens(logits(find("logits")?, 3)?),
        };
        let head = match purpose.head(0)? {
            Some(mut spec) => {
                end(&mut spec, ending, file)?;
                Some(Head { name: name.into(), spec, weights: Weights::Graph })
            }
            None => None,
        };
        Ok(Given { head, ending, ..given(outputs) })
    }

    /// What is to be said of the function that the graph ends in.
    pub(super) fn remark(&self) -> String {
        match self.ending {
            Some(ending) => format!("; its last step, {}, is the head's", ending.name()),
            None => String::new(),
        }
    }
}

/// Makes a head apply the function that the graph ended in, which says more than `config.json`.
pub(super) fn end(spec: &mut HeadSpec, ending: Option<Ending>, file: &str) -> Result<()> {
    let Some(ending) = ending else { return Ok(()) };
    let labels = spec.labels.len();
    let refuse = |what: &str| {
        Err(Error::Unsupported(format!("{file}: {} over {what} is not supported", ending.name())))
    };
    match (&mut spec.output, ending) {
        (Output::Class { multi_label, .. }, Ending::Sigmoid) => {
            // One label has a sigmoid without being told.
            *multi_label = (labels > 1).then_some(true).or(*multi_label);
            Ok(())
        }
        (Output::Class { .. }, Ending::Softmax) if labels == 1 => refuse("one output"),
        (Output::Class { multi_label, .. }, Ending::Softmax) => {
            *multi_label = multi_label.filter(|several| !several);
            Ok(())
        }
        (_, Ending::Softmax) => Ok(()),
        (_, Ending::Sigmoid) => refuse("the labels of words"),
    }
}

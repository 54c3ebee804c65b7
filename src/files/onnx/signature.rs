//! What goes into a graph and what comes out, as far as its file says so.

use std::collections::HashMap;

use tract_onnx::pb::tensor_shape_proto::dimension::Value;
use tract_onnx::pb::type_proto;
use tract_onnx::pb::{ModelProto, NodeProto, TensorShapeProto, ValueInfoProto};

use crate::error::{Error, Result};
use crate::files::onnx::tensor::shown;

/// The shape that a graph demands of its inputs, `[batch, length]`, where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Fixed {
    pub(crate) batch: Option<usize>,
    pub(crate) length: Option<usize>,
}

/// More sequences at once than any graph was exported for.
const MOST_SEQUENCES: usize = 256;

/// The function that a graph ends in, whose inputs are logits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Softmax,
    Sigmoid,
}

impl Ending {
    /// What people call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Ending::Softmax => "a softmax",
            Ending::Sigmoid => "a sigmoid",
        }
    }
}

/// More steps than stand between an output and the function before it.
const MOST_STEPS: usize = 16;

fn shape(value: &ValueInfoProto) -> Option<&TensorShapeProto> {
    let type_proto::Value::TensorType(tensor) = value.r#type.as_ref()?.value.as_ref()?;
    tensor.shape.as_ref()
}

/// The outputs and how many dimensions each has.
pub(crate) fn outputs(proto: &ModelProto) -> Vec<(&str, Option<usize>)> {
    let outputs = proto.graph.iter().flat_map(|graph| &graph.output);
    outputs.map(|output| (&*output.name, shape(output).map(|shape| shape.dim.len()))).collect()
}

/// The shape that the input `input_ids` must have.
pub(crate) fn fixed(proto: &ModelProto, file: &str) -> Result<Fixed> {
    let inputs = proto.graph.iter().flat_map(|graph| &graph.input);
    let ids = inputs.filter(|input| input.name == "input_ids").find_map(shape);
    let Some(shape) = ids else { return Ok(Fixed::default()) };
    let size = |at: usize| match shape.dim.get(at)?.value.as_ref()? {
        Value::DimValue(size) => usize::try_from(*size).ok().filter(|&size| size > 0),
        Value::DimParam(_) => None,
    };
    let fixed = Fixed { batch: size(0), length: size(1) };
    if shape.dim.len() != 2 || fixed.batch.is_some_and(|batch| batch > MOST_SEQUENCES) {
        let reason = "input_ids has an impossible shape";
        return Err(Error::model(file, reason));
    }
    Ok(fixed)
}

/// The value that goes into the softmax or sigmoid which a graph's output comes from, and which of them it
/// is; the output itself, where it comes from neither. `rank`: the dimensions of the output.
pub(crate) fn before_ending(
    proto: &ModelProto,
    file: &str,
    output: &str,
    rank: i64,
) -> Result<(String, Option<Ending>)> {
    let nodes = proto.graph.iter().flat_map(|graph| &graph.node);
    let makers: HashMap<&str, &NodeProto> = nodes
        .flat_map(|node| node.output.iter().map(move |output| (output.as_str(), node)))
        .collect();
    let mut name = output;
    for _ in 0..MOST_STEPS {
        let Some(node) = makers.get(name) else { break };
        let Some(input) = node.input.first() else { break };
        let ending = match node.op_type.as_str() {
            "Identity" | "Cast" => {
                name = input;
                continue;
            }
            "Sigmoid" => Ending::Sigmoid,
            "Softmax" | "LogSoftmax" => Ending::Softmax,
            _ => break,
        };
        if ending == Ending::Softmax && !is_last(proto, node, rank) {
            let reason =
                format!("{} ends in a softmax that is not over its last dimension", shown(output));
            return Err(Error::Unsupported(format!("{file}: {reason}")));
        }
        return Ok((input.clone(), Some(ending)));
    }
    Ok((output.to_string(), None))
}

/// Whether a softmax is over the last of `rank` dimensions. Before version 13 of the operators it was over
/// all from the axis on.
fn is_last(proto: &ModelProto, node: &NodeProto, rank: i64) -> bool {
    let version =
        proto.opset_import.iter().find(|set| set.domain.is_empty()).map_or(1, |set| set.version);
    let axis = node.attribute.iter().find(|attribute| attribute.name == "axis").map(|axis| axis.i);
    let axis = axis.unwrap_or(if version < 13 { 1 } else { -1 });
    axis == -1 || axis == rank - 1
}

#[cfg(test)]
mod tests {
    use tract_onnx::pb::{AttributeProto, GraphProto, OperatorSetIdProto};

    use super::*;

    fn model(operators: &[&str], axis: i64) -> ModelProto {
        let axis = AttributeProto { name: "axis".into(), i: axis, ..AttributeProto::default() };
        let node = |(number, operator): (usize, &&str)| NodeProto {
            op_type: operator.to_string(),
            input: vec![format!("v{number}")],
            output: vec![format!("v{}", number + 1)],
            attribute: vec![axis.clone()],
            ..NodeProto::default()
        };
        let nodes = operators.iter().enumerate().map(node).collect();
        ModelProto {
            graph: Some(GraphProto { node: nodes, ..GraphProto::default() }),
            opset_import: vec![OperatorSetIdProto { version: 18, ..OperatorSetIdProto::default() }],
            ..ModelProto::default()
        }
    }

    #[test]
    fn the_last_function_is_looked_through() {
        let ending = |operators: &[&str], axis| {
            let output = format!("v{}", operators.len());
            before_ending(&model(operators, axis), "model.onnx", &output, 2)
        };
        let is = |name: &str, ending| Ok((name.to_string(), ending));
        assert_eq!(ending(&["Add", "Softmax"], -1), is("v1", Some(Ending::Softmax)));
        assert_eq!(
            ending(&["Add", "Sigmoid", "Cast", "Identity"], 0),
            is("v1", Some(Ending::Sigmoid))
        );
        assert_eq!(ending(&["Softmax", "Add"], 1), is("v2", None));
        assert!(ending(&["Add", "Softmax"], 0).unwrap_err().to_string().contains("last dimension"));
        // A circle comes to an end.
        let mut circle = model(&["Identity"], 0);
        circle.graph.as_mut().unwrap().node[0].output = vec!["v0".into()];
        assert_eq!(before_ending(&circle, "model.onnx", "v0", 2), is("v0", None));
    }
}

//! Numbers in a graph that become sizes: a file of a few bytes must not ask for a machine's memory.

use std::collections::HashMap;

use tract_onnx::pb::{GraphProto, NodeProto, TensorProto};

use crate::error::{Error, Result};
use crate::files::onnx::tensor::{count, shown};

/// More values than a tensor of any encoder has that is not a weight.
const MOST_VALUES: i64 = 1 << 26;

/// The inputs of an operator that say how large its output is.
fn sizes(node: &NodeProto) -> &[String] {
    let inputs = match node.op_type.as_str() {
        "ConstantOfShape" => 0..1,
        "Expand" | "Tile" | "Pad" | "OneHot" | "TopK" => 1..2,
        "Range" => 0..3,
        "Resize" | "Upsample" => 1..4,
        _ => return &[],
    };
    node.input.get(inputs.start..inputs.end.min(node.input.len())).unwrap_or_default()
}

/// Refuses constant sizes beyond any encoder's.
pub(super) fn check(graph: &GraphProto, file: &str) -> Result<()> {
    let mut constants: HashMap<&str, &TensorProto> =
        graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    for node in graph.node.iter().filter(|node| node.op_type == "Constant") {
        let values = node.attribute.iter().filter_map(|attribute| attribute.t.as_ref());
        constants.extend(node.output.iter().map(String::as_str).zip(values));
    }
    for node in &graph.node {
        for name in sizes(node) {
            let constant = constants.get(name.as_str());
            let too_large = constant.is_some_and(|tensor| {
                let product = integers(tensor).try_fold(1i64, |product, value| {
                    product.checked_mul(value.checked_abs()?.max(1))
                });
                product.is_none_or(|product| product > MOST_VALUES)
            });
            if too_large {
                let reason = format!("{} asks for an impossible size", shown(&node.op_type));
                return Err(Error::corrupt(file, reason));
            }
        }
    }
    Ok(())
}

/// The values of a small tensor of i64.
fn integers(tensor: &TensorProto) -> impl Iterator<Item = i64> + '_ {
    const INT64: i32 = 7;
    let small = tensor.data_type == INT64 && count(tensor).is_some_and(|count| count <= 16);
    let raw = tensor.raw_data.as_chunks().0.iter().map(|&bytes| i64::from_le_bytes(bytes));
    raw.chain(tensor.int64_data.iter().copied()).take(if small { 16 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(operator: &str, size: i64) -> GraphProto {
        let tensor = TensorProto {
            name: "size".into(),
            dims: vec![2],
            data_type: 7,
            int64_data: vec![size, 1000],
            ..TensorProto::default()
        };
        let node = NodeProto {
            op_type: operator.into(),
            input: ["size", "size"].map(String::from).into(),
            ..NodeProto::default()
        };
        GraphProto { node: vec![node], initializer: vec![tensor], ..GraphProto::default() }
    }

    #[test]
    fn sizes_beyond_any_encoder_are_refused() {
        for operator in ["ConstantOfShape", "Expand", "Tile", "Range"] {
            assert!(check(&graph(operator, 512), "model.onnx").is_ok());
            for size in [1 << 40, i64::MAX, i64::MIN] {
                let error = check(&graph(operator, size), "model.onnx").unwrap_err().to_string();
                assert_eq!(error, format!("model.onnx: {operator} asks for an impossible size"));
            }
        }
        assert!(check(&graph("Add", 1 << 40), "model.onnx").is_ok());
    }
}

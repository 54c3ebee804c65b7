//! Operators that tract runs on fewer types than ONNX allows.

use std::collections::HashSet;

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::type_proto;
use tract_onnx::pb::{AttributeProto, GraphProto, NodeProto};

/// Lets every `CumSum` of 64-bit integers, which tract cannot run, count in 32 bits: they count positions of
/// tokens (RoBERTa's, as `torch.export` writes them).
pub(super) fn count_in_32_bits(graph: &mut GraphProto) {
    let wide = graph.value_info.iter().filter_map(|value| {
        let type_proto::Value::TensorType(tensor) = value.r#type.as_ref()?.value.as_ref()?;
        (tensor.elem_type == DataType::Int64 as i32).then(|| value.name.clone())
    });
    let wide: HashSet<String> = wide.collect();
    let nodes = std::mem::take(&mut graph.node);
    for mut node in nodes {
        let is_wide = |name: &String| wide.contains(name);
        if node.op_type != "CumSum"
            || !node.input.first().is_some_and(is_wide)
            || node.output.len() != 1
        {
            graph.node.push(node);
            continue;
        }
        let (from, to) = (node.input[0].clone(), std::mem::take(&mut node.output[0]));
        let [narrow, sums] = ["narrow", "sums"].map(|part| format!("{to}.{part}"));
        node.input[0] = narrow.clone();
        node.output[0] = sums.clone();
        graph.node.extend([
            cast(from, narrow, DataType::Int32),
            node,
            cast(sums, to, DataType::Int64),
        ]);
    }
}

fn cast(from: String, to: String, kind: DataType) -> NodeProto {
    let kind = AttributeProto {
        name: "to".into(),
        r#type: AttributeType::Int as i32,
        i: kind as i64,
        ..AttributeProto::default()
    };
    NodeProto {
        name: format!("{to}.cast"),
        op_type: "Cast".into(),
        input: vec![from],
        output: vec![to],
        attribute: vec![kind],
        ..NodeProto::default()
    }
}

//! Reading an ONNX file: whole, with the data of all its tensors, and with no more memory than its
//! length bears out.

use std::path::Path;

use prost::Message;
use tract_onnx::pb::tensor_proto::{DataLocation, DataType};
use tract_onnx::pb::{GraphProto, ModelProto, TensorProto};

use crate::error::{Error, Result};
use crate::files::onnx::external::External;
use crate::files::onnx::tensor::{count, shown};
use crate::files::onnx::{limits, narrow, wire};
use crate::files::{Loading, load, regular_length};
use crate::hash::sha256;

/// Protocol buffers have no longer messages.
const LARGEST: u64 = 2 << 30;

/// The model of a file, and the file's SHA-256.
pub(crate) fn read(path: &Path, file: &str, loading: Loading) -> Result<(ModelProto, String)> {
    let length = regular_length(path)?;
    if length > LARGEST {
        let reason =
            format!("{length} bytes; weights beyond {LARGEST} must lie in a file beside it");
        return Err(Error::Unsupported(format!("{file}: {reason}")));
    }
    if length == 0 {
        return Err(Error::corrupt(file, "empty"));
    }
    let bytes = load(path, loading)?;
    let damaged = || Error::corrupt(file, "not a whole ONNX file");
    if !wire::is_sound(&bytes) {
        return Err(damaged());
    }
    let mut proto = ModelProto::decode(&bytes[..]).map_err(|_| damaged())?;
    let sha256 = sha256(&bytes);
    let Some(graph) = &mut proto.graph else {
        return Err(Error::corrupt(file, "not an ONNX file: it holds no graph"));
    };
    operators(graph, file)?;
    let mut external = External::new(path, file);
    for tensor in tensors(graph) {
        fetch(tensor, file, &mut external)?;
    }
    limits::check(graph, file)?;
    narrow::count_in_32_bits(graph);
    Ok((proto, sha256))
}

/// Refuses what tract does not know, and what could run without an end.
fn operators(graph: &GraphProto, file: &str) -> Result<()> {
    let known = tract_onnx::onnx().op_register.0;
    for node in &graph.node {
        let nested = |attribute: &tract_onnx::pb::AttributeProto| {
            attribute.g.is_some() || !attribute.graphs.is_empty()
        };
        // tract looks at names alone, and two of these mean something else in ONNX itself.
        let is_other = node.domain == "com.microsoft"
            && matches!(node.op_type.as_str(), "Attention" | "RotaryEmbedding");
        if is_other || !known.contains_key(&node.op_type) || node.attribute.iter().any(nested) {
            let operator = shown(&node.op_type);
            return Err(Error::Unsupported(format!(
                "{file}: operator {operator} is not supported"
            )));
        }
    }
    Ok(())
}

/// The tensors that a graph holds itself.
fn tensors(graph: &mut GraphProto) -> impl Iterator<Item = &mut TensorProto> {
    let attributes = graph.node.iter_mut().flat_map(|node| &mut node.attribute);
    graph.initializer.iter_mut().chain(attributes.filter_map(|attribute| attribute.t.as_mut()))
}

/// Checks that a tensor has as many values as its shape says, and fetches those from beside the file.
fn fetch(tensor: &mut TensorProto, file: &str, external: &mut External<'_>) -> Result<()> {
    let name = shown(&tensor.name).to_string();
    let Some(count) = count(tensor) else {
        return Err(Error::corrupt(file, format!("{name}: an impossible shape")));
    };
    let data_type = DataType::try_from(tensor.data_type).unwrap_or(DataType::Undefined);
    let size = match data_type {
        DataType::Uint8 | DataType::Int8 | DataType::Bool => 1,
        DataType::Uint16 | DataType::Int16 | DataType::Float16 => 2,
        DataType::Float | DataType::Int32 | DataType::Uint32 => 4,
        DataType::Double | DataType::Int64 | DataType::Uint64 => 8,
        _ => {
            let reason = "a tensor of a type that is not supported";
            return Err(Error::Unsupported(format!("{file}: {name}: {reason}")));
        }
    };
    let Some(bytes) = count.checked_mul(size) else {
        return Err(Error::corrupt(file, format!("{name}: an impossible shape")));
    };
    if tensor.data_location == Some(DataLocation::External as i32) {
        tensor.raw_data = external.read(&tensor.external_data, bytes)?;
        tensor.external_data.clear();
        tensor.data_location = None;
    }
    let has = if tensor.raw_data.is_empty() {
        let values = match data_type {
            DataType::Float => tensor.float_data.len(),
            DataType::Double => tensor.double_data.len(),
            DataType::Int64 => tensor.int64_data.len(),
            DataType::Uint64 => tensor.uint64_data.len(),
            _ => tensor.int32_data.len(),
        };
        values.checked_mul(size)
    } else {
        Some(tensor.raw_data.len())
    };
    if has != Some(bytes) {
        return Err(Error::corrupt(file, format!("{name}: its values do not fit its shape")));
    }
    Ok(())
}

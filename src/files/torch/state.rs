//! From the object of a checkpoint to the tensors of its state dict.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::error::{Error, Result};
use crate::files::torch::pickle::Unpickler;
use crate::files::torch::tensor::TorchTensor;
use crate::files::torch::value::{Id, Rebuild, Value};

/// Where the bytes of each storage lie in the file, by the key that the pickle knows them by.
pub(super) type Storages = BTreeMap<String, Range<usize>>;

/// Where checkpoints of a training keep the state dict of their model.
const NESTED: [&str; 2] = ["state_dict", "model_state_dict"];
/// More dimensions than the tensors of any transformer have.
const MAX_RANK: usize = 8;

/// The tensors of a state dict, or of one that is an item of the object. Other items are ignored.
pub(super) fn tensors(
    file: &str,
    pickle: &Unpickler<'_>,
    root: Id,
    storages: &Storages,
) -> Result<BTreeMap<String, TorchTensor>> {
    let nested = NESTED.iter().find_map(|key| match pickle.item(root, key) {
        Some(Value::Dict(pairs)) => Some(pairs),
        _ => None,
    });
    let pairs = match pickle.value(root) {
        Value::Dict(pairs) => nested.unwrap_or(pairs),
        _ => return Err(Error::model(file, "holds no state dict")),
    };
    let mut tensors = BTreeMap::new();
    for &(key, value) in pairs {
        if let (Value::Text(name), Value::Tensor(rebuild)) =
            (pickle.value(key), pickle.value(value))
        {
            let tensor = tensor(file, pickle, rebuild, storages)?;
            tensors.insert(name.to_string(), tensor);
        }
    }
    if tensors.is_empty() {
        return Err(Error::model(file, "holds no tensors"));
    }
    Ok(tensors)
}

fn tensor(
    file: &str,
    pickle: &Unpickler<'_>,
    rebuild: &Rebuild,
    storages: &Storages,
) -> Result<TorchTensor> {
    let corrupt = |reason: &str| Error::corrupt(file, reason);
    let Value::Storage(storage) = pickle.value(rebuild.storage) else {
        return Err(corrupt("a tensor without a storage"));
    };
    let offset = natural(pickle.value(rebuild.offset));
    let (shape, stride) = (naturals(pickle, rebuild.shape), naturals(pickle, rebuild.stride));
    let (Some(offset), Some(shape), Some(stride)) = (offset, shape, stride) else {
        return Err(corrupt("a tensor whose shape cannot be read"));
    };
    if shape.len() != stride.len() {
        return Err(corrupt("a tensor whose strides do not fit its shape"));
    }
    let range = storages.get(storage.key).filter(|range| Some(range.len()) == storage.bytes());
    let Some(range) = range else {
        return Err(corrupt("a storage is missing or has two lengths"));
    };
    TorchTensor::new(storage.dtype, shape, stride, offset, range.clone())
        .ok_or_else(|| corrupt("a tensor reaches beyond its storage"))
}

fn natural(value: &Value<'_>) -> Option<usize> {
    match value {
        Value::Int(value) => usize::try_from(*value).ok(),
        _ => None,
    }
}

fn naturals(pickle: &Unpickler<'_>, id: Id) -> Option<Vec<usize>> {
    match pickle.value(id) {
        Value::Tuple(ids) if ids.len() <= MAX_RANK => {
            ids.iter().map(|&id| natural(pickle.value(id))).collect()
        }
        _ => None,
    }
}

//! What is asked of a graph's tensor before its values are read.

use tract_onnx::pb::TensorProto;

/// A name from a file as a message may show it.
pub(crate) fn shown(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
    if name.len() <= 80 && !name.is_empty() && name.chars().all(plain) { name } else { "(no name)" }
}

/// The number of values of a tensor by its shape.
pub(super) fn count(tensor: &TensorProto) -> Option<usize> {
    let dims = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok());
    dims.into_iter().try_fold(1usize, |count, dim| count.checked_mul(dim?))
}

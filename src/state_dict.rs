//! A state dict: the named tensors of a checkpoint, whatever file they lie in.

use crate::error::{Error, Result};

/// Named tensors that can be had as f32, in PyTorch's layout.
pub(crate) trait StateDict {
    /// Base name of the file, for errors.
    fn file_name(&self) -> &str;

    /// The names of all tensors, as the file has them.
    fn names(&self) -> Vec<String>;

    /// The name that a tensor has in the file, if it is another than the one that it is asked for by.
    fn own_name(&self, name: &str) -> String {
        name.into()
    }

    /// The shape of a tensor, if there is one of this name.
    fn shape(&self, name: &str) -> Option<Vec<usize>>;

    /// A tensor of a shape. NaN and infinity are refused.
    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>>;
}

/// What a model calls its encoder. A checkpoint of the encoder alone does without.
const ENCODERS: [&str; 8] =
    ["bert.", "roberta.", "distilbert.", "electra.", "mpnet.", "longformer.", "deberta.", "model."];

/// The name of a tensor or a module without that of the encoder that it is in.
pub(crate) fn bare(name: &str) -> &str {
    ENCODERS.iter().find_map(|encoder| name.strip_prefix(encoder)).unwrap_or(name)
}

/// A tensor that must be there.
pub(crate) fn present<T>(file: &str, name: &str, tensor: Option<T>) -> Result<T> {
    tensor.ok_or_else(|| Error::model(file, format!("{name} is missing")))
}

/// Refuses a tensor of another shape. To be asked before its values are: a shape that nobody wants
/// may claim any memory.
pub(crate) fn expect_shape(file: &str, name: &str, found: &[usize], want: &[usize]) -> Result<()> {
    if found != want {
        let reason = format!("{name} has shape {found:?}, {want:?} was expected");
        return Err(Error::model(file, reason));
    }
    Ok(())
}

/// Refuses values that are not numbers.
pub(crate) fn finite(file: &str, name: &str, values: Vec<f32>) -> Result<Vec<f32>> {
    if values.iter().any(|value| !value.is_finite()) {
        return Err(Error::corrupt(file, format!("{name} holds a value that is not finite")));
    }
    Ok(values)
}

//! A BERT in int8 on an NVIDIA GPU: the processor's own bits.
//!
//! ```text
//! card       the driver, a GPU, and the kernels that were compiled for it
//! images     those kernels, as they lie in the library
//! kernels    how each is launched
//! weights    an encoder's weights, in the order that tensor cores read
//! lane       memory and stream of one batch on its way
//! encoder    a batch from ids to states; as many at once as there are callers
//! ```
//!
//! The kernels are in `kernels/cuda`, and so is what makes their bits those of the processor. Nothing is
//! compiled or written at run time; of CUDA there need be no more than the driver.

mod card;
mod encoder;
mod images;
mod kernels;
mod lane;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use card::Card;
pub(crate) use encoder::Encoder;

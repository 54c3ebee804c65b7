//! A BERT in int8 on an NVIDIA GPU: the processor's own bits.
//!
//! ```text
//! card       the driver, a GPU, and the kernels that were compiled for it
//! images     those kernels, as they lie in the library
//! kernels    the same, loaded
//! layout     how operands lie
//! context    what everything on a GPU belongs to
//! memory     numbers on the GPU
//! stream     work in its order
//! weights    an encoder's, in the order that tensor cores read
//! launch     each kernel with its arguments
//! lane       memory and stream of one batch on its way
//! encoder    a batch from ids to states; as many at once as there are callers
//! ```
//!
//! The kernels are in `kernels/cuda`, and so is what makes their bits those of the processor. Nothing is
//! compiled or written at run time; of CUDA there need be no more than the driver.

mod card;
mod context;
mod encoder;
mod failure;
mod images;
mod kernels;
mod lane;
mod launch;
mod layout;
mod memory;
mod stream;
#[cfg(test)]
mod tests;
mod weights;

pub(crate) use card::Card;
pub(crate) use encoder::Encoder;

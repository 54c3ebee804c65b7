//! BRAT: pairs of a text, `.txt`, and its annotations, `.ann`, in a directory. Offsets count Unicode scalars
//! of the text, whose line ends count as they are.

mod note;
mod pairs;
mod read;
mod write;

pub(super) use pairs::Pairs;
pub(super) use write::BratWriter;

#[cfg(test)]
mod tests;

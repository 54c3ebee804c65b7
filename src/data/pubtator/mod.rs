//! PubTator's text: a title, an abstract, and a line of tab-separated columns for each annotation. An
//! empty line ends a document. Offsets count Unicode scalars over title, one character, abstract.

mod read;
mod write;

pub(super) use read::Reader;
pub(super) use write::PubtatorWriter;

#[cfg(test)]
mod tests;

//! The bundle: this library's own model format; docs/bundle-format.md describes it.
//!
//! A directory of plain files that other tools can open. Weights are int8 in the panels that the
//! kernels read, so that opening one is mapping it. `MANIFEST.json` holds length and SHA-256 of
//! every other file and, as its seal, the SHA-256 of itself: any changed byte is noticed.

mod encoder;
mod manifest;
mod read;
mod write;

pub(crate) use encoder::tensors as encoder_tensors;
pub(crate) use read::open;
pub(crate) use write::{Content, write};

/// The file that makes a directory a bundle.
pub(crate) const MANIFEST: &str = "MANIFEST.json";

const CONFIG: &str = "config.json";
const VOCAB: &str = "vocab.txt";
/// In the place of `VOCAB`, where pieces are no lines.
const SUBWORDS: &str = "tokenizer.json";
const TOKENIZER: &str = "tokenizer_config.json";
const ENCODER: &str = "encoder.safetensors";
const PROBE: &str = "probe.safetensors";
const CARD: &str = "README.md";
const FILL: &str = "fill.safetensors";
const VECTORS: &str = "vectors.safetensors";
const HEADS: &str = "heads/";

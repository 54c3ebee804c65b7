//! How a checkpoint makes vectors, in the layout of `sentence-transformers`: `modules.json` lists modules,
//! each with a directory. Read are a transformer, a pooling, and any number of linear layers, norms and
//! unit lengths, as versions 2 to 6 of the package write them. Anything else would give other vectors, and
//! is refused by its name.

mod layers;
mod pooling;
mod texts;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::engine::Shape;
use crate::error::{Error, Result, json_reason};
use crate::files::{read_file, regular_length};
use crate::heads::{StatePooling, VectorSpec, Vectors};

const MODULES: &str = "modules.json";

/// More than any configuration of a module has.
const LARGEST: u64 = 4 << 20;

/// A module of `modules.json`.
#[derive(Debug, Deserialize)]
struct Module {
    #[serde(default)]
    path: String,
    #[serde(rename = "type")]
    class: String,
}

/// Where the modules' packages were: in versions 2 to 5, and in version 6.
const PACKAGES: [&str; 3] = [
    "sentence_transformers.models.",
    "sentence_transformers.base.modules.",
    "sentence_transformers.sentence_transformer.modules.",
];

impl Module {
    /// The name of its class, if it is one of the package's.
    fn name(&self) -> Option<&str> {
        let inner = PACKAGES.iter().find_map(|package| self.class.strip_prefix(package))?;
        Some(inner.rsplit_once('.').map_or(inner, |(_, name)| name))
    }

    /// Its directory, which must lie in the checkpoint's.
    fn inside(&self) -> Result<&str> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        if self.path.is_empty() || !self.path.chars().all(plain) {
            return Err(refused(MODULES, "a module's path is no directory beside it"));
        }
        Ok(&self.path)
    }
}

/// The directory of the transformer, where it is not the checkpoint's own, as in the package's first
/// versions.
pub(super) fn transformer(directory: &Path) -> Option<PathBuf> {
    let modules = modules(directory).ok()?;
    let first = modules.first().filter(|module| module.name() == Some("Transformer"))?;
    Some(directory.join(first.inside().ok()?))
}

/// How the checkpoint in a directory makes vectors: `None` if nothing is said of it. What cannot be done
/// is a reason and no error: the model's heads have no need of it.
///
/// `transformer` is the directory of its first module.
pub(super) fn vectors(
    directory: &Path,
    transformer: &Path,
    shape: Shape,
) -> Option<std::result::Result<Vectors, String>> {
    if !directory.join(MODULES).exists() {
        return None;
    }
    Some(read(directory, transformer, shape).map_err(|error| error.to_string()))
}

/// The same where the encoder gives the vector itself: all that is read is what is done to texts.
pub(super) fn given(directory: &Path, transformer: &Path, shape: Shape) -> Result<Vectors> {
    let mut spec = VectorSpec::new(Vec::new(), shape.max_tokens);
    texts::read(&mut spec, directory, transformer, shape)?;
    Vectors::new(spec, shape, |_, _, _| Err(Error::Internal("a step".into())))
}

fn modules(directory: &Path) -> Result<Vec<Module>> {
    json(directory, MODULES)
}

fn read(directory: &Path, transformer: &Path, shape: Shape) -> Result<Vectors> {
    let modules = modules(directory)?;
    let mut rest = modules.iter();
    let is_root = |module: &Module| module.path.is_empty() || directory != transformer;
    let first = rest.next();
    if !first.is_some_and(|module| module.name() == Some("Transformer") && is_root(module)) {
        return Err(refused(MODULES, "it does not begin with a Transformer at the path \"\""));
    }
    let mut spec = VectorSpec::new(vec![StatePooling::Mean], shape.max_tokens);
    texts::read(&mut spec, directory, transformer, shape)?;
    match rest.next() {
        Some(module) if module.name() == Some("Pooling") => {
            pooling::read(&mut spec, directory, module.inside()?)?;
        }
        _ => return Err(refused(MODULES, "no Pooling follows the Transformer")),
    }
    layers::read(spec, directory, rest.as_slice(), shape)
}

fn json<T: DeserializeOwned>(directory: &Path, file: &str) -> Result<T> {
    let path = directory.join(file);
    if regular_length(&path)? > LARGEST {
        return Err(Error::corrupt(file, "too large to be a configuration"));
    }
    serde_json::from_slice(&read_file(&path)?)
        .map_err(|error| Error::model(file, json_reason(&error)))
}

fn refused(file: &str, reason: &str) -> Error {
    Error::Unsupported(format!("{file}: {reason}"))
}

/// A name out of a file as a message may show it.
fn shown(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-.:".contains(c);
    if name.len() <= 120 && name.chars().all(plain) { name } else { "(no name)" }
}

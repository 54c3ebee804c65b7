//! Which model: a directory, a name under `models/`, or the default.

use std::path::{Path, PathBuf};

use biobert::{Engine, HeadFile, Model, Task};

use crate::args::EngineArgs;
use crate::failure::{Failure, Result};

const DEFAULT: &str = "bio-minilm";

/// Opens the model that the user asked for, and says once where its files contradict each other.
pub fn open(model: Option<&str>, args: &EngineArgs) -> Result<Model> {
    let model = open_silently(model, args)?;
    let info = model.info();
    for note in &info.notes {
        eprintln!("biobert: model {}: {note}", info.name);
    }
    Ok(model)
}

/// The same without a word.
pub fn open_silently(model: Option<&str>, args: &EngineArgs) -> Result<Model> {
    let path = find(model)?;
    let engine = Engine::new(args.engine()?)?;
    Model::open(&engine, &path, args.model()?).map_err(|error| Failure::file(&path, error))
}

/// The model with every head that is named by its directory, whose name then stands in its place. A
/// head that is not `wanted` is added only.
pub fn taught(
    mut model: Model,
    heads: &mut Vec<String>,
    wanted: impl Fn(Task) -> bool,
) -> Result<Model> {
    let mut names = Vec::with_capacity(heads.len());
    for head in heads.drain(..) {
        let directory = PathBuf::from(&head);
        if !directory.join("head.json").is_file() {
            if head.contains(std::path::MAIN_SEPARATOR) {
                return Err(Failure::file(&directory, "no head is here: it has no head.json"));
            }
            names.push(head);
            continue;
        }
        let directory = directory.canonicalize()?;
        let file = HeadFile::open(&directory).and_then(|file| {
            model = model.with_head(&file, None)?;
            Ok(file)
        });
        let file = file.map_err(|error| Failure::file(&directory, error))?;
        if wanted(file.spec().task()) {
            names.push(file.name().to_string());
        }
    }
    *heads = names;
    Ok(model)
}

/// The directory of a model, or the prefix of a TensorFlow checkpoint.
pub fn find(model: Option<&str>) -> Result<PathBuf> {
    let is_there = |path: &&Path| path.exists() || path.with_added_extension("index").is_file();
    if let Some(path) = model.map(Path::new).filter(is_there) {
        return Ok(path.to_path_buf());
    }
    let name = model.unwrap_or(DEFAULT);
    let places = places("models");
    let found = places.iter().map(|place| place.join(name)).find(|path| path.is_dir());
    found.ok_or_else(|| {
        Failure::Message(format!(
            "model not found: {name} is neither a directory nor a name under {}; \
             `biobert convert` makes a model from a checkpoint",
            told(&places)
        ))
    })
}

/// Where `models` or `terms` lie: in the current directory, beside a build of the tool, beside an
/// installed one.
pub fn places(folder: &str) -> Vec<PathBuf> {
    let mut places = vec![PathBuf::from(folder)];
    let tool = std::env::current_exe().and_then(|tool| tool.canonicalize()).ok();
    // Of the tool, the directory that it is in, the one above and so on.
    let above: Vec<&Path> = tool.iter().flat_map(|tool| tool.ancestors()).collect();
    places.extend(above.get(3).map(|build| build.join(folder)));
    places.extend(above.get(2).map(|prefix| prefix.join("share/biobert").join(folder)));
    places
}

/// Places in full, whether they are there or not.
pub fn told(places: &[PathBuf]) -> String {
    let full = |place: &PathBuf| std::path::absolute(place).unwrap_or_else(|_| place.clone());
    let full: Vec<String> = places.iter().map(|place| full(place).display().to_string()).collect();
    full.join(", ")
}

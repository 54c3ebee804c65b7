//! Weights in several files, with an index that says which file has which tensor, as Hugging Face
//! writes them: `model.safetensors.index.json`, `pytorch_model.bin.index.json`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Error, Result, json_reason};
use crate::state_dict::{StateDict, present};

/// More files than any encoder has.
const MOST_FILES: usize = 1000;

/// What an index says.
#[derive(Debug)]
pub(crate) struct Index {
    /// The files, by name.
    pub(crate) files: Vec<String>,
    /// The number of the file that has a tensor.
    places: BTreeMap<String, usize>,
}

impl Index {
    /// Reads the index `name`. Only files that lie beside it are believed to be there.
    pub(crate) fn parse(name: &str, json: &[u8]) -> Result<Index> {
        #[derive(Deserialize)]
        struct File {
            weight_map: BTreeMap<String, String>,
        }
        let File { weight_map } = serde_json::from_slice(json)
            .map_err(|error| Error::model(name, json_reason(&error)))?;
        let mut files: Vec<String> = weight_map.values().cloned().collect();
        files.sort_unstable();
        files.dedup();
        if files.is_empty() || files.len() > MOST_FILES {
            let reason = format!("names {} files, 1 to {MOST_FILES} are read", files.len());
            return Err(Error::model(name, reason));
        }
        let is_elsewhere = |file: &String| file.is_empty() || file.contains(['/', '\\', ':']);
        if files.iter().any(|file| is_elsewhere(file) || file.starts_with('.')) {
            return Err(Error::model(name, "names a file that does not lie beside it"));
        }
        let place = |file: &String| files.binary_search(file).unwrap_or_default();
        let places = weight_map.iter().map(|(tensor, file)| (tensor.clone(), place(file)));
        let places = places.collect();
        Ok(Index { files, places })
    }
}

/// The tensors of several files.
pub(crate) struct Shards<'a> {
    name: &'a str,
    index: &'a Index,
    dicts: Vec<Box<dyn StateDict + 'a>>,
}

impl<'a> Shards<'a> {
    /// The tensors that an index finds in its files, which are given in its order.
    pub(crate) fn new(
        name: &'a str,
        index: &'a Index,
        dicts: Vec<Box<dyn StateDict + 'a>>,
    ) -> Result<Shards<'a>> {
        for (tensor, &place) in &index.places {
            present(dicts[place].file_name(), tensor, dicts[place].shape(tensor))?;
        }
        Ok(Shards { name, index, dicts })
    }

    fn of(&self, tensor: &str) -> Option<&dyn StateDict> {
        self.index.places.get(tensor).map(|&place| &*self.dicts[place])
    }
}

impl StateDict for Shards<'_> {
    fn file_name(&self) -> &str {
        self.name
    }

    fn names(&self) -> Vec<String> {
        // Those too that a file has and the index does not know.
        let mut names: Vec<String> = self.dicts.iter().flat_map(|dict| dict.names()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        self.of(name)?.shape(name)
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        present(self.name, name, self.of(name))?.f32(name, shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_beside_the_index_are_named() {
        let parse =
            |map: &str| Index::parse("index", format!("{{\"weight_map\":{map}}}").as_bytes());
        let index = parse(r#"{"b":"two","a":"one","c":"two"}"#).unwrap();
        assert_eq!(index.files, ["one", "two"]);
        assert_eq!(index.places["c"], 1);
        let elsewhere = "index: names a file that does not lie beside it";
        for file in ["../one", "/etc/one", "a/b", "..", "", "c:one", r"a\\b"] {
            let error = parse(&format!("{{\"a\":\"{file}\"}}")).unwrap_err();
            assert_eq!(error.to_string(), elsewhere, "{file}");
        }
        assert_eq!(
            parse("{}").unwrap_err().to_string(),
            "index: names 0 files, 1 to 1000 are read"
        );
        assert!(Index::parse("index", b"{}").is_err());
    }
}

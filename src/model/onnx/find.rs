//! The graphs of a checkpoint directory, by the names that exporters give them.

use std::path::{Path, PathBuf};

/// Where exporters put them.
const PLACES: [&str; 2] = ["", "onnx"];

/// The graph as it was exported.
pub(super) const PLAIN: &str = "model";

/// Names of what optimizers and quantizers made of it, those first that change its answers least: of Optimum,
/// `sentence-transformers` and Transformers.js.
const MADE: [&str; 18] = [
    "model_optimized",
    "model_O1",
    "model_O2",
    "model_O3",
    "model_fp16",
    "model_O4",
    "model_quantized",
    "model_optimized_quantized",
    "model_int8",
    "model_uint8",
    "model_qint8_avx512_vnni",
    "model_qint8_avx512",
    "model_qint8_arm64",
    "model_quint8_avx2",
    "model_qint8_avx2",
    "model_q4f16",
    "model_q4",
    "model_bnb4",
];

/// The ONNX files of a checkpoint directory that may be opened, the best first: the plain one alone, where
/// there is one.
pub(crate) fn find(directory: &Path) -> Vec<PathBuf> {
    let at = |name: &'static str| {
        let paths = PLACES.map(|place| directory.join(place).join(format!("{name}.onnx")));
        paths.into_iter().filter(|path| path.exists())
    };
    match at(PLAIN).next() {
        Some(plain) => vec![plain],
        None => MADE.into_iter().flat_map(at).collect(),
    }
}

/// What is to be said of a graph that is not the plain one.
pub(super) fn remark(path: &Path) -> String {
    let is_plain = path.file_stem().is_some_and(|stem| stem == PLAIN);
    match path.file_name() {
        Some(name) if !is_plain => {
            format!("; it is {}, since there is no {PLAIN}.onnx", name.to_string_lossy())
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_graph_is_the_only_choice_and_others_have_an_order() {
        let directory = tempfile::tempdir().unwrap();
        let found = || -> Vec<String> {
            let relative = |path: PathBuf| path.strip_prefix(directory.path()).unwrap().to_owned();
            find(directory.path())
                .into_iter()
                .map(|path| relative(path).display().to_string())
                .collect()
        };
        assert!(found().is_empty());
        std::fs::create_dir(directory.path().join("onnx")).unwrap();
        for name in
            ["onnx/model_q4.onnx", "model_quantized.onnx", "onnx/model_O3.onnx", "other.onnx"]
        {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        assert_eq!(found(), ["onnx/model_O3.onnx", "model_quantized.onnx", "onnx/model_q4.onnx"]);
        std::fs::write(directory.path().join("onnx/model.onnx"), "").unwrap();
        assert_eq!(found(), ["onnx/model.onnx"]);
        assert_eq!(remark(Path::new("onnx/model.onnx")), "");
        assert!(remark(Path::new("model_q4.onnx")).contains("it is model_q4.onnx"));
    }
}

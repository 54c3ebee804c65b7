//! How Google's BERT names its tensors.

/// The name of a tensor that PyTorch calls `name`, and whether rows and columns change places.
pub(super) fn tensorflow_name(name: &str) -> (String, bool) {
    // The layers of fine-tuning, as the programs of Google and of BioBERT call them.
    for (stem, own) in [("classifier.", "output_"), ("qa_outputs.", "cls/squad/output_")] {
        match name.strip_prefix(stem) {
            Some("weight") => return (format!("{own}weights"), false),
            Some("bias") => return (format!("{own}bias"), false),
            _ => {}
        }
    }
    // What pre-training adds to the logits of its pieces.
    if name == "cls.predictions.bias" {
        return ("cls/predictions/output_bias".into(), false);
    }
    let name = name.replace("encoder.layer.", "encoder.layer_").replace('.', "/");
    let ends = |tail: &str, own: &str| name.strip_suffix(tail).map(|stem| format!("{stem}{own}"));
    if let Some(table) = ends("_embeddings/weight", "_embeddings") {
        return (table, false);
    }
    let norm = ends("LayerNorm/weight", "LayerNorm/gamma")
        .or_else(|| ends("LayerNorm/bias", "LayerNorm/beta"));
    if let Some(norm) = norm {
        return (norm, false);
    }
    match ends("/weight", "/kernel") {
        Some(kernel) => (kernel, true),
        None => (name, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_worlds() {
        for (name, want, turns) in [
            ("bert.embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings", false),
            ("bert.embeddings.LayerNorm.weight", "bert/embeddings/LayerNorm/gamma", false),
            (
                "bert.encoder.layer.11.attention.self.query.weight",
                "bert/encoder/layer_11/attention/self/query/kernel",
                true,
            ),
            (
                "bert.encoder.layer.0.output.LayerNorm.bias",
                "bert/encoder/layer_0/output/LayerNorm/beta",
                false,
            ),
            ("bert.pooler.dense.bias", "bert/pooler/dense/bias", false),
            ("cls.predictions.bias", "cls/predictions/output_bias", false),
            (
                "cls.predictions.transform.dense.weight",
                "cls/predictions/transform/dense/kernel",
                true,
            ),
            (
                "cls.predictions.transform.LayerNorm.bias",
                "cls/predictions/transform/LayerNorm/beta",
                false,
            ),
            ("classifier.weight", "output_weights", false),
            ("qa_outputs.bias", "cls/squad/output_bias", false),
        ] {
            assert_eq!(tensorflow_name(name), (want.into(), turns));
        }
    }
}

//! Vectors as a model says itself: what `modules.json` of a checkpoint holds, and what is made of it.

mod support;

use std::path::Path;

use biobert::{
    ConvertOptions, DocumentEmbedding, EmbedOptions, Error, Model, OffsetUnit, Pooling, RunOptions,
    TokenSequence, convert,
};
use safetensors::Dtype;
use serde_json::{Value, json};
use support::{HIDDEN, LAYERS, WIDTH, engine, linear, open, write_json, write_tensors};

const OWN: EmbedOptions = EmbedOptions {
    pooling: Pooling::Model,
    layer: None,
    normalize: false,
    tokens: false,
    prompt: None,
};

fn checkpoint(directory: &Path) -> Model {
    support::write_tiny(directory);
    support::write_modules(&directory.join("encoder"));
    open(directory).unwrap()
}

fn embed(model: &Model, text: &str, options: EmbedOptions) -> biobert::Result<DocumentEmbedding> {
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    model.embed(&[text.into()], &options, &run)?.documents.remove(0)
}

/// The states of a text with `[CLS]` and `[SEP]`.
fn states(model: &Model, ids: &[u32]) -> Vec<f32> {
    let ids: Vec<u32> = [&[2], ids, &[3]].concat();
    let sequence = TokenSequence { first_segment: ids.len(), ids };
    model.states(&[sequence], LAYERS).unwrap()
}

/// The mean of rows, through the layer of [`support::write_modules`], at length 1.
fn by_hand(rows: &[f32]) -> Vec<f32> {
    let count = (rows.len() / HIDDEN) as f32;
    let mean: Vec<f32> =
        (0..HIDDEN).map(|at| rows.iter().skip(at).step_by(HIDDEN).sum::<f32>() / count).collect();
    let layer = linear(60, "linear", WIDTH);
    let output = |at: usize| {
        let weights = &layer[0].values[at * HIDDEN..][..HIDDEN];
        let sum: f32 = weights.iter().zip(&mean).map(|(weight, value)| weight * value).sum();
        (sum + layer[1].values[at]).tanh()
    };
    let vector: Vec<f32> = (0..WIDTH).map(output).collect();
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length).collect()
}

fn near(got: &[f32], want: &[f32]) -> bool {
    got.len() == want.len() && got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-5)
}

#[test]
fn the_mean_of_all_states_goes_through_the_layer() {
    let directory = tempfile::tempdir().unwrap();
    let model = checkpoint(directory.path());
    assert_eq!(model.vector_width(), Some(WIDTH));
    let text = "aspirin for fever – no rash";
    let pieces = model.tokenizer().pieces(text, || Ok(())).unwrap();
    let want = by_hand(&states(&model, &pieces.ids));
    assert!(near(&embed(&model, text, OWN).unwrap().embedding, &want));

    let tokens = embed(&model, text, EmbedOptions { tokens: true, ..OWN }).unwrap();
    assert!(near(&tokens.embedding, &want));
    assert_eq!(tokens.states.len(), pieces.len() * HIDDEN);
    let last = EmbedOptions { layer: Some(LAYERS), ..OWN };
    assert!(near(&embed(&model, text, last).unwrap().embedding, &want));
    let error = embed(&model, text, EmbedOptions { layer: Some(1), ..OWN }).unwrap_err();
    let reason = "the model's own vectors are made of its last layer alone";
    assert_eq!(error, Error::Argument(reason.into()));
    assert_eq!(embed(&model, " ", OWN).unwrap().embedding, vec![0.0; WIDTH]);
}

/// A model that reads 32 tokens at once: of 40 pieces the second window has those from the 22nd on, and
/// the pieces 26 and after have most context in it.
#[test]
fn a_long_text_is_averaged_before_the_layer() {
    let directory = tempfile::tempdir().unwrap();
    let model = checkpoint(directory.path());
    let text = "rash and fever. ".repeat(10);
    let pieces = model.tokenizer().pieces(&text, || Ok(())).unwrap();
    assert_eq!(pieces.len(), 40);
    let first = states(&model, &pieces.ids[..30]);
    let second = states(&model, &pieces.ids[22..]);
    let rows =
        [&first[..27 * HIDDEN], &first[31 * HIDDEN..], &second[..HIDDEN], &second[5 * HIDDEN..]];
    let found = embed(&model, &text, OWN).unwrap();
    assert!(found.flags.windowed && near(&found.embedding, &by_hand(&rows.concat())));
}

#[test]
fn a_bundle_keeps_the_vectors() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let want = embed(&checkpoint(&at("source")), "no rash", OWN).unwrap().embedding;
    convert(&engine(), &[at("source")], &at("bundle"), ConvertOptions::default()).unwrap();
    let bundle = open(&at("bundle")).unwrap();
    let got = embed(&bundle, "no rash", OWN).unwrap().embedding;
    let cosine: f32 = got.iter().zip(&want).map(|(a, b)| a * b).sum();
    assert!(cosine > 0.99, "{cosine}");
    std::fs::remove_file(at("bundle").join("vectors.safetensors")).unwrap();
    assert!(open(&at("bundle")).is_err());
}

/// Edits a JSON file.
fn edit(path: &Path, change: impl Fn(&mut Value)) {
    let mut value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    change(&mut value);
    write_json(path, &value);
}

/// How a checkpoint's files are changed, and what is then said of its vectors.
type Change<'a> = (&'a dyn Fn(&Path), &'a str);

#[test]
fn what_would_give_other_vectors_is_refused_by_its_name() {
    let module = |at: usize, field: &'static str, value: &'static str| {
        move |encoder: &Path| edit(&encoder.join("modules.json"), |m| m[at][field] = value.into())
    };
    let set = |file: &'static str, field: &'static str, value: Value| {
        move |encoder: &Path| edit(&encoder.join(file), |json| json[field] = value.clone())
    };
    let pooling = "1_Pooling/config.json";
    let dense = "2_Dense/config.json";
    let narrow = |encoder: &Path| {
        let tensors = linear(1, "linear", WIDTH).into_iter().map(|mut tensor| {
            tensor.values.truncate(tensor.values.len() / 2);
            tensor.shape[0] /= 2;
            tensor
        });
        let tensors: Vec<_> = tensors.take(1).collect();
        write_tensors(&encoder.join("2_Dense/model.safetensors"), &tensors, Dtype::F32);
    };
    let changes: [Change<'_>; 20] = [
        (
            &module(3, "type", "sentence_transformers.models.LSTM"),
            "models.LSTM is not supported in this place",
        ),
        (&module(2, "type", "other.Dense"), "other.Dense is not supported in this place"),
        (&module(1, "type", "sentence_transformers.models.WKPooling"), "no Pooling follows"),
        (
            &module(0, "type", "sentence_transformers.models.StaticEmbedding"),
            "does not begin with a Transformer at the path",
        ),
        (&module(0, "path", "0_Transformer"), "does not begin with a Transformer at the path"),
        (
            &module(
                1,
                "type",
                "sentence_transformers.sparse_encoder.modules.splade_pooling.Pooling",
            ),
            "no Pooling follows",
        ),
        (&module(2, "path", "../2_Dense"), "no directory beside it"),
        (
            &set(pooling, "pooling_mode_sum_tokens", true.into()),
            "pooling mode sum_tokens is not supported",
        ),
        (&set(pooling, "pooling_mode_mean_tokens", false.into()), "no pooling mode is chosen"),
        (
            &set(dense, "activation_function", "torch.nn.modules.activation.Mish".into()),
            "activation function torch.nn.modules.activation.Mish is not",
        ),
        (
            &set(dense, "activation_function", "my.Tanh".into()),
            "activation function my.Tanh is not",
        ),
        (&set(dense, "bias", false.into()), "linear.bias, but config.json says bias false"),
        (&set(dense, "use_residual", true.into()), "use_residual is not supported"),
        (
            &set(dense, "module_input_name", "token_embeddings".into()),
            "module_input_name token_embeddings is not supported",
        ),
        (
            &set(pooling, "pooling_mode", json!(["mean", "sum"])),
            "pooling mode sum is not supported",
        ),
        (&set(pooling, "pooling_mode", json!([])), "no pooling mode is chosen"),
        (&set(pooling, "include_prompt", 1.into()), "include_prompt is neither true nor false"),
        (&set("sentence_bert_config.json", "max_seq_length", 4.into()), "vectors of 4 tokens"),
        (
            &set("sentence_bert_config.json", "transformer_task", "fill-mask".into()),
            "transformer_task fill-mask is not supported",
        ),
        (&narrow, "linear.bias is missing"),
    ];
    for (change, want) in changes {
        let directory = tempfile::tempdir().unwrap();
        checkpoint(directory.path());
        change(&directory.path().join("encoder"));
        // The heads have no need of it.
        let model = open(directory.path()).unwrap();
        let error = embed(&model, "rash", OWN).unwrap_err();
        assert!(matches!(&error, Error::Unsupported(reason) if reason.contains(want)), "{error}");
        assert!(model.info().notes[0].contains(want) && model.vector_width().is_none());
        assert!(embed(&model, "rash", EmbedOptions::default()).is_ok());
    }
}

#[test]
fn a_model_that_says_nothing_has_no_vectors_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny(directory.path());
    let model = open(directory.path()).unwrap();
    assert!(model.info().notes.is_empty() && model.info().vectors.is_none());
    let error = embed(&model, "rash", OWN).unwrap_err().to_string();
    assert_eq!(error, "the model does not say how to make vectors; choose another pooling");
}

#[test]
fn a_prompt_goes_before_each_window_and_belongs_to_the_models_own_vectors() {
    let directory = tempfile::tempdir().unwrap();
    checkpoint(directory.path());
    let file = directory.path().join("encoder/config_sentence_transformers.json");
    let prompts =
        json!({"default_prompt_name": "note", "prompts": {"note": "fever: ", "none": ""}});
    write_json(&file, &prompts);
    let model = open(directory.path()).unwrap();
    let text = "rash and fever. ".repeat(10);
    let ids = |text: &str| model.tokenizer().pieces(text, || Ok(())).unwrap().ids;
    let (prompt, pieces) = (ids("fever: "), ids(&text));
    assert_eq!((prompt.len(), pieces.len()), (2, 40));
    // 28 pieces at once: the second window has those from the 21st on, and decides from the 24th.
    let window = |of: &[u32]| states(&model, &[&prompt, of].concat());
    let (first, second) = (window(&pieces[..28]), window(&pieces[21..]));
    let row = |rows: std::ops::Range<usize>| rows.start * HIDDEN..rows.end * HIDDEN;
    let rows = [&first[row(0..27)], &first[row(31..32)], &second[row(0..3)], &second[row(6..23)]];
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let found = embed(&model, &text, EmbedOptions { tokens: true, ..OWN }).unwrap();
    assert!(found.flags.windowed && near(&found.embedding, &by_hand(&rows.concat())));
    assert_eq!((found.tokens.len(), found.tokens[0].start, found.tokens[1].end), (40, 0, 8));
    let chosen = |name: &str| EmbedOptions { prompt: Some(name.into()), ..OWN };
    let without = embed(&model, "rash", chosen("")).unwrap();
    assert_eq!(without, embed(&model, "rash", chosen("none")).unwrap());
    assert_ne!(without, embed(&model, "rash", OWN).unwrap());
    let error = embed(&model, "rash", chosen("query")).unwrap_err();
    assert_eq!(error, Error::NotFound("the model has no such prompt; it has none, note".into()));
    let other = EmbedOptions { pooling: Pooling::Mean, ..chosen("note") };
    let error = model.embed(&["rash".into()], &other, &run).unwrap_err().to_string();
    assert_eq!(error, "a prompt belongs to the model's own vectors: choose that pooling");

    write_json(&file, &json!({"prompts": {"long": "fever ".repeat(24)}}));
    let error = embed(&open(directory.path()).unwrap(), "rash", chosen("long")).unwrap_err();
    let reason = "the prompt takes 24 of the 30 tokens that are read at once";
    assert_eq!(error, Error::Unsupported(reason.into()));
    for bad in
        [json!({"default_prompt_name": "query"}), json!({"prompts": {"a": "x".repeat(1 << 17)}})]
    {
        write_json(&file, &bad);
        let model = open(directory.path()).unwrap();
        assert!(model.vector_width().is_none() && embed(&model, "rash", OWN).is_err());
    }
}

#[test]
fn the_transformer_may_lie_in_a_directory_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let want = embed(&checkpoint(directory.path()), "no rash", OWN).unwrap();
    let (encoder, inner) =
        (directory.path().join("encoder"), directory.path().join("0_Transformer"));
    let root = tempfile::tempdir().unwrap();
    std::fs::rename(&encoder, &inner).unwrap();
    for name in ["modules.json", "1_Pooling", "2_Dense"] {
        std::fs::rename(inner.join(name), root.path().join(name)).unwrap();
    }
    std::fs::rename(&inner, root.path().join("0_Transformer")).unwrap();
    edit(&root.path().join("modules.json"), |modules| modules[0]["path"] = "0_Transformer".into());
    let model = open(root.path()).unwrap();
    assert_eq!(embed(&model, "no rash", OWN).unwrap(), want);
}

//! Filling masks: against the fill-mask pipeline of transformers, and what is said where it cannot be
//! done.

mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use biobert::{
    Cancel, ConvertOptions, DocumentMasks, EngineOptions, Error, FillOptions, Input, InvalidText,
    Model, OffsetUnit, OpenOptions, Precision, RunOptions, convert,
};
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;
use support::{Tensor, engine, open};

const TEXT: &str = "Patient with [MASK] started insulin daily.";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn fill(model: &Model, text: &str) -> biobert::Result<DocumentMasks> {
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    model.fill(&[text.into()], &FillOptions::default(), &run)?.documents.remove(0)
}

/// Of each mask of a text its candidates: token, id and probability.
type Masks = Vec<Vec<(String, u32, f32)>>;

/// Texts, and what the pipeline gave for them.
fn reference(name: &str) -> Vec<(String, Masks)> {
    let text = std::fs::read_to_string(fixture("reference.json")).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    let entries: Vec<Value> = serde_json::from_value(all[name].take()).unwrap();
    let entry = |mut entry: Value| {
        let masks = serde_json::from_value(entry["masks"].take()).unwrap();
        (entry["text"].as_str().unwrap().to_string(), masks)
    };
    entries.into_iter().map(entry).collect()
}

/// The same candidates in the same order; the largest difference of a probability.
fn agrees(model: &Model, name: &str) -> f32 {
    let mut worst = 0.0_f32;
    for (text, masks) in reference(name) {
        let found = fill(model, &text).unwrap().masks;
        assert_eq!(found.len(), masks.len(), "{text}");
        for (found, want) in found.iter().zip(masks) {
            assert_eq!(&text[found.start..found.end], "[MASK]");
            assert_eq!(found.candidates.len(), want.len());
            for (candidate, (token, id, score)) in found.candidates.iter().zip(want) {
                assert_eq!((&*candidate.token, candidate.id), (&*token, id), "{text}");
                worst = worst.max((candidate.score - score).abs());
            }
        }
    }
    worst
}

#[test]
fn masks_are_filled_as_transformers_fills_them() {
    for (directory, name) in [
        ("bert-fill", "bert-fill"),
        ("bert-fill-own", "bert-fill-own"),
        ("bert-tensorflow-fill", "bert-fill"),
    ] {
        let model = open(&fixture(directory)).unwrap();
        assert_eq!(model.mask_token(), Some("[MASK]"));
        assert_eq!(model.info().mask_token.as_deref(), Some("[MASK]"));
        let worst = agrees(&model, name);
        println!("{directory}: {worst:.1e} from the pipeline");
        assert!(worst < 1e-5, "{directory}: {worst}");
    }
}

#[test]
fn documents_threads_and_batches_change_nothing() {
    let one = open(&fixture("bert-fill")).unwrap();
    let options = EngineOptions { threads: 3, token_budget: 20, ..Default::default() };
    let many = biobert::Engine::new(options).unwrap();
    let many = Model::open(&many, &fixture("bert-fill"), OpenOptions::default()).unwrap();
    let texts: Vec<String> = reference("bert-fill").into_iter().map(|(text, _)| text).collect();
    let inputs: Vec<Input<'_>> =
        texts.iter().cycle().take(600).map(|t| t.as_str().into()).collect();
    let run = RunOptions::new(OffsetUnit::UnicodeScalars);
    let fill = FillOptions { top_k: 3 };
    let [one, many] = [&one, &many].map(|model| model.fill(&inputs, &fill, &run).unwrap());
    let all = one.documents.iter().zip(&many.documents);
    assert!(all.clone().all(|(one, many)| one.as_ref().unwrap() == many.as_ref().unwrap()));
    assert_eq!(all.len(), 600);
    let alone = |text: &str| one.documents[texts.iter().position(|t| t == text).unwrap()].clone();
    assert_eq!(alone(&texts[1]).unwrap(), *many.documents[5].as_ref().unwrap());
    assert!(one.documents[0].as_ref().unwrap().masks[0].candidates.len() == 3);
}

#[test]
fn top_k_may_be_anything() {
    let model = open(&fixture("bert-fill")).unwrap();
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let all = |top_k| {
        let fill = FillOptions { top_k };
        let mut found = model.fill(&[TEXT.into()], &fill, &run).unwrap();
        found.documents.remove(0).unwrap().masks.remove(0).candidates
    };
    assert!(all(0).is_empty());
    let every = all(usize::MAX);
    assert_eq!(every.len(), model.vocab_size());
    assert!((every.iter().map(|candidate| candidate.score).sum::<f32>() - 1.0).abs() < 1e-5);
    assert!(every.is_sorted_by(|a, b| a.score >= b.score));
    assert_eq!(all(1), every[..1]);
}

#[test]
fn places_are_in_the_callers_unit() {
    let model = open(&fixture("bert-fill")).unwrap();
    let place = |input: Input<'_>, unit| {
        let run = RunOptions { invalid_text: InvalidText::Replace, ..RunOptions::new(unit) };
        let mut found = model.fill(&[input], &FillOptions::default(), &run).unwrap();
        let found = found.documents.remove(0).unwrap();
        (found.masks[0].start, found.masks[0].end, found.flags.replaced_invalid)
    };
    let text = "😀é [MASK]";
    assert_eq!(place(text.into(), OffsetUnit::Utf8Bytes), (7, 13, false));
    assert_eq!(place(text.into(), OffsetUnit::UnicodeScalars), (3, 9, false));
    assert_eq!(place(text.into(), OffsetUnit::Utf16Units), (4, 10, false));
    let utf16: Vec<u16> = text.encode_utf16().collect();
    assert_eq!(place(Input::Utf16(&utf16), OffsetUnit::Utf16Units), (4, 10, false));
    assert_eq!(place(Input::Utf8(b"\xFF [MASK]"), OffsetUnit::Utf8Bytes), (2, 8, true));
}

#[test]
fn other_special_tokens_are_text() {
    let model = open(&fixture("bert-fill")).unwrap();
    let found = fill(&model, "[CLS] [MASK] [SEP] [mask]").unwrap();
    let spelled = fill(&model, "[ CLS ] [MASK] [ SEP ] [ mask ]").unwrap();
    assert_eq!((found.masks.len(), found.masks[0].start), (1, 6));
    assert_eq!(found.masks[0].candidates, spelled.masks[0].candidates);
}

#[test]
fn what_cannot_be_filled_is_said_of_the_document() {
    let model = open(&fixture("bert-fill")).unwrap();
    let long = format!("{TEXT} {}", "rash ".repeat(100));
    let fits = format!("[MASK] {}", "rash ".repeat(61));
    let bad = Input::Utf8(b"\xFF");
    let documents = ["no mask".into(), (&*long).into(), TEXT.into(), bad, (&*fits).into()];
    let run = RunOptions::new(OffsetUnit::Utf8Bytes);
    let found = model.fill(&documents, &FillOptions::default(), &run).unwrap();
    let error = |at: usize| found.documents[at].as_ref().unwrap_err().to_string();
    assert_eq!(error(0), "the text has no mask: write [MASK] where a word is missing");
    let want =
        "the text has 109 tokens, the model reads 64 at once; masks are filled in whole texts only";
    assert_eq!(error(1), want);
    assert_eq!(error(3), "invalid UTF-8 at byte 0");
    assert_eq!(found.documents[2], fill(&model, TEXT));
    assert!(found.documents[4].is_ok());

    let other = open(&fixture("bert-token")).unwrap();
    assert_eq!((other.mask_token(), other.info().mask_token), (None, None));
    let error = fill(&other, TEXT).unwrap_err();
    assert!(
        matches!(&error, Error::NotFound(reason) if reason.contains("no masked-language head"))
    );
    assert!(matches!(
        fill(&open(&fixture("bert-token-onnx3")).unwrap(), TEXT),
        Err(Error::NotFound(_))
    ));

    let cancel = Cancel::new();
    cancel.trigger();
    let run = RunOptions { cancel: Some(cancel), ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let cancelled = model.fill(&documents, &FillOptions::default(), &run).unwrap_err();
    assert_eq!(cancelled, Error::Cancelled);
    let deadline = Some(Duration::ZERO);
    let run = RunOptions { deadline, ..RunOptions::new(OffsetUnit::Utf8Bytes) };
    let late = model.fill(&documents, &FillOptions::default(), &run).unwrap_err();
    assert_eq!(late, Error::Deadline);
}

/// The tensors of `bert-fill`.
fn tensors() -> Vec<Tensor> {
    let bytes = std::fs::read(fixture("bert-fill/model.safetensors")).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensor = |(name, view): (String, safetensors::tensor::TensorView<'_>)| Tensor {
        name,
        shape: view.shape().to_vec(),
        values: view.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
    };
    file.tensors().into_iter().map(tensor).collect()
}

/// The fixture with other tensors, and other text files.
fn changed(directory: &Path, tensors: &[Tensor]) -> biobert::Result<Model> {
    for file in ["config.json", "vocab.txt", "tokenizer_config.json"] {
        std::fs::copy(fixture("bert-fill").join(file), directory.join(file)).unwrap();
    }
    support::write_tensors(&directory.join("model.safetensors"), tensors, Dtype::F32);
    open(directory)
}

#[test]
fn a_damaged_head_is_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    let names = [
        ("cls.predictions.transform.dense.weight", "[16, 16]"),
        ("cls.predictions.transform.dense.bias", "[16]"),
        ("cls.predictions.transform.LayerNorm.weight", "[16]"),
        ("cls.predictions.bias", "[122]"),
    ];
    for (name, shape) in names {
        let mut wrong = tensors();
        let tensor = wrong.iter_mut().find(|tensor| tensor.name == name).unwrap();
        tensor.shape = vec![tensor.values.len(), 1];
        let error = changed(directory.path(), &wrong).unwrap_err().to_string();
        assert!(error.starts_with(&format!("model.safetensors: {name} has shape")), "{error}");
        assert!(error.ends_with(&format!("{shape} was expected")), "{error}");
        if name != names[0].0 {
            let missing: Vec<Tensor> =
                tensors().into_iter().filter(|tensor| tensor.name != name).collect();
            let error = changed(directory.path(), &missing).unwrap_err().to_string();
            assert_eq!(error, format!("model.safetensors: {name} is missing"));
        }
    }
    let decoder = Tensor {
        name: "cls.predictions.decoder.weight".into(),
        shape: vec![16, 122],
        values: vec![0.0; 16 * 122],
    };
    let wrong = [tensors(), vec![decoder]].concat();
    let error = changed(directory.path(), &wrong).unwrap_err().to_string();
    assert!(error.contains("cls.predictions.decoder.weight has shape [16, 122]"), "{error}");
}

#[test]
fn old_spellings_and_a_decoder_that_repeats_the_embedding_are_the_same_head() {
    let directory = tempfile::tempdir().unwrap();
    let want = fill(&open(&fixture("bert-fill")).unwrap(), TEXT);
    let mut old = tensors();
    for tensor in &mut old {
        tensor.name = tensor.name.replace("LayerNorm.weight", "LayerNorm.gamma");
        tensor.name = tensor.name.replace("LayerNorm.bias", "LayerNorm.beta");
    }
    let words = old.iter().find(|tensor| tensor.name.ends_with("word_embeddings.weight")).unwrap();
    old.push(Tensor { name: "cls.predictions.decoder.weight".into(), ..words.clone() });
    assert_eq!(fill(&changed(directory.path(), &old).unwrap(), TEXT), want);
    // Tied: a bundle takes it over.
    let bundle = directory.path().join("bundle");
    convert(&engine(), &[directory.path().into()], &bundle, ConvertOptions::default()).unwrap();
    assert!(open(&bundle).unwrap().mask_token().is_some());
}

#[test]
fn another_mask_token_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    changed(at, &tensors()).unwrap();
    // Piece 4 by another name, to which blanks before it belong.
    let vocab = std::fs::read_to_string(at.join("vocab.txt")).unwrap();
    std::fs::write(at.join("vocab.txt"), vocab.replace("[MASK]", "<mask>")).unwrap();
    let token = serde_json::json!({"content": "<mask>", "lstrip": true, "special": true});
    let settings = serde_json::json!({"mask_token": token, "do_lower_case": true});
    support::write_json(&at.join("tokenizer_config.json"), &settings);
    let want = fill(&open(&fixture("bert-fill")).unwrap(), TEXT).unwrap();
    let check = |model: &Model| {
        assert_eq!(model.mask_token(), Some("<mask>"));
        let found = fill(model, &TEXT.replace("[MASK]", "<mask>")).unwrap();
        assert_eq!((found.masks[0].start, found.masks[0].end), (13, 19));
        assert!(fill(model, TEXT).is_err());
        found.masks[0].candidates.clone()
    };
    assert_eq!(check(&open(at).unwrap()), want.masks[0].candidates);
    let bundle = at.join("bundle");
    convert(&engine(), &[at.into()], &bundle, ConvertOptions::default()).unwrap();
    check(&open(&bundle).unwrap());
}

#[test]
fn int8_and_bundles_fill_nearly_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("bundle");
    convert(&engine(), &[fixture("bert-fill")], &bundle, ConvertOptions::default()).unwrap();
    let manifest = std::fs::read_to_string(bundle.join("MANIFEST.json")).unwrap();
    assert!(manifest.contains("\"format_version\": 4") && manifest.contains("fill.safetensors"));
    let options = OpenOptions { precision: Some(Precision::Int8), ..Default::default() };
    let int8 = Model::open(&engine(), &fixture("bert-fill"), options).unwrap();
    for model in [int8, open(&bundle).unwrap()] {
        assert_eq!(model.precision(), Precision::Int8);
        for (text, masks) in reference("bert-fill") {
            for (found, want) in fill(&model, &text).unwrap().masks.iter().zip(masks) {
                assert_eq!(found.candidates[0].id, want[0].1);
                assert!((found.candidates[0].score - want[0].2).abs() < 0.1, "{text}");
            }
        }
    }
    // Again from the bundle: the same bytes.
    let again = directory.path().join("again");
    convert(&engine(), std::slice::from_ref(&bundle), &again, ConvertOptions::default()).unwrap();
    let bytes = |bundle: &Path| std::fs::read(bundle.join("fill.safetensors")).unwrap();
    assert_eq!(bytes(&bundle), bytes(&again));
    // A decoder of its own stays behind.
    let own = directory.path().join("own");
    convert(&engine(), &[fixture("bert-fill-own")], &own, ConvertOptions::default()).unwrap();
    assert_eq!(open(&own).unwrap().mask_token(), None);
    let manifest = std::fs::read_to_string(own.join("MANIFEST.json")).unwrap();
    assert!(manifest.contains("\"format_version\": 1"));
}

#[test]
fn damaged_files_end_in_an_error_or_an_answer() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    changed(at, &tensors()).unwrap();
    let bundle = at.join("bundle");
    convert(&engine(), &[fixture("bert-fill")], &bundle, ConvertOptions::default()).unwrap();
    let mut random = support::Random(11);
    for path in [at.join("model.safetensors"), at.join("tokenizer_config.json")] {
        let whole = std::fs::read(&path).unwrap();
        let mut opened = 0;
        for _ in 0..200 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random.below(4) {
                let place = random.below(bytes.len());
                bytes[place] ^= 1 << random.below(8);
            }
            std::fs::write(&path, bytes).unwrap();
            if let Ok(model) = open(at) {
                opened += 1;
                let _ = fill(&model, TEXT);
            }
        }
        println!("{}: {opened} of 200 still open", path.display());
        std::fs::write(&path, whole).unwrap();
    }
    // A bundle notices.
    let path = bundle.join("fill.safetensors");
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let error = open(&bundle).unwrap_err().to_string();
    assert!(error.starts_with("fill.safetensors: the file was changed"), "{error}");
}

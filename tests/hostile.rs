//! Model directories made by somebody who means harm: an error each, never a hang, an abort or a
//! model that lies.

mod support;

use std::path::Path;

use biobert::{ConvertOptions, Error, convert};
use safetensors::Dtype;
use sha2::{Digest, Sha256};
use support::{
    classifier, config, encoder, engine, golden, open, write_checkpoint, write_json, write_tensors,
};

fn tiny(at: &Path) {
    write_checkpoint(at, &config("BertModel", &[]), &encoder(1), Dtype::F32);
}

fn copy_golden(to: &Path) {
    for folder in ["", "heads"] {
        std::fs::create_dir_all(to.join(folder)).unwrap();
        for entry in std::fs::read_dir(golden().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, to.join(folder).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
}

/// Changes a manifest and seals it anew: the seal is against accidents, not against attackers.
fn reseal(bundle: &Path, change: impl Fn(&mut serde_json::Value)) {
    let path = bundle.join("MANIFEST.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    change(&mut manifest);
    let zeros = "0".repeat(64);
    manifest["seal"] = zeros.clone().into();
    let text = serde_json::to_string_pretty(&manifest).unwrap();
    let digest = Sha256::digest(text.as_bytes());
    let seal: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(path, text.replace(&zeros, &seal)).unwrap();
}

#[cfg(unix)]
#[test]
fn files_without_an_end_are_not_read() {
    let directory = tempfile::tempdir().unwrap();
    for file in ["vocab.txt", "config.json", "model.safetensors"] {
        tiny(directory.path());
        let path = directory.path().join(file);
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
        let error = open(directory.path()).unwrap_err().to_string();
        assert_eq!(error, format!("{file}: not a regular file"));
        std::fs::remove_file(&path).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        assert!(open(directory.path()).is_err(), "a pipe was opened as {file}");
        std::fs::remove_file(&path).unwrap();
    }
    let bundle = directory.path().join("bundle");
    copy_golden(&bundle);
    std::fs::remove_file(bundle.join("MANIFEST.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", bundle.join("MANIFEST.json")).unwrap();
    assert!(matches!(open(&bundle).unwrap_err(), Error::Corrupt { .. }));
}

#[test]
fn sizes_beyond_any_model_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    for field in ["intermediate_size", "num_hidden_layers", "max_position_embeddings", "vocab_size"]
    {
        let mut config = config("BertModel", &[]);
        config[field] = (1 << 23).into();
        write_checkpoint(directory.path(), &config, &encoder(1), Dtype::F32);
        let error = open(directory.path()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("config.json: {field} is 8388608")), "{error}");
    }
}

#[test]
fn values_that_are_not_finite_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny(directory.path());
    let mut head = classifier(10, 3);
    head[0].values[5] = f32::NAN;
    write_tensors(&directory.path().join("heads/disease.safetensors"), &head, Dtype::F32);
    let error = open(directory.path()).unwrap_err().to_string();
    assert_eq!(error, "disease.safetensors: classifier.weight holds a value that is not finite");

    let mut tensors = encoder(1);
    tensors[4].values[0] = f32::INFINITY;
    let at = directory.path().join("encoder");
    write_checkpoint(&at, &config("BertModel", &[]), &tensors, Dtype::F32);
    assert!(open(&at).unwrap_err().to_string().ends_with("is not finite"));
}

#[test]
fn a_sealed_manifest_can_still_lie_and_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path();
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        copy_golden(bundle);
        reseal(bundle, change);
        open(bundle).unwrap_err().to_string()
    };
    copy_golden(bundle);
    reseal(bundle, |_| ());
    assert!(open(bundle).is_ok(), "sealed anew without a change, it opens");

    let error = refused(&|manifest| manifest["heads"] = vec!["answer"; 1000].into());
    assert_eq!(error, "MANIFEST.json: two heads have the same name");
    let error = refused(&|manifest| manifest["heads"] = vec!["../answer"].into());
    assert_eq!(error, "MANIFEST.json: a head has an impossible name");
    let error = refused(&|manifest| {
        let entry = manifest["files"]["vocab.txt"].clone();
        manifest["files"]["../../../etc/passwd"] = entry;
    });
    assert_eq!(error, "MANIFEST.json: a file name leads out of the bundle");
    let error = refused(&|manifest| {
        manifest["files"].as_object_mut().unwrap().remove("vocab.txt");
    });
    assert_eq!(error, "MANIFEST.json: vocab.txt is not listed");
    // What is not known may change what the rest means.
    let unknown = |change: &dyn Fn(&mut serde_json::Value)| {
        let error = refused(change);
        assert!(error.starts_with("MANIFEST.json: unknown field `vote`"), "{error}");
    };
    unknown(&|manifest| manifest["vote"] = true.into());
    unknown(&|manifest| manifest["files"]["vocab.txt"]["vote"] = true.into());
    unknown(&|manifest| manifest["source"][0]["vote"] = true.into());
}

#[test]
fn heads_and_encoders_that_do_not_belong_together_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    support::write_tiny(&at("tiny"));
    let convert = |other: &str| {
        let sources = [at("tiny"), at(other)];
        convert(&engine(), &sources, &at("never"), ConvertOptions::default())
            .unwrap_err()
            .to_string()
    };
    for (field, value) in [("num_attention_heads", 4.into()), ("layer_norm_eps", 0.01.into())] {
        let mut config = config("BertModel", &[]);
        config[field] = value;
        write_checkpoint(&at("other"), &config, &encoder(1), Dtype::F32);
        assert_eq!(convert("other"), format!("other: its {field} differs from the first source's"));
    }
    tiny(&at("settings"));
    let settings = serde_json::json!({"do_lower_case": true});
    write_json(&at("settings/tokenizer_config.json"), &settings);
    let want = "settings: its tokenizer_config.json differs from the first source's";
    assert_eq!(convert("settings"), want);
}

#[test]
fn a_head_that_cannot_be_run_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let refused = |key: &str, value: serde_json::Value| {
        support::write_tiny(directory.path());
        let path = directory.path().join("heads/disease.json");
        let text = std::fs::read_to_string(&path).unwrap();
        let mut spec: serde_json::Value = serde_json::from_str(&text).unwrap();
        spec[key] = value;
        write_json(&path, &spec);
        open(directory.path()).unwrap_err().to_string()
    };
    assert!(
        refused("max_tokens", 65.into()).contains("max_tokens is 65, the encoder takes 8 to 64")
    );
    assert!(refused("max_tokens", 0.into()).contains("max_tokens is 0"));
    assert!(refused("window_step", 0.into()).contains("window_step is 0, a window holds 62"));
    assert!(refused("window_step", 63.into()).contains("window_step is 63"));
    assert!(refused("calibration", 0.into()).contains("calibration is not a positive number"));
    assert!(refused("labels", serde_json::json!([])).contains("0 labels"));
    assert!(refused("labels", serde_json::json!(["B"])).contains("shape [3, 32], [1, 32]"));
    assert!(refused("kind", "cloud".into()).contains("unknown variant `cloud`"));
}

#[test]
fn a_head_that_contradicts_itself_is_refused() {
    let cases = [
        (
            r#"{"task":"qa","kind":"token","labels":["a","b"]}"#,
            "this kind of head cannot do this task",
        ),
        (
            r#"{"task":"ner","kind":"cls","labels":["B","O"]}"#,
            "this kind of head cannot do this task",
        ),
        (
            r#"{"task":"re","kind":"cls","labels":["a","b"],"negative":"c"}"#,
            "negative is not one of the labels",
        ),
        (
            r#"{"task":"re","kind":"cls","labels":["a"]}"#,
            "a relation head chooses one of two labels or more",
        ),
    ];
    for (json, want) in cases {
        let directory = tempfile::tempdir().unwrap();
        support::write_tiny(directory.path());
        std::fs::write(directory.path().join("heads/event.json"), json).unwrap();
        let error = support::open(directory.path()).unwrap_err().to_string();
        assert_eq!(error, format!("event.json: {want}"));
    }
}

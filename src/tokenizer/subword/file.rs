//! The parts of a `tokenizer.json` for the crate: what is refused, what the frame is, and the form in which
//! it is kept.

use ahash::AHashMap;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::tokenizer::added::AddedTokens;
use crate::tokenizer::beside::is_general;
use crate::tokenizer::pieces::SpecialIds;
use crate::tokenizer::special::SpecialNames;

pub(crate) const FILE: &str = "tokenizer.json";

/// How many times longer the replacements of a file may make a text.
const LONGEST_REPLACEMENT: usize = 64;

fn unsupported(reason: &str) -> Error {
    Error::Unsupported(format!("{FILE}: {reason}"))
}

/// Refuses what would read a text in another way each time, or in another way by chunks.
pub(super) fn check(file: &Value) -> Result<()> {
    let model = &file["model"];
    match model["type"].as_str() {
        // Merges are left out at random.
        Some("BPE") if model["dropout"].as_f64().is_some_and(|share| share != 0.0) => {
            Err(unsupported("the model's dropout is not supported"))
        }
        Some("Unigram") if model["unk_id"].as_u64().is_none() => {
            Err(Error::model(FILE, "the model names no piece for what it cannot spell (unk_id)"))
        }
        Some("BPE" | "Unigram") => {
            let mut longer = 1;
            check_normalizer(&file["normalizer"], &mut longer)
        }
        _ => Err(unsupported("only WordPiece, BPE and Unigram are supported")),
    }
}

/// `longer`: how many times longer a text may have become by now.
fn check_normalizer(normalizer: &Value, longer: &mut usize) -> Result<()> {
    match normalizer["type"].as_str() {
        Some("Sequence") => {
            let parts = normalizer["normalizers"].as_array();
            parts.into_iter().flatten().try_for_each(|part| check_normalizer(part, longer))
        }
        // Once a text, and not once a chunk of it.
        Some("Prepend") => Err(unsupported("the normalizer Prepend is not supported")),
        Some("Replace") => {
            let length = normalizer["content"].as_str().map_or(1, str::len).max(1);
            *longer = longer.saturating_mul(length);
            if *longer > LONGEST_REPLACEMENT {
                return Err(unsupported("the normalizer Replace makes texts too long"));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The ids of a model's pieces: an object of ids in BPE, in Unigram a list of names with scores.
pub(super) fn ids(vocab: &Value) -> AHashMap<&str, u32> {
    let id = |id: &Value| id.as_u64().and_then(|id| u32::try_from(id).ok());
    match vocab {
        Value::Object(vocab) => {
            vocab.iter().filter_map(|(name, value)| Some((&**name, id(value)?))).collect()
        }
        Value::Array(vocab) => {
            let pieces = vocab.iter().zip(0..);
            pieces.filter_map(|(piece, id)| Some((piece[0].as_str()?, id))).collect()
        }
        _ => AHashMap::new(),
    }
}

/// What a post-processor puts around texts.
#[derive(Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) cls: String,
    pub(crate) sep: String,
    /// Whether two separators stand between two texts.
    pub(crate) double_sep: bool,
}

impl Frame {
    /// Reads a post-processor; `None` if it puts nothing there.
    ///
    /// # Errors
    /// [`Error::Unsupported`] if it is anything but one token before and one after a text.
    pub(crate) fn of(processor: &Value) -> Result<Option<Frame>> {
        let other = || {
            unsupported(
                "post_processor puts something else around a text than one token before it and one after",
            )
        };
        let name = |key: &str| processor[key][0].as_str().map(String::from).ok_or_else(other);
        let processing =
            |double_sep| Ok(Some(Frame { cls: name("cls")?, sep: name("sep")?, double_sep }));
        match processor["type"].as_str() {
            Some("RobertaProcessing") => processing(true),
            Some("BertProcessing") => processing(false),
            Some("TemplateProcessing") => Frame::of_template(processor).ok_or_else(other).map(Some),
            Some("Sequence") => {
                let parts = processor["processors"].as_array().into_iter().flatten();
                let frames = parts.filter_map(|part| Frame::of(part).transpose());
                let frames = frames.collect::<Result<Vec<_>>>()?;
                if frames.len() > 1 { Err(other()) } else { Ok(frames.into_iter().next()) }
            }
            None | Some("ByteLevel") => Ok(None),
            Some(_) => Err(other()),
        }
    }

    fn of_template(processor: &Value) -> Option<Frame> {
        let special = |part: &Value| part["SpecialToken"]["id"].as_str().map(String::from);
        let is_text = |part: &Value, id: &str| part["Sequence"]["id"] == id;
        let [first, text, last] = processor["single"].as_array()?.as_slice() else { return None };
        let (cls, sep) = (special(first)?, special(last)?);
        let (begins, pair) = processor["pair"].as_array()?.split_first()?;
        let ends = |part: &Value| special(part).as_ref() == Some(&sep);
        let double_sep = match pair {
            [a, one, b, last] if is_text(a, "A") && is_text(b, "B") => {
                (ends(one) && ends(last)).then_some(false)?
            }
            [a, one, two, b, last] if is_text(a, "A") && is_text(b, "B") => {
                (ends(one) && ends(two) && ends(last)).then_some(true)?
            }
            _ => return None,
        };
        (is_text(text, "A") && special(begins).as_ref() == Some(&cls)).then_some(Frame {
            cls,
            sep,
            double_sep,
        })
    }
}

/// A file as a bundle keeps it, made of the parts of one that was read.
pub(super) fn canonical(
    file: &mut Value,
    names: &SpecialNames,
    special: SpecialIds,
    frame: &AddedTokens,
    added: &AddedTokens,
) -> Value {
    let mut tokens: Vec<(u32, Value)> = Vec::new();
    for (id, token) in frame.iter().chain(added.iter()) {
        let mut settings = json!(token);
        settings["id"] = id.into();
        tokens.push((id, settings));
    }
    tokens.sort_by_key(|(id, _)| *id);
    let tokens: Vec<Value> = tokens.into_iter().map(|(_, settings)| settings).collect();
    let processing = if special.double_sep { "RobertaProcessing" } else { "BertProcessing" };
    let mut part = |name: &str| file.get_mut(name).map(Value::take).unwrap_or_default();
    let mut model = part("model");
    if model["type"] == "BPE" {
        model["dropout"] = Value::Null;
    }
    let mut file = json!({
        "version": "1.0",
        "added_tokens": tokens,
        "normalizer": part("normalizer"),
        "pre_tokenizer": part("pre_tokenizer"),
        "post_processor": {"type": processing, "cls": [names.cls, special.cls], "sep": [names.sep, special.sep]},
        "model": model,
    });
    if special.double_sep {
        // The crate wants to know; places of pieces are ours.
        file["post_processor"]["trim_offsets"] = true.into();
        file["post_processor"]["add_prefix_space"] = false.into();
    }
    file.sort_all_objects();
    file
}

/// Whether a blank is put before a text, as `tokenizer_config.json` says it: the classes of byte-level BPE follow
/// that and not `tokenizer.json`, but for the general class. A remark where the two differ.
pub(super) fn prefix_space(file: &mut Value, config: &Value) -> Option<String> {
    let asked = config["add_prefix_space"].as_bool()?;
    let is_general = is_general(config);
    let parts = match file.get_mut("pre_tokenizer")? {
        Value::Object(one) if one.get("type").is_some_and(|kind| kind == "Sequence") => {
            one.get_mut("pretokenizers")?.as_array_mut()?.iter_mut().collect()
        }
        one => vec![one],
    };
    let part = parts.into_iter().find(|part| part["type"] == "ByteLevel")?;
    let there = part["add_prefix_space"].as_bool().unwrap_or(true);
    if there == asked {
        return None;
    }
    let followed = if is_general { "tokenizer.json" } else { "tokenizer_config.json" };
    if !is_general {
        part["add_prefix_space"] = asked.into();
    }
    Some(format!(
        "add_prefix_space is {asked} in tokenizer_config.json and {there} in tokenizer.json: {followed} is followed"
    ))
}

/// Takes the frame out of what a text can become. A Unigram model would find it as pieces like any others,
/// and so would BPE that looks whole words up. No piece of a text holds a blank, so under such names they
/// keep their ids and are never found.
pub(super) fn hide(model: &mut Value, names: &SpecialNames) {
    let looks_up = model["ignore_merges"] == true;
    match model.get_mut("vocab") {
        Some(Value::Array(vocab)) => {
            for name in vocab.iter_mut().filter_map(|entry| entry.get_mut(0)) {
                if let Some(piece) = name.as_str().filter(|piece| names.is_frame(piece)) {
                    *name = format!(" {piece}").into();
                }
            }
        }
        Some(Value::Object(vocab)) if looks_up => {
            let frame: Vec<String> =
                vocab.keys().filter(|piece| names.is_frame(piece)).cloned().collect();
            for piece in frame {
                if let Some(id) = vocab.remove(&piece) {
                    vocab.insert(format!(" {piece}"), id);
                }
            }
        }
        _ => {}
    }
}

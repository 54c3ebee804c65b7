//! Relations and classes: places of a sentence or a document, with one label.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::eval::example::{Example, Labelled, Pair};
use crate::heads::{HeadSpec, Kind, Output};
use crate::model::Model;
use crate::tasks::classify::{document_places, front};
use crate::tasks::re::{Masked, pair_places};
use crate::train::lesson::sequence::{Sequence, kind};
use crate::train::options::TrainOptions;

/// Labels that say that two entities are not related.
const NEGATIVE: [&str; 6] = ["0", "false", "none", "no", "negative", "unrelated"];

/// A head for the relations that are marked.
pub(super) fn pair_spec(
    examples: &[Example],
    linear: bool,
    options: &TrainOptions,
) -> Result<HeadSpec> {
    let label = |example: &Example| match example {
        Example::Re(pair) => Some(pair.label.clone()),
        _ => None,
    };
    let labels = labels(examples, label)?;
    let negative = match &options.negative {
        Some(negative) if !labels.contains(negative) => {
            return Err(Error::Argument("the negative label is none of the data's".into()));
        }
        Some(negative) => Some(negative.clone()),
        None => labels.iter().find(|&l| NEGATIVE.contains(&&*l.to_lowercase())).cloned(),
    };
    let masks = options.masks.clone().unwrap_or(["@ENTITY1$", "@ENTITY2$"].map(String::from));
    let named = masks.each_ref().map(|mask| entity(mask));
    let [first, second] = options.kinds.clone().unwrap_or_else(|| named.clone());
    if first.eq_ignore_ascii_case(&named[1]) && second.eq_ignore_ascii_case(&named[0]) {
        let [first, second] = &masks;
        return Err(Error::Argument(format!(
            "the kinds are in the other order than the masks, of which {first} stands for the first \
             entity and {second} for the second: change the order of the kinds, or give the masks"
        )));
    }
    let output = Output::Relation {
        first: vec![first],
        second: vec![second],
        mask: Some(masks),
        negative,
        pooling: None,
    };
    Ok(HeadSpec::new(kind(linear, Kind::Cls, Kind::Places), output, labels))
}

/// The kind of entity that a mask stands for: `Chemical` for `@CHEMICAL$`.
fn entity(mask: &str) -> String {
    let name = mask.trim_start_matches('@').trim_end_matches('$').to_lowercase();
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A head for the classes that are there.
pub(super) fn document_spec(examples: &[Example], linear: bool) -> Result<HeadSpec> {
    let label = |example: &Example| match example {
        Example::Classify(labelled) => Some(labelled.label.clone()),
        _ => None,
    };
    let labels = labels(examples, label)?;
    let output = Output::Class { multi_label: None, pooling: None };
    Ok(HeadSpec::new(kind(linear, Kind::Cls, Kind::Places), output, labels))
}

fn labels(examples: &[Example], label: impl Fn(&Example) -> Option<String>) -> Result<Vec<String>> {
    let labels: BTreeSet<String> = examples.iter().filter_map(label).collect();
    match labels.len() {
        0 => Err(Error::Argument("there is no example in the training data".into())),
        1 => Err(Error::Argument("there is only one class in the training data".into())),
        _ => Ok(labels.into_iter().collect()),
    }
}

/// The index of a label, or that nothing was learnt of it.
fn target(spec: &HeadSpec, label: &str) -> Result<Vec<u32>> {
    let index = spec.labels.iter().position(|known| known == label);
    let index = index.ok_or_else(|| Error::Argument("a label that no training text has".into()))?;
    Ok(vec![index as u32])
}

/// A head on single tokens reads `[CLS]` alone.
fn rows<const N: usize>(spec: &HeadSpec, places: [Range<usize>; N]) -> Vec<Range<u32>> {
    let read = if spec.kind == Kind::Cls { 1 } else { N };
    places[..read].iter().map(|place| place.start as u32..place.end as u32).collect()
}

/// The sentence of a pair, or as much of it around the pair as is read at once; nothing where the two
/// are too far apart, as when the head is used.
pub(super) fn add_pair(
    model: &Model,
    pair: &Pair,
    spec: &HeadSpec,
    control: &Control,
    out: &mut Vec<Sequence>,
) -> Result<()> {
    let targets = target(spec, &pair.label)?;
    let (capacity, _) = spec.windows(model.max_tokens());
    let masked = Masked { text: pair.text.clone(), places: pair.places.clone() };
    if let Some(pieces) = masked.pieces(model, capacity, control)? {
        let rows = rows(spec, pair_places(&pieces.places));
        out.push(Sequence { first: pieces.ids, second: None, rows, targets, part: None });
    }
    Ok(())
}

/// The front of a document.
pub(super) fn add_document(
    model: &Model,
    labelled: &Labelled,
    spec: &HeadSpec,
    control: &Control,
    out: &mut Vec<Sequence>,
) -> Result<()> {
    let targets = target(spec, &labelled.label)?;
    let (text, second) = (&labelled.text, labelled.second.as_deref());
    let front = front(model, spec, text, second, control)?;
    let (first, second) = (front.first.into_owned(), front.second.map(|ids| ids.into_owned()));
    let pieces = first.len() + second.as_ref().map_or(0, Vec::len);
    let special = model.tokenizer().special().count(second.is_some());
    let rows = rows(spec, document_places(pieces + special));
    out.push(Sequence { first, second, rows, targets, part: None });
    Ok(())
}

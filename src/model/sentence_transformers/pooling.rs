//! `Pooling`: how the states become one row.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{json, refused, shown};
use crate::error::Result;
use crate::heads::{StatePooling, VectorSpec};

/// The switches of versions 2 to 5, in the order in which what they give is joined.
const SWITCHES: [(&str, StatePooling); 6] = [
    ("cls_token", StatePooling::Cls),
    ("max_tokens", StatePooling::Max),
    ("mean_tokens", StatePooling::Mean),
    ("mean_sqrt_len_tokens", StatePooling::MeanSqrtLenTokens),
    ("weightedmean_tokens", StatePooling::WeightedMean),
    ("lasttoken", StatePooling::LastToken),
];

/// More than there are: a mode may stand there twice.
const MOST_MODES: usize = 16;

/// Reads the module in a directory.
pub(super) fn read(spec: &mut VectorSpec, directory: &Path, path: &str) -> Result<()> {
    let file = format!("{path}/config.json");
    let config: Map<String, Value> = json(directory, &file)?;
    spec.include_prompt = match config.get("include_prompt") {
        None | Some(Value::Null) => true,
        Some(Value::Bool(include)) => *include,
        Some(_) => return Err(refused(&file, "include_prompt is neither true nor false")),
    };
    // Where both forms are there, the new one counts, as in the package.
    spec.pooling = match config.get("pooling_mode") {
        Some(Value::String(mode)) => vec![named(&file, mode)?],
        Some(Value::Array(modes)) => {
            let mode = |mode: &Value| named(&file, mode.as_str().unwrap_or_default());
            modes.iter().take(MOST_MODES + 1).map(mode).collect::<Result<_>>()?
        }
        None => switched(&file, &config)?,
        Some(_) => return Err(refused(&file, "pooling_mode is neither a name nor a list")),
    };
    match spec.pooling.len() {
        0 => Err(refused(&file, "no pooling mode is chosen")),
        1..=MOST_MODES => Ok(()),
        _ => Err(refused(&file, "more pooling modes than there are")),
    }
}

/// A mode by its name.
fn named(file: &str, mode: &str) -> Result<StatePooling> {
    StatePooling::deserialize(Value::from(mode))
        .map_err(|_| refused(file, &format!("pooling mode {} is not supported", shown(mode))))
}

/// The modes that are switched on.
fn switched(file: &str, config: &Map<String, Value>) -> Result<Vec<StatePooling>> {
    let on = |value: Option<&Value>| value == Some(&Value::Bool(true));
    for (name, value) in config {
        let mode = name.strip_prefix("pooling_mode_");
        let known = |mode| SWITCHES.iter().any(|(switch, _)| *switch == mode);
        if let Some(mode) = mode.filter(|mode| on(Some(value)) && !known(*mode)) {
            return Err(refused(file, &format!("pooling mode {} is not supported", shown(mode))));
        }
    }
    let modes =
        SWITCHES.iter().filter(|(switch, _)| on(config.get(&format!("pooling_mode_{switch}"))));
    Ok(modes.map(|(_, mode)| *mode).collect())
}

//! Adjectives and the nouns that names have for them: "hypertensive", "hypertension".

/// Endings of adjectives that tell the noun, and those of the nouns; the first that fits.
const SURE: [(&str, &[&str]); 19] = [
    ("tensive", &["tension"]),
    ("essive", &["ession"]),
    ("lsive", &["lsion"]),
    ("toxic", &["toxicity"]),
    ("genic", &["genicity", "genesis"]),
    ("embolic", &["embolism"]),
    ("spastic", &["spasm", "spasticity"]),
    ("eptic", &["epsy"]),
    ("lytic", &["lysis"]),
    ("netic", &["nesia"]),
    ("retic", &["resis"]),
    ("phrenic", &["phrenia"]),
    ("emic", &["emia"]),
    ("uric", &["uria"]),
    ("rrhagic", &["rrhage"]),
    ("plegic", &["plegia"]),
    ("oid", &["oidism"]),
    ("matous", &["ma"]),
    ("penic", &["penia"]),
];

/// Endings of adjectives that have several nouns.
const UNSURE: [(&str, &[&str]); 3] =
    [("otic", &["osis"]), ("etic", &["etes", "esis"]), ("ic", &["y", "ia", "is"])];

/// Shorter stems say nothing, in bytes.
const STEM: usize = 3;

/// The nouns that an adjective may come from, those that it surely does or the others.
pub(super) fn nouns(word: &str, sure: bool) -> Vec<String> {
    let endings = if sure { &SURE[..] } else { &UNSURE[..] };
    let Some((ending, nouns)) = endings.iter().find(|(ending, _)| word.ends_with(ending)) else {
        return Vec::new();
    };
    let stem = &word[..word.len() - ending.len()];
    if stem.len() + ending.len() < STEM + 2 {
        return Vec::new();
    }
    nouns.iter().map(|noun| format!("{stem}{noun}")).collect()
}

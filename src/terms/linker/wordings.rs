//! Names that say the same in other words: "renal" for "kidney", "hypertensive" for what has hypertension,
//! "heparin-induced thrombocytopenia" for a thrombocytopenia. What they are is data beside this file; a wording counts
//! only where it is the name of a concept.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Query;
use super::endings::nouns;
use super::found::Found;
use super::same;
use crate::document::Reason;
use crate::terms::fold::Folded;
use crate::terms::index::Terms;
use crate::terms::kind::Kind;

/// How alike a name in other words is.
const ALIKE: f32 = 0.9;
/// How many wordings of a text are looked up, and how many times words are exchanged.
const WORDINGS: usize = 48;
const EXCHANGES: usize = 2;

/// Words that end the name of a disorder without saying much, and those that terminologies have for them.
const HEADS: [&str; 16] = [
    "abnormality",
    "alteration",
    "complication",
    "condition",
    "damage",
    "deficit",
    "disease",
    "disorder",
    "disturbance",
    "dysfunction",
    "impairment",
    "lesion",
    "problem",
    "symptom",
    "syndrome",
    "toxicity",
];
const NAMED: [&str; 3] = ["disease", "disorder", "syndrome"];

/// What may stand before "induced", and words that mean the same.
const INDUCED: [&str; 3] = ["induced", "related", "associated"];

/// Salts of drugs.
const SALTS: [&str; 11] = [
    "hcl",
    "hydrochloride",
    "hydrobromide",
    "sodium",
    "potassium",
    "maleate",
    "tartrate",
    "mesylate",
    "fumarate",
    "succinate",
    "besylate",
];

/// Words that names of substances end with.
const CLASSES: [&str; 4] = ["agent", "compound", "complex", "drug"];

/// The table of words.
struct Table {
    word: HashMap<String, Vec<&'static str>>,
    disorder: HashMap<String, Vec<&'static str>>,
    substance: HashMap<String, Vec<&'static str>>,
    symbol: HashMap<&'static str, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        word: HashMap::new(),
        disorder: HashMap::new(),
        substance: HashMap::new(),
        symbol: HashMap::new(),
    };
    let rows = include_str!("wordings.tsv").lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let mut columns = row.split('\t');
        let (Some(place), Some(words), Some(others)) =
            (columns.next(), columns.next(), columns.next())
        else {
            continue;
        };
        let map = match place {
            "word" => &mut table.word,
            "disorder" => &mut table.disorder,
            "substance" => &mut table.substance,
            _ => {
                table.symbol.insert(words, others);
                continue;
            }
        };
        map.insert(plain(words), others.split('|').collect());
    }
    table
});

/// A text's words in the singular, with a blank between two.
fn plain(text: &str) -> String {
    Folded::new(text).words().collect::<Vec<_>>().join(" ")
}

/// The names that say the same in other words, of the first wording that is a name.
pub(super) fn find<'a>(indices: &'a [Terms], query: &Query<'_>) -> Vec<Found<'a>> {
    if query.kind == Some(Kind::Substance)
        && let Some(name) = TABLE.symbol.get(query.text)
    {
        return look_up(indices, query, name);
    }
    // A classification has a code for every "problem" of eating, which "feeding" does not say.
    let has_defaults = indices.iter().any(|terms| terms.has_defaults);
    let may_head = !has_defaults;
    let turns_malignant =
        |text: &str, wording: &str| has_defaults && is_malignant(wording) && !is_malignant(text);
    let mut wordings = vec![plain(query.text)];
    let mut from = 0;
    for _ in 0..EXCHANGES {
        let to = wordings.len();
        for at in from..to {
            if !add(query.kind, may_head, at, &mut wordings) {
                return Vec::new();
            }
        }
        for wording in
            wordings[to..].iter().filter(|wording| !turns_malignant(&wordings[0], wording))
        {
            let found = look_up(indices, query, wording);
            if !found.is_empty() {
                return found;
            }
        }
        from = to;
    }
    Vec::new()
}

/// Whether words call a tumor malignant. A classification has other codes for one of which that is not said.
fn is_malignant(words: &str) -> bool {
    let malignant = ["cancer", "carcinoma", "malignan", "sarcoma"];
    words.split(' ').any(|word| malignant.iter().any(|begin| word.contains(begin)))
}

/// The names that say the same as the whole of the text, by the table alone.
pub(super) fn find_whole<'a>(indices: &'a [Terms], query: &Query<'_>) -> Vec<Found<'a>> {
    let Some(Kind::Substance) = query.kind else { return Vec::new() };
    let text = plain(query.text);
    let others = TABLE.substance.get(&text).into_iter().flatten().map(|other| plain(other));
    let others = others.chain(acid(&text));
    others
        .map(|other| look_up(indices, query, &other))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// The acid of a salt's name: "lactate", "lactic acid".
fn acid(text: &str) -> Option<String> {
    let stem = text.strip_suffix("ate").filter(|stem| stem.len() > 2 && !stem.contains(' '))?;
    Some(format!("{stem}ic acid"))
}

/// The names that are a wording.
fn look_up<'a>(indices: &'a [Terms], query: &Query<'_>, wording: &str) -> Vec<Found<'a>> {
    let query = Query { kind: query.kind, has_own: query.has_own, ..Query::new(wording, "") };
    let mut found = same::find(indices, &query);
    found.retain(|found| found.fits);
    for found in &mut found {
        found.reason = Reason::Words;
        found.score *= ALIKE;
    }
    found
}

/// Adds the wordings of one of them; tells whether there may be any.
fn add(kind: Option<Kind>, may_head: bool, at: usize, wordings: &mut Vec<String>) -> bool {
    let text = wordings[at].clone();
    let mut push = |wording: String| {
        if wordings.len() < WORDINGS && !wordings.contains(&wording) {
            wordings.push(wording);
        }
    };
    let whole = match kind {
        Some(Kind::Disorder) => TABLE.disorder.get(&text),
        Some(Kind::Substance) => TABLE.substance.get(&text),
        Some(Kind::Deed) => None,
        None => TABLE.disorder.get(&text).or_else(|| TABLE.substance.get(&text)),
    };
    if let Some(others) = whole {
        if others.contains(&"-") {
            return false;
        }
        others.iter().for_each(|other| push(plain(other)));
    }
    let words: Vec<&str> = text.split(' ').collect();
    let Some((&last, before)) = words.split_last() else { return true };
    if kind != Some(Kind::Substance) {
        // "Epileptic" is of epilepsy, but "nephrotic" more often of a syndrome than of nephrosis.
        nouns(last, true).into_iter().for_each(|noun| push(joined(before, &noun)));
        disorders(&words, may_head, &mut push);
        nouns(last, false).into_iter().for_each(|noun| push(joined(before, &noun)));
    }
    if kind == Some(Kind::Substance) {
        acid(&text).into_iter().for_each(&mut push);
    }
    if kind != Some(Kind::Disorder) {
        substances(last, before, &mut push);
    }
    for (at, word) in words.iter().enumerate() {
        for other in TABLE.word.get(*word).into_iter().flatten() {
            let mut words = words.clone();
            words[at] = other;
            push(plain(&words.join(" ")));
        }
    }
    true
}

/// Wordings of a disorder: with what induced it left out, or with another head.
fn disorders(words: &[&str], may_head: bool, push: &mut impl FnMut(String)) {
    let induced = words.iter().rposition(|word| INDUCED.contains(word));
    if let Some(rest) = induced.map(|at| &words[at + 1..]).filter(|rest| !rest.is_empty()) {
        push(format!("drug induced {}", rest.join(" ")));
        push(rest.join(" "));
    }
    let Some((last, before)) = words.split_last() else { return };
    let is_head = HEADS.contains(last);
    let stem = if is_head { before } else { words };
    if stem.is_empty() || !(is_head || may_head) {
        return;
    }
    for head in NAMED.iter().chain(HEADS.iter().filter(|_| is_head)) {
        push(joined(stem, head));
    }
}

/// Wordings of a substance: without its salt, or with another word for what it is.
fn substances(last: &str, before: &[&str], push: &mut impl FnMut(String)) {
    let is_class = CLASSES.contains(&last);
    if !before.is_empty() && (is_class || SALTS.contains(&last)) {
        push(before.join(" "));
    }
    for class in CLASSES {
        if is_class {
            push(joined(before, class))
        } else {
            push(joined(before, &format!("{last} {class}")))
        }
    }
}

fn joined(before: &[&str], last: &str) -> String {
    before.iter().chain([&last]).copied().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_place_words_and_other_words() {
        for row in include_str!("wordings.tsv").lines().filter(|line| !line.starts_with('#')) {
            let columns: Vec<&str> = row.split('\t').collect();
            assert!(
                matches!(columns[..], ["word" | "disorder" | "substance" | "symbol", _, _]),
                "{row}"
            );
            assert!(columns[1..].iter().all(|column| !column.trim().is_empty()), "{row}");
            if columns[0] != "symbol" {
                let (words, others) = (plain(columns[1]), columns[2].split('|'));
                assert!(
                    others.into_iter().all(|other| plain(other) != words),
                    "{row} says nothing"
                );
            }
        }
    }
}

//! What stands in for the entities of sentences that come masked.

use std::collections::BTreeMap;

use crate::document::Document;
use crate::tasks::Masks;

/// The two masks, such as `@GENE$`, that stand together in the most texts, in alphabetical order; `None`
/// where no text has two.
pub(super) fn find<'a>(documents: impl Iterator<Item = &'a Document>) -> Option<[String; 2]> {
    let mut pairs: BTreeMap<[String; 2], usize> = BTreeMap::new();
    for document in documents {
        let mut masks = masks_of(&document.text);
        masks.sort_unstable();
        masks.dedup();
        for (index, first) in masks.iter().enumerate() {
            for second in &masks[index + 1..] {
                *pairs.entry([first.clone(), second.clone()]).or_default() += 1;
            }
        }
    }
    // By itself, only the mask of two entities that overlap is found as a pair.
    let joint =
        |mask: &String| pairs.keys().any(|pair| Masks::new(Some(pair)).find(mask).is_some());
    let mut ranked: Vec<_> = pairs.iter().collect();
    ranked.sort_by_key(|&(_, &count)| std::cmp::Reverse(count));
    let best = ranked.into_iter().find(|(pair, _)| !pair.iter().any(joint));
    best.map(|(pair, _)| pair.clone())
}

/// What looks like a mask in a sentence: `@`, capital letters, digits, `_` and `-`, `$`.
fn masks_of(sentence: &str) -> Vec<String> {
    let own =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    let names = sentence.split('@').skip(1).filter_map(|rest| Some(rest.split_once('$')?.0));
    let names = names.filter(|name| !name.is_empty() && name.bytes().all(own));
    names.map(|name| format!("@{name}$")).collect()
}

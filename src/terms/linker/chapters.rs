//! Chapters of ICD-10 that are about newborns, pregnancies, complications of care or accidents. A word that says nothing of
//! it is not about it: "respiratory distress" is not that of a newborn.

use super::Query;
use super::found::Found;
use crate::document::Reason;

/// How alike a name is that presupposes what the text does not say.
const PRESUPPOSED: f32 = 0.7;
/// How alike a synonym is that may presuppose it: another chapter's is preferred.
const PERHAPS: f32 = 0.97;

/// How the names of codes end that are given only together with another disease's.
const ELSEWHERE: &str = " in diseases classified elsewhere";

/// How words begin that speak of what a chapter is about.
const NEWBORN: [&str; 9] =
    ["newborn", "neonat", "perinat", "fetal", "fetus", "birth", "infant", "prematur", "congenital"];
const PREGNANT: [&str; 18] = [
    "pregnan",
    "gestation",
    "gravid",
    "matern",
    "obstetric",
    "partum",
    "postpartum",
    "antepartum",
    "peripartum",
    "puerper",
    "labor",
    "deliver",
    "abort",
    "miscarr",
    "placent",
    "amnio",
    "eclamp",
    "preeclamp",
];
const OF_CARE: [&str; 14] = [
    "complication",
    "postprocedural",
    "postoperative",
    "postop",
    "reject",
    "transfus",
    "implant",
    "graft",
    "prosthe",
    "catheter",
    "device",
    "anesthe",
    "immuniz",
    "vaccin",
];

/// A chapter and the words that speak of it; of an accident none do: what happened is no disorder.
fn words_of(code: &str) -> Option<&'static [&'static str]> {
    match code.as_bytes() {
        [b'P', ..] => Some(&NEWBORN),
        [b'O', ..] => Some(&PREGNANT),
        [b'T', b'8', b'0'..=b'8', ..] => Some(&OF_CARE),
        [b'V'..=b'Y', ..] => Some(&[]),
        _ => None,
    }
}

/// Lowers the names that presuppose what the text does not say.
pub(super) fn lower(query: &Query<'_>, found: &mut [Found<'_>]) {
    for found in found {
        if found.name.ends_with(ELSEWHERE) {
            found.score *= PERHAPS;
        }
        let Some(words) = words_of(found.code) else { continue };
        let says = |word: &str| words.iter().any(|begin| word.starts_with(begin));
        if query.folded.words().any(says) {
            continue;
        }
        // The full name stands for itself; a synonym was written for readers of its chapter.
        let is_same = found.reason <= Reason::Order;
        if is_same && found.preferred {
            continue;
        }
        if is_same && !words.is_empty() {
            found.score *= PERHAPS;
        } else {
            found.score *= PRESUPPOSED;
            found.fits = false;
        }
    }
}

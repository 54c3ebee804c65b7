//! Short forms that a document uses and does not define: "DEN" where it speaks of diethylnitrosamine.

use crate::document::{Entity, Link, Reason};
use crate::terms::kind::Kind;

/// Longer forms are names of their own, in bytes.
const LONGEST: usize = 8;
/// How alike the long form is taken to be.
const ALIKE: f32 = 0.9;

/// Gives short forms without a link that of the only long form in the document with their letters.
pub(super) fn follow(text: &str, entities: &[Entity], links: &mut [Vec<Link>]) {
    for at in 0..entities.len() {
        // What a disorder's short form stands for is known, if it is; substances are often said by several names.
        let is_substance = Kind::of_label(&entities[at].label) == Some(Kind::Substance);
        let Some(entity) =
            entities.get(at).filter(|entity| entity.expansion.is_none() || is_substance)
        else {
            continue;
        };
        let Some(form) = text.get(entity.bytes.clone()).filter(|form| is_short(form)) else {
            continue;
        };
        for index in 0..links[at].len() {
            if links[at][index].abstention.is_none() {
                continue;
            }
            if let Some(link) = of_long_form(form, &links[at][index], text, entities, entity, links)
            {
                links[at][index] = link;
            }
        }
    }
}

/// The link of the long form, if all entities that may be it have the same.
fn of_long_form(
    form: &str,
    own: &Link,
    text: &str,
    entities: &[Entity],
    entity: &Entity,
    links: &[Vec<Link>],
) -> Option<Link> {
    let mut found: Option<&Link> = None;
    for (other, links) in entities.iter().zip(links) {
        let long = text.get(other.bytes.clone())?;
        if other.label != entity.label || long.len() <= form.len() + 2 || !may_be(form, long) {
            continue;
        }
        let link = links.iter().find(|link| link.system == own.system && link.given().is_some());
        let Some(link) = link else { continue };
        match found {
            Some(known) if known.given()?.code != link.given()?.code => return None,
            _ => found = Some(link),
        }
    }
    let mut link = found?.clone();
    link.candidates.truncate(1);
    for candidate in &mut link.candidates {
        candidate.reason = Some(Reason::Abbreviation);
        candidate.score = candidate.score.map(|score| score * ALIKE);
    }
    Some(link)
}

/// Whether this may be a short form: letters, one of them a capital, and no blank.
fn is_short(form: &str) -> bool {
    (1..=LONGEST).contains(&form.len())
        && form.starts_with(char::is_alphabetic)
        && !form.contains(char::is_whitespace)
        && form.chars().any(char::is_uppercase)
}

/// Whether the letters and digits of a short form stand in a long one in their order, the first of them at its start.
fn may_be(form: &str, long: &str) -> bool {
    let lower = |text: &str| text.to_lowercase();
    let (form, long) = (lower(form), lower(long));
    let mut letters = form.chars().filter(|letter| letter.is_alphanumeric());
    let mut rest = long.chars();
    letters.next() == rest.next() && letters.all(|letter| rest.any(|other| other == letter))
}

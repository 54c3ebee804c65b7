//! What people coded before: the code that they gave the same words most often, in the same section and with the same
//! label if they did.

use std::collections::{HashMap, HashSet};

use super::found::Found;
use super::several::BAR;
use super::{Mention, Query};
use crate::document::Reason;
use crate::terms::index::Terms;
use crate::terms::kind::Kind;

/// What indices call the codes that were learned: the words that people coded are not their names.
pub(super) fn names(learned: &[Terms], indices: &[Terms]) -> HashMap<String, String> {
    let codes = learned.iter().flat_map(concepts).flat_map(|(code, _)| code.split(BAR));
    let codes: HashSet<&str> = codes.collect();
    let mut names = HashMap::with_capacity(codes.len());
    if codes.is_empty() {
        return names;
    }
    for (code, name) in indices.iter().flat_map(concepts).filter(|(code, _)| codes.contains(code)) {
        names.entry(code.to_owned()).or_insert_with(|| name.to_owned());
    }
    names
}

/// The codes of an index with their preferred names.
fn concepts(terms: &Terms) -> impl Iterator<Item = (&str, &str)> {
    (0..terms.concept_count()).filter_map(|at| terms.file.concept(u32::try_from(at).ok()?))
}

/// The learned codes of a text.
pub(super) fn find<'a>(
    learned: &'a [Terms],
    query: &Query<'_>,
    mention: &Mention<'_>,
) -> Vec<Found<'a>> {
    let section = mention.section.unwrap_or_default();
    let mut votes = Vec::new();
    for terms in learned {
        for at in terms.file.names_with_key(query.folded.key()) {
            let Some(name) = terms.file.name(at) else { continue };
            let Some(reason) = query.is(name.text) else { continue };
            let Some(context) = terms.file.context(at) else { continue };
            // Only in a damaged index, where it would make a share of nothing.
            if context.count == 0 {
                continue;
            }
            let Some((code, preferred)) = terms.file.concept(name.concept) else { continue };
            let kind = Kind::of_label(context.label);
            if kind.is_some() && query.kind.is_some() && kind != query.kind {
                continue;
            }
            // Case alone decides nothing: it changes at the start of a sentence.
            let reason = if reason == Reason::Exact { Reason::Case } else { reason };
            // How near what was learned is to the mention: the least is the nearest.
            let near = (context.label != mention.label, context.section != section, reason);
            votes.push((near, code, preferred, context.count));
        }
    }
    let Some(nearest) = votes.iter().map(|vote| vote.0).min() else { return Vec::new() };
    let mut counts: Vec<(&str, &str, u32)> = Vec::new();
    for (_, code, name, count) in votes.into_iter().filter(|vote| vote.0 == nearest) {
        match counts.iter_mut().find(|known| known.0 == code) {
            Some(known) => known.2 = known.2.saturating_add(count),
            None => counts.push((code, name, count)),
        }
    }
    let all: f32 = counts.iter().map(|count| count.2 as f32).sum();
    let found = counts.into_iter().map(|(code, name, count)| Found {
        code,
        name,
        reason: Reason::Learned,
        score: count as f32 / all,
        fits: true,
        preferred: true,
    });
    found.collect()
}

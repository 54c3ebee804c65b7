//! Names that are the same as the text once both are folded.

use super::Query;
use super::chapters;
use super::found::Found;
use super::leaves::{self, is_within};
use crate::document::Reason;
use crate::terms::default::default_name;
use crate::terms::index::Terms;
use crate::terms::kind::Kind;

/// How alike a name is that stands in an index of other things.
const DOUBTFUL: f32 = 0.7;
/// How alike the name of a default code is, without what nobody says.
const DEFAULT: f32 = 0.95;
/// The same where it says that something is absent: what is unspecified says less.
const WITHOUT: f32 = 0.93;

/// In how many categories their defaults are looked for.
const CATEGORIES: usize = 16;

/// The names of all indices that a fold makes the same as the text.
pub(super) fn find<'a>(indices: &'a [Terms], query: &Query<'_>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for terms in indices {
        let names = terms.file.names_with_key(query.folded.key());
        found.extend(names.filter_map(|name| candidate(terms, name, query)));
    }
    let same_key = !found.is_empty();
    let order = query.folded.order_key();
    for terms in indices.iter().filter(|terms| !same_key || terms.has_defaults) {
        let names = terms.file.names_with_words(&order);
        found.extend(names.filter_map(|name| candidate(terms, name, query)));
    }
    found.extend(defaults_within(indices, query, &found));
    if indices.iter().any(|terms| terms.has_defaults) {
        chapters::lower(query, &mut found);
        leaves::prefer(&mut found);
    }
    found
}

/// The default codes within the categories that were found, by the categories' names.
fn defaults_within<'a>(
    indices: &'a [Terms],
    query: &Query<'_>,
    found: &[Found<'a>],
) -> Vec<Found<'a>> {
    let mut defaults = Vec::new();
    for terms in indices.iter().filter(|terms| terms.has_defaults) {
        for category in found.iter().take(CATEGORIES) {
            let name = default_name(category.name).unwrap_or_else(|| category.name.to_owned());
            let query = Query { kind: query.kind, has_own: query.has_own, ..Query::new(&name, "") };
            let order = query.folded.order_key();
            let names = terms.file.names_with_words(&order);
            let within = names.filter_map(|name| candidate(terms, name, &query));
            defaults.extend(within.filter(|found| is_within(found.code, category.code)));
        }
    }
    defaults
}

/// A name whose hash is that of the text, if it is the same.
fn candidate<'a>(terms: &'a Terms, name: u32, query: &Query<'_>) -> Option<Found<'a>> {
    let name = terms.file.name(name)?;
    let same = query.folded.reason(query.text, name.text);
    let (reason, score) = match same {
        Some(reason) => (reason, Found::score_of(reason)),
        None if terms.has_defaults => {
            let default = default_name(name.text)?;
            let alike = if name.text.contains("without ") { WITHOUT } else { DEFAULT };
            (Reason::Words, alike * Found::score_of(query.is(&default)?))
        }
        None => return None,
    };
    let (code, preferred_name) = terms.file.concept(name.concept)?;
    let doubtful = is_doubtful(terms, query);
    Some(Found {
        code,
        name: preferred_name,
        reason,
        score: score * if doubtful { DOUBTFUL } else { 1.0 },
        fits: !doubtful,
        preferred: name.preferred,
    })
}

/// Whether what an index has may be something else than the label says. The name of a process is in a general index, but
/// as a disorder it is another concept: "blood coagulation".
pub(super) fn is_doubtful(terms: &Terms, query: &Query<'_>) -> bool {
    let of_all = query.kind == Some(Kind::Disorder) && query.has_own && terms.kind.is_none();
    !fits(terms, query) || of_all
}

/// Whether an index may be about what the label says.
pub(super) fn fits(terms: &Terms, query: &Query<'_>) -> bool {
    terms.kind.is_none_or(|kind| query.kind.is_none_or(|wanted| wanted == kind))
}

impl Query<'_> {
    /// Whether a name is this text, whatever fold it takes.
    pub(super) fn is(&self, name: &str) -> Option<Reason> {
        self.folded.reason(self.text, name)
    }
}

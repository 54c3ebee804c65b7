//! Names that are the same as the text once both are folded.

use super::Query;
use super::found::Found;
use crate::document::Reason;
use crate::terms::index::Terms;
use crate::terms::kind::Kind;

/// How alike a name is that stands in an index of other things.
const DOUBTFUL: f32 = 0.7;

/// The names of all indices that a fold makes the same as the text.
pub(super) fn find<'a>(indices: &'a [Terms], query: &Query<'_>) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    for terms in indices {
        let names = terms.file.names_with_key(query.folded.key());
        found.extend(names.filter_map(|name| candidate(terms, name, query)));
    }
    if found.is_empty() {
        let order = query.folded.order_key();
        for terms in indices {
            let names = terms.file.names_with_words(&order);
            found.extend(names.filter_map(|name| candidate(terms, name, query)));
        }
    }
    found
}

/// A name whose hash is that of the text, if it is the same.
fn candidate<'a>(terms: &'a Terms, name: u32, query: &Query<'_>) -> Option<Found<'a>> {
    let name = terms.file.name(name)?;
    let reason = query.folded.reason(query.text, name.text)?;
    let (code, preferred_name) = terms.file.concept(name.concept)?;
    let doubtful = is_doubtful(terms, query);
    Some(Found {
        code,
        name: preferred_name,
        reason,
        score: Found::score_of(reason) * if doubtful { DOUBTFUL } else { 1.0 },
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

//! Words that stand for several codes at once: "breast and ovarian cancer". They are learned as one code with bars.

use crate::document::{Code, Link};

/// What stands between codes that belong to the same words.
pub(super) const BAR: char = '|';

/// A link, or one for each code of its best candidate.
pub(super) fn divided(link: Link) -> Vec<Link> {
    let Some((first, others)) = link.candidates.split_first() else { return vec![link] };
    if !first.code.contains(BAR) {
        return vec![link];
    }
    let codes = first.code.split(BAR).filter(|code| !code.is_empty());
    let links = codes.map(|code| {
        let candidate = Code { code: code.into(), ..first.clone() };
        let candidates = std::iter::once(candidate).chain(others.iter().cloned()).collect();
        Link { system: link.system.clone(), candidates, abstention: link.abstention }
    });
    links.collect()
}

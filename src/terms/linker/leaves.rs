//! Codes within codes: "E11" is a category, "E11.9" is what can be billed.

use super::found::Found;

/// How alike a category is, of what is given within it.
const CATEGORY: f32 = 0.95;

/// Puts a category behind the codes within it that were found too.
pub(super) fn prefer(found: &mut [Found<'_>]) {
    // The innermost first, since what they are within may be within another.
    found.sort_by_key(|found| std::cmp::Reverse(found.code.len()));
    for at in 0..found.len() {
        let code = found[at].code;
        let within = found.iter().filter(|other| is_within(other.code, code) && other.fits);
        if let Some(best) = within.map(|other| other.score).max_by(f32::total_cmp) {
            found[at].score = found[at].score.min(best * CATEGORY);
        }
    }
}

/// Whether a code is one of those that a category is divided into.
pub(super) fn is_within(code: &str, category: &str) -> bool {
    code.len() > category.len() && code.starts_with(category)
}

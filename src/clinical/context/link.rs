//! What a date behind two entities speaks of: "splenectomy after a fall in 2005" is one event, and of "asthma and
//! pneumonia in 2019" the first may go on.

use super::rule::Kind;

/// How closely two entities stand together, by the words between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Link {
    /// No word.
    #[default]
    Bare,
    /// "Hysterectomy for fibroids", "splenectomy after a fall".
    One,
    /// "Tonsillectomy and adenoidectomy".
    And,
    /// Any other words.
    Apart,
}

impl Link {
    /// By one word.
    pub(super) fn of(word: &str) -> Link {
        let is = |names: &[&str]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        match word {
            _ if is(&["from", "for", "of", "after", "following"]) => Link::One,
            _ if is(&["due", "to", "a", "an", "the"]) => Link::One,
            _ if is(&["and", "&", "/"]) => Link::And,
            _ => Link::Apart,
        }
    }

    /// Whether a date that an entity has is also that of the one before it. What is done has an end; a problem
    /// may go on, as in "asthma and pneumonia in 2019" and "weakness from a stroke in 2015".
    pub(super) fn shares_date(self, before: Kind, dated: Option<Kind>) -> bool {
        let of_drug = dated == Some(Kind::Drug);
        match (self, before) {
            (Link::One | Link::And, Kind::Procedure) => true,
            // "Angioedema from lisinopril in 2018"; but "takes warfarin for a stroke in 2015".
            (Link::One, before) => of_drug && before != Kind::Drug,
            (Link::And, before) => of_drug && before == Kind::Drug,
            (Link::Bare | Link::Apart, _) => false,
        }
    }
}

//! Codes of entities.

use crate::document::{Abstention, Code, CodeRelation, Link, Reason};
use crate::ffi::text::biobert_str;

/// Why a code was taken for the words of a note: the last thing that had to be put aside to make
/// the words and the code's name the same.
pub type biobert_reason = i32;

/// Not known.
pub const BIOBERT_REASON_NONE: biobert_reason = 0;
/// Nothing: character by character the same.
pub const BIOBERT_REASON_EXACT: biobert_reason = 1;
/// Upper and lower case, accents.
pub const BIOBERT_REASON_CASE: biobert_reason = 2;
/// Dashes, blanks and other marks.
pub const BIOBERT_REASON_DASH: biobert_reason = 3;
/// A Greek letter and its name.
pub const BIOBERT_REASON_GREEK: biobert_reason = 4;
/// A Roman number and a digit.
pub const BIOBERT_REASON_ROMAN: biobert_reason = 5;
/// Singular and plural, British and American spelling.
pub const BIOBERT_REASON_PLURAL: biobert_reason = 6;
/// The order of the words.
pub const BIOBERT_REASON_ORDER: biobert_reason = 7;
/// The words are a short form, and its long form in this note is the name.
pub const BIOBERT_REASON_ABBREVIATION: biobert_reason = 8;
/// A hospital's own coded mentions say so.
pub const BIOBERT_REASON_LEARNED: biobert_reason = 9;
/// Most of the words are the same.
pub const BIOBERT_REASON_WORDS: biobert_reason = 10;
/// Most of the character trigrams are the same.
pub const BIOBERT_REASON_TRIGRAMS: biobert_reason = 11;
/// The encoder's vectors are near each other: of a terminology with vectors.
pub const BIOBERT_REASON_NEAR: biobert_reason = 12;

/// Why none of the candidates was given.
pub type biobert_abstention = i32;

/// The first candidate is given.
pub const BIOBERT_ABSTENTION_NONE: biobert_abstention = 0;
/// There is no candidate.
pub const BIOBERT_ABSTENTION_NOTHING: biobert_abstention = 1;
/// The best one is too unlike the words.
pub const BIOBERT_ABSTENTION_WEAK: biobert_abstention = 2;
/// Several are as good as the best.
pub const BIOBERT_ABSTENTION_AMBIGUOUS: biobert_abstention = 3;

/// What a code system has for an entity.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_link {
    /// The code system, such as `MESH`.
    pub system: biobert_str,
    /// The codes that may be the entity's, the best first: index of the first in the document's
    /// list.
    pub first_code: u64,
    /// How many there are.
    pub n_codes: u64,
    /// Why the first is not given; `BIOBERT_ABSTENTION_NONE`: it is.
    pub abstention: biobert_abstention,
}

/// A code that may be an entity's.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_code {
    /// The code, such as `D003920`.
    pub code: biobert_str,
    /// Its preferred name.
    pub name: biobert_str,
    /// How alike name and words are, from 0 to 1.
    pub score: f32,
    /// Why it was taken.
    pub reason: biobert_reason,
}

/// A relation between two codes that a note as a whole states.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_code_relation {
    /// The first code.
    pub first: biobert_str,
    /// The second code.
    pub second: biobert_str,
    /// How they are related, such as `CID`: the name of the head, in capitals.
    pub label: biobert_str,
    /// Its probability, from 0 to 1.
    pub score: f32,
}

/// A link in C's struct.
pub(crate) fn link(link: &Link, first_code: usize) -> biobert_link {
    biobert_link {
        system: biobert_str::of(&link.system),
        first_code: first_code as u64,
        n_codes: link.candidates.len() as u64,
        abstention: abstention(link.abstention),
    }
}

/// A candidate in C's struct.
pub(crate) fn code(candidate: &Code) -> biobert_code {
    biobert_code {
        code: biobert_str::of(&candidate.code),
        name: biobert_str::of(candidate.name.as_deref().unwrap_or_default()),
        score: candidate.score.unwrap_or(f32::NAN),
        reason: reason(candidate.reason),
    }
}

/// A relation between codes in C's struct.
pub(crate) fn code_relation(relation: &CodeRelation) -> biobert_code_relation {
    biobert_code_relation {
        first: biobert_str::of(&relation.first),
        second: biobert_str::of(&relation.second),
        label: biobert_str::of(&relation.label),
        score: relation.score.unwrap_or(f32::NAN),
    }
}

fn abstention(abstention: Option<Abstention>) -> biobert_abstention {
    match abstention {
        None => BIOBERT_ABSTENTION_NONE,
        Some(Abstention::Nothing) => BIOBERT_ABSTENTION_NOTHING,
        Some(Abstention::Weak) => BIOBERT_ABSTENTION_WEAK,
        Some(Abstention::Ambiguous) => BIOBERT_ABSTENTION_AMBIGUOUS,
    }
}

fn reason(reason: Option<Reason>) -> biobert_reason {
    match reason {
        None => BIOBERT_REASON_NONE,
        Some(Reason::Exact) => BIOBERT_REASON_EXACT,
        Some(Reason::Case) => BIOBERT_REASON_CASE,
        Some(Reason::Dash) => BIOBERT_REASON_DASH,
        Some(Reason::Greek) => BIOBERT_REASON_GREEK,
        Some(Reason::Roman) => BIOBERT_REASON_ROMAN,
        Some(Reason::Plural) => BIOBERT_REASON_PLURAL,
        Some(Reason::Order) => BIOBERT_REASON_ORDER,
        Some(Reason::Abbreviation) => BIOBERT_REASON_ABBREVIATION,
        Some(Reason::Learned) => BIOBERT_REASON_LEARNED,
        Some(Reason::Words) => BIOBERT_REASON_WORDS,
        Some(Reason::Trigrams) => BIOBERT_REASON_TRIGRAMS,
        Some(Reason::Near) => BIOBERT_REASON_NEAR,
    }
}

//! What a code system calls an entity.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::shared;

/// Why a name was taken for the words of a text: the last thing that had to be put aside to make the two
/// the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nothing: character by character the same.
    Exact,
    /// Upper and lower case, accents.
    Case,
    /// Dashes, blanks and other marks: "IL-2", "IL 2", "IL2".
    Dash,
    /// A Greek letter and its name: "β", "beta".
    Greek,
    /// A Roman number and a digit: "type II", "type 2".
    Roman,
    /// Singular and plural, British and American spelling.
    Plural,
    /// The order of the words: "failure, heart".
    Order,
    /// The words are a short form, and its long form in this document is the name.
    Abbreviation,
    /// A hospital's own coded mentions say so.
    Learned,
    /// Most of the words are the same.
    Words,
    /// Most of the character trigrams are the same.
    Trigrams,
    /// The encoder's vectors are near each other: of a terminology with vectors.
    Near,
}

impl Reason {
    /// All of them, in the order of their numbers in the C header.
    pub const ALL: [Reason; 12] = [
        Reason::Exact,
        Reason::Case,
        Reason::Dash,
        Reason::Greek,
        Reason::Roman,
        Reason::Plural,
        Reason::Order,
        Reason::Abbreviation,
        Reason::Learned,
        Reason::Words,
        Reason::Trigrams,
        Reason::Near,
    ];

    /// Its name, such as `case`.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Exact => "exact",
            Reason::Case => "case",
            Reason::Dash => "dash",
            Reason::Greek => "greek",
            Reason::Roman => "roman",
            Reason::Plural => "plural",
            Reason::Order => "order",
            Reason::Abbreviation => "abbreviation",
            Reason::Learned => "learned",
            Reason::Words => "words",
            Reason::Trigrams => "trigrams",
            Reason::Near => "near",
        }
    }

    /// The reason of a name.
    pub fn parse(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Why none of the candidates was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Abstention {
    /// There is no candidate.
    Nothing,
    /// The best one is too unlike the words.
    Weak,
    /// Several are as good as the best.
    Ambiguous,
}

impl Abstention {
    /// All of them, in the order of their numbers in the C header.
    pub const ALL: [Abstention; 3] = [Abstention::Nothing, Abstention::Weak, Abstention::Ambiguous];

    /// Its name, such as `ambiguous`.
    pub fn name(self) -> &'static str {
        match self {
            Abstention::Nothing => "nothing",
            Abstention::Weak => "weak",
            Abstention::Ambiguous => "ambiguous",
        }
    }

    /// The abstention of a name.
    pub fn parse(name: &str) -> Option<Abstention> {
        Abstention::ALL.into_iter().find(|abstention| abstention.name() == name)
    }
}

/// A code that may be an entity's. What a file does not say is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Code {
    /// The code, such as `D003920`.
    pub code: String,
    /// Its preferred name.
    pub name: Option<String>,
    /// How alike name and words are, 0 to 1.
    pub score: Option<f32>,
    /// Why it was taken.
    pub reason: Option<Reason>,
}

/// What a code system has for an entity. An entity that stands for two codes at once ("breast and ovarian
/// cancer") has two links with the same system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Link {
    /// The code system, such as `MESH`.
    #[serde(serialize_with = "shared")]
    pub system: Arc<str>,
    /// The candidates, the best first.
    pub candidates: Vec<Code>,
    /// Why the first is not given; `None`: it is.
    pub abstention: Option<Abstention>,
}

impl Link {
    /// A code that a file gives.
    pub fn given_by_file(system: Arc<str>, code: String) -> Link {
        let candidate = Code { code, name: None, score: None, reason: None };
        Link { system, candidates: vec![candidate], abstention: None }
    }

    /// The code that is given, if one is.
    pub fn given(&self) -> Option<&Code> {
        if self.abstention.is_some() { None } else { self.candidates.first() }
    }
}

//! What a note says of a drug (dose, frequency, …) or of a test (value, reference, flag).

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What an attribute says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// How much is taken at a time: "2 puffs", "22 units". With the comparator `<=` it is a limit: "max 3
    /// g/day".
    Dose,
    /// How much of the drug a unit of it holds: "875 mg", "90 mcg".
    Strength,
    /// The form: "tablet".
    Form,
    /// The way in: "PO", "IV".
    Route,
    /// How often.
    Frequency,
    /// For how long.
    Duration,
    /// Only when needed: "prn".
    AsNeeded,
    /// What for.
    Reason,
    /// The result of a test.
    Value,
    /// The range that is normal for it.
    Reference,
    /// What the laboratory remarked: "(H)".
    Flag,
}

impl AttributeKind {
    /// All of them, in the order of their numbers in the C header.
    pub const ALL: [AttributeKind; 11] = [
        AttributeKind::Dose,
        AttributeKind::Strength,
        AttributeKind::Form,
        AttributeKind::Route,
        AttributeKind::Frequency,
        AttributeKind::Duration,
        AttributeKind::AsNeeded,
        AttributeKind::Reason,
        AttributeKind::Value,
        AttributeKind::Reference,
        AttributeKind::Flag,
    ];

    /// Its name, such as `as_needed`.
    pub fn name(self) -> &'static str {
        match self {
            AttributeKind::Dose => "dose",
            AttributeKind::Strength => "strength",
            AttributeKind::Form => "form",
            AttributeKind::Route => "route",
            AttributeKind::Frequency => "frequency",
            AttributeKind::Duration => "duration",
            AttributeKind::AsNeeded => "as_needed",
            AttributeKind::Reason => "reason",
            AttributeKind::Value => "value",
            AttributeKind::Reference => "reference",
            AttributeKind::Flag => "flag",
        }
    }

    /// The kind of a name.
    pub fn parse(name: &str) -> Option<AttributeKind> {
        AttributeKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What may stand before an attribute's number, as a file gives it.
pub(crate) fn comparator(sign: &str) -> Option<&'static str> {
    ["<", "<=", ">", ">=", "~"].into_iter().find(|&known| known == sign)
}

/// An attribute of a drug or test. `P` is how places are given: bytes of the text, or a range in the
/// caller's unit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attribute<P = Range<usize>> {
    /// What it says.
    pub kind: AttributeKind,
    /// Where it stands.
    #[serde(flatten)]
    pub place: P,
    /// Its number, or the lower end of a range; `None` of an upper limit, and where there is none.
    pub low: Option<f64>,
    /// The upper end of a range; as `low` where there is one number, `None` of a lower limit.
    pub high: Option<f64>,
    /// What stands before the number: `<`, `<=`, `>`, `>=`, `~`.
    pub comparator: Option<&'static str>,
    /// A unit of UCUM, such as `mg`. Of a frequency `/d`, `/wk`, `/mo` and `/a` count times, `min`, `h`,
    /// `wk` and `mo` the time from one to the next, `{dose}` how often in all.
    pub unit: Option<String>,
    /// Which part of a taper, or of a series of results, it belongs to, from 0, in the order of time: of
    /// "10 mg, was 20 mg" the 20 mg have step 0 and the 10 mg step 1.
    pub step: u32,
    /// Whether it could be read; if not, only `kind` and the place are known.
    pub parsed: bool,
}

impl<P> Attribute<P> {
    /// The same with another place.
    pub(crate) fn map<Q>(self, place: impl FnOnce(P) -> Q) -> Attribute<Q> {
        let Attribute { kind, place: at, low, high, comparator, unit, step, parsed } = self;
        Attribute { kind, place: place(at), low, high, comparator, unit, step, parsed }
    }
}

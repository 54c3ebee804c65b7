//! Units of UCUM by their spellings in notes.

use std::ops::Range;
use std::sync::LazyLock;

use super::lexer::Token;
use super::phrases::Phrases;

static UNITS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("units.tsv")));

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// An amount of a substance: mg, mEq, units.
    Mass,
    Volume,
    /// Pieces of a form: tablets, puffs.
    Count,
    Time,
    /// So much in so much: mg/mL, %.
    Concentration,
    /// What only results of tests have.
    Other,
}

/// A unit of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Unit {
    pub(crate) code: String,
    pub(crate) class: Class,
    pub(crate) place: Range<usize>,
}

/// The unit that starts at a token, and the token after it: "mg", "units/kg/hr", "mg per 5 mL".
pub(crate) fn unit(tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
    let (mut code, mut class, mut next) = atom(tokens, at)?;
    while let Some((below, divisor, after)) = divisor(tokens, next, class) {
        code = format!("{code}/{below}");
        class = match (class, divisor) {
            (Class::Mass | Class::Volume | Class::Count, Class::Time) => class,
            (Class::Mass | Class::Volume, _) if PER_BODY.contains(&below.as_str()) => class,
            (Class::Mass, Class::Volume | Class::Count) => {
                if LABORATORY.contains(&below.as_str()) {
                    Class::Other
                } else {
                    Class::Concentration
                }
            }
            _ => Class::Other,
        };
        next = after;
    }
    let place = tokens.get(at)?.place.start..tokens.get(next - 1)?.place.end;
    Some((Unit { code, class, place }, next))
}

/// Below the stroke of a dose that is reckoned by the size of the patient.
const PER_BODY: [&str; 2] = ["kg", "m2"];
/// Below the stroke of a result, but of no strength.
const LABORATORY: [&str; 2] = ["dL", "L"];

fn atom(tokens: &[Token], at: usize) -> Option<(String, Class, usize)> {
    let (columns, next) = UNITS.at(tokens, at)?;
    let class = match *columns.get(1)? {
        "mass" => Class::Mass,
        "volume" => Class::Volume,
        "count" => Class::Count,
        "time" => Class::Time,
        "concentration" => Class::Concentration,
        _ => Class::Other,
    };
    Some(((*columns.first()?).into(), class, next))
}

/// What stands below the stroke: "/kg", " per kg", "/5 mL".
fn divisor(tokens: &[Token], at: usize, above: Class) -> Option<(String, Class, usize)> {
    let stroke = tokens.get(at)?;
    let (number, start) = match tokens.get(at + 1)?.number() {
        Some(number) => (Some(number), at + 2),
        None => (None, at + 1),
    };
    let (code, class, next) = atom(tokens, start)?;
    // "20 mg per day" is a dose and how often; "875 mg/125 mg" are two strengths.
    let rate = class != Class::Time || matches!(code.as_str(), "h" | "min");
    let divides = stroke.is("/") || stroke.is("per") && rate;
    if !divides || class == Class::Mass && above == Class::Mass {
        return None;
    }
    match number {
        Some(number) => Some((format!("({}.{code})", factor(number)), class, next)),
        None => Some((code, class, next)),
    }
}

/// A number as UCUM writes one: of digits alone, since the dot between them would multiply. 2.5 is 25 times a
/// tenth.
fn factor(number: f64) -> String {
    let written = number.to_string();
    match written.split_once('.') {
        Some((whole, rest)) => {
            let digits = format!("{whole}{rest}");
            format!("{}.10*-{}", digits.trim_start_matches('0'), rest.len())
        }
        None => written,
    }
}

#[cfg(test)]
mod tests {
    use super::factor;

    #[test]
    fn no_dot_stands_between_the_digits_of_a_factor() {
        assert_eq!([5.0, 2.5, 0.25].map(factor), ["5", "25.10*-1", "25.10*-2"]);
    }
}

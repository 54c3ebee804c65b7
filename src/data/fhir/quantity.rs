//! Numbers and units of attributes as FHIR's Quantity and Range.

use serde_json::{Value, json};

use super::note::line;
use super::ucum;
use crate::data::losses::lose;
use crate::data::write::Losses;
use crate::document::Attribute;

/// A number with its unit.
pub(super) enum Amount {
    Quantity(Value),
    Range(Value),
}

impl Amount {
    /// As the field `nameQuantity` or `nameRange` of an object.
    pub(super) fn put(self, object: &mut Value, name: &str) {
        let (kind, value) = match self {
            Amount::Quantity(value) => ("Quantity", value),
            Amount::Range(value) => ("Range", value),
        };
        object[format!("{name}{kind}")] = value;
    }
}

/// The amount of an attribute; `None` if it has no number.
pub(super) fn amount(attribute: &Attribute, losses: &mut Losses) -> Option<Amount> {
    let unit = attribute.unit.as_deref();
    let (low, high) = ends(attribute);
    if attribute.comparator == Some("~") {
        lose(losses, "the words \"about\" before a number", 1);
    }
    let (value, comparator) = match (low, high) {
        (None, None) => return None,
        (Some(low), Some(high)) if low != high => {
            let (low, high) = (low.min(high), low.max(high));
            let ends = [simple(low, unit, losses), simple(high, unit, losses)];
            let [low, high] = ends;
            return Some(Amount::Range(json!({ "low": low, "high": high })));
        }
        (Some(value), Some(_)) => (value, attribute.comparator),
        (Some(value), None) => (value, attribute.comparator.or(Some(">="))),
        (None, Some(value)) => (value, attribute.comparator.or(Some("<="))),
    };
    let mut quantity = simple(value, unit, losses);
    if let Some(comparator) = comparator.filter(|own| ["<", "<=", ">", ">="].contains(own)) {
        quantity["comparator"] = json!(comparator);
    }
    Some(Amount::Quantity(quantity))
}

/// The same where FHIR allows no comparator: a limit is a range with one end.
pub(super) fn bare_amount(attribute: &Attribute, losses: &mut Losses) -> Option<Amount> {
    let Amount::Quantity(mut quantity) = amount(attribute, losses)? else {
        return amount(attribute, &mut Losses::new());
    };
    let comparator = quantity.as_object_mut().and_then(|fields| fields.remove("comparator"));
    let end = match comparator.as_ref().and_then(Value::as_str) {
        None => return Some(Amount::Quantity(quantity)),
        Some("<" | "<=") => "high",
        Some(_) => "low",
    };
    Some(Amount::Range(json!({ end: quantity })))
}

/// The ends of an attribute's range that are numbers.
pub(super) fn ends(attribute: &Attribute) -> (Option<f64>, Option<f64>) {
    let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
    (finite(attribute.low), finite(attribute.high))
}

/// A number with its unit, nothing else.
pub(super) fn simple(value: f64, unit: Option<&str>, losses: &mut Losses) -> Value {
    let mut quantity = json!({ "value": number(value) });
    let Some(unit) = unit.and_then(line) else { return quantity };
    // The code of a counted thing is a note in braces; people read it without.
    let shown = unit.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&unit);
    quantity["unit"] = json!(shown);
    if ucum::is_unit(&unit) {
        quantity["system"] = json!("http://unitsofmeasure.org");
        quantity["code"] = json!(unit);
    } else {
        lose(losses, "codes of units that are not of UCUM", 1);
    }
    quantity
}

/// A decimal of FHIR, whose digits say how exact it is: 500, not 500.0.
pub(super) fn number(value: f64) -> Value {
    let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
    // Below 2^53 a whole number is exact in both.
    if is_whole { json!(value as i64) } else { json!(value) }
}

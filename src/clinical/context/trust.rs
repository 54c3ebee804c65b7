//! How far the word of section and rules is to be trusted: `trust.tsv`, counted on the training parts.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::scope::Evidence;
use crate::document::{AssertionCategory, AssertionValue};

/// What is known of the word of section and rules.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Row {
    /// How far it counts beside a head, which has read the same words.
    pub(super) power: f32,
    /// How often each value is right.
    pub(super) right: [f32; AssertionValue::ALL.len()],
}

/// What is said, why, and whether of the first entity that the cue reaches.
type Key = (AssertionValue, Option<AssertionCategory>, bool);

static ROWS: LazyLock<HashMap<Key, Row>> =
    LazyLock::new(|| TABLE.lines().filter_map(cued).collect());

static SILENCE: LazyLock<Row> = LazyLock::new(|| {
    TABLE.lines().find_map(|line| numbers(line.strip_prefix("none\t")?)).unwrap_or_default()
});

const TABLE: &str = include_str!("trust.tsv");

/// What is known where this is said; of nothing, where no cue and no section speaks.
pub(super) fn trust(said: Option<&Evidence>) -> Row {
    let row = |said: &Evidence| {
        let row = |category| {
            let key = |near| (said.value, category, near);
            ROWS.get(&key(said.near)).or_else(|| ROWS.get(&key(true))).copied()
        };
        row(said.category).or_else(|| row(usual(said.value)))
    };
    said.map_or(*SILENCE, |said| row(said).unwrap_or(*SILENCE))
}

/// The category whose word counts where a value was said for a reason too rare to be counted.
fn usual(value: AssertionValue) -> Option<AssertionCategory> {
    match value {
        AssertionValue::Present => None,
        AssertionValue::Absent => Some(AssertionCategory::Denied),
        AssertionValue::Possible => Some(AssertionCategory::Uncertain),
        AssertionValue::Historical => Some(AssertionCategory::Past),
        AssertionValue::OtherPerson => Some(AssertionCategory::Family),
    }
}

/// A line of a cue: category, value, `first` or `list`, then power and the five numbers.
fn cued(line: &str) -> Option<(Key, Row)> {
    let mut fields = line.splitn(4, '\t');
    let category = AssertionCategory::parse(fields.next()?);
    let value = AssertionValue::parse(fields.next()?)?;
    let near = fields.next()? == "first";
    Some(((value, category, near), numbers(fields.next()?)?))
}

fn numbers(fields: &str) -> Option<Row> {
    let mut row = Row::default();
    let mut fields = fields.split('\t').map(|field| field.parse().ok());
    row.power = fields.next()??;
    for number in &mut row.right {
        *number = fields.next()??;
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::{ROWS, TABLE, numbers};

    #[test]
    fn every_line_is_read_and_a_distribution() {
        assert_eq!(ROWS.len() + 2, TABLE.lines().count(), "cues, the title and silence");
        for line in TABLE.lines().skip(1) {
            let from = if line.starts_with("none") { 1 } else { 3 };
            let row = numbers(line.splitn(from + 1, '\t').last().unwrap()).unwrap();
            let sum: f32 = row.right.iter().sum();
            assert!(
                (sum - 1.0).abs() < 0.01 && row.right.iter().all(|&p| p > 0.0) && row.power > 0.0,
                "{line}"
            );
        }
    }
}

//! Plus and minus in lists of signs: "+ nausea, - vomiting", "fever -, cough +", "fever (-) cough (+)". Both
//! marks have other uses, so that one counts only where the statement, or the lines around it, shows that
//! it is such a list: a dash by itself begins an item or a remark.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::Word;

/// Where a mark stands, and what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sign {
    pub(super) plus: bool,
    /// Whether it speaks of what is before it.
    pub(super) after: bool,
}

/// What a review of systems asks for, by first word, in small letters. A list of these says what there is and
/// what there is not; one of diseases or orders has its items after dashes.
static SYMPTOMS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("symptoms.txt").lines().collect());

/// Whether what stands here is one of the symptoms that are asked for.
pub(super) fn is_symptom(text: &str) -> bool {
    let end = |c: char| !(c.is_alphanumeric() || c == '/');
    let word = text.trim_start().split(end).next().unwrap_or_default();
    word.len() < 24 && SYMPTOMS.contains(word.to_ascii_lowercase().as_str())
}

/// How far the lines around a mark are looked through, in bytes.
const AROUND: usize = 256;

/// The marks of a statement that are signs, by word; those that touch the word after them are none of these.
pub(super) fn signs(text: &str, words: &[Word]) -> Vec<(usize, Sign)> {
    let marks: Vec<Mark> = (0..words.len()).filter_map(|at| Mark::read(text, words, at)).collect();
    let begins = marks.first().is_some_and(|mark| mark.leads && mark.at < 2);
    let signed = marks.iter().any(|mark| mark.plus && mark.leads);
    let leads = |mark: &Mark| match mark.leads {
        true => signed || mark.line && is_in_list(text, words[mark.at].place.start),
        false => mark.between && begins && signed,
    };
    let of = |kind: fn(&Mark) -> bool| marks.iter().filter(move |mark| kind(mark));
    let trailing = of(|mark| mark.trails).count() > 1;
    // "fever (-) cough (+)" ends with a mark, "(-) fever (+) cough" begins with one.
    let bracketed = of(|mark| mark.bracketed).count() > 1
        && marks.first().is_some_and(|mark| mark.bracketed && mark.at > 1)
        && marks.last().is_some_and(|mark| mark.bracketed && mark.trails);
    let sign = |mark: &Mark| {
        let after = if mark.bracketed { bracketed } else { trailing && mark.trails };
        let counts = after || !mark.bracketed && leads(mark);
        counts.then_some((mark.at, Sign { plus: mark.plus, after }))
    };
    marks.iter().filter_map(sign).collect()
}

/// A plus or minus that stands apart.
struct Mark {
    at: usize,
    plus: bool,
    bracketed: bool,
    /// Whether an item of a list begins with it.
    leads: bool,
    /// Whether a line does.
    line: bool,
    /// Whether it has blanks around it and an entity after it.
    between: bool,
    /// Whether an item ends with it.
    trails: bool,
}

impl Mark {
    fn read(text: &str, words: &[Word], at: usize) -> Option<Mark> {
        let word = words.get(at).filter(|word| !word.inside)?;
        let plus = match text.get(word.place.clone())? {
            "+" => true,
            "-" | "−" => false,
            _ => return None,
        };
        let (mut before, mut after) = (text.get(..word.place.start)?, text.get(word.place.end..)?);
        let bracketed = before.ends_with('(') && after.starts_with(')');
        if bracketed {
            (before, after) = (&before[..before.len() - 1], &after[1..]);
        }
        let blank = |c| matches!(c, ' ' | '\t');
        let previous = before.trim_end_matches(blank).chars().next_back();
        let next = after.trim_start_matches(blank).chars().next();
        let apart = after.starts_with(blank) && next.is_some_and(char::is_alphanumeric);
        let line = previous.is_none_or(|c| matches!(c, '\n' | '\r'));
        let item = line || previous.is_some_and(|c| matches!(c, ',' | ';' | ':' | '|'));
        let ends = next.is_none_or(|c| matches!(c, ',' | ';' | '|' | '.' | '\n' | '\r'));
        let entity = |at: Option<usize>| at.and_then(|at| words.get(at)).is_some_and(|w| w.inside);
        let skip = if bracketed { 2 } else { 1 };
        Some(Mark {
            at,
            plus,
            bracketed,
            leads: item && apart,
            line,
            between: before.ends_with(blank) && apart && entity(Some(at + 1)),
            trails: ends && entity(at.checked_sub(skip)),
        })
    }
}

/// Whether a line that begins at a mark is in a list of symptoms whose lines begin with a plus or a minus, of
/// each one at least.
fn is_in_list(text: &str, at: usize) -> bool {
    let from = text.ceil_char_boundary(at.saturating_sub(AROUND));
    let to = text.floor_char_boundary(at.saturating_add(AROUND).min(text.len()));
    let begins = |line: &&str| line.trim_start().starts_with(['+', '-', '−']);
    let is_plus = |line: &str| line.trim_start().starts_with("+ ");
    let after = text.get(at..to).unwrap_or_default().lines();
    // What stands before the mark on its own line is blank.
    let before = text.get(from..at).unwrap_or_default().trim_end_matches([' ', '\t']).lines().rev();
    let lines: Vec<&str> = after.take_while(begins).chain(before.take_while(begins)).collect();
    let denied = lines.iter().map(|line| line.trim_start()).filter(|line| !line.starts_with('+'));
    let asked = |line: &str| is_symptom(line.trim_start_matches(['-', '−'])) && !line.contains(':');
    lines.iter().any(|line| is_plus(line.trim_start())) && denied.into_iter().all(asked)
}

//! What stands before and around the words of a heading: hash marks, numbers, bullets, bold.

/// How a heading is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// By a level of its own, 1 for the highest: markdown, or a line under it.
    Level(u8),
    /// As an item of a list: "2.", "2.1", "II.", "a)", "•"; with the parts of its number.
    Item(Style, u8),
    /// Not at all.
    Plain,
}

/// How the items of a list are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Arabic,
    Roman,
    Letter,
    Bullet,
}

const BULLETS: [char; 10] = ['-', '*', '•', '●', '○', '▪', '◦', '–', '‣', '+'];
/// What surrounds a heading for looks: bold, brackets, rules.
pub(super) const FRAME: [char; 11] = ['*', '_', '=', '~', '-', '–', '—', '[', '<', '`', ' '];
pub(super) const FRAME_END: [char; 14] =
    ['*', '_', '=', '~', '-', '–', '—', ']', '>', '`', '#', ' ', '\t', '\u{a0}'];

/// The mark that a line starts with, and how many bytes come before its words.
pub(super) fn mark(line: &str) -> (Mark, usize) {
    let (mut mark, mut rest) = (Mark::Plain, line.trim_start());
    // "- **1. Plan**" has three.
    for _ in 0..4 {
        let blank = |after: &str| after.starts_with(char::is_whitespace);
        let bare = rest.trim_start_matches('#');
        let hashes = rest.len() - bare.len();
        let after = if (1..=6).contains(&hashes) && blank(bare) {
            mark = Mark::Level(hashes as u8);
            bare
        } else if let Some(after) = rest.strip_prefix(BULLETS).filter(|after| blank(after)) {
            mark = of(mark, Mark::Item(Style::Bullet, 1));
            after
        } else if let Some((style, depth, after)) = number(rest) {
            mark = of(mark, Mark::Item(style, depth));
            after
        } else if let Some(after) = rest.strip_prefix('|') {
            after
        } else {
            rest.trim_start_matches(FRAME)
        };
        if after.len() == rest.len() {
            break;
        }
        rest = after.trim_start();
    }
    (mark, line.len() - rest.len())
}

/// A heading of a level may be numbered, too: the level counts. A number counts more than a bullet.
fn of(before: Mark, mark: Mark) -> Mark {
    if matches!(before, Mark::Level(_)) { before } else { mark }
}

/// The number of an item: its style, how many parts it has, and what follows it.
fn number(text: &str) -> Option<(Style, u8, &str)> {
    let open = text.strip_prefix('(').unwrap_or(text);
    let short = |is: fn(u8) -> bool| open.bytes().take(9).take_while(|&b| is(b)).count();
    let digits = short(|b| b.is_ascii_digit() || b == b'.');
    let letters = short(|b| b.is_ascii_alphabetic());
    let (style, length) = if digits > 0 && open.as_bytes().first() != Some(&b'.') {
        (Style::Arabic, digits)
    } else if letters > 0 && open.bytes().take(letters).all(|b| b"IVX".contains(&b)) {
        (Style::Roman, letters)
    } else if letters == 1 {
        (Style::Letter, 1)
    } else {
        return None;
    };
    let (name, after) = open.split_at(length);
    let parts = name.split('.').filter(|part| !part.is_empty());
    if name.split('.').any(|part| part.len() > 4)
        || parts.clone().any(|part| part.len() > 2 && style == Style::Arabic)
    {
        return None;
    }
    let depth = parts.count() as u8;
    let closed = after.strip_prefix(['.', ')']);
    let dotted = style == Style::Arabic && name.contains('.');
    let after = closed.or(dotted.then_some(after))?;
    after.starts_with(char::is_whitespace).then_some((style, depth, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_and_skipped() {
        let read = |line: &'static str| {
            let (mark, at) = mark(line);
            (mark, &line[at..])
        };
        let item = Mark::Item;
        assert_eq!(read("  ## Plan"), (Mark::Level(2), "Plan"));
        assert_eq!(read("## 1. Plan"), (Mark::Level(2), "Plan"));
        assert_eq!(read("**Plan:** rest"), (Mark::Plain, "Plan:** rest"));
        assert_eq!(read("1. Plan"), (item(Style::Arabic, 1), "Plan"));
        assert_eq!(read("2.1 Plan"), (item(Style::Arabic, 2), "Plan"));
        assert_eq!(read("IV. Plan"), (item(Style::Roman, 1), "Plan"));
        assert_eq!(read("(b) Plan"), (item(Style::Letter, 1), "Plan"));
        assert_eq!(read("- **Plan**"), (item(Style::Bullet, 1), "Plan**"));
        assert_eq!(read("| PMH | HTN |"), (Mark::Plain, "PMH | HTN |"));
        assert_eq!(read("=== PLAN ==="), (Mark::Plain, "PLAN ==="));
        assert_eq!(read("#1 Hypertension"), (Mark::Plain, "#1 Hypertension"));
        assert_eq!(read("120. mg"), (Mark::Plain, "120. mg"));
        assert_eq!(read("2.5 mg"), (item(Style::Arabic, 2), "mg"));
    }
}

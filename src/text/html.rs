//! HTML's character references: `&beta;`, `&#946;`, `&#x3B2;`. Tags are none of them.

use std::sync::LazyLock;

/// Writes what the reference at the front of `rest`, which begins with `&`, stands for, and says how many
/// bytes it takes. `None` of what is no reference.
pub(super) fn reference(rest: &str, out: &mut String) -> Option<usize> {
    let body = &rest[1..];
    let end = body.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'#')?;
    if body.as_bytes()[end] != b';' {
        return None;
    }
    match body[..end].strip_prefix('#') {
        Some(number) => out.push(numbered(number)?),
        None => out.extend(named(&body[..end])?),
    }
    Some(end + 2)
}

/// What Windows-1252 has at 0x80 to 0x9F: many writers took its numbers for Unicode's, and HTML lets them.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8D}', 'Ž', '\u{8F}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9D}', 'ž', 'Ÿ',
];

/// The scalar of a number. Zero, surrogates and what lies beyond Unicode have none.
fn numbered(number: &str) -> Option<char> {
    let value = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    match value.ok()? {
        0 => None,
        value @ 0x80..=0x9F => Some(WINDOWS_1252[value as usize - 0x80]),
        value => char::from_u32(value),
    }
}

/// The scalars of a name, one or two.
fn named(name: &str) -> Option<impl Iterator<Item = char>> {
    static NAMES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
        let rows = include_str!("references.tsv").lines().filter(|row| !row.starts_with('#'));
        rows.filter_map(|row| row.split_once('\t')).collect()
    });
    let row = NAMES.binary_search_by_key(&name, |&(name, _)| name).ok()?;
    let scalars = NAMES[row].1.split(' ');
    Some(scalars.filter_map(|scalar| char::from_u32(u32::from_str_radix(scalar, 16).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, usize)> {
        let mut out = String::new();
        let length = reference(text, &mut out)?;
        Some((out, length))
    }

    fn stands_for(text: &str) -> Option<String> {
        let (out, length) = read(text)?;
        assert_eq!(length, text.len());
        Some(out)
    }

    #[test]
    fn names_and_numbers_are_read() {
        for (text, scalar) in [
            ("&beta;", "β"),
            ("&amp;", "&"),
            ("&nbsp;", "\u{A0}"),
            ("&micro;", "µ"),
            ("&ge;", "≥"),
            ("&plusmn;", "±"),
            ("&frac12;", "½"),
            ("&nGt;", "≫\u{20D2}"),
            ("&#39;", "'"),
            ("&#00000000000946;", "β"),
            ("&#x3B2;", "β"),
            ("&#X1f600;", "😀"),
            ("&#150;", "–"),
            ("&#x92;", "’"),
            ("&#129;", "\u{81}"),
        ] {
            assert_eq!(stands_for(text).as_deref(), Some(scalar), "{text}");
        }
        assert_eq!(read("&lt;5 mg"), Some(("<".into(), 4)));
    }

    #[test]
    fn what_is_no_reference_is_left() {
        for text in [
            "&",
            "& ",
            "&;",
            "&#;",
            "&#x;",
            "&#xG1;",
            "&#-5;",
            "&beta",
            "&beta ;",
            "&Amp;",
            "&nope;",
            "&#0;",
            "&#xD800;",
            "&#57343;",
            "&#x110000;",
            "&#99999999999999999999;",
            "&be#ta;",
            "&#3#9;",
            "&ampé;",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_names_are_sorted_and_stand_for_something() {
        let rows: Vec<&str> = include_str!("references.tsv").lines().skip(1).collect();
        assert_eq!(rows.len(), 2125);
        assert!(rows.is_sorted_by(|one, other| one.split('\t').next() < other.split('\t').next()));
        for row in rows {
            let (name, scalars) = row.split_once('\t').unwrap();
            let out = stands_for(&format!("&{name};")).unwrap();
            assert_eq!(out.chars().count(), scalars.split(' ').count(), "{name}");
        }
    }
}

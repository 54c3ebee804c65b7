//! The words of headings and what stands within what, from the tables beside this file.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Most bytes of a heading that a table may know.
pub(super) const LONGEST: usize = 64;

/// A kind of section.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) loinc: Option<&'static str>,
    /// Headings that no table knows may stand within it.
    pub(super) wide: bool,
}

/// A heading that no table knows, but that cannot be anything else.
pub(super) static OTHER: Kind = Kind { name: "other", loinc: None, wide: false };

/// What marks a form as a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// A colon or wide space after it.
    Colon,
    /// That, or a line of its own.
    Line,
    /// Nothing: it may stand before its text with a single blank.
    Nothing,
}

/// The words of a study's name among which its modality is: "PORTABLE CHEST RADIOGRAPH".
const STUDY: usize = 3;

struct Tables {
    forms: HashMap<&'static str, (&'static Kind, Needs)>,
    inner: HashMap<(&'static str, &'static str), &'static Kind>,
    inner_forms: HashSet<&'static str>,
    always: HashSet<(&'static str, &'static str)>,
    smaller: HashSet<(&'static str, &'static str)>,
    parts: HashSet<&'static str>,
    before: HashSet<&'static str>,
    after: Vec<&'static str>,
    modalities: Vec<&'static str>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

/// Kinds whose text has the parts of `parts.txt`.
const WITH_PARTS: [&str; 2] = ["physical_examination", "review_of_systems"];

/// The fields of a table's rows; a missing one is empty.
fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 4]> {
    let rows = table.lines().filter(|row| !row.starts_with('#') && !row.is_empty());
    rows.map(|row| {
        let mut fields = row.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or_default())
    })
}

impl Tables {
    fn read() -> Tables {
        let mut forms = HashMap::new();
        let mut kinds: HashMap<&str, &'static Kind> = HashMap::new();
        for [name, loinc, features, names] in rows(include_str!("headings.tsv")) {
            let loinc = Some(loinc).filter(|&code| code != "-");
            // Read once in the life of a process.
            let kind: &'static Kind =
                Box::leak(Box::new(Kind { name, loinc, wide: features == "wide" }));
            kinds.insert(name, kind);
            for form in names.split(';') {
                let (form, needs) = match (form.strip_suffix(':'), form.strip_suffix('+')) {
                    (Some(form), _) => (form, Needs::Colon),
                    (_, Some(form)) => (form, Needs::Nothing),
                    _ => (form, Needs::Line),
                };
                forms.insert(form, (kind, needs));
            }
        }
        let mut inner = HashMap::new();
        for [outer, name, names, _] in rows(include_str!("inner.tsv")) {
            let kind = kinds.get(name).copied().unwrap_or(&OTHER);
            inner.extend(names.split(';').map(|form| ((outer, form), kind)));
        }
        let (mut always, mut smaller) = (HashSet::new(), HashSet::new());
        for [outer, all, some, _] in rows(include_str!("holds.tsv")) {
            always.extend(all.split(' ').map(|name| (outer, name)));
            smaller.extend(some.split(' ').map(|name| (outer, name)));
        }
        let qualifiers = |place: &'static str| {
            let rows = rows(include_str!("qualifiers.tsv")).filter(move |row| row[0] == place);
            rows.flat_map(|row| row[1].split(';'))
        };
        Tables {
            inner_forms: inner.keys().map(|&(_, form)| form).collect(),
            parts: rows(include_str!("parts.txt")).flat_map(|row| row[0].split(';')).collect(),
            before: qualifiers("before").collect(),
            after: qualifiers("after").collect(),
            modalities: rows(include_str!("modalities.txt"))
                .flat_map(|row| row[0].split(' '))
                .collect(),
            forms,
            inner,
            always,
            smaller,
        }
    }
}

/// The kind of a normal form, whatever qualifies it: "current medications", "labs on admission".
pub(super) fn kind_of(form: &str) -> Option<(&'static Kind, Needs)> {
    let known = |form: &str| TABLES.forms.get(form).copied();
    if let Some(found) = known(form) {
        return Some(found);
    }
    let after = TABLES.after.iter().filter_map(|words| form.strip_suffix(words)?.strip_suffix(' '));
    let shorter = after.chain([form]);
    let mut found = shorter.filter_map(|form| {
        let before = form.split_once(' ').filter(|(first, _)| TABLES.before.contains(first));
        known(form).or_else(|| known(before?.1))
    });
    // What a qualifier makes of a letter or two is anybody's guess.
    found.next().filter(|&(_, needs)| needs != Needs::Colon)
}

/// What a heading of this kind is before its text: "EXAM: CT CHEST" names a study, and is no physical examination.
pub(super) fn kind_before(kind: &'static Kind, text: &str) -> &'static Kind {
    if kind.name != "physical_examination" {
        return kind;
    }
    let phrase = text.split([',', ';', ':', '.']).next().unwrap_or_default();
    let is_modality = |word: &str| {
        let word = word.trim_matches(['*', '_', '(', ')']);
        let small = word.to_lowercase();
        TABLES.modalities.iter().any(|&own| own == word || own == small)
    };
    let names_study = phrase.split_whitespace().take(STUDY).any(is_modality);
    kind_of("imaging").filter(|_| names_study).map_or(kind, |(imaging, _)| imaging)
}

/// The kind of a form that is a heading within `outer` only.
pub(super) fn inner_kind(outer: &Kind, form: &str) -> Option<&'static Kind> {
    TABLES.inner.get(&(outer.name, form)).copied()
}

/// Whether a form is a heading within some section.
pub(super) fn is_inner(form: &str) -> bool {
    TABLES.inner_forms.contains(form)
}

/// Whether a form is a part of a section, such as a body system.
pub(super) fn is_part(form: &str) -> bool {
    TABLES.parts.contains(form)
}

impl Kind {
    /// Whether its text has parts, such as body systems.
    pub(super) fn has_parts(&self) -> bool {
        WITH_PARTS.contains(&self.name)
    }

    /// Whether a section of another kind stands within one of this kind. `smaller`: its heading is the
    /// less prominent one.
    pub(super) fn holds(&self, other: &Kind, smaller: bool) -> bool {
        let pair = (self.name, other.name);
        TABLES.always.contains(&pair) || smaller && TABLES.smaller.contains(&pair)
    }
}

/// A heading's words as the tables have them: small letters, no apostrophes and periods, no brackets
/// at the end, no date.
pub(super) fn normal_form(title: &str) -> String {
    let title = match title.strip_suffix(')').and_then(|title| title.rsplit_once('(')) {
        Some((title, _)) if !title.trim().is_empty() => title,
        _ => title,
    };
    let mut form = String::with_capacity(title.len() + 8);
    for c in title.chars() {
        match c {
            '\'' | '’' | '.' => {}
            '&' | '/' | '+' => form.push_str(" and "),
            '-' | '_' | '–' | ',' => form.push(' '),
            c => form.extend(c.to_lowercase()),
        }
    }
    let mut words: Vec<&str> = form.split_whitespace().collect();
    // "LABS 05/12": the slash has become a word.
    let dated = |word: &&str| *word == "and" || word.bytes().all(|b| b"0123456789:".contains(&b));
    while words.len() > 1 && words.last().is_some_and(dated) {
        words.pop();
    }
    words.dedup_by(|next, word| word == next && *word == "and");
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_normal_and_of_one_kind() {
        let (mut kinds, mut forms) = (0, HashSet::new());
        for [name, loinc, features, names] in rows(include_str!("headings.tsv")) {
            kinds += 1;
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{name}");
            assert!(features == "wide" || features == "-", "{name}");
            let digits = loinc.split_once('-').map(|(number, check)| (number.len(), check.len()));
            assert!(loinc == "-" || digits.is_some_and(|(n, c)| n > 3 && c == 1), "{name}");
            for form in names.split(';') {
                let form = form.trim_end_matches([':', '+']);
                assert_eq!(normal_form(form), form);
                assert!(form.len() <= LONGEST && forms.insert(form), "{form}");
            }
        }
        assert!(kinds >= 25 && forms.len() >= 140);
    }

    #[test]
    fn codes_have_the_right_check_digits() {
        for [name, loinc, ..] in rows(include_str!("headings.tsv")) {
            let Some((number, check)) = loinc.split_once('-').filter(|_| loinc != "-") else {
                continue;
            };
            // Luhn's sum over the digits, the last one doubled first.
            let sum: u32 = (number.bytes().rev().enumerate())
                .map(|(place, digit)| {
                    let digit = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
                    digit / 10 + digit % 10
                })
                .sum();
            assert_eq!(((10 - sum % 10) % 10).to_string(), check, "{name}");
        }
    }

    #[test]
    fn tables_name_known_kinds() {
        let known: HashSet<&str> = rows(include_str!("headings.tsv")).map(|row| row[0]).collect();
        for [outer, all, some, _] in rows(include_str!("holds.tsv")) {
            let names = all.split(' ').chain(some.split(' ')).filter(|&name| name != "-");
            for name in names.chain([outer]) {
                assert!(known.contains(name), "{name}");
            }
        }
        for [outer, name, ..] in rows(include_str!("inner.tsv")) {
            assert!(known.contains(outer) && known.contains(name), "{outer} {name}");
        }
    }

    #[test]
    fn qualifiers_leave_a_heading_what_it_is() {
        for (form, name) in [
            ("CURRENT MEDICATIONS", "medications"),
            ("Labs on admission", "laboratory_results"),
            ("VITALS REVIEWED", "vital_signs"),
            ("Assessment & Plan", "assessment_and_plan"),
            ("A/P", "assessment_and_plan"),
            ("H.P.I.", "history_of_present_illness"),
            ("Labs 05/12/24", "laboratory_results"),
            ("Medications (home)", "medications"),
            ("Patient's Allergies", "allergies"),
        ] {
            let kind = kind_of(&normal_form(form)).map(|(kind, _)| kind.name);
            assert_eq!(kind, Some(name), "{form}");
        }
        assert_eq!(kind_of("new p"), None);
    }
}

//! Whether a unit is one of UCUM (The Unified Code for Units of Measure): a validator refuses `mcg` and `IU`. It
//! accepts `mg/(2.5.mL)`, which is not what it looks like: UCUM has no decimals, and 2.5 is 2 times 5. The
//! atoms are those that medicine uses.

/// Atoms that take a prefix.
const METRIC: [&str; 34] = [
    "g",
    "L",
    "l",
    "m",
    "s",
    "mol",
    "eq",
    "osm",
    "Pa",
    "J",
    "W",
    "N",
    "V",
    "A",
    "K",
    "Hz",
    "Cel",
    "Ci",
    "Bq",
    "Gy",
    "Sv",
    "cal",
    "U",
    "kat",
    "B",
    "bar",
    "lm",
    "m[Hg]",
    "m[H2O]",
    "[iU]",
    "[IU]",
    "[CFU]",
    "[PFU]",
    "[CCID_50]",
];

/// Atoms that take none.
const PLAIN: [&str; 38] = [
    "10*", "10^", "%", "[ppth]", "[ppm]", "[ppb]", "[pH]", "min", "h", "d", "wk", "mo", "a", "deg",
    "'", "''", "[degF]", "[tsp_us]", "[tbs_us]", "[foz_us]", "[oz_av]", "[lb_av]", "[in_i]",
    "[ft_i]", "[drp]", "[HPF]", "[LPF]", "[MET]", "[diop]", "[hnsf'U]", "[arb'U]", "[USP'U]",
    "[EU]", "[Ch]", "[GPL'U]", "[MPL'U]", "[APL'U]", "[beth'U]",
];

const PREFIXES: [&str; 18] =
    ["da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a"];

/// Whether a unit is a term of UCUM.
pub(super) fn is_unit(unit: &str) -> bool {
    let unit = unit.strip_prefix('/').unwrap_or(unit);
    unit.len() <= 64 && is_term(unit)
}

/// Components with `.` and `/` between them.
fn is_term(term: &str) -> bool {
    let (mut depth, mut from, mut in_note) = (0_usize, 0, false);
    let mut before = "";
    for (at, c) in term.char_indices() {
        match c {
            '{' | '[' => in_note = true,
            '}' | ']' => in_note = false,
            _ if in_note => {}
            '(' => depth += 1,
            ')' => {
                let Some(less) = depth.checked_sub(1) else { return false };
                depth = less;
            }
            '.' | '/' if depth == 0 => {
                let component = &term[from..at];
                if !is_component(component) || is_number(before) && is_number(component) {
                    return false;
                }
                (before, from) = (component, at + 1);
            }
            _ => {}
        }
    }
    let last = &term[from..];
    depth == 0 && is_component(last) && !(is_number(before) && is_number(last))
}

fn is_component(component: &str) -> bool {
    if let Some(inner) = component.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return is_term(inner);
    }
    let (simple, note) = match component.split_once('{') {
        Some((simple, note)) => (simple, note.strip_suffix('}')),
        None => (component, Some("a")),
    };
    // A note is for people: it holds no blank and no brace.
    let is_note = note.is_some_and(|note| {
        !note.is_empty() && note.bytes().all(|b| b.is_ascii_graphic() && b != b'{' && b != b'}')
    });
    is_note
        && (is_number(simple) || is_atom(simple) || simple.is_empty() && component.contains('{'))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An atom, perhaps with prefix and exponent. `10*3` is one with an exponent.
fn is_atom(simple: &str) -> bool {
    let base = simple.trim_end_matches(|c: char| c.is_ascii_digit());
    let base = if base.len() < simple.len() { base.trim_end_matches(['+', '-']) } else { base };
    PLAIN.contains(&base)
        || METRIC.contains(&base)
        || METRIC
            .iter()
            .any(|atom| base.strip_suffix(atom).is_some_and(|prefix| PREFIXES.contains(&prefix)))
}

#[cfg(test)]
mod tests {
    use super::is_unit;

    #[test]
    fn what_notes_are_measured_in_is_told_from_what_looks_like_it() {
        let right = "mg ug mL [iU] [IU]/mL 10*6.[iU] {tbl} {tbl}/d g/d mm[Hg] cm[H2O] /min /[HPF] 10*3/uL kU/L \
            mL/min/{1.73_m2} [iU]/kg/h mg/(5.mL) ug/kg/min Cel [degF] % m2 dB mosm/kg meq/L [hnsf'U] u[iU]/mL \
            {copies}/mL 10*-3 kcal h wk mo a s";
        for unit in right.split_whitespace() {
            assert!(is_unit(unit), "{unit}");
        }
        for unit in [
            "",
            "mcg",
            "IU",
            "IU/mL",
            "mg/(2.5.mL)",
            "mg//mL",
            "mg/",
            "{tbl",
            "{}",
            "tbl",
            "(mg",
            "{a b}",
        ] {
            assert!(!is_unit(unit), "{unit}");
        }
    }

    #[test]
    fn every_unit_that_the_library_reads_is_one() {
        let table = include_str!("../../clinical/quantity/units.tsv");
        let rows = table.lines().filter(|row| !row.starts_with('#'));
        for unit in rows.filter_map(|row| row.split('\t').nth(1)) {
            assert!(is_unit(unit), "{unit}");
        }
    }
}

//! The default codes of a classification. ICD-10 says in a name what a note does not: "Sepsis, unspecified organism", "Type 2
//! diabetes mellitus without complications". Its Alphabetic Index gives these codes to the bare words, and so does the
//! linker: what a name says of nothing known, of what is absent, or in brackets, which its conventions call supplementary,
//! may be left out.

/// Nouns that go with "unspecified".
const NOUNS: [&str; 16] = [
    "cause",
    "degree",
    "duration",
    "episode",
    "etiology",
    "location",
    "organism",
    "origin",
    "part",
    "region",
    "severity",
    "side",
    "site",
    "stage",
    "trimester",
    "type",
];
/// Parts of names between commas that say nothing, those apart that begin with "unspecified" or "not specified".
const SEGMENTS: [&str; 7] = [
    "cause unspecified",
    "not intractable",
    "part unspecified",
    "single episode",
    "site not specified",
    "site unspecified",
    "uncomplicated",
];
/// Words at the end of names that say nothing.
const TAILS: [&str; 5] = [
    " nos",
    " not elsewhere classified",
    " not having achieved remission",
    " not otherwise specified",
    " uncomplicated",
];
/// What ends the statement that something is absent.
const PRESENT: [&str; 4] = [" with ", " due to ", " following ", " in remission"];

/// Systems whose codes have defaults: ICD-10 of the WHO and of the United States. Its other modifications have words of
/// their own, and the codes of ICD-10-PCS are procedures.
const SYSTEMS: [&str; 3] = ["icd10", "icd10cm", "icd10who"];

/// Whether the codes of a system have defaults.
pub(super) fn has_defaults(system: &str) -> bool {
    let letters = system.chars().filter(char::is_ascii_alphanumeric);
    SYSTEMS.contains(&letters.collect::<String>().to_lowercase().as_str())
}

/// A name without what nobody says, in lower case; `None` if it says nothing like that.
pub(super) fn default_name(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let bare = without_brackets(&lower);
    let bare = without_absence(&bare);
    let mut segments = bare.split(',').map(str::trim);
    let mut kept = vec![without_unspecified(segments.next()?)];
    let says = |segment: &&str| {
        let vague = ["unspecified", "not specified"].iter().any(|vague| segment.starts_with(vague));
        (!vague || says_present(segment)) && !SEGMENTS.contains(segment)
    };
    kept.extend(segments.filter(says).map(without_unspecified));
    kept.retain(|segment| !segment.is_empty());
    let kept = kept.join(", ");
    (!kept.is_empty() && kept != lower).then_some(kept)
}

/// Without what stands in brackets.
fn without_brackets(name: &str) -> String {
    let mut depth = 0usize;
    let mut bare = String::with_capacity(name.len());
    for char in name.chars() {
        match char {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(char),
            _ => {}
        }
    }
    bare
}

/// Without what is said to be absent, unless something present is said after it.
fn without_absence(name: &str) -> &str {
    match name.find(" without ") {
        Some(at) if !says_present(&name[at..]) => &name[..at],
        _ => name,
    }
}

/// Whether a part of a name says that something is present.
fn says_present(part: &str) -> bool {
    let part = part.replace("whether with ", "");
    PRESENT.iter().any(|present| part.contains(present))
}

/// A part of a name without "unspecified" and the noun that goes with it.
fn without_unspecified(segment: &str) -> String {
    let end = TAILS.iter().find_map(|tail| segment.strip_suffix(tail)).unwrap_or(segment);
    let end = end.split(" unspecified whether ").next().unwrap_or_default();
    let mut kept: Vec<&str> = Vec::new();
    let mut words = end.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word == "nos" && words.peek().is_none() {
            continue;
        }
        if word != "unspecified" {
            kept.push(word);
        } else if words.next_if(|word| NOUNS.contains(word)).is_some() {
            words.next_if(|word| *word == "of");
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_says_is_left_out() {
        for (name, expected) in [
            ("Sepsis, unspecified organism", Some("sepsis")),
            ("Septicemia NOS", Some("septicemia")),
            ("Type 2 diabetes mellitus without complications", Some("type 2 diabetes mellitus")),
            ("Unspecified asthma, uncomplicated", Some("asthma")),
            ("Essential (primary) hypertension", Some("essential hypertension")),
            (
                "Chronic kidney disease, stage 3 unspecified",
                Some("chronic kidney disease, stage 3"),
            ),
            ("Pain in unspecified knee", Some("pain in knee")),
            ("Malignant melanoma of unspecified site of skin", Some("malignant melanoma of skin")),
            ("Urinary tract infection, site not specified", Some("urinary tract infection")),
            (
                "Human immunodeficiency virus [HIV] disease",
                Some("human immunodeficiency virus disease"),
            ),
            ("Otitis media, unspecified, unspecified ear", Some("otitis media")),
            (
                "Thyrotoxicosis, unspecified with thyrotoxic crisis",
                Some("thyrotoxicosis, with thyrotoxic crisis"),
            ),
            ("Respiratory failure, unspecified whether with hypoxia", Some("respiratory failure")),
            ("Fracture without wound with infection", None),
            ("Chronic kidney disease, stage 3a", None),
            ("Unspecified", None),
            ("", None),
        ] {
            assert_eq!(
                default_name(name)
                    .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
                    .as_deref(),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn icd_10_has_defaults() {
        assert!(["ICD10CM", "ICD-10-CM", "icd10", "ICD-10-WHO"].iter().all(|s| has_defaults(s)));
        assert!(
            ["MESH", "ICD9CM", "ICD", "ICD10PCS", "ICD-10-GM", ""]
                .iter()
                .all(|system| !has_defaults(system))
        );
    }
}

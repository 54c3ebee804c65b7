use super::*;

fn reason(text: &str, name: &str) -> Option<Reason> {
    let there = Folded::new(text).reason(text, name);
    let back = Folded::new(name).reason(name, text);
    assert_eq!(there, back, "both ways: {text}, {name}");
    if there.is_some_and(|reason| reason != Reason::Order) {
        assert_eq!(Folded::new(text).key(), Folded::new(name).key(), "{text}, {name}");
    }
    there
}

#[test]
fn the_reason_is_the_last_fold_that_was_needed() {
    for (text, name, expected) in [
        ("asthma", "asthma", Some(Reason::Exact)),
        ("Asthma", "asthma", Some(Reason::Case)),
        ("SJÖGREN", "Sjogren", Some(Reason::Case)),
        ("IL-2", "IL2", Some(Reason::Dash)),
        ("IL 2", "IL-2", Some(Reason::Dash)),
        ("il2", "IL 2", Some(Reason::Dash)),
        ("beta catenin", "β-catenin", Some(Reason::Greek)),
        ("betacatenin", "β-catenin", Some(Reason::Greek)),
        ("TGF-β1", "TGF beta 1", Some(Reason::Greek)),
        ("µ opioid", "mu-opioid", Some(Reason::Greek)),
        ("type II diabetes", "type 2 diabetes", Some(Reason::Roman)),
        ("Seizures", "seizure", Some(Reason::Plural)),
        ("anaemia", "anemia", Some(Reason::Plural)),
        ("tumours", "Tumor", Some(Reason::Plural)),
        ("oesophageal neoplasms", "esophageal neoplasm", Some(Reason::Plural)),
        ("metastases", "metastasis", Some(Reason::Plural)),
        ("liver diseases", "liver disease", Some(Reason::Plural)),
        ("Alzheimer's disease", "Alzheimer disease", Some(Reason::Plural)),
        ("thromboses", "thrombosis", Some(Reason::Plural)),
        ("failure, heart", "heart failure", Some(Reason::Order)),
        ("cancer of the lung", "lung cancer", Some(Reason::Order)),
        ("hepatitis", "hepatitis A", None),
        ("stage 3", "stage 3a", None),
        ("asthma", "asthenia", None),
        ("--", "++", None),
        ("type 1", "type 2", None),
        ("diabetes", "diabete", None),
    ] {
        assert_eq!(reason(text, name), expected, "{text}, {name}");
    }
}

#[test]
fn words_are_letters_digits_and_greek_letters() {
    let words = |text| Folded::new(text).words().map(String::from).collect::<Vec<_>>();
    assert_eq!(words("α1-adrenergic"), ["alpha", "1", "adrenergic"]);
    assert_eq!(words("Parkinson's 5'-end"), ["parkinson", "5", "end"]);
    assert_eq!(words("Ca(2+) "), ["ca", "2"]);
    assert!(Folded::new(" -- ").is_empty());
}

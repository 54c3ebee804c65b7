use super::*;

/// The expansions of these entities, which stand in the text in this order.
fn expanded(text: &str, entities: &[(&str, &str)]) -> Vec<Option<String>> {
    let mut from = 0;
    let entities: Vec<Entity> = entities
        .iter()
        .map(|&(words, label)| {
            let start = from + text[from..].find(words).expect("stands in the text");
            from = start + words.len();
            Entity::new(start..from, label.into())
        })
        .collect();
    expansions(text, &[], &entities, &vec![None; entities.len()], &|| Ok(())).unwrap()
}

fn one(text: &str, words: &str, label: &str) -> Option<String> {
    expanded(text, &[(words, label)]).remove(0)
}

#[track_caller]
fn check(text: &str, words: &str, label: &str, long: &str) {
    assert_eq!(one(text, words, label).as_deref().unwrap_or_default(), long, "{text}");
}

#[test]
fn short_forms_of_notes_are_written_out() {
    check("67M with HTN and DM2.", "HTN", "Problem", "hypertension");
    check("67M with HTN and DM2.", "DM2", "Problem", "type 2 diabetes mellitus");
    check("Takes ASA 81.", "ASA", "Drug", "aspirin");
    check("CABG x4 in 2011", "CABG", "Procedure", "coronary artery bypass graft");
    check("pt w/ htn, copd", "copd", "Disease", "chronic obstructive pulmonary disease");
    check("Htn, stable", "Htn", "Problem", "hypertension");
    check("AFIB ON TELEMETRY", "AFIB", "Problem", "atrial fibrillation");
    check("recurrent UTIs", "UTIs", "Problem", "urinary tract infection");
    check("Bactrim or TMP-SMX", "TMP-SMX", "Drug", "trimethoprim-sulfamethoxazole");
    check("C. diff positive", "C. diff", "Problem", "Clostridioides difficile");
    assert_eq!(one("Has hypertension.", "hypertension", "Problem"), None);
}

#[test]
fn within_a_longer_span_the_rest_stays() {
    let text = "Admitted for acute CHF exacerbation.";
    check(text, "acute CHF exacerbation", "Problem", "acute congestive heart failure exacerbation");
    check("RUQ pain", "RUQ pain", "Problem", "right upper quadrant pain");
    check("an abnormal EKG", "abnormal EKG", "Problem", "abnormal electrocardiogram");
    check("s/p TAH/BSO", "TAH/BSO", "Procedure", {
        "total abdominal hysterectomy with bilateral salpingo-oophorectomy"
    });
    assert_eq!(one("vitamin K", "vitamin K", "Drug"), None);
    assert_eq!(one("stage IV melanoma", "stage IV melanoma", "Problem"), None);
}

#[test]
fn an_ambiguous_form_is_read_by_its_kind() {
    check("MS since 2012", "MS", "Problem", "multiple sclerosis");
    check("MS 4 mg given", "MS", "Drug", "morphine sulfate");
    check("r/o PE", "PE", "Problem", "pulmonary embolism");
    check("PE: unremarkable", "PE", "Test", "physical examination");
    check("PT 14.2", "PT", "Test", "prothrombin time");
    check("home PT", "PT", "Procedure", "physical therapy");
    assert_eq!(one("MS expression", "MS", "Gene"), None);
}

#[test]
fn an_ambiguous_form_is_read_by_the_words_beside_it() {
    check("c/o CP and SOB", "CP", "Problem", "chest pain");
    check("9F, spastic CP, wheelchair", "CP", "Problem", "cerebral palsy");
    check("rheumatic MS, valve area 1.1", "MS", "Problem", "mitral stenosis");
    check("RA on methotrexate", "RA", "Problem", "rheumatoid arthritis");
    check("sat 94% on RA", "RA", "Problem", "room air");
    check("prior CVA", "CVA", "Problem", "cerebrovascular accident");
    check("no CVA tenderness", "CVA tenderness", "Problem", "costovertebral angle tenderness");
    assert_eq!(one("RF", "RF", "Problem"), None, "no reading is the usual one");
    // The neighbouring line is a statement of its own.
    check("9F, spastic\nCP for two days", "CP", "Problem", "chest pain");
}

#[test]
fn a_reading_in_the_field_of_the_words_beside_it() {
    check("Dressing CDI.", "CDI", "Problem", "clean, dry, intact");
    check("Recurrent CDI on vancomycin.", "CDI", "Problem", "Clostridioides difficile infection");
    let receptor = "epidermal growth factor receptor";
    check("EGFR exon 19 deletion", "EGFR", "Test", receptor);
    check("EGFR mutation positive", "EGFR", "Gene", receptor);
    check("EGFR", "EGFR", "Gene", receptor);
    check("EGFR inhibitor", "EGFR inhibitor", "Drug", "epidermal growth factor receptor inhibitor");
    check("EGFR positive", "EGFR", "Test", receptor);
    check("EGFR 48, on an ACE inhibitor, HIV positive", "EGFR", "Test", {
        "estimated glomerular filtration rate"
    });
    check("Cr 1.4, EGFR 48", "EGFR", "Test", "estimated glomerular filtration rate");
    check("DES to LAD", "LAD", "Problem", "left anterior descending artery");
    let within = "drug-eluting stent to left anterior descending artery";
    check("MI 2014 s/p DES to LAD", "DES to LAD", "Procedure", within);
    check("no cervical LAD", "LAD", "Problem", "lymphadenopathy");
    check("ROM limited at the shoulder", "ROM", "Test", "range of motion");
    check("ROM at 0400, clear fluid", "ROM", "Test", "rupture of membranes");
    check("ROM at 90 degrees", "ROM", "Test", "range of motion");
    check("Dtr w/ flu last wk.", "Dtr", "Problem", "daughter");
    check("DTR 2+", "DTR", "Test", "deep tendon reflexes");
    check("MS 4 mg IV q4h", "MS", "Problem", "morphine sulfate");
    check("MS on ocrelizumab 600 mg", "MS", "Problem", "multiple sclerosis");
}

#[test]
fn a_drip_and_drops_are_no_glucose_tolerance_test() {
    check("On nitro gtt.", "nitro gtt", "Drug", "nitroglycerin drip");
    check("ON NITRO GTT.", "NITRO GTT", "Drug", "nitroglycerin drip");
    check("heparin gtt", "heparin gtt", "Drug", "heparin drip");
    check("latanoprost 1 gtt OU", "latanoprost 1 gtt", "Drug", "latanoprost 1 drops");
    check("1 hr GTT 142", "GTT", "Test", "glucose tolerance test");
}

#[test]
fn a_span_that_is_no_name_stays() {
    for (span, label) in [
        ("CT of", "Test"),
        ("CHF - furosemide", "Problem"),
        ("CHF – furosemide", "Problem"),
        ("HTN and", "Problem"),
    ] {
        assert_eq!(one(span, span, label), None, "{span}");
    }
    check("CT of chest", "CT of chest", "Test", "computed tomography of chest");
}

#[test]
fn the_section_is_a_neighbour_too() {
    let text = "Vitals: RA 95";
    let section =
        Section { place: 0..13, title: 0..6, name: "vital_signs", loinc: None, parent: None };
    let entity = Entity::new(8..10, "Problem".into());
    let found = expansions(text, &[section], &[entity], &[Some(0)], &|| Ok(())).unwrap();
    assert_eq!(found[0].as_deref(), Some("room air"));
}

#[test]
fn words_are_no_short_forms() {
    assert_eq!(one("all of it", "all", "Problem"), None);
    assert_eq!(one("ms", "ms", "Problem"), None);
    assert_eq!(one("she had a fit", "fit", "Problem"), None);
}

#[test]
fn the_nearest_definition_before_the_use_counts() {
    let text = "CP yesterday.\nCerebral palsy (CP) since birth; CP stable. \
                Later chronic pancreatitis (CP) was found. CP worse.";
    let uses = [("CP", "Problem"); 5];
    let found = expanded(text, &uses);
    let found: Vec<_> = found.iter().map(|long| long.as_deref().unwrap_or_default()).collect();
    let palsy = "Cerebral palsy";
    let pancreatitis = "chronic pancreatitis";
    assert_eq!(found, ["chest pain", palsy, palsy, pancreatitis, pancreatitis]);
}

#[test]
fn definitions_stand_in_both_orders_and_over_a_line_end() {
    check("an XYQ (xanthous yellow quiver), XYQ", "XYQ", "Problem", "xanthous yellow quiver");
    check("xanthous yellow\nquiver (XYQ)", "XYQ", "Problem", "xanthous yellow quiver");
    check("xanthous yellow quivers (XYQs); one XYQ", "one XYQ", "Finding", {
        "one xanthous yellow quivers"
    });
    check("the xanthous yellow quiver (XYQ; mild)", "XYQ", "Problem", "xanthous yellow quiver");
    assert_eq!(one("XYQ. Later xanthous yellow quiver (XYQ).", "XYQ", "Problem"), None);
    assert_eq!(one("Xanthous fever.\n\nYellow quiver (XYQ)", "XYQ", "Problem"), None);
    assert_eq!(one("took a pill (XYQ)", "XYQ", "Problem"), None);
}

#[test]
fn no_text_is_too_odd() {
    let odd =
        ["(", ")", "()", "((((", "é(É)", "CHF(", "\u{0}(CHF)", "🙂🙂 (🙂A)", "ß (SS)", "( CHF )"];
    for text in odd {
        let entity = Entity::new(0..text.len(), "Problem".into());
        expansions(text, &[], &[entity], &[None], &|| Ok(())).unwrap();
    }
    let far = Entity::new(5..90, "Problem".into());
    assert_eq!(expansions("short", &[], &[far], &[], &|| Ok(())).unwrap(), [None]);
}

#[test]
fn a_text_of_parentheses_only_is_read_in_bounded_steps() {
    let text = "(A".repeat(1 << 20);
    let calls = std::cell::Cell::new(0);
    let count = || {
        calls.set(calls.get() + 1);
        Ok(())
    };
    expansions(&text, &[], &[], &[], &count).unwrap();
    assert!(calls.get() >= 1024, "cancelling is looked for");
}

#[test]
fn white_space_of_several_bytes_stands_before_a_long_form() {
    for space in ['\u{a0}', '\u{2028}', '\u{3000}'] {
        let text = format!("has{space}chest pain (CP), HTN (has{space}hyper tension n)");
        expansions(&text, &[], &[], &[], &|| Ok(())).unwrap();
    }
}

#[test]
fn the_inventory_is_in_order() {
    const KINDS: [&str; 6] = ["problem", "drug", "test", "procedure", "site", "molecule"];
    let mut usual = std::collections::HashMap::new();
    for line in include_str!("inventory.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<_> = line.split('\t').collect();
        let (&[forms, long, kinds] | &[forms, long, kinds, _]) = columns.as_slice() else {
            panic!("{line}");
        };
        assert!(kinds.split(' ').all(|kind| KINDS.contains(&kind)), "{line}");
        for form in forms.split('|') {
            assert!(form.len() <= LONGEST && super::words(form).len() <= WORDS, "{line}");
            for kind in kinds.split(' ').filter(|_| columns.len() == 3) {
                let other = usual.insert((form, kind), long);
                assert!(other.is_none(), "{form} has two readings that ask for nothing");
            }
        }
    }
}

#[test]
fn what_has_a_value_is_measured() {
    let (pressure, infection) = ("systolic blood pressure", "spontaneous bacterial peritonitis");
    for text in [
        "Metoprolol 25 mg bid, hold for SBP<100",
        "SBP < 100 overnight",
        "hold if SBP less than 90",
        "SBP was 85",
        "SBP: 120",
        "goal SBP 140-160",
        "SBP in the 90s",
        "SBP dropped to 70",
        "systolic (SBP) low",
    ] {
        check(text, "SBP", "Problem", pressure);
    }
    for text in
        ["SBP on ceftriaxone", "SBP in 2019", "SBP 3 years ago", "SBP 3/2019", "History of SBP."]
    {
        check(text, "SBP", "Problem", infection);
    }
    check("Ca 9.2", "Ca", "Problem", "calcium");
    check("Ca of the breast", "Ca", "Problem", "cancer");
    check("PPD 12 mm", "PPD", "Problem", "tuberculin skin test");
    check("PE 2019", "PE", "Problem", "pulmonary embolism");
}

use super::*;

const FIRST: [&str; 1] = ["Chemical"];
const SECOND: [&str; 1] = ["Disease"];

/// Sentences of ten bytes each, with entities of one byte: their sentence, kind and codes.
fn weigh(
    given: &[(usize, &str, &[&str])],
    scores: &[((usize, usize), f32)],
) -> Vec<(String, String, f32)> {
    let sentences: Vec<_> = (0..20).map(|at| at * 10..at * 10 + 9).collect();
    let entity = |(at, &(sentence, label, _)): (usize, &(usize, &str, _))| ByteEntity {
        bytes: sentence * 10 + at..sentence * 10 + at + 1,
        label: label.into(),
        head: "".into(),
        score: 1.0,
        also: Vec::new(),
    };
    let entities: Vec<_> = given.iter().enumerate().map(entity).collect();
    let owned = |codes: &[&str]| codes.iter().map(|&code| code.into()).collect();
    let codes: Vec<Vec<String>> = given.iter().map(|(.., codes)| owned(codes)).collect();
    let ends = [FIRST, SECOND].map(|kinds| kinds.map(String::from));
    let ends = [End::new(&ends[0]), End::new(&ends[1])];
    let scores = scores.iter().copied().collect();
    let weighed = Outline::new(&sentences, &entities, &codes, ends).weigh(&scores);
    weighed.into_iter().map(|(a, b, score)| (a.into(), b.into(), score)).collect()
}

fn of(weighed: &[(String, String, f32)], first: &str, second: &str) -> Option<f32> {
    let found = weighed.iter().find(|(a, b, _)| a == first && b == second);
    found.map(|(.., probability)| *probability)
}

#[test]
fn what_the_head_says_of_any_two_mentions_counts() {
    let given = [
        (0, "Chemical", &["C1"][..]),
        (0, "Disease", &["D1"]),
        (1, "Chemical", &["C1"]),
        (1, "Disease", &["D1"]),
        (1, "Disease", &["D2"]),
    ];
    let weighed = weigh(&given, &[((0, 1), 0.1), ((2, 3), 0.9), ((2, 4), 0.1)]);
    let (likely, unlikely) = (of(&weighed, "C1", "D1"), of(&weighed, "C1", "D2"));
    assert!(likely > Some(0.6) && unlikely < Some(0.2), "{likely:?} {unlikely:?}");
    assert_eq!(weighed.len(), 2);
}

#[test]
fn codes_that_share_no_sentence_may_be_related() {
    let drug = (0, "Chemical", &["C1"][..]);
    let other = (3, "Chemical", &["C2"][..]);
    let disease = (1, "Disease", &["D1"][..]);
    let weighed =
        weigh(&[drug, disease, drug_again(2), drug_again(2), other, (4, "Disease", &["D2"])], &[]);
    // What the document is about is likelier than what it names once, and farther away.
    assert!(of(&weighed, "C1", "D1") > of(&weighed, "C2", "D1"));
    assert!(of(&weighed, "C1", "D1") > of(&weighed, "C1", "D2"));
}

fn drug_again(sentence: usize) -> (usize, &'static str, &'static [&'static str]) {
    (sentence, "Chemical", &["C1"])
}

#[test]
fn an_entity_may_have_several_codes_or_none() {
    let given = [
        (0, "Chemical", &["C1", "C2", "C1"][..]),
        (0, "Disease", &["D1"]),
        (0, "Disease", &[]),
        (0, "Gene", &["G1"]),
    ];
    let weighed = weigh(&given, &[((0, 1), 0.8), ((0, 2), 0.9)]);
    let [one, other] = &weighed[..] else { panic!("{weighed:?}") };
    assert_eq!((&*one.0, &*one.1, &*other.0, &*other.1), ("C1", "D1", "C2", "D1"));
    assert_eq!(one.2, other.2);
}

#[test]
fn far_apart_is_not_related() {
    let given = |sentence| [(0, "Chemical", &["C1"][..]), (sentence, "Disease", &["D1"][..])];
    assert_eq!(weigh(&given(FARTHEST), &[]).len(), 1);
    assert_eq!(weigh(&given(FARTHEST + 1), &[]), []);
    assert_eq!(weigh(&[], &[]), []);
}

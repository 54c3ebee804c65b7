//! Documents written in a format and read again are the same, but for what the format cannot hold, which
//! is counted.

#[path = "support/documents.rs"]
mod documents;

#[test]
fn documents_by_chance_are_sound() {
    let random = &mut fastrand::Rng::with_seed(1);
    let (mut entities, mut pieces, mut sections) = (0, 0, 0);
    for number in 1..=1000 {
        let document = documents::document(random, number);
        for entity in &document.entities {
            assert!(!document.text[entity.bytes.clone()].trim().is_empty());
            assert!(entity.pieces.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
        entities += document.entities.len();
        pieces += document.entities.iter().map(|entity| entity.pieces.len()).sum::<usize>();
        sections += document.sections.len();
    }
    assert!(entities > 1000 && pieces > 100 && sections > 100);
}

//! An index of names as a file, and the vectors of one.

use std::sync::OnceLock;

use biobert::document::{Document, Entity};
use biobert::terms::{Linker, Mention, Terms};
use sha2::{Digest, Sha256};

use super::{Room, choice, root};

/// Bytes of the header, and where things lie in it: docs/terms-format.md.
const HEADER: usize = 512;
const VECTORS_HEADER: usize = 256;
const SEAL: usize = 16;
const SEALED: usize = 48;
const BODY_SEAL: usize = 48;
const LENGTH: usize = 80;

/// Words that each stage of the linker finds in a seed, and some that none does.
const MENTIONS: [&str; 7] = [
    "Asthma",
    "ASTHMAS",
    "diabetes mellitus, type II",
    "hydrochloride of metformin",
    "myocardal infraction",
    "MI",
    "broken leg",
];

/// An index, as it is or, after another first byte, sealed anew, so that what is wrong gets as far as the tables. What
/// opens is described, verified and asked; a link has no more candidates than it may, and none that is longer than the
/// file.
pub fn terms(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    let Room(room) = ROOM.get_or_init(|| Room::new("terms", |_| {}));
    let Some((way, bytes)) = choice(bytes, 2) else { return false };
    let bytes = if way == 1 { sealed(bytes, HEADER) } else { bytes.to_vec() };
    let path = room.join("small.terms");
    std::fs::write(&path, &bytes).unwrap();
    let Ok(terms) = Terms::open(&path) else { return false };
    assert_eq!(terms.size(), bytes.len() as u64);
    let whole = terms.verify().is_ok();
    assert!(whole || way == 0, "what is sealed is whole");
    let _ = (terms.info(), terms.hash(), terms.is_learned());
    let linker = Linker::new(&[terms.clone(), terms]);
    for text in MENTIONS {
        let plain = Mention { text, ..Mention::default() };
        let (label, section) = ("Disease", Some("plan"));
        let full = Mention { text, expansion: Some("heart attack"), label, section };
        for link in [plain, full].iter().flat_map(|mention| linker.link(mention)) {
            assert!(link.candidates.len() <= 5);
            for candidate in &link.candidates {
                assert!(candidate.code.len() <= bytes.len());
                assert!(candidate.score.is_some_and(|score| (0.0..=1.0).contains(&score)));
            }
        }
    }
    let mut document = Document { text: MENTIONS.join(". "), ..Document::default() };
    let mut at = 0;
    for text in MENTIONS {
        document.entities.push(Entity::new(at..at + text.len(), "Disease".into()));
        at += text.len() + 2;
    }
    linker.link_document(&document.text, &[], &document.entities);
    whole
}

/// Vectors of the names of an index, as they are or, after another first byte, sealed anew. What opens has a row for each
/// name.
pub fn vectors(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<(Room, Terms)> = OnceLock::new();
    let (Room(room), terms) = ROOM.get_or_init(|| {
        let terms = Terms::open(&root().join("tests/fixtures/terms/tiny.terms")).unwrap();
        (Room::new("vectors", |_| {}), terms)
    });
    let Some((way, bytes)) = choice(bytes, 2) else { return false };
    let bytes = if way == 1 { sealed(bytes, VECTORS_HEADER) } else { bytes.to_vec() };
    let path = room.join("small.vectors");
    std::fs::write(&path, &bytes).unwrap();
    let Ok(terms) = terms.with_vectors(&path) else { return false };
    assert!(terms.has_vectors() && bytes.len() >= VECTORS_HEADER + 5 * terms.name_count());
    let whole = terms.verify().is_ok();
    assert!(whole || way == 0, "what is sealed is whole");
    assert!(Linker::new(&[terms]).has_vectors());
    whole
}

/// The same bytes with the length and the hashes that fit them. Both formats have these in the same places.
fn sealed(bytes: &[u8], header: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() >= header {
        let length = (bytes.len() as u64).to_le_bytes();
        bytes[LENGTH..LENGTH + 8].copy_from_slice(&length);
        let hash = Sha256::digest(&bytes[header..]);
        bytes[BODY_SEAL..LENGTH].copy_from_slice(&hash);
        let hash = Sha256::digest(&bytes[SEALED..header]);
        bytes[SEAL..SEALED].copy_from_slice(&hash);
    }
    bytes
}

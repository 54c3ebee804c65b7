//! An index of names as a file.

use std::sync::OnceLock;

use biobert::document::{Document, Entity};
use biobert::terms::{Linker, Mention, Terms};
use sha2::{Digest, Sha256};

use super::{Room, choice};

/// Bytes of the header, and where things lie in it: docs/terms-format.md.
const HEADER: usize = 512;
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
    let bytes = if way == 1 { sealed(bytes) } else { bytes.to_vec() };
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

/// The same bytes with the length and the hashes that fit them.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() >= HEADER {
        let length = (bytes.len() as u64).to_le_bytes();
        bytes[LENGTH..LENGTH + 8].copy_from_slice(&length);
        let hash = Sha256::digest(&bytes[HEADER..]);
        bytes[BODY_SEAL..LENGTH].copy_from_slice(&hash);
        let hash = Sha256::digest(&bytes[SEALED..HEADER]);
        bytes[SEAL..SEALED].copy_from_slice(&hash);
    }
    bytes
}

//! Where things are in a file of terms; docs/terms-format.md describes it.

use sha2::{Digest, Sha256};

/// The first bytes of every file of terms.
pub(super) const MAGIC: [u8; 8] = *b"BBTERMS\n";
/// The version of the format that this code writes, and the only one that it reads.
pub(super) const VERSION: u32 = 1;
/// Bytes of the header.
pub(super) const HEADER: usize = 512;
/// Where the hash of the header lies in it, and where the bytes begin that it is of.
pub(super) const SEAL: usize = 16;
pub(super) const SEALED: usize = 48;
/// Where the hash of all that follows the header lies in it.
pub(super) const BODY_SEAL: usize = 48;
/// Where the length of the file lies.
pub(super) const LENGTH: usize = 80;
/// Where the places of the sections lie: an offset and a length each.
pub(super) const SECTIONS: usize = 88;
/// Sections begin at multiples of this.
pub(super) const ALIGNMENT: usize = 8;

/// Names longer than this are not taken into an index, in bytes.
pub(in crate::terms) const LONGEST_NAME: usize = 1000;
/// Codes longer than this neither.
pub(in crate::terms) const LONGEST_CODE: usize = 200;

/// The sections of a file, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// JSON that says what the index is.
    Info,
    /// Names, codes and words, one after the other.
    Text,
    /// Where each concept's code lies, and its preferred name.
    Concepts,
    /// The names, by the hash of their key.
    Names,
    /// The first name of each range of hashes.
    NameRanges,
    /// The names of which each stands for all with its words, by the hash of these in order.
    Orders,
    OrderRanges,
    /// The words, by hash.
    Words,
    WordRanges,
    /// In which names each word stands.
    WordPostings,
    /// The trigrams of words, by hash.
    Trigrams,
    TrigramRanges,
    /// In which words each trigram stands.
    TrigramPostings,
    /// Of learned names: in what section and as what they were met, and how often.
    Contexts,
    /// The sections and labels that contexts name.
    ContextNames,
}

impl Section {
    pub(super) const COUNT: usize = 15;

    /// Bytes of each of its records; 1 of what has none.
    pub(super) fn record(self) -> usize {
        match self {
            Section::Concepts => 12,
            Section::Names => 16,
            Section::Orders | Section::Contexts => 8,
            Section::Words => 20,
            Section::Trigrams => 12,
            Section::NameRanges
            | Section::OrderRanges
            | Section::WordRanges
            | Section::TrigramRanges => 4,
            Section::ContextNames => 12,
            Section::Info | Section::Text | Section::WordPostings | Section::TrigramPostings => 1,
        }
    }
}

/// The hash of a header.
pub(super) fn seal(header: &[u8]) -> [u8; 32] {
    Sha256::digest(header).into()
}

/// The hash that tables are sorted by: FNV-1a over 64 bits, its halves folded. Part of the format.
pub(super) fn hash(text: &str) -> u32 {
    let mut hash = 0xCBF2_9CE4_8422_2325u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    (hash ^ (hash >> 32)) as u32
}

/// How many of a hash's upper bits choose the range of a table with so many rows: ranges have 4 to 8.
pub(super) fn range_bits(rows: usize) -> u32 {
    (rows / 4).max(1).ilog2().min(24)
}

//! Where things are in a file of vectors.

/// The first bytes of every file of vectors.
pub(super) const MAGIC: [u8; 8] = *b"BBVECTS\n";
/// The version of the format that this code writes, and the only one that it reads.
pub(super) const VERSION: u32 = 1;
/// Bytes of the header.
pub(super) const HEADER: usize = 256;
/// Where the hash of the header lies in it, and where the bytes begin that it is of.
pub(super) const SEAL: usize = 16;
pub(super) const SEALED: usize = 48;
/// Where the hash of all that follows the header lies.
pub(super) const BODY_SEAL: usize = 48;
/// Where the length of the file lies.
pub(super) const LENGTH: usize = 80;
/// Where the hash of the index lies, whose names these are.
pub(super) const TERMS: usize = 88;
/// Where the hash of what made the vectors lies.
pub(super) const ENCODER: usize = 120;
/// Where it says how many rows there are, and how many numbers are in each.
pub(super) const ROWS: usize = 152;
pub(super) const WIDTH: usize = 156;

/// Bytes of a row before its numbers: the sum of their squares.
pub(super) const SQUARES: usize = 4;
/// Wider than any model's vectors; the sums of products of narrower ones fit into 32 bits.
pub(super) const MOST_WIDTH: usize = 1 << 16;

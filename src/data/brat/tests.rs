//! BRAT's pairs, read and written.

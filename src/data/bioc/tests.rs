//! BioC's files, read and written.

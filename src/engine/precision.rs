//! In which arithmetic an encoder runs.

/// The arithmetic of an encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit floating point.
    F32,
    /// 8-bit integers.
    Int8,
}

impl Precision {
    /// The name that options and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::Int8 => "int8",
        }
    }
}

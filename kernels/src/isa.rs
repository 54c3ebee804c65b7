//! Which instruction sets there are, which this processor has, and how they are called.

/// An instruction-set tier: the base one, those of x86-64, those of aarch64, each from the slowest
/// to the fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isa {
    /// The base instruction set of the target (SSE2 on x86-64, NEON on aarch64).
    Portable,
    /// AVX2 (first: Intel Haswell 2013, AMD Excavator 2015).
    Avx2,
    /// AVX2 with AVX-VNNI (first: Intel Alder Lake 2021, AMD Zen 5 2024).
    AvxVnni,
    /// AVX-512 F, BW, DQ and VL (first: Intel Skylake-SP 2017, AMD Zen 4 2022).
    Avx512,
    /// The same with AVX-512-VNNI (first: Intel Cascade Lake 2019, AMD Zen 4 2022).
    Avx512Vnni,
    /// The same with AMX-INT8, the matrix unit (first: Intel Sapphire Rapids 2023). Linux only.
    Amx,
    /// NEON with FEAT_DotProd (first: Arm Cortex-A75 2017, Apple M1 2020).
    Dotprod,
    /// The same with FEAT_I8MM, products of small matrices (first: Arm Neoverse V1 2020, Apple M2
    /// 2022).
    I8mm,
}

impl Isa {
    /// Every tier that this library knows, on whatever architecture, slowest first.
    pub const ALL: [Isa; 8] = [
        Isa::Portable,
        Isa::Avx2,
        Isa::AvxVnni,
        Isa::Avx512,
        Isa::Avx512Vnni,
        Isa::Amx,
        Isa::Dotprod,
        Isa::I8mm,
    ];

    /// The tiers that this processor and operating system can run, slowest first.
    pub fn available() -> impl Iterator<Item = Isa> {
        Self::ALL.into_iter().filter(|isa| isa.is_available())
    }

    /// The fastest tier that this processor can run.
    pub fn best() -> Isa {
        Self::available().last().unwrap_or(Isa::Portable)
    }

    /// Whether this processor can run the tier.
    ///
    /// The features asked for here are the ones in the `#[target_feature]` lines of the tier's file.
    pub fn is_available(self) -> bool {
        match self {
            Isa::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => std::is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Isa::AvxVnni => Isa::Avx2.is_available() && std::is_x86_feature_detected!("avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => {
                std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512bw")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512vl")
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512Vnni => {
                Isa::Avx512.is_available() && std::is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "x86_64")]
            Isa::Amx => crate::amx::is_available(),
            #[cfg(target_arch = "aarch64")]
            Isa::Dotprod => std::arch::is_aarch64_feature_detected!("dotprod"),
            #[cfg(target_arch = "aarch64")]
            Isa::I8mm => std::arch::is_aarch64_feature_detected!("i8mm"),
            // What is left are the tiers of other architectures.
            _ => false,
        }
    }

    /// The name that options and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Isa::Portable => "portable",
            Isa::Avx2 => "avx2",
            Isa::AvxVnni => "avxvnni",
            Isa::Avx512 => "avx512",
            Isa::Avx512Vnni => "avx512vnni",
            Isa::Amx => "amx",
            Isa::Dotprod => "dotprod",
            Isa::I8mm => "i8mm",
        }
    }

    /// The tier of a name; `None` for a name that no tier has.
    pub fn from_name(name: &str) -> Option<Isa> {
        Self::ALL.into_iter().find(|isa| isa.name() == name)
    }
}

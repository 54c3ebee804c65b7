//! Where an engine computes, and where the encoder of a call did.

/// Where an engine computes. Results are the same bits everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Device {
    /// On the processor.
    #[default]
    Cpu,
    /// On a GPU, and on the processor where there is none or it fails, which the log says.
    PreferGpu,
    /// On a GPU; where there is none or it fails, an error says why.
    RequireGpu,
}

/// Where the encoder of a call ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RanOn {
    /// On the processor, or it had nothing to do.
    #[default]
    Cpu,
    /// On a GPU.
    Gpu,
    /// Some of it on a GPU and some on the processor, as when the GPU fails on the way.
    Both,
}

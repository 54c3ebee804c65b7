//! Devices: where an engine computes, and where a call ran.

use crate::engine::{Device, RanOn};
use crate::error::{Error, Result};

/// Where an engine computes, or where a call ran. Results are the same bits everywhere.
pub type biobert_device = i32;

/// On the processor.
pub const BIOBERT_DEVICE_CPU: biobert_device = 1;
/// An option only: on a GPU, and on the processor where there is none, where it fails, or for what
/// only the processor runs; the log says why, and `biobert_engine_stats_json`. A library without GPU
/// support gives `BIOBERT_E_UNSUPPORTED` for this too.
pub const BIOBERT_DEVICE_PREFER_GPU: biobert_device = 2;
/// An option only: on a GPU, or an error that says why not: `BIOBERT_E_DEVICE` for a GPU or a driver
/// that will not do, from `biobert_engine_create` or a later call; `BIOBERT_E_UNSUPPORTED` from
/// `biobert_model_open` for a model that only the processor runs, which is any but a BERT in int8.
pub const BIOBERT_DEVICE_REQUIRE_GPU: biobert_device = 3;
/// An answer of `biobert_result_device` only: on a GPU.
pub const BIOBERT_DEVICE_GPU: biobert_device = 4;
/// An answer of `biobert_result_device` only: some of it on a GPU and some on the processor, as when
/// the GPU fails on the way.
pub const BIOBERT_DEVICE_BOTH: biobert_device = 5;

/// The device that an option names.
pub(crate) fn device(option: biobert_device) -> Result<Device> {
    match option {
        0 | BIOBERT_DEVICE_CPU => Ok(Device::Cpu),
        BIOBERT_DEVICE_PREFER_GPU => Ok(Device::PreferGpu),
        BIOBERT_DEVICE_REQUIRE_GPU => Ok(Device::RequireGpu),
        _ => Err(Error::Argument("device of the options is unknown: 0 to 3 are known".into())),
    }
}

/// Where a call ran.
pub(crate) fn ran_on(ran_on: RanOn) -> biobert_device {
    match ran_on {
        RanOn::Cpu => BIOBERT_DEVICE_CPU,
        RanOn::Gpu => BIOBERT_DEVICE_GPU,
        RanOn::Both => BIOBERT_DEVICE_BOTH,
    }
}

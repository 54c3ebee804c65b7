//! A GPU: its driver, its context, and the kernels that were compiled for it.

use std::sync::Arc;

use cudarc::driver::{DriverError, result, sys};

use crate::engine::cuda::context::Context;
use crate::engine::cuda::failure::failed;
use crate::engine::cuda::images;
use crate::engine::cuda::kernels::Kernels;
use crate::error::{Error, Result};

/// The oldest driver that loads the kernels: CUDA 12.0, as drivers number it.
const OLDEST_DRIVER: i32 = 12_000;

/// What the path calls of a driver.
const CALLS: [&str; 33] = [
    "cuCtxGetCurrent",
    "cuCtxSetCurrent",
    "cuCtxSynchronize",
    "cuDeviceGet",
    "cuDeviceGetAttribute",
    "cuDeviceGetCount",
    "cuDeviceGetName",
    "cuDevicePrimaryCtxRelease_v2",
    "cuDevicePrimaryCtxRetain",
    "cuDriverGetVersion",
    "cuGetErrorName",
    "cuGetErrorString",
    "cuGraphDestroy",
    "cuGraphExecDestroy",
    "cuGraphInstantiateWithFlags",
    "cuGraphLaunch",
    "cuInit",
    "cuLaunchKernel",
    "cuMemAlloc_v2",
    "cuMemFreeHost",
    "cuMemFree_v2",
    "cuMemHostAlloc",
    "cuMemcpyDtoHAsync_v2",
    "cuMemcpyHtoDAsync_v2",
    "cuMemcpyHtoD_v2",
    "cuModuleGetFunction",
    "cuModuleLoadData",
    "cuModuleUnload",
    "cuStreamBeginCapture_v2",
    "cuStreamCreate",
    "cuStreamDestroy_v2",
    "cuStreamEndCapture",
    "cuStreamSynchronize",
];

/// A GPU that is open. Any number of threads may use it at once.
#[derive(Debug)]
pub(crate) struct Card {
    pub(super) kernels: Kernels,
    pub(super) context: Arc<Context>,
    /// Its multiprocessors.
    pub(super) processors: usize,
    name: String,
}

fn unusable<T>(reason: impl Into<String>) -> Result<T> {
    Err(Error::Device { reason: reason.into() })
}

impl Card {
    /// Opens GPU `number` of those that the driver shows.
    ///
    /// # Errors
    /// [`Error::Device`] with the reason: no driver, too old a driver, no such GPU, no kernels for it, no
    /// memory.
    pub(crate) fn open(number: usize) -> Result<Card> {
        // SAFETY: looks for the driver's library, whose initialisers are those of any driver.
        if !unsafe { sys::is_culib_present() } {
            return unusable(
                "there is no NVIDIA driver (libcuda.so.1, nvcuda.dll) on this machine or in this container",
            );
        }
        // What is missing would end in a panic where it is called.
        // SAFETY: the library is there; nothing is called.
        let lacks =
            |name: &&&str| unsafe { sys::culib().get::<*const ()>(name.as_bytes()) }.is_err();
        if let Some(name) = CALLS.iter().find(lacks) {
            return unusable(format!("the driver is not whole: it has no {name}"));
        }
        let (device, capability) = find(number)?;
        let image = images::image(capability)?;
        let attribute = sys::CUdevice_attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;
        let processors = ask(device, attribute)?;
        let name = result::device::get_name(device).map_err(failed("asking for the name"))?;
        let (major, minor) = capability;
        let name = format!("{name}, compute capability {major}.{minor}, kernels: {}", image.name);
        let context = Context::retain(device)?;
        let kernels = Kernels::load(&context, &image.bytes)?;
        Ok(Card { kernels, context, processors: processors as usize, name })
    }

    /// What the driver calls it, its compute capability, and which kernels it runs.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

/// A GPU, and its compute capability.
fn find(number: usize) -> Result<(sys::CUdevice, (i32, i32))> {
    match result::init() {
        Ok(()) => {}
        Err(DriverError(sys::CUresult::CUDA_ERROR_NO_DEVICE)) => {
            return unusable("the driver shows no GPU");
        }
        Err(DriverError(sys::CUresult::CUDA_ERROR_STUB_LIBRARY)) => {
            return unusable(
                "a stub of the CUDA toolkit stands before the driver (LD_LIBRARY_PATH)",
            );
        }
        Err(error) => return Err(failed("the driver does not start")(error)),
    }
    let mut version = 0;
    // SAFETY: writes one number.
    let asked = unsafe { sys::cuDriverGetVersion(&mut version) }.result();
    asked.map_err(failed("asking for the driver's version"))?;
    if version < OLDEST_DRIVER {
        let (major, minor) = (version / 1000, version % 1000 / 10);
        return unusable(format!(
            "the driver is too old: it brings CUDA {major}.{minor}, 12.0 is needed"
        ));
    }
    let count = result::device::get_count().map_err(failed("counting the GPUs"))?;
    if count == 0 {
        return unusable("the driver shows no GPU");
    }
    if number >= count as usize {
        let reason = format!("there is no GPU {number}: the driver shows {count}, from 0 on");
        return unusable(reason);
    }
    let device = result::device::get(number as i32).map_err(failed("finding the GPU"))?;
    use sys::CUdevice_attribute as Attribute;
    let major = ask(device, Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)?;
    let minor = ask(device, Attribute::CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)?;
    Ok((device, (major, minor)))
}

fn ask(device: sys::CUdevice, attribute: sys::CUdevice_attribute) -> Result<i32> {
    // SAFETY: a device that the driver has given.
    let answer = unsafe { result::device::get_attribute(device, attribute) };
    answer.map_err(failed("asking what the GPU can do"))
}

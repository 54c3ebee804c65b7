//! Devices as options, and where calls ran.

use std::ptr::{null, null_mut};

#[cfg(feature = "cuda")]
use super::calls::Task;
use super::calls::every;
use super::{CANARY, Setup, take};
use crate::ffi::*;

/// Default options of an engine, as a program of a version with structs of `size` bytes has them.
fn engine_options(size: usize) -> biobert_engine_options {
    // SAFETY: integers, pointers and optional functions: zeros are a value.
    let mut options: biobert_engine_options = unsafe { std::mem::zeroed() };
    // SAFETY: `size` bytes may be written.
    unsafe { biobert_engine_options_init(&mut options, size) };
    options
}

const WHOLE: usize = size_of::<biobert_engine_options>();

fn refused(options: &biobert_engine_options) -> (biobert_status, String) {
    let (mut engine, mut error) = (null_mut(), null_mut());
    // SAFETY: valid options and outputs.
    let status = unsafe { biobert_engine_create(options, &mut engine, &mut error) };
    assert!(engine.is_null());
    take(status, error)
}

#[test]
fn a_device_that_is_no_option_is_refused() {
    for device in [-1, BIOBERT_DEVICE_GPU, BIOBERT_DEVICE_BOTH, 6, 99] {
        let options = biobert_engine_options { device, ..engine_options(WHOLE) };
        let want = "device of the options is unknown: 0 to 3 are known";
        assert_eq!(refused(&options), (BIOBERT_E_ARGUMENT, want.into()), "{device}");
    }
    let options = biobert_engine_options { reserved: 1, ..engine_options(WHOLE) };
    let want = "reserved of the options is not 0";
    assert_eq!(refused(&options), (BIOBERT_E_ARGUMENT, want.into()));
}

#[cfg(not(feature = "cuda"))]
#[test]
fn a_library_without_gpu_support_says_so() {
    for device in [BIOBERT_DEVICE_PREFER_GPU, BIOBERT_DEVICE_REQUIRE_GPU] {
        let options = biobert_engine_options { device, ..engine_options(WHOLE) };
        let want = "this build of the library has no GPU support (feature cuda)";
        assert_eq!(refused(&options), (BIOBERT_E_UNSUPPORTED, want.into()));
    }
    // SAFETY: a static text.
    let info = unsafe { std::ffi::CStr::from_ptr(biobert_build_info_json()) };
    assert!(!info.to_str().unwrap().contains("cuda"));
}

#[test]
fn options_of_version_1_of_the_interface_have_no_gpu() {
    const OLD: usize = std::mem::offset_of!(biobert_engine_options, gpu);
    assert_eq!(OLD, 72);
    // What stands where the new fields would be is not theirs.
    let options = biobert_engine_options { gpu: 0xABAB, reserved: 0xABAB, ..engine_options(OLD) };
    assert_eq!(options.struct_size, OLD as u32);
    assert_eq!(Setup::new(&options).live(), (1, 0));
}

#[test]
fn every_call_says_where_it_ran_but_not_in_its_json() {
    for device in [0, BIOBERT_DEVICE_CPU] {
        let setup = Setup::new(&biobert_engine_options { device, gpu: 3, ..engine_options(WHOLE) });
        for call in every() {
            let found = setup.ok(call, CANARY);
            // SAFETY: a live result.
            let ran = unsafe { biobert_result_device(found.0) };
            assert_eq!(ran, BIOBERT_DEVICE_CPU, "{call:?}");
            assert!(found.parsed().get("device").is_none(), "{call:?}");
        }
    }
    // SAFETY: NULL is what it must stand.
    assert_eq!(unsafe { biobert_result_device(null()) }, 0);
}

/// On the emulated driver of tests/cuda, or a real one; without a driver the reason has its status.
#[cfg(feature = "cuda")]
#[test]
fn a_gpu_that_is_required_computes_or_is_an_error() {
    let device = BIOBERT_DEVICE_REQUIRE_GPU;
    let options = biobert_engine_options { device, ..engine_options(WHOLE) };
    let (mut engine, mut error) = (null_mut(), null_mut());
    // SAFETY: valid options and outputs.
    let status = unsafe { biobert_engine_create(&options, &mut engine, &mut error) };
    if status != BIOBERT_OK {
        let (status, reason) = take(status, error);
        assert_eq!(status, BIOBERT_E_DEVICE);
        println!("SKIPPED: {reason}");
        return;
    }
    // SAFETY: a live engine.
    unsafe { biobert_engine_free(engine) };
    let (gpu, cpu) = (Setup::new(&options), Setup::new(&engine_options(WHOLE)));
    for call in every() {
        let (found, want) = (gpu.ok(call, CANARY), cpu.ok(call, CANARY));
        assert_eq!(found.parsed(), want.parsed(), "{call:?}");
        // SAFETY: live results.
        let ran = unsafe { [biobert_result_device(found.0), biobert_result_device(want.0)] };
        // These ask no encoder.
        let without = matches!(call.0, Task::Sentences | Task::Sections);
        let on = if without { BIOBERT_DEVICE_CPU } else { BIOBERT_DEVICE_GPU };
        assert_eq!(ran, [on, BIOBERT_DEVICE_CPU], "{call:?}");
    }
}

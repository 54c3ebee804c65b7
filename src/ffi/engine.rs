//! Engines.

use std::ffi::c_void;

use crate::engine::{Engine, EngineOptions, LogSink};
use crate::error::{Error, Result};
use crate::ffi::boundary::boundary;
use crate::ffi::device::{biobert_device, device};
use crate::ffi::error::biobert_error;
use crate::ffi::guard::guard;
use crate::ffi::handle::{Out, borrow, give, release};
use crate::ffi::json::biobert_json;
use crate::ffi::sized::{Options, init, read};
use crate::ffi::status::biobert_status;
use crate::ffi::text::biobert_str;

/// Threads, instruction set, device and limits, shared by models. Immutable: any number of threads
/// may use it at once. Models keep their engine alive, so it may be freed before them.
pub struct biobert_engine(pub(crate) Engine);

/// Receives a line about what the library does, never any text of a document. The view lives until
/// the callback returns. It may be called from several threads at once.
pub type biobert_log_fn = Option<unsafe extern "C" fn(userdata: *mut c_void, line: biobert_str)>;

/// Tells the host that the library no longer uses `userdata`. Called exactly once.
pub type biobert_drop_fn = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// Options of an engine. Set them up with `biobert_engine_options_init`; a field that is 0 has its
/// default.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct biobert_engine_options {
    /// `sizeof(biobert_engine_options)`.
    pub struct_size: u32,
    /// Threads that work on a call; 0 means 1, the caller's own. More come from a private pool, which
    /// serves one call at a time: a call beside it works on its caller's thread.
    pub threads: u32,
    /// Name of the instruction set to use, such as `avx2`; if empty, the best available. One that
    /// this processor lacks gives `BIOBERT_E_UNSUPPORTED`, an unknown name `BIOBERT_E_ARGUMENT`.
    pub isa: biobert_str,
    /// Where to compute; 0 means `BIOBERT_DEVICE_CPU`. A library without GPU support gives
    /// `BIOBERT_E_UNSUPPORTED` for a GPU.
    pub device: biobert_device,
    /// Tokens that are processed at a time, at most 100,000; bounds scratch memory. 0 means 1024 on
    /// the processor and 16,384 on a GPU.
    pub token_budget: u32,
    /// Largest document in bytes (a UTF-16 unit is two); 0 means 64 MiB.
    pub max_doc_bytes: u64,
    /// Largest total size of the documents of a call, in bytes; 0 means 256 MiB.
    pub max_batch_bytes: u64,
    /// Receives log lines; may be NULL. Must not throw.
    pub log: biobert_log_fn,
    /// Passed to `log` and `log_drop`.
    pub log_userdata: *mut c_void,
    /// Called once when `log` will not be called again: after the engine and everything made with
    /// it are gone, or before `biobert_engine_create` returns an error. It is not called if
    /// `struct_size` is wrong.
    pub log_drop: biobert_drop_fn,
    /// The number of the GPU among those that its driver shows; 0 is the first. Not looked at if
    /// `device` is the processor.
    pub gpu: u32,
    /// Must be 0.
    pub reserved: u32,
}

// SAFETY: integers, pointers and optional function pointers only; zero is NULL in each.
unsafe impl Options for biobert_engine_options {}

/// Sets `struct_size` to `size`, which must be `sizeof(biobert_engine_options)`, and every other
/// field to 0, which means its default. NULL is ignored. Any thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_engine_options_init(
    options: *mut biobert_engine_options,
    size: usize,
) {
    // SAFETY: as the header demands of callers.
    guard((), || unsafe { init(options, size) })
}

/// A host's callback and its userdata.
struct HostLog {
    log: biobert_log_fn,
    drop: biobert_drop_fn,
    userdata: *mut c_void,
}

// SAFETY: the header demands a callback and userdata that any thread may use, several at a time.
unsafe impl Send for HostLog {}
// SAFETY: as above.
unsafe impl Sync for HostLog {}

impl HostLog {
    fn line(&self, line: &str) {
        if let Some(log) = self.log {
            // SAFETY: the header demands a function that takes these; the view outlives the call.
            unsafe { log(self.userdata, biobert_str::of(line)) }
        }
    }
}

impl Drop for HostLog {
    fn drop(&mut self) {
        if let Some(drop) = self.drop {
            // SAFETY: the header demands a function that takes this; the last use is over.
            unsafe { drop(self.userdata) }
        }
    }
}

impl biobert_engine_options {
    /// # Safety
    /// `isa` points to as many bytes as it says.
    unsafe fn convert(self) -> Result<EngineOptions> {
        // First of all: whatever fails below, the host's drop function runs.
        let host = HostLog { log: self.log, drop: self.log_drop, userdata: self.log_userdata };
        let log = Some(Box::new(move |line: &str| host.line(line)) as LogSink);
        // SAFETY: as promised by the caller.
        let isa = unsafe { self.isa.str("isa of the options") }?;
        if self.reserved != 0 {
            return Err(Error::Argument("reserved of the options is not 0".into()));
        }
        let defaults = EngineOptions::default();
        let or = |value: u64, default: u64| if value == 0 { default } else { value };
        Ok(EngineOptions {
            threads: or(self.threads.into(), defaults.threads as u64) as usize,
            isa: (!isa.is_empty()).then(|| isa.to_string()),
            max_doc_bytes: or(self.max_doc_bytes, defaults.max_doc_bytes),
            max_batch_bytes: or(self.max_batch_bytes, defaults.max_batch_bytes),
            token_budget: self.token_budget as usize,
            device: device(self.device)?,
            gpu: self.gpu as usize,
            log,
        })
    }
}

/// Creates an engine. `options` may be NULL for the defaults. The caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_engine_create(
    options: *const biobert_engine_options,
    out: *mut *mut biobert_engine,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let options = match read(options)? {
                Some(options) => options.convert()?,
                None => EngineOptions::default(),
            };
            let out = Out::new(out, "out")?;
            out.write(give(biobert_engine(Engine::new(options)?)));
            Ok(())
        })
    }
}

/// Live objects and settings of an engine as JSON:
/// `{"models","results","threads","isa","device"}`. The device is `cpu` or `gpu`; where
/// `BIOBERT_DEVICE_PREFER_GPU` found none, `no_gpu` says why. The
/// caller frees `*out`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_engine_stats_json(
    engine: *const biobert_engine,
    out: *mut *mut biobert_json,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let engine = &borrow(engine, "engine")?.0;
            let out = Out::new(out, "out")?;
            let (models, results) = engine.live_objects();
            let threads = engine.options().threads;
            let mut stats = serde_json::json!({
                "models": models, "results": results, "threads": threads, "isa": engine.isa(),
                "device": engine.device(),
            });
            if let Some(reason) = engine.no_gpu() {
                stats["no_gpu"] = reason.to_string().into();
            }
            out.write(biobert_json::new(&stats)?);
            Ok(())
        })
    }
}

/// Frees an engine. NULL is ignored.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_engine_free(engine: *mut biobert_engine) {
    // SAFETY: the header demands an object of this library that is freed once.
    guard((), || unsafe { release(engine) })
}

//! Library: version and build.

use std::ffi::CString;

use libc::c_char;
use once_cell::sync::Lazy;

use crate::engine::Engine;
use crate::ffi::guard::guard;

/// The version of this header. It rises when something is added; nothing is ever removed.
pub const BIOBERT_ABI_VERSION: u32 = 2;

/// `BIOBERT_ABI_VERSION` of the loaded library. It must not be lower than that of the header that
/// the program was compiled with. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn biobert_abi_version() -> u32 {
    guard(0, || BIOBERT_ABI_VERSION)
}

/// The library's version, such as `0.1.0`. Static, NUL-terminated. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn biobert_version_string() -> *const c_char {
    guard(c"".as_ptr(), || concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast())
}

/// Version, features, commit and the instruction sets of this processor as JSON. Static,
/// NUL-terminated. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn biobert_build_info_json() -> *const c_char {
    guard(c"{}".as_ptr(), || {
        static INFO: Lazy<CString> = Lazy::new(|| {
            let info = serde_json::json!({
                "version": env!("CARGO_PKG_VERSION"),
                "abi_version": BIOBERT_ABI_VERSION,
                "commit": option_env!("BIOBERT_COMMIT"),
                "target": std::env::consts::ARCH,
                "features": features(),
                "isa_available": Engine::isa_available(),
            });
            CString::new(info.to_string()).unwrap_or_default()
        });
        INFO.as_ptr()
    })
}

/// The features of the crate that this library has.
fn features() -> Vec<&'static str> {
    let all = [
        ("train", cfg!(feature = "train")),
        ("cli", cfg!(feature = "cli")),
        ("cuda", cfg!(feature = "cuda")),
    ];
    all.into_iter().filter(|(_, here)| *here).map(|(name, _)| name).collect()
}

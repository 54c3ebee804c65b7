//! What a call of the driver's answered, as an error of ours.

use cudarc::driver::DriverError;

use crate::error::Error;

/// What a call of the driver's was for, and what it answered.
pub(super) fn failed(what: &str) -> impl FnOnce(DriverError) -> Error {
    move |error| {
        let name = error.error_name().ok().and_then(|name| name.to_str().ok());
        let name = name.map_or_else(|| format!("{:?}", error.0), str::to_string);
        Error::Device { reason: format!("{what}: {name}") }
    }
}

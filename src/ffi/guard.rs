//! The panic guard of functions that return no status.

use crate::silence;

/// Runs a body that cannot fail but for a panic, which gives `fallback`.
pub(crate) fn guard<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    silence::catch(body).unwrap_or(fallback)
}

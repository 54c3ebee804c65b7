//! The compiled kernels that the library carries: `kernels/cuda/build.py` makes them.

use crate::error::{Error, Result};

/// Machine code by compute capability. It runs on GPUs of the same major number and no smaller minor.
const CUBINS: [((i32, i32), &[u8]); 7] = [
    ((7, 5), include_bytes!("../../../kernels/cuda/built/sm_75.cubin.z")),
    ((8, 0), include_bytes!("../../../kernels/cuda/built/sm_80.cubin.z")),
    ((8, 6), include_bytes!("../../../kernels/cuda/built/sm_86.cubin.z")),
    ((8, 9), include_bytes!("../../../kernels/cuda/built/sm_89.cubin.z")),
    ((9, 0), include_bytes!("../../../kernels/cuda/built/sm_90.cubin.z")),
    ((10, 0), include_bytes!("../../../kernels/cuda/built/sm_100.cubin.z")),
    ((12, 0), include_bytes!("../../../kernels/cuda/built/sm_120.cubin.z")),
];

/// What the driver compiles for a GPU from [`PTX_FROM`] on that none of them is for.
const PTX: &[u8] = include_bytes!("../../../kernels/cuda/built/kernels.ptx.z");
const PTX_FROM: (i32, i32) = (8, 0);

/// Kernels in a form that the driver reads.
pub(super) struct Image {
    pub(super) bytes: Vec<u8>,
    /// `sm_90`, or that the driver compiles them.
    pub(super) name: String,
}

/// The kernels for a compute capability.
///
/// # Errors
/// [`Error::Device`] where there are none.
pub(super) fn image(capability: (i32, i32)) -> Result<Image> {
    let (major, minor) = capability;
    let runs = |&((of_major, of_minor), _): &_| of_major == major && of_minor <= minor;
    let cubin = CUBINS.into_iter().rfind(runs);
    let cubin = cubin.map(|((major, minor), image)| (image, format!("sm_{major}{minor}")));
    let ptx = || (PTX, "PTX, which the driver compiles and may keep in the user's home".into());
    let Some((image, name)) = cubin.or_else(|| (capability >= PTX_FROM).then(ptx)) else {
        let reason = format!("no kernels for a GPU of compute capability {major}.{minor}");
        return Err(Error::Device { reason });
    };
    let bytes = miniz_oxide::inflate::decompress_to_vec_zlib(image)
        .map_err(|_| Error::Internal("kernels of the GPU".into()))?;
    Ok(Image { bytes, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_gets_the_newest_code_that_runs_on_it() {
        let of = |capability| image(capability).unwrap().bytes;
        assert_eq!(of((8, 7)), of((8, 6)));
        assert_eq!(of((9, 0))[..4], *b"\x7FELF");
        assert_ne!(of((8, 0)), of((8, 6)));
        for newer in [(11, 0), (13, 0)] {
            assert!(of(newer).starts_with(b"//"), "PTX for {newer:?}");
        }
        assert!(matches!(image((7, 0)), Err(Error::Device { .. })));
        for (capability, _) in CUBINS {
            assert_eq!(of(capability)[..4], *b"\x7FELF");
        }
    }
}

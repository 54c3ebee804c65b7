//! What an instruction set beyond the base one has to bring: its name, its features and the block
//! size of its product. Everything else is the same for all of them.

/// Compiles the operations for an instruction set.
///
/// The features must be the ones that `Isa::is_available` asks for; `dot` is its int8 block.
macro_rules! tier {
    ($(#[$doc:meta])* $tier:ident, $features:literal, rows: $rows:literal, panels: $panels:literal, dot: $dot:ty) => {
        $(#[$doc])*
        ///
        /// A value is proof that the processor has the features: only [`Self::new`] gives one out.
        pub(crate) struct $tier {
            _proof: (),
        }

        impl $tier {
            pub(crate) fn new() -> Option<&'static $tier> {
                Isa::$tier.is_available().then_some(&$tier { _proof: () })
            }
        }

        impl Kernel for $tier {
            fn isa(&self) -> Isa {
                Isa::$tier
            }

            fn matmul(&self, x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
                #[target_feature(enable = $features)]
                fn with_features(x: Matrix<'_>, w: &Panels, out: MatrixMut<'_>) {
                    matmul::matmul::<$rows, $panels>(x, w, out);
                }
                // SAFETY: `self` is only to be had where the features are.
                unsafe { with_features(x, w, out) }
            }

            fn linear(
                &self,
                x: QuantRows<'_>,
                w: &QuantWeights<'_>,
                gelu: bool,
                out: MatrixMut<'_>,
            ) {
                #[target_feature(enable = $features)]
                fn with_features(
                    x: QuantRows<'_>,
                    w: &QuantWeights<'_>,
                    gelu: bool,
                    out: MatrixMut<'_>,
                ) {
                    int8::linear::<$dot>(x, w, gelu, out);
                }
                // SAFETY: as above.
                unsafe { with_features(x, w, gelu, out) }
            }

            fn products(&self, x: QuantRows<'_>, w: &QuantWeights<'_>) -> i32 {
                #[target_feature(enable = $features)]
                fn with_features(x: QuantRows<'_>, w: &QuantWeights<'_>) -> i32 {
                    int8::products::<$dot>(x, w)
                }
                // SAFETY: as above.
                unsafe { with_features(x, w) }
            }

            fn attention(&self, head: Head<'_>, scratch: &mut AttentionScratch, out: MatrixMut<'_>) {
                #[target_feature(enable = $features)]
                fn with_features(
                    head: Head<'_>,
                    scratch: &mut AttentionScratch,
                    out: MatrixMut<'_>,
                ) {
                    attention::attention::<$dot>(head, scratch, out);
                }
                // SAFETY: as above.
                unsafe { with_features(head, scratch, out) }
            }

            fn row_bytes(&self, k: usize) -> usize {
                int8::row_bytes::<<$dot as Dot>::Value>(k)
            }

            fn quantize(&self, row: &[f32], out: &mut [u8]) {
                #[target_feature(enable = $features)]
                fn with_features(row: &[f32], out: &mut [u8]) {
                    quantize::row::<<$dot as Dot>::Value>(row, out);
                }
                // SAFETY: as above.
                unsafe { with_features(row, out) }
            }

            fn add(&self, row: &mut [f32], other: &[f32]) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32], other: &[f32]) {
                    rows::add(row, other);
                }
                // SAFETY: as above.
                unsafe { with_features(row, other) }
            }

            fn bias_gelu(&self, row: &mut [f32], bias: &[f32]) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32], bias: &[f32]) {
                    rows::bias_gelu(row, bias);
                }
                // SAFETY: as above.
                unsafe { with_features(row, bias) }
            }

            fn gate(&self, row: &mut [f32]) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32]) {
                    rows::gate(row);
                }
                // SAFETY: as above.
                unsafe { with_features(row) }
            }

            fn rotate(&self, row: &mut [f32], cos: &[f32], sin: &[f32]) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32], cos: &[f32], sin: &[f32]) {
                    rows::rotate(row, cos, sin);
                }
                // SAFETY: as above.
                unsafe { with_features(row, cos, sin) }
            }

            fn layer_norm(&self, row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32], scale: &[f32], shift: &[f32], eps: f32) {
                    rows::layer_norm(row, scale, shift, eps);
                }
                // SAFETY: as above.
                unsafe { with_features(row, scale, shift, eps) }
            }

            fn add_norm(
                &self,
                row: &mut [f32],
                other: &[f32],
                scale: &[f32],
                shift: &[f32],
                eps: f32,
            ) {
                #[target_feature(enable = $features)]
                fn with_features(
                    row: &mut [f32],
                    other: &[f32],
                    scale: &[f32],
                    shift: &[f32],
                    eps: f32,
                ) {
                    rows::add_norm(row, other, scale, shift, eps);
                }
                // SAFETY: as above.
                unsafe { with_features(row, other, scale, shift, eps) }
            }

            fn softmax(&self, row: &mut [f32], factor: f32) {
                #[target_feature(enable = $features)]
                fn with_features(row: &mut [f32], factor: f32) {
                    rows::softmax(row, factor);
                }
                // SAFETY: as above.
                unsafe { with_features(row, factor) }
            }
        }
    };
}

pub(crate) use tier;

//! A vector in whole numbers: sums of their products are exact, and the same on every processor.

use biobert_kernels::FloatEnv;

/// A vector whose largest number is 127 or -127. Only its direction is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::terms) struct Quantized {
    pub numbers: Vec<i8>,
    /// The sum of their squares; 0: the vector has no direction.
    pub squares: u32,
}

impl Quantized {
    pub(in crate::terms) fn new(vector: &[f32]) -> Quantized {
        let _env = FloatEnv::standard();
        let most = vector.iter().fold(0.0, |most: f32, number| most.max(number.abs()));
        let sound = most > 0.0 && vector.iter().all(|number| number.is_finite());
        let whole = |number: &f32| if sound { (number / most * 127.0).round() as i8 } else { 0 };
        let numbers: Vec<i8> = vector.iter().map(whole).collect();
        let squares = numbers.iter().map(|&number| u32::from(number.unsigned_abs()).pow(2)).sum();
        Quantized { numbers, squares }
    }
}

//! Functions that the host's `libm` would round differently from machine to machine.

/// 1.5·2²³: adding and subtracting it rounds to an integer, ties to even.
pub(crate) const ROUND: f32 = 12_582_912.0;

/// `e^x`, relative error below 2e-7 (2 ULP) where the result is a normal number, 0 below that.
///
/// Cody–Waite reduction to `[-ln2/2, ln2/2]`, then the degree-6 polynomial of Cephes' `expf`
/// (Moshier, netlib). Rounding to an integer adds and subtracts 1.5·2²³, which is exact in
/// round-to-nearest-even.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // Selects, not branches: the loop around stays free of jumps. NaN passes through.
    let x = if x > 88.0 { 88.0 } else { x };
    let tiny = x < -87.0;
    let x = if tiny { -87.0 } else { x };

    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let n = rounded - ROUND;
    let r = x - n * LN2_HIGH;
    let r = r - n * LN2_LOW;

    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_2e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 0.166_666_66;
    p = p * r + 0.5;
    let value = p * (r * r) + r + 1.0;

    // The integer sits in the low mantissa bits of `rounded`; move it to the exponent field.
    let scale = f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    if tiny { 0.0 } else { value * scale }
}

/// `2^x` for x from −∞ to 0, relative error below 1.1e-4, 0 for x below −30: what eight bits of a
/// probability need, at half the price of [`exp`].
///
/// A cubic polynomial on `[-1/2, 1/2]`, fitted for the smallest largest relative error with
/// `2^0 = 1` kept exact.
#[inline(always)]
pub fn exp2_coarse(x: f32) -> f32 {
    let rounded = x + ROUND;
    let r = x - (rounded - ROUND);
    let [mut p, others @ ..] = EXP2_POLYNOMIAL;
    for term in others {
        p = p * r + term;
    }
    let value = f32::from_bits(p.to_bits().wrapping_add(rounded.to_bits() << 23));
    // What was computed from an x below the end is no power of two, but nobody sees it.
    if x < EXP2_END { 0.0 } else { value }
}

/// Below, [`exp2_coarse`] is 0.
pub(crate) const EXP2_END: f32 = -30.0;
/// `2^r`, the highest power first.
pub(crate) const EXP2_POLYNOMIAL: [f32; 4] = [0.055_008_6, 0.242_211, 0.693_283, 1.0];

/// The error function, absolute error below 4e-7.
///
/// The rational approximation of Eigen's `generic_fast_erf_float`: odd/even polynomials on the
/// input clamped to `[-4, 4]`, where erf has reached 1 in f32.
#[inline(always)]
pub fn erf(x: f32) -> f32 {
    let x = if x > 4.0 { 4.0 } else { x };
    let x = if x < -4.0 { -4.0 } else { x };
    let s = x * x;

    let mut p = -2.726_142_3e-10;
    p = p * s + 2.770_681_4e-8;
    p = p * s + -2.101_024e-6;
    p = p * s + -5.692_506_5e-5;
    p = p * s + -7.349_906_5e-4;
    p = p * s + -2.954_6e-3;
    p = p * s + -1.609_603_3e-2;

    let mut q = -1.456_607_2e-5;
    q = q * s + -2.133_740_6e-4;
    q = q * s + -1.682_827e-3;
    q = q * s + -7.373_329e-3;
    q = q * s + -1.426_473_9e-2;

    x * p / q
}

/// The exact GELU of BERT: `x · Φ(x)` with the error function (Hendrycks & Gimpel 2016).
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// [`gelu`] with an absolute error below 3e-4: what a value needs that becomes one of 255 steps, at
/// half the price and without a division.
///
/// An odd polynomial for Φ on `[-3.8, 3.8]`, fitted for the smallest largest error of the product,
/// with Φ(3.8) = 1, so that larger values pass as they are and smaller ones become 0.
#[inline(always)]
pub fn gelu_coarse(x: f32) -> f32 {
    let c = if x > GELU_END { GELU_END } else { x };
    let c = if c < -GELU_END { -GELU_END } else { c };
    let s = c * c;
    let [mut p, others @ ..] = GELU_POLYNOMIAL;
    for term in others {
        p = p * s + term;
    }
    x * (0.5 + c * p)
}

/// Where Φ of [`gelu_coarse`] has reached 1.
pub(crate) const GELU_END: f32 = 3.8;
/// `(Φ(x) - 1/2) / x` in x², the highest power first.
pub(crate) const GELU_POLYNOMIAL: [f32; 7] = [
    3.164_899e-8,
    -2.019_693_5e-6,
    5.570_536e-5,
    -8.833_968e-4,
    9.081_878e-3,
    -6.519_536e-2,
    0.398_287_94,
];

/// The hyperbolic tangent, absolute error below 4e-7.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    // Beyond 10, tanh has reached 1 in f32; `exp` is exact enough up to there.
    let x = if x > 10.0 { 10.0 } else { x };
    let x = if x < -10.0 { -10.0 } else { x };
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// The logistic function `1 / (1 + e^-x)`.
#[inline(always)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// Sine and cosine of an angle, below 1e6 in size, rounded to f32 from an error below 1e-12.
///
/// Cody–Waite reduction to `[-π/4, π/4]` (the parts of π/2 are fdlibm's), then Taylor's series.
pub fn sin_cos(angle: f64) -> (f32, f32) {
    const HALF_PI_HIGH: f64 = 1.570_796_326_734_125_6;
    const HALF_PI_LOW: f64 = 6.077_100_506_506_192e-11;
    let quarter = (angle * std::f64::consts::FRAC_2_PI).round_ties_even();
    let r = angle - quarter * HALF_PI_HIGH - quarter * HALF_PI_LOW;
    let s = r * r;
    // 1 - s/(n(n+1)) · (1 - s/((n+2)(n+3)) · …)
    let series = |first: f64| {
        let terms = (0..8).rev().map(|term| first + 2.0 * f64::from(term));
        terms.fold(1.0, |rest, n| 1.0 - s / (n * (n + 1.0)) * rest)
    };
    let (sin, cos) = (r * series(2.0), series(1.0));
    let (sin, cos) = match quarter.rem_euclid(4.0) as u8 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    };
    (sin as f32, cos as f32)
}

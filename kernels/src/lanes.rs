//! Sixteen lanes. Loops over them are written so that the compiler turns each into one AVX-512,
//! two AVX2 or four SSE2 instructions; the arithmetic is the same in every case.

/// How many lanes a row is folded into. Fixed for good: it decides the order of every sum.
pub const LANES: usize = 16;

/// Sixteen values, handled lane by lane.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes<T = f32>(pub [T; LANES]);

impl<T: Copy> Lanes<T> {
    /// The same value in every lane.
    #[inline(always)]
    pub fn splat(value: T) -> Lanes<T> {
        Lanes([value; LANES])
    }

    /// Sixteen values from the front of a slice.
    #[inline(always)]
    pub fn load(values: &[T]) -> Lanes<T> {
        Lanes(*values.first_chunk().expect("sixteen values"))
    }

    /// One value per lane.
    #[inline(always)]
    pub fn map<U: Copy + Default>(self, f: impl Fn(T) -> U) -> Lanes<U> {
        let mut out = Lanes([U::default(); LANES]);
        for lane in 0..LANES {
            out.0[lane] = f(self.0[lane]);
        }
        out
    }

    /// One value per lane from a function of two lanes.
    #[inline(always)]
    pub fn zip<U: Copy, V: Copy + Default>(
        self,
        other: Lanes<U>,
        f: impl Fn(T, U) -> V,
    ) -> Lanes<V> {
        let mut out = Lanes([V::default(); LANES]);
        for lane in 0..LANES {
            out.0[lane] = f(self.0[lane], other.0[lane]);
        }
        out
    }

    /// Folds the lanes in one fixed tree: 16 to 8 to 4 to 2 to 1.
    #[inline(always)]
    pub fn fold(self, f: impl Fn(T, T) -> T) -> T {
        let halves = self.0.as_chunks::<{ LANES / 2 }>().0;
        let mut lanes = halves[0];
        for (lane, &upper) in lanes.iter_mut().zip(&halves[1]) {
            *lane = f(*lane, upper);
        }
        // Hidden from the compiler, which would split the registers of the loop before into the
        // pairs in which the tree ends.
        lanes = std::hint::black_box(lanes);
        let mut half = LANES / 4;
        while half > 0 {
            for lane in 0..half {
                lanes[lane] = f(lanes[lane], lanes[lane + half]);
            }
            half /= 2;
        }
        lanes[0]
    }
}

impl Lanes {
    /// Up to sixteen values, and zeros after them.
    #[inline(always)]
    pub fn padded(values: &[f32]) -> Lanes {
        let mut lanes = Lanes::splat(0.0);
        for (lane, value) in lanes.0.iter_mut().zip(values) {
            *lane = *value;
        }
        lanes
    }
}

/// Folds a row: element `i` goes to lane `i % 16` by `f`, the lanes then meet in a tree by `join`.
#[inline(always)]
pub fn fold(
    row: &[f32],
    start: f32,
    f: impl Fn(f32, f32) -> f32,
    join: impl Fn(f32, f32) -> f32,
) -> f32 {
    let mut lanes = Lanes::splat(start);
    let (chunks, rest) = row.as_chunks::<LANES>();
    for chunk in chunks {
        lanes = lanes.zip(Lanes(*chunk), &f);
    }
    for (lane, &value) in lanes.0.iter_mut().zip(rest) {
        *lane = f(*lane, value);
    }
    lanes.fold(join)
}

/// The sum of a row in the fixed order.
#[inline(always)]
pub fn sum(row: &[f32]) -> f32 {
    fold(row, 0.0, |a, b| a + b, |a, b| a + b)
}

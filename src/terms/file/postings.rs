//! Lists of ascending numbers, each as the difference from the one before, in 7 bits a byte.

/// Adds a list.
pub(super) fn write(numbers: &[u32], out: &mut Vec<u8>) {
    let mut before = 0;
    for &number in numbers {
        let mut rest = number - before;
        before = number;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
}

/// The numbers of a list; it ends early where the bytes do, or make no sense.
#[derive(Debug, Clone)]
pub(in crate::terms) struct Postings<'a> {
    bytes: std::slice::Iter<'a, u8>,
    left: u32,
    before: u32,
}

impl<'a> Postings<'a> {
    pub(super) fn new(bytes: &'a [u8], count: u32) -> Postings<'a> {
        Postings { bytes: bytes.iter(), left: count, before: 0 }
    }
}

impl Iterator for Postings<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let mut difference = 0;
        for shift in (0..35).step_by(7) {
            let byte = u32::from(*self.bytes.next()?);
            difference |= (byte & 0x7F) << shift;
            if byte < 0x80 {
                self.before = self.before.checked_add(difference)?;
                return Some(self.before);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back() {
        let numbers = [0, 1, 127, 128, 300, 70_000, u32::MAX];
        let mut bytes = Vec::new();
        write(&numbers, &mut bytes);
        assert_eq!(Postings::new(&bytes, 7).collect::<Vec<_>>(), numbers);
        assert_eq!(Postings::new(&bytes[..3], 7).count(), 3, "cut off");
        assert_eq!(Postings::new(&[0xFF; 9], 7).count(), 0, "no number");
        assert_eq!(Postings::new(&[0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 5], 7).count(), 1, "too large");
    }
}

//! Documents longer than the model's limit become overlapping windows. Each piece is decided by
//! exactly one of them: the one in which it has most context.

use std::ops::Range;

/// A stretch of a document that the encoder sees in one sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The pieces that the encoder sees.
    pub pieces: Range<usize>,
    /// The pieces that this window decides.
    pub decides: Range<usize>,
}

impl Window {
    /// The window of a stretch as one of the whole, before which `by` pieces come.
    pub fn shifted(self, by: usize) -> Window {
        let shift = |range: Range<usize>| range.start + by..range.end + by;
        Window { pieces: shift(self.pieces), decides: shift(self.decides) }
    }
}

/// Cuts a document into windows of at most `capacity` pieces that start at word starts, about
/// `step` pieces apart.
///
/// Two neighbours share an overlap; a piece in it has most context in the window whose middle is
/// nearer, so the overlap's middle divides them. A word longer than `step` pieces is cut where it
/// must be. An empty document has no window.
///
/// # Panics
/// If `step` is 0 or larger than `capacity`: pieces would be lost.
pub fn windows(starts_word: &[bool], capacity: usize, step: usize) -> Vec<Window> {
    assert!(0 < step && step <= capacity, "the step must be between 1 and the capacity");
    let len = starts_word.len();
    let mut windows: Vec<Window> = Vec::new();
    let mut start = 0;
    while start < len {
        let end = len.min(start + capacity);
        let decided = match windows.last_mut() {
            Some(previous) => {
                previous.decides.end = (start + previous.pieces.end) / 2;
                previous.decides.end
            }
            None => 0,
        };
        windows.push(Window { pieces: start..end, decides: decided..end });
        if end == len {
            break;
        }
        let furthest = start + step;
        let word = (start + 1..=furthest).rev().find(|&piece| starts_word[piece]);
        start = word.unwrap_or(furthest);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_document_is_one_window() {
        assert_eq!(windows(&[], 10, 5), []);
        assert_eq!(windows(&[true; 10], 10, 5), [Window { pieces: 0..10, decides: 0..10 }]);
    }

    #[test]
    fn a_long_document_is_divided_at_the_middle_of_each_overlap() {
        let cut = windows(&[true; 20], 10, 6);
        let want = [(0..10, 0..8), (6..16, 8..14), (12..20, 14..20)];
        let want = want.map(|(pieces, decides)| Window { pieces, decides });
        assert_eq!(cut, want);
    }

    proptest! {
        #[test]
        fn every_piece_is_decided_once_and_where_it_has_most_context(
            starts_word in proptest::collection::vec(prop::bool::weighted(0.4), 0..300),
            capacity in 2usize..40,
            step in 1usize..40,
        ) {
            let step = step.min(capacity);
            let cut = windows(&starts_word, capacity, step);
            let mut next = 0;
            for window in &cut {
                prop_assert_eq!(window.decides.start, next);
                prop_assert!(window.decides.start >= window.pieces.start);
                prop_assert!(window.decides.end <= window.pieces.end);
                prop_assert!(window.pieces.len() <= capacity);
                next = window.decides.end;
            }
            prop_assert_eq!(next, starts_word.len());
            for (i, window) in cut.iter().enumerate().skip(1) {
                let start = window.pieces.start;
                let none = starts_word[cut[i - 1].pieces.start + 1..start].iter().all(|&s| !s);
                prop_assert!(starts_word[start] || none, "a window starts inside a word");
            }
            // The last window may be short, and then its middle lies further left.
            for window in cut.iter().filter(|w| w.pieces.len() == capacity) {
                let context = |w: &Window, piece: usize| {
                    (piece - w.pieces.start).min(w.pieces.end - 1 - piece)
                };
                for piece in window.decides.clone() {
                    for other in cut.iter().filter(|w| w.pieces.len() == capacity) {
                        if other.pieces.contains(&piece) {
                            prop_assert!(context(other, piece) <= context(window, piece));
                        }
                    }
                }
            }
        }
    }
}

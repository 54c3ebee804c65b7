//! How the sequences of a batch are divided: into a share for each thread, and a share into packs.

use std::ops::Range;

/// How much longer than the mean the longest share may be: more, and the threads had better divide
/// every step.
const UNEVEN: f32 = 1.2;

/// The sequences of a thread: those that start nearest to its part of the tokens.
pub(super) fn share(starts: &[u32], threads: usize, index: usize) -> Range<usize> {
    border(starts, threads, index)..border(starts, threads, index + 1)
}

/// The first sequence of a share.
fn border(starts: &[u32], threads: usize, index: usize) -> usize {
    let total = starts.last().map_or(0, |&end| end as usize);
    let ideal = (total * index).div_ceil(threads.max(1)) as u32;
    let after = starts.partition_point(|&start| start < ideal);
    // Of the two starts around the ideal border the nearer one.
    match after.checked_sub(1) {
        Some(before) if ideal - starts[before] < starts[after] - ideal => before,
        _ => after,
    }
}

/// Whether each thread gets about as much as the others.
pub(super) fn even(starts: &[u32], threads: usize) -> bool {
    let total = starts.last().map_or(0, |&end| end as usize);
    let longest = (0..threads).map(|index| {
        let share = share(starts, threads, index);
        (starts[share.end] - starts[share.start]) as usize
    });
    longest.max().unwrap_or(0) as f32 <= UNEVEN * total as f32 / threads as f32
}

/// Packs of whole sequences, `rows` rows or a little more: each is as short as it can be.
pub(super) fn packs(
    starts: &[u32],
    sequences: Range<usize>,
    rows: usize,
) -> impl Iterator<Item = Range<usize>> {
    let mut first = sequences.start;
    std::iter::from_fn(move || {
        let begin = first;
        let full = starts[begin] as usize + rows;
        while first < sequences.end && (first == begin || (starts[first + 1] as usize) <= full) {
            first += 1;
        }
        (begin < first).then_some(begin..first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(lengths: &[u32]) -> Vec<u32> {
        let mut starts = vec![0];
        starts.extend(lengths.iter().scan(0, |end, length| {
            *end += length;
            Some(*end)
        }));
        starts
    }

    #[test]
    fn shares_cover_all_sequences_once() {
        for lengths in [vec![], vec![5], vec![1, 2, 3], vec![100, 1, 1, 1], vec![7; 40]] {
            let starts = starts(&lengths);
            for threads in 1..6 {
                let mut next = 0;
                for index in 0..threads {
                    let share = share(&starts, threads, index);
                    assert_eq!(share.start, next, "{lengths:?} by {threads}");
                    next = share.end;
                }
                assert_eq!(next, lengths.len());
            }
        }
    }

    #[test]
    fn only_like_shares_are_even() {
        assert!(even(&starts(&[128; 8]), 2));
        assert!(even(&starts(&[128; 8]), 4));
        assert!(!even(&starts(&[128; 3]), 2));
        assert!(!even(&starts(&[32]), 2));
        assert!(!even(&starts(&[400, 20, 20]), 2));
    }

    #[test]
    fn packs_keep_sequences_whole() {
        let starts = starts(&[60, 60, 60, 300, 10, 128, 1]);
        let packs: Vec<_> = packs(&starts, 0..7, 128).collect();
        assert_eq!(packs, [0..2, 2..3, 3..4, 4..5, 5..6, 6..7]);
        assert_eq!(super::packs(&starts, 2..2, 128).count(), 0);
    }
}

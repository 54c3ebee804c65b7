//! Which tokens a layer's attention sees, and what it adds to their scores: all of the sequence, or a
//! window with global tokens (Longformer, Beltagy et al. 2020; local layers of ModernBERT, Warner et al.
//! 2024); a bias by distance (MPNet, after Raffel et al. 2020); rotary positions.

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::Bias;

use crate::engine::rotary::Rotary;

/// Queries of a windowed layer that look at the same keys.
pub(super) const QUERIES: usize = 128;

/// How the tokens of a sequence see each other in a layer. BERT's see all, as they are.
#[derive(Debug, Default)]
pub(crate) struct Sight {
    /// Tokens that are seen on either side; `None`: all.
    window: Option<usize>,
    bias: Option<Diagonals>,
    pub(super) rotary: Option<Arc<Rotary>>,
}

/// What is added to scores by `key - query`: `[heads, 2 * reach + 1]`, or one row for all heads.
#[derive(Debug)]
struct Diagonals {
    values: Vec<f32>,
    reach: usize,
}

impl Diagonals {
    fn of_head(&self, head: usize) -> &[f32] {
        let width = 2 * self.reach + 1;
        if self.values.len() == width {
            &self.values
        } else {
            &self.values[head * width..][..width]
        }
    }
}

/// Some queries of a sequence and the keys that they look at: the first `globals` of the sequence, and
/// `keys`, which begin after those.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    pub(super) queries: Range<usize>,
    pub(super) globals: usize,
    pub(super) keys: Range<usize>,
}

impl View {
    /// All of a sequence.
    pub(super) fn all(queries: Range<usize>, length: usize) -> View {
        View { queries, globals: 0, keys: 0..length }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.globals + self.keys.len()
    }

    /// The keys as one range, where they are one.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        let joined = self.keys.start == self.globals;
        (joined || self.globals == 0).then(|| self.keys.start - self.globals..self.keys.end)
    }

    /// Which token a key is.
    pub(super) fn token(&self, key: usize) -> usize {
        if key < self.globals { key } else { self.keys.start + key - self.globals }
    }
}

impl Sight {
    /// All of a sequence, with a bias for each head and distance from `1 - tokens` to `tokens - 1`.
    pub(crate) fn biased(values: Vec<f32>, tokens: usize) -> Sight {
        Sight { bias: Some(Diagonals { values, reach: tokens - 1 }), ..Sight::default() }
    }

    /// So many tokens on either side.
    pub(crate) fn window(tokens: usize) -> Sight {
        let reach = tokens + QUERIES;
        let value = |at: usize| if at.abs_diff(reach) <= tokens { 0.0 } else { Bias::OUT_OF_SIGHT };
        let values = (0..=2 * reach).map(value).collect();
        let bias = Some(Diagonals { values, reach });
        Sight { window: Some(tokens), bias, rotary: None }
    }

    /// The same with rotary positions.
    pub(crate) fn with_rotary(self, rotary: Arc<Rotary>) -> Sight {
        Sight { rotary: Some(rotary), ..self }
    }

    /// What it has that BERT's attention has not.
    #[cfg(feature = "cuda")]
    pub(super) fn beyond_bert(&self) -> Option<&'static str> {
        match self {
            Sight { window: Some(_), .. } => Some("attention in a window"),
            Sight { rotary: Some(_), .. } => Some("rotary positions"),
            Sight { bias: Some(_), .. } => Some("a position bias"),
            _ => None,
        }
    }

    /// The keys that some queries look at; at most [`QUERIES`] where there is a window.
    pub(super) fn view(&self, queries: Range<usize>, length: usize, globals: usize) -> View {
        let Some(window) = self.window else { return View::all(queries, length) };
        let globals = globals.min(length);
        let end = length.min(queries.end + window).max(globals);
        let keys = queries.start.saturating_sub(window).clamp(globals, end)..end;
        View { queries, globals, keys }
    }

    /// The views of a whole sequence, each with as many queries as look at the same keys.
    pub(super) fn views(&self, length: usize, globals: usize) -> impl Iterator<Item = View> + '_ {
        let step = if self.window.is_some() { QUERIES } else { length.max(1) };
        let block = move |first: usize| first..length.min(first + step);
        (0..length).step_by(step).map(move |first| self.view(block(first), length, globals))
    }

    /// What is added to the scores of a view.
    pub(super) fn bias(&self, head: usize, view: &View) -> Option<Bias<'_>> {
        let diagonals = self.bias.as_ref()?;
        let start = diagonals.reach + view.keys.start - view.queries.start;
        Some(Bias { first: view.globals, values: diagonals.of_head(head), start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_each_query_its_neighbours_and_the_global_tokens_once() {
        for (window, length, globals) in [
            (2, 7, 0),
            (64, 500, 0),
            (64, 500, 1),
            (3, 300, 9),
            (200, 300, 5),
            (1, 1, 1),
            (4, 300, 300),
        ] {
            let sight = Sight::window(window);
            let mut queries = 0;
            for view in sight.views(length, globals) {
                assert_eq!(view.queries.start, queries);
                queries = view.queries.end;
                let bias = sight.bias(0, &view).unwrap();
                for (row, query) in view.queries.clone().enumerate() {
                    let added = bias.of(row, view.len());
                    let local = (globals..length).filter(|key| key.abs_diff(query) <= window);
                    let want: Vec<usize> = (0..globals).chain(local).collect();
                    let seen = (0..view.len())
                        .filter(|&key| key < view.globals || added[key - view.globals] == 0.0);
                    let seen: Vec<usize> = seen.map(|key| view.token(key)).collect();
                    assert_eq!(seen, want, "query {query} of {length}, window {window}");
                }
                if let Some(range) = view.range() {
                    assert!(range.enumerate().all(|(key, token)| view.token(key) == token));
                }
            }
            assert_eq!(queries, length);
        }
    }

    #[test]
    fn a_bias_is_that_of_the_head_and_the_distance() {
        let tokens = 5;
        let sight = Sight::biased((0..18).map(|value| value as f32).collect(), tokens);
        for queries in [0..3, 1..3] {
            let view = sight.view(queries.clone(), 3, 0);
            for head in 0..2 {
                let bias = sight.bias(head, &view).unwrap();
                for (row, query) in queries.clone().enumerate() {
                    let want: Vec<f32> =
                        (0..3).map(|key| (9 * head + 4 + key - query) as f32).collect();
                    assert_eq!(bias.of(row, 3), want);
                }
            }
        }
    }
}

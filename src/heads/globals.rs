//! Which tokens of a sequence see all others, where the rest sees a window.

use crate::heads::spec::{HeadSpec, Kind, Task};

/// Which tokens see all others and are seen by all, where the others see a window (Longformer): those
/// that `transformers` chooses for the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Globals {
    None,
    /// `[CLS]`.
    First,
    /// `[CLS]` and the first of two texts.
    Question,
}

impl Globals {
    /// Those of a head's task.
    pub(crate) fn of(spec: &HeadSpec) -> Globals {
        match (spec.task(), spec.kind) {
            (Task::Ner | Task::Assertion, _) => Globals::None,
            (Task::Re | Task::Classify, _) | (Task::Qa, Kind::Cls) => Globals::First,
            (Task::Qa, _) => Globals::Question,
        }
    }

    /// How many tokens that is, of a first text of so many pieces.
    pub(crate) fn tokens(self, first: usize) -> usize {
        match self {
            Globals::None => 0,
            Globals::First => 1,
            Globals::Question => 1 + first,
        }
    }
}

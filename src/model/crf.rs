//! The conditional random field of a checkpoint, under the names that the usual packages give its scores. In
//! all of them a row is the label that comes before.

use crate::error::Result;
use crate::heads::crf::Crf;
use crate::state_dict::StateDict;

/// Names of the transitions, and of the scores of the first and the last label.
const NAMES: [[&str; 3]; 2] = [
    // pytorch-crf and AllenNLP.
    ["transitions", "start_transitions", "end_transitions"],
    // TorchCRF.
    ["trans_matrix", "start_trans", "end_trans"],
];

/// What modules that hold one are called.
const MODULES: [&str; 3] = ["crf", "crf_layer", "CRF"];

/// AllenNLP's table of what may follow what: after the labels stand the start and the end.
const MASK: &str = "_constraint_mask";

/// What AllenNLP adds where its table forbids.
const FORBIDDEN: f32 = -10_000.0;

/// The field of a checkpoint; `None`: it has none of a form that is known.
pub(super) fn read(dict: &dyn StateDict, labels: usize) -> Result<Option<Crf>> {
    let all = || MODULES.iter().flat_map(|module| NAMES.map(|names| (module, names)));
    // The start is what tells these forms from others, which have the same name for another table.
    let is_there = |name: &str| dict.shape(name).is_some();
    let found = all().find(|(module, [_, start, _])| is_there(&format!("{module}.{start}")));
    let Some((module, [transitions, start, end])) = found else { return Ok(None) };
    let tensor = |name: &str, shape: &[usize]| dict.f32(&format!("{module}.{name}"), shape);
    let mut crf = Crf {
        transitions: tensor(transitions, &[labels, labels])?,
        start: tensor(start, &[labels])?,
        end: tensor(end, &[labels])?,
    };
    if is_there(&format!("{module}.{MASK}")) {
        let side = labels + 2;
        let mask = tensor(MASK, &[side, side])?;
        let weigh = |score: &mut f32, from: usize, to: usize| {
            let allowed = mask[from * side + to];
            *score = *score * allowed + FORBIDDEN * (1.0 - allowed);
        };
        for label in 0..labels {
            let row = crf.transitions[label * labels..][..labels].iter_mut().enumerate();
            row.for_each(|(to, score)| weigh(score, label, to));
            weigh(&mut crf.start[label], labels, label);
            weigh(&mut crf.end[label], label, labels + 1);
        }
    }
    Ok(Some(crf))
}

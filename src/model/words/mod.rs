//! A head for entities that reads words: the mean over a word's pieces and over all layers of the
//! encoder, both directions of an LSTM, and a CRF over the labels (Lample et al. 2016). The mean does
//! as well as a learned mix of the layers (Peters et al. 2018), and a seventh of the numbers need be
//! kept while a head is trained.

pub(crate) mod crf;
pub(crate) mod lstm;

use biobert_kernels::{Matrix, MatrixMut, Panels};

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::model::head::{HeadSpec, linear};
use crate::model::shape::Shape;
use crate::model::state_dict::StateDict;
use crate::model::weights::{Linear, Norm};
use crate::model::words::crf::Crf;
use crate::model::words::lstm::{DIRECTIONS, Direction, Steps};
use crate::tasks::Tag;

/// Added to the variance of a norm.
pub(crate) const EPS: f32 = 1e-5;

/// The names of a direction's tensors, as PyTorch's LSTM has them.
pub(crate) fn names(direction: Direction) -> [&'static str; 3] {
    match direction {
        Direction::Forward => ["lstm.weight_ih_l0", "lstm.bias_ih_l0", "lstm.weight_hh_l0"],
        Direction::Backward => {
            ["lstm.weight_ih_l0_reverse", "lstm.bias_ih_l0_reverse", "lstm.weight_hh_l0_reverse"]
        }
    }
}

/// The weights of such a head.
#[derive(Debug)]
pub(crate) struct Words {
    norm: Norm,
    /// Each direction's input layer, `[hidden, 4 * width]`, and recurrent one, `[width, 4 * width]`.
    directions: Vec<(Linear, Panels)>,
    classifier: Linear,
    crf: Crf,
}

/// A label of a word, as an index, with its probability.
pub(crate) type Labelled = (usize, f32);

impl Words {
    /// `norm.{weight,bias} [hidden]`, PyTorch's names for an LSTM, `classifier.{weight,bias}`, `crf.transitions [labels, labels]`, `crf.start [labels]`.
    pub(crate) fn read(dict: &dyn StateDict, spec: &HeadSpec, shape: Shape) -> Result<Words> {
        let (labels, hidden) = (spec.labels.len(), shape.hidden);
        let width = match dict.shape("lstm.weight_hh_l0").as_deref() {
            Some(&[_, width]) if (1..=4096).contains(&width) => width,
            _ => {
                return Err(Error::model(
                    dict.file_name(),
                    "lstm.weight_hh_l0 has no usable width",
                ));
            }
        };
        let norm = Norm {
            scale: dict.f32("norm.weight", &[hidden])?,
            shift: dict.f32("norm.bias", &[hidden])?,
            eps: EPS,
        };
        let direction = |direction| {
            let [input, bias, recurrent] = names(direction);
            let weight = dict.f32(input, &[4 * width, hidden])?;
            let bias = dict.f32(bias, &[4 * width])?;
            let weight = Panels::pack(hidden, 4 * width, |k, n| weight[n * hidden + k]);
            let recurrent = dict.f32(recurrent, &[4 * width, width])?;
            let recurrent = Panels::pack(width, 4 * width, |k, n| recurrent[n * width + k]);
            Ok((Linear { weight, bias }, recurrent))
        };
        let mut crf = Crf {
            transitions: dict.f32("crf.transitions", &[labels, labels])?,
            start: dict.f32("crf.start", &[labels])?,
        };
        let entity = spec.plain_entity();
        let tags: Vec<Tag> = spec.labels.iter().map(|label| Tag::parse(label, &entity)).collect();
        crf.constrain(&tags);
        Ok(Words {
            norm,
            directions: DIRECTIONS.into_iter().map(direction).collect::<Result<_>>()?,
            classifier: linear(dict, "classifier", 2 * width, labels)?,
            crf,
        })
    }

    /// Labels the words of one sequence by their means, `[words, hidden]`.
    pub(crate) fn label(
        &self,
        engine: &Engine,
        means: Vec<f32>,
        temperature: f32,
    ) -> Vec<Labelled> {
        let emissions = self.emissions(engine, means);
        let count = self.crf.start.len();
        let probabilities = self.crf.marginals(&emissions, temperature);
        let rows = probabilities.chunks_exact(count);
        let best = self.crf.best(&emissions).into_iter();
        best.zip(rows).map(|(label, row)| (label, row[label])).collect()
    }

    /// What the words say of their labels, `[words, labels]`.
    fn emissions(&self, engine: &Engine, mut words: Vec<f32>) -> Vec<f32> {
        let kernel = engine.workers().kernel();
        let hidden = self.norm.scale.len();
        let width = self.directions[0].1.k();
        let count = words.len() / hidden;
        for word in words.chunks_exact_mut(hidden) {
            kernel.layer_norm(word, &self.norm.scale, &self.norm.shift, self.norm.eps);
        }
        let mut read = vec![0.0; count * 2 * width];
        for (index, ((input, recurrent), direction)) in
            self.directions.iter().zip(DIRECTIONS).enumerate()
        {
            let mut gates = vec![0.0; count * 4 * width];
            let rows = Matrix::new(&words, count, hidden, hidden);
            kernel.matmul(
                rows,
                &input.weight,
                MatrixMut::new(&mut gates, count, 4 * width, 4 * width),
            );
            gates.chunks_exact_mut(4 * width).for_each(|row| kernel.add(row, &input.bias));
            let steps = Steps::new(&[0, count], direction);
            let tape =
                lstm::run(kernel, &steps, recurrent, |row| &gates[row * 4 * width..][..4 * width]);
            lstm::scatter(&tape, &steps, width, &mut read, 2 * width, index * width);
        }
        let labels = self.classifier.weight.n();
        let mut emissions = vec![0.0; count * labels];
        let rows = Matrix::new(&read, count, 2 * width, 2 * width);
        kernel.matmul(
            rows,
            &self.classifier.weight,
            MatrixMut::new(&mut emissions, count, labels, labels),
        );
        emissions.chunks_exact_mut(labels).for_each(|row| kernel.add(row, &self.classifier.bias));
        emissions
    }
}

/// The first pieces of the words of a sequence. What stands before the first word, the rest of one
/// that was cut, counts as a word.
pub(crate) fn word_pieces(starts_word: &[bool]) -> impl Iterator<Item = usize> {
    let starts = starts_word.iter().enumerate();
    starts.filter(|&(piece, &starts)| starts || piece == 0).map(|(piece, _)| piece)
}

/// The words of one sequence: means over their pieces and over layers, `[words, hidden]`. `layers` has
/// the states of the embeddings and of every layer, each `[pieces, hidden]`.
pub(crate) fn means(layers: &[&[f32]], starts_word: &[bool], hidden: usize) -> Vec<f32> {
    let firsts: Vec<usize> = word_pieces(starts_word).collect();
    let ends = firsts.iter().skip(1).copied().chain([starts_word.len()]);
    let mut words = vec![0.0; firsts.len() * hidden];
    for ((word, &first), end) in words.chunks_exact_mut(hidden).zip(&firsts).zip(ends) {
        for layer in layers {
            for state in layer[first * hidden..end * hidden].chunks_exact(hidden) {
                for (sum, value) in word.iter_mut().zip(state) {
                    *sum += value;
                }
            }
        }
        let count = ((end - first) * layers.len()) as f32;
        word.iter_mut().for_each(|sum| *sum /= count);
    }
    words
}

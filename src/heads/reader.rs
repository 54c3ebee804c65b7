//! What a head that was trained on the device reads with: a mix of the encoder's layers (Peters et al.
//! 2018), a norm, a body, a classifier. Its rows are words, places of a sentence or tokens; what
//! becomes of its logits is the head's business.

use biobert_kernels::Panels;

use crate::engine::linear::Linear;
use crate::engine::weights::Norm;
use crate::engine::{Engine, Shape};
use crate::error::{Error, Result};
use crate::heads::linear::linear;
use crate::heads::lstm::{self, DIRECTIONS, Direction, Steps};
use crate::heads::mix::Mix;
use crate::state_dict::StateDict;

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
pub(crate) struct Reader {
    pub(crate) mix: Mix,
    norm: Option<Norm>,
    body: Body,
    classifier: Linear,
}

/// What stands between the norm and the classifier.
#[derive(Debug)]
enum Body {
    Nothing,
    /// An LSTM over the rows, in both directions (Lample et al. 2016): each one's input layer,
    /// `[hidden, 4 * width]`, and recurrent one, `[width, 4 * width]`.
    Lstm(Vec<(Linear, Panels)>),
    /// A layer with rectified units.
    Hidden(Linear),
}

impl Reader {
    /// `mix [places, layers + 1]`, `norm.{weight,bias} [hidden]` or none, PyTorch's names for an LSTM
    /// or `hidden.{weight,bias}` or neither, `classifier.{weight,bias}`.
    pub(crate) fn read(
        dict: &dyn StateDict,
        labels: usize,
        places: usize,
        shape: Shape,
    ) -> Result<Reader> {
        let hidden = shape.hidden;
        let layers = shape.layers + 1;
        let mix = Mix::new(dict.f32("mix", &[places, layers])?, layers);
        let norm = match dict.shape("norm.weight") {
            Some(_) => Some(Norm {
                pre: false,
                scale: dict.f32("norm.weight", &[hidden])?,
                shift: dict.f32("norm.bias", &[hidden])?,
                eps: EPS,
            }),
            None => None,
        };
        let usable = |name: &str, width: Option<usize>| match width {
            Some(width) if (1..=4096).contains(&width) => Ok(width),
            _ => Err(Error::model(dict.file_name(), format!("{name} has no usable width"))),
        };
        let recurrent = "lstm.weight_hh_l0";
        let (body, width) = if let Some(shape) = dict.shape(recurrent) {
            let width = usable(recurrent, shape.get(1).copied())?;
            (Body::lstm(dict, hidden, width)?, 2 * width)
        } else if let Some(shape) = dict.shape("hidden.weight") {
            let width = usable("hidden.weight", shape.first().copied())?;
            (Body::Hidden(linear(dict, "hidden", places * hidden, width)?), width)
        } else {
            (Body::Nothing, places * hidden)
        };
        Ok(Reader { mix, norm, body, classifier: linear(dict, "classifier", width, labels)? })
    }

    /// The logits of one sequence's rows, `[rows, hidden]` after the mix → `[rows / places, labels]`.
    pub(crate) fn logits(&self, engine: &Engine, mut rows: Vec<f32>) -> Vec<f32> {
        let kernel = engine.workers().kernel();
        if let Some(norm) = &self.norm {
            for row in rows.chunks_exact_mut(norm.scale.len()) {
                kernel.layer_norm(row, &norm.scale, &norm.shift, norm.eps);
            }
        }
        let rows = match &self.body {
            Body::Nothing => rows,
            Body::Hidden(layer) => {
                let mut hidden = layer.apply(engine, &rows);
                hidden.iter_mut().for_each(|value| *value = value.max(0.0));
                hidden
            }
            Body::Lstm(directions) => {
                let width = directions[0].1.k();
                let count = rows.len() / directions[0].0.weight.k();
                let mut read = vec![0.0; count * 2 * width];
                for (index, ((input, recurrent), direction)) in
                    directions.iter().zip(DIRECTIONS).enumerate()
                {
                    let gates = input.apply(engine, &rows);
                    let steps = Steps::new(&[0, count], direction);
                    let tape = lstm::run(kernel, &steps, recurrent, |row| {
                        &gates[row * 4 * width..][..4 * width]
                    });
                    lstm::scatter(&tape, &steps, width, &mut read, 2 * width, index * width);
                }
                read
            }
        };
        self.classifier.apply(engine, &rows)
    }
}

impl Body {
    fn lstm(dict: &dyn StateDict, hidden: usize, width: usize) -> Result<Body> {
        let direction = |direction| {
            let [input, bias, recurrent] = names(direction);
            let weight = dict.f32(input, &[4 * width, hidden])?;
            let bias = dict.f32(bias, &[4 * width])?;
            let weight = Panels::pack(hidden, 4 * width, |k, n| weight[n * hidden + k]);
            let recurrent = dict.f32(recurrent, &[4 * width, width])?;
            let recurrent = Panels::pack(width, 4 * width, |k, n| recurrent[n * width + k]);
            Ok((Linear { weight, bias }, recurrent))
        };
        Ok(Body::Lstm(DIRECTIONS.into_iter().map(direction).collect::<Result<_>>()?))
    }
}

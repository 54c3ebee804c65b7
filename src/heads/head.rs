//! A head, ready to run: its weights, and the logits that they make of states.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::{FloatEnv, math};

use crate::engine::linear::Linear;
use crate::engine::{Engine, Shape, States, Taken};
use crate::error::Result;
use crate::heads::crf::{Crf, Labelled};
use crate::heads::linear::{linear, norm};
use crate::heads::reader::Reader;
use crate::heads::spec::{ClsPooling, HeadSpec, Kind};
use crate::heads::transform::Transform;
use crate::state_dict::StateDict;

/// What turns a state into logits.
#[derive(Debug)]
pub(crate) enum Weights {
    /// One linear layer.
    Linear(Linear),
    /// One linear layer; a CRF chooses among what it says of a sequence's tokens.
    Tagger { classifier: Linear, crf: Crf },
    /// A pooler, a linear layer and an activation, before it.
    Pooled { pooler: Linear, classifier: Linear },
    /// A dense layer, GELU and a norm before it.
    Transformed { transform: Transform, classifier: Linear },
    /// What reads all layers; words' labels are chosen by a CRF.
    Reader { reader: Box<Reader>, crf: Option<Crf> },
    /// Nothing: the encoder is an ONNX graph that gives logits itself.
    Graph,
}

impl Weights {
    /// `classifier.*`, and `pooler.*`, `dense.*` and `norm.*`, or `crf.*` where the specification asks for them; of a head that reads all
    /// layers those of [`Reader`], and of [`Kind::Words`] those of [`Crf`] too.
    pub(crate) fn read(dict: &dyn StateDict, spec: &HeadSpec, shape: Shape) -> Result<Weights> {
        if spec.kind.reads_layers() {
            let labels = spec.labels.len();
            let reader = Box::new(Reader::read(dict, labels, spec.places(), shape)?);
            let crf = match spec.kind {
                Kind::Words => Some(Crf::read(dict, &spec.tags())?),
                _ => None,
            };
            return Ok(Weights::Reader { reader, crf });
        }
        let hidden = shape.hidden;
        let classifier = linear(dict, "classifier", hidden, spec.labels.len())?;
        if let Some(eps) = spec.transform_eps {
            let dense = linear(dict, "dense", hidden, hidden)?;
            let norm = norm(dict, "norm", hidden, eps)?;
            return Ok(Weights::Transformed { transform: Transform { dense, norm }, classifier });
        }
        if spec.pooling().is_some_and(ClsPooling::has_pooler) {
            let pooler = linear(dict, "pooler", hidden, hidden)?;
            return Ok(Weights::Pooled { pooler, classifier });
        }
        if spec.has_token_crf() {
            let crf = Crf::read_of_tokens(dict, spec.labels.len())?;
            return Ok(Weights::Tagger { classifier, crf });
        }
        Ok(Weights::Linear(classifier))
    }
}

/// A head, ready to run.
#[derive(Debug)]
pub struct Head {
    /// Its name in the model.
    pub name: Arc<str>,
    /// What its outputs mean.
    pub spec: HeadSpec,
    pub(crate) weights: Weights,
}

impl Head {
    /// A head without weights of its own.
    #[cfg(test)]
    pub(crate) fn untrained(name: &str, spec: HeadSpec) -> Head {
        Head { name: name.into(), spec, weights: Weights::Graph }
    }

    /// Logits of states, `[rows, hidden]` → `[rows, labels]`, divided by the head's temperature.
    pub(crate) fn logits(&self, engine: &Engine, states: &[f32]) -> Vec<f32> {
        let _env = FloatEnv::standard();
        let mut logits = match &self.weights {
            Weights::Linear(classifier) | Weights::Tagger { classifier, .. } => {
                classifier.apply(engine, states)
            }
            Weights::Pooled { pooler, classifier } => {
                let mut pooled = pooler.apply(engine, states);
                let activate = match self.spec.pooling() {
                    Some(ClsPooling::PoolerRelu) => {
                        |value: f32| if value < 0.0 { 0.0 } else { value }
                    }
                    Some(ClsPooling::PoolerGelu) => math::gelu,
                    _ => math::tanh,
                };
                pooled.iter_mut().for_each(|value| *value = activate(*value));
                classifier.apply(engine, &pooled)
            }
            Weights::Transformed { transform, classifier } => {
                classifier.apply(engine, &transform.apply(engine, states))
            }
            Weights::Graph | Weights::Reader { .. } => states.to_vec(),
        };
        self.temper(&mut logits);
        logits
    }

    /// What it reads of the last states of a sequence.
    pub(crate) fn rows<'a>(&self, states: &'a [f32], hidden: usize) -> Cow<'a, [f32]> {
        match (self.spec.kind, self.spec.pooling()) {
            (Kind::Cls, Some(ClsPooling::Mean)) => {
                let mut mean = vec![0.0; hidden];
                for state in states.chunks_exact(hidden) {
                    mean.iter_mut().zip(state).for_each(|(mean, value)| *mean += value);
                }
                let tokens = (states.len() / hidden) as f32;
                mean.iter_mut().for_each(|value| *value /= tokens);
                mean.into()
            }
            (Kind::Cls, _) => states[..hidden].into(),
            _ => states.into(),
        }
    }

    fn temper(&self, logits: &mut [f32]) {
        if let Some(temperature) = self.spec.calibration {
            logits.iter_mut().for_each(|logit| *logit /= temperature);
        }
    }

    /// The states that it wants of the encoder.
    pub(crate) fn taken(&self) -> Taken {
        if self.spec.kind.reads_layers() { Taken::All } else { Taken::Last }
    }

    /// The logits of one sequence, of whose states those that it [wants](Head::taken) are given:
    /// of its tokens, `[tokens, labels]`, or of the sequence, `[labels]`. `places` are ranges of tokens,
    /// `[CLS]` among them, for a head of [`Kind::Places`].
    pub(crate) fn sequence_logits(
        &self,
        engine: &Engine,
        states: &States<'_>,
        places: &[Range<usize>],
    ) -> Vec<f32> {
        let hidden = states.hidden();
        let Weights::Reader { reader, .. } = &self.weights else {
            return self.logits(engine, &self.rows(states.last(), hidden));
        };
        let _env = FloatEnv::standard();
        let layers: Vec<&[f32]> = states.layers().collect();
        let rows = match self.spec.kind {
            Kind::Places => reader.mix.rows(&layers, places.iter().cloned(), hidden),
            _ => reader.mix.rows(&layers, (0..states.tokens()).map(|at| at..at + 1), hidden),
        };
        let mut logits = reader.logits(engine, rows);
        self.temper(&mut logits);
        logits
    }

    /// The labels of all tokens of one sequence, `[CLS]` and `[SEP]` among them, which a CRF chooses together;
    /// `None` of a head that has none.
    pub(crate) fn token_labels(
        &self,
        engine: &Engine,
        states: &States<'_>,
    ) -> Option<Vec<Labelled>> {
        let Weights::Tagger { classifier, crf } = &self.weights else { return None };
        let _env = FloatEnv::standard();
        let emissions = classifier.apply(engine, states.last());
        Some(crf.label(&emissions, self.spec.calibration.unwrap_or(1.0)))
    }

    /// The labels of one sequence's words, which are ranges of tokens, for a head of [`Kind::Words`].
    pub(crate) fn word_labels(
        &self,
        engine: &Engine,
        states: &States<'_>,
        words: impl Iterator<Item = Range<usize>>,
    ) -> Vec<Labelled> {
        let Weights::Reader { reader, crf: Some(crf) } = &self.weights else { return Vec::new() };
        let layers: Vec<&[f32]> = states.layers().collect();
        let emissions = reader.logits(engine, reader.mix.rows(&layers, words, states.hidden()));
        crf.label(&emissions, self.spec.calibration.unwrap_or(1.0))
    }
}

//! How what is known of two codes comes to the probability that a document relates them: two logistic regressions,
//! one for codes that share a sentence and one for those that do not.
//!
//! They were fitted on the development set of BC5CDR (500 abstracts, 1,012 relations), with scores of a head that was
//! trained for this purpose on the training set alone: the model's own `cid` has learnt from both sets, and what it
//! says of these texts is truer than what it says of new ones. Cross-validation chose features and threshold.

/// Relations that are at least so likely are given: what makes F1 highest.
pub(super) const LEAST: f32 = 0.34;

/// What is known of two codes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Features {
    /// The highest score of two of their mentions in one sentence, in logits; `None` where they share none.
    pub(super) best: Option<f32>,
    /// The highest score of any two codes of the document, in logits.
    pub(super) highest: f32,
    /// Logarithm of the distance of the nearest mentions, in sentences.
    pub(super) distance: f32,
    /// 1 if the first code is in the first sentence, such as a title; else 0.
    pub(super) opens: f32,
    /// Mentions of the first code, as a part of those of the most frequent first code.
    pub(super) frequency: f32,
    /// Mentions of the second code, as a part of those of all second codes.
    pub(super) share: f32,
    /// Logarithms of how many first and second codes the document has.
    pub(super) codes: [f32; 2],
}

/// What each feature adds to the logit; `base` stands there always.
struct Weights {
    base: f32,
    best: f32,
    highest: f32,
    distance: f32,
    opens: f32,
    frequency: f32,
    share: f32,
    codes: [f32; 2],
}

/// Of codes that share a sentence.
const TOGETHER: Weights = Weights {
    base: -1.654,
    best: 0.694,
    highest: -0.462,
    distance: 0.0,
    opens: 0.190,
    frequency: 0.640,
    share: 2.078,
    codes: [-0.179, 0.257],
};

/// Of codes that do not.
const APART: Weights = Weights {
    base: -5.035,
    best: 0.0,
    highest: -0.403,
    distance: -0.373,
    opens: 0.799,
    frequency: 1.921,
    share: 3.083,
    codes: [-0.390, 0.816],
};

impl Features {
    /// The probability that the document relates the two.
    pub(super) fn probability(&self) -> f32 {
        let weights = if self.best.is_some() { &TOGETHER } else { &APART };
        let logit = weights.base
            + weights.best * self.best.unwrap_or_default()
            + weights.highest * self.highest
            + weights.distance * self.distance
            + weights.opens * self.opens
            + weights.frequency * self.frequency
            + weights.share * self.share
            + weights.codes[0] * self.codes[0]
            + weights.codes[1] * self.codes[1];
        1.0 / (1.0 + (-logit).exp())
    }
}

/// The logit of a probability, which is taken for no more certain than 99 in 100.
pub(super) fn logit(probability: f32) -> f32 {
    let probability = probability.clamp(0.01, 0.99);
    (probability / (1.0 - probability)).ln()
}

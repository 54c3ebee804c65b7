//! The families of encoders that run on the fast path, by the `model_type` that `transformers` gives them.

/// A family of encoders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// BERT (Devlin et al. 2019), and BioBERT, PubMedBERT, ClinicalBERT with it.
    Bert,
    /// RoBERTa (Liu et al. 2019) and XLM-R.
    Roberta,
    /// DistilBERT (Sanh et al. 2019).
    DistilBert,
    /// ELECTRA (Clark et al. 2020): embeddings may be narrower than states.
    Electra,
    /// Megatron-BERT (Shoeybi et al. 2020), with it BioMegatron and GatorTron: norms before.
    MegatronBert,
    /// MPNet (Song et al. 2020): a relative position bias.
    MpNet,
    /// ModernBERT (Warner et al. 2024): rotary positions, gated units, local attention.
    ModernBert,
    /// Longformer (Beltagy et al. 2020): a window, and global tokens.
    Longformer,
}

/// `model_type`, how the names of its classes begin, family.
const FAMILIES: [(&str, &str, Family); 10] = [
    ("bert", "Bert", Family::Bert),
    ("roberta", "Roberta", Family::Roberta),
    ("xlm-roberta", "XLMRoberta", Family::Roberta),
    ("camembert", "Camembert", Family::Roberta),
    ("distilbert", "DistilBert", Family::DistilBert),
    ("electra", "Electra", Family::Electra),
    ("megatron-bert", "MegatronBert", Family::MegatronBert),
    ("mpnet", "MPNet", Family::MpNet),
    ("modernbert", "ModernBert", Family::ModernBert),
    ("longformer", "Longformer", Family::Longformer),
];

impl Family {
    /// The family of a `model_type`.
    pub(crate) fn of_type(model_type: &str) -> Option<Family> {
        FAMILIES.iter().find(|(name, ..)| *name == model_type).map(|(.., family)| *family)
    }

    /// The family of a class of `transformers`, such as `BertForTokenClassification`.
    pub(super) fn of_class(class: &str) -> Option<Family> {
        FAMILIES.iter().find(|(_, begin, _)| class.starts_with(begin)).map(|(.., family)| *family)
    }

    /// Every `model_type` there is.
    pub(super) fn types() -> String {
        FAMILIES.map(|(name, ..)| name).join(", ")
    }

    /// What a message calls an encoder of it.
    pub(crate) fn a_name(self) -> &'static str {
        match self {
            Family::Bert => "a BERT",
            Family::Roberta => "a RoBERTa",
            Family::DistilBert => "a DistilBERT",
            Family::Electra => "an ELECTRA",
            Family::MegatronBert => "a Megatron-BERT",
            Family::MpNet => "an MPNet",
            Family::ModernBert => "a ModernBERT",
            Family::Longformer => "a Longformer",
        }
    }

    /// Whether positions begin after the padding's id and two separators stand between two texts, as in
    /// fairseq.
    pub(crate) fn follows_fairseq(self) -> bool {
        matches!(self, Family::Roberta | Family::MpNet | Family::Longformer)
    }

    /// Whether a second text is in a segment of its own.
    pub(crate) fn has_segments(self) -> bool {
        matches!(self, Family::Bert | Family::Electra | Family::MegatronBert)
    }

    /// Whether positions are rows of a table.
    pub(crate) fn has_position_table(self) -> bool {
        self != Family::ModernBert
    }

    /// Whether layers normalise what they read, and not what they give.
    pub(crate) fn has_pre_norm(self) -> bool {
        matches!(self, Family::MegatronBert | Family::ModernBert)
    }

    /// Whether the embeddings are normalised themselves.
    pub(crate) fn has_embedding_norm(self) -> bool {
        self != Family::MegatronBert
    }

    /// Whether the feed-forward block has gates.
    pub(crate) fn is_gated(self) -> bool {
        self == Family::ModernBert
    }

    /// Whether some tokens see all and are seen by all, by products of their own.
    pub(crate) fn has_globals(self) -> bool {
        self == Family::Longformer
    }
}

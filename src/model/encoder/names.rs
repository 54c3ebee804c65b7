//! What the families call the tensors of an encoder, as `transformers` names them.

use crate::files::config::Family;

/// The names of a family's tensors, without `.weight` and `.bias`.
pub(super) struct Names {
    /// Stands before all of them in a checkpoint with a head.
    pub(super) prefix: &'static str,
    pub(super) word: &'static str,
    pub(super) position: &'static str,
    pub(super) segment: &'static str,
    /// `None`: the first layer begins with a norm.
    pub(super) embedding_norm: Option<&'static str>,
    /// Stands before the number of a layer.
    pub(super) layer: &'static str,
    pub(super) qkv: Qkv,
    pub(super) global_qkv: Option<[&'static str; 3]>,
    pub(super) attention_output: &'static str,
    pub(super) intermediate: &'static str,
    pub(super) output: &'static str,
    pub(super) norms: Norms,
}

/// Query, key and value.
pub(super) enum Qkv {
    Three([&'static str; 3]),
    One(&'static str),
}

/// Where a layer normalises.
pub(super) enum Norms {
    /// After attention and after the feed-forward block, states and all.
    After { attention: &'static str, feed_forward: &'static str },
    /// Before them, and once at the end.
    Before { attention: &'static str, feed_forward: &'static str, end: &'static str },
}

const BERT: Names = Names {
    prefix: "bert.",
    word: "embeddings.word_embeddings",
    position: "embeddings.position_embeddings",
    segment: "embeddings.token_type_embeddings",
    embedding_norm: Some("embeddings.LayerNorm"),
    layer: "encoder.layer.",
    qkv: Qkv::Three(["attention.self.query", "attention.self.key", "attention.self.value"]),
    global_qkv: None,
    attention_output: "attention.output.dense",
    intermediate: "intermediate.dense",
    output: "output.dense",
    norms: Norms::After {
        attention: "attention.output.LayerNorm",
        feed_forward: "output.LayerNorm",
    },
};

const DISTILBERT: Names = Names {
    prefix: "distilbert.",
    layer: "transformer.layer.",
    qkv: Qkv::Three(["attention.q_lin", "attention.k_lin", "attention.v_lin"]),
    attention_output: "attention.out_lin",
    intermediate: "ffn.lin1",
    output: "ffn.lin2",
    norms: Norms::After { attention: "sa_layer_norm", feed_forward: "output_layer_norm" },
    ..BERT
};

const MEGATRON_BERT: Names = Names {
    embedding_norm: None,
    norms: Norms::Before { attention: "attention.ln", feed_forward: "ln", end: "encoder.ln" },
    ..BERT
};

const MPNET: Names = Names {
    prefix: "mpnet.",
    qkv: Qkv::Three(["attention.attn.q", "attention.attn.k", "attention.attn.v"]),
    attention_output: "attention.attn.o",
    norms: Norms::After { attention: "attention.LayerNorm", feed_forward: "output.LayerNorm" },
    ..BERT
};

const MODERNBERT: Names = Names {
    prefix: "model.",
    word: "embeddings.tok_embeddings",
    embedding_norm: Some("embeddings.norm"),
    layer: "layers.",
    qkv: Qkv::One("attn.Wqkv"),
    attention_output: "attn.Wo",
    intermediate: "mlp.Wi",
    output: "mlp.Wo",
    norms: Norms::Before { attention: "attn_norm", feed_forward: "mlp_norm", end: "final_norm" },
    ..BERT
};

const LONGFORMER: Names = Names {
    prefix: "longformer.",
    global_qkv: Some([
        "attention.self.query_global",
        "attention.self.key_global",
        "attention.self.value_global",
    ]),
    ..BERT
};

/// Of what is narrower than the states (ELECTRA).
pub(super) const PROJECT: &str = "embeddings_project";
/// The biases of distances, by bucket and head (MPNet).
pub(super) const RELATIVE: &str = "encoder.relative_attention_bias.weight";

impl Names {
    pub(super) fn of(family: Family) -> Names {
        match family {
            Family::Bert => BERT,
            Family::Roberta => Names { prefix: "roberta.", ..BERT },
            Family::DistilBert => DISTILBERT,
            Family::Electra => Names { prefix: "electra.", ..BERT },
            Family::MegatronBert => MEGATRON_BERT,
            Family::MpNet => MPNET,
            Family::ModernBert => MODERNBERT,
            Family::Longformer => LONGFORMER,
        }
    }
}

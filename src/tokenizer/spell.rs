//! The algorithm that spells words, and the ids of added tokens, as the `tokenizers` crate takes them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use ahash::AHashMap;
use tokenizers::models::{ModelWrapper, TrainerWrapper};
use tokenizers::{
    DecoderWrapper, Model, NormalizerWrapper, PostProcessorWrapper, PreTokenizerWrapper, Token,
    TokenizerImpl,
};

use crate::tokenizer::added::AddedTokens;

/// The crate's tokenizer with our model.
pub(super) type Inner = TokenizerImpl<
    Speller,
    NormalizerWrapper,
    PreTokenizerWrapper,
    PostProcessorWrapper,
    DecoderWrapper,
>;

/// A model of the crate's that knows the ids of added tokens. By itself the crate would number them in
/// the order in which they come, whatever their files say.
#[derive(Debug, Clone)]
pub(super) struct Speller {
    model: ModelWrapper,
    added: AHashMap<String, u32>,
}

impl Speller {
    pub(super) fn new(mut model: ModelWrapper, added: &AddedTokens) -> Speller {
        // It would keep words of texts, and some of them for as long as a thread lives.
        model.resize_cache(0);
        let added = added.iter().map(|(id, token)| (token.content.clone(), id)).collect();
        Speller { model, added }
    }
}

impl Model for Speller {
    type Trainer = TrainerWrapper;

    fn tokenize(&self, sequence: &str) -> tokenizers::Result<Vec<Token>> {
        self.model.tokenize(sequence)
    }

    fn token_to_id(&self, token: &str) -> Option<u32> {
        self.added.get(token).copied().or_else(|| self.model.token_to_id(token))
    }

    fn id_to_token(&self, id: u32) -> Option<String> {
        self.model.id_to_token(id)
    }

    fn get_vocab(&self) -> HashMap<String, u32> {
        self.model.get_vocab()
    }

    fn get_vocab_size(&self) -> usize {
        self.model.get_vocab_size()
    }

    fn save(&self, folder: &Path, prefix: Option<&str>) -> tokenizers::Result<Vec<PathBuf>> {
        self.model.save(folder, prefix)
    }

    fn get_trainer(&self) -> TrainerWrapper {
        self.model.get_trainer()
    }
}

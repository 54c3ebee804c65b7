//! The mask token: what a caller writes into a text for a missing word. In all other texts it is text,
//! as every special token is.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;
use tokenizers::{AddedToken, Tokenizer as HfTokenizer};

use crate::error::{Error, Result};
use crate::tokenizer::pieces::Pieces;

/// A mask token and the id that it has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MaskToken {
    /// Its name, and which blanks beside it belong to it.
    pub(super) token: AddedToken,
    pub(crate) id: u32,
}

impl MaskToken {
    /// A mask token of a name to which no blanks belong.
    pub(crate) fn named(name: &str, id: u32) -> MaskToken {
        MaskToken { token: AddedToken::from(name, true), id }
    }

    /// What `tokenizer_config.json` or an entry of `added_tokens` says of a token: its name, or an object
    /// with settings.
    pub(crate) fn parse(value: &Value, id: u32) -> Option<MaskToken> {
        let name = value.as_str().or_else(|| value["content"].as_str())?;
        let is_on = |key: &str| value[key].as_bool().unwrap_or(false);
        let mut mask = MaskToken::named(name, id);
        mask.token.single_word = is_on("single_word");
        mask.token.lstrip = is_on("lstrip");
        mask.token.rstrip = is_on("rstrip");
        Some(mask)
    }

    pub(crate) fn name(&self) -> &str {
        &self.token.content
    }

    /// The same, with the blanks before it: RoBERTa's way.
    pub(super) fn with_blanks(mut self) -> MaskToken {
        self.token.lstrip = true;
        self
    }
}

/// The pieces of a text with masks.
#[derive(Debug, Default)]
pub(crate) struct MaskedPieces {
    /// Vocabulary ids.
    pub(crate) ids: Vec<u32>,
    /// The pieces that are masks, each with the bytes of its token.
    pub(crate) masks: Vec<(usize, Range<usize>)>,
}

/// A tokenizer that knows its mask token; made when it is first asked for.
#[derive(Debug)]
pub(super) struct Masked {
    mask: MaskToken,
    inner: OnceLock<HfTokenizer>,
}

impl Masked {
    pub(super) fn new(mask: MaskToken) -> Masked {
        Masked { mask, inner: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.mask.name()
    }

    /// The tokenizer's twin that reads the mask token as one.
    pub(super) fn inner(&self, plain: &HfTokenizer) -> Result<&HfTokenizer> {
        if let Some(inner) = self.inner.get() {
            return Ok(inner);
        }
        let mut inner = plain.clone();
        inner
            .add_special_tokens([self.mask.token.clone()])
            .map_err(|_| Error::Internal("the tokenizer could not be built".into()))?;
        Ok(self.inner.get_or_init(|| inner))
    }

    /// The pieces that the twin made of a text, and which of them are masks.
    pub(super) fn found(&self, inner: &HfTokenizer, text: &str, pieces: Pieces) -> MaskedPieces {
        let MaskToken { token, id } = &self.mask;
        // A vocabulary that hides its special pieces gives the twin's another number.
        let own = inner.token_to_id(&token.content);
        let Pieces { mut ids, spans, .. } = pieces;
        let mut masks = Vec::new();
        for (piece, (piece_id, (start, end))) in ids.iter_mut().zip(spans).enumerate() {
            if Some(*piece_id) != own {
                continue;
            }
            *piece_id = *id;
            // Blanks beside it may belong to the piece.
            let bytes = start as usize..end as usize;
            let name = text.get(bytes.clone()).and_then(|text| text.find(&*token.content));
            let place = name.map_or(bytes.clone(), |before| {
                let start = bytes.start + before;
                start..start + token.content.len()
            });
            masks.push((piece, place));
        }
        MaskedPieces { ids, masks }
    }
}

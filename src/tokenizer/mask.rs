//! The mask token: what a caller writes into a text for a missing word. In all other texts it is text,
//! as every special token is.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;
use tokenizers::AddedToken;

use crate::error::{Error, Result};
use crate::tokenizer::added::AddedTokens;
use crate::tokenizer::pieces::Pieces;
use crate::tokenizer::spell::Inner;

/// A mask token and the id that it has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MaskToken {
    /// Its name, and which blanks beside it belong to it.
    pub(super) token: AddedToken,
    pub(crate) id: u32,
}

impl MaskToken {
    /// The one of this name, as the files have it: `frame` are the model's own tokens, `said` is an object
    /// with settings. Where they say nothing of blanks, those before RoBERTa's belong to it, as it was
    /// trained.
    pub(crate) fn of(
        name: Option<&str>,
        frame: &AddedTokens,
        said: &Value,
        id: impl Fn(&str) -> Option<u32>,
    ) -> Option<MaskToken> {
        let Some((name, id)) = name.and_then(|name| Some((name, id(name)?))) else {
            let usual = MaskToken::usual(id)?;
            let listed = frame.iter().find(|(_, token)| token.content == usual.name());
            return Some(match listed {
                Some((_, token)) => MaskToken { token: token.clone(), ..usual },
                None => usual,
            });
        };
        let listed = frame.iter().find(|(_, token)| token.content == name);
        let listed = listed.map(|(_, token)| MaskToken { token: token.clone(), id });
        let said = || MaskToken::parse(said, id).filter(|mask| mask.name() == name);
        listed.or_else(said).or_else(|| Some(MaskToken::named(name, id)))
    }

    /// The one that a vocabulary has without being told.
    pub(crate) fn usual(id: impl Fn(&str) -> Option<u32>) -> Option<MaskToken> {
        ["<mask>", "[MASK]"].into_iter().find_map(|name| Some(MaskToken::named(name, id(name)?)))
    }

    /// A token of which nothing else is known.
    fn named(name: &str, id: u32) -> MaskToken {
        MaskToken { token: AddedToken::from(name, true).lstrip(name == "<mask>"), id }
    }

    /// What `tokenizer_config.json` or an entry of `added_tokens` says of a token: its name, or an object
    /// with settings.
    pub(crate) fn parse(value: &Value, id: u32) -> Option<MaskToken> {
        let name = value.as_str().or_else(|| value["content"].as_str())?;
        let is_on = |key: &str| value[key].as_bool().unwrap_or(false);
        if value.is_string() {
            return Some(MaskToken::named(name, id));
        }
        let mut mask = MaskToken::named(name, id);
        mask.token.single_word = is_on("single_word");
        mask.token.lstrip = is_on("lstrip");
        mask.token.rstrip = is_on("rstrip");
        Some(mask)
    }

    pub(crate) fn name(&self) -> &str {
        &self.token.content
    }

    /// What a file says of it, where a name would not say as much.
    pub(crate) fn settings(&self) -> Option<Value> {
        let plain = MaskToken::named(self.name(), self.id);
        (plain != *self).then(|| serde_json::json!(self.token))
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
    inner: OnceLock<Inner>,
}

impl Masked {
    pub(super) fn new(mask: MaskToken) -> Masked {
        Masked { mask, inner: OnceLock::new() }
    }

    pub(super) fn name(&self) -> &str {
        self.mask.name()
    }

    /// The tokenizer's twin that reads the mask token as one.
    pub(super) fn inner(&self, plain: &Inner) -> Result<&Inner> {
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
    pub(super) fn found(&self, inner: &Inner, text: &str, pieces: Pieces) -> MaskedPieces {
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

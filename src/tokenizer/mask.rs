//! The mask token: what a caller writes into a text for a missing word. In all other texts it is text,
//! as every special token is.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::Value;
use tokenizers::{AddedToken, Tokenizer as HfTokenizer};

use crate::error::{Error, Result};
use crate::tokenizer::hyphen::Joined;
use crate::tokenizer::{Pieces, Tokenizer, chunk};

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

    /// The tokenizer's twin that reads the mask token as one.
    fn inner(&self, plain: &HfTokenizer) -> Result<&HfTokenizer> {
        if let Some(inner) = self.inner.get() {
            return Ok(inner);
        }
        let mut inner = plain.clone();
        inner
            .add_special_tokens([self.mask.token.clone()])
            .map_err(|_| Error::Internal("the tokenizer could not be built".into()))?;
        Ok(self.inner.get_or_init(|| inner))
    }
}

impl Tokenizer {
    /// What stands for a missing word, such as `[MASK]`; `None` if the vocabulary has nothing for it.
    pub fn mask_token(&self) -> Option<&str> {
        self.masked.as_ref().map(|masked| &*masked.mask.token.content)
    }

    /// Cuts a text with masks into pieces, as [`pieces`](Tokenizer::pieces) does.
    ///
    /// # Errors
    /// What `check` returns.
    pub(crate) fn masked_pieces(
        &self,
        text: &str,
        check: impl Fn() -> Result<()>,
    ) -> Result<MaskedPieces> {
        let Some(masked) = &self.masked else { return Ok(MaskedPieces::default()) };
        let inner = masked.inner(&self.inner)?;
        let MaskToken { token, id } = &masked.mask;
        // A vocabulary that hides its special pieces gives the twin's another number.
        let own = inner.token_to_id(&token.content);
        let joined = Joined::new(text);
        let mut pieces = Pieces::default();
        let mut at = 0;
        while at < joined.text.len() {
            check()?;
            let end = at + chunk::end(&joined.text[at..], self.blanks_lead);
            self.append(inner, &joined.text[at..end], at, &mut pieces)?;
            at = end;
        }
        joined.restore(&mut pieces.spans);
        let mut masks = Vec::new();
        for (piece, (piece_id, &(start, end))) in
            pieces.ids.iter_mut().zip(&pieces.spans).enumerate()
        {
            if Some(*piece_id) == own {
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
        }
        Ok(MaskedPieces { ids: pieces.ids, masks })
    }

    /// A piece of the vocabulary as it is spelled in a text; empty for an id that has none.
    pub(crate) fn spelled(&self, id: u32) -> String {
        if let Some((_, name)) = self.reserved.iter().find(|(reserved, _)| *reserved == id) {
            return name.clone();
        }
        match self.blanks_lead {
            true => self.inner.decode(&[id], false).unwrap_or_default(),
            false => self.inner.id_to_token(id).unwrap_or_default(),
        }
    }
}

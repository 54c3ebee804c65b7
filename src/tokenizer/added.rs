//! Tokens that were added to a vocabulary, such as the markers `[E1]` and `@GENE$`: they are found in a text
//! before anything else is, and have ids of their own.
//!
//! `transformers` writes them in three forms, and names some of them once more as special. The model's
//! own frame stands among them too; it is left out here.

use std::collections::{BTreeMap, HashSet};

use ahash::AHashMap;
use serde::Deserialize;
use serde_json::{Value, json};
use tokenizers::AddedToken;

use crate::error::{Error, Result, json_reason};
use crate::tokenizer::special::SpecialNames;

/// Added tokens by their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AddedTokens(BTreeMap<u32, AddedToken>);

impl AddedTokens {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens by rising id.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &AddedToken)> {
        self.0.iter().map(|(&id, token)| (id, token))
    }

    /// Ids are below this.
    pub(crate) fn len(&self) -> usize {
        self.0.last_key_value().map_or(0, |(&id, _)| id as usize + 1)
    }

    /// Whether an id is one of theirs.
    pub(super) fn has(&self, id: u32) -> bool {
        self.0.contains_key(&id)
    }

    /// The id of a token.
    pub(crate) fn id(&self, content: &str) -> Option<u32> {
        self.iter().find(|(_, token)| token.content == content).map(|(id, _)| id)
    }

    /// Where a token begins that a cut at `at` would divide, if one does.
    pub(super) fn over(&self, text: &str, at: usize) -> Option<usize> {
        let (before, rest) = (text.as_bytes(), text.len());
        let divided = |content: &str| {
            let length = content.len();
            let starts = at.saturating_sub(length - 1)..at.min((rest + 1).saturating_sub(length));
            let is_here = |&start: &usize| {
                before[start..start + length].eq_ignore_ascii_case(content.as_bytes())
            };
            starts.into_iter().find(is_here)
        };
        // A chunk ends at a blank, if there is one.
        let wide = self.0.values().filter(|token| token.content.contains(char::is_whitespace));
        wide.filter_map(|token| divided(&token.content)).min()
    }

    /// In the form of `tokenizer_config.json`.
    pub(crate) fn decoder(&self) -> Value {
        self.iter().map(|(id, token)| (id.to_string(), json!(token))).collect()
    }
}

/// What a file says of a token.
#[derive(Debug, Deserialize)]
struct Settings {
    content: String,
    id: Option<u32>,
    #[serde(default)]
    single_word: bool,
    #[serde(default)]
    lstrip: bool,
    #[serde(default)]
    rstrip: bool,
    #[serde(default)]
    special: bool,
    normalized: Option<bool>,
}

impl Settings {
    fn token(self) -> AddedToken {
        let Settings { content, single_word, lstrip, rstrip, special, normalized, .. } = self;
        let normalized = normalized.unwrap_or(!special);
        AddedToken { content, single_word, lstrip, rstrip, normalized, special }
    }
}

/// What one place says of one token.
#[derive(Debug)]
struct Statement {
    file: &'static str,
    id: Option<u32>,
    token: AddedToken,
    /// Whether it says how the token is found, and not only that there is one.
    is_full: bool,
}

/// What became of [`Statements`].
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// Tokens to find in texts.
    pub(crate) added: AddedTokens,
    /// The model's own, which frame texts and are never found in them.
    pub(crate) frame: AddedTokens,
    /// Where two files do not agree.
    pub(crate) notes: Vec<String>,
}

/// All that the files of a checkpoint say of added tokens. What is said first counts.
#[derive(Debug, Default)]
pub(crate) struct Statements(Vec<Statement>);

impl Statements {
    /// `added_tokens_decoder` of `tokenizer_config.json`: settings by id.
    pub(crate) fn decoder(&mut self, file: &'static str, config: &Value) -> Result<()> {
        let Some(tokens) = config["added_tokens_decoder"].as_object() else { return Ok(()) };
        for (id, settings) in tokens {
            let id = id.parse().map_err(|_| refused(file, "an added token has no number"))?;
            let settings = read(file, settings)?;
            self.0.push(Statement { file, id: Some(id), token: settings.token(), is_full: true });
        }
        Ok(())
    }

    /// `added_tokens` of `tokenizer.json`: a list of settings.
    pub(crate) fn list(&mut self, file: &'static str, tokens: &Value) -> Result<()> {
        for settings in tokens.as_array().into_iter().flatten() {
            let settings = read(file, settings)?;
            let id = settings.id.ok_or_else(|| refused(file, "an added token has no id"))?;
            self.0.push(Statement { file, id: Some(id), token: settings.token(), is_full: true });
        }
        Ok(())
    }

    /// Names that are listed as special besides the model's own.
    pub(crate) fn special(&mut self, file: &'static str, config: &Value) -> Result<()> {
        for key in ["additional_special_tokens", "extra_special_tokens"] {
            // A list, or an object whose keys are what a program calls them.
            let tokens: Vec<&Value> = match &config[key] {
                Value::Array(tokens) => tokens.iter().collect(),
                Value::Object(tokens) => tokens.values().collect(),
                _ => continue,
            };
            for token in tokens {
                let (token, is_full) = match token.as_str() {
                    Some(name) => (AddedToken::from(name, true), false),
                    None => {
                        let settings = read(file, token)?;
                        (settings.token().special(true), true)
                    }
                };
                self.0.push(Statement { file, id: None, token, is_full });
            }
        }
        Ok(())
    }

    /// `added_tokens.json`: ids by name. Comes last: whether a token is special others say.
    pub(crate) fn ids(&mut self, file: &'static str, ids: &Value) -> Result<()> {
        if ids.is_null() {
            return Ok(());
        }
        let Some(ids) = ids.as_object() else { return Err(refused(file, "no object of ids")) };
        let stated: HashSet<String> =
            self.0.iter().map(|said| said.token.content.clone()).collect();
        for (name, id) in ids {
            let number = id.as_u64().and_then(|id| u32::try_from(id).ok());
            let id = number.ok_or_else(|| refused(file, "an added token has no number"))?;
            let is_special = stated.contains(name);
            let token = AddedToken::from(name.as_str(), is_special);
            self.0.push(Statement { file, id: Some(id), token, is_full: false });
        }
        Ok(())
    }

    /// The tokens by their ids. `piece` gives the id that the vocabulary has for a name; `size` is the
    /// first id after all of its own.
    pub(crate) fn resolve(
        self,
        names: &SpecialNames,
        piece: impl Fn(&str) -> Option<u32>,
        size: usize,
    ) -> Result<Resolved> {
        let (statements, mut notes) = self.joined(names)?;
        let (mut added, mut frame) = (BTreeMap::new(), BTreeMap::new());
        let stated = statements.iter().filter_map(|said| said.id).max();
        let mut next = stated.map_or(size, |id| size.max(id as usize + 1));
        for Statement { file, id, token, .. } in statements {
            let is_frame = names.is_frame(&token.content);
            let id = match (id, piece(&token.content)) {
                (Some(id), Some(piece)) if id != piece => {
                    let name = &token.content;
                    notes.push(format!(
                        "{file} gives {name} the id {id}, the vocabulary {piece}, which is followed"
                    ));
                    piece
                }
                (Some(id), _) | (None, Some(id)) => id,
                (None, None) if is_frame => continue,
                // It comes after all others, where `transformers` would put it.
                (None, None) => {
                    next += 1;
                    u32::try_from(next - 1).map_err(|_| refused(file, "an id is too large"))?
                }
            };
            let place = if is_frame { &mut frame } else { &mut added };
            let name = token.content.clone();
            if let Some(other) = place.insert(id, token) {
                let reason = format!("{name} and {} have one id, {id}", other.content);
                return Err(Error::model(file, reason));
            }
        }
        if let Some(id) = added.keys().find(|id| frame.contains_key(id)) {
            return Err(refused("added tokens", &format!("two of them have one id, {id}")));
        }
        Ok(Resolved { added: AddedTokens(added), frame: AddedTokens(frame), notes })
    }

    /// One statement for each token, and notes where files differ.
    fn joined(self, names: &SpecialNames) -> Result<(Vec<Statement>, Vec<String>)> {
        let how =
            |token: &AddedToken| (token.single_word, token.lstrip, token.rstrip, token.normalized);
        let (mut joined, mut notes) = (Vec::<Statement>::new(), Vec::new());
        let mut places = AHashMap::<String, usize>::new();
        for said in self.0 {
            let content = &said.token.content;
            if content.is_empty() {
                return Err(refused(said.file, "an added token is empty"));
            }
            let Some(&place) = places.get(content) else {
                places.insert(content.clone(), joined.len());
                joined.push(said);
                continue;
            };
            let known = &mut joined[place];
            match (known.id, said.id) {
                (Some(id), Some(other)) if id != other => {
                    let reason =
                        format!("{content} has the id {other}, in {} it is {id}", known.file);
                    return Err(Error::model(said.file, reason));
                }
                (known_id, id) => known.id = known_id.or(id),
            }
            let differ = how(&known.token) != how(&said.token) && !names.is_frame(content);
            if known.is_full && said.is_full && differ {
                let (first, second) = (known.file, said.file);
                notes.push(format!(
                    "{first} and {second} differ in how the added token {content} is found: {first} is followed"
                ));
            }
            if said.is_full && !known.is_full {
                (known.token, known.is_full) = (said.token, true);
            }
        }
        Ok((joined, notes))
    }
}

fn read(file: &str, settings: &Value) -> Result<Settings> {
    Settings::deserialize(settings).map_err(|error| Error::model(file, json_reason(&error)))
}

fn refused(file: &str, reason: &str) -> Error {
    Error::model(file, reason)
}

//! OBO 1.0 to 1.4: stanzas of `tag: value` lines. Terms count, types of relations and instances do not.

use std::path::PathBuf;

use super::lines::Lines;
use super::options::{SourceOptions, Synonyms};
use super::report::Sink;
use crate::error::Result;
use crate::terms::Concept;

/// What a stanza says.
#[derive(Default)]
struct Stanza {
    is_term: bool,
    is_obsolete: bool,
    concept: Concept,
}

pub(super) fn read(files: &[PathBuf], options: &SourceOptions, sink: &mut Sink<'_>) -> Result<()> {
    let all = options.synonyms == Some(Synonyms::All);
    for path in files {
        let mut lines = Lines::open(path)?;
        sink.file(lines.file());
        let (mut stanza, mut stanzas, mut tags) = (Stanza::default(), 0, 0);
        while let Some(line) = lines.next()? {
            let text = line.text.trim();
            if text.starts_with('[') && text.ends_with(']') {
                if stanza.is_term && stanza.concept.code.is_empty() {
                    return Err(line.wrong("the term before has no id"));
                }
                finish(std::mem::take(&mut stanza), sink)?;
                stanza.is_term = text == "[Term]";
                stanzas += 1;
                continue;
            }
            if text.is_empty() || text.starts_with('!') {
                continue;
            }
            let Some((tag, value)) = text.split_once(':') else {
                return Err(line.wrong("neither a tag with its value nor a stanza"));
            };
            tags += 1;
            if !stanza.is_term {
                continue;
            }
            let concept = &mut stanza.concept;
            let value = value.trim();
            match tag {
                "id" if concept.code.is_empty() => concept.code = plain(value),
                "id" => return Err(line.wrong("a second id")),
                "name" => concept.name = plain(value),
                "alt_id" => sink.skip("alternative ids"),
                "is_obsolete" => stanza.is_obsolete = plain(value) == "true",
                _ => {
                    let Some(scope) = scope_of(tag) else { continue };
                    let Some((name, rest)) = quoted(value) else {
                        return Err(line.wrong("a synonym without its quotes"));
                    };
                    // Without a scope it is a related one.
                    let scope = match scope {
                        "" => rest.split_whitespace().next().unwrap_or_default(),
                        scope => scope,
                    };
                    if all || scope == "EXACT" {
                        concept.synonyms.push(name);
                    } else {
                        sink.skip("synonyms that are not exact");
                    }
                }
            }
        }
        if stanzas == 0 && tags > 0 {
            return Err(lines.refuse("no stanza of OBO"));
        }
        if stanza.is_term && stanza.concept.code.is_empty() {
            return Err(lines.refuse("the last term has no id"));
        }
        finish(stanza, sink)?;
    }
    Ok(())
}

fn finish(stanza: Stanza, sink: &mut Sink<'_>) -> Result<()> {
    if !stanza.is_term {
        return Ok(());
    }
    sink.record();
    if stanza.is_obsolete {
        sink.skip("obsolete terms");
        return Ok(());
    }
    sink.concept(stanza.concept)
}

/// The scope that a tag says, if it is one of synonyms; `synonym` says it after the text. OBO 1.0 had a tag for each.
fn scope_of(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "synonym" => "",
        "exact_synonym" => "EXACT",
        "related_synonym" => "RELATED",
        "narrow_synonym" => "NARROW",
        "broad_synonym" => "BROAD",
        _ => return None,
    })
}

/// A value without escapes, comment and modifiers: `name ! comment`, `name {key="value"}`.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => text.push(unescaped(c)),
            '\\' => {}
            '!' if value[..at].ends_with(' ') => break,
            '{' if value[..at].ends_with(' ') && is_modifiers(&value[at..]) => break,
            _ => text.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    text.trim().into()
}

fn is_modifiers(rest: &str) -> bool {
    rest.contains('=') && (rest.trim_end().ends_with('}') || rest.contains("} !"))
}

/// What stands in quotes at the start, and what comes after them.
fn quoted(value: &str) -> Option<(String, &str)> {
    let inner = value.strip_prefix('"')?;
    let mut text = String::new();
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => text.push(unescaped(c)),
            '\\' => {}
            '"' => return Some((text.trim().into(), &inner[at + 1..])),
            _ => text.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// What a character after a backslash stands for; a line break within a name is a blank.
fn unescaped(c: char) -> char {
    if matches!(c, 'n' | 'W' | 't') { ' ' } else { c }
}

//! Tables of phrases: one a line, with what it means in the columns after it.

use std::collections::HashMap;

use super::lexer::{Token, tokens};

/// A table that finds the longest of its phrases at a token.
pub(crate) struct Phrases {
    /// By first word; the longest phrase first.
    rows: HashMap<String, Vec<Row>>,
}

struct Row {
    words: Vec<String>,
    columns: Vec<&'static str>,
}

impl Phrases {
    /// The table of a file: columns between tabs, several phrases of one meaning between bars, `#` before
    /// comments.
    pub(crate) fn read(file: &'static str) -> Phrases {
        let mut rows: HashMap<String, Vec<Row>> = HashMap::new();
        for line in file.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()) {
            let mut columns = line.split('\t');
            let phrases = columns.next().unwrap_or_default();
            let columns: Vec<&str> = columns.collect();
            for phrase in phrases.split('|') {
                let words = tokens(phrase, 0..phrase.len()).into_iter().map(|token| token.word);
                let words: Vec<String> = words.collect();
                let Some(first) = words.first() else { continue };
                let row = Row { words: words.clone(), columns: columns.clone() };
                rows.entry(first.clone()).or_default().push(row);
            }
        }
        for row in rows.values_mut() {
            row.sort_by_key(|row| std::cmp::Reverse(row.words.len()));
        }
        Phrases { rows }
    }

    /// The columns of the longest phrase that starts at a token, and the token after it.
    pub(crate) fn at(&self, tokens: &[Token], at: usize) -> Option<(&[&'static str], usize)> {
        let rows = self.rows.get(&tokens.get(at)?.word)?;
        rows.iter().find_map(|row| Some((row.columns.as_slice(), follows(row, tokens, at)?)))
    }

    /// Whether a phrase of the table starts at a token.
    pub(crate) fn has(&self, tokens: &[Token], at: usize) -> bool {
        self.at(tokens, at).is_some()
    }
}

/// The token after a phrase, if it stands at `at`. A hyphen may join its words.
fn follows(row: &Row, tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at;
    for word in &row.words {
        if next > at && tokens.get(next)?.is("-") && word != "-" {
            next += 1;
        }
        if !tokens.get(next)?.is(word) {
            return None;
        }
        next += 1;
    }
    Some(next)
}

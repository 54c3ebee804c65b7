//! OMOP's vocabulary as Athena gives it: `CONCEPT.csv` and, for synonyms, `CONCEPT_SYNONYM.csv`. They are
//! tab-separated, and quotes in them are mostly part of a name.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use super::gather::Gather;
use super::lines::Lines;
use super::options::{CodeChoice, SourceOptions};
use super::report::Sink;
use crate::error::{Error, Result};

/// What is read of `CONCEPT.csv`.
const CONCEPT: [&str; 6] = [
    "concept_id",
    "concept_name",
    "vocabulary_id",
    "standard_concept",
    "concept_code",
    "invalid_reason",
];
/// What is read of `CONCEPT_SYNONYM.csv`.
const SYNONYM: [&str; 3] = ["concept_id", "concept_synonym_name", "language_concept_id"];

/// The concept of the English language.
const ENGLISH: &str = "4180186";

/// What a file has, by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    /// Concepts.
    Concepts,
    /// Synonyms.
    Synonyms,
}

/// The table whose header a line is.
pub(super) fn table(line: &str) -> Option<Table> {
    if places(line, CONCEPT).is_some() {
        return Some(Table::Concepts);
    }
    places(line, SYNONYM).map(|_| Table::Synonyms)
}

/// Where columns stand, and how many there are.
fn places<const N: usize>(header: &str, names: [&str; N]) -> Option<([usize; N], usize)> {
    let columns: Vec<Cow<'_, str>> = header.split('\t').map(unquoted).collect();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = columns.iter().position(|column| column.eq_ignore_ascii_case(name))?;
    }
    Some((places, columns.len()))
}

/// A field without the quotes that some exports put round it. A single one belongs to the name.
fn unquoted(field: &str) -> Cow<'_, str> {
    let field = field.trim();
    let inner = field.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if inner.contains("\"\"") => inner.replace("\"\"", "\"").into(),
        Some(inner) => inner.into(),
        None => field.into(),
    }
}

/// The filters, for the error that nothing passes them.
pub(super) fn filters(options: &SourceOptions) -> Vec<(&'static str, String)> {
    let mut filters = Vec::new();
    if !options.vocabularies.is_empty() {
        filters.push(("vocabulary_id", options.vocabularies.join(",")));
    }
    if options.standard {
        filters.push(("standard_concept", "S".into()));
    }
    filters.push(("invalid_reason", "none".into()));
    filters
}

pub(super) fn read(files: &[PathBuf], options: &SourceOptions, sink: &mut Sink<'_>) -> Result<()> {
    let mut tables = Vec::new();
    for path in files {
        let mut lines = Lines::open(path)?;
        let header = lines.next()?.map_or_else(String::new, |line| line.text.to_string());
        let Some(table) = table(&header) else {
            let reason = "the columns are neither those of CONCEPT.csv nor of CONCEPT_SYNONYM.csv";
            return Err(lines.refuse(reason));
        };
        sink.file(lines.file());
        tables.push((table, header, lines));
    }
    // Concepts first: they say whose synonyms count.
    tables.sort_by_key(|(table, _, _)| *table);
    if tables.iter().all(|(table, _, _)| *table != Table::Concepts) {
        let files = tables.iter().map(|(_, _, lines)| lines.file()).collect::<Vec<_>>().join(", ");
        return Err(Error::model(files, "CONCEPT.csv is missing"));
    }
    let mut found = Found::default();
    for (table, header, lines) in &mut tables {
        match table {
            Table::Concepts => found.concepts(header, lines, options, sink)?,
            Table::Synonyms => found.synonyms(header, lines, options, sink)?,
        }
    }
    found.names.finish(sink)
}

/// Names, by concept.
#[derive(Default)]
struct Found {
    names: Gather,
    places: HashMap<u64, u32>,
    vocabulary: Option<String>,
}

impl Found {
    fn concepts(
        &mut self,
        header: &str,
        lines: &mut Lines,
        options: &SourceOptions,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let by_id = options.codes == Some(CodeChoice::Id);
        let Some((places, width)) = places(header, CONCEPT) else { return Ok(()) };
        while let Some(line) = lines.next()? {
            if line.text.is_empty() {
                continue;
            }
            let row = row(line.text, places, width).map_err(|reason| line.wrong(reason))?;
            let [id, name, vocabulary, standard, code, invalid] =
                row.each_ref().map(|field| &**field);
            sink.record();
            sink.saw("vocabulary_id", vocabulary);
            let wanted = &options.vocabularies;
            let reason = if !wanted.is_empty() && !wanted.iter().any(|one| one == vocabulary) {
                "concepts of other vocabularies"
            } else if !invalid.is_empty() {
                "invalid concepts"
            } else if options.standard && standard != "S" {
                "concepts that are not standard"
            } else {
                ""
            };
            if !reason.is_empty() {
                sink.skip(reason);
                continue;
            }
            if !by_id && self.vocabulary.as_deref().is_some_and(|first| first != vocabulary) {
                let reason = "concept codes of several vocabularies would mix: name one vocabulary, or take \
                              concept ids";
                return Err(line.wrong(reason));
            }
            if self.vocabulary.is_none() {
                self.vocabulary = Some(vocabulary.into());
            }
            let number = number(id).map_err(|reason| line.wrong(reason))?;
            let code = if by_id { id } else { code };
            if code.is_empty() {
                return Err(line.wrong("no concept_code"));
            }
            let place = self.names.concept(code);
            self.names.name(place, 0, name);
            self.places.insert(number, place);
        }
        Ok(())
    }

    fn synonyms(
        &mut self,
        header: &str,
        lines: &mut Lines,
        options: &SourceOptions,
        sink: &mut Sink<'_>,
    ) -> Result<()> {
        let wanted = options.language.as_deref().unwrap_or(ENGLISH);
        let Some((places, width)) = places(header, SYNONYM) else { return Ok(()) };
        while let Some(line) = lines.next()? {
            if line.text.is_empty() {
                continue;
            }
            let row = row(line.text, places, width).map_err(|reason| line.wrong(reason))?;
            let [id, name, language] = row.each_ref().map(|field| &**field);
            let number = number(id).map_err(|reason| line.wrong(reason))?;
            sink.record();
            match self.places.get(&number) {
                None => sink.skip("synonyms of concepts that were left out"),
                Some(_) if language != wanted => sink.skip("synonyms in other languages"),
                Some(place) => self.names.name(*place, 1, name),
            }
        }
        Ok(())
    }
}

/// The fields that count.
fn row<const N: usize>(
    line: &str,
    places: [usize; N],
    width: usize,
) -> Result<[Cow<'_, str>; N], String> {
    let columns: Vec<&str> = line.split('\t').collect();
    // Some exports leave out empty columns at the end.
    if columns.len() > width || places.iter().rev().skip(1).any(|place| *place >= columns.len()) {
        return Err(format!("{} columns, not {width}", columns.len()));
    }
    Ok(places.map(|place| unquoted(columns.get(place).copied().unwrap_or_default())))
}

fn number(id: &str) -> Result<u64, String> {
    // Some institutions number concepts of their own below zero.
    let number = id.parse::<i64>().map_err(|_| "a concept_id that is no number".to_string());
    Ok(number?.cast_unsigned())
}

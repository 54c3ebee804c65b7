//! SNOMED CT, release format 2: a snapshot of the concepts and one of their descriptions, tab-separated with
//! a header. The preferred name is the fully specified name without its semantic tag.

use std::collections::HashMap;
use std::path::PathBuf;

use super::gather::Gather;
use super::lines::{Lines, columns};
use super::options::SourceOptions;
use super::report::Sink;
use crate::error::{Error, Result};

/// Columns of `sct2_Concept_Snapshot_…`.
const CONCEPT: [&str; 5] = ["id", "effectiveTime", "active", "moduleId", "definitionStatusId"];
/// Columns of `sct2_Description_Snapshot-…`, and of text definitions.
const DESCRIPTION: [&str; 9] = [
    "id",
    "effectiveTime",
    "active",
    "moduleId",
    "conceptId",
    "languageCode",
    "typeId",
    "term",
    "caseSignificanceId",
];

/// Types of descriptions.
const FULLY_SPECIFIED_NAME: &str = "900000000000003001";
const SYNONYM: &str = "900000000000013009";

/// What a file has, by its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Table {
    /// Concepts.
    Concepts,
    /// Descriptions or text definitions.
    Descriptions,
}

/// The table whose header a line is.
pub(super) fn table(line: &str) -> Option<Table> {
    if columns(line, '\t') == Some(CONCEPT) {
        Some(Table::Concepts)
    } else {
        (columns(line, '\t') == Some(DESCRIPTION)).then_some(Table::Descriptions)
    }
}

pub(super) fn language(options: &SourceOptions) -> &str {
    options.language.as_deref().unwrap_or("en")
}

pub(super) fn read(files: &[PathBuf], options: &SourceOptions, sink: &mut Sink<'_>) -> Result<()> {
    let mut tables = Vec::new();
    for path in files {
        let mut lines = Lines::open(path)?;
        let name = lines.file().to_string();
        if ["_Full", "_Delta"].iter().any(|other| name.contains(other)) {
            return Err(lines.refuse("not a snapshot: give the files of Snapshot/Terminology"));
        }
        let Some(table) = lines.next()?.and_then(|line| table(line.text)) else {
            let reason = "the columns are neither those of sct2_Concept nor of sct2_Description";
            return Err(lines.refuse(reason));
        };
        sink.file(&name);
        tables.push((table, lines));
    }
    // Concepts first: they say whose descriptions count.
    tables.sort_by_key(|(table, _)| *table);
    let has = |wanted| tables.iter().any(|(table, _)| *table == wanted);
    for (wanted, name) in [
        (Table::Concepts, "sct2_Concept_Snapshot"),
        (Table::Descriptions, "sct2_Description_Snapshot"),
    ] {
        if !has(wanted) {
            let files = tables.iter().map(|(_, lines)| lines.file()).collect::<Vec<_>>().join(", ");
            return Err(Error::model(files, format!("{name} is missing: give both")));
        }
    }
    let mut names = Gather::default();
    // Whether a concept is active, and where its names are gathered once it has one.
    let mut concepts: HashMap<u64, Option<u32>> = HashMap::new();
    for (table, lines) in &mut tables {
        match table {
            Table::Concepts => active_concepts(lines, &mut concepts, sink)?,
            Table::Descriptions => {
                let language = language(options);
                descriptions(lines, language, &mut concepts, &mut names, sink)?;
            }
        }
    }
    let unnamed = concepts.values().filter(|place| place.is_none()).count();
    for _ in 0..unnamed {
        sink.skip("concepts without a name");
    }
    names.finish(sink)
}

/// A row's columns.
fn row<const N: usize>(line: &str) -> Result<[&str; N], String> {
    let row: Option<[&str; N]> = columns(line, '\t');
    row.ok_or_else(|| format!("{} columns, not {N}", line.split('\t').count()))
}

fn identifier(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "an identifier that is no number".into())
}

fn active_concepts(
    lines: &mut Lines,
    concepts: &mut HashMap<u64, Option<u32>>,
    sink: &mut Sink<'_>,
) -> Result<()> {
    while let Some(line) = lines.next()? {
        let parsed =
            row(line.text).and_then(|[id, _, active, _, _]| Ok((identifier(id)?, active == "1")));
        let (id, is_active) = parsed.map_err(|reason| line.wrong(reason))?;
        sink.record();
        match is_active {
            true => drop(concepts.insert(id, None)),
            false => sink.skip("inactive concepts"),
        }
    }
    Ok(())
}

fn descriptions(
    lines: &mut Lines,
    language: &str,
    concepts: &mut HashMap<u64, Option<u32>>,
    names: &mut Gather,
    sink: &mut Sink<'_>,
) -> Result<()> {
    while let Some(line) = lines.next()? {
        let parsed = row(line.text).and_then(|row| {
            let [_, _, active, _, concept, of, kind, term, _] = row;
            Ok((active == "1", identifier(concept)?, concept, of, kind, term))
        });
        let (is_active, id, concept, of, kind, term) = match parsed {
            Ok(parsed) => parsed,
            Err(reason) => return Err(line.wrong(reason)),
        };
        sink.record();
        sink.saw("language", of);
        let reason = match concepts.get(&id) {
            _ if !is_active => "inactive descriptions",
            None => "descriptions of inactive concepts",
            _ if of != language => "descriptions in other languages",
            _ if ![FULLY_SPECIFIED_NAME, SYNONYM].contains(&kind) => "text definitions",
            Some(place) => {
                let place = place.unwrap_or_else(|| names.concept(concept));
                concepts.insert(id, Some(place));
                match kind {
                    FULLY_SPECIFIED_NAME => names.name(place, 0, without_tag(term.trim())),
                    _ => names.name(place, 1, term.trim()),
                }
                continue;
            }
        };
        sink.skip(reason);
    }
    Ok(())
}

/// A fully specified name without its semantic tag: `Asthma (disorder)`.
fn without_tag(name: &str) -> &str {
    let tagged = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    tagged.map_or(name, |(name, _)| name.trim_end())
}

//! Which files a terminology has, and in which format: by what they hold, and in directories by their names.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use super::format::SourceFormat;
use super::lines::open;
use super::{Source, icd10cm, mesh_ascii, mesh_xml, omop, rf2, rrf};
use crate::error::{Error, Result, base_name};

/// Directories in a directory that are searched: `Snapshot/Terminology` is two down in a release.
const DEPTH: usize = 4;
/// Entries of a directory that are looked at.
const ENTRIES: usize = 100_000;

pub(super) fn find(paths: &[PathBuf], wanted: Option<SourceFormat>) -> Result<Source> {
    let mut found: Vec<(SourceFormat, PathBuf)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(in_directory(path, wanted)?);
        } else {
            // It must be there, whatever format is said.
            let start = start(path)?;
            let format = match wanted {
                Some(SourceFormat::Obo) if matches!(guess(&start), Some(other) if other != SourceFormat::Obo) =>
                {
                    let other = guess(&start).map_or("", SourceFormat::title);
                    let reason = format!("not OBO: it seems to be {other}");
                    return Err(Error::model(base_name(path), reason));
                }
                Some(format) => format,
                None => guess(&start).ok_or_else(|| {
                    let reason = "of no known format of terminologies; if it has one, name it";
                    Error::model(base_name(path), reason)
                })?,
            };
            found.push((format, path.clone()));
        }
    }
    let Some((format, first)) = found.first().cloned() else {
        return Err(Error::Argument("no file to read a terminology from".into()));
    };
    if let Some((other, path)) = found.iter().find(|(other, _)| *other != format) {
        let (one, two) = (base_name(&first), base_name(path));
        let (format, other) = (format.title(), other.title());
        let reason = format!("{two} is {other}, {one} {format}: name one format");
        return Err(Error::Argument(reason));
    }
    let mut files: Vec<PathBuf> = Vec::new();
    for (_, path) in found {
        if !files.contains(&path) {
            files.push(path);
        }
    }
    let start = start(&first)?;
    let system = match format {
        SourceFormat::Obo | SourceFormat::Tsv => prefix(format, &start),
        _ => None,
    };
    Ok(Source { format, files, system, version: version(format, &first, &start) })
}

/// The files of a format in a directory, by their names.
fn in_directory(
    directory: &Path,
    wanted: Option<SourceFormat>,
) -> Result<Vec<(SourceFormat, PathBuf)>> {
    let mut paths = Vec::new();
    search(directory, DEPTH, &mut paths)?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let format = named(&base_name(&path), wanted);
        found.extend(format.map(|format| (format, path)));
    }
    let mut formats: Vec<&str> = Vec::new();
    for (format, _) in &found {
        if !formats.contains(&format.name()) {
            formats.push(format.name());
        }
    }
    let reason = match (formats.as_slice(), wanted) {
        ([_], _) => return Ok(found),
        ([], Some(format)) => format!("no file of {} in the directory", format.title()),
        ([], None) => {
            "no file in the directory has the name of a terminology's; give the files themselves"
                .into()
        }
        (several, _) => {
            format!("files of several formats in the directory, {}: name one", several.join(", "))
        }
    };
    Err(Error::model(base_name(directory), reason))
}

fn search(directory: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<()> {
    let told = |error| Error::io(directory, &error);
    for entry in std::fs::read_dir(directory).map_err(told)? {
        let entry = entry.map_err(told)?;
        let kind = entry.file_type().map_err(told)?;
        if paths.len() >= ENTRIES {
            return Err(Error::model(base_name(directory), "too many files in the directory"));
        }
        if kind.is_dir() && depth > 0 {
            search(&entry.path(), depth - 1, paths)?;
        } else if !kind.is_dir() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// The format that a file's name says. That of a table of ours says too little, unless it is wanted.
fn named(name: &str, wanted: Option<SourceFormat>) -> Option<SourceFormat> {
    let lower = name.to_ascii_lowercase();
    let year = |before: &str, after: &str| {
        let year = lower.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        year.is_some_and(|year| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()))
    };
    let format = if lower == "rxnconso.rrf" {
        SourceFormat::RxNorm
    } else if lower == "mrconso.rrf" {
        SourceFormat::Umls
    } else if lower.starts_with("sct2_concept_snapshot")
        || lower.starts_with("sct2_description_snapshot")
    {
        SourceFormat::Snomed
    } else if year("desc", ".xml") || year("supp", ".xml") {
        SourceFormat::MeshXml
    } else if year("d", ".bin") || year("c", ".bin") {
        SourceFormat::MeshAscii
    } else if lower.ends_with(".xml")
        && ["icd10cm_tabular", "icd10cm-tabular"].iter().any(|start| lower.starts_with(start))
    {
        SourceFormat::Icd10cm
    } else if lower == "concept.csv" || lower == "concept_synonym.csv" {
        SourceFormat::Omop
    } else if lower.ends_with(".obo") {
        SourceFormat::Obo
    } else if lower.ends_with(".tsv") && wanted == Some(SourceFormat::Tsv) {
        SourceFormat::Tsv
    } else {
        return None;
    };
    wanted.is_none_or(|wanted| wanted == format).then_some(format)
}

/// The start of a file as lines. What is no UTF-8 becomes readable: the reader will tell.
fn start(path: &Path) -> Result<Vec<String>> {
    let mut reader = open(path)?;
    let start = reader.fill_buf().map_err(|error| Error::io(path, &error))?;
    let text = String::from_utf8_lossy(start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start));
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    // The last one may be cut.
    if lines.len() > 1 && !text.ends_with('\n') {
        lines.pop();
    }
    Ok(lines)
}

/// The format of what a file starts with.
fn guess(start: &[String]) -> Option<SourceFormat> {
    let first = start.iter().find(|line| !line.trim().is_empty())?;
    if first.trim_start().starts_with('<') {
        let has = |roots: &[&str]| {
            let is = |line: &String| roots.iter().any(|root| line.contains(&format!("<{root}")));
            start.iter().any(is)
        };
        return match () {
            () if has(&mesh_xml::ROOTS) => Some(SourceFormat::MeshXml),
            () if has(&icd10cm::ROOTS) => Some(SourceFormat::Icd10cm),
            () => None,
        };
    }
    if first.trim_end() == mesh_ascii::NEW {
        return Some(SourceFormat::MeshAscii);
    }
    if first.starts_with("format-version:") || start.iter().any(|line| line.trim() == "[Term]") {
        return Some(SourceFormat::Obo);
    }
    if rf2::table(first).is_some() {
        return Some(SourceFormat::Snomed);
    }
    if omop::table(first).is_some() {
        return Some(SourceFormat::Omop);
    }
    let columns = first.split('\t').count();
    rrf::guess(first).or((columns == 2 || columns == 3).then_some(SourceFormat::Tsv))
}

/// The system of ids such as `HP:0000118`, by the first one.
fn prefix(format: SourceFormat, start: &[String]) -> Option<String> {
    let ids: Box<dyn Iterator<Item = &str>> = match format {
        SourceFormat::Obo => {
            let terms = start.iter().skip_while(|line| line.trim() != "[Term]");
            Box::new(terms.filter_map(|line| line.strip_prefix("id:")))
        }
        _ => Box::new(start.iter().filter_map(|line| line.split('\t').next())),
    };
    let prefixes = ids.filter_map(|id| id.trim().split_once(':').map(|(prefix, _)| prefix));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut plain =
        prefixes.filter(|prefix| (1..=16).contains(&prefix.len()) && prefix.chars().all(is_plain));
    plain.next().map(str::to_ascii_uppercase)
}

/// The version that a file or its name says.
fn version(format: SourceFormat, path: &Path, start: &[String]) -> Option<String> {
    let after = |before: &str| start.iter().find_map(|line| line.trim().strip_prefix(before));
    let version = match format {
        SourceFormat::Obo => after("data-version:")?.trim().to_string(),
        SourceFormat::Icd10cm => after("<version>")?.split('<').next()?.trim().to_string(),
        // desc2026.xml, d2026.bin; sct2_Concept_Snapshot_INT_20260101.txt
        SourceFormat::MeshXml | SourceFormat::MeshAscii => digits(path, 4)?,
        SourceFormat::Snomed => digits(path, 8)?,
        _ => return None,
    };
    let is_plain = |c: char| c.is_ascii_graphic();
    ((1..=80).contains(&version.len()) && version.chars().all(is_plain)).then_some(version)
}

/// The last so many digits in a row in a file's name.
fn digits(path: &Path, count: usize) -> Option<String> {
    let name = base_name(path);
    let mut runs = name.split(|c: char| !c.is_ascii_digit());
    runs.rfind(|run| run.len() == count).map(String::from)
}

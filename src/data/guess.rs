//! Which format a file has: by its structure, never by a word of a text.

use crate::data::content::Content;
use crate::data::format::Format;
use crate::data::json::{Json, Node};
use crate::data::source::Source;
use crate::data::table::order;
use crate::data::words::is_tagged;
use crate::error::{Error, Result};

/// The format that a file seems to have.
///
/// # Errors
/// Where it may have several, or one that is not read: with its name and the way out.
pub(super) fn guess(source: &Source<'_>) -> Result<Format> {
    let Some((_, first)) = source.lines().next() else { return Ok(Format::Lines) };
    let ending = source.file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let named_json = matches!(ending.as_deref(), Some("json" | "jsonl"));
    let tagged = source.options.content == Content::Entities && is_tagged(first);
    if named_json || (!tagged && first.trim_start().starts_with(['{', '['])) {
        return of_json(source);
    }
    if let Some(format) = told_by(first, source.text).filter(|_| !tagged) {
        return Ok(format);
    }
    if let Some((name, way)) = foreign(first).filter(|_| !tagged) {
        return Err(unread(source, name, way));
    }
    match source.options.content {
        Content::Entities => Ok(Format::Words),
        Content::Classes if is_tagged_throughout(source) => {
            let way = "for entities, train and measure ner; for classes, say --input-format table";
            Err(source.refuse(format!("this looks like words and tags: {way}")))
        }
        Content::Relations | Content::Classes | Content::Answers => order(source),
    }
}

/// Whether every line is one word and a tag.
fn is_tagged_throughout(source: &Source<'_>) -> bool {
    source.lines().all(|(_, line)| is_tagged(line) && line.split_whitespace().count() == 2)
}

/// A file in a format that is not read, and the way out.
fn unread(source: &Source<'_>, name: &str, way: &str) -> Error {
    source.refuse(format!(
        "this seems to be {name}, which is not read: {way}, or say what it is with --input-format"
    ))
}

const CONVERT: &str = "convert it to JSON lines with text and entities";

/// The format that the start of a file tells of.
fn told_by(line: &str, text: &str) -> Option<Format> {
    let first = line.split(['\t', ' ']).next().unwrap_or_default();
    let (letter, number) = first.split_at_checked(1).unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if "TREAMN#".contains(letter) && digits(number) && line.contains('\t') {
        return Some(Format::Brat);
    }
    let mut parts = line.splitn(3, '|');
    let is_id = |id: &str| !id.is_empty() && !id.contains(char::is_whitespace);
    if parts.next().is_some_and(is_id) && parts.next() == Some("t") && parts.next().is_some() {
        return Some(Format::Pubtator);
    }
    if is_facts(line) {
        return Some(Format::Csv);
    }
    root(text).filter(|name| ["collection", "document"].contains(name)).map(|_| Format::BiocXml)
}

/// Whether a line is the header of a table of facts.
fn is_facts(line: &str) -> bool {
    let cells: Vec<_> = line.split(',').map(|cell| cell.trim().trim_matches('"')).collect();
    let has = |name: &&str| cells.iter().any(|cell| cell.eq_ignore_ascii_case(name));
    ["doc", "fact", "text"].iter().all(has)
}

/// The format that a file seems to have whose documents are read as texts, by how it starts.
pub fn seems(start: &str) -> Option<Format> {
    let start = start.strip_prefix('\u{FEFF}').unwrap_or(start);
    let first = start.lines().find(|line| !line.trim().is_empty())?.trim_start();
    let has = |names: &[&str]| names.iter().any(|name| start.contains(&format!("\"{name}\"")));
    match first {
        _ if first.starts_with(['{', '[']) && has(&["documents", "passages", "PubTator3"]) => {
            Some(Format::BiocJson)
        }
        _ if first.starts_with("{\"") && first.contains("\"text\"") => Some(Format::Lines),
        _ if first.starts_with("MSH|") => Some(Format::Hl7),
        _ => told_by(first, start),
    }
}

/// The name of the outermost element of XML.
fn root(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    loop {
        let end = match rest {
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<!") => ">",
            _ => break,
        };
        rest = rest.split_once(end)?.1.trim_start();
    }
    let name = rest.strip_prefix('<')?;
    name.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next()
}

/// What a first line says that is of a format that is not read, and the way out.
fn foreign(line: &str) -> Option<(&'static str, &'static str)> {
    if line.split(['\t', ' ']).next() == Some("-DOCSTART-") {
        return Some(("CoNLL-2003", "keep the word and the last tag, and leave out -DOCSTART-"));
    }
    let tag = line.trim_start().strip_prefix('<').and_then(|rest| rest.chars().next());
    if tag.is_some_and(|c| c.is_ascii_alphabetic() || "?!".contains(c)) && line.contains('>') {
        return Some(("XML, but not BioC's", CONVERT));
    }
    None
}

/// The format of JSON: what the first record says that says something.
fn of_json(source: &Source<'_>) -> Result<Format> {
    let json = Json::new(source);
    for record in json.records()? {
        let record = record?;
        if let Some(name) = foreign_json(&record) {
            return Err(unread(source, name, CONVERT));
        }
        let mut told = Format::all().filter(|&format| tells(&record, format));
        match (told.next(), told.next()) {
            (None, _) => {}
            (Some(format), None) => return Ok(format),
            (Some(one), Some(other)) => {
                return Err(source.refuse(format!(
                    "this may be {} or {}: say which with --input-format {} or {}",
                    one.title(),
                    other.title(),
                    one.name(),
                    other.name()
                )));
            }
        }
    }
    Ok(Format::Lines)
}

/// Whether a record has the structure of a format.
fn tells(record: &Node<'_>, format: Format) -> bool {
    let has = |name: &str| record.field(name).is_some();
    let list = |name: &str| record.field(name).and_then(Node::as_list);
    let of_objects = |name: &str, field: &str| {
        list(name).and_then(<[_]>::first).is_some_and(|node| node.field(field).is_some())
    };
    // What Prodigy says of every record, and nobody else.
    let decided = record.field("answer").and_then(Node::as_text);
    let decided = decided.is_some_and(|said| ["accept", "reject", "ignore"].contains(&said));
    match format {
        Format::Words | Format::Table | Format::LabelFirst => false,
        Format::Lines => {
            of_objects("entities", "start")
                || (has("passage") && has("question"))
                || record.field("first").is_some_and(Node::is_object)
                || (!decided
                    && record.field("label").is_some_and(|label| label.as_text().is_some()))
        }
        Format::Squad => list("data").is_some(),
        Format::Bioasq => {
            of_objects("questions", "body") || (has("question") && list("contexts").is_some())
        }
        Format::Doccano => {
            of_objects("entities", "start_offset")
                || ["label", "labels"].iter().any(|name| list(name).is_some())
        }
        Format::Prodigy => decided || list("spans").is_some() || list("accept").is_some(),
        Format::LabelStudio => {
            record.field("data").is_some_and(Node::is_object)
                && (has("annotations") || has("completions"))
        }
        Format::Spacy => record.as_list().is_some_and(|list| {
            list.first().is_some_and(|text| text.as_text().is_some()) && list.len() == 2
        }),
        Format::HuggingFace => {
            let tags = ["ner_tags", "tags"].iter().any(|name| list(name).is_some());
            tags && list("tokens").is_some()
        }
        Format::BiocJson => {
            ["documents", "passages", "PubTator3"].iter().any(|name| list(name).is_some())
        }
        _ => false,
    }
}

/// What a record says that is of a format that is not read.
fn foreign_json(record: &Node<'_>) -> Option<&'static str> {
    let list = |name: &str| record.field(name).and_then(Node::as_list);
    if list("denotations").is_some() {
        return Some("PubAnnotation's JSON");
    }
    let studio = list("label").and_then(<[_]>::first);
    studio
        .is_some_and(|mark| mark.field("labels").is_some())
        .then_some("Label Studio's JSON-MIN, not its JSON")
}

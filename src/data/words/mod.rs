//! Words and tags in two columns: BIO, IOBES or BILOU; an empty line ends a sentence. A line `# doc_id = …`
//! names the document that the sentences after it are of.

mod write;

pub(super) use write::WordWriter;

use std::io::BufRead;
use std::ops::Range;
use std::sync::Arc;

use crate::data::source::Source;
use crate::data::text_lines::TextLines;
use crate::data::told::Told;
use crate::document::{Document, Entity};
use crate::error::{Error, Result};
use crate::tag::{Tag, spans};

/// The sentences of a file.
pub(super) fn documents(source: &Source<'_>) -> Result<Vec<Document>> {
    let mut documents = Vec::new();
    let mut sentence = Sentence::default();
    for (index, line) in source.text.lines().enumerate() {
        let ended = sentence.line(index + 1, line, source.options.entity);
        documents.extend(ended.map_err(|reason| source.in_line(index + 1, reason))?);
    }
    documents.extend(sentence.end());
    Ok(documents)
}

/// The sentences of a file, one after the other. One with a mistake is told and passed over.
pub(super) fn stream<'a>(
    file: &'a str,
    input: Box<dyn BufRead + 'a>,
) -> impl Iterator<Item = Result<Document>> + 'a {
    let (mut sentence, mut wrong, mut broken) = (Sentence::default(), false, false);
    let mut lines = TextLines::new(file, input);
    std::iter::from_fn(move || {
        while !broken {
            let line = match lines.next() {
                Ok(Some(line)) => line,
                Ok(None) => return sentence.end().map(Ok),
                Err(error) => {
                    broken = true;
                    return Some(Err(error));
                }
            };
            if wrong && !line.is_blank() {
                continue;
            }
            wrong = false;
            let text = line.text.ok_or_else(|| "not UTF-8".to_string());
            match text.and_then(|text| sentence.line(line.number, &text, None)) {
                Ok(None) => {}
                Ok(Some(document)) => return Some(Ok(document)),
                Err(reason) => {
                    let told = Told { file, id: sentence.id.clone(), line: line.number };
                    sentence.end();
                    wrong = true;
                    return Some(Err(told.error(Error::Argument(reason))));
                }
            }
        }
        None
    })
}

/// A document of words with tags.
pub(super) fn document<'a>(
    line: usize,
    words: impl Iterator<Item = (&'a str, &'a str)>,
    entity: Option<&str>,
) -> std::result::Result<Document, &'static str> {
    let mut sentence = Sentence { start: line, ..Sentence::default() };
    for (word, tag) in words {
        sentence.add(word, parse(tag, entity)?);
    }
    Ok(sentence.end().unwrap_or(Document { line, ..Document::default() }))
}

/// Whether a line is a word with a tag.
pub(super) fn is_tagged(line: &str) -> bool {
    columns(line).is_ok_and(|(_, tag)| parse(tag, Some("Entity")).is_ok())
}

/// The word, which may hold blanks if a tab separates the two, and its tag.
fn columns(line: &str) -> std::result::Result<(&str, &str), String> {
    let line = line.trim_end_matches('\r');
    let told = line.trim_end_matches(['\t', ' ']);
    let columns: Vec<&str> = match line.contains('\t') {
        true => told.split('\t').map(|column| column.trim_matches(' ')).collect(),
        false => told.split(' ').filter(|column| !column.is_empty()).collect(),
    };
    match columns[..] {
        ["", _] => Err("a tag without a word".into()),
        [word, tag] => Ok((word, tag)),
        [_] | [] => Err("a word without a tag".into()),
        _ if told.starts_with('#') => Err("a comment, which is not read; leave it out".into()),
        _ => Err(format!(
            "{} columns, not a word and its tag; a blank in a word needs a tab before the tag",
            columns.len()
        )),
    }
}

/// A tag of a file: `O`, or a letter of the BIO, IOBES and BILOU schemes with or without a kind. A head
/// may have other labels; in a file they are mistakes.
fn parse(tag: &str, entity: Option<&str>) -> std::result::Result<Tag, &'static str> {
    let plain: Arc<str> = entity.unwrap_or_default().into();
    let parsed = Tag::parse(tag, &plain);
    match parsed.kind() {
        None if tag == "O" => Ok(parsed),
        Some(_) if tag.len() == 1 && "BIELSU".contains(tag) => match entity {
            Some(_) => Ok(parsed),
            None => {
                Err("a plain tag, and the head finds several kinds: which is meant is not known")
            }
        },
        Some(kind) if tag.len() > 2 && **kind != *tag && !kind.trim().is_empty() => Ok(parsed),
        _ => Err("a tag that is not O, B or I"),
    }
}

/// What comes before the id of the document that the sentences after it are of.
const DOC_ID: &str = "# doc_id = ";

/// A sentence that is being read.
#[derive(Default)]
struct Sentence {
    id: Option<String>,
    /// The line where it starts.
    start: usize,
    text: String,
    words: Vec<Range<usize>>,
    tags: Vec<Tag>,
}

impl Sentence {
    /// Reads a line; the sentence that it ends, if it ends one.
    fn line(
        &mut self,
        number: usize,
        line: &str,
        entity: Option<&str>,
    ) -> std::result::Result<Option<Document>, String> {
        if line.trim().is_empty() {
            return Ok(self.end());
        }
        if let Some(id) = line.strip_prefix(DOC_ID).filter(|id| !id.contains('\t')) {
            let ended = self.end();
            self.id = Some(id.trim().to_string()).filter(|id| !id.is_empty());
            return Ok(ended);
        }
        let (word, tag) = columns(line)?;
        if self.words.is_empty() {
            self.start = number;
        }
        self.add(word, parse(tag, entity)?);
        Ok(None)
    }

    /// Adds a word; blanks stand between words.
    fn add(&mut self, word: &str, tag: Tag) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(word);
        self.words.push(start..self.text.len());
        self.tags.push(tag);
    }

    /// The sentence, if it has a word; the next one starts empty.
    fn end(&mut self) -> Option<Document> {
        let id = self.id.clone();
        let next = Sentence { id: id.clone(), ..Sentence::default() };
        let Sentence { start: line, text, words, tags, .. } = std::mem::replace(self, next);
        let entity = |span: crate::tag::WordSpan| {
            let bytes = words[span.words.start].start..words[span.words.end - 1].end;
            Entity::new(bytes, span.kind)
        };
        let entities = spans(tags.iter().map(|tag| (tag, 1.0))).into_iter().map(entity).collect();
        let words = Some(words).filter(|words| !words.is_empty())?;
        Some(Document { id, line, text, words: Some(words), entities, ..Document::default() })
    }
}

#[cfg(test)]
mod tests {
    use crate::data::tests::{documents, marked, told};
    use crate::data::{Content, Format, ReadOptions, read};
    use crate::text::OffsetUnit;

    #[test]
    fn sentences_become_texts() {
        let text =
            "\u{FEFF}The\tO\r\nleft\tB\r\nknee\tI\r\n\r\n\n \nhurts O\nliver\tS-Organ\t\nx\tL\n";
        let found = documents(Content::Entities, "a.TSV", text);
        assert_eq!(marked(&found[0]), ("The left knee", vec![("Entity", "left knee")]));
        let second = vec![("Organ", "liver"), ("Entity", "x")];
        assert_eq!(marked(&found[1]), ("hurts liver x", second));
        assert_eq!(found.iter().map(|document| document.line).collect::<Vec<_>>(), [1, 7]);
    }

    #[test]
    fn a_blank_within_a_word_is_kept_after_a_tab_and_refused_without() {
        let found = documents(Content::Entities, "a.tsv", "knee pain\tB-Problem\nand\tO\n");
        assert_eq!(marked(&found[0]), ("knee pain and", vec![("Problem", "knee pain")]));
        assert_eq!(found[0].words, Some(vec![0..9, 10..13]));
        let told = told(Content::Entities, "a.tsv", "SECRET pain B-Problem\n");
        let reason =
            "3 columns, not a word and its tag; a blank in a word needs a tab before the tag";
        assert_eq!(told, format!("a.tsv: line 1: {reason}"));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let told = |text: &str| told(Content::Entities, "a.tsv", text);
        assert_eq!(told("SECRET\tO\n\nSECRET\n"), "a.tsv: line 3: a word without a tag");
        assert_eq!(told("SECRET\tO\n\tO\n"), "a.tsv: line 2: a tag without a word");
        let comment = "a.tsv: line 2: a comment, which is not read; leave it out";
        assert_eq!(told("#\tO\n# text = SECRET\n"), comment);
        assert!(told("The SECRET of the patient is told.").contains("line 1: 7 columns"));
        for tag in ["SECRET", "o", "Q-SECRET", "B-", "I- ", "BB", "X", "[CLS]", "1", "Entity", "-"]
        {
            let text = format!("SECRET\tO\r\n\r\nSECRET\t{tag}\r\n");
            assert_eq!(told(&text), "a.tsv: line 3: a tag that is not O, B or I", "{tag}");
        }
    }

    #[test]
    fn plain_tags_need_a_kind() {
        let options = |entity| ReadOptions {
            content: Content::Entities,
            format: Some(Format::Words),
            unit: OffsetUnit::Utf8Bytes,
            entity,
        };
        let told = |entity| read("a.tsv", "x\tB\n", &options(entity)).unwrap_err().to_string();
        assert!(told(None).starts_with("a.tsv: line 1: a plain tag"), "{}", told(None));
        assert_eq!(told(Some(" ")), "the kind of the entities has no name");
        let found = read("a.tsv", "x\tB\n", &options(Some("Part"))).unwrap();
        assert_eq!(marked(&found.documents[0]).1, [("Part", "x")]);
    }
}

//! JSON whose values know where they stand: what is wrong with a field is told with its name, line and
//! column. `serde_json` checks the grammar and decodes strings; what it says of a field would not name
//! it, and may quote the text.

use std::borrow::Cow;
use std::ops::Range;
use std::str::FromStr;

use serde::de::IgnoredAny;
use serde_json::error::Category;

use crate::data::source::Source;
use crate::document::{AssertionValue, Document};
use crate::error::{Error, Result};

/// Lists and objects in each other at most.
const DEPTH: usize = 64;

/// A value.
pub(super) struct Node<'a> {
    /// The byte of the file where it starts.
    at: usize,
    pub(super) value: Value<'a>,
}

pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    pub(super) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn as_list(&self) -> Option<&[Node<'a>]> {
        if let Value::List(list) = &self.value { Some(list) } else { None }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// A field, if this is an object that has it; the first of several.
    pub(super) fn field(&self, name: &str) -> Option<&Node<'a>> {
        let Value::Object(fields) = &self.value else { return None };
        fields.iter().find(|(own, _)| own == name).map(|(_, node)| node)
    }
}

/// A file of JSON.
pub(super) struct Json<'a> {
    pub(super) source: &'a Source<'a>,
    /// The bytes where lines start.
    starts: Vec<usize>,
    /// The values: lines, or the elements of one list, or one value.
    parts: Parts,
}

enum Parts {
    Lines(Vec<Range<usize>>),
    Whole,
}

impl<'a> Json<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Json<'a> {
        let text = source.text;
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
        let ends = starts.iter().skip(1).copied().chain([text.len()]);
        let lines = starts.iter().copied().zip(ends).map(|(start, end)| start..end);
        let lines: Vec<_> = lines.filter(|line| !text[line.clone()].trim().is_empty()).collect();
        let opens = |line: &Range<usize>| text[line.clone()].starts_with(['{', '[']);
        // One value over many lines: its first line is none by itself.
        let whole = lines.len() > 1
            && grammar(&text[lines[0].clone()]).is_some_and(|error| error.is_eof())
            && (!lines.iter().all(opens) || grammar(text).is_none());
        let list = lines.len() == 1 && text.trim_start().starts_with('[');
        let parts = if whole || list { Parts::Whole } else { Parts::Lines(lines) };
        Json { source, starts, parts }
    }

    /// The records of the file, one after the other; lines are parsed as they are asked for.
    pub(super) fn records(&self) -> Result<Box<dyn Iterator<Item = Result<Node<'a>>> + '_>> {
        match &self.parts {
            Parts::Lines(lines) => Ok(Box::new(lines.iter().map(|line| self.parse(line.clone())))),
            Parts::Whole => {
                let whole = self.parse(0..self.source.text.len())?;
                let records = match whole.value {
                    // A triple of spaCy's is a list, but not of records.
                    Value::List(list) if list.first().is_none_or(|n| n.as_text().is_none()) => list,
                    _ => vec![whole],
                };
                Ok(Box::new(records.into_iter().map(Ok)))
            }
        }
    }

    /// Makes documents of the records; those that make none are counted.
    pub(super) fn documents(
        &self,
        make: impl Fn(&Json<'a>, &Node<'a>) -> Result<Option<Document>>,
    ) -> Result<(Vec<Document>, usize)> {
        let (mut documents, mut left_out) = (Vec::new(), 0);
        for record in self.records()? {
            let record = record?;
            let made = make(self, &record).map_err(|error| match error {
                Error::Argument(reason) => self.source.in_line(self.line(&record), reason),
                other => other,
            })?;
            left_out += usize::from(made.is_none());
            documents.extend(made);
        }
        Ok((documents, left_out))
    }

    /// A document of a record, with its text and what it is called.
    pub(super) fn document(&self, record: &Node<'_>, text: &str) -> Document {
        let id = record.field("id").and_then(|id| match &id.value {
            Value::Text(id) => Some(id.to_string()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        });
        Document {
            id,
            line: self.source.before + self.line(record),
            text: text.to_string(),
            ..Document::default()
        }
    }

    /// The value of a text that is one.
    pub(super) fn one(&self) -> Result<Node<'a>> {
        self.parse(0..self.source.text.len())
    }

    fn parse(&self, range: Range<usize>) -> Result<Node<'a>> {
        let part = self.source.text[range.clone()].trim_end();
        if let Some(error) = grammar(part) {
            let line = self.starts.partition_point(|&start| start <= range.start) - 1;
            let reason = match error.classify() {
                Category::Eof => "the JSON ends early",
                _ => "not JSON",
            };
            let reason = format!("{reason} at column {}", error.column());
            return Err(self.source.in_line(line + error.line(), reason));
        }
        let mut scanner = Scanner { text: self.source.text, at: range.start };
        scanner.value(DEPTH).map_err(|(at, reason)| self.wrong_at(at, reason))
    }

    /// The line of a value.
    pub(super) fn line(&self, node: &Node<'_>) -> usize {
        self.starts.partition_point(|&start| start <= node.at)
    }

    fn wrong_at(&self, at: usize, reason: &str) -> Error {
        let line = self.starts.partition_point(|&start| start <= at);
        let column = at + 1 - self.starts[line - 1];
        self.source.in_line(line, format!("{reason} at column {column}"))
    }

    /// What is wrong with a value.
    pub(super) fn wrong(&self, node: &Node<'_>, reason: &str) -> Error {
        self.wrong_at(node.at, reason)
    }

    /// A field that may be missing or `null`.
    pub(super) fn find<'n, 'm>(
        &self,
        object: &'n Node<'m>,
        name: &str,
    ) -> Result<Option<&'n Node<'m>>> {
        let Value::Object(fields) = &object.value else {
            return Err(self.wrong(object, "what stands here is not an object"));
        };
        let mut named = fields.iter().filter(|(own, _)| own == name).map(|(_, node)| node);
        let found = named.next();
        if let Some(again) = named.next() {
            return Err(self.wrong(again, &format!("`{name}` is there twice")));
        }
        Ok(found.filter(|node| !matches!(node.value, Value::Null)))
    }

    /// A field that must be there.
    pub(super) fn need<'n, 'm>(&self, object: &'n Node<'m>, name: &str) -> Result<&'n Node<'m>> {
        let missing = || self.wrong(object, &format!("`{name}` is missing from what starts"));
        self.find(object, name)?.ok_or_else(missing)
    }

    pub(super) fn text<'n>(&self, object: &'n Node<'_>, name: &str) -> Result<&'n str> {
        let node = self.need(object, name)?;
        node.as_text().ok_or_else(|| self.wrong(node, &format!("`{name}` is not a text")))
    }

    pub(super) fn list<'n, 'm>(&self, object: &'n Node<'m>, name: &str) -> Result<&'n [Node<'m>]> {
        let node = self.need(object, name)?;
        node.as_list().ok_or_else(|| self.wrong(node, &format!("`{name}` is not a list")))
    }

    /// A field that is a text if it is there.
    pub(super) fn may_text<'n>(&self, object: &'n Node<'_>, name: &str) -> Result<Option<&'n str>> {
        self.find(object, name)?.map(|_| self.text(object, name)).transpose()
    }

    /// The elements of a list; none if it is missing.
    pub(super) fn may_list<'n, 'm>(
        &self,
        object: &'n Node<'m>,
        name: &str,
    ) -> Result<&'n [Node<'m>]> {
        self.find(object, name)?.map_or(Ok(&[]), |_| self.list(object, name))
    }

    pub(super) fn may_offset(&self, object: &Node<'_>, name: &str) -> Result<Option<usize>> {
        self.find(object, name)?.map(|_| self.offset(object, name)).transpose()
    }

    pub(super) fn may_flag(&self, object: &Node<'_>, name: &str) -> Result<Option<bool>> {
        let Some(node) = self.find(object, name)? else { return Ok(None) };
        match node.value {
            Value::Bool(flag) => Ok(Some(flag)),
            _ => Err(self.wrong(node, &format!("`{name}` is not true or false"))),
        }
    }

    /// A number that is finite: read as `T`, so that it is written as it was.
    pub(super) fn may_number<T: FromStr + Into<f64> + Copy>(
        &self,
        object: &Node<'_>,
        name: &str,
    ) -> Result<Option<T>> {
        let Some(node) = self.find(object, name)? else { return Ok(None) };
        let number = match node.value {
            Value::Number(number) => number.parse().ok(),
            _ => None,
        };
        let number = number.filter(|&number: &T| number.into().is_finite());
        number.map(Some).ok_or_else(|| self.wrong(node, &format!("`{name}` is not a number")))
    }

    /// What a name stands for, in a field that may be missing.
    pub(super) fn may_name<T>(
        &self,
        object: &Node<'_>,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(text) = self.may_text(object, name)? else { return Ok(None) };
        let unknown = || self.wrong(object, &format!("`{name}` has a name that is not known"));
        parse(text).map(Some).ok_or_else(unknown)
    }

    /// The texts of a list.
    pub(super) fn texts<'n>(&self, object: &'n Node<'_>, name: &str) -> Result<Vec<&'n str>> {
        let text = |node: &'n Node<'_>| {
            node.as_text()
                .ok_or_else(|| self.wrong(node, &format!("`{name}` is not a list of texts")))
        };
        self.list(object, name)?.iter().map(text).collect()
    }

    pub(super) fn offset(&self, object: &Node<'_>, name: &str) -> Result<usize> {
        let node = self.need(object, name)?;
        self.number(node).ok_or_else(|| self.wrong(node, &format!("`{name}` is not an offset")))
    }

    pub(super) fn number(&self, node: &Node<'_>) -> Option<usize> {
        let Value::Number(number) = node.value else { return None };
        number.parse().ok()
    }

    /// What a text says of an entity, in its field `assertion`: a value, or an object that has it.
    pub(super) fn assertion(&self, entity: &Node<'_>) -> Result<Option<AssertionValue>> {
        let Some(node) = self.find(entity, "assertion")? else { return Ok(None) };
        let (of, name) = if node.is_object() { (node, "value") } else { (entity, "assertion") };
        let value = AssertionValue::parse(self.text(of, name)?);
        let names = || AssertionValue::ALL.map(AssertionValue::name).join(", ");
        let unknown = || self.wrong(node, &format!("`assertion` is none of {},", names()));
        value.ok_or_else(unknown).map(Some)
    }

    /// The one label of a text, which some files put into a list.
    pub(super) fn one_label<'n>(&self, node: &'n Node<'_>) -> Result<&'n str> {
        let several = || self.wrong(node, "several labels for one text, which are not read yet,");
        let label = match &node.value {
            Value::Text(label) => label,
            Value::List(list) => match list.as_slice() {
                [] => return Err(Error::Argument("the text has no label".into())),
                [Node { value: Value::Text(label), .. }] => label,
                _ => return Err(several()),
            },
            _ => return Err(self.wrong(node, "`label` is not a text")),
        };
        if label.contains('|') { Err(several()) } else { Ok(label) }
    }
}

/// What is wrong with the grammar of a value.
fn grammar(text: &str) -> Option<serde_json::Error> {
    serde_json::from_str::<IgnoredAny>(text).err()
}

/// Reads values whose grammar was checked.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

type Scanned<T> = std::result::Result<T, (usize, &'static str)>;

impl<'a> Scanner<'a> {
    /// The next byte that is not white space.
    fn peek(&mut self) -> u8 {
        let rest = &self.text.as_bytes()[self.at..];
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.at += blanks;
        rest.get(blanks).copied().unwrap_or_default()
    }

    /// Passes over a byte, if it comes next.
    fn passes(&mut self, byte: u8) -> bool {
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    fn value(&mut self, depth: usize) -> Scanned<Node<'a>> {
        let first = self.peek();
        let at = self.at;
        if depth == 0 {
            return Err((at, "too many lists or objects in each other"));
        }
        let value = match first {
            b'"' => Value::Text(self.string()?),
            b'[' => {
                self.at += 1;
                let mut list = Vec::new();
                while !self.passes(b']') {
                    list.push(self.value(depth - 1)?);
                    self.passes(b',');
                }
                Value::List(list)
            }
            b'{' => {
                self.at += 1;
                let mut fields = Vec::new();
                while !self.passes(b'}') {
                    self.peek();
                    let name = self.string()?;
                    self.passes(b':');
                    fields.push((name, self.value(depth - 1)?));
                    self.passes(b',');
                }
                Value::Object(fields)
            }
            _ => match self.word() {
                "" => return Err((at, "not JSON")),
                "null" => Value::Null,
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                number => Value::Number(number),
            },
        };
        Ok(Node { at, value })
    }

    /// A number or one of JSON's three words.
    fn word(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| c.is_whitespace() || ",]}".contains(c));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn string(&mut self) -> Scanned<Cow<'a, str>> {
        let (text, at) = (self.text, self.at);
        let mut bytes = text.bytes().enumerate().skip(at + 1);
        let mut escaped = false;
        let end = loop {
            match bytes.next() {
                None => return Err((at, "not JSON")),
                Some((_, b'\\')) => {
                    escaped = true;
                    bytes.next();
                }
                Some((end, b'"')) => break end,
                Some(_) => {}
            }
        };
        self.at = end + 1;
        if !escaped {
            return Ok(text[at + 1..end].into());
        }
        let string = serde_json::from_str::<String>(&text[at..=end]);
        string.map(Cow::Owned).map_err(|_| (at, "a text that is not valid Unicode"))
    }
}

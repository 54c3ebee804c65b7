//! Documents as words and tags: BIO, an empty line after each sentence.

use std::io::Write;
use std::ops::Range;

use unicode_categories::UnicodeCategories;

use crate::data::losses::{Holds, lose};
use crate::data::sound;
use crate::data::words::DOC_ID;
use crate::data::write::{Losses, Writer, unwritten};
use crate::document::{Document, Entity};
use crate::error::{Error, Result};
use crate::sentence::sentences;

/// Writes sentences of words with tags.
pub(in crate::data) struct WordWriter<'a> {
    out: Box<dyn Write + 'a>,
    losses: Losses,
}

impl<'a> WordWriter<'a> {
    pub(in crate::data) fn new(out: Box<dyn Write + 'a>) -> WordWriter<'a> {
        WordWriter { out, losses: Losses::new() }
    }

    /// The entities that tags can tell, by start, and a count of the others.
    fn flat<'d>(&mut self, document: &'d Document) -> Result<Vec<&'d Entity>> {
        let (whole, torn): (Vec<&Entity>, Vec<&Entity>) =
            document.entities.iter().partition(|entity| entity.pieces.len() < 2);
        lose(&mut self.losses, "entities in pieces", torn.len());
        let mut flat: Vec<&Entity> = whole;
        let all = flat.len();
        flat.sort_by_key(|entity| (entity.bytes.start, std::cmp::Reverse(entity.bytes.end)));
        let mut end = 0;
        flat.retain(|entity| {
            let free = entity.bytes.start >= end;
            if free {
                end = entity.bytes.end;
            }
            free
        });
        lose(&mut self.losses, "entities within or across others", all - flat.len());
        if flat.iter().any(|entity| entity.label.contains(['\t', '\n', '\r'])) {
            return Err(Error::Argument("a label with a tab or a line break".into()));
        }
        Ok(flat)
    }
}

impl Writer for WordWriter<'_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        sound::check(document)?;
        let text = document.text.as_str();
        let mut entities = self.flat(document)?;
        let sentences = match document.words.as_deref() {
            Some(words) if words.iter().all(|word| is_word(&text[word.clone()])) => {
                let all = entities.len();
                entities.retain(|entity| is_whole(words, &entity.bytes));
                lose(&mut self.losses, "entities within words", all - entities.len());
                vec![words.to_vec()]
            }
            _ => own(text, &entities),
        };
        Holds { words: true, ..Holds::NONE }.count(document, &mut self.losses);
        let mut lines = String::new();
        if let Some(id) = &document.id {
            lines.push_str(DOC_ID);
            lines.extend(id.chars().map(|c| if c.is_control() { ' ' } else { c }));
            lines.push('\n');
        }
        let mut told = entities.iter().peekable();
        for words in &sentences {
            for word in words {
                while told.next_if(|entity| entity.bytes.end <= word.start).is_some() {}
                let entity = told.peek().filter(|entity| entity.bytes.start <= word.start);
                let tag = match entity {
                    Some(entity) if entity.bytes.start == word.start => ("B-", entity.label.trim()),
                    Some(entity) => ("I-", entity.label.trim()),
                    None => ("O", ""),
                };
                lines.extend([&text[word.clone()], "\t", tag.0, tag.1, "\n"]);
            }
            lines.push('\n');
        }
        self.out.write_all(lines.as_bytes()).map_err(unwritten)
    }

    fn finish(&mut self) -> Result<Losses> {
        self.out.flush().map_err(unwritten)?;
        Ok(std::mem::take(&mut self.losses))
    }
}

/// Whether a line can hold a word: no tab in it, no line break, no blank around it.
fn is_word(word: &str) -> bool {
    !word.is_empty() && word.trim() == word && !word.contains(['\t', '\n', '\r'])
}

/// Whether words start and end where a place does.
fn is_whole(words: &[Range<usize>], place: &Range<usize>) -> bool {
    let starts = words.iter().any(|word| word.start == place.start);
    starts && words.iter().any(|word| word.end == place.end)
}

/// The words of a text, sentence by sentence. A sentence does not end within an entity, and no word holds more
/// than an entity.
fn own(text: &str, entities: &[&Entity]) -> Vec<Vec<Range<usize>>> {
    let mut all: Vec<Vec<Range<usize>>> = Vec::new();
    let mut crossing = entities.iter().peekable();
    for sentence in sentences(text) {
        while crossing.next_if(|entity| entity.bytes.end <= sentence.start).is_some() {}
        let goes_on = crossing.peek().is_some_and(|entity| entity.bytes.start < sentence.start);
        let words = words(text, sentence, entities);
        match all.last_mut().filter(|_| goes_on) {
            Some(before) => before.extend(words),
            None => all.push(words),
        }
    }
    all.retain(|words| !words.is_empty());
    all
}

/// Words as BERT's basic tokenizer has them: letters and digits in a row, or a mark by itself.
fn words(text: &str, place: Range<usize>, entities: &[&Entity]) -> Vec<Range<usize>> {
    let first = entities.partition_point(|entity| entity.bytes.end <= place.start);
    let mut cuts =
        entities[first..].iter().flat_map(|entity| [entity.bytes.start, entity.bytes.end]);
    let mut cut = cuts.next();
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (at, c) in text[place.clone()].char_indices() {
        let at = place.start + at;
        while cut.is_some_and(|end| end < at) {
            cut = cuts.next();
        }
        open &= cut != Some(at);
        if c.is_whitespace() || c.is_control() {
            open = false;
            continue;
        }
        let goes_on = c.is_alphanumeric() || c.is_mark();
        match words.last_mut().filter(|_| open && goes_on) {
            Some(word) => word.end = at + c.len_utf8(),
            None => words.push(at..at + c.len_utf8()),
        }
        open = goes_on;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Content, Format, ReadOptions, StreamOptions, Target, WriteOptions, writer};
    use crate::document::{Assertion, AssertionValue, Relation};
    use crate::text::OffsetUnit;

    fn written(document: &Document) -> (String, Losses) {
        let mut out = Vec::new();
        let options = WriteOptions::new(OffsetUnit::UnicodeScalars);
        let mut to = writer(Format::Words, Target::Stream(Box::new(&mut out)), options).unwrap();
        to.document(document).unwrap();
        let losses = to.finish().unwrap();
        drop(to);
        (String::from_utf8(out).unwrap(), losses)
    }

    fn entity(text: &str, words: &str, label: &str) -> Entity {
        let start = text.find(words).unwrap();
        Entity::new(start..start + words.len(), label.into())
    }

    #[test]
    fn entities_become_tags_and_come_back() {
        let text = "No rash (mild). Given IL-2\nVs placebo.";
        let entities = vec![
            entity(text, "rash (mild). Given", "A B"),
            entity(text, "IL", "X"),
            entity(text, "2", "X"),
        ];
        let id = Some("n\t1".into());
        let document = Document { id, text: text.into(), entities, ..Document::default() };
        let (told, losses) = written(&document);
        assert!(losses.is_empty(), "{losses:?}");
        assert!(told.starts_with("# doc_id = n 1\nNo\tO\nrash\tB-A B\n(\tI-A B\n"), "{told}");
        assert!(told.contains("\nGiven\tI-A B\nIL\tB-X\n-\tO\n2\tB-X\n\nVs\tO\n"), "{told}");
        let back = crate::data::stream(
            "a.tsv",
            Format::Words,
            crate::data::Origin::Stream(Box::new(told.as_bytes())),
            StreamOptions { unit: OffsetUnit::UnicodeScalars },
        );
        let back: Vec<Document> = back.unwrap().map(Result::unwrap).collect();
        assert_eq!(back.len(), 2);
        let marked: Vec<&str> =
            back[0].entities.iter().map(|e| &back[0].text[e.bytes.clone()]).collect();
        assert_eq!(
            (back[0].id.as_deref(), marked),
            (Some("n 1"), vec!["rash ( mild ) . Given", "IL", "2"])
        );
        // And by the reader of what heads learn from.
        let unit = OffsetUnit::UnicodeScalars;
        let options = ReadOptions { content: Content::Entities, format: None, unit, entity: None };
        let read = crate::data::read("a.tsv", &told, &options).unwrap();
        assert_eq!((read.format, read.documents), (Some(Format::Words), back));
    }

    #[test]
    fn what_tags_cannot_tell_is_counted() {
        let text = "left and right knee";
        let mut torn = entity(text, "left and right knee", "Part");
        torn.pieces = vec![0..4, 15..19];
        let mut judged = entity(text, "right knee", "Part");
        judged.assertion = Some(Assertion::new(AssertionValue::Absent));
        let entities = vec![torn, entity(text, "knee", "Part"), judged];
        let relations = vec![Relation::new(0, 1, "x".into())];
        let document = Document { text: text.into(), entities, relations, ..Document::default() };
        let (told, losses) = written(&document);
        assert!(told.ends_with("and\tO\nright\tB-Part\nknee\tI-Part\n\n"), "{told}");
        let lost = [
            "assertions",
            "entities in pieces",
            "entities within or across others",
            "pieces",
            "relations",
        ];
        assert_eq!(losses, lost.map(|what| (what, 1)).into());
        // Words that the file gave stay as they are.
        let words = Some(vec![0..4, 5..8, 9..19]);
        let document = Document { words, ..document };
        let (told, losses) = written(&document);
        assert_eq!(told, "left\tO\nand\tO\nright knee\tB-Part\n\n");
        assert_eq!(losses["assertions"], 1);
    }
}

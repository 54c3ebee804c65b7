//! Words and BIO tags in two columns.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::eval::conlleval;
use crate::heads::Tag;
use crate::train::example::{Annotated, Example};
use crate::train::parse::in_line;

/// Reads a file; `entity` is the kind that plain `B` and `I` stand for.
pub(super) fn parse(file: &str, text: &str, entity: &str) -> Result<Vec<Example>> {
    if entity.trim().is_empty() {
        return Err(Error::Argument("the kind of the entities has no name".into()));
    }
    let sentences = conlleval::parse(file, text)?;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let tag = line.trim_end_matches('\r').split(['\t', ' ']).rfind(|tag| !tag.is_empty());
        if !tag.is_some_and(is_known) {
            return Err(in_line(file, index + 1, "a tag that is not O, B or I"));
        }
    }
    Ok(sentences.iter().map(|sentence| Annotated::from_tags(sentence, entity).into()).collect())
}

/// Whether a tag is `O`, or a letter of the BIO, IOBES and BILOU schemes with or without a kind.
/// A head may have other labels; in a file to learn from they are mistakes.
fn is_known(tag: &str) -> bool {
    let entity: Arc<str> = "Entity".into();
    match Tag::parse(tag, &entity) {
        Tag::Outside => tag == "O",
        Tag::Begin(kind) | Tag::Inside(kind) | Tag::End(kind) | Tag::Single(kind) => {
            !kind.trim().is_empty() && *kind != *tag
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::heads::Task;
    use crate::text::OffsetUnit;
    use crate::train::Example;
    use crate::train::parse::tests::told;
    use crate::train::parse::{DataOptions, parse};

    #[test]
    fn sentences_become_texts() {
        let text =
            "\u{FEFF}The\tO\r\nleft\tB\r\nknee\tI\r\n\r\n\n \nhurts VBZ O\nliver\tS-Organ\nx\tL\n";
        let read = |options: &DataOptions| {
            let found = parse(Task::Ner, "a.TSV", text, options).unwrap();
            let mentions = found.iter().map(|example| {
                let Example::Ner(found) = example else { panic!() };
                let mention = |e: &crate::train::example::Mention| {
                    format!("{} {}", e.kind, &found.text[e.bytes.clone()])
                };
                (found.text.clone(), found.entities.iter().map(mention).collect::<Vec<_>>())
            });
            mentions.collect::<Vec<_>>()
        };
        let options = DataOptions::new(OffsetUnit::Utf8Bytes);
        let found = read(&options);
        assert_eq!(found[0], ("The left knee".into(), vec!["Entity left knee".into()]));
        let second = vec!["Organ liver".into(), "Entity x".into()];
        assert_eq!(found[1], ("hurts liver x".into(), second));
        assert_eq!(found.len(), 2);
        let found = read(&DataOptions { entity: Some("Part".into()), ..options });
        assert_eq!(found[0].1, ["Part left knee"]);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let told = |text: &str| told(Task::Ner, "a.tsv", text);
        assert_eq!(told("SECRET\tO\n\nSECRET\n"), "a.tsv: line 3 has no tag");
        for tag in ["SECRET", "o", "Q-SECRET", "B-", "I- ", "BB", "X", "[CLS]", "1", "Entity", "-"]
        {
            let text = format!("SECRET\tO\r\n\r\nSECRET\t{tag}\r\n");
            assert_eq!(told(&text), "a.tsv: line 3: a tag that is not O, B or I", "{tag}");
        }
        let options =
            DataOptions { entity: Some(" ".into()), ..DataOptions::new(OffsetUnit::Utf8Bytes) };
        let error = parse(Task::Ner, "a.tsv", "SECRET\tB\n", &options).unwrap_err();
        assert_eq!(error.to_string(), "the kind of the entities has no name");
    }
}

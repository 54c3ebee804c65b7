//! Tab-separated lines: a text and its label; of questions, the question, the passage and the label. What
//! stands before, an id, is carried along. A first line whose label column says `label` is a header.

use std::collections::BTreeSet;

use crate::data::content::Content;
use crate::data::format::Format;
use crate::data::source::Source;
use crate::document::{Answer, Document, Question};
use crate::error::Result;

/// The documents of a file.
pub(super) fn documents(source: &Source<'_>, label_first: bool) -> Result<Vec<Document>> {
    let questions = source.options.content == Content::Answers;
    let mut documents = Vec::new();
    let mut width = None;
    for (at, (line, columns)) in rows(source).enumerate() {
        let texts = 1 + usize::from(questions);
        if columns.len() < texts + 1 {
            let reason = format!("line {line} has fewer than {} columns", texts + 1);
            return Err(source.refuse(reason));
        }
        let (label, others) = match label_first {
            true => (columns[0].trim(), &columns[1..]),
            false => (columns[columns.len() - 1].trim(), &columns[..columns.len() - 1]),
        };
        if at == 0 && is_header(label) {
            continue;
        }
        // The header may lack the name of the ids.
        if *width.get_or_insert(columns.len()) != columns.len() {
            let reason = format!("{} columns, unlike the line before", columns.len());
            return Err(source.in_line(line, reason));
        }
        if label.contains('|') {
            let reason = "several labels for one text, divided by |, which are not read yet";
            return Err(source.in_line(line, reason));
        }
        let (before, texts) = others.split_at(others.len() - texts);
        let text = texts.last().copied().unwrap_or_default().to_string();
        let id = before.first().map(|id| id.to_string());
        let mut document = Document { id, line, text, ..Document::default() };
        if questions {
            let answer = Answer::Label(label.into());
            document.questions.push(Question { text: texts[0].into(), answer });
        } else {
            document.label = Some(label.into());
        }
        documents.push(document);
    }
    Ok(documents)
}

/// Whether the label stands first or last.
///
/// # Errors
/// Where it seems to stand first and no header says so, since the last column is the longest and differs
/// in more lines than the first; where it stands in the middle; where each line has a last column of its
/// own.
pub(super) fn order(source: &Source<'_>) -> Result<Format> {
    let rows: Vec<Vec<&str>> = rows(source).map(|(_, columns)| columns).collect();
    let header = rows.first().map_or(&[][..], Vec::as_slice);
    match header {
        [.., last] if is_header(last) => return Ok(Format::Table),
        [first, _, ..] if is_header(first) => return Ok(Format::LabelFirst),
        _ if header.iter().any(|name| is_header(name)) => {
            return Err(
                source.refuse("the label's column stands in the middle: put it first or last")
            );
        }
        _ => {}
    }
    let columns = rows.iter().map(Vec::len).min().unwrap_or_default();
    if columns < 2 {
        return Ok(Format::Table);
    }
    let firsts: BTreeSet<&str> = rows.iter().map(|row| row[0]).collect();
    let lasts: BTreeSet<&str> = rows.iter().map(|row| row[row.len() - 1]).collect();
    let length = |column: usize| rows.iter().map(|row| row[column].len()).sum::<usize>();
    let last: usize = rows.iter().map(|row| row[row.len() - 1].len()).sum();
    let repeats = firsts.len() == lasts.len() && firsts.len() < rows.len();
    if (firsts.len() < lasts.len() || repeats)
        && (0..columns - 1).all(|column| length(column) < last)
    {
        return Err(source.refuse(
            "the label seems to stand first: say so with --input-format label-first, or \
             --input-format table if not, or put the word label over its column",
        ));
    }
    // Ids have no class.
    if source.options.content == Content::Classes && rows.len() > 2 && lasts.len() == rows.len() {
        return Err(source.refuse(
            "every line has a last column of its own, so that is not the label: put the label last, \
             or first with the word label over it, or say --input-format",
        ));
    }
    Ok(Format::Table)
}

/// The lines as columns.
fn rows<'a>(source: &'a Source<'_>) -> impl Iterator<Item = (usize, Vec<&'a str>)> {
    source.lines().map(|(number, line)| (number, line.trim_end_matches('\r').split('\t').collect()))
}

fn is_header(label: &str) -> bool {
    label.trim().eq_ignore_ascii_case("label")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::tests::{documents, format, told};

    fn rows_of(text: &str) -> Vec<(String, String)> {
        let found = documents(Content::Classes, "a.tsv", text);
        found.into_iter().map(|document| (document.text, document.label.unwrap())).collect()
    }

    #[test]
    fn labels_come_last_with_and_without_header_and_id() {
        let want = [("x y", "a"), ("z", "no label")].map(|(a, b)| (a.to_string(), b.to_string()));
        for text in [
            "x y\ta\nz\tno label\n",
            "\u{FEFF}index\tsentence\tLabel\r\n0\tx y\ta\r\n\r\n1\tz\tno label\r\n",
            "\nsentence\tlabel\nid.1\tx y\t a \n\nid.2\tz\tno label",
        ] {
            assert_eq!(rows_of(text), want);
            assert_eq!(format(Content::Relations, "a.tsv", text).unwrap(), Format::Table);
        }
        let found = documents(Content::Classes, "a.tsv", "id\ttext\tlabel\n7\tx\ta\n");
        assert_eq!((found[0].id.as_deref(), found[0].line), (Some("7"), 2));
    }

    #[test]
    fn a_label_column_that_stands_first_is_read_by_its_header_or_refused() {
        let rows = "yes\tHe died of it.\nno\tAll is well here.\nyes\tShe fell ill again.\n";
        let want = [("He died of it.", "yes"), ("All is well here.", "no")];
        let found = rows_of(&format!("label\ttext\n{rows}"));
        assert_eq!(found.iter().map(|(a, b)| (&**a, &**b)).take(2).collect::<Vec<_>>(), want);
        let error = format(Content::Classes, "a.tsv", rows).unwrap_err();
        assert!(error.starts_with("a.tsv: the label seems to stand first"), "{error}");
        let few = "yes\tThe same text.\nno\tAnother such text.\n".repeat(3);
        let error = format(Content::Classes, "a.tsv", &few).unwrap_err();
        assert!(error.starts_with("a.tsv: the label seems to stand first"), "{error}");
        let middle = "id\tlabel\ttext\n1\tyes\tSECRET\n2\tno\tSECRET\n";
        let error = format(Content::Classes, "a.tsv", middle).unwrap_err();
        assert_eq!(error, "a.tsv: the label's column stands in the middle: put it first or last");
        let ids = "0\tyes\tSECRET a\n1\tno\tSECRET\n2\tno\tSECRET b\n";
        let error = format(Content::Classes, "a.tsv", ids).unwrap_err();
        assert!(
            error.contains("last column of its own") || error.contains("stand first"),
            "{error}"
        );
        // Few labels, short texts, a column that says the same in every line.
        for last in
            ["It is so\tyes\nIt is so\tno\n", "set\tHe died of it.\tyes\nset\tHe is well.\tno\n"]
        {
            assert_eq!(format(Content::Classes, "a.tsv", last).unwrap(), Format::Table);
        }
    }

    #[test]
    fn questions_have_a_passage() {
        let text = "id\tquestion\tpassage\tlabel\n7\tIs it?\tIt is.\tyes\n";
        let found = documents(Content::Answers, "a.tsv", text);
        let answer = Answer::Label("yes".into());
        assert_eq!(found[0].text, "It is.");
        assert_eq!(found[0].questions, [Question { text: "Is it?".into(), answer }]);
        let told = told(Content::Answers, "a.tsv", "SECRET\tSECRET\n");
        assert_eq!(told, "a.tsv: line 1 has fewer than 3 columns");
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let told = |text: &str| told(Content::Classes, "a.tsv", text);
        assert_eq!(told("a\tx\n\nSECRET\n"), "a.tsv: line 3 has fewer than 2 columns");
        let wide = "a.tsv: line 2: 3 columns, unlike the line before";
        assert_eq!(told("a\tx\nSECRET\tSECRET\tx\n"), wide);
        let several = "several labels for one text, divided by |, which are not read yet";
        assert_eq!(told("a\tx\nSECRET\tx|y\n"), format!("a.tsv: line 2: {several}"));
    }
}

//! Tab-separated lines: a text and its label.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::eval::table::{self, Line};
use crate::tasks::Masks;
use crate::train::example::Example;
use crate::train::parse::{DataOptions, in_line};

/// Reads a file; `make` makes an example of a text and its label.
pub(super) fn parse<Made: Into<Example>>(
    file: &str,
    text: &str,
    options: &DataOptions,
    make: impl Fn(&str, &str) -> Result<Made>,
) -> Result<Vec<Example>> {
    let example = |Line { number, texts: [text], label }: Line<'_, 1>| {
        let made = options.expect_known(label).and_then(|()| make(text, label));
        made.map(Into::into).map_err(|error| in_line(file, number, error))
    };
    lines(file, text)?.into_iter().map(example).collect()
}

/// The two masks that stand together in the most sentences of a file, in alphabetical order; `None`
/// where there is no sentence.
pub(super) fn masks(file: &str, text: &str) -> Result<Option<[String; 2]>> {
    let lines = lines(file, text)?;
    let mut pairs: BTreeMap<[String; 2], usize> = BTreeMap::new();
    for Line { texts: [sentence], .. } in &lines {
        let mut masks = masks_of(sentence);
        masks.sort_unstable();
        masks.dedup();
        for (index, first) in masks.iter().enumerate() {
            for second in &masks[index + 1..] {
                *pairs.entry([first.clone(), second.clone()]).or_default() += 1;
            }
        }
    }
    // By itself, only the mask of two entities that overlap is found as a pair.
    let joint =
        |mask: &String| pairs.keys().any(|pair| Masks::new(Some(pair)).find(mask).is_some());
    let mut ranked: Vec<_> = pairs.iter().collect();
    ranked.sort_by_key(|&(_, &count)| std::cmp::Reverse(count));
    let best = ranked.into_iter().find(|(pair, _)| !pair.iter().any(joint));
    match (best, lines.first()) {
        (None, Some(line)) => {
            Err(in_line(file, line.number, "the sentence does not hold two masks such as @GENE$"))
        }
        (best, _) => Ok(best.map(|(pair, _)| pair.clone())),
    }
}

/// The lines behind the header, if there is one.
fn lines<'a>(file: &str, text: &'a str) -> Result<Vec<Line<'a, 1>>> {
    let mut lines = table::lines(file, text).collect::<Result<Vec<_>>>()?;
    if lines.first().is_some_and(|line| line.label.eq_ignore_ascii_case("label")) {
        lines.remove(0);
    }
    Ok(lines)
}

/// What looks like a mask in a sentence: `@`, capital letters, digits, `_` and `-`, `$`.
fn masks_of(sentence: &str) -> Vec<String> {
    let own =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    let names = sentence.split('@').skip(1).filter_map(|rest| Some(rest.split_once('$')?.0));
    let names = names.filter(|name| !name.is_empty() && name.bytes().all(own));
    names.map(|name| format!("@{name}$")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heads::Task;
    use crate::text::OffsetUnit;
    use crate::train::parse;
    use crate::train::parse::tests::told;
    use crate::train::{Labelled, Pair};

    fn read(task: Task, text: &str) -> Vec<Example> {
        parse::parse(task, "a.tsv", text, &DataOptions::new(OffsetUnit::Utf8Bytes)).unwrap()
    }

    #[test]
    fn classes_come_with_and_without_header_and_id() {
        let example = |text: &str, label| Labelled::new(text.into(), None, label).unwrap().into();
        let want: [Example; 2] = [example("x y", "a"), example("z", "no label")];
        for text in [
            "x y\ta\nz\tno label\n",
            "\u{FEFF}index\tsentence\tLabel\r\n0\tx y\ta\r\n\r\n1\tz\tno label\r\n",
            "\nsentence\tlabel\nid.1\tx y\t a \n\nid.2\tz\tno label",
        ] {
            assert_eq!(read(Task::Classify, text), want);
        }
    }

    #[test]
    fn a_label_that_is_not_known_is_told() {
        let labels = Some(vec!["a".to_string()]);
        let options = DataOptions { labels, ..DataOptions::new(OffsetUnit::Utf8Bytes) };
        let told = |file: &str, text: &str| {
            parse::parse(Task::Classify, file, text, &options).unwrap_err().to_string()
        };
        let want = "line 2: a label that no training text has";
        assert_eq!(told("a.tsv", "x\ta\ny\tb\n"), format!("a.tsv: {want}"));
        let lines = "{\"text\":\"x\",\"label\":\"a\"}\n{\"text\":\"x\",\"label\":\"b\"}";
        assert_eq!(told("a.jsonl", lines), format!("a.jsonl: {want}"));
    }

    #[test]
    fn masks_that_stand_in_the_sentences_are_found() {
        let text = "1\tAnti-@GENE$ and @CHEMICAL$ in @X-1$.\ta\n\
                    2\t@CHEMICAL$ or @GENE$, a@b$.\tb\n\
                    3\tThe @CHEM-GENE$ one, @GENE$.\tc\n\
                    4\tThe @CHEM-GENE$ two, @GENE$.\tc\n\
                    5\tThe @CHEM-GENE$ three, @GENE$.\tc\n";
        let masks = ["@CHEMICAL$", "@GENE$"].map(String::from);
        assert_eq!(parse::masks("a.tsv", text).unwrap(), masks);
        let example = |text: &str, label| Pair::masked(text.into(), &masks, label).unwrap().into();
        let found = read(Task::Re, text);
        assert_eq!(found[0], example("Anti-@GENE$ and @CHEMICAL$ in @X-1$.", "a"));
        assert_eq!(found[2], example("The @CHEM-GENE$ one, @GENE$.", "c"));
        assert_eq!(found.len(), 5);
        let found = parse::masks("a.tsv", "sentence\tlabel\n@GENE$, @CELL-LINE_2$\t1\n");
        assert_eq!(found.unwrap(), ["@CELL-LINE_2$", "@GENE$"]);
    }

    #[test]
    fn masks_that_are_given_are_the_ones_and_plain_ones_stand_for_none() {
        let plain = ["@ENTITY1$", "@ENTITY2$"];
        for (file, text) in [("a.tsv", "\n"), ("a.tsv", "text\tlabel\n"), ("a.JSONL", "{")] {
            assert_eq!(parse::masks(file, text).unwrap(), plain);
        }
        let masks = ["GENE", "DRUG"].map(String::from);
        let options =
            DataOptions { masks: Some(masks.clone()), ..DataOptions::new(OffsetUnit::Utf8Bytes) };
        let found = parse::parse(Task::Re, "a.tsv", "The DRUG on GENE.\tx\n", &options).unwrap();
        let want = Pair::masked("The DRUG on GENE.".into(), &masks, "x").unwrap();
        assert_eq!(found, [want.into()]);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let mistakes = [
            (Task::Classify, "a\tx\n\nSECRET\n", "line 3 has fewer than 2 columns"),
            (Task::Classify, "SECRET\t \n", "line 1: the text has no label"),
            (Task::Classify, "a\tb\n \tSECRET\n", "line 2: the text is empty"),
            (Task::Re, "@A$ @B$\tx\nSECRET\n", "line 2 has fewer than 2 columns"),
            (Task::Re, "@A$ @B$\tx\nSECRET @A$ @B$\t\n", "line 2: the pair has no label"),
            (
                Task::Re,
                "@A$ @B$\tx\r\n\r\nSECRET @A$\tx\r\n",
                "line 3: the sentence does not hold @A$ and @B$",
            ),
            (
                Task::Re,
                "id\tsentence\tlabel\n1\tSECRET @A$ a\tx\n2\t@B$ @B$\tx\n",
                "line 2: the sentence does not hold two masks such as @GENE$",
            ),
        ];
        for (task, text, reason) in mistakes {
            assert_eq!(told(task, "a.tsv", text), format!("a.tsv: {reason}"));
        }
    }
}

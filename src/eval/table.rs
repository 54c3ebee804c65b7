//! Tab-separated files whose last column is a label.

use crate::error::{Error, Result};

/// A line of a file.
pub(crate) struct Line<'a, const N: usize> {
    /// Counted from 1.
    pub(crate) number: usize,
    /// The columns before the label.
    pub(crate) texts: [&'a str; N],
    /// The last column.
    pub(crate) label: &'a str,
}

/// The lines of a file that are not empty; what stands before the `N` columns, an id or a number, is
/// not used.
pub(crate) fn lines<'a, const N: usize>(
    file: &str,
    text: &'a str,
) -> impl Iterator<Item = Result<Line<'a, N>>> {
    let filled = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    filled.map(move |(index, line)| {
        let number = index + 1;
        let mut columns = line.trim_end_matches('\r').rsplit('\t');
        let label = columns.next().unwrap_or_default().trim();
        let mut texts = [""; N];
        for text in texts.iter_mut().rev() {
            *text = columns.next().ok_or_else(|| {
                Error::model(file, format!("line {number} has fewer than {} columns", N + 1))
            })?;
        }
        Ok(Line { number, texts, label })
    })
}

/// A line: the `N` columns before the label, and the label's index.
pub(super) type Row<'a, const N: usize> = ([&'a str; N], usize);

/// Reads the lines of a file whose labels are known. A first line whose label is none of `labels` is
/// a header.
pub(super) fn rows<'a, const N: usize>(
    file: &str,
    text: &'a str,
    labels: &[String],
) -> Result<Vec<Row<'a, N>>> {
    let mut rows = Vec::new();
    for line in lines(file, text) {
        let Line { number, texts, label } = line?;
        match labels.iter().position(|known| known == label) {
            Some(label) => rows.push((texts, label)),
            None if number == 1 => {}
            None => {
                let reason = format!("line {number} has a label that the head does not know");
                return Err(Error::model(file, reason));
            }
        }
    }
    Ok(rows)
}

//! Tab-separated files whose last column is a label.

use crate::error::{Error, Result};

/// A line: the `N` columns before the label, and the label's index.
pub(super) type Row<'a, const N: usize> = ([&'a str; N], usize);

/// Reads the lines of a file; what stands before the `N` columns, an id or a number, is not used. A
/// first line whose label is none of `labels` is a header.
pub(super) fn rows<'a, const N: usize>(
    file: &str,
    text: &'a str,
    labels: &[String],
) -> Result<Vec<Row<'a, N>>> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |reason: &str| Error::model(file, format!("line {} {reason}", index + 1));
        let mut columns = line.rsplit('\t');
        let label = columns.next().unwrap_or_default().trim();
        let mut texts = [""; N];
        for text in texts.iter_mut().rev() {
            let column = columns.next();
            *text = column.ok_or_else(|| wrong(&format!("has fewer than {} columns", N + 1)))?;
        }
        match labels.iter().position(|known| known == label) {
            Some(label) => rows.push((texts, label)),
            None if index == 0 => {}
            None => return Err(wrong("has a label that the head does not know")),
        }
    }
    Ok(rows)
}

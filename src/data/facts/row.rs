//! A row of a table, cell by cell.

use std::rc::Rc;
use std::str::FromStr;

use csv::ByteRecord;

use crate::data::facts::{ALL, COLUMNS, Column, Fact};

/// What is wrong with a row.
pub(super) type Checked<T> = std::result::Result<T, String>;

/// A row with the line where it starts.
pub(super) struct Row {
    pub(super) line: usize,
    /// What is wrong with it as a whole.
    pub(super) wrong: Option<String>,
    /// Where each column stands in the table.
    pub(super) cells: Rc<Places>,
    pub(super) record: ByteRecord,
}

/// Where columns stand; those that a table does not have, nowhere.
pub(super) type Places = [Option<usize>; COLUMNS.len()];

impl Row {
    /// A cell; `None` if it is empty.
    pub(super) fn cell(&self, column: Column) -> Checked<Option<&str>> {
        let text = self.bytes(column).map(str::from_utf8).transpose();
        text.map_err(|_| format!("`{}` is not UTF-8", COLUMNS[column as usize]))
    }

    /// A cell that is not empty, as the file has it.
    pub(super) fn bytes(&self, column: Column) -> Option<&[u8]> {
        let bytes = self.cells[column as usize].and_then(|at| self.record.get(at));
        bytes.filter(|bytes| !bytes.is_empty())
    }

    pub(super) fn is(&self, fact: Fact) -> bool {
        self.cell(Column::Fact).is_ok_and(|own| own == Some(fact.name()))
    }

    pub(super) fn fact(&self) -> Checked<Fact> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        let fact = self.need(Column::Fact, Fact::parse)?;
        self.check(fact)?;
        Ok(fact)
    }

    /// Refuses a cell that says nothing of what the row is about, or of something that another cell would have to
    /// say first: whoever wrote it meant something by it.
    fn check(&self, fact: Fact) -> Checked<()> {
        let name = |column: Column| COLUMNS[column as usize];
        let full = |column: Column| Ok::<_, String>(self.cell(column)?.is_some());
        for &column in ALL {
            let fits = matches!(column, Column::Doc | Column::Id | Column::Fact)
                || fact.columns().contains(&column);
            if !fits && full(column)? {
                let (own, fact) = (name(column), fact.name());
                return Err(format!("`{own}` is not empty, and says nothing of a {fact}"));
            }
        }
        for (column, first) in [
            (Column::Category, Column::Assertion),
            (Column::AssertionScore, Column::Assertion),
            (Column::CueStart, Column::Assertion),
            (Column::CueEnd, Column::Assertion),
            (Column::ModelHash, Column::Model),
            (Column::Version, Column::Model),
        ] {
            if full(column)? && !full(first)? {
                return Err(format!("`{}` without `{}`", name(column), name(first)));
            }
        }
        Ok(())
    }

    pub(super) fn text(&self, column: Column) -> Checked<Option<String>> {
        Ok(self.cell(column)?.map(String::from))
    }

    /// What a cell stands for, if it is not empty.
    pub(super) fn may<T>(
        &self,
        column: Column,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Checked<Option<T>> {
        let unknown = || format!("`{}` has a value that is not known", COLUMNS[column as usize]);
        self.cell(column)?.map(|cell| parse(cell).ok_or_else(unknown)).transpose()
    }

    pub(super) fn need<T>(&self, column: Column, parse: impl Fn(&str) -> Option<T>) -> Checked<T> {
        let missing = || format!("`{}` is empty", COLUMNS[column as usize]);
        self.may(column, parse)?.ok_or_else(missing)
    }

    pub(super) fn parsed<T: FromStr>(&self, column: Column) -> Checked<Option<T>> {
        self.may(column, |cell| cell.parse().ok())
    }

    pub(super) fn number<T: FromStr + Into<f64> + Copy>(
        &self,
        column: Column,
    ) -> Checked<Option<T>> {
        self.may(column, |cell| cell.parse().ok().filter(|&own: &T| own.into().is_finite()))
    }

    pub(super) fn label(&self) -> Checked<String> {
        self.need(Column::Label, |label| {
            Some(label.trim()).filter(|l| !l.is_empty()).map(String::from)
        })
    }
}

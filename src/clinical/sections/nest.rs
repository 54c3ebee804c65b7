//! Which section stands in which.

use super::heading::{Heading, Line, Says};
use super::kinds::{Kind, OTHER, inner_kind};
use super::mark::{Mark, Style};
use crate::document::Section;

/// A section whose end has not come.
struct Open {
    index: usize,
    kind: &'static Kind,
    mark: Mark,
    rank: u8,
    /// Its text started on the heading's line, and is no more than that line says.
    brief: bool,
}

/// The sections so far. Marks, and what holds what, keep those that are open few.
pub(super) struct Nest<'a> {
    text: &'a str,
    found: Vec<Section>,
    open: Vec<Open>,
}

impl<'a> Nest<'a> {
    pub(super) fn new(text: &'a str) -> Nest<'a> {
        Nest { text, found: Vec::new(), open: Vec::new() }
    }

    /// Opens the section of a heading, if it is one here; whether it did.
    pub(super) fn add(&mut self, heading: &Heading) -> bool {
        let Some((kind, depth)) = self.place(heading) else { return false };
        self.close(depth, heading.start);
        let words = self.text[heading.start..heading.end].trim_end();
        let place = heading.start..heading.start + words.len();
        let outer = self.open.last();
        let parent = outer.map(|open| open.index);
        let (mark, rank, index) = (heading.mark, heading.rank, self.found.len());
        let level = |mark: Mark| matches!(mark, Mark::Level(_));
        // "Labs: CBC today" within a plan says no more than that either.
        let nested = outer.is_some_and(|open| !level(open.mark));
        let brief = heading.inline && (!kind.wide || nested) && !level(mark);
        self.open.push(Open { index, kind, mark, rank, brief });
        let title = heading.title.clone();
        self.found.push(Section { place, title, name: kind.name, loinc: kind.loinc, parent });
        true
    }

    /// Begins a line that is no heading. Under "FH: father MI" the next line that does not go on is about
    /// something else; of 115 findings on such lines of notes, one was a relative's.
    pub(super) fn begin_line(&mut self, line: &Line<'_>) {
        while let Some(open) = self.open.last().filter(|open| open.brief) {
            if line.goes_on(matches!(open.mark, Mark::Item(..))) {
                return;
            }
            self.close(self.open.len() - 1, line.at.start);
        }
    }

    /// Whether an unknown heading belongs to an open section that has headings of its own, such as the
    /// problems of a plan; sections within that one end.
    fn has_own(&mut self, heading: &Heading, depth: Option<usize>) -> bool {
        let levelled = |open: &Open| matches!(open.mark, Mark::Level(_));
        if !matches!(heading.mark, Mark::Level(_)) {
            return self
                .open
                .iter()
                .any(|open| open.kind.wide || levelled(open) && *open.kind != OTHER);
        }
        // A lone hash mark may be a bullet: "# Hypertension".
        if self.open.iter().any(|open| open.kind.wide && !levelled(open)) {
            return true;
        }
        let depth = depth.unwrap_or(0);
        let deeper = self.open[..depth].iter().any(|open| *open.kind != OTHER);
        if deeper {
            self.close(depth, heading.start);
        }
        deeper
    }

    /// The kind of a heading's section and how many of those that are open it stands in; `None` if it is
    /// none.
    fn place(&mut self, heading: &Heading) -> Option<(&'static Kind, usize)> {
        match &heading.says {
            Says::Kind(kind) => return Some((*kind, self.depth(heading, kind)?)),
            Says::Inner(form) => {
                // The outermost: "Surgical" stands beside "Medical", both within "Past history".
                let mut open = self.open.iter().enumerate();
                let inner =
                    |(at, open): (usize, &Open)| Some((inner_kind(open.kind, form)?, at + 1));
                if let Some(found) = open.find_map(inner) {
                    return Some(found);
                }
            }
            Says::Part => {
                if let Some(at) = self.open.iter().rposition(|open| open.kind.has_parts()) {
                    self.close(at + 1, heading.start);
                    return None;
                }
            }
            Says::Unknown => {}
        }
        let depth = self.depth(heading, &OTHER);
        let looks = heading.says == Says::Unknown || matches!(heading.mark, Mark::Level(_));
        if !looks || self.has_own(heading, depth) {
            return None;
        }
        Some((&OTHER, depth?))
    }

    /// How many of the open sections a heading stands in; `None` if it is no heading here.
    fn depth(&self, heading: &Heading, kind: &Kind) -> Option<usize> {
        if let Some(at) = (0..self.open.len()).rev().find(|&at| self.contains(at, heading, kind)) {
            return Some(at + 1);
        }
        // An item among those of a plan is no section of the note.
        let item = |mark: Mark| matches!(mark, Mark::Item(..));
        let among = item(heading.mark) && !self.open.iter().any(|open| item(open.mark));
        (!among || self.open.is_empty()).then_some(0)
    }

    fn contains(&self, at: usize, heading: &Heading, kind: &Kind) -> bool {
        let open = &self.open[at];
        let holds = open.kind.holds(kind, heading.rank > open.rank);
        match (open.mark, heading.mark) {
            (Mark::Level(outer), Mark::Level(level)) => level > outer,
            (_, Mark::Level(_)) => false,
            (Mark::Level(_), Mark::Plain) => true,
            (Mark::Level(_), Mark::Item(..)) => holds || *open.kind == OTHER,
            (Mark::Item(outer, depth), Mark::Item(style, deeper)) if outer == style => {
                deeper > depth || style == Style::Bullet && holds
            }
            (Mark::Item(..), Mark::Item(style, _)) => {
                let same =
                    |open: &Open| matches!(open.mark, Mark::Item(outer, _) if outer == style);
                !self.open[..at].iter().any(same)
            }
            _ => holds,
        }
    }

    /// Ends the open sections from a depth on before a byte.
    fn close(&mut self, depth: usize, at: usize) {
        let end = self.text[..at].trim_end().len();
        for open in self.open.drain(depth..) {
            let place = &mut self.found[open.index].place;
            place.end = place.end.max(end);
        }
    }

    /// The sections, with all of them ended.
    pub(super) fn done(mut self) -> Vec<Section> {
        self.close(0, self.text.len());
        self.found
    }
}

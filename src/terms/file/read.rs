//! Reading a file of terms where it lies. What damage made senseless is not there: no read reaches beyond its section.

use super::layout::{LONGEST_CODE, LONGEST_NAME, Section, hash, range_bits};
use super::open::File;
use super::postings::Postings;

/// The most rows with one hash that are looked at: more are no accident.
const ROWS: usize = 4096;

/// A name of a concept.
#[derive(Debug, Clone, Copy)]
pub(in crate::terms) struct Name<'a> {
    /// The concept's number.
    pub concept: u32,
    pub text: &'a str,
    /// Whether it is what the concept is called first.
    pub preferred: bool,
}

/// A word of names.
#[derive(Debug, Clone)]
pub(in crate::terms) struct Word<'a> {
    pub text: &'a str,
    /// In how many names it stands.
    pub count: u32,
    /// In which.
    pub names: Postings<'a>,
}

/// Where a learned name was met, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::terms) struct Context<'a> {
    pub label: &'a str,
    /// Empty outside of sections.
    pub section: &'a str,
    pub count: u32,
}

impl File {
    pub(in crate::terms) fn concept_count(&self) -> usize {
        self.rows(Section::Concepts)
    }

    pub(in crate::terms) fn name_count(&self) -> usize {
        self.rows(Section::Names)
    }

    /// How many names there are whose words differ.
    pub(in crate::terms) fn order_count(&self) -> usize {
        self.rows(Section::Orders)
    }

    /// The code of a concept and its preferred name.
    pub(in crate::terms) fn concept(&self, concept: u32) -> Option<(&str, &str)> {
        let row = self.row::<12>(Section::Concepts, concept)?;
        let code = self.text(u32_at(&row, 0), u32_at(&row, 8), LONGEST_CODE)?;
        Some((code, self.name(u32_at(&row, 4))?.text))
    }

    pub(in crate::terms) fn name(&self, name: u32) -> Option<Name<'_>> {
        let row = self.row::<16>(Section::Names, name)?;
        let length = u32_at(&row, 12);
        let text = self.text(u32_at(&row, 8), length >> 1, LONGEST_NAME)?;
        Some(Name { concept: u32_at(&row, 4), text, preferred: length & 1 == 1 })
    }

    /// The names that may have a key.
    pub(in crate::terms) fn names_with_key(&self, key: &str) -> impl Iterator<Item = u32> {
        self.rows_with_hash::<16>(Section::Names, Section::NameRanges, hash(key)).map(|(at, _)| at)
    }

    /// The names that may have these words in order, each for all of its concept that have them.
    pub(in crate::terms) fn names_with_words(&self, order: &str) -> impl Iterator<Item = u32> {
        let rows = self.rows_with_hash::<8>(Section::Orders, Section::OrderRanges, hash(order));
        rows.map(|(_, row)| u32_at(&row, 4))
    }

    /// A word by its text.
    pub(in crate::terms) fn word(&self, text: &str) -> Option<Word<'_>> {
        let mut rows = self.rows_with_hash::<20>(Section::Words, Section::WordRanges, hash(text));
        rows.find_map(|(at, _)| self.word_at(at).filter(|word| word.text == text))
    }

    /// A word by its number.
    pub(in crate::terms) fn word_at(&self, word: u32) -> Option<Word<'_>> {
        let row = self.row::<20>(Section::Words, word)?;
        let text = self.text(u32_at(&row, 4), u32_at(&row, 8), LONGEST_NAME)?;
        let count = u32_at(&row, 16);
        let postings = self.section(Section::WordPostings).get(u32_at(&row, 12) as usize..)?;
        Some(Word { text, count, names: Postings::new(postings, count) })
    }

    /// In how many and in which words a trigram stands.
    pub(in crate::terms) fn words_with(&self, trigram: &str) -> Option<(u32, Postings<'_>)> {
        let mut rows =
            self.rows_with_hash::<12>(Section::Trigrams, Section::TrigramRanges, hash(trigram));
        let (_, row) = rows.next()?;
        let count = u32_at(&row, 8);
        let postings = self.section(Section::TrigramPostings).get(u32_at(&row, 4) as usize..)?;
        Some((count, Postings::new(postings, count)))
    }

    /// Whether the names were learned from coded mentions.
    pub(in crate::terms) fn is_learned(&self) -> bool {
        self.rows(Section::Contexts) > 0
    }

    /// Where a learned name was met.
    pub(in crate::terms) fn context(&self, name: u32) -> Option<Context<'_>> {
        let row = self.row::<8>(Section::Contexts, name)?;
        let names = self.row::<12>(Section::ContextNames, u32_at(&row, 0))?;
        let lengths = u32_at(&names, 8);
        let label = self.text(u32_at(&names, 0), lengths & 0xFFFF, LONGEST_NAME)?;
        let section = self.text(u32_at(&names, 4), lengths >> 16, LONGEST_NAME)?;
        Some(Context { label, section, count: u32_at(&row, 4) })
    }

    /// A text of the heap.
    fn text(&self, at: u32, length: u32, longest: usize) -> Option<&str> {
        let (at, length) = (at as usize, length as usize);
        let bytes = self.section(Section::Text).get(at..at.checked_add(length)?)?;
        (length <= longest).then(|| std::str::from_utf8(bytes).ok())?
    }

    /// A record of a table.
    fn row<const N: usize>(&self, section: Section, row: u32) -> Option<[u8; N]> {
        let at = (row as usize).checked_mul(N)?;
        self.section(section).get(at..at.checked_add(N)?)?.try_into().ok()
    }

    /// The rows whose first number is this hash; the table is sorted by it.
    fn rows_with_hash<const N: usize>(
        &self,
        section: Section,
        ranges: Section,
        hash: u32,
    ) -> impl Iterator<Item = (u32, [u8; N])> {
        let bits = range_bits(self.rows(section));
        let range = (u64::from(hash) >> (32 - bits)) as u32;
        let bound = |at| Some(u32_at(&self.row::<4>(ranges, at)?, 0));
        let (low, high) = bound(range).zip(bound(range + 1)).unwrap_or_default();
        let high = high.min(low.saturating_add(u32::try_from(ROWS).unwrap_or(u32::MAX)));
        let rows = (low..high).map_while(move |at| Some((at, self.row::<N>(section, at)?)));
        let before = move |(_, row): &(u32, [u8; N])| u32_at(row, 0) < hash;
        rows.skip_while(before).take_while(move |(_, row)| u32_at(row, 0) == hash)
    }
}

fn u32_at<const N: usize>(row: &[u8; N], at: usize) -> u32 {
    u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]])
}

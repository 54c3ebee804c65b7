//! Writing a file of terms: the same concepts make the same bytes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::layout::{
    ALIGNMENT, BODY_SEAL, HEADER, LENGTH, MAGIC, SEAL, SEALED, SECTIONS, Section, VERSION, hash,
    range_bits, seal,
};
use super::postings;
use crate::error::{Error, Result};
use crate::terms::default::{default_name, has_defaults};
use crate::terms::fold::Folded;
use crate::terms::info::TermsInfo;
use crate::terms::trigram::trigrams;

/// What is to be written. Each concept has a preferred name among the names.
pub(in crate::terms) struct Draft<'a> {
    pub info: &'a TermsInfo,
    pub codes: Vec<&'a str>,
    pub names: Vec<DraftName<'a>>,
}

/// A name that has a letter or a digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::terms) struct DraftName<'a> {
    pub text: &'a str,
    pub concept: u32,
    pub preferred: bool,
    /// Label and section where it was learned, and how often.
    pub context: Option<(&'a str, &'a str, u32)>,
}

impl Draft<'_> {
    /// Writes the file, whole or not at all.
    pub(in crate::terms) fn write(mut self, path: &Path) -> Result<()> {
        let bytes = self.bytes()?;
        let io = |error| Error::io(path, &error);
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let mut file =
            tempfile::NamedTempFile::new_in(parent.unwrap_or(Path::new("."))).map_err(io)?;
        for part in &bytes {
            file.write_all(part).map_err(io)?;
        }
        readable_by_all(file.as_file()).map_err(io)?;
        file.as_file().sync_all().map_err(io)?;
        file.persist(path).map_err(|error| io(error.error))?;
        Ok(())
    }

    /// The header, and what follows it.
    fn bytes(&mut self) -> Result<[Vec<u8>; 2]> {
        let mut sections: [Vec<u8>; Section::COUNT] = Default::default();
        let info = serde_json::to_vec(self.info);
        sections[Section::Info as usize] =
            info.map_err(|_| Error::Internal("the description of an index".into()))?;
        let mut text = Heap::default();
        let orders = self.names(&mut sections, &mut text);
        self.concepts(&mut sections, &mut text);
        let words = words(orders, &mut sections, &mut text);
        trigram_tables(&words, &mut sections);
        self.contexts(&mut sections, &mut text);
        sections[Section::Text as usize] = text.bytes;
        assemble(sections)
    }

    /// The tables of names; sorts them. Gives which of them stand for all with their words, and the words.
    fn names(
        &mut self,
        sections: &mut [Vec<u8>; Section::COUNT],
        text: &mut Heap,
    ) -> Vec<(u32, String)> {
        let mut keyed: Vec<(u32, DraftName<'_>, String)> = self
            .names
            .iter()
            .map(|name| {
                let folded = Folded::new(name.text);
                (hash(folded.key()), *name, folded.order_key())
            })
            .collect();
        keyed.sort_unstable();
        let mut rows = Vec::with_capacity(keyed.len());
        for (hash, name, _) in &keyed {
            let length = (name.text.len() as u32) << 1 | u32::from(name.preferred);
            rows.push([*hash, name.concept, text.add(name.text), length]);
        }
        table(Section::Names, Some(Section::NameRanges), &rows, sections);
        // The preferred names stand for others first.
        let mut seen = HashSet::new();
        let mut orders = Vec::new();
        for wanted in [true, false] {
            for (at, (_, name, order)) in (0u32..).zip(&keyed) {
                let wanted = name.preferred == wanted && !order.is_empty();
                if wanted && seen.insert((name.concept, order.as_str(), name.context)) {
                    orders.push((at, order.clone()));
                }
            }
        }
        let mut rows: Vec<[u32; 2]> = orders.iter().map(|(at, order)| [hash(order), *at]).collect();
        if has_defaults(&self.info.system) {
            // A default is found by its words too, and compared with what its name leaves when it is found.
            for (at, (_, name, _)) in (0u32..).zip(&keyed).filter(|(_, of)| of.1.context.is_none())
            {
                let order = default_name(name.text).map(|name| Folded::new(&name).order_key());
                rows.extend(
                    order.filter(|order| !order.is_empty()).map(|order| [hash(&order), at]),
                );
            }
        }
        rows.sort_unstable();
        rows.dedup();
        table(Section::Orders, Some(Section::OrderRanges), &rows, sections);
        self.names = keyed.into_iter().map(|(_, name, _)| name).collect();
        orders.sort_unstable();
        orders
    }

    fn concepts(&self, sections: &mut [Vec<u8>; Section::COUNT], text: &mut Heap) {
        let mut rows: Vec<[u32; 3]> = Vec::with_capacity(self.codes.len());
        rows.extend(self.codes.iter().map(|code| [text.add(code), 0, code.len() as u32]));
        for (at, name) in (0u32..).zip(&self.names) {
            if name.preferred
                && let Some(row) = rows.get_mut(name.concept as usize)
            {
                row[1] = at;
            }
        }
        table(Section::Concepts, None, &rows, sections);
    }

    /// Where names were learned; nothing if they were not.
    fn contexts(&self, sections: &mut [Vec<u8>; Section::COUNT], text: &mut Heap) {
        let contexts = || self.names.iter().filter_map(|name| name.context);
        let mut names: Vec<_> = contexts().map(|(label, section, _)| (label, section)).collect();
        names.sort_unstable();
        names.dedup();
        let mut name_rows: Vec<[u32; 3]> = Vec::new();
        for (label, section) in &names {
            let lengths = label.len() as u32 | (section.len() as u32) << 16;
            name_rows.push([text.add(label), text.add(section), lengths]);
        }
        let rows: Vec<[u32; 2]> = contexts()
            .map(|(label, section, count)| {
                let at = names.partition_point(|name| *name < (label, section));
                [at as u32, count]
            })
            .collect();
        table(Section::Contexts, None, &rows, sections);
        table(Section::ContextNames, None, &name_rows, sections);
    }
}

/// The tables of words. Gives the words in their order.
fn words(
    orders: Vec<(u32, String)>,
    sections: &mut [Vec<u8>; Section::COUNT],
    text: &mut Heap,
) -> Vec<String> {
    let mut names_of: HashMap<&str, Vec<u32>> = HashMap::new();
    for (name, order) in &orders {
        let mut before = "";
        for word in order.split(' ').filter(|word| std::mem::replace(&mut before, word) != *word) {
            names_of.entry(word).or_default().push(*name);
        }
    }
    let mut words: Vec<(u32, &str, Vec<u32>)> = Vec::with_capacity(names_of.len());
    words.extend(names_of.into_iter().map(|(word, names)| (hash(word), word, names)));
    words.sort_unstable();
    let mut heap = Vec::new();
    let mut rows = Vec::with_capacity(words.len());
    for (hash, word, names) in &words {
        let at = heap.len() as u32;
        postings::write(names, &mut heap);
        rows.push([*hash, text.add(word), word.len() as u32, at, names.len() as u32]);
    }
    table(Section::Words, Some(Section::WordRanges), &rows, sections);
    sections[Section::WordPostings as usize] = heap;
    words.into_iter().map(|(_, word, _)| word.to_owned()).collect()
}

/// The tables of trigrams. Two with one hash share their list: words are compared in the end.
fn trigram_tables(words: &[String], sections: &mut [Vec<u8>; Section::COUNT]) {
    let mut words_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (at, word) in (0u32..).zip(words) {
        for trigram in trigrams(word) {
            let list = words_of.entry(hash(&trigram)).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
    }
    let mut heap = Vec::new();
    let mut rows = Vec::with_capacity(words_of.len());
    for (hash, words) in words_of {
        rows.push([hash, heap.len() as u32, words.len() as u32]);
        postings::write(&words, &mut heap);
    }
    table(Section::Trigrams, Some(Section::TrigramRanges), &rows, sections);
    sections[Section::TrigramPostings as usize] = heap;
}

/// Texts one after the other.
#[derive(Default)]
struct Heap {
    bytes: Vec<u8>,
    known: HashMap<String, u32>,
}

impl Heap {
    /// Where a text lies. Words and codes that are names too lie there once.
    fn add(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.known.get(text) {
            return at;
        }
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text.as_bytes());
        self.known.insert(text.into(), at);
        at
    }
}

/// Writes a table, and the first row of each range of hashes, which its rows begin with.
fn table<const N: usize>(
    section: Section,
    ranges: Option<Section>,
    rows: &[[u32; N]],
    sections: &mut [Vec<u8>; Section::COUNT],
) {
    let bytes = |numbers: &[u32]| -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    };
    sections[section as usize] = bytes(rows.as_flattened());
    if let Some(ranges) = ranges {
        let bits = range_bits(rows.len());
        let first = |range: u64| {
            rows.partition_point(|row| u64::from(row[0]) >> (32 - bits) < range) as u32
        };
        let firsts: Vec<u32> = (0..=1u64 << bits).map(first).collect();
        sections[ranges as usize] = bytes(&firsts);
    }
}

/// The header, and the sections with it.
fn assemble(sections: [Vec<u8>; Section::COUNT]) -> Result<[Vec<u8>; 2]> {
    let mut header = vec![0; HEADER];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    let mut body = Vec::new();
    for (index, section) in sections.into_iter().enumerate() {
        if u32::try_from(section.len()).is_err() {
            return Err(Error::Unsupported("so many names do not fit into one index".into()));
        }
        put(SECTIONS + 16 * index, &((HEADER + body.len()) as u64).to_le_bytes());
        put(SECTIONS + 16 * index + 8, &(section.len() as u64).to_le_bytes());
        body.extend(section);
        body.resize(body.len().next_multiple_of(ALIGNMENT), 0);
    }
    put(0, &MAGIC);
    put(MAGIC.len(), &VERSION.to_le_bytes());
    put(LENGTH, &((HEADER + body.len()) as u64).to_le_bytes());
    put(BODY_SEAL, &Sha256::digest(&body));
    let hash = seal(&header[SEALED..]);
    header[SEAL..SEAL + hash.len()].copy_from_slice(&hash);
    Ok([header, body])
}

/// A temporary file is its owner's alone; an index is shared.
#[cfg(unix)]
pub(in crate::terms) fn readable_by_all(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(in crate::terms) fn readable_by_all(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

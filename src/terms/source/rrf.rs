//! `MRCONSO.RRF` of the UMLS Metathesaurus and `RXNCONSO.RRF` of RxNorm, which has its columns: an atom, a
//! name in a vocabulary, per row; 18 columns, each ended by a bar.

use std::path::PathBuf;

use super::format::SourceFormat;
use super::gather::Gather;
use super::lines::{Lines, columns};
use super::options::{CodeChoice, SourceOptions};
use super::report::Sink;
use crate::error::Result;
use crate::terms::Concept;

/// Columns of both files, and what is empty after the last bar.
const COLUMNS: usize = 19;

/// The columns that count.
struct Atom<'l> {
    /// `CUI` or `RXCUI`.
    cui: &'l str,
    /// `LAT`: the language.
    language: &'l str,
    /// `TS`: `P` where the term is preferred.
    term_status: &'l str,
    /// `STT`: `PF` where the string is preferred among the term's.
    string_type: &'l str,
    /// `ISPREF`: `Y` where the atom is preferred among the string's.
    is_preferred: &'l str,
    /// `SAB`: the vocabulary.
    sab: &'l str,
    /// `TTY`: the type of the name in the vocabulary.
    term_type: &'l str,
    /// `CODE`: the code in the vocabulary.
    code: &'l str,
    /// `STR`: the name.
    name: &'l str,
    /// `SUPPRESS`: `N`, or `O`, `E` and `Y` for what is obsolete or to be suppressed.
    suppress: &'l str,
}

/// Types of preferred names: main headings, preferred terms, names of supplementary concepts, hierarchical
/// terms, LOINC's and the UMLS' own; of RxNorm all but its synonyms.
const PREFERRED: [&str; 26] = [
    "MH", "PT", "PN", "NM", "HT", "LN", "LC", "PTGB", "IN", "PIN", "MIN", "BN", "SCD", "SBD",
    "SCDC", "SBDC", "SCDF", "SBDF", "SCDG", "SBDG", "SCDFP", "SBDFP", "SCDGP", "GPCK", "BPCK",
    "DF",
];

impl<'l> Atom<'l> {
    fn new(line: &'l str) -> Option<Atom<'l>> {
        let [
            cui,
            language,
            term_status,
            _lui,
            string_type,
            _sui,
            is_preferred,
            _aui,
            _saui,
            _scui,
            _sdui,
            sab,
            term_type,
            code,
            name,
            _srl,
            suppress,
            _cvf,
            "",
        ] = columns::<COLUMNS>(line, '|')?
        else {
            return None;
        };
        Some(Atom {
            cui,
            language,
            term_status,
            string_type,
            is_preferred,
            sab,
            term_type,
            code,
            name,
            suppress,
        })
    }

    /// How far it is from being the concept's preferred name: by the Metathesaurus where all vocabularies are
    /// wanted, by the vocabulary where one is.
    fn rank(&self, of_the_vocabulary: bool) -> u8 {
        let is_not = |is: bool| u8::from(!is);
        let preferred =
            is_not(self.term_status == "P" && self.string_type == "PF" && self.is_preferred == "Y");
        let by_type = is_not(PREFERRED.contains(&self.term_type));
        match of_the_vocabulary {
            true => 2 * by_type + preferred,
            false => 2 * preferred + by_type,
        }
    }
}

/// Whether a line has the columns, and whether its concept has an identifier of the UMLS.
pub(super) fn guess(line: &str) -> Option<SourceFormat> {
    let atom = Atom::new(line)?;
    let umls = atom.cui.strip_prefix('C').is_some_and(is_number);
    match umls {
        true => Some(SourceFormat::Umls),
        false => is_number(atom.cui).then_some(SourceFormat::RxNorm),
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What passes.
struct Filter<'o> {
    sabs: Vec<&'o str>,
    term_types: &'o [String],
    language: &'o str,
}

impl Filter<'_> {
    /// Why an atom does not count, if it does not.
    fn refuses(&self, atom: &Atom<'_>) -> Option<&'static str> {
        Some(match atom {
            _ if !self.sabs.is_empty() && !self.sabs.contains(&atom.sab) => {
                "names of other vocabularies"
            }
            _ if atom.language != self.language => "names in other languages",
            _ if atom.suppress != "N" => "suppressed or obsolete names",
            _ if !self.term_types.is_empty()
                && !self.term_types.iter().any(|wanted| wanted == atom.term_type) =>
            {
                "names of other types"
            }
            _ => return None,
        })
    }
}

/// The filters, for the error that nothing passes them.
pub(super) fn filters(
    format: SourceFormat,
    options: &SourceOptions,
) -> Vec<(&'static str, String)> {
    let mut filters = Vec::new();
    let sabs = sabs(format, options);
    if !sabs.is_empty() {
        filters.push(("SAB", sabs.join(",")));
    }
    if !options.term_types.is_empty() {
        filters.push(("TTY", options.term_types.join(",")));
    }
    filters.push(("LAT", language(options).into()));
    filters.push(("SUPPRESS", "N".into()));
    filters
}

fn sabs(format: SourceFormat, options: &SourceOptions) -> Vec<&str> {
    match format {
        SourceFormat::RxNorm if options.sabs.is_empty() => vec!["RXNORM"],
        _ => options.sabs.iter().map(String::as_str).collect(),
    }
}

fn language(options: &SourceOptions) -> &str {
    options.language.as_deref().unwrap_or("ENG")
}

pub(super) fn read(
    format: SourceFormat,
    files: &[PathBuf],
    options: &SourceOptions,
    sink: &mut Sink<'_>,
) -> Result<()> {
    let filter = Filter {
        sabs: sabs(format, options),
        term_types: &options.term_types,
        language: language(options),
    };
    let by_source = options.codes == Some(CodeChoice::Source);
    let mut names = Names { by_source, gather: Gather::default(), run: None };
    let mut vocabulary: Option<String> = None;
    for path in files {
        let mut lines = Lines::open(path)?;
        sink.file(lines.file());
        while let Some(line) = lines.next()? {
            let text = line.text;
            if text.is_empty() {
                continue;
            }
            let Some(atom) = Atom::new(text) else {
                let count = text.matches('|').count();
                return Err(line.wrong(format!("{count} columns ended by |, not 18")));
            };
            if guess(text) != Some(format) {
                return Err(line.wrong(format!("an identifier that is none of {}", format.title())));
            }
            sink.record();
            sink.saw("SAB", atom.sab);
            if !filter.term_types.is_empty() {
                sink.saw("TTY", atom.term_type);
            }
            sink.saw("LAT", atom.language);
            if let Some(reason) = filter.refuses(&atom) {
                sink.skip(reason);
                continue;
            }
            if by_source && vocabulary.as_deref().is_some_and(|first| first != atom.sab) {
                let reason = "codes of several vocabularies would mix: name one SAB, or take the file's \
                              own identifiers";
                return Err(line.wrong(reason));
            }
            if by_source && vocabulary.is_none() {
                vocabulary = Some(atom.sab.into());
            }
            if by_source && atom.code.is_empty() {
                return Err(line.wrong("no CODE"));
            }
            names.add(&atom, !filter.sabs.is_empty(), sink)?;
        }
    }
    names.finish(sink)
}

/// Concepts out of atoms. Files are sorted by their own identifiers, so of those a concept is complete when
/// the next one comes; atoms of a vocabulary's code stand anywhere.
struct Names {
    by_source: bool,
    gather: Gather,
    run: Option<Run>,
}

/// Atoms of one concept in a row.
struct Run {
    concept: Concept,
    rank: u8,
}

impl Names {
    fn add(&mut self, atom: &Atom<'_>, of_the_vocabulary: bool, sink: &mut Sink<'_>) -> Result<()> {
        let (rank, name) = (atom.rank(of_the_vocabulary), atom.name.trim());
        if self.by_source {
            let concept = self.gather.concept(atom.code);
            self.gather.name(concept, rank, name);
            return Ok(());
        }
        match &mut self.run {
            Some(run) if run.concept.code == atom.cui => {
                let mut name = name.to_string();
                if rank < run.rank {
                    std::mem::swap(&mut name, &mut run.concept.name);
                    run.rank = rank;
                }
                run.concept.synonyms.push(name);
            }
            run => {
                let concept =
                    Concept { code: atom.cui.into(), name: name.into(), synonyms: Vec::new() };
                if let Some(done) = run.replace(Run { concept, rank }) {
                    sink.concept(done.concept)?;
                }
            }
        }
        Ok(())
    }

    fn finish(self, sink: &mut Sink<'_>) -> Result<()> {
        if let Some(run) = self.run {
            sink.concept(run.concept)?;
        }
        self.gather.finish(sink)
    }
}

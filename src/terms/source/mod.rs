//! Readers of terminologies: one file a format, and every one of them gives concepts, one after the other.
//! What is wrong with a file is told with its line, and without a word of its text.

mod find;
mod format;
mod gather;
mod icd10cm;
mod lines;
mod mesh_ascii;
mod mesh_xml;
mod obo;
mod omop;
mod options;
mod report;
mod rf2;
mod rrf;
mod tsv;
mod xml;

use std::path::PathBuf;

pub use format::SourceFormat;
pub use options::{CodeChoice, SourceOptions, Synonyms};
pub use report::Read;

use report::Sink;

use crate::error::Result;
use crate::terms::Concept;

/// The files of a terminology.
#[derive(Debug, Clone)]
pub struct Source {
    format: SourceFormat,
    files: Vec<PathBuf>,
    system: Option<String>,
    version: Option<String>,
}

impl Source {
    /// Finds the files among paths; directories are searched for those of a format. A format that is not
    /// named is guessed, by what files hold and, in directories, by their names.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) and [`Error::Io`](crate::Error::Io) of a path;
    /// [`Error::Model`](crate::Error::Model) of a file of no format or of another one than the others, and of a
    /// directory without files of one.
    pub fn find(paths: &[PathBuf], format: Option<SourceFormat>) -> Result<Source> {
        find::find(paths, format)
    }

    /// The format.
    pub fn format(&self) -> SourceFormat {
        self.format
    }

    /// Its files.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// What the system of the codes is called, as far as the format, the files or the options say it.
    pub fn system(&self, options: &SourceOptions) -> Option<String> {
        let by_source = |default| options.codes.unwrap_or(default) == CodeChoice::Source;
        let one = |names: &[String]| match names {
            [name] => Some(known(name)),
            _ => None,
        };
        match self.format {
            SourceFormat::RxNorm | SourceFormat::Umls if by_source(CodeChoice::Id) => {
                one(&options.sabs)
            }
            SourceFormat::Omop if by_source(CodeChoice::Source) => one(&options.vocabularies),
            SourceFormat::Omop => Some("OMOP".into()),
            format => format.system().map(String::from).or_else(|| self.system.clone()),
        }
    }

    /// The version, as far as the files or their names say it.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// Reads the files and hands their concepts to `take`. One concept may come in several parts, with the
    /// same code. Memory does not grow with the file where it has a concept's names in one place; SNOMED CT, OMOP
    /// and codes of a vocabulary of the UMLS need the names that are wanted in memory.
    ///
    /// # Errors
    /// [`Error::Model`](crate::Error::Model) with file and line of what is damaged, and where no concept is left, with
    /// the filters and what they could choose from; [`Error::Argument`](crate::Error::Argument) for a filter that
    /// the format has nothing for; [`Error::Io`](crate::Error::Io); those of `take`.
    pub fn read(
        &self,
        options: &SourceOptions,
        take: &mut dyn FnMut(Concept) -> Result<()>,
    ) -> Result<Read> {
        options.check(self.format)?;
        let (files, mut sink) = (&self.files, Sink::new(self.format, take));
        let filters = match self.format {
            SourceFormat::Tsv => tsv::read(files, &mut sink).map(|()| Vec::new()),
            SourceFormat::Obo => obo::read(files, options, &mut sink).map(|()| Vec::new()),
            SourceFormat::RxNorm | SourceFormat::Umls => {
                rrf::read(self.format, files, options, &mut sink)
                    .map(|()| rrf::filters(self.format, options))
            }
            SourceFormat::Snomed => rf2::read(files, options, &mut sink)
                .map(|()| vec![("language", rf2::language(options).into())]),
            SourceFormat::MeshXml => mesh_xml::read(files, &mut sink).map(|()| Vec::new()),
            SourceFormat::MeshAscii => mesh_ascii::read(files, &mut sink).map(|()| Vec::new()),
            SourceFormat::Icd10cm => icd10cm::read(files, &mut sink).map(|()| Vec::new()),
            SourceFormat::Omop => {
                omop::read(files, options, &mut sink).map(|()| omop::filters(options))
            }
        }?;
        sink.finish(&filters)
    }
}

/// What the system of a vocabulary is called here, by its name in the UMLS or in OMOP.
fn known(vocabulary: &str) -> String {
    match vocabulary {
        "MSH" | "MeSH" => "MESH".into(),
        "SNOMEDCT_US" | "SNOMED" => "SNOMEDCT".into(),
        "HPO" => "HP".into(),
        other => other.to_ascii_uppercase(),
    }
}

#[cfg(test)]
mod tests;

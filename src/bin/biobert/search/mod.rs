//! A searchable directory of passages: their words in an inverted index, and their vectors by the model.

mod copies;
mod fuse;
mod passage;
mod read_only;
mod seal;
mod share;
mod vectors;
mod words;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use biobert::{EmbedOptions, Input, Markup, Model, Pooling, RunOptions};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use copies::Said;
pub use passage::{Passage, passages};
use vectors::Vectors;
use words::Words;

/// What is in a directory.
const DESCRIPTION: &str = "index.json";
const WORDS: &str = "words";
const VECTORS: &str = "vectors.f32";
const VERSION: u32 = 1;
/// How many passages are embedded at once.
const GROUP: usize = 64;
/// How many passages each ranking contributes.
const RANKED: usize = 100;
/// How many passages, of those that say something new, decide whether an index holds an answer. Of a hundred one
/// often has the words by chance: then a quarter more questions were answered from documents that hold no answer.
const JUDGED: usize = 10;

/// How much the ranking by vectors counts beside that by words: chosen on BioASQ's 4b and 5b, where 0.05 to 0.3 find more
/// than either alone, and 1 finds less than words.
const WEIGHT: f32 = 0.2;

/// What a passage counts, as a share of words, that has none of them.
const NONE: f32 = 1e-3;

/// How passages are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Words,
    Vectors,
    Both,
}

/// What `index.json` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    version: u32,
    documents: usize,
    passages: usize,
    /// How texts are to be read.
    markup: Markup,
    words: seal::Seals,
    vectors: Option<VectorsDescription>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct VectorsDescription {
    /// The model's name.
    model: String,
    /// All that decides what vectors are: [`Model::vectors_hash`].
    encoder: String,
    width: usize,
    sha256: String,
}

/// Writes a directory.
pub struct Builder<'a> {
    directory: PathBuf,
    words: words::Writer,
    vectors: Option<(&'a Model, vectors::Writer)>,
    options: RunOptions,
    documents: usize,
    passages: usize,
}

impl<'a> Builder<'a> {
    /// A builder in an empty directory; with vectors, if there is a model. Texts are read as `options` say.
    pub fn new(
        directory: &Path,
        model: Option<&'a Model>,
        options: &RunOptions,
    ) -> Result<Builder<'a>> {
        let words = directory.join(WORDS);
        std::fs::create_dir(&words)?;
        let vectors = match model {
            Some(model) => Some((model, vectors::Writer::new(&directory.join(VECTORS))?)),
            None => None,
        };
        Ok(Builder {
            directory: directory.into(),
            words: words::Writer::new(&words).map_err(failure)?,
            vectors,
            options: options.clone(),
            documents: 0,
            passages: 0,
        })
    }

    /// Adds a document by its passages.
    pub fn add(&mut self, passages: &[Passage]) -> Result<()> {
        for passage in passages {
            self.words.add(self.passages, passage).map_err(failure)?;
            self.passages += 1;
        }
        if let Some((model, writer)) = &mut self.vectors {
            for group in passages.chunks(GROUP) {
                let texts: Vec<&str> = group.iter().map(|passage| &*passage.text).collect();
                for vector in embed(model, &texts, &self.options)? {
                    writer.add(&vector)?;
                }
            }
        }
        self.documents += 1;
        Ok(())
    }

    /// Brings everything to the directory; how many documents and passages there are.
    pub fn finish(self) -> Result<(usize, usize)> {
        self.words.finish().map_err(failure)?;
        let vectors = match self.vectors {
            Some((model, writer)) => {
                writer.finish()?;
                Some(VectorsDescription {
                    model: model.provenance().model,
                    encoder: model.vectors_hash()?,
                    width: width(model),
                    sha256: seal::sha256(File::open(self.directory.join(VECTORS))?)?,
                })
            }
            None => None,
        };
        let words = seal::seal(&self.directory.join(WORDS))?;
        let markup = self.options.markup;
        let Builder { documents, passages, .. } = self;
        let description =
            Description { version: VERSION, documents, passages, markup, words, vectors };
        let file = File::create(self.directory.join(DESCRIPTION))?;
        serde_json::to_writer_pretty(file, &description)?;
        Ok((documents, passages))
    }
}

/// What is found for a question.
pub struct Found {
    /// The passages that may answer it, the best first. Copies are left out, and those with too few of its words.
    pub passages: Vec<Passage>,
    /// Which part of its words each has.
    shares: Vec<f32>,
    /// Which part the passage has that has most of them, of those that are judged.
    pub share: f32,
}

/// What is looked for, and how.
pub struct Wish<'a> {
    pub question: &'a str,
    pub by: By,
    /// The most passages.
    pub most: usize,
    /// Passages count that have at least this part of the share of the one with most of the question's words.
    pub least_words: f32,
}

impl Found {
    /// How much the answers of each passage count: the square of its share, and a little where that is none.
    pub fn weights(&self) -> Vec<f32> {
        self.shares.iter().map(|share| (share + NONE).powi(2)).collect()
    }
}

/// A directory that is there.
pub struct Index {
    /// How its texts are read.
    pub markup: Markup,
    words: Words,
    vectors: Option<Vectors>,
}

impl Index {
    /// Opens a directory and checks its files; vectors must be this model's.
    pub fn open(directory: &Path, model: &Model) -> Result<Index> {
        let path = directory.join(DESCRIPTION);
        let file = File::open(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                Failure::file(directory, "no index is here; `biobert index` makes one")
            }
            _ => Failure::file(&path, error),
        })?;
        let description: Description = serde_json::from_reader(BufReader::new(file))
            .map_err(|error| Failure::file(&path, crate::failure::json_reason(&error)))?;
        if description.version != VERSION {
            let reason = format!("version {}; this tool reads {VERSION}", description.version);
            return Err(Failure::file(&path, reason));
        }
        let words_path = directory.join(WORDS);
        seal::check(&words_path, &description.words)?;
        let words =
            Words::open(&words_path).map_err(|reason| Failure::file(&words_path, reason))?;
        if words.count() != description.passages as u64 {
            let reason = format!("it has {} passages, not {}", words.count(), description.passages);
            return Err(Failure::file(&words_path, reason));
        }
        let vectors = match &description.vectors {
            Some(own) => Some(open_vectors(directory, own, description.passages, model)?),
            None => None,
        };
        Ok(Index { markup: description.markup, words, vectors })
    }

    /// Finds the passages that may answer a question.
    pub fn search(&self, wish: &Wish<'_>, model: &Model, options: &RunOptions) -> Result<Found> {
        let &Wish { question, by, most, least_words } = wish;
        let words = || self.words.search(question, RANKED.max(most)).map_err(failure);
        let vectors = |vectors: &Vectors| {
            let found = embed(model, &[question], options)?;
            Ok::<_, Failure>(vectors.search(found.concat().as_slice(), RANKED.max(most)))
        };
        let ranked = match (by, &self.vectors) {
            (By::Words, _) | (By::Both, None) => words()?,
            (By::Vectors, Some(own)) => vectors(own)?,
            (By::Both, Some(own)) => fuse::fuse(&[(1.0, words()?), (WEIGHT, vectors(own)?)]),
            (By::Vectors, None) => {
                return Err(Failure::Message("the index was made without vectors".into()));
            }
        };
        let wanted = self.words.wanted(question).map_err(failure)?;
        let mut candidates = Vec::new();
        for (number, _) in ranked {
            let passage = self.words.passage(number).map_err(failure)?;
            let passage = passage
                .ok_or_else(|| Failure::Message(format!("the index lacks passage {number}")))?;
            let words = self.words.divided(&passage.text).map_err(failure)?;
            candidates.push((wanted.share(&words), words, passage));
        }
        let mut said = Said::default();
        candidates.retain(|(_, words, _)| said.is_new(words));
        let best = candidates.iter().take(JUDGED.max(most));
        let share = best.map(|(share, ..)| *share).fold(0.0, f32::max);
        // One passage about the question is no reason to take the answer from one about something else.
        candidates.retain(|(own, ..)| *own >= least_words * share);
        candidates.truncate(most);
        let (shares, passages) =
            candidates.into_iter().map(|(share, _, passage)| (share, passage)).unzip();
        Ok(Found { passages, shares, share })
    }
}

fn open_vectors(
    directory: &Path,
    own: &VectorsDescription,
    passages: usize,
    model: &Model,
) -> Result<Vectors> {
    let path = directory.join(VECTORS);
    if model.vectors_hash()? != own.encoder || width(model) != own.width {
        let reason = format!(
            "its vectors are those of another model, {}; make the index anew, or name that one with --model",
            own.model
        );
        return Err(Failure::file(directory, reason));
    }
    let bytes = std::fs::read(&path).map_err(|error| Failure::file(&path, error))?;
    if seal::sha256(&*bytes)? != own.sha256 {
        return Err(Failure::file(&path, seal::DAMAGED));
    }
    Vectors::new(bytes, passages, own.width)
        .ok_or_else(|| Failure::file(&path, "these are not the vectors of all passages"))
}

/// How many numbers a vector has.
fn width(model: &Model) -> usize {
    model.vector_width().unwrap_or_else(|| model.hidden())
}

/// Vectors of length 1, as the model makes them if it has a way of its own, else the mean of all states.
fn embed(model: &Model, texts: &[&str], options: &RunOptions) -> Result<Vec<Vec<f32>>> {
    let pooling = match model.vector_width() {
        Some(_) => Pooling::Model,
        None => Pooling::Mean,
    };
    let embed = EmbedOptions { pooling, normalize: true, ..EmbedOptions::default() };
    let inputs: Vec<Input<'_>> = texts.iter().map(|text| Input::from(*text)).collect();
    let mut found = model.embed(&inputs, &embed, options)?;
    found.documents.drain(..).map(|one| Ok(one?.embedding)).collect()
}

fn failure(error: tantivy::TantivyError) -> Failure {
    Failure::Message(format!("the index: {error}"))
}

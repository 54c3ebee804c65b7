//! All that a note says, in one call: sections, entities with their assertions, attributes and long forms,
//! and relations, which inherit the assertions of their ends.

mod analysis;
mod heads;
mod located;
mod options;
mod stated;

use std::sync::Arc;

use serde::Serialize;

pub use crate::clinical::context::Judges;
use crate::clinical::no_finding::{is_name, is_no_finding};
use crate::clinical::sections::{is_title, sections};
use crate::document::{Assertion, AssertionValue, Attribute, CodeRelation, Link, Section, shared};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::tasks::assertion::probabilities;
use crate::tasks::extract::analysis::Analysis;
use crate::tasks::extract::heads::Heads;
pub(crate) use crate::tasks::extract::heads::NOTES;
pub use crate::tasks::extract::options::ExtractOptions;
use crate::tasks::merge::find_merged;
use crate::tasks::near;
pub use crate::tasks::ner::Also;
use crate::tasks::ner::{ByteEntity, Found, word_ranges};
use crate::tasks::re::{Relation, judge};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, TextRange, by_groups};
use crate::text::Input;

/// Entities of a sentence that are farther apart are not judged: a list of a hundred drugs and problems on
/// one line would have thousands of pairs.
const REACH: usize = 12;

/// An entity of a note and what the note says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExtractedEntity {
    /// Where it stands.
    #[serde(flatten)]
    pub place: TextRange,
    /// Its kind, such as `Problem`.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// Mean probability of the labels of its words, 0 to 1.
    pub score: f32,
    /// The head that found it.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
    /// What other heads call it.
    pub also: Vec<Also>,
    /// Index of the section that it stands in, the innermost.
    pub section: Option<usize>,
    /// Whether the patient has it; `None` where that was switched off.
    pub assertion: Option<Assertion<TextRange>>,
    /// What it stands for, if it is a short form that is known or defined in the note.
    pub expansion: Option<String>,
    /// Dose, frequency and the like of a drug, the value of a test; by start.
    pub attributes: Vec<Attribute<TextRange>>,
    /// What the code systems have for it, by system; empty without terminologies.
    pub links: Vec<Link>,
}

/// Two entities of a statement and how they are related.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExtractedRelation {
    /// Index of the first entity.
    pub first: usize,
    /// Index of the second entity.
    pub second: usize,
    /// The label.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// The label in words, to stand between the two.
    #[serde(serialize_with = "shared")]
    pub text: Arc<str>,
    /// Probability of the label, 0 to 1.
    pub score: f32,
    /// The head that judged.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
    /// Of its ends' assertions the one that stands first in: other-person, absent, possible, historical,
    /// present. An allergy and what was stopped count as present. `None` where assertion was switched off.
    pub assertion: Option<AssertionValue>,
}

/// What was found in a note.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentExtract {
    /// The sections, by start; a section comes before those within it.
    pub sections: Vec<Section<TextRange>>,
    /// The entities, by start, the longer first; each finding once.
    pub entities: Vec<ExtractedEntity>,
    /// The relations, by head, then by the places of the two entities.
    pub relations: Vec<ExtractedRelation>,
    /// Relations between codes that the note as a whole states, by system, first and second code; only with
    /// terminologies and a head named `cid`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_relations: Vec<CodeRelation>,
    /// How the document was read. `truncated`: two entities of one sentence were too far apart to be
    /// related, and nothing is said about them.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Model {
    /// Finds all that notes say. `heads` may name heads for entities, relations and at most one for
    /// assertions. If none is named, the model's default heads are used; if none for assertions is
    /// named, the model's.
    ///
    /// With a linker and the relation head `cid` among those named, a note also has the relations between codes that
    /// it states as a whole. They were fitted on abstracts. Both codes are of one system; each has a mention that is
    /// neither absent nor another person's, and so have two that are related, where some are. Entities
    /// that stand more than twelve entities apart in a sentence are not judged for them either.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`](crate::Error::Argument) for a head of
    /// another task; of a linker with vectors also as [`link_near`](Model::link_near).
    pub fn extract(
        &self,
        heads: &[String],
        documents: &[Input<'_>],
        extract: &ExtractOptions,
        options: &RunOptions,
    ) -> Result<Results<DocumentExtract>> {
        let heads = Heads::new(self, heads, extract.assertion)?;
        let control = options.control();
        let linker = extract.linker.as_ref().filter(|linker| linker.has_vectors());
        linker.map(|linker| near::check(self, linker)).transpose()?;
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            |document| document.size(),
            &control,
            |document| read(self, document, options, &control),
            |_, readings| {
                let mut found =
                    find_merged(self, &heads.ner, heads.assertion.as_ref(), &readings, &control)?;
                let workers = self.engine().workers();
                let sections = |(reading, found): (&Result<Reading<'_>>, &mut Found)| {
                    let text = reading.as_ref().map_or("", |reading| reading.text.as_str());
                    let sections = sections(text, &|| control.check())?;
                    found.entities.retain(|ByteEntity { label, bytes, .. }| {
                        !is_no_finding(label, &text[bytes.clone()])
                            && !is_name(label, text, bytes)
                            && !is_title(&sections, bytes)
                    });
                    Ok(sections)
                };
                let cut = workers.map(readings.iter().zip(&mut found).collect(), sections)?;
                let stating = heads.stating(extract);
                let unrelated = stating.is_some();
                let judged = judge(self, &heads.re, &readings, &found, unrelated, REACH, &control)?;
                let all = readings.iter().zip(&found).zip(cut);
                let analysed = |((reading, found), cut): ((&Result<Reading<'_>>, &Found), _)| {
                    let Ok(reading) = reading else { return Ok(None) };
                    let places = found.entities.iter().map(|entity| entity.bytes.clone());
                    let head = heads.assertion.as_ref().map(|_| {
                        let words = word_ranges(&reading.pieces);
                        probabilities(self.engine(), &words, &found.assertions, places)
                    });
                    let head = head.as_deref();
                    Analysis::new(reading, cut, found, head, extract, &control).map(Some)
                };
                let mut analyses = workers.map(all.collect(), analysed)?;
                if let Some(linker) = linker {
                    let all = readings.iter().zip(&found).zip(&mut analyses);
                    let unlinked = all.filter_map(|((reading, found), analysis)| {
                        Some(analysis.as_mut()?.unlinked(reading.as_ref().ok()?, found, linker))
                    });
                    let mut unlinked: Vec<_> = unlinked.flatten().collect();
                    near::complete(self, linker, &mut unlinked, &control)?;
                }
                let all = readings.into_iter().zip(&found).zip(judged).zip(analyses);
                let located = |(((reading, found), judged), analysis): (((_, &Found), _), _)| {
                    let reading: Reading<'_> = match reading {
                        Ok(reading) => reading,
                        Err(error) => return Ok(Err(error)),
                    };
                    // What was read was analysed; an empty note would be a wrong one.
                    let analysis: Analysis = Option::ok_or_else(analysis, unanalysed)?;
                    let (relations, flags): (Vec<Relation>, DocFlags) = judged;
                    let stated = match stating {
                        Some(head) => analysis.stated(head, &reading, found, &relations)?,
                        None => Vec::new(),
                    };
                    let judged = (heads.related(relations), flags);
                    let note = analysis.located(&reading, found, judged, options);
                    Ok(Ok(DocumentExtract { code_relations: stated, ..note }))
                };
                workers.map(all.collect(), located)
            },
        )
    }
}

fn unanalysed() -> Error {
    Error::Internal("a note that was read has no analysis".into())
}

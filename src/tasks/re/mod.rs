//! Relations between two entities of a sentence, as BioBERT judges them: the sentence with both of
//! them masked goes through the encoder, and a head reads `[CLS]` (dmis-lab/biobert `run_re.py`).

pub(crate) mod document;
mod given;
mod mask;
mod pairs;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::document::shared;
use crate::engine::Control;
use crate::error::{Error, Result};
use crate::heads::{Globals, Head, PAIR_PLACES, Task, largest};
use crate::model::Model;
use crate::tag::Tag;
use crate::tasks::classify::probabilities;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::merge::find_merged;
use crate::tasks::ner::{DocumentSpans, Found, Span};
use crate::tasks::re::given::Given;
pub use crate::tasks::re::given::GivenEntity;
pub(crate) use crate::tasks::re::mask::{Masked, Masks};
use crate::tasks::re::mask::{MaskedPieces, stretch};
use crate::tasks::re::pairs::{End, Sentence, beyond, divide, ends, pairs};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, by_groups};
use crate::text::Input;

/// What a call for relations is told beside its documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReOptions<'a> {
    /// The entities, if the caller has them; `None`: those that the model's NER heads find.
    pub entities: Option<&'a [GivenEntity]>,
    /// Whether pairs are listed too that a head finds unrelated.
    pub unrelated: bool,
}

/// Two entities of a sentence and what a head says of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relation {
    /// The first entity: an index into the document's spans.
    pub first: usize,
    /// The second entity: an index into the document's spans.
    pub second: usize,
    /// The label.
    #[serde(serialize_with = "shared")]
    pub label: Arc<str>,
    /// The label in words, to stand between the two; the label itself where the head has no words.
    #[serde(serialize_with = "shared")]
    pub text: Arc<str>,
    /// Probability of the label, 0 to 1.
    pub score: f32,
    /// The head that judged.
    #[serde(serialize_with = "shared")]
    pub head: Arc<str>,
}

/// The relations of a document: by head, then by the places of the two entities.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct DocumentRelations {
    /// The entities, by start.
    #[serde(rename = "entities")]
    pub spans: Vec<Span>,
    /// The relations between them.
    pub relations: Vec<Relation>,
    /// How the document was read. `truncated`: two entities of one sentence were too far apart to
    /// be read together, and nothing is said about them.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Model {
    /// Finds relations in a batch of documents with the heads named, or with the default ones or all for
    /// this task whose entities are to be had. Every pair of entities of a head's kinds in one sentence is
    /// judged, all pairs of all documents in packed batches. NER heads among those named find the
    /// entities; of kinds that these do not find, the default ones do, and then any.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`] for an entity with an impossible place.
    pub fn re(
        &self,
        heads: &[String],
        documents: &[Input<'_>],
        relations: ReOptions<'_>,
        options: &RunOptions,
    ) -> Result<Results<DocumentRelations>> {
        let is_ner = |name: &&String| self.head(name).is_ok_and(|h| h.spec.task() == Task::Ner);
        let (ner, heads): (Vec<_>, Vec<_>) = heads.iter().partition(is_ner);
        let [ner, heads] = [ner, heads].map(|names| names.into_iter().cloned().collect::<Vec<_>>());
        let named = !heads.is_empty();
        let mut heads = self.heads_for(Task::Re, &heads)?;
        let ner = match relations.entities {
            Some(_) => Vec::new(),
            None => self.finders(&mut heads, named, &ner)?,
        };
        let given = Given::new(relations.entities.unwrap_or_default(), documents.len())?;
        let control = options.control();
        by_groups(
            self.engine(),
            self.precision(),
            documents,
            |document| document.size(),
            &control,
            |document| read(self, document, options, &control),
            |at, readings| {
                let found: Vec<Found> = match relations.entities {
                    None => find_merged(self, &ner, None, &readings, &control)?,
                    Some(_) => {
                        let place = |(index, reading): (usize, &Result<Reading<'_>>)| match reading
                        {
                            Ok(reading) => given.of(at + index, reading, options),
                            Err(_) => Ok(Found::default()),
                        };
                        readings.iter().enumerate().map(place).collect::<Result<_>>()?
                    }
                };
                let judged = judge(
                    self,
                    &heads,
                    &readings,
                    &found,
                    relations.unrelated,
                    usize::MAX,
                    &control,
                )?;
                let all = readings.into_iter().zip(found).zip(judged);
                let related = all.map(|((reading, found), (relations, judged))| {
                    let DocumentSpans { spans, flags } = found.located(&reading?, options);
                    let flags = DocFlags {
                        windowed: flags.windowed || judged.windowed,
                        truncated: judged.truncated,
                        ..flags
                    };
                    Ok(DocumentRelations { spans, relations, flags })
                });
                Ok(related.collect())
            },
        )
    }

    /// The NER heads that find what `heads` relate: for each end those `preferred`, or the default ones,
    /// or any. Of heads that were not named, those without such entities are left out.
    pub(crate) fn finders(
        &self,
        heads: &mut Vec<Arc<Head>>,
        named: bool,
        preferred: &[String],
    ) -> Result<Vec<Arc<Head>>> {
        let all = self.all_heads_for(Task::Ner);
        let kinds: Vec<Vec<Arc<str>>> = all.iter().map(|head| entity_kinds(head)).collect();
        let chosen = |names: &[String]| match names {
            [] => Ok(Vec::new()),
            names => self.heads_for(Task::Ner, names),
        };
        let default = self.heads_for(Task::Ner, &[]).unwrap_or_default();
        let tiers = [chosen(preferred)?, default, all.clone()];
        let of_end = |end: End<'_>| {
            let finds = |at: usize| kinds[at].iter().any(|kind| end.takes(kind));
            let is_in =
                |tier: &[Arc<Head>], at| tier.iter().any(|head| Arc::ptr_eq(head, &all[at]));
            let found = |tier: &Vec<Arc<Head>>| {
                (0..all.len()).filter(|&at| is_in(tier, at) && finds(at)).collect::<Vec<_>>()
            };
            tiers.iter().map(found).find(|found| !found.is_empty()).unwrap_or_default()
        };
        let lacks = |head: &Arc<Head>| {
            ends(head).into_iter().find(|&end| of_end(end).is_empty()).map(End::names)
        };
        if let Some(missing) = heads.iter().find_map(lacks) {
            heads.retain(|head| lacks(head).is_none());
            if named || heads.is_empty() {
                return Err(Error::NotFound(format!(
                    "the model has no head that finds {missing} entities; the call has to give them"
                )));
            }
        }
        let useful: BTreeSet<usize> =
            heads.iter().flat_map(|head| ends(head)).flat_map(of_end).collect();
        Ok(useful.into_iter().map(|at| all[at].clone()).collect())
    }
}

/// The kinds of entity that a NER head finds.
fn entity_kinds(head: &Head) -> Vec<Arc<str>> {
    head.spec.tags().iter().filter_map(Tag::kind).cloned().collect()
}

/// Where a head reads a sentence with a pair, as tokens: `[CLS]`, the mask of the first entity, that of
/// the second, and what stands between them.
pub(crate) fn pair_places(masks: &[Range<usize>; 2]) -> [Range<usize>; PAIR_PLACES] {
    let [first, second] = masks.clone().map(|mask| 1 + mask.start..1 + mask.end);
    let from = first.end.min(second.end);
    let between = from..first.start.max(second.start).max(from);
    [0..1, first, second, between]
}

/// Judges every pair of all documents whose ends are at most `reach` entities apart: their relations, and
/// how their sentences were read.
pub(crate) fn judge(
    model: &Model,
    heads: &[Arc<Head>],
    readings: &[Result<Reading<'_>>],
    found: &[Found],
    unrelated: bool,
    reach: usize,
    control: &Control,
) -> Result<Vec<(Vec<Relation>, DocFlags)>> {
    let _env = FloatEnv::standard();
    let mut relations: Vec<Vec<Relation>> = readings.iter().map(|_| Vec::new()).collect();
    let mut flags = vec![DocFlags::default(); readings.len()];
    let cut = |(reading, found): (&Result<Reading<'_>>, &Found)| {
        let sentences = reading.as_ref().map_or(&[][..], Reading::byte_sentences);
        divide(sentences, &found.entities)
    };
    let sentences: Vec<Vec<Sentence>> = readings.iter().zip(found).map(cut).collect();
    for head in heads {
        let masks = Masks::new(head.spec.mask());
        for ((found, cut), flags) in found.iter().zip(&sentences).zip(&mut flags) {
            flags.truncated |=
                cut.iter().any(|sentence| beyond(head, &found.entities, sentence, reach));
        }
        let pairs = found.iter().zip(&sentences).enumerate().flat_map(|(index, (found, cut))| {
            cut.iter().flat_map(move |sentence| {
                let pairs = pairs(head, &found.entities, sentence, reach);
                pairs.map(move |pair| (index, sentence, pair))
            })
        });
        let sequences = pairs.filter_map(|(index, sentence, pair)| {
            let reading = readings[index].as_ref().ok()?;
            let places = [pair.0, pair.1].map(|entity| &found[index].entities[entity].bytes);
            match read_pair(model, head, &masks, reading, sentence, places, control) {
                Ok(Some(pieces)) => {
                    // What is farther from the pair than a sequence reaches is not read.
                    flags[index].windowed |= !pieces.whole;
                    let key = (index, pair, pair_places(&pieces.places));
                    Some(Ok((key, Sequence::single(pieces.ids))))
                }
                Ok(None) => {
                    flags[index].truncated = true;
                    None
                }
                Err(error) => Some(Err(error)),
            }
        });
        encode(
            model,
            head.taken(),
            Globals::of(&head.spec),
            sequences,
            control,
            |(index, pair, places), states| {
                let logits = head.sequence_logits(model.engine(), &states, &places);
                let probabilities = probabilities(model, head, logits);
                let label = largest(&probabilities);
                let name = head.spec.labels[label].as_str();
                let kept = unrelated || head.spec.negative() != Some(name);
                let relation = || Relation {
                    first: pair.0,
                    second: pair.1,
                    label: name.into(),
                    text: head.spec.label_text(label).into(),
                    score: probabilities[label],
                    head: head.name.clone(),
                };
                Ok((index, kept.then(relation)))
            },
            |(index, relation)| {
                relations[index].extend(relation);
                Ok(())
            },
        )?;
    }
    Ok(relations.into_iter().zip(flags).collect())
}

/// A pair with as much of its sentence as is read at once; `None` where the two are too far apart.
fn read_pair(
    model: &Model,
    head: &Head,
    masks: &Masks,
    reading: &Reading<'_>,
    sentence: &Sentence,
    places: [&Range<usize>; 2],
    control: &Control,
) -> Result<Option<MaskedPieces>> {
    control.check()?;
    let (capacity, _) = head.spec.windows(model.max_tokens());
    let Some(around) = stretch(reading, &sentence.bytes, places, capacity) else {
        return Ok(None);
    };
    masks.apply(reading.text.as_str(), &around, places).pieces(model, capacity, control)
}

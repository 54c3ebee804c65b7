//! Relations between two entities of a sentence, as BioBERT judges them: the sentence with both of
//! them masked goes through the encoder, and a head reads `[CLS]` (dmis-lab/biobert `run_re.py`).

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;
use serde::Serialize;

use crate::engine::Control;
use crate::error::{Error, Result};
use crate::model::head::Head;
use crate::model::{Model, Task, largest};
use crate::sentence::sentences;
use crate::tasks::bio::Tag;
use crate::tasks::classify::probabilities;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::ner::{ByteEntity, DocumentEntities, Entity, Found, find, tags};
use crate::tasks::read::{Reading, read};
use crate::tasks::{DocFlags, Results, RunOptions, by_groups, shared};
use crate::text::Input;

/// An entity that the caller knows already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenEntity {
    /// Index of its document.
    pub document: usize,
    /// Offset of its first character, in the unit of the call.
    pub start: usize,
    /// Offset behind its last character.
    pub end: usize,
    /// Its kind, such as `Chemical`; capitals do not matter.
    pub kind: String,
}

/// What a call for relations is told beside its documents.
#[derive(Debug, Clone, Copy, Default)]
pub struct RelationOptions<'a> {
    /// The entities, if the caller has them; `None`: those that the model's NER heads find.
    pub entities: Option<&'a [GivenEntity]>,
    /// Whether pairs are listed too that a head finds unrelated.
    pub unrelated: bool,
}

/// Two entities of a sentence and what a head says of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relation {
    /// The first entity: an index into the document's entities.
    pub first: usize,
    /// The second entity: an index into the document's entities.
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
    pub entities: Vec<Entity>,
    /// The relations between them.
    pub relations: Vec<Relation>,
    /// How the document was read. `truncated`: two entities of one sentence were too far apart to
    /// be read together, and nothing is said about them.
    #[serde(skip)]
    pub flags: DocFlags,
}

impl Model {
    /// Finds relations in a batch of documents with the heads named, or with all for this task
    /// whose entities are to be had. Every pair of entities of a head's kinds in one sentence is
    /// judged, all pairs of all documents in packed batches.
    ///
    /// # Errors
    /// As [`ner`](Model::ner), and [`Error::Argument`] for an entity with an impossible place.
    pub fn relations(
        &self,
        heads: &[String],
        documents: &[Input<'_>],
        relations: RelationOptions<'_>,
        options: &RunOptions,
    ) -> Result<Results<DocumentRelations>> {
        let named = !heads.is_empty();
        let mut heads = self.heads_for(Task::Re, heads)?;
        let ner = match relations.entities {
            Some(_) => Vec::new(),
            None => self.ner_heads_for(&mut heads, named)?,
        };
        let given = Given::new(relations.entities.unwrap_or_default(), documents.len())?;
        let control = options.control();
        by_groups(
            self.engine(),
            documents,
            |document| document.size(),
            &control,
            |at, group, results| {
                let readings =
                    group.iter().map(|&document| read(self, document, options, &control));
                let readings = readings.collect::<Result<Vec<_>>>()?;
                let found: Vec<Found> = match relations.entities {
                    None => find(self, &ner, &readings, &control)?,
                    Some(_) => {
                        let place = |(index, reading): (usize, &Result<Reading<'_>>)| match reading
                        {
                            Ok(reading) => given.of(at + index, reading, options),
                            Err(_) => Ok(Found::default()),
                        };
                        readings.iter().enumerate().map(place).collect::<Result<_>>()?
                    }
                };
                let judged = judge(self, &heads, &readings, &found, relations.unrelated, &control)?;
                for ((reading, found), judged) in readings.into_iter().zip(found).zip(judged) {
                    results.push(reading.map(|reading| {
                        let DocumentEntities { entities, flags } = found.located(&reading, options);
                        let flags = DocFlags {
                            windowed: flags.windowed || judged.windowed,
                            truncated: judged.truncated,
                            ..flags
                        };
                        DocumentRelations { entities, relations: judged.relations, flags }
                    }));
                }
                Ok(())
            },
        )
    }

    /// The NER heads that find the kinds that `heads` relate. Of heads that were not named, those
    /// without such entities are left out.
    fn ner_heads_for(&self, heads: &mut Vec<Arc<Head>>, named: bool) -> Result<Vec<Arc<Head>>> {
        let all = self.heads_for(Task::Ner, &[]).unwrap_or_default();
        let kinds: Vec<Vec<Arc<str>>> = all.iter().map(|head| entity_kinds(head)).collect();
        let finds = |index: usize, wanted: &str| kinds[index].iter().any(|kind| same(kind, wanted));
        let found = |wanted: &str| (0..all.len()).any(|index| finds(index, wanted));
        let lacks = |head: &Arc<Head>| {
            kinds_of(head).into_iter().find(|kind| !found(kind)).map(String::from)
        };
        if let Some(missing) = heads.iter().find_map(lacks) {
            heads.retain(|head| lacks(head).is_none());
            if named || heads.is_empty() {
                return Err(Error::NotFound(format!(
                    "the model has no head that finds {missing} entities; the call has to give them"
                )));
            }
        }
        let wanted: Vec<&str> = heads.iter().flat_map(|head| kinds_of(head)).collect();
        let useful = (0..all.len()).filter(|&at| wanted.iter().any(|kind| finds(at, kind)));
        Ok(useful.map(|index| all[index].clone()).collect())
    }
}

fn same(kind: &str, other: &str) -> bool {
    kind.eq_ignore_ascii_case(other)
}

/// The kinds of entity that a NER head finds.
fn entity_kinds(head: &Head) -> Vec<Arc<str>> {
    let kind = |tag| match tag {
        Tag::Outside => None,
        Tag::Begin(kind) | Tag::Inside(kind) | Tag::End(kind) | Tag::Single(kind) => Some(kind),
    };
    tags(head).into_iter().filter_map(kind).collect()
}

/// The two kinds that a head relates.
fn kinds_of(head: &Head) -> [&str; 2] {
    [&head.spec.first, &head.spec.second].map(|kind| kind.as_deref().unwrap_or("Entity"))
}

/// The caller's entities, by document.
struct Given<'a> {
    documents: Vec<Vec<(usize, &'a GivenEntity)>>,
}

impl<'a> Given<'a> {
    fn new(entities: &'a [GivenEntity], documents: usize) -> Result<Given<'a>> {
        let mut by_document = vec![Vec::new(); documents];
        for (index, entity) in entities.iter().enumerate() {
            let slot = by_document.get_mut(entity.document).ok_or_else(|| {
                Error::Argument(format!("entity {index} is of a document that there is not"))
            })?;
            slot.push((index, entity));
        }
        Ok(Given { documents: by_document })
    }

    /// The entities of a document in bytes, in the order that results have.
    fn of(&self, document: usize, reading: &Reading<'_>, options: &RunOptions) -> Result<Found> {
        let offsets = reading.text.offsets(options.unit);
        let byte = |index: usize, offset: usize| {
            let byte = offsets.byte(offset);
            // An offset behind the end or inside of a character does not come back.
            if byte > reading.text.as_str().len() || offsets.at(byte) != offset {
                let reason = "begins or ends outside of its document or inside of a character";
                return Err(Error::Argument(format!("entity {index} {reason}")));
            }
            Ok(byte)
        };
        let mut entities = Vec::new();
        for &(index, entity) in &self.documents[document] {
            let bytes = byte(index, entity.start)?..byte(index, entity.end)?;
            if bytes.is_empty() {
                return Err(Error::Argument(format!("entity {index} is empty")));
            }
            let label = entity.kind.as_str().into();
            entities.push(ByteEntity { bytes, label, head: "".into(), score: 1.0 });
        }
        entities.sort_by_key(|entity| (entity.bytes.start, std::cmp::Reverse(entity.bytes.end)));
        Ok(Found { entities, windowed: false })
    }
}

/// What was found out about a document.
#[derive(Debug, Default)]
struct Judged {
    relations: Vec<Relation>,
    windowed: bool,
    truncated: bool,
}

/// Judges every pair of all documents.
fn judge(
    model: &Model,
    heads: &[Arc<Head>],
    readings: &[Result<Reading<'_>>],
    found: &[Found],
    unrelated: bool,
    control: &Control,
) -> Result<Vec<Judged>> {
    let _env = FloatEnv::standard();
    let mut judged: Vec<Judged> = readings.iter().map(|_| Judged::default()).collect();
    let sentences: Vec<Vec<Sentence>> = readings
        .iter()
        .zip(found)
        .map(|(reading, found)| match reading {
            Ok(reading) => divide(reading.text.as_str(), &found.entities),
            Err(_) => Vec::new(),
        })
        .collect();
    for head in heads {
        let masks = Masks::new(head);
        let (capacity, _) = head.spec.windows(model.max_tokens());
        let mut flags = vec![DocFlags::default(); readings.len()];
        let pairs = found.iter().zip(&sentences).enumerate().flat_map(|(index, (found, cut))| {
            cut.iter().flat_map(move |sentence| {
                pairs(head, &found.entities, sentence).map(move |pair| (index, sentence, pair))
            })
        });
        let sequences = pairs.filter_map(|(index, sentence, (first, second))| {
            let text = readings[index].as_ref().ok()?.text.as_str();
            let entities = &found[index].entities;
            let places = [&entities[first].bytes, &entities[second].bytes];
            let masked = masks.apply(text, &sentence.bytes, places);
            let pieces = match masked.pieces(model, capacity, control) {
                Ok(Fit::Whole(pieces)) => pieces,
                Ok(Fit::Part(pieces)) => {
                    flags[index].windowed = true;
                    pieces
                }
                Ok(Fit::TooFar) => {
                    flags[index].truncated = true;
                    return None;
                }
                Err(error) => return Some(Err(error)),
            };
            Some(Ok(((index, first, second), Sequence::single(pieces))))
        });
        encode(model, None, sequences, control, |(index, first, second), states| {
            let logits = head.logits(model.engine(), &states[..model.hidden()]);
            let probabilities = probabilities(model, head, logits);
            let label = largest(&probabilities);
            let name = &head.spec.labels[label];
            if unrelated || head.spec.negative.as_ref() != Some(name) {
                judged[index].relations.push(Relation {
                    first,
                    second,
                    label: name.as_str().into(),
                    text: head.spec.label_text(label).into(),
                    score: probabilities[label],
                    head: head.name.clone(),
                });
            }
            Ok(())
        })?;
        for (judged, flags) in judged.iter_mut().zip(flags) {
            judged.windowed |= flags.windowed;
            judged.truncated |= flags.truncated;
        }
    }
    Ok(judged)
}

/// A sentence with the entities that lie in it.
#[derive(Debug, PartialEq)]
struct Sentence {
    bytes: Range<usize>,
    /// Indices into the document's entities.
    entities: Vec<usize>,
}

/// The sentences that hold entities. An entity that reaches over a bound joins two sentences.
fn divide(text: &str, entities: &[ByteEntity]) -> Vec<Sentence> {
    let mut divided: Vec<Sentence> = Vec::new();
    let mut coming = entities.iter().enumerate().peekable();
    for bytes in sentences(text) {
        let last = divided.last_mut().filter(|sentence| {
            sentence.entities.iter().any(|&entity| entities[entity].bytes.end > bytes.start)
        });
        let sentence = match last {
            Some(joined) => {
                joined.bytes.end = bytes.end;
                joined
            }
            None => {
                divided.push(Sentence { bytes, entities: Vec::new() });
                match divided.last_mut() {
                    Some(sentence) => sentence,
                    None => continue,
                }
            }
        };
        let end = sentence.bytes.end;
        while let Some((index, _)) = coming.next_if(|(_, entity)| entity.bytes.start < end) {
            sentence.entities.push(index);
        }
    }
    divided.retain(|sentence| sentence.entities.len() > 1);
    divided
}

/// The pairs of a sentence whose kinds a head relates, as indices into the document's entities.
/// Where both kinds are one, each two entities are one pair, the earlier one first.
fn pairs<'a>(
    head: &'a Head,
    entities: &'a [ByteEntity],
    sentence: &'a Sentence,
) -> impl Iterator<Item = (usize, usize)> + 'a {
    let [first, second] = kinds_of(head);
    let of = move |kind: &'a str| {
        let is = move |&index: &usize| same(&entities[index].label, kind);
        sentence.entities.iter().copied().filter(is)
    };
    let symmetric = same(first, second);
    of(first)
        .flat_map(move |a| of(second).map(move |b| (a, b)))
        .filter(move |(a, b)| if symmetric { a < b } else { a != b })
}

/// What stands in for the two entities of a pair.
struct Masks<'a> {
    separate: [&'a str; 2],
    /// For two entities that overlap: one mask for both.
    joint: String,
}

impl<'a> Masks<'a> {
    fn new(head: &'a Head) -> Masks<'a> {
        let default = ["@ENTITY1$", "@ENTITY2$"];
        let separate = head.spec.mask.as_ref().map_or(default, |[a, b]| [a.as_str(), b.as_str()]);
        // ChemProt's form, as BioBERT and BLURB read it: `@CHEM-GENE$` for `@CHEMICAL$` and `@GENE$`.
        let name = |mask: &str| {
            let name = mask.trim_start_matches('@').trim_end_matches('$');
            if name == "CHEMICAL" { "CHEM".to_string() } else { name.to_string() }
        };
        let joint = format!("@{}-{}$", name(separate[0]), name(separate[1]));
        Masks { separate, joint }
    }

    /// A sentence with a pair masked. Entities that overlap become one mask.
    fn apply(&self, text: &str, sentence: &Range<usize>, pair: [&Range<usize>; 2]) -> Masked {
        let [first, second] = pair;
        let mut masked = String::with_capacity(sentence.len() + 32);
        if first.start < second.end && second.start < first.end {
            let (start, end) = (first.start.min(second.start), first.end.max(second.end));
            masked.push_str(&text[sentence.start..start]);
            let from = masked.len();
            masked.push_str(&self.joint);
            let to = masked.len();
            masked.push_str(&text[end..sentence.end.max(end)]);
            return Masked { text: masked, pair: from..to };
        }
        let mut places = [(first, self.separate[0]), (second, self.separate[1])];
        places.sort_by_key(|(place, _)| place.start);
        let [(left, left_mask), (right, right_mask)] = places;
        masked.push_str(&text[sentence.start..left.start]);
        let from = masked.len();
        masked.push_str(left_mask);
        masked.push_str(&text[left.end..right.start]);
        masked.push_str(right_mask);
        let to = masked.len();
        masked.push_str(&text[right.end..sentence.end.max(right.end)]);
        Masked { text: masked, pair: from..to }
    }
}

/// A sentence with a masked pair.
#[derive(Debug, PartialEq)]
struct Masked {
    text: String,
    /// From the first mask to the end of the second.
    pair: Range<usize>,
}

/// How a masked sentence goes into a sequence.
enum Fit {
    Whole(Vec<u32>),
    /// A part around the pair.
    Part(Vec<u32>),
    TooFar,
}

impl Masked {
    fn pieces(&self, model: &Model, capacity: usize, control: &Control) -> Result<Fit> {
        let pieces = model.tokenizer().pieces(&self.text, || control.check())?;
        let len = pieces.len();
        if len <= capacity {
            return Ok(Fit::Whole(pieces.ids));
        }
        let before = |byte: usize| pieces.spans.partition_point(|span| (span.0 as usize) < byte);
        let (from, to) = (before(self.pair.start), before(self.pair.end));
        if to - from > capacity {
            return Ok(Fit::TooFar);
        }
        // As much on the left as on the right of the pair, where there is as much.
        let start = (from + to).saturating_sub(capacity) / 2;
        let start = start.min(len - capacity);
        Ok(Fit::Part(pieces.ids[start..start + capacity].to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{HeadSpec, Kind};

    fn entity(bytes: Range<usize>, label: &str) -> ByteEntity {
        ByteEntity { bytes, label: label.into(), head: "".into(), score: 1.0 }
    }

    fn masks() -> Masks<'static> {
        Masks { separate: ["@CHEMICAL$", "@GENE$"], joint: "@CHEM-GENE$".into() }
    }

    #[test]
    fn a_pair_is_masked_in_either_order() {
        let text = "No. Aspirin blocks COX1 well. End.";
        let sentence = 4..29;
        let (drug, gene) = (4..11, 19..23);
        let masked = masks().apply(text, &sentence, [&drug, &gene]);
        assert_eq!(masked.text, "@CHEMICAL$ blocks @GENE$ well.");
        assert_eq!(&masked.text[masked.pair], "@CHEMICAL$ blocks @GENE$");
        let masked = masks().apply(text, &sentence, [&gene, &drug]);
        assert_eq!(masked.text, "@GENE$ blocks @CHEMICAL$ well.");
    }

    #[test]
    fn entities_that_nest_or_overlap_become_one_mask() {
        let text = "An estrogen receptor alpha drug.";
        for (chemical, gene) in [(3..11, 3..26), (3..20, 12..26), (3..26, 3..26)] {
            let masked = masks().apply(text, &(0..32), [&chemical, &gene]);
            assert_eq!(masked.text, "An @CHEM-GENE$ drug.");
        }
        // Side by side is not overlapping.
        let masked = masks().apply("ab", &(0..2), [&(0..1), &(1..2)]);
        assert_eq!(masked.text, "@CHEMICAL$@GENE$");
    }

    #[test]
    fn sentences_are_divided_and_joined_where_an_entity_reaches_over() {
        let text = "A fever rose. The rash came. It went.";
        let place = |word: &str| text.find(word).map(|at| at..at + word.len()).unwrap();
        let entities = [entity(place("fever"), "a"), entity(place("rash"), "b")];
        assert_eq!(divide(text, &entities), []);
        let over = entity(2..17, "c");
        let divided = divide(text, &[over, entities[1].clone()]);
        assert_eq!(divided, [Sentence { bytes: 0..28, entities: vec![0, 1] }]);
    }

    #[test]
    fn every_pair_of_the_kinds_is_formed_once() {
        let mut spec = HeadSpec::new(Task::Re, Kind::Cls, vec!["0".into(), "1".into()]);
        spec.first = Some("Chemical".into());
        spec.second = Some("Disease".into());
        let kinds = ["chemical", "Disease", "Chemical", "Gene", "Disease"];
        let entities: Vec<_> = (0..5).map(|i| entity(i..i + 1, kinds[i])).collect();
        let sentence = Sentence { bytes: 0..5, entities: (0..5).collect() };
        let pairs_of = |spec: &HeadSpec| {
            let head = Head::untrained("re", spec.clone());
            pairs(&head, &entities, &sentence).collect::<Vec<_>>()
        };
        assert_eq!(pairs_of(&spec), [(0, 1), (0, 4), (2, 1), (2, 4)]);
        spec.second = Some("Chemical".into());
        assert_eq!(pairs_of(&spec), [(0, 2)]);
    }
}

//! Relations between codes that a document as a whole states, such as which chemical induced which disease.
//!
//! Two codes may stand in several sentences, and in none together. A head judges every two mentions in one
//! sentence as it always does, and of codes that share none the nearest mentions, with their two sentences put
//! together; [`Outline`] weighs what it says.

mod outline;
mod weights;

use std::ops::Range;
use std::sync::Arc;

use biobert_kernels::FloatEnv;

use crate::document::CodeRelation;
use crate::engine::Control;
use crate::error::{Error, Result};
use crate::heads::{Globals, Head};
use crate::model::Model;
use crate::tasks::classify::probabilities;
use crate::tasks::encode::{Sequence, encode};
use crate::tasks::ner::Found;
use crate::tasks::re::document::outline::{Outline, Scores};
use crate::tasks::re::mask::{MaskedPieces, Masks, stretch};
use crate::tasks::re::pairs::ends;
use crate::tasks::re::{judge, pair_places};
use crate::tasks::read::Reading;

/// The relations between codes that each document states, by a head with two labels, one of which means "none":
/// those that are more likely than not to be meant, by first and second code. `codes` has those of each entity
/// of `found`; an entity may have none, or several.
///
/// # Errors
/// [`Error::Unsupported`] for a head with other labels, or one at both of whose ends the same kind may stand;
/// [`Error::Cancelled`] and [`Error::Deadline`].
pub(crate) fn code_relations(
    model: &Model,
    head: &Arc<Head>,
    readings: &[Result<Reading<'_>>],
    found: &[Found],
    codes: &[Vec<Vec<String>>],
    control: &Control,
) -> Result<Vec<Vec<CodeRelation>>> {
    let related = related(head)?;
    let outline = |((reading, found), codes): ((&Result<Reading<'_>>, &Found), _)| {
        let sentences = reading.as_ref().map_or(&[][..], Reading::byte_sentences);
        Outline::new(sentences, &found.entities, codes, ends(head))
    };
    let outlines: Vec<Outline<'_>> = readings.iter().zip(found).zip(codes).map(outline).collect();
    let judged =
        judge(model, std::slice::from_ref(head), readings, found, true, usize::MAX, control)?;
    let negative = head.spec.negative();
    let together = judged.into_iter().map(|(relations, _)| {
        let scores = relations.iter().map(|relation| {
            let is_none = negative == Some(&*relation.label);
            let score = if is_none { 1.0 - relation.score } else { relation.score };
            ((relation.first, relation.second), score)
        });
        scores.collect()
    });
    let mut scores: Vec<Scores> = together.collect();
    judge_apart(model, head, related, readings, found, &outlines, &mut scores, control)?;
    let label = head.name.to_uppercase();
    let relations = outlines.iter().zip(&scores).map(|(outline, scores)| {
        let likely = outline.weigh(scores).filter(|relation| relation.2 >= weights::LEAST);
        let relations = likely.map(|(first, second, probability)| CodeRelation {
            first: first.into(),
            second: second.into(),
            label: label.clone(),
            score: Some(probability),
        });
        relations.collect()
    });
    Ok(relations.collect())
}

/// The label of a head that means "related".
fn related(head: &Head) -> Result<usize> {
    let labels = &head.spec.labels;
    let negative = labels.iter().position(|label| head.spec.negative() == Some(label));
    let [first, second] = head.spec.related();
    let both = first.iter().any(|kind| second.iter().any(|other| kind.eq_ignore_ascii_case(other)));
    match negative {
        Some(negative) if labels.len() == 2 && !both => Ok(1 - negative),
        _ => Err(Error::Unsupported(format!(
            "the head {} does not say of entities of two different kinds whether they are related",
            head.name
        ))),
    }
}

/// Judges mentions that do not share a sentence.
#[expect(clippy::too_many_arguments, reason = "all that a pass over documents needs")]
fn judge_apart(
    model: &Model,
    head: &Head,
    related: usize,
    readings: &[Result<Reading<'_>>],
    found: &[Found],
    outlines: &[Outline<'_>],
    scores: &mut [Scores],
    control: &Control,
) -> Result<()> {
    let _env = FloatEnv::standard();
    let masks = Masks::new(head.spec.mask());
    let pairs = outlines.iter().enumerate().flat_map(|(document, outline)| {
        outline.apart().map(move |pair| (document, pair))
    });
    let sequences = pairs.filter_map(|(document, pair)| {
        let reading = readings[document].as_ref().ok()?;
        let places = [pair.0, pair.1].map(|entity| &found[document].entities[entity].bytes);
        let sentences = [pair.0, pair.1].map(|entity| outlines[document].sentence(entity));
        let pieces = read_apart(model, head, &masks, reading, sentences, places, control);
        let pieces = pieces.transpose()?;
        Some(pieces.map(|pieces| {
            ((document, pair, pair_places(&pieces.places)), Sequence::single(pieces.ids))
        }))
    });
    encode(
        model,
        head.taken(),
        Globals::of(&head.spec),
        sequences,
        control,
        |(document, pair, places), states| {
            let logits = head.sequence_logits(model.engine(), &states, &places);
            Ok((document, pair, probabilities(model, head, logits)[related]))
        },
        |(document, pair, score)| {
            scores[document].insert(pair, score);
            Ok(())
        },
    )
}

/// Two mentions with as much of their sentences as is read at once; `None` where that is too little.
fn read_apart(
    model: &Model,
    head: &Head,
    masks: &Masks<'_>,
    reading: &Reading<'_>,
    sentences: [&Range<usize>; 2],
    places: [&Range<usize>; 2],
    control: &Control,
) -> Result<Option<MaskedPieces>> {
    control.check()?;
    let (capacity, _) = head.spec.windows(model.max_tokens());
    let around = |end: usize| {
        let (sentence, place) = (sentences[end], places[end]);
        // An entity may begin before its sentence or reach into the next one.
        let all = sentence.start.min(place.start)..sentence.end.max(place.end);
        stretch(reading, &all, [place, place], capacity / 2)
    };
    let (Some(first), Some(second)) = (around(0), around(1)) else { return Ok(None) };
    masks.join(reading.text.as_str(), [&first, &second], places).pieces(model, capacity, control)
}

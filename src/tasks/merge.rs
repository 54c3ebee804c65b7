//! Each finding once: where heads mark the same words as compatible kinds, one entity is left, which says
//! what the others call it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::Control;
use crate::error::Result;
use crate::heads::Head;
use crate::model::Model;
use crate::tasks::ner::{Also, ByteEntity, Found, find};
use crate::tasks::read::Reading;

/// The entities of documents, each finding once; of heads that find the same, the earlier decides. A head
/// for assertions reads along.
pub(crate) fn find_merged(
    model: &Model,
    heads: &[Arc<Head>],
    assertion: Option<&Arc<Head>>,
    readings: &[Result<Reading<'_>>],
    control: &Control,
) -> Result<Vec<Found>> {
    let names: Vec<Arc<str>> = heads.iter().map(|head| head.name.clone()).collect();
    let found = find(model, heads, assertion, readings, control)?;
    let merged = |found: Found| Ok(Found { entities: merge(found.entities, &names), ..found });
    model.engine().workers().map(found, merged)
}

/// Kinds that mean the same in a note, in small letters.
const COMPATIBLE: [[&str; 2]; 2] = [["problem", "disease"], ["drug", "chemical"]];

/// What stands for a kind and for those that are compatible with it.
fn family(label: &str) -> String {
    let label = label.to_ascii_lowercase();
    let family = COMPATIBLE.iter().find(|[_, other]| *other == label);
    family.map_or(label, |[first, _]| first.to_string())
}

/// Merges the entities of several heads, which stand in `heads` by rank: the entity of the earlier head
/// stays and tells what the later one calls it. Entities come and go by start, the longer first.
fn merge(entities: Vec<ByteEntity>, heads: &[Arc<str>]) -> Vec<ByteEntity> {
    let rank = |entity: &ByteEntity| heads.iter().position(|head| *head == entity.head);
    let mut families: BTreeMap<String, BTreeMap<Option<usize>, Vec<ByteEntity>>> = BTreeMap::new();
    for entity in entities {
        let ranks = families.entry(family(&entity.label)).or_default();
        ranks.entry(rank(&entity)).or_default().push(entity);
    }
    let mut merged: Vec<ByteEntity> = Vec::new();
    for ranks in families.into_values() {
        let mut kept = Vec::new();
        for later in ranks.into_values() {
            absorb(&mut kept, later);
        }
        merged.extend(kept);
    }
    merged.sort_by_key(|entity| (entity.bytes.start, Reverse(entity.bytes.end), rank(entity)));
    merged
}

/// Adds the entities of a later head to those that are kept. Neither list overlaps in itself; nor does the
/// result.
fn absorb(kept: &mut Vec<ByteEntity>, later: Vec<ByteEntity>) {
    let mut free = Vec::new();
    let mut from = 0;
    for entity in later {
        while kept.get(from).is_some_and(|known| known.bytes.end <= entity.bytes.start) {
            from += 1;
        }
        let same = kept[from..].iter_mut();
        let same = same.take_while(|known| known.bytes.start < entity.bytes.end);
        let also =
            Also { label: entity.label.clone(), head: entity.head.clone(), score: entity.score };
        if same.map(|known| known.also.push(also.clone())).count() == 0 {
            free.push(entity);
        }
    }
    kept.extend(free);
    kept.sort_by_key(|entity| entity.bytes.start);
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;

    fn entity(bytes: Range<usize>, label: &str, head: &str) -> ByteEntity {
        let (label, head) = (label.into(), head.into());
        ByteEntity { bytes, label, head, score: 0.5, also: Vec::new() }
    }

    fn told(entities: &[ByteEntity]) -> Vec<(Range<usize>, String)> {
        let all = entities.iter().map(|entity| {
            let also = entity.also.iter().map(|also| format!("+{}", also.label));
            (entity.bytes.clone(), entity.label.to_string() + &also.collect::<String>())
        });
        all.collect()
    }

    #[test]
    fn compatible_entities_are_one_and_others_stay() {
        let heads = ["clinical", "disease", "gene"].map(Arc::from);
        let found = vec![
            entity(0..20, "Disease", "disease"),
            entity(0..6, "Problem", "clinical"),
            entity(11..20, "Problem", "clinical"),
            entity(11..15, "Gene", "gene"),
            entity(30..34, "Disease", "disease"),
            entity(32..40, "Test", "clinical"),
        ];
        let want = [
            (0..6, "Problem+Disease"),
            (11..20, "Problem+Disease"),
            (11..15, "Gene"),
            (30..34, "Disease"),
            (32..40, "Test"),
        ];
        let want = want.map(|(bytes, label)| (bytes, label.to_string()));
        assert_eq!(told(&merge(found, &heads)), want);
    }

    #[test]
    fn the_earlier_head_decides_the_place() {
        let found = || vec![entity(0..9, "Drug", "a"), entity(4..9, "Chemical", "b")];
        assert_eq!(
            told(&merge(found(), &["b", "a"].map(Arc::from))),
            [(4..9, "Chemical+Drug".to_string())]
        );
        assert_eq!(
            told(&merge(found(), &["a", "b"].map(Arc::from))),
            [(0..9, "Drug+Chemical".to_string())]
        );
    }
}

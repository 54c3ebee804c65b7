//! What a drug is for that is taken as needed: nobody says that the patient has it now.

use crate::clinical::context::conditional;
use crate::document::{Assertion, AssertionValue, Attribute, AttributeKind, Entity};

/// Makes the problems possible that are the reason of a drug which is taken as needed, "ibuprofen prn
/// headache"; lists go entity by entity, by start. What is absent, past or somebody else's stays so.
pub(crate) fn as_needed(
    entities: &[Entity],
    attributes: &[Vec<Attribute>],
    assertions: &mut [Assertion],
) {
    let of = |own: &[Attribute], kind| own.iter().find(|own| own.kind == kind).cloned();
    for own in attributes {
        let Some(needed) = of(own, AttributeKind::AsNeeded) else { continue };
        for reason in own.iter().filter(|own| own.kind == AttributeKind::Reason) {
            let place = &reason.place;
            let first = entities.partition_point(|entity| entity.bytes.start < place.start);
            // "[PRN headache]": the entity may begin before the reason does.
            let first = first.saturating_sub(1);
            let inside = entities.iter().zip(assertions.iter_mut()).skip(first);
            let inside = inside.take_while(|(entity, _)| entity.bytes.start < place.end);
            for (entity, said) in inside {
                let is_problem = ["Problem", "Disease"].contains(&&*entity.label);
                let overlaps = entity.bytes.end > place.start;
                if is_problem && overlaps && said.value == AssertionValue::Present {
                    *said = conditional(needed.place.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::as_needed;
    use crate::clinical::medication::medication;
    use crate::document::{Assertion, AssertionCategory, AssertionValue, Entity};
    use crate::sentence::sentences;

    /// What is said of the problem of a text, `[drug]` and `{problem}`, that is otherwise present.
    fn said(marked: &str) -> (AssertionValue, Option<AssertionCategory>) {
        let (mut text, mut entities, mut from) = (String::new(), Vec::new(), 0);
        for c in marked.chars() {
            match c {
                '[' | '{' => from = text.len(),
                ']' => entities.push(Entity::new(from..text.len(), "Drug".into())),
                '}' => entities.push(Entity::new(from..text.len(), "Problem".into())),
                _ => text.push(c),
            }
        }
        let attributes = medication(&text, &sentences(&text), &entities, &|| Ok(())).unwrap();
        let mut said = vec![Assertion::new(AssertionValue::Present); entities.len()];
        as_needed(&entities, &attributes, &mut said);
        let problem = entities.iter().position(|entity| &*entity.label == "Problem").unwrap();
        (said[problem].value, said[problem].category)
    }

    #[test]
    fn what_a_drug_is_for_as_needed_is_possible() {
        let possible = (AssertionValue::Possible, Some(AssertionCategory::Conditional));
        for text in [
            "[ibuprofen] 400 mg PRN {headache}",
            "[ibuprofen] {PRN headache}",
            "Take [acetaminophen] 650 mg every 6 hours as needed for {pain}.",
            "[ondansetron] 4 mg for {nausea} as needed",
            "[albuterol] 2 puffs q4h prn {wheezing}",
        ] {
            assert_eq!(said(text), possible, "{text}");
        }
        for text in [
            "[lisinopril] 10 mg daily for {hypertension}",
            "{Headache}. [ibuprofen] 400 mg PRN",
            "{Headache} for two days; [ibuprofen] 400 mg as needed",
            "[ibuprofen] as needed. {Pain} is worse.",
        ] {
            assert_eq!(said(text), (AssertionValue::Present, None), "{text}");
        }
    }
}

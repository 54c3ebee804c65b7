//! Which examples are held out where the caller has set none apart.

use std::collections::BTreeMap;

use crate::eval::example::Example;

/// Of so many documents one is held out; of fewer examples none.
const ONE_IN: usize = 10;

/// Marks about a tenth of the examples, drawn by class and a random seed.
///
/// Examples of one document fall on the same side: what was learnt by heart would be no true score.
/// Every set of classes gives its tenth, however the file is ordered, and at least half of every
/// class is left to learn from.
pub(super) fn held_out(examples: &[Example], seed: u64) -> Vec<bool> {
    let mut marked = vec![false; examples.len()];
    if examples.len() < ONE_IN {
        return marked;
    }
    let mut documents = documents(examples);
    let mut random = fastrand::Rng::with_seed(seed);
    random.shuffle(&mut documents);
    // The sort is stable: documents of the same classes stay shuffled.
    documents.sort_by(|a, b| a.classes.keys().cmp(b.classes.keys()));

    let mut classes: BTreeMap<&str, Class> = BTreeMap::new();
    for (class, count) in documents.iter().flat_map(|document| &document.classes) {
        classes.entry(class).or_default().all += count;
    }
    // Where the walk starts is random too, or small classes would never have their turn.
    let every = ONE_IN.min(documents.len());
    let mut passed = random.usize(..every);
    for document in &documents {
        passed += 1;
        let spared = document.classes.iter().all(|(class, count)| classes[class].can_spare(*count));
        if passed < every || !spared {
            continue;
        }
        passed = 0;
        for (class, count) in &document.classes {
            classes.entry(class).or_default().held_out += count;
        }
        document.examples.iter().for_each(|&example| marked[example] = true);
    }
    marked
}

/// Examples that belong together.
#[derive(Default)]
struct Document<'a> {
    examples: Vec<usize>,
    /// How many of its examples have each class.
    classes: BTreeMap<&'a str, usize>,
}

/// The documents in the order of their first examples.
fn documents(examples: &[Example]) -> Vec<Document<'_>> {
    let mut documents: Vec<Document<'_>> = Vec::new();
    let mut known = BTreeMap::new();
    for (index, example) in examples.iter().enumerate() {
        let at = *known.entry(example.document()).or_insert(documents.len());
        if at == documents.len() {
            documents.push(Document::default());
        }
        documents[at].examples.push(index);
        for class in example.classes() {
            *documents[at].classes.entry(class).or_default() += 1;
        }
    }
    documents
}

/// How many examples a class has.
#[derive(Default)]
struct Class {
    all: usize,
    held_out: usize,
}

impl Class {
    /// Whether at least half of them is left to learn from without so many.
    fn can_spare(&self, count: usize) -> bool {
        2 * (self.held_out + count) <= self.all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::example::{Annotated, Answered, Labelled, Mark, Pair};
    use crate::text::OffsetUnit;

    const UNIT: OffsetUnit = OffsetUnit::Utf8Bytes;

    fn class(text: &str, label: &str) -> Example {
        Labelled::new(text.into(), None, label).unwrap().into()
    }

    /// Texts of which those that `marks` says have a class of their own.
    fn classes(count: usize, marks: impl Fn(usize) -> bool) -> Vec<Example> {
        let label = |index| if marks(index) { "yes" } else { "no" };
        (0..count).map(|index| class(&format!("Text {index}."), label(index))).collect()
    }

    /// How many examples of a class there are, and how many of them are held out.
    fn counts(examples: &[Example], held: &[bool], class: &str) -> (usize, usize) {
        let of = examples.iter().zip(held).filter(|(example, _)| example.classes().contains(class));
        let held: Vec<bool> = of.map(|(_, held)| *held).collect();
        (held.len(), held.iter().filter(|held| **held).count())
    }

    #[test]
    fn every_class_gives_its_tenth_in_whatever_order_the_file_is() {
        let alternating = classes(100, |index| index % 2 == 0);
        let tenth = classes(100, |index| index % 10 == 9);
        let sorted = classes(100, |index| index < 30);
        for seed in 0..50 {
            let of = |examples: &[Example], class| {
                let held = held_out(examples, seed);
                assert_eq!(held.iter().filter(|held| **held).count(), 10, "{seed}");
                counts(examples, &held, class)
            };
            assert_eq!(of(&alternating, "yes"), (50, 5));
            assert_eq!(of(&tenth, "yes"), (10, 1));
            assert_eq!(of(&sorted, "yes"), (30, 3));
        }
    }

    #[test]
    fn the_seed_draws_and_nothing_else() {
        let examples = classes(200, |index| index % 3 == 0);
        assert_eq!(held_out(&examples, 7), held_out(&examples, 7));
        assert_ne!(held_out(&examples, 7), held_out(&examples, 8));
    }

    #[test]
    fn at_least_half_of_every_class_is_learnt() {
        // Two of a class, one of a class, and of a class one text that stands there many times.
        let mut examples = classes(40, |index| index < 2);
        examples.push(class("Alone.", "rare"));
        examples.extend((0..30).map(|_| class("Again.", "often")));
        let mut held_of_two = 0;
        for seed in 0..200 {
            let held = held_out(&examples, seed);
            held_of_two += counts(&examples, &held, "yes").1;
            assert!(counts(&examples, &held, "yes").1 < 2);
            assert_eq!(counts(&examples, &held, "rare"), (1, 0));
            assert_eq!(counts(&examples, &held, "often"), (30, 0));
            assert!((3..=4).contains(&counts(&examples, &held, "no").1));
        }
        assert!(held_of_two > 0, "small classes have their turn");
        assert_eq!(held_out(&classes(9, |index| index < 4), 0), [false; 9]);
        assert!(held_out(&[], 0).is_empty());
    }

    #[test]
    fn examples_of_one_document_stay_together() {
        let passages: Vec<String> = (0..12).map(|index| format!("Dose {index} mg now.")).collect();
        let question = |index: usize| {
            let passage = passages[index % 12].as_str().into();
            let answer = (!index.is_multiple_of(5)).then_some(5..6);
            Answered::new(format!("Question {index}?").as_str().into(), passage, UNIT, answer)
        };
        let notes: Vec<String> =
            (0..12).map(|index| format!("A {index} and B and C. Then D.")).collect();
        let masks = ["@A$", "@B$"].map(String::from);
        let pair = |index: usize| {
            let note = notes[index % 12].as_str();
            let place = |letter: &str| note.find(letter).map(|at| at..at + 1).unwrap();
            let places = [place(["A", "B"][index % 2]), place("C")];
            Pair::new(note.into(), UNIT, places, &masks, "x")
        };
        let questions: Vec<Example> = (0..60).map(|i| question(i).unwrap().into()).collect();
        let pairs: Vec<Example> = (0..60).map(|i| pair(i).unwrap().into()).collect();
        for examples in [questions, pairs] {
            for seed in 0..20 {
                let held = held_out(&examples, seed);
                for (index, held_out) in held.iter().enumerate() {
                    assert_eq!(*held_out, held[index % 12], "{seed}: {index}");
                }
                assert!((5..=10).contains(&held.iter().filter(|held| **held).count()));
            }
        }
    }

    #[test]
    fn texts_with_and_without_entities_are_both_held_out() {
        let text = |index: usize| {
            let text = format!("Liver {index}");
            let kinds: &[&str] = [&[][..], &["Organ"], &["Side", "Organ"]][index % 3];
            let mark = |(at, &label)| Mark { start: at, end: at + 1, label };
            let marks: Vec<Mark<'_>> = kinds.iter().enumerate().map(mark).collect();
            Annotated::new(text.as_str().into(), UNIT, &marks).unwrap().into()
        };
        let examples: Vec<Example> = (0..90).map(text).collect();
        for seed in 0..20 {
            let held = held_out(&examples, seed);
            assert_eq!(counts(&examples, &held, ""), (30, 3));
            assert_eq!(counts(&examples, &held, "Organ"), (60, 6));
            assert_eq!(counts(&examples, &held, "Side"), (30, 3));
        }
    }
}

//! Documents by chance: sound ones, with all that a [`Document`] may hold of notes and abstracts, and texts
//! with what goes wrong in files: characters of several bytes and units, marks of markup, line ends of
//! both kinds.

use std::ops::Range;
use std::sync::Arc;

use biobert::document::{
    Abstention, Assertion, AssertionCategory, AssertionValue, Attribute, AttributeKind, Code,
    CodeRelation, Document, Entity, Link, Passage, Provenance, Reason, Relation, Section,
};
use fastrand::Rng;

const WORDS: [&str; 18] = [
    "fever",
    "no",
    "rash",
    "pain",
    "naïve",
    "β-catenin",
    "😀",
    "𝛼-synuclein",
    "e\u{301}te",
    "IL-2",
    "a&b",
    "<5",
    "\"x\"",
    "it's",
    "x|y",
    "10;12",
    "中文",
    "mg",
];
const BETWEEN: [&str; 9] = [" ", " ", " ", " ", ", ", ". ", "\n", "\r\n", "\n\n"];
const LABELS: [&str; 5] = ["Disease", "Chemical", "Problem", "Drug", "Test"];
const SECTIONS: [(&str, Option<&str>); 3] = [
    ("past_medical_history", Some("11348-0")),
    ("medications", Some("10160-0")),
    ("history", None),
];

/// Words with the places where they stand.
struct Words {
    text: String,
    places: Vec<Range<usize>>,
}

impl Words {
    fn add(&mut self, random: &mut Rng, count: usize, between: &[&str]) {
        for at in 0..count {
            if at > 0 {
                self.text.push_str(between[random.usize(..between.len())]);
            }
            let start = self.text.len();
            self.text.push_str(WORDS[random.usize(..WORDS.len())]);
            self.places.push(start..self.text.len());
        }
    }

    /// From one word to another, at most three later, of some words.
    fn stretch(&self, random: &mut Rng, of: &Range<usize>) -> Range<usize> {
        let first = random.usize(of.clone());
        let last = (first + random.usize(..3)).min(of.end - 1);
        self.places[first].start..self.places[last].end
    }
}

/// A document: every third an abstract with its title, the others notes; some are empty. Its id is its
/// number, from 1 on.
pub fn document(random: &mut Rng, number: usize) -> Document {
    let mut words = Words { text: String::new(), places: Vec::new() };
    let mut document = Document { id: Some(number.to_string()), ..Document::default() };
    // Stretches of words that no entity leaves.
    let mut of = Vec::new();
    if number.is_multiple_of(3) {
        for kind in ["title", "abstract"] {
            if kind == "abstract" {
                words.text.push('\n');
            }
            let (start, first) = (words.text.len(), words.places.len());
            let count = 1 + random.usize(..12);
            words.add(random, count, &BETWEEN[..6]);
            let (bytes, kind) = (start..words.text.len(), Some(kind.to_string()));
            document.passages.push(Passage { bytes, kind });
            of.push(first..words.places.len());
        }
    } else {
        let count = random.usize(..24);
        words.add(random, count, &BETWEEN);
        if random.u8(..4) == 0 {
            words.text.push('\n');
        }
        of.extend((count > 0).then_some(0..count));
        document.sections = sections(random, &words);
    }
    let with_ids = random.bool();
    for stretch in &of {
        for _ in 0..random.usize(..5) {
            let mut entity = entity(random, &words, stretch);
            entity.id = with_ids.then(|| format!("T{}", document.entities.len() + 1));
            entity.section = home(&document.sections, entity.bytes.start);
            document.entities.push(entity);
        }
    }
    let count = document.entities.len();
    for _ in 0..if count > 1 { random.usize(..3) } else { 0 } {
        let first = random.usize(..count);
        let second = (first + 1 + random.usize(..count - 1)) % count;
        let mut relation =
            Relation::new(first, second, ["causes", "treats"][random.usize(..2)].into());
        relation.score = score(random);
        relation.assertion = random.bool().then(|| one(random, &AssertionValue::ALL));
        document.relations.push(relation);
    }
    for _ in 0..random.usize(..3) {
        let [first, second] = [(); 2].map(|()| code(random));
        let label = ["CID", "Association"][random.usize(..2)].into();
        document.code_relations.push(CodeRelation { first, second, label, score: score(random) });
    }
    document.provenance = random.bool().then(|| Provenance {
        model: "tiny".into(),
        hash: random.bool().then(|| "0a1b2c".into()),
        version: "0.1.0".into(),
    });
    document.text = words.text;
    document
}

fn one<T: Copy>(random: &mut Rng, of: &[T]) -> T {
    of[random.usize(..of.len())]
}

fn score(random: &mut Rng) -> Option<f32> {
    random.bool().then(|| random.u16(..=1000).into()).map(|number: f32| number / 1000.0)
}

fn code(random: &mut Rng) -> String {
    format!("D{:06}", random.u32(..1_000_000))
}

fn entity(random: &mut Rng, words: &Words, of: &Range<usize>) -> Entity {
    let label: Arc<str> = one(random, &LABELS).into();
    let mut entity = Entity::new(words.stretch(random, of), label);
    if random.u8(..4) == 0 {
        let other = words.stretch(random, of);
        let (first, second) = match entity.bytes.start < other.start {
            true => (entity.bytes.clone(), other),
            false => (other, entity.bytes.clone()),
        };
        if first.end < second.start {
            entity.bytes = first.start..second.end;
            entity.pieces = vec![first, second];
        }
    }
    entity.score = score(random);
    entity.head = random.bool().then(|| "typed".into());
    entity.assertion = random.bool().then(|| Assertion {
        value: one(random, &AssertionValue::ALL),
        category: random.bool().then(|| one(random, &AssertionCategory::ALL)),
        score: score(random).unwrap_or(1.0),
        cue: random.bool().then(|| words.stretch(random, of)),
    });
    entity.expansion = (random.u8(..4) == 0).then(|| "tumour <necrosis> & \"factor\" β".into());
    let mut attributes: Vec<_> =
        (0..random.usize(..3)).map(|_| attribute(random, words, of)).collect();
    attributes.sort_by_key(|attribute| attribute.place.start);
    entity.attributes = attributes;
    entity.links = (0..random.usize(..3)).map(|_| link(random)).collect();
    entity
}

fn attribute(random: &mut Rng, words: &Words, of: &Range<usize>) -> Attribute {
    let place = words.stretch(random, of);
    let kind = one(random, &AttributeKind::ALL);
    let number = |random: &mut Rng| random.bool().then(|| f64::from(random.u16(..)) / 8.0);
    let parsed = random.bool();
    let (low, high) = if parsed { (number(random), number(random)) } else { (None, None) };
    let comparator = (parsed && random.bool()).then(|| one(random, &["<", "<=", ">", ">=", "~"]));
    let unit = (parsed && random.bool()).then(|| one(random, &["mg", "/d", "{dose}"]).into());
    let step = if random.bool() { 0 } else { random.u32(..4) };
    Attribute { kind, place, low, high, comparator, unit, step, parsed }
}

fn link(random: &mut Rng) -> Link {
    let system = one(random, &["MESH", "OMIM", "ICD10CM"]).into();
    let abstention = (random.u8(..5) == 0).then(|| one(random, &Abstention::ALL));
    let candidates = match abstention {
        Some(Abstention::Nothing) => 0,
        _ => 1 + random.usize(..2),
    };
    let candidate = |random: &mut Rng| Code {
        code: code(random),
        name: random.bool().then(|| "Fever <high> & naïve".into()),
        score: score(random),
        reason: random.bool().then(|| one(random, &Reason::ALL)),
    };
    let candidates = (0..candidates).map(|_| candidate(random)).collect();
    Link { system, candidates, abstention }
}

/// None, or one after the other, with one within the last.
fn sections(random: &mut Rng, words: &Words) -> Vec<Section> {
    let mut sections = Vec::new();
    let count = words.places.len();
    if count < 6 || random.bool() {
        return sections;
    }
    let middle = 2 + random.usize(..count - 4);
    let mut add = |from: usize, to: usize, parent| {
        let (name, loinc) = one(random, &SECTIONS);
        let title = words.places[from].clone();
        let place = title.start..words.places[to - 1].end;
        sections.push(Section { place, title, name, loinc, parent });
    };
    add(0, middle, None);
    add(middle, count, None);
    add(middle + 1, count, Some(1));
    sections
}

/// The innermost section that a byte stands in.
fn home(sections: &[Section], at: usize) -> Option<usize> {
    sections.iter().rposition(|section| section.place.contains(&at))
}

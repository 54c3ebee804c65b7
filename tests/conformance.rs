//! The conformance file through the Rust API: `tests/conformance/README.md` describes both files.
//!
//! `BLESS=1 cargo test --release --test conformance` writes `expected.txt` anew.

mod support;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use biobert::document::{AssertionCategory, AssertionValue, Attribute, AttributeKind, Section};
use biobert::{
    Class, ClassifyInput, DocFlags, EmbedOptions, Error, ExtractOptions, ExtractedEntity,
    GivenEntity, Input, InvalidText, Judges, Markup, Model, OffsetUnit, Pooling, QaOptions,
    Question, ReOptions, Results, RunOptions, Span, TextRange,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    task: String,
    unit: Option<String>,
    #[serde(default)]
    heads: Vec<String>,
    #[serde(default)]
    replace: bool,
    markup: Option<String>,
    repeat: Option<usize>,
    #[serde(default)]
    docs: Vec<String>,
    seconds: Option<Vec<String>>,
    entities: Option<Vec<Mention>>,
    #[serde(default)]
    unrelated: bool,
    #[serde(default)]
    questions: Vec<Asked>,
    top: Option<usize>,
    max_tokens: Option<usize>,
    #[serde(default)]
    pool: bool,
    #[serde(default)]
    threshold: f32,
    pooling: Option<String>,
    layer: Option<usize>,
    #[serde(default)]
    normalize: bool,
    #[serde(default)]
    tokens: bool,
    judges: Option<String>,
}

#[derive(Deserialize)]
struct Mention {
    doc: usize,
    start: usize,
    end: usize,
    kind: String,
}

#[derive(Deserialize)]
struct Asked {
    question: String,
    passages: Vec<String>,
}

const UNITS: [(&str, OffsetUnit); 3] = [
    ("utf8", OffsetUnit::Utf8Bytes),
    ("scalars", OffsetUnit::UnicodeScalars),
    ("utf16", OffsetUnit::Utf16Units),
];

/// A text of the file in UTF-16: `{XXXX}` is that unit.
fn units(text: &str, repeat: Option<usize>) -> Vec<u16> {
    let mut units = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escaped = rest.get(1..5).filter(|_| c == '{' && rest.as_bytes().get(5) == Some(&b'}'));
        if let Some(unit) = escaped.and_then(|hex| u16::from_str_radix(hex, 16).ok()) {
            units.push(unit);
            rest = &rest[6..];
        } else {
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
            rest = &rest[c.len_utf8()..];
        }
    }
    units.repeat(repeat.unwrap_or(1))
}

/// The texts of a case, in one encoding.
enum Texts {
    Utf8(Vec<String>),
    Utf16(Vec<Vec<u16>>),
}

impl Texts {
    fn inputs(&self) -> Vec<Input<'_>> {
        match self {
            Texts::Utf8(texts) => texts.iter().map(|text| Input::Utf8(text.as_bytes())).collect(),
            Texts::Utf16(texts) => texts.iter().map(|text| Input::Utf16(text)).collect(),
        }
    }
}

/// All texts of a case in one list: documents, second texts, then each question and its passages.
fn texts(case: &Case) -> Vec<Vec<u16>> {
    let documents = case.docs.iter().map(|text| units(text, case.repeat));
    let seconds = case.seconds.iter().flatten().map(|text| units(text, None));
    let asked = case.questions.iter().flat_map(|asked| {
        let passages = asked.passages.iter().map(|text| units(text, case.repeat));
        std::iter::once(units(&asked.question, None)).chain(passages)
    });
    documents.chain(seconds).chain(asked).collect()
}

fn utf8(texts: &[Vec<u16>]) -> Option<Texts> {
    texts.iter().map(|text| String::from_utf16(text).ok()).collect::<Option<_>>().map(Texts::Utf8)
}

/// What a case gives, in the form of `expected.txt`.
fn run(model: &Model, case: &Case, texts: &Texts, unit: OffsetUnit) -> String {
    let mut options = RunOptions::new(unit);
    if case.replace {
        options.invalid_text = InvalidText::Replace;
    }
    options.markup = match case.markup.as_deref() {
        None => Markup::None,
        Some("entities") => Markup::Entities,
        Some("hl7") => Markup::Hl7,
        Some(other) => panic!("unknown markup {other}"),
    };
    let inputs = texts.inputs();
    let (documents, others) = inputs.split_at(case.docs.len());
    match case.task.as_str() {
        "ner" => lines(model.ner(&case.heads, documents, &options), |out, found| {
            entities(out, &found.spans);
            found.flags
        }),
        "re" => {
            let given: Option<Vec<_>> = case.entities.as_ref().map(|mentions| {
                let given = mentions.iter().map(|mention| GivenEntity {
                    doc: mention.doc,
                    start: mention.start,
                    end: mention.end,
                    kind: mention.kind.clone(),
                });
                given.collect()
            });
            let relations = ReOptions { entities: given.as_deref(), unrelated: case.unrelated };
            let results = model.re(&case.heads, documents, relations, &options);
            lines(results, |out, found| {
                entities(out, &found.spans);
                for r in &found.relations {
                    let (ends, names) = ([r.first, r.second], [&r.label, &r.text, &r.head]);
                    relation(out, ends, names, r.score, None);
                }
                found.flags
            })
        }
        "qa" => {
            let mut others = others;
            let mut questions = Vec::new();
            for asked in &case.questions {
                let (own, rest) = others.split_at(1 + asked.passages.len());
                questions.push(Question { weights: &[], question: own[0], passages: &own[1..] });
                others = rest;
            }
            let default = QaOptions::default();
            let answers = QaOptions {
                top: case.top.unwrap_or(default.top),
                max_tokens: case.max_tokens.unwrap_or(default.max_tokens),
                pool: case.pool,
                threshold: case.threshold,
            };
            lines(model.qa(&case.heads, &questions, &answers, &options), |out, found| {
                for a in &found.answers {
                    let (score, probability) = (bits(a.score), bits(a.probability.unwrap_or(0.0)));
                    line(
                        out,
                        format!(
                            "answer\t{}\t{}\t{}\t{}\t{score}\t{probability}",
                            a.passage, a.start, a.end, a.head
                        ),
                    );
                }
                line(out, format!("no_answer\t{}", bits(found.no_answer)));
                classes(out, &found.classes);
                found.flags
            })
        }
        "classify" => {
            let seconds = case.seconds.as_ref().map(|_| others);
            let documents: Vec<_> = documents
                .iter()
                .enumerate()
                .map(|(i, &text)| ClassifyInput { text, second: seconds.map(|seconds| seconds[i]) })
                .collect();
            lines(model.classify(&case.heads, &documents, &options), |out, found| {
                classes(out, &found.classes);
                found.flags
            })
        }
        "embed" => {
            let embed = EmbedOptions {
                pooling: match case.pooling.as_deref() {
                    None | Some("mean") => Pooling::Mean,
                    Some("cls") => Pooling::Cls,
                    Some("model") => Pooling::Model,
                    Some(other) => panic!("pooling {other}"),
                },
                layer: case.layer,
                prompt: None,
                normalize: case.normalize,
                tokens: case.tokens,
            };
            lines(model.embed(documents, &embed, &options), |out, found| {
                let width = found.embedding.len();
                for (token, state) in found.tokens.iter().zip(found.states.chunks_exact(width)) {
                    let first = bits(state[0]);
                    line(out, format!("token\t{}\t{}\t{first}", token.start, token.end));
                }
                let numbers: Vec<_> = found.embedding.iter().map(|&x| bits(x)).collect();
                line(out, format!("embedding\t{}", numbers.join(" ")));
                found.flags
            })
        }
        "sentences" => lines(model.engine().sentences(documents, &options), |out, found| {
            for TextRange { start, end } in &found.sentences {
                line(out, format!("sentence\t{start}\t{end}"));
            }
            found.flags
        }),
        "sections" => lines(model.engine().sections(documents, &options), |out, found| {
            sections(out, &found.sections);
            found.flags
        }),
        "extract" => {
            let extract = ExtractOptions {
                assertion: match case.judges.as_deref() {
                    None | Some("all") => Some(Judges::All),
                    Some("head") => Some(Judges::Head),
                    Some("rules") => Some(Judges::Rules),
                    Some("none") => None,
                    Some(other) => panic!("judges {other}"),
                },
                ..ExtractOptions::default()
            };
            lines(model.extract(&case.heads, documents, &extract, &options), |out, found| {
                for e in &found.entities {
                    entity(out, e.place, [&e.label, &e.head], e.score);
                }
                for r in &found.relations {
                    let (ends, names) = ([r.first, r.second], [&r.label, &r.text, &r.head]);
                    relation(out, ends, names, r.score, r.assertion);
                }
                sections(out, &found.sections);
                for entity in &found.entities {
                    finding(out, entity);
                }
                found.flags
            })
        }
        other => panic!("task {other}"),
    }
}

fn lines<T>(
    results: biobert::Result<Results<T>>,
    found: impl Fn(&mut String, &T) -> DocFlags,
) -> String {
    let results = match results {
        Ok(results) => results,
        Err(error) => panic!("{error}"),
    };
    let mut out = String::new();
    for (index, document) in results.documents.iter().enumerate() {
        match document {
            Ok(document) => {
                let mut own = String::new();
                let flags = found(&mut own, document);
                let flags = u32::from(flags.windowed)
                    + 2 * u32::from(flags.truncated)
                    + 4 * u32::from(flags.replaced_invalid);
                line(&mut out, format!("doc\t{index}\t0\t{flags}\t"));
                out += &own;
            }
            Err(error @ Error::Encoding { .. }) => {
                let status = biobert::ffi::BIOBERT_E_ENCODING;
                line(&mut out, format!("doc\t{index}\t{status}\t0\t{error}"));
            }
            Err(error) => panic!("{error}"),
        }
    }
    out
}

fn entities(out: &mut String, entities: &[Span]) {
    for e in entities {
        let place = TextRange { start: e.start, end: e.end };
        entity(out, place, [&e.label, &e.head], e.score);
    }
}

fn entity(out: &mut String, place: TextRange, [label, head]: [&str; 2], score: f32) {
    let TextRange { start, end } = place;
    line(out, format!("entity\t{start}\t{end}\t{label}\t{head}\t{}", bits(score)));
}

fn relation(
    out: &mut String,
    [first, second]: [usize; 2],
    [label, text, head]: [&Arc<str>; 3],
    score: f32,
    assertion: Option<AssertionValue>,
) {
    let (score, assertion) = (bits(score), number(&AssertionValue::ALL, assertion));
    let ends = format!("{first}\t{second}");
    line(out, format!("relation\t{ends}\t{label}\t{text}\t{head}\t{score}\t{assertion}"));
}

fn sections(out: &mut String, sections: &[Section<TextRange>]) {
    for Section { place, title, name, loinc, parent } in sections {
        let (parent, loinc) = (optional(*parent), loinc.unwrap_or_default());
        let places = [place.start, place.end, title.start, title.end].map(|at| at.to_string());
        line(out, format!("section\t{}\t{parent}\t{name}\t{loinc}", places.join("\t")));
    }
}

/// An entity of a note, and what the note says of it.
fn finding(out: &mut String, e: &ExtractedEntity) {
    let TextRange { start, end } = e.place;
    let (score, section) = (bits(e.score), optional(e.section));
    let expansion = e.expansion.as_deref().unwrap_or_default();
    let names = format!("{}\t{}", e.label, e.head);
    line(out, format!("finding\t{start}\t{end}\t{names}\t{score}\t{section}\t{expansion}"));
    if let Some(says) = e.assertion {
        let value = number(&AssertionValue::ALL, Some(says.value));
        let category = number(&AssertionCategory::ALL, says.category);
        let cue = [says.cue.map(|cue| cue.start), says.cue.map(|cue| cue.end)].map(optional);
        let score = bits(says.score);
        line(out, format!("assertion\t{value}\t{category}\t{score}\t{}", cue.join("\t")));
    }
    for also in &e.also {
        line(out, format!("also\t{}\t{}\t{}", also.label, also.head, bits(also.score)));
    }
    for Attribute { kind, place, low, high, comparator, unit, step, parsed } in &e.attributes {
        let kind = number(&AttributeKind::ALL, Some(*kind));
        let TextRange { start, end } = place;
        let bits = |number: &Option<f64>| {
            number.map_or("-".to_string(), |number| format!("{:016x}", number.to_bits()))
        };
        let value = [&bits(low), &bits(high), comparator.unwrap_or_default()].join("\t");
        let (unit, parsed) = (unit.as_deref().unwrap_or_default(), u32::from(*parsed));
        line(out, format!("attribute\t{kind}\t{start}\t{end}\t{value}\t{unit}\t{step}\t{parsed}"));
    }
}

/// A value's number in the C header, where 0 is none.
fn number<T: PartialEq>(all: &[T], value: Option<T>) -> usize {
    value.map_or(0, |value| 1 + all.iter().position(|other| *other == value).unwrap())
}

fn optional(number: Option<usize>) -> String {
    number.map_or("-".to_string(), |number| number.to_string())
}

fn classes(out: &mut String, classes: &[Class]) {
    for c in classes {
        let (score, holds) = (bits(c.score), u32::from(c.holds));
        line(out, format!("class\t{}\t{}\t{}\t{score}\t{holds}", c.label, c.text, c.head));
    }
}

fn line(out: &mut String, line: String) {
    writeln!(out, "{line}").unwrap();
}

fn bits(number: f32) -> String {
    format!("{:08x}", number.to_bits())
}

#[test]
fn rust_finds_what_is_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = std::fs::read(root.join("tests/conformance/cases.json")).unwrap();
    let file: File = serde_json::from_slice(&cases).unwrap();
    let model = support::open(&root.join("models/bio-minilm")).unwrap();

    let mut found = String::new();
    for case in &file.cases {
        let texts = texts(case);
        let utf8 = utf8(&texts);
        let texts = Texts::Utf16(texts);
        for (name, unit) in UNITS {
            if case.unit.as_deref().is_some_and(|wanted| wanted != name) {
                continue;
            }
            let lines = run(&model, case, &texts, unit);
            if let Some(utf8) = &utf8 {
                assert_eq!(lines, run(&model, case, utf8, unit), "{} in {name}, UTF-8", case.name);
            }
            line(&mut found, format!("case\t{}\t{name}", case.name));
            found += &lines;
        }
    }

    let path = root.join("tests/conformance/expected.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
        assert_eq!(found, expected, "line {}", number + 1);
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

//! The statements of a text that say something of an entity.

use std::ops::Range;
use std::sync::LazyLock;

use super::allergy::leads_to;
use super::lexicon::{Cue, Lexicon};
use super::rule::{Direction, Kind, Rule, Says};
use super::scope::{Evidence, Said, Target, reach};
use super::unfit::drop_unfit;
use super::words::{Word, words};
use crate::document::Entity;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::new(include_str!("lists.tsv"), include_str!("rules.tsv")));

/// A statement is read in pieces of this many bytes, so that memory does not grow with it.
const PIECE: usize = 16 << 10;

/// A statement of no more words beside its entities is a bare list of them.
const BARE: usize = 2;

/// A statement, and what it says of its entities.
pub(super) struct Statement<'a> {
    pub(super) start: usize,
    /// Whether it has hardly a word beside its entities.
    pub(super) bare: bool,
    pub(super) said: Vec<(Said, &'a Entity)>,
}

/// A heading that speaks of the lines below it has no more words: "Patient denies the following:".
const HEADING: usize = 5;

/// The entities of a text, statement by statement, each with what is said of it.
pub(super) struct Statements<'a> {
    text: &'a str,
    sentences: &'a [Range<usize>],
    entities: &'a [Entity],
    /// Up to where the text has been read.
    at: usize,
    /// What a heading such as "Denies:" says of the lines below it.
    carried: Option<(Rule, Evidence)>,
}

impl<'a> Statements<'a> {
    pub(super) fn new(
        text: &'a str,
        sentences: &'a [Range<usize>],
        entities: &'a [Entity],
    ) -> Self {
        Statements { text, sentences, entities, at: 0, carried: None }
    }

    /// The next stretch of text that is read as one: a sentence with the answer to it, or a piece of a
    /// long one.
    fn stretch(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        while let Some((sentence, rest)) = self.sentences.split_first() {
            if sentence.end <= start {
                self.sentences = rest;
                continue;
            }
            let start = start.max(sentence.start);
            let mut end = sentence.end;
            for next in rest.iter().take_while(|next| next.end - start < PIECE) {
                if !self.answers(&(sentence.start..end), next) {
                    break;
                }
                end = next.end;
            }
            let piece = self.text.ceil_char_boundary(start.saturating_add(PIECE));
            return Some(start..end.min(piece));
        }
        // What no sentence holds is still answered for.
        (!self.entities.is_empty()).then_some(start..self.text.len().max(start))
    }

    /// "Asthma", and the box beside it; a box before what is asked begins a sentence, and an item.
    fn is_ticked(&self, question: &Range<usize>, next: &Range<usize>) -> bool {
        let of = |place: Range<usize>| self.text.get(place).unwrap_or_default().trim();
        let is_box = |text: &str| text.starts_with(['☐', '☑', '☒', '[']);
        let (asked, line) = (of(question.clone()), of(question.start..next.start));
        is_box(of(next.clone()))
            && !is_box(asked)
            && !asked.ends_with(['.', '?', '!', ';'])
            && !line.contains('\n')
            && self.text.get(question.end..next.start).is_some_and(|gap| !gap.contains('\n'))
    }

    /// "Blisters? None."
    fn answers(&self, question: &Range<usize>, next: &Range<usize>) -> bool {
        let line = self.text.get(question.start..next.end).unwrap_or_default();
        let asks = self.text.get(question.clone()).unwrap_or_default().ends_with('?');
        let answer = self.text.get(next.clone()).unwrap_or_default();
        let word = answer.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        // "Fever:", and the answer on the next line.
        let titled = self.text.get(question.clone()).unwrap_or_default().trim_end().ends_with(':');
        let alone = ["no", "none", "yes"].iter().any(|no| answer.trim().eq_ignore_ascii_case(no));
        let dotted = self.text.get(question.clone()).unwrap_or_default().trim_end().ends_with("..");
        let letter =
            ["no", "n", "yes", "y"].iter().any(|no| answer.trim().eq_ignore_ascii_case(no));
        if titled && alone || dotted && letter || self.is_ticked(question, next) {
            return true;
        }
        asks && !line.contains('\n')
            && ["no", "nope", "none", "never", "not", "negative", "denies", "yes"]
                .iter()
                .any(|no| word.eq_ignore_ascii_case(no))
    }
}

impl<'a> Iterator for Statements<'a> {
    type Item = Statement<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.stretch()?;
        let before = self.text.get(self.at..place.start).unwrap_or_default();
        self.at = place.end;
        let last = place.end >= self.text.len();
        let here = |entity: &&Entity| last || entity.bytes.start < place.end;
        let mine = self.entities.iter().take_while(here).count();
        let (mine, later) = self.entities.split_at(mine);
        self.entities = later;
        let mut words = words(self.text, place.clone());
        let targets = targets(self.text, &mut words, mine);
        let mut cues = LEXICON.cues(self.text, &words);
        drop_unfit(&LEXICON.rules, self.text, &words, &targets, &mut cues);
        let colon =
            words.iter().take(6).position(|word| self.text.get(word.place.clone()) == Some(":"));
        if colon.is_some() || before.matches('\n').count() > 1 {
            self.carried = None;
        }
        let found = reach(&LEXICON.rules, self.text, &words, &cues, &targets, self.carried.clone());
        if let Some(carried) = carries(self.text, &words, &cues) {
            self.carried = Some(carried);
        }
        let own = words.iter().filter(|word| word.counts && !word.inside).count();
        let said = found.into_iter().zip(mine).collect();
        Some(Statement { start: place.start, bare: own <= BARE, said })
    }
}

/// What a healthy body has: "absent reflexes" is a finding, and "absent nausea" is none.
#[rustfmt::skip]
const SIGNS: [&str; 24] = [
    "activity", "breathing", "contractions", "control", "cry", "enhancement", "excursion", "flow", "function",
    "gag", "kidney", "menses", "motility", "movement", "movements", "peristalsis", "pulse", "pulses", "reflex",
    "reflexes", "response", "sensation", "signal", "sounds",
];

/// Entities that are also cues.
#[rustfmt::skip]
const ALLERGY: [&str; 20] = [
    "allergy", "allergies", "allergic", "intolerance", "intolerant", "hypersensitivity", "sensitivity", "sensitive",
    "known", "drug", "medication", "food", "adverse", "anaphylactic", "anaphylactoid", "severe", "reaction", "reactions",
    "except", "to",
];

/// Entities that are also cues before some words: "[hives] from [aspirin]".
const REACTIONS: [&str; 4] = ["anaphylaxis", "angioedema", "hives", "rash"];

/// Whether an entity is a cue as well; a reaction that is denied is none.
fn is_cue(before: &str, said: &str, after: &str) -> bool {
    let is_in = |word: &str, list: &[&str]| list.iter().any(|cue| word.eq_ignore_ascii_case(cue));
    let next = after.split_whitespace().next().unwrap_or_default();
    let last = before.rsplit(char::is_whitespace).find(|word| !word.is_empty()).unwrap_or_default();
    let denied = is_in(last, &["no", "denies", "denied", "without", "any", "or", "nor"]);
    said.split_whitespace().all(|word| is_in(word, &ALLERGY))
        || !denied && is_in(said, &REACTIONS) && is_in(next, &["to", "from", "after", "with"])
}

/// Where the entities stand among the words, which learn that they are inside.
fn targets(text: &str, words: &mut [Word], entities: &[Entity]) -> Vec<Target> {
    let mut targets = Vec::with_capacity(entities.len());
    let mut first = 0;
    for entity in entities {
        while words.get(first).is_some_and(|word| word.place.end <= entity.bytes.start) {
            first += 1;
        }
        let of = |at: usize| text.get(words.get(at)?.place.clone());
        let inside = |at: &usize| words.get(*at).is_some_and(|w| w.place.start < entity.bytes.end);
        let last = (first..).take_while(inside).last().and_then(of).unwrap_or_default();
        let begins = of(first).unwrap_or_default();
        let lacks = SIGNS.iter().any(|sign| last.eq_ignore_ascii_case(sign));
        if begins.eq_ignore_ascii_case("absent") && last != begins && !lacks {
            first += 1;
        }
        // "[allergies to sulfa] and [NSAIDs]": what the first is called says what the second is.
        if let Some(what) = leads_to(text.get(entity.bytes.clone()).unwrap_or_default()) {
            let what = entity.bytes.start + what;
            while words.get(first).is_some_and(|word| word.place.end <= what) {
                first += 1;
            }
        }
        let mut end = first;
        while let Some(word) = words.get_mut(end).filter(|word| word.place.start < entity.bytes.end)
        {
            word.inside = true;
            end += 1;
        }
        let said = text.get(entity.bytes.clone()).unwrap_or_default();
        let before = text.get(..entity.bytes.start).unwrap_or_default();
        let after = text.get(entity.bytes.end..).unwrap_or_default();
        // The word by itself is what its drug has: "[penicillin] [allergy]".
        if is_cue(before, said, after) {
            words.iter_mut().take(end).skip(first).for_each(|word| word.inside = false);
        }
        targets.push(Target { words: first..end, kind: Kind::of(&entity.label, said) });
    }
    targets
}

/// What a statement says of those below it: its cue stands right before its last mark, a colon, or is all
/// that the statement has, "STOPPED MEDICATIONS".
fn carries(text: &str, words: &[Word], cues: &[Cue]) -> Option<(Rule, Evidence)> {
    if words.iter().filter(|word| word.counts).count() > HEADING {
        return None;
    }
    let colon = words.last().and_then(|word| text.get(word.place.clone()));
    let heads = |cue: &&Cue| {
        let (whole, stops) = (cue.words == (0..words.len()), LEXICON.rules[cue.rule].stops());
        colon == Some(":") && cue.words.end + 1 >= words.len() || whole && stops && words.len() > 1
    };
    cues.iter().rev().filter(heads).find_map(|cue| {
        let rule = LEXICON.rules[cue.rule];
        let Says::Value(value, category) = rule.says else { return None };
        let cue = words[cue.words.start].place.start..words[cue.words.end - 1].place.end;
        let evidence = Evidence { value, category, cue, near: true, certain: true };
        let forward = matches!(rule.direction, Direction::Forward | Direction::Both);
        forward.then_some((rule, evidence))
    })
}

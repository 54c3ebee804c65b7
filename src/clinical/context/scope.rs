//! Which cues reach which entities: one walk through a statement each way.

use std::ops::Range;

use super::allergy::is_over;
use super::lexicon::Cue;
use super::link::Link;
use super::rule::{Direction, Kind, Rule, Says, Set};
use super::words::Word;
use crate::document::{AssertionCategory, AssertionValue};

/// An entity in a statement.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its words.
    pub(super) words: Range<usize>,
    pub(super) kind: Kind,
}

/// A cue that reaches an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    pub(super) value: AssertionValue,
    /// None of a cue that says no more than "present".
    pub(super) category: Option<AssertionCategory>,
    /// Where the cue stands in the text.
    pub(super) cue: Range<usize>,
    /// Whether the entity is the first that the cue reaches, and not one further on in a list.
    pub(super) near: bool,
    /// Whether it leaves no doubt.
    pub(super) certain: bool,
}

impl Evidence {
    /// Whether it says that something is an allergen which is no drug; heads know of drugs only.
    fn names_allergen(&self, kind: Kind) -> bool {
        let is_allergy = self.category == Some(AssertionCategory::Allergy);
        is_allergy && matches!(kind, Kind::Problem | Kind::Allergen)
    }

    /// Whether it speaks of an allergy, and the problem after the first is what the allergy does: "allergic
    /// to ragweed, hives".
    fn tells_reaction(&self, kind: Kind) -> bool {
        kind == Kind::Problem && self.category == Some(AssertionCategory::Allergy)
    }
}

/// What the statement says of an entity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The cues that reach it.
    pub(super) evidence: Vec<Evidence>,
    /// Whether it comes after words that speak of the patient, and of no relative since.
    pub(super) of_patient: bool,
}

/// A cue on its way.
#[derive(Debug, Clone)]
struct Active {
    rule: Rule,
    evidence: Evidence,
    /// How many words it has passed.
    passed: usize,
    /// Whether it has reached an entity yet.
    used: bool,
    /// Whether a mark stands between what it has reached and what comes.
    parted: bool,
    /// Whether it is a date that the entities so far have in common.
    shares: bool,
    /// Whether it stands outside the parenthesis that is open.
    outside: bool,
}

impl Active {
    /// A cue that has passed nothing yet.
    fn new(rule: Rule, evidence: Evidence) -> Active {
        Active {
            rule,
            evidence,
            passed: 0,
            used: false,
            parted: false,
            shares: false,
            outside: false,
        }
    }

    /// Whether it is a date behind what it speaks of.
    fn is_date(&self) -> bool {
        let past = self.evidence.category == Some(AssertionCategory::Past);
        past && self.rule.direction == Direction::Last
    }
}

/// One place for each category, one for "present" and one for allergies that are over: a later cue of a
/// category takes the earlier one's.
const SLOTS: usize = AssertionCategory::ALL.len() + 2;

fn slot(value: AssertionValue, category: Option<AssertionCategory>) -> usize {
    match (value, category) {
        (AssertionValue::Historical, Some(AssertionCategory::Allergy)) => SLOTS - 1,
        (_, category) => category.map_or(SLOTS - 2, |category| category as usize),
    }
}

/// What reaches each target, which are by start; `carried` is what a heading above the statement says.
pub(super) fn reach(
    rules: &[Rule],
    text: &str,
    words: &[Word],
    cues: &[Cue],
    targets: &[Target],
    carried: Option<(Rule, Evidence)>,
) -> Vec<Said> {
    let mut found = vec![Said::default(); targets.len()];
    let mut forward = Walk::default();
    if let Some((rule, evidence)) = carried {
        let slot = slot(evidence.value, evidence.category);
        forward.active[slot] = Some(Active::new(rule, evidence));
    }
    let mut next = targets.iter().zip(&mut found).peekable();
    let mut ahead = cues.iter().peekable();
    for (at, word) in words.iter().enumerate() {
        let mut twins = Twins::default();
        while let Some((target, found)) = next.next_if(|(target, _)| target.words.start <= at) {
            twins.collect(&mut forward, target, &mut found.evidence);
            found.of_patient = forward.of_patient;
        }
        forward.pass(word);
        match text.get(word.place.clone()) {
            Some(open @ "(") => {
                forward.bracket(true);
                let is_problem = |target: &Target| target.kind == Kind::Problem;
                if forward.forbidden == Some(0) && next.peek().is_some_and(|(it, _)| is_problem(it))
                {
                    forward.held = forward.active[AssertionCategory::Denied as usize].clone();
                    forward.explain(open, word);
                }
            }
            Some(")") => forward.bracket(false),
            Some(link @ ("to" | "with" | "by" | "for")) if !word.inside => forward.change(link),
            // The dash of "amoxicillin-clavulanate" explains nothing.
            Some("-") if !text[..word.place.start].ends_with(' ') => (),
            Some(link) if !word.inside => {
                if matches!(link, "," | "." | ":") {
                    forward.part();
                }
                forward.explain(link, word);
            }
            _ => (),
        }
        while let Some(cue) = ahead.next_if(|cue| cue.words.end == at + 1) {
            let before = cue.words.start.checked_sub(1).and_then(|before| words.get(before));
            let before = before.and_then(|word| text.get(word.place.clone()));
            let chained = matches!(before, Some("or" | "nor"));
            forward.meet(rules[cue.rule], cue, words, Direction::Forward, chained);
        }
    }
    let mut backward = Walk::default();
    let mut by_end: Vec<usize> = (0..targets.len()).collect();
    by_end.sort_by_key(|&index| targets[index].words.end);
    let mut behind = cues.iter().rev().peekable();
    for (at, word) in words.iter().enumerate().rev() {
        let mut twins = Twins::default();
        while let Some(index) = by_end.pop_if(|index| targets[*index].words.end > at) {
            twins.collect(&mut backward, &targets[index], &mut found[index].evidence);
        }
        backward.pass(word);
        match text.get(word.place.clone()) {
            Some(")") => backward.bracket(true),
            Some("(") => backward.bracket(false),
            Some(",") if !word.inside => backward.stay(),
            _ => (),
        }
        if !word.inside {
            backward.link = backward.link.max(Link::of(&text[word.place.clone()]));
        }
        while let Some(cue) = behind.next_if(|cue| cue.words.start == at) {
            backward.meet(rules[cue.rule], cue, words, Direction::Backward, false);
        }
    }
    within(rules, words, cues, targets, &mut found);
    found
}

/// What cues say of the entities that are part of them.
fn within(rules: &[Rule], words: &[Word], cues: &[Cue], targets: &[Target], found: &mut [Said]) {
    let mut first = 0;
    for cue in cues {
        let rule = rules[cue.rule];
        let Says::Value(value, category) = rule.says else { continue };
        first += targets[first..].iter().take_while(|it| it.words.start < cue.words.start).count();
        if rule.direction != Direction::Within {
            continue;
        }
        let inside = |target: &&Target| target.words.start < cue.words.end;
        for (target, found) in targets[first..].iter().take_while(inside).zip(&mut found[first..]) {
            if rule.reach[target.kind as usize].is_some() {
                let cue = words[cue.words.start].place.start..words[cue.words.end - 1].place.end;
                let certain = rule.certain;
                found.evidence.push(Evidence { value, category, cue, near: true, certain });
            }
        }
    }
}

/// "History of fibrillation on apixaban", "no angina on metoprolol": what came before "on" is not the drug's.
fn is_taken(found: &mut Vec<Evidence>) {
    use AssertionCategory::{Past, Section};
    let past = |said: &Evidence| matches!(said.category, Some(Past | Section));
    let listed = |said: &Evidence| said.value == AssertionValue::Absent && !said.near;
    // A head has read the same words of the past, and should not bring them back.
    let certain = found.iter().any(past);
    found.retain(|said| !past(said) && !listed(said));
    let present = found.iter_mut().filter(|said| said.value == AssertionValue::Present);
    present.for_each(|said| said.certain |= certain);
}

/// Entities at one place, as two heads find them: what reaches one reaches the others as well.
#[derive(Default)]
struct Twins {
    /// The place of the last entity, and the cues as they stood before it.
    before: Option<(Range<usize>, Walk)>,
}

impl Twins {
    fn collect(&mut self, walk: &mut Walk, target: &Target, found: &mut Vec<Evidence>) {
        match &self.before {
            Some((words, before)) if *words == target.words => {
                before.clone().collect(target.kind, found);
            }
            _ => {
                self.before = Some((target.words.clone(), walk.clone()));
                walk.collect(target.kind, found);
            }
        }
    }
}

/// The cues on their way through a statement.
#[derive(Debug, Clone, Default)]
struct Walk {
    active: [Option<Active>; SLOTS],
    /// Whether a parenthesis is open.
    bracketed: bool,
    /// Whether the patient was spoken of, and no relative since.
    of_patient: bool,
    /// Whether the patient was spoken of at all.
    spoken: bool,
    /// How many words ago a drug or procedure was denied that is the last of the entities so far.
    forbidden: Option<usize>,
    /// What is denied outside of a parenthesis that has the reason: "no NSAIDs (CKD), metformin".
    held: Option<Active>,
    /// The last of the entities so far, and how what comes now stands to it.
    last: Option<Kind>,
    link: Link,
}

impl Walk {
    /// A cue stands here.
    fn meet(&mut self, rule: Rule, cue: &Cue, words: &[Word], way: Direction, chained: bool) {
        let looks = match rule.direction {
            Direction::Both => true,
            Direction::Within => false,
            Direction::Last => way == Direction::Backward,
            Direction::First => way == Direction::Forward,
            direction => direction == way,
        };
        if !looks {
            return;
        }
        let (value, category) = match rule.says {
            Says::Nothing => return,
            Says::Ends(ended) => return self.end(ended),
            Says::Value(value, category) => (value, category),
        };
        self.of_patient &= value != AssertionValue::OtherPerson;
        if !chained && !rule.takes_now() {
            self.replace(value);
        }
        let place = words[cue.words.start].place.start..words[cue.words.end - 1].place.end;
        let evidence = Evidence { value, category, cue: place, near: true, certain: rule.certain };
        self.active[slot(value, category)] = Some(Active::new(rule, evidence));
    }

    fn end(&mut self, ended: Set) {
        // "But" ends what is said of anybody; who was spoken of before a relative is so again.
        self.spoken |= ended != Set::ALL && ended.has(AssertionCategory::Family as usize);
        self.of_patient |= self.spoken && ended.has(AssertionCategory::Family as usize);
        for (index, active) in self.active.iter_mut().enumerate() {
            if ended.has(index) {
                *active = None;
            }
        }
    }

    /// "No fever, possible pneumonia": what has reached an entity gives way to a cue that says
    /// otherwise; but a relative stays the one who is spoken of.
    fn replace(&mut self, value: AssertionValue) {
        for active in &mut self.active {
            let gives_way = |active: &mut Active| {
                let theirs = active.evidence.value;
                active.used && theirs != value && theirs != AssertionValue::OtherPerson
            };
            active.take_if(gives_way);
        }
    }

    /// An entity stands here.
    fn collect(&mut self, kind: Kind, found: &mut Vec<Evidence>) {
        let mut taken = false;
        self.forbidden = None;
        for active in self.active.iter_mut().flatten() {
            let one = matches!(active.rule.direction, Direction::Last | Direction::First)
                || active.rule.one_problem && active.parted && kind == Kind::Problem;
            let shared = active.shares && self.link.shares_date(kind, self.last);
            active.shares = shared || !active.used && active.is_date();
            let nearest = !active.used || shared || !(one || active.evidence.tells_reaction(kind));
            let reach = active.rule.reach[kind as usize].filter(|_| nearest);
            if reach.is_some_and(|reach| active.passed <= reach) {
                // What leaves no doubt and stands before a list says as much of each in it.
                let sure = active.evidence.certain;
                let near = !active.used || sure && active.rule.direction == Direction::Forward;
                let certain = sure && near || active.evidence.names_allergen(kind);
                found.push(Evidence { near, certain, ..active.evidence.clone() });
                taken |= active.rule.takes_now();
                let denied = active.evidence.category == Some(AssertionCategory::Denied);
                if denied && matches!(kind, Kind::Drug | Kind::Procedure) {
                    self.forbidden = Some(0);
                }
            }
            // In "[penicillin] [allergy], since tolerated" the second is no finding of its own.
            active.used |= kind != Kind::Allergy || !is_over(&active.evidence);
        }
        (self.last, self.link) = (Some(kind), Link::Bare);
        if taken && kind == Kind::Drug {
            is_taken(found);
        }
    }

    /// "Changed warfarin to apixaban", "substituted apixaban for warfarin": what is said of the first drug is
    /// not said of the second.
    fn change(&mut self, link: &str) {
        use AssertionCategory::Stopped;
        let (present, stopped) =
            (slot(AssertionValue::Present, None), slot(AssertionValue::Absent, Some(Stopped)));
        let (from, to) = if link == "for" { (present, stopped) } else { (stopped, present) };
        let is_change = |active: &mut Active| {
            let of_drugs = active.rule.reach[Kind::Problem as usize].is_none();
            active.used && of_drugs && active.rule.direction == Direction::First
        };
        if let Some(mut active) = self.active[from].take_if(is_change) {
            (active.used, active.passed) = (false, 0);
            (active.evidence.value, active.evidence.category) = match to == present {
                true => (AssertionValue::Present, None),
                false => (AssertionValue::Absent, Some(Stopped)),
            };
            self.active[to] = Some(active);
        }
    }

    /// "No NSAIDs: CKD", "avoid metformin because of CKD": why a drug is not given is not denied, but there.
    fn explain(&mut self, link: &str, word: &Word) {
        let Some(passed) = self.forbidden else { return };
        let mark = passed == 0 && matches!(link, ":" | "-" | "–" | "(");
        let says = ["because", "due", "given", "secondary", "setting", "since", "view"];
        if !mark && !says.iter().any(|says| link.eq_ignore_ascii_case(says)) {
            return;
        }
        self.end(Set::default().with(AssertionCategory::Denied as usize));
        let rule = Rule::reason();
        let (value, category) = (AssertionValue::Present, None);
        let cue = word.place.clone();
        let evidence = Evidence { value, category, cue, near: true, certain: true };
        self.active[slot(value, category)] = Some(Active::new(rule, evidence));
    }

    /// A parenthesis opens or closes: what is said within does not reach beyond.
    fn bracket(&mut self, opens: bool) {
        if opens {
            self.active.iter_mut().flatten().for_each(|active| active.outside = true);
        } else if self.bracketed {
            for active in &mut self.active {
                active.take_if(|active| !active.outside);
            }
            if let Some(held) = self.held.take() {
                self.active[AssertionCategory::Denied as usize] = Some(held);
            }
        }
        self.bracketed = opens;
    }

    /// "S/p CABG, diabetes": what was done before does not speak of the next item.
    fn part(&mut self) {
        self.active.iter_mut().flatten().for_each(|active| active.parted |= active.used);
    }

    /// "Epilepsy, unwell in 2019": between commas, a date is of the words before it.
    fn stay(&mut self) {
        use AssertionCategory::Past;
        let dated = |active: &mut Active| active.is_date() && !active.used && active.passed > 0;
        self.active[slot(AssertionValue::Historical, Some(Past))].take_if(dated);
    }

    /// A word is passed.
    fn pass(&mut self, word: &Word) {
        if word.counts && !word.inside {
            self.forbidden = self.forbidden.map(|passed| passed + 1).filter(|&passed| passed < 5);
            for active in self.active.iter_mut().flatten() {
                active.passed += 1;
            }
        }
    }
}

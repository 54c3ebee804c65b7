//! How a drug is to be taken: dose, strength, form, route, frequency, duration, as needed, reason.
//!
//! What follows a drug in its statement, up to the next drug or test, is the drug's; so is what stands
//! right before it ("500 mg of metformin", "IV vancomycin"). A statement that goes on with how to take it
//! ("Take 1 tablet daily") is read with the one before. Each kind of attribute has a reader of its own;
//! their words are the tables beside them. `dose.rs` says which amounts are doses and which strengths.
//!
//! Read critically on random mentions of drugs in the marked notes, 100 at a time, right with all that
//! belongs to each: 92, 91, 95, 96 and 92 of the project's and the public notes together, 92 of the project's
//! alone, which are mostly shorthand. What was wrong was then mended where a rule could do it.

mod dose;
mod reason;
mod scan;
mod schedule;
#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::LazyLock;

use crate::clinical::quantity::{Phrases, Token, reach, tokens};
use crate::document::{Attribute, AttributeKind, Entity};
use crate::error::Result;
use scan::{Drug, Item, SIG, scan};

/// How far after a drug its attributes are looked for, in bytes: what keeps a text without line ends cheap.
const REACH: usize = 600;
/// How far before it.
const BEFORE: usize = 80;

/// Drugs whose strengths are sold by numbers: "Tylenol #3".
const NUMBERED: [&str; 5] = ["tylenol", "acetaminophen", "apap", "codeine", "empirin"];

/// What says that a drug is taken again.
static RESUMES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::read("resume|resumed|restart|restarted|then resume|then restart|then continue")
});

/// The attributes of each entity, by start; none of those that are no drugs.
pub(crate) fn medication(
    text: &str,
    sentences: &[Range<usize>],
    entities: &[Entity],
    check: &dyn Fn() -> Result<()>,
) -> Result<Vec<Vec<Attribute>>> {
    let problems =
        entities.iter().filter(|entity| ["Problem", "Disease"].contains(&&*entity.label));
    let problems: Vec<Range<usize>> = problems.map(|entity| entity.bytes.clone()).collect();
    let note = Note { text, sentences, problems: &problems };
    let mut found = vec![Vec::new(); entities.len()];
    let mut marks = note.marks(entities).peekable();
    let mut before = Lead::default();
    // The drugs of a combination that are marked one by one; the last stands for all.
    let mut parts: Vec<usize> = Vec::new();
    let mut wholes: Vec<(usize, usize)> = Vec::new();
    // The drug before this one, as long as what stands between the two may be either's.
    let mut held: Option<(usize, Vec<Item>)> = None;
    while let Some((index, entity)) = marks.next() {
        check()?;
        if !before.shared && parts.is_empty() {
            before = note.before(entity);
            before.shared = true;
        }
        let next = marks.peek().map(|(_, next)| *next);
        if next.is_some_and(|next| note.combines(entity, next)) {
            parts.push(index);
            continue;
        }
        let combined = !parts.is_empty();
        wholes.extend(parts.drain(..).map(|part| (part, index)));
        let (mut items, lead) = note.after(entity, combined, next);
        let drug = is_drug(entity);
        let lead_of_this = std::mem::replace(&mut before, lead).items;
        if let Some((last, mut others)) = held.take() {
            if !drug || before_is_others(&lead_of_this, &items) {
                others.extend(lead_of_this);
            } else {
                items.splice(0..0, lead_of_this);
            }
            found[last] = settle(text, &entities[last], others);
        } else {
            items.splice(0..0, lead_of_this);
        }
        if drug {
            held = Some((index, items));
        }
    }
    if let Some((last, items)) = held {
        found[last] = settle(text, &entities[last], items);
    }
    for (part, whole) in wholes {
        found[part] = found[whole].clone();
    }
    Ok(found)
}

/// What stands right before a drug, and may be its own.
#[derive(Default)]
struct Lead {
    items: Vec<Item>,
    /// Whether it has been looked for, between two marks of one statement.
    shared: bool,
}

/// Whether what stands between two drugs is the first one's: it is, where the second has its own after it.
fn before_is_others(lead: &[Item], own: &[Item]) -> bool {
    lead.iter()
        .any(|item| !item.of && own.iter().any(|other| other.attribute.kind == item.attribute.kind))
}

fn is_drug(entity: &Entity) -> bool {
    ["Drug", "Chemical"].contains(&&*entity.label)
}

fn is_mark(entity: &Entity) -> bool {
    is_drug(entity) || &*entity.label == "Test"
}

struct Note<'a> {
    text: &'a str,
    sentences: &'a [Range<usize>],
    problems: &'a [Range<usize>],
}

impl Note<'_> {
    /// The index of the statement that a place is in.
    fn statement(&self, at: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= at)
    }

    /// The drugs and tests that do not overlap.
    fn marks<'e>(&self, entities: &'e [Entity]) -> impl Iterator<Item = (usize, &'e Entity)> {
        let mut taken = 0;
        entities.iter().enumerate().filter(move |(_, entity)| {
            let free = entity.bytes.start >= taken && is_mark(entity) && !self.passing(entity);
            taken = if free { entity.bytes.end } else { taken };
            free
        })
    }

    /// Whether a drug is one more of a combination: "Hydrocodone/APAP".
    fn combines(&self, entity: &Entity, next: &Entity) -> bool {
        let between = self.text.get(entity.bytes.end..next.bytes.start);
        is_drug(entity) && is_drug(next) && matches!(between, Some("/" | "-"))
    }

    /// Whether a contrast medium is named only to say when another drug is to go on: "hold metformin 48 h
    /// after contrast, then resume 1000 mg".
    fn passing(&self, entity: &Entity) -> bool {
        let place = &entity.bytes;
        let name = self.text.get(place.clone()).unwrap_or_default();
        if !is_drug(entity) || !name.to_lowercase().contains("contrast") {
            return false;
        }
        let statement = self.sentences.get(self.statement(place.start));
        let end = reach(
            self.text,
            place.end,
            statement.map_or(place.end, |found| found.end.max(place.end)),
            BEFORE,
        );
        let after = tokens(self.text, place.end..end);
        (0..after.len().min(3)).any(|at| RESUMES.has(&after, at))
    }

    /// What stands right before the first drug of a statement.
    fn before(&self, entity: &Entity) -> Lead {
        let end = entity.bytes.start;
        let statement =
            self.sentences.get(self.statement(end)).map_or(0, |found| found.start.min(end));
        let start = self.text.ceil_char_boundary(statement.max(end.saturating_sub(BEFORE)));
        let tokens = tokens(self.text, start.min(end)..end);
        let items = scan(&tokens, None, &[]);
        Lead { items: leading(&tokens, items, false).1, shared: false }
    }

    /// The attributes after an entity, and those among them that may be the next drug's.
    fn after(&self, entity: &Entity, combined: bool, next: Option<&Entity>) -> (Vec<Item>, Lead) {
        let start = entity.bytes.end;
        let index = self.statement(entity.bytes.start);
        let statement = self.sentences.get(index).map_or(start, |found| found.end.max(start));
        let next_start = next.map_or(self.text.len(), |next| next.bytes.start).max(start);
        let shared = next_start < statement && next_start - start <= REACH;
        let end = reach(self.text, start, statement.min(next_start), REACH);
        let mut tokens = tokens(self.text, start..end);
        if end == statement {
            tokens.extend(self.instruction(index + 1, next_start));
        }
        let name = self.text.get(entity.bytes.clone()).unwrap_or_default();
        let drug = is_drug(entity).then_some(Drug {
            combined: combined || name.contains(['-', '/']),
            bare: &*entity.label == "Drug",
            numbered: NUMBERED.iter().any(|drug| name.to_lowercase().contains(drug)),
        });
        let items = scan(&tokens, drug, self.problems);
        if !shared {
            return (items, Lead::default());
        }
        let (items, lead) = match next.is_some_and(is_drug) {
            true => leading(&tokens, items, drug.is_some()),
            false => (items, Vec::new()),
        };
        (items, Lead { items: lead, shared: true })
    }

    /// The tokens of a statement that goes on with how to take the drug of the one before.
    fn instruction(&self, index: usize, next: usize) -> Vec<Token> {
        let Some(statement) = self.sentences.get(index) else { return Vec::new() };
        let end = reach(self.text, statement.start, statement.end.min(next), REACH);
        let tokens = tokens(self.text, statement.start..end);
        if SIG.has(&tokens, 0) { tokens } else { Vec::new() }
    }
}

/// Parts items into those of the drug before and those that stand right before the next drug. After a
/// `drug`, what follows it without any other word is its own, unless "of" leads to the next one.
fn leading(tokens: &[Token], mut items: Vec<Item>, drug: bool) -> (Vec<Item>, Vec<Item>) {
    let mut end = tokens.len();
    while end > 0 && ["of", "a", "the", "-"].iter().any(|word| tokens[end - 1].is(word)) {
        end -= 1;
    }
    let of = tokens[end..].iter().any(|token| token.is("of"));
    let mut first = items.len();
    while let Some(item) = first.checked_sub(1).and_then(|last| items.get(last))
        && item.tokens.end == end
        && item.attribute.kind != AttributeKind::Reason
    {
        (first, end) = (first - 1, item.tokens.start);
    }
    if drug && !of && end == 0 {
        first = items.len();
    }
    let mut lead = items.split_off(first);
    for item in &mut lead {
        item.of = of;
    }
    if drug { (items, lead) } else { (Vec::new(), lead) }
}

/// The attributes of one drug, by start.
fn settle(text: &str, drug: &Entity, mut items: Vec<Item>) -> Vec<Attribute> {
    let name = text.get(drug.bytes.clone()).unwrap_or_default();
    dose::settle(text, name, &mut items);
    items.into_iter().map(|item| item.attribute).collect()
}

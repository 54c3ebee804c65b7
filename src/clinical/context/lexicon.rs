//! The rules, compiled: from the words of a statement to the cues in it.

use std::collections::HashMap;
use std::ops::Range;

use super::answers::answers;
use super::rule::{Rule, Says};
use super::signs::{Sign, is_symptom, signs};
use super::words::{Word, lower, words};

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Symbol {
    /// This very word or mark.
    Word(u32),
    /// A word of a list, or of a class such as `@year`.
    List(u32),
    /// Where a statement begins.
    Start,
    /// Where a statement or clause ends; it takes no word.
    End,
}

/// A cue that stands in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cue {
    /// Index of its rule.
    pub(super) rule: usize,
    /// Its words.
    pub(super) words: Range<usize>,
}

/// All rules in one trie, its edges in one table.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub(super) rules: Vec<Rule>,
    /// Number of each word of a pattern or a list.
    words: HashMap<String, u32>,
    /// The lists that a word is in.
    lists: HashMap<u32, Vec<u32>>,
    /// Names of the lists, classes first.
    names: Vec<String>,
    edges: HashMap<(u32, Symbol), u32>,
    /// The rules that end at a node: "allergy" speaks of what is before it and of what is after it.
    ends: Vec<Vec<usize>>,
}

/// Lists that no file could hold.
const CLASSES: [&str; 12] = [
    "number",
    "year",
    "query",
    "plus",
    "minus",
    "plus_item",
    "minus_item",
    "item_plus",
    "item_minus",
    "answer_yes",
    "answer_no",
    "answer_unclear",
];
const NUMBER: u32 = 0;
const YEAR: u32 = 1;
/// Marks right before a word: "?stroke", "+fever", "-cough".
const MARKS: [(&str, u32); 3] = [("?", 2), ("+", PLUS), ("-", MINUS)];
const PLUS: u32 = 3;
const MINUS: u32 = 4;

/// The class of the first [`Answer`](super::answers::Answer); the others follow.
const ANSWER: u32 = 9;

/// The class of a plus or minus that stands apart, before an item of a list or after it.
fn class(sign: Sign) -> u32 {
    match (sign.after, sign.plus) {
        (false, true) => 5,
        (false, false) => 6,
        (true, true) => 7,
        (true, false) => 8,
    }
}

/// What ends a clause.
const CLAUSE_MARKS: [&str; 7] = [".", ",", ";", ")", "?", "!", "-"];

impl Lexicon {
    /// Reads lists (a line: name, tab, words) and rules (see [`Rule::parse`]); lines of neither form are
    /// a defect that a test finds, and left out.
    pub(super) fn new(lists: &str, rules: &str) -> Lexicon {
        let mut lexicon = Lexicon { ends: vec![Vec::new()], ..Lexicon::default() };
        lexicon.names = CLASSES.map(String::from).to_vec();
        for line in rows(lists) {
            let Some((name, members)) = line.split_once('\t') else { continue };
            let list = lexicon.names.len() as u32;
            lexicon.names.push(name.into());
            for member in members.split_whitespace() {
                let number = lexicon.number(member);
                lexicon.lists.entry(number).or_default().push(list);
            }
        }
        for line in rows(rules) {
            let Some((pattern, rule)) = Rule::parse(line) else { continue };
            let index = lexicon.rules.len();
            lexicon.rules.push(rule);
            lexicon.insert(pattern, index);
        }
        lexicon
    }

    /// The number of a word, which is given one.
    fn number(&mut self, word: &str) -> u32 {
        let next = self.words.len() as u32;
        *self.words.entry(word.into()).or_insert(next)
    }

    /// Puts a pattern into the trie.
    fn insert(&mut self, pattern: &str, rule: usize) {
        let mut nodes = vec![0];
        for step in pattern.split(' ') {
            let (step, optional) = match step.strip_suffix('?') {
                Some(step) if !step.is_empty() => (step, true),
                _ => (step, false),
            };
            let mut next = if optional { nodes.clone() } else { Vec::new() };
            for choice in step.split('|') {
                let symbols = self.symbols(choice);
                for &node in &nodes {
                    next.push(symbols.iter().fold(node, |node, symbol| self.step(node, symbol)));
                }
            }
            nodes = next;
        }
        for node in nodes {
            self.ends[node as usize].push(rule);
        }
    }

    fn symbols(&mut self, choice: &str) -> Vec<Symbol> {
        match choice {
            "^" => vec![Symbol::Start],
            "$" => vec![Symbol::End],
            _ => match choice.strip_prefix('@').filter(|name| !name.is_empty()) {
                Some(name) => {
                    let known = self.names.iter().position(|known| known == name);
                    debug_assert!(known.is_some(), "no list @{name}");
                    vec![Symbol::List(known.unwrap_or(usize::MAX) as u32)]
                }
                None => words(choice, 0..choice.len())
                    .into_iter()
                    .map(|word| Symbol::Word(self.number(&choice[word.place])))
                    .collect(),
            },
        }
    }

    fn step(&mut self, node: u32, symbol: &Symbol) -> u32 {
        let next = self.ends.len() as u32;
        let to = *self.edges.entry((node, symbol.clone())).or_insert(next);
        if to == next {
            self.ends.push(Vec::new());
        }
        to
    }

    /// The cues of a statement from left to right: where several begin, the longest; none within
    /// another.
    pub(super) fn cues(&self, text: &str, statement: &[Word]) -> Vec<Cue> {
        let mut read: Vec<Read> = statement.iter().map(|word| self.read(text, word)).collect();
        let signed = read.iter().any(|word| word.class == Some(PLUS));
        for (read, word) in read.iter_mut().zip(statement) {
            if read.class == Some(MINUS) && !signed && is_dash(text, &word.place) {
                read.class = None;
            }
        }
        for (place, answer) in answers(text, statement) {
            let at = place.start;
            for word in &mut read[place] {
                *word = Read { number: None, class: None, ends: false };
            }
            read[at].class = Some(ANSWER + answer as u32);
        }
        for (at, sign) in signs(text, statement) {
            read[at] = Read { number: None, class: Some(class(sign)), ends: false };
        }
        let mut cues = Vec::new();
        let start = self.edges.get(&(0, Symbol::Start));
        let (mut at, mut begins) = (0, true);
        while at < read.len() {
            let mut best = None;
            if let Some(&node) = start.filter(|_| begins) {
                self.walk(&read, node, at, &mut best);
            }
            self.walk(&read, 0, at, &mut best);
            begins &= !statement[at].counts;
            let (end, rules) = match best {
                Some((end, node)) if end > at => (end, self.ends[node as usize].as_slice()),
                _ => (at + 1, [].as_slice()),
            };
            let says = |rule: &&usize| self.rules[**rule].says != Says::Nothing;
            cues.extend(rules.iter().filter(says).map(|&rule| Cue { rule, words: at..end }));
            at = end;
        }
        cues
    }

    /// Follows the trie from a node; the longest match stays in `best`: where it ends, and its node.
    fn walk(&self, read: &[Read], node: u32, at: usize, best: &mut Option<(usize, u32)>) {
        let end = read.get(at).is_none_or(|word| word.ends);
        let closed = self.edges.get(&(node, Symbol::End)).filter(|_| end);
        for &node in closed.into_iter().chain([&node]) {
            let longer = best.is_none_or(|(longest, _)| at > longest);
            if longer && !self.ends[node as usize].is_empty() {
                *best = Some((at, node));
            }
        }
        let Some(word) = read.get(at) else { return };
        let lists = word.number.and_then(|number| self.lists.get(&number));
        let symbols = word.number.map(Symbol::Word).into_iter();
        let listed = lists.into_iter().flatten().map(|&list| Symbol::List(list));
        for symbol in symbols.chain(listed).chain(word.class.map(Symbol::List)) {
            if let Some(&next) = self.edges.get(&(node, symbol)) {
                self.walk(read, next, at + 1, best);
            }
        }
    }

    fn read(&self, text: &str, word: &Word) -> Read {
        // The words of a finding say nothing of it: "unable to void".
        if word.inside {
            return Read { number: None, class: None, ends: false };
        }
        if let Some(class) = mark(text, &word.place) {
            return Read { number: None, class: Some(class), ends: false };
        }
        let word = text.get(word.place.clone()).unwrap_or_default();
        let lower = lower(word);
        let number = lower.as_ref().and_then(|word| self.words.get(word).copied());
        let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let year = digits && word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
        let class = if year { Some(YEAR) } else { digits.then_some(NUMBER) };
        Read { number, class, ends: CLAUSE_MARKS.contains(&word) }
    }
}

/// The class of a mark that belongs to the word after it.
fn mark(text: &str, place: &Range<usize>) -> Option<u32> {
    let word = text.get(place.clone())?;
    let (_, class) = MARKS.into_iter().find(|(mark, _)| *mark == word)?;
    let before = text.get(..place.start)?.chars().next_back();
    let after = text.get(place.end..)?.strip_prefix(' ').filter(|_| word == "?");
    let after = after.or_else(|| text.get(place.end..))?.chars().next()?;
    let apart = before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ',' | ';' | '/'));
    (apart && after.is_alphanumeric()).then_some(class)
}

/// Whether a minus before a word is the dash of an item: "HTN -CAD -DM".
fn is_dash(text: &str, place: &Range<usize>) -> bool {
    let before = text.get(..place.start).unwrap_or_default().trim_end_matches([' ', '\t']);
    let after = text.get(place.end..).unwrap_or_default();
    !before.ends_with([',', ';', '/', '(']) && !is_symptom(after)
}

/// A word of a text, looked up.
struct Read {
    number: Option<u32>,
    class: Option<u32>,
    /// Whether a clause ends before it.
    ends: bool,
}

/// The lines of a table that are no remarks.
fn rows(table: &str) -> impl Iterator<Item = &str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with("# "))
}

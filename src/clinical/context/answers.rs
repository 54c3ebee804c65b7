//! Answers that stand after what is asked, where no clause ends: "fever: no cough: yes", "fever (no)",
//! "asthma [x] gout [ ]", "diabetes: ☐ yes ☒ no", "cough-". A form that is not understood says neither.

use std::ops::Range;

use super::words::Word;

/// What an answer says of the entity before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Unclear,
}

const YES: [&str; 6] = ["yes", "y", "present", "positive", "pos", "endorsed"];
const NO: [&str; 8] = ["no", "n", "none", "absent", "negative", "neg", "denied", "denies"];

/// The answers of a statement, by words.
pub(super) fn answers(text: &str, words: &[Word]) -> Vec<(Range<usize>, Answer)> {
    let form = Form { text, words };
    let mut found = form.boxes();
    let spoken = |at: &usize| !found.iter().any(|(place, _)| place.contains(at));
    let spoken: Vec<_> = (0..words.len()).filter(spoken).collect();
    found.extend(spoken.into_iter().filter_map(|at| Some((at..at + 1, form.answer(at)?))));
    found
}

struct Form<'a> {
    text: &'a str,
    words: &'a [Word],
}

impl Form<'_> {
    fn word(&self, at: usize) -> &str {
        let word = self.words.get(at).and_then(|word| self.text.get(word.place.clone()));
        word.unwrap_or_default()
    }

    fn is_inside(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.inside)
    }

    /// What stands between a word and the one before it.
    fn gap(&self, at: usize) -> &str {
        let before = at.checked_sub(1).and_then(|at| self.words.get(at));
        let place = before.zip(self.words.get(at)).map(|(a, b)| a.place.end..b.place.start);
        place.and_then(|place| self.text.get(place)).unwrap_or_default()
    }

    fn says(&self, at: usize) -> Option<Answer> {
        let word = self.word(at);
        let is = |list: &[&str]| list.iter().any(|answer| word.eq_ignore_ascii_case(answer));
        match word {
            _ if self.is_inside(at) => None,
            _ if is(&YES) => Some(Answer::Yes),
            _ if is(&NO) => Some(Answer::No),
            _ => None,
        }
    }

    /// The answer that a word is.
    fn answer(&self, at: usize) -> Option<Answer> {
        let before = at.checked_sub(1)?;
        if let Some(said) = self.says(at) {
            let after_entity = |at: usize| at.checked_sub(1).is_some_and(|at| self.is_inside(at));
            let dots = (0..at).rev().take_while(|&at| self.word(at) == ".").count();
            let answers = match self.word(before) {
                "(" => after_entity(before) && self.word(at + 1) == ")",
                ":" => after_entity(before) && self.asks_next(at + 1),
                "." => dots > 1 && after_entity(at - dots) && self.ends(at),
                _ => self.is_inside(before) && self.gap(at).contains('\t') && self.ends(at),
            };
            return answers.then_some(said);
        }
        let sign = match self.word(at) {
            "+" => Answer::Yes,
            "-" | "−" => Answer::No,
            _ => return None,
        };
        let touches = self.is_inside(before) && self.gap(at).is_empty();
        (touches && !self.is_inside(at) && self.ends(at)).then_some(sign)
    }

    /// Whether an item of a list ends with a word; a word that is divided between lines does not.
    fn ends(&self, at: usize) -> bool {
        let after = self.words.get(at).and_then(|word| self.text.get(word.place.end..));
        let after = after.unwrap_or_default().trim_start_matches([' ', '\t']);
        let goes_on = |c: char| c.is_lowercase();
        match after.strip_prefix(['\r', '\n']) {
            Some(next) => !next.trim_start().starts_with(goes_on),
            None => after.is_empty() || after.starts_with([',', ';', '|']),
        }
    }

    /// Whether an entity stands here, and an answer to it after its colon.
    fn asks_next(&self, at: usize) -> bool {
        let end = (at..self.words.len()).find(|&at| !self.is_inside(at));
        end.is_some_and(|end| end > at && self.word(end) == ":" && self.says(end + 1).is_some())
    }

    /// Boxes that stand after what is asked; those before it are none of these.
    fn boxes(&self) -> Vec<(Range<usize>, Answer)> {
        let mut boxes: Vec<(Range<usize>, bool)> = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            let (end, checked) = match (self.word(at), self.word(at + 1), self.word(at + 2)) {
                ("☐", ..) => (at + 1, Some(false)),
                ("☒" | "☑", ..) => (at + 1, Some(true)),
                ("[", "]", _) => (at + 2, Some(false)),
                ("[", "x" | "X", "]") => (at + 3, Some(true)),
                _ => (at + 1, None),
            };
            boxes.extend(checked.map(|checked| (at..end, checked)));
            at = end;
        }
        let first = (0..self.words.len()).find(|&at| self.is_inside(at));
        let (Some(first), Some(begin), Some(end)) = (first, boxes.first(), boxes.last()) else {
            return Vec::new();
        };
        if begin.0.start < first {
            return Vec::new();
        }
        let worded = |place: &Range<usize>| self.says(place.end);
        if boxes.iter().any(|(place, _)| worded(place).is_some()) {
            return self.questions(&boxes);
        }
        let trails = !(end.0.end..self.words.len()).any(|at| self.is_inside(at));
        let answer = |checked| match checked {
            _ if !trails => Answer::Unclear,
            true => Answer::Yes,
            false => Answer::No,
        };
        boxes.into_iter().map(|(place, checked)| (place, answer(checked))).collect()
    }

    /// "Diabetes: ☐ yes ☒ no": of the boxes after an entity the one that is marked says it.
    fn questions(&self, boxes: &[(Range<usize>, bool)]) -> Vec<(Range<usize>, Answer)> {
        let mut found: Vec<(Range<usize>, Vec<Answer>)> = Vec::new();
        for (place, checked) in boxes {
            let said = self.says(place.end).filter(|_| *checked);
            let end = place.end + usize::from(self.says(place.end).is_some());
            match found.last_mut() {
                Some((last, all)) if !(last.end..place.start).any(|at| self.is_inside(at)) => {
                    last.end = end;
                    all.extend(said);
                }
                _ => found.push((place.start..end, said.into_iter().collect())),
            }
        }
        let one = |all: Vec<Answer>| if let [one] = all[..] { one } else { Answer::Unclear };
        found.into_iter().map(|(place, all)| (place, one(all))).collect()
    }
}

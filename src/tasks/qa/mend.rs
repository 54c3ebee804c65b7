//! Answers that a head begins or ends at the wrong character: brackets without their other half,
//! marks torn from their letters, parts of two sentences.

use std::cmp::Reverse;
use std::ops::Range;

use unicode_categories::UnicodeCategories;

use crate::sentence::sentences;

const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Signs that belong to no answer at its bounds.
const LOOSE: [char; 3] = [',', ';', ':'];

/// Changes to an answer at most.
const STEPS: usize = 16;

const ZERO_WIDTH_JOINER: char = '\u{200D}';

/// A passage and its sentences.
pub(super) struct Mender<'a> {
    text: &'a str,
    sentences: Vec<Range<usize>>,
}

impl<'a> Mender<'a> {
    pub(super) fn new(text: &'a str) -> Mender<'a> {
        Mender { text, sentences: sentences(text) }
    }

    /// The answer that was meant; empty where nothing of it is left.
    pub(super) fn mend(&self, answer: Range<usize>) -> Range<usize> {
        let mut answer = self.in_one_sentence(answer);
        for _ in 0..STEPS {
            let before = answer.clone();
            answer = self.trimmed(answer);
            answer = self.with_whole_brackets(answer);
            if answer == before || answer.is_empty() {
                return self.with_marks(answer);
            }
        }
        // Brackets upon brackets: no answer.
        answer.start..answer.start
    }

    /// Of an answer over the end of a sentence, what is in the sentence that has most of it.
    fn in_one_sentence(&self, answer: Range<usize>) -> Range<usize> {
        let first = self.sentences.partition_point(|sentence| sentence.end <= answer.start);
        let parts = self.sentences[first..].iter().take_while(|s| s.start < answer.end);
        let parts = parts.map(|s| s.start.max(answer.start)..s.end.min(answer.end));
        // The first of equals.
        parts.min_by_key(|part| Reverse(part.len())).unwrap_or(answer)
    }

    /// Without blanks and loose signs at the bounds, and without the stop of the sentence.
    fn trimmed(&self, answer: Range<usize>) -> Range<usize> {
        let loose = |c: char| c.is_whitespace() || LOOSE.contains(&c);
        let text = &self.text[answer.clone()];
        let start = answer.end - text.trim_start_matches(loose).len();
        let end = start + self.text[start..answer.end].trim_end_matches(loose).len();
        let ends_sentence = self.sentences.binary_search_by_key(&end, |s| s.end).is_ok();
        let stop = ends_sentence && self.text[start..end].ends_with('.');
        start..end - usize::from(stop)
    }

    /// With the other half of a bracket where it stands right beside, else without the bracket and the
    /// shorter part that it cuts off; without brackets around all of it.
    fn with_whole_brackets(&self, answer: Range<usize>) -> Range<usize> {
        let text = &self.text[answer.clone()];
        let Some((at, bracket)) = unmatched(text) else {
            return if is_wrapped(text) { answer.start + 1..answer.end - 1 } else { answer };
        };
        for (open, close) in BRACKETS {
            if bracket == open && at > 0 && self.text[answer.end..].starts_with(close) {
                return answer.start..answer.end + 1;
            }
            let within = at + 1 < text.len();
            if bracket == close && within && self.text[..answer.start].ends_with(open) {
                return answer.start - 1..answer.end;
            }
        }
        let (before, after) = (at, text.len() - at - 1);
        if before >= after {
            answer.start..answer.start + before
        } else {
            answer.end - after..answer.end
        }
    }

    /// With the letter that a mark at the start belongs to, and the marks of the last letter.
    fn with_marks(&self, answer: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = answer;
        if start == end {
            return answer;
        }
        while let Some(last) = self.text[..start].chars().next_back() {
            let joined = last == ZERO_WIDTH_JOINER;
            if !joined && !self.text[start..].starts_with(continues) {
                break;
            }
            start -= last.len_utf8();
        }
        while let Some(next) = self.text[end..].chars().next() {
            if !continues(next) && !self.text[..end].ends_with(ZERO_WIDTH_JOINER) {
                break;
            }
            end += next.len_utf8();
        }
        start..end
    }
}

/// Whether a character goes on with what the one before it began.
fn continues(char: char) -> bool {
    char == ZERO_WIDTH_JOINER
        || char.is_mark_nonspacing()
        || char.is_mark_enclosing()
        || char.is_mark_spacing_combining()
}

/// The first bracket that closes nothing, or else the last that nothing closes.
fn unmatched(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, char) in text.char_indices() {
        if let Some((opening, _)) = BRACKETS.iter().find(|(_, close)| *close == char) {
            if open.last().is_none_or(|(_, last)| last != opening) {
                return Some((at, char));
            }
            open.pop();
        } else if BRACKETS.iter().any(|(open, _)| *open == char) {
            open.push((at, char));
        }
    }
    open.pop()
}

/// Whether one pair of brackets stands around all of a text whose brackets match.
fn is_wrapped(text: &str) -> bool {
    let pair =
        BRACKETS.iter().find(|(open, close)| text.starts_with(*open) && text.ends_with(*close));
    pair.is_some() && unmatched(&text[1..text.len() - 1]).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a stretch of a text, which stands between two bars.
    fn mended(marked: &str) -> String {
        let start = marked.find('|').unwrap();
        let end = marked.rfind('|').unwrap() - 1;
        let text = marked.replace('|', "");
        text[Mender::new(&text).mend(start..end)].to_string()
    }

    #[test]
    fn brackets_get_their_other_half_or_go() {
        assert_eq!(mended("The factor |(TNF| and others rose."), "TNF");
        assert_eq!(mended("Tumour necrosis factor (TNF-|alpha)| rose."), "alpha");
        assert_eq!(mended("Given |dabigatran (Pradaxa| twice."), "dabigatran");
        assert_eq!(mended("Given |dabigatran (Pradaxa|) twice."), "dabigatran (Pradaxa)");
        assert_eq!(mended("The (|R)-enantiomer| acts."), "(R)-enantiomer");
        assert_eq!(mended("Found in |(liver [and gut])| only."), "liver [and gut]");
        assert_eq!(mended("Both |(a) and (b)| count."), "(a) and (b)");
        assert_eq!(mended("A |)(| stands here."), "");
    }

    #[test]
    fn an_answer_keeps_to_one_sentence() {
        assert_eq!(
            mended("It grew |yeast. Then the patient recovered fully|."),
            "Then the patient recovered fully"
        );
        assert_eq!(mended("It is |inhibited by imatinib. It| was new."), "inhibited by imatinib");
        assert_eq!(mended("It grew |E. coli|."), "E. coli");
        assert_eq!(mended("It was |imatinib.|"), "imatinib");
        assert_eq!(mended("It was |, imatinib; |and more."), "imatinib");
    }

    #[test]
    fn a_letter_keeps_its_marks() {
        assert_eq!(mended("It was Sjo|̈gren| first."), "o\u{308}gren");
        assert_eq!(mended("By |Ménie\u{300}re|\u{301} alone."), "Ménie\u{300}re\u{301}");
        assert_eq!(mended("She is a |👩|\u{200D}⚕ today."), "👩\u{200D}⚕");
        assert_eq!(mended("She is a 👩\u{200D}|⚕| today."), "👩\u{200D}⚕");
    }
}

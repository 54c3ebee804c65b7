//! A note with all that it says, ready to be shown: what the three forms of output have in common.

use std::ops::Range;

use biobert::document::{AssertionCategory, Attribute, AttributeKind, Section};
use biobert::{DocumentExtract, DocumentSections, ExtractedEntity, ExtractedRelation, TextRange};
use serde_json::Value;

use crate::highlight;
use crate::output::Source;
use crate::standing::{Standing, tag, words};

pub struct Note<'a> {
    pub source: Source<'a>,
    /// All that was found in it; `None` where only sections were looked for.
    pub found: Option<&'a DocumentExtract>,
    pub text: &'a str,
    pub headings: Vec<Heading<'a>>,
    /// What was found in it; `None` where only sections were looked for.
    pub extract: Option<Extract<'a>>,
    pub truncated: bool,
}

/// A section with the text of its title.
pub struct Heading<'a> {
    pub section: &'a Section<TextRange>,
    pub title: &'a str,
    pub bytes: Range<usize>,
    /// In how many others it stands.
    pub depth: usize,
}

pub struct Extract<'a> {
    pub findings: Vec<Finding<'a>>,
    pub relations: &'a [ExtractedRelation],
}

/// An entity with its text and the texts of what belongs to it.
pub struct Finding<'a> {
    pub entity: &'a ExtractedEntity,
    pub text: &'a str,
    pub bytes: Range<usize>,
    pub standing: Standing,
    pub cue: Option<Piece<'a>>,
    /// In the order of the entity's attributes.
    pub attributes: Vec<Piece<'a>>,
}

/// A piece of the text.
pub struct Piece<'a> {
    pub text: &'a str,
    pub bytes: Range<usize>,
}

/// Texts of places that are given in the caller's unit.
struct Places<'a> {
    text: &'a str,
    offsets: biobert::Offsets<'a>,
}

impl<'a> Places<'a> {
    fn new(source: Source<'a>) -> Places<'a> {
        Places { text: source.text.as_str(), offsets: source.text.offsets(source.unit) }
    }

    fn piece(&self, place: &TextRange) -> Piece<'a> {
        let bytes = self.offsets.byte(place.start)..self.offsets.byte(place.end);
        Piece { text: &self.text[bytes.clone()], bytes }
    }

    fn heading(&self, section: &'a Section<TextRange>, above: &[Heading<'a>]) -> Heading<'a> {
        let Piece { text: title, bytes } = self.piece(&section.title);
        let parent = section.parent.and_then(|parent| above.get(parent));
        Heading { section, title, bytes, depth: parent.map_or(0, |parent| parent.depth + 1) }
    }

    fn finding(&self, entity: &'a ExtractedEntity) -> Finding<'a> {
        let Piece { text, bytes } = self.piece(&entity.place);
        let assertion = entity.assertion.as_ref();
        let cue = assertion.and_then(|assertion| assertion.cue.as_ref());
        Finding {
            entity,
            text,
            bytes,
            standing: Standing::of(assertion),
            cue: cue.map(|place| self.piece(place)),
            attributes: entity.attributes.iter().map(|one| self.piece(&one.place)).collect(),
        }
    }
}

impl<'a> Note<'a> {
    pub fn extracted(source: Source<'a>, found: &'a DocumentExtract) -> Note<'a> {
        let places = Places::new(source);
        let findings = found.entities.iter().map(|entity| places.finding(entity)).collect();
        let extract = Extract { findings, relations: &found.relations };
        Note {
            found: Some(found),
            extract: Some(extract),
            truncated: found.flags.truncated,
            ..Note::new(source, &places, &found.sections)
        }
    }

    pub fn divided(source: Source<'a>, found: &'a DocumentSections) -> Note<'a> {
        Note::new(source, &Places::new(source), &found.sections)
    }

    fn new(
        source: Source<'a>,
        places: &Places<'a>,
        sections: &'a [Section<TextRange>],
    ) -> Note<'a> {
        let mut headings: Vec<Heading<'a>> = Vec::with_capacity(sections.len());
        for section in sections {
            headings.push(places.heading(section, &headings));
        }
        Note { source, found: None, text: places.text, headings, extract: None, truncated: false }
    }

    /// What it is called, in words.
    pub fn name(&self) -> String {
        match self.source.id {
            Some(Value::String(id)) => id.clone(),
            Some(id) => id.to_string(),
            None => format!("Note {}", self.source.index + 1),
        }
    }

    pub fn findings(&self) -> &[Finding<'a>] {
        self.extract.as_ref().map_or(&[], |extract| &extract.findings)
    }

    pub fn relations(&self) -> &'a [ExtractedRelation] {
        self.extract.as_ref().map_or(&[], |extract| extract.relations)
    }

    /// The heading under which a finding stands.
    pub fn heading(&self, finding: &Finding<'_>) -> Option<&Heading<'a>> {
        finding.entity.section.and_then(|section| self.headings.get(section))
    }

    /// The findings as they are listed: group by group, each by start.
    pub fn groups(&self) -> impl Iterator<Item = (Standing, Vec<(usize, &Finding<'a>)>)> {
        Standing::ALL.into_iter().filter_map(|standing| {
            let all = self.findings().iter().enumerate();
            let group: Vec<_> = all.filter(|(_, finding)| finding.standing == standing).collect();
            (!group.is_empty()).then_some((standing, group))
        })
    }

    /// All that is marked in the text, by start.
    pub fn marks(&self) -> Vec<Mark> {
        let headings = self.headings.iter().enumerate();
        let headings = headings.map(|(index, heading)| (&heading.bytes, What::Heading(index)));
        let mut marks: Vec<Mark> = headings.map(Mark::new).chain(self.cues()).collect();
        for (index, finding) in self.findings().iter().enumerate() {
            marks.push(Mark::new((&finding.bytes, What::Finding(index))));
            let attributes = finding.attributes.iter().enumerate();
            let attributes =
                attributes.map(|(one, piece)| (&piece.bytes, What::Attribute(index, one)));
            marks.extend(attributes.map(Mark::new));
        }
        marks.retain(|mark| !mark.bytes.is_empty());
        marks.sort_by_key(|mark| (mark.bytes.start, mark.what.rank(), mark.bytes.end));
        marks
    }

    /// The cues: one that speaks of many findings is one mark, and so are those that overlap.
    fn cues(&self) -> Vec<Mark> {
        let all = self.findings().iter().enumerate();
        let cue = |(index, finding): (usize, &Finding<'a>)| {
            let cue = finding.cue.as_ref()?;
            Some(Mark::new((&cue.bytes, What::Cue(vec![index]))))
        };
        let mut cues: Vec<Mark> = all.filter_map(cue).collect();
        cues.sort_by_key(|cue| cue.bytes.start);
        cues.dedup_by(|second, first| {
            let overlap = second.bytes.start < first.bytes.end;
            if let (true, What::Cue(all), What::Cue(more)) =
                (overlap, &mut first.what, &second.what)
            {
                all.extend(more);
                first.bytes.end = first.bytes.end.max(second.bytes.end);
            }
            overlap
        });
        cues
    }
}

/// A stretch of the text that says something.
pub struct Mark {
    bytes: Range<usize>,
    pub what: What,
}

impl Mark {
    fn new((bytes, what): (&Range<usize>, What)) -> Mark {
        Mark { bytes: bytes.clone(), what }
    }
}

impl highlight::Mark for Mark {
    fn bytes(&self) -> &Range<usize> {
        &self.bytes
    }
}

/// What a stretch of the text is, by the indices in its note.
pub enum What {
    Heading(usize),
    /// Words that say of these findings whether the patient has them.
    Cue(Vec<usize>),
    /// Of a finding, which of its attributes.
    Attribute(usize, usize),
    Finding(usize),
}

impl What {
    /// The index of a finding itself.
    pub fn finding(&self) -> Option<usize> {
        match self {
            What::Finding(index) => Some(*index),
            _ => None,
        }
    }

    fn rank(&self) -> usize {
        match self {
            What::Heading(_) => 0,
            What::Cue(_) => 1,
            What::Attribute(..) => 2,
            What::Finding(_) => 3,
        }
    }
}

impl Finding<'_> {
    /// Its kinds: the head's, and what others call it.
    pub fn kinds(&self) -> String {
        let mut kinds = vec![&*self.entity.label];
        for also in &self.entity.also {
            if !kinds.contains(&&*also.label) {
                kinds.push(&also.label);
            }
        }
        kinds.join("/")
    }

    /// Why it stands in its group: what is said of it, or that its section says so, and the words.
    pub fn why(&self) -> String {
        let Some(assertion) = &self.entity.assertion else { return String::new() };
        let by_section = assertion.category == Some(AssertionCategory::Section);
        let cue = self.cue.as_ref().map(|cue| format!("“{}”", flat(cue.text)));
        let said = if by_section { Some("by section") } else { tag(Some(assertion)) };
        said.map(String::from).into_iter().chain(cue).collect::<Vec<_>>().join(": ")
    }

    /// The codes that are given for it: `MESH D003920 Diabetes Mellitus`.
    pub fn codes(&self) -> Vec<String> {
        let given = self.entity.links.iter().filter_map(|link| Some((link, link.given()?)));
        let given = given.map(|(link, code)| {
            let name = code.name.as_deref().unwrap_or_default();
            format!("{} {} {name}", link.system, code.code)
        });
        given.collect()
    }

    /// What is said of it as a drug or a test, one attribute after the other; those of a taper are
    /// numbered by its steps.
    pub fn details(&self) -> Vec<String> {
        let taper = self.entity.attributes.iter().any(|attribute| attribute.step > 0);
        let mut before = None;
        let all = self.entity.attributes.iter().zip(&self.attributes).map(|(attribute, piece)| {
            let begins = taper && before.replace(attribute.step) != Some(attribute.step);
            let step = if begins { format!("{}. ", attribute.step + 1) } else { String::new() };
            format!("{step}{}", detail(attribute, piece.text))
        });
        all.collect()
    }
}

/// An attribute in words: `frequency BID (2 a day)`.
pub fn detail(attribute: &Attribute<TextRange>, text: &str) -> String {
    let read = match reading(attribute) {
        _ if !attribute.parsed => " (not understood)".to_string(),
        Some(read) => format!(" ({read})"),
        None => String::new(),
    };
    format!("{} {}{read}", words(attribute.kind.name()), flat(text))
}

/// How often, from what was read of it. Other numbers stand in the text as they are.
fn reading(attribute: &Attribute<TextRange>) -> Option<String> {
    if attribute.kind != AttributeKind::Frequency {
        return None;
    }
    let number = match (attribute.low, attribute.high) {
        (Some(low), Some(high)) if low != high => format!("{low}–{high}"),
        (low, high) => low.or(high)?.to_string(),
    };
    let number = format!("{}{number}", attribute.comparator.unwrap_or_default());
    Some(match attribute.unit.as_deref()? {
        "/d" => format!("{number} a day"),
        "h" => format!("every {number} h"),
        unit => format!("{number} {}", unit.trim_matches(['{', '}'])),
    })
}

/// A text in one line.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

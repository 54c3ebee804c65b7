//! A table of facts, comma-separated as RFC 4180 has it: a row a fact, under a header. Rows of a document are
//! next to each other, and the first of them has its text, so that the table is read back. What a cell is for
//! a program that computes with it, such as a formula, is nobody's concern here.

mod build;
mod read;
mod row;
mod write;

pub(super) use read::documents;
pub(super) use write::FactWriter;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fact {
    /// A document: its text, and its class as `label`.
    Document,
    /// A second text that the first is judged against.
    Second,
    /// A passage: its kind is the label.
    Passage,
    /// A word.
    Word,
    /// A section: its title is the text, its kind the label; `of` is the section that it stands in.
    Section,
    /// An entity.
    Entity,
    /// A piece of entity `of`.
    Piece,
    /// What another head calls entity `of`.
    Also,
    /// An attribute of entity `of`: its kind is the label.
    Attribute,
    /// A candidate of link `number` of entity `of`, the best first.
    Code,
    /// A relation between the entities `first` and `second`.
    Relation,
    /// A relation between the codes `first` and `second`.
    CodeRelation,
}

const FACTS: [(Fact, &str); 12] = [
    (Fact::Document, "document"),
    (Fact::Second, "second"),
    (Fact::Passage, "passage"),
    (Fact::Word, "word"),
    (Fact::Section, "section"),
    (Fact::Entity, "entity"),
    (Fact::Piece, "piece"),
    (Fact::Also, "also"),
    (Fact::Attribute, "attribute"),
    (Fact::Code, "code"),
    (Fact::Relation, "relation"),
    (Fact::CodeRelation, "code_relation"),
];

impl Fact {
    /// The columns that say something of it, beside those that every row has.
    fn columns(self) -> &'static [Column] {
        use Column::{
            Abstention, Assertion, AssertionScore, Category, Code, CodeName, Comparator, CueEnd,
            CueStart, End, EntityId, Expansion, First, Head, High, Label, Low, Model, ModelHash,
            Number, Of, Parsed, Reason, Score, Second, Section, Start, Step, System, Text,
            Truncated, Unit, Version,
        };
        match self {
            Fact::Document => &[Text, Label, Truncated, Model, ModelHash, Version],
            Fact::Second => &[Text],
            Fact::Passage => &[Start, End, Label],
            Fact::Word => &[Start, End, Text],
            Fact::Section => &[Number, Start, End, Of, Text, Label, System, Code],
            Fact::Entity => &[
                Number,
                Start,
                End,
                Text,
                Label,
                Score,
                Head,
                EntityId,
                Assertion,
                Category,
                AssertionScore,
                CueStart,
                CueEnd,
                Section,
                Expansion,
            ],
            Fact::Piece => &[Of, Start, End, Text],
            Fact::Also => &[Of, Label, Score, Head],
            Fact::Attribute => {
                &[Of, Start, End, Text, Label, Low, High, Comparator, Unit, Step, Parsed]
            }
            Fact::Code => &[Of, Number, System, Code, CodeName, Score, Reason, Abstention],
            Fact::Relation => &[First, Second, Text, Label, Score, Head, Assertion],
            Fact::CodeRelation => &[First, Second, Label, Score],
        }
    }

    fn name(self) -> &'static str {
        FACTS[self as usize].1
    }

    fn parse(name: &str) -> Option<Fact> {
        FACTS.into_iter().find(|(_, own)| *own == name).map(|(fact, _)| fact)
    }
}

/// The columns, by name and in their order.
macro_rules! columns {
    ($($column:ident $name:literal)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Column { $($column),* }
        const ALL: &[Column] = &[$(Column::$column),*];
        const COLUMNS: &[&str] = &[$($name),*];
    };
}

columns! {
    Doc "doc" Id "id" Fact "fact" Number "number" Of "of" First "first" Second "second"
    Start "start" End "end" Text "text" Label "label" Score "score" Head "head" EntityId "entity_id"
    Assertion "assertion" Category "category" AssertionScore "assertion_score"
    CueStart "cue_start" CueEnd "cue_end" Section "section" Expansion "expansion"
    Low "low" High "high" Comparator "comparator" Unit "unit" Step "step" Parsed "parsed"
    System "system" Code "code" CodeName "name" Reason "reason" Abstention "abstention"
    Truncated "truncated" Model "model" ModelHash "model_hash" Version "version"
}

#[cfg(test)]
mod tests;

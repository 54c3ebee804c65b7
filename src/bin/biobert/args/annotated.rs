//! Options of `train` and `eval`, which read annotated files.

use std::path::PathBuf;

use biobert::data::Format;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};

use super::{EngineArgs, HeadArgs, Unit, trimmed};

#[derive(Debug, Subcommand)]
pub enum Learn {
    /// Entities: from words and tags in two columns, B and I, or B-Anatomy and I-Anatomy for several
    /// kinds (BIO, IOBES or BILOU); from JSON lines, {"text": …, "entities": [{"start": …, "end": …,
    /// "label": …}]}, as `biobert ner` writes them; from the JSON of doccano, Prodigy and Label Studio,
    /// spaCy's triples, or lists of tokens and tags
    Ner(TrainNerArgs),
    /// What notes say of entities: from JSON lines, {"text": …, "entities": [{"start": …, "end": …,
    /// "label": …, "assertion": "present" or "absent", "possible", "historical", "other-person"}]}, as
    /// `biobert extract` writes them, or from Prodigy's with that field in its spans
    Assertion(TrainArgs),
    /// Relations: from a tab-separated file of sentences with two masks, such as @GENE$ and @DISEASE$,
    /// and labels; or from JSON lines, {"text": …, "first": {"start": …, "end": …}, "second": {…},
    /// "label": …}
    Re(TrainReArgs),
    /// Classes: from a tab-separated file of texts and labels, or from JSON lines, {"text": …,
    /// "label": …}, perhaps with "second", a text that the first is compared with
    Classify(TrainClassifyArgs),
    /// Answers: from a JSON file in SQuAD's form, or from JSON lines, {"question": …, "passage": …,
    /// "answer": {"start": …, "end": …} or null}
    Qa(TrainArgs),
}

#[derive(Debug, Args)]
pub struct TrainNerArgs {
    /// Kind of entity that plain B and I of a BIO file stand for; Entity if not given
    #[arg(long, value_name = "NAME")]
    pub entity: Option<String>,
    #[command(flatten)]
    pub common: TrainArgs,
}

#[derive(Debug, Args)]
pub struct TrainReArgs {
    /// What replaces the first entity and the second; if not given, found in the tab-separated file,
    /// in alphabetical order
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"])]
    pub masks: Option<Vec<String>>,
    /// Kinds of the two entities, in the order of the masks; Chemical for @CHEMICAL$ and so on if not
    /// given
    #[arg(long, num_args = 2, value_names = ["FIRST", "SECOND"])]
    pub kinds: Option<Vec<String>>,
    /// Label of pairs that are not related; 0, false, none or the like if not given
    #[arg(long, value_name = "LABEL")]
    pub negative: Option<String>,
    #[command(flatten)]
    pub classes: TrainClassifyArgs,
}

#[derive(Debug, Args)]
pub struct TrainClassifyArgs {
    /// Give rare labels more weight
    #[arg(long)]
    pub balanced: bool,
    #[command(flatten)]
    pub common: TrainArgs,
}

#[derive(Debug, Args)]
pub struct TrainArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Annotated file to learn from
    #[arg(long, value_name = "FILE")]
    pub train: PathBuf,
    /// Annotated file that chooses the epoch; if not given, a tenth of the examples of --train is held
    /// out, drawn by class and random seed
    #[arg(long, value_name = "FILE")]
    pub dev: Option<PathBuf>,
    /// Directory for the head, which gets its name. Intermediate results are kept in its work/ until
    /// the end: a training that was killed resumes when the same command is given again
    #[arg(long, value_name = "HEAD_DIR")]
    pub out: PathBuf,
    /// How long training takes
    #[arg(long, value_enum, default_value_t = Preset::Best)]
    pub preset: Preset,
    /// Architecture of the head; if not given, lstm-crf for entities, mlp for relations and classes,
    /// lstm for answers
    #[arg(long, value_enum)]
    pub head_kind: Option<HeadKind>,
    #[command(flatten)]
    pub form: FormArgs,
    /// Random seed: the same seed, data and model give the same head on every processor
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Train once more on all examples, for as many epochs as --dev chose
    #[arg(long)]
    pub refit: bool,
    /// Licence of the head's weights, for its file
    #[arg(long)]
    pub licence: Option<String>,
    /// Date of the training, for the head's file; none if not given
    #[arg(long)]
    pub date: Option<String>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Preset {
    /// A few epochs, or 150 steps
    Fast,
    /// Ten epochs, or 600 steps
    Best,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum HeadKind {
    /// One linear layer on the last layer's states: a baseline
    Linear,
    /// A learned mix of the layers and a linear layer; a CRF for entities
    Mix,
    /// The same with a hidden layer, for relations and classes
    Mlp,
    /// The mean over the layers and an LSTM, for answers
    Lstm,
    /// The same with a CRF, for entities
    LstmCrf,
}

#[derive(Debug, Subcommand)]
pub enum Measure {
    /// Precision, recall and F1 of entities, by conlleval's rules, on the files that `train ner` takes
    Ner(EvalNerArgs),
    /// What notes say of entities, on the files that `train assertion` takes: accuracy, and the mean F1 of
    /// the five values; of head, section and rules together, of the head alone, of the rules alone; and F1
    /// of what the head `clinical` finds, with its assertion
    Assertion(EvalArgs),
    /// Precision, recall and F1 of relations, on the files that `train re` takes; with --level document of
    /// relations between codes, on PubTator documents: with their entities, and from the text alone
    Re(EvalReArgs),
    /// Of answers: exact and F1 on the files that `train qa` takes; strict, lenient and MRR on BioASQ's
    /// factoid questions, in JSON lines or its golden files, and F1 on its list questions, answered as
    /// `qa --pool` does; accuracy on a tab-separated file of questions, passages and yes or no
    Qa(EvalQaArgs),
    /// Precision, recall and F1 of classes, on the files that `train classify` takes
    Classify(EvalArgs),
    /// Codes of entities whose places are known: how many indices of names give the right one, by kind, in percent; with
    /// --raw of those that a model finds, too. On PubTator's text, BioC, JSON lines and tables of facts
    Terms(EvalTermsArgs),
    /// How often `index` and `ask` find the documents that answer a question, by words, by vectors, by both: on files of
    /// BioASQ's questions with passages, which together are what is searched
    Retrieval(EvalRetrievalArgs),
}

#[derive(Debug, Args)]
pub struct EvalRetrievalArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Files of questions
    #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
    pub data: Vec<PathBuf>,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
pub struct EvalTermsArgs {
    /// Annotated file whose entities have codes
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Indices, or names under terms/, separated by commas
    #[arg(long, required = true, value_name = "NAME,...", value_delimiter = ',', value_parser = trimmed)]
    pub terms: Vec<String>,
    /// Also find the entities in the texts alone: precision, recall and F1 of those with the right place, kind and code
    #[arg(long)]
    pub raw: bool,
    /// Look what is not found by its words up by its vector; the indices need vectors (biobert terms vectors)
    #[arg(long)]
    pub near: bool,
    /// With --raw or --near: model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    #[command(flatten)]
    pub heads: HeadArgs,
    #[command(flatten)]
    pub form: CodedFormArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[derive(Debug, Args)]
pub struct EvalNerArgs {
    /// Kinds of entity to score, separated by commas; what the file has of others is left out and
    /// counted. If not given, all that the head finds, and the file may have no others
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = trimmed)]
    pub kinds: Vec<String>,
    #[command(flatten)]
    pub common: EvalArgs,
}

#[derive(Debug, Args)]
pub struct EvalQaArgs {
    /// How factoid questions are answered from their passages
    #[arg(long, value_enum, default_value_t = Scoring::Pooled)]
    pub scoring: Scoring,
    /// Of list questions: leave out answers below this part of the best one's probability; 0.4 if not
    /// given
    #[arg(long, value_name = "PART", value_parser = part)]
    pub threshold: Option<f32>,
    /// BioASQ's golden file with the answers to the questions of --data, which is then one of BioBERT's
    /// test files
    #[arg(long, value_name = "FILE")]
    pub golden: Option<PathBuf>,
    #[command(flatten)]
    pub common: EvalArgs,
}

/// Reads a number from 0 to 1.
pub(super) fn part(text: &str) -> std::result::Result<f32, &'static str> {
    let part = text.parse().ok().filter(|part| (0.0..=1.0).contains(part));
    part.ok_or("not a number from 0 to 1")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Scoring {
    /// As `qa --pool` does
    Pooled,
    /// As BioBERT's scripts do, to compare with; list questions are not measured
    Biobert,
}

impl From<Scoring> for biobert::eval::Scoring {
    fn from(scoring: Scoring) -> Self {
        match scoring {
            Scoring::Pooled => biobert::eval::Scoring::Pooled,
            Scoring::Biobert => biobert::eval::Scoring::Biobert,
        }
    }
}

#[derive(Debug, Args)]
pub struct EvalReArgs {
    /// What is related
    #[arg(long, value_enum, default_value_t = Level::Sentence)]
    pub level: Level,
    /// Indices, or names under terms/, separated by commas, which give codes to the entities that are found in
    /// the text alone; not measured if not given
    #[arg(long, value_name = "NAME,...", value_delimiter = ',', value_parser = trimmed)]
    pub terms: Vec<String>,
    #[command(flatten)]
    pub common: EvalArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Two entities of a sentence
    Sentence,
    /// Two codes, by a document as a whole
    Document,
}

/// How an annotated file is read.
#[derive(Debug, Args)]
pub struct FormArgs {
    /// Format of the annotated files; if not given, it is guessed from their structure and reported
    #[arg(long, value_name = "FORMAT", value_parser = input_format())]
    pub input_format: Option<Format>,
    /// What offsets in JSON count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
}

/// Whether files of a format may have codes.
pub fn has_codes(format: Format) -> bool {
    use Format::{BiocJson, BiocXml, Csv, Lines, Pubtator};
    matches!(format, Lines | Csv | Pubtator | BiocXml | BiocJson)
}

/// How an annotated file with codes is read.
#[derive(Debug, Args)]
pub struct CodedFormArgs {
    /// Format of the annotated files; if not given, it is guessed from their structure and reported
    #[arg(long, value_name = "FORMAT", value_parser = of(Format::all().filter(|format| has_codes(*format))))]
    pub input_format: Option<Format>,
    /// What offsets in JSON and tables count
    #[arg(long, value_enum, default_value_t = Unit::Scalar)]
    pub unit: Unit,
}

impl CodedFormArgs {
    pub fn form(&self) -> FormArgs {
        FormArgs { input_format: self.input_format, unit: self.unit }
    }
}

/// Formats by their names.
fn input_format() -> impl TypedValueParser<Value = Format> {
    use Format::{Brat, Fhir, Hl7, Omop};
    of(Format::all().filter(|format| !matches!(format, Brat | Fhir | Hl7 | Omop)))
}

fn of(formats: impl Iterator<Item = Format>) -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(formats.map(Format::name));
    names.try_map(|name| Format::named(&name).ok_or("no such format"))
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Model directory, or a name under models/
    #[arg(long, value_name = "DIR")]
    pub model: Option<String>,
    /// Name of a head of the model, directory of a head trained on it, or a model directory with one
    /// such head
    #[arg(long, value_name = "NAME_OR_DIR")]
    pub head: String,
    /// Annotated file
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    #[command(flatten)]
    pub form: FormArgs,
    #[command(flatten)]
    pub engine: EngineArgs,
}

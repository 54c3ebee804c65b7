//! Passages by their words: an inverted index of tantivy's, ranked by BM25 (Robertson and Zaragoza, 2009).

use std::collections::BTreeSet;
use std::path::Path;

use tantivy::collector::TopDocs;
use tantivy::directory::MmapDirectory;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions, Value,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, TokenStream,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

use super::passage::Passage;
use super::read_only::ReadOnly;
use super::share::Wanted;

/// Memory of the writer, in bytes.
const BUFFER: usize = 64 << 20;

/// How texts become words, by its name in the schema.
const ANALYZER: &str = "words";
/// A longer word, in bytes, is none.
const LONGEST_WORD: usize = 200;

/// Letters and digits side by side, in lower case and without accents.
fn analyzer() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .build()
}

struct Fields {
    /// The passage's number, from 0.
    number: Field,
    document: Field,
    starts: [Field; 3],
    text: Field,
}

impl Fields {
    fn new() -> (Schema, Fields) {
        let mut schema = SchemaBuilder::new();
        let words = TextFieldIndexing::default()
            .set_tokenizer(ANALYZER)
            .set_index_option(IndexRecordOption::WithFreqs);
        let text = TextOptions::default().set_indexing_options(words).set_stored();
        let fields = Fields {
            number: schema.add_u64_field("number", INDEXED | STORED),
            document: schema.add_text_field("document", STRING | STORED),
            starts: ["utf8", "scalar", "utf16"].map(|unit| schema.add_u64_field(unit, STORED)),
            text: schema.add_text_field("text", text),
        };
        (schema.build(), fields)
    }
}

/// Writes an index.
pub struct Writer {
    writer: IndexWriter,
    fields: Fields,
}

impl Writer {
    pub fn new(directory: &Path) -> tantivy::Result<Writer> {
        let (schema, fields) = Fields::new();
        let index = Index::create_in_dir(directory, schema)?;
        index.tokenizers().register(ANALYZER, analyzer());
        // One thread: the same passages make the same index.
        Ok(Writer { writer: index.writer_with_num_threads(1, BUFFER)?, fields })
    }

    pub fn add(&mut self, number: usize, passage: &Passage) -> tantivy::Result<()> {
        let Fields { number: own, document, starts, text } = self.fields;
        let mut entry = TantivyDocument::default();
        entry.add_u64(own, number as u64);
        entry.add_text(document, &passage.document);
        for (field, start) in starts.into_iter().zip(passage.starts) {
            entry.add_u64(field, start as u64);
        }
        entry.add_text(text, &passage.text);
        self.writer.add_document(entry).map(drop)
    }

    pub fn finish(mut self) -> tantivy::Result<()> {
        self.writer.commit()?;
        self.writer.wait_merging_threads()
    }
}

/// An index that is there.
pub struct Words {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

impl Words {
    /// Opens an index.
    pub fn open(directory: &Path) -> Result<Words, String> {
        let told = |error: tantivy::TantivyError| error.to_string();
        let directory = MmapDirectory::open(directory).map_err(|error| error.to_string())?;
        let index = Index::open(ReadOnly(directory)).map_err(told)?;
        let (schema, fields) = Fields::new();
        if index.schema() != schema {
            return Err("it has other fields".into());
        }
        index.tokenizers().register(ANALYZER, analyzer());
        // Nobody writes to it.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = reader.try_into().map_err(told)?;
        Ok(Words { index, reader, fields })
    }

    /// How many passages there are.
    pub fn count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// The words of a text, as they are looked up.
    pub fn divided(&self, text: &str) -> tantivy::Result<Vec<String>> {
        let mut words = Vec::new();
        let mut tokenizer = self.index.tokenizer_for_field(self.fields.text)?;
        let mut tokens = tokenizer.token_stream(text);
        while tokens.advance() {
            words.push(tokens.token().text.clone());
        }
        Ok(words)
    }

    /// What a question looks for.
    pub fn wanted(&self, question: &str) -> tantivy::Result<Wanted> {
        let searcher = self.reader.searcher();
        let words: BTreeSet<String> = self.divided(question)?.into_iter().collect();
        let with = |word: String| {
            let term = Term::from_field_text(self.fields.text, &word);
            Ok((word, searcher.doc_freq(&term)?))
        };
        Ok(Wanted::new(words.into_iter().map(with).collect::<tantivy::Result<_>>()?, self.count()))
    }

    /// The passages whose words are most the question's, the best first, with their scores.
    pub fn search(&self, question: &str, most: usize) -> tantivy::Result<Vec<(usize, f32)>> {
        let terms = self.divided(question)?.into_iter().collect::<BTreeSet<_>>();
        let terms = terms.iter().map(|word| Term::from_field_text(self.fields.text, word));
        let clause = |term| -> (Occur, Box<dyn Query>) {
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        };
        let query = BooleanQuery::new(terms.map(clause).collect());
        let searcher = self.reader.searcher();
        // It makes room for all of them.
        let most = most.min(searcher.num_docs() as usize).max(1);
        let found = searcher.search(&query, &TopDocs::with_limit(most).order_by_score())?;
        let mut found = found
            .into_iter()
            .map(|(score, at)| Ok((self.number(&searcher, at)?, score)))
            .collect::<tantivy::Result<Vec<_>>>()?;
        found.sort_by(|(a, first), (b, second)| second.total_cmp(first).then(a.cmp(b)));
        Ok(found)
    }

    fn number(&self, searcher: &Searcher, at: tantivy::DocAddress) -> tantivy::Result<usize> {
        let entry: TantivyDocument = searcher.doc(at)?;
        Ok(unsigned(&entry, self.fields.number))
    }

    /// A passage by its number.
    pub fn passage(&self, number: usize) -> tantivy::Result<Option<Passage>> {
        let searcher = self.reader.searcher();
        let term = Term::from_field_u64(self.fields.number, number as u64);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
        let Some((_, at)) = found.first() else { return Ok(None) };
        let entry: TantivyDocument = searcher.doc(*at)?;
        let text = |field| {
            entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default().into()
        };
        let Fields { document, starts, text: own, .. } = self.fields;
        Ok(Some(Passage {
            document: text(document),
            starts: starts.map(|field| unsigned(&entry, field)),
            text: text(own),
        }))
    }
}

fn unsigned(entry: &TantivyDocument, field: Field) -> usize {
    let value = entry.get_first(field).and_then(|value| value.as_u64());
    value.and_then(|value| usize::try_from(value).ok()).unwrap_or_default()
}

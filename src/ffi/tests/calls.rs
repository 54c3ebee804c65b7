//! Every function that runs a task, called in one way.

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use super::{Setup, options, take};
use crate::ffi::*;

/// The ways to call the functions that run tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    Ner,
    /// Relations between the entities that the model finds.
    Re,
    /// Relations between two entities that are given.
    Given,
    Qa,
    Classify,
    /// Classes of two texts.
    Pair,
    /// A vector and the tokens' states.
    Embed,
    Sentences,
    Sections,
    /// All that a note says.
    Extract,
}

use Task::*;

impl Task {
    pub(super) const ALL: [Task; 10] =
        [Ner, Re, Given, Qa, Classify, Pair, Embed, Sentences, Sections, Extract];

    pub(super) fn has_heads(self) -> bool {
        !matches!(self, Embed | Sentences | Sections)
    }

    /// Whether it runs on a model; the others run on an engine.
    pub(super) fn has_model(self) -> bool {
        !matches!(self, Sentences | Sections)
    }

    /// The name of the parameter that the texts come in.
    pub(super) fn texts(self) -> &'static str {
        if self == Qa { "questions" } else { "docs" }
    }
}

/// Every task in UTF-8, and again in UTF-16 (`true`).
pub(super) fn every() -> impl Iterator<Item = (Task, bool)> {
    [false, true].into_iter().flat_map(|wide| Task::ALL.map(|task| (task, wide)))
}

/// A text in both forms.
pub(super) struct Text {
    bytes: Vec<u8>,
    units: Vec<u16>,
}

impl Text {
    pub(super) fn new(text: &str) -> Text {
        Text { bytes: text.as_bytes().to_vec(), units: text.encode_utf16().collect() }
    }

    /// A view of it in UTF-8.
    pub(super) fn narrow(&self) -> biobert_str {
        biobert_str { ptr: self.bytes.as_ptr().cast(), len: self.bytes.len() }
    }

    /// A view of it in UTF-16.
    pub(super) fn wide(&self) -> biobert_str16 {
        biobert_str16 { ptr: self.units.as_ptr(), len: self.units.len() }
    }

    /// A text with something after it that is not Unicode.
    pub(super) fn bad(text: &str) -> Text {
        let Text { mut bytes, mut units } = Text::new(text);
        bytes.push(0xFF);
        units.push(0xDC00);
        Text { bytes, units }
    }

    /// Its first and its second word as entities, in bytes.
    fn given(&self) -> [biobert_entity_in; 2] {
        let blanks = self.bytes.iter().enumerate().filter(|(_, byte)| **byte == b' ');
        let mut ends = blanks.map(|(at, _)| at as u64).chain([self.bytes.len() as u64]);
        let (first, second) = (ends.next().unwrap_or(0), ends.next().unwrap_or(0));
        let entity = |start, end, kind| biobert_entity_in {
            doc: 0,
            start,
            end,
            kind: biobert_str::of(kind),
        };
        [entity(0, first, "Drug"), entity(first + 1, second, "DISEASE")]
    }
}

/// The arguments of a call, of whatever function. Pointers to texts are of either form.
#[derive(Clone, Copy)]
pub(super) struct Args {
    pub(super) wide: bool,
    pub(super) engine: *const biobert_engine,
    pub(super) model: *const biobert_model,
    pub(super) heads: *const biobert_str,
    pub(super) n_heads: usize,
    pub(super) texts: *const c_void,
    pub(super) n_texts: usize,
    pub(super) seconds: *const c_void,
    pub(super) entities: *const biobert_entity_in,
    pub(super) n_entities: usize,
    pub(super) relations: *const biobert_re_options,
    pub(super) answers: *const biobert_qa_options,
    pub(super) embed: *const biobert_embed_options,
    pub(super) extract: *const biobert_extract_options,
    pub(super) options: *const biobert_run_options,
    pub(super) cancel: *const biobert_cancel,
    pub(super) out: *mut *mut biobert_result,
}

impl Args {
    /// # Safety
    /// Pointers are NULL or valid.
    pub(super) unsafe fn call(self, task: Task, error: *mut *mut biobert_error) -> biobert_status {
        let a = self;
        /// The function of the form that the texts have, with the arguments that all have around
        /// its own.
        macro_rules! call {
            ($narrow:ident | $wide:ident($($argument:expr),*)) => {
                // SAFETY: as promised by the caller.
                unsafe {
                    if a.wide {
                        $wide($($argument,)* a.options, a.cancel, a.out, error)
                    } else {
                        $narrow($($argument,)* a.options, a.cancel, a.out, error)
                    }
                }
            };
        }
        let (texts, n) = (a.texts, a.n_texts);
        match task {
            Ner => call!(
                biobert_ner_run | biobert_ner_run16(a.model, a.heads, a.n_heads, texts.cast(), n)
            ),
            Re | Given => call!(
                biobert_re_run
                    | biobert_re_run16(
                        a.model,
                        a.heads,
                        a.n_heads,
                        texts.cast(),
                        n,
                        a.entities,
                        a.n_entities,
                        a.relations
                    )
            ),
            Qa => call!(
                biobert_qa_run
                    | biobert_qa_run16(a.model, a.heads, a.n_heads, texts.cast(), n, a.answers)
            ),
            Classify | Pair => call!(
                biobert_classify_run
                    | biobert_classify_run16(
                        a.model,
                        a.heads,
                        a.n_heads,
                        texts.cast(),
                        a.seconds.cast(),
                        n
                    )
            ),
            Embed => {
                call!(biobert_embed_run | biobert_embed_run16(a.model, texts.cast(), n, a.embed))
            }
            Sentences => {
                call!(biobert_sentences_run | biobert_sentences_run16(a.engine, texts.cast(), n))
            }
            Sections => {
                call!(biobert_sections_run | biobert_sections_run16(a.engine, texts.cast(), n))
            }
            Extract => call!(
                biobert_extract_run
                    | biobert_extract_run16(
                        a.model,
                        a.heads,
                        a.n_heads,
                        texts.cast(),
                        n,
                        a.extract
                    )
            ),
        }
    }
}

impl Setup {
    /// The arguments of a call on some texts. For questions, the first text is the question and all
    /// of them its passages.
    pub(super) fn with<R>(
        &self,
        (task, wide): (Task, bool),
        texts: &[&Text],
        work: impl FnOnce(Args) -> R,
    ) -> R {
        let narrow: Vec<biobert_str> = texts.iter().map(|text| text.narrow()).collect();
        let utf16: Vec<biobert_str16> = texts.iter().map(|text| text.wide()).collect();
        let asked = biobert_qa_in {
            question: narrow[0],
            passages: narrow.as_ptr(),
            n_passages: narrow.len(),
        };
        let asked16 = biobert_qa_in16 {
            question: utf16[0],
            passages: utf16.as_ptr(),
            n_passages: utf16.len(),
        };
        let docs: *const c_void = if wide { utf16.as_ptr().cast() } else { narrow.as_ptr().cast() };
        let questions: *const c_void =
            if wide { (&raw const asked16).cast() } else { (&raw const asked).cast() };
        let given = texts[0].given();
        let unrelated = biobert_re_options {
            struct_size: size_of::<biobert_re_options>() as u32,
            unrelated: 1,
        };
        let embed = biobert_embed_options {
            struct_size: size_of::<biobert_embed_options>() as u32,
            pooling: BIOBERT_POOLING_MEAN,
            choose_layer: 0,
            layer: 0,
            normalize: 0,
            tokens: 1,
            prompt: biobert_str { ptr: null(), len: 0 },
        };
        let (options, mut out) = (options(), null_mut());
        work(Args {
            wide,
            engine: self.engine,
            model: self.model,
            heads: null(),
            n_heads: 0,
            texts: if task == Qa { questions } else { docs },
            n_texts: if task == Qa { 1 } else { texts.len() },
            seconds: if task == Pair { docs } else { null() },
            entities: if task == Given { given.as_ptr() } else { null() },
            n_entities: if task == Given { given.len() } else { 0 },
            relations: &unrelated,
            answers: null(),
            embed: &embed,
            extract: null(),
            options: &options,
            cancel: null(),
            out: &mut out,
        })
    }

    /// Runs a task on some texts, with arguments changed as a test likes.
    pub(super) fn run(
        &self,
        call: (Task, bool),
        texts: &[&Text],
        change: impl FnOnce(&mut Args),
    ) -> Result<Found, (biobert_status, String)> {
        let (mut out, mut error) = (null_mut(), null_mut());
        self.with(call, texts, |mut args| {
            args.out = &mut out;
            change(&mut args);
            // SAFETY: valid but for what a test changed, which the function must stand.
            let status = unsafe { args.call(call.0, &mut error) };
            if status == BIOBERT_OK {
                assert!(error.is_null(), "{call:?}: an error beside a result");
                // SAFETY: written by the call.
                Ok(Found(unsafe { *args.out }))
            } else {
                // SAFETY: may be read.
                assert!(unsafe { *args.out }.is_null(), "{call:?}: a result beside an error");
                Err(take(status, error))
            }
        })
    }

    /// Runs a task on a text.
    pub(super) fn ok(&self, call: (Task, bool), text: &str) -> Found {
        self.run(call, &[&Text::new(text)], |_| ()).unwrap()
    }

    /// Live objects of the engine: models and results.
    pub(super) fn live(&self) -> (u64, u64) {
        let mut json = null_mut();
        // SAFETY: a live engine and a valid output.
        unsafe {
            assert_eq!(biobert_engine_stats_json(self.engine, &mut json, null_mut()), BIOBERT_OK);
        }
        let stats: serde_json::Value = serde_json::from_str(&read_json(json)).unwrap();
        (stats["models"].as_u64().unwrap(), stats["results"].as_u64().unwrap())
    }
}

fn read_json(json: *mut biobert_json) -> String {
    // SAFETY: a live object, freed once.
    unsafe {
        let text = biobert_json_view(json).str("json").unwrap().to_string();
        biobert_json_free(json);
        text
    }
}

/// A function that gives a list of a result.
pub(super) type List<T> = unsafe extern "C" fn(
    *const biobert_result,
    usize,
    *mut *const T,
    *mut usize,
    *mut usize,
    *mut *mut biobert_error,
) -> biobert_status;

/// A result, freed in the end.
pub(super) struct Found(pub(super) *mut biobert_result);

// SAFETY: the header says so: any thread, concurrently.
unsafe impl Send for Found {}

impl Found {
    pub(super) fn json(&self) -> String {
        let mut json = null_mut();
        // SAFETY: a live result and a valid output.
        let status = unsafe { biobert_result_to_json(self.0, &mut json, null_mut()) };
        assert_eq!(status, BIOBERT_OK);
        read_json(json)
    }

    pub(super) fn parsed(&self) -> serde_json::Value {
        serde_json::from_str(&self.json()).unwrap()
    }

    /// Status and message of a document.
    pub(super) fn state(&self, doc: usize) -> (biobert_status, String) {
        // SAFETY: a live result.
        unsafe {
            let message = biobert_result_doc_message(self.0, doc).str("message").unwrap();
            (biobert_result_doc_status(self.0, doc), message.to_string())
        }
    }

    /// A list of the first document.
    pub(super) fn list<T: Copy>(&self, function: List<T>) -> Vec<T> {
        let (mut first, mut count, mut stride) = (null(), 0, 0);
        // SAFETY: a live result, valid outputs, and as many structs as the function says.
        unsafe {
            let status = function(self.0, 0, &mut first, &mut count, &mut stride, null_mut());
            assert_eq!((status, stride), (BIOBERT_OK, size_of::<T>()));
            std::slice::from_raw_parts(first, count).to_vec()
        }
    }

    pub(super) fn no_answer(&self) -> f32 {
        let mut value = 0.0;
        // SAFETY: a live result and a valid output.
        let status = unsafe { biobert_result_no_answer(self.0, 0, &mut value, null_mut()) };
        assert_eq!(status, BIOBERT_OK);
        value
    }

    /// The vector of the first document, and the states of its tokens, row by row.
    pub(super) fn floats(&self) -> (Vec<f32>, Vec<Vec<f32>>) {
        let (mut vector, mut states, mut rows, mut width, mut across) = (null(), null(), 0, 0, 0);
        // SAFETY: a live result, valid outputs, and as many numbers as the functions say.
        unsafe {
            let status = biobert_result_embedding(self.0, 0, &mut vector, &mut width, null_mut());
            assert_eq!(status, BIOBERT_OK);
            let status =
                biobert_result_states(self.0, 0, &mut states, &mut rows, &mut across, null_mut());
            assert_eq!((status, across), (BIOBERT_OK, width));
            let vector = std::slice::from_raw_parts(vector, width).to_vec();
            let states = std::slice::from_raw_parts(states, rows * width);
            (vector, states.chunks(width.max(1)).map(<[f32]>::to_vec).collect())
        }
    }
}

impl Drop for Found {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { biobert_result_free(self.0) };
    }
}

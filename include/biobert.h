// biobert: entities, relations, answers, classes and embeddings from biomedical and clinical text. Version 1 of the C interface.
//
// Generated from src/ffi by cbindgen; do not edit. examples/c/notes.c is a program to start from.
//
// RULES, for every function
//
//  1. A function that can fail returns a biobert_status; its last parameter receives, on failure
//     and if it is not NULL, an error object that the caller frees. Outputs are written on success
//     only. There is no "last error" and no other hidden state.
//  2. No word of a document, and no more of a path than its last component, is in any message or
//     log line. The library writes to neither stdout nor stderr, reads no environment variable of
//     its own, opens no file but the model's and those that a training is given or keeps, and
//     never uses a network.
//  3. A panic of the library ends the call with BIOBERT_E_PANIC; the objects of the call stay
//     usable, but for a trainer, whose further calls give BIOBERT_E_INTERNAL. The library never aborts on input; the limits of the engine bound the memory that an
//     input can take, but where the system itself has none left, the process ends, as in any Rust
//     program.
//  4. Pointers are NULL, where that is said, or valid: an object pointer comes from this library and
//     has not been freed; an array or view has as many elements as its length says and does not
//     change during the call; an output may be written. Pointers that are not NULL cannot be
//     checked.
//  5. Option structs begin with their size. Fill them with their _init function and sizeof, then set
//     fields. A field that is 0 has its default.
//  6. Thread safety stands at each type. Engine, model, result, cancel and JSON: any thread,
//     concurrently. After fork() the child must not use an engine of the parent's with more than one
//     thread, nor its models: threads do not come along.
//  7. Objects are counted inside: free them once each, in any order. _free functions take NULL.
//     Never call free() on anything of the library.
//  8. Views (biobert_str) live as long as the object that they came from.
//  9. Inputs above the engine's limits give BIOBERT_E_LIMIT.
// 10. Offsets are half-open, in the unit that the caller chose, into the caller's original text, and
//     never split a character. Invalid UTF-8 or lone surrogates are refused with their position or,
//     on request, read as one U+FFFD for each bad byte or unit.
// 11. Nothing is cut silently: long documents are read in overlapping windows, and flags say how a
//     document was read.
//
// The interface grows by adding; nothing is changed or taken away.


#ifndef BIOBERT_H
#define BIOBERT_H

#include <stddef.h>
#include <stdint.h>

// The version of this header. It grows when something is added; nothing is ever taken away.
#define BIOBERT_ABI_VERSION 1

// Some of the document was longer than the model reads at once and was read in overlapping windows;
// nothing was left out. Relations: a pair of a long sentence was judged from as much around it as
// the model reads.
#define BIOBERT_DOC_WINDOWED 1

// A limit forced a cut. Relations: two entities of a sentence were too far apart to be read
// together, and nothing is said about them. Answers: the question was cut. Classes of a pair: the
// shorter text was cut.
#define BIOBERT_DOC_TRUNCATED 2

// Bad bytes or units were read as U+FFFD.
#define BIOBERT_DOC_REPLACED_INVALID 4

// A switch that ends the calls it was given to. Any thread may trigger it while others run with
// it, also from a callback. It may be freed while calls run: they keep it.
typedef struct biobert_cancel biobert_cancel;

// Threads, instruction set and limits that models share. Immutable: any thread, concurrently.
// Models keep their engine alive; it may be freed before them.
typedef struct biobert_engine biobert_engine;

// Why a call failed. Owned by the caller, who frees it; used by one thread at a time.
typedef struct biobert_error biobert_error;

// A head that was trained on a model's encoder, by itself. Immutable: any number of threads,
// concurrently. Models keep what they need of it; it may be freed before them.
typedef struct biobert_head biobert_head;

// A JSON text. Immutable: any thread may read it at the same time. Freed by the caller.
typedef struct biobert_json biobert_json;

// A model: tokenizer, encoder, heads. Immutable: any number of threads, concurrently. Results keep
// what they need of it alive; it may be freed before them.
typedef struct biobert_model biobert_model;

// What a call found, document by document or question by question. Immutable: any thread,
// concurrently. All views of it live until it is freed; it needs neither model nor engine to stay.
// What a task does not look for is empty, and so is everything of a bad document: ask
// `biobert_result_doc_status` first.
typedef struct biobert_result biobert_result;

// A training with its examples. One thread at a time: a call while another one runs gives
// `BIOBERT_E_BUSY`. It keeps what it needs of its model, which may be freed before it.
typedef struct biobert_trainer biobert_trainer;

// What became of a call: `BIOBERT_OK` or one of the `BIOBERT_E_` codes. Numbers are never reused.
typedef int32_t biobert_status;

// A view of UTF-8 text: not NUL-terminated, NUL may stand inside. An empty view may have a NULL
// pointer.
typedef struct biobert_str {
  // The first byte.
  const char *ptr;
  // How many bytes.
  size_t len;
} biobert_str;

// Where an engine computes.
typedef int32_t biobert_device;

// Receives a line about what the library does, never any text of a document. The view lives until
// the callback returns. Called from any thread that uses the engine, several at a time.
typedef void (*biobert_log_fn)(void *userdata,
                               struct biobert_str line);

// Tells the host that the library will not use `userdata` again. Called exactly once.
typedef void (*biobert_drop_fn)(void *userdata);

// Options of an engine. Set up with `biobert_engine_options_init`; a field that is 0 has its
// default.
typedef struct biobert_engine_options {
  // `sizeof(biobert_engine_options)`.
  uint32_t struct_size;
  // Threads that work on a call; 0 is 1, the caller's own. More are a private pool.
  uint32_t threads;
  // Name of the instruction set to use, such as `avx2`; empty is the best there is. One that this
  // processor lacks is refused with `BIOBERT_E_UNSUPPORTED`, a name that is none with
  // `BIOBERT_E_ARGUMENT`.
  struct biobert_str isa;
  // Where to compute; 0 is `BIOBERT_DEVICE_CPU`.
  biobert_device device;
  // Tokens that are worked on at a time, the bound of scratch memory, up to 100,000; 0 is
  // 1024.
  uint32_t token_budget;
  // Largest document in bytes, two for each unit of UTF-16; 0 is 64 MiB.
  uint64_t max_doc_bytes;
  // Largest sum of the documents of a call in bytes, counted likewise; 0 is 256 MiB.
  uint64_t max_batch_bytes;
  // Receives log lines; NULL is nobody. Must not throw.
  biobert_log_fn log;
  // Passed to `log` and `log_drop`.
  void *log_userdata;
  // Called once when `log` will not be called again: when the engine and all that was made with
  // it are gone, or before `biobert_engine_create` returns an error. Only a struct whose
  // `struct_size` is refused is left alone.
  biobert_drop_fn log_drop;
} biobert_engine_options;

// How carefully a bundle is checked when it is opened.
typedef int32_t biobert_integrity;

// Whether a model's files are mapped or copied.
typedef int32_t biobert_loading;

// The arithmetic of a model.
typedef int32_t biobert_precision;

// Options of opening a model. Set up with `biobert_model_options_init`; 0 is the default.
typedef struct biobert_model_options {
  // `sizeof(biobert_model_options)`.
  uint32_t struct_size;
  // 0 is `BIOBERT_INTEGRITY_FULL`.
  biobert_integrity integrity;
  // 0 is `BIOBERT_LOADING_MAP`.
  biobert_loading loading;
  // 0 is that of the stored weights: int8 for a bundle, f32 for a checkpoint.
  biobert_precision precision;
} biobert_model_options;

// What offsets count. There is no default: the caller chooses.
typedef int32_t biobert_offset_unit;

// What to do with a document that is not valid Unicode.
typedef int32_t biobert_invalid_text;

// Options of a call on documents. Set up with `biobert_run_options_init`, then choose a unit.
typedef struct biobert_run_options {
  // `sizeof(biobert_run_options)`.
  uint32_t struct_size;
  // What offsets count; must be chosen.
  biobert_offset_unit unit;
  // What to do with invalid text; 0 is `BIOBERT_INVALID_REJECT`.
  biobert_invalid_text invalid_text;
  // Milliseconds after which the call ends with `BIOBERT_E_DEADLINE`; 0 is never, so a time left
  // that has run out must not be given.
  uint32_t deadline_ms;
} biobert_run_options;

// A stretch of a document that is an entity. Offsets are half-open, in the unit of the call, and
// point into the caller's original text.
typedef struct biobert_span {
  // Offset of its first character.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
  // Its kind, such as `Disease`.
  struct biobert_str label;
  // The head that found it; empty if the caller gave the entity.
  struct biobert_str head;
  // Mean probability of the labels of its words, 0 to 1.
  float score;
} biobert_span;

// Two entities of a sentence and what a head says of them.
typedef struct biobert_relation {
  // The first entity: an index into the document's spans.
  uint64_t first;
  // The second entity: an index into the document's spans.
  uint64_t second;
  // The label.
  struct biobert_str label;
  // The label in words, to stand between the two: "induces".
  struct biobert_str text;
  // The head that judged.
  struct biobert_str head;
  // Probability of the label, 0 to 1.
  float score;
} biobert_relation;

// A stretch of a passage that may be the answer to a question.
typedef struct biobert_answer {
  // Index of the passage in the question.
  uint64_t passage;
  // Offset of its first character in the passage, in the unit of the call.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
  // The head that answered.
  struct biobert_str head;
  // Start logit plus end logit, less the same sum for "no answer" in the same window: above 0,
  // the head finds it likelier than none. Comparable over windows and passages.
  float score;
} biobert_answer;

// A class that a document, a pair of documents or a question may have.
typedef struct biobert_class {
  // The label.
  struct biobert_str label;
  // The label in words.
  struct biobert_str text;
  // The head that judged.
  struct biobert_str head;
  // Its probability, 0 to 1.
  float score;
  // 1 if it holds: the most probable label of a head, or each with a probability of a half or
  // more where the head decides every label by itself. Else 0.
  uint32_t holds;
} biobert_class;

// A stretch of a document: a sentence, or a token. Offsets are half-open, in the unit of the call,
// and point into the caller's original text.
typedef struct biobert_range {
  // Offset of its first character.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
} biobert_range;

// A view of UTF-16 text in the machine's byte order.
typedef struct biobert_str16 {
  // The first unit.
  const uint16_t *ptr;
  // How many units.
  size_t len;
} biobert_str16;

// Options of relations. Set up with `biobert_re_options_init`; 0 is the default.
typedef struct biobert_re_options {
  // `sizeof(biobert_re_options)`.
  uint32_t struct_size;
  // Not 0: pairs are listed too that a head finds unrelated.
  uint32_t unrelated;
} biobert_re_options;

// An entity that the caller knows already.
typedef struct biobert_entity_in {
  // Index of its document.
  uint64_t doc;
  // Offset of its first character, in the unit of the call.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
  // Its kind, such as `Chemical`; capitals do not matter.
  struct biobert_str kind;
} biobert_entity_in;

// Options of answers. Set up with `biobert_qa_options_init`; 0 is the default.
typedef struct biobert_qa_options {
  // `sizeof(biobert_qa_options)`.
  uint32_t struct_size;
  // Answers to a question at most; 0 is 5.
  uint32_t top;
  // Tokens in an answer at most; 0 is 30.
  uint32_t max_tokens;
} biobert_qa_options;

// A question and its passages in UTF-8.
typedef struct biobert_qa_in {
  // The question.
  struct biobert_str question;
  // The passages that may answer it, of any length.
  const struct biobert_str *passages;
  // How many.
  size_t n_passages;
} biobert_qa_in;

// A question and its passages in UTF-16.
typedef struct biobert_qa_in16 {
  // The question.
  struct biobert_str16 question;
  // The passages that may answer it, of any length.
  const struct biobert_str16 *passages;
  // How many.
  size_t n_passages;
} biobert_qa_in16;

// How the states of a document become one vector.
typedef int32_t biobert_pooling;

// Options of embeddings. Set up with `biobert_embed_options_init`; 0 is the default.
typedef struct biobert_embed_options {
  // `sizeof(biobert_embed_options)`.
  uint32_t struct_size;
  // 0 is `BIOBERT_POOLING_MEAN`.
  biobert_pooling pooling;
  // Not 0: `layer` says which layer's states are taken. 0: the last layer's.
  uint32_t choose_layer;
  // The layer if `choose_layer` is not 0; layer 0 is the embeddings.
  uint32_t layer;
  // Not 0: vectors are scaled to length 1.
  uint32_t normalize;
  // Not 0: every token's place and state is given too.
  uint32_t tokens;
} biobert_embed_options;

// How much time a training may take.
typedef int32_t biobert_preset;

// What a head is made of.
typedef int32_t biobert_head_kind;

// Options of a training. Set up with `biobert_trainer_options_init`, then choose a unit; of the other
// fields 0, or an empty view, is the default. What views point to is copied.
typedef struct biobert_trainer_options {
  // `sizeof(biobert_trainer_options)`.
  uint32_t struct_size;
  // What the offsets of examples count; must be chosen.
  biobert_offset_unit unit;
  // 0 is `BIOBERT_PRESET_BEST`.
  biobert_preset preset;
  // 0 is what does best for the task.
  biobert_head_kind head_kind;
  // Where chance starts: the same seed, data and model give the same head, bit for bit, on every processor.
  uint64_t seed;
  // Not 0: the head is trained once more, on training and held-out data together, for as many epochs
  // as the held-out data chose.
  uint32_t refit;
  // Not 0: of classes and relations, rare labels count for more, by how rare they are.
  uint32_t balanced;
  // A directory for what is computed on the way: a training that was killed goes on from there when
  // the same one is started again. It is emptied in the end. Empty: a file without a name in the
  // system's temporary directory, and no going on.
  struct biobert_str work_path;
  // The most that may be kept on disk of what the encoder says, about 1 kB a word for the default
  // model; 0 is 32 GiB.
  uint64_t max_feature_bytes;
  // Entities: the kind that plain `B` and `I` of a file stand for; empty is `Entity`.
  struct biobert_str entity;
  // Relations: kind of the first entity; empty is what the mask says, `Chemical` for `@CHEMICAL$`.
  struct biobert_str first_kind;
  // Relations: kind of the second entity.
  struct biobert_str second_kind;
  // Relations: what stands in for the first entity; empty is what a file of masked sentences has, or
  // `@ENTITY1$`. Both masks are given, or neither; so with the kinds.
  struct biobert_str first_mask;
  // Relations: what stands in for the second entity.
  struct biobert_str second_mask;
  // Relations: the label that means "none"; empty is a label that says so, such as `0` or `false`.
  struct biobert_str negative;
  // Licence of the weights, for the head's file.
  struct biobert_str licence;
  // Date of the training, for the head's file, which has none of its own accord.
  struct biobert_str date;
} biobert_trainer_options;

// What a head answers.
typedef int32_t biobert_task;

// What examples are for.
typedef int32_t biobert_split;

// An entity that is marked in a text.
typedef struct biobert_mark_in {
  // Offset of its first character, in the unit of the trainer.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
  // Its kind, such as `Anatomy`.
  struct biobert_str label;
} biobert_mark_in;

// A stretch of a text.
typedef struct biobert_range_in {
  // Offset of its first character, in the unit of the trainer.
  uint64_t start;
  // Offset behind its last character.
  uint64_t end;
} biobert_range_in;

// Where a training stands.
typedef int32_t biobert_phase;

// What a training tells while it runs.
typedef struct biobert_progress {
  // Its size in the library; fields are only ever appended.
  uint32_t struct_size;
  // What is told.
  biobert_phase phase;
  // Sequences or batches done.
  uint64_t done;
  // Sequences or batches there are.
  uint64_t of;
  // Epochs that have ended.
  uint64_t epoch;
  // The mean loss of the epoch so far; NaN while reading.
  double loss;
  // F1 on the held-out examples in percent; NaN where they were not looked at.
  double f1;
  // Time that the rest of the learning will take; NaN where it is not known.
  double seconds_left;
} biobert_progress;

// Is told where a training stands, many times a second, on the thread of `biobert_trainer_fit`. With
// refit, learning begins again behind the last epoch, and counts from 1 again. What it
// returns, if it is not 0, stops the training, which keeps the best head so far. `progress` lives
// until it returns. It must not throw.
typedef int32_t (*biobert_progress_fn)(void *userdata,
                                       const struct biobert_progress *progress);

// The call did what it was asked to do.
#define BIOBERT_OK 0

// An argument makes no sense: NULL where a pointer is due, a number out of range.
#define BIOBERT_E_ARGUMENT 1

// A file, a directory or a head is not there.
#define BIOBERT_E_NOT_FOUND 2

// The operating system could not read or write a file or start a thread.
#define BIOBERT_E_IO 3

// A model's files are whole but do not fit together.
#define BIOBERT_E_MODEL 4

// A model file is damaged.
#define BIOBERT_E_CORRUPT 5

// Well formed, but nothing that this version can do.
#define BIOBERT_E_UNSUPPORTED 6

// An input is larger than a limit of the engine.
#define BIOBERT_E_LIMIT 7

// A text is not valid Unicode.
#define BIOBERT_E_ENCODING 8

// The call was cancelled.
#define BIOBERT_E_CANCELLED 9

// The deadline passed.
#define BIOBERT_E_DEADLINE 10

// The object is in use by another thread.
#define BIOBERT_E_BUSY 11

// A defect of the library: a panic was caught. The objects of the call stay usable.
#define BIOBERT_E_PANIC 12

// A defect of the library that it noticed itself.
#define BIOBERT_E_INTERNAL 13

// Bytes of UTF-8.
#define BIOBERT_UTF8_BYTES 1

// Unicode scalar values.
#define BIOBERT_UNICODE_SCALARS 2

// UTF-16 units.
#define BIOBERT_UTF16_UNITS 3

// On the processor.
#define BIOBERT_DEVICE_CPU 1

// Every byte of every file against its SHA-256.
#define BIOBERT_INTEGRITY_FULL 1

// Small files as above; of the tensor files only length and header.
#define BIOBERT_INTEGRITY_HEADERS 2

// Map them: processes share the pages. Overwriting a mapped file in place kills the process by
// SIGBUS; replace a model by renaming directories.
#define BIOBERT_LOADING_MAP 1

// Read them into memory: safe whatever happens to the files.
#define BIOBERT_LOADING_COPY 2

// 32-bit floating point.
#define BIOBERT_PRECISION_F32 1

// 8-bit integers with exact sums: the same bits on every processor. ONNX graphs that are no BERT
// have none.
#define BIOBERT_PRECISION_INT8 2

// Refuse it: its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
#define BIOBERT_INVALID_REJECT 1

// Read each bad byte or unit as one U+FFFD; offsets still point into the original.
#define BIOBERT_INVALID_REPLACE 2

// The mean over all tokens, without `[CLS]` and `[SEP]`.
#define BIOBERT_POOLING_MEAN 1

// The state of `[CLS]`; of several windows the mean.
#define BIOBERT_POOLING_CLS 2

// Named entities.
#define BIOBERT_TASK_NER 1

// Relations between two entities.
#define BIOBERT_TASK_RE 2

// Answers to questions.
#define BIOBERT_TASK_QA 3

// Classes of documents.
#define BIOBERT_TASK_CLASSIFY 4

// To learn from.
#define BIOBERT_SPLIT_TRAIN 1

// To choose the epoch by, and to correct probabilities with. Without any, a tenth of those to
// learn from, drawn by class and random seed, is held out for this.
#define BIOBERT_SPLIT_DEV 2

// To measure the head with, by `biobert_trainer_eval`.
#define BIOBERT_SPLIT_TEST 3

// A first answer: a few epochs, of few texts as many as make 150 steps.
#define BIOBERT_PRESET_FAST 1

// Ten epochs, of few texts as many as make 600 steps.
#define BIOBERT_PRESET_BEST 2

// One linear layer on the last layer's states: a baseline, much worse for entities.
#define BIOBERT_HEAD_LINEAR 1

// A learned mix of the encoder's layers, a norm, a linear layer; for entities a CRF.
#define BIOBERT_HEAD_MIX 2

// The same with a hidden layer: for relations and classes, where it is the default.
#define BIOBERT_HEAD_MLP 3

// The mean over the layers and an LSTM in both directions: for answers, where it is the default.
#define BIOBERT_HEAD_LSTM 4

// The same with a CRF: for entities, where it is the default.
#define BIOBERT_HEAD_LSTM_CRF 5

// The encoder reads the texts: `done` of `of` sequences.
#define BIOBERT_PHASE_READING 1

// The head learns: `done` of `of` batches over all epochs. `epoch` epochs have ended.
#define BIOBERT_PHASE_LEARNING 2

// An epoch has ended: `epoch` is its number, from 1.
#define BIOBERT_PHASE_EPOCH 3

// A training that was killed goes on behind `epoch`.
#define BIOBERT_PHASE_RESUMED 4

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// `BIOBERT_ABI_VERSION` of the library that runs: at least that of the header compiled against.
// Any thread.
uint32_t biobert_abi_version(void);

// The library's version, such as `0.1.0`. Static, NUL-terminated. Any thread.
const char *biobert_version_string(void);

// Version, features, commit and this processor's instruction sets as JSON. Static,
// NUL-terminated. Any thread.
const char *biobert_build_info_json(void);

// The name of a status, such as `BIOBERT_E_ARGUMENT`; `BIOBERT_E_UNKNOWN` for a number that is
// none. Static, NUL-terminated. Any thread.
const char *biobert_status_name(biobert_status status);

// The status that the call returned; `BIOBERT_OK` for NULL.
biobert_status biobert_error_status(const struct biobert_error *error);

// What went wrong, in English; never a word of a document. Empty for NULL. The view lives as long
// as the error.
struct biobert_str biobert_error_message(const struct biobert_error *error);

// The document that made the whole call fail, or -1 if no single one did. What is wrong with one
// document stands in the result; it does not make a call fail.
int64_t biobert_error_doc_index(const struct biobert_error *error);

// Frees an error. NULL is ignored.
void biobert_error_free(struct biobert_error *error);

// The text, NUL not included. Empty for NULL. The view lives until the object is freed.
struct biobert_str biobert_json_view(const struct biobert_json *json);

// Frees a JSON text. NULL is ignored.
void biobert_json_free(struct biobert_json *json);

// Makes a switch that is off. The caller frees it.
biobert_status biobert_cancel_create(struct biobert_cancel **out,
                                     struct biobert_error **error);

// Switches on, for good: running calls end soon with `BIOBERT_E_CANCELLED`, later ones at once.
// NULL is ignored.
void biobert_cancel_trigger(const struct biobert_cancel *cancel);

// Frees a switch. NULL is ignored.
void biobert_cancel_free(struct biobert_cancel *cancel);

// Writes `size`, which is `sizeof(biobert_engine_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_engine_options_init(struct biobert_engine_options *options,
                                 size_t size);

// Makes an engine. `options` may be NULL for the defaults. The caller frees `*out`.
biobert_status biobert_engine_create(const struct biobert_engine_options *options,
                                     struct biobert_engine **out,
                                     struct biobert_error **error);

// Live objects and settings of an engine as JSON: `{"models","results","threads","isa"}`. The
// caller frees `*out`.
biobert_status biobert_engine_stats_json(const struct biobert_engine *engine,
                                         struct biobert_json **out,
                                         struct biobert_error **error);

// Frees an engine. NULL is ignored.
void biobert_engine_free(struct biobert_engine *engine);

// Writes `size`, which is `sizeof(biobert_model_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_model_options_init(struct biobert_model_options *options,
                                size_t size);

// Opens a bundle, or a checkpoint directory with `model.safetensors`, `pytorch_model.bin` or
// `model.onnx`. `path` is UTF-8 on every system; `options` may be NULL for the defaults. The caller
// frees `*out`. Safe on untrusted files: nothing in them is run.
biobert_status biobert_model_open_path(const struct biobert_engine *engine,
                                       struct biobert_str path,
                                       const struct biobert_model_options *options,
                                       struct biobert_model **out,
                                       struct biobert_error **error);

// What there is to know about a model as JSON: format, path taken, precision, instruction set,
// heads, limits, source, notes. The caller frees `*out`.
biobert_status biobert_model_info_json(const struct biobert_model *model,
                                       struct biobert_json **out,
                                       struct biobert_error **error);

// How many heads a model has. 0 for NULL.
size_t biobert_model_head_count(const struct biobert_model *model);

// The name of a head by its index. The view lives as long as the model.
biobert_status biobert_model_head_name(const struct biobert_model *model,
                                       size_t index,
                                       struct biobert_str *out,
                                       struct biobert_error **error);

// How many labels a head has.
biobert_status biobert_model_label_count(const struct biobert_model *model,
                                         struct biobert_str head,
                                         size_t *out,
                                         struct biobert_error **error);

// The name of a head's label by its index. The view lives as long as the model.
biobert_status biobert_model_label_name(const struct biobert_model *model,
                                        struct biobert_str head,
                                        size_t index,
                                        struct biobert_str *out,
                                        struct biobert_error **error);

// Runs a bundle's check of itself, as JSON: `{"sequences","state_drift","logit_drift","decisions",
// "changed"}`: what it found, to be judged by the caller; a drift is `null` where something is no
// number. The files themselves were checked when the model was opened. The caller frees
// `*out`.
biobert_status biobert_model_verify(const struct biobert_model *model,
                                    struct biobert_json **out,
                                    struct biobert_error **error);

// Adds a reference: the model then has to be freed once more. Returns its argument; NULL stays
// NULL.
struct biobert_model *biobert_model_retain(const struct biobert_model *model);

// Takes a reference away; the last one frees the model. NULL is ignored.
void biobert_model_free(struct biobert_model *model);

// Writes `size`, which is `sizeof(biobert_run_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_run_options_init(struct biobert_run_options *options,
                              size_t size);

// How many documents, or questions, the call had. 0 for NULL.
size_t biobert_result_doc_count(const struct biobert_result *result);

// What became of a document or a question; `BIOBERT_E_ARGUMENT` for NULL or an index out of range.
biobert_status biobert_result_doc_status(const struct biobert_result *result,
                                         size_t doc);

// Why a document or a question has no result, in English; never a word of it. Empty if it has one.
struct biobert_str biobert_result_doc_message(const struct biobert_result *result,
                                              size_t doc);

// How a document was read: a sum of `BIOBERT_DOC_` flags. 0 for NULL or an index out of range.
uint32_t biobert_result_doc_flags(const struct biobert_result *result,
                                  size_t doc);

// The entities of a document, by start, the longer first where two start together. Entities of one
// head do not overlap; those of different heads may.
//
// `*spans` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_spans(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_span **spans,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// The relations of a document: by head, then by the places of the two entities.
//
// `*relations` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_relations(const struct biobert_result *result,
                                        size_t doc,
                                        const struct biobert_relation **relations,
                                        size_t *count,
                                        size_t *stride,
                                        struct biobert_error **error);

// The answers to a question, the best first; of answers with one text, whatever their capitals, the
// best.
//
// `*answers` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_answers(const struct biobert_result *result,
                                      size_t doc,
                                      const struct biobert_answer **answers,
                                      size_t *count,
                                      size_t *stride,
                                      struct biobert_error **error);

// How far "no answer" is ahead of the best answer to a question, on the answers' scale (the score
// difference of SQuAD 2.0): above 0, the passages probably do not tell. Infinite where there is no
// span to answer with, NaN where no head answers with spans.
biobert_status biobert_result_no_answer(const struct biobert_result *result,
                                        size_t doc,
                                        float *out,
                                        struct biobert_error **error);

// The classes of a document or a pair, and yes or no to a question: every label of every head, head
// by head, the most probable label first.
//
// `*classes` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_classes(const struct biobert_result *result,
                                      size_t doc,
                                      const struct biobert_class **classes,
                                      size_t *count,
                                      size_t *stride,
                                      struct biobert_error **error);

// The sentences of a document, in order.
//
// `*sentences` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_sentences(const struct biobert_result *result,
                                        size_t doc,
                                        const struct biobert_range **sentences,
                                        size_t *count,
                                        size_t *stride,
                                        struct biobert_error **error);

// The tokens of an embedded document, in order, if they were asked for: as many as
// `biobert_result_states` has rows.
//
// `*tokens` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones.
biobert_status biobert_result_tokens(const struct biobert_result *result,
                                     size_t doc,
                                     const struct biobert_range **tokens,
                                     size_t *count,
                                     size_t *stride,
                                     struct biobert_error **error);

// The vector of an embedded document: `*width` numbers; zeros for a document without a word.
biobert_status biobert_result_embedding(const struct biobert_result *result,
                                        size_t doc,
                                        const float **values,
                                        size_t *width,
                                        struct biobert_error **error);

// The states of an embedded document's tokens, if they were asked for: `*rows` rows of `*width`
// numbers, one behind the other.
biobert_status biobert_result_states(const struct biobert_result *result,
                                     size_t doc,
                                     const float **values,
                                     size_t *rows,
                                     size_t *width,
                                     struct biobert_error **error);

// The whole result as JSON: `{"precision","documents":[{"status","flags","message",…}]}`, each
// document with what its task gives: `entities`, `relations`, `answers` and `no_answer`, `classes`,
// `sentences`, `embedding`, `tokens`, `states`, with the fields of the structs above. Infinite
// numbers are `null`. The caller frees `*out`.
biobert_status biobert_result_to_json(const struct biobert_result *result,
                                      struct biobert_json **out,
                                      struct biobert_error **error);

// Frees a result and all its views. NULL is ignored.
void biobert_result_free(struct biobert_result *result);

// Finds the entities of `n_docs` UTF-8 documents with the heads named, or with all NER heads if
// `n_heads` is 0; see `biobert_result_spans`.
//
// A document may have any length within the engine's limits. A bad document has its own status in
// the result and does not make the call fail.
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may run on one model.
biobert_status biobert_ner_run(const struct biobert_model *model,
                               const struct biobert_str *heads,
                               size_t n_heads,
                               const struct biobert_str *docs,
                               size_t n_docs,
                               const struct biobert_run_options *options,
                               const struct biobert_cancel *cancel,
                               struct biobert_result **out,
                               struct biobert_error **error);

// `biobert_ner_run` for UTF-16 documents.
biobert_status biobert_ner_run16(const struct biobert_model *model,
                                 const struct biobert_str *heads,
                                 size_t n_heads,
                                 const struct biobert_str16 *docs,
                                 size_t n_docs,
                                 const struct biobert_run_options *options,
                                 const struct biobert_cancel *cancel,
                                 struct biobert_result **out,
                                 struct biobert_error **error);

// Writes `size`, which is `sizeof(biobert_re_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_re_options_init(struct biobert_re_options *options,
                             size_t size);

// Finds relations in `n_docs` UTF-8 documents with the heads named, or with all for this task whose
// entities are to be had if `n_heads` is 0; see `biobert_result_relations` and
// `biobert_result_spans`.
//
// Every pair of entities of a head's kinds in one sentence is judged. The entities are the caller's,
// or, if `entities` is NULL, those that the model's NER heads find; an empty list is given by a
// pointer that is not NULL. An entity with an impossible place makes the call fail. `relations` may
// be NULL for the defaults.
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may run on one model.
biobert_status biobert_re_run(const struct biobert_model *model,
                              const struct biobert_str *heads,
                              size_t n_heads,
                              const struct biobert_str *docs,
                              size_t n_docs,
                              const struct biobert_entity_in *entities,
                              size_t n_entities,
                              const struct biobert_re_options *relations,
                              const struct biobert_run_options *options,
                              const struct biobert_cancel *cancel,
                              struct biobert_result **out,
                              struct biobert_error **error);

// `biobert_re_run` for UTF-16 documents.
biobert_status biobert_re_run16(const struct biobert_model *model,
                                const struct biobert_str *heads,
                                size_t n_heads,
                                const struct biobert_str16 *docs,
                                size_t n_docs,
                                const struct biobert_entity_in *entities,
                                size_t n_entities,
                                const struct biobert_re_options *relations,
                                const struct biobert_run_options *options,
                                const struct biobert_cancel *cancel,
                                struct biobert_result **out,
                                struct biobert_error **error);

// Writes `size`, which is `sizeof(biobert_qa_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_qa_options_init(struct biobert_qa_options *options,
                             size_t size);

// Answers `n_questions` questions in UTF-8, each from its own passages, with the heads named, or
// with all for this task if `n_heads` is 0; see `biobert_result_answers`, `biobert_result_no_answer`
// and, for yes or no, `biobert_result_classes`. The result's documents are the questions.
//
// Offsets are into the passages. A question that is bad, or has a bad passage, has its own status.
// `answers` may be NULL for the defaults.
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may run on one model.
biobert_status biobert_qa_run(const struct biobert_model *model,
                              const struct biobert_str *heads,
                              size_t n_heads,
                              const struct biobert_qa_in *questions,
                              size_t n_questions,
                              const struct biobert_qa_options *answers,
                              const struct biobert_run_options *options,
                              const struct biobert_cancel *cancel,
                              struct biobert_result **out,
                              struct biobert_error **error);

// `biobert_qa_run` for UTF-16 questions and passages.
biobert_status biobert_qa_run16(const struct biobert_model *model,
                                const struct biobert_str *heads,
                                size_t n_heads,
                                const struct biobert_qa_in16 *questions,
                                size_t n_questions,
                                const struct biobert_qa_options *answers,
                                const struct biobert_run_options *options,
                                const struct biobert_cancel *cancel,
                                struct biobert_result **out,
                                struct biobert_error **error);

// Classifies `n_docs` UTF-8 documents with the heads named, or with all for this task if `n_heads`
// is 0; see `biobert_result_classes`.
//
// With `seconds`, which has `n_docs` texts or is NULL, document `i` is judged together with second
// text `i`: a note and a trial criterion. Of texts that are too long together the longer one is read
// in windows. A bad document has its own status in the result.
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may run on one model.
biobert_status biobert_classify_run(const struct biobert_model *model,
                                    const struct biobert_str *heads,
                                    size_t n_heads,
                                    const struct biobert_str *docs,
                                    const struct biobert_str *seconds,
                                    size_t n_docs,
                                    const struct biobert_run_options *options,
                                    const struct biobert_cancel *cancel,
                                    struct biobert_result **out,
                                    struct biobert_error **error);

// `biobert_classify_run` for UTF-16 documents.
biobert_status biobert_classify_run16(const struct biobert_model *model,
                                      const struct biobert_str *heads,
                                      size_t n_heads,
                                      const struct biobert_str16 *docs,
                                      const struct biobert_str16 *seconds,
                                      size_t n_docs,
                                      const struct biobert_run_options *options,
                                      const struct biobert_cancel *cancel,
                                      struct biobert_result **out,
                                      struct biobert_error **error);

// Writes `size`, which is `sizeof(biobert_embed_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_embed_options_init(struct biobert_embed_options *options,
                                size_t size);

// Turns `n_docs` UTF-8 documents into vectors; see `biobert_result_embedding`,
// `biobert_result_tokens` and `biobert_result_states`.
//
// A document that is too long for the model is read in windows; each token has the state of the one
// window that decides it. A bad document has its own status in the result. `embed` may be NULL for
// the defaults.
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may run on one model.
biobert_status biobert_embed_run(const struct biobert_model *model,
                                 const struct biobert_str *docs,
                                 size_t n_docs,
                                 const struct biobert_embed_options *embed,
                                 const struct biobert_run_options *options,
                                 const struct biobert_cancel *cancel,
                                 struct biobert_result **out,
                                 struct biobert_error **error);

// `biobert_embed_run` for UTF-16 documents.
biobert_status biobert_embed_run16(const struct biobert_model *model,
                                   const struct biobert_str16 *docs,
                                   size_t n_docs,
                                   const struct biobert_embed_options *embed,
                                   const struct biobert_run_options *options,
                                   const struct biobert_cancel *cancel,
                                   struct biobert_result **out,
                                   struct biobert_error **error);

// Divides `n_docs` UTF-8 documents in English into sentences; see `biobert_result_sentences`. Needs
// no model. A sentence is one of running text, or a heading, a list item or a one-line statement of
// a note; line breaks within running text do not end it.
//
// `options` must choose a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE` included, it is not touched. Any number
// of threads may use one engine.
biobert_status biobert_sentences_run(const struct biobert_engine *engine,
                                     const struct biobert_str *docs,
                                     size_t n_docs,
                                     const struct biobert_run_options *options,
                                     const struct biobert_cancel *cancel,
                                     struct biobert_result **out,
                                     struct biobert_error **error);

// `biobert_sentences_run` for UTF-16 documents.
biobert_status biobert_sentences_run16(const struct biobert_engine *engine,
                                       const struct biobert_str16 *docs,
                                       size_t n_docs,
                                       const struct biobert_run_options *options,
                                       const struct biobert_cancel *cancel,
                                       struct biobert_result **out,
                                       struct biobert_error **error);

// Opens a directory with `head.json` and `head.safetensors`; the head is called as the directory.
// `path` is UTF-8 on every system. The caller frees `*out`. Safe on untrusted files.
biobert_status biobert_head_open_path(struct biobert_str path,
                                      struct biobert_head **out,
                                      struct biobert_error **error);

// Writes a head into a directory, which is made if need be; a head that was there is replaced.
biobert_status biobert_head_save_path(const struct biobert_head *head,
                                      struct biobert_str path,
                                      struct biobert_error **error);

// What a head says of itself, as JSON: task, labels, hashes of its encoder, tokenizer and data,
// licence, date, metrics. The caller frees `*out`.
biobert_status biobert_head_info_json(const struct biobert_head *head,
                                      struct biobert_json **out,
                                      struct biobert_error **error);

// Frees a head. NULL is ignored.
void biobert_head_free(struct biobert_head *head);

// Makes a model with one more head, called `name`, or by its own name if `name` is empty. Encoder and
// tokenizer are shared, so that this takes little time and memory; `model` stays as it is, and calls
// that run on it are not touched. A head of another encoder is refused with `BIOBERT_E_MODEL`, a name
// that is taken with `BIOBERT_E_ARGUMENT`. The caller frees `*out`.
biobert_status biobert_model_with_head(const struct biobert_model *model,
                                       const struct biobert_head *head,
                                       struct biobert_str name,
                                       struct biobert_model **out,
                                       struct biobert_error **error);

// Writes `size`, which is `sizeof(biobert_trainer_options)` of the calling program, and zeros, which
// mean the defaults. NULL is ignored. Any thread.
void biobert_trainer_options_init(struct biobert_trainer_options *options,
                                  size_t size);

// Makes a trainer for a task, without examples. The caller frees `*out`. A model that is an ONNX graph
// and no BERT cannot be trained on.
biobert_status biobert_trainer_create(const struct biobert_model *model,
                                      biobert_task task,
                                      const struct biobert_trainer_options *options,
                                      struct biobert_trainer **out,
                                      struct biobert_error **error);

// Adds a UTF-8 text with all its entities, which may be none and must not overlap. Bad places and
// empty labels are refused with `BIOBERT_E_ARGUMENT`, and nothing is added.
biobert_status biobert_trainer_add_ner(struct biobert_trainer *trainer,
                                       biobert_split split,
                                       struct biobert_str text,
                                       const struct biobert_mark_in *marks,
                                       size_t n_marks,
                                       struct biobert_error **error);

// `biobert_trainer_add_ner` for UTF-16 text.
biobert_status biobert_trainer_add_ner16(struct biobert_trainer *trainer,
                                         biobert_split split,
                                         struct biobert_str16 text,
                                         const struct biobert_mark_in *marks,
                                         size_t n_marks,
                                         struct biobert_error **error);

// Adds two entities of a UTF-8 text and how they are related. Of a long text, the sentence with the two
// is read. Pairs that are not related are to be added too, with a label for that.
biobert_status biobert_trainer_add_re(struct biobert_trainer *trainer,
                                      biobert_split split,
                                      struct biobert_str text,
                                      struct biobert_range_in first,
                                      struct biobert_range_in second,
                                      struct biobert_str label,
                                      struct biobert_error **error);

// `biobert_trainer_add_re` for UTF-16 text.
biobert_status biobert_trainer_add_re16(struct biobert_trainer *trainer,
                                        biobert_split split,
                                        struct biobert_str16 text,
                                        struct biobert_range_in first,
                                        struct biobert_range_in second,
                                        struct biobert_str label,
                                        struct biobert_error **error);

// Adds a UTF-8 text and its class. `second` is what the text is held against, NULL if it is judged by
// itself.
biobert_status biobert_trainer_add_class(struct biobert_trainer *trainer,
                                         biobert_split split,
                                         struct biobert_str text,
                                         const struct biobert_str *second,
                                         struct biobert_str label,
                                         struct biobert_error **error);

// `biobert_trainer_add_class` for UTF-16 text.
biobert_status biobert_trainer_add_class16(struct biobert_trainer *trainer,
                                           biobert_split split,
                                           struct biobert_str16 text,
                                           const struct biobert_str16 *second,
                                           struct biobert_str label,
                                           struct biobert_error **error);

// Adds a UTF-8 question with a passage and where in it the answer stands; `answer` is NULL if the
// passage does not tell.
biobert_status biobert_trainer_add_qa(struct biobert_trainer *trainer,
                                      biobert_split split,
                                      struct biobert_str question,
                                      struct biobert_str passage,
                                      const struct biobert_range_in *answer,
                                      struct biobert_error **error);

// `biobert_trainer_add_qa` for UTF-16 texts.
biobert_status biobert_trainer_add_qa16(struct biobert_trainer *trainer,
                                        biobert_split split,
                                        struct biobert_str16 question,
                                        struct biobert_str16 passage,
                                        const struct biobert_range_in *answer,
                                        struct biobert_error **error);

// Adds the examples of a file: all of them, or none if one is wrong, which is told with its line or
// place.
// Entities: two columns of words and BIO tags, or JSON lines
// `{"text", "entities": [{"start", "end", "label"}]}`; relations: tab-separated masked sentences and
// labels, or `{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}`; classes:
// tab-separated texts and labels, or `{"text", "label"}`, perhaps with `"second"`; answers: SQuAD's JSON, or
// `{"question", "passage", "answer": {"start", "end"} or null}`. JSON lines are in files whose names
// end in `.jsonl`, or, but for answers, in `.json`. `path` is UTF-8.
biobert_status biobert_trainer_add_file(struct biobert_trainer *trainer,
                                        biobert_split split,
                                        struct biobert_str path,
                                        struct biobert_error **error);

// Trains a head from the examples. `progress` may be NULL; `userdata` is passed to it. `cancel` may
// be NULL. Who cancels, or whose `progress` returns something else than 0, before the first epoch has
// ended gets `BIOBERT_E_CANCELLED`; afterwards the best head so far is kept and the call succeeds.
// More examples may be added behind, and a head be trained again.
biobert_status biobert_trainer_fit(struct biobert_trainer *trainer,
                                   biobert_progress_fn progress,
                                   void *userdata,
                                   const struct biobert_cancel *cancel,
                                   struct biobert_error **error);

// The report of the training, as JSON: labels, scores as a whole and by label, confusion table,
// calibration, history. The caller frees `*out`. `BIOBERT_E_ARGUMENT` before there is a head.
biobert_status biobert_trainer_report_json(const struct biobert_trainer *trainer,
                                           struct biobert_json **out,
                                           struct biobert_error **error);

// Measures the head on the examples of `BIOBERT_SPLIT_TEST`, as JSON: scores as a whole and by label,
// confusion table, calibration error. `cancel` may be NULL. The caller frees `*out`.
biobert_status biobert_trainer_eval(const struct biobert_trainer *trainer,
                                    const struct biobert_cancel *cancel,
                                    struct biobert_json **out,
                                    struct biobert_error **error);

// The head that was trained, to be given to `biobert_model_with_head` or saved. The caller frees
// `*out`. `BIOBERT_E_ARGUMENT` before there is a head.
biobert_status biobert_trainer_head(const struct biobert_trainer *trainer,
                                    struct biobert_head **out,
                                    struct biobert_error **error);

// Frees a trainer. NULL is ignored.
void biobert_trainer_free(struct biobert_trainer *trainer);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BIOBERT_H */

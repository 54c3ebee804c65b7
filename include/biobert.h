// biobert, version 2 of the C interface: entities and what notes say of them, relations, answers,
// classes and embeddings from biomedical and clinical text.
//
// Generated from src/ffi by cbindgen; do not edit. Start from examples/c/notes.c.
//
// RULES for every function
//
//  1. Errors. A function that ends in `biobert_error **error` returns a biobert_status. That
//     parameter may be NULL; if it is not, a failure writes an error object there, which the
//     caller frees. Outputs are written on success only. There is no "last error" and no other
//     hidden state.
//  2. Privacy. No message and no log line has any text of a document, nor more of a path than its
//     last component. The library never uses a network, writes nothing to stdout or stderr and
//     reads no environment variable of its own. It opens only the files of models and of
//     trainings. A training without a work_path has a temporary file where the system puts such
//     files: TMPDIR decides where.
//  3. Panics. A panic in the library ends the call with BIOBERT_E_PANIC. The objects of the call
//     stay usable, except for a trainer, whose later calls give BIOBERT_E_INTERNAL. No input
//     aborts the process. The limits of the engine bound the memory that an input can take; but if
//     the system itself runs out of memory, the process ends, as in any Rust program.
//  4. Pointers. A pointer is valid, or NULL where that is allowed. An object pointer comes from
//     this library and has not been freed. An array or view has as many elements as its length
//     says and does not change during the call. An output can be written. The library cannot check
//     a pointer that is not NULL.
//  5. Options. An option struct begins with its size. Its _init function, given sizeof, sets that
//     and every other field to 0, its default; `unit` has none and must be set.
//  6. Threads. Each type says which threads may use it. Engines, models, heads, results, cancel
//     switches and JSON texts may be used by any number of threads at once. After fork(), the
//     child must not use an engine of its parent that has more than one thread, nor the models of
//     such an engine: the threads are not there.
//  7. Ownership. Objects are counted inside: free each one once, in any order. _free functions
//     accept NULL. Never call free() on anything from this library.
//  8. Views. A view (biobert_str) lives as long as the object that it came from.
//  9. Limits. An input above the limits of the engine gives BIOBERT_E_LIMIT.
// 10. Offsets. A start and an end are half-open and count the unit that the caller chose in the
//     caller's own text. They never split a character. Invalid UTF-8 and lone surrogates are
//     refused with their position or, on request, read as one U+FFFD for each bad byte or unit.
// 11. Nothing is cut silently. Long documents are read in overlapping windows, and flags say how a
//     document was read.
//
// Functions, constants and fields are only ever added; nothing is changed or removed.


#ifndef BIOBERT_H
#define BIOBERT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// -------------------------------------------------------------------------------------------------
// Library: version and build
// -------------------------------------------------------------------------------------------------

// The version of this header. It rises when something is added; nothing is ever removed.
#define BIOBERT_ABI_VERSION 2

// `BIOBERT_ABI_VERSION` of the loaded library. It must not be lower than that of the header that
// the program was compiled with. Any thread.
uint32_t biobert_abi_version(void);

// The library's version, such as `0.1.0`. Static, NUL-terminated. Any thread.
const char *biobert_version_string(void);

// Version, features, commit and the instruction sets of this processor as JSON. Static,
// NUL-terminated. Any thread.
const char *biobert_build_info_json(void);

// -------------------------------------------------------------------------------------------------
// Status codes
// -------------------------------------------------------------------------------------------------

// How a call ended: `BIOBERT_OK` or one of the `BIOBERT_E_` codes. Numbers are never reused.
typedef int32_t biobert_status;

// Success.
#define BIOBERT_OK 0

// A wrong argument: NULL where a pointer is needed, a number out of range, an impossible place.
#define BIOBERT_E_ARGUMENT 1

// A file, a directory or a head does not exist.
#define BIOBERT_E_NOT_FOUND 2

// The operating system could not read or write a file or start a thread.
#define BIOBERT_E_IO 3

// A model's files are whole but do not fit together. Also: an annotated file cannot be
// read.
#define BIOBERT_E_MODEL 4

// A model file is damaged.
#define BIOBERT_E_CORRUPT 5

// Well formed, but this version cannot do it.
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

// A bug in the library: a panic was caught. The objects of the call stay usable, except for a
// trainer.
#define BIOBERT_E_PANIC 12

// A bug in the library that it noticed itself.
#define BIOBERT_E_INTERNAL 13

// A GPU cannot be used, or it failed.
#define BIOBERT_E_DEVICE 14

// The name of a status, such as `BIOBERT_E_ARGUMENT`; `BIOBERT_E_UNKNOWN` for any other number.
// Static, NUL-terminated. Any thread.
const char *biobert_status_name(biobert_status status);

// -------------------------------------------------------------------------------------------------
// Text and offsets
// -------------------------------------------------------------------------------------------------

// A view of UTF-8 text. It is not NUL-terminated and may contain NUL. The pointer of an empty view
// may be NULL.
typedef struct biobert_str {
  // The first byte.
  const char *ptr;
  // Length in bytes.
  size_t len;
} biobert_str;

// A view of UTF-16 text in the byte order of the machine. As above, it may contain NUL.
typedef struct biobert_str16 {
  // The first unit.
  const uint16_t *ptr;
  // Length in units.
  size_t len;
} biobert_str16;

// What offsets count. There is no default: the caller must choose.
typedef int32_t biobert_offset_unit;

// Bytes of UTF-8.
#define BIOBERT_UTF8_BYTES 1

// Unicode scalar values.
#define BIOBERT_UNICODE_SCALARS 2

// UTF-16 units.
#define BIOBERT_UTF16_UNITS 3

// -------------------------------------------------------------------------------------------------
// Errors: why a call failed
// -------------------------------------------------------------------------------------------------

// Why a call failed. Owned by the caller, who frees it; used by one thread at a time.
typedef struct biobert_error biobert_error;

// The status that the call returned; `BIOBERT_OK` for NULL.
biobert_status biobert_error_status(const struct biobert_error *error);

// What went wrong, in English; never any text of a document. Empty for NULL. The view lives as
// long as the error.
struct biobert_str biobert_error_message(const struct biobert_error *error);

// The index of the document, or question, that made the whole call fail; -1 if no single one did,
// and for NULL. It is set if a document has no valid pointer, if an entity that the caller gives
// has an impossible place, and if a trainer refuses an example, which is document 0 of its call.
// The kind of such an entity must be UTF-8 and not NULL, else its document is named too. An entity
// whose `doc` is out of range gives -1, and so does a call over `max_batch_bytes`.
//
// A document that is not valid Unicode or is too large does not make the whole call fail: it has
// its own status in the result.
int64_t biobert_error_doc_index(const struct biobert_error *error);

// Frees an error. NULL is ignored.
void biobert_error_free(struct biobert_error *error);

// -------------------------------------------------------------------------------------------------
// JSON texts
// -------------------------------------------------------------------------------------------------

// A JSON text. Immutable: any number of threads may read it at once. Freed by the caller.
typedef struct biobert_json biobert_json;

// The text, without a final NUL. Empty for NULL. The view lives until the object is freed.
struct biobert_str biobert_json_view(const struct biobert_json *json);

// Frees a JSON text. NULL is ignored.
void biobert_json_free(struct biobert_json *json);

// -------------------------------------------------------------------------------------------------
// Devices: where an engine computes, and where a call ran
// -------------------------------------------------------------------------------------------------

// Where an engine computes, or where a call ran. Results are the same bits everywhere.
typedef int32_t biobert_device;

// On the processor.
#define BIOBERT_DEVICE_CPU 1

// An option only: on a GPU, and on the processor where there is none, where it fails, or for what
// only the processor runs; the log says why, and `biobert_engine_stats_json`. A library without GPU
// support gives `BIOBERT_E_UNSUPPORTED` for this too.
#define BIOBERT_DEVICE_PREFER_GPU 2

// An option only: on a GPU, or an error that says why not: `BIOBERT_E_DEVICE` for a GPU or a driver
// that will not do, from `biobert_engine_create` or a later call; `BIOBERT_E_UNSUPPORTED` from
// `biobert_model_open` for a model that only the processor runs, which is any but a BERT in int8.
#define BIOBERT_DEVICE_REQUIRE_GPU 3

// An answer of `biobert_result_device` only: on a GPU.
#define BIOBERT_DEVICE_GPU 4

// An answer of `biobert_result_device` only: some of it on a GPU and some on the processor, as when
// the GPU fails on the way.
#define BIOBERT_DEVICE_BOTH 5

// -------------------------------------------------------------------------------------------------
// Engines
// -------------------------------------------------------------------------------------------------

// Threads, instruction set, device and limits, shared by models. Immutable: any number of threads
// may use it at once. Models keep their engine alive, so it may be freed before them.
typedef struct biobert_engine biobert_engine;

// Receives a line about what the library does, never any text of a document. The view lives until
// the callback returns. It may be called from several threads at once.
typedef void (*biobert_log_fn)(void *userdata,
                               struct biobert_str line);

// Tells the host that the library no longer uses `userdata`. Called exactly once.
typedef void (*biobert_drop_fn)(void *userdata);

// Options of an engine. Set them up with `biobert_engine_options_init`; a field that is 0 has its
// default.
typedef struct biobert_engine_options {
  // `sizeof(biobert_engine_options)`.
  uint32_t struct_size;
  // Threads that work on a call; 0 means 1, the caller's own. More come from a private pool, which
  // serves one call at a time: a call beside it works on its caller's thread.
  uint32_t threads;
  // Name of the instruction set to use, such as `avx2`; if empty, the best available. One that
  // this processor lacks gives `BIOBERT_E_UNSUPPORTED`, an unknown name `BIOBERT_E_ARGUMENT`.
  struct biobert_str isa;
  // Where to compute; 0 means `BIOBERT_DEVICE_CPU`. A library without GPU support gives
  // `BIOBERT_E_UNSUPPORTED` for a GPU.
  biobert_device device;
  // Tokens that are processed at a time, at most 100,000; bounds scratch memory. 0 means 1024 on
  // the processor and 16,384 on a GPU.
  uint32_t token_budget;
  // Largest document in bytes (a UTF-16 unit is two); 0 means 64 MiB.
  uint64_t max_doc_bytes;
  // Largest total size of the documents of a call, in bytes; 0 means 256 MiB.
  uint64_t max_batch_bytes;
  // Receives log lines; may be NULL. Must not throw.
  biobert_log_fn log;
  // Passed to `log` and `log_drop`.
  void *log_userdata;
  // Called once when `log` will not be called again: after the engine and everything made with
  // it are gone, or before `biobert_engine_create` returns an error. It is not called if
  // `struct_size` is wrong.
  biobert_drop_fn log_drop;
  // The number of the GPU among those that its driver shows; 0 is the first. Not looked at if
  // `device` is the processor.
  uint32_t gpu;
  // Must be 0.
  uint32_t reserved;
} biobert_engine_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_engine_options)`, and every other
// field to 0, which means its default. NULL is ignored. Any thread.
void biobert_engine_options_init(struct biobert_engine_options *options,
                                 size_t size);

// Creates an engine. `options` may be NULL for the defaults. The caller frees `*out`.
biobert_status biobert_engine_create(const struct biobert_engine_options *options,
                                     struct biobert_engine **out,
                                     struct biobert_error **error);

// Live objects and settings of an engine as JSON:
// `{"models","results","threads","isa","device"}`. The device is `cpu` or `gpu`; where
// `BIOBERT_DEVICE_PREFER_GPU` found none, `no_gpu` says why. The
// caller frees `*out`.
biobert_status biobert_engine_stats_json(const struct biobert_engine *engine,
                                         struct biobert_json **out,
                                         struct biobert_error **error);

// Frees an engine. NULL is ignored.
void biobert_engine_free(struct biobert_engine *engine);

// -------------------------------------------------------------------------------------------------
// Models
// -------------------------------------------------------------------------------------------------

// A model: tokenizer, encoder and heads. Immutable: any number of threads may use it at once.
// Results keep what they need of it, so it may be freed before them.
typedef struct biobert_model biobert_model;

// How thoroughly a bundle is checked when it is opened.
typedef int32_t biobert_integrity;

// Check every byte of every file against its SHA-256.
#define BIOBERT_INTEGRITY_FULL 1

// Check small files as above, but only length and header of the tensor files.
#define BIOBERT_INTEGRITY_HEADERS 2

// Whether a model's files are mapped or copied.
typedef int32_t biobert_loading;

// Map them, so that processes share the pages. Overwriting a mapped file in place kills the
// process with SIGBUS: replace a model by renaming directories.
#define BIOBERT_LOADING_MAP 1

// Read them into memory. Later changes to the files do no harm.
#define BIOBERT_LOADING_COPY 2

// The arithmetic of a model.
typedef int32_t biobert_precision;

// 32-bit floating point.
#define BIOBERT_PRECISION_F32 1

// 8-bit integers with exact sums: the same bits on every processor. Not for ONNX graphs other than
// BERT.
#define BIOBERT_PRECISION_INT8 2

// What decides whether a WordPiece tokenizer keeps the case of text.
typedef int32_t biobert_casing;

// The vocabulary: for a cased one text is never lower-cased, whatever the checkpoint's files say.
#define BIOBERT_CASING_VOCABULARY 1

// The checkpoint's files; where they say nothing, text is lower-cased.
#define BIOBERT_CASING_FILES 2

// Options of opening a model. Set them up with `biobert_model_options_init`; a field that is 0 has
// its default.
typedef struct biobert_model_options {
  // `sizeof(biobert_model_options)`.
  uint32_t struct_size;
  // 0 means `BIOBERT_INTEGRITY_FULL`.
  biobert_integrity integrity;
  // 0 means `BIOBERT_LOADING_MAP`.
  biobert_loading loading;
  // 0 means that of the stored weights: int8 for a bundle, f32 for a checkpoint.
  biobert_precision precision;
  // 0 means `BIOBERT_CASING_VOCABULARY`.
  biobert_casing casing;
  // Names for the outputs of a checkpoint's head, in their order, as many as it has. NULL means
  // those that the checkpoint has. A bundle takes none.
  const struct biobert_str *labels;
  // How many they are.
  size_t n_labels;
} biobert_model_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_model_options)`, and every other
// field to 0, which means its default. NULL is ignored. Any thread.
void biobert_model_options_init(struct biobert_model_options *options,
                                size_t size);

// Opens a bundle, or a checkpoint directory with `model.safetensors`, `pytorch_model.bin` or
// `model.onnx`. `path` is UTF-8 on every system; `options` may be NULL for the defaults. The
// caller frees `*out`. Safe on untrusted files: nothing in them is run.
biobert_status biobert_model_open_path(const struct biobert_engine *engine,
                                       struct biobert_str path,
                                       const struct biobert_model_options *options,
                                       struct biobert_model **out,
                                       struct biobert_error **error);

// Describes a model as JSON: format, path taken, precision, instruction set, heads, limits,
// source, notes. The caller frees `*out`.
biobert_status biobert_model_info_json(const struct biobert_model *model,
                                       struct biobert_json **out,
                                       struct biobert_error **error);

// How many heads a model has. 0 for NULL.
size_t biobert_model_head_count(const struct biobert_model *model);

// How wide the vectors of `BIOBERT_POOLING_MODEL` are. 0 if the model does not say how to make any,
// and for NULL.
size_t biobert_model_vector_width(const struct biobert_model *model);

// What stands for a missing word in the texts of `biobert_fill_run`, such as `[MASK]`. Empty if the
// model cannot fill it, and for NULL. The view lives as long as the model.
struct biobert_str biobert_model_mask_token(const struct biobert_model *model);

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

// Runs the self-check of a bundle and gives what it found as JSON, for the caller to judge:
// `{"sequences","state_drift","logit_drift","decisions","changed"}`. A drift is `null` if a value
// was not a number. The files themselves were checked when the model was opened. The caller frees
// `*out`.
biobert_status biobert_model_verify(const struct biobert_model *model,
                                    struct biobert_json **out,
                                    struct biobert_error **error);

// Adds a reference: the model must then be freed once more. Returns its argument, also if that is
// NULL.
struct biobert_model *biobert_model_retain(const struct biobert_model *model);

// Releases a reference; the last one frees the model. NULL is ignored.
void biobert_model_free(struct biobert_model *model);

// -------------------------------------------------------------------------------------------------
// Heads: trained, saved and opened by themselves
// -------------------------------------------------------------------------------------------------

// A head on its own, trained on the encoder of a model. Immutable: any number of threads may use
// it at once. Models keep what they need of it, so it may be freed before them.
typedef struct biobert_head biobert_head;

// Opens a directory with `head.json` and `head.safetensors`. The head has the name of the
// directory. `path` is UTF-8 on every system. The caller frees `*out`. Safe on untrusted files.
biobert_status biobert_head_open_path(struct biobert_str path,
                                      struct biobert_head **out,
                                      struct biobert_error **error);

// Writes a head to a directory, which is created if necessary. A head that is there is replaced.
biobert_status biobert_head_save_path(const struct biobert_head *head,
                                      struct biobert_str path,
                                      struct biobert_error **error);

// Describes a head as JSON: task, labels, hashes of its encoder, tokenizer and data, licence,
// date, metrics. The caller frees `*out`.
biobert_status biobert_head_info_json(const struct biobert_head *head,
                                      struct biobert_json **out,
                                      struct biobert_error **error);

// Frees a head. NULL is ignored.
void biobert_head_free(struct biobert_head *head);

// Makes a model with one more head, named `name`, or by the head's own name if `name` is empty. It
// shares encoder and tokenizer with `model`, so this takes little time and memory; `model` does
// not change, nor do calls that run on it. A head of another encoder gives `BIOBERT_E_MODEL`, a
// name that is taken `BIOBERT_E_ARGUMENT`. The own name of a head that was not saved is `trained`.
// The caller frees `*out`.
biobert_status biobert_model_with_head(const struct biobert_model *model,
                                       const struct biobert_head *head,
                                       struct biobert_str name,
                                       struct biobert_model **out,
                                       struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Cancel switches
// -------------------------------------------------------------------------------------------------

// A switch that ends the calls it was given to. Any thread may trigger it while calls run, also
// from a callback. It may be freed while calls run: they keep it.
typedef struct biobert_cancel biobert_cancel;

// Creates a switch that is off. The caller frees it.
biobert_status biobert_cancel_create(struct biobert_cancel **out,
                                     struct biobert_error **error);

// Turns the switch on, for good: running calls end soon with `BIOBERT_E_CANCELLED`, later ones at
// once. NULL is ignored.
void biobert_cancel_trigger(const struct biobert_cancel *cancel);

// Frees a switch. NULL is ignored.
void biobert_cancel_free(struct biobert_cancel *cancel);

// -------------------------------------------------------------------------------------------------
// Run options: what offsets count, bad text, markup, deadline
// -------------------------------------------------------------------------------------------------

// What to do with a document that is not valid Unicode.
typedef int32_t biobert_invalid_text;

// Refuse it: its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
#define BIOBERT_INVALID_REJECT 1

// Read each bad byte or unit as one U+FFFD. Offsets still point into the original text.
#define BIOBERT_INVALID_REPLACE 2

// What in a document stands for other characters. It is read as those; offsets still point into
// the original text. A place that begins or ends within a reference begins or ends at its edge, and
// what stands for nothing belongs to no place that it only touches. Whatever is no valid reference
// or sequence stays as it is.
typedef int32_t biobert_markup;

// Nothing.
#define BIOBERT_MARKUP_NONE 1

// HTML's character references, such as `&beta;`, `&#39;` and `&#x3B2;`. Tags stay.
#define BIOBERT_MARKUP_ENTITIES 2

// The escape sequences in a text field of HL7 version 2, such as `\T\`, `\.br\` and `\X0D\`.
#define BIOBERT_MARKUP_HL7 3

// Options of a call on documents. Set them up with `biobert_run_options_init`, then set `unit`.
typedef struct biobert_run_options {
  // `sizeof(biobert_run_options)`.
  uint32_t struct_size;
  // What offsets count; must be set.
  biobert_offset_unit unit;
  // What to do with invalid text; 0 is `BIOBERT_INVALID_REJECT`.
  biobert_invalid_text invalid_text;
  // Milliseconds after which the call ends with `BIOBERT_E_DEADLINE`; 0 means no deadline. If
  // your own time has run out, do not make the call.
  uint32_t deadline_ms;
  // What in a document stands for other characters; 0 is `BIOBERT_MARKUP_NONE`.
  biobert_markup markup;
} biobert_run_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_run_options)`, and every other field
// to 0, its default; `unit` has none and must be set. NULL is ignored. Any thread.
void biobert_run_options_init(struct biobert_run_options *options,
                              size_t size);

// -------------------------------------------------------------------------------------------------
// Assertions: what a note says of an entity
// -------------------------------------------------------------------------------------------------

// Whether the patient has what an entity names.
typedef int32_t biobert_assertion;

// Not assessed.
#define BIOBERT_ASSERTION_NONE 0

// The patient has it or takes it; it was done or ordered.
#define BIOBERT_ASSERTION_PRESENT 1

// Denied, ruled out, resolved or stopped; of a drug also an allergy to it.
#define BIOBERT_ASSERTION_ABSENT 2

// Suspected, conditional, planned only if, a risk.
#define BIOBERT_ASSERTION_POSSIBLE 3

// Past and over, or listed as history.
#define BIOBERT_ASSERTION_HISTORICAL 4

// Somebody else has it, such as the mother.
#define BIOBERT_ASSERTION_OTHER_PERSON 5

// Why an assertion has its value.
typedef int32_t biobert_category;

// No rule found a cue: the head alone decided, or nothing speaks against the patient having it.
#define BIOBERT_CATEGORY_NONE 0

// The note says that it is not there: "no", "denies".
#define BIOBERT_CATEGORY_DENIED 1

// It was looked for and not found.
#define BIOBERT_CATEGORY_RULED_OUT 2

// It was there and is gone.
#define BIOBERT_CATEGORY_RESOLVED 3

// A drug or therapy was ended.
#define BIOBERT_CATEGORY_STOPPED 4

// A drug that the patient does not bear.
#define BIOBERT_CATEGORY_ALLERGY 5

// A relative's.
#define BIOBERT_CATEGORY_FAMILY 6

// Suspected.
#define BIOBERT_CATEGORY_UNCERTAIN 7

// Only if something happens.
#define BIOBERT_CATEGORY_CONDITIONAL 8

// Intended.
#define BIOBERT_CATEGORY_PLANNED 9

// Of the past.
#define BIOBERT_CATEGORY_PAST 10

// A list says it, such as the past medical history: its heading, or "PMH" within a line.
#define BIOBERT_CATEGORY_SECTION 11

// -------------------------------------------------------------------------------------------------
// Codes of entities
// -------------------------------------------------------------------------------------------------

// Why a code was taken for the words of a note: the last thing that had to be put aside to make
// the words and the code's name the same.
typedef int32_t biobert_reason;

// Not known.
#define BIOBERT_REASON_NONE 0

// Nothing: character by character the same.
#define BIOBERT_REASON_EXACT 1

// Upper and lower case, accents.
#define BIOBERT_REASON_CASE 2

// Dashes, blanks and other marks.
#define BIOBERT_REASON_DASH 3

// A Greek letter and its name.
#define BIOBERT_REASON_GREEK 4

// A Roman number and a digit.
#define BIOBERT_REASON_ROMAN 5

// Singular and plural, British and American spelling.
#define BIOBERT_REASON_PLURAL 6

// The order of the words.
#define BIOBERT_REASON_ORDER 7

// The words are a short form, and its long form in this note is the name.
#define BIOBERT_REASON_ABBREVIATION 8

// A hospital's own coded mentions say so.
#define BIOBERT_REASON_LEARNED 9

// Most of the words are the same.
#define BIOBERT_REASON_WORDS 10

// Most of the character trigrams are the same.
#define BIOBERT_REASON_TRIGRAMS 11

// The encoder's vectors are near each other: of a terminology with vectors.
#define BIOBERT_REASON_NEAR 12

// Why none of the candidates was given.
typedef int32_t biobert_abstention;

// The first candidate is given.
#define BIOBERT_ABSTENTION_NONE 0

// There is no candidate.
#define BIOBERT_ABSTENTION_NOTHING 1

// The best one is too unlike the words.
#define BIOBERT_ABSTENTION_WEAK 2

// Several are as good as the best.
#define BIOBERT_ABSTENTION_AMBIGUOUS 3

// What a code system has for an entity.
typedef struct biobert_link {
  // The code system, such as `MESH`.
  struct biobert_str system;
  // The codes that may be the entity's, the best first: index of the first in the document's
  // list.
  uint64_t first_code;
  // How many there are.
  uint64_t n_codes;
  // Why the first is not given; `BIOBERT_ABSTENTION_NONE`: it is.
  biobert_abstention abstention;
} biobert_link;

// A code that may be an entity's.
typedef struct biobert_code {
  // The code, such as `D003920`.
  struct biobert_str code;
  // Its preferred name.
  struct biobert_str name;
  // How alike name and words are, from 0 to 1.
  float score;
  // Why it was taken.
  biobert_reason reason;
} biobert_code;

// A relation between two codes that a note as a whole states.
typedef struct biobert_code_relation {
  // The first code.
  struct biobert_str first;
  // The second code.
  struct biobert_str second;
  // How they are related, such as `CID`: the name of the head, in capitals.
  struct biobert_str label;
  // Its probability, from 0 to 1.
  float score;
} biobert_code_relation;

// -------------------------------------------------------------------------------------------------
// Notes: what `biobert_extract_run` and `biobert_sections_run` find
// -------------------------------------------------------------------------------------------------

// An index that points nowhere.
#define BIOBERT_NONE UINT64_MAX

// A section of a note: its heading and what stands under it. Offsets are in the unit of the
// call.
typedef struct biobert_section {
  // Offset of its first character.
  uint64_t start;
  // Offset after the last character of what stands under the heading, the sections within it
  // included.
  uint64_t end;
  // Offset of the first character of the heading's words, without number, marks and colon.
  uint64_t title_start;
  // Offset after their last character.
  uint64_t title_end;
  // Index of the section that it stands in, or `BIOBERT_NONE`.
  uint64_t parent;
  // What kind of section it is, such as `past_medical_history`.
  struct biobert_str name;
  // Its LOINC code; empty where there is none.
  struct biobert_str loinc;
} biobert_section;

// What an attribute says.
typedef int32_t biobert_attribute_kind;

// Of a drug: how much is taken at a time.
#define BIOBERT_ATTRIBUTE_DOSE 1

// Of a drug: how much of it one unit holds.
#define BIOBERT_ATTRIBUTE_STRENGTH 2

// Of a drug: tablet, cream.
#define BIOBERT_ATTRIBUTE_FORM 3

// Of a drug: by mouth, into a vein.
#define BIOBERT_ATTRIBUTE_ROUTE 4

// Of a drug: how often.
#define BIOBERT_ATTRIBUTE_FREQUENCY 5

// Of a drug: for how long.
#define BIOBERT_ATTRIBUTE_DURATION 6

// Of a drug: only when needed.
#define BIOBERT_ATTRIBUTE_AS_NEEDED 7

// Of a drug: what for.
#define BIOBERT_ATTRIBUTE_REASON 8

// Of a test: its result.
#define BIOBERT_ATTRIBUTE_VALUE 9

// Of a test: the range that is normal.
#define BIOBERT_ATTRIBUTE_REFERENCE 10

// Of a test: what the laboratory remarked.
#define BIOBERT_ATTRIBUTE_FLAG 11

// An attribute of a drug or test. Offsets are in the unit of the call.
typedef struct biobert_attribute {
  // Offset of its first character.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // Its number, or the lower end of a range; NaN where there is none, and of an upper limit.
  double low;
  // The upper end of a range, or as `low`; NaN where there is none, and of a lower limit.
  double high;
  // `<`, `<=`, `>`, `>=` or `~` before the number; empty where there is none.
  struct biobert_str comparator;
  // A unit of UCUM; empty where there is none. Of a frequency `/d`, `/wk`, `/mo` and `/a` count
  // times, `min`, `h`, `wk` and `mo` the time from one to the next, `{dose}` how often in all.
  struct biobert_str unit;
  // What it says.
  biobert_attribute_kind kind;
  // Which part of a taper, or of a series of results, it belongs to, from 0.
  uint32_t step;
  // 1 if it could be read, else 0: then only its kind and place are known.
  uint32_t parsed;
} biobert_attribute;

// What another head calls an entity.
typedef struct biobert_also {
  // Its kind, such as `Disease`.
  struct biobert_str label;
  // The head that found it.
  struct biobert_str head;
  // Mean probability of the labels of its words, from 0 to 1.
  float score;
} biobert_also;

// An entity of a note and what the note says of it. Offsets are in the unit of the call.
typedef struct biobert_entity {
  // Offset of its first character.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // Index of the section that it stands in, the innermost, or `BIOBERT_NONE`.
  uint64_t section;
  // Offset of the first character of the words that decided the assertion. If there are none,
  // `cue_start` and `cue_end` are both 0.
  uint64_t cue_start;
  // Offset after their last character.
  uint64_t cue_end;
  // What other heads call it: index of the first in the document's list.
  uint64_t first_also;
  // How many there are.
  uint64_t n_also;
  // Its attributes: index of the first in the document's list.
  uint64_t first_attribute;
  // How many there are.
  uint64_t n_attributes;
  // Its kind, such as `Problem`.
  struct biobert_str label;
  // The head that found it.
  struct biobert_str head;
  // What it stands for, if it is a short form that is known or defined in the note; else
  // empty.
  struct biobert_str expansion;
  // Mean probability of the labels of its words, from 0 to 1.
  float score;
  // Whether the patient has it.
  biobert_assertion assertion;
  // Why the assertion has its value.
  biobert_category category;
  // Probability of the assertion, from 0 to 1; 0 if it was not assessed.
  float assertion_score;
  // What the code systems have for it: index of the first in the document's list.
  uint64_t first_link;
  // How many there are: none without terminologies.
  uint64_t n_links;
} biobert_entity;

// -------------------------------------------------------------------------------------------------
// Results: what they hold
// -------------------------------------------------------------------------------------------------

// An entity that was found: a half-open range of the document, in the unit of the call, with a
// label.
typedef struct biobert_span {
  // Offset of its first character.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // Its kind, such as `Disease`.
  struct biobert_str label;
  // The head that found it; empty if the caller gave the entity.
  struct biobert_str head;
  // Mean probability of the labels of its words, from 0 to 1.
  float score;
} biobert_span;

// A sentence or a token: a half-open range of the document, in the unit of the call.
typedef struct biobert_range {
  // Offset of its first character.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
} biobert_range;

// A relation between two entities of a sentence.
typedef struct biobert_relation {
  // The first entity: an index into the document's spans.
  uint64_t first;
  // The second entity: an index into the document's spans.
  uint64_t second;
  // The label.
  struct biobert_str label;
  // The label in words, as they stand between the two entities: "induces".
  struct biobert_str text;
  // The head that found it.
  struct biobert_str head;
  // Probability of the label, from 0 to 1.
  float score;
  // Of its ends' assertions the one that stands first in: other person, absent, possible,
  // historical, present. A drug with category `BIOBERT_CATEGORY_STOPPED` or
  // `BIOBERT_CATEGORY_ALLERGY` counts as present: it did what it is said to have done.
  // `BIOBERT_ASSERTION_NONE` outside of `biobert_extract_run`.
  biobert_assertion assertion;
} biobert_relation;

// A possible answer to a question: a half-open range of a passage.
typedef struct biobert_answer {
  // Index of the passage among those of the question.
  uint64_t passage;
  // Offset of its first character in the passage, in the unit of the call.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // The head that answered.
  struct biobert_str head;
  // Start logit plus end logit, minus the same sum for "no answer" in the same window. Above 0,
  // the head finds it more likely than no answer. Scores can be compared across windows and
  // passages.
  float score;
  // With `pool` of `biobert_qa_options`: the mean over passages of the probability that they give
  // this answer; the rest is of its best mention. Otherwise 0.
  float probability;
} biobert_answer;

// A class of a document, of a pair of documents or of a question.
typedef struct biobert_class {
  // The label.
  struct biobert_str label;
  // The label in words.
  struct biobert_str text;
  // The head that found it.
  struct biobert_str head;
  // Its probability, from 0 to 1; of a regression the number itself, which may be any.
  float score;
  // 1 if it holds, else 0. Of most heads the most probable label holds; of a head that decides
  // each label by itself, every label with a probability of at least a half; of a regression
  // none.
  uint32_t holds;
} biobert_class;

// A mask of a document: a half-open range, in the unit of the call.
typedef struct biobert_mask {
  // Offset of the mask token's first character.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // What may stand there, the most probable first: index of the first in the document's list.
  uint64_t first_candidate;
  // How many there are.
  uint64_t n_candidates;
} biobert_mask;

// A piece of the vocabulary that may stand at a mask.
typedef struct biobert_candidate {
  // The piece as it is spelled; one that continues a word begins with `##` in BERT's vocabulary.
  // Empty for a row of the model for which its vocabulary has no piece.
  struct biobert_str token;
  // Its id.
  uint32_t id;
  // Its probability among all pieces, from 0 to 1.
  float score;
} biobert_candidate;

// -------------------------------------------------------------------------------------------------
// Results: reading them
// -------------------------------------------------------------------------------------------------

// What a call found, by document or by question. Immutable: any number of threads may read it at
// once. Its views live until it is freed; model and engine may be freed before. Lists that do not
// belong to the task are empty, and so is everything of a bad document: the functions that give
// lists return `BIOBERT_OK` and 0 entries for it, so check `biobert_result_doc_status` first. A
// `doc` that is out of range gives them `BIOBERT_E_ARGUMENT`.
typedef struct biobert_result biobert_result;

// Some of the document was longer than the model can read at once and was read in overlapping
// windows; nothing was left out. Relations: a pair in a long sentence was judged from as much text
// around it as the model can read.
#define BIOBERT_DOC_WINDOWED 1

// A limit forced a cut. Relations: two entities of a sentence were too far apart to be read
// together and were not judged. Answers: the question was cut. Classes of a pair: the shorter text
// was cut.
#define BIOBERT_DOC_TRUNCATED 2

// Bad bytes or units were read as U+FFFD.
#define BIOBERT_DOC_REPLACED_INVALID 4

// The number of documents, or questions, of the call. 0 for NULL.
size_t biobert_result_doc_count(const struct biobert_result *result);

// Where the encoder ran: `BIOBERT_DEVICE_CPU`, `BIOBERT_DEVICE_GPU` or `BIOBERT_DEVICE_BOTH`. If it
// had nothing to do, the processor. 0 for NULL.
biobert_device biobert_result_device(const struct biobert_result *result);

// The status of a document or question; `BIOBERT_E_ARGUMENT` for NULL or an index out of range.
biobert_status biobert_result_doc_status(const struct biobert_result *result,
                                         size_t doc);

// Why a document or question has no result, in English; never any of its text. Empty if it has
// one.
struct biobert_str biobert_result_doc_message(const struct biobert_result *result,
                                              size_t doc);

// How a document was read: a sum of `BIOBERT_DOC_` flags. 0 for NULL or an index out of range.
uint32_t biobert_result_doc_flags(const struct biobert_result *result,
                                  size_t doc);

// The entities of a document, ordered by start, then the longer first. Entities of one head do not
// overlap; those of different heads may.
//
// `*spans` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_spans(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_span **spans,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// The relations of a document, ordered by head, then by the places of the two entities.
//
// `*relations` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_relations(const struct biobert_result *result,
                                        size_t doc,
                                        const struct biobert_relation **relations,
                                        size_t *count,
                                        size_t *stride,
                                        struct biobert_error **error);

// The answers to a question, the best first. Of answers with the same text, ignoring case, only
// the best is listed.
//
// `*answers` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_answers(const struct biobert_result *result,
                                      size_t doc,
                                      const struct biobert_answer **answers,
                                      size_t *count,
                                      size_t *stride,
                                      struct biobert_error **error);

// The score of "no answer" minus that of the best answer, as in SQuAD 2.0. Above 0, the passages
// probably do not contain the answer. Infinite if there is no possible answer, NaN if no head
// gives answers.
biobert_status biobert_result_no_answer(const struct biobert_result *result,
                                        size_t doc,
                                        float *out,
                                        struct biobert_error **error);

// The classes of a document, of a pair, or of a yes/no question: all labels of all heads, head by
// head, the most probable label first.
//
// `*classes` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_classes(const struct biobert_result *result,
                                      size_t doc,
                                      const struct biobert_class **classes,
                                      size_t *count,
                                      size_t *stride,
                                      struct biobert_error **error);

// The sentences of a document, in order.
//
// `*sentences` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_sentences(const struct biobert_result *result,
                                        size_t doc,
                                        const struct biobert_range **sentences,
                                        size_t *count,
                                        size_t *stride,
                                        struct biobert_error **error);

// The tokens of an embedded document, in order, if the options asked for them. There are as many
// as `biobert_result_states` has rows.
//
// `*tokens` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_tokens(const struct biobert_result *result,
                                     size_t doc,
                                     const struct biobert_range **tokens,
                                     size_t *count,
                                     size_t *stride,
                                     struct biobert_error **error);

// The masks of a document, in order.
//
// `*masks` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_masks(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_mask **masks,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// What may stand at the masks of a document, mask by mask: see `first_candidate` and `n_candidates`
// there.
//
// `*candidates` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_candidates(const struct biobert_result *result,
                                         size_t doc,
                                         const struct biobert_candidate **candidates,
                                         size_t *count,
                                         size_t *stride,
                                         struct biobert_error **error);

// The vector of an embedded document: `*width` numbers, all zero for a document without words.
biobert_status biobert_result_embedding(const struct biobert_result *result,
                                        size_t doc,
                                        const float **values,
                                        size_t *width,
                                        struct biobert_error **error);

// The states of the tokens of an embedded document, if the options asked for them: `*rows` rows of
// `*width` numbers, one row after the other.
biobert_status biobert_result_states(const struct biobert_result *result,
                                     size_t doc,
                                     const float **values,
                                     size_t *rows,
                                     size_t *width,
                                     struct biobert_error **error);

// The whole result as JSON: `{"precision","documents":[{"status","flags","message",…}]}`. Each
// document has what its task gives: `entities` (the spans, or what `biobert_result_entities`
// lists), `relations`, `answers` and `no_answer`, `classes`, `sentences`, `sections`, `embedding`,
// `tokens`, `states`, `masks` with their `candidates`, with the fields of the structs above.
// Infinite numbers are `null`. The caller frees `*out`.
biobert_status biobert_result_to_json(const struct biobert_result *result,
                                      struct biobert_json **out,
                                      struct biobert_error **error);

// Frees a result and all its views. NULL is ignored.
void biobert_result_free(struct biobert_result *result);

// -------------------------------------------------------------------------------------------------
// Results of notes: reading them
// -------------------------------------------------------------------------------------------------

// The sections of a note, by start; a section comes before those within it.
//
// `*sections` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_sections(const struct biobert_result *result,
                                       size_t doc,
                                       const struct biobert_section **sections,
                                       size_t *count,
                                       size_t *stride,
                                       struct biobert_error **error);

// The entities of a note, by start, then the longer first; each finding once.
// `biobert_result_spans` lists the same entities in the same order.
//
// `*entities` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_entities(const struct biobert_result *result,
                                       size_t doc,
                                       const struct biobert_entity **entities,
                                       size_t *count,
                                       size_t *stride,
                                       struct biobert_error **error);

// What other heads call the entities of a note, entity by entity: see `first_also` and `n_also`
// there.
//
// `*also` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_also(const struct biobert_result *result,
                                   size_t doc,
                                   const struct biobert_also **also,
                                   size_t *count,
                                   size_t *stride,
                                   struct biobert_error **error);

// The attributes of the entities of a note, entity by entity: see `first_attribute` and
// `n_attributes` there.
//
// `*attributes` points to `*count` structs, `*stride` bytes apart: in a later library they may
// be longer.
biobert_status biobert_result_attributes(const struct biobert_result *result,
                                         size_t doc,
                                         const struct biobert_attribute **attributes,
                                         size_t *count,
                                         size_t *stride,
                                         struct biobert_error **error);

// What the code systems have for the entities of a note, entity by entity: see `first_link` and
// `n_links` there.
//
// `*links` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_links(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_link **links,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// The codes of the links of a note, link by link, the best first: see `first_code` and `n_codes`
// there.
//
// `*codes` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_codes(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_code **codes,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// The relations between codes that a note as a whole states, system by system, by first and second
// code. There are some only with terminologies and the relation head `cid` among the heads named.
// They were fitted on abstracts. Both codes are of one system, and each has a mention in the note
// that is neither absent nor another person's.
//
// `*relations` points to `*count` structs, `*stride` bytes apart: in a later library they may be
// longer.
biobert_status biobert_result_code_relations(const struct biobert_result *result,
                                             size_t doc,
                                             const struct biobert_code_relation **relations,
                                             size_t *count,
                                             size_t *stride,
                                             struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Named entities (NER)
// -------------------------------------------------------------------------------------------------

// Finds the entities of `n_docs` UTF-8 documents with the named heads, or with the default NER
// heads if `n_heads` is 0. Read them with `biobert_result_spans`.
//
// A document may have any length within the engine's limits. A bad document has its own status in
// the result and does not make the call fail.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
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

// -------------------------------------------------------------------------------------------------
// Relations (RE)
// -------------------------------------------------------------------------------------------------

// An entity that the caller already knows.
typedef struct biobert_entity_in {
  // Index of its document.
  uint64_t doc;
  // Offset of its first character, in the unit of the call.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // Its kind, such as `Chemical`; case does not matter.
  struct biobert_str kind;
} biobert_entity_in;

// Options for finding relations. Set them up with `biobert_re_options_init`; a field that is 0 has
// its default.
typedef struct biobert_re_options {
  // `sizeof(biobert_re_options)`.
  uint32_t struct_size;
  // Not 0: also lists pairs that a head finds unrelated.
  uint32_t unrelated;
} biobert_re_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_re_options)`, and every other field
// to 0, which means its default. NULL is ignored. Any thread.
void biobert_re_options_init(struct biobert_re_options *options,
                             size_t size);

// Finds the relations of `n_docs` UTF-8 documents with the named heads. If no RE head is named, the
// model's default RE heads run whose kinds of entity are available; a model that has none runs all.
// Read the result with `biobert_result_relations` and `biobert_result_spans`.
//
// A head judges every pair of entities of its kinds in one sentence. The entities are those given
// in `entities`, or, if that is NULL, those that NER heads find: those among the named heads, and
// of kinds that these do not find the model's default ones, or any that does. To give an empty
// list, pass a pointer that is not NULL. An entity with an impossible place makes the call fail.
// `relations` may be NULL for the defaults.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
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

// -------------------------------------------------------------------------------------------------
// Answers to questions (QA)
// -------------------------------------------------------------------------------------------------

// A question and its passages in UTF-8.
typedef struct biobert_qa_in {
  // The question.
  struct biobert_str question;
  // The passages that may answer it, of any length.
  const struct biobert_str *passages;
  // Number of passages.
  size_t n_passages;
} biobert_qa_in;

// A question and its passages in UTF-16.
typedef struct biobert_qa_in16 {
  // The question.
  struct biobert_str16 question;
  // The passages that may answer it, of any length.
  const struct biobert_str16 *passages;
  // Number of passages.
  size_t n_passages;
} biobert_qa_in16;

// Options for answering questions. Set them up with `biobert_qa_options_init`; a field that is 0
// has its default.
typedef struct biobert_qa_options {
  // `sizeof(biobert_qa_options)`.
  uint32_t struct_size;
  // The most answers to a question; 0 means 5.
  uint32_t top;
  // The most tokens in an answer; 0 means 30.
  uint32_t max_tokens;
  // Not 0: the passages of a question decide together. Each gives its answers probabilities, and
  // an answer has the mean of what the passages give it, whichever way each writes it. Answers are
  // mended (brackets, sentences) and the most probable comes first.
  uint32_t pool;
  // With `pool`: which part of the best answer's probability the others must have, from 0 to 1; 0
  // keeps all. For questions with several answers, such as 0.4.
  float threshold;
} biobert_qa_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_qa_options)`, and every other field
// to 0, which means its default. NULL is ignored. Any thread.
void biobert_qa_options_init(struct biobert_qa_options *options,
                             size_t size);

// Answers `n_questions` questions in UTF-8, each from its own passages, with the named heads, or
// with the default QA heads if `n_heads` is 0. The documents of the result are the questions. Read
// it with `biobert_result_answers`, `biobert_result_no_answer` and, for yes/no heads,
// `biobert_result_classes`.
//
// Offsets point into the passages. A question that is bad, or has a bad passage, has its own
// status. `answers` may be NULL for the defaults.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
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

// -------------------------------------------------------------------------------------------------
// Classes of documents
// -------------------------------------------------------------------------------------------------

// Classifies `n_docs` UTF-8 documents with the named heads, or with the default ones for
// this task if `n_heads` is 0. Read the result with `biobert_result_classes`.
//
// `seconds` is NULL or has `n_docs` texts. If given, document `i` is judged together with second
// text `i`, such as a note with a trial criterion. If the two are too long together, the longer
// one is read in windows. A bad document has its own status in the result.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
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

// -------------------------------------------------------------------------------------------------
// Embeddings
// -------------------------------------------------------------------------------------------------

// How the states of a document become one vector.
typedef int32_t biobert_pooling;

// The mean over all tokens, without `[CLS]` and `[SEP]`.
#define BIOBERT_POOLING_MEAN 1

// The state of `[CLS]`; with several windows, their mean.
#define BIOBERT_POOLING_CLS 2

// What the model says itself (`modules.json` of its checkpoint): one or several ways of pooling
// over all tokens with `[CLS]` and `[SEP]`, linear layers, norms, length 1. Of the last layer
// only. A model for which `biobert_model_vector_width` gives 0 does not have it:
// `BIOBERT_E_UNSUPPORTED`.
#define BIOBERT_POOLING_MODEL 3

// Options of embeddings. Set them up with `biobert_embed_options_init`; a field that is 0 has its
// default.
typedef struct biobert_embed_options {
  // `sizeof(biobert_embed_options)`.
  uint32_t struct_size;
  // 0 means `BIOBERT_POOLING_MEAN`.
  biobert_pooling pooling;
  // Not 0: take the states of layer `layer`. 0: take those of the last layer.
  uint32_t choose_layer;
  // The layer, if `choose_layer` is not 0. Layer 0 is the embeddings.
  uint32_t layer;
  // Not 0: scale vectors to length 1.
  uint32_t normalize;
  // Not 0: also give the place and state of every token.
  uint32_t tokens;
  // The prompt that is put before each text, by its name; of `BIOBERT_POOLING_MODEL` alone. A NULL
  // `ptr`: the model's default one, if it has one; an empty name: none.
  struct biobert_str prompt;
} biobert_embed_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_embed_options)`, and every other
// field to 0, which means its default. NULL is ignored. Any thread.
void biobert_embed_options_init(struct biobert_embed_options *options,
                                size_t size);

// Turns `n_docs` UTF-8 documents into vectors. Read them with `biobert_result_embedding`,
// `biobert_result_tokens` and `biobert_result_states`.
//
// A document that is too long for the model is read in windows; each token has its state from the
// window with most context for it. A bad document has its own status in the result. `embed` may be
// NULL for the defaults.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
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

// -------------------------------------------------------------------------------------------------
// Filling masks
// -------------------------------------------------------------------------------------------------

// Options for filling masks. Set them up with `biobert_fill_options_init`; a field that is 0 has
// its default.
typedef struct biobert_fill_options {
  // `sizeof(biobert_fill_options)`.
  uint32_t struct_size;
  // The most candidates for a mask; 0 means 5.
  uint32_t top_k;
} biobert_fill_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_fill_options)`, and every other field
// to 0, which means its default. NULL is ignored. Any thread.
void biobert_fill_options_init(struct biobert_fill_options *options,
                               size_t size);

// Fills the masks of `n_docs` UTF-8 documents: the pieces of the vocabulary that may stand at each,
// with their probabilities. Read them with `biobert_result_masks` and `biobert_result_candidates`.
//
// A mask is the token of `biobert_model_mask_token` in the text, such as `[MASK]`; what looks like
// another special token is text. Of several masks each is filled as if the others stayed open. A
// document without a mask, or longer than the model reads at once, has `BIOBERT_E_ARGUMENT` as its
// own status: nothing is windowed. A model without a masked-language head gives
// `BIOBERT_E_NOT_FOUND`. `fill` may be NULL for the defaults.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one model at once.
biobert_status biobert_fill_run(const struct biobert_model *model,
                                const struct biobert_str *docs,
                                size_t n_docs,
                                const struct biobert_fill_options *fill,
                                const struct biobert_run_options *options,
                                const struct biobert_cancel *cancel,
                                struct biobert_result **out,
                                struct biobert_error **error);

// `biobert_fill_run` for UTF-16 documents.
biobert_status biobert_fill_run16(const struct biobert_model *model,
                                  const struct biobert_str16 *docs,
                                  size_t n_docs,
                                  const struct biobert_fill_options *fill,
                                  const struct biobert_run_options *options,
                                  const struct biobert_cancel *cancel,
                                  struct biobert_result **out,
                                  struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Sentences
// -------------------------------------------------------------------------------------------------

// Divides `n_docs` UTF-8 documents in English into sentences, without a model. Read them with
// `biobert_result_sentences`. A heading, a list item and a one-line statement of a note count as
// sentences too. Line breaks within running text do not end a sentence.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on failure,
// including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any number of
// threads may use one engine at once.
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

// -------------------------------------------------------------------------------------------------
// Sections
// -------------------------------------------------------------------------------------------------

// Finds the sections of `n_docs` UTF-8 notes in English by their headings, without a model.
// Read them with `biobert_result_sections`. A heading stands on a line of its own or before the
// text on the same line. What stands before the first heading is in no section.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any
// number of threads may use one engine at once.
biobert_status biobert_sections_run(const struct biobert_engine *engine,
                                    const struct biobert_str *docs,
                                    size_t n_docs,
                                    const struct biobert_run_options *options,
                                    const struct biobert_cancel *cancel,
                                    struct biobert_result **out,
                                    struct biobert_error **error);

// `biobert_sections_run` for UTF-16 documents.
biobert_status biobert_sections_run16(const struct biobert_engine *engine,
                                      const struct biobert_str16 *docs,
                                      size_t n_docs,
                                      const struct biobert_run_options *options,
                                      const struct biobert_cancel *cancel,
                                      struct biobert_result **out,
                                      struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Terminologies
// -------------------------------------------------------------------------------------------------

// A terminology: names and their codes, mapped from a file that `biobert terms build` or
// `biobert terms learn` wrote. Immutable: any number of threads may use it at once, and
// processes share its pages. Options and results keep what they need of it, so it may be freed
// before them.
typedef struct biobert_terms biobert_terms;

// Opens a terminology. `path` is UTF-8 on every system. It takes milliseconds: the structure is
// checked, the hash of the whole by `biobert_terms_verify`. The file must not be changed while
// it is open: replace it by renaming another over it. The caller frees `*out`. Safe on untrusted
// files.
biobert_status biobert_terms_open_path(struct biobert_str path,
                                       struct biobert_terms **out,
                                       struct biobert_error **error);

// Makes a terminology with the vectors of its names, from a file that `biobert terms vectors`
// wrote: `biobert_extract_run` then also finds names near by the encoder, for what it finds no
// code otherwise (`BIOBERT_REASON_NEAR`). It shares its pages with `terms`, which does not change.
// `path` is UTF-8 on every system. The file is checked as `biobert_terms_open_path` does;
// vectors of another terminology give `BIOBERT_E_MODEL`, and so does a run of another model than
// the one that made them, or of this one in another arithmetic. The caller frees `*out`. Safe on
// untrusted files.
biobert_status biobert_terms_with_vectors(const struct biobert_terms *terms,
                                          struct biobert_str path,
                                          struct biobert_terms **out,
                                          struct biobert_error **error);

// Describes a terminology as JSON: name, code system, version, licence, source, how many
// concepts and names. The caller frees `*out`.
biobert_status biobert_terms_info_json(const struct biobert_terms *terms,
                                       struct biobert_json **out,
                                       struct biobert_error **error);

// Checks every byte of a terminology, and of its vectors, against its SHA-256.
biobert_status biobert_terms_verify(const struct biobert_terms *terms,
                                    struct biobert_error **error);

// What the terminologies have for words, without a model and so without vectors, as JSON: a list
// with an object for each code system,
// `{"system","candidates":[{"code","name","score","reason"}],"abstention"}`; the first candidate
// is given where `abstention` is `null`. `label` is the kind of the entity, such as `Disease`; it
// may be empty. The caller frees `*out`.
biobert_status biobert_terms_link_json(const struct biobert_terms *const *terms,
                                       size_t n_terms,
                                       struct biobert_str words,
                                       struct biobert_str label,
                                       struct biobert_json **out,
                                       struct biobert_error **error);

// Adds a reference: the terminology must then be freed once more. Returns its argument, also if
// that is NULL.
struct biobert_terms *biobert_terms_retain(const struct biobert_terms *terms);

// Releases a reference; the last one frees the terminology. NULL is ignored.
void biobert_terms_free(struct biobert_terms *terms);

// -------------------------------------------------------------------------------------------------
// All that a note says
// -------------------------------------------------------------------------------------------------

// Who judges what a note says of an entity.
typedef int32_t biobert_judges;

// The model's head for assertions, if it has one, the section and the rules together.
#define BIOBERT_JUDGES_ALL 1

// The head alone; the model must have one.
#define BIOBERT_JUDGES_HEAD 2

// Section and rules alone.
#define BIOBERT_JUDGES_RULES 3

// Nobody: assertions are switched off.
#define BIOBERT_JUDGES_NONE 4

// Options for reading notes. Set them up with `biobert_extract_options_init`; a field that is 0
// has its default.
typedef struct biobert_extract_options {
  // `sizeof(biobert_extract_options)`.
  uint32_t struct_size;
  // Who judges assertions; 0 means `BIOBERT_JUDGES_ALL`.
  biobert_judges judges;
  // Terminologies that give entities their codes. NULL means none.
  const struct biobert_terms *const *terms;
  // How many they are.
  size_t n_terms;
} biobert_extract_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_extract_options)`, and every
// other field to 0, which means its default. NULL is ignored. Any thread.
void biobert_extract_options_init(struct biobert_extract_options *options,
                                  size_t size);

// Finds all that `n_docs` UTF-8 notes say: sections, entities with their assertions, long forms
// and attributes, and relations. Read them with `biobert_result_sections`,
// `biobert_result_entities`, `biobert_result_also`, `biobert_result_attributes`,
// `biobert_result_links`, `biobert_result_codes`, `biobert_result_relations` and
// `biobert_result_code_relations`.
//
// `heads` may name heads for entities, for relations, and at most one for assertions. If
// `n_heads` is 0, the model's default heads are used; if none for assertions is named, the
// model's. Where heads mark the same words as kinds that mean the same, such as Problem and
// Disease, they are one entity, of the head that comes first. `extract` may be NULL for the
// defaults. A bad document has its own status in the result and does not make the call fail.
//
// `options` must set a unit. `cancel` may be NULL. On success the caller frees `*out`; on
// failure, including `BIOBERT_E_CANCELLED` and `BIOBERT_E_DEADLINE`, it is not touched. Any
// number of threads may use one model at once.
biobert_status biobert_extract_run(const struct biobert_model *model,
                                   const struct biobert_str *heads,
                                   size_t n_heads,
                                   const struct biobert_str *docs,
                                   size_t n_docs,
                                   const struct biobert_extract_options *extract,
                                   const struct biobert_run_options *options,
                                   const struct biobert_cancel *cancel,
                                   struct biobert_result **out,
                                   struct biobert_error **error);

// `biobert_extract_run` for UTF-16 notes.
biobert_status biobert_extract_run16(const struct biobert_model *model,
                                     const struct biobert_str *heads,
                                     size_t n_heads,
                                     const struct biobert_str16 *docs,
                                     size_t n_docs,
                                     const struct biobert_extract_options *extract,
                                     const struct biobert_run_options *options,
                                     const struct biobert_cancel *cancel,
                                     struct biobert_result **out,
                                     struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Trainer options: time, kind of head, labels of files
// -------------------------------------------------------------------------------------------------

// How long training takes.
typedef int32_t biobert_preset;

// For a first impression: a few epochs, or, with few texts, as many as give 150 steps.
#define BIOBERT_PRESET_FAST 1

// Ten epochs, or, with few texts, as many as give 600 steps.
#define BIOBERT_PRESET_BEST 2

// The architecture of a head.
typedef int32_t biobert_head_kind;

// One linear layer on the states of the last layer: a baseline, much worse for entities.
#define BIOBERT_HEAD_LINEAR 1

// A learned mix of the encoder's layers, a norm and a linear layer; for entities also a CRF.
#define BIOBERT_HEAD_MIX 2

// As `BIOBERT_HEAD_MIX`, with a hidden layer. The default for relations and classes, only for
// them.
#define BIOBERT_HEAD_MLP 3

// The mean over the layers and a bidirectional LSTM. The default for answers, only for them.
#define BIOBERT_HEAD_LSTM 4

// As `BIOBERT_HEAD_LSTM`, with a CRF. The default for entities, only for them.
#define BIOBERT_HEAD_LSTM_CRF 5

// Options of a training. Set them up with `biobert_trainer_options_init`, then set `unit`. Any
// other field that is 0 or an empty view has its default. What views point to is copied.
typedef struct biobert_trainer_options {
  // `sizeof(biobert_trainer_options)`.
  uint32_t struct_size;
  // What the offsets of examples count; must be set.
  biobert_offset_unit unit;
  // 0 means `BIOBERT_PRESET_BEST`.
  biobert_preset preset;
  // 0 means the best one for the task.
  biobert_head_kind head_kind;
  // Random seed. The same seed, data and model give the same head, bit for bit, on every
  // processor.
  uint64_t seed;
  // Not 0: train the head once more in the end, on training and held-out examples together, for
  // the number of epochs that the held-out examples chose.
  uint32_t refit;
  // Not 0: give rare labels of classes and relations more weight.
  uint32_t balanced;
  // A directory for intermediate results, in UTF-8. A training that was killed resumes from there
  // when the same training is started again. It is emptied when training ends. If `work_path` is
  // empty, a nameless file in the system's temporary directory (`TMPDIR`) is used, and the
  // training cannot resume.
  struct biobert_str work_path;
  // The most bytes of encoder output to keep on disk, about 1 kB a word for the default model; 0
  // means 32 GiB.
  uint64_t max_feature_bytes;
  // Entities: the kind that a plain `B` or `I` in a file stands for; if empty, `Entity`.
  struct biobert_str entity;
  // Relations: kind of the first entity; if empty, taken from the mask: `Chemical` for
  // `@CHEMICAL$`. Give both kinds or neither.
  struct biobert_str first_kind;
  // Relations: kind of the second entity.
  struct biobert_str second_kind;
  // Relations: what replaces the first entity; if empty, what a file of masked sentences has, or
  // `@ENTITY1$`. Give both masks or neither.
  struct biobert_str first_mask;
  // Relations: what replaces the second entity.
  struct biobert_str second_mask;
  // Relations: the label that means "none"; if empty, a label that says so, such as `0` or
  // `false`.
  struct biobert_str negative;
  // Licence of the weights, for the head's file.
  struct biobert_str licence;
  // Date of the training, for the head's file; if empty, the file has no date.
  struct biobert_str date;
} biobert_trainer_options;

// Sets `struct_size` to `size`, which must be `sizeof(biobert_trainer_options)`, and every other
// field to 0, its default; `unit` has none and must be set. NULL is ignored. Any thread.
void biobert_trainer_options_init(struct biobert_trainer_options *options,
                                  size_t size);

// -------------------------------------------------------------------------------------------------
// Trainer: makes a head for a model's encoder from examples
// -------------------------------------------------------------------------------------------------

// A training with its examples. One thread at a time: a call while another one runs gives
// `BIOBERT_E_BUSY`. It keeps what it needs of its model, which may be freed before it.
typedef struct biobert_trainer biobert_trainer;

// What a head is for.
typedef int32_t biobert_task;

// Named entities.
#define BIOBERT_TASK_NER 1

// Relations between two entities.
#define BIOBERT_TASK_RE 2

// Answers to questions.
#define BIOBERT_TASK_QA 3

// Classes of documents.
#define BIOBERT_TASK_CLASSIFY 4

// What notes say of their entities: whether the patient has them.
#define BIOBERT_TASK_ASSERTION 5

// Creates a trainer for a task, without examples. `options` must not be NULL: it has the unit. A
// model that is an ONNX graph other than BERT cannot be trained on. The caller frees `*out`.
biobert_status biobert_trainer_create(const struct biobert_model *model,
                                      biobert_task task,
                                      const struct biobert_trainer_options *options,
                                      struct biobert_trainer **out,
                                      struct biobert_error **error);

// Frees a trainer. NULL is ignored.
void biobert_trainer_free(struct biobert_trainer *trainer);

// -------------------------------------------------------------------------------------------------
// Trainer examples: what a head learns from
// -------------------------------------------------------------------------------------------------

// What examples are for.
typedef int32_t biobert_split;

// Train the head.
#define BIOBERT_SPLIT_TRAIN 1

// Choose the best epoch and correct the probabilities. Without any, a tenth of the
// examples for training, drawn by class and random seed, is held out for this.
#define BIOBERT_SPLIT_DEV 2

// Measure the head, with `biobert_trainer_eval`.
#define BIOBERT_SPLIT_TEST 3

// A half-open range of a text.
typedef struct biobert_range_in {
  // Offset of its first character, in the unit of the trainer.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
} biobert_range_in;

// An entity of an example.
typedef struct biobert_mark_in {
  // Offset of its first character, in the unit of the trainer.
  uint64_t start;
  // Offset after its last character.
  uint64_t end;
  // Its kind, such as `Anatomy`.
  struct biobert_str label;
} biobert_mark_in;

// Adds a UTF-8 text with all its entities. There may be none; they must not overlap. An impossible
// place or an empty label gives `BIOBERT_E_ARGUMENT`, and nothing is added.
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

// Adds a UTF-8 text with its entities, as `biobert_trainer_add_ner`, and what it says of each:
// `assertions` has as many as there are marks, none of them `BIOBERT_ASSERTION_NONE`.
biobert_status biobert_trainer_add_assertion(struct biobert_trainer *trainer,
                                             biobert_split split,
                                             struct biobert_str text,
                                             const struct biobert_mark_in *marks,
                                             const biobert_assertion *assertions,
                                             size_t n_marks,
                                             struct biobert_error **error);

// `biobert_trainer_add_assertion` for UTF-16 text.
biobert_status biobert_trainer_add_assertion16(struct biobert_trainer *trainer,
                                               biobert_split split,
                                               struct biobert_str16 text,
                                               const struct biobert_mark_in *marks,
                                               const biobert_assertion *assertions,
                                               size_t n_marks,
                                               struct biobert_error **error);

// Adds two entities of a UTF-8 text and the label of their relation. Of a long text, only the
// sentence with the two is read. Also add pairs that are not related, with a label that says so.
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

// Adds a UTF-8 text and its class. `second` is the text that it is judged together with, or NULL.
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

// Adds a UTF-8 question with a passage and the place of the answer in it. `answer` is NULL if the
// passage does not contain the answer.
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

// Adds the examples of a file: all of them, or none if one is wrong. The message then names its
// line or place, and the status is `BIOBERT_E_MODEL`; a file that does not exist gives
// `BIOBERT_E_NOT_FOUND`. `path` is UTF-8. The format is recognised by the structure of the file:
//
// Entities: words and their BIO, IOBES or BILOU tags, a word per line; or JSON lines `{"text",
// "entities": [{"start", "end", "label"}]}`. Assertions: the same JSON lines, with `"assertion"` in
// each entity. Relations: tab-separated masked sentences and labels;
// or JSON lines `{"text", "first": {"start", "end"}, "second": {"start", "end"}, "label"}`.
// Classes: tab-separated texts and labels; or JSON lines `{"text", "label"}`, optionally with
// `"second"`. Answers: SQuAD's JSON; or JSON lines `{"question", "passage", "answer": {"start",
// "end"} or null}`. Also the JSON of doccano, Prodigy and Label Studio, spaCy's triples, and lists
// of tokens and tags as in data sets for Hugging Face.
biobert_status biobert_trainer_add_file(struct biobert_trainer *trainer,
                                        biobert_split split,
                                        struct biobert_str path,
                                        struct biobert_error **error);

// -------------------------------------------------------------------------------------------------
// Trainer runs: training, its progress, and what comes of it
// -------------------------------------------------------------------------------------------------

// What a training is doing.
typedef int32_t biobert_phase;

// The encoder reads the texts: `done` of `of` sequences.
#define BIOBERT_PHASE_READING 1

// The head learns: `done` of `of` batches over all epochs. `epoch` epochs have ended.
#define BIOBERT_PHASE_LEARNING 2

// An epoch has ended: `epoch` is its number, from 1.
#define BIOBERT_PHASE_EPOCH 3

// A training that was killed resumes after `epoch`.
#define BIOBERT_PHASE_RESUMED 4

// The progress of a training.
typedef struct biobert_progress {
  // Its size in the library; fields are only ever added at the end.
  uint32_t struct_size;
  // What the training is doing.
  biobert_phase phase;
  // Sequences or batches done.
  uint64_t done;
  // Sequences or batches in all.
  uint64_t of;
  // Epochs that have ended.
  uint64_t epoch;
  // The mean loss of the epoch so far; NaN while reading.
  double loss;
  // F1 on the held-out examples in percent; NaN if they were not measured.
  double f1;
  // Estimated seconds until learning ends; NaN if not known.
  double seconds_left;
} biobert_progress;

// Receives the progress of a training, many times a second, on the thread that called
// `biobert_trainer_fit`. With `refit`, learning starts again after the last epoch and counts from
// 1 again. If it returns anything but 0, the training stops and keeps the best head so far.
// `progress` lives until it returns. It must not throw.
typedef int32_t (*biobert_progress_fn)(void *userdata,
                                       const struct biobert_progress *progress);

// Trains a head from the examples. `progress` may be NULL; `userdata` is passed to it. `cancel`
// may be NULL.
//
// If the training is cancelled, or stopped by `progress`, before its first epoch has ended, the
// call gives `BIOBERT_E_CANCELLED`. After that, the best head so far is kept and the call
// succeeds. More examples may be added later and a head trained again.
biobert_status biobert_trainer_fit(struct biobert_trainer *trainer,
                                   biobert_progress_fn progress,
                                   void *userdata,
                                   const struct biobert_cancel *cancel,
                                   struct biobert_error **error);

// The report of the training as JSON: labels, overall scores and scores by label, confusion table,
// calibration, history. `BIOBERT_E_ARGUMENT` if no head has been trained yet. The caller frees
// `*out`.
biobert_status biobert_trainer_report_json(const struct biobert_trainer *trainer,
                                           struct biobert_json **out,
                                           struct biobert_error **error);

// Measures the head on the examples of `BIOBERT_SPLIT_TEST` and gives overall scores, scores by
// label, confusion table and calibration error as JSON. `cancel` may be NULL. The caller frees
// `*out`.
biobert_status biobert_trainer_eval(const struct biobert_trainer *trainer,
                                    const struct biobert_cancel *cancel,
                                    struct biobert_json **out,
                                    struct biobert_error **error);

// The trained head, to be saved or given to `biobert_model_with_head`. `BIOBERT_E_ARGUMENT` if no
// head has been trained yet. The caller frees `*out`.
biobert_status biobert_trainer_head(const struct biobert_trainer *trainer,
                                    struct biobert_head **out,
                                    struct biobert_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BIOBERT_H */

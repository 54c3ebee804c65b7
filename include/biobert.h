// biobert: entities from biomedical and clinical text. Version 1 of the C interface.
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
//     its own, opens no file but the model's, and never uses a network.
//  3. A panic of the library ends the call with BIOBERT_E_PANIC; the objects of the call stay
//     usable. The library never aborts on input.
//  4. Pointers are NULL, where that is said, or valid: an object pointer comes from this library and
//     has not been freed; an array or view has as many elements as its length says and does not
//     change during the call; an output may be written. Pointers that are not NULL cannot be
//     checked.
//  5. Option structs begin with their size. Fill them with their _init function and sizeof, then set
//     fields. A field that is 0 has its default.
//  6. Thread safety stands at each type. Engine, model, result, cancel and JSON: any thread,
//     concurrently.
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

// The document was longer than the model's limit and was read in overlapping windows; nothing was
// left out.
#define BIOBERT_DOC_WINDOWED 1

// A limit forced a cut: the end of the document was not read. No task of this version cuts.
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

// A JSON text. Immutable: any thread may read it at the same time. Freed by the caller.
typedef struct biobert_json biobert_json;

// A model: tokenizer, encoder, heads. Immutable: any number of threads, concurrently. Results keep
// what they need of it alive; it may be freed before them.
typedef struct biobert_model biobert_model;

// What a call found. Immutable: any thread, concurrently. All views of it live until it is freed;
// it needs neither model nor engine to stay.
typedef struct biobert_result biobert_result;

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
  // Name of the instruction set to use, such as `avx2`; empty is the best there is.
  struct biobert_str isa;
  // Where to compute; 0 is `BIOBERT_DEVICE_CPU`.
  biobert_device device;
  // Tokens that are worked on at a time, the bound of scratch memory, up to 100,000; 0 is
  // 4096.
  uint32_t token_budget;
  // Largest document in bytes; 0 is 64 MiB.
  uint64_t max_doc_bytes;
  // Largest sum of the documents of a call in bytes; 0 is 256 MiB.
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
  // 0 is the best for the model in this version.
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
  // Milliseconds after which the call ends with `BIOBERT_E_DEADLINE`; 0 is never.
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
  // The head that found it.
  struct biobert_str head;
  // Mean probability of the labels of its words, 0 to 1.
  float score;
} biobert_span;

// A view of UTF-16 text in the machine's byte order.
typedef struct biobert_str16 {
  // The first unit.
  const uint16_t *ptr;
  // How many units.
  size_t len;
} biobert_str16;

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

// 8-bit integers; not in this version.
#define BIOBERT_PRECISION_INT8 2

// Refuse it: its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
#define BIOBERT_INVALID_REJECT 1

// Read each bad byte or unit as one U+FFFD; offsets still point into the original.
#define BIOBERT_INVALID_REPLACE 2

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

// Opens a bundle or a Hugging Face checkpoint directory. `path` is UTF-8 on every system;
// `options` may be NULL for the defaults. The caller frees `*out`. Safe on untrusted files.
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
// "changed"}`. The files themselves were checked when the model was opened. The caller frees
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

// How many documents the call had. 0 for NULL.
size_t biobert_result_doc_count(const struct biobert_result *result);

// What became of a document; `BIOBERT_E_ARGUMENT` for NULL or an index out of range.
biobert_status biobert_result_doc_status(const struct biobert_result *result,
                                         size_t doc);

// Why a document has no result, in English; never a word of it. Empty if it has one.
struct biobert_str biobert_result_doc_message(const struct biobert_result *result,
                                              size_t doc);

// How a document was read: a sum of `BIOBERT_DOC_` flags. 0 for NULL or an index out of range.
uint32_t biobert_result_doc_flags(const struct biobert_result *result,
                                  size_t doc);

// The entities of a document, by start, the longer first where two start together.
//
// `*spans` points to `*count` structs that lie `*stride` bytes apart: a later library may have
// longer ones. Entities of one head do not overlap; those of different heads may.
biobert_status biobert_result_spans(const struct biobert_result *result,
                                    size_t doc,
                                    const struct biobert_span **spans,
                                    size_t *count,
                                    size_t *stride,
                                    struct biobert_error **error);

// The whole result as JSON: `{"precision","documents":[{"status","flags","entities":[{"start",
// "end","label","score","head"}]}]}`. The caller frees `*out`.
biobert_status biobert_result_to_json(const struct biobert_result *result,
                                      struct biobert_json **out,
                                      struct biobert_error **error);

// Frees a result and all its views. NULL is ignored.
void biobert_result_free(struct biobert_result *result);

// Finds the entities of `n_docs` UTF-8 documents with the heads named, or with all NER heads if
// `n_heads` is 0.
//
// A document may have any length within the engine's limits; long ones are read in overlapping
// windows. A bad document has its own status in the result and does not make the call fail.
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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BIOBERT_H */

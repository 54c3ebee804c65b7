/* The Java binding in C: what its files share, in the order of the files; each uses only those before it.
 *
 * The glue has no state of its own. A native method takes primitives, arrays, strings and who listens,
 * runs one call of the library, frees all that it took and returns, with a Java exception pending if it
 * failed.
 */
#ifndef BIOBERT_JNI_GLUE_H
#define BIOBERT_JNI_GLUE_H

#include <biobert.h>
#include <jni.h>
#include <stdbool.h>
#include <stdint.h>

/* Grows when a native method or the form of a result changes; `Native.HANDSHAKE` has the same. */
#define GLUE_VERSION 7

/* Objects of the library are numbers in Java. */
#define POINTER(type, number) ((type *)(intptr_t)(number))
#define NUMBER(pointer) ((jlong)(intptr_t)(pointer))

/* --- bytes.c: a byte[] for Java; NULL with an exception pending --------------------------------- */

jbyteArray new_bytes(JNIEnv *env, const char *bytes, size_t length);

/* --- failure.c: exceptions ------------------------------------------------------------------ */

/* Each leaves an exception pending. */
void throw_out_of_memory(JNIEnv *env);
/* `doc_index` is the document to blame, or -1. */
void throw_failure(JNIEnv *env, biobert_status status, biobert_str message, int64_t doc_index);
/* Also frees the error. */
void throw_error(JNIEnv *env, biobert_error *error);
/* Throws the error of a call that failed. Where it is: the call that makes it may be the argument
 * before. */
void check(JNIEnv *env, biobert_status status, biobert_error **error);

/* --- memory.c: memory that lives as long as a native method runs ------------------------------ */

/* Begin with a NULL. */
typedef struct arena {
    struct block *blocks;
} arena;

/* `count` things of `size` bytes, aligned for all of them and not NULL even if there are none. NULL
 * with an exception pending if there is no memory. */
void *arena_take(JNIEnv *env, arena *arena, size_t count, size_t size);
void arena_free(arena *arena);

/* --- text.c: Java's strings and arrays in C; false with an exception pending ------------------- */

typedef struct texts {
    biobert_str16 *list;
    size_t count;
} texts;

typedef struct names {
    biobert_str *list;
    size_t count;
} names;

/* A String, as it is: lone surrogates are for the library to judge. */
bool read_text(JNIEnv *env, arena *arena, jstring from, biobert_str16 *to);
/* A String[]. */
bool read_texts(JNIEnv *env, arena *arena, jobjectArray from, texts *to);
/* A byte[][] of UTF-8. */
bool read_names(JNIEnv *env, arena *arena, jobjectArray from, names *to);
/* A byte[] of UTF-8; null is empty. */
bool read_name(JNIEnv *env, arena *arena, jbyteArray from, biobert_str *to);
bool read_ints(JNIEnv *env, arena *arena, jintArray from, jint **list, size_t *count);
bool read_longs(JNIEnv *env, arena *arena, jlongArray from, jlong **list, size_t *count);

typedef struct terminologies {
    const biobert_terms **list;
    size_t count;
} terminologies;

/* A long[] of terminologies. */
bool read_terms(JNIEnv *env, arena *arena, jlongArray from, terminologies *to);

/* --- write.c: a byte[] for Java, numbers in the machine's order; NULL with an exception pending - */

/* What became of a call, in the form that `Decoder` reads. */
jbyteArray write_result(JNIEnv *env, const biobert_result *result);
/* A text as it is. */
jbyteArray write_text(JNIEnv *env, biobert_str text);
/* The JSON text of a call, or its error. Frees either. */
jbyteArray write_json(JNIEnv *env, biobert_status status, biobert_json *json, biobert_error *error);
/* A count and as many names. `name` gives one, or fails with an error object. */
typedef biobert_status name_fn(const void *of, size_t index, biobert_str *out, biobert_error **error);
jbyteArray write_names(JNIEnv *env, size_t count, name_fn *name, const void *of);

/* --- objects.c, calls.c and train.c: the native methods ---------------------------------------- */

extern const JNINativeMethod object_methods[];
extern const jint n_object_methods;
extern const JNINativeMethod call_methods[];
extern const jint n_call_methods;
extern const JNINativeMethod train_methods[];
extern const jint n_train_methods;

#define COUNT(array) ((jint)(sizeof(array) / sizeof *(array)))

#endif

/* Engines, models, terminologies and cancel switches. */
#include "glue.h"

#include <string.h>

static biobert_str static_text(const char *text) {
    return (biobert_str){text, strlen(text)};
}

static jbyteArray JNICALL build_info(JNIEnv *env, jclass self) {
    (void)self;
    return write_text(env, static_text(biobert_build_info_json()));
}

static jlong JNICALL engine_create(JNIEnv *env, jclass self, jint threads, jbyteArray isa,
                                   jint token_budget, jlong max_doc_bytes, jlong max_batch_bytes,
                                   jint device, jint gpu) {
    (void)self;
    arena arena = {NULL};
    biobert_engine *engine = NULL;
    biobert_engine_options options;
    biobert_engine_options_init(&options, sizeof options);
    options.threads = (uint32_t)threads;
    options.token_budget = (uint32_t)token_budget;
    options.max_doc_bytes = (uint64_t)max_doc_bytes;
    options.max_batch_bytes = (uint64_t)max_batch_bytes;
    options.device = device;
    options.gpu = (uint32_t)gpu;
    if (read_name(env, &arena, isa, &options.isa)) {
        biobert_error *error = NULL;
        check(env, biobert_engine_create(&options, &engine, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(engine);
}

static jbyteArray JNICALL engine_stats(JNIEnv *env, jclass self, jlong engine) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_engine_stats_json(POINTER(biobert_engine, engine), &json, &error);
    return write_json(env, status, json, error);
}

static void JNICALL engine_free(JNIEnv *env, jclass self, jlong engine) {
    (void)env, (void)self;
    biobert_engine_free(POINTER(biobert_engine, engine));
}

static jlong JNICALL model_open(JNIEnv *env, jclass self, jlong engine, jbyteArray path, jint integrity,
                                jint loading, jint precision, jint casing, jobjectArray labels) {
    (void)self;
    arena arena = {NULL};
    names names = {0};
    biobert_model *model = NULL;
    biobert_model_options options;
    biobert_model_options_init(&options, sizeof options);
    options.integrity = integrity;
    options.loading = loading;
    options.precision = precision;
    options.casing = casing;
    biobert_str where;
    if (read_name(env, &arena, path, &where) && read_names(env, &arena, labels, &names)) {
        biobert_error *error = NULL;
        options.labels = names.list;
        options.n_labels = names.count;
        check(env, biobert_model_open_path(POINTER(biobert_engine, engine), where, &options, &model, &error),
              &error);
    }
    arena_free(&arena);
    return NUMBER(model);
}

static jbyteArray JNICALL model_info(JNIEnv *env, jclass self, jlong model) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_model_info_json(POINTER(biobert_model, model), &json, &error);
    return write_json(env, status, json, error);
}

static jbyteArray JNICALL model_verify(JNIEnv *env, jclass self, jlong model) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_model_verify(POINTER(biobert_model, model), &json, &error);
    return write_json(env, status, json, error);
}

static jbyteArray JNICALL model_mask_token(JNIEnv *env, jclass self, jlong model) {
    (void)self;
    return write_text(env, biobert_model_mask_token(POINTER(biobert_model, model)));
}

static biobert_status head_name(const void *of, size_t index, biobert_str *out, biobert_error **error) {
    return biobert_model_head_name(of, index, out, error);
}

static jbyteArray JNICALL model_heads(JNIEnv *env, jclass self, jlong number) {
    (void)self;
    const biobert_model *model = POINTER(biobert_model, number);
    return write_names(env, biobert_model_head_count(model), head_name, model);
}

struct head {
    const biobert_model *model;
    biobert_str name;
};

static biobert_status label_name(const void *of, size_t index, biobert_str *out, biobert_error **error) {
    const struct head *head = of;
    return biobert_model_label_name(head->model, head->name, index, out, error);
}

static jbyteArray JNICALL model_labels(JNIEnv *env, jclass self, jlong model, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    jbyteArray bytes = NULL;
    struct head head = {POINTER(biobert_model, model), {NULL, 0}};
    if (read_name(env, &arena, name, &head.name)) {
        size_t count = 0;
        biobert_error *error = NULL;
        if (biobert_model_label_count(head.model, head.name, &count, &error) == BIOBERT_OK) {
            bytes = write_names(env, count, label_name, &head);
        } else {
            throw_error(env, error);
        }
    }
    arena_free(&arena);
    return bytes;
}

static void JNICALL model_free(JNIEnv *env, jclass self, jlong model) {
    (void)env, (void)self;
    biobert_model_free(POINTER(biobert_model, model));
}

static jlong JNICALL terms_open(JNIEnv *env, jclass self, jbyteArray path) {
    (void)self;
    arena arena = {NULL};
    biobert_terms *terms = NULL;
    biobert_str where;
    if (read_name(env, &arena, path, &where)) {
        biobert_error *error = NULL;
        check(env, biobert_terms_open_path(where, &terms, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(terms);
}

static jlong JNICALL terms_with_vectors(JNIEnv *env, jclass self, jlong terms, jbyteArray path) {
    (void)self;
    arena arena = {NULL};
    biobert_terms *with = NULL;
    biobert_str where;
    if (read_name(env, &arena, path, &where)) {
        biobert_error *error = NULL;
        check(env, biobert_terms_with_vectors(POINTER(biobert_terms, terms), where, &with, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(with);
}

static jbyteArray JNICALL terms_info(JNIEnv *env, jclass self, jlong terms) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_terms_info_json(POINTER(biobert_terms, terms), &json, &error);
    return write_json(env, status, json, error);
}

static void JNICALL terms_verify(JNIEnv *env, jclass self, jlong terms) {
    (void)self;
    biobert_error *error = NULL;
    check(env, biobert_terms_verify(POINTER(biobert_terms, terms), &error), &error);
}

static jbyteArray JNICALL terms_link(JNIEnv *env, jclass self, jlongArray from, jbyteArray words, jbyteArray label) {
    (void)self;
    arena arena = {NULL};
    jbyteArray bytes = NULL;
    terminologies terms;
    biobert_str text, kind;
    if (read_terms(env, &arena, from, &terms) && read_name(env, &arena, words, &text) &&
        read_name(env, &arena, label, &kind)) {
        biobert_json *json = NULL;
        biobert_error *error = NULL;
        biobert_status status = biobert_terms_link_json(terms.list, terms.count, text, kind, &json, &error);
        bytes = write_json(env, status, json, error);
    }
    arena_free(&arena);
    return bytes;
}

static void JNICALL terms_free(JNIEnv *env, jclass self, jlong terms) {
    (void)env, (void)self;
    biobert_terms_free(POINTER(biobert_terms, terms));
}

static jlong JNICALL cancel_create(JNIEnv *env, jclass self) {
    (void)self;
    biobert_cancel *cancel = NULL;
    biobert_error *error = NULL;
    check(env, biobert_cancel_create(&cancel, &error), &error);
    return NUMBER(cancel);
}

static void JNICALL cancel_trigger(JNIEnv *env, jclass self, jlong cancel) {
    (void)env, (void)self;
    biobert_cancel_trigger(POINTER(biobert_cancel, cancel));
}

static void JNICALL cancel_free(JNIEnv *env, jclass self, jlong cancel) {
    (void)env, (void)self;
    biobert_cancel_free(POINTER(biobert_cancel, cancel));
}

const JNINativeMethod object_methods[] = {
    {"buildInfo", "()[B", (void *)build_info},
    {"engineCreate", "(I[BIJJII)J", (void *)engine_create},
    {"engineStats", "(J)[B", (void *)engine_stats},
    {"engineFree", "(J)V", (void *)engine_free},
    {"modelOpen", "(J[BIIII[[B)J", (void *)model_open},
    {"modelInfo", "(J)[B", (void *)model_info},
    {"modelVerify", "(J)[B", (void *)model_verify},
    {"modelMaskToken", "(J)[B", (void *)model_mask_token},
    {"modelHeads", "(J)[B", (void *)model_heads},
    {"modelLabels", "(J[B)[B", (void *)model_labels},
    {"modelFree", "(J)V", (void *)model_free},
    {"termsOpen", "([B)J", (void *)terms_open},
    {"termsWithVectors", "(J[B)J", (void *)terms_with_vectors},
    {"termsInfo", "(J)[B", (void *)terms_info},
    {"termsVerify", "(J)V", (void *)terms_verify},
    {"termsLink", "([J[B[B)[B", (void *)terms_link},
    {"termsFree", "(J)V", (void *)terms_free},
    {"cancelCreate", "()J", (void *)cancel_create},
    {"cancelTrigger", "(J)V", (void *)cancel_trigger},
    {"cancelFree", "(J)V", (void *)cancel_free},
};
const jint n_object_methods = COUNT(object_methods);

/* Results as one array of bytes, so that a call crosses into Java once. Numbers are in the machine's order,
 * unaligned, of 4 bytes, doubles of 8; a text is its length and its bytes. */
#include "glue.h"

#include <stdlib.h>
#include <string.h>

/* A text that grows. The first failure stands; what follows is ignored. */
typedef struct writer {
    char *bytes;
    size_t length, capacity;
    bool no_memory, too_large;
    biobert_error *error;
} writer;

static bool failed(const writer *out) { return out->no_memory || out->too_large || out->error != NULL; }

static void put(writer *out, const void *bytes, size_t count) {
    if (failed(out) || count == 0) return;
    /* A Java array has no more than this. */
    if (count > INT32_MAX - 64 - out->length) {
        out->too_large = true;
        return;
    }
    if (count > out->capacity - out->length) {
        size_t capacity = (out->length + count) * 2;
        char *larger = realloc(out->bytes, capacity);
        if (larger == NULL) {
            out->no_memory = true;
            return;
        }
        out->bytes = larger;
        out->capacity = capacity;
    }
    memcpy(out->bytes + out->length, bytes, count);
    out->length += count;
}

/* Offsets and counts are ints in Java. */
static void put_int(writer *out, uint64_t value) {
    int32_t number = (int32_t)value;
    if (value > INT32_MAX) out->too_large = true;
    put(out, &number, sizeof number);
}

/* An index that may point nowhere, which is -1 in Java. */
static void put_index(writer *out, uint64_t index) {
    int32_t nowhere = -1;
    if (index == BIOBERT_NONE) put(out, &nowhere, sizeof nowhere);
    else put_int(out, index);
}

static void put_float(writer *out, float value) { put(out, &value, sizeof value); }

static void put_double(writer *out, double value) { put(out, &value, sizeof value); }

static void put_text(writer *out, biobert_str text) {
    put_int(out, text.len);
    put(out, text.ptr, text.len);
}

/* The array for Java, or an exception. Frees what the writer has. */
static jbyteArray finish(JNIEnv *env, writer *out) {
    jbyteArray array = NULL;
    if (out->error != NULL) {
        throw_error(env, out->error);
    } else if (out->too_large) {
        static const char MESSAGE[] = "the result is too large for a Java array: use smaller batches";
        throw_failure(env, BIOBERT_E_LIMIT, (biobert_str){MESSAGE, sizeof MESSAGE - 1}, -1);
    } else if (out->no_memory) {
        throw_out_of_memory(env);
    } else {
        array = new_bytes(env, out->bytes, out->length);
    }
    free(out->bytes);
    return array;
}

/* Calls `body` with `item` for each struct of one of a document's lists, after their count. */
#define LIST(type, getter, body)                                                     \
    do {                                                                             \
        const type *list = NULL;                                                     \
        size_t count = 0, stride = 0;                                                \
        if (getter(result, doc, &list, &count, &stride, &out->error) != BIOBERT_OK)  \
            return;                                                                  \
        put_int(out, count);                                                         \
        for (size_t i = 0; i < count; i++) {                                         \
            const type *item = (const type *)((const char *)list + i * stride);      \
            body                                                                     \
        }                                                                            \
    } while (0)

static void put_found(writer *out, const biobert_result *result, size_t doc) {
    LIST(biobert_span, biobert_result_spans, {
        put_int(out, item->start);
        put_int(out, item->end);
        put_text(out, item->label);
        put_text(out, item->head);
        put_float(out, item->score);
    });
    LIST(biobert_relation, biobert_result_relations, {
        put_int(out, item->first);
        put_int(out, item->second);
        put_text(out, item->label);
        put_text(out, item->text);
        put_text(out, item->head);
        put_float(out, item->score);
        put_int(out, (uint64_t)item->assertion);
    });
    LIST(biobert_answer, biobert_result_answers, {
        put_int(out, item->passage);
        put_int(out, item->start);
        put_int(out, item->end);
        put_text(out, item->head);
        put_float(out, item->score);
        put_float(out, item->probability);
    });
    float no_answer = 0;
    if (biobert_result_no_answer(result, doc, &no_answer, &out->error) != BIOBERT_OK) return;
    put_float(out, no_answer);
    LIST(biobert_class, biobert_result_classes, {
        put_text(out, item->label);
        put_text(out, item->text);
        put_text(out, item->head);
        put_float(out, item->score);
        put_int(out, item->holds);
    });
    LIST(biobert_range, biobert_result_sentences, {
        put_int(out, item->start);
        put_int(out, item->end);
    });
    LIST(biobert_range, biobert_result_tokens, {
        put_int(out, item->start);
        put_int(out, item->end);
    });
    const float *values = NULL;
    size_t rows = 0, width = 0;
    if (biobert_result_embedding(result, doc, &values, &width, &out->error) != BIOBERT_OK) return;
    put_int(out, width);
    put(out, values, width * sizeof *values);
    if (biobert_result_states(result, doc, &values, &rows, &width, &out->error) != BIOBERT_OK) return;
    put_int(out, rows);
    put_int(out, width);
    put(out, values, rows * width * sizeof *values);
}

/* What is found in notes. Entities come after the lists that they have parts of. */
static void put_note(writer *out, const biobert_result *result, size_t doc) {
    LIST(biobert_section, biobert_result_sections, {
        put_int(out, item->start);
        put_int(out, item->end);
        put_int(out, item->title_start);
        put_int(out, item->title_end);
        put_index(out, item->parent);
        put_text(out, item->name);
        put_text(out, item->loinc);
    });
    LIST(biobert_also, biobert_result_also, {
        put_text(out, item->label);
        put_text(out, item->head);
        put_float(out, item->score);
    });
    LIST(biobert_attribute, biobert_result_attributes, {
        put_int(out, (uint64_t)item->kind);
        put_int(out, item->start);
        put_int(out, item->end);
        put_double(out, item->low);
        put_double(out, item->high);
        put_text(out, item->comparator);
        put_text(out, item->unit);
        put_int(out, item->step);
        put_int(out, item->parsed);
    });
    LIST(biobert_code, biobert_result_codes, {
        put_text(out, item->code);
        put_text(out, item->name);
        put_float(out, item->score);
        put_int(out, (uint64_t)item->reason);
    });
    LIST(biobert_link, biobert_result_links, {
        put_text(out, item->system);
        put_int(out, item->first_code);
        put_int(out, item->n_codes);
        put_int(out, (uint64_t)item->abstention);
    });
    LIST(biobert_entity, biobert_result_entities, {
        put_int(out, item->start);
        put_int(out, item->end);
        put_text(out, item->label);
        put_text(out, item->head);
        put_float(out, item->score);
        put_int(out, item->first_also);
        put_int(out, item->n_also);
        put_index(out, item->section);
        put_int(out, (uint64_t)item->assertion);
        put_int(out, (uint64_t)item->category);
        put_float(out, item->assertion_score);
        put_int(out, item->cue_start);
        put_int(out, item->cue_end);
        put_text(out, item->expansion);
        put_int(out, item->first_attribute);
        put_int(out, item->n_attributes);
        put_int(out, item->first_link);
        put_int(out, item->n_links);
    });
    LIST(biobert_code_relation, biobert_result_code_relations, {
        put_text(out, item->first);
        put_text(out, item->second);
        put_text(out, item->label);
        put_float(out, item->score);
    });
}

/* Masks come after the list that they have parts of. */
static void put_masks(writer *out, const biobert_result *result, size_t doc) {
    LIST(biobert_candidate, biobert_result_candidates, {
        put_text(out, item->token);
        put_int(out, item->id);
        put_float(out, item->score);
    });
    LIST(biobert_mask, biobert_result_masks, {
        put_int(out, item->start);
        put_int(out, item->end);
        put_int(out, item->first_candidate);
        put_int(out, item->n_candidates);
    });
}

jbyteArray write_result(JNIEnv *env, const biobert_result *result) {
    writer out = {0};
    size_t count = biobert_result_doc_count(result);
    put_int(&out, (uint64_t)biobert_result_device(result));
    put_int(&out, count);
    for (size_t doc = 0; doc < count && !failed(&out); doc++) {
        biobert_status status = biobert_result_doc_status(result, doc);
        put_int(&out, (uint64_t)status);
        if (status == BIOBERT_OK) {
            put_int(&out, biobert_result_doc_flags(result, doc));
            put_found(&out, result, doc);
            if (!failed(&out)) put_note(&out, result, doc);
            if (!failed(&out)) put_masks(&out, result, doc);
        } else {
            put_text(&out, biobert_result_doc_message(result, doc));
        }
    }
    return finish(env, &out);
}

jbyteArray write_text(JNIEnv *env, biobert_str text) {
    writer out = {0};
    put(&out, text.ptr, text.len);
    return finish(env, &out);
}

jbyteArray write_json(JNIEnv *env, biobert_status status, biobert_json *json, biobert_error *error) {
    if (status != BIOBERT_OK) {
        throw_error(env, error);
        return NULL;
    }
    jbyteArray bytes = write_text(env, biobert_json_view(json));
    biobert_json_free(json);
    return bytes;
}

jbyteArray write_names(JNIEnv *env, size_t count, name_fn *name, const void *of) {
    writer out = {0};
    put_int(&out, count);
    for (size_t i = 0; i < count && !failed(&out); i++) {
        biobert_str text = {NULL, 0};
        if (name(of, i, &text, &out.error) == BIOBERT_OK) put_text(&out, text);
    }
    return finish(env, &out);
}

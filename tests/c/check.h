/* What the tests of the C interface share: counted checks, and views. */
#ifndef CHECK_H
#define CHECK_H

#include <biobert.h>

#include <stdio.h>
#include <string.h>

/* For layouts that bindings rely on. */
#define STATIC_ASSERT(name, condition) typedef char static_assert_##name[(condition) ? 1 : -1]

static int passed, failed;

#define CHECK(condition)                                                        \
    do {                                                                        \
        if (condition) passed++;                                                \
        else {                                                                  \
            failed++;                                                           \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);      \
        }                                                                       \
    } while (0)

static biobert_str str(const char *text) {
    biobert_str view;
    view.ptr = text;
    view.len = strlen(text);
    return view;
}

static int equal(biobert_str view, const char *text) {
    return view.len == strlen(text) && memcmp(view.ptr, text, view.len) == 0;
}

/* Whether a text stands somewhere in a view. */
static int holds(biobert_str view, const char *text) {
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= view.len; i++) {
        if (memcmp(view.ptr + i, text, length) == 0) return 1;
    }
    return 0;
}

/* Whether an error has this status and a message, which never says SECRET: tests put it into texts
 * and paths. Frees the error. */
static inline int is_error(biobert_status status, biobert_error **error, biobert_status want) {
    biobert_str message = biobert_error_message(*error);
    int fits = status == want && *error != NULL && biobert_error_status(*error) == want && message.len > 0 &&
               !holds(message, "SECRET") && biobert_error_doc_index(*error) >= -1;
    biobert_error_free(*error);
    *error = NULL;
    return fits;
}

/* The same, and whether the error blames this document, -1 for none. */
static inline int blames(biobert_status status, biobert_error **error, biobert_status want, int64_t doc) {
    int fits = biobert_error_doc_index(*error) == doc;
    return is_error(status, error, want) && fits;
}

#endif

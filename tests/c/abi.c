/* The C interface as C sees it. Runs on the tiny model:  abi BUNDLE
 *
 * Every object is freed, in the wrong order where that is interesting: Valgrind and LeakSanitizer
 * watch. Ends with a line "N passed, N failed".
 */
#include <biobert.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The layout that bindings rely on (64-bit). */
#define STATIC_ASSERT(name, condition) typedef char static_assert_##name[(condition) ? 1 : -1]
#if UINTPTR_MAX == UINT64_MAX
STATIC_ASSERT(str, sizeof(biobert_str) == 16 && offsetof(biobert_str, len) == 8);
STATIC_ASSERT(str16, sizeof(biobert_str16) == 16);
STATIC_ASSERT(span, sizeof(biobert_span) == 56);
STATIC_ASSERT(span_label, offsetof(biobert_span, label) == 16);
STATIC_ASSERT(span_head, offsetof(biobert_span, head) == 32);
STATIC_ASSERT(span_score, offsetof(biobert_span, score) == 48);
STATIC_ASSERT(run_options, sizeof(biobert_run_options) == 16);
STATIC_ASSERT(model_options, sizeof(biobert_model_options) == 16);
STATIC_ASSERT(engine_options, sizeof(biobert_engine_options) == 72);
STATIC_ASSERT(engine_isa, offsetof(biobert_engine_options, isa) == 8);
STATIC_ASSERT(engine_limit, offsetof(biobert_engine_options, max_doc_bytes) == 32);
STATIC_ASSERT(engine_drop, offsetof(biobert_engine_options, log_drop) == 64);
#endif

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

/* Whether an error has this status and a message; frees it. */
static int is_error(biobert_status status, biobert_error **error, biobert_status want) {
    int fits = status == want && *error != NULL && biobert_error_status(*error) == want &&
               biobert_error_message(*error).len > 0 && biobert_error_doc_index(*error) == -1;
    biobert_error_free(*error);
    *error = NULL;
    return fits;
}

struct sink {
    int lines, drops;
};

static void log_line(void *userdata, biobert_str line) {
    if (line.len > 0) ((struct sink *)userdata)->lines++;
}

static void log_drop(void *userdata) { ((struct sink *)userdata)->drops++; }

static biobert_run_options run_options(biobert_offset_unit unit) {
    biobert_run_options options;
    memset(&options, 0xAB, sizeof options);
    biobert_run_options_init(&options, sizeof options);
    options.unit = unit;
    return options;
}

static void test_library(void) {
    CHECK(biobert_abi_version() >= BIOBERT_ABI_VERSION);
    CHECK(strchr(biobert_version_string(), '.') != NULL);
    CHECK(strstr(biobert_build_info_json(), "\"isa_available\"") != NULL);
    CHECK(strcmp(biobert_status_name(BIOBERT_E_CORRUPT), "BIOBERT_E_CORRUPT") == 0);
    CHECK(strcmp(biobert_status_name(-7), "BIOBERT_E_UNKNOWN") == 0);
}

static void test_engine(void) {
    struct sink sink = {0, 0};
    biobert_engine *engine = NULL;
    biobert_error *error = NULL;
    biobert_json *json = NULL;
    biobert_engine_options options;
    memset(&options, 0xAB, sizeof options);
    biobert_engine_options_init(&options, sizeof options);
    CHECK(options.struct_size == sizeof options && options.threads == 0 && options.log == NULL);
    options.threads = 2;
    options.isa = str("portable");
    options.log = log_line;
    options.log_userdata = &sink;
    options.log_drop = log_drop;
    CHECK(biobert_engine_create(&options, &engine, &error) == BIOBERT_OK && error == NULL);
    CHECK(biobert_engine_stats_json(engine, &json, NULL) == BIOBERT_OK);
    CHECK(equal(biobert_json_view(json), "{\"models\":0,\"results\":0,\"threads\":2,\"isa\":\"portable\"}"));
    biobert_json_free(json);
    biobert_engine_free(engine);
    CHECK(sink.lines > 0 && sink.drops == 1);

    options.isa = str("quantum");
    CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(sink.drops == 2);
    options.isa = str("");
    options.device = 99;
    CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_UNSUPPORTED));
    options.struct_size = 3;
    CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_ARGUMENT));
}

static void test_model(biobert_engine *engine, const char *bundle) {
    biobert_model *model = NULL;
    biobert_error *error = NULL;
    biobert_json *json = NULL;
    biobert_str name;
    size_t count = 0;
    biobert_model_options options;
    biobert_model_options_init(&options, sizeof options);
    options.integrity = BIOBERT_INTEGRITY_FULL;
    options.loading = BIOBERT_LOADING_COPY;
    options.precision = BIOBERT_PRECISION_F32;
    CHECK(biobert_model_open_path(engine, str(bundle), &options, &model, &error) == BIOBERT_OK);
    CHECK(biobert_model_info_json(model, &json, NULL) == BIOBERT_OK);
    CHECK(biobert_json_view(json).len > 100);
    biobert_json_free(json);
    CHECK(biobert_model_verify(model, &json, NULL) == BIOBERT_OK);
    biobert_json_free(json);
    CHECK(biobert_model_head_count(model) == 5);
    CHECK(biobert_model_head_name(model, 1, &name, NULL) == BIOBERT_OK && equal(name, "disease"));
    CHECK(biobert_model_label_count(model, name, &count, NULL) == BIOBERT_OK && count == 3);
    CHECK(biobert_model_label_name(model, str("disease"), 2, &name, NULL) == BIOBERT_OK && equal(name, "O"));
    CHECK(is_error(biobert_model_label_name(model, str("disease"), 3, &name, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_model_label_count(model, str("no"), &count, &error), &error, BIOBERT_E_NOT_FOUND));
    CHECK(biobert_model_retain(model) == model);
    biobert_model_free(model);
    biobert_model_free(model);

    model = NULL;
    CHECK(is_error(biobert_model_open_path(engine, str("/no/such"), NULL, &model, &error), &error, BIOBERT_E_NOT_FOUND));
    CHECK(is_error(biobert_model_open_path(engine, str(""), NULL, &model, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_model_open_path(NULL, str(bundle), NULL, &model, &error), &error, BIOBERT_E_ARGUMENT));
    options.precision = BIOBERT_PRECISION_INT8;
    CHECK(is_error(biobert_model_open_path(engine, str(bundle), &options, &model, &error), &error, BIOBERT_E_UNSUPPORTED));
    options.precision = 17;
    CHECK(is_error(biobert_model_open_path(engine, str(bundle), &options, &model, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(model == NULL);
}

static void test_runs(biobert_engine *engine, biobert_model *model) {
    /* "fever 😀 café" with a NUL in it; then a bad document; then an empty one. */
    static const char first[] = "fever \xF0\x9F\x98\x80 caf\xC3\xA9\0 rash";
    biobert_str docs[3];
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_json *json = NULL;
    biobert_run_options options = run_options(BIOBERT_UTF8_BYTES);
    docs[0].ptr = first;
    docs[0].len = sizeof first - 1;
    docs[1] = str("bad \xFF");
    docs[2].ptr = NULL;
    docs[2].len = 0;
    CHECK(biobert_ner_run(model, NULL, 0, docs, 3, &options, NULL, &result, &error) == BIOBERT_OK);
    CHECK(biobert_result_doc_count(result) == 3);
    CHECK(biobert_result_doc_status(result, 0) == BIOBERT_OK);
    CHECK(biobert_result_doc_status(result, 1) == BIOBERT_E_ENCODING);
    CHECK(equal(biobert_result_doc_message(result, 1), "invalid UTF-8 at byte 4"));
    CHECK(biobert_result_doc_status(result, 2) == BIOBERT_OK);
    CHECK(biobert_result_doc_status(result, 3) == BIOBERT_E_ARGUMENT);
    CHECK(biobert_result_to_json(result, &json, NULL) == BIOBERT_OK);
    CHECK(biobert_json_view(json).len > 50);
    biobert_json_free(json);

    const biobert_span *spans = NULL;
    size_t count = 0, stride = 0;
    CHECK(biobert_result_spans(result, 0, &spans, &count, &stride, &error) == BIOBERT_OK);
    CHECK(count > 0 && stride >= sizeof(biobert_span));
    for (size_t i = 0; i < count; i++) {
        const biobert_span *span = (const biobert_span *)((const char *)spans + i * stride);
        CHECK(span->start < span->end && span->end <= docs[0].len);
        CHECK(span->score > 0 && span->score <= 1 && span->label.len > 0 && span->head.len > 0);
    }
    CHECK(is_error(biobert_result_spans(result, 9, &spans, &count, &stride, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_result_spans(result, 0, NULL, &count, &stride, &error), &error, BIOBERT_E_ARGUMENT));

    /* The same in UTF-16 gives as many spans; a lone surrogate is replaced on request. */
    static const uint16_t wide[] = {'f', 'e', 'v', 'e', 'r', ' ', 0xD83D, 0xDE00, ' ', 'c', 'a', 'f',
                                    0xE9, 0, ' ', 'r', 'a', 's', 'h'};
    static const uint16_t lone[] = {'r', 'a', 's', 'h', ' ', 0xDC00};
    biobert_str16 docs16[2];
    biobert_result *result16 = NULL;
    size_t count16 = 0;
    docs16[0].ptr = wide;
    docs16[0].len = sizeof wide / sizeof *wide;
    docs16[1].ptr = lone;
    docs16[1].len = sizeof lone / sizeof *lone;
    options = run_options(BIOBERT_UTF16_UNITS);
    options.invalid_text = BIOBERT_INVALID_REPLACE;
    CHECK(biobert_ner_run16(model, NULL, 0, docs16, 2, &options, NULL, &result16, &error) == BIOBERT_OK);
    CHECK(biobert_result_spans(result16, 0, &spans, &count16, &stride, NULL) == BIOBERT_OK && count16 == count);
    CHECK(biobert_result_doc_flags(result16, 1) == BIOBERT_DOC_REPLACED_INVALID);
    biobert_result_free(result16);

    biobert_str head = str("typed"), wrong = str("induces");
    result16 = NULL;
    CHECK(biobert_ner_run(model, &head, 1, docs, 1, &options, NULL, &result16, NULL) == BIOBERT_OK);
    CHECK(biobert_engine_stats_json(engine, &json, NULL) == BIOBERT_OK);
    CHECK(equal(biobert_json_view(json), "{\"models\":1,\"results\":2,\"threads\":1,\"isa\":\"portable\"}"));
    biobert_json_free(json);
    biobert_result_free(result16);
    result16 = NULL;
    CHECK(is_error(biobert_ner_run(model, &wrong, 1, docs, 1, &options, NULL, &result16, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_ner_run(model, NULL, 0, docs, 1, NULL, NULL, &result16, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_ner_run(NULL, NULL, 0, docs, 1, &options, NULL, &result16, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_ner_run(model, NULL, 0, NULL, 1, &options, NULL, &result16, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_ner_run(NULL, NULL, 0, docs, 1, &options, NULL, &result16, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(result16 == NULL);
    CHECK(biobert_ner_run(model, NULL, 0, NULL, 0, &options, NULL, &result16, NULL) == BIOBERT_OK);
    CHECK(biobert_result_doc_count(result16) == 0);
    biobert_result_free(result16);
    biobert_result_free(result);
}

static void test_early_ends(biobert_model *model) {
    size_t length = 400000;
    char *text = malloc(length);
    biobert_cancel *cancel = NULL;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_run_options options = run_options(BIOBERT_UTF8_BYTES);
    biobert_str doc;
    if (text == NULL) exit(1);
    for (size_t i = 0; i < length; i++) text[i] = "fever "[i % 6];
    doc.ptr = text;
    doc.len = length;
    CHECK(biobert_cancel_create(&cancel, &error) == BIOBERT_OK);
    biobert_cancel_trigger(cancel);
    CHECK(is_error(biobert_ner_run(model, NULL, 0, &doc, 1, &options, cancel, &result, &error), &error, BIOBERT_E_CANCELLED));
    options.deadline_ms = 1;
    CHECK(is_error(biobert_ner_run(model, NULL, 0, &doc, 1, &options, NULL, &result, &error), &error, BIOBERT_E_DEADLINE));
    CHECK(result == NULL);
    biobert_cancel_free(cancel);
    free(text);
}

int main(int argc, char **argv) {
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_engine_options options;
    if (argc != 2) return 2;
    test_library();
    test_engine();
    biobert_engine_options_init(&options, sizeof options);
    options.isa = str("portable");
    CHECK(biobert_engine_create(&options, &engine, NULL) == BIOBERT_OK);
    test_model(engine, argv[1]);
    CHECK(biobert_model_open_path(engine, str(argv[1]), NULL, &model, NULL) == BIOBERT_OK);
    test_runs(engine, model);
    biobert_engine_free(engine); /* Before its model: children keep their parents. */
    test_early_ends(model);
    biobert_model_free(model);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

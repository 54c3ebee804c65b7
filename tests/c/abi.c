/* The C interface as C sees it. Runs on the tiny model:  abi BUNDLE
 *
 * Every object is freed, in the wrong order where that is interesting: Valgrind and LeakSanitizer
 * watch. Ends with a line "N passed, N failed".
 */
#include "check.h"

#include <stddef.h>
#include <stdlib.h>

/* The layout that bindings rely on (64-bit). */
#if UINTPTR_MAX == UINT64_MAX
STATIC_ASSERT(str, sizeof(biobert_str) == 16 && offsetof(biobert_str, len) == 8);
STATIC_ASSERT(str16, sizeof(biobert_str16) == 16);
STATIC_ASSERT(span, sizeof(biobert_span) == 56);
STATIC_ASSERT(span_label, offsetof(biobert_span, label) == 16);
STATIC_ASSERT(span_head, offsetof(biobert_span, head) == 32);
STATIC_ASSERT(span_score, offsetof(biobert_span, score) == 48);
STATIC_ASSERT(relation, sizeof(biobert_relation) == 72);
STATIC_ASSERT(relation_second, offsetof(biobert_relation, second) == 8);
STATIC_ASSERT(relation_label, offsetof(biobert_relation, label) == 16);
STATIC_ASSERT(relation_text, offsetof(biobert_relation, text) == 32);
STATIC_ASSERT(relation_head, offsetof(biobert_relation, head) == 48);
STATIC_ASSERT(relation_score, offsetof(biobert_relation, score) == 64);
STATIC_ASSERT(relation_assertion, offsetof(biobert_relation, assertion) == 68);
STATIC_ASSERT(section, sizeof(biobert_section) == 72);
STATIC_ASSERT(section_end, offsetof(biobert_section, end) == 8);
STATIC_ASSERT(section_title, offsetof(biobert_section, title_start) == 16 && offsetof(biobert_section, title_end) == 24);
STATIC_ASSERT(section_parent, offsetof(biobert_section, parent) == 32);
STATIC_ASSERT(section_name, offsetof(biobert_section, name) == 40);
STATIC_ASSERT(section_loinc, offsetof(biobert_section, loinc) == 56);
STATIC_ASSERT(attribute, sizeof(biobert_attribute) == 80);
STATIC_ASSERT(attribute_end, offsetof(biobert_attribute, end) == 8);
STATIC_ASSERT(attribute_low, offsetof(biobert_attribute, low) == 16 && offsetof(biobert_attribute, high) == 24);
STATIC_ASSERT(attribute_comparator, offsetof(biobert_attribute, comparator) == 32);
STATIC_ASSERT(attribute_unit, offsetof(biobert_attribute, unit) == 48);
STATIC_ASSERT(attribute_kind, offsetof(biobert_attribute, kind) == 64);
STATIC_ASSERT(attribute_step, offsetof(biobert_attribute, step) == 68 && offsetof(biobert_attribute, parsed) == 72);
STATIC_ASSERT(also, sizeof(biobert_also) == 40);
STATIC_ASSERT(also_head, offsetof(biobert_also, head) == 16 && offsetof(biobert_also, score) == 32);
STATIC_ASSERT(said, sizeof(biobert_entity) == 152);
STATIC_ASSERT(said_links, offsetof(biobert_entity, first_link) == 136);
STATIC_ASSERT(linked, sizeof(biobert_link) == 40);
STATIC_ASSERT(coded, sizeof(biobert_code) == 40);
STATIC_ASSERT(related_codes, sizeof(biobert_code_relation) == 56 && offsetof(biobert_code_relation, score) == 48);
STATIC_ASSERT(said_section, offsetof(biobert_entity, section) == 16);
STATIC_ASSERT(said_cue, offsetof(biobert_entity, cue_start) == 24 && offsetof(biobert_entity, cue_end) == 32);
STATIC_ASSERT(said_also, offsetof(biobert_entity, first_also) == 40 && offsetof(biobert_entity, n_also) == 48);
STATIC_ASSERT(said_attributes, offsetof(biobert_entity, first_attribute) == 56 && offsetof(biobert_entity, n_attributes) == 64);
STATIC_ASSERT(said_label, offsetof(biobert_entity, label) == 72 && offsetof(biobert_entity, head) == 88);
STATIC_ASSERT(said_expansion, offsetof(biobert_entity, expansion) == 104);
STATIC_ASSERT(said_score, offsetof(biobert_entity, score) == 120);
STATIC_ASSERT(said_assertion, offsetof(biobert_entity, assertion) == 124 && offsetof(biobert_entity, category) == 128);
STATIC_ASSERT(said_assertion_score, offsetof(biobert_entity, assertion_score) == 132);
STATIC_ASSERT(extract_options, sizeof(biobert_extract_options) == 24);
STATIC_ASSERT(extract_terms, offsetof(biobert_extract_options, terms) == 8);
STATIC_ASSERT(extract_judges, offsetof(biobert_extract_options, judges) == 4);
STATIC_ASSERT(answer, sizeof(biobert_answer) == 48);
STATIC_ASSERT(answer_start, offsetof(biobert_answer, start) == 8);
STATIC_ASSERT(answer_end, offsetof(biobert_answer, end) == 16);
STATIC_ASSERT(answer_head, offsetof(biobert_answer, head) == 24);
STATIC_ASSERT(answer_score, offsetof(biobert_answer, score) == 40);
STATIC_ASSERT(answer_probability, offsetof(biobert_answer, probability) == 44);
STATIC_ASSERT(class_, sizeof(biobert_class) == 56);
STATIC_ASSERT(class_text, offsetof(biobert_class, text) == 16);
STATIC_ASSERT(class_head, offsetof(biobert_class, head) == 32);
STATIC_ASSERT(class_score, offsetof(biobert_class, score) == 48);
STATIC_ASSERT(class_holds, offsetof(biobert_class, holds) == 52);
STATIC_ASSERT(range, sizeof(biobert_range) == 16 && offsetof(biobert_range, end) == 8);
STATIC_ASSERT(entity, sizeof(biobert_entity_in) == 40);
STATIC_ASSERT(entity_start, offsetof(biobert_entity_in, start) == 8);
STATIC_ASSERT(entity_end, offsetof(biobert_entity_in, end) == 16);
STATIC_ASSERT(entity_kind, offsetof(biobert_entity_in, kind) == 24);
STATIC_ASSERT(qa, sizeof(biobert_qa_in) == 32 && sizeof(biobert_qa_in16) == 32);
STATIC_ASSERT(qa_passages, offsetof(biobert_qa_in, passages) == 16);
STATIC_ASSERT(qa_count, offsetof(biobert_qa_in, n_passages) == 24);
STATIC_ASSERT(qa16_passages, offsetof(biobert_qa_in16, passages) == 16);
STATIC_ASSERT(qa16_count, offsetof(biobert_qa_in16, n_passages) == 24);
STATIC_ASSERT(re_options, sizeof(biobert_re_options) == 8);
STATIC_ASSERT(re_unrelated, offsetof(biobert_re_options, unrelated) == 4);
STATIC_ASSERT(qa_options, sizeof(biobert_qa_options) == 20);
STATIC_ASSERT(qa_top, offsetof(biobert_qa_options, top) == 4);
STATIC_ASSERT(qa_max_tokens, offsetof(biobert_qa_options, max_tokens) == 8);
STATIC_ASSERT(qa_pool, offsetof(biobert_qa_options, pool) == 12);
STATIC_ASSERT(qa_threshold, offsetof(biobert_qa_options, threshold) == 16);
STATIC_ASSERT(embed_options, sizeof(biobert_embed_options) == 24 + sizeof(biobert_str));
STATIC_ASSERT(embed_pooling, offsetof(biobert_embed_options, pooling) == 4);
STATIC_ASSERT(embed_choose, offsetof(biobert_embed_options, choose_layer) == 8);
STATIC_ASSERT(embed_layer, offsetof(biobert_embed_options, layer) == 12);
STATIC_ASSERT(embed_normalize, offsetof(biobert_embed_options, normalize) == 16);
STATIC_ASSERT(embed_tokens, offsetof(biobert_embed_options, tokens) == 20);
STATIC_ASSERT(embed_prompt, offsetof(biobert_embed_options, prompt) == 24);
STATIC_ASSERT(run_options, sizeof(biobert_run_options) == 20);
STATIC_ASSERT(model_options, sizeof(biobert_model_options) == 24 + sizeof(void *) + sizeof(size_t));
STATIC_ASSERT(engine_options, sizeof(biobert_engine_options) == 80);
STATIC_ASSERT(engine_isa, offsetof(biobert_engine_options, isa) == 8);
STATIC_ASSERT(engine_limit, offsetof(biobert_engine_options, max_doc_bytes) == 32);
STATIC_ASSERT(engine_drop, offsetof(biobert_engine_options, log_drop) == 64);
STATIC_ASSERT(engine_gpu, offsetof(biobert_engine_options, gpu) == 72);
#endif

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
    CHECK(equal(biobert_json_view(json), "{\"models\":0,\"results\":0,\"threads\":2,\"isa\":\"portable\",\"device\":\"cpu\"}"));
    biobert_json_free(json);
    biobert_engine_free(engine);
    CHECK(sink.lines > 0 && sink.drops == 1);

    options.isa = str("quantum");
    CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(sink.drops == 2);
    options.isa = str("");
    options.device = BIOBERT_DEVICE_GPU; /* An answer, not an option. */
    CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_ARGUMENT));
    if (strstr(biobert_build_info_json(), "\"cuda\"") == NULL) {
        options.device = BIOBERT_DEVICE_PREFER_GPU;
        CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_UNSUPPORTED));
        options.device = BIOBERT_DEVICE_REQUIRE_GPU;
        CHECK(is_error(biobert_engine_create(&options, &engine, &error), &error, BIOBERT_E_UNSUPPORTED));
    }
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
    biobert_str label = str("B");
    options.labels = &label;
    options.n_labels = 1;
    CHECK(is_error(biobert_model_open_path(engine, str(bundle), &options, &model, &error), &error, BIOBERT_E_ARGUMENT));
    options.labels = NULL;
    CHECK(is_error(biobert_model_open_path(engine, str(bundle), &options, &model, &error), &error, BIOBERT_E_ARGUMENT));
    options.n_labels = 0;
    options.precision = 17;
    CHECK(is_error(biobert_model_open_path(engine, str(bundle), &options, &model, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(model == NULL);
    options.precision = BIOBERT_PRECISION_INT8;
    options.integrity = BIOBERT_INTEGRITY_HEADERS;
    options.loading = BIOBERT_LOADING_COPY;
    CHECK(biobert_model_open_path(engine, str(bundle), &options, &model, &error) == BIOBERT_OK);
    CHECK(biobert_model_verify(model, &json, NULL) == BIOBERT_OK);
    biobert_json_free(json);
    biobert_model_free(model);
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
    CHECK(biobert_result_device(result) == BIOBERT_DEVICE_CPU);
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
    CHECK(equal(biobert_json_view(json), "{\"models\":1,\"results\":2,\"threads\":1,\"isa\":\"portable\",\"device\":\"cpu\"}"));
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

/* The ways to call the functions that run tasks. */
enum task { NER, RE, QA, CLASSIFY, PAIR, EMBED, SENTENCES, SECTIONS, EXTRACT, TASKS };

/* What they are given: the same texts in both forms. */
struct call {
    const biobert_engine *engine;
    const biobert_model *model;
    int wide; /* whether UTF-16 is used */
    const biobert_str *texts;
    const biobert_str16 *texts16;
    size_t n_texts; /* up to 8 */
    const biobert_str *heads;
    size_t n_heads;
    const biobert_entity_in *entities;
    size_t n_entities;
    const biobert_re_options *relations;
    const biobert_qa_options *answers;
    const biobert_embed_options *embed;
    const biobert_extract_options *extract;
    const biobert_run_options *options;
    const biobert_cancel *cancel;
};

/* Runs a task. Each text is a question too, and all of them are its passages. */
static biobert_status run(const struct call *c, enum task task, biobert_result **out, biobert_error **error) {
    const biobert_str *texts = c->texts;
    const biobert_str16 *texts16 = c->texts16;
    biobert_qa_in questions[8];
    biobert_qa_in16 questions16[8];
    for (size_t i = 0; i < c->n_texts; i++) {
        if (c->wide) {
            questions16[i].question = texts16[i];
            questions16[i].passages = texts16;
            questions16[i].n_passages = c->n_texts;
        } else {
            questions[i].question = texts[i];
            questions[i].passages = texts;
            questions[i].n_passages = c->n_texts;
        }
    }
    switch (task) {
    case NER:
        if (c->wide) return biobert_ner_run16(c->model, c->heads, c->n_heads, texts16, c->n_texts, c->options, c->cancel, out, error);
        return biobert_ner_run(c->model, c->heads, c->n_heads, texts, c->n_texts, c->options, c->cancel, out, error);
    case RE:
        if (c->wide) return biobert_re_run16(c->model, c->heads, c->n_heads, texts16, c->n_texts, c->entities, c->n_entities, c->relations, c->options, c->cancel, out, error);
        return biobert_re_run(c->model, c->heads, c->n_heads, texts, c->n_texts, c->entities, c->n_entities, c->relations, c->options, c->cancel, out, error);
    case QA:
        if (c->wide) return biobert_qa_run16(c->model, c->heads, c->n_heads, questions16, c->n_texts, c->answers, c->options, c->cancel, out, error);
        return biobert_qa_run(c->model, c->heads, c->n_heads, questions, c->n_texts, c->answers, c->options, c->cancel, out, error);
    case CLASSIFY:
    case PAIR:
        if (c->wide) return biobert_classify_run16(c->model, c->heads, c->n_heads, texts16, task == PAIR ? texts16 : NULL, c->n_texts, c->options, c->cancel, out, error);
        return biobert_classify_run(c->model, c->heads, c->n_heads, texts, task == PAIR ? texts : NULL, c->n_texts, c->options, c->cancel, out, error);
    case EMBED:
        if (c->wide) return biobert_embed_run16(c->model, texts16, c->n_texts, c->embed, c->options, c->cancel, out, error);
        return biobert_embed_run(c->model, texts, c->n_texts, c->embed, c->options, c->cancel, out, error);
    case SECTIONS:
        if (c->wide) return biobert_sections_run16(c->engine, texts16, c->n_texts, c->options, c->cancel, out, error);
        return biobert_sections_run(c->engine, texts, c->n_texts, c->options, c->cancel, out, error);
    case EXTRACT:
        if (c->wide) return biobert_extract_run16(c->model, c->heads, c->n_heads, texts16, c->n_texts, c->extract, c->options, c->cancel, out, error);
        return biobert_extract_run(c->model, c->heads, c->n_heads, texts, c->n_texts, c->extract, c->options, c->cancel, out, error);
    default:
        if (c->wide) return biobert_sentences_run16(c->engine, texts16, c->n_texts, c->options, c->cancel, out, error);
        return biobert_sentences_run(c->engine, texts, c->n_texts, c->options, c->cancel, out, error);
    }
}

/* Everything that a result holds of a document. Lists have their structs stride bytes apart. */
struct found {
    const biobert_span *spans;
    const biobert_relation *relations;
    const biobert_answer *answers;
    const biobert_class *classes;
    const biobert_range *sentences, *tokens;
    const biobert_section *sections;
    const biobert_entity *entities;
    const biobert_also *also;
    const biobert_attribute *attributes;
    const float *embedding, *states;
    size_t n_spans, n_relations, n_answers, n_classes, n_sentences, n_tokens, n_sections, n_entities, n_also, n_attributes, width, rows;
    float no_answer;
};

static struct found found_in(const biobert_result *result, size_t doc) {
    struct found f;
    biobert_error *error = NULL;
    size_t stride = 0, width = 0;
    memset(&f, 0xAB, sizeof f);
#define LIST(name, type)                                                                                       \
    CHECK(biobert_result_##name(result, doc, &f.name, &f.n_##name, &stride, &error) == BIOBERT_OK && !error); \
    CHECK(stride == sizeof(type)); /* this library's: the loops below count in structs */                      \
    CHECK(is_error(biobert_result_##name(result, 99, &f.name, &f.n_##name, &stride, &error), &error, BIOBERT_E_ARGUMENT)); \
    CHECK(is_error(biobert_result_##name(NULL, doc, &f.name, &f.n_##name, &stride, &error), &error, BIOBERT_E_ARGUMENT))
    LIST(spans, biobert_span);
    LIST(relations, biobert_relation);
    LIST(answers, biobert_answer);
    LIST(classes, biobert_class);
    LIST(sentences, biobert_range);
    LIST(tokens, biobert_range);
    LIST(sections, biobert_section);
    LIST(entities, biobert_entity);
    LIST(also, biobert_also);
    LIST(attributes, biobert_attribute);
#undef LIST
    CHECK(biobert_result_no_answer(result, doc, &f.no_answer, &error) == BIOBERT_OK && !error);
    CHECK(biobert_result_embedding(result, doc, &f.embedding, &f.width, &error) == BIOBERT_OK && !error);
    CHECK(biobert_result_states(result, doc, &f.states, &f.rows, &width, &error) == BIOBERT_OK && !error);
    CHECK(width == f.width && (f.rows == 0 || f.rows == f.n_tokens));
    return f;
}

/* Whether a list of a task's result is empty exactly if the task does not give it. */
static void check_lists(enum task task, const struct found *f) {
    CHECK((f->n_spans > 0) == (task == NER || task == RE || task == EXTRACT));
    CHECK(f->n_entities == (task == EXTRACT ? f->n_spans : 0));
    CHECK(task == EXTRACT || (f->n_also == 0 && f->n_attributes == 0));
    CHECK(task == EXTRACT || task == SECTIONS || f->n_sections == 0);
    CHECK((f->n_relations > 0) == (task == RE));
    CHECK((f->n_answers > 0) == (task == QA));
    CHECK((f->n_classes > 0) == (task == CLASSIFY || task == PAIR));
    CHECK((f->n_sentences > 0) == (task == SENTENCES));
    CHECK((f->width > 0) == (task == EMBED));
    CHECK((f->n_tokens > 0) == (task == EMBED) && f->rows == f->n_tokens);
    CHECK((f->no_answer == f->no_answer) == (task == QA)); /* NaN is not equal to itself. */
}

/* "aspirin 😀 gave café<NUL> rash. It went." and where "aspirin", the emoji and "rash" lie. */
static const char story[] = "aspirin \xF0\x9F\x98\x80 gave caf\xC3\xA9\0 rash. It went.";
static const uint16_t story16[] = {'a', 's', 'p', 'i', 'r', 'i', 'n', ' ', 0xD83D, 0xDE00, ' ', 'g', 'a', 'v', 'e',
                                   ' ', 'c', 'a', 'f', 0xE9, 0, ' ', 'r', 'a', 's', 'h', '.', ' ', 'I', 't', ' ',
                                   'w', 'e', 'n', 't', '.'};
static const struct place {
    biobert_offset_unit unit;
    uint64_t rash, first_end, end;
} places[] = {{BIOBERT_UTF8_BYTES, 25, 30, 39}, {BIOBERT_UNICODE_SCALARS, 21, 26, 35}, {BIOBERT_UTF16_UNITS, 22, 27, 36}};

static biobert_entity_in entity(uint64_t doc, uint64_t start, uint64_t end, const char *kind) {
    biobert_entity_in entity;
    entity.doc = doc;
    entity.start = start;
    entity.end = end;
    entity.kind = str(kind);
    return entity;
}

static void test_relations(struct call c, const struct place *place) {
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_re_options all;
    biobert_entity_in given[3], nobody = entity(7, 7, 7, "");
    struct found f;
    memset(&all, 0xAB, sizeof all);
    biobert_re_options_init(&all, sizeof all);
    CHECK(all.struct_size == sizeof all && all.unrelated == 0);
    all.unrelated = 1;
    c.relations = &all;
    c.entities = given;
    c.n_entities = 2;
    given[0] = entity(0, place->rash, place->rash + 4, "DISEASE");
    given[1] = entity(0, 0, 7, "drug");
    CHECK(run(&c, RE, &result, &error) == BIOBERT_OK && error == NULL);
    f = found_in(result, 0);
    CHECK(f.n_spans == 2 && f.n_relations == 1);
    if (f.n_spans == 2 && f.n_relations == 1) {
        /* In the order of the text; head and score of what was given are known. */
        CHECK(f.spans[0].start == 0 && f.spans[0].end == 7 && equal(f.spans[0].label, "drug"));
        CHECK(f.spans[1].start == place->rash && f.spans[1].end == place->rash + 4);
        CHECK(f.spans[0].head.len == 0 && f.spans[0].score == 1);
        CHECK(f.relations->first == 0 && f.relations->second == 1 && equal(f.relations->head, "induces"));
        CHECK(equal(f.relations->label, "0") ? equal(f.relations->text, "no relation") : equal(f.relations->text, "induces"));
        CHECK(f.relations->score >= 0.5f && f.relations->score <= 1);
        CHECK(f.relations->assertion == BIOBERT_ASSERTION_NONE);
    }
    biobert_result_free(result);

    c.relations = NULL;
    CHECK(run(&c, RE, &result, &error) == BIOBERT_OK);
    CHECK(found_in(result, 0).n_relations <= 1);
    biobert_result_free(result);

    /* None are given: a list that is empty is not the same as no list. */
    c.entities = &nobody;
    c.n_entities = 0;
    CHECK(run(&c, RE, &result, &error) == BIOBERT_OK);
    CHECK(found_in(result, 0).n_spans == 0 && found_in(result, 0).n_relations == 0);
    biobert_result_free(result);

    /* Impossible places, and inside of the emoji where it is longer than one unit. */
    result = NULL;
    c.entities = given;
    c.n_entities = 3;
    const biobert_entity_in wrong[] = {
        entity(0, 0, place->end + 1, "Drug"), entity(0, place->end + 1, place->end + 2, "Drug"),
        entity(0, 0, UINT64_MAX, "Drug"),     entity(0, UINT64_MAX, UINT64_MAX, "Drug"),
        entity(0, 3, 3, "Drug"),              entity(0, 4, 3, "Drug"),
        entity(c.n_texts, 0, 7, "Drug"),      entity(UINT64_MAX, 0, 7, "Drug"),
        entity(0, 9, 12, "Drug"),             entity(0, 0, 9, "Drug"),
    };
    size_t n_wrong = sizeof wrong / sizeof *wrong - (place->unit == BIOBERT_UNICODE_SCALARS ? 2 : 0);
    for (size_t i = 0; i < n_wrong; i++) {
        given[2] = wrong[i];
        /* A document that does not exist is not to blame. */
        CHECK(blames(run(&c, RE, &result, &error), &error, BIOBERT_E_ARGUMENT, wrong[i].doc == 0 ? 0 : -1));
    }
    CHECK(result == NULL);
}

static void test_answers(struct call c) {
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_qa_options few;
    biobert_str passages[2];
    biobert_str16 passages16[2];
    biobert_qa_in asked[3];
    biobert_qa_in16 asked16[3];
    struct found f;
    memset(&few, 0xAB, sizeof few);
    biobert_qa_options_init(&few, sizeof few);
    CHECK(few.struct_size == sizeof few && few.top == 0 && few.max_tokens == 0);
    few.top = 2;
    few.max_tokens = 3;
    /* Two passages; none; one that is bad. */
    static const uint16_t lone = 0xDC00;
    passages[0] = c.texts[0];
    passages[1] = str("bad \xFF");
    passages16[0] = c.texts16[0];
    passages16[1].ptr = &lone;
    passages16[1].len = 1;
    for (int i = 0; i < 3; i++) {
        asked[i].question = c.texts[0];
        asked[i].passages = i == 1 ? NULL : passages;
        asked[i].n_passages = (size_t)i == 0 ? 1 : (i == 1 ? 0 : 2);
        asked16[i].question = c.texts16[0];
        asked16[i].passages = i == 1 ? NULL : passages16;
        asked16[i].n_passages = asked[i].n_passages;
    }
    if (c.wide) CHECK(biobert_qa_run16(c.model, NULL, 0, asked16, 3, &few, c.options, NULL, &result, &error) == BIOBERT_OK);
    else CHECK(biobert_qa_run(c.model, NULL, 0, asked, 3, &few, c.options, NULL, &result, &error) == BIOBERT_OK);
    CHECK(biobert_result_doc_count(result) == 3);
    f = found_in(result, 0);
    CHECK(f.n_answers == 2 && f.no_answer == f.no_answer);
    for (size_t i = 0; i < f.n_answers; i++) {
        CHECK(f.answers[i].passage == 0 && f.answers[i].start < f.answers[i].end && equal(f.answers[i].head, "answer"));
        CHECK(i == 0 || f.answers[i - 1].score >= f.answers[i].score);
    }
    CHECK(biobert_result_doc_status(result, 1) == BIOBERT_OK);
    f = found_in(result, 1);
    CHECK(f.n_answers == 0 && f.no_answer > 1e30f); /* Infinite. */
    CHECK(biobert_result_doc_status(result, 2) == BIOBERT_E_ENCODING);
    f = found_in(result, 2);
    CHECK(f.n_answers == 0 && f.no_answer != f.no_answer);
    biobert_result_free(result);
}

static void test_classes(const biobert_result *alone, const biobert_result *pair) {
    struct found f = found_in(alone, 0), g = found_in(pair, 0);
    CHECK(f.n_classes == 2 && g.n_classes == 2);
    if (f.n_classes == 2 && g.n_classes == 2) {
        CHECK(f.classes[0].holds == 1 && f.classes[1].holds == 0 && equal(f.classes[0].head, "event"));
        CHECK(f.classes[0].score >= f.classes[1].score && f.classes[0].score + f.classes[1].score > 0.99f);
        CHECK(equal(f.classes[0].label, "yes") || equal(f.classes[0].label, "no"));
        CHECK(f.classes[0].score != g.classes[0].score); /* The second text counts. */
    }
}

static void test_embeddings(struct call c) {
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_embed_options embed;
    struct found f;
    float last[64];
    memset(&embed, 0xAB, sizeof embed);
    biobert_embed_options_init(&embed, sizeof embed);
    CHECK(embed.struct_size == sizeof embed && embed.pooling == 0 && embed.layer == 0 && embed.tokens == 0);
    c.embed = &embed;
    memset(last, 0, sizeof last);
    for (uint32_t round = 0; round < 12; round++) {
        embed.pooling = round % 2 == 0 ? BIOBERT_POOLING_MEAN : BIOBERT_POOLING_CLS;
        embed.choose_layer = 1;
        embed.layer = round / 4;
        embed.normalize = embed.tokens = round / 2 % 2;
        CHECK(run(&c, EMBED, &result, &error) == BIOBERT_OK);
        f = found_in(result, 0);
        CHECK(f.width == 32 && (f.rows > 10) == (embed.tokens == 1) && f.rows == f.n_tokens);
        for (size_t row = 0; row <= f.rows && embed.normalize; row++) {
            const float *vector = row == 0 ? f.embedding : f.states + (row - 1) * f.width;
            float square = 0;
            for (size_t i = 0; i < f.width; i++) square += vector[i] * vector[i];
            CHECK(square > 0.999f && square < 1.001f);
        }
        CHECK(memcmp(last, f.embedding, f.width * sizeof *last) != 0);
        memcpy(last, f.embedding, f.width * sizeof *last);
        biobert_result_free(result);
    }
    result = NULL;
    embed.layer = 3;
    CHECK(is_error(run(&c, EMBED, &result, &error), &error, BIOBERT_E_ARGUMENT));
    embed.layer = UINT32_MAX;
    CHECK(is_error(run(&c, EMBED, &result, &error), &error, BIOBERT_E_ARGUMENT));
    embed.choose_layer = 0; /* Then the layer does not matter. */
    embed.pooling = BIOBERT_POOLING_MODEL; /* This model does not say how. */
    CHECK(is_error(run(&c, EMBED, &result, &error), &error, BIOBERT_E_UNSUPPORTED));
    CHECK(biobert_model_vector_width(c.model) == 0 && biobert_model_vector_width(NULL) == 0);
    embed.pooling = 4;
    CHECK(is_error(run(&c, EMBED, &result, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(result == NULL);
}

/* A note: where its section, its entities and their cues lie, and who judges. */
static void test_notes(struct call c) {
    static const char note[] = "Plan: no fever \xF0\x9F\x98\x80 rash";
    static const uint16_t note16[] = {'P', 'l', 'a', 'n', ':', ' ', 'n', 'o', ' ', 'f', 'e', 'v', 'e', 'r', ' ',
                                      0xD83D, 0xDE00, ' ', 'r', 'a', 's', 'h'};
    static const uint64_t ends[] = {24, 21, 22}; /* in each unit */
    uint64_t end = ends[c.options->unit - 1];
    biobert_str text;
    biobert_str16 text16;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_extract_options extract;
    struct found f;
    text.ptr = note;
    text.len = sizeof note - 1;
    text16.ptr = note16;
    text16.len = sizeof note16 / sizeof *note16;
    c.texts = &text;
    c.texts16 = &text16;
    memset(&extract, 0xAB, sizeof extract);
    biobert_extract_options_init(&extract, sizeof extract);
    CHECK(extract.struct_size == sizeof extract && extract.judges == 0);

    CHECK(run(&c, SECTIONS, &result, &error) == BIOBERT_OK && error == NULL);
    f = found_in(result, 0);
    CHECK(f.n_sections == 1);
    if (f.n_sections == 1) {
        CHECK(f.sections->start == 0 && f.sections->end == end && f.sections->title_start == 0 && f.sections->title_end == 4);
        CHECK(f.sections->parent == BIOBERT_NONE && equal(f.sections->name, "plan"));
    }
    biobert_result_free(result);

    for (biobert_judges judges = 0; judges <= BIOBERT_JUDGES_NONE; judges++) {
        if (judges == BIOBERT_JUDGES_HEAD) continue; /* The tiny model has no such head. */
        extract.judges = judges;
        c.extract = judges == 0 ? NULL : &extract;
        CHECK(run(&c, EXTRACT, &result, &error) == BIOBERT_OK && error == NULL);
        f = found_in(result, 0);
        CHECK(f.n_sections == 1 && f.n_entities > 0 && f.n_entities == f.n_spans);
        for (size_t i = 0; i < f.n_entities; i++) {
            const biobert_entity *e = &f.entities[i];
            CHECK(e->start == f.spans[i].start && e->end == f.spans[i].end && e->section == 0);
            CHECK((e->assertion == BIOBERT_ASSERTION_NONE) == (judges == BIOBERT_JUDGES_NONE));
            CHECK(e->cue_start <= e->cue_end && e->cue_end <= end);
            CHECK(e->first_also + e->n_also <= f.n_also && e->first_attribute + e->n_attributes <= f.n_attributes);
        }
        biobert_result_free(result);
    }
    result = NULL;
    extract.judges = BIOBERT_JUDGES_NONE + 1;
    CHECK(is_error(run(&c, EXTRACT, &result, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(result == NULL);
}

/* Every task in both forms and all units: `results` has room for 2 * TASKS results, which the
 * caller frees. */
static void test_tasks(biobert_engine *engine, biobert_model *model, biobert_result **results) {
    biobert_str text;
    biobert_str16 text16;
    biobert_error *error = NULL;
    biobert_re_options relations;
    biobert_embed_options embed;
    struct call c;
    memset(&c, 0, sizeof c);
    text.ptr = story;
    text.len = sizeof story - 1;
    text16.ptr = story16;
    text16.len = sizeof story16 / sizeof *story16;
    biobert_re_options_init(&relations, sizeof relations);
    relations.unrelated = 1;
    biobert_embed_options_init(&embed, sizeof embed);
    embed.tokens = 1;
    c.engine = engine;
    c.model = model;
    c.texts = &text;
    c.texts16 = &text16;
    c.n_texts = 1;
    c.relations = &relations;
    c.embed = &embed;
    for (size_t at = 0; at < 6; at++) {
        const struct place *place = &places[at / 2];
        biobert_run_options options = run_options(place->unit);
        biobert_entity_in given[2];
        given[0] = entity(0, 0, 7, "Drug");
        given[1] = entity(0, place->rash, place->rash + 4, "Disease");
        c.options = &options;
        c.entities = given;
        c.n_entities = 2;
        c.wide = at % 2;
        for (int task = 0; task < TASKS; task++) {
            biobert_result **result = &results[c.wide * TASKS + task];
            biobert_result_free(*result); /* That of the unit before. */
            *result = NULL;
            CHECK(run(&c, (enum task)task, result, &error) == BIOBERT_OK && error == NULL);
            CHECK(biobert_result_doc_count(*result) == 1 && biobert_result_doc_status(*result, 0) == BIOBERT_OK);
            struct found f = found_in(*result, 0);
            check_lists((enum task)task, &f);
            if (task == SENTENCES) {
                CHECK(f.n_sentences == 2 && f.sentences[0].start == 0 && f.sentences[0].end == place->first_end);
                CHECK(f.sentences[1].start == place->first_end + 1 && f.sentences[1].end == place->end);
            }
            if (task == EMBED) {
                CHECK(f.tokens[0].start == 0 && f.tokens[f.n_tokens - 1].end == place->end);
            }
        }
        test_relations(c, place);
        test_answers(c);
        test_classes(results[c.wide * TASKS + CLASSIFY], results[c.wide * TASKS + PAIR]);
        test_embeddings(c);
        test_notes(c);
        /* NULL for no entities: the model finds them. */
        biobert_result *result = NULL;
        c.entities = NULL;
        c.n_entities = 0;
        CHECK(run(&c, RE, &result, &error) == BIOBERT_OK && found_in(result, 0).n_spans > 0);
        biobert_result_free(result);
    }
}

/* A head of another task, one that there is not, no options, and no place for the result. */
static void test_refusals(biobert_engine *engine, biobert_model *model) {
    biobert_str text = str("fever"), none = str("no such head"), heads[] = {str("disease"), str("event")};
    biobert_str16 text16;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_run_options options = run_options(BIOBERT_UTF8_BYTES);
    struct call c;
    memset(&c, 0, sizeof c);
    text16.ptr = story16;
    text16.len = 7;
    c.engine = engine;
    c.model = model;
    c.texts = &text;
    c.texts16 = &text16;
    c.n_texts = 1;
    for (int at = 0; at < 2 * TASKS; at++) {
        enum task task = (enum task)(at % TASKS);
        c.wide = at / TASKS;
        c.options = NULL;
        CHECK(is_error(run(&c, task, &result, &error), &error, BIOBERT_E_ARGUMENT));
        c.options = &options;
        CHECK(is_error(run(&c, task, NULL, &error), &error, BIOBERT_E_ARGUMENT));
        CHECK(run(&c, task, NULL, NULL) == BIOBERT_E_ARGUMENT);
        if (task == EMBED || task == SENTENCES || task == SECTIONS) continue;
        c.n_heads = 1;
        c.heads = &none;
        CHECK(is_error(run(&c, task, &result, &error), &error, BIOBERT_E_NOT_FOUND));
        /* Heads for entities may be named for relations too: they find what is related. */
        c.heads = &heads[task == NER || task == RE || task == EXTRACT];
        if (task != CLASSIFY && task != PAIR) CHECK(is_error(run(&c, task, &result, &error), &error, BIOBERT_E_ARGUMENT));
        c.n_heads = 0;
        c.heads = NULL;
    }
    CHECK(result == NULL);
}

/* Cancelled, and too late: eight long texts, so that even what is fast takes its time. */
static void test_early_ends(biobert_engine *engine, biobert_model *model) {
    enum { LENGTH = 400000 };
    char *text = malloc(LENGTH);
    uint16_t *text16 = malloc(LENGTH * sizeof *text16);
    biobert_cancel *cancel = NULL;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_run_options options = run_options(BIOBERT_UTF8_BYTES), late = options;
    biobert_str texts[8];
    biobert_str16 texts16[8];
    struct call c;
    if (text == NULL || text16 == NULL) exit(1);
    for (size_t i = 0; i < LENGTH; i++) text16[i] = (uint16_t)(text[i] = "fever "[i % 6]);
    for (size_t i = 0; i < 8; i++) {
        texts[i].ptr = text;
        texts16[i].ptr = text16;
        texts[i].len = texts16[i].len = LENGTH;
    }
    memset(&c, 0, sizeof c);
    c.engine = engine;
    c.model = model;
    c.texts = texts;
    c.texts16 = texts16;
    c.n_texts = 8;
    CHECK(biobert_cancel_create(&cancel, &error) == BIOBERT_OK);
    biobert_cancel_trigger(cancel);
    late.deadline_ms = 1;
    for (int at = 0; at < 2 * TASKS; at++) {
        c.wide = at / TASKS;
        c.options = &options;
        c.cancel = cancel;
        CHECK(is_error(run(&c, (enum task)(at % TASKS), &result, &error), &error, BIOBERT_E_CANCELLED));
        c.options = &late;
        c.cancel = NULL;
        CHECK(is_error(run(&c, (enum task)(at % TASKS), &result, &error), &error, BIOBERT_E_DEADLINE));
    }
    CHECK(result == NULL);
    biobert_cancel_free(cancel);
    free(text);
    free(text16);
}

/* What is left when engine and model are gone. */
static void test_results(biobert_result **results) {
    /* In no order that anybody would choose: every fifth one, round and round. */
    for (int at = 0; at < 2 * TASKS; at++) {
        biobert_result *result = results[at * 5 % (2 * TASKS)];
        biobert_json *json = NULL;
        struct found f = found_in(result, 0);
        check_lists((enum task)(at * 5 % (2 * TASKS) % TASKS), &f);
        CHECK(biobert_result_to_json(result, &json, NULL) == BIOBERT_OK);
        biobert_result_free(result); /* The JSON is an object of its own. */
        CHECK(biobert_json_view(json).len > 50 && *biobert_json_view(json).ptr == '{');
        biobert_json_free(json);
    }
}

int main(int argc, char **argv) {
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_result *results[2 * TASKS] = {NULL};
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
    test_tasks(engine, model, results);
    test_refusals(engine, model);
    test_early_ends(engine, model);
    biobert_engine_free(engine); /* Before its model: children keep their parents. */
    biobert_model_free(model);
    test_results(results);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

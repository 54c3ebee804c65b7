/* The conformance file through C:  conformance MODEL CASES
 *
 * Prints what tests/conformance/README.md describes. Every case runs as UTF-16 and, where its texts
 * can be written in it, as UTF-8, which must give the same.
 */
#include <biobert.h>
#include <jansson.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const char *which) {
    fprintf(stderr, "conformance: %s %s\n", what, which);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count + 1, size);
    if (memory == NULL) fail("out of", "memory");
    return memory;
}

/* ------------------------------------------------------------------------------------------ texts */

/* A text in both encodings; `narrow.ptr` is NULL if it has a lone surrogate. Both are owned. */
struct text {
    biobert_str16 wide;
    biobert_str narrow;
};

/* The unit that `{XXXX}` stands for, or -1. */
static long escaped(const char *text, size_t left) {
    static const char digits[] = "0123456789abcdefABCDEF";
    if (left < 6 || text[0] != '{' || text[5] != '}' || strspn(text + 1, digits) != 4) return -1;
    return strtol(text + 1, NULL, 16);
}

/* One UTF-8 character, which JSON made sure is valid; how long it is. */
static size_t decode(const char *text, uint32_t *scalar) {
    unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *scalar = length == 1 ? first : first & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) *scalar = *scalar << 6 | ((unsigned char)text[i] & 0x3Fu);
    return length;
}

static size_t encode(uint32_t scalar, char *out) {
    size_t length = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length; i-- > 1; scalar >>= 6) out[i] = (char)(0x80 | (scalar & 0x3F));
    out[0] = (char)(lead[length] | scalar);
    return length;
}

/* UTF-16 as UTF-8; NULL for a lone surrogate. */
static biobert_str narrow(biobert_str16 wide) {
    char *out = allocate(wide.len, 3);
    biobert_str view = {out, 0};
    for (size_t i = 0; i < wide.len; i++) {
        uint32_t scalar = wide.ptr[i];
        if (scalar >= 0xD800 && scalar < 0xE000) {
            uint32_t low = i + 1 < wide.len ? wide.ptr[i + 1] : 0;
            if (scalar >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) {
                free(out);
                view.ptr = NULL;
                view.len = 0;
                return view;
            }
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
            i++;
        }
        view.len += encode(scalar, out + view.len);
    }
    return view;
}

static struct text text_of(const json_t *json, size_t repeat) {
    if (!json_is_string(json)) fail("not a", "text");
    const char *from = json_string_value(json);
    size_t length = json_string_length(json), once = 0;
    uint16_t *units = allocate(length * repeat, sizeof *units);
    for (size_t i = 0; i < length;) {
        long unit = escaped(from + i, length - i);
        uint32_t scalar = 0;
        if (unit >= 0) {
            units[once++] = (uint16_t)unit;
            i += 6;
            continue;
        }
        i += decode(from + i, &scalar);
        if (scalar >= 0x10000) {
            units[once++] = (uint16_t)(0xD800 + ((scalar - 0x10000) >> 10));
            scalar = 0xDC00 + ((scalar - 0x10000) & 0x3FF);
        }
        units[once++] = (uint16_t)scalar;
    }
    for (size_t i = 1; i < repeat; i++) memcpy(units + i * once, units, once * sizeof *units);
    struct text text;
    text.wide.ptr = units;
    text.wide.len = once * repeat;
    text.narrow = narrow(text.wide);
    return text;
}

/* Texts in both encodings. */
struct texts {
    size_t count;
    biobert_str16 *wide;
    biobert_str *narrow;
};

/* Appends what can be written in UTF-8 to `*all_narrow`. */
static struct texts texts_of(const json_t *json, size_t repeat, int *all_narrow) {
    struct texts texts;
    texts.count = json_array_size(json);
    texts.wide = allocate(texts.count, sizeof *texts.wide);
    texts.narrow = allocate(texts.count, sizeof *texts.narrow);
    for (size_t i = 0; i < texts.count; i++) {
        struct text text = text_of(json_array_get(json, i), repeat);
        texts.wide[i] = text.wide;
        texts.narrow[i] = text.narrow;
        if (text.narrow.ptr == NULL) *all_narrow = 0;
    }
    return texts;
}

static void free_texts(struct texts texts) {
    for (size_t i = 0; i < texts.count; i++) {
        free((void *)(uintptr_t)texts.wide[i].ptr);
        free((void *)(uintptr_t)texts.narrow[i].ptr);
    }
    free(texts.wide);
    free(texts.narrow);
}

/* ------------------------------------------------------------------------------------------ cases */

/* A case, ready to be run. */
struct test {
    const char *task;
    struct texts docs, seconds, asked, *passages; /* One `passages` for each question asked. */
    size_t n_heads, n_entities;
    biobert_str *heads;
    biobert_entity_in *entities; /* NULL: those that are found. */
    biobert_qa_in *questions;
    biobert_qa_in16 *questions16;
    int has_seconds, narrow; /* narrow: whether all texts can be written in UTF-8. */
    biobert_re_options re;
    biobert_qa_options qa;
    biobert_embed_options embed;
    biobert_extract_options extract;
    biobert_run_options run;
};

static biobert_str str(const json_t *json) {
    if (!json_is_string(json)) fail("not a", "string");
    biobert_str view = {json_string_value(json), json_string_length(json)};
    return view;
}

static uint64_t number(const json_t *json) {
    if (!json_is_integer(json) || json_integer_value(json) < 0) fail("not a", "number");
    return (uint64_t)json_integer_value(json);
}

/* A field's number, or 0. */
static uint32_t small(const json_t *json, const char *field) {
    const json_t *value = json_object_get(json, field);
    return value == NULL ? 0 : (uint32_t)number(value);
}

static uint32_t truth(const json_t *json, const char *field) {
    const json_t *value = json_object_get(json, field);
    if (value != NULL && !json_is_boolean(value)) fail("not true or false:", field);
    return json_is_true(value);
}

static void check_fields(json_t *json) {
    static const char *const known[] = {"name",      "task",      "unit", "heads",      "replace", "markup",  "repeat", "docs",      "seconds", "entities",
                                        "unrelated", "questions", "top",  "max_tokens", "pool", "threshold", "pooling", "layer",  "normalize", "tokens",  "judges"};
    const char *key;
    json_t *value;
    json_object_foreach(json, key, value) {
        size_t i = 0;
        while (i < sizeof known / sizeof *known && strcmp(known[i], key) != 0) i++;
        if (i == sizeof known / sizeof *known) fail("unknown field", key);
    }
}

static void read_entities(struct test *test, const json_t *json) {
    test->n_entities = json_array_size(json);
    test->entities = json == NULL ? NULL : allocate(test->n_entities, sizeof *test->entities);
    for (size_t i = 0; i < test->n_entities; i++) {
        const json_t *given = json_array_get(json, i);
        test->entities[i].doc = number(json_object_get(given, "doc"));
        test->entities[i].start = number(json_object_get(given, "start"));
        test->entities[i].end = number(json_object_get(given, "end"));
        test->entities[i].kind = str(json_object_get(given, "kind"));
    }
}

static void read_questions(struct test *test, const json_t *json, size_t repeat) {
    size_t count = json_array_size(json);
    json_t *asked = json_array();
    test->passages = allocate(count, sizeof *test->passages);
    test->questions = allocate(count, sizeof *test->questions);
    test->questions16 = allocate(count, sizeof *test->questions16);
    for (size_t i = 0; i < count; i++) json_array_append(asked, json_object_get(json_array_get(json, i), "question"));
    test->asked = texts_of(asked, 1, &test->narrow);
    json_decref(asked);
    for (size_t i = 0; i < count; i++) {
        struct texts own = texts_of(json_object_get(json_array_get(json, i), "passages"), repeat, &test->narrow);
        test->passages[i] = own;
        test->questions[i].question = test->asked.narrow[i];
        test->questions[i].passages = own.narrow;
        test->questions[i].n_passages = own.count;
        test->questions16[i].question = test->asked.wide[i];
        test->questions16[i].passages = own.wide;
        test->questions16[i].n_passages = own.count;
    }
}

static biobert_judges judges_of(const json_t *json) {
    static const char *const names[] = {"all", "head", "rules", "none"};
    static const biobert_judges numbers[] = {BIOBERT_JUDGES_ALL, BIOBERT_JUDGES_HEAD, BIOBERT_JUDGES_RULES, BIOBERT_JUDGES_NONE};
    if (json == NULL) return 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(str(json).ptr, names[i]) == 0) return numbers[i];
    }
    fail("judges", str(json).ptr);
    return 0;
}

static void read_options(struct test *test, const json_t *json) {
    biobert_run_options_init(&test->run, sizeof test->run);
    if (truth(json, "replace")) test->run.invalid_text = BIOBERT_INVALID_REPLACE;
    const json_t *markup = json_object_get(json, "markup");
    if (markup != NULL) {
        if (strcmp(str(markup).ptr, "entities") == 0) test->run.markup = BIOBERT_MARKUP_ENTITIES;
        else if (strcmp(str(markup).ptr, "hl7") == 0) test->run.markup = BIOBERT_MARKUP_HL7;
        else fail("markup", str(markup).ptr);
    }
    biobert_re_options_init(&test->re, sizeof test->re);
    test->re.unrelated = truth(json, "unrelated");
    biobert_qa_options_init(&test->qa, sizeof test->qa);
    test->qa.top = small(json, "top");
    test->qa.max_tokens = small(json, "max_tokens");
    test->qa.pool = truth(json, "pool");
    test->qa.threshold = (float)json_number_value(json_object_get(json, "threshold"));
    biobert_embed_options_init(&test->embed, sizeof test->embed);
    const json_t *pooling = json_object_get(json, "pooling");
    if (pooling != NULL) {
        if (strcmp(str(pooling).ptr, "cls") == 0) test->embed.pooling = BIOBERT_POOLING_CLS;
        else if (strcmp(str(pooling).ptr, "model") == 0) test->embed.pooling = BIOBERT_POOLING_MODEL;
        else if (strcmp(str(pooling).ptr, "mean") != 0) fail("pooling", str(pooling).ptr);
    }
    test->embed.choose_layer = json_object_get(json, "layer") != NULL;
    test->embed.layer = small(json, "layer");
    test->embed.normalize = truth(json, "normalize");
    test->embed.tokens = truth(json, "tokens");
    biobert_extract_options_init(&test->extract, sizeof test->extract);
    test->extract.judges = judges_of(json_object_get(json, "judges"));
}

static struct test test_of(json_t *json) {
    struct test test;
    size_t repeat = json_object_get(json, "repeat") == NULL ? 1 : small(json, "repeat");
    const json_t *heads = json_object_get(json, "heads");
    check_fields(json);
    memset(&test, 0, sizeof test);
    test.narrow = 1;
    test.task = str(json_object_get(json, "task")).ptr;
    test.docs = texts_of(json_object_get(json, "docs"), repeat, &test.narrow);
    test.has_seconds = json_object_get(json, "seconds") != NULL;
    test.seconds = texts_of(json_object_get(json, "seconds"), 1, &test.narrow);
    if (test.has_seconds && test.seconds.count != test.docs.count) fail("number of", "seconds");
    test.n_heads = json_array_size(heads);
    test.heads = allocate(test.n_heads, sizeof *test.heads);
    for (size_t i = 0; i < test.n_heads; i++) test.heads[i] = str(json_array_get(heads, i));
    read_entities(&test, json_object_get(json, "entities"));
    read_questions(&test, json_object_get(json, "questions"), repeat);
    read_options(&test, json);
    return test;
}

static void free_test(struct test *test) {
    for (size_t i = 0; i < test->asked.count; i++) free_texts(test->passages[i]);
    free_texts(test->docs);
    free_texts(test->seconds);
    free_texts(test->asked);
    free(test->passages);
    free(test->questions);
    free(test->questions16);
    free(test->heads);
    free(test->entities);
}

/* -------------------------------------------------------------------------------------------- run */

static biobert_status run(const biobert_engine *engine, const biobert_model *model, const struct test *t, int wide,
                          biobert_result **out, biobert_error **error) {
    const struct texts *docs = &t->docs;
    const biobert_run_options *run = &t->run;
    if (strcmp(t->task, "ner") == 0) {
        if (wide) return biobert_ner_run16(model, t->heads, t->n_heads, docs->wide, docs->count, run, NULL, out, error);
        return biobert_ner_run(model, t->heads, t->n_heads, docs->narrow, docs->count, run, NULL, out, error);
    }
    if (strcmp(t->task, "re") == 0) {
        if (wide) return biobert_re_run16(model, t->heads, t->n_heads, docs->wide, docs->count, t->entities, t->n_entities, &t->re, run, NULL, out, error);
        return biobert_re_run(model, t->heads, t->n_heads, docs->narrow, docs->count, t->entities, t->n_entities, &t->re, run, NULL, out, error);
    }
    if (strcmp(t->task, "qa") == 0) {
        if (wide) return biobert_qa_run16(model, t->heads, t->n_heads, t->questions16, t->asked.count, &t->qa, run, NULL, out, error);
        return biobert_qa_run(model, t->heads, t->n_heads, t->questions, t->asked.count, &t->qa, run, NULL, out, error);
    }
    if (strcmp(t->task, "classify") == 0) {
        if (wide) return biobert_classify_run16(model, t->heads, t->n_heads, docs->wide, t->has_seconds ? t->seconds.wide : NULL, docs->count, run, NULL, out, error);
        return biobert_classify_run(model, t->heads, t->n_heads, docs->narrow, t->has_seconds ? t->seconds.narrow : NULL, docs->count, run, NULL, out, error);
    }
    if (strcmp(t->task, "embed") == 0) {
        if (wide) return biobert_embed_run16(model, docs->wide, docs->count, &t->embed, run, NULL, out, error);
        return biobert_embed_run(model, docs->narrow, docs->count, &t->embed, run, NULL, out, error);
    }
    if (strcmp(t->task, "sentences") == 0) {
        if (wide) return biobert_sentences_run16(engine, docs->wide, docs->count, run, NULL, out, error);
        return biobert_sentences_run(engine, docs->narrow, docs->count, run, NULL, out, error);
    }
    if (strcmp(t->task, "sections") == 0) {
        if (wide) return biobert_sections_run16(engine, docs->wide, docs->count, run, NULL, out, error);
        return biobert_sections_run(engine, docs->narrow, docs->count, run, NULL, out, error);
    }
    if (strcmp(t->task, "extract") == 0) {
        if (wide) return biobert_extract_run16(model, t->heads, t->n_heads, docs->wide, docs->count, &t->extract, run, NULL, out, error);
        return biobert_extract_run(model, t->heads, t->n_heads, docs->narrow, docs->count, &t->extract, run, NULL, out, error);
    }
    fail("task", t->task);
    return BIOBERT_E_INTERNAL;
}

/* ------------------------------------------------------------------------------------------ print */

/* A text that grows. */
struct buffer {
    char *text;
    size_t length, capacity;
};

static void print(struct buffer *out, const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line) fail("too long a", "line");
    if (out->length + (size_t)length + 1 > out->capacity) {
        out->capacity = 2 * out->capacity + sizeof line;
        out->text = realloc(out->text, out->capacity);
        if (out->text == NULL) fail("out of", "memory");
    }
    memcpy(out->text + out->length, line, (size_t)length + 1);
    out->length += (size_t)length;
}

static unsigned bits(float number) {
    uint32_t bits = 0x7fc00000;
    if (number == number) memcpy(&bits, &number, sizeof bits);
    return bits;
}

static void must(biobert_status status, const char *what) {
    if (status != BIOBERT_OK) fail(what, biobert_status_name(status));
}

#define N(number) (unsigned long long)(number)
#define VIEW(view) (int)(view).len, (view).ptr
#define AT(type, list, stride, i) ((const type *)(const void *)((const char *)(list) + (i) * (stride)))

static void print_found(struct buffer *out, const biobert_result *result, size_t doc) {
    size_t count = 0, stride = 0;
    const biobert_span *spans = NULL;
    must(biobert_result_spans(result, doc, &spans, &count, &stride, NULL), "spans");
    for (size_t i = 0; i < count; i++) {
        const biobert_span *e = AT(biobert_span, spans, stride, i);
        print(out, "entity\t%llu\t%llu\t%.*s\t%.*s\t%08x\n", N(e->start), N(e->end), VIEW(e->label), VIEW(e->head), bits(e->score));
    }
    const biobert_relation *relations = NULL;
    must(biobert_result_relations(result, doc, &relations, &count, &stride, NULL), "relations");
    for (size_t i = 0; i < count; i++) {
        const biobert_relation *r = AT(biobert_relation, relations, stride, i);
        print(out, "relation\t%llu\t%llu\t%.*s\t%.*s\t%.*s\t%08x\t%d\n", N(r->first), N(r->second), VIEW(r->label), VIEW(r->text), VIEW(r->head),
              bits(r->score), (int)r->assertion);
    }
    const biobert_answer *answers = NULL;
    must(biobert_result_answers(result, doc, &answers, &count, &stride, NULL), "answers");
    for (size_t i = 0; i < count; i++) {
        const biobert_answer *a = AT(biobert_answer, answers, stride, i);
        print(out, "answer\t%llu\t%llu\t%llu\t%.*s\t%08x\t%08x\n", N(a->passage), N(a->start), N(a->end), VIEW(a->head),
              bits(a->score), bits(a->probability));
    }
}

static void print_classes(struct buffer *out, const biobert_result *result, size_t doc) {
    size_t count = 0, stride = 0;
    const biobert_class *classes = NULL;
    must(biobert_result_classes(result, doc, &classes, &count, &stride, NULL), "classes");
    for (size_t i = 0; i < count; i++) {
        const biobert_class *c = AT(biobert_class, classes, stride, i);
        print(out, "class\t%.*s\t%.*s\t%.*s\t%08x\t%u\n", VIEW(c->label), VIEW(c->text), VIEW(c->head), bits(c->score), (unsigned)c->holds);
    }
    const biobert_range *sentences = NULL;
    must(biobert_result_sentences(result, doc, &sentences, &count, &stride, NULL), "sentences");
    for (size_t i = 0; i < count; i++) {
        const biobert_range *s = AT(biobert_range, sentences, stride, i);
        print(out, "sentence\t%llu\t%llu\n", N(s->start), N(s->end));
    }
}

static void print_embedding(struct buffer *out, const biobert_result *result, size_t doc, int wanted) {
    size_t count = 0, stride = 0, rows = 0, width = 0;
    const biobert_range *tokens = NULL;
    const float *values = NULL;
    must(biobert_result_tokens(result, doc, &tokens, &count, &stride, NULL), "tokens");
    must(biobert_result_states(result, doc, &values, &rows, &width, NULL), "states");
    if (rows != count) fail("rows of", "states");
    for (size_t i = 0; i < count; i++) {
        const biobert_range *t = AT(biobert_range, tokens, stride, i);
        print(out, "token\t%llu\t%llu\t%08x\n", N(t->start), N(t->end), bits(values[i * width]));
    }
    must(biobert_result_embedding(result, doc, &values, &width, NULL), "embedding");
    if (!wanted) return;
    print(out, "embedding");
    for (size_t i = 0; i < width; i++) print(out, "%c%08x", i == 0 ? '\t' : ' ', bits(values[i]));
    print(out, "\n");
}

/* An index, a number of 64 bits, or `-` where there is none: a text in `room`. */
static const char *optional(char room[24], uint64_t index) {
    if (index == BIOBERT_NONE) return "-";
    snprintf(room, 24, "%llu", N(index));
    return room;
}

static const char *wide_bits(char room[24], double number) {
    uint64_t bits = 0;
    if (number != number) return "-";
    memcpy(&bits, &number, sizeof bits);
    snprintf(room, 24, "%016llx", N(bits));
    return room;
}

static void print_sections(struct buffer *out, const biobert_result *result, size_t doc) {
    size_t count = 0, stride = 0;
    const biobert_section *sections = NULL;
    char parent[24];
    must(biobert_result_sections(result, doc, &sections, &count, &stride, NULL), "sections");
    for (size_t i = 0; i < count; i++) {
        const biobert_section *s = AT(biobert_section, sections, stride, i);
        print(out, "section\t%llu\t%llu\t%llu\t%llu\t%s\t%.*s\t%.*s\n", N(s->start), N(s->end), N(s->title_start), N(s->title_end),
              optional(parent, s->parent), VIEW(s->name), VIEW(s->loinc));
    }
}

/* The assertion of an entity of a note, what other heads call it, and its attributes. */
static void print_said(struct buffer *out, const biobert_result *result, size_t doc, const biobert_entity *e) {
    size_t count = 0, stride = 0;
    const biobert_also *also = NULL;
    const biobert_attribute *attributes = NULL;
    int cue = e->cue_end > 0;
    char start[24], end[24];
    if (e->assertion != BIOBERT_ASSERTION_NONE) {
        print(out, "assertion\t%d\t%d\t%08x\t%s\t%s\n", (int)e->assertion, (int)e->category, bits(e->assertion_score),
              optional(start, cue ? e->cue_start : BIOBERT_NONE), optional(end, cue ? e->cue_end : BIOBERT_NONE));
    }
    must(biobert_result_also(result, doc, &also, &count, &stride, NULL), "also");
    if (e->first_also + e->n_also > count) fail("out of range:", "also");
    for (size_t i = 0; i < e->n_also; i++) {
        const biobert_also *a = AT(biobert_also, also, stride, e->first_also + i);
        print(out, "also\t%.*s\t%.*s\t%08x\n", VIEW(a->label), VIEW(a->head), bits(a->score));
    }
    must(biobert_result_attributes(result, doc, &attributes, &count, &stride, NULL), "attributes");
    if (e->first_attribute + e->n_attributes > count) fail("out of range:", "attributes");
    for (size_t i = 0; i < e->n_attributes; i++) {
        const biobert_attribute *a = AT(biobert_attribute, attributes, stride, e->first_attribute + i);
        print(out, "attribute\t%d\t%llu\t%llu\t%s\t%s\t%.*s\t%.*s\t%u\t%u\n", (int)a->kind, N(a->start), N(a->end), wide_bits(start, a->low),
              wide_bits(end, a->high), VIEW(a->comparator), VIEW(a->unit), (unsigned)a->step, (unsigned)a->parsed);
    }
}

static void print_findings(struct buffer *out, const biobert_result *result, size_t doc) {
    size_t count = 0, stride = 0;
    const biobert_entity *entities = NULL;
    char section[24];
    must(biobert_result_entities(result, doc, &entities, &count, &stride, NULL), "entities");
    for (size_t i = 0; i < count; i++) {
        const biobert_entity *e = AT(biobert_entity, entities, stride, i);
        print(out, "finding\t%llu\t%llu\t%.*s\t%.*s\t%08x\t%s\t%.*s\n", N(e->start), N(e->end), VIEW(e->label), VIEW(e->head), bits(e->score),
              optional(section, e->section), VIEW(e->expansion));
        print_said(out, result, doc, e);
    }
}

/* What a case gives in one encoding, as text that the caller frees. */
static char *lines(const biobert_engine *engine, const biobert_model *model, const struct test *test, int wide) {
    struct buffer out = {NULL, 0, 0};
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    print(&out, "%s", "");
    if (run(engine, model, test, wide, &result, &error) != BIOBERT_OK) {
        print(&out, "failed\t%d\t%.*s\n", (int)biobert_error_status(error), VIEW(biobert_error_message(error)));
    }
    for (size_t doc = 0; doc < biobert_result_doc_count(result); doc++) {
        biobert_status status = biobert_result_doc_status(result, doc);
        print(&out, "doc\t%llu\t%d\t%u\t%.*s\n", N(doc), (int)status, (unsigned)biobert_result_doc_flags(result, doc),
              VIEW(biobert_result_doc_message(result, doc)));
        if (status != BIOBERT_OK) continue;
        print_found(&out, result, doc);
        if (strcmp(test->task, "qa") == 0) {
            float no_answer = 0;
            must(biobert_result_no_answer(result, doc, &no_answer, NULL), "no_answer");
            print(&out, "no_answer\t%08x\n", bits(no_answer));
        }
        print_classes(&out, result, doc);
        print_embedding(&out, result, doc, strcmp(test->task, "embed") == 0);
        print_sections(&out, result, doc);
        print_findings(&out, result, doc);
    }
    biobert_result_free(result);
    biobert_error_free(error);
    return out.text;
}

/* Prints a case in its units; whether it was run in UTF-8 too. */
static int run_case(const biobert_engine *engine, const biobert_model *model, json_t *json) {
    static const struct {
        const char *name;
        biobert_offset_unit unit;
    } units[] = {{"utf8", BIOBERT_UTF8_BYTES}, {"scalars", BIOBERT_UNICODE_SCALARS}, {"utf16", BIOBERT_UTF16_UNITS}};
    struct test test = test_of(json);
    const json_t *only = json_object_get(json, "unit");
    const char *name = str(json_object_get(json, "name")).ptr;
    int narrow_too = test.narrow, ran = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (only != NULL && strcmp(str(only).ptr, units[i].name) != 0) continue;
        test.run.unit = units[i].unit;
        char *found = lines(engine, model, &test, 1);
        if (narrow_too) {
            char *again = lines(engine, model, &test, 0);
            if (strcmp(found, again) != 0) fail("not the same in UTF-8:", name);
            free(again);
        }
        printf("case\t%s\t%s\n%s", name, units[i].name, found);
        free(found);
        ran++;
    }
    if (ran == 0) fail("unit", str(only).ptr);
    free_test(&test);
    return narrow_too;
}

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    json_error_t where;
    json_t *file = json_load_file(argv[2], 0, &where);
    if (file == NULL) fail(argv[2], where.text);
    json_t *cases = json_object_get(file, "cases");
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_str path = {argv[1], strlen(argv[1])};
    must(biobert_engine_create(NULL, &engine, NULL), "engine");
    must(biobert_model_open_path(engine, path, NULL, &model, NULL), "model");
    int narrow_too = 0;
    for (size_t i = 0; i < json_array_size(cases); i++) narrow_too += run_case(engine, model, json_array_get(cases, i));
    fprintf(stderr, "%d cases, %d of them in UTF-8 too\n", (int)json_array_size(cases), narrow_too);
    biobert_model_free(model);
    biobert_engine_free(engine);
    json_decref(file);
    return 0;
}

/* The tasks. Each takes its arguments out of Java, runs, and gives the result back as bytes. The last
 * five parameters are the same for all: unit, invalid text, markup, milliseconds or 0, cancel switch or
 * 0. */
#include "glue.h"

typedef struct call {
    JNIEnv *env;
    arena arena;
    biobert_run_options options;
    const biobert_cancel *cancel;
    biobert_result *result;
    biobert_error *error;
} call;

static call begin(JNIEnv *env, jint unit, jint invalid_text, jint markup, jlong deadline_ms, jlong cancel) {
    call call = {.env = env, .cancel = POINTER(const biobert_cancel, cancel)};
    biobert_run_options_init(&call.options, sizeof call.options);
    call.options.unit = unit;
    call.options.invalid_text = invalid_text;
    call.options.markup = markup;
    call.options.deadline_ms = (uint32_t)deadline_ms;
    return call;
}

/* The result for Java, or an exception. Frees everything. If arguments could not be read there is
 * neither result nor error, and an exception is pending already. */
static jbyteArray end(call *call) {
    jbyteArray bytes = NULL;
    arena_free(&call->arena);
    if (call->result != NULL) {
        bytes = write_result(call->env, call->result);
    } else if (call->error != NULL) {
        throw_error(call->env, call->error);
        call->error = NULL;
    }
    biobert_result_free(call->result);
    return bytes;
}

static jbyteArray JNICALL ner(JNIEnv *env, jclass self, jlong model, jobjectArray heads,
                              jobjectArray docs, jint unit, jint invalid, jint markup, jlong deadline,
                              jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    names names;
    texts texts;
    if (read_names(env, &call.arena, heads, &names) && read_texts(env, &call.arena, docs, &texts)) {
        biobert_ner_run16(POINTER(biobert_model, model), names.list, names.count, texts.list, texts.count,
                          &call.options, call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

typedef struct mentions {
    biobert_entity_in *list; /* NULL: those that NER finds */
    size_t count;
} mentions;

/* The caller's entities: document, start and end of each, and its kind. */
static bool read_mentions(call *call, jlongArray places, jobjectArray kinds, mentions *to) {
    *to = (mentions){NULL, 0};
    if (places == NULL) return true;
    jlong *numbers;
    size_t n_numbers;
    names names;
    if (!read_longs(call->env, &call->arena, places, &numbers, &n_numbers)) return false;
    if (!read_names(call->env, &call->arena, kinds, &names)) return false;
    size_t count = names.count < n_numbers / 3 ? names.count : n_numbers / 3;
    biobert_entity_in *list = arena_take(call->env, &call->arena, count, sizeof *list);
    if (list == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        const jlong *place = numbers + 3 * i;
        list[i].doc = (uint64_t)place[0];
        list[i].start = (uint64_t)place[1];
        list[i].end = (uint64_t)place[2];
        list[i].kind = names.list[i];
    }
    *to = (mentions){list, count};
    return true;
}

static jbyteArray JNICALL re(JNIEnv *env, jclass self, jlong model, jobjectArray heads,
                             jobjectArray docs, jlongArray places, jobjectArray kinds, jboolean unrelated,
                             jint unit, jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    names names;
    texts texts;
    mentions mentions;
    biobert_re_options relations;
    biobert_re_options_init(&relations, sizeof relations);
    relations.unrelated = unrelated ? 1 : 0;
    if (read_names(env, &call.arena, heads, &names) && read_texts(env, &call.arena, docs, &texts) &&
        read_mentions(&call, places, kinds, &mentions)) {
        biobert_re_run16(POINTER(biobert_model, model), names.list, names.count, texts.list, texts.count,
                         mentions.list, mentions.count, &relations, &call.options, call.cancel,
                         &call.result, &call.error);
    }
    return end(&call);
}

typedef struct questions {
    biobert_qa_in16 *list;
    size_t count;
} questions;

/* Questions: all texts, each question before its passages, and how many passages each has. */
static bool read_questions(call *call, jobjectArray from, jintArray passages, questions *to) {
    texts texts;
    jint *counts;
    if (!read_texts(call->env, &call->arena, from, &texts)) return false;
    if (!read_ints(call->env, &call->arena, passages, &counts, &to->count)) return false;
    to->list = arena_take(call->env, &call->arena, to->count, sizeof *to->list);
    if (to->list == NULL) return false;
    const biobert_str16 *text = texts.list;
    for (size_t i = 0; i < to->count; i++) {
        to->list[i] = (biobert_qa_in16){text[0], text + 1, (size_t)counts[i]};
        text += 1 + counts[i];
    }
    return true;
}

static jbyteArray JNICALL qa(JNIEnv *env, jclass self, jlong model, jobjectArray heads,
                             jobjectArray asked, jintArray passages, jint top, jint max_tokens,
                             jboolean pool, jfloat threshold, jint unit, jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    names names;
    questions questions;
    biobert_qa_options answers;
    biobert_qa_options_init(&answers, sizeof answers);
    answers.top = (uint32_t)top;
    answers.max_tokens = (uint32_t)max_tokens;
    answers.pool = pool;
    answers.threshold = threshold;
    if (read_names(env, &call.arena, heads, &names) && read_questions(&call, asked, passages, &questions)) {
        biobert_qa_run16(POINTER(biobert_model, model), names.list, names.count, questions.list,
                         questions.count, &answers, &call.options, call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

/* `seconds` is null or has as many texts as `docs`. */
static jbyteArray JNICALL classify(JNIEnv *env, jclass self, jlong model, jobjectArray heads,
                                   jobjectArray docs, jobjectArray seconds, jint unit, jint invalid,
                                   jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    names names;
    texts texts, others = {NULL, 0};
    if (read_names(env, &call.arena, heads, &names) && read_texts(env, &call.arena, docs, &texts) &&
        (seconds == NULL || read_texts(env, &call.arena, seconds, &others))) {
        biobert_classify_run16(POINTER(biobert_model, model), names.list, names.count, texts.list,
                               others.list, texts.count, &call.options, call.cancel, &call.result,
                               &call.error);
    }
    return end(&call);
}

/* A `layer` below 0 is the last one; a `pooling` of 0 is the model's own if it has that, else the mean. */
static jbyteArray JNICALL embed(JNIEnv *env, jclass self, jlong model, jobjectArray docs, jint pooling,
                                jint layer, jboolean normalize, jboolean tokens, jbyteArray prompt,
                                jint unit, jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    texts texts;
    biobert_embed_options vectors;
    biobert_embed_options_init(&vectors, sizeof vectors);
    vectors.pooling = pooling;
    if (pooling == 0 && layer < 0 && biobert_model_vector_width(POINTER(biobert_model, model)) > 0) {
        vectors.pooling = BIOBERT_POOLING_MODEL;
    }
    vectors.choose_layer = layer >= 0 ? 1 : 0;
    vectors.layer = layer >= 0 ? (uint32_t)layer : 0;
    vectors.normalize = normalize ? 1 : 0;
    vectors.tokens = tokens ? 1 : 0;
    if (read_name(env, &call.arena, prompt, &vectors.prompt) && read_texts(env, &call.arena, docs, &texts)) {
        biobert_embed_run16(POINTER(biobert_model, model), texts.list, texts.count, &vectors, &call.options,
                            call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

static jbyteArray JNICALL fill(JNIEnv *env, jclass self, jlong model, jobjectArray docs, jint top_k, jint unit,
                               jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    texts texts;
    biobert_fill_options masks;
    biobert_fill_options_init(&masks, sizeof masks);
    masks.top_k = (uint32_t)top_k;
    if (read_texts(env, &call.arena, docs, &texts)) {
        biobert_fill_run16(POINTER(biobert_model, model), texts.list, texts.count, &masks, &call.options,
                           call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

static jbyteArray JNICALL sentences(JNIEnv *env, jclass self, jlong engine, jobjectArray docs, jint unit,
                                    jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    texts texts;
    if (read_texts(env, &call.arena, docs, &texts)) {
        biobert_sentences_run16(POINTER(biobert_engine, engine), texts.list, texts.count, &call.options,
                                call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

static jbyteArray JNICALL sections(JNIEnv *env, jclass self, jlong engine, jobjectArray docs, jint unit,
                                   jint invalid, jint markup, jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    texts texts;
    if (read_texts(env, &call.arena, docs, &texts)) {
        biobert_sections_run16(POINTER(biobert_engine, engine), texts.list, texts.count, &call.options,
                               call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

static jbyteArray JNICALL extract(JNIEnv *env, jclass self, jlong model, jobjectArray heads,
                                  jobjectArray docs, jint judges, jlongArray from, jint unit, jint invalid, jint markup,
                                  jlong deadline, jlong cancel) {
    (void)self;
    call call = begin(env, unit, invalid, markup, deadline, cancel);
    names names;
    texts texts;
    terminologies terms;
    biobert_extract_options notes;
    biobert_extract_options_init(&notes, sizeof notes);
    notes.judges = judges;
    if (read_names(env, &call.arena, heads, &names) && read_texts(env, &call.arena, docs, &texts) &&
        read_terms(env, &call.arena, from, &terms)) {
        notes.terms = terms.list;
        notes.n_terms = terms.count;
        biobert_extract_run16(POINTER(biobert_model, model), names.list, names.count, texts.list, texts.count,
                              &notes, &call.options, call.cancel, &call.result, &call.error);
    }
    return end(&call);
}

const JNINativeMethod call_methods[] = {
    {"ner", "(J[[B[Ljava/lang/String;IIIJJ)[B", (void *)ner},
    {"re", "(J[[B[Ljava/lang/String;[J[[BZIIIJJ)[B", (void *)re},
    {"qa", "(J[[B[Ljava/lang/String;[IIIZFIIIJJ)[B", (void *)qa},
    {"classify", "(J[[B[Ljava/lang/String;[Ljava/lang/String;IIIJJ)[B", (void *)classify},
    {"embed", "(J[Ljava/lang/String;IIZZ[BIIIJJ)[B", (void *)embed},
    {"fill", "(J[Ljava/lang/String;IIIIJJ)[B", (void *)fill},
    {"sentences", "(J[Ljava/lang/String;IIIJJ)[B", (void *)sentences},
    {"sections", "(J[Ljava/lang/String;IIIJJ)[B", (void *)sections},
    {"extract", "(J[[B[Ljava/lang/String;I[JIIIJJ)[B", (void *)extract},
};
const jint n_call_methods = COUNT(call_methods);

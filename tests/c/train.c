/* Trainers and heads as C sees them:  train TESTS SCRATCH [GRAPH]
 *
 * TESTS is the directory with the tiny models, SCRATCH an empty one. GRAPH is an ONNX model that is no
 * BERT; the engine that reads it is not for Valgrind. Most trainings stop after their first epoch. Every object is freed, in the wrong order where that is interesting: Valgrind and
 * LeakSanitizer watch. Ends with a line "N passed, N failed".
 */
#define _POSIX_C_SOURCE 200809L

#include "school.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#if UINTPTR_MAX == UINT64_MAX
STATIC_ASSERT(options, sizeof(biobert_trainer_options) == 184);
STATIC_ASSERT(options_seed, offsetof(biobert_trainer_options, seed) == 16);
STATIC_ASSERT(options_refit, offsetof(biobert_trainer_options, refit) == 24);
STATIC_ASSERT(options_work, offsetof(biobert_trainer_options, work_path) == 32);
STATIC_ASSERT(options_bytes, offsetof(biobert_trainer_options, max_feature_bytes) == 48);
STATIC_ASSERT(options_entity, offsetof(biobert_trainer_options, entity) == 56);
STATIC_ASSERT(options_negative, offsetof(biobert_trainer_options, negative) == 136);
STATIC_ASSERT(options_date, offsetof(biobert_trainer_options, date) == 168);
STATIC_ASSERT(range_in, sizeof(biobert_range_in) == 16 && offsetof(biobert_range_in, end) == 8);
STATIC_ASSERT(mark_in, sizeof(biobert_mark_in) == 32 && offsetof(biobert_mark_in, label) == 16);
STATIC_ASSERT(progress, sizeof(biobert_progress) == 56);
STATIC_ASSERT(progress_done, offsetof(biobert_progress, done) == 8);
STATIC_ASSERT(progress_loss, offsetof(biobert_progress, loss) == 32);
STATIC_ASSERT(progress_left, offsetof(biobert_progress, seconds_left) == 48);
#endif

static void test_options(const biobert_model *model) {
    struct {
        biobert_trainer_options known;
        char unknown[24];
    } longer;
    biobert_trainer *trainer = NULL;
    biobert_error *error = NULL;
    biobert_trainer_options good = trainer_options(BIOBERT_UTF8_BYTES), options;
    const unsigned char *bytes = (const unsigned char *)&options;
    const uint32_t sizes[] = {0, 3, 4, 4097, UINT32_MAX}; /* 4: the unit is not there */

    memset(&options, 0xAB, sizeof options);
    biobert_trainer_options_init(&options, sizeof options);
    CHECK(options.struct_size == sizeof options);
    for (size_t i = sizeof options.struct_size; i < sizeof options; i++) CHECK(bytes[i] == 0);
    biobert_trainer_options_init(NULL, sizeof options);
#define REFUSED(status) CHECK(is_error(biobert_trainer_create(model, BIOBERT_TASK_NER, &options, &trainer, &error), &error, status))
    REFUSED(BIOBERT_E_ARGUMENT); /* the unit is missing */
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        options = good;
        options.struct_size = sizes[i];
        REFUSED(BIOBERT_E_ARGUMENT);
    }
#define WRONG(field, value)  \
    options = good;          \
    options.field = (value); \
    REFUSED(BIOBERT_E_ARGUMENT)
    WRONG(unit, 4);
    WRONG(unit, -1);
    WRONG(preset, 3);
    WRONG(preset, -1);
    WRONG(head_kind, 6);
    WRONG(head_kind, BIOBERT_HEAD_MLP); /* of another task */
    WRONG(first_kind, str("SECRET"));   /* without the second */
    WRONG(second_kind, str("SECRET"));
    WRONG(first_mask, str("SECRET"));
    WRONG(second_mask, str("SECRET"));
    WRONG(entity, str("SECRET \xFF"));
    WRONG(work_path, str("SECRET \xFF"));
    WRONG(negative, str("SECRET \xFF"));
    WRONG(licence, str("SECRET \xFF"));
    WRONG(date, str("SECRET \xFF"));
#undef WRONG
    options = good;
    options.date.len = 5; /* of NULL */
    REFUSED(BIOBERT_E_ARGUMENT);
#undef REFUSED
    const biobert_task wrong[] = {0, 6, -1};
    for (size_t i = 0; i < 3; i++) {
        CHECK(is_error(biobert_trainer_create(model, wrong[i], &good, &trainer, &error), &error, BIOBERT_E_ARGUMENT));
    }
    CHECK(is_error(biobert_trainer_create(NULL, BIOBERT_TASK_NER, &good, &trainer, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_trainer_create(model, BIOBERT_TASK_NER, NULL, &trainer, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_trainer_create(model, BIOBERT_TASK_NER, &good, NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_trainer_create(NULL, BIOBERT_TASK_NER, &good, &trainer, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(trainer == NULL);

    /* An older program's options end early; what follows is not read. */
    memset(&options, 0xAB, sizeof options);
    options.struct_size = offsetof(biobert_trainer_options, preset);
    options.unit = BIOBERT_UTF16_UNITS;
    CHECK(biobert_trainer_create(model, BIOBERT_TASK_NER, &options, &trainer, &error) == BIOBERT_OK);
    biobert_trainer_free(trainer);
    /* A newer one's may be longer, if what is not known here is not set. */
    memset(&longer, 0xAB, sizeof longer);
    biobert_trainer_options_init(&longer.known, sizeof longer);
    CHECK(longer.known.struct_size == sizeof longer && longer.unknown[23] == 0);
    longer.known.unit = BIOBERT_UTF16_UNITS;
    CHECK(biobert_trainer_create(model, BIOBERT_TASK_NER, &longer.known, &trainer, &error) == BIOBERT_OK);
    biobert_trainer_free(trainer);
    trainer = NULL;
    longer.unknown[23] = 1;
    CHECK(is_error(biobert_trainer_create(model, BIOBERT_TASK_NER, &longer.known, &trainer, &error), &error, BIOBERT_E_UNSUPPORTED));
    CHECK(trainer == NULL);
}

/* Every field of the options does what it says, and no other field's work. */
static void test_what_options_do(const biobert_model *model) {
    static const struct {
        biobert_task task;
        biobert_head_kind kind, other;
        const char *name;
    } kinds[] = {
        {BIOBERT_TASK_NER, 0, BIOBERT_HEAD_LSTM_CRF, "\"head_kind\":\"lstm-crf\""},
        {BIOBERT_TASK_RE, 0, BIOBERT_HEAD_MLP, "\"head_kind\":\"mlp\""},
        {BIOBERT_TASK_QA, 0, BIOBERT_HEAD_LSTM, "\"head_kind\":\"lstm\""},
        {BIOBERT_TASK_CLASSIFY, BIOBERT_HEAD_MIX, BIOBERT_HEAD_MIX, "\"head_kind\":\"mix\""},
        {BIOBERT_TASK_NER, BIOBERT_HEAD_LINEAR, BIOBERT_HEAD_LINEAR, "\"head_kind\":\"linear\""},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
        options.head_kind = kinds[i].kind;
        struct school s = full_school(model, kinds[i].task, &options);
        fit(&s);
        CHECK(reports(&s, kinds[i].name));
        save(&s, "kind");
        biobert_trainer_free(s.trainer);
        options.head_kind = kinds[i].other;
        s = full_school(model, kinds[i].task, &options);
        fit(&s);
        save(&s, "same-kind");
        CHECK(same_heads("kind", "same-kind"));
        biobert_trainer_free(s.trainer);
    }

    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    struct school s = full_school(model, BIOBERT_TASK_RE, &options);
    fit(&s);
    save(&s, "plain");
    biobert_head *head = head_of(&s);
    CHECK(head_says(head, "[\"@ENTITY1$\",\"@ENTITY2$\"]") && !head_says(head, "licence") && !head_says(head, "date"));
    biobert_head_free(head);
    biobert_trainer_free(s.trainer);
    options.seed = 1;
    s = full_school(model, BIOBERT_TASK_RE, &options);
    fit(&s);
    save(&s, "seed");
    CHECK(!same_files(scratch("plain", "head.safetensors"), scratch("seed", "head.safetensors")));
    biobert_trainer_free(s.trainer);
    options.seed = 0;
    options.balanced = 1;
    s = full_school(model, BIOBERT_TASK_RE, &options);
    fit(&s);
    save(&s, "balanced");
    CHECK(!same_files(scratch("plain", "head.safetensors"), scratch("balanced", "head.safetensors")));
    biobert_trainer_free(s.trainer);

    options.first_kind = str("one"), options.second_kind = str("two");
    options.first_mask = str("@ONE$"), options.second_mask = str("@TWO$");
    options.negative = str("helps");
    options.licence = str("CC0-1.0"), options.date = str("2026-11-21");
    s = full_school(model, BIOBERT_TASK_RE, &options);
    fit(&s);
    head = head_of(&s);
    CHECK(head_says(head, "\"first\":\"one\"") && head_says(head, "\"second\":\"two\""));
    CHECK(head_says(head, "[\"@ONE$\",\"@TWO$\"]") && head_says(head, "\"negative\":\"helps\""));
    CHECK(head_says(head, "\"licence\":\"CC0-1.0\"") && head_says(head, "\"date\":\"2026-11-21\""));
    biobert_head_free(head);
    biobert_trainer_free(s.trainer);

    biobert_error *error = NULL;
    options = trainer_options(BIOBERT_UTF8_BYTES);
    options.max_feature_bytes = 1;
    s = full_school(model, BIOBERT_TASK_RE, &options);
    CHECK(is_error(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error), &error, BIOBERT_E_LIMIT));
    biobert_trainer_free(s.trainer);
    options = trainer_options(BIOBERT_UTF8_BYTES);
    options.negative = str("SECRET"); /* a label that there is not */
    s = full_school(model, BIOBERT_TASK_RE, &options);
    CHECK(is_error(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error), &error, BIOBERT_E_ARGUMENT));
    biobert_trainer_free(s.trainer);
}

/* However the examples come, the head is the same. */
static void test_forms(const biobert_model *model) {
    for (size_t i = 0; i < sizeof TASKS / sizeof *TASKS; i++) {
        biobert_task task = TASKS[i];
        for (int form = 0; form < 9; form++) {
            biobert_error *error = NULL;
            biobert_trainer_options options = trainer_options(UNITS[form % 3]);
            struct school s = school(model, task, &options);
            s.wide = form / 3 == 1;
            if (form / 3 < 2) add_all(&s, BIOBERT_SPLIT_TRAIN);
            else {
                const char *path = scratch("examples.jsonl", "");
                write_lines(path, task, s.unit);
                CHECK(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error) == BIOBERT_OK);
            }
            fit(&s);
            save(&s, form == 0 ? "first" : "other");
            if (form > 0) CHECK(same_heads("first", "other"));
            biobert_trainer_free(s.trainer);
        }
    }
}

static void test_files(const biobert_model *model) {
    static const char columns[] = "Pain\tO\nin\tO\nthe\tO\nleft\tB\nknee\tI\n.\tO\n\nNo\tO\nspine\tB\nlesion\tO\n";
    biobert_error *error = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    options.entity = str("Site");
    struct school s = school(model, BIOBERT_TASK_NER, &options);
    const char *path = scratch("columns.tsv", "");
    write_file(path, str(columns));
    CHECK(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error) == BIOBERT_OK);
    fit(&s);
    CHECK(reports(&s, "\"labels\":[\"O\",\"B-Site\",\"I-Site\"]") && reports(&s, "\"texts\":2,\"held_out\":0"));
    save(&s, "clean");

    /* A file with a mistake adds nothing. */
    static const char mistake[] = "{\"text\":\"SECRET\",\"entities\":[{\"start\":0,\"end\":6,\"label\":\"Other\"}]}\n"
                                  "{\"text\":\"SECRET\",\"entities\":[{\"start\":0,\"end\":7,\"label\":\"Other\"}]}\n";
    path = scratch("wrong.jsonl", "");
    write_file(path, str(mistake));
    biobert_status status = biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error);
    CHECK(holds(biobert_error_message(error), "wrong.jsonl: line 2:"));
    CHECK(is_error(status, &error, BIOBERT_E_MODEL));
    write_file(path, str("{\"text\":\"SECRET \xFF\"}"));
    CHECK(is_error(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error), &error, BIOBERT_E_MODEL));
    path = scratch("no-such-file.jsonl", "");
    CHECK(is_error(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error), &error, BIOBERT_E_NOT_FOUND));
    path = scratch("", ""); /* a directory */
    CHECK(is_error(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(path), &error), &error, BIOBERT_E_IO));
    fit(&s);
    save(&s, "after");
    CHECK(same_heads("clean", "after"));
    biobert_trainer_free(s.trainer);
}

/* What a progress function saw, and what it is to do. */
struct watch {
    pthread_t thread;
    biobert_progress last;
    int told[BIOBERT_PHASE_RESUMED + 1]; /* by phase */
    biobert_phase act_at;                /* phase in which ... */
    int32_t answer;                      /* ... this is answered, and ... */
    biobert_cancel *cancel;              /* ... this is triggered */
    int refit;                           /* whether a second training follows the first */
};

static int32_t watch(void *userdata, const biobert_progress *p) {
    struct watch *w = userdata;
    CHECK(pthread_equal(w->thread, pthread_self()));
    CHECK(p->struct_size == sizeof *p && p->phase >= BIOBERT_PHASE_READING && p->phase <= BIOBERT_PHASE_RESUMED);
    int nan_loss = p->loss != p->loss, nan_f1 = p->f1 != p->f1, nan_left = p->seconds_left != p->seconds_left;
    switch (p->phase) {
    case BIOBERT_PHASE_READING:
        CHECK(w->last.phase == 0 || (w->last.phase == p->phase && w->last.of == p->of && w->last.done <= p->done));
        CHECK(p->done <= p->of && p->of >= 10 && p->epoch == 0 && nan_loss && nan_f1 && nan_left);
        break;
    case BIOBERT_PHASE_LEARNING:
        CHECK(w->last.phase == BIOBERT_PHASE_READING ? w->last.done == w->last.of && p->done == 1 : p->done > w->last.done || w->last.done == 0);
        /* A second training, of all data, begins again. */
        CHECK(p->epoch == w->last.epoch || (w->refit && p->done == 1 && p->epoch == 0));
        CHECK(p->done <= p->of && p->loss >= 0 && nan_f1 && p->seconds_left >= 0);
        break;
    case BIOBERT_PHASE_EPOCH:
        CHECK(w->last.phase == BIOBERT_PHASE_LEARNING && p->epoch == w->last.epoch + 1);
        CHECK(p->loss == w->last.loss && (nan_f1 || (p->f1 >= 0 && p->f1 <= 100)) && nan_left);
        break;
    default:
        CHECK(p->epoch > 0);
    }
    w->last = *p;
    w->told[p->phase]++;
    if (p->phase != w->act_at) return 0;
    biobert_cancel_trigger(w->cancel);
    return w->answer;
}

static struct watch watcher(biobert_phase act_at, int32_t answer) {
    struct watch w;
    memset(&w, 0, sizeof w);
    w.thread = pthread_self();
    w.act_at = act_at;
    w.answer = answer;
    return w;
}

static void test_progress(const biobert_model *model) {
    biobert_error *error = NULL;
    biobert_head *head = NULL;
    biobert_cancel *cancel = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    struct school s = full_school(model, BIOBERT_TASK_NER, &options);
    add_all(&s, BIOBERT_SPLIT_DEV);

    /* Before the first epoch has ended there is no head to keep, whoever stops it. */
    for (int round = 0; round < 4; round++) {
        struct watch w = watcher(round % 2 ? BIOBERT_PHASE_LEARNING : BIOBERT_PHASE_READING, round < 2 ? -1 : 0);
        if (round >= 2) CHECK(biobert_cancel_create(&w.cancel, NULL) == BIOBERT_OK);
        CHECK(is_error(biobert_trainer_fit(s.trainer, watch, &w, w.cancel, &error), &error, BIOBERT_E_CANCELLED));
        CHECK(w.told[BIOBERT_PHASE_EPOCH] == 0 && w.told[w.act_at] > 0);
        CHECK(is_error(biobert_trainer_head(s.trainer, &head, &error), &error, BIOBERT_E_ARGUMENT));
        biobert_cancel_free(w.cancel);
    }
    CHECK(biobert_cancel_create(&cancel, NULL) == BIOBERT_OK);
    biobert_cancel_trigger(cancel);
    CHECK(is_error(biobert_trainer_fit(s.trainer, NULL, NULL, cancel, &error), &error, BIOBERT_E_CANCELLED));
    biobert_cancel_free(cancel);
    CHECK(is_error(biobert_trainer_head(s.trainer, &head, &error), &error, BIOBERT_E_ARGUMENT) && head == NULL);

    /* Behind it the best head is kept. */
    for (int round = 0; round < 2; round++) {
        struct watch w = watcher(BIOBERT_PHASE_EPOCH, round == 0 ? INT32_MIN : 0);
        if (round == 1) CHECK(biobert_cancel_create(&w.cancel, NULL) == BIOBERT_OK);
        CHECK(biobert_trainer_fit(s.trainer, watch, &w, w.cancel, &error) == BIOBERT_OK && error == NULL);
        CHECK(w.told[BIOBERT_PHASE_READING] > 0 && w.told[BIOBERT_PHASE_LEARNING] > 0 && w.told[BIOBERT_PHASE_EPOCH] == 1);
        CHECK(reports(&s, "\"epoch\":1,\"stopped\":true"));
        save(&s, round == 0 ? "stopped" : "cancelled");
        biobert_cancel_free(w.cancel);
    }
    CHECK(same_heads("stopped", "cancelled"));

    /* A training that fails keeps the head before. */
    struct watch w = watcher(BIOBERT_PHASE_LEARNING, 1);
    CHECK(is_error(biobert_trainer_fit(s.trainer, watch, &w, NULL, &error), &error, BIOBERT_E_CANCELLED));
    save(&s, "cancelled");
    CHECK(same_heads("stopped", "cancelled"));
    /* To the end. */
    w = watcher(0, 0);
    CHECK(biobert_trainer_fit(s.trainer, watch, &w, NULL, &error) == BIOBERT_OK);
    CHECK(w.told[BIOBERT_PHASE_EPOCH] > 1 && reports(&s, "\"stopped\":false"));
    /* Nobody has to watch, and more examples may follow. */
    add_example(&s, BIOBERT_SPLIT_TRAIN, &EXAMPLES[0]);
    CHECK(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, NULL) == BIOBERT_OK && reports(&s, "\"texts\":13,\"held_out\":12"));
    biobert_trainer_free(s.trainer);
}

/* Every function of a trainer that is in use. */
static void all_busy(const struct school *s) {
    biobert_error *error = NULL;
    biobert_json *json = NULL;
    biobert_head *head = NULL;
    uint16_t units[LONGEST];
    biobert_str text = str("fever");
    biobert_str16 text16 = str16("fever", units);
    biobert_mark_in fever = mark(0, 5, "Disease");
    biobert_range_in range = {0, 5};
    const char *path = scratch("no-such-file.jsonl", "");
#define BUSY(call) CHECK(is_error(call, &error, BIOBERT_E_BUSY))
    BUSY(biobert_trainer_add_ner(s->trainer, BIOBERT_SPLIT_TRAIN, text, &fever, 1, &error));
    BUSY(biobert_trainer_add_ner16(s->trainer, BIOBERT_SPLIT_TRAIN, text16, &fever, 1, &error));
    biobert_assertion says = BIOBERT_ASSERTION_ABSENT;
    BUSY(biobert_trainer_add_assertion(s->trainer, BIOBERT_SPLIT_TRAIN, text, &fever, &says, 1, &error));
    BUSY(biobert_trainer_add_assertion16(s->trainer, BIOBERT_SPLIT_TRAIN, text16, &fever, &says, 1, &error));
    BUSY(biobert_trainer_add_re(s->trainer, BIOBERT_SPLIT_TRAIN, text, range, range, text, &error));
    BUSY(biobert_trainer_add_re16(s->trainer, BIOBERT_SPLIT_TRAIN, text16, range, range, text, &error));
    BUSY(biobert_trainer_add_class(s->trainer, BIOBERT_SPLIT_TRAIN, text, NULL, text, &error));
    BUSY(biobert_trainer_add_class16(s->trainer, BIOBERT_SPLIT_TRAIN, text16, NULL, text, &error));
    BUSY(biobert_trainer_add_qa(s->trainer, BIOBERT_SPLIT_TRAIN, text, text, &range, &error));
    BUSY(biobert_trainer_add_qa16(s->trainer, BIOBERT_SPLIT_TRAIN, text16, text16, &range, &error));
    BUSY(biobert_trainer_add_file(s->trainer, BIOBERT_SPLIT_TRAIN, str(path), &error));
    BUSY(biobert_trainer_fit(s->trainer, NULL, NULL, NULL, &error));
    BUSY(biobert_trainer_report_json(s->trainer, &json, &error));
    BUSY(biobert_trainer_eval(s->trainer, NULL, &json, &error));
    BUSY(biobert_trainer_head(s->trainer, &head, &error));
#undef BUSY
    CHECK(biobert_trainer_report_json(s->trainer, &json, NULL) == BIOBERT_E_BUSY);
    CHECK(json == NULL && head == NULL);
}

struct busy {
    struct school s, other; /* the one that is in use, and one with the same working directory */
    const biobert_model *model;
    int visits;
};

static void *from_another_thread(void *userdata) {
    const struct busy *b = userdata;
    all_busy(&b->s);
    /* The model and other trainers are free to be used. */
    biobert_result *result = NULL;
    biobert_str text = str("fever");
    biobert_run_options run;
    biobert_run_options_init(&run, sizeof run);
    run.unit = BIOBERT_UTF8_BYTES;
    CHECK(biobert_ner_run(b->model, NULL, 0, &text, 1, &run, NULL, &result, NULL) == BIOBERT_OK);
    biobert_result_free(result);
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    struct school free_one = full_school(b->model, BIOBERT_TASK_RE, &options);
    fit(&free_one);
    biobert_trainer_free(free_one.trainer);
    return NULL;
}

static int32_t meddle(void *userdata, const biobert_progress *progress) {
    struct busy *b = userdata;
    if (progress->phase == BIOBERT_PHASE_EPOCH) return 1;
    b->visits++;
    if (b->visits > 1 && progress->phase == BIOBERT_PHASE_READING) return 0;
    biobert_error *error = NULL;
    all_busy(&b->s);
    CHECK(is_error(biobert_trainer_fit(b->other.trainer, NULL, NULL, NULL, &error), &error, BIOBERT_E_BUSY));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, from_another_thread, b) == 0 && pthread_join(thread, NULL) == 0);
    return 0;
}

static void test_busy(const biobert_model *model) {
    biobert_error *error = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    struct school plain = full_school(model, BIOBERT_TASK_NER, &options);
    fit(&plain);
    save(&plain, "undisturbed");
    biobert_trainer_free(plain.trainer);

    struct busy b;
    options.work_path = str(scratch("shared-work", ""));
    b.s = full_school(model, BIOBERT_TASK_NER, &options);
    b.other = full_school(model, BIOBERT_TASK_NER, &options);
    b.model = model;
    b.visits = 0;
    CHECK(biobert_trainer_fit(b.s.trainer, meddle, &b, NULL, &error) == BIOBERT_OK && error == NULL);
    CHECK(b.visits > 1);
    save(&b.s, "disturbed");
    CHECK(same_heads("undisturbed", "disturbed"));
    fit(&b.other); /* Now it may. */
    biobert_trainer_free(b.s.trainer);
    biobert_trainer_free(b.other.trainer);
}

/* Waits to be killed in the second training of two, and says so: the first one counts its epochs up. */
struct victim {
    uint64_t epochs;
    int pipe;
};

static int32_t wait_in_refit(void *userdata, const biobert_progress *progress) {
    struct victim *victim = userdata;
    if (progress->phase != BIOBERT_PHASE_EPOCH) return 0;
    if (progress->epoch <= victim->epochs && write(victim->pipe, "x", 1) == 1) pause();
    victim->epochs = progress->epoch;
    return 0;
}

static void test_work(const biobert_model *model) {
    char work[1024];
    biobert_error *error = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    snprintf(work, sizeof work, "%s", scratch("work", ""));
    options.refit = 1;
    struct school s = full_school(model, BIOBERT_TASK_RE, &options);
    CHECK(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, NULL) == BIOBERT_OK);
    save(&s, "whole");
    biobert_trainer_free(s.trainer);

    options.work_path = str(work);
    s = full_school(model, BIOBERT_TASK_RE, &options);
    memset(work, 'x', sizeof work); /* It was copied. */
    snprintf(work, sizeof work, "%s", scratch("work", ""));
    fit(&s);
    CHECK(things_in(work) == -1);
    /* What was cancelled is kept: the encoder need not read it again. */
    struct watch w = watcher(BIOBERT_PHASE_LEARNING, 1);
    CHECK(is_error(biobert_trainer_fit(s.trainer, watch, &w, NULL, &error), &error, BIOBERT_E_CANCELLED));
    CHECK(things_in(work) > 0);
    w = watcher(BIOBERT_PHASE_EPOCH, 1);
    CHECK(biobert_trainer_fit(s.trainer, watch, &w, NULL, &error) == BIOBERT_OK);
    CHECK(w.told[BIOBERT_PHASE_READING] == 1 && things_in(work) == -1);

    /* What was killed resumes. With one thread, an engine may be used after a fork. */
    int ends[2];
    char byte;
    if (pipe(ends) != 0) exit(1);
    pid_t child = fork();
    if (child == 0) {
        struct victim victim = {0, ends[1]};
        close(ends[0]);
        biobert_trainer_fit(s.trainer, wait_in_refit, &victim, NULL, NULL);
        _exit(0); /* which ends the pipe too early */
    }
    close(ends[1]);
    CHECK(child > 0 && read(ends[0], &byte, 1) == 1);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    close(ends[0]);
    CHECK(things_in(work) > 0);
    w = watcher(0, 0);
    w.refit = 1;
    CHECK(biobert_trainer_fit(s.trainer, watch, &w, NULL, &error) == BIOBERT_OK && error == NULL);
    CHECK(w.told[BIOBERT_PHASE_READING] == 1 && w.told[BIOBERT_PHASE_RESUMED] == 1);
    CHECK(things_in(work) == -1);
    save(&s, "resumed");
    CHECK(same_heads("whole", "resumed"));
    biobert_trainer_free(s.trainer);

    /* A file is no directory. */
    write_file(work, str("something else"));
    options.work_path = str(work);
    s = full_school(model, BIOBERT_TASK_RE, &options);
    CHECK(is_error(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error), &error, BIOBERT_E_IO));
    biobert_trainer_free(s.trainer);
}

/* A training's threads end with it, whatever the head: a forked child, too, finds none that it lacks. */
static void test_threads(const biobert_model *model, int before, int forks) {
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    options.head_kind = 0;
    struct school s = full_school(model, BIOBERT_TASK_NER, &options);
    CHECK(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, NULL) == BIOBERT_OK);
    for (int wait = 0; wait < 500 && things_in("/proc/self/task") != before; wait++) {
        nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
    }
    CHECK(before > 0 && things_in("/proc/self/task") == before);
    /* Valgrind would look at all that the child has not freed. */
    pid_t child = forks ? fork() : -1;
    if (child == 0) {
        alarm(120);
        _exit(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, NULL) == BIOBERT_OK ? 0 : 1);
    }
    int status = -1;
    CHECK(!forks || (child > 0 && waitpid(child, &status, 0) == child && status == 0));
    biobert_trainer_free(s.trainer);
}

static void test_eval(const biobert_model *model) {
    static const struct {
        biobert_task task;
        const char *score, *detail;
    } want[] = {
        {BIOBERT_TASK_NER, "\"precision\":", "\"label\":\"Disease\""},
        {BIOBERT_TASK_RE, "\"precision\":", "\"confusion\":{\"labels\":[\"harms\",\"helps\"]"},
        {BIOBERT_TASK_QA, "\"exact\":", "\"questions\":12"},
        {BIOBERT_TASK_CLASSIFY, "\"precision\":", "\"confusion\":{\"labels\":[\"harms\",\"helps\",\"none\"]"},
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        biobert_error *error = NULL;
        biobert_json *json = NULL;
        biobert_head *head = NULL;
        biobert_cancel *cancel = NULL;
        biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
        struct school s = school(model, want[i].task, &options);
        add_all(&s, BIOBERT_SPLIT_DEV);
#define REFUSED(call) CHECK(is_error(call, &error, BIOBERT_E_ARGUMENT))
        REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error)); /* nothing to learn from */
        REFUSED(biobert_trainer_report_json(s.trainer, &json, &error));
        REFUSED(biobert_trainer_eval(s.trainer, NULL, &json, &error));
        REFUSED(biobert_trainer_head(s.trainer, &head, &error));
        add_all(&s, BIOBERT_SPLIT_TRAIN);
        fit(&s);
        REFUSED(biobert_trainer_eval(s.trainer, NULL, &json, &error)); /* nothing to measure with */
#undef REFUSED
        CHECK(json == NULL && head == NULL);
        CHECK(want[i].task == BIOBERT_TASK_RE ? reports(&s, "\"texts\":10,\"held_out\":10") : reports(&s, "\"texts\":12,\"held_out\":12"));
        CHECK(reports(&s, want[i].score) && reports(&s, "\"history\":[{\"loss\":") && reports(&s, "\"labels\":["));
        add_all(&s, BIOBERT_SPLIT_TEST);
        CHECK(says(biobert_trainer_eval(s.trainer, NULL, &json, &error), &json, want[i].score));
        CHECK(says(biobert_trainer_eval(s.trainer, NULL, &json, &error), &json, want[i].detail));
        CHECK(says(biobert_trainer_eval(s.trainer, NULL, &json, &error), &json, "\"score\":{"));
        CHECK(biobert_cancel_create(&cancel, NULL) == BIOBERT_OK);
        CHECK(biobert_trainer_eval(s.trainer, cancel, &json, &error) == BIOBERT_OK);
        biobert_json_free(json);
        json = NULL;
        biobert_cancel_trigger(cancel);
        CHECK(is_error(biobert_trainer_eval(s.trainer, cancel, &json, &error), &error, BIOBERT_E_CANCELLED) && json == NULL);
        biobert_cancel_free(cancel);
        biobert_trainer_free(s.trainer);
    }
}

/* Whether a model has the head as its last one. */
static int has_head(const biobert_model *model, const char *name) {
    biobert_str found;
    return biobert_model_head_count(model) == 6 && biobert_model_head_name(model, 5, &found, NULL) == BIOBERT_OK && equal(found, name);
}

static void test_heads(const biobert_model *model, const biobert_model *other, const biobert_model *graph) {
    biobert_error *error = NULL;
    biobert_head *head = NULL, *again = NULL;
    biobert_model *taught = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    struct school s = full_school(model, BIOBERT_TASK_NER, &options);
    fit(&s);
    save(&s, "found-drugs");
    head = head_of(&s);
    CHECK(head_says(head, "\"task\":\"ner\"") && head_says(head, "\"B-Drug\"") && head_says(head, "\"encoder_sha256\":"));
    CHECK(head_says(head, "\"tokenizer_sha256\":") && head_says(head, "\"data_sha256\":") && head_says(head, "\"metrics\":"));

    /* The same head from its files, under its directory's name. */
    CHECK(biobert_head_open_path(str(scratch("found-drugs", "")), &again, &error) == BIOBERT_OK && error == NULL);
    biobert_json *json = NULL, *json_again = NULL;
    CHECK(biobert_head_info_json(head, &json, &error) == BIOBERT_OK && biobert_head_info_json(again, &json_again, &error) == BIOBERT_OK);
    biobert_str left = biobert_json_view(json), right = biobert_json_view(json_again);
    CHECK(left.len == right.len && memcmp(left.ptr, right.ptr, left.len) == 0);
    biobert_json_free(json);
    biobert_json_free(json_again);
    write_file(scratch("found-drugs", "head.safetensors"), str("damaged")); /* `again` has it in memory. */
    CHECK(biobert_head_save_path(again, str(scratch("found-drugs", "")), &error) == BIOBERT_OK);
    save(&s, "first");
    CHECK(same_heads("first", "found-drugs") && things_in(scratch("found-drugs", "")) == 2);

    CHECK(biobert_model_with_head(model, again, str(""), &taught, &error) == BIOBERT_OK && has_head(taught, "found-drugs"));
    biobert_model_free(taught);
    CHECK(biobert_model_with_head(model, head, str(""), &taught, &error) == BIOBERT_OK && has_head(taught, "trained"));
    biobert_model_free(taught);
    CHECK(biobert_model_with_head(model, again, str("drugs"), &taught, &error) == BIOBERT_OK && has_head(taught, "drugs"));
    CHECK(biobert_model_head_count(model) == 5);
    size_t count = 0;
    CHECK(biobert_model_label_count(taught, str("drugs"), &count, NULL) == BIOBERT_OK && count == 5);

    biobert_model *none = NULL;
    biobert_trainer *untaught = NULL;
#define REFUSED(status, model, head, name) CHECK(is_error(biobert_model_with_head(model, head, name, &none, &error), &error, status))
    REFUSED(BIOBERT_E_ARGUMENT, model, head, str("disease"));
    REFUSED(BIOBERT_E_ARGUMENT, taught, head, str("drugs"));
    REFUSED(BIOBERT_E_ARGUMENT, model, head, str("../SECRET"));
    REFUSED(BIOBERT_E_ARGUMENT, model, head, str("SECRET \xFF"));
    REFUSED(BIOBERT_E_MODEL, other, head, str("drugs"));
    REFUSED(BIOBERT_E_ARGUMENT, NULL, head, str("x"));
    REFUSED(BIOBERT_E_ARGUMENT, model, NULL, str("x"));
#undef REFUSED
    CHECK(is_error(biobert_model_with_head(model, head, str("x"), NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_model_with_head(NULL, head, str("x"), &none, NULL) == BIOBERT_E_ARGUMENT && none == NULL);
    if (graph != NULL) {
        CHECK(is_error(biobert_model_with_head(graph, head, str("drugs"), &none, &error), &error, BIOBERT_E_UNSUPPORTED));
        CHECK(is_error(biobert_trainer_create(graph, BIOBERT_TASK_NER, &options, &untaught, &error), &error, BIOBERT_E_UNSUPPORTED));
    }

    biobert_head_free(again);
    again = NULL;
#define REFUSED(status, path) CHECK(is_error(biobert_head_open_path(path, &again, &error), &error, status))
    biobert_str nul = {"x\0y", 3}, null = {NULL, 3};
    REFUSED(BIOBERT_E_NOT_FOUND, str(scratch("no-such-head", "")));
    REFUSED(BIOBERT_E_ARGUMENT, str(""));
    REFUSED(BIOBERT_E_ARGUMENT, nul);
    REFUSED(BIOBERT_E_ARGUMENT, null);
    REFUSED(BIOBERT_E_ARGUMENT, str("SECRET \xFF"));
    write_file(scratch("first", "head.safetensors"), str("SECRET"));
    REFUSED(BIOBERT_E_CORRUPT, str(scratch("first", "")));
    write_file(scratch("first", "head.json"), str("SECRET"));
    REFUSED(BIOBERT_E_MODEL, str(scratch("first", "")));
#undef REFUSED
    CHECK(is_error(biobert_head_open_path(str(scratch("found-drugs", "")), NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_head_open_path(null, &again, NULL) == BIOBERT_E_ARGUMENT && again == NULL);
#define REFUSED(status, head, path) CHECK(is_error(biobert_head_save_path(head, path, &error), &error, status))
    REFUSED(BIOBERT_E_ARGUMENT, head, str(""));
    REFUSED(BIOBERT_E_ARGUMENT, head, nul);
    REFUSED(BIOBERT_E_ARGUMENT, head, null);
    REFUSED(BIOBERT_E_ARGUMENT, NULL, str(scratch("none", "")));
    REFUSED(BIOBERT_E_IO, head, str(scratch("first", "head.json"))); /* a file */
#undef REFUSED
    CHECK(biobert_head_save_path(NULL, nul, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(is_error(biobert_head_info_json(NULL, &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_head_info_json(head, NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_head_info_json(NULL, NULL, NULL) == BIOBERT_E_ARGUMENT);

    biobert_head_free(head);
    biobert_head_free(NULL);
    biobert_trainer_free(s.trainer);
    biobert_trainer_free(NULL);
    biobert_model_free(taught);
}

/* What every addition refuses, in both forms and all units. Nothing of it is added. */
static void test_refused_examples(const struct school *s) {
    /* "SECRET 😀 café rash" and where it ends. */
    static const char text[] = "SECRET \xF0\x9F\x98\x80 caf\xC3\xA9 rash";
    uint16_t wide[LONGEST];
    static const uint16_t lone[] = {'S', 'E', 'C', 'R', 'E', 'T', 0xDC00};
    biobert_error *error = NULL;
    uint64_t end = units(text, sizeof text - 1, s->unit);
    biobert_range_in good = place(text, "rash", s->unit);
    struct addition a, right;
    memset(&right, 0, sizeof right);
    right.split = BIOBERT_SPLIT_TRAIN;
    right.text = str(text);
    right.text16 = str16(text, wide);
    right.first.end = 6;
    right.second = good;
    right.label = str("helps");
#define REFUSED(status) CHECK(is_error(add(s, &a, &error), &error, status))
    if (s->task != BIOBERT_TASK_CLASSIFY) {
        const biobert_range_in wrong[] = {
            {0, end + 1}, {end, end + 1}, {0, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}, {UINT64_MAX, 0}, {3, 3}, {4, 3},
            {6, 7}, {7, 8}, {0, 8}, /* white space, and where the emoji is longer than one unit within it */
        };
        size_t n_wrong = sizeof wrong / sizeof *wrong - (s->unit == BIOBERT_UNICODE_SCALARS ? 2 : 0);
        for (size_t i = 0; i < n_wrong; i++) {
            a = right;
            a.first = wrong[i];
            REFUSED(BIOBERT_E_ARGUMENT);
            if (s->task == BIOBERT_TASK_QA) continue;
            a.first = right.first;
            a.second = wrong[i];
            REFUSED(BIOBERT_E_ARGUMENT);
        }
    }
    if (s->task == BIOBERT_TASK_NER) {
        a = right;
        a.second.start = 5;
        REFUSED(BIOBERT_E_ARGUMENT); /* overlapping */
        a.second = a.first;
        REFUSED(BIOBERT_E_ARGUMENT);
    }
    if (s->task != BIOBERT_TASK_QA) {
        const biobert_str wrong[] = {str(""), str(" \t"), str("SECRET \xFF"), {NULL, 0}, {NULL, 6}};
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            a = right;
            a.label = wrong[i];
            REFUSED(BIOBERT_E_ARGUMENT);
        }
    }
    const biobert_split splits[] = {0, 4, -1};
    for (size_t i = 0; i < 3; i++) {
        a = right;
        a.split = splits[i];
        CHECK(blames(add(s, &a, &error), &error, BIOBERT_E_ARGUMENT, -1));
    }
    a = right;
    a.text = str("SECRET \xFF");
    a.text16.ptr = lone;
    a.text16.len = sizeof lone / sizeof *lone;
    CHECK(blames(add(s, &a, &error), &error, BIOBERT_E_ENCODING, 0));
    a.text.ptr = NULL;
    a.text16.ptr = NULL;
    CHECK(blames(add(s, &a, &error), &error, BIOBERT_E_ARGUMENT, 0));
    a.text.len = a.text16.len = 0; /* An empty text has no places, and no class. */
    REFUSED(BIOBERT_E_ARGUMENT);
#undef REFUSED
    struct school none = *s, other = *s;
    none.trainer = NULL;
    CHECK(is_error(add(&none, &right, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(add(&none, &right, NULL) == BIOBERT_E_ARGUMENT);
    for (size_t i = 0; i < sizeof TASKS / sizeof *TASKS; i++) {
        other.task = TASKS[i];
        if (other.task != s->task) CHECK(is_error(add(&other, &right, &error), &error, BIOBERT_E_ARGUMENT));
    }
}

static void test_refusals(const biobert_model *model) {
    for (size_t at = 0; at < sizeof TASKS / sizeof *TASKS * 6; at++) {
        biobert_trainer_options options = trainer_options(UNITS[at % 3]);
        struct school s = full_school(model, TASKS[at / 6], &options);
        s.wide = at / 3 % 2;
        if (at % 6 == 0) {
            fit(&s);
            save(&s, "clean");
        }
        test_refused_examples(&s);
        fit(&s);
        save(&s, "after");
        CHECK(same_heads("clean", "after"));
        biobert_trainer_free(s.trainer);
    }

    biobert_error *error = NULL;
    biobert_json *json = NULL;
    biobert_head *head = NULL;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    biobert_str text = str("SECRET"), null = {NULL, 6}, bad = str("\xFF");
    uint16_t wide[LONGEST];
    biobert_str16 text16 = str16("SECRET", wide), null16 = {NULL, 6};
    biobert_mark_in marks[2];
    biobert_range_in all = {0, 6};
    marks[0] = mark(0, 3, "x");
    marks[1] = mark(3, 6, "y");
#define REFUSED(call) CHECK(is_error(call, &error, BIOBERT_E_ARGUMENT))
    struct school s = school(model, BIOBERT_TASK_NER, &options);
    REFUSED(biobert_trainer_add_ner(s.trainer, BIOBERT_SPLIT_TRAIN, text, NULL, 1, &error));
    REFUSED(biobert_trainer_add_ner16(s.trainer, BIOBERT_SPLIT_TRAIN, text16, NULL, 1, &error));
    REFUSED(biobert_trainer_add_ner(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, SIZE_MAX, &error));
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error)); /* nothing to learn from */
    CHECK(biobert_trainer_add_ner(s.trainer, BIOBERT_SPLIT_TRAIN, text, NULL, 0, &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error)); /* no entity */
    REFUSED(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, str(""), &error));
    REFUSED(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, null, &error));
    REFUSED(biobert_trainer_add_file(s.trainer, BIOBERT_SPLIT_TRAIN, bad, &error));
    REFUSED(biobert_trainer_add_file(s.trainer, 0, str(scratch("examples.jsonl", "")), &error));
    REFUSED(biobert_trainer_add_file(NULL, BIOBERT_SPLIT_TRAIN, str(scratch("examples.jsonl", "")), &error));
    CHECK(biobert_trainer_add_file(NULL, BIOBERT_SPLIT_TRAIN, null, NULL) == BIOBERT_E_ARGUMENT);
    /* Entities may touch. */
    CHECK(biobert_trainer_add_ner(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, 2, &error) == BIOBERT_OK);
    fit(&s);
    REFUSED(biobert_trainer_report_json(s.trainer, NULL, &error));
    REFUSED(biobert_trainer_eval(s.trainer, NULL, NULL, &error));
    REFUSED(biobert_trainer_head(s.trainer, NULL, &error));
    biobert_trainer_free(s.trainer);
    REFUSED(biobert_trainer_fit(NULL, NULL, NULL, NULL, &error));
    REFUSED(biobert_trainer_report_json(NULL, &json, &error));
    REFUSED(biobert_trainer_eval(NULL, NULL, &json, &error));
    REFUSED(biobert_trainer_head(NULL, &head, &error));
    CHECK(biobert_trainer_fit(NULL, NULL, NULL, NULL, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(biobert_trainer_report_json(NULL, NULL, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(biobert_trainer_eval(NULL, NULL, NULL, NULL) == BIOBERT_E_ARGUMENT);
    CHECK(biobert_trainer_head(NULL, NULL, NULL) == BIOBERT_E_ARGUMENT && json == NULL && head == NULL);

    /* Assertions: each entity has one. */
    s = school(model, BIOBERT_TASK_ASSERTION, &options);
    biobert_assertion says[] = {BIOBERT_ASSERTION_ABSENT, BIOBERT_ASSERTION_OTHER_PERSON}, none[] = {1, BIOBERT_ASSERTION_NONE};
    REFUSED(biobert_trainer_add_assertion(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, none, 2, &error));
    REFUSED(biobert_trainer_add_assertion(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, NULL, 2, &error));
    REFUSED(biobert_trainer_add_assertion16(s.trainer, BIOBERT_SPLIT_TRAIN, text16, NULL, says, 2, &error));
    REFUSED(biobert_trainer_add_ner(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, 2, &error));
    CHECK(biobert_trainer_add_assertion(s.trainer, BIOBERT_SPLIT_TRAIN, text, NULL, NULL, 0, &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error)); /* no entity */
    CHECK(biobert_trainer_add_assertion(s.trainer, BIOBERT_SPLIT_TRAIN, text, marks, says, 2, &error) == BIOBERT_OK);
    CHECK(biobert_trainer_add_assertion16(s.trainer, BIOBERT_SPLIT_TRAIN, text16, marks, says, 2, &error) == BIOBERT_OK);
    fit(&s);
    biobert_trainer_free(s.trainer);

    /* One class only, and one that nothing is learnt of. */
    s = school(model, BIOBERT_TASK_CLASSIFY, &options);
    REFUSED(biobert_trainer_add_class(s.trainer, BIOBERT_SPLIT_TRAIN, text, &null, str("a"), &error));
    REFUSED(biobert_trainer_add_class16(s.trainer, BIOBERT_SPLIT_TRAIN, text16, &null16, str("a"), &error));
    CHECK(is_error(biobert_trainer_add_class(s.trainer, BIOBERT_SPLIT_TRAIN, text, &bad, str("a"), &error), &error, BIOBERT_E_ENCODING));
    CHECK(biobert_trainer_add_class(s.trainer, BIOBERT_SPLIT_TRAIN, text, NULL, str("a"), &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error));
    CHECK(biobert_trainer_add_class(s.trainer, BIOBERT_SPLIT_TRAIN, text, NULL, str("b"), &error) == BIOBERT_OK);
    CHECK(biobert_trainer_add_class(s.trainer, BIOBERT_SPLIT_DEV, text, NULL, str("c"), &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error));
    biobert_trainer_free(s.trainer);
    s = school(model, BIOBERT_TASK_RE, &options);
    CHECK(biobert_trainer_add_re(s.trainer, BIOBERT_SPLIT_TRAIN, text, all, all, str("a"), &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error));
    biobert_trainer_free(s.trainer);
    s = school(model, BIOBERT_TASK_QA, &options);
    REFUSED(biobert_trainer_add_qa(s.trainer, BIOBERT_SPLIT_TRAIN, null, text, &all, &error));
    REFUSED(biobert_trainer_add_qa(s.trainer, BIOBERT_SPLIT_TRAIN, str(" "), text, &all, &error));
    REFUSED(biobert_trainer_add_qa16(s.trainer, BIOBERT_SPLIT_TRAIN, null16, text16, &all, &error));
    CHECK(is_error(biobert_trainer_add_qa(s.trainer, BIOBERT_SPLIT_TRAIN, bad, text, &all, &error), &error, BIOBERT_E_ENCODING));
    CHECK(biobert_trainer_add_qa(s.trainer, BIOBERT_SPLIT_TRAIN, text, text, NULL, &error) == BIOBERT_OK);
    REFUSED(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error)); /* no answer */
    biobert_trainer_free(s.trainer);
#undef REFUSED
}

/* All objects of a training, freed in every order: what is left still works. */
static void test_orders(const biobert_engine *engine, const char *bundle) {
    enum { MODEL, TRAINER, HEAD, TAUGHT, KINDS };
    for (int order = 0; order < 4 * 4 * 4 * 4; order++) {
        int turn[KINDS] = {order % 4, order / 4 % 4, order / 16 % 4, order / 64};
        if (((1 << turn[0]) | (1 << turn[1]) | (1 << turn[2]) | (1 << turn[3])) != 0xF) continue;
        biobert_model *model = NULL, *taught = NULL;
        biobert_json *json = NULL;
        biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
        biobert_run_options run;
        biobert_run_options_init(&run, sizeof run);
        run.unit = BIOBERT_UTF8_BYTES;
        CHECK(biobert_model_open_path(engine, str(bundle), NULL, &model, NULL) == BIOBERT_OK);
        struct school s = full_school(model, BIOBERT_TASK_CLASSIFY, &options);
        add_all(&s, BIOBERT_SPLIT_TEST);
        fit(&s);
        biobert_head *head = head_of(&s);
        CHECK(biobert_model_with_head(model, head, str("outcome"), &taught, NULL) == BIOBERT_OK);
        for (int i = 0; i < KINDS; i++) {
            switch (turn[i]) {
            case MODEL: biobert_model_free(model); break;
            case TRAINER: biobert_trainer_free(s.trainer), s.trainer = NULL; break;
            case HEAD: biobert_head_free(head), head = NULL; break;
            default: biobert_model_free(taught), taught = NULL;
            }
            if (s.trainer != NULL) CHECK(says(biobert_trainer_eval(s.trainer, NULL, &json, NULL), &json, "\"f1\":"));
            if (head != NULL) CHECK(head_says(head, "\"task\":\"classify\""));
            if (taught != NULL) {
                biobert_result *result = NULL;
                biobert_str text = str(EXAMPLES[0].text), name = str("outcome");
                CHECK(biobert_classify_run(taught, &name, 1, &text, NULL, 1, &run, NULL, &result, NULL) == BIOBERT_OK);
                biobert_result_free(result);
            }
        }
    }
}

/* More to learn from than the engine takes. */
static void test_limit(const char *bundle) {
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_error *error = NULL;
    biobert_engine_options small;
    biobert_trainer_options options = trainer_options(BIOBERT_UTF8_BYTES);
    biobert_engine_options_init(&small, sizeof small);
    small.isa = str("portable");
    small.max_batch_bytes = 100;
    CHECK(biobert_engine_create(&small, &engine, NULL) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(bundle), NULL, &model, NULL) == BIOBERT_OK);
    biobert_engine_free(engine);
    struct school s = full_school(model, BIOBERT_TASK_NER, &options);
    biobert_model_free(model);
    CHECK(is_error(biobert_trainer_fit(s.trainer, NULL, NULL, NULL, &error), &error, BIOBERT_E_LIMIT));
    biobert_trainer_free(s.trainer);
}

int main(int argc, char **argv) {
    char bundle[1024], checkpoint[1024];
    biobert_engine *engine = NULL;
    biobert_model *model = NULL, *other = NULL, *graph = NULL;
    biobert_engine_options options;
    if (argc < 3 || argc > 4) return 2;
    int threads = things_in("/proc/self/task");
    snprintf(bundle, sizeof bundle, "%s/golden/bundle-v1", argv[1]);
    snprintf(checkpoint, sizeof checkpoint, "%s/fixtures/bert-token", argv[1]);
    scratch_directory = argv[2];
    biobert_engine_options_init(&options, sizeof options);
    options.isa = str("portable");
    CHECK(biobert_engine_create(&options, &engine, NULL) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(bundle), NULL, &model, NULL) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(checkpoint), NULL, &other, NULL) == BIOBERT_OK);
    if (argc > 3) CHECK(biobert_model_open_path(engine, str(argv[3]), NULL, &graph, NULL) == BIOBERT_OK);
    test_options(model);
    test_what_options_do(model);
    test_forms(model);
    test_files(model);
    test_progress(model);
    test_busy(model);
    test_work(model);
    test_threads(model, threads, argc > 3);
    test_eval(model);
    test_heads(model, other, graph);
    test_refusals(model);
    biobert_model_free(graph);
    biobert_model_free(other);
    biobert_model_free(model);
    test_orders(engine, bundle);
    biobert_engine_free(engine);
    test_limit(bundle);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

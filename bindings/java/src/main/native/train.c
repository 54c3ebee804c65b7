/* Trainers, and the heads that they make. */
#include "glue.h"

/* Names of options, in the order of `TrainerOptions`. */
enum { WORK_PATH, ENTITY, FIRST_KIND, SECOND_KIND, FIRST_MASK, SECOND_MASK, NEGATIVE, LICENCE, DATE, N_NAMES };

static jlong JNICALL trainer_create(JNIEnv *env, jclass self, jlong model, jint task, jint unit, jint preset,
                                    jint head_kind, jlong seed, jboolean refit, jboolean balanced,
                                    jlong max_feature_bytes, jobjectArray from) {
    (void)self;
    arena arena = {NULL};
    biobert_trainer *trainer = NULL;
    biobert_trainer_options options;
    biobert_trainer_options_init(&options, sizeof options);
    options.unit = unit;
    options.preset = preset;
    options.head_kind = head_kind;
    options.seed = (uint64_t)seed;
    options.refit = refit ? 1 : 0;
    options.balanced = balanced ? 1 : 0;
    options.max_feature_bytes = (uint64_t)max_feature_bytes;
    names names;
    if (read_names(env, &arena, from, &names) && names.count == N_NAMES) {
        options.work_path = names.list[WORK_PATH];
        options.entity = names.list[ENTITY];
        options.first_kind = names.list[FIRST_KIND];
        options.second_kind = names.list[SECOND_KIND];
        options.first_mask = names.list[FIRST_MASK];
        options.second_mask = names.list[SECOND_MASK];
        options.negative = names.list[NEGATIVE];
        options.licence = names.list[LICENCE];
        options.date = names.list[DATE];
        biobert_error *error = NULL;
        check(env, biobert_trainer_create(POINTER(biobert_model, model), task, &options, &trainer, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(trainer);
}

/* Marks of a text, and what it says of each. */
typedef struct {
    biobert_mark_in *list;
    biobert_assertion *assertions;
    size_t count;
} marks;

/* `places` has start, end and assertion of each mark, `labels` as many labels. */
static bool read_marks(JNIEnv *env, arena *arena, jlongArray places, jobjectArray labels, marks *marks) {
    enum { START, END, ASSERTION, N_NUMBERS };
    jlong *numbers;
    size_t n_numbers;
    names names;
    if (!read_longs(env, arena, places, &numbers, &n_numbers) || !read_names(env, arena, labels, &names) ||
        (marks->list = arena_take(env, arena, names.count, sizeof *marks->list)) == NULL ||
        (marks->assertions = arena_take(env, arena, names.count, sizeof *marks->assertions)) == NULL)
        return false;
    marks->count = names.count < n_numbers / N_NUMBERS ? names.count : n_numbers / N_NUMBERS;
    for (size_t i = 0; i < marks->count; i++, numbers += N_NUMBERS) {
        marks->list[i] = (biobert_mark_in){(uint64_t)numbers[START], (uint64_t)numbers[END], names.list[i]};
        marks->assertions[i] = (biobert_assertion)numbers[ASSERTION];
    }
    return true;
}

static void JNICALL trainer_add_ner(JNIEnv *env, jclass self, jlong trainer, jint split, jstring from,
                                    jlongArray places, jobjectArray labels) {
    (void)self;
    arena arena = {NULL};
    biobert_str16 text;
    marks marks;
    if (read_text(env, &arena, from, &text) && read_marks(env, &arena, places, labels, &marks)) {
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_ner16(POINTER(biobert_trainer, trainer), split, text, marks.list, marks.count,
                                             &error), &error);
    }
    arena_free(&arena);
}

static void JNICALL trainer_add_assertion(JNIEnv *env, jclass self, jlong trainer, jint split, jstring from,
                                          jlongArray places, jobjectArray labels) {
    (void)self;
    arena arena = {NULL};
    biobert_str16 text;
    marks marks;
    if (read_text(env, &arena, from, &text) && read_marks(env, &arena, places, labels, &marks)) {
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_assertion16(POINTER(biobert_trainer, trainer), split, text, marks.list,
                                                   marks.assertions, marks.count, &error), &error);
    }
    arena_free(&arena);
}

static biobert_range_in range(jint start, jint end) {
    return (biobert_range_in){(uint64_t)start, (uint64_t)end};
}

static void JNICALL trainer_add_re(JNIEnv *env, jclass self, jlong trainer, jint split, jstring from,
                                   jint first_start, jint first_end, jint second_start, jint second_end,
                                   jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_str16 text;
    biobert_str label;
    if (read_text(env, &arena, from, &text) && read_name(env, &arena, name, &label)) {
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_re16(POINTER(biobert_trainer, trainer), split, text,
                                            range(first_start, first_end), range(second_start, second_end),
                                            label, &error), &error);
    }
    arena_free(&arena);
}

/* `other` is null if the text is judged by itself. */
static void JNICALL trainer_add_class(JNIEnv *env, jclass self, jlong trainer, jint split, jstring from,
                                      jstring other, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_str16 text, second;
    biobert_str label;
    if (read_text(env, &arena, from, &text) && (other == NULL || read_text(env, &arena, other, &second)) &&
        read_name(env, &arena, name, &label)) {
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_class16(POINTER(biobert_trainer, trainer), split, text,
                                               other == NULL ? NULL : &second, label, &error), &error);
    }
    arena_free(&arena);
}

/* A `start` below 0: the passage does not tell. */
static void JNICALL trainer_add_qa(JNIEnv *env, jclass self, jlong trainer, jint split, jstring asked,
                                   jstring told, jint start, jint end) {
    (void)self;
    arena arena = {NULL};
    biobert_str16 question, passage;
    if (read_text(env, &arena, asked, &question) && read_text(env, &arena, told, &passage)) {
        biobert_range_in answer = range(start, end);
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_qa16(POINTER(biobert_trainer, trainer), split, question, passage,
                                            start < 0 ? NULL : &answer, &error), &error);
    }
    arena_free(&arena);
}

static void JNICALL trainer_add_file(JNIEnv *env, jclass self, jlong trainer, jint split, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_str path;
    if (read_name(env, &arena, name, &path)) {
        biobert_error *error = NULL;
        check(env, biobert_trainer_add_file(POINTER(biobert_trainer, trainer), split, path, &error), &error);
    }
    arena_free(&arena);
}

/* Who listens: `Progress.tell`, a static method, and the listener to tell. */
typedef struct listening {
    JNIEnv *env;
    jclass progress;
    jmethodID tell;
    jobject listener;
} listening;

/* On the thread of the native method, so that its JNIEnv may be used. A listener that throws stops the
 * training; its exception stays pending until Java has the thread again. */
static int32_t tell(void *userdata, const biobert_progress *at) {
    const listening *to = userdata;
    JNIEnv *env = to->env;
    if ((*env)->ExceptionCheck(env)) return 1;
    jboolean on = (*env)->CallStaticBooleanMethod(
        env, to->progress, to->tell, to->listener, (jint)at->phase, (jlong)at->done, (jlong)at->of,
        (jlong)at->epoch, (jdouble)at->loss, (jdouble)at->f1, (jdouble)at->seconds_left);
    return (*env)->ExceptionCheck(env) || !on;
}

static void JNICALL trainer_fit(JNIEnv *env, jclass self, jlong trainer, jobject listener, jlong cancel) {
    (void)self;
    listening to = {.env = env, .listener = listener};
    if (listener != NULL) {
        to.progress = (*env)->FindClass(env, "org/biobert/Progress");
        if (to.progress == NULL) return;
        to.tell = (*env)->GetStaticMethodID(env, to.progress, "tell", "(Lorg/biobert/ProgressListener;IJJJDDD)Z");
        if (to.tell == NULL) return;
    }
    biobert_error *error = NULL;
    biobert_status status = biobert_trainer_fit(POINTER(biobert_trainer, trainer), listener == NULL ? NULL : tell,
                                                &to, POINTER(const biobert_cancel, cancel), &error);
    if ((*env)->ExceptionCheck(env)) {
        /* The listener's exception says more than that the training was stopped. */
        biobert_error_free(error);
        return;
    }
    check(env, status, &error);
}

static jbyteArray JNICALL trainer_report(JNIEnv *env, jclass self, jlong trainer) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_trainer_report_json(POINTER(biobert_trainer, trainer), &json, &error);
    return write_json(env, status, json, error);
}

static jbyteArray JNICALL trainer_eval(JNIEnv *env, jclass self, jlong trainer, jlong cancel) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_trainer_eval(POINTER(biobert_trainer, trainer),
                                                 POINTER(const biobert_cancel, cancel), &json, &error);
    return write_json(env, status, json, error);
}

static jlong JNICALL trainer_head(JNIEnv *env, jclass self, jlong trainer) {
    (void)self;
    biobert_head *head = NULL;
    biobert_error *error = NULL;
    check(env, biobert_trainer_head(POINTER(biobert_trainer, trainer), &head, &error), &error);
    return NUMBER(head);
}

static void JNICALL trainer_free(JNIEnv *env, jclass self, jlong trainer) {
    (void)env, (void)self;
    biobert_trainer_free(POINTER(biobert_trainer, trainer));
}

static jlong JNICALL head_open(JNIEnv *env, jclass self, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_head *head = NULL;
    biobert_str path;
    if (read_name(env, &arena, name, &path)) {
        biobert_error *error = NULL;
        check(env, biobert_head_open_path(path, &head, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(head);
}

static void JNICALL head_save(JNIEnv *env, jclass self, jlong head, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_str path;
    if (read_name(env, &arena, name, &path)) {
        biobert_error *error = NULL;
        check(env, biobert_head_save_path(POINTER(biobert_head, head), path, &error), &error);
    }
    arena_free(&arena);
}

static jbyteArray JNICALL head_info(JNIEnv *env, jclass self, jlong head) {
    (void)self;
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_status status = biobert_head_info_json(POINTER(biobert_head, head), &json, &error);
    return write_json(env, status, json, error);
}

static void JNICALL head_free(JNIEnv *env, jclass self, jlong head) {
    (void)env, (void)self;
    biobert_head_free(POINTER(biobert_head, head));
}

/* `name` is null for the head's own. */
static jlong JNICALL model_with_head(JNIEnv *env, jclass self, jlong model, jlong head, jbyteArray name) {
    (void)self;
    arena arena = {NULL};
    biobert_model *taught = NULL;
    biobert_str called;
    if (read_name(env, &arena, name, &called)) {
        biobert_error *error = NULL;
        check(env, biobert_model_with_head(POINTER(biobert_model, model), POINTER(biobert_head, head), called,
                                           &taught, &error), &error);
    }
    arena_free(&arena);
    return NUMBER(taught);
}

const JNINativeMethod train_methods[] = {
    {"trainerCreate", "(JIIIIJZZJ[[B)J", (void *)trainer_create},
    {"trainerAddNer", "(JILjava/lang/String;[J[[B)V", (void *)trainer_add_ner},
    {"trainerAddAssertion", "(JILjava/lang/String;[J[[B)V", (void *)trainer_add_assertion},
    {"trainerAddRe", "(JILjava/lang/String;IIII[B)V", (void *)trainer_add_re},
    {"trainerAddClass", "(JILjava/lang/String;Ljava/lang/String;[B)V", (void *)trainer_add_class},
    {"trainerAddQa", "(JILjava/lang/String;Ljava/lang/String;II)V", (void *)trainer_add_qa},
    {"trainerAddFile", "(JI[B)V", (void *)trainer_add_file},
    {"trainerFit", "(JLorg/biobert/ProgressListener;J)V", (void *)trainer_fit},
    {"trainerReport", "(J)[B", (void *)trainer_report},
    {"trainerEval", "(JJ)[B", (void *)trainer_eval},
    {"trainerHead", "(J)J", (void *)trainer_head},
    {"trainerFree", "(J)V", (void *)trainer_free},
    {"headOpen", "([B)J", (void *)head_open},
    {"headSave", "(J[B)V", (void *)head_save},
    {"headInfo", "(J)[B", (void *)head_info},
    {"headFree", "(J)V", (void *)head_free},
    {"modelWithHead", "(JJ[B)J", (void *)model_with_head},
};
const jint n_train_methods = COUNT(train_methods);

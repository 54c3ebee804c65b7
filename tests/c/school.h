/* Examples for all four tasks, trainers that are given them, and heads that are saved and compared. */
#ifndef SCHOOL_H
#define SCHOOL_H

#include "check.h"

#include <dirent.h>
#include <stdlib.h>

enum { LONGEST = 128 }; /* bytes of a text */

static const biobert_task TASKS[] = {BIOBERT_TASK_NER, BIOBERT_TASK_RE, BIOBERT_TASK_QA, BIOBERT_TASK_CLASSIFY};
static const biobert_offset_unit UNITS[] = {BIOBERT_UTF8_BYTES, BIOBERT_UNICODE_SCALARS, BIOBERT_UTF16_UNITS};

/* --------------------------------------------------------------------------------------- examples */

/* Texts that all four tasks learn from: a drug and a disease, which may be none, and what is between
 * them. Offsets differ by unit. */
static const struct example {
    const char *text, *drug, *disease, *label;
} EXAMPLES[] = {
    {"\xF0\x9F\x98\x80 Na\xC3\xAFve: aspirin gave her a rash.", "aspirin", "rash", "harms"},
    {"Dr. \xC3\x96z gave metformin for diabetes.", "metformin", "diabetes", "helps"},
    {"Nausea \xE2\x89\xA5 2 days after codeine.", "codeine", "Nausea", "harms"},
    {"\xF0\x9F\x92\x8A insulin relieved his diabetes.", "insulin", "diabetes", "helps"},
    {"No complaints \xF0\x9F\x98\x80 today.", NULL, NULL, "none"},
    {"Caf\xC3\xA9 au lait spots; lithium led to tremor.", "lithium", "tremor", "harms"},
    {"The fever\xE2\x80\x94" "39.5 \xC2\xB0" "C\xE2\x80\x94" "went with ibuprofen.", "ibuprofen", "fever", "helps"},
    {"\xC3\x9Cnl\xC3\xBC: heparin caused bleeding.", "heparin", "bleeding", "harms"},
    {"She \xF0\x9F\x98\x80 felt well.", NULL, NULL, "none"},
    {"Warfarin was stopped: \xC2\xBB" "bleeding\xC2\xAB.", "Warfarin", "bleeding", "harms"},
    {"Cough \xC3\xA0 la grippe; codeine helped.", "codeine", "Cough", "helps"},
    {"On \xCE\xB2-blockers such as atenolol for angina.", "atenolol", "angina", "helps"},
};
enum { N_EXAMPLES = sizeof EXAMPLES / sizeof *EXAMPLES };

static const char QUESTION[] = "Which drug \xF0\x9F\x92\x8A?";

/* How many units the first `bytes` bytes of a text are. */
static uint64_t units(const char *text, size_t bytes, biobert_offset_unit unit) {
    uint64_t count = 0;
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (unit == BIOBERT_UTF8_BYTES || (byte & 0xC0) != 0x80) count++;
        if (unit == BIOBERT_UTF16_UNITS && byte >= 0xF0) count++;
    }
    return count;
}

static biobert_range_in place(const char *text, const char *word, biobert_offset_unit unit) {
    size_t start = (size_t)(strstr(text, word) - text);
    biobert_range_in range;
    range.start = units(text, start, unit);
    range.end = units(text, start + strlen(word), unit);
    return range;
}

static biobert_mark_in mark(uint64_t start, uint64_t end, const char *label) {
    biobert_mark_in mark;
    mark.start = start;
    mark.end = end;
    mark.label = str(label);
    return mark;
}

/* A text as UTF-16, in memory of the caller's. */
static biobert_str16 str16(const char *text, uint16_t out[LONGEST]) {
    biobert_str16 view;
    view.ptr = out;
    while (*text != 0) {
        unsigned char first = (unsigned char)*text++;
        size_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        uint32_t scalar = more == 0 ? first : first & (0x3Fu >> more);
        while (more-- > 0) scalar = scalar << 6 | ((unsigned char)*text++ & 0x3Fu);
        if (scalar < 0x10000) *out++ = (uint16_t)scalar;
        else {
            *out++ = (uint16_t)(0xD800 + ((scalar - 0x10000) >> 10));
            *out++ = (uint16_t)(0xDC00 + (scalar & 0x3FF));
        }
    }
    view.len = (size_t)(out - view.ptr);
    return view;
}

/* A trainer, and how it is talked to. */
struct school {
    biobert_trainer *trainer;
    biobert_task task;
    biobert_offset_unit unit;
    int wide; /* whether texts are UTF-16 */
};

/* An addition of any task, right or wrong. */
struct addition {
    biobert_split split;
    biobert_str text;
    biobert_str16 text16;
    biobert_range_in first, second;
    biobert_str label;
};

static biobert_status add(const struct school *s, const struct addition *a, biobert_error **error) {
    uint16_t question[LONGEST];
    biobert_mark_in marks[2];
    biobert_str asked = str(QUESTION);
    marks[0].start = a->first.start, marks[0].end = a->first.end, marks[0].label = a->label;
    marks[1].start = a->second.start, marks[1].end = a->second.end, marks[1].label = str("Disease");
    switch (s->task) {
    case BIOBERT_TASK_NER:
        if (s->wide) return biobert_trainer_add_ner16(s->trainer, a->split, a->text16, marks, 2, error);
        return biobert_trainer_add_ner(s->trainer, a->split, a->text, marks, 2, error);
    case BIOBERT_TASK_RE:
        if (s->wide) return biobert_trainer_add_re16(s->trainer, a->split, a->text16, a->first, a->second, a->label, error);
        return biobert_trainer_add_re(s->trainer, a->split, a->text, a->first, a->second, a->label, error);
    case BIOBERT_TASK_QA:
        if (s->wide) return biobert_trainer_add_qa16(s->trainer, a->split, str16(QUESTION, question), a->text16, &a->first, error);
        return biobert_trainer_add_qa(s->trainer, a->split, asked, a->text, &a->first, error);
    default:
        if (s->wide) return biobert_trainer_add_class16(s->trainer, a->split, a->text16, &a->text16, a->label, error);
        return biobert_trainer_add_class(s->trainer, a->split, a->text, &a->text, a->label, error);
    }
}

/* Adds an example; one without entities teaches no relation. */
static void add_example(const struct school *s, biobert_split split, const struct example *e) {
    uint16_t text[LONGEST], question[LONGEST];
    biobert_error *error = NULL;
    biobert_status status = BIOBERT_OK;
    struct addition a;
    a.split = split;
    a.text = str(e->text);
    a.text16 = str16(e->text, text);
    if (e->drug != NULL) {
        a.first = place(e->text, e->drug, s->unit);
        a.second = place(e->text, e->disease, s->unit);
        a.label = str(s->task == BIOBERT_TASK_NER ? "Drug" : e->label);
        status = add(s, &a, &error);
    } else if (s->task == BIOBERT_TASK_NER) {
        if (s->wide) status = biobert_trainer_add_ner16(s->trainer, split, a.text16, NULL, 0, &error);
        else status = biobert_trainer_add_ner(s->trainer, split, a.text, NULL, 0, &error);
    } else if (s->task == BIOBERT_TASK_QA) {
        if (s->wide) status = biobert_trainer_add_qa16(s->trainer, split, str16(QUESTION, question), a.text16, NULL, &error);
        else status = biobert_trainer_add_qa(s->trainer, split, str(QUESTION), a.text, NULL, &error);
    } else if (s->task == BIOBERT_TASK_CLASSIFY) {
        if (s->wide) status = biobert_trainer_add_class16(s->trainer, split, a.text16, NULL, str(e->label), &error);
        else status = biobert_trainer_add_class(s->trainer, split, a.text, NULL, str(e->label), &error);
    }
    CHECK(status == BIOBERT_OK && error == NULL);
}

static void add_all(const struct school *s, biobert_split split) {
    for (size_t i = 0; i < N_EXAMPLES; i++) add_example(s, split, &EXAMPLES[i]);
}

/* The cheapest training. */
static biobert_trainer_options trainer_options(biobert_offset_unit unit) {
    biobert_trainer_options options;
    memset(&options, 0xAB, sizeof options);
    biobert_trainer_options_init(&options, sizeof options);
    options.unit = unit;
    options.preset = BIOBERT_PRESET_FAST;
    options.head_kind = BIOBERT_HEAD_LINEAR;
    return options;
}

/* A trainer without examples, for offsets of the options' unit in UTF-8 texts. */
static struct school school(const biobert_model *model, biobert_task task, const biobert_trainer_options *options) {
    biobert_error *error = NULL;
    struct school s = {NULL, 0, 0, 0};
    s.task = task;
    s.unit = options->unit;
    CHECK(biobert_trainer_create(model, task, options, &s.trainer, &error) == BIOBERT_OK && error == NULL);
    return s;
}

/* The same with all examples to learn from. */
static struct school full_school(const biobert_model *model, biobert_task task, const biobert_trainer_options *options) {
    struct school s = school(model, task, options);
    add_all(&s, BIOBERT_SPLIT_TRAIN);
    return s;
}

/* --------------------------------------------------------------------------------------- training */

/* Returns not 0 after the first epoch. */
static int32_t stop_early(void *userdata, const biobert_progress *progress) {
    (void)userdata;
    return progress->phase == BIOBERT_PHASE_EPOCH;
}

/* Trains for an epoch. */
static void fit(const struct school *s) {
    biobert_error *error = NULL;
    CHECK(biobert_trainer_fit(s->trainer, stop_early, NULL, NULL, &error) == BIOBERT_OK && error == NULL);
}

static biobert_head *head_of(const struct school *s) {
    biobert_head *head = NULL;
    CHECK(biobert_trainer_head(s->trainer, &head, NULL) == BIOBERT_OK);
    return head;
}

/* Whether a call gave a JSON object that holds a text; frees it. */
static int says(biobert_status status, biobert_json **json, const char *text) {
    biobert_str view = biobert_json_view(*json);
    int so = status == BIOBERT_OK && view.len > 2 && view.ptr[0] == '{' && holds(view, text);
    biobert_json_free(*json);
    *json = NULL;
    return so;
}

static int reports(const struct school *s, const char *text) {
    biobert_json *json = NULL;
    return says(biobert_trainer_report_json(s->trainer, &json, NULL), &json, text);
}

static int head_says(const biobert_head *head, const char *text) {
    biobert_json *json = NULL;
    return says(biobert_head_info_json(head, &json, NULL), &json, text);
}

/* ------------------------------------------------------------------------------------------ files */

static const char *scratch_directory;

/* A path below the scratch directory, in memory that later calls use again: there are four places. */
static const char *scratch(const char *name, const char *file) {
    static char places[4][1024];
    static int turn;
    char *path = places[turn = (turn + 1) % 4];
    int length = snprintf(path, sizeof *places, "%s/%s%s%s", scratch_directory, name, file[0] == 0 ? "" : "/", file);
    if (length < 0 || (size_t)length >= sizeof *places) exit(1);
    return path;
}

static void write_file(const char *path, biobert_str text) {
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(text.ptr, 1, text.len, file) == text.len && fclose(file) == 0);
}

static int same_files(const char *left, const char *right) {
    FILE *files[2];
    int bytes[2];
    long length = 0;
    files[0] = fopen(left, "rb");
    files[1] = fopen(right, "rb");
    if (files[0] == NULL || files[1] == NULL) exit(1);
    do {
        bytes[0] = getc(files[0]);
        bytes[1] = getc(files[1]);
        length++;
    } while (bytes[0] == bytes[1] && bytes[0] != EOF);
    fclose(files[0]);
    fclose(files[1]);
    return bytes[0] == bytes[1] && length > 100;
}

/* Saves the head of a trainer. */
static void save(const struct school *s, const char *name) {
    biobert_head *head = head_of(s);
    biobert_error *error = NULL;
    CHECK(biobert_head_save_path(head, str(scratch(name, "")), &error) == BIOBERT_OK && error == NULL);
    biobert_head_free(head);
}

/* Whether two saved heads are the same, byte for byte. */
static int same_heads(const char *left, const char *right) {
    return same_files(scratch(left, "head.json"), scratch(right, "head.json")) &&
           same_files(scratch(left, "head.safetensors"), scratch(right, "head.safetensors"));
}

/* Things in a directory; -1 if it is not there. */
static int things_in(const char *path) {
    DIR *directory = opendir(path);
    int count = -2; /* "." and ".." */
    if (directory == NULL) return -1;
    while (readdir(directory) != NULL) count++;
    closedir(directory);
    return count;
}

/* The examples as JSON lines. */
static void write_lines(const char *path, biobert_task task, biobert_offset_unit unit) {
    FILE *file = fopen(path, "wb");
    if (file == NULL) exit(1);
    for (size_t i = 0; i < N_EXAMPLES; i++) {
        const struct example *e = &EXAMPLES[i];
        biobert_range_in drug = {0, 0}, disease = {0, 0};
        char drug_at[64], disease_at[64];
        if (e->drug == NULL && task == BIOBERT_TASK_RE) continue;
        if (e->drug != NULL) drug = place(e->text, e->drug, unit), disease = place(e->text, e->disease, unit);
        snprintf(drug_at, sizeof drug_at, "\"start\":%d,\"end\":%d", (int)drug.start, (int)drug.end);
        snprintf(disease_at, sizeof disease_at, "\"start\":%d,\"end\":%d", (int)disease.start, (int)disease.end);
        if (task == BIOBERT_TASK_QA) {
            fprintf(file, "{\"question\":\"%s\",\"passage\":\"%s\",\"answer\":", QUESTION, e->text);
            if (e->drug != NULL) fprintf(file, "{%s}}\n", drug_at);
            else fprintf(file, "null}\n");
            continue;
        }
        fprintf(file, "{\"text\":\"%s\",", e->text);
        if (task == BIOBERT_TASK_RE) fprintf(file, "\"first\":{%s},\"second\":{%s},\"label\":\"%s\"}\n", drug_at, disease_at, e->label);
        else if (task == BIOBERT_TASK_CLASSIFY && e->drug == NULL) fprintf(file, "\"label\":\"%s\"}\n", e->label);
        else if (task == BIOBERT_TASK_CLASSIFY) fprintf(file, "\"second\":\"%s\",\"label\":\"%s\"}\n", e->text, e->label);
        else if (e->drug == NULL) fprintf(file, "\"entities\":[]}\n");
        else fprintf(file, "\"entities\":[{%s,\"label\":\"Drug\"},{%s,\"label\":\"Disease\"}]}\n", drug_at, disease_at);
    }
    if (fclose(file) != 0) exit(1);
}

#endif

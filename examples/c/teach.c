/* Teaches a model a kind of entity that it does not know, from ten sentences, and uses it; from C.
 *
 *   teach MODEL_DIRECTORY
 *
 * Prints the entities of a note: the new kind, and beside it one that the model knew before. Offsets
 * are bytes of UTF-8, so that they can be used on the char arrays as they are.
 */
#include <biobert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sentences, and the body part in each: NULL where there is none, which teaches something too. */
static const struct {
    const char *text, *part;
} SENTENCES[] = {
    {"Pain in the left knee since Monday.", "left knee"},
    {"Swelling of her right ankle after a fall.", "right ankle"},
    {"The liver was enlarged.", "liver"},
    {"No lesion of the spine was seen.", "spine"},
    {"She was given aspirin.", NULL},
    {"Biopsy of the left kidney was done.", "left kidney"},
    {"Weakness of his right arm.", "right arm"},
    {"We examined the femoral artery.", "femoral artery"},
    {"On metformin and lisinopril.", NULL},
    {"Redness of the left eye and discharge.", "left eye"},
};

static const char NOTE[] =
    "Swelling of his left ankle for two weeks. Started ibuprofen. No lesion of the liver.";

/* Reports a failure, frees its error object and ends the program. */
static void must(const char *what, biobert_status status, biobert_error **error) {
    if (status == BIOBERT_OK) return;
    biobert_str message = biobert_error_message(*error);
    fprintf(stderr, "%s: %s: %.*s\n", what, biobert_status_name(status), (int)message.len, message.ptr);
    biobert_error_free(*error);
    exit(1);
}

static biobert_str str(const char *text) {
    biobert_str view = {text, strlen(text)};
    return view;
}

/* A head for body parts, trained on what the model's encoder says of the sentences. */
static biobert_head *train(const biobert_model *model) {
    biobert_trainer *trainer = NULL;
    biobert_head *head = NULL;
    biobert_error *error = NULL;

    /* Of the options only the unit has no default. */
    biobert_trainer_options options;
    biobert_trainer_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    options.preset = BIOBERT_PRESET_FAST;
    must("trainer", biobert_trainer_create(model, BIOBERT_TASK_NER, &options, &trainer, &error), &error);

    for (size_t i = 0; i < sizeof SENTENCES / sizeof *SENTENCES; i++) {
        const char *text = SENTENCES[i].text, *part = SENTENCES[i].part;
        biobert_mark_in mark = {0, 0, str("Site")};
        if (part != NULL) {
            mark.start = (uint64_t)(strstr(text, part) - text);
            mark.end = mark.start + strlen(part);
        }
        must("sentence", biobert_trainer_add_ner(trainer, BIOBERT_SPLIT_TRAIN, str(text), &mark, part != NULL, &error), &error);
    }

    /* Long trainings want a progress function, and a switch to end them early. */
    must("training", biobert_trainer_fit(trainer, NULL, NULL, NULL, &error), &error);
    must("head", biobert_trainer_head(trainer, &head, &error), &error);
    biobert_trainer_free(trainer);
    return head;
}

/* The entities of the note that two heads find, in the order of the text. Returns 0 on success. */
static int print_entities(const biobert_model *model) {
    biobert_str heads[] = {str("site"), str("chemical")}, note = str(NOTE);
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_run_options options;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    must("ner", biobert_ner_run(model, heads, 2, &note, 1, &options, NULL, &result, &error), &error);

    /* A bad document does not fail the batch: each has its own status. */
    int failed = biobert_result_doc_status(result, 0) != BIOBERT_OK;
    if (failed) {
        biobert_str message = biobert_result_doc_message(result, 0);
        fprintf(stderr, "note: %.*s\n", (int)message.len, message.ptr);
    } else {
        const biobert_span *spans = NULL;
        size_t count = 0, stride = 0;
        must("spans", biobert_result_spans(result, 0, &spans, &count, &stride, &error), &error);
        for (size_t i = 0; i < count; i++) {
            /* Structs lie `stride` bytes apart: a later library may have longer ones. */
            const biobert_span *span = (const void *)((const char *)spans + i * stride);
            printf("%.*s\t%.*s\n", (int)span->label.len, span->label.ptr,
                   (int)(span->end - span->start), NOTE + span->start);
        }
    }
    biobert_result_free(result);
    return failed;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: %s MODEL_DIRECTORY\n", argv[0]);
        return 2;
    }
    biobert_engine *engine = NULL;
    biobert_model *model = NULL, *taught = NULL;
    biobert_error *error = NULL;
    must("engine", biobert_engine_create(NULL, &engine, &error), &error);
    must("model", biobert_model_open_path(engine, str(argv[1]), NULL, &model, &error), &error);

    /* A head lives in memory; biobert_head_save_path keeps it for another day. A model does not
     * change: the one with the head is a new one, which shares the encoder. */
    biobert_head *head = train(model);
    must("head", biobert_model_with_head(model, head, str("site"), &taught, &error), &error);
    int failed = print_entities(taught);

    biobert_head_free(head);
    biobert_model_free(taught);
    biobert_model_free(model);
    biobert_engine_free(engine);
    return failed;
}

/* Entities of a clinical note, from C.
 *
 *   notes MODEL_DIRECTORY [NOTE_FILE]
 *
 * Without a file it reads a note of its own. Offsets are bytes of UTF-8, so that they can be used
 * on the char array as they are.
 */
#include <biobert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char NOTE[] =
    "Pt with type 2 diabetes mellitus was started on metformin 500 mg BID. "
    "Developed hives after amoxicillin; settled with loratadine. "
    "Sister has a BRCA1 mutation.";

/* Reports a failure, frees its error object and ends the program. */
static void must(const char *what, biobert_status status, biobert_error *error) {
    if (status == BIOBERT_OK) return;
    biobert_str message = biobert_error_message(error);
    fprintf(stderr, "%s: %s: %.*s\n", what, biobert_status_name(status), (int)message.len, message.ptr);
    biobert_error_free(error);
    exit(1);
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    size_t capacity = 1 << 16;
    char *text = malloc(capacity);
    *length = 0;
    while (text != NULL) {
        size_t count = fread(text + *length, 1, capacity - *length, file);
        if (count == 0) break;
        *length += count;
        if (*length == capacity) {
            char *larger = realloc(text, capacity *= 2);
            if (larger == NULL) free(text);
            text = larger;
        }
    }
    fclose(file);
    if (text == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return text;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fprintf(stderr, "usage: %s MODEL_DIRECTORY [NOTE_FILE]\n", argv[0]);
        return 2;
    }
    char *file = NULL;
    biobert_str note = {NOTE, sizeof NOTE - 1};
    if (argc > 2) {
        file = read_file(argv[2], &note.len);
        note.ptr = file;
    }

    /* An engine and a model are opened once and shared by all threads of a program. */
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_error *error = NULL;
    must("engine", biobert_engine_create(NULL, &engine, &error), error);
    biobert_str path = {argv[1], strlen(argv[1])};
    must("model", biobert_model_open_path(engine, path, NULL, &model, &error), error);

    /* Options are filled by their init function; only the unit has no default. */
    biobert_run_options options;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;

    /* One call takes a whole batch; here it is a batch of one, with all NER heads. */
    biobert_result *result = NULL;
    must("run", biobert_ner_run(model, NULL, 0, &note, 1, &options, NULL, &result, &error), error);

    /* A bad document does not fail the batch: each has its own status. */
    biobert_status status = biobert_result_doc_status(result, 0);
    int failed = status != BIOBERT_OK;
    if (failed) {
        biobert_str message = biobert_result_doc_message(result, 0);
        fprintf(stderr, "note: %.*s\n", (int)message.len, message.ptr);
    } else {
        const biobert_span *spans = NULL;
        size_t count = 0, stride = 0;
        must("spans", biobert_result_spans(result, 0, &spans, &count, &stride, &error), error);
        for (size_t i = 0; i < count; i++) {
            /* Structs lie `stride` bytes apart: a later library may have longer ones. */
            const biobert_span *span = (const biobert_span *)((const char *)spans + i * stride);
            printf("%-10.*s %5llu %5llu  %.2f  %.*s\n", (int)span->label.len, span->label.ptr,
                   (unsigned long long)span->start, (unsigned long long)span->end, span->score,
                   (int)(span->end - span->start), note.ptr + span->start);
        }
    }

    biobert_result_free(result);
    biobert_model_free(model);
    biobert_engine_free(engine);
    free(file);
    return failed;
}

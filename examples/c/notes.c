/* What a clinical note says, and an answered question, from C.
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
    "Denies chest pain. Developed hives after amoxicillin; settled with loratadine. "
    "Sister had breast cancer.";

/* Reports a failure, frees its error object and ends the program. */
static void must(const char *what, biobert_status status, biobert_error **error) {
    if (status == BIOBERT_OK) return;
    biobert_str message = biobert_error_message(*error);
    fprintf(stderr, "%s: %s: %.*s\n", what, biobert_status_name(status), (int)message.len, message.ptr);
    biobert_error_free(*error);
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
    if (ferror(file)) {
        perror(path);
        exit(1);
    }
    fclose(file);
    if (text == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return text;
}

/* The text between two offsets of a note, for printf's %.*s. */
#define TEXT(note, start, end) (int)((end) - (start)), (note)->ptr + (start)
/* A view, for printf's %.*s. */
#define VIEW(view) (int)(view).len, (view).ptr
/* Structs lie `stride` bytes apart: a later library may have longer ones. */
#define AT(type, list, stride, i) ((const type *)(const void *)((const char *)(list) + (i) * (stride)))

/* Whether document 0 of a result could be read; says why if it could not. */
static int readable(const biobert_result *result) {
    /* A bad document does not fail the batch: each has its own status. */
    if (biobert_result_doc_status(result, 0) == BIOBERT_OK) return 1;
    fprintf(stderr, "note: %.*s\n", VIEW(biobert_result_doc_message(result, 0)));
    return 0;
}

/* Whether the patient has it: by the number of an assertion. */
static const char *const SAID[] = {"not assessed", "present", "absent", "possible", "historical", "other person"};

/* The entities of a note: whether the patient has them and which words say so, and the attributes of each,
 * such as a drug's dose. */
static void print_entities(const biobert_result *result, const biobert_str *note) {
    biobert_error *error = NULL;
    const biobert_entity *entities = NULL;
    const biobert_attribute *attributes = NULL;
    size_t count = 0, n_attributes = 0, stride = 0, attribute_stride = 0;
    must("entities", biobert_result_entities(result, 0, &entities, &count, &stride, &error), &error);
    must("attributes", biobert_result_attributes(result, 0, &attributes, &n_attributes, &attribute_stride, &error), &error);
    for (size_t i = 0; i < count; i++) {
        const biobert_entity *entity = AT(biobert_entity, entities, stride, i);
        printf("%-13s%-10.*s %.*s", SAID[entity->assertion], VIEW(entity->label), TEXT(note, entity->start, entity->end));
        for (size_t k = 0; k < entity->n_attributes; k++) {
            const biobert_attribute *attribute = AT(biobert_attribute, attributes, attribute_stride, entity->first_attribute + k);
            printf(" | %.*s", TEXT(note, attribute->start, attribute->end));
        }
        if (entity->cue_end > 0) printf("  [%.*s]", TEXT(note, entity->cue_start, entity->cue_end));
        printf("\n");
    }
}

/* The relations between the entities. */
static void print_relations(const biobert_result *result, const biobert_str *note) {
    biobert_error *error = NULL;
    const biobert_entity *entities = NULL;
    const biobert_relation *relations = NULL;
    size_t count = 0, n_relations = 0, stride = 0, relation_stride = 0;
    must("entities", biobert_result_entities(result, 0, &entities, &count, &stride, &error), &error);
    must("relations", biobert_result_relations(result, 0, &relations, &n_relations, &relation_stride, &error), &error);
    printf("\n");
    for (size_t i = 0; i < n_relations; i++) {
        const biobert_relation *relation = AT(biobert_relation, relations, relation_stride, i);
        const biobert_entity *first = AT(biobert_entity, entities, stride, relation->first);
        const biobert_entity *second = AT(biobert_entity, entities, stride, relation->second);
        printf("%-13s%.*s -> %.*s -> %.*s  %.2f\n", SAID[relation->assertion], TEXT(note, first->start, first->end),
               VIEW(relation->text), TEXT(note, second->start, second->end), relation->score);
    }
}

/* All that a note says. Returns 0 on success. */
static int print_note(const biobert_model *model, const biobert_str *note, const biobert_run_options *options) {
    biobert_result *result = NULL;
    biobert_error *error = NULL;

    /* One call takes a whole batch; here it is a batch of one, with the model's default heads. */
    must("extract", biobert_extract_run(model, NULL, 0, note, 1, NULL, options, NULL, &result, &error), &error);
    int failed = !readable(result);
    if (!failed) {
        print_entities(result, note);
        print_relations(result, note);
    }
    biobert_result_free(result);
    return failed;
}

/* The best answer to a question, from one passage: the note. Returns 0 on success. */
static int print_answer(const biobert_model *model, const biobert_str *note,
                        const biobert_run_options *options) {
    static const char QUESTION[] = "What was started?";
    biobert_qa_in question = {{QUESTION, sizeof QUESTION - 1}, note, 1};
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    must("qa", biobert_qa_run(model, NULL, 0, &question, 1, NULL, options, NULL, &result, &error), &error);
    int failed = !readable(result);
    if (!failed) {
        const biobert_answer *answers = NULL;
        size_t count = 0, stride = 0;
        must("answers", biobert_result_answers(result, 0, &answers, &count, &stride, &error), &error);
        printf("\n%s\n", QUESTION);
        if (count > 0) {
            const biobert_answer *best = AT(biobert_answer, answers, stride, 0);
            printf("%.*s  (score %.1f)\n", TEXT(note, best->start, best->end), best->score);
        }
    }
    biobert_result_free(result);
    return failed;
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
    must("engine", biobert_engine_create(NULL, &engine, &error), &error);
    biobert_str path = {argv[1], strlen(argv[1])};
    must("model", biobert_model_open_path(engine, path, NULL, &model, &error), &error);

    /* Options are filled by their init function; only the unit has no default. */
    biobert_run_options options;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;

    int failed = print_note(model, &note, &options) || print_answer(model, &note, &options);

    biobert_model_free(model);
    biobert_engine_free(engine);
    free(file);
    return failed;
}

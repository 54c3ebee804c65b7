/* What a call costs from C:  call MODEL CALLS
 *
 * Prints the median time of a call in microseconds: entities of one sentence in UTF-16, every result
 * read. One thread, after 200 calls that are not counted.
 */
#define _POSIX_C_SOURCE 199309L
#include <biobert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char SENTENCE[] =
    "Urine culture grew Escherichia coli and she was started on nitrofurantoin for cystitis on day three.";

static void must(biobert_status status) {
    if (status == BIOBERT_OK) return;
    fprintf(stderr, "%s\n", biobert_status_name(status));
    exit(1);
}

/* One call; something of every entity, so that nothing can be left out. */
static uint64_t call(const biobert_model *model, const biobert_str16 *doc, const biobert_run_options *options) {
    biobert_result *result = NULL;
    const biobert_span *spans = NULL;
    size_t count = 0, stride = 0;
    uint64_t sum = 0;
    must(biobert_ner_run16(model, NULL, 0, doc, 1, options, NULL, &result, NULL));
    must(biobert_result_doc_status(result, 0));
    must(biobert_result_spans(result, 0, &spans, &count, &stride, NULL));
    for (size_t i = 0; i < count; i++) {
        const biobert_span *span = (const biobert_span *)((const char *)spans + i * stride);
        sum += span->start + span->end + span->label.len + (unsigned char)span->label.ptr[0];
    }
    biobert_result_free(result);
    return sum;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    size_t calls = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
    double *times = malloc((calls + 1) * sizeof *times);
    if (calls == 0 || times == NULL) {
        fprintf(stderr, "usage: %s MODEL CALLS\n", argv[0]);
        return 2;
    }
    uint16_t units[sizeof SENTENCE - 1];
    for (size_t i = 0; i < sizeof SENTENCE - 1; i++) units[i] = (unsigned char)SENTENCE[i];
    biobert_str16 doc = {units, sizeof SENTENCE - 1};
    biobert_str path = {argv[1], strlen(argv[1])};
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_run_options options;
    must(biobert_engine_create(NULL, &engine, NULL));
    must(biobert_model_open_path(engine, path, NULL, &model, NULL));
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF16_UNITS;

    uint64_t expected = call(model, &doc, &options);
    for (int i = 1; i < 200; i++) call(model, &doc, &options);
    for (size_t i = 0; i < calls; i++) {
        double start = now();
        uint64_t sum = call(model, &doc, &options);
        times[i] = now() - start;
        if (sum != expected || sum == 0) must(BIOBERT_E_INTERNAL);
    }
    qsort(times, calls, sizeof *times, compare);
    printf("%.2f\n", times[calls / 2]);
    biobert_model_free(model);
    biobert_engine_free(engine);
    free(times);
    return 0;
}

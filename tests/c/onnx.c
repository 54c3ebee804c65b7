/* onnx MODEL_DIRECTORY: the entities that an ONNX model finds in one sentence, with the bits of
 * their scores: the same from the shared library and from the static one, whoever links it. */
#include <biobert.h>

#include <stdio.h>
#include <string.h>

static int failed(const char *what, biobert_error *error) {
    biobert_str message = biobert_error_message(error);
    fprintf(stderr, "%s: %.*s\n", what, (int)message.len, message.ptr);
    biobert_error_free(error);
    return 1;
}

int main(int argc, char **argv) {
    static const char text[] = "Aspirin gave a rash; lithium gave a tremor and then a rash.";
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_run_options options;
    biobert_str path, doc = {text, sizeof text - 1};
    const biobert_span *spans = NULL;
    size_t count = 0, stride = 0;

    if (argc != 2) return 2;
    path.ptr = argv[1];
    path.len = strlen(argv[1]);
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    if (biobert_engine_create(NULL, &engine, &error)) return failed("engine", error);
    if (biobert_model_open_path(engine, path, NULL, &model, &error)) return failed("model", error);
    if (biobert_ner_run(model, NULL, 0, &doc, 1, &options, NULL, &result, &error)) return failed("ner", error);
    if (biobert_result_spans(result, 0, &spans, &count, &stride, &error)) return failed("spans", error);
    for (size_t i = 0; i < count; i++) {
        const biobert_span *span = (const biobert_span *)((const char *)spans + i * stride);
        unsigned bits;
        memcpy(&bits, &span->score, sizeof bits);
        printf("%u %u %.*s %08x\n", (unsigned)span->start, (unsigned)span->end, (int)span->label.len, span->label.ptr,
               bits);
    }
    biobert_result_free(result);
    biobert_model_free(model);
    biobert_engine_free(engine);
    if (count == 0) fputs("no entity was found\n", stderr);
    return count == 0;
}

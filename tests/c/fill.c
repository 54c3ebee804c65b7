/* fill MODEL_DIRECTORY OTHER_DIRECTORY: masks in both forms of text and in every unit, from a model that
 * kept its masked-language head; and what one that did not says. */
#include "check.h"

STATIC_ASSERT(mask, sizeof(biobert_mask) == 32);
STATIC_ASSERT(candidate, sizeof(biobert_candidate) == sizeof(biobert_str) + 8);

static const char text[] = "\xF0\x9F\x98\x80 [MASK] with fever [MASK]";
static const uint16_t text16[] = {0xD83D, 0xDE00, ' ', '[', 'M', 'A', 'S', 'K', ']', ' ', 'w', 'i', 't', 'h',
                                  ' ',    'f',    'e', 'v', 'e', 'r', ' ', '[', 'M', 'A', 'S', 'K', ']'};

static void test_masks(const biobert_model *model, const biobert_fill_options *fill, uint64_t n) {
    static const uint64_t starts[][2] = {{5, 23}, {2, 20}, {3, 21}}; /* in each unit */
    biobert_run_options options;
    biobert_str doc = {text, sizeof text - 1};
    biobert_str16 doc16 = {text16, sizeof text16 / sizeof *text16};
    biobert_run_options_init(&options, sizeof options);
    for (int round = 0; round < 6; round++) {
        biobert_result *result = NULL;
        biobert_error *error = NULL;
        const biobert_mask *masks = NULL;
        const biobert_candidate *candidates = NULL;
        size_t count = 0, stride = 0, of_all = 0, apart = 0;
        options.unit = 1 + round / 2;
        if (round % 2) CHECK(biobert_fill_run16(model, &doc16, 1, fill, &options, NULL, &result, &error) == BIOBERT_OK);
        else CHECK(biobert_fill_run(model, &doc, 1, fill, &options, NULL, &result, &error) == BIOBERT_OK);
        CHECK(biobert_result_masks(result, 0, &masks, &count, &stride, &error) == BIOBERT_OK);
        CHECK(biobert_result_candidates(result, 0, &candidates, &of_all, &apart, &error) == BIOBERT_OK);
        CHECK(count == 2 && stride == sizeof *masks && of_all == 2 * n && apart == sizeof *candidates);
        for (size_t i = 0; i < count && of_all == 2 * n; i++) {
            CHECK(masks[i].start == starts[options.unit - 1][i] && masks[i].end == masks[i].start + 6);
            CHECK(masks[i].first_candidate == i * n && masks[i].n_candidates == n);
            CHECK(equal(candidates[i * n].token, i == 0 ? "##3" : "##f") && candidates[i * n].id == (i == 0 ? 70u : 46u));
            for (size_t k = 1; k < n; k++) CHECK(candidates[i * n + k - 1].score >= candidates[i * n + k].score);
        }
        CHECK(biobert_result_masks(result, 1, &masks, &count, &stride, &error) == BIOBERT_E_ARGUMENT);
        CHECK(is_error(BIOBERT_E_ARGUMENT, &error, BIOBERT_E_ARGUMENT));
        CHECK(biobert_result_masks(result, 0, NULL, &count, &stride, NULL) == BIOBERT_E_ARGUMENT);
        biobert_result_free(result);
    }
}

static void test_failures(const biobert_model *model, const biobert_model *other) {
    biobert_run_options options;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    biobert_cancel *cancel = NULL;
    biobert_str docs[2];
    docs[0] = str("SECRET without one");
    docs[1] = str("[MASK] SECRET \xFF");
    biobert_run_options_init(&options, sizeof options);
    CHECK(is_error(biobert_fill_run(model, docs, 2, NULL, &options, NULL, &result, &error), &error, BIOBERT_E_ARGUMENT));
    options.unit = BIOBERT_UTF8_BYTES;
    CHECK(biobert_fill_run(model, docs, 2, NULL, &options, NULL, &result, &error) == BIOBERT_OK);
    CHECK(biobert_result_doc_status(result, 0) == BIOBERT_E_ARGUMENT && biobert_result_doc_status(result, 1) == BIOBERT_E_ENCODING);
    CHECK(holds(biobert_result_doc_message(result, 0), "[MASK]") && !holds(biobert_result_doc_message(result, 0), "SECRET"));
    biobert_result_free(result);
    result = NULL;
    CHECK(is_error(biobert_fill_run(other, docs, 2, NULL, &options, NULL, &result, &error), &error, BIOBERT_E_NOT_FOUND));
    CHECK(is_error(biobert_fill_run(NULL, docs, 2, NULL, &options, NULL, &result, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(biobert_cancel_create(&cancel, &error) == BIOBERT_OK);
    biobert_cancel_trigger(cancel);
    CHECK(is_error(biobert_fill_run(model, docs, 2, NULL, &options, cancel, &result, &error), &error, BIOBERT_E_CANCELLED));
    biobert_cancel_free(cancel);
    CHECK(result == NULL);
    CHECK(equal(biobert_model_mask_token(model), "[MASK]"));
    CHECK(biobert_model_mask_token(other).len == 0 && biobert_model_mask_token(NULL).len == 0);
}

int main(int argc, char **argv) {
    biobert_engine *engine = NULL;
    biobert_model *model = NULL, *other = NULL;
    biobert_error *error = NULL;
    biobert_fill_options fill;
    if (argc != 3) return 2;
    CHECK(biobert_engine_create(NULL, &engine, &error) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(argv[1]), NULL, &model, &error) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(argv[2]), NULL, &other, &error) == BIOBERT_OK);
    if (model == NULL || other == NULL) return 1;
    memset(&fill, 0xAB, sizeof fill);
    biobert_fill_options_init(&fill, sizeof fill);
    CHECK(fill.struct_size == sizeof fill && fill.top_k == 0);
    test_masks(model, &fill, 5);
    test_masks(model, NULL, 5);
    fill.top_k = 2;
    test_masks(model, &fill, 2);
    test_failures(model, other);
    biobert_engine_free(engine);
    biobert_model_free(other);
    biobert_model_free(model);
    printf("fill: %d checks passed, %d failed\n", passed, failed);
    return failed > 0;
}

/* terms MODEL_DIRECTORY TERMS_FILE: a terminology is opened, described, verified and asked; the entities of
 * notes in both forms of text have links and codes; what is wrong is said; and all may be freed in any order. */
#include "check.h"

STATIC_ASSERT(link, sizeof(biobert_link) == sizeof(biobert_str) + 24);
STATIC_ASSERT(code, sizeof(biobert_code) == 2 * sizeof(biobert_str) + 8);

static const char note[] = "Known asthma. Patient with type 2 diabetes mellitus on metformin.";

static const char vectors[] = "tests/fixtures/terms/tiny.vectors";

static void test_one(const biobert_terms *terms, const char *path) {
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    biobert_terms *other = NULL;
    CHECK(biobert_terms_info_json(terms, &json, &error) == BIOBERT_OK);
    CHECK(holds(biobert_json_view(json), "\"TINY\"") && holds(biobert_json_view(json), "\"Apache-2.0\""));
    biobert_json_free(json);
    CHECK(biobert_terms_verify(terms, &error) == BIOBERT_OK);
    CHECK(biobert_terms_retain(terms) == terms);
    biobert_terms_free((biobert_terms *)terms);
    CHECK(biobert_terms_retain(NULL) == NULL);
    biobert_terms_free(NULL);
    CHECK(is_error(biobert_terms_open_path(str("/SECRET/none"), &other, &error), &error, BIOBERT_E_NOT_FOUND));
    CHECK(is_error(biobert_terms_open_path(str("tests/c/terms.c"), &other, &error), &error, BIOBERT_E_CORRUPT));
    CHECK(is_error(biobert_terms_open_path(str(path), NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_verify(NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_info_json(NULL, &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(other == NULL);
}

static int says(const biobert_terms *terms, const char *words, const char *what) {
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    int so;
    CHECK(biobert_terms_link_json(&terms, 1, str(words), str("Disease"), &json, &error) == BIOBERT_OK);
    so = holds(biobert_json_view(json), what);
    if (!so) printf("%.*s\n", (int)biobert_json_view(json).len, biobert_json_view(json).ptr);
    biobert_json_free(json);
    return so;
}

static void test_words(const biobert_terms *terms) {
    biobert_json *json = NULL;
    biobert_error *error = NULL;
    const biobert_terms *list[2];
    list[0] = terms;
    list[1] = NULL;
    CHECK(says(terms, "Adult-onset diabetes", "\"T1\"") && says(terms, "asthma", "\"case\""));
    CHECK(says(terms, "MI", "\"ambiguous\"") && says(terms, "broken leg", "\"nothing\""));
    CHECK(is_error(biobert_terms_link_json(list, 0, str("SECRET"), str(""), &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_link_json(list, 2, str("SECRET"), str(""), &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_link_json(NULL, 1, str("SECRET"), str(""), &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_link_json(list, 1, str("SECRET \xFF"), str(""), &json, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(json == NULL);
}

/* Whether an entity has one link, which gives this code for this reason. */
static int given(const biobert_result *result, biobert_entity entity, const char *code, biobert_reason reason) {
    const biobert_link *links = NULL;
    const biobert_code *codes = NULL;
    size_t n_links = 0, n_codes = 0, stride = 0, apart = 0;
    biobert_link link;
    CHECK(biobert_result_links(result, 0, &links, &n_links, &stride, NULL) == BIOBERT_OK && stride == sizeof *links);
    CHECK(biobert_result_codes(result, 0, &codes, &n_codes, &apart, NULL) == BIOBERT_OK && apart == sizeof *codes);
    if (entity.n_links != 1 || entity.first_link >= n_links) return 0;
    link = links[entity.first_link];
    if (link.n_codes == 0 || link.first_code + link.n_codes > n_codes) return 0;
    return equal(link.system, "TINY") && link.abstention == BIOBERT_ABSTENTION_NONE && equal(codes[link.first_code].code, code) &&
           codes[link.first_code].reason == reason && codes[link.first_code].name.len > 0 &&
           codes[link.first_code].score > 0.9f && codes[link.first_code].score <= 1;
}

static void test_note(const biobert_model *model, const biobert_terms *terms, int wide) {
    uint16_t units[sizeof note];
    biobert_str doc = {note, sizeof note - 1};
    biobert_str16 doc16 = {units, sizeof note - 1};
    biobert_run_options options;
    biobert_extract_options extract;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    const biobert_entity *entities = NULL;
    const biobert_link *links = NULL;
    const biobert_code *codes = NULL;
    const biobert_code_relation *related = NULL;
    size_t count = 0, stride = 0;
    int known = 0;
    for (size_t i = 0; i < sizeof note; i++) units[i] = (uint16_t)note[i];
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UNICODE_SCALARS;
    memset(&extract, 0xAB, sizeof extract);
    biobert_extract_options_init(&extract, sizeof extract);
    CHECK(extract.terms == NULL && extract.n_terms == 0);
    for (int with = 0; with < 2; with++) {
        extract.terms = with ? &terms : NULL;
        extract.n_terms = (size_t)with;
        if (wide) CHECK(biobert_extract_run16(model, NULL, 0, &doc16, 1, &extract, &options, NULL, &result, &error) == BIOBERT_OK);
        else CHECK(biobert_extract_run(model, NULL, 0, &doc, 1, &extract, &options, NULL, &result, &error) == BIOBERT_OK);
        CHECK(biobert_result_entities(result, 0, &entities, &count, &stride, &error) == BIOBERT_OK && count >= 3);
        for (size_t i = 0; i < count; i++) {
            const char *at = note + entities[i].start;
            CHECK(with || entities[i].n_links == 0);
            if (!with) continue;
            if (strncmp(at, "asthma", 6) == 0) known += given(result, entities[i], "T3", BIOBERT_REASON_CASE);
            if (strncmp(at, "type 2", 6) == 0) known += given(result, entities[i], "T1", BIOBERT_REASON_CASE);
            if (strncmp(at, "metformin", 9) == 0) known += given(result, entities[i], "T2", BIOBERT_REASON_CASE);
        }
        CHECK(is_error(biobert_result_links(result, 1, &links, &count, &stride, &error), &error, BIOBERT_E_ARGUMENT));
        CHECK(is_error(biobert_result_codes(result, 1, &codes, &count, &stride, &error), &error, BIOBERT_E_ARGUMENT));
        CHECK(biobert_result_code_relations(result, 0, &related, &count, &stride, &error) == BIOBERT_OK && count == 0);
        CHECK(is_error(biobert_result_code_relations(result, 1, &related, &count, &stride, &error), &error, BIOBERT_E_ARGUMENT));
        CHECK(biobert_result_links(result, 0, NULL, &count, &stride, NULL) == BIOBERT_E_ARGUMENT);
        CHECK(biobert_result_codes(NULL, 0, &codes, &count, &stride, NULL) == BIOBERT_E_ARGUMENT);
        biobert_result_free(result);
        result = NULL;
    }
    CHECK(known == 3);
    extract.terms = NULL;
    CHECK(is_error(biobert_extract_run(model, NULL, 0, &doc, 1, &extract, &options, NULL, &result, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(result == NULL);
}

/* With vectors all is found that is found without, and another terminology's are refused. */
static void test_vectors(const biobert_model *model, const biobert_terms *terms) {
    biobert_terms *with = NULL;
    biobert_error *error = NULL;
    CHECK(is_error(biobert_terms_with_vectors(terms, str("/SECRET/none"), &with, &error), &error, BIOBERT_E_NOT_FOUND));
    CHECK(is_error(biobert_terms_with_vectors(terms, str("tests/c/terms.c"), &with, &error), &error, BIOBERT_E_CORRUPT));
    CHECK(is_error(biobert_terms_with_vectors(NULL, str(vectors), &with, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(is_error(biobert_terms_with_vectors(terms, str(vectors), NULL, &error), &error, BIOBERT_E_ARGUMENT));
    CHECK(with == NULL);
    CHECK(biobert_terms_with_vectors(terms, str(vectors), &with, &error) == BIOBERT_OK);
    if (with == NULL) return;
    CHECK(biobert_terms_verify(with, &error) == BIOBERT_OK);
    test_note(model, with, 0);
    biobert_terms_free(with);
}

/* The result has what it needs of a terminology that is gone. */
static void test_order(const biobert_model *model, const char *path) {
    biobert_terms *terms = NULL;
    biobert_str doc = {note, sizeof note - 1};
    biobert_run_options options;
    biobert_extract_options extract;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    const biobert_link *links = NULL;
    const biobert_code *codes = NULL;
    size_t count = 0, stride = 0;
    CHECK(biobert_terms_open_path(str(path), &terms, &error) == BIOBERT_OK);
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    biobert_extract_options_init(&extract, sizeof extract);
    extract.terms = (const biobert_terms *const *)&terms;
    extract.n_terms = 1;
    CHECK(biobert_extract_run(model, NULL, 0, &doc, 1, &extract, &options, NULL, &result, &error) == BIOBERT_OK);
    biobert_terms_free(terms);
    CHECK(biobert_result_links(result, 0, &links, &count, &stride, &error) == BIOBERT_OK && count >= 3);
    for (size_t i = 0; i < count; i++) CHECK(equal(links[i].system, "TINY"));
    CHECK(biobert_result_codes(result, 0, &codes, &count, &stride, &error) == BIOBERT_OK && count >= 3);
    for (size_t i = 0; i < count; i++) CHECK(codes[i].code.len == 2 && codes[i].code.ptr[0] == 'T');
    biobert_result_free(result);
}

/* What a text as a whole states of two codes. */
static void test_relations(const biobert_model *model, const biobert_terms *terms) {
    static const char text[] = "Metformin-induced asthma. Asthma was induced by metformin in a patient.";
    biobert_str doc = {text, sizeof text - 1}, head = str("cid");
    biobert_run_options options;
    biobert_extract_options extract;
    biobert_result *result = NULL;
    biobert_error *error = NULL;
    const biobert_code_relation *related = NULL;
    size_t count = 0, stride = 0;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    biobert_extract_options_init(&extract, sizeof extract);
    extract.terms = &terms;
    extract.n_terms = 1;
    CHECK(biobert_extract_run(model, &head, 1, &doc, 1, &extract, &options, NULL, &result, &error) == BIOBERT_OK);
    CHECK(biobert_result_code_relations(result, 0, &related, &count, &stride, &error) == BIOBERT_OK);
    CHECK(count == 1 && stride == sizeof *related);
    if (count == 1) {
        CHECK(equal(related->first, "T2") && equal(related->second, "T3") && equal(related->label, "CID"));
        CHECK(related->score > 0.3f && related->score <= 1);
    }
    biobert_result_free(result);
}

int main(int argc, char **argv) {
    biobert_engine *engine = NULL;
    biobert_model *model = NULL;
    biobert_terms *terms = NULL;
    biobert_error *error = NULL;
    if (argc != 3) return 2;
    CHECK(biobert_engine_create(NULL, &engine, &error) == BIOBERT_OK);
    CHECK(biobert_model_open_path(engine, str(argv[1]), NULL, &model, &error) == BIOBERT_OK);
    CHECK(biobert_terms_open_path(str(argv[2]), &terms, &error) == BIOBERT_OK);
    if (model == NULL || terms == NULL) return 1;
    test_one(terms, argv[2]);
    test_words(terms);
    test_note(model, terms, 0);
    test_note(model, terms, 1);
    test_vectors(model, terms);
    test_order(model, argv[2]);
    test_relations(model, terms);
    biobert_engine_free(engine);
    biobert_terms_free(terms);
    biobert_model_free(model);
    printf("terms: %d checks passed, %d failed\n", passed, failed);
    return failed > 0;
}

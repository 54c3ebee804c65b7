// The header without exceptions and RTTI, on the tiny model:  no_exceptions BUNDLE
#include <biobert.hpp>

#include <cstdio>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "build this with -fno-exceptions -fno-rtti"
#endif

namespace {

int passed = 0;
int failed = 0;

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (condition) {                                                                 \
            passed++;                                                                    \
        } else {                                                                         \
            failed++;                                                                    \
            std::printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
        }                                                                                \
    } while (0)

template <class T>
bool fails(const biobert::expected<T>& got, biobert_status status) {
    return !got && got.error().status() == status && !got.error().message().empty();
}

void test_errors(const biobert::engine& engine, const char* bundle) {
    biobert::engine_options options;
    options.isa = "quantum";
    CHECK(fails(biobert::engine::try_create(options), BIOBERT_E_ARGUMENT));
    CHECK(fails(engine.try_open("/no/such/model"), BIOBERT_E_NOT_FOUND));
    CHECK(fails(biobert::terms::try_open("/no/such/terms"), BIOBERT_E_NOT_FOUND));
    CHECK(fails(biobert::terms::try_link_json({}, "gout"), BIOBERT_E_ARGUMENT));
    auto model = engine.try_open(bundle);
    CHECK(model);
    if (!model) return;
    CHECK(fails(model->try_ner("bad \xFF"), BIOBERT_E_ENCODING));
    CHECK(fails(model->try_labels("none"), BIOBERT_E_NOT_FOUND));
    const biobert::model taken = *std::move(model);
    CHECK(taken.try_info_json());
    CHECK(fails(model->try_ner("rash"), BIOBERT_E_ARGUMENT)); // It was moved from.
    CHECK(fails(model->try_heads(), BIOBERT_E_ARGUMENT));
}

void test_tasks(const biobert::engine& engine, const biobert::model& model) {
    const std::vector<std::u16string_view> notes{u"aspirin gave rash", std::u16string_view(u"bad \xD83D", 5)};
    const auto found = model.try_ner(notes);
    CHECK(found && found->size() == 2);
    if (found) {
        const auto entities = (*found)[0].try_spans();
        CHECK(entities && !entities->empty() && !(*entities)[0].label.empty());
        CHECK(fails((*found)[1].try_spans(), BIOBERT_E_ENCODING));
        CHECK(found->try_json());
    }
    const auto noted = model.try_extract("aspirin gave rash");
    CHECK(noted && noted->try_entities() && !noted->try_entities()->empty() && noted->try_sections());
    const auto sections = engine.try_sections("Plan: rest");
    CHECK(sections && sections->try_sections() && sections->try_sections()->size() == 1);
    const auto related = model.try_re("aspirin gave rash");
    CHECK(related && related->try_relations() && related->try_spans());
    const auto answered = model.try_qa(biobert::question{"What?", {"It was aspirin."}});
    CHECK(answered && answered->try_answers() && answered->try_no_answer());
    const auto classes = model.try_classify(u"aspirin gave rash");
    CHECK(classes && classes->try_classes() && classes->try_classes()->size() == 2);
    const auto embedded = model.try_embed("aspirin");
    CHECK(embedded && embedded->try_embedding() && !embedded->try_embedding()->empty());
    CHECK(embedded && embedded->try_tokens() && embedded->try_states());
    const auto sentences = engine.try_sentences("One. Two.");
    CHECK(sentences && sentences->try_sentences() && sentences->try_sentences()->size() == 2);
    for (const auto& document : *model.try_ner(notes)) CHECK(document.ok() || document.status() == BIOBERT_E_ENCODING);

    const auto cancel = biobert::cancel::try_create();
    CHECK(cancel);
    if (!cancel) return;
    biobert::run_options options;
    options.cancel = &*cancel;
    CHECK(model.try_ner("rash", options));
    cancel->trigger();
    CHECK(fails(model.try_ner("rash", options), BIOBERT_E_CANCELLED));
}

void test_training(const biobert::model& model) {
    biobert::trainer_options options;
    options.preset = biobert::preset::fast;
    options.head_kind = biobert::head_kind::linear;
    auto trainer = biobert::trainer::try_create(model, biobert::task::ner, options);
    CHECK(trainer);
    if (!trainer) return;
    CHECK(fails(trainer->try_head(), BIOBERT_E_ARGUMENT));
    CHECK(fails(trainer->try_report_json(), BIOBERT_E_ARGUMENT));
    CHECK(fails(trainer->try_add_ner("insulin", {{0, 8, "Drug"}}), BIOBERT_E_ARGUMENT));
    CHECK(fails(trainer->try_add_ner(u"insulin", {}), BIOBERT_E_ARGUMENT));
    CHECK(fails(trainer->try_add_file("/no/such/file.tsv"), BIOBERT_E_NOT_FOUND));
    for (int i = 0; i < 8; i++) CHECK(trainer->try_add_ner("insulin daily", {{0, 7, "Drug"}}) && trainer->try_add_ner("no rash", {}));
    CHECK(trainer->try_add_ner("insulin", {{0, 7, "Drug"}}, biobert::split::test));
    CHECK(fails(trainer->try_fit([](const biobert::progress&) { return false; }), BIOBERT_E_CANCELLED));
    bool busy = true;
    const auto trained = trainer->try_fit([&](const biobert::progress& p) {
        busy = busy && fails(trainer->try_report_json(), BIOBERT_E_BUSY);
        return p.phase != biobert::phase::epoch;
    });
    CHECK(trained && busy);
    CHECK(trainer->try_fit() && trainer->try_report_json() && trainer->try_eval());
    const auto head = trainer->try_head();
    CHECK(head && head->try_info_json());
    CHECK(head && fails(head->try_save("/dev/null/head"), BIOBERT_E_IO));
    CHECK(fails(biobert::head::try_open("/no/such/head"), BIOBERT_E_NOT_FOUND));
    const auto taught = model.try_with_head(*head, "drug");
    CHECK(taught && taught->try_heads()->size() == model.try_heads()->size() + 1);
    CHECK(fails(model.try_with_head(*head, "disease"), BIOBERT_E_ARGUMENT));

    options.unit = biobert::offset_unit::utf16_units;
    auto pairs = biobert::trainer::try_create(model, biobert::task::re, options);
    CHECK(pairs && pairs->try_add_re(u"insulin rash", {0, 7}, {8, 12}, "harms"));
    auto classes = biobert::trainer::try_create(model, biobert::task::classify, options);
    CHECK(classes && classes->try_add_class("rash", "ill") && classes->try_add_class(u"rash", u"fever", "ill"));
    auto answers = biobert::trainer::try_create(model, biobert::task::qa, options);
    CHECK(answers && answers->try_add_qa("What?", "insulin", biobert::range{0, 7}) && answers->try_add_qa(u"What?", u"rash", {}));
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const auto engine = biobert::engine::try_create();
    if (!engine) {
        std::printf("%s\n", engine.error().message().c_str());
        return 1;
    }
    test_errors(*engine, argv[1]);
    const auto model = engine->try_open(argv[1]);
    if (!model) {
        std::printf("%s\n", model.error().message().c_str());
        return 1;
    }
    test_tasks(*engine, *model);
    test_training(*model);
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}

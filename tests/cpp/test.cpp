// The C++ header on the tiny model:  test BUNDLE
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <biobert.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <string>
#include <thread>
#include <vector>

#ifdef __cpp_lib_ranges
#include <ranges>
#endif

using namespace std::string_literals;
using namespace std::string_view_literals;

// In the other translation unit: the header must be fit for more than one.
std::size_t entities_seen_elsewhere(const biobert::model& model, const std::string& note);
extern thread_local int allocations_left;

namespace {

std::string bundle;

// "fever 😀 café rash", a NUL among it, in both encodings.
const std::string story = "fever \xF0\x9F\x98\x80 caf\xC3\xA9\0 rash"s;
const std::u16string story16 = u"fever \U0001F600 caf\u00E9\0 rash"s;

// The status of what a call throws; 0 if it throws nothing.
template <class Call>
biobert_status thrown(Call call) {
    try {
        call();
    } catch (const biobert::exception& e) {
        CHECK_FALSE(std::string(e.what()).empty());
        CHECK(std::string(e.name()) == biobert_status_name(e.status()));
        return e.status();
    }
    return BIOBERT_OK;
}

// The document that what a call throws is about.
template <class Call>
std::optional<std::size_t> blamed(Call call) {
    try {
        call();
    } catch (const biobert::exception& e) {
        return e.doc_index();
    }
    return std::nullopt;
}

// One model for the tests that only read.
const biobert::model& shared_model() {
    static const biobert::model model = biobert::engine().open(bundle);
    return model;
}

// --------------------------------------------------------------------------------- compile time

template <class T>
constexpr bool moves_only = std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T> &&
                            !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T>;
static_assert(moves_only<biobert::engine> && moves_only<biobert::model> && moves_only<biobert::cancel>);
static_assert(moves_only<biobert::head> && moves_only<biobert::trainer>);
static_assert(std::is_nothrow_move_constructible_v<biobert::results> && std::is_copy_constructible_v<biobert::results>);
static_assert(std::is_nothrow_move_constructible_v<biobert::document>);
static_assert(std::is_same_v<decltype(std::declval<biobert::expected<int>>().error()), biobert::error>);

using biobert::text;
using biobert::texts;
static_assert(std::is_convertible_v<std::string, text> && std::is_convertible_v<std::u16string_view, text>);
static_assert(std::is_convertible_v<const char*, text> && std::is_convertible_v<const char16_t*, text>);
static_assert(!std::is_constructible_v<text, std::nullptr_t> && !std::is_constructible_v<text, std::vector<std::string>>);
static_assert(!std::is_constructible_v<text, std::wstring> && !std::is_constructible_v<text, char>);
static_assert(std::is_convertible_v<std::vector<std::string>, texts> && std::is_convertible_v<std::deque<std::u16string>, texts>);
static_assert(std::is_convertible_v<const char* [2], texts> && std::is_convertible_v<std::array<std::string_view, 3>, texts>);
static_assert(!std::is_constructible_v<texts, std::string> && !std::is_constructible_v<texts, std::vector<int>>);
#ifdef __cpp_char8_t
static_assert(std::is_convertible_v<std::u8string, text> && std::is_convertible_v<const char8_t*, text>);
#endif
#ifdef __cpp_lib_ranges
static_assert(std::ranges::random_access_range<biobert::list<biobert::span>>);
static_assert(std::ranges::random_access_range<biobert::results>);
static_assert(std::ranges::contiguous_range<biobert::floats>);
#endif

} // namespace

// ---------------------------------------------------------------------------------------- engine

TEST_CASE("an engine has the options that it was given") {
    biobert::engine_options options;
    options.threads = 2;
    options.isa = "portable";
    const biobert::engine engine(options);
    CHECK(engine.stats_json() == R"({"models":0,"results":0,"threads":2,"isa":"portable","device":"cpu"})");
}

TEST_CASE("an unknown instruction set is refused") {
    biobert::engine_options options;
    options.isa = "quantum";
    CHECK(thrown([&] { biobert::engine engine(options); }) == BIOBERT_E_ARGUMENT);
    const auto made = biobert::engine::try_create(options);
    REQUIRE_FALSE(made);
    CHECK(made.error().status() == BIOBERT_E_ARGUMENT);
    CHECK(made.error().name() == "BIOBERT_E_ARGUMENT"sv);
}

TEST_CASE("a library without GPU support says so") {
    if (std::string_view(biobert_build_info_json()).find(R"("cuda")") != std::string_view::npos) return;
    biobert::engine_options options;
    for (const auto device : {biobert::device::prefer_gpu, biobert::device::require_gpu}) {
        options.device = device;
        options.gpu = 1;
        CHECK(thrown([&] { biobert::engine engine(options); }) == BIOBERT_E_UNSUPPORTED);
        CHECK(biobert::engine::try_create(options).error().status() == BIOBERT_E_UNSUPPORTED);
    }
}

TEST_CASE("a result says where it ran") {
    biobert::engine_options options;
    options.device = biobert::device::cpu;
    const biobert::engine engine(options);
    const biobert::model model = engine.open(bundle);
    auto found = model.ner(std::vector<std::string>{"fever", "rash"});
    CHECK(found.device() == biobert::ran_on::cpu);
    CHECK(found[1].device() == biobert::ran_on::cpu);
    CHECK(engine.sentences("fever"sv).device() == biobert::ran_on::cpu);
    const auto taken = std::move(found);
    CHECK(found.device() == biobert::ran_on::cpu);
}

TEST_CASE("limits of an engine hold") {
    biobert::engine_options options;
    options.max_doc_bytes = 10;
    options.max_batch_bytes = 15;
    options.token_budget = 64;
    const biobert::engine engine(options);
    CHECK(engine.sentences("1234567890"sv).ok());
    CHECK(thrown([&] { (void)engine.sentences("12345678901"sv); }) == BIOBERT_E_LIMIT);
    const std::vector<std::string> notes{"12345678", "12345678"};
    CHECK(thrown([&] { (void)engine.sentences(notes); }) == BIOBERT_E_LIMIT);
    options.token_budget = 100001;
    CHECK(thrown([&] { biobert::engine too_much(options); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("a log function is called while it is needed and destroyed once") {
    const auto lines = std::make_shared<std::atomic<int>>(0);
    biobert::engine_options options;
    options.log = [lines](std::string_view line) { *lines += line.empty() ? 0 : 1; };
    CHECK(lines.use_count() == 2);
    {
        biobert::engine engine(options);
        CHECK(lines.use_count() == 3);
        const biobert::model model = engine.open(bundle);
        engine = biobert::engine();
        CHECK(lines.use_count() == 3); // The model keeps its engine.
    }
    CHECK(lines.use_count() == 2);
    CHECK(*lines > 0);
    options.isa = "quantum";
    CHECK_FALSE(biobert::engine::try_create(options));
    CHECK(lines.use_count() == 2);
}

// ----------------------------------------------------------------------------------------- model

TEST_CASE("a model tells of itself") {
    const biobert::engine engine;
    biobert::model_options options;
    options.integrity = biobert::integrity::headers;
    options.loading = biobert::loading::copy;
    options.precision = biobert::precision::f32;
    const biobert::model model = engine.open(bundle, options);
    CHECK(model.info_json().find(R"("precision":"f32")") != std::string::npos);
    CHECK(model.verify().find("changed") != std::string::npos);
    CHECK(model.heads() == std::vector<std::string>{"answer", "disease", "event", "induces", "typed"});
    CHECK(model.labels("disease").size() == 3);
    CHECK(model.labels("disease")[2] == "O");
    CHECK(thrown([&] { (void)model.labels("none"); }) == BIOBERT_E_NOT_FOUND);
    CHECK(engine.stats_json().find(R"("models":1)") != std::string::npos);
}

TEST_CASE("a path or options that make no sense are refused") {
    const biobert::engine engine;
    const char* unset = nullptr;
    CHECK(thrown([&] { (void)engine.open("/no/such/model"); }) == BIOBERT_E_NOT_FOUND);
    CHECK(thrown([&] { (void)engine.open(""); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.open(unset); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.open("a\0b"s); }) == BIOBERT_E_ARGUMENT);
    const auto complaint = [&](const biobert::model_options& options) {
        const auto opened = engine.try_open(bundle, options);
        return opened ? std::string() : opened.error().message();
    };
    biobert::model_options wrong;
    wrong.integrity = static_cast<biobert::integrity>(17);
    CHECK(complaint(wrong).find("integrity") == 0);
    wrong = {};
    wrong.loading = static_cast<biobert::loading>(17);
    CHECK(complaint(wrong).find("loading") == 0);
    wrong = {};
    wrong.precision = static_cast<biobert::precision>(17);
    CHECK(complaint(wrong).find("precision") == 0);
    CHECK(complaint({}).empty());
    wrong = {};
    wrong.labels = {"B", "I"};
    CHECK(complaint(wrong).find("labels name the outputs of a checkpoint's head") == 0);
    const auto opened = engine.try_open("/secret/place/model");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message().find("secret") == std::string::npos);
    const auto& kept = engine.try_open("/no/such/model").error();
    CHECK((kept.status() == BIOBERT_E_NOT_FOUND && kept.message() == opened.error().message()));
}

TEST_CASE("handles give and take the objects of the C interface") {
    biobert::model model = biobert::engine().open(bundle);
    biobert_model* object = model.release();
    CHECK(model.capi() == nullptr);
    const biobert::model again(biobert_model_retain(object));
    model = biobert::model(object);
    CHECK(model.capi() == again.capi());
    CHECK(model.heads() == again.heads());

    const biobert_str note{story.data(), story.size()};
    biobert_run_options options;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    biobert_result* result = nullptr;
    REQUIRE(biobert_ner_run(model.capi(), nullptr, 0, &note, 1, &options, nullptr, &result, nullptr) == BIOBERT_OK);
    const biobert::results found(result);
    CHECK(found.capi() == result);
    CHECK(found[0].spans().size() == model.ner(story).spans().size());
}

TEST_CASE("objects that were moved from are empty and harmless") {
    biobert::engine engine;
    biobert::model model = engine.open(bundle);
    biobert::cancel cancel;
    biobert::results found = model.ner(std::vector<std::string>{story, "bad \xFF"});
    biobert::document document = found[0];
    auto entities = document.spans();
    auto vector = model.embed(story).embedding();

    const biobert::engine engine_taken = std::move(engine);
    const biobert::model model_taken = std::move(model);
    const biobert::cancel cancel_taken = std::move(cancel);
    const biobert::results found_taken = std::move(found);
    const biobert::document document_taken = std::move(document);
    const auto entities_taken = std::move(entities);
    const auto vector_taken = std::move(vector);

    // NOLINTBEGIN(bugprone-use-after-move): what this test is about.
    CHECK(thrown([&] { (void)engine.open(bundle); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.stats_json(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.sentences(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.sections(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.extract(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.ner(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.re(story16); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.qa(biobert::question{story, {story}}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.classify(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.embed(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.heads(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.labels("disease"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.info_json(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.verify(); }) == BIOBERT_E_ARGUMENT);
    cancel.trigger();
    biobert::run_options options;
    options.cancel = &cancel;
    CHECK(thrown([&] { (void)model_taken.ner(story, options); }) == BIOBERT_E_ARGUMENT);
    CHECK((found.empty() && found.size() == 0 && found.begin() == found.end() && found.capi() == nullptr));
    CHECK(thrown([&] { (void)found.json(); }) == BIOBERT_E_ARGUMENT);
    CHECK((!document.ok() && document.message().empty() && !document.windowed()));
    CHECK(thrown([&] { (void)document.spans(); }) == BIOBERT_E_ARGUMENT);
    CHECK((entities.empty() && entities.begin() == entities.end()));
    CHECK((vector.empty() && vector.begin() == vector.end()));
    // NOLINTEND

    CHECK(found_taken.size() == 2);
    CHECK(document_taken.ok());
    CHECK((!entities_taken.empty() && !vector_taken.empty()));
}

// ----------------------------------------------------------------------------------------- tasks

TEST_CASE("entities, in both encodings and all units") {
    const auto& model = shared_model();
    const auto bytes = model.ner(story).spans();
    const auto wide = model.ner(story16).spans();
    REQUIRE_FALSE(bytes.empty());
    REQUIRE(bytes.size() == wide.size());
    for (std::size_t i = 0; i < bytes.size(); i++) {
        const auto e = bytes[i];
        const auto f = wide[i];
        CHECK((e.start < e.end && e.end <= story.size()));
        CHECK((e.label == f.label && e.head == f.head && e.score == f.score && e.score > 0 && e.score <= 1));
        CHECK((!e.label.empty() && !e.head.empty()));
        // The same text lies at both places.
        const std::string part = story.substr(e.start, e.end - e.start);
        const std::u16string part16 = story16.substr(f.start, f.end - f.start);
        CHECK(part.size() >= part16.size());
        CHECK((part[0] == static_cast<char>(part16[0]) || part16[0] >= 0x80));
    }
    for (const auto unit : {biobert::offset_unit::utf8_bytes, biobert::offset_unit::unicode_scalars, biobert::offset_unit::utf16_units}) {
        biobert::run_options options;
        options.unit = unit;
        const auto a = model.ner(story, options).spans();
        const auto b = model.ner(story16, options).spans();
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); i++) CHECK((a[i].start == b[i].start && a[i].end == b[i].end));
        if (unit == biobert::offset_unit::utf8_bytes) CHECK(a[0].end == bytes[0].end);
        if (unit == biobert::offset_unit::utf16_units) CHECK(a[0].end == wide[0].end);
    }
}

TEST_CASE("heads are chosen by name") {
    const auto& model = shared_model();
    biobert::run_options options;
    options.heads = {"typed"};
    const auto all = model.ner(story).spans();
    const auto some = model.ner(story, options).spans();
    REQUIRE_FALSE(some.empty());
    CHECK(some.size() < all.size());
    for (const auto& e : some) CHECK(e.head == "typed");
    options.heads = {"induces"};
    CHECK(thrown([&] { (void)model.ner(story, options); }) == BIOBERT_E_ARGUMENT);
    options.heads = {"none"};
    CHECK(thrown([&] { (void)model.ner(story, options); }) == BIOBERT_E_NOT_FOUND);
    CHECK(thrown([&] { (void)model.embed(story, options); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)biobert::engine().sentences(story, options); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("relations between entities that are found, given, or none") {
    const auto& model = shared_model();
    const std::string note = "aspirin \xF0\x9F\x98\x80 gave caf\xC3\xA9 rash. It went.";
    const std::u16string note16 = u"aspirin \U0001F600 gave caf\u00E9 rash. It went.";
    biobert::re_options all;
    all.unrelated = true;
    for (const auto& document : {model.re(note, {}, all), model.re(note16, {}, all)}) {
        const auto entities = document.spans();
        REQUIRE_FALSE(document.relations().empty());
        for (const auto& r : document.relations()) {
            CHECK((r.first_index < entities.size() && r.second_index < entities.size()));
            CHECK(r.first.start == entities[r.first_index].start);
            CHECK(r.second.end == entities[r.second_index].end);
            CHECK(r.second.label.data() == entities[r.second_index].label.data());
            CHECK((r.head == "induces" && !r.text.empty() && r.score > 0));
        }
    }

    all.entities = {{0, note.find("rash"), note.find("rash") + 4, "DISEASE"}, {0, 0, 7, "drug"}};
    const auto given = model.re(note, {}, all);
    REQUIRE(given.spans().size() == 2);
    CHECK(given.spans()[0].label == "drug");
    CHECK(given.spans()[1].start == note.find("rash"));
    CHECK(given.spans()[1].head.empty());
    REQUIRE(given.relations().size() == 1);
    CHECK(given.relations()[0].first.label == "drug");

    all.entities.emplace();
    CHECK(model.re(note, {}, all).spans().empty());
    CHECK(model.re(note16, {}, all).relations().empty());

    for (const biobert::given_entity& wrong : {biobert::given_entity{0, 3, 3, "drug"}, {0, 0, 9, "drug"}, {0, 0, 999, "drug"}, {1, 0, 7, "drug"}}) {
        all.entities = {wrong};
        CHECK(thrown([&] { (void)model.re(note, {}, all); }) == BIOBERT_E_ARGUMENT);
    }

    // The document with the impossible entity is to blame; one that does not exist is not.
    const std::vector<std::string> notes{note, note};
    all.entities = {{1, 3, 3, "drug"}};
    CHECK(model.try_re(notes, {}, all).error().doc_index() == 1);
    CHECK(blamed([&] { (void)model.re(notes, {}, all); }) == 1);
    all.entities = {{2, 0, 7, "drug"}};
    CHECK_FALSE(model.try_re(notes, {}, all).error().doc_index());
    CHECK_FALSE(blamed([&] { (void)model.re(notes, {}, all); }));
}

TEST_CASE("answers, the number and length of which can be bounded") {
    const auto& model = shared_model();
    biobert::qa_options few;
    few.top = 2;
    few.max_tokens = 3;
    const auto document = model.qa(biobert::question{"What?", {story, "It went."}}, {}, few);
    const auto wide = model.qa(biobert::question16{u"What?", {story16, u"It went."}}, {}, few);
    REQUIRE(document.answers().size() == 2);
    REQUIRE(wide.answers().size() == 2);
    CHECK(document.no_answer() == wide.no_answer());
    for (std::size_t i = 0; i < 2; i++) {
        const auto a = document.answers()[i];
        CHECK((a.passage < 2 && a.start < a.end && a.head == "answer"));
        CHECK((a.score == wide.answers()[i].score && a.passage == wide.answers()[i].passage));
    }
    CHECK(document.answers()[0].score >= document.answers()[1].score);
    // Questions that own their strings ask the same.
    const auto owned = model.qa(biobert::basic_question<std::string>{"What?", {story, "It went."}}, {}, few);
    const auto owned16 = model.qa(biobert::basic_question<std::u16string>{u"What?", {story16, u"It went."}}, {}, few);
    for (const auto& same : {owned, owned16}) {
        REQUIRE(same.answers().size() == 2);
        CHECK(same.no_answer() == document.no_answer());
        CHECK(same.answers()[0].score == document.answers()[0].score);
    }
    CHECK(owned16.answers()[0].end == wide.answers()[0].end);

    const std::string passage = "rash fever aspirin rash";
    const auto words = [&](const biobert::qa_options& options) {
        std::ptrdiff_t most = 0;
        for (const auto& a : model.qa(biobert::question{"What?", {passage}}, {}, options).answers()) {
            const std::string answer = passage.substr(a.start, a.end - a.start);
            most = std::max(most, 1 + std::count(answer.begin(), answer.end(), ' '));
        }
        return most;
    };
    few.max_tokens = 1;
    CHECK(words({}) > 1);
    CHECK(words(few) == 1);

    const std::vector<biobert::question> questions{{"What?", {}}, {"What?", {"bad \xFF"}}, {"", {"It went."}}};
    const auto found = model.qa(questions);
    REQUIRE(found.size() == 3);
    CHECK((found[0].answers().empty() && std::isinf(found[0].no_answer())));
    CHECK(found[1].status() == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].no_answer(); }) == BIOBERT_E_ENCODING);
    CHECK(model.qa(std::vector<biobert::question16>{}).empty());
}

TEST_CASE("classes of documents and of pairs") {
    const auto& model = shared_model();
    const auto classes = model.classify(story).classes();
    REQUIRE(classes.size() == 2);
    CHECK((classes[0].holds && !classes[1].holds && classes[0].head == "event" && !classes[0].text.empty()));
    CHECK(classes[0].score + classes[1].score > 0.99F);
    CHECK(model.classify(story16).classes()[0].score == classes[0].score);

    const auto pair = model.classify(story, "It went."sv).classes();
    CHECK(pair[0].score != classes[0].score);
    CHECK(model.classify(story16, u"It went."sv).classes()[0].score == pair[0].score);
    const std::vector<std::string> notes{story, "rash"}, seconds{"It went.", "bad \xFF"};
    const auto found = model.classify(notes, seconds);
    CHECK(found[0].classes()[0].score == pair[0].score);
    CHECK(found[1].status() == BIOBERT_E_ENCODING);

    CHECK(thrown([&] { (void)model.classify(notes, std::vector<std::string>{"one"}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.classify(story, u"wide"sv); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("embeddings, with tokens if they are wanted") {
    const auto& model = shared_model();
    const auto plain = model.embed(story);
    biobert::embed_options own, mean;
    own.pooling = biobert::pooling::model;
    mean.pooling = biobert::pooling::mean;
    const auto same = [](const auto& a, const auto& b) {
        return std::equal(a.embedding().begin(), a.embedding().end(), b.embedding().begin(), b.embedding().end());
    };
    // The tiny model does not say how to make vectors; that of format 3 does.
    CHECK(same(plain, model.embed(story, {}, mean)));
    CHECK(thrown([&] { (void)model.embed(story, {}, own); }) == BIOBERT_E_UNSUPPORTED);
    const auto speaking = biobert::engine().open(std::filesystem::path(bundle).replace_filename("bundle-v3").string());
    CHECK(same(speaking.embed(story), speaking.embed(story, {}, own)));
    CHECK(!same(speaking.embed(story), speaking.embed(story, {}, mean)));
    biobert::embed_options last;
    last.layer = 2;
    CHECK(same(speaking.embed(story, {}, last), speaking.embed(story, {}, mean)));
    CHECK((plain.embedding().rows() == 1 && plain.embedding().width() > 0 && plain.tokens().empty() && plain.states().empty()));
    biobert::embed_options options;
    options.pooling = biobert::pooling::cls;
    options.layer = 0;
    options.normalize = true;
    options.tokens = true;
    for (const auto& document : {model.embed(story, {}, options), model.embed(story16, {}, options)}) {
        const auto vector = document.embedding();
        float square = 0;
        for (const float x : vector) square += x * x;
        CHECK(square == doctest::Approx(1.0));
        const auto states = document.states();
        REQUIRE((states.rows() == document.tokens().size() && states.rows() > 0 && states.width() == vector.width()));
        CHECK(states.row(1).data() == states.data() + states.width());
        CHECK(states.row(1)[0] == states[states.width()]);
        CHECK(document.tokens()[0].start == 0);
        CHECK(document.tokens()[0].end <= 5);
    }
    options.layer = 99;
    CHECK(thrown([&] { (void)model.embed(story, {}, options); }) == BIOBERT_E_ARGUMENT);
    options.layer.reset();
    options.pooling = static_cast<biobert::pooling>(99);
    CHECK(thrown([&] { (void)model.embed(story, {}, options); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("sentences need no model") {
    const biobert::engine engine;
    const auto sentences = engine.sentences("No fever. Caf\xC3\xA9. Bye."sv).sentences();
    REQUIRE(sentences.size() == 3);
    CHECK((sentences[2].start == 17 && sentences[2].end == 21));
    CHECK(engine.sentences(u"No fever. Caf\u00E9. Bye."sv).sentences()[2].start == 16);
}

TEST_CASE("sections need no model") {
    const biobert::engine engine;
    const auto note = "Plan: caf\xC3\xA9 rest\n\nFamily history: stroke"sv;
    const auto sections = engine.sections(note).sections();
    REQUIRE(sections.size() == 2);
    const auto family = sections[1];
    CHECK((family.name == "family_history" && family.loinc == "10157-6" && !family.parent));
    CHECK(note.substr(family.start, family.end - family.start) == "Family history: stroke");
    CHECK(note.substr(family.title.start, family.title.end - family.title.start) == "Family history");
    CHECK(engine.sections(u"Plan: caf\u00E9 rest\n\nFamily history: stroke"sv).sections()[1].start == family.start - 1);
    CHECK(engine.sections(""sv).sections().empty());
    biobert::run_options options;
    options.heads = {"disease"};
    CHECK(thrown([&] { (void)engine.sections(note, options); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("all that a note says, in both encodings") {
    const auto& model = shared_model();
    const std::string note = "Plan: aspirin \xF0\x9F\x98\x80 gave a rash.";
    const auto found = model.extract(note);
    const auto wide = model.extract(u"Plan: aspirin \U0001F600 gave a rash.");
    const auto entities = found.entities();
    REQUIRE_FALSE(entities.empty());
    REQUIRE((entities.size() == found.spans().size() && entities.size() == wide.entities().size()));
    REQUIRE(found.sections().size() == 1);
    for (std::size_t i = 0; i < entities.size(); i++) {
        const auto e = entities[i];
        const auto f = wide.entities()[i];
        CHECK((e.start == found.spans()[i].start && e.end == found.spans()[i].end && e.label == f.label && e.head == f.head));
        CHECK(e.section == 0);
        REQUIRE((e.assertion && f.assertion));
        CHECK((e.assertion->value == f.assertion->value && e.assertion->score == f.assertion->score));
        CHECK((e.assertion->score > 0 && e.assertion->score <= 1));
        CHECK((e.also.size() == f.also.size() && e.attributes.size() == f.attributes.size()));
    }
    biobert::run_options options;
    options.heads = {"disease", "induces", "typed"};
    for (const auto& r : model.extract(note, options).relations()) CHECK(r.assertion);
    const auto related = model.re(note, {}, {true, {}}).relations();
    CHECK_FALSE(related.empty());
    for (const auto& r : related) CHECK_FALSE(r.assertion);
    for (const auto& e : model.extract(note, options, {biobert::judges::none}).entities()) CHECK_FALSE(e.assertion);
    for (const auto& e : model.extract(note, {}, {biobert::judges::rules}).entities()) CHECK(e.assertion);
    CHECK(thrown([&] { (void)model.extract(note, {}, {static_cast<biobert::judges>(17)}); }) == BIOBERT_E_ARGUMENT);
    options.heads = {"none"};
    CHECK(thrown([&] { (void)model.extract(note, options); }) == BIOBERT_E_NOT_FOUND);
    options.heads = {"answer"};
    CHECK(thrown([&] { (void)model.extract(note, options); }) == BIOBERT_E_ARGUMENT);

    const auto many = model.extract(std::vector<std::string>{note, "bad \xFF", ""});
    CHECK((many.size() == 3 && many[0].entities().size() == entities.size() && many[2].entities().empty()));
    CHECK(thrown([&] { (void)many[1].entities(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)many[1].sections(); }) == BIOBERT_E_ENCODING);
}

TEST_CASE("an entity has what its struct says, and its parts of the lists") {
    struct longer {
        biobert_entity entity;
        char later[24];
    };
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const auto str = [](std::string_view text) { return biobert_str{text.data(), text.size()}; };
    const biobert_also also[] = {{str("Chemical"), str("chemical"), 0.5F}, {str("Disease"), str("disease"), 0.25F}};
    const biobert_attribute attributes[] = {
        {7, 9, 1.5, 2, str("<="), str("mg"), BIOBERT_ATTRIBUTE_DOSE, 1, 1},
        {9, 12, nan, nan, {}, {}, BIOBERT_ATTRIBUTE_AS_NEEDED, 0, 0},
    };
    const biobert_code codes[] = {
        {str("T9"), str("other"), 0.25F, BIOBERT_REASON_NONE},
        {str("T1"), str("best"), 1, BIOBERT_REASON_CASE},
        {str("T2"), str("next"), 0.5F, BIOBERT_REASON_NEAR},
    };
    const biobert_link links[] = {
        {str("FIRST"), 0, 1, BIOBERT_ABSTENTION_WEAK},
        {str("SECOND"), 1, 2, BIOBERT_ABSTENTION_NONE},
        {str("THIRD"), 3, 0, BIOBERT_ABSTENTION_NOTHING},
    };
    longer entities[3]{};
    entities[0].entity = {1, 6, 2, 8, 9, 0, 1, 0, 2, str("Drug"), str("clinical"), str("long form"), 0.75F, BIOBERT_ASSERTION_OTHER_PERSON,
                          BIOBERT_CATEGORY_FAMILY, 0.5F, 1, 2};
    entities[1].entity = {6, 9, BIOBERT_NONE, 0, 0, 1, 0, 2, 0, str("Test"), str("clinical"), {}, 0.75F, BIOBERT_ASSERTION_PRESENT,
                          BIOBERT_CATEGORY_NONE, 1, 3, 0};
    entities[2].entity = {6, 9, 0, 0, 0, 1, 1, 2, 0, str("Problem"), str("clinical"), {}, 1, BIOBERT_ASSERTION_NONE, BIOBERT_CATEGORY_NONE, 0, 0, 1};
    biobert::detail::source<biobert::entity> source{};
    source.data = &entities[0].entity;
    source.count = 3;
    source.stride = sizeof(longer);
    source.also.data = also;
    source.attributes.data = attributes;
    source.links.data = links;
    source.links.codes.data = codes;
    // Any owner: nobody looks into the result.
    source.owner = biobert::detail::shared_result(reinterpret_cast<biobert_result*>(&source), [](biobert_result*) {});
    const biobert::list<biobert::entity> list(source.owner, source);

    const auto first = list[0];
    CHECK((first.start == 1 && first.end == 6 && first.label == "Drug" && first.head == "clinical" && first.score == 0.75F));
    CHECK((first.section == 2 && first.expansion == "long form"));
    REQUIRE((first.assertion && first.assertion->cue && first.assertion->category));
    CHECK((first.assertion->value == biobert::assertion_value::other_person && first.assertion->score == 0.5F));
    CHECK((first.assertion->category == biobert::category::family));
    CHECK((first.assertion->cue->start == 8 && first.assertion->cue->end == 9));
    REQUIRE((first.also.size() == 1 && first.attributes.size() == 2));
    CHECK((first.also[0].label == "Chemical" && first.also[0].head == "chemical" && first.also[0].score == 0.5F));
    const auto dose = first.attributes[0], unread = first.attributes[1];
    CHECK((dose.kind == biobert::attribute_kind::dose && dose.start == 7 && dose.end == 9 && dose.step == 1 && dose.parsed));
    CHECK((dose.low == 1.5 && dose.high == 2 && dose.comparator == "<=" && dose.unit == "mg"));
    CHECK((unread.kind == biobert::attribute_kind::as_needed && !unread.parsed));
    CHECK((!unread.low && !unread.high && !unread.comparator && !unread.unit));

    REQUIRE(first.links.size() == 2);
    const auto link = first.links[0], none = first.links[1];
    CHECK((link.system == "SECOND" && !link.abstention && link.codes.size() == 2));
    CHECK((link.codes[0].code == "T1" && link.codes[0].name == "best" && link.codes[0].score == 1));
    CHECK((link.codes[0].reason == biobert::reason::case_ && link.codes[1].reason == biobert::reason::near));
    CHECK(link.given()->code == "T1");
    CHECK((none.system == "THIRD" && none.abstention == biobert::abstention::nothing && none.codes.empty() && !none.given()));

    const auto second = list[1];
    CHECK(second.links.empty());
    CHECK((second.start == 6 && !second.section && !second.expansion && second.also.empty() && second.attributes.empty()));
    REQUIRE(second.assertion);
    CHECK((!second.assertion->category && !second.assertion->cue));
    const auto third = list[2];
    CHECK((third.section == 0 && !third.assertion && third.also.size() == 1 && third.also[0].label == "Disease"));
    REQUIRE(third.links.size() == 1);
    CHECK((third.links[0].abstention == biobert::abstention::weak && !third.links[0].given() && !third.links[0].codes[0].reason));
}

TEST_CASE("a relation between codes has what its struct says") {
    const auto str = [](std::string_view text) { return biobert_str{text.data(), text.size()}; };
    const biobert_code_relation relations[] = {{str("D1"), str("D2"), str("CID"), 0.5F}};
    biobert::detail::source<biobert::code_relation> source{};
    source.data = relations;
    source.count = 1;
    source.stride = sizeof(biobert_code_relation);
    const auto one = source[0];
    CHECK((one.first == "D1" && one.second == "D2" && one.label == "CID" && one.score == 0.5F));
    CHECK(shared_model().extract(story).code_relations().empty());
}

TEST_CASE("what a task does not look for is empty") {
    const auto document = shared_model().ner(story);
    CHECK((document.entities().empty() && document.sections().empty()));
    CHECK((document.relations().empty() && document.answers().empty() && document.classes().empty()));
    CHECK((document.sentences().empty() && document.tokens().empty() && document.embedding().empty() && document.states().empty()));
    CHECK((document.embedding().rows() == 0 && document.states().rows() == 0));
    CHECK(std::isnan(document.no_answer()));
}

// --------------------------------------------------------------------------------------- batches

TEST_CASE("batches come as any range of strings of either encoding") {
    const auto& model = shared_model();
    const std::size_t count = model.ner(story).spans().size();
    const std::deque<std::string> deque{story, ""};
    const std::array<std::string_view, 2> views{story, ""};
    const std::string_view array[] = {story, {}};
    const std::vector<std::u16string> wide{story16, u""};
    const auto list = {story16, u""s};
    for (const auto& found : {model.ner(deque), model.ner(views), model.ner(array), model.ner(wide), model.ner(list)}) {
        REQUIRE(found.size() == 2);
        CHECK(found[0].spans().size() == count);
        CHECK(found[1].spans().empty());
    }
    const char* pointers[] = {"rash", nullptr};
    CHECK(thrown([&] { (void)model.ner(pointers); }) == BIOBERT_E_ARGUMENT);
    const char16_t* none = nullptr;
    CHECK(thrown([&] { (void)model.ner(none); }) == BIOBERT_E_ARGUMENT);
    char* changeable = nullptr;
    CHECK(thrown([&] { (void)model.ner(changeable); }) == BIOBERT_E_ARGUMENT);
#ifdef __cpp_char8_t
    CHECK(model.ner(u8"rash").spans().size() == model.ner("rash").spans().size());
    CHECK(model.ner(std::vector<std::u8string>{u8"rash"}).size() == 1);
#endif
}

TEST_CASE("empty batches and empty texts have empty results") {
    const auto& model = shared_model();
    const std::vector<std::string> none;
    const std::vector<std::u16string_view> none16;
    CHECK((model.ner(none).empty() && model.re(none16).empty() && model.classify(none, none).empty() && model.embed(none16).empty()));
    for (const auto& document : model.ner(none)) CHECK(document.ok()); // Never comes here.
    CHECK(model.ner(std::string_view()).spans().empty());
    CHECK(model.ner(std::u16string()).spans().empty());
    CHECK(model.qa(biobert::question{}).answers().empty());
}

TEST_CASE("a bad document does not fail the others, and is never silently empty") {
    const auto& model = shared_model();
    const std::vector<std::u16string> notes{story16, u"bad "s + char16_t{0xD83D}, u"rash"};
    const auto found = model.ner(notes);
    CHECK((found[0].ok() && found[2].ok() && !found[1].ok()));
    CHECK(found[1].status() == BIOBERT_E_ENCODING);
    CHECK_FALSE(found[1].message().empty());
    const auto failed = found[1].try_spans();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message() == found[1].message());
    CHECK(failed.error().doc_index() == 1);
    CHECK(model.try_ner(notes[1]).error().doc_index() == 0);
    CHECK(thrown([&] { (void)found[1].spans(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].relations(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].embedding(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].states(); }) == BIOBERT_E_ENCODING);
    CHECK(found[3].status() == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)found[3].spans(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)found[3].relations(); }) == BIOBERT_E_ARGUMENT);
    CHECK(found.json().find(R"("status":8)") != std::string::npos);

    // Alone, it is the call that fails; or it is read nevertheless.
    CHECK(thrown([&] { (void)model.ner(notes[1]); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)model.ner("bad \xFF"); }) == BIOBERT_E_ENCODING);
    biobert::run_options options;
    options.invalid_text = biobert::invalid_text::replace;
    CHECK(model.ner(notes[1], options).replaced_invalid());
    CHECK_FALSE(model.ner(story, options).replaced_invalid());
    options.invalid_text = static_cast<biobert::invalid_text>(9);
    CHECK(thrown([&] { (void)model.ner(story, options); }) == BIOBERT_E_ARGUMENT);
    options = {};
    options.unit = static_cast<biobert::offset_unit>(9);
    CHECK(thrown([&] { (void)model.ner(story, options); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("flags say how a document was read") {
    std::string note;
    for (int i = 0; i < 200; i++) note += "rash and fever and ";
    CHECK(shared_model().ner(note).windowed());
    CHECK_FALSE(shared_model().ner(story).windowed());
    CHECK_FALSE(shared_model().ner(note).truncated());
    CHECK(shared_model().qa(biobert::question{note, {story}}).truncated());
}

// ---------------------------------------------------------------------------- lists and lifetime

TEST_CASE("what was found outlives everything that it was found with") {
    const auto found = [] { return biobert::engine().open(bundle).ner(std::vector<std::string>{story}); }();
    CHECK_FALSE(found[0].spans().empty());
    const auto document = [] { return biobert::engine().open(bundle).ner(story); }();
    CHECK(document.spans()[0].label == found[0].spans()[0].label);
    const auto entities = [] { return biobert::engine().open(bundle).ner(story).spans(); }();
    CHECK(entities[0].label == document.spans()[0].label);
    const auto first = [] { return biobert::engine().open(bundle).ner(story).spans().begin(); }();
    CHECK(first->label == entities[0].label);
    const auto attributes = [] { return biobert::engine().open(bundle).extract(story).entities()[0].attributes; }();
    for (const auto& a : attributes) CHECK(a.end <= story.size());
    const auto noted = [] { return biobert::engine().open(bundle).extract(story).entities(); }();
    CHECK_FALSE(noted[0].label.empty());
    const auto states = [] { return biobert::engine().open(bundle).embed(story).embedding().row(0); }();
    CHECK(states[0] == shared_model().embed(story).embedding()[0]);
    std::size_t count = 0;
    for (const auto& e : shared_model().ner(story).spans()) count += e.label.empty() ? 0 : 1;
    CHECK(count == entities.size());
    for (const auto& d : *shared_model().try_ner(std::vector<std::string>{story, story})) count -= d.spans().size() / 2;
    CHECK(count <= 1);
}

TEST_CASE("a list honours the stride of a later library") {
    struct longer {
        biobert_span span;
        std::uint64_t added;
    };
    longer spans[3]{};
    for (std::size_t i = 0; i < 3; i++) spans[i].span.start = 10 * i, spans[i].span.end = 10 * i + 1, spans[i].added = 77;
    biobert_relation relation{};
    relation.first = 1, relation.second = 2;
    // Any result will do as the owner.
    biobert_result* any = nullptr;
    biobert_run_options options;
    biobert_run_options_init(&options, sizeof options);
    options.unit = BIOBERT_UTF8_BYTES;
    REQUIRE(biobert_ner_run(shared_model().capi(), nullptr, 0, nullptr, 0, &options, nullptr, &any, nullptr) == BIOBERT_OK);
    const biobert::detail::shared_result owner(any, biobert_result_free);
    biobert::detail::source<biobert::span> source;
    source.data = &spans[0].span, source.count = 3, source.stride = sizeof(longer);
    const biobert::list<biobert::span> list(owner, source);
    REQUIRE(list.size() == 3);
    CHECK((list[1].start == 10 && list[2].end == 21));
    biobert::detail::source<biobert::relation> pairs;
    pairs.data = &relation, pairs.count = 1, pairs.spans = source;
    CHECK(biobert::list<biobert::relation>(owner, pairs)[0].second.end == 21);
}

TEST_CASE("lists work with algorithms") {
    const auto entities = shared_model().ner(story).spans();
    const auto begin = entities.begin();
    const auto end = entities.end();
    CHECK(end - begin == static_cast<std::ptrdiff_t>(entities.size()));
    CHECK(std::is_sorted(begin, end, [](const auto& a, const auto& b) { return a.start < b.start; }));
    const auto typed = std::find_if(begin, end, [](const auto& e) { return e.head == "typed"; });
    REQUIRE(typed != end);
    CHECK(typed->head == "typed");
    const std::vector<biobert::span> copy(begin, end);
    CHECK(copy.size() == entities.size());
    CHECK((begin[0].start == copy[0].start && (end - 1)->end == copy.back().end && begin < end && 1 + begin > begin));
    auto it = begin;
    CHECK((it++ == begin && it-- == begin + 1 && it == begin && (it += 1) >= begin && (it -= 1) <= end));
    CHECK(std::distance(entities.begin(), entities.end()) == static_cast<std::ptrdiff_t>(copy.size()));
}

// --------------------------------------------------------------------- threads, switch, deadline

TEST_CASE("a cancel switch ends calls, from any thread") {
    std::string note;
    for (int i = 0; i < 100000; i++) note += "Rash and fever after aspirin. ";
    biobert::cancel cancel;
    biobert::run_options options;
    options.cancel = &cancel;
    CHECK(shared_model().ner(story, options).ok());
    std::atomic<bool> started{false};
    biobert_status status = BIOBERT_OK;
    std::thread runner([&] {
        started = true;
        while (status == BIOBERT_OK) status = thrown([&] { (void)shared_model().ner(note, options); });
    });
    while (!started) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20)); // Most likely it runs by now.
    cancel.trigger();
    runner.join();
    CHECK(status == BIOBERT_E_CANCELLED);
    CHECK(thrown([&] { (void)shared_model().ner(story, options); }) == BIOBERT_E_CANCELLED);
    CHECK(thrown([&] { (void)shared_model().extract(story, options); }) == BIOBERT_E_CANCELLED);
    CHECK(thrown([&] { (void)biobert::engine().sentences(story, options); }) == BIOBERT_E_CANCELLED);
    CHECK(thrown([&] { (void)biobert::engine().sections(story, options); }) == BIOBERT_E_CANCELLED);
}

TEST_CASE("a deadline ends calls") {
    std::string note;
    for (int i = 0; i < 100000; i++) note += "Rash and fever after aspirin. ";
    biobert::run_options options;
    options.deadline = std::chrono::milliseconds(1);
    CHECK(thrown([&] { (void)shared_model().ner(note, options); }) == BIOBERT_E_DEADLINE);
    options.deadline = std::chrono::hours(24 * 365 * 100);
    CHECK(shared_model().ner(story, options).ok());
    for (const int passed : {0, -5}) {
        options.deadline = std::chrono::milliseconds(passed);
        CHECK(thrown([&] { (void)shared_model().ner(story, options); }) == BIOBERT_E_DEADLINE);
    }
}

TEST_CASE("threads share one model") {
    const auto& model = shared_model();
    const std::string expected = model.ner(std::vector<std::string>{story, "rash"}).json();
    std::atomic<int> different{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; t++) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; i++) {
                const auto found = model.ner(std::vector<std::string>{story, "rash"});
                if (found.json() != expected || found[0].spans().size() != model.ner(story).spans().size()) different++;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(different == 0);
    CHECK(entities_seen_elsewhere(model, story) == model.ner(story).spans().size());
}

// -------------------------------------------------------------------------------------- training

namespace {

// A directory that is gone when the test is.
struct scratch {
    std::filesystem::path path = [] {
        std::string name = (std::filesystem::temp_directory_path() / "biobert-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        return name;
    }();
    scratch() = default;
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch() { std::filesystem::remove_all(path); }

    std::string operator/(const char* name) const { return (path / name).string(); }
    std::string file(const char* name, std::string_view content) const {
        std::ofstream(path / name, std::ios::binary) << content;
        return *this / name;
    }
};

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    REQUIRE(stream);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Both files of a head. Compare them within two more parentheses: they are not fit to be printed.
std::string files(const biobert::head& head) {
    const scratch directory;
    head.save(directory / "head");
    return bytes_of(directory.path / "head" / "head.json") + bytes_of(directory.path / "head" / "head.safetensors");
}

bool holds(const std::string& json, std::string_view part) { return json.find(part) != std::string::npos; }

// The least that a training can be.
biobert::trainer_options quick() {
    biobert::trainer_options options;
    options.preset = biobert::preset::fast;
    options.head_kind = biobert::head_kind::linear;
    return options;
}

// A trainer of entities with examples that the tiny model can learn by heart. No two texts are the same:
// those would be held out together, or not at all.
biobert::trainer drugs(const biobert::trainer_options& options = quick()) {
    biobert::trainer trainer(shared_model(), biobert::task::ner, options);
    for (int i = 0; i < 8; i++) {
        const std::string blanks(static_cast<std::size_t>(i), ' ');
        trainer.add_ner("insulin daily" + blanks, {{0, 7, "Drug"}});
        trainer.add_ner("no rash" + blanks, {});
    }
    return trainer;
}

// The texts that a head finds, with their kinds.
std::string found(const biobert::model& model, const std::string& head, const std::string& note) {
    biobert::run_options options;
    options.heads = {head};
    std::string all;
    for (const auto& e : model.ner(note, options).spans()) all += std::string(e.label) + "=" + note.substr(e.start, e.end - e.start) + ";";
    return all;
}

} // namespace

TEST_CASE("entities are learnt from texts of both encodings, in all units, and found") {
    using biobert::offset_unit;
    const std::string note = "caf\xC3\xA9 \xF0\x9F\x98\x80 insulin daily";
    const std::u16string note16 = u"caf\u00E9 \U0001F600 insulin daily";
    struct {
        offset_unit unit;
        bool wide;
        std::size_t start;
    } const ways[] = {{offset_unit::own, false, 11},        {offset_unit::utf8_bytes, true, 11},
                      {offset_unit::utf16_units, true, 8},  {offset_unit::utf16_units, false, 8},
                      {offset_unit::unicode_scalars, true, 7}};
    std::string same;
    for (const auto& way : ways) {
        auto options = quick();
        options.unit = way.unit;
        biobert::trainer trainer(shared_model(), biobert::task::ner, options);
        const std::vector<biobert::mark> marks{{way.start, way.start + 7, "Drug"}};
        for (int i = 0; i < 8; i++) {
            way.wide ? trainer.add_ner(note16, marks) : trainer.add_ner(note, marks);
            way.wide ? trainer.add_ner(u"no rash", {}) : trainer.add_ner("no rash", {});
        }
        trainer.fit();
        const auto head = trainer.head();
        const std::string now = files(head);
        if (same.empty()) same = now;
        CHECK((now == same));
        CHECK(found(shared_model().with_head(head, "drug"), "drug", note) == "Drug=insulin;");
    }
}

TEST_CASE("relations are learnt and found") {
    biobert::trainer_options options;
    options.preset = biobert::preset::fast;
    options.first_kind = "Drug";
    options.second_kind = "Problem";
    options.first_mask = "@DRUG$";
    options.second_mask = "@PROBLEM$";
    options.negative = "none";
    biobert::trainer trainer(shared_model(), biobert::task::re, options);
    options.unit = biobert::offset_unit::utf16_units;
    biobert::trainer trainer16(shared_model(), biobert::task::re, options);
    for (int i = 0; i < 8; i++) {
        trainer.add_re("caf\xC3\xA9 aspirin with rash", {6, 13}, {19, 23}, "harms");
        trainer.add_re("no fever of insulin", {12, 19}, {3, 8}, "none");
        trainer16.add_re(u"caf\u00E9 aspirin with rash", {5, 12}, {18, 22}, "harms");
        trainer16.add_re(u"no fever of insulin", {12, 19}, {3, 8}, "none");
    }
    trainer.fit();
    trainer16.fit();
    CHECK((files(trainer.head()) == files(trainer16.head())));
    const auto model = shared_model().with_head(trainer.head(), "harm");
    CHECK(model.labels("harm") == std::vector<std::string>{"harms", "none"});
    biobert::run_options run;
    run.heads = {"harm"};
    biobert::re_options pairs;
    pairs.entities = {{0, 6, 13, "drug"}, {0, 19, 23, "problem"}, {1, 12, 19, "drug"}, {1, 3, 8, "problem"}};
    const std::vector<std::string> notes{"caf\xC3\xA9 aspirin with rash", "no fever of insulin"};
    const auto related = model.re(notes, run, pairs);
    REQUIRE(related[0].relations().size() == 1);
    CHECK((related[0].relations()[0].label == "harms" && related[0].relations()[0].head == "harm"));
    CHECK(related[1].relations().empty());
    CHECK(holds(trainer.head().info_json(), R"("mask":["@DRUG$","@PROBLEM$"])"));
}

TEST_CASE("classes of documents and of pairs are learnt and found") {
    biobert::trainer trainer(shared_model(), biobert::task::classify, quick());
    biobert::trainer trainer16(shared_model(), biobert::task::classify, quick());
    for (int i = 0; i < 8; i++) {
        trainer.add_class("insulin daily", "drug");
        trainer.add_class("fever and rash", "caf\xC3\xA9", "ill");
        trainer16.add_class(u"insulin daily", "drug"); // Without offsets, the unit is of no matter.
        trainer16.add_class(u"fever and rash", u"caf\u00E9", "ill");
    }
    trainer.fit();
    trainer16.fit();
    CHECK((files(trainer.head()) == files(trainer16.head())));
    const auto model = shared_model().with_head(trainer.head(), "about");
    biobert::run_options run;
    run.heads = {"about"};
    CHECK(model.classify("insulin daily", run).classes()[0].label == "drug");
    CHECK(model.classify("fever and rash", "caf\xC3\xA9", run).classes()[0].label == "ill");
    CHECK(thrown([&] { trainer.add_class("fever", u"rash", "ill"); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("answers are learnt and found") {
    biobert::trainer trainer(shared_model(), biobert::task::qa, quick());
    auto options = quick();
    options.unit = biobert::offset_unit::utf16_units;
    biobert::trainer trainer16(shared_model(), biobert::task::qa, options);
    for (int i = 0; i < 8; i++) {
        trainer.add_qa("daily?", "caf\xC3\xA9 insulin 5 mg", biobert::range{6, 13});
        trainer.add_qa("daily?", "the patient", {});
        trainer16.add_qa(u"daily?", u"caf\u00E9 insulin 5 mg", biobert::range{5, 12});
        trainer16.add_qa(u"daily?", u"the patient", {});
    }
    trainer.fit();
    trainer16.fit();
    CHECK((files(trainer.head()) == files(trainer16.head())));
    const auto model = shared_model().with_head(trainer.head(), "which");
    biobert::run_options run;
    run.heads = {"which"};
    const auto answer = model.qa(biobert::question{"daily?", {"caf\xC3\xA9 insulin 5 mg"}}, run).answers()[0];
    CHECK((answer.start == 6 && answer.end == 13));
    CHECK(thrown([&] { trainer.add_qa("daily?", u"insulin", {}); }) == BIOBERT_E_ARGUMENT);
}

TEST_CASE("what was trained is measured, saved, opened and added; the model stays as it is") {
    auto trainer = drugs();
    trainer.add_ner("insulin daily", {{0, 7, "Drug"}}, biobert::split::dev);
    trainer.add_ner("aspirin", {{0, 7, "Drug"}}, biobert::split::test);
    trainer.add_ner("insulin daily", {{0, 7, "Drug"}}, biobert::split::test);
    trainer.fit();
    CHECK(holds(trainer.report_json(), R"("texts":16,"held_out":1,)"));
    CHECK(holds(trainer.eval(), R"("gold":2)"));
    const auto head = trainer.head();
    CHECK(holds(head.info_json(), R"("labels":["O","B-Drug","I-Drug"])"));

    const scratch directory;
    head.save(directory / "medicine");
    head.save(directory / "medicine"); // Over the one that was there.
    const auto opened = biobert::head::open(directory / "medicine");
    opened.save(directory / "again");
    CHECK((bytes_of(directory.path / "again" / "head.safetensors") == bytes_of(directory.path / "medicine" / "head.safetensors")));
    const auto& model = shared_model();
    const auto before = model.heads();
    const auto taught = model.with_head(opened); // By its own name.
    CHECK(taught.heads().size() == before.size() + 1);
    CHECK(found(taught, "medicine", "insulin daily") == "Drug=insulin;");
    const auto twice = taught.with_head(head, "other");
    CHECK(found(twice, "other", "insulin daily") == found(twice, "medicine", "insulin daily"));
    CHECK(model.heads() == before);
    CHECK(thrown([&] { (void)taught.with_head(opened); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.with_head(head, "disease"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.with_head(head, "../x"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)biobert::head::open(directory / "none"); }) == BIOBERT_E_NOT_FOUND);

    // Of another encoder.
    std::string other = bytes_of(directory.path / "medicine" / "head.json");
    other.replace(other.find("encoder_sha256") + 18, 4, "0000");
    std::filesystem::create_directory(directory.path / "foreign");
    (void)directory.file("foreign/head.json", other);
    std::filesystem::copy(directory.path / "medicine" / "head.safetensors", directory.path / "foreign");
    const auto foreign = biobert::head::open(directory / "foreign");
    CHECK(thrown([&] { (void)model.with_head(foreign); }) == BIOBERT_E_MODEL);

    // More examples, and another head.
    for (int i = 0; i < 8; i++) trainer.add_ner("the aspirin", {{4, 11, "Drug"}});
    trainer.fit();
    CHECK((files(trainer.head()) != files(head)));
    CHECK(holds(trainer.report_json(), R"("texts":24,)"));
}

TEST_CASE("examples come from files too") {
    const scratch directory;
    const auto words = directory.file("words.tsv", "insulin\tB\ndaily\tO\n\nno\tO\nrash\tO\n");
    const auto lines = directory.file("lines.jsonl", R"({"text": "café insulin", "entities": [{"start": 5, "end": 12, "label": "Drug"}]})");
    auto options = quick();
    options.entity = "Medicine";
    options.unit = biobert::offset_unit::unicode_scalars;
    biobert::trainer trainer(shared_model(), biobert::task::ner, options);
    for (int i = 0; i < 8; i++) trainer.add_file(words);
    trainer.add_file(lines);
    trainer.add_file(lines, biobert::split::test);
    trainer.fit();
    CHECK(holds(trainer.head().info_json(), R"("labels":["O","B-Drug","I-Drug","B-Medicine","I-Medicine"])"));
    CHECK(holds(trainer.eval(), R"("gold":1)"));
    const auto broken = directory.file("broken.tsv", "fever\tO\nrash\n");
    const auto refused = trainer.try_add_file(broken);
    REQUIRE_FALSE(refused);
    CHECK((refused.error().status() == BIOBERT_E_MODEL && holds(refused.error().message(), "broken.tsv: line 2")));
    CHECK(thrown([&] { trainer.add_file(directory / "none"); }) == BIOBERT_E_NOT_FOUND);
}

TEST_CASE("options of a training have their effects") {
    using biobert::trainer_options;
    const auto trained = [](const trainer_options& options) {
        auto trainer = drugs(options);
        trainer.fit();
        return files(trainer.head());
    };
    const std::string plain = trained(quick());
    CHECK((trained(quick()) == plain));
    auto options = quick();
    options.seed = 1;
    CHECK((trained(options) != plain));
    options = quick();
    options.refit = true;
    CHECK((trained(options) != plain));
    options = quick();
    options.licence = "CC0-1.0";
    options.date = "2026-11-21";
    const std::string noted = trained(options);
    CHECK((holds(noted, R"("CC0-1.0")") && holds(noted, R"("2026-11-21")")));
    options = quick();
    options.max_feature_bytes = 1;
    CHECK(thrown([&] { (void)trained(options); }) == BIOBERT_E_LIMIT);

    // How long, and with what.
    std::uint64_t batches[2]{};
    for (const auto preset : {biobert::preset::fast, biobert::preset::best}) {
        options = quick();
        options.preset = preset;
        auto trainer = drugs(options);
        const auto stop_when_learning = [&](const biobert::progress& p) {
            batches[preset == biobert::preset::best] = p.of;
            return p.phase != biobert::phase::learning;
        };
        CHECK(thrown([&] { trainer.fit(stop_when_learning); }) == BIOBERT_E_CANCELLED);
    }
    CHECK((batches[0] > 0 && batches[0] < batches[1]));
    using kind = biobert::head_kind;
    for (const auto& [chosen, name] : {std::pair{kind::automatic, "lstm-crf"}, {kind::linear, "linear"}, {kind::mix, "mix"}, {kind::lstm_crf, "lstm-crf"}}) {
        options = quick();
        options.head_kind = chosen;
        auto trainer = drugs(options);
        trainer.fit([](const biobert::progress& p) { return p.phase != biobert::phase::epoch; });
        CHECK(holds(trainer.report_json(), R"("head_kind":")"s + name + '"'));
    }
    for (const auto wrong : {kind::lstm, kind::mlp, static_cast<kind>(17)}) {
        options.head_kind = wrong;
        CHECK(thrown([&] { (void)drugs(options); }) == BIOBERT_E_ARGUMENT);
    }

    const auto classes = [](bool balanced) {
        auto of = quick();
        of.balanced = balanced;
        biobert::trainer trainer(shared_model(), biobert::task::classify, of);
        for (int i = 0; i < 12; i++) trainer.add_class(i % 4 ? "insulin daily" : "fever and rash", i % 4 ? "drug" : "ill");
        trainer.fit();
        return files(trainer.head());
    };
    CHECK((classes(true) != classes(false)));
}

TEST_CASE("a training resumes where it was killed") {
    const scratch directory;
    const std::filesystem::path work = directory / "work", kept = directory / "kept";
    auto options = quick();
    options.refit = true; // What is kept of the first training is there while the second one runs.
    options.work_path = work.string();
    auto trainer = drugs(options);
    trainer.fit([&](const biobert::progress&) {
        if (!std::filesystem::exists(kept) && std::filesystem::exists(work / "first.safetensors")) std::filesystem::copy(work, kept);
        return true;
    });
    CHECK_FALSE(std::filesystem::exists(work));
    REQUIRE(std::filesystem::exists(kept));
    options.work_path = kept.string();
    auto again = drugs(options);
    std::uint64_t resumed = 0;
    again.fit([&](const biobert::progress& p) {
        if (p.phase == biobert::phase::resumed) resumed = p.epoch;
        return true;
    });
    CHECK(resumed > 0);
    CHECK((files(again.head()) == files(trainer.head())));
}

TEST_CASE("progress is told on the thread that trains, until it says stop") {
    auto trainer = drugs();
    const auto here = std::this_thread::get_id();
    std::vector<biobert::progress> told;
    bool elsewhere = false;
    trainer.fit([&](const biobert::progress& p) {
        told.push_back(p);
        elsewhere = elsewhere || std::this_thread::get_id() != here;
        return true;
    });
    CHECK_FALSE(elsewhere);
    REQUIRE(told.size() > 3);
    CHECK((told[0].phase == biobert::phase::reading && std::isnan(told[0].loss) && std::isnan(told[0].f1)));
    std::uint64_t epochs = 0;
    for (const auto& p : told) {
        CHECK(p.done <= p.of);
        if (p.phase == biobert::phase::learning) CHECK((p.loss > 0 && p.seconds_left >= 0 && p.of > 0));
        if (p.phase == biobert::phase::epoch) CHECK(p.epoch == ++epochs);
        CHECK(p.epoch == epochs);
    }
    CHECK((told.back().phase == biobert::phase::epoch && told.back().loss > 0 && told.back().f1 >= 0));
    CHECK(holds(trainer.report_json(), R"("stopped":false)"));

    // Behind the first epoch the head is kept, before it there is none; nobody is asked twice.
    for (const auto last : {biobert::phase::reading, biobert::phase::learning, biobert::phase::epoch}) {
        auto stopped = drugs();
        int calls_behind = -1;
        const auto trained = stopped.try_fit([&](const biobert::progress& p) {
            if (calls_behind >= 0 || p.phase == last) calls_behind++;
            return calls_behind < 0;
        });
        CHECK(calls_behind == 0);
        if (last == biobert::phase::epoch) {
            CHECK(trained);
            CHECK((holds(stopped.report_json(), R"("epoch":1,"stopped":true)") && !stopped.head().info_json().empty()));
        } else {
            REQUIRE_FALSE(trained);
            CHECK(trained.error().status() == BIOBERT_E_CANCELLED);
            CHECK(thrown([&] { (void)stopped.head(); }) == BIOBERT_E_ARGUMENT);
        }
    }
    trainer.fit(nullptr);
}

TEST_CASE("what a progress function throws stops the training and arrives") {
    struct change_of_mind {
        int call;
    };
    for (const auto last : {biobert::phase::reading, biobert::phase::learning, biobert::phase::epoch}) {
        auto trainer = drugs();
        int calls = 0, caught = 0, late = 0;
        const auto throwing = [&](const biobert::progress& p) -> bool {
            calls++;
            late += caught != 0;
            if (p.phase == last) throw change_of_mind{caught = calls};
            return true;
        };
        CHECK_THROWS_AS(trainer.fit(throwing), change_of_mind);
        CHECK((caught == calls && late == 0));
        // It is like any other stop.
        CHECK(trainer.try_head().has_value() == (last == biobert::phase::epoch));
        try {
            (void)trainer.try_fit(throwing);
            FAIL("it was not thrown on");
        } catch (const change_of_mind& e) {
            CHECK(e.call == calls);
        }
        trainer.fit();
        CHECK(holds(trainer.report_json(), R"("stopped":false)"));
    }
}

TEST_CASE("whoever said stop, or threw, is not asked again") {
    int calls = 0;
    const biobert::progress_function once = [&](const biobert::progress&) -> bool { return calls++ ? throw calls : false; };
    biobert::detail::watch watch{once};
    const biobert_progress p{};
    CHECK((biobert::detail::told(&watch, &p) != 0 && biobert::detail::told(&watch, &p) != 0));
    CHECK((calls == 1 && !watch.thrown));
    biobert::detail::watch throwing{once};
    CHECK((biobert::detail::told(&throwing, &p) != 0 && biobert::detail::told(&throwing, &p) != 0));
    CHECK((calls == 2 && throwing.thrown));
}

TEST_CASE("a cancel switch ends a training and a measurement") {
    auto trainer = drugs();
    trainer.add_ner("insulin", {{0, 7, "Drug"}}, biobert::split::test);
    biobert::cancel early, late;
    CHECK(thrown([&] {
              trainer.fit([&](const biobert::progress&) { return early.trigger(), true; }, &early);
          }) == BIOBERT_E_CANCELLED);
    CHECK(thrown([&] { trainer.fit({}, &early); }) == BIOBERT_E_CANCELLED);
    trainer.fit([&](const biobert::progress& p) { return p.phase == biobert::phase::epoch ? late.trigger(), true : true; }, &late);
    CHECK(holds(trainer.report_json(), R"("epoch":1,"stopped":true)"));
    CHECK(thrown([&] { (void)trainer.eval(&late); }) == BIOBERT_E_CANCELLED);
    const biobert::cancel fresh;
    CHECK_FALSE(trainer.eval(&fresh).empty());

    const biobert::cancel taken = std::move(late);
    // NOLINTBEGIN(bugprone-use-after-move): what this is about.
    CHECK(thrown([&] { trainer.fit({}, &late); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.eval(&late); }) == BIOBERT_E_ARGUMENT);
    // NOLINTEND
}

TEST_CASE("a trainer that is at work is busy, for its own thread too") {
    auto trainer = drugs();
    const auto use = [&] {
        CHECK(thrown([&] { trainer.fit(); }) == BIOBERT_E_BUSY);
        CHECK(thrown([&] { trainer.add_ner("rash", {}); }) == BIOBERT_E_BUSY);
        CHECK(thrown([&] { trainer.add_file("none"); }) == BIOBERT_E_BUSY);
        CHECK(thrown([&] { (void)trainer.report_json(); }) == BIOBERT_E_BUSY);
        CHECK(thrown([&] { (void)trainer.eval(); }) == BIOBERT_E_BUSY);
        CHECK(thrown([&] { (void)trainer.head(); }) == BIOBERT_E_BUSY);
    };
    bool used = false;
    trainer.fit([&](const biobert::progress& p) {
        if (!std::exchange(used, true)) use(), std::thread(use).join();
        return p.phase != biobert::phase::epoch;
    });
    CHECK(used);
    CHECK(trainer.try_report_json());
    // Where the error of such a call is not caught, it ends the training.
    CHECK(thrown([&] { trainer.fit([&](const biobert::progress&) { return !trainer.report_json().empty(); }); }) == BIOBERT_E_BUSY);
}

TEST_CASE("examples that make no sense are refused and not added") {
    using biobert::task;
    const auto& model = shared_model();
    biobert::trainer trainer(model, task::ner, quick());
    const std::vector<biobert::mark> wrong[] = {{{0, 8, "Drug"}}, {{3, 3, "Drug"}}, {{4, 3, "Drug"}}, {{0, 7, " "}},
                                                {{0, 7, "Drug"}, {3, 5, "Drug"}}, {{static_cast<std::size_t>(-1), 7, "Drug"}}};
    for (const auto& marks : wrong) CHECK(thrown([&] { trainer.add_ner("insulin", marks); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_ner("caf\xC3\xA9", {{0, 4, "Place"}}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_ner("bad \xFF", {}); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { trainer.add_ner("insulin", {{0, 7, "\xFF"}}); }) == BIOBERT_E_ARGUMENT);
    const char* unset = nullptr;
    CHECK(thrown([&] { trainer.add_ner(unset, {}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_ner("insulin", {}, static_cast<biobert::split>(17)); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_class("insulin", "drug"); }) == BIOBERT_E_ARGUMENT); // Another task.
    biobert::trainer sayings(model, task::assertion, quick());
    sayings.add_assertion("no insulin", {{3, 10, "Drug", biobert::assertion_value::absent}});
    sayings.add_assertion("insulin", {{0, 7, "Drug", biobert::assertion_value::present}});
    CHECK(thrown([&] { sayings.add_assertion("insulin", {{0, 7, "Drug"}}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { sayings.add_ner("insulin", {{0, 7, "Drug"}}); }) == BIOBERT_E_ARGUMENT);
    sayings.fit();
    // Offsets in UTF-16 are not silently taken for bytes.
    CHECK(thrown([&] { trainer.add_ner(u"caf\u00E9 insulin", {{5, 12, "Drug"}}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { biobert::trainer(model, task::re).add_re(u"insulin rash", {0, 7}, {8, 12}, "harms"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { biobert::trainer(model, task::qa).add_qa(u"What?", u"insulin", {}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { biobert::trainer(model, task::re).add_re("insulin rash", {0, 7}, {8, 13}, "harms"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { biobert::trainer(model, task::qa).add_qa("What?", "insulin", biobert::range{0, 8}); }) == BIOBERT_E_ARGUMENT);
    const auto complaint = trainer.try_add_ner("secret", {{0, 99, "Drug"}});
    REQUIRE_FALSE(complaint);
    CHECK((!complaint.error().message().empty() && !holds(complaint.error().message(), "secret")));

    CHECK(thrown([&] { trainer.fit(); }) == BIOBERT_E_ARGUMENT); // Nothing was added.
    CHECK(thrown([&] { (void)trainer.report_json(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.eval(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.head(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { biobert::trainer(model, static_cast<task>(17)); }) == BIOBERT_E_ARGUMENT);
    const auto refused = [&](auto change) {
        auto options = quick();
        change(options);
        return thrown([&] { biobert::trainer(model, task::re, options); });
    };
    CHECK(refused([](auto& options) { options.unit = static_cast<biobert::offset_unit>(17); }) == BIOBERT_E_ARGUMENT);
    CHECK(refused([](auto& options) { options.preset = static_cast<biobert::preset>(17); }) == BIOBERT_E_ARGUMENT);
    CHECK(refused([](auto& options) { options.first_mask = "@A$"; }) == BIOBERT_E_ARGUMENT);
    CHECK(refused([](auto& options) { options.second_kind = "A"; }) == BIOBERT_E_ARGUMENT);
    CHECK(refused([](auto&) {}) == BIOBERT_OK);
}

TEST_CASE("trainer, head and models go in any order, and copy what they are given") {
    auto trainer = [] {
        const biobert::engine engine;
        const auto model = engine.open(bundle);
        auto options = std::make_unique<biobert::trainer_options>(quick());
        options->licence = "a licence that is too long to be kept in the string itself";
        biobert::trainer made(model, biobert::task::ner, *options);
        for (int i = 0; i < 8; i++) {
            const std::string note = "insulin daily";
            made.add_ner(note, {{0, 7, std::string("Drug")}});
            made.add_ner("no rash", {});
        }
        return made;
    }();
    trainer.fit();
    CHECK(holds(trainer.head().info_json(), "a licence that is too long"));
    const auto taught = [&] {
        const auto moved = std::move(trainer);
        const auto head = moved.head();
        return biobert::engine().open(bundle).with_head(head, "drug");
    }();
    CHECK(found(taught, "drug", "insulin daily") == "Drug=insulin;");

    auto other = drugs();
    other.fit();
    biobert::head head = other.head();
    const biobert::head taken(head.release());
    CHECK(found(shared_model().with_head(taken, "drug"), "drug", "insulin daily") == "Drug=insulin;");
    // NOLINTBEGIN(bugprone-use-after-move): what this is about.
    CHECK(thrown([&] { (void)head.info_json(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { head.save("nowhere"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)shared_model().with_head(head, "drug"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_ner("rash", {}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.add_file("none"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { trainer.fit(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.report_json(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.eval(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)trainer.head(); }) == BIOBERT_E_ARGUMENT);
    biobert::model gone = biobert::engine().open(bundle);
    const biobert::model kept = std::move(gone);
    CHECK(thrown([&] { biobert::trainer(gone, biobert::task::ner); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)gone.with_head(taken); }) == BIOBERT_E_ARGUMENT);
    // NOLINTEND
}

TEST_CASE("where memory runs out, std::bad_alloc is thrown and nothing leaks") {
    const auto lines = std::make_shared<std::atomic<int>>(0);
    biobert::engine_options options;
    options.log = [lines](std::string_view) { ++*lines; };
    biobert::re_options given;
    given.entities = {{0, 0, 5, "a kind whose name does not fit into the string itself"}};
    biobert::run_options run;
    run.heads = {"induces"};
    int failures = 0;
    for (int successes = 0;; successes++) {
        allocations_left = successes;
        try {
            const biobert::engine engine(options);
            const auto missing = engine.try_open("/no/such/model");
            const auto found = shared_model().try_ner(std::vector<std::string>{story, "bad \xFF"});
            const auto bad = (*found)[1].try_spans();
            const auto note = shared_model().try_extract(story);
            const auto entities = note->try_entities();
            const auto related = shared_model().try_re(story, run, given);
            const auto asked = shared_model().try_qa(biobert::question16{u"What?", {story16}});
            const auto names = shared_model().try_labels("disease");
            const auto json = found->try_json();
            auto trainer = biobert::trainer::try_create(shared_model(), biobert::task::ner, quick());
            const auto added = trainer->try_add_ner("insulin", {{0, 7, "a kind whose name does not fit into the string itself"}});
            const auto stopped = trainer->try_fit([](const biobert::progress&) { return std::string(100, 'x').empty(); });
            allocations_left = -1;
            CHECK((!missing && !bad && note && entities && related && asked && names && json && added && !stopped));
            break;
        } catch (const std::bad_alloc&) {
            allocations_left = -1;
            failures++;
        }
    }
    CHECK(failures > 20);
    CHECK(lines.use_count() == 2);
}

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    bundle = argv[1];
    doctest::Context context(argc - 1, argv + 1);
    return context.run();
}

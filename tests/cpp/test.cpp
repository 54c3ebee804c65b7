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
static_assert(std::ranges::random_access_range<biobert::list<biobert::entity>>);
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
    CHECK(engine.stats() == R"({"models":0,"results":0,"threads":2,"isa":"portable"})");
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
    CHECK(model.info().find(R"("precision":"f32")") != std::string::npos);
    CHECK(model.verify().find("changed") != std::string::npos);
    CHECK(model.heads() == std::vector<std::string>{"answer", "disease", "event", "induces", "typed"});
    CHECK(model.labels("disease").size() == 3);
    CHECK(model.labels("disease")[2] == "O");
    CHECK(thrown([&] { (void)model.labels("none"); }) == BIOBERT_E_NOT_FOUND);
    CHECK(engine.stats().find(R"("models":1)") != std::string::npos);
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
    CHECK(found[0].entities().size() == model.ner(story).entities().size());
}

TEST_CASE("objects that were moved from are empty and harmless") {
    biobert::engine engine;
    biobert::model model = engine.open(bundle);
    biobert::cancel cancel;
    biobert::results found = model.ner(std::vector<std::string>{story, "bad \xFF"});
    biobert::document document = found[0];
    auto entities = document.entities();
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
    CHECK(thrown([&] { (void)engine.stats(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)engine.sentences(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.ner(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.re(story16); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.qa(biobert::question{story, {story}}); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.classify(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.embed(story); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.heads(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.labels("disease"); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.info(); }) == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)model.verify(); }) == BIOBERT_E_ARGUMENT);
    cancel.trigger();
    biobert::run_options options;
    options.cancel = &cancel;
    CHECK(thrown([&] { (void)model_taken.ner(story, options); }) == BIOBERT_E_ARGUMENT);
    CHECK((found.empty() && found.size() == 0 && found.begin() == found.end() && found.capi() == nullptr));
    CHECK(thrown([&] { (void)found.json(); }) == BIOBERT_E_ARGUMENT);
    CHECK((!document.ok() && document.message().empty() && !document.windowed()));
    CHECK(thrown([&] { (void)document.entities(); }) == BIOBERT_E_ARGUMENT);
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
    const auto bytes = model.ner(story).entities();
    const auto wide = model.ner(story16).entities();
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
        const auto a = model.ner(story, options).entities();
        const auto b = model.ner(story16, options).entities();
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
    const auto all = model.ner(story).entities();
    const auto some = model.ner(story, options).entities();
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
        const auto entities = document.entities();
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
    REQUIRE(given.entities().size() == 2);
    CHECK(given.entities()[0].label == "drug");
    CHECK(given.entities()[1].start == note.find("rash"));
    CHECK(given.entities()[1].head.empty());
    REQUIRE(given.relations().size() == 1);
    CHECK(given.relations()[0].first.label == "drug");

    all.entities.emplace();
    CHECK(model.re(note, {}, all).entities().empty());
    CHECK(model.re(note16, {}, all).relations().empty());

    for (const biobert::given_entity& wrong : {biobert::given_entity{0, 3, 3, "drug"}, {0, 0, 9, "drug"}, {0, 0, 999, "drug"}, {1, 0, 7, "drug"}}) {
        all.entities = {wrong};
        CHECK(thrown([&] { (void)model.re(note, {}, all); }) == BIOBERT_E_ARGUMENT);
    }
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

TEST_CASE("what a task does not look for is empty") {
    const auto document = shared_model().ner(story);
    CHECK((document.relations().empty() && document.answers().empty() && document.classes().empty()));
    CHECK((document.sentences().empty() && document.tokens().empty() && document.embedding().empty() && document.states().empty()));
    CHECK((document.embedding().rows() == 0 && document.states().rows() == 0));
    CHECK(std::isnan(document.no_answer()));
}

// --------------------------------------------------------------------------------------- batches

TEST_CASE("batches come as any range of strings of either encoding") {
    const auto& model = shared_model();
    const std::size_t count = model.ner(story).entities().size();
    const std::deque<std::string> deque{story, ""};
    const std::array<std::string_view, 2> views{story, ""};
    const std::string_view array[] = {story, {}};
    const std::vector<std::u16string> wide{story16, u""};
    const auto list = {story16, u""s};
    for (const auto& found : {model.ner(deque), model.ner(views), model.ner(array), model.ner(wide), model.ner(list)}) {
        REQUIRE(found.size() == 2);
        CHECK(found[0].entities().size() == count);
        CHECK(found[1].entities().empty());
    }
    const char* pointers[] = {"rash", nullptr};
    CHECK(thrown([&] { (void)model.ner(pointers); }) == BIOBERT_E_ARGUMENT);
    const char16_t* none = nullptr;
    CHECK(thrown([&] { (void)model.ner(none); }) == BIOBERT_E_ARGUMENT);
    char* changeable = nullptr;
    CHECK(thrown([&] { (void)model.ner(changeable); }) == BIOBERT_E_ARGUMENT);
#ifdef __cpp_char8_t
    CHECK(model.ner(u8"rash").entities().size() == model.ner("rash").entities().size());
    CHECK(model.ner(std::vector<std::u8string>{u8"rash"}).size() == 1);
#endif
}

TEST_CASE("empty batches and empty texts have empty results") {
    const auto& model = shared_model();
    const std::vector<std::string> none;
    const std::vector<std::u16string_view> none16;
    CHECK((model.ner(none).empty() && model.re(none16).empty() && model.classify(none, none).empty() && model.embed(none16).empty()));
    for (const auto& document : model.ner(none)) CHECK(document.ok()); // Never comes here.
    CHECK(model.ner(std::string_view()).entities().empty());
    CHECK(model.ner(std::u16string()).entities().empty());
    CHECK(model.qa(biobert::question{}).answers().empty());
}

TEST_CASE("a bad document does not fail the others, and is never silently empty") {
    const auto& model = shared_model();
    const std::vector<std::u16string> notes{story16, u"bad "s + char16_t{0xD83D}, u"rash"};
    const auto found = model.ner(notes);
    CHECK((found[0].ok() && found[2].ok() && !found[1].ok()));
    CHECK(found[1].status() == BIOBERT_E_ENCODING);
    CHECK_FALSE(found[1].message().empty());
    const auto failed = found[1].try_entities();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().message() == found[1].message());
    CHECK(thrown([&] { (void)found[1].entities(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].relations(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].embedding(); }) == BIOBERT_E_ENCODING);
    CHECK(thrown([&] { (void)found[1].states(); }) == BIOBERT_E_ENCODING);
    CHECK(found[3].status() == BIOBERT_E_ARGUMENT);
    CHECK(thrown([&] { (void)found[3].entities(); }) == BIOBERT_E_ARGUMENT);
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
    CHECK_FALSE(found[0].entities().empty());
    const auto document = [] { return biobert::engine().open(bundle).ner(story); }();
    CHECK(document.entities()[0].label == found[0].entities()[0].label);
    const auto entities = [] { return biobert::engine().open(bundle).ner(story).entities(); }();
    CHECK(entities[0].label == document.entities()[0].label);
    const auto first = [] { return biobert::engine().open(bundle).ner(story).entities().begin(); }();
    CHECK(first->label == entities[0].label);
    const auto states = [] { return biobert::engine().open(bundle).embed(story).embedding().row(0); }();
    CHECK(states[0] == shared_model().embed(story).embedding()[0]);
    std::size_t count = 0;
    for (const auto& e : shared_model().ner(story).entities()) count += e.label.empty() ? 0 : 1;
    CHECK(count == entities.size());
    for (const auto& d : *shared_model().try_ner(std::vector<std::string>{story, story})) count -= d.entities().size() / 2;
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
    biobert::detail::source<biobert::entity> source;
    source.data = &spans[0].span, source.count = 3, source.stride = sizeof(longer);
    const biobert::list<biobert::entity> list(owner, source);
    REQUIRE(list.size() == 3);
    CHECK((list[1].start == 10 && list[2].end == 21));
    biobert::detail::source<biobert::relation> pairs;
    pairs.data = &relation, pairs.count = 1, pairs.entities = source;
    CHECK(biobert::list<biobert::relation>(owner, pairs)[0].second.end == 21);
}

TEST_CASE("lists work with algorithms") {
    const auto entities = shared_model().ner(story).entities();
    const auto begin = entities.begin();
    const auto end = entities.end();
    CHECK(end - begin == static_cast<std::ptrdiff_t>(entities.size()));
    CHECK(std::is_sorted(begin, end, [](const auto& a, const auto& b) { return a.start < b.start; }));
    const auto typed = std::find_if(begin, end, [](const auto& e) { return e.head == "typed"; });
    REQUIRE(typed != end);
    CHECK(typed->head == "typed");
    const std::vector<biobert::entity> copy(begin, end);
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
    CHECK(thrown([&] { (void)biobert::engine().sentences(story, options); }) == BIOBERT_E_CANCELLED);
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
                if (found.json() != expected || found[0].entities().size() != model.ner(story).entities().size()) different++;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(different == 0);
    CHECK(entities_seen_elsewhere(model, story) == model.ner(story).entities().size());
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
            const auto bad = (*found)[1].try_entities();
            const auto related = shared_model().try_re(story, run, given);
            const auto asked = shared_model().try_qa(biobert::question16{u"What?", {story16}});
            const auto names = shared_model().try_labels("disease");
            const auto json = found->try_json();
            allocations_left = -1;
            CHECK((!missing && !bad && related && asked && names && json));
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

// terms MODEL_DIRECTORY TERMS_FILE: a terminology is opened, described, verified and asked; entities of notes
// have their codes; and terminologies, options and results go in any order.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <biobert.hpp>

#include <string>
#include <thread>
#include <vector>

namespace {

const char* model_path = nullptr;
const char* terms_path = nullptr;

const std::string note = "Known asthma. Patient with type 2 diabetes mellitus on metformin.";
const std::u16string note16 = u"Known asthma. Patient with type 2 diabetes mellitus on metformin.";

bool holds(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

biobert::extract_options with_terms() {
    biobert::extract_options options;
    options.terms = {biobert::terms::open(terms_path)};
    return options;
}

// The code of the entity that begins with these words; empty if there is none.
std::string code_of(const biobert::document& found, std::string_view words) {
    for (const biobert::entity& e : found.entities()) {
        if (note.compare(e.start, words.size(), words) != 0 || e.links.size() != 1) continue;
        const biobert::link link = e.links[0];
        CHECK(link.system == "TINY");
        const auto given = link.given();
        if (!given) return {};
        CHECK((given->score > 0.9F && given->score <= 1 && !given->name.empty() && given->reason == biobert::reason::case_));
        return std::string(given->code);
    }
    return {};
}

} // namespace

TEST_CASE("a terminology tells of itself and is asked for words") {
    const auto terms = biobert::terms::open(terms_path);
    CHECK(holds(terms.info_json(), "\"TINY\""));
    terms.verify();
    CHECK(holds(biobert::terms::link_json({terms}, "adult-onset diabetes"), "\"T1\""));
    CHECK(holds(biobert::terms::link_json({terms}, "MI", "Disease"), "\"ambiguous\""));
    CHECK(biobert::terms::try_link_json({}, "asthma").error().status() == BIOBERT_E_ARGUMENT);
    CHECK(biobert::terms::try_link_json({terms}, "\xFF").error().status() == BIOBERT_E_ARGUMENT);
    CHECK(biobert::terms::try_open("/no/such").error().status() == BIOBERT_E_NOT_FOUND);
    CHECK(biobert::terms::try_open("tests/cpp/terms.cpp").error().status() == BIOBERT_E_CORRUPT);
    CHECK_THROWS_AS((void)biobert::terms::open("/no/such"), biobert::exception);
}

TEST_CASE("vectors belong to a terminology and to a model") {
    const auto terms = biobert::terms::open(terms_path);
    const auto with = terms.with_vectors("tests/fixtures/terms/tiny.vectors");
    with.verify();
    CHECK(terms.try_with_vectors("/no/such").error().status() == BIOBERT_E_NOT_FOUND);
    CHECK(terms.try_with_vectors("tests/cpp/terms.cpp").error().status() == BIOBERT_E_CORRUPT);
    biobert::extract_options options;
    options.terms = {with};
    const auto found = biobert::engine().open(model_path).extract(note, {}, options);
    CHECK(code_of(found, "asthma") == "T3");
}

TEST_CASE("entities have links with terminologies, and none without") {
    const auto model = biobert::engine().open(model_path);
    const auto options = with_terms();
    for (const auto& found : {model.extract(note, {}, options), model.extract(note16, {}, options)}) {
        CHECK(code_of(found, "asthma") == "T3");
        CHECK(code_of(found, "type 2") == "T1");
        CHECK(code_of(found, "metformin") == "T2");
    }
    for (const auto& e : model.extract(note).entities()) CHECK(e.links.empty());
    CHECK(model.extract(std::vector<std::string>{note, ""}, {}, options).size() == 2);
}

TEST_CASE("terminologies go in any order, while calls run too") {
    const auto links = [] { return biobert::engine().open(model_path).extract(note, {}, with_terms()).entities()[0].links; }();
    CHECK(links[0].given()->code == "T3");

    auto terms = biobert::terms::open(terms_path);
    auto copy = terms;
    const auto moved = std::move(terms);
    CHECK(copy.capi() == moved.capi());
    // NOLINTBEGIN(bugprone-use-after-move): what this is about.
    CHECK(terms.try_info_json().error().status() == BIOBERT_E_ARGUMENT);
    CHECK(terms.try_verify().error().status() == BIOBERT_E_ARGUMENT);
    biobert::extract_options options;
    options.terms = {copy, terms};
    const auto model = biobert::engine().open(model_path);
    CHECK(model.try_extract(note, {}, options).error().status() == BIOBERT_E_ARGUMENT);
    terms = copy;
    copy = biobert::terms::open(terms_path);
    CHECK(terms.capi() == moved.capi());
    // NOLINTEND
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; i++) {
        threads.emplace_back([&model, own = terms] {
            biobert::extract_options mine;
            mine.terms = {own};
            CHECK(code_of(model.extract(note, {}, mine), "asthma") == "T3");
        });
    }
    terms = copy;
    for (auto& thread : threads) thread.join();
}

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    model_path = argv[1];
    terms_path = argv[2];
    return doctest::Context(0, nullptr).run();
}

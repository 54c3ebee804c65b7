// fill MODEL_DIRECTORY OTHER_DIRECTORY: masks in both forms of text, from a model that kept its
// masked-language head; and what one that did not says.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <biobert.hpp>

#include <cstdlib>
#include <string>
#include <vector>

namespace {

const char* with_head = nullptr;
const char* without_head = nullptr;

const std::string text = "\xF0\x9F\x98\x80 [MASK] with fever [MASK]";
const std::u16string text16 = u"\U0001F600 [MASK] with fever [MASK]";

} // namespace

TEST_CASE("masks have candidates, the most probable first") {
    const biobert::model model = biobert::engine().open(with_head);
    CHECK(model.mask_token() == "[MASK]");
    const auto masks = model.fill(text).masks();
    REQUIRE(masks.size() == 2);
    CHECK(text.substr(masks[1].start, masks[1].end - masks[1].start) == "[MASK]");
    for (const biobert::mask& mask : masks) {
        REQUIRE(mask.candidates.size() == 5);
        float last = 1;
        for (const biobert::candidate& candidate : mask.candidates) {
            CHECK((candidate.score > 0 && candidate.score <= last));
            last = candidate.score;
        }
    }
    CHECK(masks[0].candidates[0].token == "##3");
    CHECK(masks[0].candidates[0].id == 70);
    CHECK(masks[1].candidates[0].token == "##f");
    biobert::fill_options two;
    two.top_k = 2;
    const auto wide = model.fill(text16, {}, two).masks();
    CHECK(wide[0].start == 3);
    CHECK(wide[1].candidates.size() == 2);
    CHECK(wide[0].candidates[0].score == masks[0].candidates[0].score);
    // What a list holds outlives the document and the model.
    const auto kept = [] { return biobert::engine().open(with_head).fill(text).masks()[1].candidates; }();
    CHECK(kept[0].token == "##f");
    CHECK(model.fill(std::vector<std::string>{text, text}).size() == 2);
}

TEST_CASE("what cannot be filled is said") {
    const biobert::engine engine;
    const biobert::model model = engine.open(with_head);
    const auto found = model.fill(std::vector<std::string>{"no mask", text});
    CHECK(found[0].status() == BIOBERT_E_ARGUMENT);
    CHECK(!found[0].try_masks());
    CHECK(found[1].masks().size() == 2);
    CHECK(model.try_fill("no mask").error().status() == BIOBERT_E_ARGUMENT);
    biobert::run_options heads;
    heads.heads = {"disease"};
    CHECK(model.try_fill(text, heads).error().status() == BIOBERT_E_ARGUMENT);
    const biobert::model other = engine.open(without_head);
    CHECK(other.mask_token().empty());
    CHECK(other.try_fill(text).error().status() == BIOBERT_E_NOT_FOUND);
}

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    with_head = argv[1];
    without_head = argv[2];
    return doctest::Context(0, nullptr).run();
}

// Teaches a model a kind of entity from ten sentences, and finds it in a note, from C++.
//
//   teach MODEL_DIRECTORY
//
// Ten sentences show how it is done; for a head that can be relied on, mark some hundreds.
#include <biobert.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct sentence {
    std::string_view text;
    std::string_view part; // Of the body, where the sentence names one.
};

constexpr sentence sentences[] = {
    {"Pain in the left knee since Monday.", "left knee"},
    {"Swelling of her right ankle after a fall.", "right ankle"},
    {"The liver was enlarged.", "liver"},
    {"No lesion of the spine was seen.", "spine"},
    {"She was given aspirin.", {}},
    {"Biopsy of the left kidney was done.", "left kidney"},
    {"Weakness of his right arm.", "right arm"},
    {"We examined the femoral artery.", "femoral artery"},
    {"On metformin and lisinopril.", {}},
    {"Redness of the left eye and discharge.", "left eye"},
};

constexpr std::string_view note = "Swelling of his left ankle for two weeks. Started ibuprofen. No lesion of the liver.";

void run(const char* model_directory) {
    const biobert::engine engine;
    const biobert::model model = engine.open(model_directory);

    // Sentences without a part of the body belong to the examples: they show what is none.
    biobert::trainer_options options;
    options.preset = biobert::preset::fast;
    biobert::trainer trainer(model, biobert::task::ner, options);
    for (const auto& [text, part] : sentences) {
        std::vector<biobert::mark> marks;
        if (!part.empty()) marks.push_back({text.find(part), text.find(part) + part.size(), "Site"});
        trainer.add_ner(text, marks);
    }
    trainer.fit();

    // `trainer.head().save(directory)` would keep it, `biobert::head::open(directory)` fetch it again.
    const biobert::model taught = model.with_head(trainer.head(), "site");
    biobert::run_options both;
    both.heads = {"site", "chemical"};
    for (const auto& e : taught.ner(note, both).spans()) {
        std::printf("%s\t%s\n", std::string(e.label).c_str(), std::string(note.substr(e.start, e.end - e.start)).c_str());
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s MODEL_DIRECTORY\n", argv[0]);
        return 2;
    }
    try {
        run(argv[1]);
    } catch (const biobert::exception& e) {
        std::fprintf(stderr, "%s: %s\n", e.name(), e.what());
        return 1;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}

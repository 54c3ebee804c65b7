// What a clinical note says, and an answered question, from C++.
//
//   notes MODEL_DIRECTORY [NOTE_FILE]
//
// Without a file it reads a note of its own. The note is a std::string of UTF-8, so offsets count
// bytes and can be given to substr as they are.
#include <biobert.hpp>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view own_note = "Pt with type 2 diabetes mellitus was started on metformin 500 mg BID. "
                                      "Denies chest pain. Developed hives after amoxicillin; settled with loratadine. "
                                      "Sister had breast cancer.";

std::string read_file(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) throw std::runtime_error(std::string("cannot read ") + path);
    return text;
}

// Whether the patient has it.
const char* said(const std::optional<biobert::assertion_value>& value) {
    if (!value) return "not assessed";
    switch (*value) {
    case biobert::assertion_value::present: return "present";
    case biobert::assertion_value::absent: return "absent";
    case biobert::assertion_value::possible: return "possible";
    case biobert::assertion_value::historical: return "historical";
    case biobert::assertion_value::other_person: return "other person";
    }
    return "?";
}

// The text between the offsets of an entity, a cue or an answer.
template <class Span>
std::string text(std::string_view note, const Span& span) {
    return std::string(note.substr(span.start, span.end - span.start));
}

void run(const char* model_directory, const std::string& note) {
    // An engine and a model are opened once and shared by all threads of a program.
    const biobert::engine engine;
    const biobert::model model = engine.open(model_directory);

    // One text gives one document; a vector of texts would give the results of a batch.
    const auto document = model.extract(note);
    for (const auto& e : document.entities()) {
        // Whether the patient has it, what it is, attributes such as a dose, and the words that say so.
        const auto value = e.assertion ? std::optional(e.assertion->value) : std::nullopt;
        std::printf("%-13s%-10s %s", said(value), std::string(e.label).c_str(), text(note, e).c_str());
        for (const auto& a : e.attributes) std::printf(" | %s", text(note, a).c_str());
        if (e.assertion && e.assertion->cue) std::printf("  [%s]", text(note, *e.assertion->cue).c_str());
        std::printf("\n");
    }

    std::printf("\n");
    for (const auto& r : document.relations()) {
        std::printf("%-13s%s -> %s -> %s  %.2f\n", said(r.assertion), text(note, r.first).c_str(), std::string(r.text).c_str(),
                    text(note, r.second).c_str(), double{r.score});
    }

    const biobert::question question{"What was started?", {note}};
    const auto answers = model.qa(question).answers();
    std::printf("\n%s\n", std::string(question.question).c_str());
    if (!answers.empty()) std::printf("%s  (score %.1f)\n", text(note, answers[0]).c_str(), double{answers[0].score});
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: %s MODEL_DIRECTORY [NOTE_FILE]\n", argv[0]);
        return 2;
    }
    try {
        run(argv[1], argc > 2 ? read_file(argv[2]) : std::string(own_note));
    } catch (const biobert::exception& e) {
        std::fprintf(stderr, "%s: %s\n", e.name(), e.what());
        return 1;
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}

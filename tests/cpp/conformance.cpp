// The conformance file through C++:  conformance MODEL CASES
//
// Prints what tests/conformance/README.md describes. Every case runs as UTF-16 and, where its texts
// can be written in it, as UTF-8, which must give the same.
#include <biobert.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

namespace {

using nlohmann::json;

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

// A text of the file in UTF-16: `{XXXX}` is that unit.
std::u16string units(const std::string& text, std::size_t repeat = 1) {
    std::u16string once;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '{' && i + 5 < text.size() && text[i + 5] == '}' &&
            text.find_first_not_of("0123456789abcdefABCDEF", i + 1) == i + 5) {
            once += static_cast<char16_t>(std::stoul(text.substr(i + 1, 4), nullptr, 16));
            i += 6;
            continue;
        }
        const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
        char32_t scalar = length == 1 ? byte : byte & (0xFFU >> (length + 1));
        for (std::size_t k = 1; k < length; k++) scalar = (scalar << 6) | (static_cast<unsigned char>(text.at(i + k)) & 0x3FU);
        if (scalar < 0x10000) {
            once += static_cast<char16_t>(scalar);
        } else {
            once += static_cast<char16_t>(0xD800 + ((scalar - 0x10000) >> 10));
            once += static_cast<char16_t>(0xDC00 + ((scalar - 0x10000) & 0x3FF));
        }
        i += length;
    }
    std::u16string all;
    while (repeat-- > 0) all += once;
    return all;
}

// UTF-16 as UTF-8; nothing if it has a lone surrogate.
std::optional<std::string> utf8(const std::u16string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i++) {
        char32_t scalar = text[i];
        if (scalar >= 0xD800 && scalar < 0xE000) {
            if (scalar >= 0xDC00 || i + 1 == text.size() || text[i + 1] < 0xDC00 || text[i + 1] > 0xDFFF) return std::nullopt;
            scalar = 0x10000 + ((scalar - 0xD800) << 10) + (text[++i] - 0xDC00U);
        }
        const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((scalar >> shift) & 0x3F)); };
        if (scalar < 0x80) {
            out += static_cast<char>(scalar);
        } else if (scalar < 0x800) {
            out += static_cast<char>(0xC0 | (scalar >> 6)), tail(0);
        } else if (scalar < 0x10000) {
            out += static_cast<char>(0xE0 | (scalar >> 12)), tail(6), tail(0);
        } else {
            out += static_cast<char>(0xF0 | (scalar >> 18)), tail(12), tail(6), tail(0);
        }
    }
    return out;
}

std::string bits(float number) {
    std::uint32_t bits = 0x7fc00000;
    if (!std::isnan(number)) std::memcpy(&bits, &number, sizeof bits);
    char text[9];
    std::snprintf(text, sizeof text, "%08x", bits);
    return text;
}

// A question and its passages.
template <class String>
struct asked {
    String question;
    std::vector<String> passages;
};

// The texts of a case in one encoding.
template <class String>
struct all_texts {
    std::vector<String> docs, seconds;
    std::vector<asked<String>> questions;
};

all_texts<std::u16string> texts_of(const json& test) {
    all_texts<std::u16string> texts;
    const std::size_t repeat = test.value("repeat", std::size_t{1});
    for (const json& doc : test.value("docs", json::array())) texts.docs.push_back(units(doc, repeat));
    for (const json& second : test.value("seconds", json::array())) texts.seconds.push_back(units(second));
    for (const json& question : test.value("questions", json::array())) {
        texts.questions.push_back({units(question.at("question")), {}});
        for (const json& passage : question.at("passages")) texts.questions.back().passages.push_back(units(passage, repeat));
    }
    return texts;
}

std::optional<all_texts<std::string>> as_utf8(const all_texts<std::u16string>& wide) {
    all_texts<std::string> texts;
    bool valid = true;
    const auto convert = [&](const std::u16string& text) {
        auto converted = utf8(text);
        valid = valid && converted;
        return std::move(converted).value_or("");
    };
    for (const auto& doc : wide.docs) texts.docs.push_back(convert(doc));
    for (const auto& second : wide.seconds) texts.seconds.push_back(convert(second));
    for (const auto& question : wide.questions) {
        texts.questions.push_back({convert(question.question), {}});
        for (const auto& passage : question.passages) texts.questions.back().passages.push_back(convert(passage));
    }
    if (!valid) return std::nullopt;
    return texts;
}

biobert::run_options run_options_of(const json& test, const std::string& unit) {
    biobert::run_options options;
    options.unit = unit == "utf8"      ? biobert::offset_unit::utf8_bytes
                   : unit == "scalars" ? biobert::offset_unit::unicode_scalars
                   : unit == "utf16"   ? biobert::offset_unit::utf16_units
                                       : (fail("unit " + unit), biobert::offset_unit::own);
    options.heads = test.value("heads", std::vector<std::string>());
    if (test.value("replace", false)) options.invalid_text = biobert::invalid_text::replace;
    const auto markup = test.value("markup", std::string("none"));
    if (markup == "entities") options.markup = biobert::markup::entities;
    else if (markup == "hl7") options.markup = biobert::markup::hl7;
    else if (markup != "none") throw std::runtime_error("markup " + markup);
    return options;
}

biobert::re_options re_options_of(const json& test) {
    biobert::re_options options;
    options.unrelated = test.value("unrelated", false);
    if (test.contains("entities")) {
        options.entities.emplace();
        for (const json& e : test["entities"]) options.entities->push_back({e.at("doc"), e.at("start"), e.at("end"), e.at("kind")});
    }
    return options;
}

biobert::embed_options embed_options_of(const json& test) {
    biobert::embed_options options;
    const std::string pooling = test.value("pooling", "mean");
    options.pooling = biobert::pooling::mean;
    if (pooling == "cls") options.pooling = biobert::pooling::cls;
    else if (pooling == "model") options.pooling = biobert::pooling::model;
    else if (pooling != "mean") fail("pooling " + pooling);
    if (test.contains("layer")) options.layer = test["layer"].get<std::uint32_t>();
    options.normalize = test.value("normalize", false);
    options.tokens = test.value("tokens", false);
    return options;
}

biobert::extract_options extract_options_of(const json& test) {
    const std::string judges = test.value("judges", "all");
    return {judges == "all"     ? biobert::judges::all
            : judges == "head"  ? biobert::judges::head
            : judges == "rules" ? biobert::judges::rules
            : judges == "none"  ? biobert::judges::none
                                : (fail("judges " + judges), biobert::judges::all)};
}

template <class String>
biobert::expected<biobert::results> run(const biobert::engine& engine, const biobert::model& model, const json& test,
                                        const all_texts<String>& texts, const biobert::run_options& options) {
    using view = std::basic_string_view<typename String::value_type>;
    const std::string task = test.at("task");
    if (task == "ner") return model.try_ner(texts.docs, options);
    if (task == "re") return model.try_re(texts.docs, options, re_options_of(test));
    if (task == "qa") {
        std::vector<biobert::basic_question<view>> questions;
        for (const auto& question : texts.questions) {
            questions.push_back({question.question, {question.passages.begin(), question.passages.end()}});
        }
        return model.try_qa(questions, options, {test.value("top", 0U), test.value("max_tokens", 0U), test.value("pool", false), test.value("threshold", 0.0F)});
    }
    if (task == "classify" && test.contains("seconds")) return model.try_classify(texts.docs, texts.seconds, options);
    if (task == "classify") return model.try_classify(texts.docs, options);
    if (task == "embed") return model.try_embed(texts.docs, options, embed_options_of(test));
    if (task == "sentences") return engine.try_sentences(texts.docs, options);
    if (task == "sections") return engine.try_sections(texts.docs, options);
    if (task == "extract") return model.try_extract(texts.docs, options, extract_options_of(test));
    fail("task " + task);
}

std::string optional(const std::optional<std::size_t>& number) { return number ? std::to_string(*number) : "-"; }

std::string bits(const std::optional<double>& number) {
    if (!number) return "-";
    std::uint64_t bits = 0;
    std::memcpy(&bits, &*number, sizeof bits);
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(bits));
    return text;
}

// A value's number in the header, where 0 is none.
template <class Enum>
int number(const std::optional<Enum>& value) {
    return value ? static_cast<int>(*value) : 0;
}

void print_note(std::ostream& out, const biobert::document& document) {
    for (const auto& s : document.sections()) {
        out << "section\t" << s.start << '\t' << s.end << '\t' << s.title.start << '\t' << s.title.end << '\t' << optional(s.parent)
            << '\t' << s.name << '\t' << s.loinc.value_or("") << '\n';
    }
    for (const auto& e : document.entities()) {
        out << "finding\t" << e.start << '\t' << e.end << '\t' << e.label << '\t' << e.head << '\t' << bits(e.score) << '\t'
            << optional(e.section) << '\t' << e.expansion.value_or("") << '\n';
        if (e.assertion) {
            const auto& [value, category, score, cue] = *e.assertion;
            out << "assertion\t" << static_cast<int>(value) << '\t' << number(category) << '\t' << bits(score) << '\t'
                << (cue ? std::to_string(cue->start) : "-") << '\t' << (cue ? std::to_string(cue->end) : "-") << '\n';
        }
        for (const auto& a : e.also) out << "also\t" << a.label << '\t' << a.head << '\t' << bits(a.score) << '\n';
        for (const auto& a : e.attributes) {
            out << "attribute\t" << static_cast<int>(a.kind) << '\t' << a.start << '\t' << a.end << '\t' << bits(a.low) << '\t'
                << bits(a.high) << '\t' << a.comparator.value_or("") << '\t' << a.unit.value_or("") << '\t' << a.step << '\t'
                << (a.parsed ? 1 : 0) << '\n';
        }
    }
}

void print_document(std::ostream& out, const biobert::document& document, const std::string& task) {
    for (const auto& e : document.spans()) {
        out << "entity\t" << e.start << '\t' << e.end << '\t' << e.label << '\t' << e.head << '\t' << bits(e.score) << '\n';
    }
    for (const auto& r : document.relations()) {
        out << "relation\t" << r.first_index << '\t' << r.second_index << '\t' << r.label << '\t' << r.text << '\t' << r.head << '\t'
            << bits(r.score) << '\t' << number(r.assertion) << '\n';
    }
    for (const auto& a : document.answers()) {
        out << "answer\t" << a.passage << '\t' << a.start << '\t' << a.end << '\t' << a.head << '\t' << bits(a.score) << '\t'
            << bits(a.probability) << '\n';
    }
    if (task == "qa") out << "no_answer\t" << bits(document.no_answer()) << '\n';
    for (const auto& c : document.classes()) {
        out << "class\t" << c.label << '\t' << c.text << '\t' << c.head << '\t' << bits(c.score) << '\t' << (c.holds ? 1 : 0) << '\n';
    }
    for (const auto& s : document.sentences()) out << "sentence\t" << s.start << '\t' << s.end << '\n';
    const auto states = document.states();
    std::size_t row = 0;
    for (const auto& t : document.tokens()) out << "token\t" << t.start << '\t' << t.end << '\t' << bits(states.row(row++)[0]) << '\n';
    if (task == "embed") {
        char divider = '\t';
        out << "embedding";
        for (const float number : document.embedding()) out << std::exchange(divider, ' ') << bits(number);
        out << '\n';
    }
    print_note(out, document);
}

std::string lines(const biobert::expected<biobert::results>& found, const std::string& task) {
    std::ostringstream out;
    if (!found) {
        out << "failed\t" << found.error().status() << '\t' << found.error().message() << '\n';
        return out.str();
    }
    std::size_t index = 0;
    for (const auto& document : *found) {
        const int flags = document.windowed() * BIOBERT_DOC_WINDOWED + document.truncated() * BIOBERT_DOC_TRUNCATED +
                          document.replaced_invalid() * BIOBERT_DOC_REPLACED_INVALID;
        out << "doc\t" << index++ << '\t' << document.status() << '\t' << flags << '\t' << document.message() << '\n';
        if (document.ok()) print_document(out, document, task);
    }
    return out.str();
}

// Whether the case could be run in UTF-8 too.
bool run_case(const biobert::engine& engine, const biobert::model& model, const json& test) {
    static const std::set<std::string> known{"name", "task", "unit", "heads", "replace", "markup", "repeat", "docs", "seconds", "entities",
                                             "unrelated", "questions", "top", "max_tokens", "pool", "threshold", "pooling", "layer", "normalize", "tokens", "judges"};
    for (const auto& item : test.items()) {
        if (known.count(item.key()) == 0) fail("field " + item.key());
    }
    const std::string name = test.at("name"), task = test.at("task");
    const auto wide = texts_of(test);
    const auto narrow = as_utf8(wide);
    std::vector<std::string> wanted{"utf8", "scalars", "utf16"};
    if (test.contains("unit")) wanted = {test["unit"].get<std::string>()};
    for (const std::string& unit : wanted) {
        const auto options = run_options_of(test, unit);
        const std::string found = lines(run(engine, model, test, wide, options), task);
        if (narrow && lines(run(engine, model, test, *narrow, options), task) != found) fail(name + " differs in UTF-8, unit " + unit);
        std::cout << "case\t" << name << '\t' << unit << '\n' << found;
    }
    return narrow.has_value();
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    try {
        const json file = json::parse(std::ifstream(argv[2]));
        const biobert::engine engine;
        const biobert::model model = engine.open(argv[1]);
        int cases = 0, narrow = 0;
        for (const json& test : file.at("cases")) cases++, narrow += run_case(engine, model, test);
        std::cerr << cases << " cases, " << narrow << " of them in UTF-8 too\n";
    } catch (const std::exception& e) {
        std::cerr << "conformance: " << e.what() << '\n';
        return 1;
    }
}

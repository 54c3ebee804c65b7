// A second translation unit with the header.
#include <biobert.hpp>

std::size_t entities_seen_elsewhere(const biobert::model& model, const std::string& note);

std::size_t entities_seen_elsewhere(const biobert::model& model, const std::string& note) {
    return model.ner(note).entities().size();
}

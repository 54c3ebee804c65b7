// A second translation unit with the header, and memory that can be made to run out.
#include <biobert.hpp>

#include <cstdlib>
#include <new>

std::size_t entities_seen_elsewhere(const biobert::model& model, const std::string& note);

std::size_t entities_seen_elsewhere(const biobert::model& model, const std::string& note) {
    return model.ner(note).spans().size();
}

// How many allocations of this thread succeed before one fails; below 0, all do.
extern thread_local int allocations_left;
thread_local int allocations_left = -1;

void* operator new(std::size_t size) {
    void* memory = allocations_left == 0 ? nullptr : std::malloc(size);
    if (allocations_left > 0) allocations_left--;
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

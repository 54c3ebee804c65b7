// What a call costs from C++:  call MODEL CALLS
//
// Prints the median time of a call in microseconds: entities of one sentence in UTF-16, every result
// read. One thread, after 200 calls that are not counted.
#include <biobert.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace {

constexpr std::u16string_view sentence =
    u"Urine culture grew Escherichia coli and she was started on nitrofurantoin for cystitis on day three.";

// One call; something of every entity, so that nothing can be left out.
std::size_t call(const biobert::model& model) {
    std::size_t sum = 0;
    for (const auto& e : model.ner(sentence).spans()) {
        sum += e.start + e.end + e.label.size() + static_cast<unsigned char>(e.label[0]);
    }
    return sum;
}

} // namespace

int main(int argc, char** argv) {
    const std::size_t calls = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
    if (calls == 0) {
        std::fprintf(stderr, "usage: %s MODEL CALLS\n", argv[0]);
        return 2;
    }
    try {
        const biobert::model model = biobert::engine().open(argv[1]);
        const std::size_t expected = call(model);
        for (int i = 1; i < 200; i++) call(model);
        std::vector<double> times;
        while (times.size() < calls) {
            const auto start = std::chrono::steady_clock::now();
            const std::size_t sum = call(model);
            times.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
            if (sum != expected || sum == 0) throw std::runtime_error("the calls differ");
        }
        std::sort(times.begin(), times.end());
        std::printf("%.2f\n", times[calls / 2]);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}

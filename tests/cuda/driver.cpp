// A driver of CUDA for machines without a GPU: the calls that the library makes, on the emulator of
// simt.h with the library's own kernels. Built as libcuda.so.1 and found through LD_LIBRARY_PATH.
//
// Device memory ends where a page ends that nobody may touch, and begins as garbage. Streams do what they
// are given as late as they may, when somebody waits for them: what was freed too early is missed then. A
// capture keeps it for its graph. The functions mock_… are for the tests: they
// make a call fail, choose the card, and tell what has not been given back.

#define SIMT_EMULATOR
#include "../../kernels/cuda/kernels.cu"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <sys/mman.h>
#include <tuple>
#include <unistd.h>

namespace {

using Result = int;
using Pointer = unsigned long long;

constexpr Result SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, INVALID_CONTEXT = 201,
                 NO_IMAGE = 209, INVALID_HANDLE = 400, NOT_FOUND = 500;

/// A kernel with its arguments still to come.
using Kernel = std::function<std::function<void()>(void**)>;

template <typename... Arguments, size_t... Places>
Kernel kernel_of(void (*function)(Arguments...), std::index_sequence<Places...>) {
    return [=](void** given) {
        auto arguments = std::make_tuple(*static_cast<Arguments*>(given[Places])...);
        return [=] { std::apply(function, arguments); };
    };
}

template <typename... Arguments>
Kernel kernel_of(void (*function)(Arguments...)) {
    return kernel_of(function, std::index_sequence_for<Arguments...>{});
}

const std::map<std::string, Kernel>& kernels() {
#define NAMED(name) {#name, kernel_of(name)}
    static const std::map<std::string, Kernel> all = {
        NAMED(embed), NAMED(add_norm), NAMED(quantize), NAMED(linear_128), NAMED(linear_128_gelu),
        NAMED(linear_64), NAMED(linear_64_gelu), NAMED(linear_32), NAMED(linear_32_gelu),
        NAMED(pack), NAMED(attend_32), NAMED(attend_64),
        NAMED(attend_96), NAMED(attend_128),
    };
    return all;
}

struct Stream {
    bool captures = false;
    std::vector<std::function<void()>> captured, pending;

    void work() {
        for (const auto& step : pending) step();
        pending.clear();
    }
};

struct Graph {
    std::vector<std::function<void()>> steps;
};

struct Mapping {
    void* pages;
    size_t bytes, size;
};

std::recursive_mutex lock;
std::map<Pointer, Mapping> device_memory;
std::set<Stream*> streams;
long live[5] = {};
enum { CONTEXTS, MODULES, STREAMS, HOST, GRAPHS };
size_t device_bytes = 0, device_most = 0;
size_t capacity = size_t{8} << 30;
int devices = 1, major = 9, minor = 0, version = 12080;
long calls = 0, fails_at = 0;
Result fails_with = 0;
bool fails_for_good = false;
const char* failed_call = "";
thread_local void* current_context = nullptr;
char context;

/// Whether this call is the one that has to fail.
Result begun(const char* name) {
    calls++;
    if (fails_at != 0 && (calls == fails_at || (fails_for_good && calls > fails_at))) {
        if (calls == fails_at) failed_call = name;
        return fails_with;
    }
    return SUCCESS;
}

#define BEGIN                                                                                      \
    std::lock_guard<std::recursive_mutex> guard(lock);                                             \
    if (Result result = begun(__func__)) return result

/// The same for what needs a context.
#define BEGIN_ON_CARD                                                                              \
    BEGIN;                                                                                         \
    if (current_context != &context) return INVALID_CONTEXT

void later(void* stream, std::function<void()> step) {
    auto* of = static_cast<Stream*>(stream);
    (of->captures ? of->captured : of->pending).push_back(std::move(step));
}

}  // namespace

extern "C" {

Result cuInit(unsigned) {
    BEGIN;
    return SUCCESS;
}

Result cuDriverGetVersion(int* out) {
    BEGIN;
    *out = version;
    return SUCCESS;
}

Result cuDeviceGetCount(int* out) {
    BEGIN;
    *out = devices;
    return SUCCESS;
}

Result cuDeviceGet(int* out, int ordinal) {
    BEGIN;
    if (ordinal >= devices) return 101;
    *out = ordinal;
    return SUCCESS;
}

Result cuDeviceGetName(char* out, int length, int) {
    BEGIN;
    std::snprintf(out, length, "Emulated GPU");
    return SUCCESS;
}

Result cuDeviceGetAttribute(int* out, int attribute, int) {
    BEGIN;
    switch (attribute) {
        case 16: *out = 20; break;         // multiprocessors
        case 75: *out = major; break;      // compute capability
        case 76: *out = minor; break;
        case 97: *out = 227 << 10; break;  // shared memory that a block may ask for
        default: *out = 0;                 // no memory pools
    }
    return SUCCESS;
}

Result cuDevicePrimaryCtxRetain(void** out, int) {
    BEGIN;
    live[CONTEXTS]++;
    *out = &context;
    return SUCCESS;
}

Result cuDevicePrimaryCtxRelease_v2(int) {
    BEGIN;
    live[CONTEXTS]--;
    return SUCCESS;
}

Result cuCtxSetCurrent(void* of) {
    BEGIN;
    current_context = of;
    return SUCCESS;
}

Result cuCtxGetCurrent(void** out) {
    BEGIN;
    *out = current_context;
    return SUCCESS;
}

Result cuMemAlloc_v2(Pointer* out, size_t size) {
    BEGIN_ON_CARD;
    if (size == 0) return INVALID_VALUE;
    if (device_bytes + size > capacity) return OUT_OF_MEMORY;
    size_t page = sysconf(_SC_PAGESIZE), used = (size + 15) / 16 * 16;
    size_t bytes = (used + page - 1) / page * page + page;
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return OUT_OF_MEMORY;
    char* end = static_cast<char*>(pages) + bytes - page;
    mprotect(end, page, PROT_NONE);
    std::memset(end - used, 0xFF, used);
    *out = reinterpret_cast<Pointer>(end - used);
    device_memory[*out] = {pages, bytes, size};
    device_bytes += size;
    device_most = std::max(device_most, device_bytes);
    return SUCCESS;
}

Result cuMemFree_v2(Pointer pointer) {
    BEGIN_ON_CARD;
    auto found = device_memory.find(pointer);
    if (found == device_memory.end()) return INVALID_VALUE;
    munmap(found->second.pages, found->second.bytes);
    device_bytes -= found->second.size;
    device_memory.erase(found);
    return SUCCESS;
}

Result cuMemHostAlloc(void** out, size_t size, unsigned) {
    BEGIN_ON_CARD;
    *out = std::malloc(size);
    live[HOST]++;
    return SUCCESS;
}

Result cuMemFreeHost(void* pointer) {
    BEGIN_ON_CARD;
    std::free(pointer);
    live[HOST]--;
    return SUCCESS;
}

Result cuMemcpyHtoD_v2(Pointer to, const void* from, size_t size) {
    BEGIN_ON_CARD;
    std::memcpy(reinterpret_cast<void*>(to), from, size);
    return SUCCESS;
}

Result cuMemcpyHtoDAsync_v2(Pointer to, const void* from, size_t size, void* stream) {
    BEGIN_ON_CARD;
    later(stream, [=] { std::memcpy(reinterpret_cast<void*>(to), from, size); });
    return SUCCESS;
}

Result cuMemcpyDtoHAsync_v2(void* to, Pointer from, size_t size, void* stream) {
    BEGIN_ON_CARD;
    later(stream, [=] { std::memcpy(to, reinterpret_cast<void*>(from), size); });
    return SUCCESS;
}

Result cuStreamCreate(void** out, unsigned) {
    BEGIN_ON_CARD;
    auto* stream = new Stream;
    streams.insert(stream);
    *out = stream;
    live[STREAMS]++;
    return SUCCESS;
}

Result cuStreamDestroy_v2(void* stream) {
    BEGIN_ON_CARD;
    auto* of = static_cast<Stream*>(stream);
    of->work();
    streams.erase(of);
    delete of;
    live[STREAMS]--;
    return SUCCESS;
}

Result cuStreamSynchronize(void* stream) {
    BEGIN_ON_CARD;
    static_cast<Stream*>(stream)->work();
    return SUCCESS;
}

Result cuCtxSynchronize() {
    BEGIN_ON_CARD;
    for (Stream* stream : streams) stream->work();
    return SUCCESS;
}

Result cuStreamBeginCapture_v2(void* stream, int) {
    BEGIN_ON_CARD;
    static_cast<Stream*>(stream)->captures = true;
    return SUCCESS;
}

Result cuStreamEndCapture(void* stream, void** out) {
    auto* of = static_cast<Stream*>(stream);
    of->captures = false;
    auto* graph = new Graph{std::move(of->captured)};
    of->captured.clear();
    std::lock_guard<std::recursive_mutex> guard(lock);
    if (Result result = begun(__func__)) {
        delete graph;
        return result;
    }
    live[GRAPHS]++;
    *out = graph;
    return SUCCESS;
}

Result cuGraphInstantiateWithFlags(void** out, void* graph, unsigned long long) {
    BEGIN_ON_CARD;
    *out = new Graph(*static_cast<Graph*>(graph));
    live[GRAPHS]++;
    return SUCCESS;
}

Result cuGraphLaunch(void* graph, void* stream) {
    BEGIN_ON_CARD;
    for (const auto& step : static_cast<Graph*>(graph)->steps) later(stream, step);
    return SUCCESS;
}

Result cuGraphDestroy(void* graph) {
    BEGIN_ON_CARD;
    delete static_cast<Graph*>(graph);
    live[GRAPHS]--;
    return SUCCESS;
}

Result cuGraphExecDestroy(void* graph) {
    BEGIN_ON_CARD;
    delete static_cast<Graph*>(graph);
    live[GRAPHS]--;
    return SUCCESS;
}

Result cuModuleLoadData(void** out, const void* image) {
    BEGIN_ON_CARD;
    bool is_cubin = std::memcmp(image, "\x7F" "ELF", 4) == 0;
    bool is_ptx = std::memcmp(image, "//", 2) == 0;
    if (!is_cubin && !is_ptx) return NO_IMAGE;
    live[MODULES]++;
    *out = &live[MODULES];
    return SUCCESS;
}

Result cuModuleUnload(void*) {
    BEGIN_ON_CARD;
    live[MODULES]--;
    return SUCCESS;
}

Result cuModuleGetFunction(void** out, void*, const char* name) {
    BEGIN_ON_CARD;
    auto found = kernels().find(name);
    if (found == kernels().end()) return NOT_FOUND;
    *out = const_cast<Kernel*>(&found->second);
    return SUCCESS;
}

Result cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                      unsigned bz, unsigned shared, void* stream, void** arguments, void**) {
    BEGIN_ON_CARD;
    if (gx == 0 || gy == 0 || gz == 0 || gy > 65535 || gz > 65535) return INVALID_VALUE;
    if (shared > simt::SHARED) return INVALID_VALUE;
    std::function<void()> kernel = (*static_cast<Kernel*>(function))(arguments);
    later(stream, [=] { simt::run({gx, gy, gz}, {bx, by, bz}, shared, kernel); });
    return SUCCESS;
}

Result cuGetErrorName(Result, const char** out) {
    *out = "CUDA_ERROR_OF_THE_TEST";
    return SUCCESS;
}

Result cuGetErrorString(Result, const char** out) {
    *out = "an error of the test";
    return SUCCESS;
}

/// Makes call number `at` from now on fail with a code, and all after it if it is for good; 0: none.
/// Leaves the thread without a context.
void mock_fail(long at, int code, bool for_good) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    calls = 0;
    fails_at = at;
    fails_with = code;
    fails_for_good = for_good;
    failed_call = "";
    current_context = nullptr;
}

long mock_calls() { return calls; }
const char* mock_failed_call() { return failed_call; }

/// Chooses how many cards there are and what they can do, and the driver's version. Forgets what has not
/// been given back: nobody may use it any more.
void mock_card(int count, int of_major, int of_minor, int of_version, size_t memory) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    devices = count;
    major = of_major;
    minor = of_minor;
    version = of_version;
    capacity = memory;
    std::fill(std::begin(live), std::end(live), 0);
    for (Stream* stream : streams) stream->pending.clear();
    for (const auto& [pointer, mapping] : device_memory) munmap(mapping.pages, mapping.bytes);
    device_memory.clear();
    device_bytes = device_most = 0;
}

/// What has not been given back: contexts, modules, streams, host memory, graphs, bytes.
void mock_live(long* out) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    for (int at = 0; at < 5; at++) out[at] = live[at];
    out[5] = static_cast<long>(device_bytes);
}

/// The most bytes of device memory that were taken at a time since the card was chosen.
long mock_most_bytes() { return static_cast<long>(device_most); }

}  // extern "C"

// biobert for C++17: what a clinical note says, and entities, relations, answers, classes and embeddings
// from biomedical and clinical text. Header-only, over biobert.h, whose rules hold here too. examples/cpp/notes.cpp is a
// program to start from; examples/cpp/teach.cpp trains a head.
//
// ERRORS. What can fail has two forms: `ner` throws `biobert::exception`, `try_ner` returns
// `biobert::expected`. The `try_` forms throw nothing but std::bad_alloc and what a function of yours
// throws that they call; without exceptions (-fno-exceptions) only they are there. A bad document does
// not fail its batch: it has its own status, and asking for its entities and so on is an error.
// Messages never contain any text of a document.
//
// LIFETIME. `engine`, `model`, `head`, `trainer` and `cancel` are move-only and may go in any order: a
// model keeps its engine and its heads, a trainer its model, a result needs none of them. `results`,
// `document` and the lists are small copyable values that share the native result and keep it alive;
// only the std::string_view fields of an element are borrowed from it. An object that was moved from
// is empty, and using it is no crash: `results` and the lists have no elements, `cancel::trigger` does
// nothing, all else is an error. `terms` may be copied too: copies are one terminology.
//
// THREADS. const member functions may run on any thread, concurrently, on one object; but a trainer is
// for one thread at a time, and says `BIOBERT_E_BUSY` to others. Moving, assigning and destroying need
// the object for themselves.

#ifndef BIOBERT_HPP
#define BIOBERT_HPP

#include <biobert.h>

#include <cassert>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace biobert {

// ---------------------------------------------------------------------------------------- errors

/// Why something failed.
class error {
public:
    error(biobert_status status, std::string message, std::optional<std::size_t> doc_index = {})
        : status_(status), message_(std::move(message)), doc_index_(doc_index) {}

    /// One of the `BIOBERT_E_` codes of biobert.h.
    biobert_status status() const noexcept { return status_; }
    /// The name of the status, such as `BIOBERT_E_NOT_FOUND`.
    const char* name() const noexcept { return biobert_status_name(status_); }
    /// What went wrong, in English; never any text of a document.
    const std::string& message() const noexcept { return message_; }
    /// The index of the document, or question, that is to blame; empty if no single one is.
    std::optional<std::size_t> doc_index() const noexcept { return doc_index_; }

private:
    biobert_status status_;
    std::string message_;
    std::optional<std::size_t> doc_index_;
};

#ifdef __cpp_exceptions
/// An `error` as it is thrown; `what()` is its message.
class exception : public std::runtime_error {
public:
    explicit exception(const error& error)
        : std::runtime_error(error.message()), status_(error.status()), doc_index_(error.doc_index()) {}

    /// One of the `BIOBERT_E_` codes of biobert.h.
    biobert_status status() const noexcept { return status_; }
    /// The name of the status, such as `BIOBERT_E_NOT_FOUND`.
    const char* name() const noexcept { return biobert_status_name(status_); }
    /// The index of the document, or question, that is to blame; empty if no single one is.
    std::optional<std::size_t> doc_index() const noexcept { return doc_index_; }

private:
    biobert_status status_;
    std::optional<std::size_t> doc_index_;
};
#endif

/// A value, or the error that came in its place.
template <class T>
class [[nodiscard]] expected {
public:
    expected(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    expected(biobert::error error) : content_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /// The value; only if there is one, as with std::optional.
    T& operator*() & noexcept { return *get(); }
    const T& operator*() const& noexcept { return *get(); }
    /// By value, so that `for (auto d : *model.try_ner(notes))` is safe.
    T operator*() && noexcept { return std::move(*get()); }
    T* operator->() noexcept { return get(); }
    const T* operator->() const noexcept { return get(); }

    /// The error; only if there is no value.
    const biobert::error& error() const& noexcept {
        assert(!has_value());
        return *std::get_if<1>(&content_);
    }
    /// By value, so that `const auto& e = engine.try_open(path).error()` is safe.
    biobert::error error() && noexcept {
        assert(!has_value());
        return std::move(*std::get_if<1>(&content_));
    }

#ifdef __cpp_exceptions
    /// The value; throws the error as `exception` if there is none.
    const T& value() const& { return check(), *get(); }
    T value() && { return check(), std::move(*get()); }
#endif

private:
#ifdef __cpp_exceptions
    void check() const {
        if (!has_value()) throw exception(error());
    }
#endif
    T* get() noexcept {
        assert(has_value());
        return std::get_if<0>(&content_);
    }
    const T* get() const noexcept {
        assert(has_value());
        return std::get_if<0>(&content_);
    }

    std::variant<T, biobert::error> content_;
};

/// Nothing, or the error that came of it.
template <>
class [[nodiscard]] expected<void> {
public:
    expected() = default;
    expected(biobert::error error) : error_(std::move(error)) {}

    bool has_value() const noexcept { return !error_; }
    explicit operator bool() const noexcept { return has_value(); }

    /// The error; only if there is one.
    const biobert::error& error() const& noexcept {
        assert(!has_value());
        return *error_;
    }
    biobert::error error() && noexcept {
        assert(!has_value());
        return *std::move(error_);
    }

#ifdef __cpp_exceptions
    /// Throws the error as `exception` if there is one.
    void value() const {
        if (!has_value()) throw exception(error());
    }
#endif

private:
    std::optional<biobert::error> error_;
};

// ----------------------------------------------------------------------------------------- texts

namespace detail {

inline biobert_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(biobert_str text) noexcept { return {text.ptr, text.len}; }

/// For strings of any library; pointers have constructors of their own, which may be null.
template <class String, class View>
using if_string = std::enable_if_t<std::is_convertible_v<const String&, View> && !std::is_pointer_v<String>, int>;

} // namespace detail

/// A text as a parameter: UTF-8 or UTF-16, from whatever converts to std::string_view or
/// std::u16string_view. It borrows; do not keep it. A null pointer is refused by the call.
class text {
public:
    text(std::string_view utf8) noexcept : utf8_(detail::str(utf8)) {}
    text(std::u16string_view utf16) noexcept : wide_(true), utf16_{units(utf16.data()), utf16.size()} {}
    text(const char* utf8) noexcept : utf8_{utf8, length(utf8)} {}
    text(const char16_t* utf16) noexcept : wide_(true), utf16_{units(utf16), length(utf16)} {}
    text(std::nullptr_t) = delete;
    template <class String, detail::if_string<String, std::string_view> = 0>
    text(const String& utf8) : text(std::string_view(utf8)) {}
    template <class String, detail::if_string<String, std::u16string_view> = 0>
    text(const String& utf16) : text(std::u16string_view(utf16)) {}
#ifdef __cpp_char8_t
    text(std::u8string_view utf8) noexcept : utf8_{reinterpret_cast<const char*>(utf8.data()), utf8.size()} {}
    text(const char8_t* utf8) noexcept : utf8_{reinterpret_cast<const char*>(utf8), length(utf8)} {}
    template <class String, detail::if_string<String, std::u8string_view> = 0>
    text(const String& utf8) : text(std::u8string_view(utf8)) {}
#endif

    /// Whether it is UTF-16.
    bool wide() const noexcept { return wide_; }
    /// The text for biobert.h; empty if it is UTF-16.
    const biobert_str& utf8() const noexcept { return utf8_; }
    /// The text for biobert.h; empty if it is UTF-8.
    const biobert_str16& utf16() const noexcept { return utf16_; }

private:
    // A char16_t has the size and alignment of a uint16_t, and only the library reads through this.
    static const std::uint16_t* units(const char16_t* utf16) noexcept {
        return reinterpret_cast<const std::uint16_t*>(utf16);
    }
    // A null pointer that is one long is what the library refuses.
    template <class Char>
    static std::size_t length(const Char* string) noexcept {
        return string ? std::char_traits<Char>::length(string) : 1;
    }

    bool wide_ = false;
    biobert_str utf8_{};
    biobert_str16 utf16_{};
};

/// Texts as a parameter: any range of strings or views of one encoding. It borrows; do not keep it.
class texts {
public:
    template <class Range, class Element = decltype(*std::begin(std::declval<const Range&>())),
              std::enable_if_t<std::is_convertible_v<Element, text>, int> = 0>
    texts(const Range& range) : wide_(std::is_convertible_v<Element, std::u16string_view>) {
        using value = std::decay_t<Element>;
        static_assert(!std::is_same_v<value, text>, "take a range of strings or of views");
        static_assert(std::is_lvalue_reference_v<Element> || std::is_trivially_copyable_v<value>,
                      "the range makes strings that would be gone before the call");
        for (const auto& element : range) {
            const text one(element);
            if (wide_) utf16_.push_back(one.utf16());
            else utf8_.push_back(one.utf8());
        }
    }

    /// Whether they are UTF-16.
    bool wide() const noexcept { return wide_; }
    /// The texts for biobert.h; empty if they are UTF-16.
    const std::vector<biobert_str>& utf8() const noexcept { return utf8_; }
    /// The texts for biobert.h; empty if they are UTF-8.
    const std::vector<biobert_str16>& utf16() const noexcept { return utf16_; }

private:
    bool wide_;
    std::vector<biobert_str> utf8_;
    std::vector<biobert_str16> utf16_;
};

/// A question and the passages that may answer it, all of one type that is a text: std::string_view
/// and std::u16string_view borrow, std::string and std::u16string own.
template <class String>
struct basic_question {
    String question;
    std::vector<String> passages;
};
using question = basic_question<std::string_view>;
using question16 = basic_question<std::u16string_view>;

// --------------------------------------------------------------------------------------- handles

/// An object of biobert.h with one owner. Empty after it was moved from or released.
template <class Object, void (*Free)(Object*)>
class handle {
public:
    /// Takes over an object of biobert.h, which may be null.
    explicit handle(Object* object) noexcept : object_(object) {}
    /// `engine({})` would else be an engine of nothing, not one with default options.
    handle(std::nullptr_t) = delete;

    /// The object, for functions of biobert.h. It stays the handle's.
    Object* capi() const noexcept { return object_.get(); }
    /// Gives the object away: the caller frees it.
    [[nodiscard]] Object* release() noexcept { return object_.release(); }

private:
    struct deleter {
        void operator()(Object* object) const noexcept { Free(object); }
    };
    std::unique_ptr<Object, deleter> object_;
};

namespace detail {

/// Makes an error of what a function of biobert.h returned, and frees the error object.
inline biobert::error failure(biobert_status status, biobert_error* object) {
    const handle<biobert_error, biobert_error_free> owner(object);
    const std::int64_t doc = biobert_error_doc_index(object);
    const auto doc_index = doc < 0 ? std::nullopt : std::optional<std::size_t>(static_cast<std::size_t>(doc));
    return {status, std::string(view(biobert_error_message(object))), doc_index};
}

/// Calls a function that gives an object or an error.
template <class Owner, class Object, class Function>
expected<Owner> make(Function function) {
    Object* object = nullptr;
    biobert_error* failed = nullptr;
    const biobert_status status = function(&object, &failed);
    if (status != BIOBERT_OK) return failure(status, failed);
    return Owner(object);
}

/// Calls a function that gives nothing but an error.
template <class Function>
expected<void> perform(Function function) {
    biobert_error* failed = nullptr;
    const biobert_status status = function(&failed);
    if (status != BIOBERT_OK) return failure(status, failed);
    return {};
}

/// Calls a function that gives JSON.
template <class Function>
expected<std::string> json(Function function) {
    using owner = handle<biobert_json, biobert_json_free>;
    auto made = make<owner, biobert_json>(function);
    if (!made) return made.error();
    return std::string(view(biobert_json_view(made->capi())));
}

} // namespace detail

/// A switch that ends the calls it was given to; any thread may trigger it. It may go while they run.
class cancel : public handle<biobert_cancel, biobert_cancel_free> {
public:
    using handle::handle;
    static expected<cancel> try_create() { return detail::make<cancel, biobert_cancel>(biobert_cancel_create); }
#ifdef __cpp_exceptions
    cancel() : cancel(try_create().value()) {}
#endif

    /// Switches on, for good: running calls end soon with `BIOBERT_E_CANCELLED`, later ones at once.
    void trigger() const noexcept { biobert_cancel_trigger(capi()); }
};

namespace detail {

/// The switch for biobert.h, where null is none: one that was moved from would never end a call.
inline expected<const biobert_cancel*> switch_of(const cancel* given) {
    if (given && !given->capi()) return error(BIOBERT_E_ARGUMENT, "cancel was moved from");
    return given ? given->capi() : nullptr;
}

} // namespace detail

/// A terminology: names and their codes, mapped from a file that `biobert terms build` or `biobert terms
/// learn` wrote. Immutable: any number of threads may use it at once, and processes share its pages. It may
/// go before the results of calls that used it. A copy is the same terminology and takes no memory.
class terms : public handle<biobert_terms, biobert_terms_free> {
public:
    using handle::handle;
    terms(const terms& other) noexcept : handle(biobert_terms_retain(other.capi())) {}
    terms(terms&&) noexcept = default;
    terms& operator=(const terms& other) noexcept { return *this = terms(other); }
    terms& operator=(terms&&) noexcept = default;
    ~terms() = default;

    /// Opens a terminology, in milliseconds: only its structure is checked. `path` is UTF-8. The file must not
    /// change while it is open: replace it by renaming another over it. Safe on untrusted files.
    static expected<terms> try_open(std::string_view path) {
        return detail::make<terms, biobert_terms>(
            [&](auto** out, auto** failed) { return biobert_terms_open_path(detail::str(path), out, failed); });
    }
    /// This terminology with the vectors of its names, from a file that `biobert terms vectors` wrote: `extract` then
    /// also finds names near by the encoder of the model that made them; a run of another model fails. `path` is UTF-8.
    expected<terms> try_with_vectors(std::string_view path) const {
        return detail::make<terms, biobert_terms>([&](auto** out, auto** failed) {
            return biobert_terms_with_vectors(capi(), detail::str(path), out, failed);
        });
    }
    /// Describes it as JSON: name, code system, version, licence, source, how many concepts and names.
    expected<std::string> try_info_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_terms_info_json(capi(), out, failed); });
    }
    /// Checks every byte of it against its SHA-256.
    expected<void> try_verify() const {
        return detail::perform([&](auto** failed) { return biobert_terms_verify(capi(), failed); });
    }
    /// What terminologies, at least one, have for words, without a model: the JSON that biobert.h describes.
    /// `label` is the kind of the entity, such as `Disease`; it may be empty.
    static expected<std::string> try_link_json(const std::vector<terms>& all, std::string_view words, std::string_view label = {});

#ifdef __cpp_exceptions
    // As above, throwing.
    static terms open(std::string_view path) { return try_open(path).value(); }
    terms with_vectors(std::string_view path) const { return try_with_vectors(path).value(); }
    std::string info_json() const { return try_info_json().value(); }
    void verify() const { try_verify().value(); }
    static std::string link_json(const std::vector<terms>& all, std::string_view words, std::string_view label = {}) {
        return try_link_json(all, words, label).value();
    }
#endif
};

namespace detail {

/// Terminologies for biobert.h, which live as long as the list.
inline std::vector<const biobert_terms*> list_of(const std::vector<terms>& all) {
    std::vector<const biobert_terms*> c_terms;
    c_terms.reserve(all.size());
    for (const terms& one : all) c_terms.push_back(one.capi());
    return c_terms;
}

} // namespace detail

inline expected<std::string> terms::try_link_json(const std::vector<terms>& all, std::string_view words, std::string_view label) {
    const auto c_terms = detail::list_of(all);
    return detail::json([&](auto** out, auto** failed) {
        return biobert_terms_link_json(c_terms.data(), c_terms.size(), detail::str(words), detail::str(label), out, failed);
    });
}

// --------------------------------------------------------------------------------------- options

/// What offsets count.
enum class offset_unit : biobert_offset_unit {
    /// Elements of the text's own type: bytes of UTF-8, units of UTF-16.
    own = 0,
    utf8_bytes = BIOBERT_UTF8_BYTES,
    unicode_scalars = BIOBERT_UNICODE_SCALARS,
    utf16_units = BIOBERT_UTF16_UNITS,
};

/// What to do with a document that is not valid Unicode.
enum class invalid_text : biobert_invalid_text {
    /// Its status becomes `BIOBERT_E_ENCODING`, with the position in its message.
    reject = BIOBERT_INVALID_REJECT,
    /// Each bad byte or unit is read as one U+FFFD; offsets still point into the original.
    replace = BIOBERT_INVALID_REPLACE,
};

/// What in a document stands for other characters. It is read as those; offsets still point into the original.
/// A place that begins or ends within a reference begins or ends at its edge. What is no valid reference or
/// sequence stays as it is.
enum class markup : biobert_markup {
    none = BIOBERT_MARKUP_NONE,
    /// HTML's character references, such as `&beta;`, `&#39;` and `&#x3B2;`. Tags stay.
    entities = BIOBERT_MARKUP_ENTITIES,
    /// The escape sequences in a text field of HL7 version 2, such as `\T\`, `\.br\` and `\X0D\`.
    hl7 = BIOBERT_MARKUP_HL7,
};

/// How carefully a bundle is checked when it is opened.
enum class integrity : biobert_integrity {
    /// Every byte of every file against its SHA-256.
    full = BIOBERT_INTEGRITY_FULL,
    /// Small files as above; of the tensor files only length and header.
    headers = BIOBERT_INTEGRITY_HEADERS,
};

/// Whether a model's files are mapped or copied.
enum class loading : biobert_loading {
    /// Processes share the pages. Replace a mapped model by renaming directories, never in place.
    map = BIOBERT_LOADING_MAP,
    /// Safe whatever happens to the files.
    copy = BIOBERT_LOADING_COPY,
};

/// The arithmetic of a model.
enum class precision : biobert_precision {
    /// That of the stored weights: int8 for a bundle, f32 for a checkpoint.
    stored = 0,
    f32 = BIOBERT_PRECISION_F32,
    /// The same bits on every processor.
    int8 = BIOBERT_PRECISION_INT8,
};

/// What decides whether a WordPiece tokenizer keeps the case of text.
enum class casing : biobert_casing {
    /// The vocabulary: for a cased one text is never lower-cased, whatever the checkpoint's files say.
    vocabulary = BIOBERT_CASING_VOCABULARY,
    /// The checkpoint's files; where they say nothing, text is lower-cased.
    files = BIOBERT_CASING_FILES,
};

/// Where an engine computes. Results are the same bits everywhere.
enum class device : biobert_device {
    /// On the processor.
    cpu = BIOBERT_DEVICE_CPU,
    /// On a GPU, and on the processor where there is none or it fails, which the log says.
    prefer_gpu = BIOBERT_DEVICE_PREFER_GPU,
    /// On a GPU, or an error that says why not.
    require_gpu = BIOBERT_DEVICE_REQUIRE_GPU,
};

/// Where the encoder of a call ran.
enum class ran_on : biobert_device {
    /// On the processor, or it had nothing to do.
    cpu = BIOBERT_DEVICE_CPU,
    /// On a GPU.
    gpu = BIOBERT_DEVICE_GPU,
    /// Some of it on a GPU and some on the processor, as when the GPU fails on the way.
    both = BIOBERT_DEVICE_BOTH,
};

/// Who judges what a note says of an entity.
enum class judges : biobert_judges {
    /// The model's head for assertions, if it has one, the section and the rules together.
    all = BIOBERT_JUDGES_ALL,
    /// The head alone; the model must have one.
    head = BIOBERT_JUDGES_HEAD,
    /// Section and rules alone.
    rules = BIOBERT_JUDGES_RULES,
    /// Nobody: entities and relations have no assertion.
    none = BIOBERT_JUDGES_NONE,
};

/// How the states of a document become one vector.
enum class pooling : biobert_pooling {
    /// The mean over all tokens, without `[CLS]` and `[SEP]`.
    mean = BIOBERT_POOLING_MEAN,
    /// The state of `[CLS]`; of several windows the mean.
    cls = BIOBERT_POOLING_CLS,
    /// What the model says itself: mean, linear layer, length 1. Of the last layer only.
    model = BIOBERT_POOLING_MODEL,
};

/// Options of an engine; what is 0 or empty has its default.
struct engine_options {
    /// Threads that work on a call; 0 is 1, the caller's own. More are a private pool, which serves one
    /// call at a time.
    std::uint32_t threads = 0;
    /// Name of the instruction set to use, such as `avx2`; empty is the best there is.
    std::string isa{};
    /// Tokens that are worked on at a time, the bound of scratch memory, up to 100,000; 0 is 1024 on the
    /// processor and 16,384 on a GPU.
    std::uint32_t token_budget = 0;
    /// Largest document in bytes; 0 is 64 MiB.
    std::uint64_t max_doc_bytes = 0;
    /// Largest sum of the documents of a call in bytes; 0 is 256 MiB.
    std::uint64_t max_batch_bytes = 0;
    /// Receives lines about what the library does, never any text of a document. Called from any
    /// thread that uses the engine, several at a time. Must not throw: that ends the program. The
    /// line is borrowed until it returns. Destroyed once, when the engine and its models are gone.
    std::function<void(std::string_view line)> log{};
    /// Where to compute. A library without GPU support gives `BIOBERT_E_UNSUPPORTED` for a GPU.
    biobert::device device = biobert::device::cpu;
    /// Which GPU, by its number among those that its driver shows; 0 is the first. Not looked at if
    /// `device` is the processor.
    std::uint32_t gpu = 0;
};

/// Options of opening a model.
struct model_options {
    biobert::integrity integrity = biobert::integrity::full;
    biobert::loading loading = biobert::loading::map;
    biobert::precision precision = biobert::precision::stored;
    biobert::casing casing = biobert::casing::vocabulary;
    /// Names for the outputs of a checkpoint's head, in their order; if empty, those that the checkpoint
    /// has. A bundle takes none.
    std::vector<std::string> labels{};
};

/// Options of a call on documents.
struct run_options {
    /// What offsets count, those of the result and those of given entities.
    offset_unit unit = offset_unit::own;
    biobert::invalid_text invalid_text = biobert::invalid_text::reject;
    /// Time after which the call ends with `BIOBERT_E_DEADLINE`, at once if it is not above 0. Without
    /// one, there is no deadline.
    std::optional<std::chrono::milliseconds> deadline{};
    /// Ends the call with `BIOBERT_E_CANCELLED` when it is triggered; may be null.
    const biobert::cancel* cancel = nullptr;
    /// Names of the heads to use; if empty, all of the task, and for `extract` the model's default heads.
    /// Embeddings, sentences and sections have no heads.
    std::vector<std::string> heads{};
    biobert::markup markup = biobert::markup::none;
};

/// Options of reading notes.
struct extract_options {
    biobert::judges judges = biobert::judges::all;
    /// Terminologies that give entities their codes: see `entity::links`.
    std::vector<biobert::terms> terms{};
};

/// An entity that the caller already knows.
struct given_entity {
    /// Index of its document.
    std::size_t doc = 0;
    /// Offset of its first character, in the unit of the call.
    std::size_t start = 0;
    /// Offset after its last character.
    std::size_t end = 0;
    /// Its kind, such as `Chemical`; case does not matter.
    std::string kind{};
};

/// Options of relations.
struct re_options {
    /// Whether to list also pairs that a head finds unrelated.
    bool unrelated = false;
    /// The entities to relate, perhaps none. Without a list, those that the NER heads find.
    std::optional<std::vector<given_entity>> entities{};
};

/// Options of answers.
struct qa_options {
    /// The most answers to a question; 0 means 5.
    std::uint32_t top = 0;
    /// The most tokens in an answer; 0 means 30.
    std::uint32_t max_tokens = 0;
    /// Whether the passages of a question decide together: each gives its answers probabilities, and an answer has the mean of
    /// what the passages give it, whichever way each writes it. Answers are mended and the most probable comes first.
    bool pool = false;
    /// With `pool`: which part of the best answer's probability the others must have, from 0, which keeps all, to 1. For
    /// questions with several answers, such as 0.4.
    float threshold = 0;
};

/// Options of embeddings.
struct embed_options {
    /// Without a choice `model`, if the model has that and `layer` is not set, else `mean`.
    std::optional<biobert::pooling> pooling{};
    /// The layer whose states are taken; layer 0 is the embeddings. Without a number, the last layer.
    std::optional<std::uint32_t> layer{};
    /// Whether to scale vectors to length 1.
    bool normalize = false;
    /// Whether to give also the place and state of every token.
    bool tokens = false;
    /// The prompt that is put before each text, by its name, of `pooling::model` alone; an empty name: none.
    /// Without a choice the model's default one, if it has one.
    std::optional<std::string> prompt{};
};

/// Options of filling masks.
struct fill_options {
    /// The most candidates for a mask; 0 means 5.
    std::uint32_t top_k = 0;
};

// --------------------------------------------------------------------------------------- results

/// An entity that was found: a half-open range of the document, in the unit of the call, with a label.
struct span {
    std::size_t start;
    std::size_t end;
    /// Its kind, such as `Disease`.
    std::string_view label;
    /// The head that found it; empty if the caller gave the entity.
    std::string_view head;
    /// Mean probability of the labels of its words, 0 to 1.
    float score;
};

/// A sentence or a token: a half-open range of the document, in the unit of the call.
struct range {
    std::size_t start;
    std::size_t end;
};

/// Whether the patient has what an entity names.
enum class assertion_value : biobert_assertion {
    /// The patient has it or takes it; it was done or ordered.
    present = BIOBERT_ASSERTION_PRESENT,
    /// Denied, ruled out, resolved or stopped; of a drug also an allergy to it.
    absent = BIOBERT_ASSERTION_ABSENT,
    /// Suspected, conditional, planned only if, a risk.
    possible = BIOBERT_ASSERTION_POSSIBLE,
    /// Past and over, or listed as history.
    historical = BIOBERT_ASSERTION_HISTORICAL,
    /// Somebody else has it, such as the mother.
    other_person = BIOBERT_ASSERTION_OTHER_PERSON,
};

/// Why an assertion has its value.
enum class category : biobert_category {
    /// The note says that it is not there: "no", "denies".
    denied = BIOBERT_CATEGORY_DENIED,
    /// It was looked for and not found.
    ruled_out = BIOBERT_CATEGORY_RULED_OUT,
    /// It was there and is gone.
    resolved = BIOBERT_CATEGORY_RESOLVED,
    /// A drug or therapy was ended.
    stopped = BIOBERT_CATEGORY_STOPPED,
    /// A drug that the patient does not bear.
    allergy = BIOBERT_CATEGORY_ALLERGY,
    /// A relative's.
    family = BIOBERT_CATEGORY_FAMILY,
    /// Suspected.
    uncertain = BIOBERT_CATEGORY_UNCERTAIN,
    /// Only if something happens.
    conditional = BIOBERT_CATEGORY_CONDITIONAL,
    /// Intended.
    planned = BIOBERT_CATEGORY_PLANNED,
    /// Of the past.
    past = BIOBERT_CATEGORY_PAST,
    /// A list says it, such as the past medical history: its heading, or "PMH" within a line.
    section = BIOBERT_CATEGORY_SECTION,
};

/// What a note says of an entity.
struct assertion {
    /// Whether the patient has it.
    assertion_value value;
    /// Why; empty if no rule found a cue: the head alone decided, or nothing speaks against it.
    std::optional<biobert::category> category;
    /// Probability of the value, 0 to 1.
    float score;
    /// The place of the words that decided, if there are such.
    std::optional<range> cue;
};

/// A relation between two entities of a sentence.
struct relation {
    span first;
    span second;
    /// Their indices in `document::spans()`, and in `document::entities()` of a note.
    std::size_t first_index;
    std::size_t second_index;
    std::string_view label;
    /// The label in words, as they stand between the two entities: "induces".
    std::string_view text;
    /// The head that found it.
    std::string_view head;
    /// Probability of the label, 0 to 1.
    float score;
    /// Of its ends' assertions the one that stands first in: other person, absent, possible, historical,
    /// present. A drug whose category is stopped or allergy counts as present. Only `extract` assesses it.
    std::optional<assertion_value> assertion;
};

/// A section of a note: its heading and what stands under it, the sections within it included.
struct section {
    std::size_t start;
    std::size_t end;
    /// The heading's words, without number, marks and colon.
    range title;
    /// Index of the section that it stands in.
    std::optional<std::size_t> parent;
    /// What kind of section it is, such as `past_medical_history`.
    std::string_view name;
    /// Its LOINC code, if there is one.
    std::optional<std::string_view> loinc;
};

/// What an attribute says.
enum class attribute_kind : biobert_attribute_kind {
    /// Of a drug: how much is taken at a time.
    dose = BIOBERT_ATTRIBUTE_DOSE,
    /// Of a drug: how much of it one unit holds.
    strength = BIOBERT_ATTRIBUTE_STRENGTH,
    /// Of a drug: tablet, cream.
    form = BIOBERT_ATTRIBUTE_FORM,
    /// Of a drug: by mouth, into a vein.
    route = BIOBERT_ATTRIBUTE_ROUTE,
    /// Of a drug: how often.
    frequency = BIOBERT_ATTRIBUTE_FREQUENCY,
    /// Of a drug: for how long.
    duration = BIOBERT_ATTRIBUTE_DURATION,
    /// Of a drug: only when needed.
    as_needed = BIOBERT_ATTRIBUTE_AS_NEEDED,
    /// Of a drug: what for.
    reason = BIOBERT_ATTRIBUTE_REASON,
    /// Of a test: its result.
    value = BIOBERT_ATTRIBUTE_VALUE,
    /// Of a test: the range that is normal.
    reference = BIOBERT_ATTRIBUTE_REFERENCE,
    /// Of a test: what the laboratory remarked.
    flag = BIOBERT_ATTRIBUTE_FLAG,
};

/// An attribute of a drug or test.
struct attribute {
    attribute_kind kind;
    std::size_t start;
    std::size_t end;
    /// Its number, or the lower end of a range.
    std::optional<double> low;
    /// The upper end of a range, or as `low`.
    std::optional<double> high;
    /// `<`, `<=`, `>`, `>=` or `~` before the number.
    std::optional<std::string_view> comparator;
    /// A unit of UCUM. Of a frequency `/d`, `/wk`, `/mo` and `/a` count times, `min`, `h`, `wk` and
    /// `mo` the time from one to the next, `{dose}` how often in all.
    std::optional<std::string_view> unit;
    /// Which part of a taper, or of a series of results, it belongs to, from 0.
    std::size_t step;
    /// Whether it could be read; if not, only its kind and place are known.
    bool parsed;
};

/// What another head calls an entity.
struct also {
    /// Its kind, such as `Disease`.
    std::string_view label;
    /// The head that found it.
    std::string_view head;
    /// Mean probability of the labels of its words, 0 to 1.
    float score;
};

/// Why a code was taken for the words of a note: the last thing that had to be put aside to make the words
/// and the code's name the same.
enum class reason : biobert_reason {
    /// Nothing: character by character the same.
    exact = BIOBERT_REASON_EXACT,
    /// Upper and lower case, accents. (`case` is a keyword.)
    case_ = BIOBERT_REASON_CASE,
    /// Dashes, blanks and other marks.
    dash = BIOBERT_REASON_DASH,
    /// A Greek letter and its name.
    greek = BIOBERT_REASON_GREEK,
    /// A Roman number and a digit.
    roman = BIOBERT_REASON_ROMAN,
    /// Singular and plural, British and American spelling.
    plural = BIOBERT_REASON_PLURAL,
    /// The order of the words.
    order = BIOBERT_REASON_ORDER,
    /// The words are a short form, and its long form in this note is the name.
    abbreviation = BIOBERT_REASON_ABBREVIATION,
    /// A hospital's own coded mentions say so.
    learned = BIOBERT_REASON_LEARNED,
    /// Most of the words are the same.
    words = BIOBERT_REASON_WORDS,
    /// Most of the character trigrams are the same.
    trigrams = BIOBERT_REASON_TRIGRAMS,
    /// The encoder's vectors are near each other: of a terminology with vectors.
    near = BIOBERT_REASON_NEAR,
};

/// Why none of the codes was given.
enum class abstention : biobert_abstention {
    /// There is none.
    nothing = BIOBERT_ABSTENTION_NOTHING,
    /// The best one is too unlike the words.
    weak = BIOBERT_ABSTENTION_WEAK,
    /// Several are as good as the best.
    ambiguous = BIOBERT_ABSTENTION_AMBIGUOUS,
};

/// A code that may be an entity's.
struct code {
    /// The code, such as `D003920`.
    std::string_view code;
    /// Its preferred name.
    std::string_view name;
    /// How alike name and words are, 0 to 1.
    float score;
    /// Why it was taken; empty if that is not known.
    std::optional<biobert::reason> reason;
};

/// Two codes and how they are related, by a note as a whole.
struct code_relation {
    /// The first code.
    std::string_view first;
    /// The second code.
    std::string_view second;
    /// How they are related, such as `CID`: the name of the head, in capitals.
    std::string_view label;
    /// Its probability, 0 to 1.
    float score;
};

/// What a code system has for an entity.
struct link;

/// A piece of the vocabulary that may stand at a mask.
struct candidate {
    /// As it is spelled; a piece that continues a word begins with `##` in BERT's vocabulary.
    std::string_view token;
    /// Its id.
    std::uint32_t id;
    /// Its probability among all pieces, 0 to 1.
    float score;
};

template <class Value>
class list;

/// An entity of a note, and what the note says of it.
struct entity;

/// A mask of a document, and what may stand there.
struct mask;

/// A possible answer to a question: a half-open range of a passage.
struct answer {
    /// Index of the passage among those of the question.
    std::size_t passage;
    /// Offsets in the passage.
    std::size_t start;
    std::size_t end;
    /// The head that answered.
    std::string_view head;
    /// Above 0, the head finds it more likely than no answer. Scores can be compared across passages.
    float score;
    /// With `qa_options::pool`: the mean over passages of the probability that they give this answer; the rest is of its best
    /// mention. Otherwise 0.
    float probability = 0;
};

/// A class of a document, of a pair of documents or of a question.
struct class_score {
    std::string_view label;
    /// The label in words.
    std::string_view text;
    /// The head that found it.
    std::string_view head;
    /// Its probability, 0 to 1; of a regression the number itself, which may be any.
    float score;
    /// Whether it holds; never of a regression. Of most heads the most probable label holds; of a head that decides each label by
    /// itself, every label with a probability of at least a half.
    bool holds;
};

namespace detail {

/// A place in a range that has `operator[]` and is cheap to copy; it keeps what the range keeps.
template <class Range, class Value>
class iterator {
public:
    using iterator_category = std::random_access_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using reference = Value;
    /// Elements are made as they are asked for: `->` has to keep one for as long as it is used.
    struct pointer {
        Value value;
        const Value* operator->() const noexcept { return &value; }
    };

    iterator() = default;
    iterator(Range range, std::ptrdiff_t index) noexcept : range_(std::move(range)), index_(index) {}

    Value operator*() const noexcept { return range_[static_cast<std::size_t>(index_)]; }
    pointer operator->() const noexcept { return {**this}; }
    Value operator[](std::ptrdiff_t n) const noexcept { return *(*this + n); }

    iterator& operator+=(std::ptrdiff_t n) noexcept { return index_ += n, *this; }
    iterator& operator-=(std::ptrdiff_t n) noexcept { return index_ -= n, *this; }
    iterator& operator++() noexcept { return *this += 1; }
    iterator& operator--() noexcept { return *this -= 1; }
    iterator operator++(int) noexcept { return std::exchange(*this, *this + 1); }
    iterator operator--(int) noexcept { return std::exchange(*this, *this - 1); }
    friend iterator operator+(iterator it, std::ptrdiff_t n) noexcept { return it += n; }
    friend iterator operator+(std::ptrdiff_t n, iterator it) noexcept { return it += n; }
    friend iterator operator-(iterator it, std::ptrdiff_t n) noexcept { return it -= n; }
    friend std::ptrdiff_t operator-(const iterator& a, const iterator& b) noexcept { return a.index_ - b.index_; }

    friend bool operator==(const iterator& a, const iterator& b) noexcept { return a.index_ == b.index_; }
    friend bool operator!=(const iterator& a, const iterator& b) noexcept { return a.index_ != b.index_; }
    friend bool operator<(const iterator& a, const iterator& b) noexcept { return a.index_ < b.index_; }
    friend bool operator>(const iterator& a, const iterator& b) noexcept { return a.index_ > b.index_; }
    friend bool operator<=(const iterator& a, const iterator& b) noexcept { return a.index_ <= b.index_; }
    friend bool operator>=(const iterator& a, const iterator& b) noexcept { return a.index_ >= b.index_; }

private:
    Range range_{};
    std::ptrdiff_t index_ = 0;
};

using shared_result = std::shared_ptr<biobert_result>;

/// Where a call ran; of a result that was moved from, the processor.
inline biobert::ran_on ran_on(const shared_result& result) noexcept {
    return result ? static_cast<biobert::ran_on>(biobert_result_device(result.get())) : biobert::ran_on::cpu;
}

/// Structs of biobert.h, `stride` bytes apart: a later library may have longer ones.
template <class Struct>
struct structs {
    const Struct* data = nullptr;
    std::size_t count = 0;
    std::size_t stride = sizeof(Struct);

    const Struct& operator[](std::size_t index) const noexcept {
        return *reinterpret_cast<const Struct*>(reinterpret_cast<const char*>(data) + index * stride);
    }
    /// Some of them.
    structs part(std::uint64_t first, std::uint64_t length) const noexcept {
        const auto n = static_cast<std::size_t>(length);
        return {n == 0 ? nullptr : &(*this)[static_cast<std::size_t>(first)], n, stride};
    }
};

inline std::size_t size(std::uint64_t number) noexcept { return static_cast<std::size_t>(number); }

/// What biobert.h says with `BIOBERT_NONE`, 0, NaN or an empty view where there is nothing.
inline std::optional<std::size_t> index(std::uint64_t number) noexcept {
    return number == BIOBERT_NONE ? std::nullopt : std::optional(size(number));
}
inline std::optional<double> number(double value) noexcept { return value == value ? std::optional(value) : std::nullopt; }
inline std::optional<std::string_view> optional(biobert_str text) noexcept {
    return text.len == 0 ? std::nullopt : std::optional(view(text));
}
template <class Enum>
std::optional<Enum> choice(std::int32_t value) noexcept {
    return value == 0 ? std::nullopt : std::optional(static_cast<Enum>(value));
}

/// What elements of a list are made of: the structs of biobert.h.
template <class Value>
struct source;

template <>
struct source<span> : structs<biobert_span> {
    span operator[](std::size_t index) const noexcept {
        const biobert_span& s = structs::operator[](index);
        return {size(s.start), size(s.end), view(s.label), view(s.head), s.score};
    }
};

template <>
struct source<relation> : structs<biobert_relation> {
    source<span> spans;
    relation operator[](std::size_t index) const noexcept {
        const biobert_relation& r = structs::operator[](index);
        const std::size_t first = size(r.first);
        const std::size_t second = size(r.second);
        return {spans[first], spans[second], first,   second, view(r.label), view(r.text), view(r.head),
                r.score,      choice<assertion_value>(r.assertion)};
    }
};

template <>
struct source<answer> : structs<biobert_answer> {
    answer operator[](std::size_t index) const noexcept {
        const biobert_answer& a = structs::operator[](index);
        return {size(a.passage), size(a.start), size(a.end), view(a.head), a.score, a.probability};
    }
};

template <>
struct source<class_score> : structs<biobert_class> {
    class_score operator[](std::size_t index) const noexcept {
        const biobert_class& c = structs::operator[](index);
        return {view(c.label), view(c.text), view(c.head), c.score, c.holds != 0};
    }
};

template <>
struct source<range> : structs<biobert_range> {
    range operator[](std::size_t index) const noexcept {
        const biobert_range& r = structs::operator[](index);
        return {size(r.start), size(r.end)};
    }
};

template <>
struct source<section> : structs<biobert_section> {
    section operator[](std::size_t at) const noexcept {
        const biobert_section& s = structs::operator[](at);
        return {size(s.start), size(s.end), {size(s.title_start), size(s.title_end)}, index(s.parent), view(s.name), optional(s.loinc)};
    }
};

template <>
struct source<also> : structs<biobert_also> {
    also operator[](std::size_t at) const noexcept {
        const biobert_also& a = structs::operator[](at);
        return {view(a.label), view(a.head), a.score};
    }
};

template <>
struct source<attribute> : structs<biobert_attribute> {
    attribute operator[](std::size_t at) const noexcept {
        const biobert_attribute& a = structs::operator[](at);
        return {static_cast<attribute_kind>(a.kind), size(a.start), size(a.end), number(a.low), number(a.high),
                optional(a.comparator), optional(a.unit), a.step, a.parsed != 0};
    }
};

template <>
struct source<candidate> : structs<biobert_candidate> {
    candidate operator[](std::size_t at) const noexcept {
        const biobert_candidate& c = structs::operator[](at);
        return {view(c.token), c.id, c.score};
    }
};

template <>
struct source<code> : structs<biobert_code> {
    code operator[](std::size_t at) const noexcept {
        const biobert_code& c = structs::operator[](at);
        return {view(c.code), view(c.name), c.score, choice<reason>(c.reason)};
    }
};

template <>
struct source<code_relation> : structs<biobert_code_relation> {
    code_relation operator[](std::size_t at) const noexcept {
        const biobert_code_relation& r = structs::operator[](at);
        return {view(r.first), view(r.second), view(r.label), r.score};
    }
};

template <>
struct source<link> : structs<biobert_link> {
    shared_result owner;
    source<code> codes;
    link operator[](std::size_t at) const noexcept;
};

template <>
struct source<mask> : structs<biobert_mask> {
    shared_result owner;
    source<candidate> candidates;
    mask operator[](std::size_t at) const noexcept;
};

template <>
struct source<entity> : structs<biobert_entity> {
    shared_result owner;
    source<biobert::also> also;
    source<attribute> attributes;
    source<link> links;
    entity operator[](std::size_t at) const noexcept;
};

} // namespace detail

/// A list in a result, which it keeps alive. Elements are given by value; their std::string_view
/// fields live as long as anything that shares the result.
template <class Value>
class list {
public:
    using value_type = Value;
    using size_type = std::size_t;
    using const_iterator = detail::iterator<list, Value>;
    using iterator = const_iterator;

    list() = default;
    list(detail::shared_result owner, const detail::source<Value>& source) noexcept
        : owner_(std::move(owner)), source_(source) {}

    // A list that was moved from has no owner and no elements.
    std::size_t size() const noexcept { return owner_ ? source_.count : 0; }
    bool empty() const noexcept { return size() == 0; }
    /// The element at an index below `size()`.
    Value operator[](std::size_t index) const noexcept {
        assert(index < size());
        return source_[index];
    }
    const_iterator begin() const noexcept { return {*this, 0}; }
    const_iterator end() const noexcept { return {*this, static_cast<std::ptrdiff_t>(size())}; }

private:
    detail::shared_result owner_;
    detail::source<Value> source_;
};

/// What a code system has for an entity.
struct link {
    /// The code system, such as `MESH`.
    std::string_view system;
    /// The codes that may be the entity's, the best first.
    list<code> codes;
    /// Why the first is not given; empty: it is.
    std::optional<biobert::abstention> abstention;

    /// The entity's code, if one is given.
    std::optional<code> given() const noexcept {
        return abstention || codes.empty() ? std::nullopt : std::optional(codes[0]);
    }
};

/// An entity of a note, and what the note says of it.
struct entity {
    std::size_t start;
    std::size_t end;
    /// Its kind, such as `Problem`.
    std::string_view label;
    /// The head that found it.
    std::string_view head;
    /// Mean probability of the labels of its words, 0 to 1.
    float score;
    /// What other heads call it.
    list<biobert::also> also;
    /// Index in `document::sections()` of the section that it stands in, the innermost.
    std::optional<std::size_t> section;
    /// Whether the patient has it, and why; empty only for `judges::none`.
    std::optional<biobert::assertion> assertion;
    /// What it stands for, if it is a short form that is known or defined in the note.
    std::optional<std::string_view> expansion;
    /// Dose, frequency and the like of a drug, value, reference and flag of a test; by start.
    list<attribute> attributes;
    /// What the code systems have for it: one link each, none without terminologies.
    list<link> links;
};

/// A mask of a document, and what may stand there: a half-open range, in the unit of the call.
struct mask {
    std::size_t start;
    std::size_t end;
    /// The most probable first.
    list<candidate> candidates;
};

namespace detail {

inline mask source<mask>::operator[](std::size_t at) const noexcept {
    const biobert_mask& m = structs::operator[](at);
    return {size(m.start), size(m.end), {owner, {candidates.part(m.first_candidate, m.n_candidates)}}};
}

inline link source<link>::operator[](std::size_t at) const noexcept {
    const biobert_link& l = structs::operator[](at);
    return {view(l.system), {owner, {codes.part(l.first_code, l.n_codes)}}, choice<abstention>(l.abstention)};
}

inline entity source<entity>::operator[](std::size_t at) const noexcept {
    const biobert_entity& e = structs::operator[](at);
    const bool cue = e.cue_end != 0;
    const auto says = assertion{static_cast<assertion_value>(e.assertion), choice<category>(e.category), e.assertion_score,
                                cue ? std::optional(range{size(e.cue_start), size(e.cue_end)}) : std::nullopt};
    return {size(e.start),
            size(e.end),
            view(e.label),
            view(e.head),
            e.score,
            {owner, {also.part(e.first_also, e.n_also)}},
            index(e.section),
            e.assertion == BIOBERT_ASSERTION_NONE ? std::nullopt : std::optional(says),
            optional(e.expansion),
            {owner, {attributes.part(e.first_attribute, e.n_attributes)}},
            {owner, {links.part(e.first_link, e.n_links), owner, links.codes}}};
}

} // namespace detail

/// Numbers in a result, row after row: `rows()` vectors of `width()`. Keeps the result alive.
class floats {
public:
    floats() = default;
    floats(detail::shared_result owner, const float* data, std::size_t rows, std::size_t width) noexcept
        : owner_(std::move(owner)), data_(data), rows_(rows), width_(width) {}

    std::size_t rows() const noexcept { return owner_ ? rows_ : 0; }
    std::size_t width() const noexcept { return owner_ ? width_ : 0; }
    std::size_t size() const noexcept { return rows() * width(); }
    bool empty() const noexcept { return size() == 0; }
    const float* data() const noexcept { return data_; }
    const float* begin() const noexcept { return data_; }
    const float* end() const noexcept { return data_ + size(); }
    /// The number at an index below `size()`.
    float operator[](std::size_t index) const noexcept {
        assert(index < size());
        return data_[index];
    }
    /// The vector at an index below `rows()`.
    floats row(std::size_t index) const noexcept {
        assert(index < rows());
        return {owner_, data_ + index * width_, 1, width_};
    }

private:
    detail::shared_result owner_;
    const float* data_ = nullptr;
    std::size_t rows_ = 0;
    std::size_t width_ = 0;
};

/// What a call found in one document, or for one question. What its task does not look for is empty.
/// A small copyable value that keeps the native result alive.
class document {
public:
    document(detail::shared_result owner, std::size_t index) noexcept : owner_(std::move(owner)), index_(index) {}

    /// `BIOBERT_OK`, or why there is nothing: everything below `message` is then an error.
    biobert_status status() const noexcept { return biobert_result_doc_status(owner_.get(), index_); }
    bool ok() const noexcept { return status() == BIOBERT_OK; }
    /// Why there is nothing, in English; never any of the text. Empty if `ok()`. Borrowed.
    std::string_view message() const noexcept { return detail::view(biobert_result_doc_message(owner_.get(), index_)); }

    /// Whether some of it was longer than the model reads at once and was read in overlapping windows.
    bool windowed() const noexcept { return flag(BIOBERT_DOC_WINDOWED); }
    /// Whether a limit forced a cut.
    bool truncated() const noexcept { return flag(BIOBERT_DOC_TRUNCATED); }
    /// Whether bad bytes or units were read as U+FFFD.
    bool replaced_invalid() const noexcept { return flag(BIOBERT_DOC_REPLACED_INVALID); }
    /// Where the encoder of its call ran.
    ran_on device() const noexcept { return detail::ran_on(owner_); }

    /// The entities, ordered by start, then the longer first. Entities of one head do not overlap; those
    /// of different heads may.
    expected<list<span>> try_spans() const { return get<span>(biobert_result_spans); }
    /// The relations, ordered by head, then by the places of the two entities.
    expected<list<relation>> try_relations() const;
    /// The answers, the best first.
    expected<list<answer>> try_answers() const { return get<answer>(biobert_result_answers); }
    /// The score of "no answer" minus that of the best answer. Above 0, the passages probably do not
    /// contain the answer. Infinite if there is no possible answer, NaN if no head gives answers.
    expected<float> try_no_answer() const;
    /// Every label of every head, head by head, the most probable label first.
    expected<list<class_score>> try_classes() const { return get<class_score>(biobert_result_classes); }
    /// The sentences, in order.
    expected<list<range>> try_sentences() const { return get<range>(biobert_result_sentences); }
    /// The sections of a note, by start; a section comes before those within it.
    expected<list<section>> try_sections() const { return get<section>(biobert_result_sections); }
    /// The entities of a note, by start, then the longer first; each finding once. `spans` lists the same
    /// entities in the same order.
    expected<list<entity>> try_entities() const;
    /// The relations between codes that a note as a whole states: only with terminologies and the head `cid` named.
    expected<list<code_relation>> try_code_relations() const { return get<code_relation>(biobert_result_code_relations); }
    /// The tokens of an embedded document, in order, if the options asked for them.
    expected<list<range>> try_tokens() const { return get<range>(biobert_result_tokens); }
    /// The masks of a document that was filled, in order.
    expected<list<mask>> try_masks() const;
    /// The vector of an embedded document, all zero for one without words.
    expected<floats> try_embedding() const;
    /// The states of the tokens of an embedded document, a row for each, if the options asked for them.
    expected<floats> try_states() const;

#ifdef __cpp_exceptions
    // As above, throwing.
    list<span> spans() const { return try_spans().value(); }
    list<relation> relations() const { return try_relations().value(); }
    list<answer> answers() const { return try_answers().value(); }
    float no_answer() const { return try_no_answer().value(); }
    list<class_score> classes() const { return try_classes().value(); }
    list<range> sentences() const { return try_sentences().value(); }
    list<section> sections() const { return try_sections().value(); }
    list<entity> entities() const { return try_entities().value(); }
    list<code_relation> code_relations() const { return try_code_relations().value(); }
    list<range> tokens() const { return try_tokens().value(); }
    list<mask> masks() const { return try_masks().value(); }
    floats embedding() const { return try_embedding().value(); }
    floats states() const { return try_states().value(); }
#endif

private:
    bool flag(std::uint32_t bit) const noexcept { return (biobert_result_doc_flags(owner_.get(), index_) & bit) != 0; }

    /// Calls a getter of biobert.h. A bad document has a message; the getter itself refuses an index
    /// out of range and a document that was moved from.
    template <class Getter, class... Outputs>
    std::optional<error> failure(Getter getter, Outputs... outputs) const {
        if (!message().empty()) return error(status(), std::string(message()), index_);
        biobert_error* object = nullptr;
        const biobert_status returned = getter(owner_.get(), index_, outputs..., &object);
        if (returned == BIOBERT_OK) return std::nullopt;
        return detail::failure(returned, object);
    }
    template <class Value, class Getter>
    expected<list<Value>> get(Getter getter) const {
        detail::source<Value> found;
        if (auto failed = failure(getter, &found.data, &found.count, &found.stride)) return *std::move(failed);
        return list<Value>(owner_, found);
    }

    detail::shared_result owner_;
    std::size_t index_;
};

inline expected<list<relation>> document::try_relations() const {
    detail::source<relation> found;
    auto& spans = found.spans;
    if (auto failed = failure(biobert_result_spans, &spans.data, &spans.count, &spans.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_relations, &found.data, &found.count, &found.stride)) return *std::move(failed);
    return list<relation>(owner_, found);
}

inline expected<list<entity>> document::try_entities() const {
    detail::source<entity> found;
    auto& also = found.also;
    auto& attributes = found.attributes;
    auto& links = found.links;
    auto& codes = links.codes;
    found.owner = owner_;
    if (auto failed = failure(biobert_result_codes, &codes.data, &codes.count, &codes.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_links, &links.data, &links.count, &links.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_also, &also.data, &also.count, &also.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_attributes, &attributes.data, &attributes.count, &attributes.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_entities, &found.data, &found.count, &found.stride)) return *std::move(failed);
    return list<entity>(owner_, found);
}

inline expected<list<mask>> document::try_masks() const {
    detail::source<mask> found;
    auto& candidates = found.candidates;
    found.owner = owner_;
    if (auto failed = failure(biobert_result_candidates, &candidates.data, &candidates.count, &candidates.stride)) return *std::move(failed);
    if (auto failed = failure(biobert_result_masks, &found.data, &found.count, &found.stride)) return *std::move(failed);
    return list<mask>(owner_, found);
}

inline expected<float> document::try_no_answer() const {
    float score = 0;
    if (auto failed = failure(biobert_result_no_answer, &score)) return *std::move(failed);
    return score;
}

inline expected<floats> document::try_embedding() const {
    const float* data = nullptr;
    std::size_t width = 0;
    if (auto failed = failure(biobert_result_embedding, &data, &width)) return *std::move(failed);
    return floats(owner_, data, width ? 1 : 0, width);
}

inline expected<floats> document::try_states() const {
    const float* data = nullptr;
    std::size_t rows = 0;
    std::size_t width = 0;
    if (auto failed = failure(biobert_result_states, &data, &rows, &width)) return *std::move(failed);
    return floats(owner_, data, rows, width);
}

/// What a call found, document by document or question by question, in the order of the call. A
/// small copyable value that keeps the native result alive.
class results {
public:
    using value_type = document;
    using size_type = std::size_t;
    using const_iterator = detail::iterator<results, document>;
    using iterator = const_iterator;

    results() = default;
    /// Takes over a result of biobert.h, which may be null.
    explicit results(biobert_result* object) : owner_(object, biobert_result_free) {}

    /// The result, for functions of biobert.h. It stays this object's.
    const biobert_result* capi() const noexcept { return owner_.get(); }

    std::size_t size() const noexcept { return biobert_result_doc_count(owner_.get()); }
    bool empty() const noexcept { return size() == 0; }
    /// Where the encoder ran.
    ran_on device() const noexcept { return detail::ran_on(owner_); }
    /// The document at an index; one out of range has the status `BIOBERT_E_ARGUMENT`.
    document operator[](std::size_t index) const noexcept { return {owner_, index}; }
    const_iterator begin() const noexcept { return {*this, 0}; }
    const_iterator end() const noexcept { return {*this, static_cast<std::ptrdiff_t>(size())}; }

    /// All of it as JSON; biobert.h says what is in it.
    expected<std::string> try_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_result_to_json(owner_.get(), out, failed); });
    }
#ifdef __cpp_exceptions
    std::string json() const { return try_json().value(); }
#endif

private:
    detail::shared_result owner_;
};

// ----------------------------------------------------------------------------------------- calls

namespace detail {

/// The documents of a call.
struct documents {
    documents(const text& one) noexcept : wide(one.wide()), utf8(&one.utf8()), utf16(&one.utf16()), count(1) {}
    documents(const texts& many) noexcept
        : wide(many.wide()), utf8(many.utf8().data()), utf16(many.utf16().data()),
          count(many.wide() ? many.utf16().size() : many.utf8().size()) {}

    bool wide;
    const biobert_str* utf8;
    const biobert_str16* utf16;
    std::size_t count;
};

/// The parameters that all tasks have.
struct call {
    const biobert_str* heads;
    std::size_t n_heads;
    const biobert_run_options* options;
    const biobert_cancel* cancel;
    biobert_result** out;
    biobert_error** error;
};

/// Makes the options of a call and runs a task with them.
template <class Task>
expected<results> run(const run_options& options, bool wide, Task task) {
    biobert_run_options c_options;
    biobert_run_options_init(&c_options, sizeof c_options);
    const auto own = wide ? offset_unit::utf16_units : offset_unit::utf8_bytes;
    c_options.unit = static_cast<biobert_offset_unit>(options.unit == offset_unit::own ? own : options.unit);
    c_options.invalid_text = static_cast<biobert_invalid_text>(options.invalid_text);
    c_options.markup = static_cast<biobert_markup>(options.markup);
    if (options.deadline) {
        // 0 is "never" in biobert.h, and more than 49 days do not fit.
        const auto left = options.deadline->count();
        if (left <= 0) return error(BIOBERT_E_DEADLINE, "the deadline has passed");
        constexpr auto most = std::numeric_limits<std::uint32_t>::max();
        c_options.deadline_ms = left < most ? static_cast<std::uint32_t>(left) : most;
    }
    const auto cancel = switch_of(options.cancel);
    if (!cancel) return cancel.error();
    std::vector<biobert_str> heads;
    for (const std::string& head : options.heads) heads.push_back(str(head));
    return make<results, biobert_result>([&](biobert_result** out, biobert_error** failed) {
        return task(call{heads.data(), heads.size(), &c_options, *cancel, out, failed});
    });
}

/// The one document of a call on one; an error if it is bad.
inline expected<document> only(const expected<results>& found) {
    if (!found) return found.error();
    document first = (*found)[0];
    if (!first.ok()) return error(first.status(), std::string(first.message()), 0);
    return first;
}

/// What a task without heads says to a choice of heads.
inline std::optional<error> refuse_heads(const run_options& options) {
    if (options.heads.empty()) return std::nullopt;
    return error(BIOBERT_E_ARGUMENT, "this task has no heads to choose");
}

} // namespace detail

/// A head on its own, trained on the encoder of a model: to be saved, or given to a model.
class head : public handle<biobert_head, biobert_head_free> {
public:
    using handle::handle;

    /// Opens a directory with `head.json` and `head.safetensors`. The head has the name of the directory.
    /// `path` is UTF-8. Safe on untrusted files.
    static expected<head> try_open(std::string_view path) {
        return detail::make<head, biobert_head>(
            [&](auto** out, auto** failed) { return biobert_head_open_path(detail::str(path), out, failed); });
    }
    /// Writes it to a directory, which is created if necessary. A head that is there is replaced.
    expected<void> try_save(std::string_view path) const {
        return detail::perform([&](auto** failed) { return biobert_head_save_path(capi(), detail::str(path), failed); });
    }
    /// Describes it as JSON: task, labels, hashes of its encoder, tokenizer and data, licence, date,
    /// metrics.
    expected<std::string> try_info_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_head_info_json(capi(), out, failed); });
    }

#ifdef __cpp_exceptions
    // As above, throwing.
    static head open(std::string_view path) { return try_open(path).value(); }
    void save(std::string_view path) const { try_save(path).value(); }
    std::string info_json() const { return try_info_json().value(); }
#endif
};

/// A model: tokenizer, encoder, heads. Opened by an engine; any number of threads run on it at once.
///
/// Each task takes one text, or any range of texts of one encoding, and gives one `document`, or
/// `results` in the same order. For one text, a bad document is the call's error; of many, each has
/// its own status.
class model : public handle<biobert_model, biobert_model_free> {
public:
    using handle::handle;

    /// Finds all that notes say: sections, entities with assertions, long forms and attributes, and
    /// relations; see `document::sections`, `document::entities`, `document::relations`. The heads may be
    /// for entities, for relations, and one for assertions.
    expected<results> try_extract(const texts& docs, const run_options& options = {}, const extract_options& extract = {}) const {
        return run_extract(docs, options, extract);
    }
    expected<document> try_extract(const text& doc, const run_options& options = {}, const extract_options& extract = {}) const {
        return detail::only(run_extract(doc, options, extract));
    }

    /// Finds entities; see `document::spans`.
    expected<results> try_ner(const texts& docs, const run_options& options = {}) const { return run_ner(docs, options); }
    expected<document> try_ner(const text& doc, const run_options& options = {}) const {
        return detail::only(run_ner(doc, options));
    }

    /// Finds relations, and the entities that they are between; see `document::relations`. A given
    /// entity with an impossible place makes the call fail.
    expected<results> try_re(const texts& docs, const run_options& options = {}, const re_options& relations = {}) const {
        return run_re(docs, options, relations);
    }
    expected<document> try_re(const text& doc, const run_options& options = {}, const re_options& relations = {}) const {
        return detail::only(run_re(doc, options, relations));
    }

    /// Answers questions, each from its own passages; see `document::answers`, `document::no_answer`
    /// and, for yes or no, `document::classes`. The documents are the questions.
    template <class String>
    expected<results> try_qa(const std::vector<basic_question<String>>& questions, const run_options& options = {},
                             const qa_options& answers = {}) const {
        return run_qa(questions.data(), questions.size(), options, answers);
    }
    template <class String>
    expected<document> try_qa(const basic_question<String>& asked, const run_options& options = {},
                              const qa_options& answers = {}) const {
        return detail::only(run_qa(&asked, 1, options, answers));
    }

    /// Classifies documents; see `document::classes`.
    expected<results> try_classify(const texts& docs, const run_options& options = {}) const {
        return run_classify(docs, nullptr, options);
    }
    expected<document> try_classify(const text& doc, const run_options& options = {}) const {
        return detail::only(run_classify(doc, nullptr, options));
    }
    /// Classifies each document together with a second text: a note and a trial criterion. There are
    /// as many second texts as documents, in the same encoding.
    expected<results> try_classify(const texts& docs, const texts& seconds, const run_options& options = {}) const {
        const detail::documents others(seconds);
        return run_classify(docs, &others, options);
    }
    expected<document> try_classify(const text& doc, const text& second, const run_options& options = {}) const {
        const detail::documents other(second);
        return detail::only(run_classify(doc, &other, options));
    }

    /// Turns documents into vectors; see `document::embedding`, `document::tokens`, `document::states`.
    expected<results> try_embed(const texts& docs, const run_options& options = {}, const embed_options& embed = {}) const {
        return run_embed(docs, options, embed);
    }
    expected<document> try_embed(const text& doc, const run_options& options = {}, const embed_options& embed = {}) const {
        return detail::only(run_embed(doc, options, embed));
    }

    /// Fills the masks of documents: the pieces that may stand at each; see `document::masks`. A mask is
    /// `mask_token()` in the text. A document without one, or longer than the model reads at once, is bad.
    expected<results> try_fill(const texts& docs, const run_options& options = {}, const fill_options& fill = {}) const {
        return run_fill(docs, options, fill);
    }
    expected<document> try_fill(const text& doc, const run_options& options = {}, const fill_options& fill = {}) const {
        return detail::only(run_fill(doc, options, fill));
    }

    /// What stands for a missing word in the texts of `fill`, such as `[MASK]`; empty if the model cannot fill
    /// it. Borrowed from the model.
    std::string_view mask_token() const noexcept { return detail::view(biobert_model_mask_token(capi())); }

    /// Describes the model as JSON: format, precision, heads, limits and more.
    expected<std::string> try_info_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_model_info_json(capi(), out, failed); });
    }
    /// Runs the self-check of a bundle and gives the JSON that biobert.h describes.
    expected<std::string> try_verify() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_model_verify(capi(), out, failed); });
    }
    /// The names of the heads.
    expected<std::vector<std::string>> try_heads() const;
    /// The names of a head's labels.
    expected<std::vector<std::string>> try_labels(std::string_view head) const;
    /// Makes a model with one more head, named `name`, or by the head's own name if `name` is empty. It
    /// shares encoder and tokenizer with this model, which does not change, so this takes little time and
    /// memory. A head of another encoder gives `BIOBERT_E_MODEL`.
    expected<model> try_with_head(const biobert::head& head, std::string_view name = {}) const {
        return detail::make<model, biobert_model>([&](auto** out, auto** failed) {
            return biobert_model_with_head(capi(), head.capi(), detail::str(name), out, failed);
        });
    }

#ifdef __cpp_exceptions
    // As above, throwing.
    results extract(const texts& docs, const run_options& options = {}, const extract_options& extract = {}) const {
        return try_extract(docs, options, extract).value();
    }
    document extract(const text& doc, const run_options& options = {}, const extract_options& extract = {}) const {
        return try_extract(doc, options, extract).value();
    }
    results ner(const texts& docs, const run_options& options = {}) const { return try_ner(docs, options).value(); }
    document ner(const text& doc, const run_options& options = {}) const { return try_ner(doc, options).value(); }
    results re(const texts& docs, const run_options& options = {}, const re_options& relations = {}) const {
        return try_re(docs, options, relations).value();
    }
    document re(const text& doc, const run_options& options = {}, const re_options& relations = {}) const {
        return try_re(doc, options, relations).value();
    }
    template <class String>
    results qa(const std::vector<basic_question<String>>& questions, const run_options& options = {},
               const qa_options& answers = {}) const {
        return try_qa(questions, options, answers).value();
    }
    template <class String>
    document qa(const basic_question<String>& asked, const run_options& options = {}, const qa_options& answers = {}) const {
        return try_qa(asked, options, answers).value();
    }
    results classify(const texts& docs, const run_options& options = {}) const { return try_classify(docs, options).value(); }
    document classify(const text& doc, const run_options& options = {}) const { return try_classify(doc, options).value(); }
    results classify(const texts& docs, const texts& seconds, const run_options& options = {}) const {
        return try_classify(docs, seconds, options).value();
    }
    document classify(const text& doc, const text& second, const run_options& options = {}) const {
        return try_classify(doc, second, options).value();
    }
    results embed(const texts& docs, const run_options& options = {}, const embed_options& embed = {}) const {
        return try_embed(docs, options, embed).value();
    }
    document embed(const text& doc, const run_options& options = {}, const embed_options& embed = {}) const {
        return try_embed(doc, options, embed).value();
    }
    results fill(const texts& docs, const run_options& options = {}, const fill_options& fill = {}) const {
        return try_fill(docs, options, fill).value();
    }
    document fill(const text& doc, const run_options& options = {}, const fill_options& fill = {}) const {
        return try_fill(doc, options, fill).value();
    }
    std::string info_json() const { return try_info_json().value(); }
    std::string verify() const { return try_verify().value(); }
    std::vector<std::string> heads() const { return try_heads().value(); }
    std::vector<std::string> labels(std::string_view head) const { return try_labels(head).value(); }
    model with_head(const biobert::head& head, std::string_view name = {}) const { return try_with_head(head, name).value(); }
#endif

private:
    expected<results> run_extract(const detail::documents& docs, const run_options& options, const extract_options& extract) const;
    expected<results> run_ner(const detail::documents& docs, const run_options& options) const;
    expected<results> run_re(const detail::documents& docs, const run_options& options, const re_options& relations) const;
    template <class String>
    expected<results> run_qa(const basic_question<String>* questions, std::size_t count, const run_options& options,
                             const qa_options& answers) const;
    expected<results> run_classify(const detail::documents& docs, const detail::documents* seconds,
                                   const run_options& options) const;
    expected<results> run_embed(const detail::documents& docs, const run_options& options, const embed_options& embed) const;
    expected<results> run_fill(const detail::documents& docs, const run_options& options, const fill_options& fill) const;
};

inline expected<results> model::run_extract(const detail::documents& docs, const run_options& options,
                                            const extract_options& extract) const {
    biobert_extract_options c_options;
    biobert_extract_options_init(&c_options, sizeof c_options);
    c_options.judges = static_cast<biobert_judges>(extract.judges);
    const auto c_terms = detail::list_of(extract.terms);
    c_options.terms = c_terms.data();
    c_options.n_terms = c_terms.size();
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_extract_run16(capi(), c.heads, c.n_heads, docs.utf16, docs.count, &c_options, c.options, c.cancel,
                                                 c.out, c.error)
                         : biobert_extract_run(capi(), c.heads, c.n_heads, docs.utf8, docs.count, &c_options, c.options, c.cancel,
                                               c.out, c.error);
    });
}

inline expected<results> model::run_ner(const detail::documents& docs, const run_options& options) const {
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_ner_run16(capi(), c.heads, c.n_heads, docs.utf16, docs.count, c.options, c.cancel, c.out, c.error)
                         : biobert_ner_run(capi(), c.heads, c.n_heads, docs.utf8, docs.count, c.options, c.cancel, c.out, c.error);
    });
}

inline expected<results> model::run_re(const detail::documents& docs, const run_options& options,
                                       const re_options& relations) const {
    biobert_re_options c_options;
    biobert_re_options_init(&c_options, sizeof c_options);
    c_options.unrelated = relations.unrelated;
    // A list that is empty is not the same as none: it is not NULL.
    const biobert_entity_in nobody{};
    std::vector<biobert_entity_in> given;
    const biobert_entity_in* entities = nullptr;
    if (relations.entities) {
        for (const given_entity& e : *relations.entities) given.push_back({e.doc, e.start, e.end, detail::str(e.kind)});
        entities = given.empty() ? &nobody : given.data();
    }
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_re_run16(capi(), c.heads, c.n_heads, docs.utf16, docs.count, entities, given.size(), &c_options,
                                            c.options, c.cancel, c.out, c.error)
                         : biobert_re_run(capi(), c.heads, c.n_heads, docs.utf8, docs.count, entities, given.size(), &c_options,
                                          c.options, c.cancel, c.out, c.error);
    });
}

template <class String>
expected<results> model::run_qa(const basic_question<String>* questions, std::size_t count, const run_options& options,
                                const qa_options& answers) const {
    static_assert(std::is_convertible_v<const String&, text>, "a question is made of strings or of views");
    biobert_qa_options c_options;
    biobert_qa_options_init(&c_options, sizeof c_options);
    c_options.top = answers.top;
    c_options.max_tokens = answers.max_tokens;
    c_options.pool = answers.pool ? 1 : 0;
    c_options.threshold = answers.threshold;
    std::vector<texts> passages;
    passages.reserve(count);
    for (std::size_t i = 0; i < count; i++) passages.emplace_back(questions[i].passages);
    if constexpr (std::is_convertible_v<const String&, std::u16string_view>) {
        std::vector<biobert_qa_in16> asked;
        for (std::size_t i = 0; i < count; i++)
            asked.push_back({text(questions[i].question).utf16(), passages[i].utf16().data(), passages[i].utf16().size()});
        return detail::run(options, true, [&](const detail::call& c) {
            return biobert_qa_run16(capi(), c.heads, c.n_heads, asked.data(), count, &c_options, c.options, c.cancel, c.out, c.error);
        });
    } else {
        std::vector<biobert_qa_in> asked;
        for (std::size_t i = 0; i < count; i++)
            asked.push_back({text(questions[i].question).utf8(), passages[i].utf8().data(), passages[i].utf8().size()});
        return detail::run(options, false, [&](const detail::call& c) {
            return biobert_qa_run(capi(), c.heads, c.n_heads, asked.data(), count, &c_options, c.options, c.cancel, c.out, c.error);
        });
    }
}

inline expected<results> model::run_classify(const detail::documents& docs, const detail::documents* seconds,
                                             const run_options& options) const {
    if (seconds && seconds->count != docs.count) return error(BIOBERT_E_ARGUMENT, "there are not as many second texts as documents");
    if (seconds && seconds->wide != docs.wide) return error(BIOBERT_E_ARGUMENT, "second texts are not in the encoding of the documents");
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_classify_run16(capi(), c.heads, c.n_heads, docs.utf16, seconds ? seconds->utf16 : nullptr, docs.count,
                                                  c.options, c.cancel, c.out, c.error)
                         : biobert_classify_run(capi(), c.heads, c.n_heads, docs.utf8, seconds ? seconds->utf8 : nullptr, docs.count,
                                                c.options, c.cancel, c.out, c.error);
    });
}

inline expected<results> model::run_embed(const detail::documents& docs, const run_options& options,
                                          const embed_options& embed) const {
    if (auto refused = detail::refuse_heads(options)) return *std::move(refused);
    biobert_embed_options c_options;
    biobert_embed_options_init(&c_options, sizeof c_options);
    const bool own = !embed.layer && biobert_model_vector_width(capi()) > 0;
    c_options.pooling = static_cast<biobert_pooling>(embed.pooling.value_or(own ? pooling::model : pooling::mean));
    c_options.choose_layer = embed.layer.has_value();
    c_options.layer = embed.layer.value_or(0);
    c_options.normalize = embed.normalize;
    c_options.tokens = embed.tokens;
    // A string's data is never NULL, which would be the default.
    if (embed.prompt) c_options.prompt = {embed.prompt->data(), embed.prompt->size()};
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_embed_run16(capi(), docs.utf16, docs.count, &c_options, c.options, c.cancel, c.out, c.error)
                         : biobert_embed_run(capi(), docs.utf8, docs.count, &c_options, c.options, c.cancel, c.out, c.error);
    });
}

inline expected<results> model::run_fill(const detail::documents& docs, const run_options& options, const fill_options& fill) const {
    if (auto refused = detail::refuse_heads(options)) return *std::move(refused);
    biobert_fill_options c_options;
    biobert_fill_options_init(&c_options, sizeof c_options);
    c_options.top_k = fill.top_k;
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_fill_run16(capi(), docs.utf16, docs.count, &c_options, c.options, c.cancel, c.out, c.error)
                         : biobert_fill_run(capi(), docs.utf8, docs.count, &c_options, c.options, c.cancel, c.out, c.error);
    });
}

namespace detail {

/// Collects names that a getter gives by index.
template <class Getter>
expected<std::vector<std::string>> names(std::size_t count, Getter getter) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; i++) {
        biobert_str name{};
        biobert_error* failed = nullptr;
        const biobert_status status = getter(i, &name, &failed);
        if (status != BIOBERT_OK) return failure(status, failed);
        all.emplace_back(view(name));
    }
    return all;
}

} // namespace detail

inline expected<std::vector<std::string>> model::try_heads() const {
    // The count of NULL is 0, which would read as a model without heads.
    if (!capi()) return error(BIOBERT_E_ARGUMENT, "model was moved from");
    return detail::names(biobert_model_head_count(capi()), [&](std::size_t i, biobert_str* out, biobert_error** failed) {
        return biobert_model_head_name(capi(), i, out, failed);
    });
}

inline expected<std::vector<std::string>> model::try_labels(std::string_view head) const {
    std::size_t count = 0;
    biobert_error* failed = nullptr;
    const biobert_status status = biobert_model_label_count(capi(), detail::str(head), &count, &failed);
    if (status != BIOBERT_OK) return detail::failure(status, failed);
    return detail::names(count, [&](std::size_t i, biobert_str* out, biobert_error** error_out) {
        return biobert_model_label_name(capi(), detail::str(head), i, out, error_out);
    });
}

/// Threads, instruction set, device and limits that models share. Immutable: any thread, concurrently.
class engine : public handle<biobert_engine, biobert_engine_free> {
public:
    using handle::handle;
    static expected<engine> try_create(const engine_options& options = {});

    /// Opens a bundle, or a checkpoint directory with `model.safetensors`, `pytorch_model.bin` or
    /// `model.onnx`. `path` is UTF-8. Safe on untrusted files: nothing in them is run.
    expected<model> try_open(std::string_view path, const model_options& options = {}) const;
    /// As above; a null pointer, as from getenv, is refused.
    expected<model> try_open(const char* path, const model_options& options = {}) const {
        return try_open(path ? std::string_view(path) : std::string_view(), options);
    }

    /// Divides documents in English into sentences, without a model; see `document::sentences`.
    expected<results> try_sentences(const texts& docs, const run_options& options = {}) const {
        return run_sentences(docs, options);
    }
    expected<document> try_sentences(const text& doc, const run_options& options = {}) const {
        return detail::only(run_sentences(doc, options));
    }

    /// Finds the sections of notes in English by their headings, without a model; see `document::sections`.
    expected<results> try_sections(const texts& docs, const run_options& options = {}) const {
        return run_sections(docs, options);
    }
    expected<document> try_sections(const text& doc, const run_options& options = {}) const {
        return detail::only(run_sections(doc, options));
    }

    /// Live objects and settings as JSON: `{"models","results","threads","isa","device"}`.
    expected<std::string> try_stats_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_engine_stats_json(capi(), out, failed); });
    }

#ifdef __cpp_exceptions
    // As above, throwing.
    explicit engine(const engine_options& options = {}) : engine(try_create(options).value()) {}
    model open(std::string_view path, const model_options& options = {}) const { return try_open(path, options).value(); }
    model open(const char* path, const model_options& options = {}) const { return try_open(path, options).value(); }
    results sentences(const texts& docs, const run_options& options = {}) const { return try_sentences(docs, options).value(); }
    document sentences(const text& doc, const run_options& options = {}) const { return try_sentences(doc, options).value(); }
    results sections(const texts& docs, const run_options& options = {}) const { return try_sections(docs, options).value(); }
    document sections(const text& doc, const run_options& options = {}) const { return try_sections(doc, options).value(); }
    std::string stats_json() const { return try_stats_json().value(); }
#endif

private:
    expected<results> run_sentences(const detail::documents& docs, const run_options& options) const;
    expected<results> run_sections(const detail::documents& docs, const run_options& options) const;
};

namespace detail {

using log_function = std::function<void(std::string_view)>;

// The library calls these two with a log function of the heap. It cannot be unwound through: a log
// function that throws ends the program here.
inline void log_line(void* function, biobert_str line) noexcept { (*static_cast<log_function*>(function))(view(line)); }
inline void log_drop(void* function) noexcept { delete static_cast<log_function*>(function); }

} // namespace detail

inline expected<engine> engine::try_create(const engine_options& options) {
    if (biobert_abi_version() < BIOBERT_ABI_VERSION) {
        return error(BIOBERT_E_UNSUPPORTED, "the library is older than the header that the program was built with");
    }
    biobert_engine_options c_options;
    biobert_engine_options_init(&c_options, sizeof c_options);
    c_options.threads = options.threads;
    c_options.isa = detail::str(options.isa);
    c_options.device = static_cast<biobert_device>(options.device);
    c_options.gpu = options.gpu;
    c_options.token_budget = options.token_budget;
    c_options.max_doc_bytes = options.max_doc_bytes;
    c_options.max_batch_bytes = options.max_batch_bytes;
    if (options.log) {
        // The library's from here on: it calls `log_drop` once, also if it makes no engine.
        c_options.log_userdata = new detail::log_function(options.log);
        c_options.log = detail::log_line;
        c_options.log_drop = detail::log_drop;
    }
    return detail::make<engine, biobert_engine>(
        [&](biobert_engine** out, biobert_error** failed) { return biobert_engine_create(&c_options, out, failed); });
}

inline expected<model> engine::try_open(std::string_view path, const model_options& options) const {
    biobert_model_options c_options;
    biobert_model_options_init(&c_options, sizeof c_options);
    c_options.integrity = static_cast<biobert_integrity>(options.integrity);
    c_options.loading = static_cast<biobert_loading>(options.loading);
    c_options.precision = static_cast<biobert_precision>(options.precision);
    c_options.casing = static_cast<biobert_casing>(options.casing);
    std::vector<biobert_str> labels;
    for (const std::string& label : options.labels) labels.push_back(detail::str(label));
    c_options.labels = labels.data();
    c_options.n_labels = labels.size();
    return detail::make<model, biobert_model>([&](biobert_model** out, biobert_error** failed) {
        return biobert_model_open_path(capi(), detail::str(path), &c_options, out, failed);
    });
}

inline expected<results> engine::run_sentences(const detail::documents& docs, const run_options& options) const {
    if (auto refused = detail::refuse_heads(options)) return *std::move(refused);
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_sentences_run16(capi(), docs.utf16, docs.count, c.options, c.cancel, c.out, c.error)
                         : biobert_sentences_run(capi(), docs.utf8, docs.count, c.options, c.cancel, c.out, c.error);
    });
}

inline expected<results> engine::run_sections(const detail::documents& docs, const run_options& options) const {
    if (auto refused = detail::refuse_heads(options)) return *std::move(refused);
    return detail::run(options, docs.wide, [&](const detail::call& c) {
        return docs.wide ? biobert_sections_run16(capi(), docs.utf16, docs.count, c.options, c.cancel, c.out, c.error)
                         : biobert_sections_run(capi(), docs.utf8, docs.count, c.options, c.cancel, c.out, c.error);
    });
}

// -------------------------------------------------------------------------------------- training

/// What a head is for.
enum class task : biobert_task {
    ner = BIOBERT_TASK_NER,
    re = BIOBERT_TASK_RE,
    qa = BIOBERT_TASK_QA,
    classify = BIOBERT_TASK_CLASSIFY,
    assertion = BIOBERT_TASK_ASSERTION,
};

/// What examples are for.
enum class split : biobert_split {
    /// Train the head.
    train = BIOBERT_SPLIT_TRAIN,
    /// Choose the best epoch and correct the probabilities. Without any, a tenth of the
    /// examples for training, drawn by class and random seed, is held out for this.
    dev = BIOBERT_SPLIT_DEV,
    /// Measure the head, with `trainer::eval`.
    test = BIOBERT_SPLIT_TEST,
};

/// How much time a training may take.
enum class preset : biobert_preset {
    /// For a first impression: a few epochs, or, with few texts, as many as give 150 steps.
    fast = BIOBERT_PRESET_FAST,
    /// Ten epochs, or, with few texts, as many as give 600 steps.
    best = BIOBERT_PRESET_BEST,
};

/// The architecture of a head.
enum class head_kind : biobert_head_kind {
    /// The best one for the task.
    automatic = 0,
    /// One linear layer on the states of the last layer: a baseline, much worse for entities.
    linear = BIOBERT_HEAD_LINEAR,
    /// A learned mix of the encoder's layers, a norm and a linear layer; for entities also a CRF.
    mix = BIOBERT_HEAD_MIX,
    /// As `mix`, with a hidden layer. The default for relations and classes, only for them.
    mlp = BIOBERT_HEAD_MLP,
    /// The mean over the layers and a bidirectional LSTM. The default for answers, only for them.
    lstm = BIOBERT_HEAD_LSTM,
    /// As `lstm`, with a CRF. The default for entities, only for them.
    lstm_crf = BIOBERT_HEAD_LSTM_CRF,
};

/// Options of a training; what is 0 or empty has its default.
struct trainer_options {
    /// What the offsets of examples count, those in files too. `own` is bytes here, and UTF-16 texts
    /// with offsets are then refused: choose `utf16_units` for them.
    offset_unit unit = offset_unit::own;
    biobert::preset preset = biobert::preset::best;
    biobert::head_kind head_kind = biobert::head_kind::automatic;
    /// Random seed. The same seed, data and model give the same head, bit for bit, on every processor.
    std::uint64_t seed = 0;
    /// Whether to train the head once more in the end, on training and held-out examples together, for
    /// the number of epochs that the held-out examples chose.
    bool refit = false;
    /// Whether to give rare labels of classes and relations more weight.
    bool balanced = false;
    /// A directory for intermediate results. A training that was killed resumes from there when the
    /// same training is started again. It is emptied in the end. If empty, a nameless file in the
    /// system's temporary directory is used, and the training cannot resume.
    std::string work_path{};
    /// The most bytes of encoder output to keep on disk, about 1 kB a word for the default model; 0 means
    /// 32 GiB.
    std::uint64_t max_feature_bytes = 0;
    /// Entities: the kind that a plain `B` or `I` in a file stands for; if empty, `Entity`.
    std::string entity{};
    /// Relations: the kinds of the two entities, both or neither; if empty, taken from the masks:
    /// `Chemical` for `@CHEMICAL$`.
    std::string first_kind{};
    std::string second_kind{};
    /// Relations: what replaces the two entities, both or neither; if empty, what a file of masked
    /// sentences has, or `@ENTITY1$` and `@ENTITY2$`.
    std::string first_mask{};
    std::string second_mask{};
    /// Relations: the label that means "none"; if empty, a label that says so, such as `0` or `false`.
    std::string negative{};
    /// Licence of the weights, for the head's file.
    std::string licence{};
    /// Date of the training, for the head's file; if empty, the file has no date.
    std::string date{};
};

/// An entity of an example. Its offsets are in the unit of the trainer.
struct mark {
    /// Offset of its first character.
    std::size_t start = 0;
    /// Offset after its last character.
    std::size_t end = 0;
    /// Its kind, such as `Anatomy`.
    std::string label{};
    /// What the text says of it: to learn assertions.
    std::optional<assertion_value> assertion{};
};

/// What a training is doing.
enum class phase : biobert_phase {
    /// The encoder reads the texts: `done` of `of` sequences.
    reading = BIOBERT_PHASE_READING,
    /// The head learns: `done` of `of` batches over all epochs. `epoch` epochs have ended.
    learning = BIOBERT_PHASE_LEARNING,
    /// An epoch has ended: `epoch` is its number, from 1.
    epoch = BIOBERT_PHASE_EPOCH,
    /// A training that was killed resumes after `epoch`.
    resumed = BIOBERT_PHASE_RESUMED,
};

/// The progress of a training.
struct progress {
    biobert::phase phase;
    /// Sequences or batches done.
    std::uint64_t done;
    /// Sequences or batches in all.
    std::uint64_t of;
    /// Epochs that have ended.
    std::uint64_t epoch;
    /// The mean loss of the epoch so far; NaN while reading.
    double loss;
    /// F1 on the held-out examples in percent; NaN if they were not measured.
    double f1;
    /// Estimated seconds until learning ends; NaN if not known.
    double seconds_left;
};

/// Receives the progress of a training, many times a second, on the thread that called `trainer::fit`.
/// Returns whether to continue.
using progress_function = std::function<bool(const progress&)>;

/// A training with its examples, all of which it copies. For one thread at a time: a call while
/// another one runs, also one from a progress function, gives `BIOBERT_E_BUSY`.
///
/// If an example is wrong, the error says what is wrong, and the example is not added.
class trainer : public handle<biobert_trainer, biobert_trainer_free> {
public:
    using handle::handle;
    /// Creates a trainer for a task, without examples. A model that is an ONNX graph other than BERT
    /// cannot be trained on.
    static expected<trainer> try_create(const model& model, task task, const trainer_options& options = {});

    /// Adds a text with all its entities. There may be none; they must not overlap.
    expected<void> try_add_ner(const text& doc, const std::vector<mark>& marks, split into = split::train);
    /// The same with what the text says of each entity.
    expected<void> try_add_assertion(const text& doc, const std::vector<mark>& marks, split into = split::train);
    /// Adds two entities of a text and the label of their relation. Of a long text, only the sentence with
    /// the two is read. Also add pairs that are not related, with a label that says so.
    expected<void> try_add_re(const text& doc, const range& first, const range& second, std::string_view label,
                              split into = split::train);
    /// Adds a text and its class.
    expected<void> try_add_class(const text& doc, std::string_view label, split into = split::train) {
        return run_add_class(doc, nullptr, label, into);
    }
    /// Adds two texts of one encoding that are judged together, and their class.
    expected<void> try_add_class(const text& doc, const text& second, std::string_view label, split into = split::train) {
        return run_add_class(doc, &second, label, into);
    }
    /// Adds a question with a passage, in the same encoding, and the place of the answer in it; none if the
    /// passage does not contain the answer.
    expected<void> try_add_qa(const text& asked, const text& passage, const std::optional<range>& answer,
                              split into = split::train);
    /// Adds the examples of a file in one of the formats that biobert.h describes: all of them, or none if
    /// one is wrong. The message then names its line or place. `path` is UTF-8.
    expected<void> try_add_file(std::string_view path, split into = split::train) {
        return detail::perform([&](auto** failed) {
            return biobert_trainer_add_file(capi(), static_cast<biobert_split>(into), detail::str(path), failed);
        });
    }

    /// Trains a head from the examples. More may be added later and a head trained again. If `progress`
    /// returns false, or `cancel` is triggered, the training stops: before its first epoch has ended, that
    /// gives `BIOBERT_E_CANCELLED`; after that, the best head so far is kept. What `progress` throws also
    /// stops it, and is rethrown from here.
    expected<void> try_fit(const progress_function& progress = {}, const biobert::cancel* cancel = nullptr);
    /// The report of the training as JSON: labels, overall scores and scores by label, confusion table,
    /// calibration, history. An error if no head has been trained yet.
    expected<std::string> try_report_json() const {
        return detail::json([&](auto** out, auto** failed) { return biobert_trainer_report_json(capi(), out, failed); });
    }
    /// Measures the head on the examples of `split::test` and gives overall scores, scores by label,
    /// confusion table and calibration error as JSON.
    expected<std::string> try_eval(const biobert::cancel* cancel = nullptr) const {
        const auto ends = detail::switch_of(cancel);
        if (!ends) return ends.error();
        return detail::json([&](auto** out, auto** failed) { return biobert_trainer_eval(capi(), *ends, out, failed); });
    }
    /// The trained head. An error if none has been trained yet.
    expected<biobert::head> try_head() const {
        return detail::make<biobert::head, biobert_head>(
            [&](auto** out, auto** failed) { return biobert_trainer_head(capi(), out, failed); });
    }

#ifdef __cpp_exceptions
    // As above, throwing.
    explicit trainer(const model& model, task task, const trainer_options& options = {})
        : trainer(try_create(model, task, options).value()) {}
    void add_ner(const text& doc, const std::vector<mark>& marks, split into = split::train) {
        try_add_ner(doc, marks, into).value();
    }
    void add_assertion(const text& doc, const std::vector<mark>& marks, split into = split::train) {
        try_add_assertion(doc, marks, into).value();
    }
    void add_re(const text& doc, const range& first, const range& second, std::string_view label, split into = split::train) {
        try_add_re(doc, first, second, label, into).value();
    }
    void add_class(const text& doc, std::string_view label, split into = split::train) { try_add_class(doc, label, into).value(); }
    void add_class(const text& doc, const text& second, std::string_view label, split into = split::train) {
        try_add_class(doc, second, label, into).value();
    }
    void add_qa(const text& asked, const text& passage, const std::optional<range>& answer, split into = split::train) {
        try_add_qa(asked, passage, answer, into).value();
    }
    void add_file(std::string_view path, split into = split::train) { try_add_file(path, into).value(); }
    void fit(const progress_function& progress = {}, const biobert::cancel* cancel = nullptr) { try_fit(progress, cancel).value(); }
    std::string report_json() const { return try_report_json().value(); }
    std::string eval(const biobert::cancel* cancel = nullptr) const { return try_eval(cancel).value(); }
    biobert::head head() const { return try_head().value(); }
#endif

private:
    expected<void> run_add_class(const text& doc, const text* second, std::string_view label, split into);
    /// Offsets in a UTF-16 text would be taken for bytes.
    std::optional<error> refuse(const text& doc) const {
        if (!own_ || !doc.wide()) return std::nullopt;
        return error(BIOBERT_E_ARGUMENT, "the text is UTF-16 and the trainer counts bytes: choose a unit in its options");
    }

    bool own_ = false;
};

inline expected<trainer> trainer::try_create(const model& model, task task, const trainer_options& options) {
    biobert_trainer_options c_options;
    biobert_trainer_options_init(&c_options, sizeof c_options);
    const bool own = options.unit == offset_unit::own;
    c_options.unit = static_cast<biobert_offset_unit>(own ? offset_unit::utf8_bytes : options.unit);
    c_options.preset = static_cast<biobert_preset>(options.preset);
    c_options.head_kind = static_cast<biobert_head_kind>(options.head_kind);
    c_options.seed = options.seed;
    c_options.refit = options.refit;
    c_options.balanced = options.balanced;
    c_options.work_path = detail::str(options.work_path);
    c_options.max_feature_bytes = options.max_feature_bytes;
    c_options.entity = detail::str(options.entity);
    c_options.first_kind = detail::str(options.first_kind);
    c_options.second_kind = detail::str(options.second_kind);
    c_options.first_mask = detail::str(options.first_mask);
    c_options.second_mask = detail::str(options.second_mask);
    c_options.negative = detail::str(options.negative);
    c_options.licence = detail::str(options.licence);
    c_options.date = detail::str(options.date);
    auto made = detail::make<trainer, biobert_trainer>([&](biobert_trainer** out, biobert_error** failed) {
        return biobert_trainer_create(model.capi(), static_cast<biobert_task>(task), &c_options, out, failed);
    });
    if (made) made->own_ = own;
    return made;
}

inline expected<void> trainer::try_add_ner(const text& doc, const std::vector<mark>& marks, split into) {
    if (auto refused = refuse(doc)) return *std::move(refused);
    std::vector<biobert_mark_in> c_marks;
    c_marks.reserve(marks.size());
    for (const mark& m : marks) c_marks.push_back({m.start, m.end, detail::str(m.label)});
    const auto c_split = static_cast<biobert_split>(into);
    return detail::perform([&](biobert_error** failed) {
        return doc.wide() ? biobert_trainer_add_ner16(capi(), c_split, doc.utf16(), c_marks.data(), c_marks.size(), failed)
                          : biobert_trainer_add_ner(capi(), c_split, doc.utf8(), c_marks.data(), c_marks.size(), failed);
    });
}

inline expected<void> trainer::try_add_assertion(const text& doc, const std::vector<mark>& marks, split into) {
    if (auto refused = refuse(doc)) return *std::move(refused);
    std::vector<biobert_mark_in> c_marks;
    std::vector<biobert_assertion> says;
    c_marks.reserve(marks.size());
    says.reserve(marks.size());
    for (const mark& m : marks) {
        c_marks.push_back({m.start, m.end, detail::str(m.label)});
        says.push_back(m.assertion ? static_cast<biobert_assertion>(*m.assertion) : BIOBERT_ASSERTION_NONE);
    }
    const auto c_split = static_cast<biobert_split>(into);
    return detail::perform([&](biobert_error** failed) {
        return doc.wide() ? biobert_trainer_add_assertion16(capi(), c_split, doc.utf16(), c_marks.data(), says.data(),
                                                            c_marks.size(), failed)
                          : biobert_trainer_add_assertion(capi(), c_split, doc.utf8(), c_marks.data(), says.data(),
                                                          c_marks.size(), failed);
    });
}

inline expected<void> trainer::try_add_re(const text& doc, const range& first, const range& second, std::string_view label,
                                          split into) {
    if (auto refused = refuse(doc)) return *std::move(refused);
    const biobert_range_in one{first.start, first.end};
    const biobert_range_in other{second.start, second.end};
    const auto c_split = static_cast<biobert_split>(into);
    return detail::perform([&](biobert_error** failed) {
        return doc.wide() ? biobert_trainer_add_re16(capi(), c_split, doc.utf16(), one, other, detail::str(label), failed)
                          : biobert_trainer_add_re(capi(), c_split, doc.utf8(), one, other, detail::str(label), failed);
    });
}

inline expected<void> trainer::run_add_class(const text& doc, const text* second, std::string_view label, split into) {
    if (second && second->wide() != doc.wide()) return error(BIOBERT_E_ARGUMENT, "the second text is not in the encoding of the first");
    const auto c_split = static_cast<biobert_split>(into);
    return detail::perform([&](biobert_error** failed) {
        return doc.wide() ? biobert_trainer_add_class16(capi(), c_split, doc.utf16(), second ? &second->utf16() : nullptr,
                                                        detail::str(label), failed)
                          : biobert_trainer_add_class(capi(), c_split, doc.utf8(), second ? &second->utf8() : nullptr,
                                                      detail::str(label), failed);
    });
}

inline expected<void> trainer::try_add_qa(const text& asked, const text& passage, const std::optional<range>& answer,
                                          split into) {
    if (passage.wide() != asked.wide()) return error(BIOBERT_E_ARGUMENT, "the passage is not in the encoding of the question");
    if (auto refused = refuse(passage)) return *std::move(refused);
    const auto place = answer ? biobert_range_in{answer->start, answer->end} : biobert_range_in{};
    const auto* given = answer ? &place : nullptr;
    const auto c_split = static_cast<biobert_split>(into);
    return detail::perform([&](biobert_error** failed) {
        return passage.wide() ? biobert_trainer_add_qa16(capi(), c_split, asked.utf16(), passage.utf16(), given, failed)
                              : biobert_trainer_add_qa(capi(), c_split, asked.utf8(), passage.utf8(), given, failed);
    });
}

namespace detail {

/// A progress function while a training runs.
struct watch {
    const progress_function& function;
    bool go_on = true;
#ifdef __cpp_exceptions
    std::exception_ptr thrown{};
#endif
};

// The library calls this one. It cannot be unwound through: what the function throws waits until the
// training has stopped. Once the callback has asked to stop, it is not called again.
inline std::int32_t told(void* userdata, const biobert_progress* p) noexcept {
    watch& w = *static_cast<watch*>(userdata);
    const progress now{static_cast<phase>(p->phase), p->done, p->of, p->epoch, p->loss, p->f1, p->seconds_left};
#ifdef __cpp_exceptions
    try {
        w.go_on = w.go_on && w.function(now);
    } catch (...) {
        w.go_on = false;
        w.thrown = std::current_exception();
    }
#else
    w.go_on = w.go_on && w.function(now);
#endif
    return !w.go_on;
}

} // namespace detail

inline expected<void> trainer::try_fit(const progress_function& progress, const biobert::cancel* cancel) {
    const auto ends = detail::switch_of(cancel);
    if (!ends) return ends.error();
    detail::watch watch{progress};
    auto trained = detail::perform([&](biobert_error** failed) {
        return biobert_trainer_fit(capi(), progress ? detail::told : nullptr, &watch, *ends, failed);
    });
#ifdef __cpp_exceptions
    if (watch.thrown) std::rethrow_exception(watch.thrown);
#endif
    return trained;
}

} // namespace biobert

#endif // BIOBERT_HPP

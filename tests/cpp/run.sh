#!/bin/sh
# The C++ side: the header with each compiler, standard and mode; the tests plain, under
# AddressSanitizer, under Valgrind and without exceptions; the examples against the one in C and against
# what it prints everywhere; the conformance file in C++ and in C. Needs a release build of the library, and of Debian: g++ valgrind
# doctest-dev nlohmann-json3-dev libjansson-dev, and clang if it is to be tried too.
set -eu
cd "$(dirname "$0")/../.."
out=target/cpp-tests
golden=tests/golden/bundle-v1
model=models/bio-minilm
mkdir -p "$out"
warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
library="-Ltarget/release -lbiobert -Wl,-rpath,$PWD/target/release -pthread"
sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
compilers=g++
if command -v clang++ > /dev/null; then compilers="g++ clang++"; else echo "clang++ is not here: not tried"; fi

# shellcheck disable=SC2086
cpp() { $1 -std=$2 -g $warnings -Iinclude $3 -o "$out/$4" $library; }

printf '#include <biobert.hpp>\n#include <biobert.hpp>\ntypedef int not_empty;\n' > "$out/header.cpp"
for compiler in $compilers; do
    for std in c++17 c++20; do
        for mode in "" "-fno-exceptions -fno-rtti"; do
            $compiler -std=$std $warnings $mode -Iinclude -fsyntax-only "$out/header.cpp"
        done
    done
done
echo "header: $compilers, C++17 and C++20, with and without exceptions"

has_initialiser() { # source
    c++ -std=c++17 -O0 -Iinclude -c "$1" -o "$out/initialiser.o"
    readelf -SW "$out/initialiser.o" | grep -q init_array
}
printf '#include <string>\nstd::string made_before_main("made before main");\n' > "$out/initialiser.cpp"
has_initialiser "$out/initialiser.cpp" || { echo "the check for static initialisers sees none"; exit 1; }
if has_initialiser "$out/header.cpp"; then echo "the header has a static initialiser"; exit 1; fi

compiles() { # expression
    printf '#include <biobert.hpp>\nstruct made { struct place { std::string operator*() const; place& operator++(); bool operator!=(place) const; };\n  place begin() const; place end() const; };\nvoid f(const biobert::model& model, biobert::trainer& trainer, std::vector<std::string> notes) { %s; (void)model, (void)trainer; }\n' "$1" > "$out/refused.cpp"
    c++ -std=c++17 -Iinclude -fsyntax-only "$out/refused.cpp" 2> "$out/refused.txt"
}
for right in "model.ner(notes)" "model.extract(notes, {}, {biobert::judges::rules})" "biobert::engine e{biobert::engine_options{}}" "trainer.add_ner(notes[0], {{0, 4, \"Drug\"}})" \
    "trainer.add_class(notes[0], notes[1], \"drug\", biobert::split::dev)" "trainer.fit([](const auto&) { return true; })" \
    "biobert::terms t = biobert::terms::open(notes[0]); model.extract(notes, {}, {biobert::judges::all, {t, t}})"; do
    compiles "$right" || { cat "$out/refused.txt"; exit 1; }
done
for wrong in "model.ner(nullptr)" "model.extract(notes, biobert::judges::rules)" "model.ner(made())" "biobert::model copy(model)" "model.ner(L\"wide\")" "model.ner(std::vector<int>{1})" \
    "biobert::engine e({})" "biobert::engine e(nullptr)" "biobert::model m({})" "biobert::cancel c({})" \
    "biobert::head h({})" "biobert::terms t({})" "biobert::trainer t({})" "biobert::trainer copy(trainer)" "trainer.add_ner(notes, {})" \
    "trainer.fit([](const biobert::progress&) {})" "trainer.fit([](int) { return true; })" \
    "model.qa(biobert::basic_question<std::wstring>{L\"What?\", {}})"; do
    if compiles "$wrong"; then echo "should not compile: $wrong"; exit 1; fi
done
echo "header: no static initialiser; misuse does not compile"

cpp g++ c++17 "tests/cpp/test.cpp tests/cpp/other.cpp" test
cpp g++ c++20 "-O1 -D_GLIBCXX_ASSERTIONS $sanitize tests/cpp/test.cpp tests/cpp/other.cpp" test-asan
nm "$out/test-asan" | grep -q __asan_init || { echo "AddressSanitizer was not there"; exit 1; }
# The test has an operator new of its own, which Valgrind is to leave in place.
valgrind() {
    command valgrind --quiet --error-exitcode=99 --leak-check=full \
        --suppressions=tests/c/valgrind.supp \
        --errors-for-leak-kinds=definite,indirect,possible --soname-synonyms=somalloc=nouserintercepts "$@"
}
echo "tests, plain:" && "$out/test" "$golden" --no-intro=true
echo "tests, AddressSanitizer, C++20:" && "$out/test-asan" "$golden" --no-intro=true
echo "tests, Valgrind:" && valgrind "$out/test" "$golden" --no-intro=true
cpp g++ c++17 "-O1 $sanitize tests/cpp/fill.cpp" fill
echo "filling masks, AddressSanitizer:" && "$out/fill" tests/fixtures/bert-fill tests/fixtures/bert-token
cpp g++ c++17 "-O1 $sanitize tests/cpp/terms.cpp" terms
echo "terminologies, AddressSanitizer:" && "$out/terms" "$model" tests/fixtures/terms/tiny.terms
for compiler in $compilers; do
    cpp "$compiler" c++17 "-fno-exceptions -fno-rtti $sanitize tests/cpp/no_exceptions.cpp" no_exceptions
    echo "without exceptions, $compiler:" && "$out/no_exceptions" "$golden"
done

conformance() { # program
    printf '%s: ' "$1"
    "$out/$1" "$model" tests/conformance/cases.json > "$out/$1.txt"
    cmp "$out/$1.txt" tests/conformance/expected.txt
}
cpp g++ c++17 "-O1 $sanitize tests/cpp/conformance.cpp" conformance-cpp
# shellcheck disable=SC2086
cc -std=c99 -g -O1 -Wall -Wextra -Wpedantic -Werror $sanitize -Iinclude tests/c/conformance.c -o "$out/conformance-c" $library -ljansson
conformance conformance-cpp
conformance conformance-c

cpp g++ c++17 "-O2 examples/cpp/notes.cpp" notes
# shellcheck disable=SC2086
cc -std=c99 -O2 -Iinclude examples/c/notes.c -o "$out/notes-c" $library
for note in "" examples/notes/discharge.txt; do
    # shellcheck disable=SC2086
    "$out/notes" "$model" $note > "$out/notes.txt"
    # shellcheck disable=SC2086
    "$out/notes-c" "$model" $note > "$out/notes-c.txt"
    [ -s "$out/notes.txt" ]
    cmp "$out/notes.txt" "$out/notes-c.txt"
done
cpp g++ c++17 "-O2 examples/cpp/teach.cpp" teach
"$out/teach" "$model" > "$out/teach.txt"
cmp "$out/teach.txt" examples/teach.txt
echo "examples: notes as in C, teach as everywhere"

cpp g++ c++17 "-O2 benches/bindings/call.cpp" call
# shellcheck disable=SC2086
cc -std=c99 -O2 -Wall -Wextra -Wpedantic -Werror -Iinclude benches/bindings/call.c -o "$out/call-c" $library
"$out/call" "$golden" 10 > /dev/null
"$out/call-c" "$golden" 10 > /dev/null
echo "benchmark of a call: builds and runs in C and C++"

#!/bin/sh
# An installed tree, as a C and a C++ developer meet it: programs are built against it by CMake,
# pkg-config and a plain compiler, once where it was installed and once after it was moved.
set -eu
cd "$(dirname "$0")/.."
out=$PWD/target/install-test
rm -rf "$out"
mkdir -p "$out"
# shellcheck source=scripts/check-library.sh
. scripts/check-library.sh

note=$PWD/examples/notes/discharge.txt
make -s -C examples/c
examples/c/notes models/bio-minilm "$note" > "$out/expected.txt"

try() { # a program and what it is: its output must be the expected one
    program=$1
    shift
    "$program" "$tree/share/biobert/models/bio-minilm" "$note" > "$out/found.txt"
    cmp "$out/expected.txt" "$out/found.txt"
    echo "  $*"
}

programs() { # the tree
    tree=$1
    build=$out/build
    rm -rf "$build"
    mkdir -p "$build"
    echo "in ${tree#"$out"/}:"

    run="-Wl,-rpath,$tree/lib"
    cc examples/c/notes.c -o "$build/plain" -I"$tree/include" -L"$tree/lib" -lbiobert "$run"
    try "$build/plain" "C, plain compiler"
    c++ -std=c++17 examples/cpp/notes.cpp -o "$build/plain++" -I"$tree/include" -L"$tree/lib" -lbiobert "$run"
    try "$build/plain++" "C++, plain compiler"
    cc examples/c/notes.c -o "$build/static" -I"$tree/include" "$tree/lib/libbiobert.a" -lpthread -ldl -lm
    try "$build/static" "C, plain compiler, static library"

    export PKG_CONFIG_PATH="$tree/lib/pkgconfig"
    # shellcheck disable=SC2046
    cc examples/c/notes.c -o "$build/pc" $(pkg-config --cflags --libs biobert) "$run"
    try "$build/pc" "C, pkg-config"
    # shellcheck disable=SC2046
    c++ -std=c++17 examples/cpp/notes.cpp -o "$build/pc++" $(pkg-config --cflags --libs biobert) "$run"
    try "$build/pc++" "C++, pkg-config"

    for language in c cpp; do
        cmake -S examples/$language -B "$build/$language" -DCMAKE_PREFIX_PATH="$tree" > "$out/cmake.log"
        cmake --build "$build/$language" >> "$out/cmake.log" || { cat "$out/cmake.log"; exit 1; }
        try "$build/$language/notes" "$language, CMake"
        try "$build/$language/notes-static" "$language, CMake, static library"
    done

    # From another directory, with the installed model.
    (cd / && echo "Asthma, on aspirin." | "$tree/bin/biobert" ner --format text -) > "$out/tool.txt"
    grep -q "Asthma" "$out/tool.txt"
    echo "  the tool, with its model"
}

make -s install PREFIX="$out/first"
first=$out/first
for file in bin/biobert include/biobert.h include/biobert.hpp lib/libbiobert.so lib/libbiobert.so.1 lib/libbiobert.a \
    lib/cmake/biobert/biobert-config.cmake lib/pkgconfig/biobert.pc share/biobert/models/bio-minilm/MANIFEST.json \
    share/biobert/examples/ade/AdeScreen.java \
    share/doc/biobert/LICENSE share/doc/biobert/THIRD-PARTY.txt share/doc/biobert/sbom.cdx.json; do
    [ -e "$first/$file" ] || { echo "$file is missing"; exit 1; }
done
if grep -rIl "$out" "$first"; then echo "these name the place of installation"; exit 1; fi
check_library "$first/lib/libbiobert.so.1" "$(getconf GNU_LIBC_VERSION | cut -d" " -f2)"
programs "$first"

mv "$first" "$out/moved"
programs "$out/moved"

# Once more over itself, and somewhere else below DESTDIR.
make -s install PREFIX="$out/moved" > /dev/null
make -s install PREFIX=/usr DESTDIR="$out/staged" LIBDIR=lib64 > /dev/null
[ -e "$out/staged/usr/lib64/libbiobert.so.1" ]
cmake -S examples/c -B "$out/build/lib64" -Dbiobert_DIR="$out/staged/usr/lib64/cmake/biobert" > "$out/cmake.log"
cmake --build "$out/build/lib64" >> "$out/cmake.log"
echo "installed twice, and below DESTDIR with lib64"

#!/bin/sh
# The C side: the header in every standard, the tests and the examples plain, under AddressSanitizer
# and under Valgrind, against the shared library, and all of them against the static one.
set -eu
cd "$(dirname "$0")/../.."
out=target/c-tests
lib=target/release
golden=tests/golden/bundle-v1
mkdir -p "$out"
warnings="-Wall -Wextra -Wpedantic -Werror"
shared="-L$lib -lbiobert -Wl,-rpath,$PWD/$lib"
static="target/static/libbiobert.a -lpthread -ldl -lm"

for twice in "" "#include <biobert.h>"; do
    printf '#include <biobert.h>\n%s\ntypedef int not_empty;\n' "$twice" > "$out/header.c"
    cp "$out/header.c" "$out/header.cpp"
    for std in c99 c11; do cc -std=$std $warnings -Iinclude -fsyntax-only "$out/header.c"; done
    for std in c++11 c++17; do c++ -std=$std $warnings -Iinclude -fsyntax-only "$out/header.cpp"; done
done
echo "header: C99, C11, C++11, C++17, alone and twice"

build() { # name, extra flags, libraries
    for source in tests/c/abi.c tests/c/fill.c tests/c/terms.c tests/c/train.c examples/c/notes.c examples/c/teach.c; do
        cc -std=c99 -g -O1 $warnings -Iinclude $2 $source -o "$out/$(basename $source .c)-$1" $3
    done
}
build plain "" "$shared -lpthread"
build asan "-fsanitize=address,undefined -fno-sanitize-recover=all" "$shared -lpthread"
build static "" "$static"

# Where the tests of training write: a path that no message may tell.
scratch() {
    rm -rf "$out/SECRET"
    mkdir -p "$out/SECRET/train"
    echo "$out/SECRET/train"
}

for kind in plain asan static; do
    echo "abi, $kind:"
    "$out/abi-$kind" "$golden"
    "$out/fill-$kind" tests/fixtures/bert-fill tests/fixtures/bert-token
    "$out/terms-$kind" models/bio-minilm tests/fixtures/terms/tiny.terms
    echo "train, $kind:"
    "$out/train-$kind" tests "$(scratch)" tests/fixtures/roberta-token-onnx
    "$out/notes-$kind" models/bio-minilm > "$out/notes-$kind.txt"
    cmp "$out/notes-plain.txt" "$out/notes-$kind.txt"
    "$out/teach-$kind" models/bio-minilm > "$out/teach-$kind.txt"
    cmp examples/teach.txt "$out/teach-$kind.txt"
    for example in notes teach; do
        "$out/$example-$kind" /no/such 2> "$out/error.txt" && exit 1
        grep -q "^model: BIOBERT_E_NOT_FOUND: ..*" "$out/error.txt" || { cat "$out/error.txt"; exit 1; }
    done
done
nm "$out/abi-asan" | grep -q __asan_init || { echo "AddressSanitizer was not there"; exit 1; }
cat "$out/notes-plain.txt" examples/teach.txt

# The engine registers its operations in constructors: none may be lost, whoever links and however hard
# that linker looks for what is not used.
onnx() { # name, libraries
    cc -std=c99 -O1 $warnings -Iinclude tests/c/onnx.c -o "$out/onnx-$1" $2
    for model in roberta-token-onnx bert-token-onnx3; do "$out/onnx-$1" tests/fixtures/$model; done > "$out/onnx-$1.txt"
    cmp "$out/onnx-shared.txt" "$out/onnx-$1.txt"
}
onnx shared "$shared"
onnx static "$static"
onnx static-gc "-Wl,--gc-sections $static"
linkers="ld"
for linker in gold lld; do
    command -v ld.$linker > /dev/null || continue
    onnx static-$linker "-fuse-ld=$linker -Wl,--gc-sections $static"
    linkers="$linkers, $linker"
done
echo "static library: ONNX models as from the shared one, linked by $linkers"

valgrind() {
    command valgrind --quiet --error-exitcode=99 --leak-check=full --suppressions=tests/c/valgrind.supp \
        --errors-for-leak-kinds=definite,indirect,possible "$@"
}
echo "abi, under Valgrind:"
valgrind "$out/abi-plain" "$golden"
valgrind "$out/fill-plain" tests/fixtures/bert-fill tests/fixtures/bert-token
valgrind "$out/terms-plain" models/bio-minilm tests/fixtures/terms/tiny.terms
echo "train, under Valgrind:"
valgrind "$out/train-plain" tests "$(scratch)"
valgrind "$out/notes-plain" models/bio-minilm > "$out/notes-valgrind.txt"
cmp "$out/notes-plain.txt" "$out/notes-valgrind.txt"
echo "examples: the same under AddressSanitizer and from the static library, notes under Valgrind too"

# After the loader's own work the program opens the model's files for reading, and nothing else: no
# network, no configuration, no file written.
strace -f -qq -e trace=network,open,openat,creat,rename,unlink,mkdir "$out/notes-plain" models/bio-minilm 2>&1 > /dev/null |
    sed -n '/"models\/bio-minilm/,$p' > "$out/strace.txt"
opened=$(grep -c 'open' "$out/strace.txt")
if grep -vE '"models/bio-minilm[^"]*"' "$out/strace.txt" || grep -E 'O_WRONLY|O_RDWR|O_CREAT' "$out/strace.txt"; then
    echo "the library touched something other than its model"
    exit 1
fi
[ "$opened" -ge 20 ] || { echo "strace saw only $opened files"; exit 1; }
echo "system calls: $opened files of the model opened, no network, nothing else touched"

# A training keeps what it computes in a file of the temporary directory, which has no name where the file
# system can do that, and touches nothing else but what the C library itself looks at.
strace -f -qq -e trace=network,open,openat,creat,rename,unlink,mkdir "$out/teach-plain" models/bio-minilm 2>&1 > /dev/null |
    sed -n '/"models\/bio-minilm/,$p' > "$out/strace-teach.txt"
if grep -vE '"models/bio-minilm[^"]*", O_RDONLY|"/proc/sys/vm/overcommit_memory"|resumed>' "$out/strace-teach.txt" |
    grep -vF "\"${TMPDIR:-/tmp}"; then
    echo "training touched something that it should not"
    exit 1
fi
opened=$(grep -c 'open' "$out/strace-teach.txt")
[ "$opened" -ge 20 ] || { echo "strace saw only $opened files"; exit 1; }
echo "system calls: training keeps a file in the temporary directory, and touches nothing else"

#!/bin/sh
# What a GPU shows: the processor's own bytes, clean memory, and time against PyTorch and against what the
# card can do. One table comes last; benches/README.md says what it measures and what should be reached.
# Under eight minutes where the library is built.
#
#   gpu.sh                   builds with cargo; where there is none, takes what is in target/release
#   gpu.sh --built DIR       takes what was built elsewhere: the folder in the archive that --pack makes
#   gpu.sh --pack FILE       builds, and packs the tool and the tests as FILE, a .tar.xz; needs no GPU
#   gpu.sh --model-base DIR  a bundle of BERT-base's shape; if not given, one is made, which needs numpy
#   gpu.sh --require         fails where there is no GPU
#
# PyTorch with transformers, ONNX Runtime and compute-sanitizer are used where they are. Every part says
# whether it ran, and none stops another.
set -eu
cd "$(dirname "$0")/.."
seconds=450
built=""
base=""
pack=""
require=""
while [ $# -gt 0 ]; do
    case $1:${2:-} in
        --require:*) require=yes && shift && continue ;;
        --built:?*) built=$2 ;;
        --model-base:?*) base=$2 ;;
        --pack:?*) pack=$2 ;;
        *) sed -n '/^#   gpu/s/^#   //p' "$0" >&2 && exit 2 ;;
    esac
    shift 2
done

here=benches/gpu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
results=$work/results
: > "$results"

if [ -n "$pack" ]; then
    mkdir "$work/gpu-tests"
    sh $here/build.sh "$work/gpu-tests"
    strip "$work"/gpu-tests/*
    # The three are mostly the same code, further apart than xz looks back by itself.
    tar -C "$work" -c gpu-tests | xz --lzma2=preset=6,dict=128MiB > "$pack"
    echo "$pack: $(wc -c < "$pack") bytes"
    exit 0
fi

has() { command -v "$1" > /dev/null 2>&1; }
ask() { nvidia-smi --query-gpu="$1" --format=csv,noheader -i 0 2> /dev/null; }
card=$(ask name) || card=""
driver=$(ask driver_version) || driver="not known"
if [ -z "$card" ] && has python3; then
    # A container may have the driver's library and nothing else.
    card=$(python3 $here/driver.py 2> /dev/null) || card=""
fi
echo "card     ${card:-none}"
echo "driver   $driver"
echo "date     $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)"
echo "host     $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) visible"

skip() { echo "== $1: skipped: $2"; }

# Runs a part for so many seconds at most: part NAME SECONDS COMMAND. Its standard output is results.
part() {
    name=$1
    most=$2
    shift 2
    start=$(date +%s)
    left=$((until - start))
    [ "$most" -le $left ] || most=$left
    if [ "$most" -lt 5 ]; then
        skip "$name" "no time is left"
        return
    fi
    echo "== $name"
    code=0
    timeout -k 5 "$most" "$@" 2>&1 >> "$results" || code=$?
    how="ran"
    [ $code = 0 ] || how="failed, status $code"
    [ $code != 124 ] || how="not finished in $most s"
    echo "== $name: $how; $(($(date +%s) - start)) s"
}

table() {
    echo
    if has python3; then
        python3 $here/table.py "$results" "$card"
    else
        echo "the table needs python3; what it shows:"
        cat "$results"
    fi
}

if [ -z "$card" ]; then
    for name in equality sanitizer speed limits corpus; do
        skip $name "no GPU"
    done
    echo "not run: no GPU"
    table
    [ -z "$require" ] || exit 1
    exit 0
fi

if [ -z "$built" ] && has cargo; then
    built=$work/built
    mkdir "$built"
    sh $here/build.sh "$built"
fi
built=${built:-target/release}
tool=$built/biobert
if ! "$tool" info --device gpu > "$work/info"; then
    echo "the tool cannot use the GPU: see above" >&2
    exit 1
fi
grep -E '^(isa|device|gpu)' "$work/info" || true

# Where test programs find models and fixtures that they were built beside elsewhere.
export CARGO_MANIFEST_DIR="$PWD"
# What the driver and PyTorch compile goes when all is done.
export TMPDIR="$work" CUDA_CACHE_PATH="$work/cuda" TORCHINDUCTOR_CACHE_DIR="$work/inductor"
until=$(($(date +%s) + seconds))

for of in "kernels engine::cuda" "tasks"; do
    # shellcheck disable=SC2086
    set -- $of
    if [ -x "$built/$1" ]; then
        part "equality: tests of the $1" 100 sh $here/tests.sh "$1" "$built/$@"
    else
        skip "equality: tests of the $1" "$built/$1 is not there"
    fi
done
part "equality: default model" 60 sh $here/equal.sh bio-minilm "$tool" models/bio-minilm \
    extract ner re qa classify embed

if [ -z "$base" ] && has python3 && python3 -c "import numpy" 2> /dev/null; then
    part "a model of BERT-base's shape" 60 sh -c "
        python3 $here/base.py '$work/checkpoint' models/bio-minilm/vocab.txt >&2
        '$tool' convert '$work/checkpoint' '$work/base' --licence none >&2"
    rm -rf "$work/checkpoint"
    [ ! -d "$work/base" ] || base=$work/base
fi
models="--model bio-minilm=models/bio-minilm"
if [ -n "$base" ]; then
    part "equality: BERT-base" 60 sh $here/equal.sh base "$tool" "$base" ner embed
    models="--model base=$base $models"
else
    skip "equality and speed of BERT-base" "no --model-base, and no numpy to make one"
fi

if has python3; then
    if [ -n "$base" ]; then
        part "speed" 230 python3 $here/peers.py --tool "$tool" --model "$base" --seconds 120
    fi
    part "limits" 45 python3 $here/products.py
    # shellcheck disable=SC2086
    part "corpus" 70 python3 $here/corpus.py --tool "$tool" $models
else
    skip "speed, limits, corpus" "no python3"
fi

for check in memcheck racecheck; do
    if has compute-sanitizer; then
        part "$check" 60 sh $here/sanitize.sh $check "$tool"
    else
        skip $check "no compute-sanitizer"
    fi
done
table

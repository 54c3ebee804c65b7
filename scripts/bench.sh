#!/bin/sh
# Runs the kernels' micro-benchmarks and keeps the table with processor, compiler and date.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --benches -p biobert-kernels
processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2> /dev/null | head -n 1)
[ -n "$processor" ] || processor=$(uname -m)
mkdir -p benches/results
name=$(echo "kernels $processor $(date +%Y-%m-%d)" | tr 'A-Z' 'a-z' | tr -cs 'a-z0-9\n' '-')
{
    echo "processor  $processor, $(nproc) visible, $(uname -sm)"
    echo "features   $(grep -m 1 '^flags' /proc/cpuinfo 2> /dev/null | tr ' ' '\n' \
        | grep -E '^(avx2|avx_vnni|avx512f|avx512_vnni|amx_int8)$' | tr '\n' ' ')"
    echo "compiler   $(rustc --version)"
    echo "date       $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)"
    echo
    cargo bench --quiet -p biobert-kernels
} | tee "benches/results/$name.txt"
echo "kept in benches/results/$name.txt"

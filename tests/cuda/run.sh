#!/bin/sh
# The GPU path without a GPU: its kernels on an emulator, its calls against a driver on that.
# For people: `make test-cuda`.
set -eu
cd "$(dirname "$0")/../.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cargo="cargo test --quiet --release --features cuda"

# The kernels that the library carries were compiled from these sources.
(cd kernels/cuda && sha256sum --quiet --check built/SHA256SUMS)

echo "without a driver:"
$cargo --test cuda -- --nocapture | grep -E "^SKIPPED|^test result|running"

c++ -std=c++17 -O3 -march=native -shared -fPIC -ffp-contract=off -fwrapv -I tests/cuda \
    -Wall -Wextra -Werror -Wno-unknown-pragmas -Wno-unused-function tests/cuda/driver.cpp \
    -o "$out/libcuda.so.1"
export LD_LIBRARY_PATH="$out"
echo "kernels on the emulator, and the library on its driver:"
$cargo --lib -- --nocapture engine::cuda a_gpu_that_is_required > "$out/log" 2>&1 || { cat "$out/log"; exit 1; }
$cargo --test cuda -- --nocapture >> "$out/log" 2>&1 || { cat "$out/log"; exit 1; }
if grep SKIPPED "$out/log"; then
    echo "the emulated driver was not found" >&2
    exit 1
fi
grep -E "calls of the driver|^test result: ok. [1-9]" "$out/log"

tool=target/release/biobert
text="Patient with type 2 diabetes was started on metformin. Denies chest pain."
for command in extract ner embed; do
    for device in cpu gpu prefer; do
        echo "$text" | $tool $command --model models/bio-minilm --device $device > "$out/$device"
    done
    cmp "$out/cpu" "$out/gpu" && cmp "$out/cpu" "$out/prefer"
    mv "$out/cpu" "$out/cpu.$command"
done
$tool info --model models/bio-minilm --device gpu | grep "^device .*gpu (Emulated GPU"
echo "the tool: the same bytes on the GPU"

# The calls that the library looks for before it makes them are those that the emulated driver has.
nm -D --defined-only "$out/libcuda.so.1" | sed -n 's/.* T \(cu[A-Z].*\)/\1/p' | sort > "$out/has"
sed -n 's/^    "\(cu[A-Z][A-Za-z_0-9]*\)",$/\1/p' src/engine/cuda/card.rs | sort > "$out/looked-for"
diff "$out/has" "$out/looked-for"

# A driver that is none, or lacks a call.
mkdir "$out/none"
echo "no library" > "$out/none/libcuda.so.1"
while read -r call; do
    mkdir "$out/$call"
    sed "/^$call$/d; s/.*/int &(void) { return 0; }/" "$out/has" |
        cc -x c -w -shared -fPIC - -o "$out/$call/libcuda.so.1"
done < "$out/has"
for driver in none $(cat "$out/has"); do
    export LD_LIBRARY_PATH="$out/$driver"
    echo "$text" | $tool extract --model models/bio-minilm --device prefer > "$out/prefer" 2> "$out/said"
    cmp "$out/cpu.extract" "$out/prefer"
    grep -q "^biobert: GPU: the processor computes instead: .*\(no NVIDIA driver\|has no $driver\)" "$out/said"
    status=0
    echo "$text" | $tool extract --model models/bio-minilm --device gpu > "$out/gpu" 2> "$out/said" || status=$?
    [ $status -eq 1 ] && [ ! -s "$out/gpu" ] && ! grep -q "internal error" "$out/said"
done
echo "a driver without any one of $(wc -l < "$out/has") calls: said, and the processor computes"
export LD_LIBRARY_PATH=
echo "$text" | $tool extract --model models/bio-minilm --device prefer 2>&1 > "$out/prefer" | grep "no NVIDIA driver"

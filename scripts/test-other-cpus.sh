#!/bin/sh
# The tests of the kernels on processors that this machine is not, emulated by qemu: x86-64 without
# AVX2 and with nothing beyond it, aarch64 without and with its int8 products; and the whole tool on
# the first of them. Says of each whether it ran, or why not. The first test that fails ends it.
set -eu
cd "$(dirname "$0")/.."
out=target/other-cpus
mkdir -p "$out"

skip() { echo "$1: SKIPPED: $2"; }
fail() { cat "$2"; echo "$1: FAILED"; exit 1; }

# Whether a command is there, if need be after its packages are installed.
have() { # command, packages
    command -v "$1" > /dev/null 2>&1 && return
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1 || return 1
    echo "installing $2"
    # shellcheck disable=SC2086
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $2; } > "$out/install.txt" 2>&1
}

# The tests of the kernels on one processor: cargo runs them through the emulator.
kernels() { # architecture, CPU model, tiers that it has, packages to link for it elsewhere
    target=$1-unknown-linux-gnu
    settings=CARGO_TARGET_$(echo "$target" | tr 'a-z-' 'A-Z_')
    root=/
    if [ "$1" != "$(uname -m)" ]; then
        if ! [ -d "$(rustc --print target-libdir --target "$target")" ]; then
            skip "$1 $2" "Rust's library for it is missing: rustup target add $target"
            return
        fi
        if ! have "$1-linux-gnu-gcc" "$4"; then
            skip "$1 $2" "a linker for it is missing: on Debian, sudo apt-get install $4"
            return
        fi
        root=/usr/$1-linux-gnu
        export "${settings}_LINKER=$1-linux-gnu-gcc"
    fi
    log=$out/$1-$2.txt
    env "${settings}_RUNNER=qemu-$1 -L $root -cpu $2" cargo test --release -p biobert-kernels --lib \
        --target "$target" -- --nocapture > "$log" 2>&1 || fail "$1 $2" "$log"
    passed=$(sed -n 's/^test result: ok. \([0-9]* passed\).*/\1/p' "$log")
    tested=$(sed -n 's/.*tier \([a-z0-9]*\): tested.*/\1/p' "$log" | tr '\n' ' ')
    echo "$1 $2: ran, $passed; tiers: $tested"
    for tier in $3; do
        case " $tested" in
            *" $tier "*) ;;
            *) skip "$1 $2, $tier" "this qemu does not emulate it" ;;
        esac
    done
}

# A command of the tool on another x86-64 processor gives the same bytes as on this one.
tool() { # CPU model, command
    biobert=target/release/biobert
    if ! [ -x "$biobert" ] || [ "$(uname -m)" != x86_64 ]; then
        skip "x86_64 $1, biobert $2" "there is no $biobert for x86-64"
        return
    fi
    set -- "$1" "$2" --model models/bio-minilm --whole examples/notes/discharge.txt
    cpu=$1
    shift
    "$biobert" "$@" > "$out/$1-here.txt"
    qemu-x86_64 -cpu "$cpu" "$biobert" "$@" > "$out/$1-$cpu.txt" 2> "$out/$1-$cpu.err" &&
        cmp "$out/$1-here.txt" "$out/$1-$cpu.txt" || fail "x86_64 $cpu, biobert $1" "$out/$1-$cpu.err"
    echo "x86_64 $cpu, biobert $1: ran, the same bytes as here"
}

if [ "$(uname -s)" != Linux ] || ! have qemu-x86_64 qemu-user; then
    skip "other processors" "the emulator is missing: on Debian, sudo apt-get install qemu-user"
    exit
fi
x86_linker="gcc-x86-64-linux-gnu libc6-dev-amd64-cross"
arm_linker="gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
kernels x86_64 Nehalem "portable" "$x86_linker"
kernels x86_64 Haswell "portable avx2" "$x86_linker"
tool Nehalem ner
tool Nehalem embed
kernels aarch64 cortex-a53 "portable" "$arm_linker"
kernels aarch64 neoverse-n1 "portable dotprod" "$arm_linker"
kernels aarch64 max "portable dotprod i8mm" "$arm_linker"

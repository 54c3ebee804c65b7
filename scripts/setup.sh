#!/bin/sh
# Brings what building and testing need, or says exactly what to install. Quiet where all is there.
set -eu

missing=""
need() { command -v "$1" > /dev/null 2>&1 || missing="$missing $2"; }
need cc gcc
need c++ g++
need make make
need nm binutils
need valgrind valgrind
need strace strace
# Valgrind needs the C library's symbols, AddressSanitizer comes with gcc.
if command -v dpkg > /dev/null 2>&1; then
    dpkg -s libc6-dbg > /dev/null 2>&1 || missing="$missing libc6-dbg"
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
    else
        echo "Please install:$missing (on Debian: sudo apt-get install$missing)" >&2
        exit 1
    fi
fi

wanted=1.91
version=$(cargo --version 2> /dev/null | sed -n 's/^cargo \([0-9]*\.[0-9]*\).*/\1/p')
older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$2" ]; }
if [ -z "$version" ] || older "$version" "$wanted"; then
    if command -v rustup > /dev/null 2>&1; then
        rustup toolchain install stable --profile minimal -c clippy -c rustfmt
        rustup default stable
    else
        echo "Rust $wanted or later is needed; ${version:-none} is here. Install it from https://rustup.rs:" >&2
        echo "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" >&2
        exit 1
    fi
fi
cargo clippy --version > /dev/null 2>&1 && cargo fmt --version > /dev/null 2>&1 || rustup component add clippy rustfmt

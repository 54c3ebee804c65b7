#!/bin/sh
# Brings what is needed, or says exactly what to install. Quiet where all is there.
#
#   setup.sh build   for building: without it nothing works, so what is missing ends it
#   setup.sh test    what the tests of the languages need too: a test says itself what it skips
set -eu
what=${1:-build}

missing=""
command_of() { command -v "$1" > /dev/null 2>&1 || missing="$missing $2"; }
header_of() { [ -e "/usr/include/$1" ] || missing="$missing $2"; }
command_of cc gcc
command_of make make
command_of objcopy binutils
command_of install coreutils
if [ "$what" = test ]; then
    command_of c++ g++
    command_of valgrind valgrind
    command_of strace strace
    command_of cmake cmake
    command_of pkg-config pkg-config
    command_of python3 python3
    command_of javac default-jdk-headless
    command_of mvn maven
    command_of mcs mono-devel
    command_of nunit-console nunit-console
    header_of jansson.h libjansson-dev
    header_of nlohmann/json.hpp nlohmann-json3-dev
    header_of doctest/doctest.h doctest-dev
    if command -v dpkg > /dev/null 2>&1; then
        # Valgrind needs the C library's symbols.
        for package in libc6-dbg libnunit-cil-dev python3-venv; do
            dpkg -s $package > /dev/null 2>&1 || missing="$missing $package"
        done
    fi
fi
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null 2>&1; then
        echo "installing$missing"
        apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
    else
        echo "Please install:$missing (on Debian: sudo apt-get install$missing)" >&2
        [ "$what" = test ] || exit 1
    fi
fi

wanted=1.95
version=$(cargo --version 2> /dev/null | sed -n 's/^cargo \([0-9]*\.[0-9]*\).*/\1/p')
older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" != "$2" ]; }
if [ -z "$version" ] || older "$version" "$wanted"; then
    if command -v rustup > /dev/null 2>&1; then
        rustup toolchain install stable --profile minimal -c clippy -c rustfmt
        # For this directory alone.
        rustup override set stable
    else
        echo "Rust $wanted or later is needed; ${version:-none} is here. Install it from https://rustup.rs:" >&2
        echo "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" >&2
        exit 1
    fi
fi
cargo clippy --version > /dev/null 2>&1 && cargo fmt --version > /dev/null 2>&1 || rustup component add clippy rustfmt

# Unoptimised: it runs for two seconds, and compiles in one minute instead of several.
deny=0.20.2
if [ "$what" = test ] && ! cargo deny --version > /dev/null 2>&1; then
    cargo install --quiet --locked --debug --no-default-features cargo-deny@$deny ||
        echo "cargo-deny $deny could not be installed from crates.io" >&2
fi

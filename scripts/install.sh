#!/bin/sh
# Lays out an installation: install.sh PREFIX [LIBRARY TOOL]
#
# LIBRARY and TOOL are the shared library and the command-line tool; without them, those that cargo
# built. LIBDIR (lib) is the name of the libraries' directory, DESTDIR a directory to put in front.
# The tree that comes out can be moved: nothing in it names a place.
set -eu
umask 022
cd "$(dirname "$0")/.."
prefix=${DESTDIR:-}${1:?PREFIX is missing}
library=${2:-target/release/libbiobert.so}
tool=${3:-target/release/biobert}
libdir=$prefix/${LIBDIR:-lib}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
case $prefix in
/*) ;;
*) echo "PREFIX must begin with a slash" >&2 && exit 1 ;;
esac
case ${LIBDIR:-lib} in
*/*) echo "LIBDIR must be a name, such as lib64: it lies in PREFIX" >&2 && exit 1 ;;
esac

file() { # mode, source, target
    mkdir -p "$(dirname "$3")"
    install -m "$1" "$2" "$3"
}
filled() { sed "s/@VERSION@/$version/g" "$1"; }

# A program that starts meanwhile finds the old file or the new one whole.
stripped() { # source, target
    file 755 "$1" "$2.new"
    strip --strip-unneeded "$2.new"
    mv "$2.new" "$2"
}

stripped "$tool" "$prefix/bin/biobert"

file 644 include/biobert.h "$prefix/include/biobert.h"
file 644 include/biobert.hpp "$prefix/include/biobert.hpp"

# 1 is the version of the interface, which the loader looks for; the rest is the release.
stripped "$library" "$libdir/libbiobert.so.1.$version"
ln -sf "libbiobert.so.1.$version" "$libdir/libbiobert.so.1"
ln -sf libbiobert.so.1 "$libdir/libbiobert.so"
file 644 target/static/libbiobert.a "$libdir/libbiobert.a"

file 644 packaging/biobert-config.cmake "$libdir/cmake/biobert/biobert-config.cmake"
filled packaging/biobert-config-version.cmake.in > "$libdir/cmake/biobert/biobert-config-version.cmake"
mkdir -p "$libdir/pkgconfig"
filled packaging/biobert.pc.in > "$libdir/pkgconfig/biobert.pc"

# Models are replaced whole, by renaming: a running program keeps the files that it has mapped.
for model in models/*/; do
    name=$(basename "$model")
    to=$prefix/share/biobert/models
    mkdir -p "$to"
    rm -rf "$to/.$name.new" "$to/.$name.old"
    cp -R "$model" "$to/.$name.new"
    chmod -R a+rX,go-w "$to/.$name.new"
    [ ! -e "$to/$name" ] || mv "$to/$name" "$to/.$name.old"
    mv "$to/.$name.new" "$to/$name"
    rm -rf "$to/.$name.old"
done

# Terminologies likewise.
for terms in terms/*.terms; do
    to=$prefix/share/biobert/terms/$(basename "$terms")
    file 644 "$terms" "$to.new"
    mv "$to.new" "$to"
done

# Examples that are whole programs, with the heads that they bring.
for example in ade; do
    to=$prefix/share/biobert/examples/$example
    mkdir -p "$(dirname "$to")"
    rm -rf "$to"
    cp -R "examples/$example" "$to"
    chmod -R a+rX,go-w "$to"
done

doc=$prefix/share/doc/biobert
for text in LICENSE README.md packaging/THIRD-PARTY.txt packaging/sbom.cdx.json; do
    file 644 "$text" "$doc/$(basename "$text")"
done
echo "biobert $version is installed in $prefix"

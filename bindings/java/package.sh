#!/bin/sh
# What is handed out:  sh bindings/java/package.sh OUT_DIRECTORY
#
# OUT_DIRECTORY gets the jar with the library inside, and the library alone. CC and BIOBERT_STATIC are
# those of native.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: package.sh OUT_DIRECTORY" >&2; exit 2; }
build=$here/../../target/java/package
rm -rf "$build"
mkdir -p "$1" "$build"
sh "$here/native.sh" "$build/native"
mvn -q -B -f "$here/pom.xml" -Dbiobert.build="$build" -Dbiobert.native="$build/native" \
    -Dmaven.test.skip -Dmaven.source.skip -Dmaven.javadoc.skip package > "$build/maven.txt" || { cat "$build/maven.txt"; exit 1; }
cp "$build"/biobert-*.jar "$build/native/libbiobert_jni.so" "$1"

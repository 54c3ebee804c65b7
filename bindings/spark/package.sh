#!/bin/sh
# What is handed out:  sh bindings/spark/package.sh OUT_DIRECTORY
#
# OUT_DIRECTORY gets the jar, with the Java binding and the library inside. CC and BIOBERT_STATIC are those of
# ../java/native.sh. Maven fetches Spark the first time: 290 MB. Without Maven or Java 17 there is no jar, and that is said.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
[ $# = 1 ] || { echo "usage: package.sh OUT_DIRECTORY" >&2; exit 2; }
version=$(mvn -version 2> /dev/null | sed -n 's/^Java version: \([0-9]*\).*/\1/p')
if [ "${version:-0}" -lt 17 ]; then
    echo "the jar for Spark: SKIPPED: it needs Maven with Java 17, and ${version:+Maven has Java }${version:-there is no Maven}" |
        tee -a "$root/target/skipped.txt"
    exit 0
fi
build=$root/target/spark/package
rm -rf "$build"
mkdir -p "$1" "$build"
sh "$here/../java/native.sh" "$build/native"
mvn -q -B -f "$here/pom.xml" -Dbiobert.build="$build" -Dbiobert.native="$build/native" \
    -Dmaven.test.skip -Dmaven.javadoc.skip package > "$build/maven.txt" || { cat "$build/maven.txt"; exit 1; }
cp "$build"/biobert-spark-*.jar "$1"

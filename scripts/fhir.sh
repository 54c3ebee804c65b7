#!/bin/sh
# Whether bundles are valid FHIR R4: HAPI FHIR's validator reads them, and fhir.resources where Python has it.
# Needs Maven, a JDK 17 and, the first time, the network. `fhir.sh [FILE.ndjson...]`; without files, what the
# tests write: every kind of entity with every assertion, attribute and code system.
set -eu
cd "$(dirname "$0")/.."
skip() {
    mkdir -p target
    echo "FHIR validation: SKIPPED: $1" | tee -a target/skipped.txt
    exit 0
}
command -v mvn > /dev/null && command -v javac > /dev/null || skip "there is no Maven or no JDK"

if [ $# -eq 0 ]; then
    cargo test --quiet --release --lib -- --ignored write_for_validators > /dev/null
    set -- target/fhir/corpus.ndjson
fi
files=$(realpath "$@" | tr '\n' ' ')
mkdir -p target/fhir
out=$PWD/target/fhir
rm -rf "$out/maven"
cp -r tests/fhir "$out/maven"
validate() {
    mvn -q -B -f "$out/maven/pom.xml" exec:java -Dexec.args="$*"
}
mvn -q -B -f "$out/maven/pom.xml" compile 2> "$out/maven.log" || skip "the validator could not be fetched or built"

# A validator that accepts everything would show nothing: it must refuse these.
sed -n '/"code":"mg"/{s//"code":"mcg"/g;p;q;}' $files > "$out/wrong.ndjson"
sed -n '/"code":"refuted"/{s//"code":"denied"/g;p;q;}' $files >> "$out/wrong.ndjson"
if [ -s "$out/wrong.ndjson" ] && validate "$out/wrong.ndjson" > "$out/wrong.log" 2>&1; then
    echo "the validator accepts what is wrong" >&2
    exit 1
fi

validate "$files" 2> "$out/validate.log"
# Installed once, below target.
python=$out/python/bin/python
if [ ! -x "$python" ]; then
    python3 -m venv "$out/python" && "$python" -m pip -q install fhir.resources==8.3.0 || rm -rf "$out/python"
fi
if [ -x "$python" ]; then
    "$python" tests/fhir/read.py $files
else
    echo "fhir.resources: SKIPPED: it cannot be installed" | tee -a target/skipped.txt
fi

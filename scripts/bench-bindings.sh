#!/bin/sh
# What a call costs from each language: the median time of NER on one sentence, as a ratio to C in the
# same round, so that a change of the clock meets all of them. `bench-bindings.sh [ROUNDS [CALLS [MODEL]]]`
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-5}
calls=${2:-1500}
out=target/bench-bindings
model=${3:-models/bio-minilm}
mkdir -p "$out"
lib=$PWD/target/release
cc -std=c99 -O2 -Iinclude benches/bindings/call.c -o "$out/c" -L"$lib" -lbiobert -Wl,-rpath,"$lib"
c++ -std=c++17 -O2 -Iinclude benches/bindings/call.cpp -o "$out/cpp" -L"$lib" -lbiobert -Wl,-rpath,"$lib"
sh bindings/java/package.sh "$out/java" > /dev/null
javac -d "$out/java" -cp "$(ls "$out"/java/biobert-[0-9]*.jar | grep -v -e sources -e javadoc)" benches/bindings/Call.java
mkdir -p "$out/csharp"
mcs -nologo -optimize -out:"$out/csharp/Biobert.dll" -target:library -unsafe bindings/csharp/src/*.cs
mcs -nologo -optimize -out:"$out/csharp/Call.exe" -r:"$out/csharp/Biobert.dll" benches/bindings/Call.cs

call() {
    case $1 in
    c | cpp) "$out/$1" $model "$calls" ;;
    java) java -cp "$out/java:$(ls "$out"/java/biobert-[0-9]*.jar | grep -v -e sources -e javadoc)" Call $model "$calls" ;;
    csharp) LD_LIBRARY_PATH=$lib mono "$out/csharp/Call.exe" $model "$calls" ;;
    esac
}
for round in $(seq "$rounds"); do
    for language in c cpp java csharp; do echo "$round $language $(call $language)"; done
done | tee "$out/times.txt"
for language in cpp java csharp; do
    awk -v wanted=$language '$2 == "c" { c[$1] = $3 } $2 == wanted { print $3 / c[$1] }' "$out/times.txt" | sort -n |
        awk -v name=$language '{ r[NR] = $1 } END { printf "%s to C: %.3f (%.3f to %.3f in %d rounds)\n", name, r[int((NR + 1) / 2)], r[1], r[NR], NR }'
done

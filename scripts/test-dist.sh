#!/bin/sh
# The archive that is handed out: made, unpacked elsewhere, and used: by C programs on this system's
# glibc and on an old one, by Java, by C#; of Spark's jar what it has of
# Java's.
set -eu
cd "$(dirname "$0")/.."
out=$PWD/target/dist-test
rm -rf "$out"
mkdir -p "$out"

# Debian 11's glibc 2.31 is the oldest that can be had from a mirror; the symbols say 2.28.
old=$PWD/target/glibc-2.31
fetch_old() {
    [ ! -e "$old/lib" ] || return 0
    url=http://deb.debian.org/debian/pool/main/g/glibc/libc6_2.31-13+deb11u11_amd64.deb
    mkdir -p "$old"
    curl -sfL "$url" -o "$old/libc6.deb" 2> /dev/null || return 1
    echo "05f7264da867b37f4c5ce49266b558ea1e81e05a9464f623152fca70f3550282  $old/libc6.deb" | sha256sum -c --quiet && dpkg -x "$old/libc6.deb" "$old"
}

sh scripts/dist.sh
archive=$(ls target/dist/*.tar.gz)
(cd target/dist && sha256sum -c --quiet ./*.sha256)
tar -C "$out" -xzf "$archive"
tree=$(echo "$out"/biobert-*)
model=$tree/share/biobert/models/bio-minilm
ls "$tree" "$tree/java" "$tree/csharp"
[ ! -e "$tree/spark" ] || ls "$tree/spark"

# Built by the compiler for old systems, as the library was.
for program in notes:examples/c/notes.c conformance:tests/c/conformance.c; do
    cc=scripts/zig-cc.sh
    jansson=""
    [ "${program%%:*}" != conformance ] || { cc=cc; jansson=-ljansson; }
    $cc -std=c99 -O1 -I"$tree/include" "${program#*:}" -o "$out/${program%%:*}" -L"$tree/lib" -lbiobert $jansson
done
export LD_LIBRARY_PATH="$tree/lib"
"$out/notes" "$model" > "$out/notes.txt"
"$out/conformance" "$model" tests/conformance/cases.json > "$out/conformance.txt"
cmp tests/conformance/expected.txt "$out/conformance.txt"
echo "C: conformance from the archive's library"
if fetch_old; then
    lib=$old/lib/x86_64-linux-gnu
    "$lib/ld-2.31.so" --library-path "$lib:$tree/lib" "$out/notes" "$model" > "$out/found.txt"
    cmp "$out/notes.txt" "$out/found.txt"
    "$lib/ld-2.31.so" --library-path "$lib" "$tree/bin/biobert" ner --format text examples/notes/discharge.txt > "$out/tool.txt"
    grep -q hyponatremia "$out/tool.txt"
    echo "library and tool run on glibc 2.31"
else
    echo "dist, on glibc 2.31: SKIPPED: it cannot be downloaded" | tee -a target/skipped.txt
fi
unset LD_LIBRARY_PATH

java -cp "$tree"/java/biobert-*.jar examples/java/Notes.java "$model" > "$out/found.txt"
cmp "$out/notes.txt" "$out/found.txt"
echo "Java: the example from the archive's jar"
if [ -e "$tree/spark" ]; then
    java -cp "$tree"/spark/biobert-spark-*.jar examples/java/Notes.java "$model" > "$out/found.txt"
    cmp "$out/notes.txt" "$out/found.txt"
    echo "Spark: the same example from the archive's jar, which has the Java binding inside"
fi
sh examples/ade/test.sh "$tree"/java/biobert-*.jar "$model" "$tree/share/biobert/examples/ade"
sh examples/mining/test.sh "$tree/bin/biobert" "$tree/share/biobert/examples/mining"

if command -v mcs > /dev/null 2>&1; then
    mkdir -p "$out/csharp"
    python3 -m zipfile -e "$tree"/csharp/*.nupkg "$out/package"
    cp "$out/package/lib/netstandard2.0/Biobert.dll" "$out/package/runtimes/linux-x64/native/libbiobert.so" "$out/csharp"
    mcs -nologo -r:"$out/csharp/Biobert.dll" -out:"$out/csharp/Notes.exe" examples/csharp/Notes.cs
    mono "$out/csharp/Notes.exe" "$model" > "$out/found.txt"
    cmp "$out/notes.txt" "$out/found.txt"
    echo "C#: the example from the archive's package"
    sh examples/trials/test.sh "$out/csharp" "$model" "$tree/share/biobert/examples/trials"
fi

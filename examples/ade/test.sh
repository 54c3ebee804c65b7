#!/bin/sh
# The screen on texts of its own: test.sh [JAR MODEL EXAMPLE], by default what was built here.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
out=$root/target/ade
rm -rf "$out"
mkdir -p "$out"
if [ $# = 3 ]; then
    jar=$1 model=$2 example=$3
else
    java=$root/target/java
    sh bindings/java/native.sh "$java/native"
    mvn -q -B -f bindings/java -DskipTests package > "$out/maven.txt" || { cat "$out/maven.txt"; exit 1; }
    jar=$(ls "$java"/biobert-*.jar | grep -v -e -sources -e -javadoc)
    model=$root/models/bio-minilm example=$root/examples/ade
fi
javac -Xlint:all -Werror --release 11 -cp "$jar" -d "$out/classes" "$example"/*.java
# Little memory on purpose: it must be enough.
screen() { java -Xmx64m -cp "$jar:$out/classes" AdeScreen "$model" "$example/adverse" "$@"; }
fail() { echo "adverse events: $*" >&2; exit 1; }

# What is said of each pair, as the README shows it; scores too, which are the same everywhere.
screen --page "$out/letter.html" "$example/letter.txt" > "$out/letter.tsv"
cmp "$example/letter.tsv" "$out/letter.tsv"
# All examples' pages look alike.
sed -n '/^<style>$/,/^<\/style>$/p' "$out/letter.html" | sed '1d;$d' | cmp - "$example/../mining/page.css"

# Traps: a pair that must be found, what is said of it, by what; or none at all.
cut -f 1,2 "$example/traps.tsv" | while IFS="$(printf '\t')" read -r id text; do
    printf '{"id": "%s", "text": "%s"}\n' "$id" "$text"
done > "$out/traps.jsonl"
screen "$out/traps.jsonl" > "$out/traps.tsv"
awk -F '\t' 'NR > 1 { print $1 ": " $2 ", " $3 ", " $4 ", " $5 }' "$out/traps.tsv" > "$out/found.txt"
awk -F '\t' '{ for (i = 3; i <= NF; i++) if ($i != "") print $1 ": " $i }' "$example/traps.tsv" > "$out/wanted.txt"
diff "$out/wanted.txt" "$out/found.txt"

# The page shows text as text; hostile and broken lines are told without their words, and the others follow.
cat > "$out/hostile.jsonl" << 'END'
{"id": "a<b>\"", "text": "<script>alert(1)</script> Severe hives after amoxicillin.", "more": {"text": ["}", 1]}}
{"id": "secret", "text": "hidden
{"id": "no text"}

{"text": "Agranulocytosis was noted\tsix weeks after \u0063arbimazole had been started. \ud83d\ude00"}
END
if screen --page "$out/hostile.html" "$out/hostile.jsonl" > "$out/hostile.tsv" 2> "$out/hostile.txt"; then
    fail "broken lines, and no error"
fi
[ "$(grep -c '/hostile.jsonl:[23]: ' "$out/hostile.txt")" = 2 ] || fail "broken lines are not told by number"
! grep -q hidden "$out/hostile.txt" || fail "an error has words of a document"
grep -q "^hostile.jsonl:5	carbimazole	Agranulocytosis	present" "$out/hostile.tsv" || fail "what follows a broken line is lost"
! grep -q 'alert(1)</script>' "$out/hostile.html" || fail "the page runs what a note says"
grep -q 'a&lt;b&gt;&quot;' "$out/hostile.html" || fail "the page has no document's name"

# Directories; names that two files have; a line that is not UTF-8; a note without a drug; Windows' line ends.
mkdir -p "$out/notes/a" "$out/notes/b" "$out/empty"
printf 'Severe hives after amoxicillin.\r\n' > "$out/notes/a/note.txt"
printf '\357\273\277{"id": "1", "text": "Hives after amoxicillin."}\r\n{"text": "\377"}\n{"id": "2", "text": "Severe hives after amoxicillin."}\n' > "$out/notes/b/lines.jsonl"
printf 'The wound is clean.\n' > "$out/notes/b/note.txt"
printf 'not a note' > "$out/notes/b/picture.png"
if screen "$out/notes/a" "$out/notes/b" "$out/empty" --page "$out/notes.html" > "$out/notes.tsv" 2> "$out/notes.txt"; then
    fail "an empty directory, and no error"
fi
grep -q "^$out/notes/a/note.txt	amoxicillin" "$out/notes.tsv" || fail "two notes have one name"
grep -q '^2	amoxicillin' "$out/notes.tsv" || fail "what follows a line that is not UTF-8 is lost"
grep -q '^.*/lines.jsonl:2: is not UTF-8$' "$out/notes.txt" || fail "a line that is not UTF-8 is not told"
grep -q '^.*/empty: the directory has no file' "$out/notes.txt" || fail "an empty directory is not told"
if screen --page "$out/none/page.html" "$example/letter.txt" > /dev/null 2>&1; then
    fail "no page, and no error"
fi
echo "adverse events: $(awk 'END { print NR - 1 }' "$out/letter.tsv") findings of the letter, $(awk 'END { print NR }' "$example/traps.tsv") traps, hostile input"

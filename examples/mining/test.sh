#!/bin/sh
# Mining of texts of its own: test.sh [TOOL EXAMPLE], by default what was built here. BLESS=1 rewrites what is expected.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
tool=${1:-$root/target/release/biobert}
example=${2:-$root/examples/mining}
out=$root/target/mining
rm -rf "$out"
mkdir -p "$out"
mine() { python3 -B "$example/mine.py" --biobert "$tool" "$@"; }
fail() { echo "mining: $*" >&2; exit 1; }

# The tables as the README shows them; scores too, which are the same everywhere.
mine --out "$out/found" "$example/abstracts.pubtator" 2> "$out/told.txt"
for table in pairs mechanisms; do
    [ -z "${BLESS:-}" ] || cp "$out/found/$table.tsv" "$example/expected-$table.tsv"
    diff "$example/expected-$table.tsv" "$out/found/$table.tsv"
done
grep -q '^7 documents: ' "$out/told.txt" || fail "not all documents"

# Offsets are into the text; the page shows text as text.
python3 -B - "$out/found" "$example/abstracts.pubtator" << 'END'
import csv, sys
texts = {}
for line in open(sys.argv[2], encoding="utf-8"):
    if line.strip():
        doc, _, text = line.rstrip("\n").split("|", 2)
        texts[doc] = texts[doc] + "\n" + text if doc in texts else text
rows = 0
for name in ("evidence", "mechanisms"):
    for row in csv.DictReader(open(f"{sys.argv[1]}/{name}.tsv", encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE):
        text, rows = texts[row["doc"]], rows + 1
        if name == "evidence":
            assert text[int(row["start"]):int(row["end"])] == row["sentence"], row
        else:
            said = text[int(row["start"]):int(row["end"])]
            assert all(row[part] in said for part in ("trigger", "pathway", "outcome")), row
assert rows > 30, rows
END
! grep -q 'alert(1)</script>' "$out/found/index.html" || fail "the page runs what a text says"
grep -q '<mark class="one">Valproate</mark>-induced <mark class="two">tremor</mark> was seen in 3 &amp; &lt;script&gt;' \
    "$out/found/index.html" || fail "the page does not show the evidence"

# The sentences of which the rows were written down: as many right as the README says, none wrong.
cut -f 2 "$example/sentences.tsv" > "$out/sentences.txt"
mine --terms none --input-format lines --out "$out/sentences" "$out/sentences.txt" 2> /dev/null
python3 -B benches/mechanisms.py "$out/sentences/mechanisms.tsv" > "$out/measured.txt"
[ -z "${BLESS:-}" ] || cp "$out/measured.txt" "$example/expected-sentences.txt"
diff "$example/expected-sentences.txt" "$out/measured.txt"

# From lines that are there already: the same. Commas instead of tabs, other pooling, few pairs: told.
"$tool" extract --assertion off --heads gene,chemical,disease,gad,chemprot,cid,effect --terms mesh --input-format pubtator \
    -o "$out/own.jsonl" "$example/abstracts.pubtator"
mine --extracted --out "$out/again" "$out/own.jsonl" 2> /dev/null
for file in pairs.tsv evidence.tsv mechanisms.tsv index.html; do cmp "$out/found/$file" "$out/again/$file"; done
mine --extracted --csv --pool mean --max-pairs 8 --out "$out/few" "$out/own.jsonl" 2> "$out/told.txt"
grep -q 'forgotten because of --max-pairs: ' "$out/told.txt" || fail "pairs are forgotten in silence"
[ "$(wc -l < "$out/few/pairs.csv")" -le 9 ] || fail "--max-pairs is not kept"

# What is wrong is told without the words of a document.
printf '{"id": "secret", "text": "hidden\n' > "$out/broken.jsonl"
if mine --extracted --out "$out/broken" "$out/broken.jsonl" > /dev/null 2> "$out/broken.txt"; then fail "a broken line, and no error"; fi
grep -q 'broken.jsonl:1: ' "$out/broken.txt" || fail "a broken line is not told by its number"
! grep -q -e hidden -e Traceback "$out/broken.txt" || fail "an error has words of a document"
# A sentence as long as a book takes no longer than others, and is told.
python3 -c 'print("EGFR activates proteins of cells in " * 3000)' > "$out/long.txt"
timeout 60 python3 -B "$example/mine.py" --biobert "$tool" --terms none --input-format lines --out "$out/long" "$out/long.txt" 2> "$out/long.err" ||
    fail "a long sentence: $(tail -n 1 "$out/long.err")"
grep -q 'not read for mechanisms: 1 ' "$out/long.err" || fail "a long sentence is passed over in silence"
printf 'Valproate induced tremor.\nbroken \377 hidden\nCarbamazepine induced hyponatremia.\n' > "$out/bytes.txt"
if mine --terms none --input-format lines --out "$out/bytes" "$out/bytes.txt" 2> "$out/bytes.err"; then fail "a damaged document, and no error"; fi
! grep -q -e hidden -e Traceback "$out/bytes.err" || fail "an error has words of a document"
[ "$(wc -l < "$out/bytes/pairs.tsv")" = 3 ] || fail "documents beside a damaged one are lost"
if mine --out "$out/none" "$out/none.pubtator" > /dev/null 2>&1; then fail "no file, and no error"; fi
if python3 -B "$example/mine.py" --biobert "$out/no-tool" --out "$out/none" "$out/own.jsonl" 2> "$out/none.txt"; then fail "no tool, and no error"; fi
grep -q -e '--biobert' "$out/none.txt" || fail "a missing tool is not named"
echo "mining: $(grep -c . "$example/expected-pairs.tsv") lines of pairs, $(grep -c . "$example/expected-mechanisms.tsv") of mechanisms, $(tail -n 1 "$out/measured.txt")"

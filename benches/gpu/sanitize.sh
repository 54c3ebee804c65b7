#!/bin/sh
# Short runs under compute-sanitizer, many tokens at once for the large kernels and a few for the small ones:
# sanitize.sh memcheck|racecheck BIOBERT > RESULTS
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat tests/notes/*.txt > "$work/many"
head -n 1 tests/notes/treatments.txt > "$work/few"
good=0
for text in many few; do
    echo "$text:" >&2
    if compute-sanitizer --tool "$1" --error-exitcode 9 \
        "$2" ner --heads chemical --device gpu "$work/$text" > "$work/log" 2>&1; then
        good=$((good + 1))
    fi
    grep '^=====' "$work/log" | tail -n 12 >&2 || tail -n 5 "$work/log" >&2
done
echo "{\"what\": \"clean\", \"part\": \"$1\", \"good\": $good, \"of\": 2}"
[ $good = 2 ]

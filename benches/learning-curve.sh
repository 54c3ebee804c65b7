#!/bin/sh
# F1 on anatomy, a kind of entity that the default model was not taught, by sentences to learn from:
# benches/learning-curve.csv, and the picture of it. Needs the reference files beside the repository.
set -eu
cd "$(dirname "$0")/.."
data=../shared/data/ner/AnatEM
[ -f "$data/train.tsv" ] || { echo "no $data: nothing to learn from"; exit 1; }
tool=target/release/biobert
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "sentences,head,f1" > "$work/curve.csv"
for sentences in 50 100 200 500 1000 2000 5861; do
    awk -v most="$sentences" 'NF == 0 { n++; if (n == most) exit } { print }' "$data/train.tsv" > "$work/train.tsv"
    for head in lstm-crf linear; do
        $tool train ner --threads 2 --train "$work/train.tsv" --dev "$data/devel.tsv" --head-kind $head \
            --out "$work/$head-$sentences" > /dev/null
        f1=$($tool eval ner --threads 2 --head "$work/$head-$sentences" --data "$data/test.tsv" | sed 's/"f1":\([0-9.]*\).*/\n\1/; s/.*\n//')
        echo "$sentences,$head,$f1" | tee -a "$work/curve.csv"
    done
done
cp "$work/curve.csv" benches/learning-curve.csv
python3 benches/learning-curve.py benches/learning-curve.csv > benches/learning-curve.svg

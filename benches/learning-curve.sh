#!/bin/sh
# F1 on adverse effects, a kind of entity that the default model was not taught, by sentences to learn from:
# benches/learning-curve.csv, and the picture of it. Needs the reference files beside the repository.
set -eu
cd "$(dirname "$0")/.."
data=../shared/data/re/ade
[ -f "$data/DRUG-AE.rel" ] || { echo "no $data: nothing to learn from"; exit 1; }
tool=target/release/biobert
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 benches/adverse-effects.py "$data" "$work"
echo "sentences,head,f1" > "$work/curve.csv"
for sentences in 50 100 200 500 1000 2000; do
    head -n "$sentences" "$work/train.jsonl" > "$work/part.jsonl"
    for head in lstm-crf linear; do
        $tool train ner --threads 2 --train "$work/part.jsonl" --dev "$work/dev.jsonl" --head-kind $head \
            --out "$work/$head-$sentences" > /dev/null
        f1=$($tool eval ner --threads 2 --head "$work/$head-$sentences" --data "$work/test.jsonl" | sed 's/"f1":\([0-9.]*\).*/\n\1/; s/.*\n//')
        echo "$sentences,$head,$f1" | tee -a "$work/curve.csv"
    done
done
cp "$work/curve.csv" benches/learning-curve.csv
python3 benches/learning-curve.py benches/learning-curve.csv > benches/learning-curve.svg

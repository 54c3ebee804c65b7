#!/bin/sh
# Heads trained on a plain encoder, both presets, against the same encoder tuned as a whole by PyTorch:
# F1 on the test sets and seconds with everything, into benches/training.md. Needs the reference files
# beside the repository. On two processors, as the references.
set -eu
cd "$(dirname "$0")/.."
data=../shared/data
model=../shared/model/minilm-l6
[ -f "$model/reference.json" ] || { echo "no $model: nothing to compare with"; exit 1; }
tool=target/release/biobert
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
common="--model $model --precision int8 --threads 2"

field() { sed "s/\"$1\":\([0-9.]*\).*/\n\1/; s/.*\n//"; } # the first of its name
one() { # task, name in reference.json, preset, extra options, train, dev or -, test
    task=$1 name=$2 preset=$3 extra=$4
    dev=""
    [ "$6" = - ] || dev="--dev $6"
    # shellcheck disable=SC2086
    seconds=$($tool train "$task" $common --train "$5" $dev --preset "$preset" $extra --out "$work/$name-$preset" | tail -n 1 |
        field seconds)
    # shellcheck disable=SC2086
    f1=$($tool eval "$task" $common --head "$work/$name-$preset" --data "$7" | field f1)
    rm -rf "$work/$name-$preset"
    python3 - "$model/reference.json" "$name" "$preset $extra" "$f1" "$seconds" <<'PY'
import json, sys
path, name, preset, f1, seconds = sys.argv[1:]
reference = json.load(open(path))[name]
own, whole = float(seconds), reference["train_seconds_2_cores"]
print(f"| {name} | {preset.strip()} | {f1} | {reference['f1']} | {float(f1) - reference['f1']:+.2f} | {own:.0f} | {whole} | {own / whole:.2f} |")
PY
}

{
    echo "| data | preset | F1 | PyTorch's | difference | seconds | PyTorch's | ratio |"
    echo "|---|---|---|---|---|---|---|---|"
    for name in NCBI-disease BC5CDR-chem; do
        set -- "$data/ner/$name/train.tsv" "$data/ner/$name/devel.tsv" "$data/ner/$name/test.tsv"
        one ner $name fast "" "$@"
        one ner $name best "" "$@"
        one ner $name best --refit "$@"
    done
    set -- "$data/re/GAD/1/train.tsv" - "$data/re/GAD/1/test.tsv"
    one re GAD-1 fast "" "$@"
    one re GAD-1 best "" "$@"
    set -- "$data/re/cid/train.tsv" "$data/re/cid/dev.tsv" "$data/re/cid/test.tsv"
    one re CID fast "" "$@"
    one re CID best "" "$@"
} | tee "$work/table.md"
cp "$work/table.md" benches/results/training.md

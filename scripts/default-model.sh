#!/bin/sh
# Makes models/bio-minilm from its checkpoint. The card is models/bio-minilm/README.md, which is edited
# in place: run this after every change of it, since the manifest has its hash.
#   sh scripts/default-model.sh [CHECKPOINT]      ../shared/model/bio-minilm-2 if not given
set -eu
cd "$(dirname "$0")/.."
checkpoint=$(cd "${1:-../shared/model/bio-minilm-2}" && pwd)
model=models/bio-minilm
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bio-minilm-2"
ln -s "$checkpoint/encoder" "$work/bio-minilm-2/encoder"
cp -r "$checkpoint/heads" "$work/bio-minilm-2/heads"
chmod -R u+w "$work/bio-minilm-2/heads"
sed -i 's/"trained_on": "[^"]*"/"trained_on": "the marks of clinical and what the notes say of each"/' \
    "$work/bio-minilm-2/heads/assertion.json"
sed -i 's/, marked for this model ([^)]*)/, marked for this model/' "$work/bio-minilm-2/heads/clinical.json"
# Abstracts have chemicals and diseases, notes drugs and problems: the checkpoint names the former alone.
for head in cid effect; do
    sed -i -e 's/"first": "Chemical"/"first": ["Chemical", "Drug"]/' \
        -e 's/"second": "Disease"/"second": ["Disease", "Problem"]/' "$work/bio-minilm-2/heads/$head.json"
done
cp "$model/README.md" "$work/card.md"
# Without named heads, commands do what they did with the first model, which had these nine.
target/release/biobert convert "$work/bio-minilm-2" "$model" --licence Apache-2.0 --card "$work/card.md" \
    --default-heads ade,chemical,chemprot,cid,disease,factoid,gad,gene,species

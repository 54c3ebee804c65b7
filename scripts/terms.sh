#!/bin/sh
# Makes the default indices of names, terms/*.terms, from tables of id, name and synonyms.
#   sh scripts/terms.sh [DIRECTORY]      ../shared/data/terminology if not given
# with mesh-diseases.tsv, mesh-drugs.tsv and icd10cm.tsv in it. What each is: terms/README.md.
set -eu
cd "$(dirname "$0")/.."
tables=$(cd "${1:-../shared/data/terminology}" && pwd)
tool=target/release/biobert
mesh="MeSH: free of charge, courtesy of the U.S. National Library of Medicine; joined by packages under the MIT licence"
for name in mesh-diseases mesh-drugs; do
    "$tool" terms build "$tables/$name.tsv" -o "terms/$name.terms" --from tsv --system MESH \
        --version "2026, by PyPI packages" --licence "$mesh"
done
# The words of everyday are other names of codes that the tabular list has.
"$tool" terms build "$tables/icd10cm.tsv" terms/icd10cm-everyday.tsv -o terms/icd10cm.terms --from tsv --system ICD10CM \
    --version "April 2026" --licence "public domain (CDC, National Center for Health Statistics)"

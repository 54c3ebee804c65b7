#!/bin/sh
# The matcher on texts of its own: test.sh [DIRECTORY MODEL EXAMPLE], where DIRECTORY has Biobert.dll and
# libbiobert.so, as the package has them; by default what was built here.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
example=$root/examples/trials
out=$root/target/trials
rm -rf "$out"
mkdir -p "$out/bin" "$out/criteria" "$out/notes"
if [ $# = 3 ]; then
    package=$1 model=$2 example=$3
    cp "$package/Biobert.dll" "$package/libbiobert.so" "$out/bin"
else
    model=$root/models/bio-minilm
    mcs -nologo -langversion:7 -warnaserror -unsafe -optimize -target:library -out:"$out/bin/Biobert.dll" bindings/csharp/src/*.cs
    cp target/release/libbiobert.so "$out/bin"
fi
mcs -nologo -langversion:7 -warnaserror -warn:4 -optimize -r:"$out/bin/Biobert.dll" -out:"$out/bin/Trials.exe" "$example"/*.cs
# Little memory on purpose: it must be enough.
trials() { MONO_GC_PARAMS=max-heap-size=64m mono "$out/bin/Trials.exe" "$model" "$@"; }
fail() { echo "trial matching: $*" >&2; exit 1; }

# What a person expects, and what is known to be missed of it: a verdict that changes, better or worse, is a difference.
for half in first held-out; do
    trials "$example/criteria" "$example/patients/$half" --expected "$example/expected/$half.tsv" --page "$out/$half.html" \
        > "$out/$half.tsv" 2> "$out/$half.txt" || { cat "$out/$half.txt"; exit 1; }
    diff "$example/expected/$half.txt" "$out/$half.txt"
    grep -q "^right .*not held against anything 0$" "$out/$half.txt" || fail "criteria or patients are missing"
done
# All examples' pages look alike.
sed -n '/^<style>$/,/^<\/style>$/p' "$out/first.html" | sed '1d;$d' | cmp - "$example/../mining/page.css"
# Both texts side by side: offsets are into the files.
python3 - "$out/first.tsv" "$example" << 'END'
import pathlib, sys
rows = [line.split("\t") for line in pathlib.Path(sys.argv[1]).read_text().splitlines()[1:]]
example = pathlib.Path(sys.argv[2])
flat = lambda text: " ".join(text.split())
cut = lambda text, at: flat(text.encode("utf-16-le")[2 * int(at.split("-")[0]) : 2 * int(at.split("-")[1])].decode("utf-16-le"))
for patient, trial, kind, number, verdict, criterion, at, said, places, why in rows:
    if kind != "overall":
        note = (example / "patients/first" / (patient + ".txt")).read_text()
        assert cut((example / "criteria" / (trial + ".txt")).read_text(), at) == criterion, (trial, number)
        assert " | ".join(cut(note, place) for place in places.split(" | ") if place) == said, (patient, trial, number)
END

# Traps: HER2, doses and units, negation, age and others, each a criterion and a note with the verdict.
awk -F '\t' -v out="$out" '{
    name = sprintf("t%03d", NR)
    gsub(/\\n/, "\n", $1)
    print "Inclusion Criteria:\n- " $1 > (out "/criteria/" name ".txt")
    print $2 > (out "/notes/" name ".txt")
    print name "\t" $3
}' "$example/traps.tsv" > "$out/wanted.txt"
trials "$out/criteria" "$out/notes" > "$out/traps.tsv"
awk -F '\t' '$1 == $2 && $3 == "inclusion" { print $1 "\t" $5 }' "$out/traps.tsv" > "$out/found.txt"
diff "$out/wanted.txt" "$out/found.txt"

# The page shows text as text; what cannot be read is told without its words, and the others follow.
mkdir -p "$out/hostile"
printf 'A 40-year-old man <script>alert(1)</script> with atrial fibrillation.\n' > "$out/hostile/a.txt"
printf 'secret \377\n' > "$out/hostile/b.txt"
printf 'No atrial fibrillation.\n' > "$out/hostile/c.txt"
: > "$out/hostile/d.txt"
if trials "$example/criteria/heart.txt" "$out/hostile" --page "$out/hostile.html" > "$out/hostile.tsv" 2> "$out/hostile.txt"; then
    fail "a note that is not UTF-8, and no error"
fi
grep -q 'b.txt: not UTF-8' "$out/hostile.txt" || fail "a note that is not UTF-8 is not told"
! grep -q secret "$out/hostile.txt" || fail "an error has words of a note"
grep -q "^c	heart	exclusion	9	not met" "$out/hostile.tsv" || fail "what follows a bad note is lost"
! grep -q 'alert(1)</script>' "$out/hostile.html" || fail "the page runs what a note says"
for what in "$out/none" "$out/empty"; do
    mkdir -p "$out/empty"
    for inputs in "$what $out/hostile/a.txt" "$example/criteria $what"; do
        # shellcheck disable=SC2086
        if trials $inputs --page "$out/none.html" > /dev/null 2> "$out/none.txt"; then fail "no files, and no error"; fi
        grep -q "^$what: " "$out/none.txt" || fail "what is missing is not named"
    done
done
if ls "$out"/*.html.* > /dev/null 2>&1; then fail "drafts of pages are left"; fi
printf 'Who may take part\n- Adults\n' > "$out/headless.txt"
if trials "$out/headless.txt" "$out/hostile/a.txt" > /dev/null 2>&1; then fail "criteria without headings, and no error"; fi

# The same bytes on .NET, if the tests of the binding have brought one.
dotnet=${BIOBERT_DOTNET:-$root/target/csharp/dotnet/dotnetcore2/bin/dotnet}
if [ -x "$dotnet" ]; then
    "$dotnet" exec --runtimeconfig bindings/csharp/tests/runtimeconfig.json "$out/bin/Trials.exe" "$model" "$example/criteria" "$example/patients/first" > "$out/net.tsv"
    cmp "$out/first.tsv" "$out/net.tsv"
    net=", the same on .NET"
else
    echo "trial matching on .NET: SKIPPED: there is no dotnet" | tee -a "$root/target/skipped.txt"
fi
echo "trial matching: $(grep -h '^right' "$out/first.txt" "$out/held-out.txt" | cut -d, -f1,2 | tr '\n' ' ')of two times 200 verdicts, $(awk 'END { print NR }' "$example/traps.tsv") traps, hostile input${net:-}"

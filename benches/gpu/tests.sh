#!/bin/sh
# Runs tests that compare a GPU with the processor and counts them: tests.sh NAME PROGRAM [TESTS] > RESULTS
# Those that need the emulated driver skip themselves, and do not count.
set -eu
name=$1
shift
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
"$@" --nocapture > "$log" 2>&1 || code=$?
grep -v '^test .* ok$' "$log" >&2 || true
number() { sed -n "s/^test result:.* \([0-9]*\) $1.*/\1/p" "$log"; }
passed=$(number passed)
failed=$(number failed)
skipped=$(grep -c 'SKIPPED' "$log" || true)
if [ -z "$passed" ]; then
    # It crashed.
    passed=0 failed=1 skipped=0
fi
echo "{\"what\": \"equal\", \"part\": \"$name\", \"good\": $((passed - skipped)), \"of\": $((passed - skipped + failed))}"
exit $code

#!/bin/sh
# Runs a test script, or says that it is skipped and why: test.sh NAME "COMMANDS THAT IT NEEDS" SCRIPT
set -eu
cd "$(dirname "$0")/.."
name=$1
for command in $2; do
    if ! command -v "$command" > /dev/null 2>&1; then
        echo "$name: SKIPPED: there is no $command" | tee -a target/skipped.txt
        exit 0
    fi
done
echo "== $name"
exec sh "$3"

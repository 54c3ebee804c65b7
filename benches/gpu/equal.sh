#!/bin/sh
# Compares what commands print, byte by byte, with the processor and with a GPU:
# equal.sh NAME BIOBERT MODEL COMMAND … > RESULTS
set -eu
name=$1
tool=$2
model=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat tests/notes/treatments.txt tests/notes/adverse_effects.txt examples/notes/*.txt > "$work/notes"

run() {
    task=$1
    device=$2
    shift 2
    "$tool" "$task" "$@" "$work/notes" --model "$model" --device "$device" > "$work/$device"
}
good=0
of=0
for task in "$@"; do
    of=$((of + 1))
    case $task in
        extract) set -- --whole ;;
        qa) set -- --whole --question "What was started?" --question "What caused the rash?" ;;
        classify) set -- --against "Was a drug started?" ;;
        embed) set -- --tokens ;;
        *) set -- ;;
    esac
    if run "$task" cpu "$@" && run "$task" gpu "$@" && [ -s "$work/cpu" ] &&
        cmp "$work/cpu" "$work/gpu" >&2; then
        good=$((good + 1))
        echo "$task: the same $(wc -c < "$work/cpu") bytes" >&2
    else
        echo "$task: not the same" >&2
    fi
done
echo "{\"what\": \"equal\", \"part\": \"$name\", \"good\": $good, \"of\": $of}"
[ $good = $of ]

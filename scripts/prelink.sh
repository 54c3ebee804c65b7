#!/bin/sh
# Makes the static library that users get, target/static/libbiobert.a, from cargo's: one object in
# which only the functions of the header are visible.
#
# One object, because the engine registers parts of itself in constructors that nothing refers to:
# a linker that takes single objects from an archive would drop them. Nothing else visible, so that a
# program may have another Rust library, or another version of a crate, beside this one. No object
# needs an executable stack; one of the engine's merely lacks the mark that says so.
set -eu
cd "$(dirname "$0")/.."
from=target/release/libbiobert.a
to=target/static/libbiobert.a
symbols=abi/symbols.txt
new=1
for source in "$from" "$symbols" "$0" scripts/prelink.ld; do [ "$to" -nt "$source" ] || new=0; done
[ "$new" = 0 ] || exit 0

mkdir -p target/static
object=target/static/biobert.o
# shellcheck disable=SC2046
ld -r --gc-sections $(sed 's/^/-u /' "$symbols") -T scripts/prelink.ld -z noexecstack \
    --whole-archive "$from" -o "$object" 2>&1 | { grep -v 'GNU-stack\|deprecated' >&2 || true; }
objcopy --keep-global-symbols="$symbols" --strip-unneeded "$object"
rm -f "$to"
ar rcsD "$to" "$object"
rm "$object"
nm -g --defined-only "$to" | awk 'NF == 3 { print $3 }' | sort | cmp - "$symbols"

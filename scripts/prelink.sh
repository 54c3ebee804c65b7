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
rm -f "$to" "$object"
# shellcheck disable=SC2046
ld -r --gc-sections $(sed 's/^/-u /' "$symbols") -T scripts/prelink.ld -z noexecstack \
    --whole-archive "$from" -o "$object" 2> target/static/ld.txt || { cat target/static/ld.txt >&2; exit 1; }
objcopy --keep-global-symbols="$symbols" --strip-unneeded "$object"
nm -g --defined-only "$object" > target/static/symbols.txt
awk 'NF == 3 { print $3 }' target/static/symbols.txt | sort | cmp - "$symbols"
ar rcsD "$to.new" "$object"
mv "$to.new" "$to"
rm "$object"

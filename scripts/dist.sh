#!/bin/sh
# Makes the archive that is handed out, target/dist/biobert-VERSION-linux-x86_64.tar.gz: an installed
# tree whose libraries and tool run on glibc 2.28 (RHEL 8, Debian 10) and later, with the bindings
# for Java, Spark and C# beside it.
#
# The same objects as in target/release are linked again by zig cc, which knows the symbols of every
# glibc; Rust's own need 2.17.
set -eu
cd "$(dirname "$0")/.."
floor=2.28
# shellcheck source=scripts/check-library.sh
. scripts/check-library.sh

zig=target/zig
if ! "$zig/bin/python" -m ziglang version > /dev/null 2>&1; then
    rm -rf "$zig"
    python3 -m venv "$zig"
    "$zig/bin/pip" install -q --disable-pip-version-check --require-hashes --only-binary :all: -r packaging/zig.txt
fi
cc=$PWD/scripts/zig-cc.sh

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=biobert-$version-linux-x86_64
out=$PWD/target/dist
tree=$out/$name
rm -rf "$out"
mkdir -p "$out"

{ echo "{ global:" && sed 's/$/;/' abi/symbols.txt && echo "local: *; };"; } > "$out/exports.map"
"$cc" -shared -o "$out/libbiobert.so" -Wl,--whole-archive target/static/libbiobert.a -Wl,--no-whole-archive \
    -lpthread -ldl -lm -lgcc_s -Wl,-soname,libbiobert.so.1 -Wl,-z,defs,-z,nodelete,-z,relro,-z,now \
    -Wl,--version-script="$out/exports.map"

# The tool alone is compiled again, in cargo's own place; touched, so that the next build brings the
# usual one back.
cargo rustc --quiet --release ${FEATURES:+--features "$FEATURES"} --bin biobert -- -C linker="$cc"
cp target/release/biobert "$out/biobert"
touch src/bin/biobert/main.rs

sh scripts/install.sh "$tree" "$out/libbiobert.so" "$out/biobert"
CC=$cc sh bindings/java/package.sh "$tree/java"
CC=$cc sh bindings/spark/package.sh "$tree/spark"
sh bindings/csharp/package.sh "$tree/csharp" "$out/libbiobert.so"

check_library "$tree/lib/libbiobert.so.1" $floor
check_glibc "$tree/bin/biobert" $floor
check_glibc "$tree/java/libbiobert_jni.so" $floor
[ ! -e "$tree/spark" ] || check_glibc target/spark/package/native/libbiobert_jni.so $floor # what the jar has inside

tar -C "$out" --owner=0 --group=0 --sort=name -czf "$out/$name.tar.gz" "$name"
(cd "$out" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256")
rm "$out/libbiobert.so" "$out/biobert" "$out/exports.map"
echo "$out/$name.tar.gz"

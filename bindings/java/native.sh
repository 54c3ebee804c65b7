#!/bin/sh
# Builds the native half of the binding:  sh bindings/java/native.sh OUT_DIRECTORY
#
# OUT_DIRECTORY gets libbiobert_jni.so, which has the whole library inside and exports JNI_OnLoad
# only, and its SHA-256. CC is the compiler (cc); BIOBERT_STATIC is the static library
# (target/static/libbiobert.a, made by scripts/prelink.sh); the JNI headers are those of JAVA_HOME or
# of the javac that is found.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
[ $# = 1 ] || { echo "usage: native.sh OUT_DIRECTORY" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
static=${BIOBERT_STATIC:-$root/target/static/libbiobert.a}
[ -f "$static" ] || { echo "native.sh: $static is not there: cargo build --release, then sh scripts/prelink.sh" >&2; exit 1; }
jdk=${JAVA_HOME:-}
if [ -z "$jdk" ]; then
    javac=$(command -v javac) || { echo "native.sh: neither JAVA_HOME nor javac: install a JDK" >&2; exit 1; }
    jdk=$(dirname "$(dirname "$(readlink -f "$javac")")")
fi
[ -f "$jdk/include/jni.h" ] || { echo "native.sh: no include/jni.h in $jdk: JAVA_HOME must be a JDK" >&2; exit 1; }

# A hidden file first: a build that fails leaves no half library.
new=$out/.libbiobert_jni.so.$$
trap 'rm -f "$new"' EXIT
# nodelete: a Rust runtime has thread-local values with destructors, so its code must stay.
# shellcheck disable=SC2086
${CC:-cc} -std=c11 -O2 -fPIC -fstack-protector-strong -shared -fvisibility=hidden -Wall -Wextra -Werror \
    -I"$root/include" -I"$jdk/include" -I"$jdk/include/linux" "$here"/src/main/native/*.c "$static" -o "$new" \
    -Wl,-soname,libbiobert_jni.so -Wl,--version-script="$here/src/main/native/exports.map" \
    -Wl,-z,relro,-z,now -Wl,-z,nodelete -Wl,-z,noexecstack -Wl,-z,defs -Wl,-s -lpthread -ldl -lm -lgcc_s

exported=$(nm -D --defined-only "$new" | awk '{ print $3 }' | tr '\n' ' ')
[ "$exported" = "JNI_OnLoad " ] || { echo "native.sh: exports $exported, not only JNI_OnLoad" >&2; exit 1; }
chmod 755 "$new"
mv "$new" "$out/libbiobert_jni.so"
(cd "$out" && sha256sum libbiobert_jni.so > libbiobert_jni.so.sha256)

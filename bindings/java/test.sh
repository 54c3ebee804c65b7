#!/bin/sh
# Everything that is tested of the Java binding: on the JDK of JAVA_HOME or of the javac that is found,
# then on the others in /usr/lib/jvm and in BIOBERT_JAVA_HOMES (divided by colons).
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out=$root/target/java
model=$root/models/bio-minilm

jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")}
major() { "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = \([0-9]*\).*/\1/p'; }
others=""
for home in $(echo "${BIOBERT_JAVA_HOMES:-}" | tr : ' ') /usr/lib/jvm/*; do
    [ -x "$home/bin/java" ] || continue
    home=$(readlink -f "$home")
    case " $(readlink -f "$jdk") $others " in *" $home "*) continue ;; esac
    if [ "$(major "$home")" -ge 11 ]; then others="$others $home"; else echo "Java, $home: SKIPPED: older than 11"; fi
done

sh native.sh "$out/native"
# verify also makes sources and documentation, without a warning.
rm -f "$out"/biobert-*.jar
mvn -q -B verify > "$out/maven.txt" || { cat "$out/maven.txt"; exit 1; }
jar=$(ls "$out"/biobert-*.jar | grep -v -e -sources -e -javadoc)
rm -rf "$out/notices"
mkdir "$out/notices"
(cd "$out/notices" && "$jdk/bin/jar" xf "$jar" META-INF)
cmp "$out/notices/META-INF/LICENSE" "$root/LICENSE"
cmp "$out/notices/META-INF/THIRD-PARTY.txt" "$root/packaging/THIRD-PARTY.txt"
tests=$jar:$out/test-classes:$(cat "$out/test-classpath.txt")
tests_passed=$(sed -n 's/^Tests run: \([0-9]*\), Failures: 0, Errors: 0, Skipped: 0.*/\1/p' "$out"/surefire-reports/*.txt | awk '{ n += $1 } END { print n }')
echo "Maven: $tests_passed tests passed"

# Whether -Xcheck:jni complained. Java's own warnings of restricted methods have no such line.
complaints='^FATAL ERROR in native\|^WARNING in native\|^WARNING: JNI\|^Warning: .* JNI'
cc -shared -fPIC -I"$jdk/include" -I"$jdk/include/linux" src/test/careless/careless.c -o "$out/careless.so"

make -s -C "$root/examples/c"
"$root/examples/c/notes" "$model" > "$out/notes.txt"
"$root/examples/c/notes" "$model" "$root/examples/notes/discharge.txt" > "$out/discharge.txt"

example() { # java and its options, with the jar
    "$@" "$root/examples/java/Notes.java" "$model" > "$out/example.txt"
    cmp "$out/example.txt" "$out/notes.txt"
    "$@" "$root/examples/java/Notes.java" "$model" "$root/examples/notes/discharge.txt" > "$out/example.txt"
    cmp "$out/example.txt" "$out/discharge.txt"
    "$@" "$root/examples/java/Teach.java" "$model" > "$out/example.txt"
    cmp "$out/example.txt" "$root/examples/teach.txt"
}

# A program that is run by its jar: from Java 24 on, its manifest allows native methods or Java warns.
packed() { # JDK
    rm -rf "$out/packed"
    mkdir "$out/packed"
    "$jdk/bin/javac" --release 11 -cp "$jar" -d "$out/packed" "$root/examples/java/Notes.java"
    printf 'Main-Class: Notes\nClass-Path: %s\nEnable-Native-Access: ALL-UNNAMED\n' "../$(basename "$jar")" > "$out/manifest.txt"
    "$jdk/bin/jar" cfm "$out/packed/notes.jar" "$out/manifest.txt" -C "$out/packed" Notes.class
    "$1/bin/java" -jar "$out/packed/notes.jar" "$model" > "$out/packed/stdout.txt" 2> "$out/packed/stderr.txt" || {
        cat "$out/packed/stderr.txt"
        return 1
    }
    cmp "$out/packed/stdout.txt" "$out/notes.txt"
    [ ! -s "$out/packed/stderr.txt" ] || { cat "$out/packed/stderr.txt"; return 1; }
}

on() { # JDK
    java=$1/bin/java
    version=$(major "$1")
    allow=""
    [ "$version" -lt 24 ] || allow=--enable-native-access=ALL-UNNAMED

    "$java" -Xcheck:jni $allow "$root/bindings/java/src/test/careless/Careless.java" "$out/careless.so" > "$out/careless.txt" 2>&1
    grep -q "$complaints" "$out/careless.txt" || { cat "$out/careless.txt"; echo "JDK $version: -Xcheck:jni complains of nothing"; return 1; }
    if ! timeout 300 "$java" -Xcheck:jni $allow -cp "$tests" org.junit.platform.console.ConsoleLauncher execute --disable-banner \
        --fail-if-no-tests --details=summary --scan-classpath "$out/test-classes" > "$out/checked.txt" 2>&1 ||
        grep "$complaints" "$out/checked.txt"; then
        cat "$out/checked.txt"
        return 1
    fi
    passed=$(sed -n 's/^\[ *\([0-9]*\) tests successful.*/\1/p' "$out/checked.txt")
    [ "$passed" = "$tests_passed" ] || { cat "$out/checked.txt"; echo "JDK $version: not the $tests_passed tests of Maven"; return 1; }
    "$java" $allow -Xms128m -Xmx128m -XX:+AlwaysPreTouch -cp "$tests" org.biobert.Soak 200000
    example "$java" $allow -cp "$jar"
    example "$java" ${allow:+--enable-native-access=org.biobert} --module-path "$jar" --add-modules org.biobert
    packed "$1"
    echo "JDK $version: $passed tests passed under -Xcheck:jni without a complaint; the examples as C's: on the class path, as a module, as a jar"
}

on "$jdk"
[ -n "$others" ] || echo "Java, another JDK: SKIPPED: there is none in /usr/lib/jvm and BIOBERT_JAVA_HOMES" | tee -a "$root/target/skipped.txt"
for home in $others; do on "$home"; done

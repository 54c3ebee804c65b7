#!/bin/sh
# Everything that is tested of the columns for Spark, on the JDK that Maven finds. Maven fetches Spark the first time: 290 MB.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out=$root/target/spark

version=$(mvn -version | sed -n 's/^Java version: \([0-9]*\).*/\1/p')
if [ "$version" -lt 17 ]; then
    echo "Spark: SKIPPED: Maven has Java $version, and Spark needs 17" | tee -a "$root/target/skipped.txt"
    exit 0
fi
if ! mvn -q -B dependency:resolve > /dev/null 2>&1; then
    echo "Spark: SKIPPED: Maven cannot fetch it" | tee -a "$root/target/skipped.txt"
    exit 0
fi
sh ../java/native.sh "$root/target/java/native"
mkdir -p "$out"
rm -f "$out"/biobert-spark-*.jar
mvn -q -B verify > "$out/maven.txt" 2>&1 || { cat "$out/maven.txt"; exit 1; }
passed=$(cat "$out"/surefire-reports/*.txt "$out"/failsafe-reports/*.txt |
    sed -n 's/^Tests run: \([0-9]*\), Failures: 0, Errors: 0, Skipped: 0.*/\1/p' | awk '{ n += $1 } END { print n }')
echo "Maven: $passed tests passed, those with a cluster of two workers too"

#!/bin/sh
# Notes a second of the tool and of Spark on the same cores, one and two, and once with an executor killed in the
# middle; whether the rows are the same each time:  sh benches/spark.sh [NOTES]
#
# Needs Maven, and target/spark/biobert-spark-0.1.0.jar: sh bindings/spark/test.sh makes it. Seconds are from Parquet to
# Parquet with the model open; those of the tool are from JSON lines to JSON lines, and include opening it.
set -eu
cd "$(dirname "$0")/.."
count=${1:-20000}
jar=$(ls target/spark/biobert-spark-*.jar | grep -v javadoc)
tool=target/release/biobert
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

SPARK_HOME=$work/home SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1
export SPARK_HOME SPARK_SCALA_VERSION SPARK_LOCAL_IP
mkdir -p "$SPARK_HOME/jars"
tr : '\n' < target/spark/spark-classpath.txt | while read -r file; do ln -s "$file" "$SPARK_HOME/jars/"; done
printf 'rootLogger.level = error\n' > "$work/log4j2.properties"
options=$(sed -n 's/.*<spark.options>//; /^-Xmx1g/,/spark.options>/p' bindings/spark/pom.xml | sed 's/<.*//')

mkdir "$work/classes"
javac -nowarn -cp "$SPARK_HOME/jars/*:$jar" -d "$work/classes" benches/Spark.java
(cd models/bio-minilm && jar cMf "$work/model.zip" .)
jar cf "$work/bench.jar" -C "$work/classes" .
python3 benches/spark-notes.py make "$count" examples/notes/*.txt > "$work/notes.jsonl"
rate() { awk -v n="$count" -v s="$1" -v cpu="$2" 'BEGIN { printf "%.1f s, %.0f notes a second, %.1f processor seconds", s, n / s, cpu }'; }

for cores in 1 2; do
    python3 benches/spark-notes.py time $tool extract --threads $cores "$work/notes.jsonl" > "$work/tool.jsonl" 2> "$work/tool.txt"
    read -r seconds processor < "$work/tool.txt"
    eval "tool_$cores=$seconds"
    echo "tool, $cores threads: $(rate "$seconds" "$processor")"
done

spark() { # executors, kill or no
    rm -rf "$work"/out*
    # shellcheck disable=SC2086
    java $options -Dlog4j2.configurationFile="$work/log4j2.properties" -cp "$SPARK_HOME/jars/*" org.apache.spark.deploy.SparkSubmit \
        --master "local-cluster[$1,1,1024]" --class Spark --jars "$jar" --conf "spark.archives=$work/model.zip#model" \
        --conf spark.ui.enabled=false "$work/bench.jar" model "$work/notes.jsonl" "$work/out" 40 "$2" > "$work/spark.txt" 2>&1 || {
        tail -n 40 "$work/spark.txt"
        exit 1
    }
    seconds=$(sed -n 's/^seconds //p' "$work/spark.txt")
    processor=$(sed -n 's/^processor //p' "$work/spark.txt")
    echo "Spark, $1 executors of a core$(sed -n 's/^killed an executor.*/, one killed/p' "$work/spark.txt"): $(rate "$seconds" "$processor")"
    cat "$work"/out.json/*.json > "$work/out.jsonl"
    python3 benches/spark-notes.py compare "$work/out.jsonl" "$work/tool.jsonl"
}
over() { awk -v spark="$1" -v tool="$2" 'BEGIN { printf "overhead: %.2f\n", spark / tool }'; }
spark 1 no
one=$seconds
over "$one" "$tool_1"
spark 2 no
over "$seconds" "$tool_2"
awk -v one="$one" -v two="$seconds" 'BEGIN { printf "two executors are %.2f times as fast as one\n", one / two }'
spark 2 kill

"""The notes of benches/spark.sh, and whether Spark and the tool say the same of them.

    spark-notes.py make COUNT NOTE...        JSON lines on standard output
    spark-notes.py time COMMAND...           seconds, and seconds of processors
    spark-notes.py compare SPARK TOOL        two files of JSON lines
"""

import json
import resource
import struct
import subprocess
import sys
import time


def make(count, files):
    """The sample notes over and over, each with a day of its own."""
    notes = [open(name, encoding="utf-8").read() for name in files]
    for i in range(count):
        print(json.dumps({"id": str(i), "text": f"Day {i}.\n{notes[i % len(notes)]}"}))


def measure(command):
    start = time.monotonic()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{seconds:.2f} {used.ru_utime + used.ru_stime:.2f}", file=sys.stderr)


def single(value):
    """Numbers as the f32 that they are, which Java prints with more digits than needed."""
    if isinstance(value, float):
        return struct.unpack("f", struct.pack("f", value))[0]
    if isinstance(value, list):
        return [single(item) for item in value]
    if isinstance(value, dict):
        return {key: single(item) for key, item in value.items()}
    return value


def said(record):
    for entity in record["entities"]:
        if not entity.get("codes"):
            entity.pop("codes", None)
    for relation in record["relations"]:
        relation.pop("text", None)
    record.setdefault("code_relations", [])  # the tool leaves out an empty list
    return single({key: record[key] for key in ("sections", "entities", "relations", "code_relations")})


def compare(spark, tool):
    found = {}
    for line in open(spark, encoding="utf-8"):
        row = json.loads(line)
        assert row["id"] not in found, f"twice: {row['id']}"
        found[row["id"]] = said(json.loads(row["says"]))
    same = 0
    for line in open(tool, encoding="utf-8"):
        record = json.loads(line)
        assert found.pop(record["id"]) == said(record), f"different: {record['id']}"
        same += 1
    assert not found, f"{len(found)} rows more than the tool's"
    print(f"{same} rows are the tool's")


if sys.argv[1] == "make":
    make(int(sys.argv[2]), sys.argv[3:])
elif sys.argv[1] == "time":
    measure(sys.argv[2:])
else:
    compare(sys.argv[2], sys.argv[3])

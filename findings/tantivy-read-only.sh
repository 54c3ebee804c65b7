#!/bin/sh
# Guess: a search index of tantivy can be read from a place without the right to write, such as an installed directory or a read-only mount.
# What happens: opening an index to search makes a lock file in it, and is refused (permission denied) where none can be made.
# Why it matters: an index that one user builds and others search, as services do, fails for them, until a directory that takes no locks is put between.
set -eu
python3 -c 'import os, sys; sys.exit(os.name != "posix")' || { echo "needs POSIX permissions"; exit 2; }
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
chmod 755 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet tantivy==0.24.0
FOLDER=$folder "$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata as metadata
import os
import sys

import tantivy

index_path = os.path.join(os.environ["FOLDER"], "index")
os.mkdir(index_path)
schema = tantivy.SchemaBuilder().add_text_field("text", stored=True).build()
writer = tantivy.Index(schema, path=index_path).writer()
writer.add_document(tantivy.Document(text=["a rash after amoxicillin"]))
writer.commit()
writer.wait_merging_threads()
print("tantivy (Python)", metadata.version("tantivy"))


def search():
    index = tantivy.Index.open(index_path)
    index.reload()
    return index.searcher().num_docs


for name in os.listdir(index_path):
    if name.endswith(".lock"):
        os.remove(os.path.join(index_path, name))
    else:
        os.chmod(os.path.join(index_path, name), 0o644)
before = set(os.listdir(index_path))
assert search() == 1
made = sorted(set(os.listdir(index_path)) - before)
print("made by opening it to search:", made)
for name in made:
    os.remove(os.path.join(index_path, name))
os.chmod(index_path, 0o555)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    search()
except Exception as error:
    print(type(error).__name__ + ":", str(error).replace(index_path, "index"))
else:
    sys.exit("changed: an index is searched without the right to write")
if not made:
    sys.exit("changed: no lock file is made")
PYTHON

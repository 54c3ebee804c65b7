#!/usr/bin/env python3
"""Whether other libraries read what this one writes, and read the same. `scripts/formats.sh` runs it.

usage: formats_peers.py DIRECTORY    with the files of the test `files_for_others`"""
import collections
import contextlib
import importlib.metadata
import io
import json
import sys
import types
from pathlib import Path

HERE = Path(sys.argv[1])
EXPECTED = {document["id"]: document for document in json.loads((HERE / "expected.json").read_text("utf-8"))}


def flat(text):
    return "".join(" " if c in "\n\r\t" else c for c in text)


def whole(entity):
    """Start and end of an entity, whatever its pieces."""
    return entity["pieces"][0][0], entity["pieces"][-1][1]


def report(name, library, counts):
    version = importlib.metadata.version(library)
    print(f"{name} by {library} {version}: " + ", ".join(f"{count} {what}" for what, count in counts.items()))


def bioc_files():
    import bioc
    from bioc import biocjson, biocxml

    for name, module in ("bioc-xml", biocxml), ("bioc-json", biocjson):
        with open(HERE / name, encoding="utf-8") as file:
            collection = module.load(file)
        bioc.validate(collection)
        counts = collections.Counter(documents=len(collection.documents))
        for document in collection.documents:
            expected = EXPECTED[document.id]
            found = [annotation for passage in document.passages for annotation in passage.annotations]
            assert len(found) == len(expected["entities"])
            for annotation, entity in zip(found, expected["entities"]):
                pieces = [[place.offset, place.end] for place in annotation.locations]
                assert pieces == entity["pieces"] and annotation.infons["type"] == entity["label"]
                start, end = whole(entity)
                assert annotation.text == expected["text"][start:end]
                assert annotation.infons.get("assertion") == entity["assertion"]
            counts.update(entities=len(found), relations=len(document.relations))
            assert len(document.relations) == expected["relations"] + expected["code_relations"]
            for passage in document.passages:
                text = expected["text"][passage.offset : passage.offset + len(passage.text)]
                assert passage.text == text
        report(name, "bioc", counts)


def bconv_files():
    import bconv

    for name, form, options in (
        ("bioc-xml-whole", "bioc_xml", {"byte_offsets": False}),
        ("bioc-json-whole", "bioc_json", {"byte_offsets": False}),
        ("pubtator", "pubtator", {}),
    ):
        collection = bconv.load(str(HERE / name), fmt=form, **options)
        counts = collections.Counter()
        for document in collection:
            expected = EXPECTED[document.id]
            found = list(document.iter_entities())
            counts.update(documents=1, entities=len(found), relations=len(list(document.iter_relations())))
            places = collections.Counter((entity.start, entity.end) for entity in found)
            if places != collections.Counter(whole(entity) for entity in expected["entities"]):
                counts.update({"documents with other places": 1})
        report(name, "bconv", counts)


def bioc_pubtator():
    from bioc import pubtator

    with open(HERE / "pubtator", encoding="utf-8", newline="") as file:
        documents = pubtator.load(file)
    counts = collections.Counter(documents=len(documents))
    for document in documents:
        expected = EXPECTED[document.pmid]
        text = document.title + (" " + document.abstract if document.abstract else "")
        assert len(document.annotations) == len(expected["entities"])
        for annotation, entity in zip(document.annotations, expected["entities"]):
            assert (annotation.start, annotation.end) == whole(entity)
            assert text[annotation.start : annotation.end] == annotation.text, (text, annotation)
            assert annotation.id == "-" or annotation.id.split("|")
        counts.update(entities=len(document.annotations), relations=len(document.relations))
        assert len(document.relations) == expected["code_relations"]
    report("pubtator", "bioc", counts)


def pubtator_loader():
    # Its own tokenizer is spaCy's, which reading needs not.
    for name in ("spacy", "spacy.language", "spacy.training", "spacy.tokenizer", "spacy.util"):
        module = types.ModuleType(name)
        for own in ("Language", "offsets_to_biluo_tags", "Tokenizer", "compile_prefix_regex", "compile_suffix_regex"):
            setattr(module, own, None)
        sys.modules[name] = module
    from pubtator_loader import PubTatorCorpusReader

    documents = [document for document in PubTatorCorpusReader(HERE / "pubtator-plain").load_corpus() if document]
    counts = collections.Counter(documents=len(documents))
    for document in documents:
        text = document.get_space_separated_title_and_abstract()
        for entity in document.entities:
            assert text[entity.start_index : entity.end_index] == flat(EXPECTED[str(document.id)]["text"])[
                entity.start_index : entity.end_index
            ]
        counts.update(entities=len(document.entities))
    report("pubtator-plain", "pubtator-loader", counts)


def bioc_brat():
    from bioc import brat

    with contextlib.redirect_stderr(io.StringIO()):
        documents = brat.listdir(HERE / "brat")
    counts = collections.Counter(documents=len(documents))
    for document in documents:
        expected = EXPECTED[document.id]
        found = list(document.entities)
        assert len(found) == len(expected["entities"])
        for entity, own in zip(found, expected["entities"]):
            # A set, in no order.
            pieces = sorted([span.begin, span.end] for span in entity.locations)
            assert pieces == own["pieces"], (pieces, own)
        counts.update(entities=len(found), relations=len(list(document.relations)))
    report("brat", "bioc", counts)


def brat_peek():
    from peek import AnnCorpus

    corpus = AnnCorpus(str(HERE / "brat"), txt=True)
    counts = collections.Counter(documents=len(corpus))
    for document in corpus.docs:
        expected = EXPECTED[document.name]
        found = document.anns["entities"]
        assert [[list(map(int, span)) for span in entity.span] for entity in found] == [
            own["pieces"] for own in expected["entities"]
        ]
        counts.update({"entities": len(found), "attributes": len(document.anns["attributes"]), "notes": len(document.anns["notes"])})
    report("brat", "brat-peek", counts)


failed = False
for check in bioc_files, bconv_files, bioc_pubtator, pubtator_loader, bioc_brat, brat_peek:
    try:
        check()
    except Exception as error:  # each library by itself
        import traceback

        traceback.print_exc(limit=-3)
        failed = True
sys.exit(failed)

#!/usr/bin/env python3
"""Writes a checkpoint of BERT-base's shape with random weights: speed and equality do not depend on them.

usage: base.py DIRECTORY VOCAB

The weights are drawn so that states stay in the range that a trained BERT has.
"""
import json
import pathlib
import shutil
import struct
import sys

import numpy

LAYERS, HIDDEN, INNER, HEADS, PLACES = 12, 768, 3072, 12, 512
LABELS = ["B", "I", "O"]


def shapes(words):
    """Name, shape, mean and deviation of every tensor."""

    def linear(name, rows, columns, deviation):
        yield f"{name}.weight", (rows, columns), 0, deviation
        yield f"{name}.bias", (rows,), 0, 0.02

    def norm(name):
        yield f"{name}.weight", (HIDDEN,), 1, 0.1
        yield f"{name}.bias", (HIDDEN,), 0, 0.05

    yield "bert.embeddings.word_embeddings.weight", (words, HIDDEN), 0, 0.04
    yield "bert.embeddings.position_embeddings.weight", (PLACES, HIDDEN), 0, 0.02
    yield "bert.embeddings.token_type_embeddings.weight", (2, HIDDEN), 0, 0.02
    yield from norm("bert.embeddings.LayerNorm")
    for layer in range(LAYERS):
        prefix = f"bert.encoder.layer.{layer}."
        for name in ["query", "key", "value"]:
            yield from linear(f"{prefix}attention.self.{name}", HIDDEN, HIDDEN, 0.04)
        yield from linear(f"{prefix}attention.output.dense", HIDDEN, HIDDEN, 0.03)
        yield from norm(f"{prefix}attention.output.LayerNorm")
        yield from linear(f"{prefix}intermediate.dense", INNER, HIDDEN, 0.04)
        yield from linear(f"{prefix}output.dense", HIDDEN, INNER, 0.03)
        yield from norm(f"{prefix}output.LayerNorm")
    yield from linear("classifier", len(LABELS), HIDDEN, 0.02)


def write(path, tensors):
    """A file of safetensors in f16: a header with places, then the values."""
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name, shape, _, _ in tensors:
        size = 2 * int(numpy.prod(shape))
        header[name] = {"dtype": "F16", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    random = numpy.random.default_rng(20190125)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, shape, mean, deviation in tensors:
            values = mean + deviation * random.standard_normal(shape, dtype=numpy.float32)
            file.write(values.astype(numpy.float16).tobytes())


def main():
    directory, vocabulary = map(pathlib.Path, sys.argv[1:])
    directory.mkdir(parents=True, exist_ok=True)
    words = len(vocabulary.read_text(encoding="utf-8").split("\n")[:-1])
    config = {
        "architectures": ["BertForTokenClassification"], "model_type": "bert", "hidden_act": "gelu",
        "hidden_size": HIDDEN, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "vocab_size": words, "max_position_embeddings": PLACES,
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0,
        "id2label": dict(enumerate(LABELS)), "label2id": {b: a for a, b in enumerate(LABELS)},
    }
    tokenizer = {"do_lower_case": True, "model_max_length": PLACES, "tokenizer_class": "BertTokenizer"}
    (directory / "config.json").write_text(json.dumps(config, indent=1))
    (directory / "tokenizer_config.json").write_text(json.dumps(tokenizer))
    shutil.copy(vocabulary, directory / "vocab.txt")
    write(directory / "model.safetensors", list(shapes(words)))


main()

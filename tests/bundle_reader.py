#!/usr/bin/env python3
"""A reader of bundles and heads, written from docs/bundle-format.md alone, with nothing but Python's
standard library. It reads what tests/golden keeps of every version, and compares the probe's states and
logits, and classes and entities of a text, with what the library gave."""
import hashlib
import json
import math
import struct
import sys
import unicodedata
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent / "golden"
NOTE = "Patient with fever started insulin 5 mg daily; rash and arthritis."
FIRST = {"format_version", "task", "kind", "labels", "label_text", "entity", "first", "second", "mask", "negative",
         "input", "pooling", "max_tokens", "window_step", "calibration", "encoder_sha256", "trained_on", "metrics"}
SECOND = FIRST | {"multi_label", "tokenizer_sha256", "data_sha256", "licence", "date"}
THIRD = SECOND | {"reads", "regression", "crf"}
ASSERTIONS = ["absent", "historical", "other-person", "possible", "present"]


def up(number, to):
    return -(-number // to) * to


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Tensors:
    """A safetensors file: shape and flat values by name."""

    def __init__(self, data):
        (length,) = struct.unpack("<Q", data[:8])
        self.header, self.data = json.loads(data[8 : 8 + length]), data[8 + length :]

    def __contains__(self, name):
        return name in self.header

    def get(self, name, shape=None):
        entry = self.header[name]
        start, end = entry["data_offsets"]
        kind, size = {"F32": ("f", 4), "I32": ("i", 4), "I8": ("b", 1)}[entry["dtype"]]
        assert shape is None or entry["shape"] == list(shape), (name, entry["shape"], shape)
        return struct.unpack(f"<{(end - start) // size}{kind}", self.data[start:end])

    def matrix(self, name, rows, columns):
        values = self.get(name, (rows, columns))
        return [values[row * columns : (row + 1) * columns] for row in range(rows)]

    def linear(self, name, k, n):
        """Rows of weights as PyTorch keeps them, and a bias."""
        return self.matrix(f"{name}.weight", n, k), self.get(f"{name}.bias", (n,))


def apply(linear, x):
    weights, bias = linear
    return [sum(map(float.__mul__, map(float, row), x)) + b for row, b in zip(weights, bias)]


def norm(x, scale, shift, eps):
    mean = sum(x) / len(x)
    deviation = math.sqrt(sum((v - mean) ** 2 for v in x) / len(x) + eps)
    return [(v - mean) / deviation * a + b for v, a, b in zip(x, scale, shift)]


def softmax(x):
    largest = max(x)
    values = [math.exp(v - largest) for v in x]
    return [v / sum(values) for v in values]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


class Bundle:
    def __init__(self, path):
        self.path = path
        text = (path / "MANIFEST.json").read_bytes()
        manifest = json.loads(text)
        assert manifest["format_version"] in (1, 2, 3, 4)
        fields = {"format_version", "creator", "source", "licence", "model_card", "heads", "files", "seal"}
        own = set(manifest) - fields
        assert fields <= set(manifest) and own <= {"default_heads", "vectors", "fill"}, set(manifest) ^ fields
        seal = manifest["seal"].encode()
        assert text.count(seal) == 1 and sha256(text.replace(seal, b"0" * 64)) == seal.decode()
        self.files = {}
        for name, entry in manifest["files"].items():
            data = (path / name).read_bytes()
            assert len(data) == entry["length"] and sha256(data) == entry["sha256"], name
            assert ("header_sha256" in entry) == name.endswith(".safetensors")
            if "header_sha256" in entry:
                (length,) = struct.unpack("<Q", data[:8])
                assert (8 + length) % 64 == 0 and sha256(data[: 8 + length]) == entry["header_sha256"]
            self.files[name] = data
        self.version = manifest["format_version"]
        self.config = json.loads(self.files["config.json"])
        self.eps = self.config["layer_norm_eps"]
        self.read_encoder()
        self.vocab = {piece: at for at, piece in enumerate(self.files["vocab.txt"].decode().splitlines())}
        self.heads = {}
        for name in manifest["heads"]:
            spec = json.loads(self.files[f"heads/{name}.json"])
            assert spec["encoder_sha256"] == sha256(self.files["encoder.safetensors"])
            self.heads[name] = Head(spec, Tensors(self.files[f"heads/{name}.safetensors"]), self)
        assert max([head.version for head in self.heads.values()] + [4 if "fill" in own else 3 if own else 1]) == self.version
        self.default_heads = manifest.get("default_heads", [])
        assert set(self.default_heads) <= set(self.heads)
        self.vectors = manifest.get("vectors")
        self.fill = manifest.get("fill")

    def read_encoder(self):
        tensors, config = Tensors(self.files["encoder.safetensors"]), self.config
        hidden, inner = config["hidden_size"], config["intermediate_size"]
        rows, stride = config["vocab_size"], up(hidden, 64)
        scales = tensors.get("embeddings.word.scale", (up(rows, 16),))
        words = tensors.matrix("embeddings.word.weight", rows, stride)
        self.word = [[v * scale for v in row[:hidden]] for row, scale in zip(words, scales)]
        self.position = tensors.matrix("embeddings.position.weight", config["max_position_embeddings"], up(hidden, 16))
        self.segment = tensors.matrix("embeddings.segment.weight", config["type_vocab_size"], up(hidden, 16))

        def norm_of(name):
            return [tensors.get(f"{name}.{part}", (up(hidden, 16),))[:hidden] for part in ("scale", "shift")]

        def linear(name, k, n):
            wide, high = up(k, 64), up(n, 32)
            weight = tensors.get(f"{name}.weight", (high // 16, wide // 4, 16, 4))
            scale, sums, bias = (tensors.get(f"{name}.{part}", (high,)) for part in ("scale", "sums", "bias"))

            def integer(i, j):
                return weight[((j // 16 * (wide // 4) + i // 4) * 16 + j % 16) * 4 + i % 4]

            for j in range(n):
                column = [integer(i, j) for i in range(k)]
                assert sums[j] == sum(column) and -128 not in column and scale[j] > 0 and 127 in map(abs, column)
            return [[integer(i, j) * scale[j] for i in range(k)] for j in range(n)], bias[:n]

        self.embedding_norm = norm_of("embeddings.norm")
        self.layers = []
        for index in range(config["num_hidden_layers"]):
            at = f"layer.{index}"
            self.layers.append({
                "qkv": linear(f"{at}.qkv", hidden, 3 * hidden),
                "attention_output": linear(f"{at}.attention_output", hidden, hidden),
                "attention_norm": norm_of(f"{at}.attention_norm"),
                "intermediate": linear(f"{at}.intermediate", hidden, inner),
                "output": linear(f"{at}.output", inner, hidden),
                "output_norm": norm_of(f"{at}.output_norm"),
            })

    def states(self, ids):
        """Of the embeddings and every layer, for a sequence of one segment."""
        hidden, heads = self.config["hidden_size"], self.config["num_attention_heads"]
        width = hidden // heads
        rows = []
        for place, token in enumerate(ids):
            total = [sum(parts) for parts in zip(self.word[token], self.position[place], self.segment[0])]
            rows.append(norm(total, *self.embedding_norm, self.eps))
        states = [rows]
        for layer in self.layers:
            qkv = [apply(layer["qkv"], row) for row in rows]
            attended = [[] for _ in rows]
            for head in range(heads):
                q, k, v = ([row[part * hidden + head * width :][:width] for row in qkv] for part in range(3))
                for row, query in zip(attended, q):
                    weights = softmax([sum(map(float.__mul__, query, key)) / math.sqrt(width) for key in k])
                    row += [sum(w * value[at] for w, value in zip(weights, v)) for at in range(width)]
            next_rows = []
            for row, context in zip(rows, attended):
                total = [a + b for a, b in zip(row, apply(layer["attention_output"], context))]
                x = norm(total, *layer["attention_norm"], self.eps)
                inner = [v / 2 * (1 + math.erf(v / math.sqrt(2))) for v in apply(layer["intermediate"], x)]
                total = [a + b for a, b in zip(x, apply(layer["output"], inner))]
                next_rows.append(norm(total, *layer["output_norm"], self.eps))
            rows = next_rows
            states.append(rows)
        return states

    def vector(self, states):
        """Of the last states of a text."""
        hidden, spec = self.config["hidden_size"], self.vectors
        # What version 4 adds is not read here.
        assert spec["pooling"] == "mean" and set(spec) <= {"pooling", "max_tokens", "dense", "normalize"}
        assert len(states) <= spec["max_tokens"] <= self.config["max_position_embeddings"]
        vector = [sum(column) / len(states) for column in zip(*states)]
        if "dense" in spec:
            tensors = Tensors(self.files["vectors.safetensors"])
            (width,) = tensors.header["dense.bias"]["shape"]
            vector = apply(tensors.linear("dense", hidden, width), vector)
            vector = {"identity": lambda v: v, "tanh": lambda v: [math.tanh(x) for x in v]}[spec["dense"]](vector)
        if spec["normalize"]:
            length = math.sqrt(sum(v * v for v in vector))
            vector = [v / length for v in vector]
        return vector

    def probabilities(self, state):
        """Of all pieces at a masked place."""
        hidden, rows = self.config["hidden_size"], self.config["vocab_size"]
        assert set(self.fill) == {"norm_eps"}
        tensors = Tensors(self.files["fill.safetensors"])
        row = [v / 2 * (1 + math.erf(v / math.sqrt(2))) for v in apply(tensors.linear("dense", hidden, hidden), state)]
        scale, shift = (tensors.get(f"norm.{part}", (hidden,)) for part in ("scale", "shift"))
        row = norm(row, scale, shift, self.fill["norm_eps"])
        bias = tensors.get("bias", (rows,))
        return softmax([sum(map(float.__mul__, word, row)) + b for word, b in zip(self.word, bias)])

    def pieces(self, text):
        """Ids with [CLS] and [SEP], and words as ranges of bytes and of tokens."""
        ids, words, at = [self.vocab["[CLS]"]], [], 0
        while at < len(text):
            end = at + 1
            if text[at].isspace():
                at = end
                continue
            if text[at].isalnum():
                while end < len(text) and text[end].isalnum():
                    end += 1
            word = unicodedata.normalize("NFD", text[at:end].lower())
            first, start = len(ids), 0
            while start < len(word):
                ends = range(len(word), start, -1)
                found = [e for e in ends if ("##" if start else "") + word[start:e] in self.vocab]
                ids.append(self.vocab[("##" if start else "") + word[start : found[0]]])
                start = found[0]
            words.append(((at, end), range(first, len(ids))))
            at = end
        return ids + [self.vocab["[SEP]"]], words


class Head:
    def __init__(self, spec, tensors, bundle):
        assert spec.get("format_version", 1) in (1, 2, 3, 4)
        unknown = set(spec) - THIRD
        assert not unknown, unknown
        second = spec["kind"] in ("words", "places", "passage") or spec.get("pooling") == "pooler_tanh"
        third = spec["task"] == "assertion" or any(isinstance(spec.get(end), list) for end in ("first", "second"))
        third = third or spec.get("regression", False) or spec.get("crf", False)
        self.version = 3 if third else 2 if second or set(spec) - FIRST else 1
        if spec["task"] == "assertion":
            assert sorted(spec["labels"]) == ASSERTIONS and spec["kind"] == "token"
        else:
            assert "reads" not in spec
        assert spec.get("format_version", 1) == self.version
        self.spec, self.tensors, self.bundle = spec, tensors, bundle
        self.temperature = spec.get("calibration", 1.0)

    def logits(self, states):
        """Of the last states: rows of logits for the kinds of version 1 and for those with a pooler."""
        hidden, labels = self.bundle.config["hidden_size"], len(self.spec["labels"])
        rows = states[:1] if self.spec["kind"] == "cls" else states
        if self.spec.get("pooling") == "pooler_tanh":
            pooler = self.tensors.linear("pooler", hidden, hidden)
            rows = [[math.tanh(v) for v in apply(pooler, row)] for row in rows]
        classifier = self.tensors.linear("classifier", hidden, labels)
        return [[v / self.temperature for v in apply(classifier, row)] for row in rows]

    def classes(self, states):
        (logits,) = self.logits(states)
        if self.spec.get("regression"):
            return logits
        alone = self.spec.get("multi_label") or len(logits) == 1
        return [sigmoid(v) for v in logits] if alone else softmax(logits)

    def emissions(self, layers, words):
        """Of a head on words with an LSTM: its logits, not yet divided."""
        hidden, labels = self.bundle.config["hidden_size"], len(self.spec["labels"])
        (mix,) = self.tensors.matrix("mix", 1, len(layers))
        rows = []
        for _, tokens in words:
            mean = [[sum(states[t][at] for t in tokens) / len(tokens) for at in range(hidden)] for states in layers]
            rows.append([sum(w * layer[at] for w, layer in zip(mix, mean)) for at in range(hidden)])
        scale, shift = (self.tensors.get(f"norm.{part}", (hidden,)) for part in ("weight", "bias"))
        rows = [norm(row, scale, shift, 1e-5) for row in rows]
        forward = self.lstm(rows, "")
        backward = self.lstm(rows[::-1], "_reverse")[::-1]
        classifier = self.tensors.linear("classifier", 2 * len(forward[0]), labels)
        return [apply(classifier, a + b) for a, b in zip(forward, backward)]

    def lstm(self, rows, way):
        width = self.tensors.header[f"lstm.weight_hh_l0{way}"]["shape"][1]
        hidden = len(rows[0])
        input_ = self.tensors.matrix(f"lstm.weight_ih_l0{way}", 4 * width, hidden)
        bias = self.tensors.get(f"lstm.bias_ih_l0{way}", (4 * width,))
        recurrent = self.tensors.matrix(f"lstm.weight_hh_l0{way}", 4 * width, width), (0.0,) * (4 * width)
        h, c, out = [0.0] * width, [0.0] * width, []
        for row in rows:
            gates = [a + b for a, b in zip(apply((input_, bias), row), apply(recurrent, h))]
            i, f, g, o = (gates[part * width : (part + 1) * width] for part in range(4))
            c = [sigmoid(f[at]) * c[at] + sigmoid(i[at]) * math.tanh(g[at]) for at in range(width)]
            h = [sigmoid(o[at]) * math.tanh(c[at]) for at in range(width)]
            out.append(h)
        return out

    def entities(self, layers, words):
        """Places, kind and score by CRF, for labels B-KIND, I-KIND and O."""
        labels, emissions = self.spec["labels"], self.emissions(layers, words)
        count = range(len(labels))
        start = list(self.tensors.get("crf.start", (len(labels),)))
        steps = [list(row) for row in self.tensors.matrix("crf.transitions", len(labels), len(labels))]
        for to in count:
            if labels[to].startswith("I-") and "B" + labels[to][1:] in labels:
                start[to] = -1e4
                for before in count:
                    if labels[before][1:] != labels[to][1:]:
                        steps[before][to] = -1e4
        best = [(start[label] + emissions[0][label], [label]) for label in count]
        for row in emissions[1:]:
            ways = [max(((best[a][0] + steps[a][b] + row[b], -a) for a in count)) for b in count]
            best = [(score, best[-a][1] + [b]) for b, (score, a) in enumerate(ways)]
        path = max(best, key=lambda found: found[0])[1]
        probabilities = self.marginals(emissions, start, steps)
        found = []
        for index, label in enumerate(path):
            if labels[label] == "O":
                continue
            (first, last), score = words[index][0], probabilities[index][label]
            if labels[label].startswith("I-"):
                found[-1][1], found[-1][3] = last, found[-1][3] + [score]
            else:
                found.append([first, last, labels[label][2:], [score]])
        return [(a, b, kind, sum(scores) / len(scores)) for a, b, kind, scores in found]

    def marginals(self, emissions, start, steps):
        count, t = range(len(start)), self.temperature
        weight = lambda score: math.exp(score / t) if score > -1e4 else 0.0
        forward = [[weight(start[a]) * weight(emissions[0][a]) for a in count]]
        for row in emissions[1:]:
            before = forward[-1]
            forward.append([sum(before[a] * weight(steps[a][b]) for a in count) * weight(row[b]) for b in count])
        backward = [[1.0 for _ in count]]
        for row in emissions[:0:-1]:
            after = backward[0]
            backward.insert(0, [sum(weight(steps[a][b]) * weight(row[b]) * after[b] for b in count) for a in count])
        total = sum(forward[-1])
        return [[f * b / total for f, b in zip(*rows)] for rows in zip(forward, backward)]


def probe(bundle):
    """The largest and the mean difference of states, and the largest of logits from the probe's states."""
    tensors, hidden, number = Tensors(bundle.files["probe.safetensors"]), bundle.config["hidden_size"], 0
    drifts, logit_drift = [], 0.0
    while f"{number}.ids" in tensors:
        ids = tensors.get(f"{number}.ids")
        want = tensors.matrix(f"{number}.states", len(ids), hidden)
        got = bundle.states(ids)[-1]
        drifts += [abs(a - b) for rows in zip(got, want) for a, b in zip(*rows)]
        for name, head in bundle.heads.items():
            logits = head.logits([list(map(float, row)) for row in want])
            kept = tensors.get(f"{number}.logits.{name}", (len(logits), len(head.spec["labels"])))
            flat = [v for row in logits for v in row]
            logit_drift = max(logit_drift, *(abs(a - b) for a, b in zip(flat, kept)))
        number += 1
    assert number == 4
    return max(drifts), sum(drifts) / len(drifts), logit_drift


def answers(bundle):
    """What the library's answers to the note should be, line by line as tests/format.rs keeps them."""
    ids, words = bundle.pieces(NOTE)
    layers = bundle.states(ids)
    lines = []
    for name, head in bundle.heads.items():
        if head.spec["task"] == "classify":
            classes = zip(head.spec["labels"], head.classes(layers[-1]))
            lines += [(f"{name} {label}", p) for label, p in sorted(classes, key=lambda found: -found[1])]
    directory = GOLDEN / "head-v2"
    spec = json.loads((directory / "head.json").read_text())
    drug = Head(spec, Tensors((directory / "head.safetensors").read_bytes()), bundle)
    return lines + [(f"{a}..{b} {kind}", score) for a, b, kind, score in drug.entities(layers, words)]


def main():
    bundles = {}
    for version in (1, 2, 3):
        bundles[version] = bundle = Bundle(GOLDEN / f"bundle-v{version}")
        assert bundle.version == version
        largest, mean, logits = probe(bundle)
        print(f"version {version}: states within {largest:.4f}, {mean:.4f} on average; logits within {logits:.6f}")
        assert largest < 0.2 and mean < 0.02 and logits < 1e-4
    kept = [line.rsplit(" ", 1) for line in (GOLDEN / "bundle-v2.txt").read_text().splitlines()]
    want = [(name, struct.unpack(">f", bytes.fromhex(bits))[0]) for name, bits in kept]
    got = answers(bundles[2])
    assert [name for name, _ in got] == [name for name, _ in want], (got, want)
    drift = max(abs(a - b) for (_, a), (_, b) in zip(got, want))
    print(f"{len(got)} classes and entities of a note: the same, scores within {drift:.7f}")
    assert drift < 1e-4

    kept = [line.split() for line in (GOLDEN / "bundle-v3.txt").read_text().splitlines()]
    want = [struct.unpack(">f", bytes.fromhex(bits))[0] for _, bits in kept]
    third = bundles[3]
    got = third.vector(third.states(third.pieces(NOTE)[0])[-1])
    drift = max(abs(a - b) for a, b in zip(got, want, strict=True))
    print(f"a vector of a note: within {drift:.7f}")
    assert drift < 1e-4 and third.default_heads == ["disease", "induces"]

    kept = [line.split() for line in (GOLDEN / "bundle-v4-fill.txt").read_text().splitlines()]
    want = [(int(number), struct.unpack(">f", bytes.fromhex(bits))[0]) for number, bits in kept]
    fourth = Bundle(GOLDEN / "bundle-v4-fill")
    assert fourth.version == 4
    print("version 4: states within {:.4f}, {:.4f} on average".format(*probe(fourth)[:2]))
    before, after = (fourth.pieces(part)[0] for part in ("Patient with ", " started insulin."))
    ids = before[:-1] + [fourth.vocab["[MASK]"]] + after[1:]
    found = fourth.probabilities(fourth.states(ids)[-1][len(before) - 1])
    best = sorted(range(len(found)), key=lambda number: -found[number])[: len(want)]
    drift = max(abs(found[number] - score) for number, score in want)
    print(f"{len(want)} pieces for a mask: the same, probabilities within {drift:.7f}")
    assert best == [number for number, _ in want] and drift < 1e-4


if __name__ == "__main__":
    sys.exit(main())

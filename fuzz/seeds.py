#!/usr/bin/env python3
"""Writes the seeds of the fuzz targets: small files that are right, for the fuzzer to make wrong.

Python's standard library is enough. Every number comes from one random seed; another run writes the
same bytes."""
import collections
import io
import json
import pickle
import random
import struct
import sys
import types
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
GOLDEN = HERE.parent / "tests/golden/bundle-v1"
HIDDEN, INNER, VOCAB, POSITIONS = 8, 16, 24, 16
chance = random.Random(1)


def put(name, data, choice=""):
    path = HERE / "seeds" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(choice.encode() + (data.encode() if isinstance(data, str) else data))


def tensor(*shape):
    count = 1
    for side in shape:
        count *= side
    return shape, struct.pack(f"<{count}f", *(chance.gauss(0, 0.3) for _ in range(count)))


def bert():
    """The state dict of a BertForTokenClassification with one layer."""
    tensors = {}

    def linear(name, k, n):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = tensor(n, k), tensor(n)

    def norm(name):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = tensor(HIDDEN), tensor(HIDDEN)

    for table, rows in [("word", VOCAB), ("position", POSITIONS), ("token_type", 2)]:
        tensors[f"bert.embeddings.{table}_embeddings.weight"] = tensor(rows, HIDDEN)
    norm("bert.embeddings.LayerNorm")
    layer = "bert.encoder.layer.0"
    for part in ["query", "key", "value"]:
        linear(f"{layer}.attention.self.{part}", HIDDEN, HIDDEN)
    linear(f"{layer}.attention.output.dense", HIDDEN, HIDDEN)
    norm(f"{layer}.attention.output.LayerNorm")
    linear(f"{layer}.intermediate.dense", HIDDEN, INNER)
    linear(f"{layer}.output.dense", INNER, HIDDEN)
    norm(f"{layer}.output.LayerNorm")
    linear("classifier", HIDDEN, 3)
    return tensors


def safetensors(tensors):
    header, data = {}, b""
    for name, (shape, values) in tensors.items():
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + data


def header(path):
    data = path.read_bytes()
    return data[8 : 8 + struct.unpack("<Q", data[:8])[0]]


VOCABULARY = "[PAD] [UNK] [CLS] [SEP] patient with fever started aspirin ; no rash . ##s a b c d e f g h i j".split()


def checkpoint():
    labels = {"0": "B", "1": "I", "2": "O"}
    config = {
        "architectures": ["BertForTokenClassification"], "model_type": "bert", "hidden_act": "gelu",
        "hidden_size": HIDDEN, "intermediate_size": INNER, "num_hidden_layers": 1, "num_attention_heads": 2,
        "vocab_size": VOCAB, "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
        "layer_norm_eps": 1e-12, "id2label": labels,
    }
    put("checkpoint/0-weights", safetensors(bert()), "0")
    put("checkpoint/1-config", json.dumps(config), "1")
    put("checkpoint/2-vocab", "\n".join(VOCABULARY) + "\n", "2")
    tokenizer = {
        "added_tokens": [{"id": 2, "content": "[CLS]", "special": True}],
        "normalizer": {"type": "BertNormalizer", "lowercase": True, "strip_accents": None},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": {p: i for i, p in enumerate(VOCABULARY)}},
    }
    put("checkpoint/3-tokenizer", json.dumps(tokenizer), "3")
    bpe = {"model": {"type": "BPE", "vocab": {"<s>": 0, "</s>": 1, "<unk>": 2, "a": 3, "b": 4, "ab": 5}, "merges": ["a b"]}}
    put("checkpoint/3-tokenizer-bpe", json.dumps(bpe), "3")
    put("checkpoint/4-settings", json.dumps({"do_lower_case": True, "strip_accents": None}), "4")


def adapters():
    prefix = "base_model.model."
    query = f"{prefix}bert.encoder.layer.0.attention.self.query"
    tensors = {
        f"{query}.lora_A.weight": tensor(2, HIDDEN), f"{query}.lora_B.weight": tensor(HIDDEN, 2),
        f"{prefix}bert.embeddings.word_embeddings.lora_embedding_A": tensor(2, VOCAB),
        f"{prefix}bert.embeddings.word_embeddings.lora_embedding_B": tensor(HIDDEN, 2),
        f"{prefix}classifier.weight": tensor(3, HIDDEN), f"{prefix}classifier.bias": tensor(3),
    }
    config = {
        "peft_type": "LORA", "task_type": "TOKEN_CLS", "r": 2, "lora_alpha": 6, "use_rslora": False, "bias": "none",
        "base_model_name_or_path": None, "target_modules": ["query", "word_embeddings"],
        "modules_to_save": ["classifier", "score"], "alpha_pattern": {"layer.0.attention.self.query": 3}, "rank_pattern": {},
        "use_dora": False, "init_lora_weights": True, "lora_bias": False, "lora_dropout": 0.1,
    }
    put("adapter/0-weights", safetensors(tensors), "0")
    put("adapter/1-config", json.dumps(config), "1")
    dora = {key: value for key, value in tensors.items() if "embedding" not in key}
    dora[f"{query}.lora_magnitude_vector"] = tensor(HIDDEN)
    put("adapter/2-dora", safetensors(dora), "2")


def shards():
    tensors = list(bert().items())
    half = len(tensors) // 2
    files = {f"model-0000{part + 1}-of-00002.safetensors": dict(tensors[part * half :][: half + part]) for part in (0, 1)}
    names = {tensor: file for file, own in files.items() for tensor in own}
    put("shards/0-index", json.dumps({"metadata": {"total_size": 1}, "weight_map": names}), "0")
    for number, own in enumerate(files.values(), 1):
        put(f"shards/{number}-weights", safetensors(own), str(number))


def tensorflow():
    """The index of a fixture: as it is, and the block in it that says where tensors lie."""
    index = (HERE.parent / "tests/fixtures/bert-tensorflow-token/model.ckpt-3.index").read_bytes()
    put("tensorflow/0-index", index, "0")
    # Entries come first; after them stands the compression, a checksum, and then the next block.
    footer = index[-48:]

    def number(data, at):
        value = shift = 0
        while True:
            value |= (data[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if data[at - 1] < 0x80:
                return value, at

    meta, _ = number(footer, 0)
    put("tensorflow/1-block", index[: meta - 5], "1")


def pickles():
    """torch's two forms, without torch: its names stand in for what they name."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")

    class FloatStorage:
        pass

    def _rebuild_tensor_v2(*_):
        raise NotImplementedError

    FloatStorage.__module__ = "torch"
    FloatStorage.__qualname__ = "FloatStorage"
    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    torch.FloatStorage, utils._rebuild_tensor_v2 = FloatStorage, _rebuild_tensor_v2
    sys.modules["torch"], sys.modules["torch._utils"] = torch, utils

    class Stored:
        def __init__(self, key, count):
            self.key, self.count = key, count

    class Tensor:
        def __init__(self, key, shape, count):
            self.stored, self.shape = Stored(key, count), shape

        def __reduce__(self):
            strides, step = [], 1
            for side in reversed(self.shape):
                strides.insert(0, step)
                step *= side
            arguments = (self.stored, 0, tuple(self.shape), tuple(strides), False, collections.OrderedDict())
            return _rebuild_tensor_v2, arguments

    def dump(value, legacy):
        out = io.BytesIO()

        def persistent(found):
            if isinstance(found, Stored):
                key = ("storage", FloatStorage, found.key, "cpu", found.count)
                return key + (None,) if legacy else key

        class P(pickle.Pickler):
            def persistent_id(self, found):
                return persistent(found)

        out = io.BytesIO()
        P(out, protocol=2).dump(value)
        return out.getvalue()

    tensors = bert()
    state = collections.OrderedDict(
        (name, Tensor(str(key), shape, len(values) // 4)) for key, (name, (shape, values)) in enumerate(tensors.items())
    )
    keys = [str(key) for key in range(len(tensors))]
    legacy = b"".join(
        dump(part, True)
        for part in [
            0x1950A86A20F9469CFC6C,
            1001,
            {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}},
            state,
            keys,
        ]
    )
    for _, values in tensors.values():
        legacy += struct.pack("<Q", len(values) // 4) + values
    put("pickle/legacy", legacy)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        def add(name, data):
            zipped.writestr(zipfile.ZipInfo(f"model/{name}", (1980, 1, 1, 0, 0, 0)), data)

        add("data.pkl", dump(state, False))
        add("byteorder", "little")
        for key, (_, values) in enumerate(tensors.values()):
            add(f"data/{key}", values)
        add("version", "3\n")
    put("pickle/zip", archive.getvalue())
    # Zero is a checksum that was not computed: so the fuzzer gets past it.
    data = bytearray(archive.getvalue())
    for mark, at in [(b"PK\3\4", 14), (b"PK\1\2", 16)]:
        place = data.find(mark)
        while place >= 0:
            data[place + at : place + at + 4] = bytes(4)
            place = data.find(mark, place + 1)
    put("pickle/zip-unchecked", bytes(data))
    put("pickle/object", dump({"a": [1, 2.5, "b", None, True, (3, {"c": b"d"})]}, False))


def onnx():
    """A graph of a few nodes, in protobuf's wire form."""

    def number(field, value):
        return varint(field << 3) + varint(value)

    def varint(value):
        out = b""
        while value > 127:
            out += bytes([value & 127 | 128])
            value >>= 7
        return out + bytes([value])

    def message(field, *parts):
        data = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
        return varint(field << 3 | 2) + varint(len(data)) + data

    def weights(name, shape):
        dims = b"".join(number(1, side) for side in shape)
        return message(5, dims, number(2, 1), message(8, name), message(9, tensor(*shape)[1]))

    def value(field, name, kind, *last):
        sides = [message(1, message(2, side)) for side in ["batch", "sequence"]]
        sides += [message(1, number(1, side)) for side in last]
        return message(field, message(1, name), message(2, message(1, number(1, kind), message(2, *sides))))

    def node(kind, inputs, output, *attributes):
        names = b"".join(message(1, name) for name in inputs)
        return message(1, names, message(2, output), message(3, output), message(4, kind), *attributes)

    def model(*nodes):
        graph = [
            *nodes,
            message(2, "graph"),
            weights("words", (VOCAB, HIDDEN)),
            weights("weight", (HIDDEN, 3)),
            weights("bias", (3,)),
            value(11, "input_ids", 7),
            value(11, "attention_mask", 7),
            value(12, "logits", 1, 3),
        ]
        return number(1, 8) + message(7, *graph) + message(8, message(1, ""), number(2, 13))

    axis = message(5, message(1, "axis"), number(3, 0), number(20, 2))
    gather = node("Gather", ["words", "input_ids"], "states", axis)
    product = node("MatMul", ["states", "weight"], "product")
    put("onnx/linear", model(gather, product, node("Add", ["product", "bias"], "logits")))
    put(
        "onnx/longer",
        model(
            gather,
            product,
            node("Add", ["product", "bias"], "sum"),
            node("Softmax", ["sum"], "soft", message(5, message(1, "axis"), number(3, 2), number(20, 2))),
            node("Tanh", ["soft"], "tanh"),
            node("Identity", ["tanh"], "logits"),
        ),
    )


def bundle():
    files = ["MANIFEST.json", "config.json", "vocab.txt", "tokenizer_config.json", "encoder.safetensors"]
    files += ["probe.safetensors", "heads/disease.json", "heads/induces.json", "heads/disease.safetensors"]
    for index, name in enumerate(files):
        path = GOLDEN / name
        data = header(path) if name.endswith(".safetensors") else path.read_bytes()
        put(f"bundle/{index}-{name.replace('/', '-')}", data, str(index))
    hidden, width = 32, 2
    spec = {"task": "ner", "kind": "words", "labels": ["B-Drug", "I-Drug", "O"], "max_tokens": 64, "calibration": 1.5}
    tensors = {"mix": tensor(1, 3), "norm.weight": tensor(hidden), "norm.bias": tensor(hidden)}
    for way in ["", "_reverse"]:
        tensors[f"lstm.weight_ih_l0{way}"] = tensor(4 * width, hidden)
        tensors[f"lstm.bias_ih_l0{way}"] = tensor(4 * width)
        tensors[f"lstm.weight_hh_l0{way}"] = tensor(4 * width, width)
    tensors |= {"crf.transitions": tensor(3, 3), "crf.start": tensor(3)}
    tensors |= {"classifier.weight": tensor(3, 2 * width), "classifier.bias": tensor(3)}
    put("bundle/9-head", json.dumps(spec), "9")
    put("bundle/A-head", safetensors(tensors), ":")


def texts():
    note = "Mrs. Lee, 64 y/o, took aspirin 5 mg b.i.d. for fever.\r\n\r\nPLAN:\n- no rash; café, naïve 🤒.\n"
    for way in range(12):
        kind = note.encode("utf-16-le") if way % 2 else note.encode()
        put(f"text/note-{way:02}", kind, chr(ord("0") + way))
    put("text/invalid", b"fever \xff\xc3(\xed\xa0\x80 rash", "0")
    put("text/surrogate", "fever ".encode("utf-16-le") + b"\x00\xd8" + "rash".encode("utf-16-le"), "1")
    put("text/long", "patient with fever " * 9, "4")
    put("text/marks", "e\u0301\u200d\u00ad\ufeff[MASK] [CLS] ##ing \x00 end", "0")


def formats():
    """The formats of documents: as their tools write them, and as this library does."""
    title, body = "Rash of \U0001F600", "No fever & pain."
    put("pubtator/plain", f"7|t|{title}\n7|a|{body}\n7\t0\t4\tRash\tDisease\tMESH:D5|OMIM:2\n"
        "7\t13\t18\tfever\tDisease\t-1\n7\tCID\tD1\tD5\tNone\n\n8|t|x\n8|a|\n\n")
    assertion = {"assertion": "absent", "assertion_category": "denied", "assertion_score": "0.5", "cue": "No",
        "cue_offset": "10", "cue_length": "2", "score": "0.25", "head": "typed", "expansion": "x"}
    attributes = [{"kind": "value", "start": 13, "end": 18, "low": "1.5", "comparator": "<", "step": 1, "parsed": True}]
    links = [{"system": "MESH", "candidates": [{"code": "D5", "name": "Fever", "score": 0.5, "reason": "case"}]},
        {"system": "OMIM", "candidates": [], "abstention": "nothing"}]
    infons = {"type": "Disease", **assertion, "section": "history", "attributes": json.dumps(attributes), "links": json.dumps(links)}
    sections = [{"name": "history", "start": 10, "end": 26, "title_start": 10, "title_end": 12}]
    document = {"id": "7", "infons": {"model": "m", "model_version": "1", "sections": json.dumps(sections)}, "passages": [
        {"infons": {"type": "title"}, "offset": 0, "text": title, "annotations": [
            {"id": "1", "infons": {"type": "Disease", "identifier": "MESH:D5"}, "text": "Rash",
             "locations": [{"offset": 0, "length": 4}]}]},
        {"infons": {"type": "abstract"}, "offset": 10, "text": body, "annotations": [
            {"id": "2", "infons": infons, "text": "fever", "locations": [{"offset": 13, "length": 5}]},
            {"id": "3", "infons": {"type": "x"}, "text": "No pain",
             "locations": [{"offset": 10, "length": 2}, {"offset": 21, "length": 4}]}]}],
        "relations": [
            {"id": "R0", "infons": {"type": "same", "score": "0.5"}, "nodes": [
                {"refid": "1", "role": "first"}, {"refid": "2", "role": "second"}]},
            {"id": "R1", "infons": {"relation": "CID", "Chemical": "D1", "Disease": "D5"}, "nodes": []}]}
    put("bioc_json/collection", json.dumps({"source": "", "infons": {}, "documents": [document, {"id": 8, "passages": []}]}, ensure_ascii=False))
    put("bioc_json/lines", json.dumps(document) + "\n" + json.dumps({"passages": []}) + "\n")
    put("bioc_json/list", json.dumps({"PubTator3": [document]}))

    def element(name, inner, **attributes):
        return f"<{name}" + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()) + f">{inner}</{name}>"

    def keys(infons):
        return "".join(element("infon", escape(value), key=key) for key, value in infons.items())

    def annotation(own):
        places = "".join(f"<location offset='{place['offset']}' length='{place['length']}'/>" for place in own["locations"])
        return element("annotation", keys(own["infons"]) + places + element("text", escape(own["text"])), id=own["id"])

    def passage(own):
        inner = element("offset", own["offset"]) + element("text", escape(own["text"]))
        return element("passage", keys(own["infons"]) + inner + "".join(map(annotation, own["annotations"])))

    def relation(own):
        nodes = "".join(f"<node refid='{node['refid']}' role='{node['role']}'/>" for node in own["nodes"])
        return element("relation", keys(own["infons"]) + nodes, id=own["id"])

    inner = element("id", "7") + keys(document["infons"]) + "".join(map(passage, document["passages"]))
    xml = element("document", inner + "".join(map(relation, document["relations"])))
    head = '<?xml version="1.0"?>\n<!DOCTYPE collection SYSTEM "BioC.dtd">\n<!-- x -->'
    put("bioc_xml/collection", f"{head}<collection><source/>{xml}<document><id>8</id></document></collection>")
    sentence = "<sentence><offset>0</offset><text><![CDATA[No]]> f&#101;ver&gt;</text></sentence>"
    put("bioc_xml/sentences", element("document", element("passage", f"<offset>0</offset>{sentence}")))
    put("brat/pair", f"{title}\r\n{body}\0T1\tDisease 0 4\tRash\nT2\tDisease 14 19\tfever\nA1\tAssertion T2 absent\n"
        "A2\tAssertionCategory T2 denied\n#1\tAnnotatorNotes T1\tMESH:D5\nN1\tReference T2 MESH:D5\tFever\n"
        "T3\tx 11 13;22 26\tNo pain\nR1\tsame Arg1:T1 Arg2:T2\nA3\tAssertion R1 possible\nE1\tx:T1\n")


def plain():
    """JSON lines, tables and words: as this library writes them."""
    put("jsonl/line", json.dumps(LINE, ensure_ascii=False) + "\n")
    entity = {"start": 0, "end": 1, "text": "a", "label": "X", "score": 0.5, "head": "x"}
    relation = {"first": entity, "second": {**entity, "start": 2, "end": 3, "text": "b"}, "label": "y", "text": "ys", "score": 1, "head": "z"}
    put("jsonl/re", json.dumps({"doc": 0, "id": 7, "text": "a b", "entities": [entity], "relations": [relation]}) + '\n{"text":""}\n')
    head = "doc,id,fact,number,of,first,second,start,end,text,label,score,head,assertion,category,cue_start,cue_end,section,system,code,name,reason,abstention\r\n"
    rows = ['0,n1,document,,,,,,,"FH: ""fever""\r\n5 mg",,,,,,,,,,,,,', "0,n1,section,3,,,,0,17,FH,family_history,,,,,,,,LOINC,10157-6,,,",
        "0,n1,entity,2,,,,5,10,fever,Problem,0.5,clinical,other-person,family,0,2,3,,,,,", "0,n1,attribute,,2,,,13,17,5 mg,dose,,,,,,,,,,,,",
        "0,n1,code,0,2,,,,,,,1,,,,,,,MESH,D5,Fever,case,", "0,n1,code,1,2,,,,,,,,,,,,,,OMIM,,,,nothing", "0,n1,relation,,,2,2,,,,x,,,absent,,,,,,,,,",
        "0,n1,code_relation,,,D1,D5,,,,CID,,,,,,,,,,,,", "1,,document" + "," * 20]
    put("csv/table", head + "\r\n".join(rows) + "\r\n")
    put("words/sentences", "# doc_id = n1\nNo\tO\nleft\tB-Part\nknee\tI-Part\n\nIL\tS-X\n-\tO\n")


# Every key that a line may have.
LINE = json.loads(r'''{"doc":0,"id":"n1","text":"FH: 😀 fever 5 mg IL-2","sections":[{"start":0,"end":21,"title":"FH","name":"family_history","loinc":"10157-6","parent":null}],"entities":[{"start":6,"end":11,"text":"fever","label":"Problem","score":0.9971,"head":"clinical","also":[{"label":"Disease","head":"disease","score":0.5}],"section":0,"assertion":{"value":"other-person","category":"family","score":1.0,"cue":{"start":0,"end":2}},"expansion":"x","attributes":[{"kind":"dose","start":12,"end":16,"text":"5 mg","low":5.0,"high":5.0,"comparator":"<=","unit":"mg","step":1,"parsed":true}],"codes":[{"system":"MESH","code":"D005334","name":"Fever","score":1.0,"reason":"case","abstention":null,"candidates":[{"code":"D005334","name":"Fever","score":1.0,"reason":"case"},{"code":"D2","name":null,"score":null,"reason":null}]},{"system":"ICD10CM","code":null,"name":null,"score":null,"reason":null,"abstention":"nothing","candidates":[]}],"pieces":[{"start":6,"end":8},{"start":9,"end":11}],"id":"T1"},{"start":17,"end":21,"text":"IL-2","label":"Drug","score":null,"head":null,"also":[],"section":null,"assertion":null,"expansion":null,"attributes":[]}],"relations":[{"first":0,"second":1,"label":"treats","score":0.25,"assertion":"absent","head":"effect"}],"truncated":true,"passages":[{"start":0,"end":21,"kind":"abstract"}],"code_relations":[{"first":"D1","second":"D2","label":"CID","score":null}],"label":"x","second":"y","words":[{"start":0,"end":2}],"provenance":{"model":"m","hash":null,"version":"0.1.0"}}''')


def annotated():
    ner, re, qa, classify = "0123"
    rash = {"text": "Rash again.", "id": 7}
    place = {"start": 0, "end": 4, "label": "Sign"}
    triple = [0, 4, "Sign"]
    result = {"id": "a", "type": "labels", "value": {"start": 0, "end": 4, "text": "Rash", "labels": ["Sign"]}}
    answer = {"text": "Rash", "answer_start": 0}
    paragraph = {"context": "Rash again.", "qas": [{"question": "What?", "answers": [answer]}]}
    ends = {"first": {"start": 0, "end": 4}, "second": {"start": 5, "end": 10}}
    files = [
        ("words", ner, "Pain\tO\nin\tO\nthe\tO\nleft\tB-Anatomy\nknee\tI-Anatomy\n.\tO\n\nNo\tO\nrash\tB-Sign\n"),
        ("relations", re, "text\tlabel\n@DRUG$ led to @DISEASE$ .\t1\n@DISEASE$ came before @DRUG$ .\t0\n"),
        ("classes", classify, "index\tsentence\tlabel\n0\tRash after aspirin.\tyes\n1\tNo rash.\tno\n"),
        ("label-first", classify, "label\tsentence\nyes\tRash after aspirin.\nno\tNo rash.\n"),
        ("yes-no", qa, "Is there a rash?\tNo rash was seen.\tno\n"),
        ("factoid", qa, {"question": "What?", "contexts": ["A rash."], "gold": ["rash"]}),
        ("squad", qa, {"data": [{"paragraphs": [paragraph]}]}),
        ("answer", qa, {"question": "What?", "passage": "Rash again.", "answer": {"start": 0, "end": 4}}),
        ("entities", ner, rash | {"entities": [place]}),
        ("pair", re, rash | ends | {"label": "x"}),
        ("pairs", re, rash | {"relations": [ends | {"label": "x"}]}),
        ("doccano", ner, rash | {"label": [triple]}),
        ("prodigy", ner, rash | {"spans": [place], "answer": "accept"}),
        ("label-studio", ner, [{"data": rash, "annotations": [{"result": [result]}]}]),
        ("spacy", ner, [["Rash again.", {"entities": [triple]}]]),
        ("hugging-face", ner, {"tokens": ["Rash", "again"], "ner_tags": ["B-Sign", "O"]}),
    ]
    for name, choice, text in files:
        text = text if isinstance(text, str) else json.dumps(text) + "\n"
        put(f"annotated/{name}", text, choice)


def markups():
    entities = "R&#97;sh &amp; fever &ge; 38&nbsp;&deg;C; &beta;-blocker, na\u00efve &#x1F600; &nGt; &nope; &#150;"
    message = r"No fever\.br\\H\Chest pain\N\ H\T\P \X0D0A\na\XEF\ve\.sp3\ \Z01\ \E\ \C2842\ \x\ end"
    for way in range(12):
        text = entities if way % 4 < 2 else message
        kind = text.encode("utf-16-le") if way % 2 else text.encode()
        put(f"markup/note-{way:02}", kind, chr(ord("0") + way))
    put("markup/invalid", b"\xff&beta;\xe2\x82&amp\xff;&lt;", "0")
    segments = [
        "MSH|^~\\&|LAB|WARD|||202601021200||ORU^R01|M1|P|2.5||||||8859/1",
        "OBR|1||F9^LAB|NOTE",
        r"OBX|2|FT|NOTE||No fever\.br\Chest pain~H\T\P||||||F",
        r"OBX|1|TX|NOTE||naïve\X0D\end||||||F",
    ]
    put("markup/messages", "\r".join(segments * 2).encode("latin-1"), "<")
    put("markup/lines", "BHS|^~\\&\n" + "\r\n".join(segments[:3]).replace("8859/1", ""), "<")


def terms():
    """Terminologies: the files of the tests, and a table. Even choices have no options, odd ones have."""
    files = ROOT / "tests/fixtures/terms"
    read = lambda *names: b"\x1e".join((files / name).read_bytes() for name in names)
    sct = read("sct2_Concept_Snapshot_INT_20260101.txt", "sct2_Description_Snapshot-en_INT_20260101.txt")
    omop = read("CONCEPT.csv", "CONCEPT_SYNONYM.csv")
    # Codes of one vocabulary.
    snomed = b"".join(line for line in omop.splitlines(True) if b"ICD10CM" not in line)
    seeds = [
        ("tsv", 1, b"Z1\tZorblat fever\tzorb|hot zorb\nZ2\tLump\t\n"),
        ("obo", 2, read("zz.obo")),
        ("rxnorm", 3, read("RXNCONSO.RRF")),
        ("umls", 4, read("MRCONSO.RRF")),
        ("snomed", 5, sct),
        ("mesh-xml", 6, read("desc2026.xml")),
        ("mesh-xml-supp", 6, read("supp2026.xml")),
        ("mesh-ascii", 7, read("d2026.bin")),
        ("icd10cm", 8, read("icd10cm-tabular-2026.xml")),
        ("omop", 9, snomed),
    ]
    for name, format, data in seeds:
        put(f"terms_source/{name}", data, chr(ord("0") + 2 * format))
        put(f"terms_source/{name}-guessed", data, "0")
    for name in ("tiny", "learned"):
        put(f"terms/{name}", read(f"{name}.terms"), "0")
        put(f"terms/{name}-sealed", read(f"{name}.terms"), "1")
    put("vectors/tiny", read("tiny.vectors"), "0")
    put("vectors/tiny-sealed", read("tiny.vectors"), "1")
    put("terms_source/obo-all", read("zz.obo"), chr(ord("0") + 2 * 2 + 1))
    put("terms_source/rxnorm-codes", read("RXNCONSO.RRF"), chr(ord("0") + 2 * 3 + 1))


checkpoint()
pickles()
annotated()
terms()
formats()
plain()
onnx()
bundle()
texts()
adapters()
shards()
tensorflow()
markups()

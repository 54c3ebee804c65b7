"""Times a ModernBERT and a Longformer of base shape on long texts beside PyTorch and ONNX Runtime.

    python3 benches/long.py [--biobert target/release/biobert] [--rounds N]

Needs torch, transformers, onnx, onnxscript and onnxruntime. The weights are random
(tests/fixtures/make_families.py); one thread everywhere, the engines in turn, medians of the rounds.
torch exports no Longformer, so that PyTorch is its only peer.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import onnxruntime
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic

ROOT = Path(__file__).resolve().parent.parent
CASES = [("modernbert", 2048), ("longformer", 4096)]
warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()


class States(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


def ours(tool, bundle, tokens):
    command = [tool, "bench", "--model", bundle, "--batch", "1", "--seq", str(tokens)]
    line = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return json.loads(line.splitlines()[-1])["median_ms"]


def timed(call):
    call()
    start = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - start)


def peers(family, checkpoint, folder, tokens):
    """Each peer's name and a call that reads the sequence."""
    model = transformers.AutoModel.from_pretrained(checkpoint).eval()
    ids = torch.randint(5, 50_000, (1, tokens))
    mask = torch.ones_like(ids)

    def pytorch():
        with torch.inference_mode():
            model(input_ids=ids, attention_mask=mask)

    yield "PyTorch f32", pytorch
    if family == "longformer":
        return
    graph, small = folder / "model.onnx", folder / "model-int8.onnx"
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        States(model), (ids, mask), graph, input_names=names, dynamo=True, external_data=False, verbose=False
    )
    quantize_dynamic(graph, small, per_channel=True, weight_type=QuantType.QInt8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    inputs = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
    for name, path in [("ONNX Runtime f32", graph), ("ONNX Runtime int8", small)]:
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        yield name, lambda session=session: session.run(None, inputs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--biobert", default=ROOT / "target/release/biobert")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    for family, tokens in CASES:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            make = [sys.executable, ROOT / "tests/fixtures/make_families.py", "--real", folder, family]
            subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
            bundle = folder / "bundle"
            subprocess.run(
                [arguments.biobert, "convert", folder / family, bundle], check=True, stdout=subprocess.DEVNULL
            )
            all_peers = list(peers(family, folder / family, folder, tokens))
            times = {name: [] for name, _ in all_peers}
            own = []
            for _ in range(arguments.rounds):
                own.append(ours(arguments.biobert, bundle, tokens))
                for name, call in all_peers:
                    times[name].append(timed(call))
            median = statistics.median(own)
            print(f"{family}, 1 x {tokens}: biobert int8 {median:.0f} ms")
            for name, found in times.items():
                other = statistics.median(found)
                print(f"    {name}: {other:.0f} ms, ratio {median / other:.2f}", flush=True)


if __name__ == "__main__":
    main()

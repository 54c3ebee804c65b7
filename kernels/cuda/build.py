#!/usr/bin/env python3
"""Compiles the kernels to built/: a cubin for each architecture, and PTX for those that come later.

Needs no GPU and no toolkit: scripts/cuda.sh runs it with NVRTC from PyPI.
"""
import ctypes
import hashlib
import pathlib
import sys
import zlib

HERE = pathlib.Path(__file__).parent
ARCHITECTURES = ["75", "80", "86", "89", "90", "100", "120"]
# What newer processors without a cubin of their own get.
PTX = "80"
# The processor's bits: a product is rounded before it is added, nothing is flushed or approximate.
OPTIONS = ["--std=c++17", "--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true"]


def sources():
    return sorted([*HERE.glob("*.cu"), *HERE.glob("*.cuh")])


def compiler():
    import nvidia.cuda_nvrtc

    folder = pathlib.Path(nvidia.cuda_nvrtc.__path__[0]) / "lib"
    return ctypes.CDLL(next(folder.glob("libnvrtc.so.*")))


def compile_for(nvrtc, target):
    headers = [path for path in sources() if path.suffix == ".cuh"]
    text = lambda paths: (ctypes.c_char_p * len(paths))(*[p.read_bytes() for p in paths])
    names = (ctypes.c_char_p * len(headers))(*[p.name.encode() for p in headers])
    program = ctypes.c_void_p()
    code = (HERE / "kernels.cu").read_bytes()
    checked(nvrtc, nvrtc.nvrtcCreateProgram(
        ctypes.byref(program), code, b"kernels.cu", len(headers), text(headers), names))
    options = [option.encode() for option in OPTIONS + ["--gpu-architecture=" + target]]
    result = nvrtc.nvrtcCompileProgram(
        program, len(options), (ctypes.c_char_p * len(options))(*options))
    log = taken(nvrtc, program, "ProgramLog").rstrip(b"\0").decode().strip()
    if log:
        print(log, file=sys.stderr)
    checked(nvrtc, result)
    return taken(nvrtc, program, "CUBIN" if target.startswith("sm") else "PTX")


def taken(nvrtc, program, what):
    size = ctypes.c_size_t()
    checked(nvrtc, getattr(nvrtc, f"nvrtcGet{what}Size")(program, ctypes.byref(size)))
    buffer = ctypes.create_string_buffer(size.value)
    checked(nvrtc, getattr(nvrtc, f"nvrtcGet{what}")(program, buffer))
    return buffer.raw


def checked(nvrtc, result):
    if result != 0:
        nvrtc.nvrtcGetErrorString.restype = ctypes.c_char_p
        sys.exit(f"NVRTC: {nvrtc.nvrtcGetErrorString(result).decode()}")


def main():
    built = HERE / "built"
    built.mkdir(exist_ok=True)
    nvrtc = compiler()
    targets = {f"sm_{name}.cubin.z": f"sm_{name}" for name in ARCHITECTURES}
    targets["kernels.ptx.z"] = f"compute_{PTX}"
    for name, target in targets.items():
        (built / name).write_bytes(zlib.compress(compile_for(nvrtc, target), 9))
    major, minor = ctypes.c_int(), ctypes.c_int()
    checked(nvrtc, nvrtc.nvrtcVersion(ctypes.byref(major), ctypes.byref(minor)))
    files = [*sources(), *(built / name for name in sorted(targets))]
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(HERE)}" for p in files]
    (built / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    print(f"NVRTC {major.value}.{minor.value}: {', '.join(sorted(targets))}")


main()

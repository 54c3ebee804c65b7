#!/bin/sh
# Compiles the kernels of the GPU to kernels/cuda/built, for every architecture; needs no GPU and no
# toolkit. The compiler and the disassembler come from PyPI, into target.
set -eu
cd "$(dirname "$0")/.."
wanted="nvidia-cuda-nvrtc-cu12==12.9.86 nvidia-cuda-cuobjdump==13.5.37 nvidia-cuda-nvdisasm==13.5.37"

venv=target/cuda
if [ "$(cat $venv/wanted 2> /dev/null)" != "$wanted" ]; then
    rm -rf $venv
    python3 -m venv $venv
    # shellcheck disable=SC2086
    $venv/bin/pip install -q --disable-pip-version-check --only-binary :all: $wanted
    echo "$wanted" > $venv/wanted
fi
$venv/bin/python kernels/cuda/build.py
$venv/bin/python kernels/cuda/resources.py

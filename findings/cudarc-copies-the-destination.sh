#!/bin/sh
# Guess: cudarc's memcpy_dtoh(&source, &mut destination) copies the source, as its assertion `destination.len() >= source.len()` suggests.
# What happens: it copies as many elements as the destination has; a shorter view of the source changes nothing.
# Why it matters: reuse of a large host buffer reads device memory beyond the view, and every small copy costs a large one.
#
# cudarc 0.19.10. Needs cargo, a C compiler and crates.io; no GPU: a stand-in for the driver prints the size that it is asked for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > driver.c <<'C'
#include <stdio.h>
#include <stdlib.h>
static void *current;
int cuInit(unsigned f) { return 0; }
int cuDeviceGet(int *out, int n) { *out = 0; return 0; }
int cuDeviceGetAttribute(int *out, int which, int device) { *out = 0; return 0; }
int cuDevicePrimaryCtxRetain(void **out, int device) { *out = &current; return 0; }
int cuDevicePrimaryCtxRelease_v2(int device) { return 0; }
int cuCtxGetCurrent(void **out) { *out = current; return 0; }
int cuCtxSetCurrent(void *context) { current = context; return 0; }
int cuEventCreate(void **out, unsigned flags) { *out = &current; return 0; }
int cuEventDestroy_v2(void *event) { return 0; }
int cuEventRecord(void *event, void *stream) { return 0; }
int cuStreamWaitEvent(void *stream, void *event, unsigned flags) { return 0; }
int cuStreamSynchronize(void *stream) { return 0; }
int cuMemAlloc_v2(unsigned long long *out, size_t size) { *out = (unsigned long long)malloc(size); return 0; }
int cuMemFree_v2(unsigned long long pointer) { free((void *)pointer); return 0; }
int cuMemsetD8Async(unsigned long long to, unsigned char value, size_t size, void *stream) { return 0; }
int cuMemcpyDtoHAsync_v2(void *to, unsigned long long from, size_t size, void *stream) {
    printf("the driver is asked for %zu bytes\n", size);
    return 0;
}
C
cc -w -shared -fPIC driver.c -o libcuda.so.1

mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"
[dependencies]
cudarc = { version = "=0.19.10", default-features = false, features = ["std", "driver", "dynamic-loading", "cuda-12000"] }
TOML
cat > src/main.rs <<'RUST'
fn main() {
    let context = cudarc::driver::CudaContext::new(0).unwrap();
    let stream = context.default_stream();
    let there = stream.alloc_zeros::<u8>(1000).unwrap();
    let view = there.slice(..10);
    let mut here = vec![0_u8; 1000];
    println!("the view has {} bytes, the destination {}", view.len(), here.len());
    stream.memcpy_dtoh(&view, &mut here).unwrap();
}
RUST
cargo build --quiet
LD_LIBRARY_PATH=$folder ./target/debug/finding | tee output
grep -qx "the driver is asked for 1000 bytes" output
echo "cudarc 0.19.10: the destination's length was copied"

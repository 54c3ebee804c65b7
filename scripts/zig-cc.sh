#!/bin/sh
# A C compiler and linker for systems as old as glibc 2.28; scripts/dist.sh installs it in target/zig.
exec "$(dirname "$0")/../target/zig/bin/python" -m ziglang cc -target x86_64-linux-gnu.2.28 "$@"

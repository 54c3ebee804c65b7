#!/bin/sh
# Everything that is tested of the C# binding: the package is made and unpacked, and what lies in it is
# run by Mono and, where a .NET runtime can be had, by that: BIOBERT_DOTNET, the dotnet command, or .NET
# Core 3.1 from PyPI. Needs a release build of the library, and of Debian: mono-devel nunit-console
# libnunit-cil-dev python3-venv.
set -eu
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
out=$root/target/csharp/test
model=$root/models/bio-minilm
note=$root/examples/notes/discharge.txt
for command in mcs mono nunit-console xbuild python3; do
    command -v $command > /dev/null || { echo "C#: there is no $command" >&2; exit 1; }
done
nunit=$(ls /usr/lib/cli/nunit.framework-2*/nunit.framework.dll | tail -n 1)
rm -rf "$out"
mkdir -p "$out/unpacked" "$out/layout/net" "$out/alone"

package=$(sh package.sh "$out" "$root/target/release/libbiobert.so")
python3 -m zipfile -e "$package" "$out/unpacked"
cmp "$out/unpacked/LICENSE" "$root/LICENSE"
cmp "$out/unpacked/THIRD-PARTY.txt" "$root/packaging/THIRD-PARTY.txt"
cp "$out/unpacked/lib/netstandard2.0/Biobert.dll" "$nunit" /usr/lib/mono/4.5/System.Json.dll "$out"
ln -s ../../release/libbiobert.so "$out/libbiobert.so"
# What a C compiler makes of the header, for HeaderTests.
awk -f tests/header.awk "$root/include/biobert.h" > "$out/header.c"
cc -std=c99 -Wall -Wextra -Werror -I"$root/include" "$out/header.c" -o "$out/header"
"$out/header" > "$out/header.txt"

compile() { # name, sources and references
    name=$1
    shift
    mcs -nologo -langversion:7 -warnaserror -warn:4 -optimize -r:"$out/Biobert.dll" -out:"$out/$name" "$@"
}
compile Tests.dll -target:library -r:"$nunit" -r:System.Json tests/Repository.cs tests/WithModel.cs tests/Lessons.cs tests/*Tests.cs
compile RunTests.exe -r:"$nunit" -r:"$out/Tests.dll" tests/Run.cs
compile Conformance.exe -r:System.Json tests/Repository.cs tests/Conformance.cs
compile Soak.exe -r:System.Json tests/Repository.cs tests/Soak.cs
compile Call.exe "$root/benches/bindings/Call.cs"
compile Teach.exe "$root/examples/csharp/Teach.cs"
make -s -C "$root/examples/c"
"$root/examples/c/notes" "$model" > "$out/notes.txt"
"$root/examples/c/notes" "$model" "$note" > "$out/discharge.txt"

# An old-style project, as a program of .NET Framework or Mono has it: the example, built by xbuild.
cp tests/Notes.csproj.txt "$out/layout/Notes.csproj"
xbuild /nologo /v:q "/p:Example=$root/examples/csharp/Notes.cs;Package=$out/unpacked" "$out/layout/Notes.csproj" > "$out/xbuild.txt" || { cat "$out/xbuild.txt"; exit 1; }
[ -f "$out/layout/bin/libbiobert.so" ] || { echo "Biobert.targets does not bring the library"; exit 1; }
# What .NET makes of the package: the library in runtimes/, a .deps.json that says so.
cp "$out/layout/bin/Notes.exe" "$out/layout/bin/Biobert.dll" tests/Notes.deps.json "$out/layout/net"
mv "$out/unpacked/runtimes" "$out/layout/net"
cp "$out/layout/bin/Notes.exe" "$out/layout/bin/Biobert.dll" "$out/alone"

programs() { # name of the runtime, folder of the example, calls of the soak, runtime and its options
    name=$1 example=$2 calls=$3
    shift 3
    "$@" "$out/Conformance.exe"
    # Not through a pipe, which would lose the program's own exit status.
    "$@" "$example/Notes.exe" "$model" > "$out/example.txt"
    cmp "$out/example.txt" "$out/notes.txt"
    "$@" "$example/Notes.exe" "$model" "$note" > "$out/example.txt"
    cmp "$out/example.txt" "$out/discharge.txt"
    echo "example: the same as in C, with the library where the package puts it"
    "$@" "$out/Teach.exe" "$model" > "$out/teach.txt"
    cmp "$out/teach.txt" "$root/examples/teach.txt"
    echo "example that teaches: the same as in all languages"
    if "$@" "$out/alone/Notes.exe" "$model" > "$out/alone.txt" 2>&1; then
        echo "$name, without the library: SKIPPED: libbiobert is installed on this system" | tee -a "$root/target/skipped.txt"
    else
        grep -q "cannot be loaded. It was looked for in" "$out/alone.txt" || { cat "$out/alone.txt"; exit 1; }
        grep -q "$out/alone" "$out/alone.txt" || { cat "$out/alone.txt"; exit 1; }
        echo "without the library: the message lists where it was looked for"
    fi
    "$@" "$out/Call.exe" "$model" 10 > /dev/null
    "$@" "$out/Soak.exe" "$calls"
}

mono=$(mono --version | sed -n '1s/.*version \([0-9.]*\).*/\1/p')
echo "Mono $mono:"
(cd "$out" && nunit-console -nologo -noshadow -domain=None -nodots Tests.dll > nunit.txt 2>&1) || { cat "$out/nunit.txt"; exit 1; }
grep '^Tests run: [1-9]' "$out/nunit.txt"
programs "Mono $mono" "$out/layout/bin" 200000 mono

# .NET Core 3.1 is old, but it is .NET, and what PyPI has. Kept for the next time.
wheel=dotnetcore2-3.1.23-py3-none-manylinux1_x86_64.whl
sum=5f076ddc39da0c685e7de20ecb91ee81185928918ec86fbeb3bffc55dd867ab5
dotnet=${BIOBERT_DOTNET:-$(command -v dotnet || true)}
if [ -z "$dotnet" ]; then
    kept=$root/target/csharp/dotnet
    if [ ! -e "$kept/dotnetcore2/bin/dotnet" ]; then
        mkdir -p "$kept"
        if python3 -m pip download -q --disable-pip-version-check --no-deps --retries 1 --timeout 30 -d "$kept" dotnetcore2==3.1.23 2> "$kept/pip.txt" &&
            (cd "$kept" && echo "$sum  $wheel" | sha256sum -c --quiet); then
            python3 -m zipfile -e "$kept/$wheel" "$kept"
            rm "$kept/$wheel"
        fi
    fi
    dotnet=$kept/dotnetcore2/bin/dotnet
    if [ ! -e "$dotnet" ]; then
        echo "C# on .NET: SKIPPED: there is no dotnet, and PyPI's cannot be downloaded" | tee -a "$root/target/skipped.txt"
        exit 0
    fi
    chmod +x "$dotnet"
fi
# The same assemblies, in invariant culture: ICU need not be there.
for folder in "$out" "$out/layout/net" "$out/alone"; do cp tests/runtimeconfig.json "$folder"; done
net() {
    program=$1
    shift
    folder=$(dirname "$program")
    deps=$folder/$(basename "$program" .exe).deps.json
    if [ -e "$deps" ]; then set -- --depsfile "$deps" "$program" "$@"; else set -- "$program" "$@"; fi
    "$dotnet" exec --runtimeconfig "$folder/runtimeconfig.json" "$@"
}
version=$(net "$out/RunTests.exe" --version)
echo ".NET $version:"
net "$out/RunTests.exe"
programs ".NET $version" "$out/layout/net" 200000 net

#!/bin/sh
# Writes packaging/THIRD-PARTY.txt, the licences of everything that is linked in, and
# packaging/sbom.cdx.json, the list of it (CycloneDX 1.5). To be run when a dependency changes;
# tests/packaging.rs says when it was forgotten.
#
#   cargo install --locked cargo-cyclonedx
#   cargo install --locked cargo-about --features cli
set -eu
cd "$(dirname "$0")/.."
root=$PWD
target=x86_64-unknown-linux-gnu

cargo about generate --locked -c packaging/about.toml packaging/about.hbs -o packaging/THIRD-PARTY.txt

cargo cyclonedx --quiet --format json --spec-version 1.5 --target $target --no-build-deps --override-filename sbom.cdx
rm kernels/sbom.cdx.json
# Names instead of the places of this machine; the standard library, which cargo does not know; the model.
rust=$(rustc --version | cut -d ' ' -f 2)
jq --arg rust "$rust" '
    del(.metadata.timestamp) | del(.serialNumber)
    | .components += [
        { type: "library", "bom-ref": "rust-std", name: "rust-std", version: $rust, scope: "required",
          description: "The Rust standard library", licenses: [{ expression: "MIT OR Apache-2.0" }] },
        { type: "machine-learning-model", "bom-ref": "bio-minilm", name: "bio-minilm", version: "1",
          description: "The default model; its card lists the data it was trained on",
          licenses: [{ expression: "Apache-2.0" }] } ]' sbom.cdx.json |
    sed "s|path+file://$root/kernels#||g; s|path+file://$root#||g" > packaging/sbom.cdx.json
rm sbom.cdx.json

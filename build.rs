//! Link arguments of the shared library, and the commit for `biobert_build_info_json`.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // The number changes only if the ABI breaks, and it does not break.
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libbiobert.so.1");
        // A Rust runtime with thread-locals must not be unloaded.
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    let log = ".git/logs/HEAD";
    if std::path::Path::new(log).exists() {
        println!("cargo:rerun-if-changed={log}");
        let commit = Command::new("git").args(["rev-parse", "--short=12", "HEAD"]).output();
        if let Some(commit) = commit.ok().and_then(|output| String::from_utf8(output.stdout).ok()) {
            println!("cargo:rustc-env=BIOBERT_COMMIT={}", commit.trim());
        }
    }
}

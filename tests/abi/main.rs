//! Gates of the C ABI: the header, the exported symbols, the panic boundary, the order of the files.
//!
//! `BLESS=1 cargo test --release --test abi` writes the header and the list of symbols anew.

mod header;

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares a generated text with a committed file, or writes the file when blessed.
fn compare_or_bless(generated: &str, file: &str) {
    let path = root().join(file);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "{file} is not up to date: BLESS=1 cargo test --release --test abi"
    );
}

fn sources() -> Vec<PathBuf> {
    let directory = std::fs::read_dir(root().join("src/ffi")).unwrap();
    let mut files: Vec<PathBuf> = directory.map(|entry| entry.unwrap().path()).collect();
    // The tests are a directory.
    files.retain(|path| path.is_file());
    files.sort();
    files
}

#[test]
fn the_committed_header_is_the_generated_one() {
    let header = header::generate(root());
    compare_or_bless(&header, "include/biobert.h");
    for line in header.lines() {
        assert!(!line.contains("# Safety"), "Rust's section in C's manual");
        assert!(line.chars().count() <= 100, "a line too long to read: {line}");
    }
}

#[test]
fn no_file_of_the_boundary_imports_a_later_one() {
    let files: Vec<_> = sources().iter().map(|path| path.file_stem().unwrap().to_owned()).collect();
    for file in files.iter().filter(|file| *file != "mod") {
        assert!(header::FILES.iter().any(|known| file == known), "header.rs has no {file:?}");
    }
    for (index, file) in header::FILES.iter().enumerate() {
        let source = header::source(root(), file);
        for import in source.split("use crate::ffi::").skip(1) {
            let import = import.split(':').next().unwrap();
            let before = header::FILES[..index].contains(&import);
            assert!(before, "{file}.rs imports {import}, which does not come before it");
        }
    }
}

#[test]
fn every_exported_function_is_documented_and_stops_panics() {
    let mut functions = 0;
    for path in sources() {
        let source = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        for (index, line) in lines.iter().enumerate() {
            if !(line.starts_with("pub ") && line.contains("extern \"C\" fn biobert_")) {
                continue;
            }
            functions += 1;
            let place = format!("{}:{}", path.display(), index + 1);
            assert_eq!(lines[index - 1], "#[unsafe(no_mangle)]", "{place}");
            assert!(lines[index - 2].starts_with("///"), "{place} has no documentation");
            let body =
                index + lines[index..].iter().position(|line| line.ends_with('{')).unwrap() + 1;
            let first =
                lines[body..].iter().find(|line| !line.starts_with("//") && **line != "unsafe {");
            let first = first.unwrap().trim_start_matches("unsafe { ");
            let stops = first.starts_with("boundary(error, ") || first.starts_with("guard(");
            assert!(stops, "{place} does not begin with boundary or guard, but with {first}");
        }
        let exported = lines.iter().filter(|line| line.contains("no_mangle")).count();
        let found = lines
            .iter()
            .filter(|l| l.starts_with("pub ") && l.contains("extern \"C\" fn biobert_"))
            .count();
        assert_eq!(exported, found, "{}: an export that this test does not see", path.display());
    }
    assert!(functions >= 50, "only {functions} functions were found");
}

/// The shared library that cargo built for these tests.
fn shared_library() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    executable.parent().unwrap().join("libbiobert.so")
}

#[cfg(target_os = "linux")]
#[test]
fn only_the_listed_symbols_are_exported() {
    let output = Command::new("nm").args(["-D", "--defined-only"]).arg(shared_library()).output();
    let output = output.expect("nm (binutils) is installed");
    assert!(output.status.success());
    let symbols = String::from_utf8(output.stdout).unwrap();
    let mut names: Vec<&str> =
        symbols.lines().filter_map(|line| line.split_whitespace().last()).collect();
    names.sort_unstable();
    compare_or_bless(&(names.join("\n") + "\n"), "abi/symbols.txt");
    assert!(names.iter().all(|name| name.starts_with("biobert_")), "foreign symbols are exported");
}

#[cfg(target_os = "linux")]
#[test]
fn the_shared_library_needs_no_newer_glibc_than_the_readme_says() {
    // glibc 2.35: Debian 12, Ubuntu 22.04 and later.
    let output = Command::new("objdump").arg("-T").arg(shared_library()).output();
    let output = output.expect("objdump (binutils) is installed");
    let symbols = String::from_utf8(output.stdout).unwrap();
    let versions = symbols.split("GLIBC_").skip(1).filter_map(|text| {
        let version = text.split([')', ' ', '\n']).next()?;
        let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    });
    let newest = versions.max().expect("the library uses glibc");
    println!("newest glibc symbol: {newest:?}");
    assert!(newest <= (2, 35), "the library needs glibc {newest:?}");
}

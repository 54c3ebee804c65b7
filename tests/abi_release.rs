//! The C ABI only grows: whatever a release declared is declared still, and as it was.
//!
//! `abi/VERSION.txt` has the declarations of a release, one a line and sorted, so that the order of
//! the header does not matter. Names of parameters are left out: they are no part of an ABI.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn header() -> String {
    std::fs::read_to_string(root().join("include/biobert.h")).unwrap()
}

/// Structs that a result hands out as arrays with a stride: they may grow at their end. So may those
/// that begin with their size.
const STRIDED: [&str; 5] =
    ["biobert_span", "biobert_relation", "biobert_answer", "biobert_class", "biobert_range"];

/// The number that grows when something is added.
const ABI_VERSION: &str = "#define BIOBERT_ABI_VERSION";

/// The declarations of a header by name, each as one line.
fn declarations(header: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut code = String::new();
    for line in header.lines() {
        let line = line.split("//").next().unwrap().trim();
        if let Some(constant) = line.strip_prefix("#define ") {
            // The guard of the header has no value.
            if let Some((name, value)) = constant.split_once(' ') {
                found.insert(name.to_string(), format!("#define {name} {value}"));
            }
        } else if !line.starts_with(['#', '/']) && line != "extern \"C\" {" {
            code.push_str(line);
            code.push(' ');
        }
    }
    let mut depth = 0;
    let ends = |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ';' && depth <= 0
    };
    for declaration in code.split(ends) {
        // What the library itself calls `struct x`, C calls `x` too.
        let declaration =
            declaration.replace("struct ", "").replace(" *", "* ").replace("* *", "**");
        let declaration = declaration.split_whitespace().collect::<Vec<_>>().join(" ");
        let declaration = declaration.trim_start_matches("} ");
        if declaration.len() > 1 {
            let (name, line) = named(declaration);
            assert!(found.insert(name.clone(), line).is_none(), "{name} is declared twice");
        }
    }
    found
}

/// The name of a declaration, and the declaration without names of parameters.
fn named(declaration: &str) -> (String, String) {
    let last = |text: &str| text.rsplit([' ', '*']).next().unwrap().to_string();
    if declaration.contains('{') || !declaration.contains('(') {
        return (last(declaration), declaration.into());
    }
    let open = declaration.rfind('(').unwrap();
    let (head, parameters) = (&declaration[..open], &declaration[open + 1..]);
    let parameters = parameters.trim_end_matches(')').split(',').map(|parameter| {
        let parameter = parameter.trim();
        let name = last(parameter);
        match parameter.strip_suffix(&name) {
            Some("") | None => parameter.to_string(),
            Some(kind) => kind.trim().to_string(),
        }
    });
    let line = format!("{head}({})", parameters.collect::<Vec<_>>().join(", "));
    (last(head.trim_end_matches(')')), line)
}

/// Whether a declaration is as a release had it, or a struct with more fields at its end.
fn fits(name: &str, old: &str, new: &str) -> bool {
    if let [Some(old), Some(new)] = [old, new].map(|text| text.strip_prefix(ABI_VERSION)) {
        let number = |text: &str| text.trim().parse::<u32>().unwrap();
        return number(new) >= number(old);
    }
    let tail = format!("}} {name}");
    let (Some(old_fields), Some(new_fields)) = (old.strip_suffix(&tail), new.strip_suffix(&tail))
    else {
        return old == new;
    };
    let sized = old.contains("{ uint32_t struct_size;");
    let grows = sized || STRIDED.contains(&name);
    old == new || grows && new_fields.starts_with(old_fields)
}

/// What a header breaks of a release.
fn broken(release: &str, header: &str) -> Vec<String> {
    let now = declarations(header);
    let lines = release.lines().filter_map(|line| {
        let name = match line.strip_prefix("#define ") {
            Some(constant) => constant.split(' ').next().unwrap().to_string(),
            None => named(line).0,
        };
        let here = now.get(&name).map_or("gone", String::as_str);
        (!fits(&name, line, here)).then(|| format!("{line}\n    is now: {here}"))
    });
    lines.collect()
}

fn snapshot(header: &str) -> String {
    let mut lines: Vec<String> = declarations(header).into_values().collect();
    lines.sort();
    lines.join("\n") + "\n"
}

fn releases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("abi")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.file_name().unwrap() != "symbols.txt").collect()
}

#[test]
fn nothing_of_a_release_is_gone_or_different() {
    let releases = releases();
    assert!(!releases.is_empty());
    for path in releases {
        let release = std::fs::read_to_string(&path).unwrap();
        let broken = broken(&release, &header());
        assert!(broken.is_empty(), "{}:\n{}", path.display(), broken.join("\n"));
    }
}

/// `tests/abi.rs` holds the list of symbols against the library itself.
#[test]
fn every_function_of_a_release_is_exported() {
    let symbols = std::fs::read_to_string(root().join("abi/symbols.txt")).unwrap();
    for path in releases() {
        let release = std::fs::read_to_string(&path).unwrap();
        let functions = release.lines().filter(|line| !line.starts_with(['#', 't']));
        let names: Vec<String> = functions.map(|line| named(line).0).collect();
        assert!(names.len() > 70, "{} has {} functions", path.display(), names.len());
        for name in names {
            assert!(symbols.lines().any(|symbol| symbol == name), "{name} is not exported");
        }
    }
}

#[test]
fn what_breaks_is_seen_and_what_grows_is_not() {
    let header = header();
    let release = snapshot(&header);
    assert!(broken(&release, &header).is_empty());
    let changed = |from: &str, to: &str| {
        assert!(header.contains(from), "{from}");
        broken(&release, &header.replace(from, to)).len()
    };
    // Constants, the type of a parameter, the order of fields, fields that go.
    assert_eq!(changed("#define BIOBERT_E_IO 3", "#define BIOBERT_E_IO 4"), 1);
    assert_eq!(changed("#define BIOBERT_E_IO 3", ""), 1);
    assert_eq!(changed("typedef int32_t biobert_task;", "typedef int64_t biobert_task;"), 1);
    assert_eq!(changed("  uint64_t start;\n", "  uint32_t start;\n"), 10);
    assert_eq!(changed("uint32_t deadline_ms;", "uint32_t deadline;"), 1);
    assert_eq!(changed("void biobert_trainer_free(struct biobert_trainer *", "void f(int "), 1);
    // What begins with its size grows at its end; a view does not.
    assert_eq!(changed("biobert_markup markup;", "biobert_markup markup;\n  uint32_t more;"), 0);
    assert_eq!(changed("uint32_t struct_size;", "uint32_t struct_size;\n  uint32_t more;"), 10);
    assert_eq!(changed("} biobert_str;", "  int more;\n} biobert_str;"), 1);
    // Names of parameters, and what is new.
    assert_eq!(changed("_ABI_VERSION 2", "_ABI_VERSION 3"), 0);
    assert_eq!(changed("_ABI_VERSION 2", "_ABI_VERSION 1"), 1);
    assert_eq!(changed("void *userdata", "void *mine"), 0);
    assert_eq!(changed("#define BIOBERT_E_IO 3", "#define BIOBERT_E_IO 3\nint f(void);"), 0);
}

/// Once for each release.
#[test]
#[ignore = "writes the declarations of a release"]
fn write_the_declarations_of_this_version() {
    let path = root().join(format!("abi/{}.txt", env!("CARGO_PKG_VERSION")));
    assert!(!path.exists(), "there is one: it stays as it is");
    std::fs::write(path, snapshot(&header())).unwrap();
}

//! The rooms of `src` and the arrows between them: who may import whom, and that nobody goes in a
//! circle. ARCHITECTURE.md says what each room is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms from the ground up, and what each may import beside itself and the ground.
const ROOMS: [(&str, &[&str]); 12] = [
    ("engine", &[]),
    ("files", &[]),
    ("heads", &["engine"]),
    ("data", &[]),
    ("clinical", &[]),
    ("terms", &[]),
    ("model", &["files", "heads", "engine"]),
    ("tasks", &["model", "heads", "clinical", "terms", "engine"]),
    ("eval", &["tasks", "model", "heads", "clinical", "terms", "data", "engine"]),
    ("train", &["eval", "tasks", "model", "heads", "files", "data", "engine"]),
    ("untrained", &["eval", "model", "heads", "data", "engine"]),
    (
        "ffi",
        &[
            "train", "eval", "tasks", "model", "heads", "clinical", "terms", "files", "data",
            "engine",
        ],
    ),
];

/// What everybody stands on; each imports only those before it.
const GROUND: [&str; 13] = [
    "error",
    "hash",
    "silence",
    "bytes",
    "state_dict",
    "text",
    "tag",
    "sentence",
    "tokenizer",
    "window",
    "document",
    "fault",
    "lib",
];

/// A source file: its room, its path below `src` as a module, and the modules that it imports.
struct Module {
    path: Vec<String>,
    imports: BTreeSet<Vec<String>>,
    /// Names that it hands on, by the module that they come from.
    exports: BTreeMap<String, Vec<String>>,
}

fn sources(directory: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(directory).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            // The tool is a crate of its own, and tests may look everywhere.
            let name = path.file_name().unwrap();
            if name != "bin" && name != "tests" {
                sources(&path, files);
            }
        } else if path.extension().is_some_and(|e| e == "rs")
            && path.file_name().unwrap() != "tests.rs"
        {
            files.push(path);
        }
    }
}

/// Every path in a `use` tree: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn leaves(tree: &str, out: &mut Vec<String>) {
    let Some(open) = tree.find('{') else {
        return out.push(tree.split(" as ").next().unwrap().trim().into());
    };
    let (prefix, inner) = (&tree[..open], &tree[open + 1..tree.rfind('}').unwrap()]);
    let (mut depth, mut from) = (0, 0);
    for (at, c) in inner.char_indices().chain([(inner.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = inner[from..at].trim();
                from = at + 1;
                if !part.is_empty() {
                    leaves(&format!("{prefix}{part}"), out);
                }
            }
            _ => {}
        }
    }
}

/// Code without comments and without the unit tests at its end.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

fn module(root: &Path, file: &Path) -> Module {
    let below = file.strip_prefix(root).unwrap().with_extension("");
    let mut path: Vec<String> =
        below.iter().map(|part| part.to_str().unwrap().to_string()).collect();
    if path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    let code = code(&fs::read_to_string(file).unwrap());
    let (mut imports, mut exports) = (BTreeSet::new(), BTreeMap::new());
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        // `use …;` and `pub(crate) use …;`, perhaps over several lines.
        let Some((before, tree)) = line.trim_start().split_once("use ") else { continue };
        let is_public = before.starts_with("pub") && !before.trim_end().contains(' ');
        if !before.is_empty() && !is_public {
            continue;
        }
        let mut tree = tree.to_string();
        while !tree.contains(';') {
            tree += lines.next().expect("a statement has an end").trim();
        }
        let mut found = Vec::new();
        leaves(tree.trim_end_matches(';'), &mut found);
        for leaf in found {
            let mut parts: Vec<String> = leaf.split("::").map(|p| p.trim().to_string()).collect();
            if parts.last().is_some_and(|last| last == "self") {
                parts.pop();
            }
            match parts[0].as_str() {
                "crate" => drop(imports.insert(parts[1..].to_vec())),
                "super" | "std" | "core" => {}
                // A name that a parent hands on: `pub use child::Name`.
                _ if is_public && parts.len() > 1 => {
                    let name = parts.last().unwrap().clone();
                    exports.insert(name, [path.as_slice(), &parts[..parts.len() - 1]].concat());
                }
                _ => {}
            }
        }
    }
    // Paths in the code itself, to children among them.
    for child in code.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        line.trim_start_matches("pub ").strip_prefix("mod ")?.strip_suffix(';')
    }) {
        let uses = |line: &str| {
            let hands_on = line.trim_start().starts_with("pub") && line.contains(" use ");
            !hands_on
                && line
                    .split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'))
                    .any(|word| word.starts_with(&format!("{child}::")))
        };
        if code.lines().any(uses) {
            imports.insert([path.as_slice(), &[child.to_string()]].concat());
        }
    }
    for piece in code.split("crate::").skip(1) {
        let path = piece.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next();
        // One that ends in colons goes on as a tree, which was read above.
        if let Some(path) = path.filter(|path| !path.ends_with("::")) {
            imports.insert(path.split("::").map(String::from).collect());
        }
    }
    Module { path, imports, exports }
}

fn modules() -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 100, "the sources were not found");
    files.iter().map(|file| module(&root, file)).collect()
}

#[test]
fn arrows_between_rooms_are_those_of_the_table() {
    let place = |name: &str| GROUND.iter().position(|ground| *ground == name);
    let mut wrong = BTreeSet::new();
    for module in modules() {
        let Some(room) = module.path.first().filter(|room| *room != "lib") else { continue };
        let allowed = ROOMS.iter().find(|(name, _)| name == room).map(|(_, allowed)| *allowed);
        if allowed.is_none() && place(room).is_none() {
            wrong.insert(format!("{room} is not in the table"));
            continue;
        }
        for import in &module.imports {
            let Some(to) = import.first().filter(|to| *to != room) else { continue };
            let fits = match (allowed, place(to)) {
                // Names of the Rust API, such as `crate::Error`, would hide where they come from.
                (Some(allowed), None) => allowed.contains(&to.as_str()),
                (Some(_), Some(_)) => true,
                (None, to) => to.is_some_and(|to| to < place(room).unwrap()),
            };
            if !fits {
                wrong.insert(format!("{} imports {}", module.path.join("::"), import.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let modules = modules();
    let paths: BTreeMap<&[String], &Module> =
        modules.iter().map(|module| (module.path.as_slice(), module)).collect();
    // The file that a path means: the longest part that is one, or where its name comes from.
    let file = |path: &[String]| {
        let length = (1..=path.len()).rev().find(|&length| paths.contains_key(&path[..length]))?;
        let module = paths[&path[..length]];
        let exported = path.get(length).and_then(|name| module.exports.get(name));
        Some(match exported.filter(|from| paths.contains_key(from.as_slice())) {
            Some(from) => from.clone(),
            None => module.path.clone(),
        })
    };
    let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for module in &modules {
        let to = module.imports.iter().filter_map(|import| file(import));
        edges.insert(module.path.clone(), to.filter(|to| *to != module.path).collect());
    }
    let reaches_itself = |start: &Vec<String>| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(from) = open.pop() {
            for to in &edges[from] {
                if to == start {
                    return true;
                }
                if seen.insert(to) {
                    open.push(to);
                }
            }
        }
        false
    };
    let in_circles: Vec<_> = edges.keys().filter(|file| reaches_itself(file)).collect();
    let circles: Vec<String> = in_circles
        .iter()
        .map(|from| {
            let to = edges[*from].iter().filter(|to| in_circles.contains(to));
            let to = to.map(|to| to.join("::")).collect::<Vec<_>>().join(", ");
            format!("{} -> {to}", from.join("::"))
        })
        .collect();
    assert!(circles.is_empty(), "{circles:#?}");
}

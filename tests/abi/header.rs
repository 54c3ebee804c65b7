//! The C header: what cbindgen makes of `src/ffi`, in the order in which a reader wants it.
//!
//! cbindgen writes all constants, then all types, then all functions. Here they are put into the order
//! of the sources, a section for each file, under the first line of the file. Not a letter of an item
//! changes.

use std::collections::BTreeMap;
use std::path::Path;

/// The files of `src/ffi`. None imports a later one, and no type of the header is used before its
/// section.
pub const FILES: [&str; 37] = [
    "guard",
    "library",
    "status",
    "handle",
    "text",
    "error",
    "boundary",
    "json",
    "sized",
    "device",
    "engine",
    "model",
    "head",
    "cancel",
    "options",
    "assertion",
    "link",
    "note",
    "found",
    "list",
    "result",
    "note_result",
    "call",
    "ner",
    "re",
    "qa",
    "classify",
    "embed",
    "fill",
    "sentences",
    "sections",
    "terms",
    "extract",
    "trainer_options",
    "trainer",
    "trainer_examples",
    "trainer_fit",
];

/// A file of `src/ffi`.
pub fn source(root: &Path, file: &str) -> String {
    std::fs::read_to_string(root.join(format!("src/ffi/{file}.rs"))).unwrap()
}

/// The header for the sources as they are.
pub fn generate(root: &Path) -> String {
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new().with_config(config);
    for file in FILES {
        builder = builder.with_src(root.join(format!("src/ffi/{file}.rs")));
    }
    let mut header = Vec::new();
    builder.generate().expect("cbindgen reads the sources").write(&mut header);
    arrange(&String::from_utf8(header).unwrap(), &FILES.map(|file| source(root, file)))
}

const OPEN: &str = "#ifdef __cplusplus\nextern \"C\" {\n#endif // __cplusplus";
const CLOSE: &str = "#ifdef __cplusplus\n}  // extern \"C\"\n#endif  // __cplusplus";
const LAST_INCLUDE: &str = "#include <stdint.h>\n";
const GUARD: &str = "#endif  /* BIOBERT_H */";

fn arrange(header: &str, sources: &[String]) -> String {
    let (start, items) = header.split_once(LAST_INCLUDE).expect("the header includes stdint.h");
    let items = items.split("\n\n").map(str::trim).filter(|item| !item.is_empty());
    let mut sections: BTreeMap<usize, BTreeMap<usize, &str>> = BTreeMap::new();
    for item in items.filter(|item| ![OPEN, CLOSE, GUARD].contains(item)) {
        let (file, place) = place(name(item), sources);
        let other = sections.entry(file).or_default().insert(place, item);
        assert_eq!(other, None, "two items at one place");
    }
    let mut arranged = format!("{}{LAST_INCLUDE}\n{OPEN}\n\n", start.trim_start());
    for (file, items) in sections {
        let title = sources[file].lines().next().unwrap().trim_start_matches("//! ");
        let line = "-".repeat(97);
        arranged += &format!("// {line}\n// {}\n// {line}\n\n", title.trim_end_matches('.'));
        for item in items.values() {
            arranged += item;
            arranged += "\n\n";
        }
    }
    arranged + CLOSE + "\n\n" + GUARD + "\n"
}

/// The name that an item declares.
fn name(item: &str) -> &str {
    let line = item.lines().find(|line| !line.starts_with("//")).expect("an item is no comment");
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut words = line.split(|c| !is_part(c)).filter(|word| !word.is_empty());
    if line.starts_with("typedef") || line.starts_with("#define") {
        return words.find(|word| word.to_lowercase().starts_with("biobert_")).unwrap();
    }
    // A function: its name stands before the parameters, after the type of what it returns.
    let (before, _) = line.split_once('(').unwrap_or_else(|| panic!("what is {line}"));
    before.rsplit(|c| !is_part(c)).next().unwrap()
}

/// Where a name is defined: the file, and the place in it.
fn place(name: &str, sources: &[String]) -> (usize, usize) {
    let forms = ["const {}:", "type {} ", "struct {} ", "struct {}(", "fn {}("];
    let forms = forms.map(|form| format!(" {}", form.replace("{}", name)));
    let find = |source: &String| forms.iter().find_map(|form| source.find(form));
    let found = sources.iter().enumerate().find_map(|(at, source)| Some((at, find(source)?)));
    found.unwrap_or_else(|| panic!("{name} is defined in no file of src/ffi"))
}

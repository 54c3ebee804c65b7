//! What the packages say of themselves is true of what is built.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn read(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// Every crate that is linked into the library and the tool, as `name version`.
fn linked() -> BTreeSet<String> {
    let arguments = "tree --locked --offline --edges normal --prefix none --format {p} --target x86_64-unknown-linux-gnu";
    let output = Command::new(env!("CARGO"))
        .args(arguments.split(' '))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("{name} {}", rest.split(' ').next()?))
    };
    lines.lines().filter_map(name).collect()
}

#[test]
fn the_bill_of_materials_has_every_crate() {
    let bill: serde_json::Value = serde_json::from_str(&read("packaging/sbom.cdx.json")).unwrap();
    let mut listed = BTreeSet::from([format!("biobert {}", env!("CARGO_PKG_VERSION"))]);
    for component in bill["components"].as_array().unwrap() {
        let field = |name: &str| component[name].as_str().unwrap().to_string();
        listed.insert(format!("{} {}", field("name"), field("version")));
    }
    let missing: Vec<_> = linked().into_iter().filter(|name| !listed.contains(name)).collect();
    assert!(missing.is_empty(), "sh scripts/licences.sh: {missing:?}");
}

#[test]
fn the_licences_of_every_crate_are_there() {
    let text = read("packaging/THIRD-PARTY.txt");
    let named = |name: &String| {
        text.lines()
            .any(|line| line.trim() == name || line.trim().starts_with(&format!("{name} (")))
    };
    let missing: Vec<_> = linked().into_iter().filter(|name| !named(name)).collect();
    assert!(missing.is_empty(), "sh scripts/licences.sh: {missing:?}");
}

#[test]
fn licences_may_be_the_same_for_the_packages_and_for_cargo_deny() {
    let list = |file: &str, name: &str| -> BTreeSet<String> {
        let text = read(file);
        let list = text.split(&format!("\n{name} = [")).nth(1).unwrap().split(']').next().unwrap();
        list.split('"').skip(1).step_by(2).map(String::from).collect()
    };
    let accepted = list("packaging/about.toml", "accepted");
    assert!(accepted.len() > 5);
    assert_eq!(accepted, list("deny.toml", "allow"));
}

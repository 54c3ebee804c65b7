//! Each format, each error, and the guess of formats.

mod texts;

use std::path::{Path, PathBuf};

use texts::*;

use super::*;
use crate::error::Error;

/// A directory with files.
pub(super) struct Files(tempfile::TempDir);

impl Files {
    pub(super) fn new(files: &[(&str, &str)]) -> Files {
        let room = Files(tempfile::tempdir().unwrap());
        for (name, text) in files {
            room.put(name, text.as_bytes());
        }
        room
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, options: &SourceOptions) -> Result<(Vec<Concept>, Read)> {
        read(&[self.path().to_path_buf()], None, options)
    }
}

pub(super) fn read(
    paths: &[PathBuf],
    format: Option<SourceFormat>,
    options: &SourceOptions,
) -> Result<(Vec<Concept>, Read)> {
    let mut concepts = Vec::new();
    let found = Source::find(paths, format)?.read(options, &mut |concept| {
        concepts.push(concept);
        Ok(())
    })?;
    Ok((concepts, found))
}

/// The concepts of one file, and what was skipped.
fn one(
    name: &str,
    text: &str,
    options: &SourceOptions,
) -> (Vec<Concept>, Vec<(&'static str, u64)>) {
    let files = Files::new(&[(name, text)]);
    let (concepts, found) = read(&[files.path().join(name)], None, options).unwrap();
    (concepts, found.skipped.into_iter().collect())
}

/// What is said of one file.
fn told(name: &str, text: &[u8], format: Option<SourceFormat>, options: &SourceOptions) -> String {
    let files = Files::new(&[]);
    let path = files.put(name, text);
    let told = read(&[path], format, options).unwrap_err().to_string();
    assert!(!told.contains("SECRET"), "{told}");
    told
}

fn concept(code: &str, name: &str, synonyms: &[&str]) -> Concept {
    let synonyms = synonyms.iter().map(|name| name.to_string()).collect();
    Concept { code: code.into(), name: name.into(), synonyms }
}

fn options() -> SourceOptions {
    SourceOptions::default()
}

#[test]
fn obo_gives_terms_with_their_exact_synonyms() {
    let fever = ["Fever of zorblats", "Zorblat \"hot\" fever, severe"];
    let lump = concept("ZZ:0000002", "Lumpitis, left {old}", &["Lump"]);
    let (concepts, skipped) = one("zz.obo", OBO, &options());
    assert_eq!(concepts, [concept("ZZ:0000001", "Zorblat fever", &fever), lump.clone()]);
    let want = [("alternative ids", 1), ("obsolete terms", 1), ("synonyms that are not exact", 3)];
    assert_eq!(skipped, want);
    let all = SourceOptions { synonyms: Some(Synonyms::All), ..options() };
    let (concepts, _) = one("zz.obo", OBO, &all);
    let fever = [fever[0], fever[1], "Zorblat disease", "Zorb", "Zorb two"];
    assert_eq!(concepts, [concept("ZZ:0000001", "Zorblat fever", &fever), lump]);
}

#[test]
fn tables_have_ids_names_and_synonyms() {
    let want = [concept("Z1", "Zorblat fever", &["zorb", "hot zorb"]), concept("Z2", "Lump", &[])];
    for text in [
        "Z1\tZorblat fever\tzorb|hot zorb\nZ2\tLump\t\n",
        "\u{FEFF}id\tname\tsynonyms\r\nZ1\tZorblat fever\tzorb| hot zorb |zorb|\r\n\r\nZ2\tLump",
        "#Code\tname\nZ1\tZorblat fever\tzorb|hot zorb|Zorblat fever\nZ2\t\tLump\n",
    ] {
        assert_eq!(one("a.tsv", text, &options()).0, want);
    }
    assert_eq!(
        told("a.tsv", b"Z1\ta\nSECRET\n", None, &options()),
        "a.tsv: line 2: 1 columns, not id, name and synonyms"
    );
    assert_eq!(told("a.tsv", b"Z1\ta\n\tSECRET\n", None, &options()), "a.tsv: line 2: no id");
    let (concepts, skipped) = one("a.tsv", "Z1\ta\nZ2\tb\tc \td|e\n", &options());
    assert_eq!(concepts[1], concept("Z2", "b", &["c  d", "e"]));
    assert_eq!(skipped, [("tabs within synonyms", 1)]);
    let wide = "a.tsv: line 1: 4 columns, not id, name and synonyms";
    assert_eq!(told("a.tsv", b"Z1\tSECRET\tb\tc\n", Some(SourceFormat::Tsv), &options()), wide);
    let (concepts, skipped) = one("a.tsv", "Z1\ta\nZ2\t\t|\n", &options());
    assert_eq!((concepts.len(), skipped), (1, vec![("concepts without a name", 1)]));
}

#[test]
fn rxnorm_gives_its_own_names() {
    let files = Files::new(&[("rrf/RXNCONSO.RRF", RXNCONSO), ("rrf/RXNREL.RRF", "x")]);
    let (concepts, found) = files.read(&options()).unwrap();
    let tablet = concept("90002", "zorbin 5 MG Oral Tablet", &["zorbin 5 MG tablet"]);
    assert_eq!(concepts, [concept("90001", "zorbin", &["zorbin acid"]), tablet]);
    let want = [("names of other vocabularies", 1), ("suppressed or obsolete names", 1)];
    assert_eq!(found.skipped.into_iter().collect::<Vec<_>>(), want);
    assert_eq!((found.records, found.concepts, found.names), (6, 2, 4));
    let only = SourceOptions { term_types: vec!["IN".into()], ..options() };
    assert_eq!(files.read(&only).unwrap().0, [concept("90001", "zorbin", &[])]);
    let none = SourceOptions { sabs: vec!["GS".into(), "VANDF".into()], ..options() };
    assert_eq!(
        files.read(&none).unwrap_err().to_string(),
        "RXNCONSO.RRF: no concept in 6 records passes SAB GS,VANDF, LAT ENG, SUPPRESS N; LAT in the file: ENG (6); \
         SAB in the file: RXNORM (5), MTHSPL (1); 6 names of other vocabularies"
    );
}

#[test]
fn umls_gives_concepts_or_codes_of_one_vocabulary() {
    let files = Files::new(&[("META/MRCONSO.RRF", MRCONSO)]);
    let fever = concept("C9000001", "Zorblat fever", &["Zorb Fever", "Zorblat Fever"]);
    let (concepts, found) = files.read(&options()).unwrap();
    assert_eq!(concepts, [fever, concept("C9000002", "Zorblat Chill", &[])]);
    assert_eq!(found.format, SourceFormat::Umls);
    let mut mesh = SourceOptions { sabs: vec!["MSH".into()], ..options() };
    let fever = concept("C9000001", "Zorblat Fever", &["Zorb Fever"]);
    assert_eq!(files.read(&mesh).unwrap().0, [fever, concept("C9000002", "Zorblat Chill", &[])]);
    mesh.codes = Some(CodeChoice::Source);
    let whole = concept("D900001", "Zorblat Fever", &["Zorblat Chill", "Zorb Fever"]);
    assert_eq!(files.read(&mesh).unwrap().0, [whole]);
    let source = Source::find(&[files.path().into()], None).unwrap();
    assert_eq!(source.system(&mesh).as_deref(), Some("MESH"));
    assert_eq!(source.system(&options()).as_deref(), Some("UMLS"));
    let mixed = SourceOptions { codes: Some(CodeChoice::Source), ..options() };
    let told = files.read(&mixed).unwrap_err().to_string();
    assert!(
        told.starts_with("MRCONSO.RRF: line 2: codes of several vocabularies would mix"),
        "{told}"
    );
    let spanish = SourceOptions { language: Some("SPA".into()), ..options() };
    assert_eq!(files.read(&spanish).unwrap().0, [concept("C9000001", "Fiebre zorblat", &[])]);
}

#[test]
fn rows_of_another_shape_are_refused_with_their_line() {
    let short = format!("{RXNCONSO}90003|ENG|SECRET|\n");
    let told_of = |text: &str, format| told("a.RRF", text.as_bytes(), format, &options());
    assert_eq!(told_of(&short, None), "a.RRF: line 7: 3 columns ended by |, not 18");
    let other = "a.RRF: line 1: an identifier that is none of the UMLS' MRCONSO.RRF";
    assert_eq!(told_of(RXNCONSO, Some(SourceFormat::Umls)), other);
    let table = "a.RRF: line 1: 0 columns ended by |, not 18";
    assert_eq!(told_of("Z1\tSECRET\n", Some(SourceFormat::RxNorm)), table);
}

#[test]
fn snomed_gives_active_concepts_without_semantic_tags() {
    let (concepts, descriptions) = (
        "Snapshot/Terminology/sct2_Concept_Snapshot_INT_20260101.txt",
        "Snapshot/Terminology/sct2_Description_Snapshot-en_INT_20260101.txt",
    );
    let files = Files::new(&[
        (concepts, SCT_CONCEPT),
        (descriptions, SCT_DESCRIPTION),
        ("Snapshot/Terminology/sct2_TextDefinition_Snapshot-en_INT_20260101.txt", SCT_DESCRIPTION),
        ("Full/Terminology/sct2_Concept_Full_INT_20260101.txt", SCT_CONCEPT),
    ]);
    let fever = concept("90000011", "Zorblat fever (severe)", &["Zorb \"hot\""]);
    let want = [fever, concept("90000013", "Lump", &[])];
    let (found, said) = files.read(&options()).unwrap();
    assert_eq!(found, want);
    assert_eq!(said.files.len(), 2);
    let skipped = [
        ("descriptions in other languages", 1),
        ("descriptions of inactive concepts", 1),
        ("inactive concepts", 1),
        ("inactive descriptions", 1),
        ("text definitions", 1),
    ];
    assert_eq!(said.skipped.into_iter().collect::<Vec<_>>(), skipped);
    let paths = [descriptions, concepts].map(|name| files.path().join(name));
    assert_eq!(read(&paths, None, &options()).unwrap().0, want);
    let source = Source::find(&paths, None).unwrap();
    assert_eq!(source.version(), Some("20260101"));
    let missing = read(&paths[..1], None, &options()).unwrap_err().to_string();
    assert!(missing.ends_with("sct2_Concept_Snapshot is missing: give both"), "{missing}");
    let full = files.path().join("Full/Terminology/sct2_Concept_Full_INT_20260101.txt");
    let told = read(&[full], None, &options()).unwrap_err().to_string();
    assert!(told.contains("not a snapshot"), "{told}");
    let german = SourceOptions { language: Some("de".into()), ..options() };
    let told = files.read(&german).unwrap_err().to_string();
    assert!(told.contains("passes language de; language in the file: en (6), es (1)"), "{told}");
}

#[test]
fn mesh_xml_gives_descriptors_and_supplementary_records() {
    let files =
        Files::new(&[("desc2026.xml", DESC), ("supp2026.xml", SUPP), ("qual2026.xml", "x")]);
    let (concepts, found) = files.read(&options()).unwrap();
    let fever = concept("D900001", "Zorblat Fever & Chills", &["Fever, Zorblät", "Zorb"]);
    assert_eq!(concepts, [fever, concept("C900001", "zorbinium", &["ZB-7"])]);
    assert_eq!(found.files, ["desc2026.xml", "supp2026.xml"]);
    let source = Source::find(&[files.path().into()], None).unwrap();
    assert_eq!(source.version(), Some("2026"));
    // Without the name that says it.
    assert_eq!(one("x", DESC, &options()).0.len(), 1);
}

#[test]
fn mesh_ascii_gives_the_same() {
    let (concepts, skipped) = one("d2026.bin", MESH_ASCII, &options());
    let fever = concept("D900001", "Zorblat Fever", &["Zorb", "Fever, Zorblat"]);
    assert_eq!(concepts, [fever, concept("C900001", "zorbinium", &["ZB-7"])]);
    assert_eq!(skipped, [("records that are neither descriptors nor supplementary", 1)]);
    let told =
        told("d2026.bin", b"*NEWRECORD\nRECTYPE = D\nMH = SECRET\n*NEWRECORD\n", None, &options());
    assert_eq!(told, "d2026.bin: line 4: the record before has no UI or no name");
}

#[test]
fn icd10cm_gives_codes_with_inclusion_terms() {
    let files = Files::new(&[("Table and Index/icd10cm-tabular-2026.xml", ICD)]);
    let (concepts, _) = files.read(&options()).unwrap();
    let left = concept("Z90.0", "Zorblat fever, left", &["Left zorb"]);
    assert_eq!(concepts, [left, concept("Z90", "Zorblat fever", &["Zorb NOS", "Hot zorb"])]);
    let source = Source::find(&[files.path().into()], None).unwrap();
    assert_eq!(
        (source.version(), source.system(&options()).as_deref()),
        (Some("2026"), Some("ICD10CM"))
    );
}

#[test]
fn omop_gives_the_codes_of_one_vocabulary_or_its_own() {
    let files = Files::new(&[("CONCEPT.csv", CONCEPT), ("CONCEPT_SYNONYM.csv", CONCEPT_SYNONYM)]);
    let mut snomed = SourceOptions { vocabularies: vec!["SNOMED".into()], ..options() };
    let fever = concept("90000011", "Zorblat \"hot\" fever", &["zorb"]);
    let chill = concept("90000012", "Zorblat chill", &["chill \"of zorblats\""]);
    let (concepts, found) = files.read(&snomed).unwrap();
    assert_eq!(concepts, [fever.clone(), chill]);
    let skipped = [
        ("concepts of other vocabularies", 1),
        ("invalid concepts", 1),
        ("synonyms in other languages", 1),
        ("synonyms of concepts that were left out", 1),
    ];
    assert_eq!(found.skipped.into_iter().collect::<Vec<_>>(), skipped);
    snomed.standard = true;
    assert_eq!(files.read(&snomed).unwrap().0, [fever]);
    let source = Source::find(&[files.path().into()], None).unwrap();
    assert_eq!(source.system(&snomed).as_deref(), Some("SNOMEDCT"));
    let told = files.read(&options()).unwrap_err().to_string();
    assert!(
        told.starts_with("CONCEPT.csv: line 5: concept codes of several vocabularies would mix"),
        "{told}"
    );
    let ids = SourceOptions { codes: Some(CodeChoice::Id), ..options() };
    let codes: Vec<String> = files.read(&ids).unwrap().0.into_iter().map(|c| c.code).collect();
    assert_eq!(codes, ["901", "902", "904"]);
    let none = SourceOptions { vocabularies: vec!["MeSH".into()], ..options() };
    let told = files.read(&none).unwrap_err().to_string();
    let want = "CONCEPT.csv, CONCEPT_SYNONYM.csv: no concept in 8 records passes vocabulary_id MeSH, invalid_reason none; \
                vocabulary_id in the file: SNOMED (3), ICD10CM (1)";
    assert!(told.starts_with(want), "{told}");
}

#[test]
fn formats_are_guessed_by_what_files_hold() {
    let synonyms = "concept_id\tconcept_synonym_name\tlanguage_concept_id\n";
    for (text, format) in [
        (OBO, SourceFormat::Obo),
        (RXNCONSO, SourceFormat::RxNorm),
        (MRCONSO, SourceFormat::Umls),
        (SCT_CONCEPT, SourceFormat::Snomed),
        (SCT_DESCRIPTION, SourceFormat::Snomed),
        (DESC, SourceFormat::MeshXml),
        (SUPP, SourceFormat::MeshXml),
        (MESH_ASCII, SourceFormat::MeshAscii),
        (ICD, SourceFormat::Icd10cm),
        (CONCEPT, SourceFormat::Omop),
        (synonyms, SourceFormat::Omop),
        ("Z1\tZorb\n", SourceFormat::Tsv),
    ] {
        let files = Files::new(&[("file", text)]);
        let source = Source::find(&[files.path().join("file")], None).unwrap();
        assert_eq!(source.format(), format);
        assert_eq!(SourceFormat::named(format.name()), Some(format));
        // Line breaks of another system, and a mark that says nothing.
        let text = format!("\u{FEFF}{}", text.replace("\r\n", "\n").replace('\n', "\r\n"));
        let other = Files::new(&[("file", &text)]);
        let found = Source::find(&[other.path().join("file")], None).unwrap();
        assert_eq!(found.format(), format);
        let own = SourceOptions { codes: Some(CodeChoice::Id), ..options() };
        let wanted = if format == SourceFormat::Omop { &own } else { &options() };
        let read = |source: &Source| {
            let mut concepts = Vec::new();
            let done = source.read(wanted, &mut |concept| {
                concepts.push(concept);
                Ok(())
            });
            done.map(|read| (read.records, concepts))
        };
        assert_eq!(read(&source), read(&found));
    }
    let files = Files::new(&[("zz.obo", OBO), ("a.tsv", "ZZ:1\tZorb\n")]);
    for (name, version) in [("zz.obo", Some("zz/releases/2026-01-02")), ("a.tsv", None)] {
        let source = Source::find(&[files.path().join(name)], None).unwrap();
        assert_eq!((source.system(&options()).as_deref(), source.version()), (Some("ZZ"), version));
    }
}

#[test]
fn what_is_no_terminology_is_refused() {
    let files = Files::new(&[("notes.txt", "SECRET"), ("a.tsv", "Z1\tZorb\n"), ("b.obo", OBO)]);
    let path = |name: &str| files.path().join(name);
    let told = |paths: &[PathBuf], format| Source::find(paths, format).unwrap_err();
    let unknown = "notes.txt: of no known format of terminologies; if it has one, name it";
    assert_eq!(told(&[path("notes.txt")], None).to_string(), unknown);
    assert_eq!(told(&[path("c.tsv")], None), Error::NotFound("c.tsv does not exist".into()));
    let tsv = Some(SourceFormat::Tsv);
    assert_eq!(told(&[path("c.tsv")], tsv), Error::NotFound("c.tsv does not exist".into()));
    let two = "b.obo is OBO, a.tsv a table of ids, names and synonyms: name one format";
    assert_eq!(told(&[path("a.tsv"), path("b.obo")], None).to_string(), two);
    let none = told(&[files.path().into()], Some(SourceFormat::Umls)).to_string();
    assert!(none.ends_with("no file of the UMLS' MRCONSO.RRF in the directory"), "{none}");
    let empty = Files::new(&[]);
    let none = told(&[empty.path().into()], None).to_string();
    assert!(none.ends_with("give the files themselves"), "{none}");
    let both = Files::new(&[("MRCONSO.RRF", MRCONSO), ("RXNCONSO.RRF", RXNCONSO)]);
    let several = told(&[both.path().into()], None).to_string();
    assert!(
        several.ends_with("files of several formats in the directory, umls, rxnorm: name one"),
        "{several}"
    );
    assert!(Source::find(&[both.path().into()], Some(SourceFormat::RxNorm)).is_ok());
    assert_eq!(told(&[], None).to_string(), "no file to read a terminology from");
}

#[test]
fn damage_is_told_with_its_line_and_without_the_text() {
    let told_of = |text: &[u8], format| told("file", text, format, &options());
    for format in SourceFormat::all() {
        assert!(matches!(
            read(&[Files::new(&[("x", "")]).put("file", b"")], Some(format), &options()),
            Err(Error::Model { .. } | Error::NotFound(_))
        ));
        let told = told_of(b"SECRET\n", Some(format));
        assert!(told.starts_with("file: "), "{told}");
    }
    assert_eq!(
        told_of(b"", None),
        "file: of no known format of terminologies; if it has one, name it"
    );
    assert_eq!(told_of(b"", Some(SourceFormat::Tsv)), "file: no concept in 0 records");
    assert_eq!(told_of(b"\x1F\x8B\x08SECRET", None), "file: compressed: unpack it first");
    assert_eq!(told_of(b"Z1\tok\nZ2\tSECRET\xFF\n", None), "file: line 2: not UTF-8 at byte 10");
    let long = [b"Z1\tok\nZ2\tSECRET ", vec![b'x'; lines::LONGEST].as_slice(), b"\n"].concat();
    assert_eq!(told_of(&long, None), "file: line 2: longer than 1048576 bytes");
    let xml = |old: &str, new: &str| {
        assert!(DESC.contains(old));
        told_of(DESC.replacen(old, new, 1).as_bytes(), Some(SourceFormat::MeshXml))
    };
    let line = |told: String| told.strip_prefix("file: line ").unwrap().to_string();
    assert_eq!(line(xml("</DescriptorUI>", "</SECRET>")), "5: not XML");
    assert_eq!(line(xml("&amp;", "&SECRET;")), "7: an entity that is not known");
    assert_eq!(
        line(xml("<DescriptorUI>D900001</DescriptorUI>", "")),
        "52: a record without its identifier"
    );
    assert_eq!(
        line(xml("version=\"1.0\"", "version=\"1.0\" encoding=\"ISO-8859-1\"")),
        "1: an encoding other than UTF-8"
    );
    assert_eq!(line(xml("</DescriptorRecordSet>", "")), "54: the file ends early");
    let root = "the outermost element is not DescriptorRecordSet or SupplementalRecordSet";
    assert_eq!(line(told_of(ICD.as_bytes(), Some(SourceFormat::MeshXml))), format!("2: {root}"));
    let text = format!("<String>{}", "x".repeat(2 * lines::LONGEST));
    assert_eq!(line(xml("<String>", &text)), format!("7: longer than {} bytes", lines::LONGEST));
    let deep = "<a>".repeat(100);
    assert_eq!(line(xml("<AllowableQualifiersList>", &deep)), "9: elements in too many others");
    let bytes = [&DESC.as_bytes()[..300], b"SECRET\xFF", &DESC.as_bytes()[300..]].concat();
    assert!(line(told_of(&bytes, Some(SourceFormat::MeshXml))).ends_with(": not UTF-8"));
}

#[test]
fn filters_that_a_format_has_nothing_for_are_refused() {
    let files = Files::new(&[("a.tsv", "Z1\tZorb\n")]);
    let told = |options: SourceOptions| {
        read(&[files.path().join("a.tsv")], None, &options).unwrap_err().to_string()
    };
    let language = SourceOptions { language: Some("en".into()), ..options() };
    let want = "a table of ids, names and synonyms has nothing that language could choose from";
    assert_eq!(told(language), want);
    let sab = SourceOptions { sabs: vec!["MSH".into()], ..options() };
    assert!(told(sab).contains("sab could choose from"));
}

#[test]
fn what_the_taker_says_ends_the_reading() {
    for (name, text) in
        [("d2026.bin", MESH_ASCII), ("desc2026.xml", DESC), ("zz.obo", OBO), ("r", RXNCONSO)]
    {
        let files = Files::new(&[(name, text)]);
        let source = Source::find(&[files.path().join(name)], None).unwrap();
        let full = || Error::Argument("full".into());
        assert_eq!(source.read(&options(), &mut |_| Err(full())), Err(full()));
    }
}

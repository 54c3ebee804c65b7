//! `biobert eval`: what it reads, what it refuses, what it says.

use biobert::terms::{Builder, Concept, TermsInfo};
use serde_json::Value;

use crate::{fails, last_json, ok, tool, write};

/// Files in a directory of their own.
struct Files(tempfile::TempDir);

impl Files {
    fn new() -> Files {
        Files(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> String {
        write(self.0.path(), name, text.as_bytes()).to_str().unwrap().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_string()
    }
}

fn eval(task: &str, head: &str, data: &str, more: &[&str]) -> Value {
    last_json(&ok(&[&["eval", task, "--head", head, "--data", data], more].concat(), ""))
}

const BIO: &str = "Aspirin\tB-Chemical\nagainst\tO\nfever\tO\n\nNaloxone\tB-Chemical\nhelps\tO\n";
const LINES: &str = concat!(
    r#"{"id":"n1","text":"Aspirin against fever","entities":[{"start":0,"end":7,"label":"Chemical"}]}"#,
    "\n",
    r#"{"text":"Naloxone helps","entities":[{"start":0,"end":8,"label":"Chemical"}],"note":1}"#,
);

#[test]
fn what_train_refuses_eval_refuses_with_file_and_line() {
    let files = Files::new();
    let good = "fever\tB\nrash\tO\n";
    let class = "It is SECRET\tyes\nIt is well\tno\n";
    for (task, head, name, text, told) in [
        ("ner", "disease", "a.tsv", format!("{good}\n# SECRET = 7\n"), "a.tsv: line 4: a comment"),
        (
            "ner",
            "disease",
            "a.tsv",
            format!("{good}SECRET\to\n"),
            "a.tsv: line 3: a tag that is not",
        ),
        ("ner", "disease", "a.tsv", "SECRET\tDisease\n".into(), "a.tsv: line 1: a tag that is not"),
        ("ner", "disease", "a.txt", "This is SECRET prose.\n".into(), "a.txt: line 1: 4 columns"),
        ("ner", "disease", "a.tsv", "knee SECRET B\n".into(), "a.tsv: line 1: 3 columns"),
        (
            "ner",
            "disease",
            "a.tsv",
            "-DOCSTART- -X- O O\n\nSECRET NNP O O\n".into(),
            "a.tsv: this seems to be CoNLL-2003",
        ),
        (
            "ner",
            "disease",
            "a.jsonl",
            "{\"text\":\"SECRET\"}\n".into(),
            "a.jsonl: line 1: `entities` is missing",
        ),
        (
            "re",
            "gad",
            "a.tsv",
            "SECRET @GENE$\t1\n".into(),
            "a.tsv: line 1: the sentence does not hold",
        ),
        (
            "classify",
            "ade",
            "a.tsv",
            format!("{class}SECRET\n"),
            "a.tsv: line 3 has fewer than 2 columns",
        ),
        (
            "classify",
            "ade",
            "a.tsv",
            "1\tSECRET one\n0\tSECRET two\n1\tSECRET three\n".into(),
            "a.tsv: the label seems to stand first",
        ),
        ("classify", "ade", "a.tsv", "SECRET one\t0|1\n".into(), "a.tsv: line 1: several labels"),
        (
            "classify",
            "ade",
            "a.jsonl",
            "{\"text\":\"SECRET\",\"label\":[\"0\",\"1\"]}".into(),
            "a.jsonl: line 1: several labels",
        ),
    ] {
        let data = files.write(name, &text);
        let measured = fails(&["eval", task, "--head", head, "--data", &data]);
        let out = files.path("head");
        let trained = fails(&["train", task, "--train", &data, "--out", &out]);
        for said in [measured, trained] {
            assert!(said.contains(told) && !said.contains("SECRET"), "{said}");
        }
    }
    let data = files.write("lines.jsonl", LINES);
    let words = ["eval", "ner", "--head", "chemical", "--input-format", "words", "--data", &data];
    assert!(fails(&words).contains("lines.jsonl: line 1: "));
}

#[test]
fn a_file_gives_the_same_report_in_every_form() {
    let files = Files::new();
    let forms = [("a.tsv", BIO, "words and tags"), ("a.jsonl", LINES, "JSON lines")].map(|form| {
        let (name, text, title) = form;
        let data = files.write(name, text);
        let output = tool(&["eval", "ner", "--head", "chemical", "--data", &data], b"");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told, format!("biobert: {data} read as {title}\n"));
        last_json(&String::from_utf8(output.stdout).unwrap())
    });
    assert_eq!(forms[0], forms[1]);
    assert_eq!((&forms[0]["gold"], &forms[0]["f1"]), (&2.into(), &100.0.into()));
    assert_eq!(
        (&forms[0]["score"]["tokens"], &forms[0]["by_label"][0]["label"]),
        (&5.into(), &"Chemical".into())
    );
    assert_eq!(forms[0]["confusion"]["counts"], serde_json::json!([[3, 0], [0, 2]]));
    assert!(forms[0]["calibration_error"].is_number());
    // What the tool found is right as it stands.
    let found = ok(&["ner", "--heads", "disease"], "She had asthma.\nNo fever, but a rash.\n");
    let score = eval("ner", "disease", &files.write("found.jsonl", &found), &[]);
    assert_eq!(score["f1"], 100.0, "{score}");
}

#[test]
fn kinds_that_a_head_lacks_are_refused_or_left_out_and_counted() {
    let files = Files::new();
    let data = files.write("a.tsv", &format!("{BIO}\nbad\tO\nasthma\tB-Disease\n"));
    let error = fails(&["eval", "ner", "--head", "chemical", "--data", &data]);
    assert!(
        error.contains(
            "a.tsv: line 9: a kind of entity that the head does not find (it finds Chemical)"
        ),
        "{error}"
    );
    let score = eval("ner", "chemical", &data, &["--kinds", "Chemical"]);
    assert_eq!(
        (&score["gold"], &score["left_out"], &score["tokens"]),
        (&2.into(), &1.into(), &7.into())
    );
    let error = fails(&["eval", "ner", "--head", "chemical", "--data", &data, "--kinds", "Drug"]);
    assert!(error.contains("a kind that the head does not find; it finds Chemical"), "{error}");
    // Plain tags are the head's only kind.
    let plain = files.write("plain.tsv", &BIO.replace("-Chemical", ""));
    let score = eval("ner", "chemical", &plain, &[]);
    assert_eq!((&score["f1"], score.get("left_out")), (&100.0.into(), None));
}

#[test]
fn a_header_an_order_of_columns_and_a_form_can_be_told() {
    let files = Files::new();
    let rows = "He died of warfarin.\t1\nAll is well.\t0\nHe is at home.\t0\n";
    let plain = eval("classify", "ade", &files.write("a.tsv", rows), &[]);
    let header = files.write("b.tsv", &format!("text\tlabel\n{rows}"));
    assert_eq!(eval("classify", "ade", &header, &[]), plain);
    let turned = "1\tHe died of warfarin.\n0\tAll is well.\n0\tHe is at home.\n";
    let data = files.write("c.tsv", turned);
    assert_eq!(eval("classify", "ade", &data, &["--input-format", "label-first"]), plain);
    let header = files.write("d.tsv", &format!("label\ttext\n{turned}"));
    assert_eq!(eval("classify", "ade", &header, &[]), plain);
    let doccano = r#"{"id":1,"text":"He died of warfarin.","label":["1"]}
        {"id":2,"text":"All is well.","label":["0"]}
        {"id":3,"text":"He is at home.","label":["0"]}"#;
    assert_eq!(eval("classify", "ade", &files.write("e.jsonl", doccano), &[]), plain);
    let both = files.write("f.jsonl", r#"{"text":"a","label":["1"],"accept":["0"]}"#);
    let error = fails(&["eval", "classify", "--head", "ade", "--data", &both]);
    assert!(error.contains("say which with --input-format doccano or prodigy"), "{error}");
    assert_eq!(eval("classify", "ade", &both, &["--input-format", "doccano"])["examples"], 1);
    // A factoid head is measured by places, too.
    let squad = r#"{"data":[{"paragraphs":[{"context":"She had a rash. The culture grew Escherichia coli on day two.","qas":[
        {"question":"What did the culture grow?","answers":[{"text":"Escherichia coli","answer_start":33}]}]}]}]}"#;
    let score = eval("qa", "factoid", &files.write("g.json", squad), &[]);
    assert_eq!((&score["questions"], &score["exact"]), (&1.into(), &100.0.into()));
    assert_eq!(score["score"]["f1"], 100.0);
}

/// Two abstracts: in one a drug and what it did, in the other a drug that helped.
const PUBTATOR: &str = "1|t|Carbamazepine-induced hyponatremia.\n\
    1|a|Hyponatremia developed after carbamazepine. The patient also had epilepsy.\n\
    1\t0\t13\tCarbamazepine\tChemical\tD002220\n\
    1\t22\t34\thyponatremia\tDisease\tD007010\n\
    1\t36\t48\tHyponatremia\tDisease\tD007010\n\
    1\t65\t78\tcarbamazepine\tChemical\tD002220\n\
    1\t101\t109\tepilepsy\tDisease\tD004827\n\
    1\tCID\tD002220\tD007010\n\n\
    2|t|Loratadine for rash.\n\
    2|a|The rash was relieved.\n\
    2\t0\t10\tLoratadine\tChemical\tD017336\n\
    2\t15\t19\trash\tDisease\t-1\n\n";

#[test]
fn relations_of_codes_are_measured_by_document() {
    let files = Files::new();
    let data = files.write("cdr.txt", PUBTATOR);
    let score = eval("re", "cid", &data, &["--level", "document"]);
    assert_eq!((&score["gold"]["gold"], &score["gold"]["correct"]), (&1.into(), &1.into()));
    assert_eq!((&score["gold"]["recall"], &score["raw"]), (&100.0.into(), &Value::Null));

    let path = files.path("own.terms");
    let info = TermsInfo { name: "own".into(), system: "MESH".into(), ..TermsInfo::default() };
    let mut builder = Builder::new(info);
    for (code, name) in [("D002220", "carbamazepine"), ("D007010", "Hyponatremia")] {
        let concept = Concept { code: code.into(), name: name.into(), synonyms: Vec::new() };
        builder.add(concept).unwrap();
    }
    builder.write(path.as_ref()).unwrap();
    let words = ["eval", "re", "--head", "cid", "--level", "document", "--data", &data];
    let output = ok(&[&words[..], &["--terms", &path]].concat(), "");
    assert!(output.contains("gold entities    raw text"), "{output}");
    assert_eq!(last_json(&output)["raw"]["f1"], 100.0);

    let without = files.write("none.txt", "1|t|Fever.\n1|a|It rose.\n");
    let words = |head, data| ["eval", "re", "--head", head, "--level", "document", "--data", data];
    assert!(fails(&words("cid", &without)).contains("no document states a relation CID"));
    assert!(fails(&words("chemical", &data)).contains("does not find relations"));
    let error = fails(&["eval", "re", "--head", "cid", "--data", &data, "--terms", &path]);
    assert!(error.contains("--terms needs --level document"), "{error}");
}

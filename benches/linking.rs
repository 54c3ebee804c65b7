//! The stages of linking on a million names: how many are looked up a second, and what an opened index takes.
//!
//! `cargo bench --bench linking` builds the index, then opens it in a process of its own, so that no memory of the
//! building counts. Linux only: times are of the thread and memory is what `/proc` says.

use std::fs::{File, read_to_string};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use biobert::document::Reason;
use biobert::terms::{Builder, Concept, Linker, Mention, Terms, TermsInfo};

const CONCEPTS: usize = 250_000;
/// Look-ups that are timed, by stage.
const EXACT: usize = 200_000;
const TRIGRAMS: usize = 5_000;

const STEMS: [&str; 8] =
    ["neuro", "cardio", "hepato", "osteo", "derma", "nephro", "arthro", "angio"];
const ENDS: [&str; 8] = ["itis", "oma", "osis", "emia", "pathy", "algia", "plasia", "trophy"];
const SYLLABLES: [&str; 16] = [
    "ba", "co", "du", "fe", "gi", "ka", "lo", "mu", "ne", "pi", "ra", "so", "tu", "ve", "xi", "zo",
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [opened, path] = &arguments[..]
        && opened == "--opened"
    {
        return measure(Path::new(path));
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("million.terms");
    let mut builder = Builder::new(TermsInfo { system: "X".into(), ..TermsInfo::default() });
    for number in 0..CONCEPTS {
        let synonyms = (1..4).map(|other| name(4 * number + other)).collect();
        let concept = Concept { code: format!("X{number:06}"), name: name(4 * number), synonyms };
        builder.add(concept).unwrap();
    }
    let begin = Instant::now();
    builder.write(&path).unwrap();
    println!("written in     {:>12.1} s", begin.elapsed().as_secs_f64());
    let own = std::env::current_exe().unwrap();
    let done = std::process::Command::new(own).arg("--opened").arg(&path).status().unwrap();
    assert!(done.success());
}

/// A name of three words, which no other number has.
fn name(number: usize) -> String {
    let mixed = number.wrapping_mul(0x9E37_79B9);
    let (stem, end) = (STEMS[mixed >> 4 & 7], ENDS[mixed >> 8 & 7]);
    let syllable = |shift: usize| SYLLABLES[number >> shift & 15];
    let word = [16, 12, 8].map(syllable).concat();
    format!("{stem}{end} of {word}{} type {}", syllable(4), number & 15)
}

/// Opens an index and looks names up.
fn measure(path: &Path) {
    let before = private();
    let begin = Instant::now();
    let terms = Terms::open(path).unwrap();
    let opened = begin.elapsed();
    println!("names          {:>12}", terms.name_count());
    println!("file           {:>12.1} MB, at most 150", terms.size() as f64 / 1e6);
    println!("opened in      {:>12.3} ms", opened.as_secs_f64() * 1e3);
    let linker = Linker::new(&[terms]);
    let exact = |at: usize| name(at * 997 % (4 * CONCEPTS));
    // A letter too many in two words: neither the name nor these words are there.
    let misspelt = |at: usize| exact(at).replacen(" of ", "s of q", 1);
    let exact = rate(&linker, EXACT, exact, |reason| reason == Some(Reason::Exact));
    println!("exact          {exact:>12.0} names a second and thread, at least 200,000");
    let similar = rate(&linker, TRIGRAMS, misspelt, |reason| reason != Some(Reason::Exact));
    println!("trigrams       {similar:>12.0} names a second and thread, at least 5,000");
    let more = private().saturating_sub(before) as f64 / 1e3;
    println!("private memory {more:>12.1} MB more than before opening, at most 20");
}

/// Names that are looked up in a second of this thread; most are found for a reason that fits.
fn rate(
    linker: &Linker,
    count: usize,
    text: impl Fn(usize) -> String,
    fits: impl Fn(Option<Reason>) -> bool,
) -> f64 {
    let texts: Vec<String> = (0..count).map(text).collect();
    let begin = processor_time();
    let mut found = 0;
    for text in &texts {
        let links = linker.link(&Mention { text, ..Mention::default() });
        found +=
            links.iter().filter(|l| l.candidates.first().is_some_and(|c| fits(c.reason))).count();
    }
    let seconds = (processor_time() - begin).as_secs_f64();
    assert!(found * 2 > count, "{found} of {count} are found as they should be");
    count as f64 / seconds
}

/// What this thread has computed so far.
fn processor_time() -> Duration {
    let spent = read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(spent.split(' ').next().unwrap().parse().unwrap())
}

/// Private memory of this process in KB, but for the pages of mapped indices.
fn private() -> u64 {
    let mut sum = 0;
    let mut index = false;
    for line in BufReader::new(File::open("/proc/self/smaps").unwrap()).lines() {
        let line = line.unwrap();
        let mut words = line.split_whitespace();
        match words.next() {
            Some("Private_Clean:" | "Private_Dirty:") if !index => {
                sum += words.next().and_then(|size| size.parse::<u64>().ok()).unwrap_or_default();
            }
            // The first line of a mapping begins with its addresses and ends with its file.
            Some(first) if first.contains('-') => index = line.ends_with(".terms"),
            _ => {}
        }
    }
    sum
}

//! What each fuzz target does with its bytes. The targets of `fuzz/` and `tests/fuzz.rs` share it.
//!
//! An error is a good answer, whatever it says; a panic, a hang, too much memory or a result that
//! lies about its place in the text is a finding.

#[path = "formats.rs"]
mod formats;
#[path = "terms.rs"]
mod index;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use biobert::data::{Format, Origin, StreamOptions, stream};
use biobert::eval::DataOptions;
use biobert::{
    ClassifyInput, EmbedOptions, Engine, EngineOptions, FillOptions, HeadFile, Input, InvalidText,
    Loading, Markup, Model, OffsetUnit, OpenOptions, Question, ReOptions, RunOptions, Task, Text,
};
pub use formats::{bioc_json, bioc_xml, brat, csv, jsonl, pubtator, words};
pub use index::{terms, vectors};
use sha2::{Digest, Sha256};

/// A target: its name, which is that of its seeds' directory, and what it does, which says whether the
/// bytes were taken for good.
pub type Target = (&'static str, fn(&[u8]) -> bool);

/// Every target.
pub const TARGETS: [Target; 20] = [
    ("text", text),
    ("checkpoint", checkpoint),
    ("pickle", pickle),
    ("onnx", onnx),
    ("bundle", bundle),
    ("annotated", annotated),
    ("adapter", adapter),
    ("shards", shards),
    ("tensorflow", tensorflow),
    ("pubtator", pubtator),
    ("bioc_xml", bioc_xml),
    ("bioc_json", bioc_json),
    ("brat", brat),
    ("terms_source", terms_source),
    ("terms", terms),
    ("vectors", vectors),
    ("markup", markup),
    ("jsonl", jsonl),
    ("csv", csv),
    ("words", words),
];

/// The root of the project, above either of the crates that this file is part of.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().find(|at| at.join("tests/golden").is_dir()).unwrap()
}

/// A seed's bytes.
fn seed(name: &str) -> Vec<u8> {
    std::fs::read(root().join("fuzz/seeds").join(name)).unwrap()
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(EngineOptions::default()).unwrap())
}

fn open(directory: &Path) -> biobert::Result<Model> {
    let options = OpenOptions { loading: Loading::Copy, ..Default::default() };
    Model::open(engine(), directory, options)
}

/// Whether models that open are not run: what is tried then is the readers alone, many times faster.
pub static ONLY_OPEN: AtomicBool = AtomicBool::new(false);

/// A directory of a target's own, filled once.
struct Room(PathBuf);

impl Room {
    fn new(target: &str, fill: impl FnOnce(&Path)) -> Room {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/fuzz-rooms").join(target);
        // What an earlier run left.
        let _ = std::fs::remove_dir_all(&room);
        std::fs::create_dir_all(&room).unwrap();
        fill(&room);
        Room(room)
    }

    /// Puts a file there, opens the model, runs it if it opens, and puts the old file back.
    fn try_file(&self, name: &str, bytes: &[u8]) -> bool {
        let path = self.0.join(name);
        let old = std::fs::read(&path).ok();
        std::fs::write(&path, bytes).unwrap();
        let model = open(&self.0);
        if !ONLY_OPEN.load(Ordering::Relaxed) {
            model.iter().for_each(use_model);
        }
        match old {
            Some(old) => std::fs::write(&path, old).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        model.is_ok()
    }
}

const NOTE: &str = "Patient with fever started aspirin; no rash.";

/// Runs every task once on a model of unknown worth.
fn use_model(model: &Model) {
    let options = RunOptions::new(OffsetUnit::UnicodeScalars);
    let note = Input::from(NOTE);
    let questions = [Question { weights: &[], question: note, passages: &[note] }];
    let _ = model.info();
    let _ = model.verify();
    let _ = model.ner(&[], &[note], &options);
    let _ = model.re(&[], &[note], ReOptions::default(), &options);
    let _ = model.qa(&[], &questions, &Default::default(), &options);
    let _ = model.classify(&[], &[NOTE.into()], &options);
    let _ = model.embed(&[note], &EmbedOptions::default(), &options);
    let _ = model.fill(&["[MASK] with fever".into()], &FillOptions::default(), &options);
}

/// The two files of a checkpoint of eight-wide states that are not under test.
fn tiny(directory: &Path) {
    for (name, file) in
        [("checkpoint/1-config", "config.json"), ("checkpoint/2-vocab", "vocab.txt")]
    {
        std::fs::write(directory.join(file), &seed(name)[1..]).unwrap();
    }
}

/// The first byte, which chooses, and the rest.
fn choice(bytes: &[u8], of: usize) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    Some((usize::from(first.wrapping_sub(b'0')) % of, rest))
}

/// Raw text, as UTF-8 or UTF-16 in each unit, through every task; places are within the text.
pub fn text(bytes: &[u8]) -> bool {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let model = MODEL.get_or_init(|| open(&root().join("tests/golden/bundle-v1")).unwrap());
    let Some((way, bytes)) = choice(bytes, 12) else { return false };
    // Pairs of entities grow with the square of a sentence.
    let bytes = &bytes[..bytes.len().min(400)];
    let units: Vec<u16> =
        bytes.as_chunks().0.iter().map(|&unit| u16::from_le_bytes(unit)).collect();
    let input = if way % 2 == 0 { Input::Utf8(bytes) } else { Input::Utf16(&units) };
    let unit = [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units][way / 4];
    let invalid_text = if way % 4 < 2 { InvalidText::Replace } else { InvalidText::Reject };
    let options = RunOptions { invalid_text, ..RunOptions::new(unit) };
    // A unit of UTF-16 has three bytes of UTF-8 at most.
    let size = 2 * input.size() as usize;
    let inside = |start: usize, end: usize| assert!(start < end && end <= size, "{start}..{end}");

    for sentence in engine().sentences(&[input], &options).unwrap().documents[0].iter() {
        sentence.sentences.iter().for_each(|place| inside(place.start, place.end));
    }
    for document in model.ner(&[], &[input], &options).unwrap().documents.iter().flatten() {
        document.spans.iter().for_each(|entity| inside(entity.start, entity.end));
    }
    let relations = ReOptions { unrelated: true, ..Default::default() };
    let relations = model.re(&[], &[input], relations, &options).unwrap();
    for document in relations.documents.iter().flatten() {
        for relation in &document.relations {
            assert!(relation.first.max(relation.second) < document.spans.len());
        }
    }
    let questions = [Question { weights: &[], question: input, passages: &[input, input] }];
    let answers = model.qa(&[], &questions, &Default::default(), &options).unwrap();
    for question in answers.documents.iter().flatten() {
        question.answers.iter().for_each(|answer| inside(answer.start, answer.end));
    }
    let pair = ClassifyInput { text: input, second: Some(input) };
    model.classify(&[], &[pair], &options).unwrap();
    let tokens = EmbedOptions { tokens: true, ..Default::default() };
    for document in model.embed(&[input], &tokens, &options).unwrap().documents.iter().flatten() {
        document.tokens.iter().for_each(|place| inside(place.start, place.end));
        assert!(document.embedding.iter().all(|value| value.is_finite()));
    }
    true
}

/// A text with markup, as UTF-8 or UTF-16 in each unit: every place comes back, and what stands there as it is
/// written says what was read there. The last choice is a file of HL7 messages.
pub fn markup(bytes: &[u8]) -> bool {
    let Some((way, bytes)) = choice(bytes, 13) else { return false };
    let unit = match way / 4 {
        0 => OffsetUnit::Utf8Bytes,
        1 => OffsetUnit::UnicodeScalars,
        2 => OffsetUnit::Utf16Units,
        _ => return messages(bytes),
    };
    let units: Vec<u16> =
        bytes.as_chunks().0.iter().map(|&unit| u16::from_le_bytes(unit)).collect();
    let input = if way % 2 == 0 { Input::Utf8(bytes) } else { Input::Utf16(&units) };
    let markup = if way % 4 < 2 { Markup::Entities } else { Markup::Hl7 };
    let text = Text::with_markup(input, InvalidText::Replace, markup).unwrap();
    let written = Text::new(input, InvalidText::Replace).unwrap();
    let (offsets, plain) = (text.offsets(unit), written.offsets(unit));
    let mut before = 0;
    // What one long sequence stands for is decoded again for each of its characters.
    for (start, c) in text.as_str().char_indices().take(400) {
        let end = start + c.len_utf8();
        let place = offsets.range(start..end);
        assert!(before <= place.start && place.start < place.end);
        before = place.start;
        let back = offsets.exact(place.start).unwrap()..offsets.exact(place.end).unwrap();
        assert!(back.start <= start && end <= back.end);
        let slice = &written.as_str()[plain.byte(place.start)..plain.byte(place.end)];
        let again = Text::with_markup(slice.into(), InvalidText::Reject, markup).unwrap();
        assert_eq!(again.as_str(), &text.as_str()[back]);
    }
    text.as_str() != written.as_str()
}

/// A file of HL7 messages.
fn messages(bytes: &[u8]) -> bool {
    let options = StreamOptions { unit: OffsetUnit::UnicodeScalars };
    let origin = Origin::Stream(Box::new(bytes));
    let all: Vec<_> = stream("file", Format::Hl7, origin, options).unwrap().collect();
    for document in all.iter().flatten() {
        assert!(document.text.len() <= 2 * bytes.len());
    }
    !all.is_empty() && all.iter().all(Result::is_ok)
}

/// A checkpoint of which one file is the bytes: weights, configuration, or one of the tokenizer's.
pub fn checkpoint(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    let room = ROOM.get_or_init(|| {
        Room::new("checkpoint", |directory| {
            tiny(directory);
            let weights = directory.join("model.safetensors");
            std::fs::write(weights, &seed("checkpoint/0-weights")[1..]).unwrap();
        })
    });
    let files = [
        "model.safetensors",
        "config.json",
        "vocab.txt",
        "tokenizer.json",
        "tokenizer_config.json",
    ];
    choice(bytes, files.len()).is_some_and(|(file, bytes)| room.try_file(files[file], bytes))
}

/// A `pytorch_model.bin`.
pub fn pickle(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    ROOM.get_or_init(|| Room::new("pickle", tiny)).try_file("pytorch_model.bin", bytes)
}

/// A LoRA adapter over a checkpoint, of which one file is the bytes; the last choice is one with DoRA.
pub fn adapter(bytes: &[u8]) -> bool {
    static ROOMS: OnceLock<[Room; 2]> = OnceLock::new();
    let room = |name, weights: &str, dora: bool| {
        Room::new(name, |directory| {
            tiny(directory);
            let base = directory.join("model.safetensors");
            std::fs::write(base, &seed("checkpoint/0-weights")[1..]).unwrap();
            let config = String::from_utf8(seed("adapter/1-config")[1..].to_vec()).unwrap();
            let of_dora = config
                .replace("\"use_dora\": false", "\"use_dora\": true")
                .replace(", \"word_embeddings\"", "");
            let config = if dora { of_dora } else { config };
            std::fs::write(directory.join("adapter_config.json"), config).unwrap();
            let own = directory.join("adapter_model.safetensors");
            std::fs::write(own, &seed(weights)[1..]).unwrap();
        })
    };
    let [plain, dora] = ROOMS.get_or_init(|| {
        [room("adapter", "adapter/0-weights", false), room("adapter-dora", "adapter/2-dora", true)]
    });
    match choice(bytes, 3) {
        Some((0, bytes)) => plain.try_file("adapter_model.safetensors", bytes),
        Some((1, bytes)) => plain.try_file("adapter_config.json", bytes),
        Some((_, bytes)) => dora.try_file("adapter_model.safetensors", bytes),
        None => false,
    }
}

/// Weights in several files, of which the index or one file is the bytes.
pub fn shards(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    const FILES: [(&str, &str); 3] = [
        ("model.safetensors.index.json", "shards/0-index"),
        ("model-00001-of-00002.safetensors", "shards/1-weights"),
        ("model-00002-of-00002.safetensors", "shards/2-weights"),
    ];
    let room = ROOM.get_or_init(|| {
        Room::new("shards", |directory| {
            tiny(directory);
            for (file, name) in FILES {
                std::fs::write(directory.join(file), &seed(name)[1..]).unwrap();
            }
        })
    });
    choice(bytes, FILES.len()).is_some_and(|(file, bytes)| room.try_file(FILES[file].0, bytes))
}

/// The index of a TensorFlow checkpoint; or its block of entries, in a table whose checksums fit it.
pub fn tensorflow(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    let room = ROOM.get_or_init(|| {
        Room::new("tensorflow", |directory| {
            copy(&root().join("tests/fixtures/bert-tensorflow-token"), directory);
        })
    });
    match choice(bytes, 2) {
        Some((0, bytes)) => room.try_file("model.ckpt-3.index", bytes),
        Some((_, bytes)) => room.try_file("model.ckpt-3.index", &table(bytes)),
        None => false,
    }
}

/// A table of one block of entries (LevelDB's `doc/table_format.md`).
fn table(entries: &[u8]) -> Vec<u8> {
    fn number(mut value: usize, to: &mut Vec<u8>) {
        while value >= 0x80 {
            to.push(value as u8 | 0x80);
            value >>= 7;
        }
        to.push(value as u8);
    }
    fn add(block: &[u8], to: &mut Vec<u8>) -> Vec<u8> {
        let mut place = Vec::new();
        number(to.len(), &mut place);
        number(block.len(), &mut place);
        let at = to.len();
        to.extend_from_slice(block);
        to.push(0);
        // CRC-32C, turned and shifted as LevelDB does.
        let mut sum = !0_u32;
        for byte in &to[at..] {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = (sum >> 1) ^ (0x82F6_3B78 & (sum & 1).wrapping_neg());
            }
        }
        let masked = (!sum).rotate_right(15).wrapping_add(0xA282_EAD8);
        to.extend_from_slice(&masked.to_le_bytes());
        place
    }
    let mut table = Vec::new();
    let place = add(entries, &mut table);
    // One record: nothing shared, a key of one byte, the place; no restarts but the count of none.
    let mut index = vec![0, 1, place.len() as u8, 0xFF];
    index.extend_from_slice(&place);
    index.extend_from_slice(&[0; 4]);
    let mut footer = add(&[0; 4], &mut table);
    footer.extend_from_slice(&add(&index, &mut table));
    footer.resize(40, 0);
    table.extend_from_slice(&footer);
    table.extend_from_slice(&0xDB47_7524_8B80_FB57_u64.to_le_bytes());
    table
}

/// A `model.onnx`.
pub fn onnx(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    ROOM.get_or_init(|| Room::new("onnx", tiny)).try_file("model.onnx", bytes)
}

/// A file of a bundle, sealed so that its hash fits, or one of a head by itself. Of a safetensors file
/// the bytes are the header: its values cannot do much.
pub fn bundle(bytes: &[u8]) -> bool {
    static ROOM: OnceLock<Room> = OnceLock::new();
    let room = ROOM.get_or_init(|| {
        Room::new("bundle", |directory| {
            copy(&root().join("tests/golden/bundle-v1"), directory);
            std::fs::create_dir(directory.join("head")).unwrap();
        })
    });
    let Some((file, bytes)) = choice(bytes, BUNDLE_FILES.len() + 2) else { return false };
    match BUNDLE_FILES.get(file) {
        Some(&"MANIFEST.json") => room.try_file("MANIFEST.json", &sealed(bytes)),
        Some(name) => try_sealed(room, name, bytes),
        None => try_head(&room.0.join("head"), file == BUNDLE_FILES.len(), bytes),
    }
}

/// The files that a first byte from `0` on chooses; behind them are the two of a head by itself.
const BUNDLE_FILES: [&str; 9] = [
    "MANIFEST.json",
    "config.json",
    "vocab.txt",
    "tokenizer_config.json",
    "encoder.safetensors",
    "probe.safetensors",
    "heads/disease.json",
    "heads/induces.json",
    "heads/disease.safetensors",
];

/// A bundle with another file and a manifest that fits it.
fn try_sealed(room: &Room, name: &str, bytes: &[u8]) -> bool {
    let path = room.0.join(name);
    let old = std::fs::read(&path).unwrap();
    let new = if name.ends_with(".safetensors") { with_header(&old, bytes) } else { bytes.into() };
    let manifest = std::fs::read(room.0.join("MANIFEST.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let entry = json["files"][name].as_object_mut().unwrap();
    entry.insert("length".into(), new.len().into());
    entry.insert("sha256".into(), sha256(&new).into());
    std::fs::write(&path, &new).unwrap();
    let opened = room.try_file("MANIFEST.json", &sealed(json.to_string().as_bytes()));
    std::fs::write(&path, &old).unwrap();
    opened
}

/// A safetensors file with another header before the same values.
fn with_header(file: &[u8], header: &[u8]) -> Vec<u8> {
    let length = u64::from_le_bytes(*file.first_chunk().unwrap()) as usize;
    let mut new = (header.len() as u64).to_le_bytes().to_vec();
    new.extend_from_slice(header);
    new.extend_from_slice(&file[8 + length..]);
    new
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A manifest with the seal that fits it, where it has one at all.
fn sealed(bytes: &[u8]) -> Vec<u8> {
    let zeros = "0".repeat(64);
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.into() };
    let old = text.rsplit("\"seal\"").next().and_then(|rest| rest.split('"').nth(1));
    let Some(old) = old.filter(|old| old.len() == 64) else { return bytes.into() };
    let unsealed = text.replace(old, &zeros);
    let seal = sha256(unsealed.as_bytes());
    unsealed.replace(&zeros, &seal).into_bytes()
}

/// A head in its own directory, of which one of the two files is the bytes.
fn try_head(directory: &Path, json: bool, bytes: &[u8]) -> bool {
    static MODEL: OnceLock<Model> = OnceLock::new();
    let model = MODEL.get_or_init(|| open(&root().join("tests/golden/bundle-v1")).unwrap());
    let [spec, tensors] = ["bundle/9-head", "bundle/A-head"].map(|name| seed(name)[1..].to_vec());
    let (spec, tensors) = if json { (bytes, &tensors[..]) } else { (&spec[..], bytes) };
    std::fs::write(directory.join("head.json"), spec).unwrap();
    std::fs::write(directory.join("head.safetensors"), tensors).unwrap();
    let head = HeadFile::open(directory);
    let model = head.and_then(|head| model.with_head(&head, Some("fuzzed")));
    model.iter().for_each(use_model);
    model.is_ok()
}

/// An annotated file, for the task and in the format that the first byte names, or as it is guessed;
/// places are within the text.
pub fn annotated(bytes: &[u8]) -> bool {
    use biobert::data::{Content, Format, ReadOptions};
    let Some((way, bytes)) = choice(bytes, 4 * (1 + Format::all().count())) else { return false };
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let (task, content) = [
        (Task::Ner, Content::Entities),
        (Task::Re, Content::Relations),
        (Task::Qa, Content::Answers),
        (Task::Classify, Content::Classes),
    ][way % 4];
    let format = (way / 4).checked_sub(1).and_then(|at| Format::all().nth(at));
    let (unit, entity) = (OffsetUnit::UnicodeScalars, Some("Entity"));
    let options = ReadOptions { content, format, unit, entity };
    for document in biobert::data::read("file", text, &options).iter().flat_map(|c| &c.documents) {
        let entities = document.entities.iter().map(|entity| &entity.bytes);
        for place in entities
            .chain(document.words.iter().flatten())
            .chain(document.passages.iter().map(|passage| &passage.bytes))
        {
            assert!(document.text.get(place.clone()).is_some());
        }
    }
    let options = DataOptions { format, ..DataOptions::new(unit) };
    biobert::eval::read(task, "file", text, &options).is_ok()
}

/// Files of a terminology, divided by a byte that text has not, in the format that the first byte names or as they are
/// guessed, with or without options; what is handed on has a code and a name.
pub fn terms_source(bytes: &[u8]) -> bool {
    use biobert::terms::source::{CodeChoice, Source, SourceFormat, SourceOptions, Synonyms};
    static ROOM: OnceLock<Room> = OnceLock::new();
    let Room(room) = ROOM.get_or_init(|| Room::new("terms_source", |_| {}));
    let Some((way, bytes)) = choice(bytes, 2 * (1 + SourceFormat::all().count())) else {
        return false;
    };
    let format = (way / 2).checked_sub(1).and_then(|at| SourceFormat::all().nth(at));
    let (mut options, mut paths) = (SourceOptions::default(), Vec::new());
    if way % 2 == 1 {
        options.codes = Some(CodeChoice::Source);
        options.synonyms = format.filter(|f| *f == SourceFormat::Obo).map(|_| Synonyms::All);
        options.codes = options.codes.filter(|_| options.synonyms.is_none());
    }
    for (index, part) in bytes.split(|byte| *byte == 0x1E).take(3).enumerate() {
        paths.push(room.join(index.to_string()));
        std::fs::write(&paths[index], part).unwrap();
    }
    let Ok(source) = Source::find(&paths, format) else { return false };
    let (mut concepts, mut names) = (0, 0);
    let read = source.read(&options, &mut |concept| {
        assert!(!concept.code.is_empty() && !concept.name.is_empty());
        assert!(!concept.synonyms.contains(&concept.name));
        (concepts, names) = (concepts + 1, names + 1 + concept.synonyms.len() as u64);
        Ok(())
    });
    if let Ok(read) = &read {
        assert_eq!((read.concepts, read.names), (concepts, names));
    }
    read.is_ok()
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

//! The GPU path as hosts see it: device policy, failures of the driver, memory, and the processor's own
//! bytes for every task. With the driver of `tests/cuda` on its emulator (`make test-cuda`), or on a GPU;
//! without any driver only what is to happen then is tested.

mod support;

use std::ffi::{CStr, CString, c_char, c_int, c_long, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use biobert::{
    Cancel, ClassifyInput, Device, EmbedOptions, Engine, EngineOptions, Error, ExtractOptions,
    Input, LogSink, Model, OffsetUnit, OpenOptions, Precision, QaOptions, Question, RanOn,
    ReOptions, RunOptions,
};
use tempfile::TempDir;

/// The emulated driver's functions for tests.
struct Mock {
    fail: extern "C" fn(c_long, c_int, bool),
    calls: extern "C" fn() -> c_long,
    failed_call: extern "C" fn() -> *const c_char,
    card: extern "C" fn(c_int, c_int, c_int, c_int, usize),
    live: extern "C" fn(*mut c_long),
    most_bytes: extern "C" fn() -> c_long,
    get_current: extern "C" fn(*mut *mut c_void) -> c_int,
    set_current: extern "C" fn(*mut c_void) -> c_int,
}

/// What a driver there is: none, a GPU's, or the emulated one, which has one state for the process.
enum Driver {
    None,
    Real,
    Mock(Mock, MutexGuard<'static, ()>),
}

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn driver() -> Driver {
    let guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: the driver's library, which the product loads too.
    let library = unsafe { libc::dlopen(c"libcuda.so.1".as_ptr(), libc::RTLD_NOW) };
    if library.is_null() {
        return Driver::None;
    }
    if symbol(library, "mock_fail").is_null() {
        return Driver::Real;
    }
    // SAFETY: the functions of tests/cuda/driver.cpp have these types.
    let mock = unsafe {
        Mock {
            fail: function(library, "mock_fail"),
            calls: function(library, "mock_calls"),
            failed_call: function(library, "mock_failed_call"),
            card: function(library, "mock_card"),
            live: function(library, "mock_live"),
            most_bytes: function(library, "mock_most_bytes"),
            get_current: function(library, "cuCtxGetCurrent"),
            set_current: function(library, "cuCtxSetCurrent"),
        }
    };
    mock.usual();
    Driver::Mock(mock, guard)
}

fn symbol(library: *mut c_void, name: &str) -> *mut c_void {
    let name = CString::new(name).unwrap();
    // SAFETY: an open library and a name.
    unsafe { libc::dlsym(library, name.as_ptr()) }
}

/// # Safety
/// The library has a function of that name, and `F` is its type.
unsafe fn function<F: Copy>(library: *mut c_void, name: &str) -> F {
    let symbol = symbol(library, name);
    assert!(!symbol.is_null() && size_of::<F>() == size_of_val(&symbol));
    // SAFETY: the caller's promise.
    unsafe { std::mem::transmute_copy(&symbol) }
}

const MEMORY: usize = 8 << 30;

impl Mock {
    /// One card that has kernels, no failure, and nothing that an earlier test has left.
    fn usual(&self) {
        (self.card)(1, 9, 0, 12_080, MEMORY);
        (self.fail)(0, 0, false);
    }

    /// Contexts, modules, streams, host memory, graphs and bytes that were not given back.
    fn live(&self) -> [c_long; 6] {
        let mut live = [0; 6];
        (self.live)(live.as_mut_ptr());
        live
    }

    fn failed_call(&self) -> String {
        // SAFETY: a string that lives as long as the library.
        unsafe { CStr::from_ptr((self.failed_call)()) }.to_string_lossy().into()
    }
}

/// The sources: where they were built, or where a machine with a GPU has them.
fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    here.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into())
}

fn skipped(what: &str) {
    println!("SKIPPED without a driver: {what}");
}

fn engine(device: Device) -> biobert::Result<Engine> {
    Engine::new(EngineOptions { device, ..Default::default() })
}

/// An engine whose log lines are kept.
fn logging(device: Device) -> (biobert::Result<Engine>, std::sync::mpsc::Receiver<String>) {
    let (send, lines) = std::sync::mpsc::channel();
    let log: LogSink = Box::new(move |line: &str| {
        let _ = send.send(line.to_string());
    });
    (Engine::new(EngineOptions { device, log: Some(log), ..Default::default() }), lines)
}

fn open(engine: &Engine, directory: &Path) -> biobert::Result<Model> {
    let options = OpenOptions { precision: Some(Precision::Int8), ..Default::default() };
    Model::open(engine, directory, options)
}

fn tiny() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    support::write_tiny_with_all(directory.path());
    directory
}

fn options() -> RunOptions {
    RunOptions::new(OffsetUnit::Utf8Bytes)
}

/// What every task finds, as text, and where all of them ran.
fn everything(model: &Model, texts: &[&str]) -> biobert::Result<(String, RanOn)> {
    let documents: Vec<Input<'_>> = texts.iter().map(|&text| text.into()).collect();
    let options = &options();
    let pairs: Vec<ClassifyInput<'_>> = documents
        .iter()
        .map(|&text| ClassifyInput { text, second: Some("fever".into()) })
        .collect();
    let questions =
        [Question { weights: &[], question: "What was started?".into(), passages: &documents }];
    let tokens = EmbedOptions { tokens: true, ..Default::default() };
    let ner = model.ner(&[], &documents, options)?;
    let re =
        model.re(&[], &documents, ReOptions { unrelated: true, ..Default::default() }, options)?;
    let embed = model.embed(&documents, &tokens, options)?;
    let qa = model.qa(&[], &questions, &QaOptions::default(), options)?;
    let mut found =
        format!("{:?}{:?}{:?}{:?}", ner.documents, re.documents, embed.documents, qa.documents);
    let mut ran = vec![ner.ran_on, re.ran_on, embed.ran_on, qa.ran_on];
    match model.classify(&[], &pairs, options) {
        Ok(classes) => {
            found += &format!("{:?}", classes.documents);
            ran.push(classes.ran_on);
        }
        // The default model has no head for it.
        Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    let extract = model.extract(&[], &documents, &ExtractOptions::default(), options)?;
    found += &format!("{:?}", extract.documents);
    ran.push(extract.ran_on);
    let all = if ran.iter().all(|&on| on == ran[0]) { ran[0] } else { RanOn::Both };
    Ok((found, all))
}

const NOTES: [&str; 3] = [
    "Patient with type 2 diabetes mellitus was started on metformin 500 mg BID. Denies chest pain.",
    "Hives after amoxicillin in 2009; mother had breast cancer.",
    "",
];

#[test]
fn every_task_of_the_default_model_has_the_processors_bytes() {
    let driver = driver();
    if matches!(driver, Driver::None) {
        return skipped("the default model");
    }
    let bundle = root().join("models/bio-minilm");
    let cpu = open(&engine(Device::Cpu).unwrap(), &bundle).unwrap();
    let gpu = open(&engine(Device::RequireGpu).unwrap(), &bundle).unwrap();
    assert_eq!((cpu.info().device, gpu.info().device), ("cpu", "gpu"));
    let (want, on) = everything(&cpu, &NOTES).unwrap();
    assert_eq!(on, RanOn::Cpu);
    assert_eq!(everything(&gpu, &NOTES).unwrap(), (want, RanOn::Gpu));
    assert_eq!(gpu.verify().unwrap(), cpu.verify().unwrap());
}

#[test]
fn results_depend_neither_on_threads_nor_on_the_budget_nor_on_callers_beside() {
    let driver = driver();
    if matches!(driver, Driver::None) {
        return skipped("threads and budgets");
    }
    let directory = tiny();
    let long = "aspirin 5 mg for fever; insulin and rash daily. ".repeat(6);
    let texts = [NOTES[0], &long, "", NOTES[1]];
    let cpu = open(&engine(Device::Cpu).unwrap(), directory.path()).unwrap();
    let want = (everything(&cpu, &texts).unwrap().0, RanOn::Gpu);
    for (threads, token_budget) in [(1, 0), (1, 1), (2, 100), (3, 0)] {
        let device = Device::RequireGpu;
        let options = EngineOptions { device, threads, token_budget, ..Default::default() };
        let engine = Engine::new(options).unwrap();
        let model = open(&engine, directory.path()).unwrap();
        std::thread::scope(|scope| {
            let calls: Vec<_> =
                (0..2).map(|_| scope.spawn(|| everything(&model, &texts).unwrap())).collect();
            for call in calls {
                assert_eq!(call.join().unwrap(), want);
            }
        });
    }
    if let Driver::Mock(mock, _) = &driver {
        assert_eq!(mock.live(), [0; 6]);
    }
}

#[test]
fn a_host_that_uses_cuda_keeps_its_context() {
    let Driver::Mock(mock, _guard) = driver() else { return skipped("contexts of the host") };
    // Never looked at.
    let of_host = std::ptr::dangling_mut::<c_void>();
    let is_current = || {
        let mut current = std::ptr::null_mut();
        assert_eq!((mock.get_current)(&mut current), 0);
        current == of_host
    };
    assert_eq!((mock.set_current)(of_host), 0);
    let directory = tiny();
    let engine = engine(Device::RequireGpu).unwrap();
    assert!(is_current());
    let model = open(&engine, directory.path()).unwrap();
    assert!(is_current());
    everything(&model, &NOTES).unwrap();
    assert!(is_current());
    drop(model);
    assert!(is_current());
    drop(engine);
    assert!(is_current());
    assert_eq!(mock.live(), [0; 6]);
}

#[test]
fn memory_is_bounded_by_the_budget() {
    let Driver::Mock(mock, _guard) = driver() else { return skipped("memory") };
    let directory = tiny();
    let device = Device::RequireGpu;
    let options = EngineOptions { device, token_budget: 256, ..Default::default() };
    let model = open(&Engine::new(options).unwrap(), directory.path()).unwrap();
    let before = mock.live()[5];
    for times in [1, 4, 40] {
        let text = "aspirin 5 mg for fever; insulin and rash daily. ".repeat(times);
        model.ner(&[], &[text.as_str().into()], &self::options()).unwrap();
    }
    // Of three tokens each, for which there is memory of 32.
    let short = ["fever"; 400].map(Input::from);
    model.ner(&[], &short, &self::options()).unwrap();
    // A budget's worth of tokens of this model: states, rows, and 128 rows of padding.
    let taken = (mock.most_bytes)() - before;
    assert!(taken < 1_500_000, "{taken} bytes");
    drop(model);
    assert_eq!(mock.live(), [0; 6]);
}

#[test]
fn a_cancelled_call_ends_and_gives_its_memory_back() {
    let Driver::Mock(mock, _guard) = driver() else { return skipped("cancelled calls") };
    let directory = tiny();
    let model = open(&engine(Device::RequireGpu).unwrap(), directory.path()).unwrap();
    let cancel = Cancel::new();
    cancel.trigger();
    let cancelled = RunOptions { cancel: Some(cancel), ..options() };
    let call = |options: &RunOptions| model.ner(&[], &["aspirin for fever".into()], options);
    assert_eq!(call(&cancelled).err(), Some(Error::Cancelled));
    assert_eq!(call(&options()).unwrap().ran_on, RanOn::Gpu);
    drop(model);
    assert_eq!(mock.live(), [0; 6]);
}

#[test]
fn what_a_gpu_cannot_run_is_refused_or_left_to_the_processor() {
    let driver = driver();
    if matches!(driver, Driver::None) {
        return skipped("models that a GPU cannot run");
    }
    let directory = tiny();
    let f32 = OpenOptions { precision: Some(Precision::F32), ..Default::default() };
    let fixtures = root().join("tests/fixtures");
    let graph = fixtures.join("distilbert-token-onnx");
    let required = engine(Device::RequireGpu).unwrap();
    let error = Model::open(&required, directory.path(), f32.clone()).unwrap_err();
    assert!(matches!(&error, Error::Unsupported(reason) if reason.contains("int8")), "{error}");
    let error = Model::open(&required, &graph, OpenOptions::default()).unwrap_err();
    assert!(matches!(&error, Error::Unsupported(reason) if reason.contains("ONNX")), "{error}");
    let (preferred, lines) = logging(Device::PreferGpu);
    let preferred = preferred.unwrap();
    for (path, options) in [(directory.path(), f32), (&graph, OpenOptions::default())] {
        let model = Model::open(&preferred, path, options).unwrap();
        let found = model.ner(&[], &["fever".into()], &self::options()).unwrap();
        assert_eq!((found.ran_on, model.info().device), (RanOn::Cpu, "cpu"));
        assert!(lines.try_iter().any(|line| line.contains("the processor computes instead")));
    }
}

/// What the kernels do not compute, by family; nothing where they compute all of it.
const FAMILIES: [(&str, &str); 9] = [
    ("Bert", ""),
    ("Roberta", ""),
    ("XLMRoberta", ""),
    ("DistilBert", ""),
    ("Electra", "embeddings narrower than states"),
    ("MegatronBert", "norms before products"),
    ("MPNet", "a position bias"),
    ("ModernBert", "positions without a table"),
    ("Longformer", "attention in a window"),
];

#[test]
fn a_family_has_the_processors_bytes_or_is_refused_by_name() {
    let driver = driver();
    if matches!(driver, Driver::None) {
        return skipped("families");
    }
    let cases = support::families::cases();
    for (family, reason) in FAMILIES {
        let class = format!("{family}ForSequenceClassification");
        let case = cases.iter().find(|case| support::families::name(case) == class).unwrap();
        let directory = tempfile::tempdir().unwrap();
        support::families::write(case, directory.path());
        let cpu = open(&engine(Device::Cpu).unwrap(), directory.path()).unwrap();
        let states = |model: &Model| {
            let sequence = support::families::sequence(&case["sequences"][1]);
            model.states(&[sequence], model.layers()).unwrap()
        };
        let required = engine(Device::RequireGpu).unwrap();
        match (reason, open(&required, directory.path())) {
            ("", gpu) => assert_eq!(states(&gpu.unwrap()), states(&cpu), "{family}"),
            (reason, error) => {
                let error = error.unwrap_err();
                assert!(
                    matches!(&error, Error::Unsupported(said) if said.contains(reason)),
                    "{error}"
                );
                let (preferred, lines) = logging(Device::PreferGpu);
                let model = open(&preferred.unwrap(), directory.path()).unwrap();
                assert_eq!(states(&model), states(&cpu), "{family}");
                assert!(lines.try_iter().any(|line| line.contains(reason)), "{family}");
            }
        }
    }
}

/// Whether the reason is said where a GPU is required, and the processor's bytes come where it is not.
fn expect_no_gpu(directory: &Path, want: &str, reason: &str) {
    let error = engine(Device::RequireGpu).and_then(|engine| open(&engine, directory)).unwrap_err();
    assert!(matches!(error, Error::Device { .. }), "{error:?}");
    assert!(error.to_string().contains(reason), "{error}, not {reason}");
    let (preferred, lines) = logging(Device::PreferGpu);
    let model = open(&preferred.unwrap(), directory).unwrap();
    let (found, on) = everything(&model, &NOTES).unwrap();
    assert_eq!((found.as_str(), on), (want, RanOn::Cpu));
    assert!(lines.try_iter().any(|line| line.contains(reason)), "{reason} is not in the log");
}

#[test]
fn without_a_gpu_that_will_do_the_reason_is_said() {
    let directory = tiny();
    let cpu = open(&engine(Device::Cpu).unwrap(), directory.path()).unwrap();
    let want = everything(&cpu, &NOTES).unwrap().0;
    let mock = match driver() {
        Driver::None => {
            return expect_no_gpu(directory.path(), &want, "there is no NVIDIA driver");
        }
        Driver::Real => return,
        Driver::Mock(mock, guard) => (mock, guard).0,
    };
    for (count, capability, version, memory, reason) in [
        (0, (9, 0), 12_080, MEMORY, "the driver shows no GPU"),
        (1, (9, 0), 11_040, MEMORY, "the driver is too old: it brings CUDA 11.4, 12.0 is needed"),
        (1, (7, 0), 12_080, MEMORY, "no kernels for a GPU of compute capability 7.0"),
        (1, (9, 0), 12_080, 10_000, "memory of the GPU"),
    ] {
        (mock.card)(count, capability.0, capability.1, version, memory);
        expect_no_gpu(directory.path(), &want, reason);
        assert_eq!(mock.live(), [0; 6], "{reason}");
    }
    mock.usual();
    let second = EngineOptions { device: Device::RequireGpu, gpu: 1, ..Default::default() };
    let error = Engine::new(second).unwrap_err();
    assert!(error.to_string().contains("there is no GPU 1: the driver shows 1"), "{error}");
    // Newer than any machine code: the driver compiles.
    (mock.card)(1, 13, 0, 13_000, MEMORY);
    let model = open(&engine(Device::RequireGpu).unwrap(), directory.path()).unwrap();
    assert!(model.info().gpu.unwrap().contains("PTX"));
    assert_eq!(everything(&model, &NOTES).unwrap(), (want, RanOn::Gpu));
    drop(model);
    mock.usual();
}

#[test]
fn every_failure_of_every_call_is_told_and_nothing_leaks() {
    let Driver::Mock(mock, _guard) = driver() else { return skipped("failures of the driver") };
    let directory = tiny();
    let cpu = open(&engine(Device::Cpu).unwrap(), directory.path()).unwrap();
    let text: [Input<'_>; 1] = ["aspirin 5 mg for fever".into()];
    let run = |model: &Model| model.ner(&[], &text, &options());
    let want = format!("{:?}", run(&cpu).unwrap().documents);
    let scenario = |device| {
        let engine = engine(device)?;
        let model = open(&engine, directory.path())?;
        let first = run(&model)?;
        let second = run(&model)?;
        assert_eq!(format!("{:?}", first.documents), want);
        assert_eq!(format!("{:?}", second.documents), want);
        // What follows gives everything back.
        Ok::<_, Error>(((first.ran_on, second.ran_on), (mock.calls)()))
    };
    (mock.fail)(0, 0, false);
    let (on, working) = scenario(Device::RequireGpu).unwrap();
    assert_eq!(on, (RanOn::Gpu, RanOn::Gpu));
    let calls = (mock.calls)();
    assert_eq!(mock.live(), [0; 6]);
    // Out of memory, and an illegal address, after which a context is of no more use.
    for (code, for_good) in [(2, false), (700, true)] {
        for at in 1..=calls {
            mock.usual();
            (mock.fail)(at, code, for_good);
            let required = scenario(Device::RequireGpu);
            let name = mock.failed_call();
            // Giving back may fail: then the results are there, and what the driver keeps is its own.
            let gives_back = ["Free", "Destroy", "SetCurrent", "GetCurrent"];
            let gives_back = at > working || gives_back.iter().any(|part| name.contains(part));
            match required {
                Ok(_) => assert!(gives_back, "{name}, call {at}, was not told"),
                Err(Error::Device { reason }) => assert!(!reason.is_empty()),
                Err(error) => panic!("{name}, call {at}: {error:?}"),
            }
            if !gives_back && !for_good {
                assert_eq!(mock.live(), [0; 6], "{name}, call {at}");
            }
            mock.usual();
            (mock.fail)(at, code, for_good);
            scenario(Device::PreferGpu).unwrap_or_else(|e| panic!("{name}, call {at}: {e}"));
        }
        mock.usual();
    }
    println!("{calls} calls of the driver, each failed in four ways");
}

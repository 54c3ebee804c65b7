//! An engine: threads, instruction set, device and limits, shared by the models that run on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use biobert_kernels::{Isa, Kernel, kernel};

use crate::engine::cuda::Card;
use crate::engine::device::Device;
use crate::engine::workers::Workers;
use crate::error::{Error, Result};

/// Receives a line of text about what the library does; never any of a document.
pub type LogSink = Box<dyn Fn(&str) + Send + Sync>;

/// Settings of an [`Engine`].
pub struct EngineOptions {
    /// Threads that work on a call. 1, the default, is the caller's own; more are a private pool, which
    /// serves one call at a time: a call beside it works on its caller's thread.
    pub threads: usize,
    /// Instruction set: a name of [`Engine::isa_available`], or `None` for the best.
    pub isa: Option<String>,
    /// Largest document in bytes.
    pub max_doc_bytes: u64,
    /// Largest sum of the documents of a call in bytes.
    pub max_batch_bytes: u64,
    /// Tokens that the encoder works on at a time: the bound of its scratch memory. 0, the default, is
    /// 1024 on the processor and 16,384 on a GPU. Results do not depend on it.
    pub token_budget: usize,
    /// Where to compute.
    pub device: Device,
    /// Which GPU, by its number among those that the driver shows; 0 is the first. [`Device::Cpu`]
    /// does not look at it.
    pub gpu: usize,
    /// Where log lines go; `None`: nowhere.
    pub log: Option<LogSink>,
}

impl Default for EngineOptions {
    fn default() -> Self {
        EngineOptions {
            threads: 1,
            isa: None,
            max_doc_bytes: 64 << 20,
            max_batch_bytes: 256 << 20,
            token_budget: 0,
            device: Device::Cpu,
            gpu: 0,
            log: None,
        }
    }
}

impl std::fmt::Debug for EngineOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineOptions")
            .field("threads", &self.threads)
            .field("isa", &self.isa)
            .field("max_doc_bytes", &self.max_doc_bytes)
            .field("max_batch_bytes", &self.max_batch_bytes)
            .field("token_budget", &self.token_budget)
            .field("device", &self.device)
            .field("gpu", &self.gpu)
            .finish_non_exhaustive()
    }
}

/// Threads, instruction set, device and limits that models share. Cheap to clone; any number of threads may
/// use it at once. Nothing of it is global to the process.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    options: EngineOptions,
    workers: Workers,
    card: Option<Arc<Card>>,
    no_gpu: Option<Error>,
    live: Live,
}

/// How many objects of an engine are alive.
#[derive(Debug, Default)]
pub(crate) struct Live {
    pub(crate) models: AtomicU64,
    pub(crate) results: AtomicU64,
}

/// The most threads that an engine starts.
const MOST_THREADS: usize = 1024;
/// The most tokens that an engine works on at a time: 1.2 GB of the widest states of BERT-base.
const LARGEST_BUDGET: usize = 100_000;
/// Tokens at a time on the processor, where what is read again is to stay in its caches.
const CPU_BUDGET: usize = 1024;
/// Tokens at a time on a GPU, which needs as many to be busy.
const GPU_BUDGET: usize = 16_384;
/// Pieces before positions in memory are 32 bits wide.
const LARGEST_DOCUMENT: u64 = u32::MAX as u64 / 4;

impl Engine {
    /// Checks the options and starts the threads.
    ///
    /// # Errors
    /// [`Error::Argument`] for a setting out of range or an unknown instruction set,
    /// [`Error::Unsupported`] for one that this processor lacks and for a GPU in a build without the
    /// feature `cuda`, [`Error::Io`] if no thread can be started.
    pub fn new(options: EngineOptions) -> Result<Engine> {
        if options.threads == 0 || options.threads > MOST_THREADS {
            return Err(Error::Argument(format!("threads must be between 1 and {MOST_THREADS}")));
        }
        if options.max_doc_bytes > LARGEST_DOCUMENT {
            return Err(Error::Argument(format!("max_doc_bytes is above {LARGEST_DOCUMENT}")));
        }
        if options.token_budget > LARGEST_BUDGET {
            return Err(Error::Argument(format!("token_budget is above {LARGEST_BUDGET}")));
        }
        let workers = Workers::new(options.threads, find_kernel(options.isa.as_deref())?)?;
        let (card, no_gpu) = find_card(&options)?;
        let live = Live::default();
        let engine = Engine(Arc::new(Shared { options, workers, card, no_gpu, live }));
        if let Some(reason) = engine.no_gpu() {
            engine.log(&format!("GPU: the processor computes instead: {reason}"));
        }
        let on = engine.card().map_or_else(|| engine.isa().into(), |card| card.name().to_string());
        engine.log(&format!("engine: {} thread(s), {on}", engine.options().threads));
        Ok(engine)
    }

    /// The options that it was made with.
    pub fn options(&self) -> &EngineOptions {
        &self.0.options
    }

    /// Name of the instruction set in use.
    pub fn isa(&self) -> &'static str {
        self.0.workers.kernel().isa().name()
    }

    /// Name of the device in use: `cpu` or `gpu`.
    pub fn device(&self) -> &'static str {
        if self.card().is_some() { "gpu" } else { "cpu" }
    }

    /// The tokens that an encoder works on at a time, on a GPU or on the processor.
    pub(crate) fn token_budget(&self, on_gpu: bool) -> usize {
        match self.options().token_budget {
            0 if on_gpu => GPU_BUDGET,
            0 => CPU_BUDGET,
            tokens => tokens,
        }
    }

    /// Why it has no GPU, where [`Device::PreferGpu`] would have liked one.
    pub fn no_gpu(&self) -> Option<&Error> {
        self.0.no_gpu.as_ref()
    }

    /// The GPU that it computes on.
    pub(crate) fn card(&self) -> Option<&Arc<Card>> {
        self.0.card.as_ref()
    }

    /// Names of the instruction sets that this processor has, slowest first.
    pub fn isa_available() -> Vec<&'static str> {
        Isa::available().map(Isa::name).collect()
    }

    /// Models and results of this engine that are alive.
    pub fn live_objects(&self) -> (u64, u64) {
        let live = &self.0.live;
        (live.models.load(Ordering::Relaxed), live.results.load(Ordering::Relaxed))
    }

    /// Goes on without the GPU, for a reason that the log gets: an error where the options require it.
    pub(crate) fn without_gpu(&self, reason: Error) -> Result<()> {
        if self.options().device == Device::RequireGpu {
            return Err(reason);
        }
        self.log(&format!("GPU: the processor computes instead: {reason}"));
        Ok(())
    }

    pub(crate) fn live(&self) -> &Live {
        &self.0.live
    }

    pub(crate) fn workers(&self) -> &Workers {
        &self.0.workers
    }

    pub(crate) fn log(&self, line: &str) {
        if let Some(sink) = &self.0.options.log {
            sink(line);
        }
    }
}

/// The GPU that the options ask for; or why there is none, where the processor will do.
fn find_card(options: &EngineOptions) -> Result<(Option<Arc<Card>>, Option<Error>)> {
    let open = || Card::open(options.gpu).map(Arc::new);
    match options.device {
        Device::Cpu => Ok((None, None)),
        Device::RequireGpu => Ok((Some(open()?), None)),
        Device::PreferGpu => match open() {
            Ok(card) => Ok((Some(card), None)),
            Err(reason @ Error::Device { .. }) => Ok((None, Some(reason))),
            Err(error) => Err(error),
        },
    }
}

fn find_kernel(isa: Option<&str>) -> Result<&'static dyn Kernel> {
    let names = || Engine::isa_available().join(", ");
    let isa = match isa {
        None => Isa::best(),
        Some(name) => Isa::from_name(name).ok_or_else(|| {
            Error::Argument(format!("unknown instruction set; this processor has {}", names()))
        })?,
    };
    kernel(isa).ok_or_else(|| {
        Error::Unsupported(format!("this processor lacks {}; it has {}", isa.name(), names()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_range_are_refused() {
        let refused = |options: EngineOptions| Engine::new(options).unwrap_err();
        let threads = |threads| EngineOptions { threads, ..Default::default() };
        assert!(matches!(refused(threads(0)), Error::Argument(_)));
        assert!(matches!(refused(threads(100_000)), Error::Argument(_)));
        let isa = |name: &str| EngineOptions { isa: Some(name.into()), ..Default::default() };
        assert!(matches!(refused(isa("avx9000")), Error::Argument(_)));
        for isa in Isa::ALL.into_iter().filter(|isa| !isa.is_available()) {
            let options = EngineOptions { isa: Some(isa.name().into()), ..Default::default() };
            assert!(matches!(refused(options), Error::Unsupported(_)));
        }
    }

    #[test]
    fn a_token_budget_of_0_is_that_of_the_device() {
        let budget = |token_budget| {
            let options = EngineOptions { token_budget, ..Default::default() };
            Engine::new(options).map(|engine| engine.token_budget(false))
        };
        assert_eq!(budget(0), Ok(CPU_BUDGET));
        assert_eq!(budget(1), Ok(1));
        assert_eq!(budget(LARGEST_BUDGET), Ok(LARGEST_BUDGET));
        assert!(matches!(budget(LARGEST_BUDGET + 1), Err(Error::Argument(_))));
    }

    #[cfg(not(feature = "cuda"))]
    #[test]
    fn without_the_feature_there_is_no_gpu() {
        for device in [Device::PreferGpu, Device::RequireGpu] {
            let options = EngineOptions { device, ..Default::default() };
            let error = Engine::new(options).unwrap_err();
            assert!(matches!(error, Error::Unsupported(_)));
            assert!(error.to_string().contains("feature cuda"), "{error}");
        }
        assert_eq!(Engine::new(EngineOptions::default()).unwrap().device(), "cpu");
    }

    #[test]
    fn a_forced_instruction_set_is_the_one_in_use() {
        for name in Engine::isa_available() {
            let options = EngineOptions { isa: Some(name.into()), ..Default::default() };
            assert_eq!(Engine::new(options).unwrap().isa(), name);
        }
    }
}

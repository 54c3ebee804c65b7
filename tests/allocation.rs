//! What the encoder allocates once it is warm: the inputs and the result of a call, nothing for a layer
//! or a step. In a file of its own, since it counts for the whole process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

use biobert::{Engine, EngineOptions, Model, OpenOptions, TokenSequence};

/// The system's allocator, with a count for each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

fn count(bytes: usize) {
    COUNT.with(|count| {
        let (pieces, total) = count.get();
        count.set((pieces + 1, total + bytes));
    });
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Pieces and bytes that `work` allocates on this thread.
fn allocated<T>(work: impl FnOnce() -> T) -> (usize, usize) {
    let before = COUNT.get();
    let result = work();
    let after = COUNT.get();
    drop(result);
    (after.0 - before.0, after.1 - before.1)
}

#[test]
fn a_warm_encoder_allocates_its_inputs_and_its_result() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/bio-minilm");
    let engine = Engine::new(EngineOptions::default()).unwrap();
    let model = Model::open(&engine, &path, OpenOptions::default()).unwrap();
    let sequence =
        |length: u32| TokenSequence { ids: (1000..1000 + length).collect(), first_segment: 999 };
    let batches: [Vec<TokenSequence>; 4] = [
        vec![sequence(20)],
        vec![sequence(128)],
        (1..40).map(sequence).collect(),
        vec![sequence(500), sequence(3)],
    ];
    let run = |batch: &[TokenSequence], layers| model.states(batch, layers).unwrap();
    let mut most = 0;
    for batch in &batches {
        let tokens: usize = batch.iter().map(|sequence| sequence.ids.len()).sum();
        let mut counts = Vec::new();
        for layers in [1, model.layers()] {
            run(batch, layers);
            let (pieces, bytes) = allocated(|| run(batch, layers));
            // The states, twice where they are handed on, and the numbers of the batch.
            let result = 4 * tokens * model.hidden();
            assert!(bytes < 2 * result + 64 * tokens + 16_384, "{bytes} bytes for {tokens} tokens");
            counts.push(pieces);
        }
        assert_eq!(counts[0], counts[1], "pieces with one layer and with all, {tokens} tokens");
        most = most.max(counts[0]);
    }
    println!("{most} pieces at most");
    assert!(most < 100, "{most} pieces of memory in a warm call");
}

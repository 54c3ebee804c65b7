//! `biobert embed`: documents to vectors, as JSONL or as one .npy file.

use std::io::Write;

use biobert::{EmbedOptions, Pooling, TextRange};
use serde::Serialize;
use serde_json::Value;

use crate::args::EmbedArgs;
use crate::failure::{Failure, Result, complain};
use crate::jsonl::{Failed, line};
use crate::session::Session;
use crate::sink::close;
use crate::staged::Staged;

pub fn run(args: EmbedArgs) -> Result<()> {
    let mut session = Session::open(&args.text)?;
    let own = session.worker.vector_width().filter(|_| args.layer.is_none());
    let default = if own.is_some() { Pooling::Model } else { Pooling::Mean };
    let embed = EmbedOptions {
        pooling: args.pooling.map_or(default, Pooling::from),
        layer: args.layer,
        normalize: args.normalize,
        tokens: args.tokens,
        prompt: args.prompt,
    };
    let hidden = session.worker.hidden();
    let width = match embed.pooling {
        Pooling::Model => session.worker.vector_width().unwrap_or(hidden),
        _ => hidden,
    };
    // A bad path is found out before the work, and a file is there whole or not at all.
    let staged = args.out.as_deref();
    let staged = staged.map(|out| Staged::file(out, &session.reads)).transpose()?;
    let mut out = std::io::stdout().lock();
    let mut rows: Vec<f32> = Vec::new();
    let done = session.run(
        |model, _, inputs, options| model.embed(inputs, &embed, options),
        |doc, original, document| match (document, &args.out) {
            (Ok(found), None) => {
                let states = found.states.chunks_exact(hidden).collect();
                let (embedding, tokens) = (&*found.embedding, &*found.tokens);
                let id = original.id.as_ref();
                let object = Embedded { doc, id, embedding, tokens, states };
                line(&mut out, &serde_json::to_string(&object)?)
            }
            (Err(error), None) => {
                let failed = Failed { doc, id: original.id.as_ref(), error: error.to_string() };
                line(&mut out, &serde_json::to_string(&failed)?)
            }
            (Ok(found), Some(_)) => {
                rows.extend(&found.embedding);
                Ok(())
            }
            // Rows stay in step with the documents.
            (Err(error), Some(_)) => {
                rows.extend(std::iter::repeat_n(f32::NAN, width));
                complain(&format!("document {doc}: {error}"));
                Ok(())
            }
        },
    );
    if let (Some(mut file), Ok(()) | Err(Failure::Documents(_))) =
        (staged.as_ref().and_then(Staged::out), &done)
    {
        write_npy(&mut file, &rows, width)?;
    }
    close(staged, done)
}

#[derive(Serialize)]
struct Embedded<'a> {
    doc: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a Value>,
    embedding: &'a [f32],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tokens: &'a [TextRange],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    states: Vec<&'a [f32]>,
}

/// `[rows, width]` in NumPy's format, version 1.0 (numpy.lib.format).
fn write_npy(file: &mut impl Write, values: &[f32], width: usize) -> std::io::Result<()> {
    let shape = format!("({}, {width})", values.len() / width);
    let mut header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    // Magic, version and length take ten bytes; the values start on a multiple of 64.
    let padding = (10 + header.len() + 1).next_multiple_of(64) - (10 + header.len() + 1);
    header.extend(std::iter::repeat_n(' ', padding));
    header.push('\n');
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

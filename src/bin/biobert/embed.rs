//! `biobert embed`: documents to vectors, as JSONL or as one .npy file.

use std::io::Write;
use std::path::Path;

use biobert::{EmbedOptions, Pooling, TextRange};
use serde::Serialize;
use serde_json::json;
use tempfile::NamedTempFile;

use crate::args::EmbedArgs;
use crate::failure::{Failure, Result, complain};
use crate::jsonl::line;
use crate::session::Session;

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
    let staged = args.out.as_deref().map(Staged::new).transpose()?;
    let mut out = std::io::stdout().lock();
    let mut rows: Vec<f32> = Vec::new();
    let done = session.run(
        |model, _, inputs, options| model.embed(inputs, &embed, options),
        |doc, _, document| match (document, &args.out) {
            (Ok(found), None) => {
                let states = found.states.chunks_exact(hidden).collect();
                let (embedding, tokens) = (&*found.embedding, &*found.tokens);
                let object = Embedded { doc, embedding, tokens, states };
                line(&mut out, &serde_json::to_string(&object)?)
            }
            (Err(error), None) => {
                line(&mut out, &json!({ "doc": doc, "error": error.to_string() }).to_string())
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
    if let (Some(staged), Ok(()) | Err(Failure::Documents(_))) = (staged, &done) {
        staged.finish(|file| write_npy(file, &rows, width))?;
    }
    done
}

/// A file that gets its name when it is finished.
struct Staged<'a> {
    path: &'a Path,
    file: NamedTempFile,
}

impl<'a> Staged<'a> {
    fn new(path: &'a Path) -> Result<Staged<'a>> {
        let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        // What any new file gets: temporary ones would be the user's alone.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(directory.unwrap_or(Path::new(".")));
        let file = file.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Failure::file(path, "its directory does not exist"),
            // The kind, not the error: its text has the temporary name.
            kind => Failure::file(path, kind),
        })?;
        Ok(Staged { path, file })
    }

    fn finish(self, write: impl FnOnce(&mut NamedTempFile) -> std::io::Result<()>) -> Result<()> {
        let Staged { path, mut file } = self;
        let named = write(&mut file).and_then(|()| Ok(file.persist(path)?));
        named.map(|_| ()).map_err(|error| Failure::file(path, error))
    }
}

#[derive(Serialize)]
struct Embedded<'a> {
    doc: usize,
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
    let mut file = std::io::BufWriter::new(file);
    file.write_all(b"\x93NUMPY\x01\x00")?;
    file.write_all(&(header.len() as u16).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    for value in values {
        file.write_all(&value.to_le_bytes())?;
    }
    file.flush()
}

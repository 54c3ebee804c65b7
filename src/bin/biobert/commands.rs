//! The short commands: `convert`, `verify`, `info`.

use std::io::Write;

use biobert::{ConvertOptions, Engine, EngineOptions, Info};

use crate::args::{ConvertArgs, InfoArgs, InfoFormat, Integrity, VerifyArgs};
use crate::failure::{Failure, Result};
use crate::{models, progress};

pub fn convert(args: ConvertArgs) -> Result<()> {
    let read = |path: &std::path::PathBuf| {
        std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))
    };
    let card = args.card.as_ref().map(read).transpose()?;
    let options = ConvertOptions { licence: args.licence, card, default_heads: args.default_heads };
    let spinner = progress::spinner("converting");
    let told = spinner.clone();
    let log = move |line: &str| {
        if line.starts_with("model ") {
            told.suspend(|| eprintln!("biobert: {line}"));
        }
    };
    let engine =
        Engine::new(EngineOptions { log: Some(Box::new(log)), ..EngineOptions::default() })?;
    biobert::convert(&engine, &args.sources, &args.target, options)?;
    spinner.finish_and_clear();
    writeln!(std::io::stdout(), "{} written", args.target.display())?;
    Ok(())
}

/// A larger part of changed decisions than quantization ever explains; of a few, one may be a near tie.
const MOST_CHANGED: f64 = 0.1;

pub fn verify(args: VerifyArgs) -> Result<()> {
    let path = models::find(Some(&args.model))?;
    let model = models::open(Some(&args.model), &args.engine)?;
    let found = model.verify().map_err(|error| Failure::file(&path, error))?;
    let mut out = std::io::stdout().lock();
    let checked = match args.engine.integrity {
        Integrity::Full => "all files match",
        Integrity::Headers => "lengths and headers match",
    };
    writeln!(out, "{}: {checked} the manifest", path.display())?;
    writeln!(
        out,
        "self-check in {}: {} sequences, {} of {} decisions changed, largest drift from the checkpoint in f32: \
         states {:.4}, logits {:.4}",
        model.precision().name(),
        found.sequences,
        found.changed,
        found.decisions,
        found.state_drift,
        found.logit_drift,
    )?;
    writeln!(out, "{}", serde_json::to_string(&found)?)?;
    let finite = found.state_drift.is_finite() && found.logit_drift.is_finite();
    if found.sequences == 0
        || !finite
        || found.changed as f64 > (MOST_CHANGED * found.decisions as f64).max(1.0)
    {
        let reason = "the model does not do what its checkpoint did";
        return Err(Failure::file(&path, reason));
    }
    Ok(())
}

pub fn info(args: InfoArgs) -> Result<()> {
    // The description has the notes.
    let model = models::open_silently(args.model.as_deref(), &args.engine)?;
    let info = model.info();
    let mut out = std::io::stdout().lock();
    match args.format {
        InfoFormat::Json => writeln!(out, "{}", serde_json::to_string(&info)?)?,
        InfoFormat::Text => write!(out, "{}", text(&info))?,
    }
    Ok(())
}

/// Where the encoder runs: on which GPU, or why on none.
fn device(info: &Info) -> String {
    let gpu = info.gpu.as_ref().map(|gpu| format!(" ({gpu})"));
    let no_gpu = info.no_gpu.as_ref().map(|reason| format!(" (no GPU: {reason})"));
    format!("{}{}", info.device, gpu.or(no_gpu).unwrap_or_default())
}

fn text(info: &Info) -> String {
    let case = if info.cased { "cased" } else { "uncased" };
    let mut lines = vec![
        format!("model       {} ({})", info.name, info.format),
        format!(
            "path        {}: {} arithmetic, {} weights; {}",
            info.path, info.precision, info.weights, info.path_reason
        ),
        format!("isa         {} (this processor has {})", info.isa, info.isa_available.join(", ")),
        format!("threads     {}", info.threads),
        format!("device      {}", device(info)),
        format!(
            "encoder     {} layers x {}, {} pieces, {case}",
            info.layers, info.hidden, info.vocabulary
        ),
        format!(
            "limits      {} tokens at once (longer documents are read in windows), {} bytes a document, {} bytes a call",
            info.limits.max_tokens, info.limits.max_doc_bytes, info.limits.max_batch_bytes
        ),
    ];
    for head in &info.heads {
        let task = serde_json::to_value(head.task).unwrap_or_default();
        let what = head.entity.clone().unwrap_or_else(|| head.labels.join(", "));
        let trained =
            head.trained_on.as_deref().map(|data| format!("; {data}")).unwrap_or_default();
        let form = match head {
            _ if head.regression => " (a number as it is, no probability)",
            _ if head.crf => " (chosen together by a CRF)",
            _ => "",
        };
        lines.push(format!(
            "head        {}: {}, {what}{form}{trained}",
            head.name,
            task.as_str().unwrap_or_default()
        ));
    }
    if !info.default_heads.is_empty() {
        lines.push(format!("default     {}", info.default_heads.join(", ")));
    }
    lines.extend(info.mask_token.as_ref().map(|token| format!("fill        {token} in texts")));
    lines.extend(info.vectors.as_ref().map(|vectors| {
        let length = if vectors.normalized { ", of length 1" } else { "" };
        let made = match vectors.pooling.is_empty() {
            true => "the graph's own".into(),
            false => {
                vectors.pooling.iter().chain(&vectors.steps).cloned().collect::<Vec<_>>().join(", ")
            }
        };
        let lower_case = if vectors.lower_case { "; text is lower-cased" } else { "" };
        format!(
            "vectors     {} numbers{length}, of {} tokens at once: {made}{lower_case}",
            vectors.width, vectors.max_tokens
        )
    }));
    if let Some(vectors) = info.vectors.as_ref().filter(|vectors| !vectors.prompts.is_empty()) {
        let default = vectors.default_prompt.as_ref();
        let default = default.map_or("none".into(), |name| name.clone());
        let counts = match vectors.include_prompt {
            Some(false) => "; their states do not count",
            _ => "",
        };
        let names = vectors.prompts.join(", ");
        lines.push(format!("prompts     {names}; by default {default}{counts}"));
    }
    for source in &info.source {
        lines.push(format!("source      {} (sha256 {})", source.name, source.sha256));
    }
    lines.extend(info.licence.as_ref().map(|licence| format!("licence     {licence}")));
    lines.extend(info.passed_over.iter().map(|remark| format!("passed over {remark}")));
    lines.extend(info.notes.iter().map(|note| format!("note        {note}")));
    lines.join("\n") + "\n"
}

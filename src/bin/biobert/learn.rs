//! `terms learn`, and what it reads.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use biobert::data::{Content, Origin, ReadOptions, StreamOptions, guess, stream};
use biobert::document::{Document, Entity, Link};
use biobert::terms::{Coded, TermsInfo, learn};

use crate::args::{FormArgs, TermsLearnArgs, has_codes};
use crate::failure::{Failure, Result, complain, tell_format};
use crate::files;

pub fn run(args: &TermsLearnArgs) -> Result<()> {
    files::expect_writable(&args.out, &args.data)?;
    let (mut documents, form) = (Vec::new(), args.form.form());
    for path in &args.data {
        documents.extend(annotated(path, &form)?);
    }
    let system = match &args.system {
        Some(system) => system.clone(),
        None => only_system(&documents)?,
    };
    let names = args.data.iter().filter_map(|file| file.file_name());
    let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
    let stem = args.out.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let info = TermsInfo {
        name: stem.unwrap_or_default(),
        system: system.clone(),
        source: names.join(", "),
        ..TermsInfo::default()
    };
    let coded = documents.iter().flat_map(|document| {
        document.entities.iter().filter_map(|entity| coded(document, entity, &system))
    });
    let built = learn(coded, &info, &args.out).map_err(|error| Failure::file(&args.out, error))?;
    let mut out = std::io::stdout().lock();
    let (codes, names) = (built.concepts, built.names);
    writeln!(out, "{} written: {names} names of {codes} codes", args.out.display())?;
    writeln!(out, "{}", serde_json::to_string(&built)?)?;
    Ok(())
}

/// The documents of an annotated file whose entities have codes.
pub fn annotated(path: &Path, form: &FormArgs) -> Result<Vec<Document>> {
    let text = files::read_text(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unit = form.unit.into();
    let (content, format) = (Content::Entities, form.input_format);
    let options = ReadOptions { content, format, unit, entity: None };
    let format = format.map_or_else(|| guess(&name, &text, &options), |format| Ok(Some(format)))?;
    let documents = match format {
        None => Vec::new(),
        // With all that they say, codes too.
        Some(format) if has_codes(format) => {
            let origin = Origin::Stream(Box::new(text.as_bytes()));
            let documents = stream(&name, format, origin, StreamOptions { unit })?;
            documents.collect::<biobert::Result<_>>()?
        }
        Some(format) => {
            let way = "give PubTator's text, BioC, JSON lines or a table of facts, which `biobert formats \
                       convert` makes of others";
            let reason = format!("{} has no codes of entities: {way}", format.title());
            return Err(Failure::file(path, reason));
        }
    };
    if documents.is_empty() {
        return Err(Failure::file(path, "no document in it"));
    }
    if form.input_format.is_none() {
        tell_format(path, format, 0);
    }
    Ok(documents)
}

/// The code system of the documents, if they have one.
fn only_system(documents: &[Document]) -> Result<String> {
    let entities = documents.iter().flat_map(|document| &document.entities);
    let links = entities.flat_map(|entity| &entity.links);
    let systems: BTreeSet<&str> = links.map(|link| &*link.system).collect();
    let systems: Vec<&str> = systems.into_iter().collect();
    match systems[..] {
        [] => Err(Failure::Message("no entity has a code".into())),
        [system] => {
            complain(&format!("codes of {system}"));
            Ok(system.into())
        }
        _ => {
            let reason =
                format!("the files have codes of {}: name one with --system", systems.join(", "));
            Err(Failure::Message(reason))
        }
    }
}

/// What an entity teaches: its words and its codes of a system.
fn coded(document: &Document, entity: &Entity, system: &str) -> Option<Coded> {
    let links = entity.links.iter().filter(|link| link.system.eq_ignore_ascii_case(system));
    let codes: Vec<&str> = links.filter_map(Link::given).map(|given| &*given.code).collect();
    let section = entity.section.and_then(|at| document.sections.get(at));
    (!codes.is_empty()).then(|| Coded {
        text: document.text[entity.bytes.clone()].into(),
        label: entity.label.to_string(),
        section: section.map(|section| section.name.into()),
        code: codes.join("|"),
    })
}

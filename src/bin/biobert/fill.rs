//! `biobert fill`: what may stand at the masks of texts, which come as arguments or line by line.

use biobert::FillOptions;

use crate::args::{FillArgs, InputArgs};
use crate::documents::{Documents, Form};
use crate::failure::Result;
use crate::output::{Content, Document};
use crate::session::Session;
use crate::sink::Shown;

pub fn run(args: FillArgs) -> Result<()> {
    let FillArgs { texts, mut files, unit, invalid, markup, .. } = args;
    if texts.is_empty() && files.is_empty() {
        files.push("-".into());
    }
    let input = InputArgs { unit, input_format: None, invalid, markup, files };
    let mut session = Session::with_model(args.model.as_deref(), &args.engine, &input, Form::Line)?;
    if !texts.is_empty() {
        session.documents = Documents::given(texts);
    }
    let shown = Shown::open(&args.output, &session.reads, "Masks", Some(&session.worker))?;
    let fill = FillOptions { top_k: args.top_k };
    session.write(
        shown,
        |model, _, inputs, options| model.fill(inputs, &fill, options),
        |output, source, found| {
            let (masks, flags) = (Some(&*found.masks), found.flags);
            output.document(&Document::new(source, Content { masks, flags, ..Content::default() }))
        },
    )
}

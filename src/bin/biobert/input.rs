//! The bytes of a file: how many were read, and what it seems to be.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::path::Path;
use std::rc::Rc;
use std::sync::Once;

use biobert::data;

use crate::failure::complain;
use crate::files;

/// A reader that counts its bytes.
pub struct Counted {
    pub input: Box<dyn BufRead>,
    pub read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

impl BufRead for Counted {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.read.set(self.read.get() + count as u64);
        self.input.consume(count);
    }
}

/// Says, once, that a file that is read as text seems to be in a format.
pub fn hint(path: &Path, input: &mut impl BufRead) {
    static SAID: Once = Once::new();
    // What is wrong with the file is told when it is read.
    let start = String::from_utf8_lossy(input.fill_buf().unwrap_or_default());
    if let Some(format) = data::seems(&start) {
        let (name, title, option) = (files::title(path), format.title(), format.name());
        SAID.call_once(|| {
            complain(&format!(
                "{name} read as text; it seems to be {title}, which --input-format {option} reads"
            ));
        });
    }
}

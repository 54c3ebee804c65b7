//! A pickle, read as far as state dicts need it. A pickle is a program for a small stack machine;
//! this machine makes plain values and has no way to run anything (see `calls.rs`).
//!
//! Values live in one flat arena and name each other by index, as Python's do by reference: nothing
//! recurses however deep a file nests, and naming a value again copies nothing.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::files::torch::cursor::Cursor;
use crate::files::torch::opcode;
use crate::files::torch::value::{Id, Storage, Value};

/// How many operations a file may have: what caps the memory, since each makes at most one value
/// and one reference. The largest BERT takes some twenty thousand.
const MAX_OPERATIONS: usize = 500_000;

/// Reads the pickles of a file, one after another.
pub(super) struct Unpickler<'a> {
    cursor: Cursor<'a>,
    operations: usize,
    values: Vec<Value<'a>>,
    stack: Vec<Id>,
    /// How high the stack was at each mark.
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
}

impl<'a> Unpickler<'a> {
    pub(super) fn new(file: &'a str, bytes: &'a [u8]) -> Unpickler<'a> {
        Unpickler {
            cursor: Cursor::new(file, bytes),
            operations: 0,
            values: Vec::new(),
            stack: Vec::new(),
            marks: Vec::new(),
            memo: HashMap::new(),
        }
    }

    pub(super) fn file(&self) -> &'a str {
        self.cursor.file()
    }

    /// Where the next pickle begins.
    pub(super) fn position(&self) -> usize {
        self.cursor.position()
    }

    pub(super) fn value(&self, id: Id) -> &Value<'a> {
        &self.values[id.0 as usize]
    }

    /// The items of a tuple or a list.
    pub(super) fn items(&self, id: Id) -> Option<&[Id]> {
        match self.value(id) {
            Value::Tuple(items) | Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// An item of a dict by its key. As in Python, the last of several counts.
    pub(super) fn item(&self, dict: Id, key: &str) -> Option<&Value<'a>> {
        let Value::Dict(pairs) = self.value(dict) else { return None };
        let is = |id: Id| matches!(self.value(id), Value::Text(text) if *text == key);
        let (_, value) = pairs.iter().rev().find(|(id, _)| is(*id))?;
        Some(self.value(*value))
    }

    pub(super) fn storages(&self) -> impl Iterator<Item = &Storage<'a>> {
        self.values.iter().filter_map(|value| match value {
            Value::Storage(storage) => Some(storage),
            _ => None,
        })
    }

    pub(super) fn corrupt(&self, reason: &str) -> Error {
        self.cursor.corrupt(reason)
    }

    /// Reads a pickle to its end.
    pub(super) fn load(&mut self) -> Result<Id> {
        self.stack.clear();
        self.marks.clear();
        self.memo.clear();
        loop {
            match self.cursor.u8()? {
                opcode::STOP => return self.pop(),
                operation => self.step(operation)?,
            }
        }
    }

    fn step(&mut self, operation: u8) -> Result<()> {
        self.spend(1)?;
        match operation {
            opcode::PROTO => drop(self.cursor.take(1)?),
            opcode::FRAME => drop(self.cursor.take(8)?),
            opcode::MARK => self.marks.push(self.stack.len()),

            opcode::NONE => self.push(Value::None),
            opcode::NEWTRUE => self.push(Value::Bool(true)),
            opcode::NEWFALSE => self.push(Value::Bool(false)),
            opcode::BININT => {
                let value = i32::from_le_bytes(self.cursor.array()?);
                self.push(Value::Int(value.into()));
            }
            opcode::BININT1 => {
                let value = self.cursor.u8()?;
                self.push(Value::Int(value.into()));
            }
            opcode::BININT2 => {
                let value = u16::from_le_bytes(self.cursor.array()?);
                self.push(Value::Int(value.into()));
            }
            opcode::LONG1 => {
                let len = self.cursor.u8()?;
                let value = integer(self.cursor.take(len.into())?);
                self.push(value);
            }
            opcode::BINFLOAT => {
                self.cursor.take(8)?;
                self.push(Value::Other);
            }
            opcode::BINUNICODE | opcode::BINSTRING => {
                let len = self.cursor.u32()?;
                self.text(len)?;
            }
            opcode::SHORT_BINUNICODE | opcode::SHORT_BINSTRING => {
                let len = self.cursor.u8()?;
                self.text(len.into())?;
            }

            opcode::EMPTY_TUPLE => self.push(Value::Tuple(Vec::new())),
            opcode::TUPLE1 => self.tuple::<1>()?,
            opcode::TUPLE2 => self.tuple::<2>()?,
            opcode::TUPLE3 => self.tuple::<3>()?,
            opcode::TUPLE => {
                let items = self.pop_to_mark()?;
                self.push(Value::Tuple(items));
            }
            opcode::EMPTY_LIST => self.push(Value::List(Vec::new())),
            opcode::APPEND => {
                let item = self.pop()?;
                self.append(&[item])?;
            }
            opcode::APPENDS => {
                let items = self.pop_to_mark()?;
                self.append(&items)?;
            }
            opcode::EMPTY_DICT => self.push(Value::Dict(Vec::new())),
            opcode::SETITEM => {
                let value = self.pop()?;
                let key = self.pop()?;
                self.set_items(&[key, value])?;
            }
            opcode::SETITEMS => {
                let items = self.pop_to_mark()?;
                self.set_items(&items)?;
            }

            opcode::BINPUT => {
                let index = self.cursor.u8()?;
                self.remember(index.into())?;
            }
            opcode::LONG_BINPUT => {
                let index = self.cursor.u32()?;
                self.remember(index)?;
            }
            opcode::MEMOIZE => self.remember(self.memo.len() as u32)?,
            opcode::BINGET => {
                let index = self.cursor.u8()?;
                self.recall(index.into())?;
            }
            opcode::LONG_BINGET => {
                let index = self.cursor.u32()?;
                self.recall(index)?;
            }

            opcode::GLOBAL => {
                let module = self.cursor.line()?;
                let name = self.cursor.line()?;
                self.global(module, name)?;
            }
            opcode::STACK_GLOBAL => {
                let name = self.pop()?;
                let module = self.pop()?;
                let (&Value::Text(module), &Value::Text(name)) =
                    (self.value(module), self.value(name))
                else {
                    return Err(self.corrupt("a name that is no text"));
                };
                self.global(module, name)?;
            }
            opcode::REDUCE => self.call()?,
            // What is set on an OrderedDict is notes on the versions of modules.
            opcode::BUILD => {
                self.pop()?;
                let Value::Dict(_) = self.value(self.top()?) else {
                    return Err(self.corrupt("an object that is no tensor"));
                };
            }
            opcode::BINPERSID => self.storage()?,
            _ => {
                let reason = format!("operation {operation:#04x}, as no state dict does");
                return Err(self.corrupt(&reason));
            }
        }
        Ok(())
    }

    /// Counts operations, or work that is worth as many.
    pub(super) fn spend(&mut self, operations: usize) -> Result<()> {
        self.operations = self.operations.saturating_add(operations);
        if self.operations > MAX_OPERATIONS {
            let reason = format!("more than the {MAX_OPERATIONS} operations that are read");
            return Err(Error::Unsupported(format!("{}: its pickle has {reason}", self.file())));
        }
        Ok(())
    }

    pub(super) fn push(&mut self, value: Value<'a>) {
        self.stack.push(Id(self.values.len() as u32));
        self.values.push(value);
    }

    pub(super) fn push_again(&mut self, id: Id) {
        self.stack.push(id);
    }

    /// The top of the stack, unless it belongs to what is below the last mark.
    fn top(&self) -> Result<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let top = self.stack.get(floor..).and_then(<[Id]>::last);
        top.copied().ok_or_else(|| self.corrupt("an operation without its operands"))
    }

    pub(super) fn pop(&mut self) -> Result<Id> {
        let top = self.top()?;
        self.stack.pop();
        Ok(top)
    }

    fn pop_to_mark(&mut self) -> Result<Vec<Id>> {
        match self.marks.pop() {
            // No operation goes below the last mark, so the stack is as high at least.
            Some(mark) => Ok(self.stack.split_off(mark)),
            None => Err(self.corrupt("an operation without its mark")),
        }
    }

    fn tuple<const N: usize>(&mut self) -> Result<()> {
        let mut items = Vec::with_capacity(N);
        for _ in 0..N {
            items.push(self.pop()?);
        }
        items.reverse();
        self.push(Value::Tuple(items));
        Ok(())
    }

    fn append(&mut self, items: &[Id]) -> Result<()> {
        let list = self.top()?;
        match &mut self.values[list.0 as usize] {
            Value::List(list) => {
                list.extend(items);
                Ok(())
            }
            _ => Err(self.corrupt("an item of no list")),
        }
    }

    fn set_items(&mut self, items: &[Id]) -> Result<()> {
        let dict = self.top()?;
        match (&mut self.values[dict.0 as usize], items.as_chunks()) {
            (Value::Dict(dict), (pairs, [])) => {
                dict.extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err(self.corrupt("an item of no dict")),
        }
    }

    fn text(&mut self, len: u32) -> Result<()> {
        let text = self.cursor.text(len as usize)?;
        self.push(text.map_or(Value::Other, Value::Text));
        Ok(())
    }

    fn remember(&mut self, index: u32) -> Result<()> {
        self.memo.insert(index, self.top()?);
        Ok(())
    }

    fn recall(&mut self, index: u32) -> Result<()> {
        let Some(&id) = self.memo.get(&index) else {
            return Err(self.corrupt("a reference to nothing"));
        };
        self.push_again(id);
        Ok(())
    }
}

/// A number of any length, least significant byte first, in two's complement.
fn integer<'a>(bytes: &[u8]) -> Value<'a> {
    let negative = bytes.last().is_some_and(|&byte| byte >= 0x80);
    let mut wide = [if negative { 0xff } else { 0 }; 8];
    match wide.get_mut(..bytes.len()) {
        Some(low) => {
            low.copy_from_slice(bytes);
            Value::Int(i64::from_le_bytes(wide))
        }
        None => Value::Other,
    }
}

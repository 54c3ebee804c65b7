//! What a pickle may name and call: what a state dict is made of. Nothing is run, a call becomes the
//! value that it would give; a name that is not here ends the reading.

use safetensors::Dtype;

use crate::error::{Error, Result};
use crate::files::torch::pickle::Unpickler;
use crate::files::torch::value::{Class, Id, Rebuild, Storage, Value};

fn class(module: &str, name: &str) -> Option<Class> {
    let class = match (module, name) {
        ("collections", "OrderedDict") => Class::OrderedDict,
        ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Class::Tensor,
        ("torch._utils", "_rebuild_parameter") => Class::Parameter,
        ("torch", name) => match name.strip_suffix("Storage") {
            Some(element) => Class::Storage(storage(element)?),
            None => dtype(name)?,
        },
        _ => return None,
    };
    Some(class)
}

fn storage(element: &str) -> Option<Dtype> {
    let dtype = match element {
        "Float" => Dtype::F32,
        "Half" => Dtype::F16,
        "BFloat16" => Dtype::BF16,
        "Double" => Dtype::F64,
        "Long" => Dtype::I64,
        "Int" => Dtype::I32,
        "Short" => Dtype::I16,
        "Char" => Dtype::I8,
        "Byte" => Dtype::U8,
        "Bool" => Dtype::BOOL,
        _ => return None,
    };
    Some(dtype)
}

fn dtype(name: &str) -> Option<Class> {
    let known = ["float", "bfloat", "int", "uint", "bool"];
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    known.contains(&stem).then_some(Class::Dtype)
}

impl<'a> Unpickler<'a> {
    /// GLOBAL: a class or a function, by its name.
    pub(super) fn global(&mut self, module: &str, name: &str) -> Result<()> {
        if let Some(class) = class(module, name) {
            self.push(Value::Class(class));
            return Ok(());
        }
        let full = format!("{module}.{name}");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let shown = if full.len() <= 80 && full.chars().all(plain) { &full } else { "something" };
        let reason = "asks to call something that is no tensor; nothing was called";
        Err(Error::Unsupported(format!("{}: {reason} ({shown})", self.file())))
    }

    /// REDUCE: a call.
    pub(super) fn call(&mut self) -> Result<()> {
        let arguments = self.pop()?;
        let callable = self.pop()?;
        let (Value::Class(class), Value::Tuple(arguments)) =
            (self.value(callable), self.value(arguments))
        else {
            return Err(self.corrupt("a call of something that cannot be called"));
        };
        match (class, arguments.as_slice()) {
            (Class::OrderedDict, []) => self.push(Value::Dict(Vec::new())),
            // As Python 2 wrote them: of one list of pairs.
            (Class::OrderedDict, &[pairs]) => self.ordered_dict(pairs)?,
            // `_rebuild_tensor_v2` takes its metadata last: a tensor may be the negative of its
            // storage.
            (Class::Tensor, &[storage, offset, shape, stride, ref more @ ..])
                if more.get(2).is_none_or(|&metadata| self.is_nothing(metadata)) =>
            {
                self.push(Value::Tensor(Rebuild { storage, offset, shape, stride }));
            }
            (Class::Parameter, &[tensor, ..]) => self.push_again(tensor),
            _ => return Err(self.corrupt("a call with arguments that do not fit")),
        }
        Ok(())
    }

    fn is_nothing(&self, id: Id) -> bool {
        match self.value(id) {
            Value::None => true,
            Value::Dict(pairs) => pairs.is_empty(),
            _ => false,
        }
    }

    fn ordered_dict(&mut self, list: Id) -> Result<()> {
        let Value::List(pairs) = self.value(list) else {
            return Err(self.corrupt("a dict of no list"));
        };
        // A long list can be named again and again, at no cost to the file: its length counts.
        let count = pairs.len();
        self.spend(count)?;
        let pairs = self.pairs(list).ok_or_else(|| self.corrupt("a dict of no pairs"))?;
        self.push(Value::Dict(pairs));
        Ok(())
    }

    fn pairs(&self, list: Id) -> Option<Vec<(Id, Id)>> {
        let pair = |&id: &Id| match self.items(id)? {
            &[key, value] => Some((key, value)),
            _ => None,
        };
        self.items(list)?.iter().map(pair).collect()
    }

    /// BINPERSID: a storage, by `("storage", type, key, place, elements)`. In the form before PyTorch
    /// 1.6 a sixth item can make it a part of another storage, as nobody has written since 0.4.
    pub(super) fn storage(&mut self) -> Result<()> {
        let id = self.pop()?;
        let Some(&[tag, class, key, _, elements, ref part @ ..]) = self.items(id) else {
            return Err(self.corrupt("a storage without a description"));
        };
        let whole =
            part.len() <= 1 && part.iter().all(|&part| matches!(self.value(part), Value::None));
        let (Value::Text("storage"), true) = (self.value(tag), whole) else {
            return Err(self.corrupt("a storage of a kind that is not known"));
        };
        let (&Value::Class(Class::Storage(dtype)), &Value::Text(key), &Value::Int(elements)) =
            (self.value(class), self.value(key), self.value(elements))
        else {
            return Err(self.corrupt("a storage without type, key or length"));
        };
        let Ok(elements) = usize::try_from(elements) else {
            return Err(self.corrupt("a storage of negative length"));
        };
        self.push(Value::Storage(Storage { dtype, key, elements }));
        Ok(())
    }
}

//! A LoRA adapter of `peft` over the checkpoint that it was trained on: one state dict, in which the
//! changed weights are merged as they are read.

mod config;
mod lora;

use std::collections::{BTreeMap, BTreeSet};

use config::ends_in;
pub(crate) use config::{AdapterConfig, CONFIG};
use lora::Lora;

use crate::error::{Error, Result};
use crate::state_dict::{StateDict, bare, finite};

/// More tensors than any adapter has.
const MOST_TENSORS: usize = 1 << 16;

/// What stands before each name in the adapter's file.
const PREFIX: &str = "base_model.model.";

/// The endings of LoRA's own tensors; `true`: an embedding's.
const PARTS: [(&str, Part, bool); 6] = [
    (".lora_A.weight", Part::A, false),
    (".lora_B.weight", Part::B, false),
    (".lora_embedding_A", Part::A, true),
    (".lora_embedding_B", Part::B, true),
    (".lora_magnitude_vector", Part::Magnitude, false),
    (".lora_magnitude_vector.weight", Part::Magnitude, false),
];

#[derive(Debug, Clone, Copy)]
enum Part {
    A,
    B,
    Magnitude,
}

/// A base with an adapter. Tensors go by their names without that of the encoder, since either file may
/// have it.
pub(crate) struct Adapted<'a> {
    base: &'a dyn StateDict,
    adapter: &'a dyn StateDict,
    config: &'a AdapterConfig,
    /// The changes, by module without the encoder's name.
    changes: BTreeMap<String, Lora>,
    /// Tensors that the adapter brings whole, and their names in its file.
    whole: BTreeMap<String, String>,
}

/// A name as both files have it: without the encoder's, and with today's names for norms.
fn common(name: &str) -> String {
    let name = bare(name);
    match name.rsplit_once('.') {
        Some((module, "gamma")) if module.ends_with("LayerNorm") => format!("{module}.weight"),
        Some((module, "beta")) if module.ends_with("LayerNorm") => format!("{module}.bias"),
        _ => name.into(),
    }
}

impl<'a> Adapted<'a> {
    /// Puts an adapter over its base.
    ///
    /// # Errors
    /// [`Error::Model`] or [`Error::Unsupported`] for a tensor of the adapter that is not known or fits none of the base, and for a
    /// target module that is not there.
    pub(crate) fn new(
        base: &'a dyn StateDict,
        adapter: &'a dyn StateDict,
        config: &'a AdapterConfig,
    ) -> Result<Adapted<'a>> {
        let mut adapted =
            Adapted { base, adapter, config, changes: BTreeMap::new(), whole: BTreeMap::new() };
        let names = adapter.names();
        if names.len() > MOST_TENSORS {
            let reason = format!("{} tensors, at most {MOST_TENSORS} are read", names.len());
            return Err(Error::model(adapter.file_name(), reason));
        }
        for own in names {
            adapted.sort_in(own)?;
        }
        adapted.check()?;
        Ok(adapted)
    }

    /// How many weights are changed.
    pub(crate) fn changed(&self) -> usize {
        self.changes.len()
    }

    /// Finds out what a tensor of the adapter is.
    fn sort_in(&mut self, own: String) -> Result<()> {
        let Some(name) = own.strip_prefix(PREFIX) else {
            let reason = format!("{own} does not begin with {PREFIX}");
            return Err(Error::model(self.adapter.file_name(), reason));
        };
        let part = PARTS.iter().find_map(|&(ending, part, is_embedding)| {
            Some((name.strip_suffix(ending)?, part, is_embedding))
        });
        if let Some((module, part, is_embedding)) = part {
            let change = self.changes.entry(bare(module).into()).or_default();
            change.module = module.into();
            change.is_embedding |= is_embedding;
            let place = match part {
                Part::A => &mut change.a,
                Part::B => &mut change.b,
                Part::Magnitude => &mut change.magnitude,
            };
            if let Some(other) = place.replace(own.clone()) {
                return Err(self.twice(&other, &own));
            }
            return Ok(());
        }
        if name.contains("lora_") {
            let reason = format!("{}: {own} is not supported", self.adapter.file_name());
            return Err(Error::Unsupported(reason));
        }
        // With `bias: all`, `peft` also saves what a module was before, and a second copy of what it became.
        if name.contains(".original_module.") || name.contains(".modules_to_save.") {
            let copy = name.replace(".modules_to_save.", ".").replace(".original_module.", ".");
            if self.adapter.shape(&format!("{PREFIX}{copy}")).is_none() {
                let reason = format!("{own} is there, but {copy} is not");
                return Err(Error::model(self.adapter.file_name(), reason));
            }
            return Ok(());
        }
        match self.whole.insert(common(&name.replace(".base_layer.", ".")), own.clone()) {
            Some(other) => Err(self.twice(&other, &own)),
            None => Ok(()),
        }
    }

    /// Why two tensors of one meaning are refused.
    fn twice(&self, one: &str, other: &str) -> Error {
        Error::model(self.adapter.file_name(), format!("{one} and {other} are the same tensor"))
    }

    /// Whether the adapter's tensors fit the base's, and its target modules are there.
    fn check(&self) -> Result<()> {
        let file = self.adapter.file_name();
        if self.changes.is_empty() && self.whole.is_empty() {
            return Err(Error::model(file, "holds no tensors"));
        }
        let mut base = BTreeSet::new();
        for name in self.base.names() {
            if !base.insert(common(&name)) {
                let reason = format!("{name} is there under two names");
                return Err(Error::model(self.base.file_name(), reason));
            }
        }
        for change in self.changes.values() {
            let module = &change.module;
            let rank = change.rank(self.adapter)?;
            self.config.scaling(module, rank)?;
            if change.is_embedding && (change.magnitude.is_some() || self.config.use_dora) {
                let reason = format!("{file}: DoRA of an embedding, {module}, is not supported");
                return Err(Error::Unsupported(reason));
            }
            if change.magnitude.is_some() != self.config.use_dora {
                let reason = format!("{module} and use_dora of {CONFIG} do not fit together");
                return Err(Error::model(file, reason));
            }
            let weight = common(&format!("{module}.weight"));
            if !base.contains(&weight) && !self.whole.contains_key(&weight) {
                let reason = format!("changes {module}, which the base does not have");
                return Err(Error::model(file, reason));
            }
        }
        let refuse = |reason: String| Err(Error::model(CONFIG, reason));
        for target in &self.config.targets {
            if !self.changes.values().any(|change| ends_in(&change.module, target)) {
                return refuse(format!("target module {target} has no tensors in {file}"));
            }
            let all = base.iter().filter_map(|name| name.strip_suffix(".weight"));
            let mut all = all.filter(|module| self.config.all_layers && is_in_layer(module));
            let is_left = |module: &&str| {
                let is_target = ends_in(module, target) || ends_in(module, bare(target));
                is_target && !self.changes.contains_key(*module)
            };
            if let Some(module) = all.find(is_left) {
                return refuse(format!("target module {module} has no tensors in {file}"));
            }
        }
        for saved in &self.config.modules_to_save {
            let is_left = |name: &&String| {
                let module = name.rsplit_once('.').map(|(module, _)| module);
                module.is_some_and(|module| ends_in(module, saved))
                    && !self.whole.contains_key(*name)
            };
            if let Some(name) = base.iter().find(is_left) {
                return refuse(format!("{saved} of modules_to_save lacks {name} in {file}"));
            }
        }
        Ok(())
    }
}

/// Whether a module belongs to a numbered layer of the encoder: others may not have been there when the
/// adapter was made.
fn is_in_layer(module: &str) -> bool {
    module.split('.').any(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

impl StateDict for Adapted<'_> {
    fn file_name(&self) -> &str {
        self.base.file_name()
    }

    fn names(&self) -> Vec<String> {
        let base = self.base.names();
        let all = base.iter().map(|name| common(name)).chain(self.whole.keys().cloned());
        all.collect::<BTreeSet<String>>().into_iter().collect()
    }

    fn own_name(&self, name: &str) -> String {
        common(name)
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        match self.whole.get(&common(name)) {
            Some(own) => self.adapter.shape(own),
            None => self.base.shape(name),
        }
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let common = common(name);
        let mut values = match self.whole.get(&common) {
            Some(own) => self.adapter.f32(own, shape)?,
            None => self.base.f32(name, shape)?,
        };
        let module = common.strip_suffix(".weight");
        if let Some(change) = module.and_then(|module| self.changes.get(module)) {
            change.merge(self.adapter, self.config, &mut values, shape)?;
            return finite(self.adapter.file_name(), &change.module, values);
        }
        Ok(values)
    }
}

//! The weights of a graph as a state dict, under the names that they had in PyTorch.
//!
//! Exporters keep the names of most parameters. The weights of linear layers they turn round, to
//! `[in, out]`, and call `onnx::MatMul_12` or `val_34`: these are found through their biases, which
//! keep their names, and are turned back.

use std::collections::HashMap;

use half::f16;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::{ModelProto, NodeProto, TensorProto};

use crate::error::{Error, Result};
use crate::state_dict::{StateDict, expect_shape, finite, present};

/// A weight, and whether it lies turned round.
#[derive(Debug, Clone, Copy)]
struct Weight<'a> {
    tensor: &'a TensorProto,
    turned: bool,
}

/// The weights of a graph by name.
pub(crate) struct GraphWeights<'a> {
    file: &'a str,
    initializers: HashMap<&'a str, &'a TensorProto>,
    /// The weights of linear layers by the names of their biases.
    linears: HashMap<&'a str, Weight<'a>>,
    /// What stands before all names, where the model was exported as a part of another one.
    prefix: &'a str,
}

/// By its name, the prefix is found.
const WORDS: &str = "embeddings.word_embeddings.weight";

/// More steps than a chain of identities has.
const MOST_IDENTITIES: usize = 16;

impl<'a> GraphWeights<'a> {
    pub(crate) fn new(file: &'a str, proto: &'a ModelProto) -> Result<GraphWeights<'a>> {
        let Some(graph) = &proto.graph else { return Err(Error::corrupt(file, "holds no graph")) };
        let named = graph.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor));
        let initializers: HashMap<&str, &TensorProto> = named.collect();
        let prefixes: Vec<&str> =
            initializers.keys().filter_map(|name| name.strip_suffix(WORDS)).collect();
        let prefix = if let [prefix] = *prefixes { prefix } else { "" };
        let mut weights = GraphWeights { file, initializers, linears: HashMap::new(), prefix };
        let makers: HashMap<&str, &NodeProto> = graph
            .node
            .iter()
            .flat_map(|node| node.output.iter().map(move |output| (output.as_str(), node)))
            .collect();
        for node in &graph.node {
            if let Some((bias, weight)) = weights.linear(node, &makers) {
                weights.linears.insert(bias, weight);
            }
        }
        Ok(weights)
    }

    /// The bias and the weight of a linear layer, if the node is the end of one.
    fn linear(
        &self,
        node: &'a NodeProto,
        makers: &HashMap<&'a str, &'a NodeProto>,
    ) -> Option<(&'a str, Weight<'a>)> {
        let input = |node: &'a NodeProto, at: usize| origin(node.input.get(at)?, makers);
        match node.op_type.as_str() {
            "Gemm" => {
                let flag = |name| node.attribute.iter().any(|a| a.name == name && a.i != 0);
                let tensor = self.matrix(input(node, 1)?)?;
                Some((input(node, 2)?, Weight { tensor, turned: !flag("transB") }))
            }
            "Add" => [(0, 1), (1, 0)].into_iter().find_map(|(bias, product)| {
                let bias = input(node, bias)?;
                self.initializers.get(bias)?;
                let product = makers.get(input(node, product)?)?;
                let tensor = self.matrix(input(product, 1)?)?;
                let is_product = product.op_type == "MatMul";
                is_product.then_some((bias, Weight { tensor, turned: true }))
            }),
            _ => None,
        }
    }

    fn matrix(&self, name: &str) -> Option<&'a TensorProto> {
        self.initializers.get(name).copied().filter(|tensor| tensor.dims.len() == 2)
    }

    fn weight(&self, name: &str) -> Option<Weight<'a>> {
        self.spelled(name).or_else(|| self.spelled(&format!("{}{name}", self.prefix)))
    }

    fn spelled(&self, name: &str) -> Option<Weight<'a>> {
        let plain = self.initializers.get(name).map(|tensor| Weight { tensor, turned: false });
        plain.or_else(|| {
            self.linears.get(format!("{}.bias", name.strip_suffix(".weight")?).as_str()).copied()
        })
    }
}

/// The value that a name stands for, identities looked through.
fn origin<'a>(name: &'a str, makers: &HashMap<&'a str, &'a NodeProto>) -> Option<&'a str> {
    let mut name = name;
    for _ in 0..MOST_IDENTITIES {
        match makers.get(name) {
            Some(node) if node.op_type == "Identity" => name = node.input.first()?,
            _ => return Some(name),
        }
    }
    None
}

impl StateDict for GraphWeights<'_> {
    fn file_name(&self) -> &str {
        self.file
    }

    fn names(&self) -> Vec<String> {
        self.initializers.keys().map(ToString::to_string).collect()
    }

    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let Weight { tensor, turned } = self.weight(name)?;
        let dims = tensor.dims.iter().map(|&dim| usize::try_from(dim).ok());
        let mut shape = dims.collect::<Option<Vec<_>>>()?;
        if turned {
            shape.reverse();
        }
        Some(shape)
    }

    fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let Weight { tensor, turned } = present(self.file, name, self.weight(name))?;
        expect_shape(self.file, name, &present(self.file, name, self.shape(name))?, shape)?;
        let values = values(tensor).ok_or_else(|| {
            Error::Unsupported(format!("{}: {name} is neither F32 nor F16", self.file))
        })?;
        let values = finite(self.file, name, values)?;
        match shape {
            &[rows, columns] if turned => Ok(turn(&values, rows, columns)),
            _ => Ok(values),
        }
    }
}

/// `[columns, rows]` as `[rows, columns]`, in blocks that stay in the cache.
fn turn(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    const BLOCK: usize = 32;
    let mut turned = vec![0.0; values.len()];
    for first_row in (0..rows).step_by(BLOCK) {
        for first_column in (0..columns).step_by(BLOCK) {
            for row in first_row..rows.min(first_row + BLOCK) {
                for column in first_column..columns.min(first_column + BLOCK) {
                    turned[row * columns + column] = values[column * rows + row];
                }
            }
        }
    }
    turned
}

/// The values of a tensor that is [loaded](super::read).
fn values(tensor: &TensorProto) -> Option<Vec<f32>> {
    let raw = &tensor.raw_data;
    match DataType::try_from(tensor.data_type).ok()? {
        DataType::Float if raw.is_empty() => Some(tensor.float_data.clone()),
        DataType::Float => {
            Some(raw.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect())
        }
        DataType::Float16 if !raw.is_empty() => {
            Some(raw.as_chunks().0.iter().map(|&b| f16::from_le_bytes(b).to_f32()).collect())
        }
        _ => None,
    }
}

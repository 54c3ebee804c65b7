//! Checkpoints written by hand, operation by operation. Those that PyTorch wrote are fixtures.

use std::io::Write;

use proptest::prelude::*;
use safetensors::Dtype;

use super::*;

const FILE: &str = "pytorch_model.bin";

fn int(value: i64) -> Vec<u8> {
    [&[opcode::LONG1, 8][..], &value.to_le_bytes()].concat()
}

fn text(text: &str) -> Vec<u8> {
    [&[opcode::BINUNICODE][..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

fn global(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n").into_bytes()
}

fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [&[opcode::MARK][..], &items.concat(), &[opcode::TUPLE]].concat()
}

fn call(callable: Vec<u8>, arguments: &[Vec<u8>]) -> Vec<u8> {
    [callable, tuple(arguments), vec![opcode::REDUCE]].concat()
}

fn dict(items: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let items = items.iter().flat_map(|(key, value)| [text(key), value.clone()].concat());
    let items = items.collect::<Vec<_>>();
    [&[opcode::EMPTY_DICT, opcode::MARK][..], &items, &[opcode::SETITEMS]].concat()
}

/// A tensor of f32 in the storage `0`.
fn tensor(elements: i64, offset: i64, shape: &[i64], stride: &[i64]) -> Vec<u8> {
    let class = global("torch", "FloatStorage");
    let id = tuple(&[text("storage"), class, text("0"), text("cpu"), int(elements)]);
    let storage = [id, vec![opcode::BINPERSID]].concat();
    let ints = |values: &[i64]| tuple(&values.iter().map(|&value| int(value)).collect::<Vec<_>>());
    let arguments = [
        storage,
        int(offset),
        ints(shape),
        ints(stride),
        vec![opcode::NEWFALSE],
        call(global("collections", "OrderedDict"), &[]),
    ];
    call(global("torch._utils", "_rebuild_tensor_v2"), &arguments)
}

fn pickle(object: &[u8]) -> Vec<u8> {
    [&[opcode::PROTO, 2][..], object, &[opcode::STOP]].concat()
}

/// The numbers 0, 1, 2 and so on.
fn numbers(count: usize) -> Vec<u8> {
    (0..count).flat_map(|value| (value as f32).to_le_bytes()).collect()
}

/// A checkpoint of before PyTorch 1.6 with `count` numbers in the storage `0`.
fn legacy(object: &[u8], count: usize) -> Vec<u8> {
    let machine =
        dict(&[("protocol_version", int(1001)), ("little_endian", vec![opcode::NEWTRUE])]);
    [
        b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.".to_vec(),
        pickle(&int(1001)),
        pickle(&machine),
        pickle(object),
        pickle(&[vec![opcode::EMPTY_LIST], text("0"), vec![opcode::APPEND]].concat()),
        (count as u64).to_le_bytes().to_vec(),
        numbers(count),
    ]
    .concat()
}

fn zip(entries: &[(&str, &[u8])], method: rawzip::CompressionMethod) -> Vec<u8> {
    let mut archive = rawzip::ZipArchiveWriter::new(Vec::new());
    for (name, content) in entries {
        let entry = archive.new_file(name).compression_method(method).start();
        let (mut entry, config) = entry.unwrap();
        let mut writer = config.wrap(&mut entry);
        writer.write_all(content).unwrap();
        let (_, descriptor) = writer.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap()
}

/// A checkpoint of today with `count` numbers in the storage `0`.
fn archive(object: &[u8], count: usize) -> Vec<u8> {
    let (object, numbers) = (pickle(object), numbers(count));
    let entries: [(&str, &[u8]); 4] = [
        ("model/data.pkl", &object),
        ("model/byteorder", b"little"),
        ("model/data/0", &numbers),
        ("model/version", b"3\n"),
    ];
    zip(&entries, rawzip::CompressionMethod::STORE)
}

/// A tensor's name, shape and values.
type Read = (String, Vec<usize>, Vec<f32>);

/// Every tensor of a checkpoint in both forms, which must agree.
fn read(object: &[u8], count: usize) -> Result<Vec<Read>> {
    let read = |bytes: Vec<u8>| -> Result<Vec<_>> {
        let values = |(name, tensor): (String, TorchTensor)| {
            assert_eq!(tensor.dtype(), Dtype::F32);
            let values = tensor.f32(FILE, &name, &bytes)?;
            Ok((name, tensor.shape().to_vec(), values))
        };
        parse(FILE, &bytes)?.into_iter().map(values).collect()
    };
    let (old, new) = (read(legacy(object, count)), read(archive(object, count)));
    assert_eq!(old, new);
    new
}

fn refusal(object: &[u8], count: usize) -> String {
    read(object, count).unwrap_err().to_string()
}

#[test]
fn views_of_one_storage_are_gathered_by_their_strides() {
    let object = dict(&[
        ("a", tensor(6, 0, &[2, 3], &[3, 1])),
        ("b", tensor(6, 0, &[3, 2], &[1, 3])),
        ("c", tensor(6, 1, &[2], &[3])),
        ("d", tensor(6, 5, &[], &[])),
        ("e", tensor(6, 0, &[0, 7], &[7, 1])),
        ("f", tensor(6, 2, &[1, 3], &[0, 1])),
    ]);
    let want = [
        ("a", vec![2, 3], vec![0., 1., 2., 3., 4., 5.]),
        ("b", vec![3, 2], vec![0., 3., 1., 4., 2., 5.]),
        ("c", vec![2], vec![1., 4.]),
        ("d", vec![], vec![5.]),
        ("e", vec![0, 7], vec![]),
        ("f", vec![1, 3], vec![2., 3., 4.]),
    ];
    let want = want.map(|(name, shape, values)| (name.to_string(), shape, values));
    assert_eq!(read(&object, 6).unwrap(), want);
}

#[test]
fn a_state_dict_may_be_an_item_and_other_items_are_ignored() {
    let weights = dict(&[("w", tensor(2, 0, &[2], &[1])), ("note", text("text"))]);
    let long = text(&"x".repeat(5000));
    for key in ["state_dict", "model_state_dict"] {
        let object =
            dict(&[("epoch", int(3)), (key, weights.clone()), ("x", tensor(2, 0, &[1], &[1]))]);
        assert_eq!(read(&object, 2).unwrap(), [("w".into(), vec![2], vec![0., 1.])]);
    }
    let parameter = call(
        global("torch._utils", "_rebuild_parameter"),
        &[tensor(2, 0, &[2], &[1]), vec![opcode::NEWTRUE], vec![opcode::NONE]],
    );
    let object = dict(&[("w", parameter), ("long", long), ("f", b"G\0\0\0\0\0\0\0\0".to_vec())]);
    assert_eq!(read(&object, 2).unwrap(), [("w".into(), vec![2], vec![0., 1.])]);
}

#[test]
fn what_python_2_wrote_is_read() {
    let key = [&[opcode::SHORT_BINSTRING, 1][..], b"w"].concat();
    let pair = [vec![opcode::EMPTY_LIST, opcode::MARK], key, tensor(2, 0, &[2], &[1])].concat();
    let list = [&[opcode::EMPTY_LIST][..], &pair, &[opcode::APPENDS, opcode::APPEND]].concat();
    let object = call(global("collections", "OrderedDict"), &[list]);
    assert_eq!(read(&object, 2).unwrap(), [("w".into(), vec![2], vec![0., 1.])]);
}

#[test]
fn nothing_but_tensors_is_called_or_quoted() {
    let evil = call(global("posix", "system"), &[text("touch /tmp/patient")]);
    let refused = "pytorch_model.bin: asks to call something that is no tensor; nothing was called";
    assert_eq!(refusal(&dict(&[("w", evil)]), 1), format!("{refused} (posix.system)"));
    let evil = call(global("os\u{1b}[2J", "system"), &[]);
    assert_eq!(refusal(&dict(&[("w", evil)]), 1), format!("{refused} (something)"));
    let evil = [text("builtins"), text("eval"), vec![opcode::STACK_GLOBAL]].concat();
    assert_eq!(refusal(&evil, 1), format!("{refused} (builtins.eval)"));
}

#[test]
fn claims_that_the_file_does_not_bear_out_are_refused() {
    let beyond = "pytorch_model.bin: a tensor reaches beyond its storage";
    let one = |tensor| refusal(&dict(&[("w", tensor)]), 6);
    assert_eq!(one(tensor(6, 1, &[2, 3], &[3, 1])), beyond);
    assert_eq!(one(tensor(6, 6, &[1], &[1])), beyond);
    assert_eq!(one(tensor(6, i64::MAX, &[2], &[i64::MAX])), beyond);
    assert_eq!(one(tensor(6, 0, &[i64::MAX; 8], &[i64::MAX; 8])), beyond);
    let repeats = "pytorch_model.bin: w repeats the values of its storage";
    assert_eq!(one(tensor(6, 0, &[1 << 40], &[0])), repeats);
    assert_eq!(one(tensor(6, 0, &[i64::MAX; 8], &[0; 8])), repeats);
    let shapeless = "pytorch_model.bin: a tensor whose shape cannot be read";
    assert_eq!(one(tensor(6, -1, &[1], &[1])), shapeless);
    assert_eq!(one(tensor(6, 0, &[1; 9], &[1; 9])), shapeless);
    let lengths = parse(FILE, &archive(&dict(&[("w", tensor(1 << 40, 0, &[1], &[1]))]), 6));
    let missing = "pytorch_model.bin: a storage is missing or has two lengths";
    assert_eq!(lengths.unwrap_err().to_string(), missing);
    let lengths = parse(FILE, &legacy(&dict(&[("w", tensor(1 << 40, 0, &[1], &[1]))]), 6));
    let cut = "pytorch_model.bin: a storage is cut short or has two lengths";
    assert_eq!(lengths.unwrap_err().to_string(), cut);
}

#[test]
fn work_and_memory_are_bounded() {
    let many = "its pickle has more than the 500000 operations that are read";
    for flood in [&b"]"[..], b"N\x85", b"(", b"}K\x01K\x01s", b"K\x01q\x01h\x01"] {
        let object = flood.repeat(2_000_000 / flood.len());
        assert!(refusal(&object, 1).contains(many));
    }
    // A hundred thousand dicts, each of the same hundred thousand pairs.
    let pairs = [&b"]("[..], &b"NN\x86".repeat(100_000), b"eq\0\x85q\x01"].concat();
    let dicts = [global("collections", "OrderedDict"), b"q\x02".to_vec()].concat();
    let object = [pairs, dicts, b"h\x02h\x01R".repeat(100_000)].concat();
    assert!(refusal(&object, 1).contains(many));
    // As deep as the operations allow: nothing recurses.
    let nested = [&b"]"[..], &b"\x85".repeat(400_000)].concat();
    let error = parse(FILE, &archive(&nested, 1)).unwrap_err().to_string();
    assert_eq!(error, "pytorch_model.bin: holds no state dict");
}

#[test]
fn an_archive_is_whole_uncompressed_and_little_endian() {
    let object = pickle(&dict(&[("w", tensor(2, 0, &[2], &[1]))]));
    let refusal = |entries: &[(&str, &[u8])], method| {
        parse(FILE, &zip(entries, method)).unwrap_err().to_string()
    };
    let stored = rawzip::CompressionMethod::STORE;
    let weights = numbers(2);
    let (data, weights) = (("m/data.pkl", &object[..]), ("m/data/0", &weights[..]));
    assert_eq!(
        refusal(&[data, weights, ("m/byteorder", b"big")], stored),
        "pytorch_model.bin: its numbers are not little-endian"
    );
    assert_eq!(
        refusal(&[data, weights, weights], stored),
        "pytorch_model.bin: two entries of one name"
    );
    assert_eq!(
        refusal(&[weights], stored),
        "pytorch_model.bin: a zip archive, but no PyTorch checkpoint"
    );
    assert_eq!(
        refusal(&[data], stored),
        "pytorch_model.bin: a storage is missing or has two lengths"
    );
    assert_eq!(
        refusal(&[data, weights], rawzip::CompressionMethod::DEFLATE),
        "pytorch_model.bin: compressed entries, PyTorch writes none"
    );
    let mut bytes = zip(&[data, weights], stored);
    let tensor = parse(FILE, &bytes).unwrap().remove("w").unwrap();
    assert_eq!(tensor.f32(FILE, "w", &bytes).unwrap(), [0., 1.]);
    assert!(tensor.f32(FILE, "w", &bytes[..9]).is_err());
    let one = bytes.windows(4).position(|bytes| bytes == 1f32.to_le_bytes()).unwrap();
    bytes[one] ^= 1;
    let error = parse(FILE, &bytes).unwrap_err().to_string();
    assert_eq!(error, "pytorch_model.bin: an entry's checksum is wrong");
}

#[test]
fn a_file_that_is_cut_or_is_something_else_is_refused() {
    let object = dict(&[("w", tensor(6, 0, &[2, 3], &[3, 1]))]);
    for whole in [legacy(&object, 6), archive(&object, 6)] {
        for len in 0..whole.len() {
            assert!(parse(FILE, &whole[..len]).is_err(), "{len} of {} bytes", whole.len());
        }
    }
    let longer = [legacy(&object, 6), vec![0]].concat();
    assert!(parse(FILE, &longer).is_err());
    for other in [&b"version https://git-lfs"[..], b"", b"\x80\x02}."] {
        assert!(parse(FILE, other).is_err());
    }
}

/// Changes to a file: a byte, and where.
fn damage() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)
}

proptest! {
    #[test]
    fn every_view_is_gathered_or_refused_as_its_strides_say(
        dimensions in proptest::collection::vec((0usize..5, 0usize..12), 0..4),
        offset in 0usize..20,
    ) {
        const COUNT: usize = 40;
        let (shape, stride): (Vec<_>, Vec<_>) = dimensions.iter().copied().unzip();
        let signed = |values: &[usize]| values.iter().map(|&value| value as i64).collect::<Vec<_>>();
        let view = tensor(COUNT as i64, offset as i64, &signed(&shape), &signed(&stride));
        let mut want = vec![offset];
        for (len, step) in dimensions {
            want = want.iter().flat_map(|at| (0..len).map(move |index| at + index * step)).collect();
        }
        let fits = want.len() <= COUNT && want.iter().all(|&index| index < COUNT);
        match read(&dict(&[("w", view)]), COUNT) {
            Ok(tensors) => {
                prop_assert!(fits);
                let want = want.iter().map(|&index| index as f32).collect();
                prop_assert_eq!(tensors, [("w".to_string(), shape, want)]);
            }
            Err(_) => prop_assert!(!fits),
        }
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_within_its_length(damage in damage(), new: bool) {
        let object = dict(&[
            ("a", tensor(6, 0, &[2, 3], &[3, 1])),
            ("b", tensor(6, 0, &[3, 2], &[1, 3])),
        ]);
        let mut bytes = if new { archive(&object, 6) } else { legacy(&object, 6) };
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        for (name, tensor) in parse(FILE, &bytes).unwrap_or_default() {
            let values = tensor.f32(FILE, &name, &bytes).unwrap_or_default();
            prop_assert!(values.len() * 2 <= bytes.len());
        }
    }

    #[test]
    fn any_operations_are_read_without_a_panic(
        operations in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = parse(FILE, &legacy(&operations, 1));
        let _ = parse(FILE, &archive(&operations, 1));
    }
}

//! A look at a protocol buffer before it is decoded. Decoding makes a structure of a hundred bytes
//! and more out of every two; only the values of tensors stay as long as they are.

/// Bytes of a file that are no values: exporters write some hundred KB for a layer.
const MOST_STRUCTURE: usize = 16 << 20;

/// A message of ONNX on the way to the values of its tensors.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    /// `float_data`, `raw_data` or `double_data`.
    Values,
}

impl Message {
    /// What a field of this message holds, by the field's number.
    fn field(self, number: u64) -> Option<Message> {
        match (self, number) {
            (Message::Model, 7) => Some(Message::Graph),
            (Message::Graph, 1) => Some(Message::Node),
            (Message::Graph, 5) | (Message::Attribute, 5) => Some(Message::Tensor),
            (Message::Node, 5) => Some(Message::Attribute),
            (Message::Tensor, 4 | 9 | 10) => Some(Message::Values),
            _ => None,
        }
    }
}

/// Whether a model is whole and little more than the values of its tensors.
pub(super) fn is_sound(model: &[u8]) -> bool {
    let values = values(model, Message::Model);
    values.is_some_and(|values| model.len() - values <= MOST_STRUCTURE)
}

/// Bytes of values in a message; `None` if it is cut short.
fn values(mut bytes: &[u8], message: Message) -> Option<usize> {
    let mut found = 0;
    while !bytes.is_empty() {
        let key = varint(&mut bytes)?;
        let length = match key & 7 {
            0 => {
                varint(&mut bytes)?;
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(&mut bytes)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (field, rest) = bytes.split_at_checked(length)?;
        bytes = rest;
        match message.field(key >> 3).filter(|_| key & 7 == 2) {
            Some(Message::Values) => found += field.len(),
            Some(inner) => found += values(field, inner)?,
            None => {}
        }
    }
    Some(found)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(number: u8, payload: &[u8]) -> Vec<u8> {
        let mut length = payload.len();
        let mut bytes = vec![number << 3 | 2];
        while length >= 0x80 {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        [bytes.as_slice(), payload].concat()
    }

    #[test]
    fn values_are_free_and_structure_is_not() {
        let large = vec![1; MOST_STRUCTURE + 1];
        let model = |tensor: Vec<u8>| field(7, &field(5, &tensor));
        assert!(is_sound(&model(field(9, &large))));
        // The same bytes as nodes without anything, or as a name.
        assert!(!is_sound(&field(7, &field(1, &[]).repeat(MOST_STRUCTURE / 2 + 1))));
        assert!(!is_sound(&model(field(8, &large))));
        assert!(!is_sound(&model(field(9, &large))[..1000]));
        assert!(!is_sound(&[0xFF; 12]));
    }
}

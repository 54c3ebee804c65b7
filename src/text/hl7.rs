//! The escape sequences of HL7 version 2: `\T\`, `\.br\`, `\X0D\`.

/// The characters that a message gives a meaning of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delimiters {
    pub(crate) field: char,
    pub(crate) component: char,
    pub(crate) repetition: char,
    pub(crate) escape: char,
    pub(crate) subcomponent: char,
    pub(crate) truncation: char,
}

impl Delimiters {
    /// Those that the standard recommends.
    pub(crate) const STANDARD: Delimiters = Delimiters {
        field: '|',
        component: '^',
        repetition: '~',
        escape: '\\',
        subcomponent: '&',
        truncation: '#',
    };
}

/// Writes what the sequence at the front of `rest`, which begins with the escape character, stands for, and
/// says how many bytes it takes. `None` of what is no sequence, and of `\C..\` and `\M..\`, which change
/// the character set.
pub(super) fn sequence(rest: &str, delimiters: &Delimiters, out: &mut String) -> Option<usize> {
    let mark = delimiters.escape.len_utf8();
    let body = &rest[mark..];
    let code = &body[..body.find(delimiters.escape)?];
    match code {
        "F" => out.push(delimiters.field),
        "S" => out.push(delimiters.component),
        "T" => out.push(delimiters.subcomponent),
        "R" => out.push(delimiters.repetition),
        "E" => out.push(delimiters.escape),
        "P" => out.push(delimiters.truncation),
        // Highlighted, and normal again.
        "H" | "N" => {}
        _ => match code.split_at_checked(1)? {
            ("X", digits) => push(&bytes(digits)?, out),
            // Locally defined: what it stands for is not known here.
            ("Z", digits) => drop(bytes(digits)?),
            (".", command) => out.push_str(formatted(command)?),
            _ => return None,
        },
    }
    Some(mark + code.len() + mark)
}

/// What a formatting command leaves of itself.
fn formatted(command: &str) -> Option<&'static str> {
    let (name, number) = command.split_at_checked(2)?;
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !number.is_empty() && !is_number {
        return None;
    }
    Some(match &*name.to_ascii_lowercase() {
        // Of several lines that are skipped, one blank line says as much.
        "sp" if digits.parse().is_ok_and(|lines: u32| lines > 1) => "\n\n",
        "br" | "sp" | "ce" => "\n",
        "sk" => " ",
        "in" | "ti" | "fi" | "nf" => "",
        _ => return None,
    })
}

/// Bytes in hexadecimal, at least one.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if pairs.is_empty() || !rest.is_empty() {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    pairs.iter().map(|&[high, low]| Some((digit(high)? * 16 + digit(low)?) as u8)).collect()
}

/// Bytes in the message's character set: UTF-8 if they can be that, else Latin-1.
fn push(bytes: &[u8], out: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(text) => out.push_str(text),
        Err(_) => out.extend(bytes.iter().map(|&byte| char::from(byte))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let mut out = String::new();
        let length = sequence(text, &Delimiters::STANDARD, &mut out)?;
        assert_eq!(length, text.len());
        Some(out)
    }

    #[test]
    fn sequences_are_read() {
        for (text, stands_for) in [
            (r"\F\", "|"),
            (r"\S\", "^"),
            (r"\T\", "&"),
            (r"\R\", "~"),
            (r"\E\", r"\"),
            (r"\P\", "#"),
            (r"\H\", ""),
            (r"\N\", ""),
            (r"\.br\", "\n"),
            (r"\.BR\", "\n"),
            (r"\.sp\", "\n"),
            (r"\.sp1\", "\n"),
            (r"\.sp+2\", "\n\n"),
            (r"\.sp9999\", "\n\n"),
            (r"\.ce\", "\n"),
            (r"\.sk3\", " "),
            (r"\.in+4\", ""),
            (r"\.ti-4\", ""),
            (r"\.fi\", ""),
            (r"\.nf\", ""),
            (r"\X0D\", "\r"),
            (r"\X0d0A\", "\r\n"),
            (r"\XE9\", "é"),
            (r"\XC3A9\", "é"),
            (r"\XC3A9E9\", "Ã©é"),
            (r"\Z01ff\", ""),
        ] {
            assert_eq!(read(text).as_deref(), Some(stands_for), "{text}");
        }
    }

    #[test]
    fn what_is_no_sequence_is_left() {
        for text in [
            r"\",
            r"\\",
            r"\F",
            r"\f\",
            r"\FF\",
            r"\X\",
            r"\X0\",
            r"\X0G\",
            r"\X+1\",
            r"\Xé\",
            r"\Z\",
            r"\Zebra\",
            r"\.\",
            r"\.b\",
            r"\.bru\",
            r"\.sp-\",
            r"\.é\",
            r"\.sp12345\",
            r"\C2842\",
            r"\M242142\",
            r"\é\",
            r"\ T\",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_message_chooses_its_characters() {
        let delimiters = Delimiters { escape: '§', subcomponent: '@', ..Delimiters::STANDARD };
        let mut out = String::new();
        assert_eq!(sequence("§T§x", &delimiters, &mut out), Some(5));
        assert_eq!(out, "@");
    }
}

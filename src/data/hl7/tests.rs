use std::io::{BufReader, Cursor};

use super::*;
use crate::data::{Format, Origin, StreamOptions, stream};
use crate::text::OffsetUnit;

fn read(bytes: &[u8]) -> Vec<Result<Document>> {
    // A small buffer, so that ends of lines fall between two of its fillings.
    let all = [1, 2, 7, 4096].map(|size| {
        let input = Box::new(BufReader::with_capacity(size, Cursor::new(bytes.to_vec())));
        let options = StreamOptions { unit: OffsetUnit::UnicodeScalars };
        stream("in.hl7", Format::Hl7, Origin::Stream(input), options).unwrap().collect::<Vec<_>>()
    });
    for one in &all {
        assert_eq!(format!("{one:?}"), format!("{:?}", all[0]));
    }
    all.into_iter().next().unwrap()
}

/// What a file gives: the text of each document or its error, and its name.
fn told(bytes: &[u8]) -> Vec<(String, Option<String>)> {
    let told = |document: Result<Document>| match document {
        Ok(document) => (document.text, document.id),
        Err(error) => (error.to_string(), None),
    };
    read(bytes).into_iter().map(told).collect()
}

const MESSAGE: &str = r"MSH|^~\&|LAB|WARD|||202601021200||ORU^R01|M1|P|2.5
PID|1||4711
OBR|1||F9^LAB|NOTE
OBX|1|FT|NOTE^Note||No fever\.br\Chest pain for 3 days~H\T\P done||||||F
OBX|2|NM|K^Potassium||4.1|mmol/L
OBX|3|TX|NOTE^Note||Plan: aspirin\X0D\Rest\E\||||||F
";

const TEXT: &str = "No fever\nChest pain for 3 days\nH&P done\nPlan: aspirin\rRest\\";

#[test]
fn a_message_is_a_document_of_its_texts() {
    let wanted = vec![(TEXT.to_string(), Some("M1".to_string()))];
    for ends in ["\r", "\n", "\r\n"] {
        let message = MESSAGE.replace('\n', ends);
        assert_eq!(told(message.as_bytes()), wanted);
        assert_eq!(told(message.trim_end().as_bytes()), wanted);
    }
    let wire = format!("\u{FEFF}\u{B}{}\u{1C}\r", MESSAGE.replace('\n', "\r"));
    assert_eq!(told(wire.as_bytes()), wanted);
    assert_eq!(told(b""), []);
    assert_eq!(told(b"\r\n\r\n"), []);
}

#[test]
fn texts_are_in_the_order_of_their_numbers_within_each_order() {
    let message = "MSH|^~\\&||||||||\rOBR|1||F1\rOBX|2|TX|||two\rOBX|1|TX|||one\rOBX|10|TX|||ten\r\
                   OBX|3|TX|||\rOBR|2||F2\rOBX|1|ST|||\"\"\rOBX||ST|||a\rOBX|0|ST|||b";
    let text = "one\ntwo\n\nten\n\na\nb";
    assert_eq!(told(message.as_bytes()), [(text.into(), Some("F1".into()))]);
}

#[test]
fn a_message_chooses_its_delimiters() {
    let message = b"MSH!$%?@!!!!!!!!M?T?7$x\rOBX!1!TX!!!a?S?b?F?c%d?E?e\\T\\|&";
    assert_eq!(told(message), [("a$b!c\nd?e\\T\\|&".into(), Some("M@7".into()))]);
    let message = b"MSH|^~\\&#|||||||||\rOBX|1|TX|||a\\P\\b";
    assert_eq!(told(message), [("a#b".into(), None)]);
}

#[test]
fn bytes_are_read_in_the_character_set_of_the_message() {
    let message = |set: &str, text: &[u8]| {
        let mut bytes = format!("MSH|^~\\&||||||||M|P|2.5||||||{set}\rOBX|1|TX|||").into_bytes();
        bytes.extend(text);
        told(&bytes).remove(0).0
    };
    assert_eq!(message("", "naïve".as_bytes()), "naïve");
    assert_eq!(message("UNICODE UTF-8", "naïve".as_bytes()), "naïve");
    assert_eq!(message("8859/1", b"na\xEFve"), "naïve");
    assert_eq!(message("8859/1~UNICODE UTF-8", b"na\xEFve"), "naïve");
    assert_eq!(message("8859/2", b"plain"), "plain");
    let wrong = "in.hl7: line 2: this is not UTF-8, and MSH-18 names no other character set";
    assert_eq!(message("", b"na\xEFve"), wrong);
    let wrong =
        "in.hl7: line 2: MSH-18 names a character set that is not read; UTF-8 and 8859/1 are";
    assert_eq!(message("8859/2", "naïve".as_bytes()), wrong);
}

#[test]
fn a_bad_message_is_told_with_its_line_and_the_others_follow() {
    let file = format!(
        "FHS|^~\\&\r\nBHS|^~\\&\r\nSECRET\r\nSECRET\r\n{MESSAGE}MSH|^~\r\n\
         OBX|1|TX|||SECRET\r\nMSH|^~\\&|\r\nsecret words\r\nOBX|1|TX|||SECRET\r\nMSH|^^\\&|\r\n{MESSAGE}BTS|1\r\nFTS|1\r\n"
    );
    let good = (TEXT.to_string(), Some("M1".to_string()));
    let bad = |reason: &str| (format!("in.hl7: {reason}"), None);
    let wanted = [
        bad("line 3: a message begins with MSH"),
        good.clone(),
        bad("line 11: MSH-1 and MSH-2 name no delimiters"),
        bad("line 14: this is no segment"),
        bad("line 16: MSH-1 and MSH-2 are not five or six different signs"),
        good,
    ];
    assert_eq!(told(file.as_bytes()), wanted);
    assert_eq!(told(b"MSH"), [bad("line 1: MSH-1 and MSH-2 name no delimiters")]);
    assert_eq!(read(MESSAGE.as_bytes())[0].as_ref().unwrap().line, 1);
}

#[test]
fn a_file_that_breaks_off_ends() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let mut messages = Messages::new("in.hl7", Box::new(BufReader::new(Broken)));
    assert!(matches!(messages.next(), Some(Err(Error::Io { .. }))));
    assert!(messages.next().is_none());
}

use std::ops::Range;

use super::*;
use proptest::prelude::*;

fn all_offsets(text: &Text<'_>, unit: OffsetUnit) -> Vec<usize> {
    let offsets = text.offsets(unit);
    let ends = text.as_str().char_indices().map(|(at, _)| at);
    let there = ends.chain([text.as_str().len()]).map(|at| {
        let offset = offsets.at(at);
        assert_eq!(offsets.byte(offset), at, "the way back");
        offset
    });
    there.collect()
}

#[test]
fn the_three_units_count_what_they_say() {
    let text = Text::new("aé😀\r\n".into(), InvalidText::Reject).unwrap();
    assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 1, 3, 7, 8, 9]);
    assert_eq!(all_offsets(&text, OffsetUnit::UnicodeScalars), [0, 1, 2, 3, 4, 5]);
    assert_eq!(all_offsets(&text, OffsetUnit::Utf16Units), [0, 1, 2, 4, 5, 6]);
}

#[test]
fn bad_bytes_are_refused_with_their_position_or_stand_for_one_scalar_each() {
    // 0xE2 0x82 is the start of a euro sign that never ends.
    let bytes = b"ab\xE2\x82cd\xFF";
    let error = Text::new(Input::Utf8(bytes), InvalidText::Reject).unwrap_err();
    assert_eq!(error.to_string(), "invalid UTF-8 at byte 2");
    let text = Text::new(Input::Utf8(bytes), InvalidText::Replace).unwrap();
    assert_eq!(text.as_str(), "ab\u{FFFD}\u{FFFD}cd\u{FFFD}");
    assert!(text.replaced());
    assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(all_offsets(&text, OffsetUnit::UnicodeScalars), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn a_genuine_replacement_character_keeps_its_three_bytes() {
    let text = Text::new(Input::Utf8(b"\xEF\xBF\xBD\xFFa"), InvalidText::Replace).unwrap();
    assert_eq!(all_offsets(&text, OffsetUnit::Utf8Bytes), [0, 3, 4, 5]);
}

#[test]
fn lone_surrogates_are_refused_or_replaced() {
    let units = [0x61, 0xD83D, 0xDE00, 0xD800, 0x62];
    let error = Text::new(Input::Utf16(&units), InvalidText::Reject).unwrap_err();
    assert_eq!(error.to_string(), "invalid UTF-16 at unit 3");
    let text = Text::new(Input::Utf16(&units), InvalidText::Replace).unwrap();
    assert_eq!(text.as_str(), "a😀\u{FFFD}b");
    assert_eq!(all_offsets(&text, OffsetUnit::Utf16Units), [0, 1, 3, 4, 5]);
}

proptest! {
    #[test]
    fn offsets_agree_with_the_standard_library(text in "(\\PC|[\\x00-\\x1F]){0,2000}") {
        let view = Text::new(text.as_str().into(), InvalidText::Reject).unwrap();
        let scalars = view.offsets(OffsetUnit::UnicodeScalars);
        let units = view.offsets(OffsetUnit::Utf16Units);
        for (index, (at, _)) in text.char_indices().enumerate() {
            prop_assert_eq!(scalars.at(at), index);
            prop_assert_eq!(scalars.byte(index), at);
            prop_assert_eq!(units.byte(units.at(at)), at);
            prop_assert_eq!(units.at(at), text[..at].encode_utf16().count());
        }
    }
}

const UNITS: [OffsetUnit; 3] =
    [OffsetUnit::Utf8Bytes, OffsetUnit::UnicodeScalars, OffsetUnit::Utf16Units];

fn decoded(text: &str, markup: Markup) -> String {
    Text::with_markup(text.into(), InvalidText::Reject, markup).unwrap().as_str().to_string()
}

#[test]
fn markup_is_read_as_what_it_stands_for() {
    assert_eq!(decoded("&beta;-blocker", Markup::Entities), "β-blocker");
    assert_eq!(decoded("patient&#39;s chest pain", Markup::Entities), "patient's chest pain");
    assert_eq!(decoded("a & b &c; &&lt;&amp;amp;<b>", Markup::Entities), "a & b &c; &<&amp;<b>");
    assert_eq!(decoded(r"No fever\.br\Chest pain", Markup::Hl7), "No fever\nChest pain");
    assert_eq!(decoded(r"H\T\P", Markup::Hl7), "H&P");
    assert_eq!(decoded(r"a\X0D\b\E\T\E\", Markup::Hl7), "a\rb\\T\\");
    assert_eq!(decoded(r"C:\scans\T\x \ y\", Markup::Hl7), r"C:\scans&x \ y\");
    assert_eq!(decoded(r"&beta;\T\", Markup::None), r"&beta;\T\");
}

#[test]
fn places_cover_whole_references_and_no_markup_beside_them() {
    let written = r"é \H\Chest\N\\.br\\X5465\xt";
    let text = Text::with_markup(written.into(), InvalidText::Reject, Markup::Hl7).unwrap();
    assert_eq!(text.as_str(), "é Chest\nText");
    let offsets = text.offsets(OffsetUnit::Utf8Bytes);
    let slice = |bytes: Range<usize>| &written[offsets.range(bytes)];
    assert_eq!(slice(3..8), "Chest");
    assert_eq!(slice(3..9), r"Chest\N\\.br\");
    assert_eq!(slice(9..13), r"\X5465\xt");
    // What begins or ends within a reference begins or ends at its edge.
    assert_eq!(slice(10..13), r"\X5465\xt");
    assert_eq!(slice(9..10), r"\X5465\");
    assert_eq!(offsets.range(3..3), 3..3);
    // Before and after what stands for nothing is the same place.
    assert_eq!([3, 6].map(|offset| offsets.exact(offset)), [Some(3), Some(3)]);
    assert_eq!([1, 4, 5, written.len() + 1].map(|offset| offsets.exact(offset)), [None; 4]);
    assert_eq!(offsets.byte(5), 3);
    assert_eq!(offsets.byte(usize::MAX), 13);
}

#[test]
fn bad_bytes_and_markup_are_read_together() {
    let bytes = b"\xFF&beta;\xFE&amp\xFD;&lt;x";
    let text = Text::with_markup(Input::Utf8(bytes), InvalidText::Replace, Markup::Entities);
    let text = text.unwrap();
    assert_eq!(text.as_str(), "\u{FFFD}β\u{FFFD}&amp\u{FFFD};<x");
    assert!(text.replaced());
    let lt = text.as_str().find('<').unwrap();
    assert_eq!(text.offsets(OffsetUnit::Utf8Bytes).range(lt..lt + 1), 14..18);
    assert_eq!(text.offsets(OffsetUnit::UnicodeScalars).range(lt..lt + 1), 14..18);
    assert_eq!(text.offsets(OffsetUnit::Utf8Bytes).exact(14), Some(lt));
}

/// A text with references and what only looks like one.
fn marked() -> impl Strategy<Value = (String, Markup)> {
    let piece = prop::sample::select(vec![
        "&beta;",
        "&#39;",
        "&#x1F600;",
        "&nGt;",
        "&amp;",
        "&nope;",
        "&",
        ";",
        "#39;",
        r"\T\",
        r"\.br\",
        r"\.sp3\",
        r"\H\",
        r"\N\",
        r"\X0D0A\",
        r"\XE9E9\",
        r"\XF09F9880\",
        r"\Z00\",
        "\\",
        "T\\",
        "é",
        "😀",
        "\u{FFFD}",
        " ",
        "pain",
        "\r\n",
    ]);
    let markup = prop::sample::select(vec![Markup::Entities, Markup::Hl7, Markup::None]);
    (prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat()), markup)
}

/// The part of a text that offsets in a unit name.
fn part(text: &str, unit: OffsetUnit, place: Range<usize>) -> String {
    let count = |c: char| match unit {
        OffsetUnit::Utf8Bytes => c.len_utf8(),
        OffsetUnit::UnicodeScalars => 1,
        OffsetUnit::Utf16Units => c.len_utf16(),
    };
    let mut at = 0;
    let inside = |c: &char| {
        let start = at;
        at += count(*c);
        place.start <= start && at <= place.end
    };
    text.chars().filter(inside).collect()
}

proptest! {
    #[test]
    fn places_in_markup_come_back((written, markup) in marked()) {
        let units: Vec<u16> = written.encode_utf16().collect();
        for input in [Input::Utf8(written.as_bytes()), Input::Utf16(&units)] {
            let text = Text::with_markup(input, InvalidText::Reject, markup).unwrap();
            prop_assert_eq!(text.as_str(), decoded(&written, markup));
            let ends: Vec<usize> = (0..=text.as_str().len())
                .filter(|&at| text.as_str().is_char_boundary(at))
                .collect();
            for unit in UNITS {
                let offsets = text.offsets(unit);
                let mut before = 0;
                for pair in ends.windows(2) {
                    let (start, end) = (pair[0], pair[1]);
                    let place = offsets.range(start..end);
                    prop_assert_eq!(place.start, offsets.at(start));
                    prop_assert!(before <= place.start && place.start < place.end);
                    before = place.start;
                    // The slice says what was read there, and the place comes back: to the whole reference, of
                    // which the character may be a part.
                    let back = offsets.byte(place.start)..offsets.byte(place.end);
                    prop_assert!(back.start <= start && end <= back.end);
                    prop_assert_eq!(offsets.exact(place.start), Some(back.start));
                    prop_assert_eq!(offsets.exact(place.end), Some(back.end));
                    let slice = part(&written, unit, place.clone());
                    prop_assert_eq!(decoded(&slice, markup), &text.as_str()[back.clone()]);
                    prop_assert_eq!(offsets.range(back), place);
                }
                // Every offset leads somewhere, in order.
                let length = offsets.at(text.as_str().len());
                let bytes: Vec<usize> = (0..length + 3).map(|offset| offsets.byte(offset)).collect();
                prop_assert!(bytes.is_sorted());
                prop_assert_eq!(bytes.last(), Some(&text.as_str().len()));
                for byte in (0..=length).filter_map(|offset| offsets.exact(offset)) {
                    prop_assert!(text.as_str().is_char_boundary(byte));
                }
                prop_assert_eq!(offsets.exact(length + 1), None);
            }
        }
    }
}

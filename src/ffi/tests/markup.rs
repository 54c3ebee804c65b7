//! Texts with markup: each task finds in them what it finds in what they stand for.

use std::ptr::null;

use super::calls::{Found, Text, every};
use super::{Setup, options};
use crate::ffi::*;
use crate::text::{Input, InvalidText, Markup, OffsetUnit};

const NOTES: [(biobert_markup, Markup, &str); 2] = [
    (
        BIOBERT_MARKUP_ENTITIES,
        Markup::Entities,
        "P&#108;an&colon; aspirin gave a r&#97;sh&period; The &ccedil;anary with f&shy;ever &#x1F600;\0 took &nope; insulin&#33;&#10;",
    ),
    (
        BIOBERT_MARKUP_HL7,
        Markup::Hl7,
        r"\H\Plan:\N\ aspi\X7269\n gave a rash.\.br\The \XC3A7\anary \T\ fever 😀 took \x\ \.in2\insulin!\.sp3\",
    ),
];

/// Every place in a result.
fn places(found: &Found) -> Vec<(u64, u64)> {
    let mut places = Vec::new();
    places.extend(found.list(biobert_result_spans).iter().map(|x| (x.start, x.end)));
    places.extend(found.list(biobert_result_answers).iter().map(|x| (x.start, x.end)));
    places.extend(found.list(biobert_result_sentences).iter().map(|x| (x.start, x.end)));
    places.extend(found.list(biobert_result_tokens).iter().map(|x| (x.start, x.end)));
    places.extend(found.list(biobert_result_sections).iter().map(|x| (x.start, x.end)));
    places.extend(found.list(biobert_result_sections).iter().map(|x| (x.title_start, x.title_end)));
    places.extend(found.list(biobert_result_attributes).iter().map(|x| (x.start, x.end)));
    let cues = found.list(biobert_result_entities);
    places.extend(cues.iter().map(|x| (x.cue_start, x.cue_end)).filter(|&cue| cue != (0, 0)));
    places
}

#[test]
fn what_is_found_stands_where_the_markup_is() {
    let setup = Setup::new(null());
    for (number, markup, note) in NOTES {
        let read = crate::Text::with_markup(Input::from(note), InvalidText::Reject, markup);
        let read = read.unwrap();
        let offsets = read.offsets(OffsetUnit::Utf8Bytes);
        let marked = biobert_run_options { markup: number, ..options() };
        for call in every() {
            let found =
                setup.run(call, &[&Text::new(note)], |args| args.options = &marked).unwrap();
            let plain = setup.ok(call, read.as_str());
            let wanted = places(&plain).into_iter().map(|(start, end)| {
                let place = offsets.range(start as usize..end as usize);
                (place.start as u64, place.end as u64)
            });
            assert_eq!(places(&found), wanted.collect::<Vec<_>>(), "{call:?}");
            // Without markup it is another text.
            let none = biobert_run_options { markup: BIOBERT_MARKUP_NONE, ..options() };
            let none = setup.run(call, &[&Text::new(note)], |args| args.options = &none).unwrap();
            assert_eq!(none.json(), setup.ok(call, note).json());
        }
    }
}

#[test]
fn a_given_entity_has_whole_references() {
    let setup = Setup::new(null());
    let marked = biobert_run_options { markup: BIOBERT_MARKUP_ENTITIES, ..options() };
    let note = "&#97;spirin gave a r&#97;sh";
    for (start, fails) in [(0, false), (1, true), (4, true), (5, false)] {
        let entity = biobert_entity_in { doc: 0, start, end: 11, kind: biobert_str::of("Drug") };
        let found = setup.run((super::calls::Task::Given, false), &[&Text::new(note)], |args| {
            args.options = &marked;
            (args.entities, args.n_entities) = (&entity, 1);
        });
        match found {
            Ok(found) => assert_eq!((places(&found), fails), (vec![(start, 11)], false)),
            Err((status, _)) => assert_eq!((status, fails), (BIOBERT_E_ARGUMENT, true)),
        }
    }
}

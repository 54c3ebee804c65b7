//! Results of notes: reading them.

use crate::ffi::boundary::boundary;
use crate::ffi::error::biobert_error;
use crate::ffi::handle::borrow;
use crate::ffi::link::{biobert_code, biobert_code_relation, biobert_link};
use crate::ffi::list::List;
use crate::ffi::note::{biobert_also, biobert_attribute, biobert_entity, biobert_section};
use crate::ffi::result::biobert_result;
use crate::ffi::status::biobert_status;

/// The sections of a note, by start; a section comes before those within it.
///
/// `*sections` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_sections(
    result: *const biobert_result,
    doc: usize,
    sections: *mut *const biobert_section,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(sections, count, stride, "sections")?.write(&note.sections);
            Ok(())
        })
    }
}

/// The entities of a note, by start, then the longer first; each finding once.
/// `biobert_result_spans` lists the same entities in the same order.
///
/// `*entities` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_entities(
    result: *const biobert_result,
    doc: usize,
    entities: *mut *const biobert_entity,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(entities, count, stride, "entities")?.write(&note.entities);
            Ok(())
        })
    }
}

/// What other heads call the entities of a note, entity by entity: see `first_also` and `n_also`
/// there.
///
/// `*also` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_also(
    result: *const biobert_result,
    doc: usize,
    also: *mut *const biobert_also,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(also, count, stride, "also")?.write(&note.also);
            Ok(())
        })
    }
}

/// The attributes of the entities of a note, entity by entity: see `first_attribute` and
/// `n_attributes` there.
///
/// `*attributes` points to `*count` structs, `*stride` bytes apart: in a later library they may
/// be longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_attributes(
    result: *const biobert_result,
    doc: usize,
    attributes: *mut *const biobert_attribute,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(attributes, count, stride, "attributes")?.write(&note.attributes);
            Ok(())
        })
    }
}

/// What the code systems have for the entities of a note, entity by entity: see `first_link` and
/// `n_links` there.
///
/// `*links` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_links(
    result: *const biobert_result,
    doc: usize,
    links: *mut *const biobert_link,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(links, count, stride, "links")?.write(&note.links);
            Ok(())
        })
    }
}

/// The codes of the links of a note, link by link, the best first: see `first_code` and `n_codes`
/// there.
///
/// `*codes` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_codes(
    result: *const biobert_result,
    doc: usize,
    codes: *mut *const biobert_code,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(codes, count, stride, "codes")?.write(&note.codes);
            Ok(())
        })
    }
}

/// The relations between codes that a note as a whole states, system by system, by first and second
/// code. There are some only with terminologies and the relation head `cid` among the heads named.
/// They were fitted on abstracts. Both codes are of one system, and each has a mention in the note
/// that is neither absent nor another person's.
///
/// `*relations` points to `*count` structs, `*stride` bytes apart: in a later library they may be
/// longer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn biobert_result_code_relations(
    result: *const biobert_result,
    doc: usize,
    relations: *mut *const biobert_code_relation,
    count: *mut usize,
    stride: *mut usize,
    error: *mut *mut biobert_error,
) -> biobert_status {
    // SAFETY: as the header demands of callers.
    unsafe {
        boundary(error, || {
            let note = borrow(result, "result")?.note(doc)?;
            List::new(relations, count, stride, "relations")?.write(&note.code_relations);
            Ok(())
        })
    }
}

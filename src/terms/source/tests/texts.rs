//! Small files in the layouts that are published, with concepts that do not exist.

pub(super) const OBO: &str = include_str!("../../../../tests/fixtures/terms/zz.obo");
pub(super) const RXNCONSO: &str = include_str!("../../../../tests/fixtures/terms/RXNCONSO.RRF");
pub(super) const MRCONSO: &str = include_str!("../../../../tests/fixtures/terms/MRCONSO.RRF");
pub(super) const SCT_CONCEPT: &str =
    include_str!("../../../../tests/fixtures/terms/sct2_Concept_Snapshot_INT_20260101.txt");
pub(super) const SCT_DESCRIPTION: &str =
    include_str!("../../../../tests/fixtures/terms/sct2_Description_Snapshot-en_INT_20260101.txt");
pub(super) const DESC: &str = include_str!("../../../../tests/fixtures/terms/desc2026.xml");
pub(super) const SUPP: &str = include_str!("../../../../tests/fixtures/terms/supp2026.xml");
pub(super) const MESH_ASCII: &str = include_str!("../../../../tests/fixtures/terms/d2026.bin");
pub(super) const ICD: &str =
    include_str!("../../../../tests/fixtures/terms/icd10cm-tabular-2026.xml");
pub(super) const CONCEPT: &str = include_str!("../../../../tests/fixtures/terms/CONCEPT.csv");
pub(super) const CONCEPT_SYNONYM: &str =
    include_str!("../../../../tests/fixtures/terms/CONCEPT_SYNONYM.csv");

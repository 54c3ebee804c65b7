//! Small files in the layouts that are published, with concepts that do not exist.

pub(super) const OBO: &str = r#"format-version: 1.2
data-version: zz/releases/2026-01-02
default-namespace: zorblat
ontology: zz

[Term]
id: ZZ:0000001
name: Zorblat fever
alt_id: ZZ:0000009
def: "A fever of zorblats." [PMID:1]
synonym: "Fever of zorblats" EXACT layperson [ORCID:1]
synonym: "Zorblat \"hot\" fever\, severe" EXACT []
synonym: "Zorblat disease" BROAD [] {source="X"}
synonym: "Zorb" RELATED ABBREVIATION [MONDO:Lexical]
synonym: "Zorb two" []
is_a: ZZ:0000000 ! zorblat disorder

[Term]
id: ZZ:0000002
name: Lumpitis\, left \{old\} {source="X"} ! a comment
exact_synonym: "Lump" []

[Term]
id: ZZ:0000003
name: obsolete Grumble
is_obsolete: true

[Typedef]
id: part_of
name: part of
synonym: "is part" EXACT []
"#;

/// Atoms of `RXNCONSO.RRF`: RXCUI, LAT, TS, LUI, STT, SUI, ISPREF, RXAUI, SAUI, SCUI, SDUI, SAB, TTY, CODE, STR, SRL,
/// SUPPRESS, CVF.
pub(super) const RXNCONSO: &str = "\
90001|ENG||||||9000101|9000101|90001||RXNORM|SY|90001|zorbin acid||N|4096|
90001|ENG||||||9000102|9000102|90001||RXNORM|IN|90001|zorbin||N|4096|
90001|ENG||||||9000103||Z1||MTHSPL|SU|UNII1|ZORBIN||N||
90001|ENG||||||9000104|9000104|90001||RXNORM|SY|90001|old zorbin||O||
90002|ENG||||||9000201|9000201|90002||RXNORM|SCD|90002|zorbin 5 MG Oral Tablet||N|4096|
90002|ENG||||||9000202|9000202|90002||RXNORM|PSN|90002|zorbin 5 MG tablet||N||
";

/// Atoms of `MRCONSO.RRF`: CUI, LAT, TS, LUI, STT, SUI, ISPREF, AUI, SAUI, SCUI, SDUI, SAB, TTY, CODE, STR, SRL, SUPPRESS, CVF.
pub(super) const MRCONSO: &str = "\
C9000001|ENG|S|L1|PF|S1|Y|A1||M1|D900001|MSH|ET|D900001|Zorb Fever|0|N|256|
C9000001|ENG|P|L2|PF|S2|Y|A2||11|D900001|SNOMEDCT_US|PT|9000011|Zorblat fever|9|N|256|
C9000001|ENG|P|L2|VC|S3|Y|A3||M1|D900001|MSH|MH|D900001|Zorblat Fever|0|N|256|
C9000001|SPA|P|L3|PF|S4|Y|A4||M1|D900001|MSHSPA|MH|D900001|Fiebre zorblat|3|N||
C9000001|ENG|S|L5|PF|S5|Y|A5||||CHV|SY|0001|zorby|0|Y||
C9000002|ENG|P|L6|PF|S6|Y|A6||M2|D900001|MSH|PEP|D900001|Zorblat Chill|0|N||
";

pub(super) const SCT_CONCEPT: &str = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r
90000011\t20260101\t1\t900000000000207008\t900000000000074008\r
90000012\t20260101\t0\t900000000000207008\t900000000000074008\r
90000013\t20260101\t1\t900000000000207008\t900000000000074008\r
";

pub(super) const SCT_DESCRIPTION: &str = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\r
1\t20260101\t1\t9\t90000011\ten\t900000000000013009\tZorb \"hot\"\t900000000000448009\r
2\t20260101\t1\t9\t90000012\ten\t900000000000003001\tGrumble (finding)\t900000000000448009\r
3\t20260101\t1\t9\t90000011\ten\t900000000000003001\tZorblat fever (severe) (disorder)\t900000000000448009\r
4\t20260101\t0\t9\t90000011\ten\t900000000000013009\tZorby\t900000000000448009\r
5\t20260101\t1\t9\t90000011\tes\t900000000000013009\tFiebre zorblat\t900000000000448009\r
6\t20260101\t1\t9\t90000011\ten\t900000000000550004\tA fever.\t900000000000448009\r
7\t20260101\t1\t9\t90000013\ten\t900000000000003001\tLump\t900000000000448009\r
";

pub(super) const DESC: &str = r#"<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd">
<DescriptorRecordSet LanguageCode = "eng">
 <DescriptorRecord DescriptorClass = "1">
  <DescriptorUI>D900001</DescriptorUI>
  <DescriptorName>
   <String>Zorblat Fever &amp; Chills</String>
  </DescriptorName>
  <AllowableQualifiersList>
   <AllowableQualifier>
    <QualifierReferredTo>
     <QualifierUI>Q000001</QualifierUI>
     <QualifierName>
      <String>blood</String>
     </QualifierName>
    </QualifierReferredTo>
   </AllowableQualifier>
  </AllowableQualifiersList>
  <ConceptList>
   <Concept PreferredConceptYN="Y">
    <ConceptUI>M9000001</ConceptUI>
    <ConceptName>
     <String>Zorblat Fever &amp; Chills</String>
    </ConceptName>
    <ConceptRelationList>
     <ConceptRelation RelationName="NRW">
      <Concept1UI>M9000001</Concept1UI>
      <Concept2UI>M9000002</Concept2UI>
     </ConceptRelation>
    </ConceptRelationList>
    <TermList>
     <Term  ConceptPreferredTermYN="Y"  IsPermutedTermYN="N"  LexicalTag="NON"  RecordPreferredTermYN="Y">
      <TermUI>T900001</TermUI>
      <String>Zorblat Fever &amp; Chills</String>
     </Term>
     <Term  ConceptPreferredTermYN="N"  IsPermutedTermYN="Y"  LexicalTag="NON"  RecordPreferredTermYN="N">
      <TermUI>T900001</TermUI>
      <String>Fever, Zorbl&#228;t</String>
     </Term>
    </TermList>
   </Concept>
   <Concept PreferredConceptYN="N">
    <ConceptUI>M9000002</ConceptUI>
    <TermList>
     <Term  ConceptPreferredTermYN="Y"  IsPermutedTermYN="N"  LexicalTag="NON"  RecordPreferredTermYN="N">
      <TermUI>T900002</TermUI>
      <String>Zorb</String>
     </Term>
    </TermList>
   </Concept>
  </ConceptList>
 </DescriptorRecord>
</DescriptorRecordSet>
"#;

pub(super) const SUPP: &str = r#"<?xml version="1.0"?>
<SupplementalRecordSet LanguageCode = "eng">
 <SupplementalRecord SCRClass = "1">
  <SupplementalRecordUI>C900001</SupplementalRecordUI>
  <SupplementalRecordName>
   <String>zorbinium</String>
  </SupplementalRecordName>
  <Note>with <![CDATA[a < b]]> in it</Note>
  <HeadingMappedToList>
   <HeadingMappedTo>
    <DescriptorReferredTo>
     <DescriptorUI>*D900001</DescriptorUI>
     <DescriptorName>
      <String>Zorblats</String>
     </DescriptorName>
    </DescriptorReferredTo>
   </HeadingMappedTo>
  </HeadingMappedToList>
  <ConceptList>
   <Concept PreferredConceptYN="Y">
    <TermList>
     <Term><TermUI>T1</TermUI><String>zorbinium</String></Term>
     <Term><TermUI>T2</TermUI><String>ZB-7</String></Term>
    </TermList>
   </Concept>
  </ConceptList>
 </SupplementalRecord>
</SupplementalRecordSet>
"#;

pub(super) const MESH_ASCII: &str = "\
*NEWRECORD
RECTYPE = D
MH = Zorblat Fever
AQ = BL CF
PRINT ENTRY = Zorb|T047|NON|NRW|NLM (1994)|930624|abcdef
ENTRY = Fever, Zorblat
MS = A fever = of zorblats.
UI = D900001

*NEWRECORD
RECTYPE = C
NM = zorbinium
RN = 0
SY = ZB-7|T109|T121|TRD|NRW|NLM (2026)|260101|abbcdef
NM_TH = NLM (2026)
UI = C900001

*NEWRECORD
RECTYPE = Q
SH = zorbing
UI = Q900001
";

pub(super) const ICD: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="icd10cm-tabular.xsd">
 <version>2026</version>
 <title>ICD-10-CM TABULAR LIST of DISEASES and INJURIES</title>
 <chapter>
  <name>1</name>
  <desc>Certain zorblat diseases (Z90-Z99)</desc>
  <includes><note>diseases of zorblats</note></includes>
  <sectionIndex><sectionRef first="Z90" last="Z91" id="Z90-Z91">Fevers</sectionRef></sectionIndex>
  <section id="Z90-Z91">
   <desc>Fevers (Z90-Z91)</desc>
   <diag>
    <name>Z90</name>
    <desc>Zorblat fever</desc>
    <excludes1><note>lump (Z91)</note></excludes1>
    <inclusionTerm><note>Zorb NOS</note><note>Hot zorb</note></inclusionTerm>
    <diag placeholder="true">
     <name>Z90.0</name>
     <desc>Zorblat fever, left</desc>
     <inclusionTerm>
      <note>Left zorb</note>
     </inclusionTerm>
     <sevenChrDef><extension char="A">initial encounter</extension></sevenChrDef>
    </diag>
   </diag>
  </section>
 </chapter>
</ICD10CM.tabular>
"#;

pub(super) const CONCEPT: &str = "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\tconcept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason
901\tZorblat \"hot\" fever\tCondition\tSNOMED\tClinical Finding\tS\t90000011\t20020131\t20991231\t
902\tZorblat chill\tCondition\tSNOMED\tClinical Finding\t\t90000012\t20020131\t20991231\t
903\tOld zorb\tCondition\tSNOMED\tClinical Finding\t\t90000013\t20020131\t20101231\tD
904\tZorblat fever, left\tCondition\tICD10CM\t7-char billing code\t\tZ90.0\t19700101\t20991231
";

pub(super) const CONCEPT_SYNONYM: &str = "concept_id\tconcept_synonym_name\tlanguage_concept_id
901\tzorb\t4180186
901\tFiebre zorblat\t4182511
903\tolder zorb\t4180186
902\t\"chill \"\"of zorblats\"\"\"\t4180186
";

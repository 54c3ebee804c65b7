package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Terminologies, asked for words and in notes; closed twice, in any order, and while calls run. */
class TermsTest extends WithModel {
    private static final String NOTE = "Known asthma 😀. Patient with type 2 diabetes mellitus on metformin.";
    private static final Map<String, String> CODES =
            Map.of("asthma", "T3", "type 2 diabetes mellitus", "T1", "metformin", "T2");

    private static DocumentResult extract(String note, Terms... terms) {
        return model.extract(note, ExtractOptions.defaults().withTerms(terms), RunOptions.defaults());
    }

    /** The codes that are given, by the entities' words. */
    private static Map<String, String> codes(DocumentResult found) {
        return found.entities().stream()
                .filter(e -> e.links().stream().anyMatch(link -> link.given().isPresent()))
                .collect(Collectors.toMap(
                        e -> NOTE.substring(e.start(), e.end()), e -> e.links().get(0).given().get().code()));
    }

    @Test
    void aTerminologyTellsOfItselfAndIsAskedForWords() {
        try (Terms terms = Terms.open(Fixtures.TERMS)) {
            assertTrue(terms.infoJson().contains("\"TINY\""), terms.infoJson());
            terms.verify();
            assertTrue(Terms.linkJson(List.of(terms), "adult-onset diabetes", "").contains("\"T1\""));
            assertTrue(Terms.linkJson(List.of(terms), "MI", "Disease").contains("\"ambiguous\""));
            BiobertException e = assertThrows(BiobertException.class, () -> Terms.linkJson(List.of(), "MI", ""));
            assertEquals(Status.ARGUMENT, e.status());
            assertThrows(IllegalArgumentException.class, () -> Terms.linkJson(List.of(terms), "\ud83d", ""));
            assertThrows(NullPointerException.class, () -> Terms.linkJson(List.of(terms), null, ""));
        }
        assertEquals(
                Status.NOT_FOUND,
                assertThrows(BiobertException.class, () -> Terms.open(Path.of("/no/such.terms"))).status());
        assertEquals(
                Status.CORRUPT,
                assertThrows(BiobertException.class, () -> Terms.open(Fixtures.ROOT.resolve("README.md"))).status());
    }

    @Test
    void entitiesHaveLinksWithTerminologiesAndNoneWithout() {
        try (Terms terms = Terms.open(Fixtures.TERMS)) {
            DocumentResult found = extract(NOTE, terms);
            assertEquals(CODES, codes(found));
            Entity asthma = found.entities().get(0);
            Link link = asthma.links().get(0);
            assertEquals("TINY", link.system());
            assertEquals(Optional.empty(), link.abstention());
            Code code = link.given().orElseThrow();
            assertEquals(link.codes().get(0), code);
            assertEquals("Asthma", code.name());
            assertTrue(code.score() > 0.9 && code.score() <= 1, code.toString());
            assertEquals(Optional.of(Code.Reason.CASE), code.reason());
            assertThrows(UnsupportedOperationException.class, () -> link.codes().clear());
            assertThrows(UnsupportedOperationException.class, () -> asthma.links().clear());

            DocumentResult without = extract(NOTE);
            assertTrue(without.entities().stream().allMatch(e -> e.links().isEmpty()));
            assertNotEquals(found.entities(), without.entities());
            assertEquals(found.entities(), extract(NOTE, terms).entities());
            ExtractOptions rules =
                    ExtractOptions.defaults().withTerms(terms).withJudges(ExtractOptions.Judges.RULES);
            assertEquals(CODES, codes(model.async().extract(List.of(NOTE), rules, RunOptions.defaults()).join().get(0)));

            for (Link of : extract("She had MI, COPD and a broken leg.", terms).entities().stream()
                    .flatMap(e -> e.links().stream())
                    .collect(Collectors.toList())) {
                assertEquals(of.abstention().isPresent(), of.given().isEmpty(), of.toString());
                assertFalse(of.codes().isEmpty() && of.abstention().isEmpty());
            }
        }
    }

    @Test
    void codesThatANoteRelates() {
        try (Terms terms = Terms.open(Fixtures.TERMS)) {
            String note = "Patient with asthma after metformin. Metformin-induced asthma.";
            ExtractOptions coded = ExtractOptions.defaults().withTerms(terms);
            RunOptions heads = RunOptions.defaults().withHeads("chemical", "disease", "cid");
            List<CodeRelation> found = model.extract(note, coded, heads).codeRelations();
            assertEquals(1, found.size(), found.toString());
            CodeRelation related = found.get(0);
            assertEquals(List.of("T2", "T3", "CID"), List.of(related.first(), related.second(), related.label()));
            assertTrue(related.score() > 0.5 && related.score() <= 1, related.toString());
            assertEquals(found, model.extract(note, coded, heads).codeRelations());
            assertTrue(model.extract(note, ExtractOptions.defaults(), heads).codeRelations().isEmpty());
        }
    }

    @Test
    void vectorsMakeAnotherTerminology() {
        Terms terms = Terms.open(Fixtures.TERMS);
        try (Terms near = terms.withVectors(Fixtures.VECTORS)) {
            terms.close();
            assertEquals(CODES, codes(extract(NOTE, near)));
            Path none = Path.of("/no/such.vectors");
            assertEquals(
                    Status.NOT_FOUND,
                    assertThrows(BiobertException.class, () -> near.withVectors(none)).status());
            assertEquals(
                    Status.CORRUPT,
                    assertThrows(BiobertException.class, () -> near.withVectors(Fixtures.TERMS)).status());
        }
        assertThrows(IllegalStateException.class, () -> terms.withVectors(Fixtures.VECTORS));
    }

    @Test
    void closedTerminologiesSaySoAndResultsStay() {
        Terms terms = Terms.open(Fixtures.TERMS);
        ExtractOptions options = ExtractOptions.defaults().withTerms(List.of(terms));
        DocumentResult found = model.extract(NOTE, options, RunOptions.defaults());
        terms.close();
        terms.close();
        assertEquals(CODES, codes(found));
        IllegalStateException e = assertThrows(IllegalStateException.class, terms::infoJson);
        assertEquals("the terminology is closed", e.getMessage());
        assertThrows(IllegalStateException.class, terms::verify);
        assertThrows(IllegalStateException.class, () -> Terms.linkJson(List.of(terms), "gout", ""));
        assertThrows(IllegalStateException.class, () -> model.extract(NOTE, options, RunOptions.defaults()));
    }

    @Test
    void closingWaitsForTheCallsThatRun() throws Exception {
        Terms terms = Terms.open(Fixtures.TERMS);
        Cancel cancellation = new Cancel();
        CompletableFuture<Status> outcome = new CompletableFuture<>();
        ExtractOptions options = ExtractOptions.defaults().withTerms(terms, terms);
        Thread caller = new Thread(() -> {
            try {
                model.extract(Fixtures.longDocument(), options, RunOptions.defaults().withCancel(cancellation));
                outcome.complete(Status.OK);
            } catch (BiobertException e) {
                outcome.complete(e.status());
            }
        });
        caller.start();
        Fixtures.await("the call runs", () -> Fixtures.inNative(caller));
        Thread closer = new Thread(terms::close);
        closer.start();
        Fixtures.await("closing waits", () -> closer.getState() == Thread.State.WAITING);
        assertThrows(IllegalStateException.class, terms::infoJson);
        assertFalse(outcome.isDone());
        cancellation.trigger();
        closer.join();
        assertEquals(Status.CANCELLED, outcome.join());
    }

    @Test
    void closingRacesWithCalls() throws Exception {
        for (int round = 0; round < 20; round++) {
            Terms terms = Terms.open(Fixtures.TERMS);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        while (true) {
                            Terms.linkJson(List.of(terms, terms), "heart attack", "");
                        }
                    } catch (IllegalStateException e) {
                        // It was closed.
                    }
                });
                threads.add(thread);
                thread.start();
            }
            Terms.open(Fixtures.TERMS).infoJson(); // forgotten
            terms.close();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }
}

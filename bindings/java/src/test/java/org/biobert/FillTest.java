package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Filling masks with a model that kept its masked-language head, and with one that did not. */
class FillTest {
    private static final String TEXT = "\uD83D\uDE00 [MASK] with fever [MASK]";

    private static Model open(Engine engine, String fixture) {
        return engine.open(Fixtures.ROOT.resolve("tests/fixtures").resolve(fixture));
    }

    @Test
    void masksHaveCandidatesTheMostProbableFirst() {
        try (Engine engine = Engine.create(); Model model = open(engine, "bert-fill")) {
            assertEquals(Optional.of("[MASK]"), model.maskToken());
            List<Mask> masks = model.fill(TEXT).masks();
            assertEquals(2, masks.size());
            assertEquals("[MASK]", TEXT.substring(masks.get(1).start(), masks.get(1).end()));
            for (Mask mask : masks) {
                assertEquals(5, mask.candidates().size());
                float last = 1;
                for (Candidate candidate : mask.candidates()) {
                    assertTrue(candidate.score() > 0 && candidate.score() <= last, candidate.toString());
                    last = candidate.score();
                }
            }
            Candidate best = masks.get(0).candidates().get(0);
            assertEquals("##3", best.token());
            assertEquals(70, best.id());

            FillOptions two = FillOptions.defaults().withTopK(2);
            RunOptions bytes = RunOptions.defaults().withUnit(RunOptions.Unit.UTF8_BYTES);
            Mask first = model.fill(TEXT, two, bytes).masks().get(0);
            assertEquals(5, first.start());
            assertEquals(masks.get(0).candidates().subList(0, 2), first.candidates());
            assertNotEquals(masks.get(0), first);
            assertEquals(masks, model.async().fill(List.of(TEXT), FillOptions.defaults(), RunOptions.defaults()).join().get(0).masks());
            assertEquals(List.of(), model.fill(TEXT).spans());
            assertThrows(UnsupportedOperationException.class, () -> masks.get(0).candidates().clear());
            assertThrows(IllegalArgumentException.class, () -> FillOptions.defaults().withTopK(0));
        }
    }

    @Test
    void whatCannotBeFilledIsSaid() {
        try (Engine engine = Engine.create(); Model model = open(engine, "bert-fill"); Model other = open(engine, "bert-token")) {
            List<DocumentResult> found = model.fill(List.of("no mask", TEXT));
            assertEquals(Status.ARGUMENT, found.get(0).status());
            assertThrows(BiobertException.class, () -> found.get(0).masks());
            assertEquals(2, found.get(1).masks().size());
            assertEquals(Status.ARGUMENT, assertThrows(BiobertException.class, () -> model.fill("no mask")).status());
            assertEquals(Optional.empty(), other.maskToken());
            assertEquals(Status.NOT_FOUND, assertThrows(BiobertException.class, () -> other.fill(TEXT)).status());
            RunOptions heads = RunOptions.defaults().withHeads("disease");
            assertThrows(IllegalArgumentException.class, () -> model.fill(TEXT, FillOptions.defaults(), heads));
        }
    }
}

package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Closing: twice, in any order, while calls run, and not at all. */
class ClosingTest {
    @Test
    void closedObjectsSaySo() {
        Engine engine = Engine.create();
        Model model = engine.open(Fixtures.TINY);
        DocumentResult result = model.ner("asthma");
        engine.close();
        engine.close();
        IllegalStateException e = assertThrows(IllegalStateException.class, engine::statsJson);
        assertEquals("the engine is closed", e.getMessage());
        assertThrows(IllegalStateException.class, () -> engine.open(Fixtures.TINY));
        assertThrows(IllegalStateException.class, () -> engine.sentences("a"));
        // The model keeps what it needs of the engine.
        assertEquals(result.spans(), model.ner("asthma").spans());
        model.close();
        model.close();
        e = assertThrows(IllegalStateException.class, model::heads);
        assertEquals("the model is closed", e.getMessage());
        assertThrows(IllegalStateException.class, model::infoJson);
        assertThrows(IllegalStateException.class, () -> model.labels("ner"));
        assertThrows(IllegalStateException.class, () -> model.ner("a"));
        assertThrows(IllegalStateException.class, () -> model.embed("a"));
        CompletionException failed = assertThrows(
                CompletionException.class, () -> model.async().ner(List.of("a"), RunOptions.defaults()).join());
        assertEquals(IllegalStateException.class, failed.getCause().getClass());
        // The result has nothing native.
        assertEquals(Status.OK, result.status());
    }

    @Test
    void closingWaitsForTheCallsThatRun() throws Exception {
        try (Engine engine = Engine.create()) {
            Model model = engine.open(Fixtures.MODEL);
            Cancel cancellation = new Cancel();
            CompletableFuture<Status> outcome = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                try {
                    model.ner(Fixtures.longDocument(), RunOptions.defaults().withCancel(cancellation));
                    outcome.complete(Status.OK);
                } catch (BiobertException e) {
                    outcome.complete(e.status());
                }
            });
            caller.start();
            Fixtures.await("the call runs", () -> Fixtures.inNative(caller));

            List<Thread> closers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread closer = new Thread(model::close);
                closer.start();
                closers.add(closer);
            }
            for (Thread closer : closers) {
                Fixtures.await("closing waits", () -> closer.getState() == Thread.State.WAITING);
            }
            assertThrows(IllegalStateException.class, () -> model.ner("a"));
            assertTrue(Fixtures.inNative(caller), "the call still runs");
            assertFalse(outcome.isDone());
            assertEquals(1, Fixtures.live(engine, "models"));

            cancellation.trigger();
            for (Thread closer : closers) {
                closer.join();
            }
            assertEquals(Status.CANCELLED, outcome.join());
            assertEquals(0, Fixtures.live(engine, "models"));
        }
    }

    @Test
    void aCallThatRunsWhileItsModelIsClosedEndsWell() throws Exception {
        try (Engine engine = Engine.create()) {
            Model model = engine.open(Fixtures.MODEL);
            List<String> notes = Collections.nCopies(40, Fixtures.NOTE);
            List<Span> wanted = model.ner(Fixtures.NOTE).spans();
            CompletableFuture<List<DocumentResult>> found = new CompletableFuture<>();
            Thread caller = new Thread(() -> found.complete(model.ner(notes)));
            caller.start();
            Fixtures.await("the call runs", () -> Fixtures.inNative(caller) || found.isDone());
            // An interrupt does not make closing give up; it is kept for the caller of close.
            Thread.currentThread().interrupt();
            model.close();
            assertTrue(Thread.interrupted());
            caller.join();
            found.join().forEach(result -> assertEquals(wanted, result.spans()));
            assertEquals(0, Fixtures.live(engine, "models"));
        }
    }

    @Test
    void closingRacesWithCallsAndItself() throws Exception {
        try (Engine engine = Engine.create()) {
            AtomicInteger refused = new AtomicInteger();
            AtomicInteger done = new AtomicInteger();
            for (int round = 0; round < 50; round++) {
                Model model = engine.open(Fixtures.TINY);
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    boolean closes = i % 4 == 3;
                    Thread thread = new Thread(() -> {
                        try {
                            for (int call = 0; call < 20; call++) {
                                model.ner("asthma and gout");
                                done.incrementAndGet();
                                if (closes && call == 5) {
                                    model.close();
                                }
                            }
                        } catch (IllegalStateException e) {
                            refused.incrementAndGet();
                        }
                    });
                    threads.add(thread);
                    thread.start();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            assertTrue(done.get() > 0 && refused.get() > 0, done + " " + refused);
            assertEquals(0, Fixtures.live(engine, "models"));
            assertEquals(0, Fixtures.live(engine, "results"));
        }
    }

    @Test
    void forgottenObjectsAreFreed() {
        try (Engine engine = Engine.create()) {
            forget(engine, 20);
            Fixtures.awaitCollected(engine, 0);
        }
    }

    /** In a method of its own, so that no stack frame holds the last model. */
    private static void forget(Engine engine, int models) {
        for (int i = 0; i < models; i++) {
            engine.open(Fixtures.TINY).ner("asthma");
        }
        assertTrue(Fixtures.live(engine, "models") > 0);
    }
}

package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.biobert.Progress.Phase;
import org.biobert.TrainerOptions.Preset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A training that runs: who listens, stops, throws, asks, closes. */
class FitTest {
    private Engine engine;
    private Trainer trainer;

    @BeforeEach
    void open() {
        engine = Engine.create();
        try (Model model = engine.open(Fixtures.MODEL)) {
            trainer = Trainer.create(model, Task.NER, TrainerOptions.defaults().withPreset(Preset.FAST));
        }
        // The trainer keeps what it needs of the model.
        Fixtures.addSentences(trainer, RunOptions.Unit.UTF16_UNITS);
    }

    @AfterEach
    void close() {
        trainer.close();
        assertEquals(0, Fixtures.live(engine, "models"));
        engine.close();
    }

    private static Status failure(Runnable call) {
        return assertThrows(BiobertException.class, call::run).status();
    }

    private JsonObject report() {
        return JsonParser.parseString(trainer.reportJson()).getAsJsonObject();
    }

    private static boolean epochEnded(Progress progress) {
        return progress.phase() == Phase.EPOCH;
    }

    @Test
    void theListenerIsToldOnTheCallingThread() {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        List<Progress> epochs = new ArrayList<>();
        Thread caller = Thread.currentThread();
        trainer.fit(progress -> {
            assertSame(caller, Thread.currentThread());
            phases.add(progress.phase());
            if (progress.phase() == Phase.READING) {
                assertTrue(Double.isNaN(progress.loss()));
            } else {
                assertTrue(progress.loss() > 0);
            }
            if (progress.phase() == Phase.LEARNING) {
                assertTrue(progress.done() <= progress.of() && progress.secondsLeft() >= 0, progress.toString());
                assertEquals(epochs.size(), progress.epoch());
            }
            if (epochEnded(progress)) {
                epochs.add(progress);
                assertEquals(epochs.size(), progress.epoch());
            }
            return true;
        });
        assertEquals(EnumSet.of(Phase.READING, Phase.LEARNING, Phase.EPOCH), phases);
        assertFalse(report().get("stopped").getAsBoolean());
        assertEquals(epochs.size(), report().getAsJsonArray("history").size());
    }

    @Test
    void aListenerThatStopsKeepsTheBestHead() {
        assertEquals(Status.CANCELLED, failure(() -> trainer.fit(progress -> false)));
        assertEquals(Status.ARGUMENT, failure(trainer::head));
        trainer.fit(progress -> !epochEnded(progress));
        assertTrue(report().get("stopped").getAsBoolean());
        assertEquals(1, report().getAsJsonArray("history").size());
        trainer.head().close();
    }

    @Test
    void whatAListenerThrowsIsThrownAsItIs() {
        for (Throwable thrown : List.of(new IllegalStateException("mine"), new AssertionError("mine"))) {
            int[] told = {0};
            Throwable caught = assertThrows(thrown.getClass(), () -> trainer.fit(progress -> {
                told[0]++;
                return sneak(thrown);
            }));
            assertSame(thrown, caught);
            assertEquals(1, told[0]);
        }
        assertEquals(Status.ARGUMENT, failure(trainer::head));
        // Behind an epoch there is a head, as for one that stops.
        RuntimeException late = new RuntimeException("mine");
        assertSame(late, assertThrows(RuntimeException.class, () ->
                trainer.fit(progress -> !epochEnded(progress) || sneak(late))));
        assertTrue(report().get("stopped").getAsBoolean());
        trainer.fit();
        assertFalse(report().get("stopped").getAsBoolean());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> boolean sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void aCancellationStopsToo() {
        Cancel early = new Cancel();
        early.trigger();
        assertEquals(Status.CANCELLED, failure(() -> trainer.fit(progress -> true, early)));
        Cancel late = new Cancel();
        trainer.fit(progress -> {
            if (epochEnded(progress)) {
                Thread other = new Thread(late::trigger);
                other.start();
                join(other);
            }
            return true;
        }, late);
        assertTrue(report().get("stopped").getAsBoolean());
        trainer.addNer(Split.TEST, "My liver.", List.of(new Mark(3, 8, "Site")));
        assertEquals(Status.CANCELLED, failure(() -> trainer.eval(late)));
        assertTrue(JsonParser.parseString(trainer.eval(new Cancel())).isJsonObject());
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneThreadAtATime() {
        List<Status> own = new ArrayList<>();
        List<Status> others = new ArrayList<>();
        assertEquals(Status.CANCELLED, failure(() -> trainer.fit(progress -> {
            own.add(failure(trainer::reportJson));
            own.add(failure(trainer::fit));
            Thread other = new Thread(() -> {
                others.add(failure(() -> trainer.addNer(Split.TRAIN, "No fever.", List.of())));
                others.add(failure(trainer::head));
            });
            other.start();
            join(other);
            return progress.phase() != Phase.LEARNING;
        })));
        assertEquals(EnumSet.of(Status.BUSY), EnumSet.copyOf(own));
        assertEquals(EnumSet.of(Status.BUSY), EnumSet.copyOf(others));
    }

    @Test
    void closingWaitsForTheTraining() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletableFuture<Status> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                trainer.fit(progress -> {
                    inside.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return false;
                });
                outcome.complete(Status.OK);
            } catch (BiobertException e) {
                outcome.complete(e.status());
            }
        });
        caller.start();
        inside.await();
        Thread closer = new Thread(trainer::close);
        closer.start();
        Fixtures.await("closing waits", () -> closer.getState() == Thread.State.WAITING);
        assertThrows(IllegalStateException.class, trainer::reportJson);
        assertEquals(1, Fixtures.live(engine, "models"));
        goOn.countDown();
        closer.join();
        assertEquals(Status.CANCELLED, outcome.join());
        assertEquals(0, Fixtures.live(engine, "models"));
    }

    @Test
    void theListenerCannotCloseItsTrainerButAnother() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> trainer.fit(progress -> {
            trainer.close();
            return true;
        }));
        assertEquals("the trainer cannot be closed by its own listener", e.getMessage());
        trainer.fit(progress -> {
            try (Model model = engine.open(Fixtures.TINY); Trainer other = Trainer.create(model, Task.NER)) {
                Fixtures.addSentences(other, RunOptions.Unit.UTF16_UNITS);
                assertEquals(Status.CANCELLED, failure(() -> other.fit(inner -> false)));
            }
            return !epochEnded(progress);
        });
        trainer.head().close();
    }

    @Test
    void closedObjectsSaySo() {
        trainer.fit(progress -> !epochEnded(progress));
        Head head = trainer.head();
        trainer.close();
        trainer.close();
        IllegalStateException e = assertThrows(IllegalStateException.class, trainer::fit);
        assertEquals("the trainer is closed", e.getMessage());
        Model model = engine.open(Fixtures.MODEL);
        Model taught = model.withHead(head, "site");
        head.close();
        head.close();
        e = assertThrows(IllegalStateException.class, head::infoJson);
        assertEquals("the head is closed", e.getMessage());
        assertThrows(IllegalStateException.class, () -> model.withHead(head, "again"));
        model.close();
        // The model keeps what it needs of the head, and of the model that it was made from.
        assertEquals(List.of("O", "B-Site", "I-Site"), taught.labels("site"));
        taught.close();
        assertThrows(IllegalStateException.class, () -> Trainer.create(taught, Task.NER));
    }

    @Test
    void forgottenTrainersAreFreed() {
        trainer.close();
        for (int i = 0; i < 20; i++) {
            forget();
        }
        Fixtures.awaitCollected(engine, 0);
    }

    /** In a method of its own, so that no stack frame holds the last one. */
    private void forget() {
        Model model = engine.open(Fixtures.TINY);
        Fixtures.addSentences(Trainer.create(model, Task.NER), RunOptions.Unit.UTF16_UNITS);
    }
}

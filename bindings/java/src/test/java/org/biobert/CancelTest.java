package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Ending calls early: by a switch, by a deadline, by cancelling a future. */
class CancelTest extends WithModel {
    private static Status failure(Runnable call) {
        return assertThrows(BiobertException.class, call::run).status();
    }

    /** Runs a long call by a future, ends it as told when it runs, and waits until its thread is free. */
    private static CompletableFuture<List<DocumentResult>> endWhileRunning(
            RunOptions options, Consumer<CompletableFuture<List<DocumentResult>>> end)
            throws InterruptedException {
        AtomicReference<Thread> worker = new AtomicReference<>();
        CompletableFuture<List<DocumentResult>> future = model.async(task -> {
            Thread thread = new Thread(task);
            worker.set(thread);
            thread.start();
        }).ner(List.of(Fixtures.longDocument()), options);
        Fixtures.await("the call runs", () -> Fixtures.inNative(worker.get()));
        end.accept(future);
        Fixtures.await("the native call stops, which would take many minutes", () -> !worker.get().isAlive());
        return future;
    }

    @Test
    void aSwitchThatIsOnEndsCallsAtOnce() {
        Cancel cancellation = new Cancel();
        RunOptions options = RunOptions.defaults().withCancel(cancellation);
        assertEquals(3, model.ner(Fixtures.NOTE, options).spans().size());
        assertFalse(cancellation.isTriggered());
        cancellation.trigger();
        cancellation.trigger();
        assertTrue(cancellation.isTriggered());
        assertEquals(Status.CANCELLED, failure(() -> model.ner(Fixtures.NOTE, options)));
        assertEquals(Status.CANCELLED, failure(() -> model.re(Fixtures.NOTE, ReOptions.defaults(), options)));
        assertEquals(Status.CANCELLED, failure(() -> model.extract(Fixtures.NOTE, ExtractOptions.defaults(), options)));
        assertEquals(Status.CANCELLED, failure(() -> engine.sections(Fixtures.NOTE, options)));
        assertEquals(Status.CANCELLED, failure(() ->
                model.qa(Question.of("What?", Fixtures.NOTE), QaOptions.defaults(), options)));
        assertEquals(Status.CANCELLED, failure(() -> model.classify(Fixtures.NOTE, options)));
        assertEquals(Status.CANCELLED, failure(() -> model.embed(Fixtures.NOTE, EmbedOptions.defaults(), options)));
        assertEquals(Status.CANCELLED, failure(() -> engine.sentences(Fixtures.NOTE, options)));
    }

    @Test
    void deadlinesEndCalls() {
        RunOptions soon = RunOptions.defaults().withDeadline(Duration.ofMillis(1));
        assertEquals(Status.DEADLINE, failure(() -> model.ner(Fixtures.longDocument(), soon)));
        RunOptions late = RunOptions.defaults().withDeadline(Duration.ofDays(49));
        assertEquals(3, model.ner(Fixtures.NOTE, late).spans().size());
        assertThrows(IllegalArgumentException.class, () -> RunOptions.defaults().withDeadline(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> RunOptions.defaults().withDeadline(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> RunOptions.defaults().withDeadline(Duration.ofDays(50)));
    }

    @Test
    void cancellingAFutureStopsTheCall() throws Exception {
        CompletableFuture<?> future = endWhileRunning(RunOptions.defaults(), f -> assertTrue(f.cancel(true)));
        assertTrue(future.isCancelled());
    }

    @Test
    void completingAFutureStopsTheCall() throws Exception {
        CompletableFuture<List<DocumentResult>> future =
                endWhileRunning(RunOptions.defaults(), f -> f.complete(List.of()));
        assertEquals(List.of(), future.join());
    }

    @Test
    void aCancellationOfTheOptionsStopsFuturesToo() throws Exception {
        Cancel cancellation = new Cancel();
        RunOptions options = RunOptions.defaults().withCancel(cancellation);
        CompletableFuture<?> future = endWhileRunning(options, f -> cancellation.trigger());
        CompletionException e = assertThrows(CompletionException.class, future::join);
        assertEquals(Status.CANCELLED, ((BiobertException) e.getCause()).status());
    }

    @Test
    void cancellingOneFutureLeavesTheOthers() throws Exception {
        Cancel shared = new Cancel();
        RunOptions options = RunOptions.defaults().withCancel(shared);
        endWhileRunning(options, f -> f.cancel(false));
        assertFalse(shared.isTriggered());
        assertEquals(3, model.async().ner(List.of(Fixtures.NOTE), options).join().get(0).spans().size());
    }

    @Test
    void futuresGiveWhatCallsGive() {
        AsyncModel async = model.async();
        RunOptions options = RunOptions.defaults();
        List<String> notes = List.of(Fixtures.NOTE);
        List<Question> questions = List.of(Question.of("What was given?", Fixtures.NOTE));
        assertEquals(
                model.ner(Fixtures.NOTE).spans(), async.ner(notes, options).join().get(0).spans());
        assertEquals(
                model.extract(Fixtures.NOTE).entities(),
                async.extract(notes, ExtractOptions.defaults(), options).join().get(0).entities());
        assertEquals(
                model.re(Fixtures.NOTE).relations(),
                async.re(notes, ReOptions.defaults(), options).join().get(0).relations());
        assertEquals(
                model.qa(questions).get(0).answers(),
                async.qa(questions, QaOptions.defaults(), options).join().get(0).answers());
        assertEquals(
                model.classify(Fixtures.NOTE).classes(), async.classify(notes, options).join().get(0).classes());
        assertEquals(
                model.classify(Fixtures.NOTE, "Adults").classes(),
                async.classify(notes, List.of("Adults"), options).join().get(0).classes());
        assertEquals(
                model.embed(Fixtures.NOTE).embedding().length,
                async.embed(notes, EmbedOptions.defaults(), options).join().get(0).embedding().length);
    }

    @Test
    void whatMakesACallThrowMakesTheFutureFail() {
        CompletionException e = assertThrows(CompletionException.class, () ->
                model.async().ner(List.of("a"), RunOptions.defaults().withHeads("nothing")).join());
        assertEquals(Status.NOT_FOUND, ((BiobertException) e.getCause()).status());
        e = assertThrows(CompletionException.class, () -> model.async(task -> {
            throw new RejectedExecutionException();
        }).ner(List.of("a"), RunOptions.defaults()).join());
        assertEquals(RejectedExecutionException.class, e.getCause().getClass());
    }

    @Test
    void aFutureCancelledBeforeItsTurnDoesNotRun() {
        AtomicReference<Runnable> waiting = new AtomicReference<>();
        CompletableFuture<?> future = model.async(waiting::set).ner(List.of(Fixtures.longDocument()), RunOptions.defaults());
        future.cancel(true);
        waiting.get().run(); // would take many minutes
        assertTrue(future.isCancelled());
    }
}

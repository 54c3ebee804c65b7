package org.biobert;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * A {@link Model} whose calls run on an executor and give futures. A future that is cancelled, or
 * completed otherwise by its user, stops the native call; so does a {@link Cancel} of the options,
 * and then the future fails with {@link Status#CANCELLED}. What makes a call of the model throw makes
 * its future fail. Any thread may use it; it has nothing to close.
 */
public final class AsyncModel {
    private final Model model;
    private final Executor executor;

    AsyncModel(Model model, Executor executor) {
        this.model = model;
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * {@link Model#extract(List, ExtractOptions, RunOptions)} on the executor.
     *
     * @param documents the notes
     * @param extract who judges assertions, and terminologies
     * @param options heads, unit of offsets and so on
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> extract(
            List<String> documents, ExtractOptions extract, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.extract(texts, extract, own));
    }

    /**
     * {@link Model#ner(List, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param options heads, unit of offsets and so on
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> ner(List<String> documents, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.ner(texts, own));
    }

    /**
     * {@link Model#re(List, ReOptions, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param relations entities to relate, and whether unrelated pairs are listed
     * @param options heads, unit of offsets and so on
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> re(
            List<String> documents, ReOptions relations, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.re(texts, relations, own));
    }

    /**
     * {@link Model#qa(List, QaOptions, RunOptions)} on the executor.
     *
     * @param questions questions and passages
     * @param answers how many, and how long
     * @param options heads, unit of offsets and so on
     * @return a result for each question
     */
    public CompletableFuture<List<DocumentResult>> qa(
            List<Question> questions, QaOptions answers, RunOptions options) {
        List<Question> asked = List.copyOf(questions);
        return submit(options, own -> model.qa(asked, answers, own));
    }

    /**
     * {@link Model#classify(List, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param options heads, unit of offsets and so on
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> classify(List<String> documents, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.classify(texts, own));
    }

    /**
     * {@link Model#classify(List, List, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param seconds as many second texts
     * @param options heads, unit of offsets and so on
     * @return a result for each pair
     */
    public CompletableFuture<List<DocumentResult>> classify(
            List<String> documents, List<String> seconds, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        List<String> others = List.copyOf(seconds);
        return submit(options, own -> model.classify(texts, others, own));
    }

    /**
     * {@link Model#embed(List, EmbedOptions, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param embed pooling, layer and so on
     * @param options unit of offsets and so on, without heads
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> embed(
            List<String> documents, EmbedOptions embed, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.embed(texts, embed, own));
    }

    /**
     * {@link Model#fill(List, FillOptions, RunOptions)} on the executor.
     *
     * @param documents the texts
     * @param fill how many candidates
     * @param options unit of offsets and so on, without heads
     * @return a result for each document
     */
    public CompletableFuture<List<DocumentResult>> fill(
            List<String> documents, FillOptions fill, RunOptions options) {
        List<String> texts = List.copyOf(documents);
        return submit(options, own -> model.fill(texts, fill, own));
    }

    private <T> CompletableFuture<T> submit(RunOptions options, Function<RunOptions, T> call) {
        Cancel own = new Cancel();
        Cancel callers = options.cancellation();
        Cancel.Registration link = callers == null ? () -> {} : callers.onTrigger(own::trigger);
        CompletableFuture<T> future = new CompletableFuture<>();
        // However it ends: the call need not go on. After the call's own end this does nothing.
        future.whenComplete((value, failure) -> {
            link.close();
            own.trigger();
        });
        Runnable task = () -> {
            if (future.isDone()) {
                return;
            }
            try {
                future.complete(call.apply(options.withCancel(own)));
            } catch (Throwable failure) {
                future.completeExceptionally(failure);
            }
        };
        try {
            executor.execute(task);
        } catch (RuntimeException refused) {
            future.completeExceptionally(refused);
        }
        return future;
    }
}

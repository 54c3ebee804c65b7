package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A training with its examples: teaches a model's encoder a task by a new head. Nothing of the examples
 * leaves the process.
 *
 * <p>One thread at a time: a call while another one runs fails with {@link Status#BUSY}, one of the
 * listener too. A bad example is refused with {@link Status#ARGUMENT}, and nothing is added. It keeps what
 * it needs of its model, which may be closed before it.
 *
 * <p>Close it, or use try-with-resources: the garbage collector does not see how much native memory it
 * has. Closing waits for a training that runs; stop it with its {@link Cancel}.
 */
public final class Trainer implements AutoCloseable {
    private final NativeHandle handle;
    /** The thread that runs the listener: it cannot wait for its own training to end. */
    private volatile Thread listening;

    private Trainer(NativeHandle handle) {
        this.handle = handle;
    }

    /**
     * Makes a trainer without examples, with the default options.
     *
     * @param model whose encoder the head is for
     * @param task what the head is for
     * @return a trainer to close
     * @throws BiobertException if the model is an ONNX graph other than BERT
     * @throws IllegalStateException if the model is closed
     */
    public static Trainer create(Model model, Task task) {
        return create(model, task, TrainerOptions.defaults());
    }

    /**
     * Makes a trainer without examples.
     *
     * @param model whose encoder the head is for
     * @param task what the head is for
     * @param options how it is trained
     * @return a trainer to close
     * @throws BiobertException if the model is an ONNX graph other than BERT, or the options do not fit the task
     * @throws IllegalStateException if the model is closed
     */
    public static Trainer create(Model model, Task task, TrainerOptions options) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(options, "options");
        return new Trainer(model.handle().use(
                object -> new NativeHandle("trainer", options.create(object, task), Native::trainerFree)));
    }

    /**
     * Adds a text with all its entities, which may be none and must not overlap.
     *
     * @param split what it is for
     * @param text the text
     * @param marks its entities
     * @throws BiobertException if a place is not in the text, a label is empty, or the task is another
     */
    public void addNer(Split split, String text, List<Mark> marks) {
        Objects.requireNonNull(text, "text");
        long[] places = places(marks);
        byte[][] labels = labels(marks);
        handle.run(trainer -> Native.trainerAddNer(trainer, split.number(), text, places, labels));
    }

    /**
     * Adds a text with its entities and what it says of each.
     *
     * @param split what it is for
     * @param text the text
     * @param marks its entities, each with an assertion
     * @throws BiobertException if a place is not in the text, a label is empty, a mark has no assertion, or the task
     *     is another
     */
    public void addAssertion(Split split, String text, List<Mark> marks) {
        Objects.requireNonNull(text, "text");
        long[] places = places(marks);
        byte[][] labels = labels(marks);
        handle.run(trainer -> Native.trainerAddAssertion(trainer, split.number(), text, places, labels));
    }

    private static long[] places(List<Mark> marks) {
        long[] places = new long[3 * marks.size()];
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            places[3 * i] = mark.start();
            places[3 * i + 1] = mark.end();
            places[3 * i + 2] = mark.assertion().map(Assertion.Value::number).orElse(0);
        }
        return places;
    }

    private static byte[][] labels(List<Mark> marks) {
        byte[][] labels = new byte[marks.size()][];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = Text.utf8(marks.get(i).label(), "a mark's label");
        }
        return labels;
    }

    /**
     * Adds two entities of a text and the label of their relation. Of a long text, only the sentence with the
     * two is read. Also add pairs that are not related, with a label that says so.
     *
     * @param split what it is for
     * @param text the text
     * @param first the first entity
     * @param second the second entity
     * @param label how they are related
     * @throws BiobertException if a place is not in the text, the label is empty, or the task is another
     */
    public void addRe(Split split, String text, Range first, Range second, String label) {
        Objects.requireNonNull(text, "text");
        byte[] name = Text.utf8(label, "label");
        handle.run(trainer -> Native.trainerAddRe(
                trainer, split.number(), text, first.start(), first.end(), second.start(), second.end(), name));
    }

    /**
     * Adds a text and its class.
     *
     * @param split what it is for
     * @param text the text
     * @param label its class
     * @throws BiobertException if text or label is empty, or the task is another
     */
    public void addClass(Split split, String text, String label) {
        Objects.requireNonNull(text, "text");
        byte[] name = Text.utf8(label, "label");
        handle.run(trainer -> Native.trainerAddClass(trainer, split.number(), text, null, name));
    }

    /**
     * Adds a pair of texts and its class.
     *
     * @param split what it is for
     * @param text the text
     * @param second the text that it is judged together with
     * @param label the class of the pair
     * @throws BiobertException if text or label is empty, or the task is another
     */
    public void addClass(Split split, String text, String second, String label) {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(second, "second");
        byte[] name = Text.utf8(label, "label");
        handle.run(trainer -> Native.trainerAddClass(trainer, split.number(), text, second, name));
    }

    /**
     * Adds a question with a passage and the place of the answer in it.
     *
     * @param split what it is for
     * @param question the question
     * @param passage the text with the answer
     * @param answer its place in the passage
     * @throws BiobertException if the place is not in the passage, or the task is another
     */
    public void addQa(Split split, String question, String passage, Range answer) {
        addQa(split, question, passage, answer.start(), answer.end());
    }

    /**
     * Adds a question with a passage that does not contain the answer.
     *
     * @param split what it is for
     * @param question the question
     * @param passage the text without an answer
     * @throws BiobertException if the question is empty, or the task is another
     */
    public void addQa(Split split, String question, String passage) {
        addQa(split, question, passage, -1, -1);
    }

    private void addQa(Split split, String question, String passage, int start, int end) {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(passage, "passage");
        handle.run(trainer -> Native.trainerAddQa(trainer, split.number(), question, passage, start, end));
    }

    /**
     * Adds the examples of a file: all of them, or none if one is wrong; the message then names its line.
     *
     * <p>The format is recognised by the structure of the file. JSON lines: <code>{"text", "entities":
     * [{"start", "end", "label"}]}</code>, <code>{"text", "first": {"start", "end"}, "second": {"start",
     * "end"}, "label"}</code>, <code>{"text", "label"}</code> or <code>{"question", "passage", "answer":
     * {"start", "end"} or null}</code>, with offsets in the unit of the trainer. Words with tags for
     * entities, tab-separated tables for relations and classes, SQuAD's JSON for answers. Also the JSON of
     * doccano, Prodigy and Label Studio, spaCy's triples, and lists of tokens and tags.
     *
     * @param split what they are for
     * @param path the file
     * @throws BiobertException if it is not there, or an example is wrong
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     */
    public void addFile(Split split, Path path) {
        byte[] name = Text.utf8(path);
        handle.run(trainer -> Native.trainerAddFile(trainer, split.number(), name));
    }

    /**
     * Trains a head from the examples.
     *
     * @throws BiobertException if there is too little to learn from; the head before stays
     */
    public void fit() {
        fit(null, 0);
    }

    /**
     * Trains a head from the examples, and reports its progress.
     *
     * @param listener receives the progress and may stop the training: before the first epoch has ended with {@link
     *     Status#CANCELLED}, afterwards the best head so far is kept. What it throws stops likewise and is
     *     thrown from here
     * @throws BiobertException if there is too little to learn from, or it was stopped without a head; the
     *     head before stays
     */
    public void fit(ProgressListener listener) {
        fit(watched(listener), 0);
    }

    /**
     * Trains a head from the examples, reports its progress, and may be stopped by other threads. More
     * examples may be added later and a head trained again.
     *
     * @param listener as above
     * @param cancellation stops the training as the listener does
     * @throws BiobertException if there is too little to learn from, or it was stopped without a head; the
     *     head before stays
     */
    public void fit(ProgressListener listener, Cancel cancellation) {
        ProgressListener watched = watched(listener);
        Objects.requireNonNull(cancellation, "cancellation");
        Cancel.during(cancellation, cancel -> {
            fit(watched, cancel);
            return null;
        });
    }

    private void fit(ProgressListener listener, long cancel) {
        handle.run(trainer -> Native.trainerFit(trainer, listener, cancel));
    }

    private ProgressListener watched(ProgressListener listener) {
        Objects.requireNonNull(listener, "listener");
        return progress -> {
            listening = Thread.currentThread();
            try {
                return listener.progress(progress);
            } finally {
                listening = null;
            }
        };
    }

    /**
     * The report of the training: labels, overall scores and scores by label, confusion table, calibration,
     * history.
     *
     * @return JSON
     * @throws BiobertException if no head was trained yet
     */
    public String reportJson() {
        return new String(handle.use(Native::trainerReport), UTF_8);
    }

    /**
     * Measures the head on the examples of {@link Split#TEST}.
     *
     * @return JSON: overall scores and scores by label, confusion table, calibration error
     * @throws BiobertException if no head was trained yet, or there are no such examples
     */
    public String eval() {
        return eval(0);
    }

    /**
     * Measures the head on the examples of {@link Split#TEST}.
     *
     * @param cancellation ends it with {@link Status#CANCELLED}
     * @return JSON: overall scores and scores by label, confusion table, calibration error
     * @throws BiobertException if no head was trained yet, there are no such examples, or it was cancelled
     */
    public String eval(Cancel cancellation) {
        Objects.requireNonNull(cancellation, "cancellation");
        return Cancel.during(cancellation, this::eval);
    }

    private String eval(long cancel) {
        return new String(handle.use(trainer -> Native.trainerEval(trainer, cancel)), UTF_8);
    }

    /**
     * The head that was trained, to be given to {@link Model#withHead} or saved.
     *
     * @return a head to close
     * @throws BiobertException if no head was trained yet
     */
    public Head head() {
        return handle.use(trainer -> new Head(Native.trainerHead(trainer)));
    }

    /**
     * Waits for the call that runs on the trainer and frees it. Does nothing the second time.
     *
     * @throws IllegalStateException if the listener of its own training calls it
     */
    @Override
    public void close() {
        if (listening == Thread.currentThread()) {
            throw new IllegalStateException("the trainer cannot be closed by its own listener");
        }
        handle.close();
    }
}

package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;

/**
 * Threads, instruction set, device and limits that models share. A program makes one and keeps it; all threads
 * may use it at the same time.
 *
 * <p>Close it, or use try-with-resources: the garbage collector does not see how much native memory it
 * has. Closing waits for the calls that run on it. Models keep what they need of it: it may be closed
 * before them.
 */
public final class Engine implements AutoCloseable {
    private final NativeHandle handle;

    private Engine(NativeHandle handle) {
        this.handle = handle;
    }

    /**
     * Makes an engine that computes on the calling thread, with the best instruction set there is.
     *
     * @return an engine to close
     * @throws UnsatisfiedLinkError if the native library cannot be loaded; the message has every attempt
     */
    public static Engine create() {
        return create(EngineOptions.defaults());
    }

    /**
     * Makes an engine.
     *
     * @param options threads, instruction set, device and limits
     * @return an engine to close
     * @throws BiobertException if this processor lacks the instruction set, the GPU cannot be used, or threads
     *     cannot be started
     * @throws UnsatisfiedLinkError if the native library cannot be loaded; the message has every attempt
     */
    public static Engine create(EngineOptions options) {
        Loader.require();
        return new Engine(new NativeHandle("engine", options.create(), Native::engineFree));
    }

    /**
     * Version, features, commit and this processor's instruction sets.
     *
     * @return JSON
     * @throws UnsatisfiedLinkError if the native library cannot be loaded; the message has every attempt
     */
    public static String buildInfoJson() {
        Loader.require();
        return new String(Native.buildInfo(), UTF_8);
    }

    /**
     * Opens a model: a bundle, checked byte by byte, or a checkpoint directory.
     *
     * @param path the model's directory
     * @return a model to close
     * @throws BiobertException if it is not there, damaged or not supported
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     * @throws IllegalStateException if the engine is closed
     */
    public Model open(Path path) {
        return open(path, ModelOptions.defaults());
    }

    /**
     * Opens a model: a bundle, or a directory with {@code model.safetensors}, {@code pytorch_model.bin}
     * or {@code model.onnx}. Safe on untrusted files: nothing in them is run.
     *
     * @param path the model's directory
     * @param options how it is checked and loaded
     * @return a model to close
     * @throws BiobertException if it is not there, damaged or not supported
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     * @throws IllegalStateException if the engine is closed
     */
    public Model open(Path path, ModelOptions options) {
        byte[] name = Text.utf8(path);
        return new Model(handle.use(engine -> new NativeHandle("model", options.open(engine, name), Native::modelFree)));
    }

    /**
     * Live objects and settings.
     *
     * @return JSON: {@code {"models","results","threads","isa","device"}}
     * @throws IllegalStateException if the engine is closed
     */
    public String statsJson() {
        return new String(handle.use(Native::engineStats), UTF_8);
    }

    /**
     * Divides a document in English into sentences.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#sentences}
     * @throws BiobertException if the document is bad
     * @throws IllegalStateException if the engine is closed
     */
    public DocumentResult sentences(String document) {
        return sentences(document, RunOptions.defaults());
    }

    /**
     * Divides a document in English into sentences.
     *
     * @param document the text
     * @param options unit of offsets and so on, without heads
     * @return the result, with {@link DocumentResult#sentences}
     * @throws BiobertException if the document is bad, or the call ended early
     * @throws IllegalStateException if the engine is closed
     */
    public DocumentResult sentences(String document, RunOptions options) {
        return sentences(List.of(document), options).get(0).checked();
    }

    /**
     * Divides documents in English into sentences: of running text, headings, list items, one-line
     * statements of a note.
     *
     * @param documents the texts
     * @return a result for each
     * @throws BiobertException if the documents are too large together
     * @throws IllegalStateException if the engine is closed
     */
    public List<DocumentResult> sentences(List<String> documents) {
        return sentences(documents, RunOptions.defaults());
    }

    /**
     * Divides documents in English into sentences: of running text, headings, list items, one-line
     * statements of a note.
     *
     * @param documents the texts
     * @param options unit of offsets and so on, without heads
     * @return a result for each
     * @throws BiobertException if the documents are too large together, or the call ended early
     * @throws IllegalStateException if the engine is closed
     */
    public List<DocumentResult> sentences(List<String> documents, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        options.refuseHeads();
        return options.run(handle, (engine, cancel) ->
                Native.sentences(
                        engine,
                        texts,
                        options.unit(),
                        options.invalidText(),
                        options.markup(),
                        options.deadline(),
                        cancel));
    }

    /**
     * Finds the sections of a note in English by their headings.
     *
     * @param document the text
     * @return the result, with {@link DocumentResult#sections}
     * @throws BiobertException if the document is bad
     * @throws IllegalStateException if the engine is closed
     */
    public DocumentResult sections(String document) {
        return sections(document, RunOptions.defaults());
    }

    /**
     * Finds the sections of a note in English by their headings.
     *
     * @param document the text
     * @param options unit of offsets and so on, without heads
     * @return the result, with {@link DocumentResult#sections}
     * @throws BiobertException if the document is bad, or the call ended early
     * @throws IllegalStateException if the engine is closed
     */
    public DocumentResult sections(String document, RunOptions options) {
        return sections(List.of(document), options).get(0).checked();
    }

    /**
     * Finds the sections of notes in English by their headings. What stands before the first heading is in none.
     *
     * @param documents the texts
     * @return a result for each
     * @throws BiobertException if the documents are too large together
     * @throws IllegalStateException if the engine is closed
     */
    public List<DocumentResult> sections(List<String> documents) {
        return sections(documents, RunOptions.defaults());
    }

    /**
     * Finds the sections of notes in English by their headings. What stands before the first heading is in none.
     *
     * @param documents the texts
     * @param options unit of offsets and so on, without heads
     * @return a result for each
     * @throws BiobertException if the documents are too large together, or the call ended early
     * @throws IllegalStateException if the engine is closed
     */
    public List<DocumentResult> sections(List<String> documents, RunOptions options) {
        String[] texts = Text.array(documents, "documents");
        options.refuseHeads();
        return options.run(handle, (engine, cancel) ->
                Native.sections(
                        engine,
                        texts,
                        options.unit(),
                        options.invalidText(),
                        options.markup(),
                        options.deadline(),
                        cancel));
    }

    /** Waits for the calls that run on the engine and frees it. Does nothing the second time. */
    @Override
    public void close() {
        handle.close();
    }
}

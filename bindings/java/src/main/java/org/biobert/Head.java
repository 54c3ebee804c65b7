package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;

/**
 * A head on its own, trained on the encoder of a model: {@link Model#withHead} gives a model that has
 * it. Immutable: any number of threads may use it at the same time. A {@link Trainer} makes one, or it is
 * opened from its files.
 *
 * <p>Close it, or use try-with-resources: the garbage collector does not see how much native memory it
 * has. Models keep what they need of it: it may be closed before them.
 */
public final class Head implements AutoCloseable {
    private final NativeHandle handle;

    /** Takes over a native head. */
    Head(long head) {
        handle = new NativeHandle("head", head, Native::headFree);
    }

    /**
     * Opens a directory with {@code head.json} and {@code head.safetensors}. The head has the name of
     * the directory. Safe on untrusted files: nothing in them is run.
     *
     * @param path the head's directory
     * @return a head to close
     * @throws BiobertException if it is not there or damaged
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     * @throws UnsatisfiedLinkError if the native library cannot be loaded; the message has every attempt
     */
    public static Head open(Path path) {
        Loader.require();
        return new Head(Native.headOpen(Text.utf8(path)));
    }

    /**
     * Writes the head to a directory, which is created if necessary. A head that is there is replaced.
     *
     * @param path the head's directory
     * @throws BiobertException if it cannot be written
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     */
    public void save(Path path) {
        byte[] name = Text.utf8(path);
        handle.run(head -> Native.headSave(head, name));
    }

    /**
     * Describes the head: task, labels, hashes of its encoder, tokenizer and data, licence, date,
     * metrics.
     *
     * @return JSON
     */
    public String infoJson() {
        return new String(handle.use(Native::headInfo), UTF_8);
    }

    /** Its model with this head more, called {@code name}, or by its own name if that is null. */
    NativeHandle addTo(long model, byte[] name) {
        long taught = handle.use(head -> Native.modelWithHead(model, head, name));
        return new NativeHandle("model", taught, Native::modelFree);
    }

    /** Waits for the calls that use the head and frees it. Does nothing the second time. */
    @Override
    public void close() {
        handle.close();
    }
}

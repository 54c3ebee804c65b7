package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * A terminology: names and their codes, from a file that {@code biobert terms build} or {@code biobert terms
 * learn} wrote. {@link ExtractOptions#withTerms} gives entities their codes. Immutable: any number of threads
 * may use it at the same time, and processes share its pages.
 *
 * <p>Close it, or use try-with-resources: the garbage collector does not see that it has a file mapped.
 * Closing waits for the calls that use it. Results stay.
 */
public final class Terms implements AutoCloseable {
    private final NativeHandle handle;

    private Terms(long terms) {
        handle = new NativeHandle("terminology", terms, Native::termsFree);
    }

    /**
     * Opens a terminology, in milliseconds: only its structure is checked. The file must not change while it
     * is open: replace it by renaming another over it. Safe on untrusted files.
     *
     * @param path the file
     * @return a terminology to close
     * @throws BiobertException if it is not there, damaged or no terminology
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     * @throws UnsatisfiedLinkError if the native library cannot be loaded; the message has every attempt
     */
    public static Terms open(Path path) {
        Loader.require();
        return new Terms(Native.termsOpen(Text.utf8(path)));
    }

    /**
     * Makes a terminology with the vectors of its names, from a file that {@code biobert terms vectors} wrote: extracting
     * then also finds names near by the encoder of the model that made them ({@link Code.Reason#NEAR}). This one does
     * not change.
     *
     * @param path the file
     * @return a terminology to close
     * @throws BiobertException if the file is not there, damaged, or has the vectors of another terminology
     * @throws IllegalArgumentException if the path is of another file system than the default, such as a zip
     */
    public Terms withVectors(Path path) {
        byte[] where = Text.utf8(path);
        return new Terms(handle.use(terms -> Native.termsWithVectors(terms, where)));
    }

    /**
     * Describes the terminology: name, code system, version, licence, source, how many concepts and names.
     *
     * @return JSON
     */
    public String infoJson() {
        return new String(handle.use(Native::termsInfo), UTF_8);
    }

    /**
     * Checks every byte of the terminology against its SHA-256.
     *
     * @throws BiobertException if the file is damaged
     */
    public void verify() {
        handle.run(Native::termsVerify);
    }

    /**
     * What terminologies have for words, without a model: a list with an object for each code system, {@code
     * {"system","candidates":[{"code","name","score","reason"}],"abstention"}}; the first candidate is given
     * where {@code abstention} is null.
     *
     * @param terms at least one
     * @param words such as {@code adult-onset diabetes}
     * @param label the kind of the entity, such as {@code Disease}; it may be empty
     * @return JSON
     * @throws BiobertException if there is no terminology
     * @throws IllegalArgumentException if words or label are not valid Unicode
     * @throws IllegalStateException if a terminology is closed
     */
    public static String linkJson(List<Terms> terms, String words, String label) {
        byte[] text = Text.utf8(words, "words");
        byte[] kind = Text.utf8(label, "label");
        Loader.require();
        return new String(use(List.copyOf(terms), all -> Native.termsLink(all, text, kind)), UTF_8);
    }

    /** Runs a call with the native objects of terminologies, which all stay alive meanwhile. */
    static <T> T use(List<Terms> terms, Function<long[], T> call) {
        return use(terms, new long[terms.size()], 0, call);
    }

    private static <T> T use(List<Terms> terms, long[] objects, int entered, Function<long[], T> call) {
        if (entered == objects.length) {
            return call.apply(objects);
        }
        return terms.get(entered).handle.use(object -> {
            objects[entered] = object;
            return use(terms, objects, entered + 1, call);
        });
    }

    /** Waits for the calls that use the terminology and frees it. Does nothing the second time. */
    @Override
    public void close() {
        handle.close();
    }
}

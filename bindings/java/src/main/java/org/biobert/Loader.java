package org.biobert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads the native library once per class loader: from the file that the system property {@code
 * biobert.native.path} names, and then from nowhere else; or from {@code java.library.path}; or from
 * the jar. A library of another version refuses to be loaded, which is a failed attempt like any other.
 */
final class Loader {
    private static final String PROPERTY = "biobert.native.path";
    private static final String NAME = "biobert_jni";

    /** What was tried and why it failed; null if the library is there. */
    private static final String FAILURE = load();

    private Loader() {}

    /**
     * Says whether the native methods may be called.
     *
     * @throws UnsatisfiedLinkError if not, with every attempt
     */
    static void require() {
        if (FAILURE != null) {
            throw new UnsatisfiedLinkError(FAILURE);
        }
    }

    private static String load() {
        List<String> attempts = new ArrayList<>();
        String chosen = System.getProperty(PROPERTY);
        if (chosen != null) {
            if (attempt(attempts, PROPERTY + "=" + chosen, () -> System.load(Path.of(chosen).toAbsolutePath().toString()))) {
                return null;
            }
        } else {
            if (attempt(attempts, "java.library.path", () -> System.loadLibrary(NAME))
                    || attempt(attempts, "the jar", Loader::loadExtracted)) {
                return null;
            }
        }
        return "the native library of biobert could not be loaded; tried\n  " + String.join("\n  ", attempts);
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private static boolean attempt(List<String> attempts, String place, Attempt attempt) {
        try {
            attempt.run();
            return true;
        } catch (IOException | RuntimeException | LinkageError e) {
            attempts.add(place + ": " + e);
            return false;
        }
    }

    private static void loadExtracted() throws IOException {
        try (Extracted library = Extracted.from(platform(), System.mapLibraryName(NAME))) {
            System.load(library.file().toString());
        }
    }

    /** The directory of this system's library in the jar. */
    private static String platform() {
        String system = System.getProperty("os.name").startsWith("Linux") ? "linux" : System.getProperty("os.name");
        String processor = System.getProperty("os.arch");
        return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
    }
}

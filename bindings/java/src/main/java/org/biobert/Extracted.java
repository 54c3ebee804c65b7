package org.biobert;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * The native library out of the jar, in a directory of its own that only this user may enter. A JVM
 * loads a file into one class loader only, so every class loader makes its own. The system needs the
 * file's name no more when it is loaded: {@link #close} deletes file and directory, so that nothing
 * remains even if the process is killed. What cannot be deleted stays: that is no failure.
 */
final class Extracted implements AutoCloseable {
    private final Path directory;
    private final Path file;

    private Extracted(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Copies a library out of the jar.
     *
     * @throws IOException also if the copy is not what was packed
     */
    static Extracted from(String platform, String name) throws IOException {
        String resource = "native/" + platform + "/" + name;
        try (InputStream library = Loader.class.getResourceAsStream(resource);
                InputStream hash = Loader.class.getResourceAsStream(resource + ".sha256")) {
            if (library == null || hash == null) {
                throw new IOException("it has no library for " + platform);
            }
            Path directory = Files.createTempDirectory("biobert-");
            Extracted extracted = new Extracted(directory, directory.resolve(name));
            try {
                Files.copy(library, extracted.file);
                String wanted = new String(hash.readAllBytes(), StandardCharsets.US_ASCII).split(" ")[0];
                if (!sha256(extracted.file).equals(wanted)) {
                    throw new IOException("the library copied to " + directory + " is damaged");
                }
                return extracted;
            } catch (IOException | RuntimeException e) {
                extracted.close();
                throw e;
            }
        }
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            Files.delete(directory);
        } catch (IOException e) {
            // The library may be loaded already, or a better error is on its way.
        }
    }

    /** The hash of a file as it can be read back. */
    private static String sha256(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
        byte[] buffer = new byte[1 << 16];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return String.format(Locale.ROOT, "%064x", new BigInteger(1, digest.digest()));
    }
}

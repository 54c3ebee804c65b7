package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native library comes from, and what is said if it does not come. */
class LoaderTest {
    private static final String PROPERTY = "biobert.native.path";
    private static final String LIBRARY = "org/biobert/native/linux-x86_64/libbiobert_jni.so";

    /** A web application: it has the binding to itself. May change what is in its jar. */
    private static class Application extends ClassLoader {
        Application() {
            super(LoaderTest.class.getClassLoader());
        }

        byte[] change(String resource, byte[] bytes) {
            return bytes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("org.biobert.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded == null) {
                    try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                        byte[] bytes = file.readAllBytes();
                        loaded = defineClass(name, bytes, 0, bytes.length);
                    } catch (IOException e) {
                        throw new ClassNotFoundException(name, e);
                    }
                }
                return loaded;
            }
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            try (InputStream file = super.getResourceAsStream(name)) {
                return file == null ? null : new ByteArrayInputStream(change(name, file.readAllBytes()));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Opens an engine and says what it knows. */
        String stats() throws Throwable {
            Class<?> type = loadClass("org.biobert.Engine", true);
            assertNotSame(Engine.class, type);
            try (AutoCloseable engine = (AutoCloseable) type.getMethod("create").invoke(null)) {
                return (String) type.getMethod("statsJson").invoke(engine);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        String failure() {
            return assertThrows(UnsatisfiedLinkError.class, this::stats).getMessage();
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> extracted() {
        List<Path> files = list(Path.of(System.getProperty("java.io.tmpdir")));
        files.removeIf(file -> !file.getFileName().toString().startsWith("biobert-"));
        return files;
    }

    /** Waits, since other processes may be about to load theirs. */
    private static void assertNothingLeft(List<Path> before) {
        Fixtures.await("extracted files are gone", () -> before.containsAll(extracted()));
    }

    @Test
    void twoClassLoadersHaveALibraryEach() throws Throwable {
        List<Path> before = extracted();
        String first = new Application().stats();
        String second = new Application().stats();
        try (Engine own = Engine.create()) {
            assertEquals(own.statsJson(), first);
            assertEquals(own.statsJson(), second);
        }
        assertNothingLeft(before);
    }

    @Test
    void anApplicationThatEndsIsCollected() throws Throwable {
        WeakReference<ClassLoader> application = endedApplication();
        Fixtures.await("the class loader is collected", () -> {
            System.gc();
            return application.get() == null;
        });
    }

    private static WeakReference<ClassLoader> endedApplication() throws Throwable {
        Application application = new Application();
        application.stats();
        return new WeakReference<>(application);
    }

    @Test
    void thePropertyNamesTheFile(@TempDir Path directory) throws Throwable {
        Path file = directory.resolve("mine.so");
        try (InputStream library = ClassLoader.getSystemResourceAsStream(LIBRARY)) {
            Files.copy(library, file);
        }
        System.setProperty(PROPERTY, file.toString());
        try {
            assertTrue(new Application().stats().contains("models"));
            assertTrue(Files.readString(Path.of("/proc/self/maps")).contains(file.toRealPath().toString()));
            // A file serves one class loader: the second is told so, and nothing else is tried.
            String message = new Application().failure();
            assertTrue(message.contains(PROPERTY + "=" + file), message);
            assertTrue(message.contains("already loaded in another classloader"), message);
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    @Test
    void thePropertyDoesNotFallBack() {
        System.setProperty(PROPERTY, "/nowhere/libbiobert_jni.so");
        try {
            Application application = new Application();
            String message = application.failure();
            assertTrue(message.contains(PROPERTY + "=/nowhere/libbiobert_jni.so: java.lang.UnsatisfiedLinkError"), message);
            assertEquals(2, message.lines().count(), message);
            assertEquals(message, application.failure(), "the second time");
        } finally {
            System.clearProperty(PROPERTY);
        }
    }

    @Test
    void aFailureListsEveryAttempt() {
        List<Path> before = extracted();
        String message = new Application() {
            @Override
            byte[] change(String resource, byte[] bytes) {
                return resource.equals(LIBRARY + ".sha256") ? new byte[64] : bytes;
            }
        }.failure();
        assertTrue(message.contains("\n  java.library.path: "), message);
        assertTrue(message.contains("\n  the jar: java.io.IOException: the library copied to "), message);
        assertTrue(message.contains(" is damaged"), message);
        assertNothingLeft(before);
    }

    @Test
    void whatCannotBeDeletedIsNoFailure() throws IOException {
        Extracted library = Extracted.from("linux-x86_64", "libbiobert_jni.so");
        Path directory = library.file().getParent();
        Path other = Files.createFile(directory.resolve("other"));
        try {
            library.close();
            assertEquals(List.of(other), list(directory));
        } finally {
            Files.delete(other);
            Files.delete(directory);
        }
    }

    @Test
    void aLibraryOfAnotherVersionIsRefused() {
        String message = new Application() {
            @Override
            byte[] change(String resource, byte[] bytes) {
                if (!resource.endsWith(".class")) {
                    return bytes;
                }
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                return text.replace(Native.HANDSHAKE, "0.1.0/9").getBytes(StandardCharsets.ISO_8859_1);
            }
        }.failure();
        assertTrue(message.contains("the library is version " + Native.HANDSHAKE + ", the jar needs 0.1.0/9"), message);
    }
}

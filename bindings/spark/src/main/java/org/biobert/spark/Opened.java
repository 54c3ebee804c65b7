package org.biobert.spark;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkFiles;
import org.biobert.Engine;
import org.biobert.Model;
import org.biobert.Terms;

/**
 * The models and terminologies that this JVM has open. Each is opened once, by the first task that needs it while the
 * others wait, and shared by all tasks until the JVM ends: any number of threads may use one at the same time.
 */
final class Opened {
    private static final ConcurrentHashMap<Path, Model> MODELS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<Path, Terms> TERMS = new ConcurrentHashMap<>();
    private static final ConcurrentHashMap<List<Path>, Terms> WITH_VECTORS = new ConcurrentHashMap<>();

    private Opened() {}

    /** One thread per call: Spark runs as many tasks at the same time as the executor has cores. */
    static final class OneThread {
        static final Engine ENGINE = Engine.create();
    }

    static Model model(String path) {
        return MODELS.computeIfAbsent(find(path), OneThread.ENGINE::open);
    }

    /** A terminology, with vectors of its names unless their path is null. */
    static Terms terms(String path, String vectors) {
        Terms terms = TERMS.computeIfAbsent(find(path), Terms::open);
        return vectors == null
                ? terms
                : WITH_VECTORS.computeIfAbsent(List.of(find(path), find(vectors)), files -> terms.withVectors(files.get(1)));
    }

    /**
     * A path on this node. One that is not absolute is among the files and archives that Spark has brought: those of the
     * session, or, since {@code --archives} belong to no session, those of the application.
     */
    private static Path find(String path) {
        if (new File(path).isAbsolute()) {
            return Path.of(path);
        }
        File ofSession = new File(SparkFiles.get(path));
        File file = ofSession.exists() ? ofSession : new File(SparkFiles.getRootDirectory(), path);
        return file.toPath().toAbsolutePath().normalize();
    }
}

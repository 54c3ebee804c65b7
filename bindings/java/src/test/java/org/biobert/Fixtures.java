package org.biobert;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Models of the repository, and what tests of running calls share. Tests run in bindings/java. */
final class Fixtures {
    static final Path ROOT = Path.of("../..");
    /** Entities, relations, answers, classes: the default model. */
    static final Path MODEL = ROOT.resolve("models/bio-minilm");
    /** Two layers of 32: a call takes microseconds. */
    static final Path TINY = ROOT.resolve("tests/fixtures/bert-token");

    static final String NOTE = "Known asthma 😀. She developed hives after amoxicillin.";

    private Fixtures() {}

    /** A document that takes many minutes; tests end it before. */
    static String longDocument() {
        return "She developed hives after amoxicillin and was given loratadine. ".repeat(400_000);
    }

    static int live(Engine engine, String what) {
        JsonObject stats = JsonParser.parseString(engine.stats()).getAsJsonObject();
        return stats.get(what).getAsInt();
    }

    /** Waits for something that must happen; gives up after a minute. */
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never happened: " + what);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Whether a thread is inside a native method of the library. */
    static boolean inNative(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0 && stack[0].isNativeMethod() && stack[0].getClassName().equals("org.biobert.Native");
    }

    /** Waits until the garbage collector has freed the models that were forgotten. */
    static void awaitCollected(Engine engine, int models) {
        await("forgotten models are freed", () -> {
            System.gc();
            return live(engine, "models") == models;
        });
    }
}

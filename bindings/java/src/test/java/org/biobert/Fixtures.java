package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Models of the repository, and what tests of running calls share. Tests run in bindings/java. */
final class Fixtures {
    static final Path ROOT = Path.of("../..");
    /** Entities, relations, answers, classes: the default model. */
    static final Path MODEL = ROOT.resolve("models/bio-minilm");
    /** Two layers of 32: a call takes microseconds. */
    static final Path TINY = ROOT.resolve("tests/fixtures/bert-token");
    /** A terminology of seven codes. */
    static final Path TERMS = ROOT.resolve("tests/fixtures/terms/tiny.terms");

    /** The vectors of its names. */
    static final Path VECTORS = ROOT.resolve("tests/fixtures/terms/tiny.vectors");

    static final String NOTE = "Known asthma 😀. She developed hives after amoxicillin.";

    /** What the models were not taught. */
    static final String[] PARTS = {"left knee", "liver", "spine", "kidneys", "femoral artery"};

    private Fixtures() {}

    /** Adds a sentence with a part of the body, or one of a drug without any; the same for the same number. */
    static void addSentence(Trainer trainer, Split split, int number, RunOptions.Unit unit) {
        String[] before = {"😀 Pain in the ", "Swelling of her ", "No lesion of the ", "Biopsy of the "};
        if (number % 4 == 3) {
            trainer.addNer(split, "On lithium since day " + number + ".", List.of());
            return;
        }
        String start = before[number % 11 % before.length];
        String part = PARTS[number % PARTS.length];
        List<Mark> marks = List.of(new Mark(length(start, unit), length(start + part, unit), "Site"));
        trainer.addNer(split, start + part + " since Monday.", marks);
    }

    static void addSentences(Trainer trainer, RunOptions.Unit unit) {
        for (int i = 0; i < 40; i++) {
            addSentence(trainer, Split.TRAIN, i, unit);
        }
    }

    /** A head for parts of the body. */
    static Head teach(Model model, TrainerOptions options) {
        try (Trainer trainer = Trainer.create(model, Task.NER, options)) {
            addSentences(trainer, RunOptions.Unit.UTF16_UNITS);
            trainer.fit();
            return trainer.head();
        }
    }

    private static int length(String text, RunOptions.Unit unit) {
        switch (unit) {
            case UTF8_BYTES:
                return text.getBytes(UTF_8).length;
            case UNICODE_SCALARS:
                return text.codePointCount(0, text.length());
            default:
                return text.length();
        }
    }

    /** A document that takes many minutes; tests end it before. */
    static String longDocument() {
        return "She developed hives after amoxicillin and was given loratadine. ".repeat(400_000);
    }

    static int live(Engine engine, String what) {
        JsonObject stats = JsonParser.parseString(engine.statsJson()).getAsJsonObject();
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

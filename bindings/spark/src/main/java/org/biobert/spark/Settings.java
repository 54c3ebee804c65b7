package org.biobert.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.biobert.ExtractOptions;
import org.biobert.RunOptions;

/** What a call is made with, as it travels from the driver to the executors; {@link Ready} is what becomes of it. */
final class Settings implements Serializable, Cloneable {
    private static final long serialVersionUID = 1L;

    static final String PREFIX = "biobert";

    final String model;
    /** What the names of the functions begin with. */
    String prefix = PREFIX;
    List<String> heads = List.of();
    List<String> terms = List.of();
    /** By terminology, of those that have some. */
    Map<String, String> vectors = Map.of();
    /** What {@code substring} of Spark counts. */
    RunOptions.Unit unit = RunOptions.Unit.UNICODE_SCALARS;
    RunOptions.Markup markup = RunOptions.Markup.NONE;
    ExtractOptions.Judges judges = ExtractOptions.Judges.ALL;
    boolean unrelated;
    boolean normalize;
    /** Null is the model's default one. */
    String prompt;
    /** 0 is the default. */
    int top;
    boolean pool;
    /** Null is none. */
    Float threshold;
    /** Null is none. */
    Duration deadline;

    Settings(String model) {
        this.model = model;
    }

    Settings with(Consumer<Settings> change) {
        try {
            Settings copy = (Settings) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError("settings can be cloned", e);
        }
    }
}

package org.biobert.spark;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Notes for the tests, which run in bindings/spark. */
final class Notes {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path MODEL = ROOT.resolve("models/bio-minilm");
    static final Path TERMS = ROOT.resolve("tests/fixtures/terms/tiny.terms");
    static final Path VECTORS = ROOT.resolve("tests/fixtures/terms/tiny.vectors");
    static final String NOTE = "Known asthma 😀. She developed hives after amoxicillin.";

    private Notes() {}

    /** With two tasks at a time, in this process. */
    static SparkSession session() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    /** The sample notes over and over, each with a day of its own and a character outside the BMP. */
    static List<String> texts(int count) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(ROOT.resolve("examples/notes"))) {
            files = found.sorted().toList();
        }
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add("Day " + i + " 😀.\n" + Files.readString(files.get(i % files.size())));
        }
        return texts;
    }

    /** A table of {@code id} and {@code text}. */
    static Dataset<Row> table(SparkSession spark, List<String> texts) {
        List<Row> rows = new ArrayList<>();
        for (String text : texts) {
            rows.add(RowFactory.create((long) rows.size(), text));
        }
        return spark.createDataFrame(rows, new StructType().add("id", LongType).add("text", StringType));
    }
}

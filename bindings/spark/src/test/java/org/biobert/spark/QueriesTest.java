package org.biobert.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else Spark does with a column: keeps it, filters by it, writes it, and reads files as they come. */
class QueriesTest {
    private static final BiobertFunctions BIOBERT = BiobertFunctions.of(Notes.MODEL.toString());
    private static SparkSession spark;

    @TempDir
    static Path directory;

    @BeforeAll
    static void start() {
        spark = Notes.session();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static List<String> json(Dataset<Row> says) {
        return says.orderBy("id").select(to_json(col("says"))).as(Encoders.STRING()).collectAsList();
    }

    @Test
    void aColumnIsKeptAndWrittenAsItIs() throws Exception {
        Dataset<Row> says = Notes.table(spark, Notes.texts(4)).withColumn("says", BIOBERT.extract(col("text")));
        List<String> expected = json(says);
        assertEquals(4, expected.stream().filter(line -> line.contains("\"entities\":[{")).count());

        Dataset<Row> cached = says.cache();
        assertEquals(expected, json(cached));
        assertEquals(expected, json(cached));
        cached.unpersist();

        spark.sparkContext().setCheckpointDir(directory.resolve("checkpoints").toString());
        assertEquals(expected, json(says.checkpoint()));
        assertEquals(expected, json(says.localCheckpoint()));

        for (String format : List.of("parquet", "orc", "json")) {
            String out = directory.resolve(format).toString();
            says.write().format(format).save(out);
            assertEquals(expected, json(spark.read().format(format).schema(says.schema()).load(out)), format);
        }
    }

    @Test
    void aColumnFiltersAndSorts() {
        BiobertFunctions chemical = BIOBERT.withHeads("chemical");
        Dataset<Row> notes = Notes.table(spark, List.of("Metformin was continued.", "Seen in the clinic.", Notes.NOTE));
        Column found = chemical.ner(col("text")).getField("entities").getField("text");
        assertEquals(2, notes.filter(size(found).gt(0)).count());
        assertEquals(
                List.of(1L, 0L, 2L),
                notes.orderBy(get(found, lit(0))).select("id").as(Encoders.LONG()).collectAsList());
    }

    @Test
    void filesAreReadAsTheyCome() throws Exception {
        Path in = Files.createDirectory(directory.resolve("in"));
        Path out = directory.resolve("stream");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) { // each time a new query that goes on where the last one ended
            Files.writeString(in.resolve(i + ".txt"), Notes.texts(3).get(i));
            StreamingQuery query = spark.readStream()
                    .option("wholetext", true)
                    .text(in.toString())
                    .select(col("value"), BIOBERT.extract(col("value")).alias("says"))
                    .writeStream()
                    .format("parquet")
                    .option("path", out.toString())
                    .option("checkpointLocation", directory.resolve("offsets").toString())
                    .trigger(Trigger.AvailableNow())
                    .start();
            query.awaitTermination();
            expected.add(Notes.texts(3).get(i));
        }
        Dataset<Row> found = spark.read().parquet(out.toString());
        assertEquals(
                expected,
                found.filter("size(says.entities) > 0").orderBy("value").select("value").as(Encoders.STRING()).collectAsList());
        assertEquals(3, found.count());
        assertTrue(found.filter("says.error is not null").isEmpty());
    }
}

package org.biobert.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master, two workers and an executor of each, which are processes of their own. They have Spark and nothing else: the jar
 * and the archive with the model come to them as {@code --jars} and {@code --archives} do.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final String JAR = System.getProperty("biobert.jar");
    private static final int NOTES = 100;

    @TempDir
    static Path directory;

    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        sparkHome(Path.of(System.getenv("SPARK_HOME")));
        spark = SparkSession.builder()
                .master("local-cluster[2,2,1024]")
                .config("spark.jars", JAR)
                .config("spark.archives", archive(directory.resolve("model.zip"), Notes.MODEL) + "#model")
                .config("spark.ui.enabled", "false")
                .config("spark.scheduler.minRegisteredResourcesRatio", "1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** The part of a distribution that executors are started from: Spark's jars, without this binding and the tests' own. */
    private static void sparkHome(Path home) throws IOException {
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String file : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(file).toAbsolutePath();
            if (file.endsWith(".jar") && !jar.equals(Path.of(JAR).toAbsolutePath())) {
                try {
                    Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
                } catch (FileAlreadyExistsException e) {
                    // It is there from the last time.
                }
            }
        }
    }

    private static Path archive(Path zip, Path model) throws IOException {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream entries = new ZipOutputStream(out);
                Stream<Path> files = Files.walk(model)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new ZipEntry(model.relativize(file).toString()));
                Files.copy(file, entries);
            }
        }
        return zip;
    }

    private static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(p -> p.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    /** Kills an executor after the first tasks. */
    private static final class Killer extends SparkListener {
        final AtomicInteger tasks = new AtomicInteger();
        final Set<String> ranOn = ConcurrentHashMap.newKeySet();

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskInfo().successful()) {
                ranOn.add(end.taskInfo().executorId());
            }
            if (tasks.incrementAndGet() == 5) {
                assertTrue(executors().get(0).destroyForcibly());
            }
        }
    }

    @Test
    @Order(1)
    void anExecutorOpensTheModelOnce() throws IOException {
        long rows = Notes.table(spark, Notes.texts(8))
                .repartition(8)
                .select(BiobertFunctions.of("model").extract(col("text")).alias("r"))
                .filter("size(r.entities) > 0")
                .count();
        assertEquals(8, rows);
        assertEquals(2, executors().size());
        for (ProcessHandle executor : executors()) {
            assertEquals(1, mapped(executor, "/encoder.safetensors"));
            assertEquals(1, mapped(executor, "/libbiobert_jni.so"));
        }
    }

    /** How often a process has a file mapped: each time at another place, whole. */
    private static long mapped(ProcessHandle process, String file) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/" + process.pid() + "/maps"))) {
            return maps.filter(line -> line.contains(file) && line.split(" +")[2].equals("00000000")).count();
        }
    }

    @Test
    @Order(2)
    void aKilledExecutorLosesNothing() throws Exception {
        List<String> texts = Notes.texts(NOTES);
        String in = directory.resolve("notes.parquet").toString();
        String out = directory.resolve("found.parquet").toString();
        Notes.table(spark, texts).repartition(20).write().parquet(in);

        Killer killer = new Killer();
        spark.sparkContext().addSparkListener(killer);
        spark.read()
                .parquet(in)
                .repartition(20)
                .withColumn("says", BiobertFunctions.of("model").extract(col("text")))
                .write()
                .parquet(out);
        assertTrue(killer.ranOn.size() >= 2, killer.ranOn.toString());

        List<Row> rows = spark.read()
                .parquet(out)
                .orderBy("id")
                .select(col("id"), col("says.error"), to_json(col("says"), Map.of("ignoreNullFields", "false")))
                .collectAsList();
        assertEquals(NOTES, rows.size());
        List<String> lines = tool(texts);
        for (int i = 0; i < NOTES; i++) {
            assertEquals(i, rows.get(i).getLong(0));
            JsonNode tool = comparable(lines.get(i));
            JsonNode column = comparable(rows.get(i).getString(2));
            assertTrue(tool.equals(AS_FLOATS, column), () -> tool + "\n" + column);
        }
    }

    private static List<String> tool(List<String> texts) throws Exception {
        ObjectMapper json = new ObjectMapper();
        Path notes = directory.resolve("notes.jsonl");
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            lines.add(json.createObjectNode().put("text", text).toString());
        }
        Files.write(notes, lines);
        Path tool = Path.of(System.getProperty("biobert.tool", Notes.ROOT.resolve("target/release/biobert").toString()));
        Path found = directory.resolve("found.jsonl");
        Process process = new ProcessBuilder(tool.toString(), "extract", "--model", Notes.MODEL.toString(), notes.toString())
                .redirectOutput(found.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(0, process.waitFor());
        return Files.readAllLines(found);
    }

    /** Before 19, Java writes more digits than a number needs. */
    private static final Comparator<JsonNode> AS_FLOATS = (a, b) -> a.isNumber() && b.isNumber()
            ? Float.compare(a.floatValue(), b.floatValue())
            : a.equals(b) ? 0 : 1;

    /** What the tool and the column both have. */
    private static JsonNode comparable(String line) throws IOException {
        ObjectNode said = (ObjectNode) new ObjectMapper().readTree(line);
        for (JsonNode relation : said.get("relations")) {
            ((ObjectNode) relation).remove("text");
        }
        for (JsonNode entity : said.get("entities")) {
            if (entity.path("codes").isEmpty()) {
                ((ObjectNode) entity).remove("codes");
            }
        }
        if (!said.has("code_relations")) { // the tool leaves out an empty list
            said.putArray("code_relations");
        }
        return said.retain("sections", "entities", "relations", "code_relations");
    }

    @Test
    @Order(3)
    void sqlAndTheDriverHaveTheModelToo() throws IOException {
        BiobertFunctions.of("model").register(spark);
        Notes.table(spark, Notes.texts(8)).repartition(8).createOrReplaceTempView("notes");
        assertEquals(8, spark.sql("SELECT id FROM notes WHERE size(biobert_extract(text).entities) > 0").count());
        // A table of the driver's: it computes the rows while it plans.
        String plan = Notes.table(spark, List.of(Notes.NOTE))
                .select(BiobertFunctions.of("model").ner(col("text")).alias("r"))
                .queryExecution()
                .executedPlan()
                .toString();
        assertTrue(plan.contains("amoxicillin") || plan.startsWith("LocalTableScan"), plan);
    }

    @Test
    @Order(4)
    void aSessionWithAJarOfItsOwnWorksBesideTheOthers() {
        spark.conf().set("spark.sql.artifact.isolation.enabled", "true");
        Set<String> found = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            SparkSession session = spark.newSession();
            session.addArtifact(JAR);
            found.add(Notes.table(session, List.of(Notes.NOTE))
                    .repartition(1)
                    .select(to_json(BiobertFunctions.of("model").ner(col("text"))))
                    .first()
                    .getString(0));
        }
        assertEquals(1, found.size());
        assertTrue(found.iterator().next().contains("amoxicillin"), found.toString());
    }
}

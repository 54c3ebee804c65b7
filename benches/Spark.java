import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.biobert.spark.BiobertFunctions;

/** Seconds from Parquet to Parquet, and those of processors: Spark MODEL IN OUT PARTITIONS KILL; benches/spark.sh says what with. */
public class Spark {
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().getOrCreate();
        BiobertFunctions biobert = BiobertFunctions.of(args[0]);
        int partitions = Integer.parseInt(args[3]);
        String table = args[2] + ".in";
        spark.read()
                .schema("id string, text string")
                .json(args[1])
                .repartition(partitions)
                .write()
                .option("parquet.block.size", 1 << 20)
                .parquet(table);
        // A file is a task, whatever its size.
        spark.conf().set("spark.sql.files.maxPartitionBytes", "1048576");
        spark.conf().set("spark.sql.files.openCostInBytes", "1048576");
        Dataset<Row> notes = spark.read().parquet(table);

        // The executors open the model, and Java compiles what runs often.
        says(biobert, notes.limit(partitions * 4).repartition(partitions)).write().format("noop").mode("append").save();

        Tasks tasks = new Tasks(args[4].equals("kill") ? partitions / 2 : 0);
        spark.sparkContext().addSparkListener(tasks);
        long start = System.nanoTime();
        says(biobert, notes).write().parquet(args[2]);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("seconds %.2f%nprocessor %.2f%n", seconds, tasks.processor.get() / 1e9);

        spark.read()
                .parquet(args[2])
                .select(col("id"), to_json(col("says"), Map.of("ignoreNullFields", "false")).alias("says"))
                .coalesce(1)
                .write()
                .json(args[2] + ".json");
        spark.stop();
    }

    private static Dataset<Row> says(BiobertFunctions biobert, Dataset<Row> notes) {
        return notes.select(col("id"), biobert.extract(col("text")).alias("says"));
    }

    /** Adds up the processor time of tasks, and kills an executor of this driver after some of them. */
    private static final class Tasks extends SparkListener {
        final AtomicLong processor = new AtomicLong();
        private final AtomicInteger left;

        /** After 0 tasks none is killed. */
        Tasks(int left) {
            this.left = new AtomicInteger(left);
        }

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            if (end.taskMetrics() != null) { // a lost one has none
                processor.addAndGet(end.taskMetrics().executorCpuTime());
            }
            if (left.decrementAndGet() == 0) {
                ProcessHandle executor = ProcessHandle.current()
                        .descendants()
                        .filter(p -> p.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                        .findAny()
                        .orElseThrow();
                System.out.println("killed an executor: " + executor.destroyForcibly());
            }
        }
    }
}

import static org.apache.spark.sql.functions.col;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.biobert.spark.BiobertFunctions;

/**
 * What notes say, as a table: Notes MODEL IN OUT. MODEL is a directory, or what {@code --archives} calls it; IN has JSON
 * lines with {@code id} and {@code text}; OUT becomes Parquet, a row per note. Prints drugs and problems, a row per entity.
 */
public class Notes {
    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder().appName("biobert notes").getOrCreate();
        BiobertFunctions biobert = BiobertFunctions.of(args[0]);

        Dataset<Row> notes = spark.read().schema("id string, text string").json(args[1]);
        notes.withColumn("says", biobert.extract(col("text"))).write().parquet(args[2]);

        Dataset<Row> read = spark.read().parquet(args[2]);
        read.filter("says.error is null")
                .selectExpr("id", "inline(says.entities)")
                .filter("label in ('Drug', 'Problem')")
                .selectExpr(
                        "id",
                        "start",
                        "text",
                        "label",
                        "assertion.value as assertion",
                        "get(filter(attributes, a -> a.kind = 'dose'), 0).text as dose")
                .orderBy("id", "start")
                .show(30, 40);
        System.out.println(read.filter("says.error is not null").count() + " notes could not be read");
        spark.stop();
    }
}

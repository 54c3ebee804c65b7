package org.biobert.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The columns by their names in SQL. */
class SqlTest {
    private static final BiobertFunctions BIOBERT = BiobertFunctions.of(Notes.MODEL.toString());
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Notes.session();
        BIOBERT.register(spark);
        Notes.table(spark, Arrays.asList(Notes.NOTE, null, "")).createOrReplaceTempView("notes");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void sqlSaysWhatTheColumnsSay() {
        Column text = col("text");
        Map<String, Column> columns = new LinkedHashMap<>();
        columns.put("extract(text)", BIOBERT.extract(text));
        columns.put("ner(text)", BIOBERT.ner(text));
        columns.put("re(text)", BIOBERT.re(text));
        columns.put("classify(text)", BIOBERT.classify(text));
        columns.put("classify(text, 'Hives after a drug.')", BIOBERT.classify(text, lit("Hives after a drug.")));
        columns.put("embed(text)", BIOBERT.embed(text));
        columns.put(
                "answer('What caused the hives?', array('Seen today.', text))",
                BIOBERT.answer(lit("What caused the hives?"), array(lit("Seen today."), text)));
        columns.forEach((call, column) -> {
            List<String> expected = spark.table("notes").select(to_json(column)).as(Encoders.STRING()).collectAsList();
            List<String> found = spark.sql("SELECT to_json(biobert_" + call + ") FROM notes").as(Encoders.STRING()).collectAsList();
            assertEquals(expected, found, call);
            assertTrue(found.get(0).length() > 20, found.get(0));
        });
    }

    @Test
    void aResultIsAStructUnderTheNameOfItsCall() {
        Dataset<Row> found = spark.sql("SELECT biobert_extract(text) FROM notes WHERE id = 0");
        assertEquals("biobert_extract(text)", found.schema().fieldNames()[0]);
        assertEquals(BiobertFunctions.extractSchema(), found.schema().fields()[0].dataType());
        assertEquals(
                List.of("asthma", "hives", "amoxicillin"),
                spark.sql("SELECT inline(says.entities) FROM (SELECT biobert_extract(text) AS says FROM notes)")
                        .filter("text in ('asthma', 'hives', 'amoxicillin')")
                        .orderBy("start")
                        .select("text")
                        .as(Encoders.STRING())
                        .collectAsList());
    }

    @Test
    void aDamagedTextIsAnErrorOfItsRow() {
        List<Row> rows = spark.sql("SELECT biobert_ner(text) FROM (VALUES (cast(X'41E280' AS string)), (null)) AS t(text)").collectAsList();
        assertEquals("BIOBERT_E_ENCODING: the text is not valid UTF-8 at byte 1", rows.get(0).getStruct(0).getString(1));
        assertNull(rows.get(1).get(0));
    }

    @Test
    void twoModelsHaveTwoPrefixes() {
        BIOBERT.withHeads("disease").register(spark, "a");
        BIOBERT.withHeads("chemical").register(spark, "b_2");
        Dataset<Row> found = spark.sql("SELECT A_ner(text), b_2_ner(text) FROM notes WHERE id = 0");
        assertEquals(List.of("a_ner(text)", "b_2_ner(text)"), Arrays.asList(found.schema().fieldNames()));
        Row row = found.first();
        assertEquals(2, row.getStruct(0).getList(0).size());
        assertEquals(1, row.getStruct(1).getList(0).size());

        for (String prefix : List.of("", "1a", "a b", "a`", "ä")) {
            assertThrows(IllegalArgumentException.class, () -> BIOBERT.register(spark, prefix));
        }
    }

    @Test
    void aSessionHasItsOwn() {
        assertThrows(Exception.class, () -> spark.newSession().sql("SELECT biobert_ner('a')"));
    }

    @Test
    void mistakesAreToldBeforeAnythingRuns() {
        assertFails("biobert_ner has 1 arguments, not 2", "SELECT biobert_ner(text, text) FROM notes");
        assertFails("biobert_classify has 1 or 2 arguments, not 0", "SELECT biobert_classify() FROM notes");
        assertFails("the arguments of biobert_ner have no names", "SELECT biobert_ner(text => text) FROM notes");
        for (String ansi : List.of("false", "true")) {
            spark.conf().set("spark.sql.ansi.enabled", ansi);
            assertFails("DATATYPE_MISMATCH", "SELECT biobert_ner(id) FROM notes");
            assertFails("DATATYPE_MISMATCH", "SELECT biobert_answer(text, text) FROM notes");
        }
        assertFails("DATATYPE_MISMATCH", "SELECT biobert_answer(text, array(1)) FROM notes");
        assertFails("AGGREGATE_FUNCTION_WITH_NONDETERMINISTIC", "SELECT count(biobert_ner(text).error) FROM notes");
        assertFails("INVALID_NON_DETERMINISTIC_EXPRESSIONS",
                "SELECT a.id FROM notes a JOIN notes b ON biobert_ner(a.text).error = b.text");
    }

    private static void assertFails(String why, String query) {
        Exception failure = assertThrows(Exception.class, () -> spark.sql(query));
        assertTrue(failure.getMessage().contains(why), failure.getMessage());
    }
}

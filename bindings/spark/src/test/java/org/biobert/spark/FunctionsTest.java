package org.biobert.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.biobert.RunOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The columns, and what becomes of bad rows, in one process. */
class FunctionsTest {
    private static final BiobertFunctions BIOBERT = BiobertFunctions.of(Notes.MODEL.toString());
    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = Notes.session();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Row one(Column result, String text) {
        return Notes.table(spark, List.of(text)).select(result.alias("r")).first().getStruct(0);
    }

    private static List<String> words(Row result, String list) {
        return result.<Row>getList(result.fieldIndex(list)).stream().map(e -> e.<String>getAs("text")).toList();
    }

    @Test
    void offsetsAreForSubstringOfSpark() {
        Dataset<Row> found = Notes.table(spark, List.of(Notes.NOTE))
                .withColumn("r", BIOBERT.withHeads("disease", "chemical").ner(col("text")))
                .select(
                        col("r.entities.text"),
                        expr("transform(r.entities, e -> substring(text, e.start + 1, e.end - e.start))"));
        assertEquals(List.of("asthma", "hives", "amoxicillin"), found.first().getList(0));
        assertEquals(found.first().getList(0), found.first().getList(1));
    }

    @Test
    void otherUnits() {
        int[] hives = new int[3];
        for (RunOptions.Unit unit : RunOptions.Unit.values()) {
            Row found = one(BIOBERT.withHeads("disease").withUnit(unit).ner(col("text")), Notes.NOTE);
            assertEquals(List.of("asthma", "hives"), words(found, "entities"));
            hives[unit.ordinal()] = found.<Row>getList(0).get(1).getInt(0);
        }
        assertEquals(Notes.NOTE.indexOf("hives"), hives[RunOptions.Unit.UTF16_UNITS.ordinal()]);
        assertEquals(hives[RunOptions.Unit.UTF16_UNITS.ordinal()] - 1, hives[RunOptions.Unit.UNICODE_SCALARS.ordinal()]);
        assertEquals(hives[RunOptions.Unit.UTF16_UNITS.ordinal()] + 2, hives[RunOptions.Unit.UTF8_BYTES.ordinal()]);
    }

    @Test
    void extractSaysWhatTheNoteSays() {
        String json = Notes.table(spark, List.of("No fever. Takes aspirin 81 mg daily."))
                .select(to_json(BIOBERT.withTerms(Notes.TERMS.toString()).extract(col("text"))))
                .first()
                .getString(0);
        for (String part : new String[] {
            "\"start\":3,\"end\":8,\"text\":\"fever\",\"label\":\"Problem\"",
            "\"value\":\"absent\",\"category\":\"denied\"",
            "\"cue\":{\"start\":0,\"end\":2}",
            "\"kind\":\"dose\",\"start\":24,\"end\":29,\"text\":\"81 mg\",\"low\":81.0,\"high\":81.0,\"unit\":\"mg\"",
            "\"codes\":[{\"system\":\"TINY\",\"abstention\":\"nothing\",\"candidates\":[]}]"
        }) {
            assertTrue(json.contains(part), part + " in " + json);
        }
        assertFalse(json.contains("error"), json);
    }

    @Test
    void codesAreRelated() {
        BiobertFunctions coded = BIOBERT.withHeads("chemical", "disease", "cid").withTerms(Notes.TERMS.toString());
        Row found = one(coded.extract(col("text")), "Patient with asthma after metformin. Metformin-induced asthma.");
        Row related = found.<Row>getList(found.fieldIndex("code_relations")).get(0);
        assertEquals(List.of("T2", "T3", "CID"), List.of(related.get(0), related.get(1), related.get(2)));
        assertTrue(related.<Float>getAs("score") > 0.5, related.toString());
    }

    @Test
    void vectorsFindNamesThatAreNear() {
        BiobertFunctions coded = BIOBERT.withHeads("disease").withTerms(Notes.TERMS.toString());
        BiobertFunctions near = coded.withVectors(Notes.TERMS.toString(), Notes.VECTORS.toString());
        String reasons = "flatten(transform(r.entities.codes, c -> transform(c[0].candidates, k -> k.code || ' ' || k.reason)))";
        List<List<String>> found = new ArrayList<>();
        for (BiobertFunctions functions : List.of(coded, near)) {
            found.add(Notes.table(spark, List.of("He had gouty arthritis last year."))
                    .select(functions.extract(col("text")).alias("r"))
                    .select(expr(reasons))
                    .first()
                    .getList(0));
        }
        assertEquals(List.of(List.of(), List.of("T6 near")), found);

        assertThrows(IllegalArgumentException.class, () -> BIOBERT.withVectors("other.terms", "other.vectors"));
        assertFails("tiny.terms", coded.withVectors(Notes.TERMS.toString(), Notes.TERMS.toString()).extract(col("text")));
    }

    @Test
    void relationsClassesVectorsAnswers() {
        Row related = one(BIOBERT.withHeads("cid", "disease", "chemical").withUnrelated(true).re(col("text")), Notes.NOTE);
        assertFalse(related.getList(related.fieldIndex("relations")).isEmpty());

        Row classified = one(BIOBERT.withHeads("ade").classify(col("text")), Notes.NOTE);
        Row best = classified.<Row>getList(0).get(0);
        assertEquals("adverse drug event", best.getAs("text"));
        assertEquals(true, best.getAs("holds"));

        List<Float> vector = one(BIOBERT.embed(col("text")), Notes.NOTE).getList(0);
        assertEquals(384, vector.size());
        assertEquals(1, Math.sqrt(vector.stream().mapToDouble(x -> x * x).sum()), 1e-5);

        Column passages = array(lit("Seen in the clinic."), col("text"));
        Row answered = one(BIOBERT.withTop(1).answer(lit("What caused the hives?"), passages), Notes.NOTE);
        assertEquals(List.of("amoxicillin"), words(answered, "answers"));
        assertEquals(1, answered.<Row>getList(0).get(0).<Integer>getAs("passage"));
    }

    @Test
    void schemasAreThoseOfTheColumns() {
        Dataset<Row> notes = Notes.table(spark, List.of(Notes.NOTE));
        assertEquals(
                BiobertFunctions.extractSchema(),
                notes.select(BIOBERT.extract(col("text")).alias("r")).select("r.*").schema());
        assertEquals(
                List.of("answers", "no_answer", "classes", "truncated", "error"),
                Arrays.asList(BiobertFunctions.answerSchema().fieldNames()));
    }

    @Test
    void aFailedRowIsAColumn() {
        Dataset<Row> notes = Notes.table(spark, Arrays.asList(Notes.NOTE, null, "", "secret"))
                .withColumn("text", expr("if(text = 'secret', cast(concat(cast(text as binary), unhex('80')) as string), text)"));
        List<Row> rows = notes.select(BIOBERT.withHeads("disease").ner(col("text")).alias("r")).collectAsList();
        assertEquals(2, rows.get(0).getStruct(0).getList(0).size());
        assertNull(rows.get(1).get(0));
        assertTrue(rows.get(2).getStruct(0).getList(0).isEmpty());
        Row damaged = rows.get(3).getStruct(0);
        assertNull(damaged.get(0));
        assertEquals("BIOBERT_E_ENCODING: the text is not valid UTF-8 at byte 6", damaged.getString(1));

        String endless = "She developed hives after amoxicillin and was given loratadine. ".repeat(20_000);
        Row late = one(BIOBERT.withDeadline(Duration.ofMillis(1)).ner(col("text")), endless);
        assertTrue(late.getString(1).startsWith("BIOBERT_E_DEADLINE: "), late.getString(1));

    }

    @Test
    void passagesThatAreNullArePassedOver() {
        Column nothing = lit(null).cast("string");
        Column question = lit("What caused the hives?");
        Dataset<Row> notes = Notes.table(spark, List.of(Notes.NOTE));
        BiobertFunctions first = BIOBERT.withTop(1);
        List<Row> answers = new ArrayList<>();
        for (Column passages : List.of(array(col("text")), array(nothing, col("text"), nothing))) {
            answers.add(notes.select(first.answer(question, passages)).first().getStruct(0).<Row>getList(0).get(0));
        }
        assertEquals(0, answers.get(0).<Integer>getAs("passage"));
        assertEquals(1, answers.get(1).<Integer>getAs("passage"));
        assertEquals(answers.get(0).<Float>getAs("score"), answers.get(1).<Float>getAs("score"));

        for (Column passages : List.of(array(), array(nothing), array(lit("")))) {
            Row none = notes.select(first.answer(question, passages.cast("array<string>"))).first().getStruct(0);
            assertTrue(none.getList(0).isEmpty(), none.toString());
        }
        assertNull(notes.select(first.answer(question, lit(null).cast("array<string>"))).first().get(0));
        assertNull(notes.select(first.answer(nothing, array(col("text")))).first().get(0));
    }

    @Test
    void aMistakeOfEveryRowFailsTheJob() {
        assertFails("nowhere does not exist", BiobertFunctions.of("nowhere").ner(col("text")));
        assertFails("no such head", BIOBERT.withHeads("nobody").ner(col("text")));
        assertThrows(IllegalArgumentException.class, () -> BIOBERT.withTop(0));
    }

    private static void assertFails(String why, Column column) {
        Throwable failure = assertThrows(Exception.class, () -> one(column, Notes.NOTE));
        StringBuilder messages = new StringBuilder();
        for (; failure != null; failure = failure.getCause()) {
            messages.append(failure).append('\n');
        }
        assertTrue(messages.indexOf("org.biobert.BiobertException") >= 0 && messages.indexOf(why) >= 0, messages.toString());
    }

    @Test
    void aNoteIsReadOnceWhateverIsMadeOfItsColumn() {
        String plan = Notes.table(spark, List.of(Notes.NOTE))
                .repartition(1) // else the driver would compute it while it plans
                .withColumn("r", BIOBERT.extract(col("text")))
                .filter("r.error is null and size(r.entities) > 0")
                .select(col("r.entities"), col("r.relations"))
                .queryExecution()
                .executedPlan()
                .toString();
        assertEquals(2, plan.split("biobert_extract\\(", -1).length, plan);
    }

    @Test
    void tasksShareAModel() throws Exception {
        long found = Notes.table(spark, Notes.texts(8))
                .repartition(4)
                .select(BIOBERT.extract(col("text")).alias("r"))
                .filter("size(r.entities) > 0")
                .count();
        assertEquals(8, found);
        assertTrue(Opened.OneThread.ENGINE.statsJson().contains("\"models\":1,"), Opened.OneThread.ENGINE.statsJson());
    }
}

package org.biobert.spark;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The types of the columns. Fields have the names of the tool's JSON. {@link Rows} fills them in the same order.
 */
final class Schemas {
    private static final StructType RANGE = new StructType().add("start", IntegerType, false).add("end", IntegerType, false);

    private static final StructType SECTION = RANGE.add("title", StringType, false)
            .add("name", StringType, false)
            .add("loinc", StringType)
            .add("parent", IntegerType);

    private static final StructType SPAN = RANGE.add("text", StringType, false)
            .add("label", StringType, false)
            .add("score", FloatType, false)
            .add("head", StringType, false);

    private static final StructType ALSO = new StructType()
            .add("label", StringType, false)
            .add("score", FloatType, false)
            .add("head", StringType, false);

    private static final StructType ASSERTION = new StructType()
            .add("value", StringType, false)
            .add("category", StringType)
            .add("score", FloatType, false)
            .add("cue", RANGE);

    private static final StructType ATTRIBUTE = new StructType()
            .add("kind", StringType, false)
            .add("start", IntegerType, false)
            .add("end", IntegerType, false)
            .add("text", StringType, false)
            .add("low", DoubleType)
            .add("high", DoubleType)
            .add("comparator", StringType)
            .add("unit", StringType)
            .add("step", IntegerType, false)
            .add("parsed", BooleanType, false);

    private static final StructType CANDIDATE = new StructType()
            .add("code", StringType, false)
            .add("name", StringType)
            .add("score", FloatType)
            .add("reason", StringType);

    private static final StructType CODE = new StructType()
            .add("system", StringType, false)
            .add("code", StringType)
            .add("name", StringType)
            .add("score", FloatType)
            .add("reason", StringType)
            .add("abstention", StringType)
            .add("candidates", array(CANDIDATE), false);

    private static final StructType ENTITY = SPAN.add("also", array(ALSO), false)
            .add("section", IntegerType)
            .add("assertion", ASSERTION)
            .add("expansion", StringType)
            .add("attributes", array(ATTRIBUTE), false)
            .add("codes", array(CODE), false);

    private static final StructType RELATION = new StructType()
            .add("first", IntegerType, false)
            .add("second", IntegerType, false)
            .add("label", StringType, false)
            .add("text", StringType, false)
            .add("score", FloatType, false)
            .add("assertion", StringType)
            .add("head", StringType, false);

    private static final StructType CODE_RELATION = new StructType()
            .add("first", StringType, false)
            .add("second", StringType, false)
            .add("label", StringType, false)
            .add("score", FloatType, false);

    private static final StructType CLASS = new StructType()
            .add("label", StringType, false)
            .add("text", StringType, false)
            .add("score", FloatType, false)
            .add("holds", BooleanType, false)
            .add("head", StringType, false);

    private static final StructType PASSAGE_SPAN = new StructType()
            .add("passage", IntegerType, false)
            .add("start", IntegerType, false)
            .add("end", IntegerType, false)
            .add("text", StringType, false)
            .add("score", FloatType, false)
            .add("probability", FloatType)
            .add("head", StringType, false);

    static final StructType EXTRACT = withError(new StructType()
            .add("sections", array(SECTION))
            .add("entities", array(ENTITY))
            .add("relations", array(RELATION))
            .add("code_relations", array(CODE_RELATION))
            .add("truncated", BooleanType));

    static final StructType NER = withError(new StructType().add("entities", array(SPAN)));

    static final StructType RE = withError(new StructType()
            .add("entities", array(SPAN))
            .add("relations", array(RELATION))
            .add("truncated", BooleanType));

    static final StructType CLASSIFY =
            withError(new StructType().add("classes", array(CLASS)).add("truncated", BooleanType));

    static final StructType EMBED = withError(new StructType().add("embedding", array(FloatType)));

    static final StructType ANSWER = withError(new StructType()
            .add("answers", array(PASSAGE_SPAN))
            .add("no_answer", FloatType)
            .add("classes", array(CLASS))
            .add("truncated", BooleanType));

    private Schemas() {}

    private static DataType array(DataType of) {
        return DataTypes.createArrayType(of, false);
    }

    private static StructType withError(StructType columns) {
        return columns.add("error", StringType);
    }
}

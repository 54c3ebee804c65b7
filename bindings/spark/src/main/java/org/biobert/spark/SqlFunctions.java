package org.biobert.spark;

import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedArgumentExpression;
import org.apache.spark.sql.classic.ExpressionUtils;
import scala.Function1;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns as functions of SQL. Spark's own way, {@code spark.udf().register}, gives a function texts as Java strings, where
 * damaged ones can no longer be told; so SQL gets the very columns that Java has, with their casts to bytes.
 */
final class SqlFunctions {
    private final org.apache.spark.sql.classic.SparkSession session;
    private final String prefix;

    /** The same exceptions as {@link BiobertFunctions#register(SparkSession, String)}. */
    SqlFunctions(SparkSession session, String prefix) {
        if (!prefix.matches("[A-Za-z][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException("a prefix has ASCII letters, digits and _, and begins with a letter");
        }
        if (!(session instanceof org.apache.spark.sql.classic.SparkSession classic)) {
            throw new UnsupportedOperationException("functions of this JVM cannot be registered with a session of Spark Connect");
        }
        this.session = classic;
        this.prefix = prefix;
    }

    void register(BiobertFunctions biobert) {
        define("extract", 1, 1, texts -> biobert.extract(texts.get(0)));
        define("ner", 1, 1, texts -> biobert.ner(texts.get(0)));
        define("re", 1, 1, texts -> biobert.re(texts.get(0)));
        define("classify", 1, 2, texts -> texts.size() == 1
                ? biobert.classify(texts.get(0))
                : biobert.classify(texts.get(0), texts.get(1)));
        define("embed", 1, 1, texts -> biobert.embed(texts.get(0)));
        define("answer", 2, 2, texts -> biobert.answer(texts.get(0), texts.get(1)));
    }

    private void define(String task, int least, int most, Function<List<Column>, Column> column) {
        String name = prefix + "_" + task;
        Function1<Seq<Expression>, Expression> builder = arguments -> {
            if (arguments.size() < least || arguments.size() > most) {
                String wanted = least == most ? String.valueOf(least) : least + " or " + most;
                throw new IllegalArgumentException(name + " has " + wanted + " arguments, not " + arguments.size());
            }
            if (arguments.exists(argument -> argument instanceof NamedArgumentExpression)) {
                throw new IllegalArgumentException("the arguments of " + name + " have no names");
            }
            List<Column> texts = CollectionConverters.asJava(arguments).stream()
                    .map(ExpressionUtils::column)
                    .toList();
            return withoutCastsInItsName(session.expression(column.apply(texts)));
        };
        session.sessionState().functionRegistry().createOrReplaceTempFunction(name, builder, "java_udf");
    }

    /** So that the column of {@code SELECT biobert_ner(text)} is called that, and not by the cast that was added. */
    private static Expression withoutCastsInItsName(Expression call) {
        for (Expression argument : CollectionConverters.asJava(call.children())) {
            argument.unsetTagValue(Cast.USER_SPECIFIED_CAST());
        }
        return call;
    }
}

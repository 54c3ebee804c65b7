package org.biobert.spark;

import static org.apache.spark.sql.functions.udf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.biobert.EmbedOptions;
import org.biobert.ExtractOptions;
import org.biobert.QaOptions;
import org.biobert.RunOptions;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The library's tasks as columns. Immutable: each {@code with} method gives a changed copy.
 *
 * <pre>{@code
 * BiobertFunctions biobert = BiobertFunctions.of("model/bio-minilm"); // spark-submit --archives model.zip#model
 * Dataset<Row> read = notes.withColumn("says", biobert.extract(col("text")));
 * read.filter("says.error is null").selectExpr("id", "inline(says.entities)");
 * biobert.register(spark); // and in SQL
 * spark.sql("SELECT id, biobert_extract(text) AS says FROM notes");
 * }</pre>
 *
 * <p>Each column is a struct. Its last field is {@code error}: why a row has no result, without any of its text; the
 * others are null then. Where a text is null, so is the struct. Mistakes that every row would have, such as a model or
 * a head that is not there, fail the job.
 *
 * <p>A text is a string or bytes, in UTF-8; anything else in it is an error of that row. Offsets count Unicode scalars
 * from 0, so that {@code substring(text, start + 1, end - start)} of Spark gives the words: {@link #withUnit} chooses
 * another unit.
 *
 * <p>An executor opens the model once, and all its tasks share it. A call has one thread, the task's: executors have as
 * many at the same time as {@code spark.executor.cores} says. The columns count as not deterministic, though they are, so
 * that no version of Spark computes one twice, once for a filter on it and once for itself.
 */
public final class BiobertFunctions {
    private final Settings settings;

    private BiobertFunctions(Settings settings) {
        this.settings = settings;
    }

    /**
     * The functions of a model. It is opened on the executors, not here.
     *
     * @param model a directory: a path that is the same on every node, or, if it is not absolute, a place among the files and
     *     archives that Spark brings
     * @return functions with the default options
     */
    public static BiobertFunctions of(String model) {
        return new BiobertFunctions(new Settings(Objects.requireNonNull(model, "model")));
    }

    /**
     * Which heads work, in place of all, or of the model's default heads for {@link #extract}.
     *
     * @param heads their names
     * @return a changed copy
     */
    public BiobertFunctions withHeads(String... heads) {
        return withHeads(List.of(heads));
    }

    /**
     * Which heads work, as a list: what Python can give.
     *
     * @param heads their names
     * @return a changed copy
     */
    public BiobertFunctions withHeads(List<String> heads) {
        List<String> names = List.copyOf(heads);
        return new BiobertFunctions(settings.with(s -> s.heads = names));
    }

    /**
     * Terminologies that give the entities of {@link #extract} their codes.
     *
     * @param terms files, found as the model is
     * @return a changed copy
     */
    public BiobertFunctions withTerms(String... terms) {
        return withTerms(List.of(terms));
    }

    /**
     * Terminologies, as a list: what Python can give.
     *
     * @param terms files, found as the model is
     * @return a changed copy
     */
    public BiobertFunctions withTerms(List<String> terms) {
        List<String> files = List.copyOf(terms);
        return new BiobertFunctions(settings.with(s -> {
            s.terms = files;
            s.vectors = Map.of();
        }));
    }

    /**
     * Vectors of the names of a terminology: {@link #extract} then also finds names that are near by the model's encoder, with
     * the reason {@code near}. The model must be the one that made them.
     *
     * @param terms a terminology, as {@link #withTerms} named it before
     * @param vectors a file that {@code biobert terms vectors} wrote, found as the model is
     * @return a changed copy
     * @throws IllegalArgumentException if there is no such terminology
     */
    public BiobertFunctions withVectors(String terms, String vectors) {
        if (!settings.terms.contains(terms)) {
            throw new IllegalArgumentException("vectors of a terminology that withTerms does not name");
        }
        Map<String, String> files = new HashMap<>(settings.vectors);
        files.put(terms, Objects.requireNonNull(vectors, "vectors"));
        return new BiobertFunctions(settings.with(s -> s.vectors = Map.copyOf(files)));
    }

    /**
     * What offsets count, in place of Unicode scalars.
     *
     * @param unit the unit
     * @return a changed copy
     */
    public BiobertFunctions withUnit(RunOptions.Unit unit) {
        Objects.requireNonNull(unit, "unit");
        return new BiobertFunctions(settings.with(s -> s.unit = unit));
    }

    /**
     * What in a text stands for other characters.
     *
     * @param markup the markup
     * @return a changed copy
     */
    public BiobertFunctions withMarkup(RunOptions.Markup markup) {
        Objects.requireNonNull(markup, "markup");
        return new BiobertFunctions(settings.with(s -> s.markup = markup));
    }

    /**
     * Who judges the assertions of {@link #extract}.
     *
     * @param judges the judges
     * @return a changed copy
     */
    public BiobertFunctions withJudges(ExtractOptions.Judges judges) {
        Objects.requireNonNull(judges, "judges");
        return new BiobertFunctions(settings.with(s -> s.judges = judges));
    }

    /**
     * Whether {@link #re} lists also pairs that a head finds unrelated.
     *
     * @param unrelated true if it does
     * @return a changed copy
     */
    public BiobertFunctions withUnrelated(boolean unrelated) {
        return new BiobertFunctions(settings.with(s -> s.unrelated = unrelated));
    }

    /**
     * How many answers {@link #answer} gives at most, in place of 5.
     *
     * @param top 1 or more
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public BiobertFunctions withTop(int top) {
        QaOptions.defaults().withTop(top);
        return new BiobertFunctions(settings.with(s -> s.top = top));
    }

    /**
     * Whether the passages of {@link #answer} decide together: answers have a probability, the mean of what the passages
     * give them.
     *
     * @param pool true if they do
     * @return a changed copy
     */
    public BiobertFunctions withPool(boolean pool) {
        return new BiobertFunctions(settings.with(s -> s.pool = pool));
    }

    /**
     * With {@link #withPool}: which part of the best answer's probability the others must have, for questions with several
     * answers.
     *
     * @param threshold from 0, which keeps all, to 1
     * @return a changed copy
     * @throws IllegalArgumentException if it is not
     */
    public BiobertFunctions withThreshold(float threshold) {
        QaOptions.defaults().withThreshold(threshold);
        return new BiobertFunctions(settings.with(s -> s.threshold = threshold));
    }

    /**
     * Whether {@link #embed} scales vectors to length 1.
     *
     * @param normalize true if it does
     * @return a changed copy
     */
    public BiobertFunctions withNormalize(boolean normalize) {
        return new BiobertFunctions(settings.with(s -> s.normalize = normalize));
    }

    /**
     * The prompt that {@link #embed} puts before each text, in place of the model's default one.
     *
     * @param name its name; empty for none
     * @return a changed copy
     */
    public BiobertFunctions withPrompt(String name) {
        EmbedOptions.defaults().withPrompt(name);
        return new BiobertFunctions(settings.with(s -> s.prompt = name));
    }

    /**
     * After what time a row is given up, with an error.
     *
     * @param deadline the time that one row may take
     * @return a changed copy
     * @throws IllegalArgumentException if it is not between a millisecond and 49 days
     */
    public BiobertFunctions withDeadline(Duration deadline) {
        RunOptions.defaults().withDeadline(deadline);
        return new BiobertFunctions(settings.with(s -> s.deadline = deadline));
    }

    /**
     * Gives the columns names in SQL: {@code biobert_extract(text)}, {@code biobert_ner(text)}, {@code biobert_re(text)}, {@code
     * biobert_classify(text)} and {@code biobert_classify(text, second)}, {@code biobert_embed(text)}, {@code
     * biobert_answer(question, passages)}. Functions of these names that the session has are replaced.
     *
     * @param session the session that gets them; others do not have them
     * @throws UnsupportedOperationException if it is one of Spark Connect
     */
    public void register(SparkSession session) {
        register(session, Settings.PREFIX);
    }

    /**
     * Gives the columns other names in SQL, for functions of several models: {@code icu_extract(text)} with the prefix {@code
     * icu}.
     *
     * @param session the session that gets them
     * @param prefix ASCII letters, digits and {@code _}; a letter first
     * @throws IllegalArgumentException if the prefix has other characters
     * @throws UnsupportedOperationException if the session is one of Spark Connect
     */
    public void register(SparkSession session, String prefix) {
        new SqlFunctions(session, prefix).register(new BiobertFunctions(settings.with(s -> s.prefix = prefix)));
    }

    /**
     * All that a note says: {@code sections}, {@code entities} with assertion, attributes and codes, {@code relations}, and
     * {@code code_relations}, with terminologies and a head for them.
     *
     * @param text the note
     * @return a struct of {@link #extractSchema}
     */
    public Column extract(Column text) {
        return texts(Task.EXTRACT).apply(bytes(text));
    }

    /**
     * Its {@code entities}.
     *
     * @param text the text
     * @return a struct of {@link #nerSchema}
     */
    public Column ner(Column text) {
        return texts(Task.NER).apply(bytes(text));
    }

    /**
     * Its {@code relations}, with the {@code entities} that they are between.
     *
     * @param text the text
     * @return a struct of {@link #reSchema}
     */
    public Column re(Column text) {
        return texts(Task.RE).apply(bytes(text));
    }

    /**
     * Its {@code classes}: every label of every head, head by head, the most probable first.
     *
     * @param text the text
     * @return a struct of {@link #classifySchema}
     */
    public Column classify(Column text) {
        return texts(Task.CLASSIFY).apply(bytes(text));
    }

    /**
     * The {@code classes} of a pair of texts, such as a note and a trial criterion.
     *
     * @param text the text
     * @param second the second text
     * @return a struct of {@link #classifySchema}
     */
    public Column classify(Column text, Column second) {
        return pairs().apply(bytes(text), bytes(second));
    }

    /**
     * Its vector, {@code embedding}.
     *
     * @param text the text
     * @return a struct of {@link #embedSchema}
     */
    public Column embed(Column text) {
        return texts(Task.EMBED).apply(bytes(text));
    }

    /**
     * The {@code answers} to a question, the best first, and {@code no_answer}: above 0, the passages probably have none.
     *
     * @param question the question
     * @param passages an array of texts that may answer it; those that are null are passed over
     * @return a struct of {@link #answerSchema}
     */
    public Column answer(Column question, Column passages) {
        return questions().apply(bytes(question), allBytes(passages));
    }

    /**
     * The type of {@link #extract}.
     *
     * @return {@code sections}, {@code entities}, {@code relations}, {@code truncated}, {@code error}
     */
    public static StructType extractSchema() {
        return Task.EXTRACT.schema;
    }

    /**
     * The type of {@link #ner}.
     *
     * @return {@code entities}, {@code error}
     */
    public static StructType nerSchema() {
        return Task.NER.schema;
    }

    /**
     * The type of {@link #re}.
     *
     * @return {@code entities}, {@code relations}, {@code truncated}, {@code error}
     */
    public static StructType reSchema() {
        return Task.RE.schema;
    }

    /**
     * The type of {@code classify}.
     *
     * @return {@code classes}, {@code truncated}, {@code error}
     */
    public static StructType classifySchema() {
        return Task.CLASSIFY.schema;
    }

    /**
     * The type of {@link #embed}.
     *
     * @return {@code embedding}, {@code error}
     */
    public static StructType embedSchema() {
        return Task.EMBED.schema;
    }

    /**
     * The type of {@link #answer}.
     *
     * @return {@code answers}, {@code no_answer}, {@code classes}, {@code truncated}, {@code error}
     */
    public static StructType answerSchema() {
        return Task.ANSWER.schema;
    }

    private UserDefinedFunction texts(Task task) {
        Call call = new Call(task, settings);
        UDF1<byte[], Object> row = text -> text == null ? null : call.row(List.of(text));
        return named(task, udf(row, task.schema));
    }

    private UserDefinedFunction pairs() {
        Call call = new Call(Task.CLASSIFY, settings);
        UDF2<byte[], byte[], Object> row =
                (text, second) -> text == null || second == null ? null : call.row(List.of(text, second));
        return named(Task.CLASSIFY, udf(row, Task.CLASSIFY.schema));
    }

    private UserDefinedFunction questions() {
        Call call = new Call(Task.ANSWER, settings);
        UDF2<byte[], Seq<byte[]>, Object> row = (question, passages) -> {
            if (question == null || passages == null) {
                return null;
            }
            List<byte[]> texts = new ArrayList<>(List.of(question));
            texts.addAll(CollectionConverters.asJava(passages));
            return call.row(texts);
        };
        return named(Task.ANSWER, udf(row, Task.ANSWER.schema));
    }

    private UserDefinedFunction named(Task task, UserDefinedFunction function) {
        return function.withName(settings.prefix + "_" + task.name().toLowerCase(Locale.ROOT)).asNondeterministic();
    }

    /** {@code try_cast} refuses numbers whatever {@code spark.sql.ansi.enabled} is; {@code cast} may take their bits for a text. */
    private static Column bytes(Column text) {
        return text.try_cast(DataTypes.BinaryType);
    }

    /** In arrays {@code try_cast} makes null of numbers. */
    private static Column allBytes(Column texts) {
        return texts.cast(DataTypes.createArrayType(DataTypes.BinaryType));
    }
}

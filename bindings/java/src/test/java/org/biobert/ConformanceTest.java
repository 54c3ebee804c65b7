package org.biobert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** tests/conformance: every language finds the same in cases.json, to the last bit. */
class ConformanceTest {
    private static final Path FILES = Fixtures.ROOT.resolve("tests/conformance");
    private static final Pattern UNIT_OF_TEXT = Pattern.compile("\\{([0-9A-Fa-f]{4})}");
    private static final Set<String> FIELDS = Set.of(
            "name", "task", "unit", "heads", "replace", "markup", "repeat", "docs", "seconds", "entities", "unrelated",
            "questions", "top", "max_tokens", "pool", "threshold", "pooling", "layer", "normalize", "tokens", "judges");

    /** A case as the file has it; null is absent. */
    private static final class Case {
        String name;
        String task;
        String unit;
        List<String> heads = List.of();
        boolean replace;
        String markup;
        int repeat = 1;
        List<String> docs = List.of();
        List<String> seconds;
        List<Mention> entities;
        boolean unrelated;
        List<Asked> questions = List.of();
        Integer top;
        Integer max_tokens;
        boolean pool;
        float threshold;
        String pooling;
        Integer layer;
        boolean normalize;
        boolean tokens;
        String judges;
    }

    private static final class Mention {
        int doc;
        int start;
        int end;
        String kind;
    }

    private static final class Asked {
        String question;
        List<String> passages;
    }

    private final StringBuilder out = new StringBuilder();

    @Test
    void findsWhatEveryLanguageFinds() throws Exception {
        JsonObject file = JsonParser.parseString(Files.readString(FILES.resolve("cases.json"))).getAsJsonObject();
        try (Engine engine = Engine.create(); Model model = engine.open(Fixtures.MODEL)) {
            for (JsonElement json : file.getAsJsonArray("cases")) {
                Set<String> fields = json.getAsJsonObject().keySet();
                assertEquals(true, FIELDS.containsAll(fields), () -> "a field that this test does not know: " + fields);
                Case c = new Gson().fromJson(json, Case.class);
                for (String unit : c.unit == null ? List.of("utf8", "scalars", "utf16") : List.of(c.unit)) {
                    line("case", c.name, unit);
                    write(c.task, run(engine, model, c, options(c, unit)));
                }
            }
        }
        String[] found = out.toString().split("\n", -1);
        String[] wanted = Files.readString(FILES.resolve("expected.txt")).split("\n", -1);
        for (int i = 0; i < Math.min(found.length, wanted.length); i++) {
            int number = i + 1;
            assertEquals(wanted[i], found[i], () -> "line " + number);
        }
        assertEquals(wanted.length, found.length, "lines");
    }

    private static RunOptions options(Case c, String unit) {
        RunOptions options = RunOptions.defaults().withHeads(c.heads);
        if (c.replace) {
            options = options.withInvalidText(RunOptions.InvalidText.REPLACE);
        }
        if (c.markup != null) {
            options = options.withMarkup(RunOptions.Markup.valueOf(c.markup.toUpperCase(Locale.ROOT)));
        }
        switch (unit) {
            case "utf8":
                return options.withUnit(RunOptions.Unit.UTF8_BYTES);
            case "scalars":
                return options.withUnit(RunOptions.Unit.UNICODE_SCALARS);
            case "utf16":
                return options; // the default
            default:
                throw new AssertionError("unit " + unit);
        }
    }

    private static List<DocumentResult> run(Engine engine, Model model, Case c, RunOptions options) {
        List<String> docs = texts(c.docs, c.repeat);
        switch (c.task) {
            case "ner":
                return model.ner(docs, options);
            case "re":
                ReOptions relations = ReOptions.defaults().withUnrelated(c.unrelated);
                if (c.entities != null) {
                    List<GivenEntity> given = new ArrayList<>();
                    c.entities.forEach(m -> given.add(new GivenEntity(m.doc, m.start, m.end, m.kind)));
                    relations = relations.withEntities(given);
                }
                return model.re(docs, relations, options);
            case "qa":
                QaOptions answers = QaOptions.defaults();
                answers = c.top == null ? answers : answers.withTop(c.top);
                answers = c.max_tokens == null ? answers : answers.withMaxTokens(c.max_tokens);
                answers = answers.withPool(c.pool).withThreshold(c.threshold);
                List<Question> questions = new ArrayList<>();
                c.questions.forEach(asked ->
                        questions.add(new Question(text(asked.question), texts(asked.passages, c.repeat))));
                return model.qa(questions, answers, options);
            case "classify":
                return c.seconds == null
                        ? model.classify(docs, options)
                        : model.classify(docs, texts(c.seconds, 1), options);
            case "embed":
                EmbedOptions embed = EmbedOptions.defaults().withNormalize(c.normalize).withTokens(c.tokens);
                String pooling = c.pooling == null ? "mean" : c.pooling;
                embed = embed.withPooling(EmbedOptions.Pooling.valueOf(pooling.toUpperCase()));
                embed = c.layer == null ? embed : embed.withLayer(c.layer);
                return model.embed(docs, embed, options);
            case "sentences":
                return engine.sentences(docs, options);
            case "sections":
                return engine.sections(docs, options);
            case "extract":
                ExtractOptions extract = ExtractOptions.defaults();
                if (c.judges != null) {
                    extract = extract.withJudges(ExtractOptions.Judges.valueOf(c.judges.toUpperCase()));
                }
                return model.extract(docs, extract, options);
            default:
                throw new AssertionError("task " + c.task);
        }
    }

    private static List<String> texts(List<String> texts, int repeat) {
        List<String> list = new ArrayList<>();
        texts.forEach(text -> list.add(text(text).repeat(repeat)));
        return list;
    }

    /** A text of the file: {XXXX} is that UTF-16 unit. */
    private static String text(String text) {
        return UNIT_OF_TEXT.matcher(text).replaceAll(found ->
                Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private void write(String task, List<DocumentResult> results) {
        for (int i = 0; i < results.size(); i++) {
            DocumentResult r = results.get(i);
            int flags = (r.windowed() ? 1 : 0) + (r.truncated() ? 2 : 0) + (r.replacedInvalid() ? 4 : 0);
            line("doc", i, r.status().code(), flags, r.message());
            if (r.status() == Status.OK) {
                write(task, r);
            }
        }
    }

    private void write(String task, DocumentResult r) {
        for (Span e : r.spans()) {
            line("entity", e.start(), e.end(), e.label(), e.head(), bits(e.score()));
        }
        for (Relation x : r.relations()) {
            int first = index(r.spans(), x.first());
            int second = index(r.spans(), x.second());
            assertEquals(List.of(first, second), List.of(x.firstIndex(), x.secondIndex()));
            line("relation", first, second, x.label(), x.text(), x.head(), bits(x.score()), number(x.assertion()));
        }
        for (Answer a : r.answers()) {
            line("answer", a.passage(), a.start(), a.end(), a.head(), bits(a.score()), bits(a.probability()));
        }
        if (task.equals("qa")) {
            line("no_answer", bits((float) r.noAnswer().orElse(Double.NaN)));
        }
        for (ClassScore s : r.classes()) {
            line("class", s.label(), s.text(), s.head(), bits(s.score()), s.holds() ? 1 : 0);
        }
        for (Range s : r.sentences()) {
            line("sentence", s.start(), s.end());
        }
        assertEquals(r.tokens().size(), r.states().size());
        for (int i = 0; i < r.tokens().size(); i++) {
            line("token", r.tokens().get(i).start(), r.tokens().get(i).end(), bits(r.states().get(i)[0]));
        }
        if (task.equals("embed")) {
            List<String> numbers = new ArrayList<>();
            for (float number : r.embedding()) {
                numbers.add(bits(number));
            }
            line("embedding", String.join(" ", numbers));
        }
        for (Section s : r.sections()) {
            Object parent = s.parent().isPresent() ? index(r.sections(), s.parent().get()) : "-";
            Range title = s.title();
            line("section", s.start(), s.end(), title.start(), title.end(), parent, s.name(), s.loinc().orElse(""));
        }
        r.entities().forEach(e -> finding(r, e));
    }

    private void finding(DocumentResult r, Entity e) {
        Object section = e.section().isPresent() ? index(r.sections(), e.section().get()) : "-";
        line("finding", e.start(), e.end(), e.label(), e.head(), bits(e.score()), section, e.expansion().orElse(""));
        e.assertion().ifPresent(says -> {
            Object start = says.cue().isPresent() ? says.cue().get().start() : "-";
            Object end = says.cue().isPresent() ? says.cue().get().end() : "-";
            Optional<Assertion.Value> value = Optional.of(says.value());
            line("assertion", number(value), number(says.category()), bits(says.score()), start, end);
        });
        for (Also a : e.also()) {
            line("also", a.label(), a.head(), bits(a.score()));
        }
        for (Attribute a : e.attributes()) {
            String comparator = a.comparator().orElse("");
            Object[] value = {bits(a.low()), bits(a.high()), comparator, a.unit().orElse(""), a.step(), a.parsed() ? 1 : 0};
            line("attribute", a.kind().ordinal() + 1, a.start(), a.end(), Arrays.stream(value).map(String::valueOf)
                    .collect(Collectors.joining("\t")));
        }
    }

    /** The number of the header; 0 is none. */
    private static int number(Optional<? extends Enum<?>> value) {
        return value.map(v -> v.ordinal() + 1).orElse(0);
    }

    private static String bits(OptionalDouble number) {
        return number.isPresent() ? String.format("%016x", Double.doubleToLongBits(number.getAsDouble())) : "-";
    }

    /** Where an object stands: itself, not one that is equal. */
    private static <T> int index(List<T> all, T one) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) == one) {
                return i;
            }
        }
        throw new AssertionError("what a result points to is not in its lists");
    }

    private static String bits(float number) {
        return String.format("%08x", Float.floatToIntBits(number));
    }

    private void line(Object... fields) {
        out.append(Arrays.stream(fields).map(String::valueOf).collect(Collectors.joining("\t"))).append('\n');
    }
}

package org.biobert.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.biobert.Answer;
import org.biobert.Assertion;
import org.biobert.ClassScore;
import org.biobert.Code;
import org.biobert.CodeRelation;
import org.biobert.Entity;
import org.biobert.Link;
import org.biobert.Range;
import org.biobert.Relation;
import org.biobert.RunOptions;
import org.biobert.Section;
import org.biobert.Span;

/** Results as rows, in the order of {@link Schemas}, with the words that their offsets stand for. */
final class Rows {
    private final List<Places> places;

    Rows(List<String> texts, RunOptions.Unit unit) {
        places = texts.stream().map(text -> new Places(text, unit)).toList();
    }

    Row[] sections(List<Section> sections) {
        return rows(sections, s -> RowFactory.create(
                s.start(),
                s.end(),
                words(s.title().start(), s.title().end()),
                s.name(),
                s.loinc().orElse(null),
                s.parent().map(parent -> indexOf(parent, sections)).orElse(null)));
    }

    Row[] spans(List<Span> spans) {
        return rows(spans, s ->
                RowFactory.create(s.start(), s.end(), words(s.start(), s.end()), s.label(), s.score(), s.head()));
    }

    Row[] entities(List<Entity> entities, List<Section> sections) {
        return rows(entities, e -> RowFactory.create(
                e.start(),
                e.end(),
                words(e.start(), e.end()),
                e.label(),
                e.score(),
                e.head(),
                rows(e.also(), also -> RowFactory.create(also.label(), also.score(), also.head())),
                e.section().map(section -> indexOf(section, sections)).orElse(null),
                e.assertion().map(Rows::assertion).orElse(null),
                e.expansion().orElse(null),
                rows(e.attributes(), a -> RowFactory.create(
                        name(a.kind()),
                        a.start(),
                        a.end(),
                        words(a.start(), a.end()),
                        number(a.low()),
                        number(a.high()),
                        a.comparator().orElse(null),
                        a.unit().orElse(null),
                        a.step(),
                        a.parsed())),
                rows(e.links(), Rows::link)));
    }

    Row[] relations(List<Relation> relations) {
        return rows(relations, r -> RowFactory.create(
                r.firstIndex(),
                r.secondIndex(),
                r.label(),
                r.text(),
                r.score(),
                r.assertion().map(Rows::hyphened).orElse(null),
                r.head()));
    }

    static Row[] codeRelations(List<CodeRelation> relations) {
        return rows(relations, r -> RowFactory.create(r.first(), r.second(), r.label(), r.score()));
    }

    /** Of passages with these indices among all. */
    Row[] answers(List<Answer> answers, int[] indices) {
        return rows(answers, a -> RowFactory.create(
                indices[a.passage()],
                a.start(),
                a.end(),
                places.get(a.passage()).words(a.start(), a.end()),
                a.score(),
                a.probability() == 0 ? null : a.probability(), // 0: the passages did not decide together
                a.head()));
    }

    static Row[] classes(List<ClassScore> classes) {
        return rows(classes, c -> RowFactory.create(c.label(), c.text(), c.score(), c.holds(), c.head()));
    }

    private static Row assertion(Assertion assertion) {
        Range cue = assertion.cue().orElse(null);
        return RowFactory.create(
                hyphened(assertion.value()),
                assertion.category().map(Rows::hyphened).orElse(null),
                assertion.score(),
                cue == null ? null : RowFactory.create(cue.start(), cue.end()));
    }

    private static Row link(Link link) {
        Optional<Code> given = link.given();
        return RowFactory.create(
                link.system(),
                given.map(Code::code).orElse(null),
                given.map(Code::name).orElse(null),
                given.map(Code::score).orElse(null),
                given.flatMap(Code::reason).map(Rows::name).orElse(null),
                name(link.abstention()),
                rows(link.codes(), c -> RowFactory.create(c.code(), c.name(), c.score(), name(c.reason()))));
    }

    private String words(int start, int end) {
        return places.get(0).words(start, end);
    }

    /** Two sections may be equal; the result has the same objects. */
    private static int indexOf(Section section, List<Section> sections) {
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i) == section) {
                return i;
            }
        }
        throw new AssertionError("a section that the result does not list");
    }

    private static <T> Row[] rows(List<T> found, Function<T, Row> row) {
        return found.stream().map(row).toArray(Row[]::new);
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Of assertions JSON has {@code other-person}, of attributes {@code as_needed}. */
    private static String hyphened(Enum<?> constant) {
        return name(constant).replace('_', '-');
    }

    private static String name(Optional<? extends Enum<?>> constant) {
        return constant.map(Rows::name).orElse(null);
    }

    private static Double number(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}

package org.biobert.spark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;
import org.biobert.DocumentResult;
import org.biobert.Question;

/** What can be asked of a text, and the columns that come of it: all but the last, which is the error. */
enum Task {
    EXTRACT(Schemas.EXTRACT) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            DocumentResult found = ready.model().extract(texts.get(0), ready.extract(), ready.run());
            Rows rows = new Rows(texts, ready.unit());
            return new Object[] {
                rows.sections(found.sections()),
                rows.entities(found.entities(), found.sections()),
                rows.relations(found.relations()),
                Rows.codeRelations(found.codeRelations()),
                found.truncated()
            };
        }
    },
    NER(Schemas.NER) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            DocumentResult found = ready.model().ner(texts.get(0), ready.run());
            return new Object[] {new Rows(texts, ready.unit()).spans(found.spans())};
        }
    },
    RE(Schemas.RE) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            DocumentResult found = ready.model().re(texts.get(0), ready.re(), ready.run());
            Rows rows = new Rows(texts, ready.unit());
            return new Object[] {rows.spans(found.spans()), rows.relations(found.relations()), found.truncated()};
        }
    },
    CLASSIFY(Schemas.CLASSIFY) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            DocumentResult found = texts.size() == 1
                    ? ready.model().classify(texts.get(0), ready.run())
                    : ready.model().classify(texts.get(0), texts.get(1), ready.run());
            return new Object[] {Rows.classes(found.classes()), found.truncated()};
        }
    },
    EMBED(Schemas.EMBED) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            return new Object[] {ready.model().embed(texts.get(0), ready.embed(), ready.run()).embedding()};
        }
    },
    ANSWER(Schemas.ANSWER) {
        @Override
        Object[] run(Ready ready, List<String> texts) {
            List<String> passages = texts.subList(1, texts.size());
            int[] indices = IntStream.range(0, passages.size())
                    .filter(i -> passages.get(i) != null)
                    .toArray();
            List<String> given = Arrays.stream(indices).mapToObj(passages::get).toList();
            DocumentResult found = ready.model().qa(new Question(texts.get(0), given), ready.qa(), ready.run());
            return new Object[] {
                new Rows(given, ready.unit()).answers(found.answers(), indices),
                found.noAnswer().isPresent() ? (float) found.noAnswer().getAsDouble() : null,
                Rows.classes(found.classes()),
                found.truncated()
            };
        }
    };

    final StructType schema;

    Task(StructType schema) {
        this.schema = schema;
    }

    /**
     * Runs the task.
     *
     * @throws org.biobert.BiobertException if a text is bad, or the settings do not fit the model
     */
    abstract Object[] run(Ready ready, List<String> texts);
}

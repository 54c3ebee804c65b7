package org.biobert;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What a task found in a document, or became of a question. What the task does not look for is empty.
 * Immutable; it has nothing native in it and needs neither model nor engine.
 *
 * <p>A document that could not be read has a {@link #status} and a {@link #message}; whatever was to be
 * found in it throws them as a {@link BiobertException}, so that nothing looks empty that is not.
 */
public final class DocumentResult {
    private static final int WINDOWED = 1;
    private static final int TRUNCATED = 2;
    private static final int REPLACED_INVALID = 4;

    /** What was found; filled by {@link Decoder}, then not changed. */
    static final class Found {
        int flags;
        List<Span> spans = List.of();
        List<Relation> relations = List.of();
        List<Answer> answers = List.of();
        float noAnswer = Float.NaN;
        List<ClassScore> classes = List.of();
        List<Range> sentences = List.of();
        List<Section> sections = List.of();
        List<Entity> entities = List.of();
        List<CodeRelation> codeRelations = List.of();
        List<Range> tokens = List.of();
        List<Mask> masks = List.of();
        float[] embedding = {};
        float[] states = {};
        int width;
    }

    private final Status status;
    private final String message;
    private final int index;
    private final RanOn device;
    private final Found found;

    private DocumentResult(Status status, String message, int index, RanOn device, Found found) {
        this.status = status;
        this.message = message;
        this.index = index;
        this.device = device;
        this.found = found;
    }

    static DocumentResult of(int index, RanOn device, Found found) {
        return new DocumentResult(Status.OK, "", index, device, found);
    }

    static DocumentResult bad(int index, RanOn device, Status status, String message) {
        return new DocumentResult(status, message, index, device, null);
    }

    /** Itself, if the document could be read. */
    DocumentResult checked() {
        found();
        return this;
    }

    private Found found() {
        if (found == null) {
            throw new BiobertException(status, message, index);
        }
        return found;
    }

    /**
     * What became of the document.
     *
     * @return {@link Status#OK} if it could be read
     */
    public Status status() {
        return status;
    }

    /**
     * Why the document has no result, in English; never any of its text.
     *
     * @return empty if it has one
     */
    public String message() {
        return message;
    }

    /**
     * Where the encoder of the call ran, for this document and the others of the call.
     *
     * @return also if the document could not be read
     */
    public RanOn device() {
        return device;
    }

    /**
     * Whether some of the document was longer than the model reads at once and was read in overlapping
     * windows; nothing was left out.
     *
     * @return false also if the document could not be read
     */
    public boolean windowed() {
        return flag(WINDOWED);
    }

    /**
     * Whether a limit forced a cut: entities of a relation too far apart to be read together, a question
     * or the shorter text of a pair too long.
     *
     * @return false also if the document could not be read
     */
    public boolean truncated() {
        return flag(TRUNCATED);
    }

    /**
     * Whether bad units were read as U+FFFD, which {@link RunOptions.InvalidText#REPLACE} allows.
     *
     * @return false also if the document could not be read
     */
    public boolean replacedInvalid() {
        return flag(REPLACED_INVALID);
    }

    private boolean flag(int flag) {
        return found != null && (found.flags & flag) != 0;
    }

    /**
     * Its entities, by start, then the longer first. Those of one head do not
     * overlap; those of different heads may. Of {@code ner}, {@code re} and {@code extract}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Span> spans() {
        return found().spans;
    }

    /**
     * Its relations: by head, then by the places of the two entities. Of {@code re} and {@code extract}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Relation> relations() {
        return found().relations;
    }

    /**
     * The answers to the question, the best first; of answers with the same text, ignoring case, only
     * the best. Of {@code qa}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the question or a passage could not be read
     */
    public List<Answer> answers() {
        return found().answers;
    }

    /**
     * How far "no answer" is ahead of the best answer, on the answers' scale: above 0, the passages
     * probably do not contain the answer; infinite where there is no span to answer with. Of {@code qa}.
     *
     * @return a {@code float} in a {@code double}; empty where no head answers with spans
     * @throws BiobertException if the question or a passage could not be read
     */
    public OptionalDouble noAnswer() {
        float score = found().noAnswer;
        return Float.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(score);
    }

    /**
     * Every label of every head, head by head, the most probable first. Of {@code classify}, and yes or no
     * of {@code qa}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<ClassScore> classes() {
        return found().classes;
    }

    /**
     * Its sentences, in order. Of {@code sentences}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Range> sentences() {
        return found().sentences;
    }

    /**
     * Its sections, by start; a section comes before those within it. Of {@code sections} and {@code extract}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Section> sections() {
        return found().sections;
    }

    /**
     * Its entities with what the note says of them, by start, then the longer first; each finding once. {@link
     * #spans} has the same in the same order. Of {@code extract}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Entity> entities() {
        return found().entities;
    }

    /**
     * The relations between codes that a note as a whole states, system by system. Of {@code extract}, only with
     * terminologies and the head {@code cid} named.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<CodeRelation> codeRelations() {
        return found().codeRelations;
    }

    /**
     * Its tokens, in order. Of {@code embed}, if the options asked for them.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read
     */
    public List<Range> tokens() {
        return found().tokens;
    }

    /**
     * Its masks with what may stand there, in order. Of {@code fill}.
     *
     * @return an unmodifiable list
     * @throws BiobertException if the document could not be read, had no mask or was too long
     */
    public List<Mask> masks() {
        return found().masks;
    }

    /**
     * Its vector; all zero for a document without words. Of {@code embed}.
     *
     * @return a copy; empty for other tasks
     * @throws BiobertException if the document could not be read
     */
    public float[] embedding() {
        return found().embedding.clone();
    }

    /**
     * The state of each token. Of {@code embed}, if the options asked for tokens.
     *
     * @return an unmodifiable list, as long as {@link #tokens}, that gives copies
     * @throws BiobertException if the document could not be read
     */
    public List<float[]> states() {
        Found found = found();
        int rows = found.width == 0 ? 0 : found.states.length / found.width;
        return new AbstractList<>() {
            @Override
            public float[] get(int row) {
                int start = Objects.checkIndex(row, rows) * found.width;
                return Arrays.copyOfRange(found.states, start, start + found.width);
            }

            @Override
            public int size() {
                return rows;
            }
        };
    }

    /** For logs: the status and how much was found, no text. */
    @Override
    public String toString() {
        if (found == null) {
            return status + ": " + message;
        }
        return String.format(
                Locale.ROOT,
                "%s: %d spans, %d relations, %d answers, %d classes, %d sentences, %d sections, %d tokens",
                status,
                found.spans.size(),
                found.relations.size(),
                found.answers.size(),
                found.classes.size(),
                found.sentences.size(),
                found.sections.size(),
                found.tokens.size());
    }
}

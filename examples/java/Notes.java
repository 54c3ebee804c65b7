import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.biobert.Answer;
import org.biobert.Assertion;
import org.biobert.BiobertException;
import org.biobert.DocumentResult;
import org.biobert.Engine;
import org.biobert.Entity;
import org.biobert.Model;
import org.biobert.Question;
import org.biobert.Relation;
import org.biobert.Span;

/**
 * What a clinical note says, and an answered question, from Java.
 *
 * <pre>java -cp biobert-0.1.0.jar Notes.java MODEL_DIRECTORY [NOTE_FILE]</pre>
 *
 * Without a file it reads a note of its own. Offsets are UTF-16 units, so that they can be used with
 * substring as they are.
 */
public final class Notes {
    private static final String NOTE = "Pt with type 2 diabetes mellitus was started on metformin 500 mg BID. "
            + "Denies chest pain. Developed hives after amoxicillin; settled with loratadine. "
            + "Sister had breast cancer.";

    /** Clinical text in UTF-8, whatever the terminal's settings. */
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) throws IOException {
        if (args.length < 1) {
            System.err.println("usage: Notes MODEL_DIRECTORY [NOTE_FILE]");
            System.exit(2);
        }
        String note = args.length > 1 ? Files.readString(Path.of(args[1])) : NOTE;

        // An engine and a model are opened once and shared by all threads of a program.
        try (Engine engine = Engine.create(); Model model = engine.open(Path.of(args[0]))) {
            printNote(model, note);
            printAnswer(model, note);
        } catch (BiobertException e) {
            System.err.println(e.status() + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /** The entities, with what the note says of them, and the relations between them. */
    private static void printNote(Model model, String note) {
        DocumentResult result = model.extract(note);
        for (Entity e : result.entities()) {
            // Whether the patient has it, what it is, attributes such as a dose, and the words that say so.
            OUT.printf("%-13s%-10s %s", said(e.assertion().map(Assertion::value)), e.label(), note.substring(e.start(), e.end()));
            e.attributes().forEach(a -> OUT.print(" | " + note.substring(a.start(), a.end())));
            e.assertion().flatMap(Assertion::cue)
                    .ifPresent(cue -> OUT.print("  [" + note.substring(cue.start(), cue.end()) + "]"));
            OUT.println();
        }
        OUT.println();
        for (Relation r : result.relations()) {
            OUT.printf("%-13s%s -> %s -> %s  %s%n",
                    said(r.assertion()), text(note, r.first()), r.text(), text(note, r.second()), decimal(r.score(), 2));
        }
    }

    private static String said(Optional<Assertion.Value> value) {
        return value.map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', ' ')).orElse("not assessed");
    }

    /** The best answer to a question, from one passage: the note. */
    private static void printAnswer(Model model, String note) {
        Question question = Question.of("What was started?", note);
        DocumentResult result = model.qa(question);
        OUT.println();
        OUT.println(question.question());
        List<Answer> answers = result.answers();
        if (!answers.isEmpty()) {
            Answer best = answers.get(0);
            OUT.printf("%s  (score %s)%n", note.substring(best.start(), best.end()), decimal(best.score(), 1));
        }
    }

    private static String text(String note, Span e) {
        return note.substring(e.start(), e.end());
    }

    /** Rounded from the number's exact value, as C does it; Java's own %.2f rounds its decimal form. */
    private static String decimal(float number, int digits) {
        return new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}

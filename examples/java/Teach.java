import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.biobert.BiobertException;
import org.biobert.Engine;
import org.biobert.Head;
import org.biobert.Mark;
import org.biobert.Model;
import org.biobert.RunOptions;
import org.biobert.Span;
import org.biobert.Split;
import org.biobert.Task;
import org.biobert.Trainer;
import org.biobert.TrainerOptions;

/**
 * Teaches a model a kind of entity that it does not know, from ten sentences, and uses it; from Java.
 *
 * <pre>java -cp biobert-0.1.0.jar Teach.java MODEL_DIRECTORY</pre>
 *
 * Prints the entities of a note: the new kind, and beside it one that the model knew before.
 */
public final class Teach {
    /** Sentences, and the body part in each: null where there is none, which teaches something too. */
    private static final String[][] SENTENCES = {
        {"Pain in the left knee since Monday.", "left knee"},
        {"Swelling of her right ankle after a fall.", "right ankle"},
        {"The liver was enlarged.", "liver"},
        {"No lesion of the spine was seen.", "spine"},
        {"She was given aspirin.", null},
        {"Biopsy of the left kidney was done.", "left kidney"},
        {"Weakness of his right arm.", "right arm"},
        {"We examined the femoral artery.", "femoral artery"},
        {"On metformin and lisinopril.", null},
        {"Redness of the left eye and discharge.", "left eye"},
    };

    private static final String NOTE =
            "Swelling of his left ankle for two weeks. Started ibuprofen. No lesion of the liver.";

    /** Clinical text in UTF-8, whatever the terminal's settings. */
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: Teach MODEL_DIRECTORY");
            System.exit(2);
        }
        // A head lives in memory; its save keeps it for another day. A model does not change: the one with
        // the head is a new one, which shares the encoder.
        try (Engine engine = Engine.create();
                Model model = engine.open(Path.of(args[0]));
                Head head = train(model);
                Model taught = model.withHead(head, "site")) {
            RunOptions heads = RunOptions.defaults().withHeads("site", "chemical");
            for (Span e : taught.ner(NOTE, heads).spans()) {
                OUT.println(e.label() + "\t" + NOTE.substring(e.start(), e.end()));
            }
        } catch (BiobertException e) {
            System.err.println(e.status() + ": " + e.getMessage());
            System.exit(1);
        }
    }

    /** A head for body parts, trained on what the model's encoder says of the sentences. */
    private static Head train(Model model) {
        TrainerOptions options = TrainerOptions.defaults().withPreset(TrainerOptions.Preset.FAST);
        try (Trainer trainer = Trainer.create(model, Task.NER, options)) {
            for (String[] sentence : SENTENCES) {
                trainer.addNer(Split.TRAIN, sentence[0], marks(sentence[0], sentence[1]));
            }
            // Long trainings want a listener, and a switch to end them early.
            trainer.fit();
            return trainer.head();
        }
    }

    private static List<Mark> marks(String text, String part) {
        if (part == null) {
            return List.of();
        }
        int start = text.indexOf(part);
        return List.of(new Mark(start, start + part.length(), "Site"));
    }
}

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.biobert.Engine;
import org.biobert.EngineOptions;
import org.biobert.Model;
import org.biobert.Span;

/**
 * The time of a call from Java:  java -cp biobert.jar Call.java MODEL CALLS
 *
 * <p>Prints the median in microseconds: entities of one sentence on one thread, each entity read.
 */
public final class Call {
    private static final String SENTENCE = "Urine culture grew Escherichia coli and she was started on "
            + "nitrofurantoin for cystitis on day three.";
    private static final int WARM_UP = 200;

    public static void main(String[] args) {
        int calls = Integer.parseInt(args[1]);
        long[] times = new long[calls];
        long read = 0;
        try (Engine engine = Engine.create(EngineOptions.defaults().withThreads(1));
                Model model = engine.open(Path.of(args[0]))) {
            for (int i = -WARM_UP; i < calls; i++) {
                long start = System.nanoTime();
                for (Span e : model.ner(SENTENCE).spans()) {
                    read += e.start() + e.end() + e.label().length();
                }
                if (i >= 0) {
                    times[i] = System.nanoTime() - start;
                }
            }
        }
        if (read == 0) {
            throw new IllegalStateException("no entity was found");
        }
        Arrays.sort(times);
        System.out.printf(Locale.ROOT, "%.2f%n", times[calls / 2] / 1e3);
    }
}

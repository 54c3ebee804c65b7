import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.biobert.BiobertException;
import org.biobert.Engine;
import org.biobert.EngineOptions;
import org.biobert.Head;
import org.biobert.Model;

/**
 * A screen for adverse drug events: which drug had which effect, as a table and as a page for a browser.
 *
 * <pre>AdeScreen MODEL HEAD [--page FILE.html] [--threads N] FILE_OR_DIRECTORY... &gt; table.tsv</pre>
 *
 * Each sentence is judged by itself. Documents are read in batches, so that memory does not grow with their number.
 * Offsets are UTF-16 units.
 */
public final class AdeScreen {
    private AdeScreen() {}

    public static void main(String[] args) {
        Failures failures = new Failures();
        try {
            run(args, failures);
        } catch (BiobertException e) {
            failures.tell(e.status().toString(), e.getMessage());
        } catch (InvalidPathException e) {
            failures.tell("command line", "a path cannot be one");
        } catch (IOException | UncheckedIOException e) {
            failures.tell("output", e.toString());
        }
        System.exit(failures.count() == 0 ? 0 : 1);
    }

    private static void run(String[] args, Failures failures) throws IOException {
        Path page = null;
        int threads = 1;
        List<Path> paths = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--page") && i + 1 < args.length) {
                page = Path.of(args[++i]);
            } else if (args[i].equals("--threads") && i + 1 < args.length) {
                threads = args[++i].matches("[1-9]\\d{0,3}") ? Integer.parseInt(args[i]) : usage();
            } else if (args[i].startsWith("--")) {
                usage();
            } else {
                paths.add(Path.of(args[i]));
            }
        }
        if (paths.size() < 3) {
            usage();
        }
        try (Engine engine = Engine.create(EngineOptions.defaults().withThreads(threads));
                Model base = engine.open(paths.get(0));
                Head head = Head.open(paths.get(1));
                Model model = base.withHead(head, Screen.HEAD);
                Table table = new Table(page)) {
            Screen screen = new Screen(engine, model, failures);
            Input input = new Input(failures, batch -> table.add(screen.findings(batch)));
            input.read(paths.subList(2, paths.size()));
            table.finish(input.documents());
        }
    }

    private static int usage() {
        System.err.println("usage: AdeScreen MODEL HEAD [--page FILE.html] [--threads N] FILE_OR_DIRECTORY...");
        System.exit(2);
        return 0;
    }
}

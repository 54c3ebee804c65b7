import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The table on standard output, and the page if one is wanted. */
final class Table implements AutoCloseable {
    private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private final Page page;

    /** The page's path is null where none is wanted. */
    Table(Path page) throws IOException {
        this.page = page == null ? null : new Page(page);
        line(List.of("document", "drug", "effect", "assertion", "basis", "score", "drug_start", "drug_end", "effect_start",
                "effect_end", "sentence_start", "sentence_end", "sentence"));
    }

    void add(List<Finding> findings) {
        try {
            for (Finding finding : findings) {
                add(finding);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the page's, not the input's: it ends the run
        }
    }

    private void add(Finding f) throws IOException {
        List<String> fields = new ArrayList<>(List.of(plain(f.document.id), plain(f.text(f.drug.start(), f.drug.end())),
                plain(f.text(f.effect.start(), f.effect.end())), f.assertion, f.basis, f.score()));
        for (int offset : new int[] {f.drug.start(), f.drug.end(), f.effect.start(), f.effect.end(),
                f.sentence.start(), f.sentence.end()}) {
            fields.add(Integer.toString(offset));
        }
        fields.add(plain(f.text(f.sentence.start(), f.sentence.end())));
        line(fields);
        if (page != null) {
            page.add(f);
        }
    }

    /** The same line ends on all systems. */
    private void line(List<String> fields) {
        out.print(String.join("\t", fields) + "\n");
    }

    void finish(int documents) throws IOException {
        out.flush();
        if (out.checkError()) {
            throw new IOException("the table cannot be written");
        }
        if (page != null) {
            page.finish(documents);
        }
    }

    /** Tabs and line ends are the table's own. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    @Override
    public void close() throws IOException {
        out.flush();
        if (page != null) {
            page.close();
        }
    }
}

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.biobert.Entity;

/** A page for a browser that needs nothing but itself, and is there whole or not at all. */
final class Page implements AutoCloseable {
    /** More would make a browser slow; the table has them all. */
    private static final int MOST = 10_000;
    /** Of a longer sentence, often a list, so many characters before and after the pair are shown. */
    private static final int AROUND = 300;

    private static final String HEAD = String.join("\n",
            "<!doctype html><html lang=en><meta charset=utf-8><title>Adverse drug events</title>",
            "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">",
            "<meta name=viewport content='width=device-width'>",
            "<style>", Style.CSS + "</style>",
            "<h1>Adverse drug events</h1>",
            "<p class=lead>Found by a program that misses some and takes some for what they are not: read the sentence. The <mark>drug</mark>",
            "and the <mark class=two>effect</mark> are marked. Whether the one caused the other is not judged.</p>",
            "<details><summary>What the columns say</summary>",
            "<p><b>Said</b>: what the note says of the effect. <i>Past</i> is over, or a known reaction; <i>possible</i> is suspected;",
            "<i>feared</i> is what somebody is to watch for.</p>",
            "<p><b>By</b>: what speaks for the pair. <i>Model</i>, or words of the note: <i>allergy</i>, a list of allergies; <i>stopped</i>,",
            "the drug was, because of the effect; <i>dechallenge</i>, the effect went with the drug; <i>rechallenge</i>, it came back with it;",
            "<i>cause</i>, as in 2/2; <i>reaction</i>, to the drug; <i>feared</i>; <i>denied</i>.</p>",
            "<p><b>Score</b>: the model's, 0 to 1, also where words decided; not a probability.</p></details>",
            "<form hidden>",
            box("present", "present", true), box("past", "past", true), box("possible", "possible", true),
            box("feared", "feared", false), box("denied", "denied", false), box("other person", "other person", false),
            "<label>score from <input type=number name=score min=0 max=1 step=0.05 value=0></label>",
            "<label>words <input type=search name=words></label> <output></output></form>",
            "<table><thead><tr>" + column("Said") + column("Drug") + column("Effect") + "<th>Sentence" + column("Document")
                    + column("By") + column("Score") + "</thead><tbody>", "");

    private static final String TAIL = String.join("\n",
            "<script>",
            "const form = document.forms[0], body = document.querySelector('tbody'), rows = [...body.rows];",
            "form.hidden = body.parentNode.hidden = !rows.length;",
            "for (const box of form.querySelectorAll('[type=checkbox]'))",
            "  box.parentNode.append(' ' + rows.filter(row => row.dataset.said === box.name).length);",
            "form.onsubmit = event => event.preventDefault();",
            "(form.oninput = () => {",
            "  const words = form.words.value.toLowerCase();",
            "  for (const row of rows) row.hidden = !(form[row.dataset.said].checked && +row.dataset.score >= +form.score.value",
            "    && row.textContent.toLowerCase().includes(words));",
            "  form.querySelector('output').value = rows.filter(row => !row.hidden).length + ' of ' + rows.length + ' shown';",
            "})();",
            "const compare = new Intl.Collator('en', {numeric: true}).compare;",
            "for (const button of document.querySelectorAll('th button')) button.onclick = () => {",
            "  const head = button.parentNode, down = head.ariaSort === 'ascending' ? -1 : 1, text = row => row.cells[head.cellIndex].textContent;",
            "  for (const other of head.parentNode.cells) other.ariaSort = null;",
            "  head.ariaSort = down < 0 ? 'descending' : 'ascending';",
            "  body.append(...rows.sort((a, b) => down * compare(text(a), text(b))));",
            "};",
            "</script></html>", "");

    private static final Map<String, String> COLOURS = Map.of("present", " bad", "past", " open", "possible", " info");

    private final Path target;
    private final Path draft;
    private final Writer out;
    private int rows;

    Page(Path target) throws IOException {
        this.target = target;
        draft = target.resolveSibling(target.getFileName() + ".new");
        out = Files.newBufferedWriter(draft);
        out.write(HEAD);
    }

    private static String box(String name, String label, boolean checked) {
        return "<label><input type=checkbox name='" + name + "'" + (checked ? " checked" : "") + "> " + label + "</label>";
    }

    private static String column(String name) {
        return "<th><button type=button>" + name + "</button>";
    }

    void add(Finding f) throws IOException {
        if (++rows > MOST) {
            return;
        }
        String said = f.basis.equals("feared") ? "feared" : f.assertion;
        out.write("<tr data-said='" + said + "' data-score=" + f.score() + "><td><span class='tag" + COLOURS.getOrDefault(said, "") + "'>" + said
                + "</span><td>" + html(f.text(f.drug.start(), f.drug.end())) + "<td>" + html(f.text(f.effect.start(), f.effect.end()))
                + "<td class=said>" + sentence(f) + "<td class=from>" + html(f.document.id) + " <small>" + f.sentence.start()
                + "</small><td data-name=by>" + f.basis + "<td data-name=score>" + f.score() + "</tr>\n");
    }

    private static String sentence(Finding f) {
        boolean drugFirst = f.drug.start() < f.effect.start();
        Entity first = drugFirst ? f.drug : f.effect;
        Entity second = drugFirst ? f.effect : f.drug;
        // Entities of two kinds may overlap: the second is marked from where the first ends.
        int from = Math.min(Math.max(second.start(), first.end()), second.end());
        int after = Math.max(first.end(), second.end());
        int start = whole(f, Math.max(f.sentence.start(), first.start() - AROUND));
        int end = whole(f, Math.min(f.sentence.end(), after + AROUND));
        return (start > f.sentence.start() ? "&hellip;" : "") + html(f.text(start, first.start())) + mark(f, first, first.start(), first.end())
                + html(f.text(first.end(), Math.max(from, first.end()))) + mark(f, second, from, second.end())
                + html(f.text(after, end)) + (end < f.sentence.end() ? "&hellip;" : "");
    }

    /** A place that does not divide a character of two units. */
    private static int whole(Finding f, int at) {
        String text = f.document.text;
        return at < text.length() && Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
    }

    private static String mark(Finding f, Entity entity, int start, int end) {
        return start >= end ? "" : "<mark" + (entity == f.effect ? " class=two" : "") + ">" + html(f.text(start, end)) + "</mark>";
    }

    private static String html(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;").replace("\"", "&quot;");
    }

    void finish(int documents) throws IOException {
        out.write("</tbody></table><p>" + counted(documents, "document") + " read, " + counted(rows, "finding")
                + (rows > MOST ? "; here are the first " + MOST + ", all are in the table" : "") + "."
                + (rows == 0 ? " That does not mean that there is nothing." : "") + "</p>\n" + TAIL);
        out.close();
        Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String counted(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }

    @Override
    public void close() throws IOException {
        out.close();
        Files.deleteIfExists(draft);
    }
}

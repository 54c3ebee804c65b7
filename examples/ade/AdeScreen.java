import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.biobert.Assertion;
import org.biobert.BiobertException;
import org.biobert.DocumentResult;
import org.biobert.Engine;
import org.biobert.EngineOptions;
import org.biobert.Entity;
import org.biobert.ExtractOptions;
import org.biobert.GivenEntity;
import org.biobert.Head;
import org.biobert.Model;
import org.biobert.Range;
import org.biobert.ReOptions;
import org.biobert.Relation;
import org.biobert.RunOptions;
import org.biobert.Status;

/**
 * A screen for adverse drug events: which drug had which effect, as a table and as a page for a browser.
 *
 * <pre>java -cp biobert-0.1.0.jar AdeScreen.java MODEL HEAD [--page FILE.html] FILE... &gt; table.tsv</pre>
 *
 * A file is a note; of one whose name ends in .jsonl each line is, as {"id": …, "text": …}. Each sentence is judged by
 * itself. Documents are read in batches, so that memory does not grow with their number. Offsets are UTF-16 units.
 */
public final class AdeScreen {
    /** A batch is full with so many documents, or so many characters. */
    private static final int BATCH_DOCUMENTS = 64;
    private static final int BATCH_CHARS = 1 << 18;
    /** A document that is longer, some 500 pages, is refused. */
    private static final int LONGEST = 1 << 20;

    private static int read;
    private static int failed;

    public static void main(String[] args) {
        Path page = null;
        int threads = 1;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--page") && i + 1 < args.length) {
                page = Path.of(args[++i]);
            } else if (args[i].equals("--threads") && i + 1 < args.length) {
                threads = args[++i].matches("[1-9]\\d{0,3}") ? Integer.parseInt(args[i]) : usage();
            } else if (args[i].startsWith("--")) {
                usage();
            } else {
                names.add(args[i]);
            }
        }
        if (names.size() < 3) {
            usage();
        }
        try (Engine engine = Engine.create(EngineOptions.defaults().withThreads(threads));
                Model base = engine.open(Path.of(names.get(0)));
                Head head = Head.open(Path.of(names.get(1)));
                Model model = base.withHead(head, Screen.HEAD);
                Table table = new Table(page)) {
            Screen screen = new Screen(engine, model);
            for (String name : names.subList(2, names.size())) {
                try {
                    read(Path.of(name), screen, table);
                } catch (CharacterCodingException e) {
                    fail(name, "is not UTF-8");
                } catch (NoSuchFileException e) {
                    fail(name, "is not there");
                } catch (IOException e) {
                    fail(name, e.getMessage());
                }
            }
            table.finish(read);
        } catch (BiobertException e) {
            fail(e.status().toString(), e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            fail("output", e.toString());
        }
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int usage() {
        System.err.println("usage: AdeScreen MODEL HEAD [--page FILE.html] [--threads N] FILE...");
        System.exit(2);
        return 0;
    }

    /** Screens the documents of a file. */
    private static void read(Path file, Screen screen, Table table) throws IOException {
        String name = file.getFileName().toString();
        if (!name.endsWith(".jsonl")) {
            if (Files.size(file) > LONGEST) {
                throw new IOException("is longer than " + LONGEST + " bytes");
            }
            screen(List.of(new Document(name, Files.readString(file))), screen, table);
            return;
        }
        List<Document> batch = new ArrayList<>();
        int chars = 0;
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            StringBuilder line = new StringBuilder();
            while (line(lines, line)) {
                number++;
                if (line.chars().allMatch(Character::isWhitespace)) {
                    continue;
                }
                try {
                    if (line.length() > LONGEST) {
                        throw new IllegalArgumentException("longer than " + LONGEST + " characters");
                    }
                    Map<String, String> object = new Json(line.toString()).strings();
                    if (!object.containsKey("text")) {
                        throw new IllegalArgumentException("no text");
                    }
                    Document document = new Document(object.getOrDefault("id", name + ":" + number), object.get("text"));
                    batch.add(document);
                    chars += document.text.length();
                } catch (IllegalArgumentException e) {
                    fail(name + ":" + number, e.getMessage());
                }
                if (batch.size() >= BATCH_DOCUMENTS || chars >= BATCH_CHARS) {
                    screen(batch, screen, table);
                    batch.clear();
                    chars = 0;
                }
            }
        }
        screen(batch, screen, table);
    }

    /** The next line, of which no more is kept than shows that it is too long. */
    private static boolean line(BufferedReader lines, StringBuilder line) throws IOException {
        line.setLength(0);
        int c = lines.read();
        boolean there = c >= 0;
        for (; c >= 0 && c != '\n'; c = lines.read()) {
            if (line.length() <= LONGEST) {
                line.append((char) c);
            }
        }
        return there;
    }

    private static void screen(List<Document> batch, Screen screen, Table table) {
        for (Finding finding : screen.findings(batch)) {
            try {
                table.add(finding);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // the page's, not the input's: it ends the run
            }
        }
        read += batch.size();
    }

    /** What could not be read is told, and the others follow. */
    private static void fail(String what, String why) {
        System.err.println(what + ": " + why);
        failed++;
    }

    /** A text and what it is called. */
    private static final class Document {
        final String id;
        final String text;

        Document(String id, String text) {
            this.id = id;
            this.text = text;
        }
    }

    /** A row of the table. */
    private static final class Finding {
        final Document document;
        final Range sentence;
        final Entity drug;
        final Entity effect;
        final String assertion;
        /** What speaks for the pair: the model, or words of the note. */
        final String basis;
        final double score;

        Finding(
                Document document, Range sentence, Entity drug, Entity effect, String assertion, String basis, double score) {
            this.document = document;
            this.sentence = sentence;
            this.drug = drug;
            this.effect = effect;
            this.assertion = assertion;
            this.basis = basis;
            this.score = score;
        }

        String text(int start, int end) {
            return document.text.substring(start, end);
        }

        String score() {
            return String.format(Locale.ROOT, "%.2f", score);
        }
    }

    /** Finds pairs of drug and effect. */
    private static final class Screen {
        /** The head for drugs and effects that this example brings. */
        static final String HEAD = "adverse";
        /** A pair of this score is a finding; of one that only the model's own head for notes marked, this. */
        static final double THRESHOLD = 0.6;
        static final double OTHERS = 0.9;
        /** Of a list that is longer, the first so many drugs and effects of a sentence make pairs. */
        static final int MOST = 30;

        private static final RunOptions ENTITIES = RunOptions.defaults().withHeads(HEAD, "clinical", "assertion");
        private static final RunOptions RELATION = RunOptions.defaults().withHeads("effect");
        private static final RunOptions EVENT = RunOptions.defaults().withHeads("ade");

        private final Engine engine;
        private final Model model;

        Screen(Engine engine, Model model) {
            this.engine = engine;
            this.model = model;
        }

        /** A sentence that names drugs and effects. */
        private static final class Candidate {
            final int document;
            final Range sentence;
            /** Where the sentence begins after a heading. */
            final int words;
            final List<Entity> drugs = new ArrayList<>();
            final List<Entity> effects = new ArrayList<>();

            Candidate(int document, Range sentence, int words) {
                this.document = document;
                this.sentence = sentence;
                this.words = words;
            }
        }

        List<Finding> findings(List<Document> documents) {
            List<String> texts = new ArrayList<>();
            documents.forEach(document -> texts.add(document.text));
            List<Candidate> candidates = candidates(documents, texts);
            if (candidates.isEmpty()) {
                return List.of();
            }

            List<String> sentences = new ArrayList<>();
            List<GivenEntity> given = new ArrayList<>();
            for (Candidate c : candidates) {
                sentences.add(texts.get(c.document).substring(c.words, c.sentence.end()));
                c.drugs.forEach(e -> given.add(new GivenEntity(c.document, e.start(), e.end(), "Drug")));
                c.effects.forEach(e -> given.add(new GivenEntity(c.document, e.start(), e.end(), "Problem")));
            }
            List<DocumentResult> events = model.classify(sentences, EVENT);
            List<DocumentResult> related =
                    model.re(texts, ReOptions.defaults().withEntities(given).withUnrelated(true), RELATION);
            List<Map<List<Integer>, Double>> pairs = new ArrayList<>();
            for (DocumentResult result : related) {
                Map<List<Integer>, Double> scores = new HashMap<>();
                if (result.status() == Status.OK) {
                    for (Relation r : result.relations()) {
                        double score = r.label().equals("0") ? 1 - r.score() : r.score();
                        scores.put(place(r.first().start(), r.first().end(), r.second().start(), r.second().end()), score);
                    }
                }
                pairs.add(scores);
            }

            List<Finding> findings = new ArrayList<>();
            for (int i = 0; i < candidates.size(); i++) {
                Candidate c = candidates.get(i);
                double event = events.get(i).classes().stream()
                        .filter(k -> k.label().equals("1")).mapToDouble(k -> k.score()).findFirst().orElse(0);
                String sentence = sentences.get(i);
                for (Entity drug : c.drugs) {
                    for (Entity effect : c.effects) {
                        double pair = pairs.get(c.document)
                                .getOrDefault(place(drug.start(), drug.end(), effect.start(), effect.end()), 0.0);
                        double score = Math.sqrt(event * pair);
                        boolean learnt = drug.head().equals(HEAD) && effect.head().equals(HEAD);
                        String basis = score >= (learnt ? THRESHOLD : OTHERS)
                                ? "model" : Words.of(texts.get(c.document), c.sentence, drug, effect, c.drugs);
                        if (basis != null) {
                            findings.add(new Finding(
                                    documents.get(c.document), c.sentence, drug, effect, said(drug, effect, sentence), basis, score));
                        }
                    }
                }
            }
            return findings;
        }

        private List<Candidate> candidates(List<Document> documents, List<String> texts) {
            List<DocumentResult> found = model.extract(texts, ExtractOptions.defaults(), ENTITIES);
            List<DocumentResult> divided = engine.sentences(texts);
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                if (found.get(i).status() != Status.OK) {
                    fail(documents.get(i).id, found.get(i).message());
                    continue;
                }
                List<Entity> entities = distinct(texts.get(i), found.get(i).entities());
                List<Integer> headings = new ArrayList<>(); // where they end
                found.get(i).sections().forEach(section -> headings.add(section.title().end()));
                int next = 0;
                int heading = 0;
                for (Range sentence : divided.get(i).sentences()) {
                    while (heading < headings.size() && headings.get(heading) <= sentence.start()) {
                        heading++;
                    }
                    boolean headed = heading < headings.size() && headings.get(heading) < sentence.end();
                    int words = headed ? headings.get(heading) : sentence.start();
                    while (headed && words < sentence.end() && !Character.isLetterOrDigit(texts.get(i).charAt(words))) {
                        words++;
                    }
                    Candidate candidate = new Candidate(i, sentence, words);
                    for (; next < entities.size() && entities.get(next).start() < sentence.end(); next++) {
                        Entity entity = entities.get(next);
                        boolean drug = entity.label().equals("Drug") || entity.label().equals("Chemical");
                        boolean effect = entity.label().equals("Effect") || entity.label().equals("Problem");
                        List<Entity> list = drug ? candidate.drugs : candidate.effects;
                        if ((drug || effect) && list.size() < MOST && entity.end() <= sentence.end()) {
                            list.add(entity);
                        }
                    }
                    if (!candidate.drugs.isEmpty() && !candidate.effects.isEmpty()) {
                        candidates.add(candidate);
                    }
                }
            }
            return candidates;
        }

        /** Without the problems that the head for effects marks too, and parts of words such as "drug-induced". */
        private static List<Entity> distinct(String text, List<Entity> entities) {
            List<Entity> kept = new ArrayList<>();
            int end = 0; // of the effects so far, which do not overlap
            for (int i = 0; i < entities.size(); i++) {
                Entity entity = entities.get(i);
                boolean repeats = false;
                if (entity.label().equals("Problem")) {
                    repeats = entity.start() < end || text.startsWith("-", entity.end()) || text.startsWith("-", entity.start() - 1);
                    for (int j = i + 1; j < entities.size() && entities.get(j).start() < entity.end(); j++) {
                        repeats |= entities.get(j).label().equals("Effect");
                    }
                } else if (entity.label().equals("Effect")) {
                    end = entity.end();
                }
                if (!repeats) {
                    kept.add(entity);
                }
            }
            return kept;
        }

        private static List<Integer> place(Integer... offsets) {
            return Arrays.asList(offsets);
        }

        /** What the note says of a pair: mostly what it says of the effect. */
        private static String said(Entity drug, Entity effect, String sentence) {
            Assertion.Value value = value(effect);
            if (value(drug) == Assertion.Value.OTHER_PERSON || value == Assertion.Value.OTHER_PERSON) {
                return "other person";
            }
            switch (value) {
                case ABSENT:
                    // Without a category only the head finds it absent, which then means the drug: "stopped for bradycardia".
                    if (category(effect) == null && category(drug) == Assertion.Category.STOPPED) {
                        return "present";
                    }
                    // An effect that is gone has been there.
                    boolean gone = category(effect) == Assertion.Category.RESOLVED
                            || category(effect) == null && Words.GONE.matcher(sentence).matches();
                    return gone ? "past" : "denied";
                case POSSIBLE:
                    return "possible";
                case HISTORICAL:
                    return "past";
                default:
                    return category(drug) == Assertion.Category.ALLERGY ? "past" : "present";
            }
        }
    }

    private static Assertion.Value value(Entity entity) {
        return entity.assertion().map(Assertion::value).orElse(Assertion.Value.PRESENT);
    }

    /** Null if no words of the note decided. */
    private static Assertion.Category category(Entity entity) {
        return entity.assertion().flatMap(Assertion::category).orElse(null);
    }

    /**
     * Pairs that the note names in words which the model, taught by articles, does not know: lists of allergies, what is
     * feared or denied, a drug that was stopped or given again.
     */
    private static final class Words {
        private static final String THE = "(?:\\s+[\\w-]+){0,2}\\s*";
        private static final Pattern CAUSE = words("\\s*\\(?(?:2/2|d/t|2°)" + THE);
        private static final Pattern REASON = words("\\s*(?:(?:was|were|is|has been)\\s+)?(?:[\\w/]+\\s+)?(?:because of|due to|d/t|owing to|2/2)" + THE);
        private static final Pattern DURING = words("(?:(?:\\s*,|\\s+or|\\s+and|\\s+nor)(?:\\s+[\\w-]+){1,2})*\\s*(?:on|with|after|from|while (?:on|taking))" + THE);
        private static final Pattern FEARED = words(".*\\b(?:monitor|watch|look out|risk|warn|counsel|advise|return|report|"
                + "(?:may|can|could|might) (?:cause|induce|give)|side[- ]effects?)\\b.*");
        private static final Pattern AGAIN = words(".*\\b(?:again|re-?started|re-?challenged?|re-?introduced|resumed)\\b.*");
        private static final Pattern RETURNS = words(".*\\b(?:came back|recur(?:red|s)|returned|reappeared|re-?emerged)\\b.*");
        static final Pattern GONE = words(".*\\b(?:resolved|subsided|settled|disappeared|went away|is gone)\\b.*");
        private static final Pattern TOLERATED = words(".*\\btolerat(?:es|ed|ing)\\b.*");

        private static Pattern words(String pattern) {
            return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        }

        /** What the words are, or null if there are none. */
        static String of(String text, Range sentence, Entity drug, Entity effect, List<Entity> drugs) {
            boolean drugFirst = drug.end() <= effect.start();
            String between = drugFirst ? text.substring(drug.end(), effect.start())
                    : effect.end() <= drug.start() ? text.substring(effect.end(), drug.start()) : "";
            String whole = text.substring(sentence.start(), sentence.end());
            boolean alone = drugs.stream().noneMatch(other -> drugFirst
                    ? other.start() >= drug.end() && other.end() <= effect.start()
                    : other.start() >= effect.end() && other.end() <= drug.start());
            if (!alone) {
                return null; // another drug is nearer
            }
            if (category(drug) == Assertion.Category.ALLERGY) {
                return drugFirst && value(effect) != Assertion.Value.ABSENT ? "allergy" : null;
            }
            if (category(drug) == Assertion.Category.STOPPED && category(effect) == Assertion.Category.RESOLVED) {
                return "dechallenge";
            }
            if (category(drug) == Assertion.Category.STOPPED && drugFirst && REASON.matcher(between).matches()) {
                return "stopped";
            }
            if (AGAIN.matcher(whole).matches() && RETURNS.matcher(whole).matches()) {
                return "rechallenge";
            }
            if (value(effect) == Assertion.Value.POSSIBLE && drugFirst && value(drug) == Assertion.Value.PRESENT
                    && FEARED.matcher(between).matches()) {
                return "feared";
            }
            if (category(effect) == Assertion.Category.DENIED
                    && (drugFirst ? TOLERATED.matcher(whole).matches() : DURING.matcher(between).matches())) {
                return "denied";
            }
            return !drugFirst && CAUSE.matcher(between).matches() ? "cause" : null;
        }
    }

    /** The table on standard output, and the page if one is wanted. */
    private static final class Table implements AutoCloseable {
        private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        private final Page page;

        Table(Path page) throws IOException {
            this.page = page == null ? null : new Page(page);
            out.println("document\tdrug\teffect\tassertion\tbasis\tscore\tdrug_start\tdrug_end\teffect_start\teffect_end"
                    + "\tsentence_start\tsentence_end\tsentence");
        }

        void add(Finding f) throws IOException {
            List<String> fields = new ArrayList<>(List.of(plain(f.document.id), plain(f.text(f.drug.start(), f.drug.end())),
                    plain(f.text(f.effect.start(), f.effect.end())), f.assertion, f.basis, f.score()));
            for (int offset : new int[] {f.drug.start(), f.drug.end(), f.effect.start(), f.effect.end(),
                    f.sentence.start(), f.sentence.end()}) {
                fields.add(Integer.toString(offset));
            }
            fields.add(plain(f.text(f.sentence.start(), f.sentence.end())));
            out.println(String.join("\t", fields));
            if (page != null) {
                page.add(f);
            }
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

    /** A page that needs nothing but itself, and is there whole or not at all. */
    private static final class Page implements AutoCloseable {
        /** More would make a browser slow; the table has them all. */
        private static final int MOST = 10_000;

        private static final String HEAD = String.join("\n",
                "<!doctype html><html lang=en><meta charset=utf-8><title>Adverse drug events</title>",
                "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">",
                "<meta name=viewport content='width=device-width'>",
                "<style>",
                "body{font:15px/1.45 system-ui,sans-serif;margin:1.5em auto;max-width:75em;padding:0 1em;color:#222;background:#fff}",
                "form{position:sticky;top:0;background:#fff;padding:.6em 0;border-bottom:1px solid #ccc}label{margin-right:1em;white-space:nowrap}",
                "table{border-collapse:collapse;width:100%}th{text-align:left}td,th{padding:.35em .6em;vertical-align:top;border-bottom:1px solid #e5e5e5}",
                "td.n{text-align:right;font-variant-numeric:tabular-nums}td.d{color:#666;overflow-wrap:anywhere}",
                "mark{background:none;border-bottom:2px solid #2563c9}mark.e{border-color:#c2410c}",
                "b{font-weight:600;border-radius:.3em;padding:.05em .45em;background:#eee;white-space:nowrap}",
                "[data-a=present] b{background:#fbd5c9}[data-a=past] b{background:#f5e6b8}[data-a=possible] b{background:#dbe7fb}",
                "</style>",
                "<h1>Adverse drug events</h1>",
                "<p>Found by a program that misses some and takes some for what they are not: read the sentence.</p>",
                "<form>",
                "<label><input type=checkbox name=present checked> present</label>",
                "<label><input type=checkbox name=past checked> past</label>",
                "<label><input type=checkbox name=possible> possible or feared</label>",
                "<label><input type=checkbox name=denied> denied</label>",
                "<label><input type=checkbox name='other person'> other person</label>",
                "<label>score from <input type=number name=score min=0 max=1 step=0.05 value=0></label>",
                "<label>words <input type=search name=words></label> <output></output></form>",
                "<table><thead><tr><th>Said<th>Drug<th>Effect<th>Sentence<th>Document<th>By<th>Score</thead><tbody>", "");

        private static final String TAIL = String.join("\n",
                "<script>",
                "const form=document.forms[0],rows=[...document.querySelectorAll('tbody tr')];",
                "function show(){let n=0;const words=form.words.value.toLowerCase();for(const r of rows){",
                "r.hidden=!(form[r.dataset.a].checked&&+r.lastChild.textContent>=+form.score.value&&r.textContent.toLowerCase().includes(words));",
                "n+=!r.hidden}form.querySelector('output').value=n+' of '+rows.length}",
                "form.oninput=show;form.onsubmit=e=>e.preventDefault();show()",
                "</script></html>", "");

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

        void add(Finding f) throws IOException {
            if (++rows > MOST) {
                return;
            }
            boolean drugFirst = f.drug.start() < f.effect.start();
            Entity first = drugFirst ? f.drug : f.effect;
            Entity second = drugFirst ? f.effect : f.drug;
            // Entities of two kinds may overlap: the second is marked from where the first ends.
            int from = Math.min(Math.max(second.start(), first.end()), second.end());
            out.write("<tr data-a='" + f.assertion + "'><td><b>" + f.assertion + "</b><td>" + html(f.text(f.drug.start(), f.drug.end()))
                    + "<td>" + html(f.text(f.effect.start(), f.effect.end())) + "<td>"
                    + html(f.text(f.sentence.start(), first.start())) + mark(f, first, first.start(), first.end())
                    + html(f.text(first.end(), Math.max(from, first.end())))
                    + mark(f, second, from, second.end()) + html(f.text(Math.max(first.end(), second.end()), f.sentence.end()))
                    + "<td class=d>" + html(f.document.id) + " " + f.sentence.start() + "<td class=d>" + f.basis + "<td class=n>" + f.score() + "</tr>\n");
        }

        private static String mark(Finding f, Entity entity, int start, int end) {
            return start >= end ? "" : "<mark" + (entity == f.effect ? " class=e" : "") + ">" + html(f.text(start, end)) + "</mark>";
        }

        private static String html(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;").replace("\"", "&quot;");
        }

        void finish(int documents) throws IOException {
            out.write("</tbody></table><p>" + documents + " documents read, " + rows + " findings"
                    + (rows > MOST ? "; here are the first " + MOST + ", all are in the table" : "") + ".</p>\n" + TAIL);
            out.close();
            Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            out.close();
            Files.deleteIfExists(draft);
        }
    }

    /** Reads the strings of a JSON object; what else it has is passed over. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Map<String, String> strings() {
            Map<String, String> found = new HashMap<>();
            expect('{');
            if (!take('}')) {
                do {
                    String key = string();
                    expect(':');
                    if (peek() == '"') {
                        found.put(key, string());
                    } else {
                        skip();
                    }
                } while (take(','));
                expect('}');
            }
            if (peek() != 0) {
                throw bad();
            }
            return found;
        }

        /** Passes over a value that is not needed: up to the comma or bracket that ends it. */
        private void skip() {
            int depth = 0;
            for (char c = peek(); c != 0; c = peek()) {
                if (c == '"') {
                    string();
                    continue;
                }
                if (depth == 0 && (c == ',' || c == '}')) {
                    return;
                }
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                at++;
            }
            throw bad();
        }

        private String string() {
            expect('"');
            StringBuilder out = new StringBuilder();
            for (; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return out.toString();
                }
                if (c == '\\') {
                    out.append(escape());
                } else {
                    out.append(c);
                }
            }
            throw bad();
        }

        /** What a backslash begins; stays on its last character. */
        private char escape() {
            at++;
            int kind = at < text.length() ? "\"\\/bfnrtu".indexOf(text.charAt(at)) : -1;
            if (kind < 0) {
                throw bad();
            }
            if (kind < 8) {
                return "\"\\/\b\f\n\r\t".charAt(kind);
            }
            if (at + 4 >= text.length()) {
                throw bad();
            }
            try {
                char c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
                at += 4;
                return c;
            } catch (NumberFormatException e) {
                throw bad();
            }
        }

        private char peek() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at < text.length() ? text.charAt(at) : 0;
        }

        private boolean take(char c) {
            boolean there = peek() == c;
            at += there ? 1 : 0;
            return there;
        }

        private void expect(char c) {
            if (!take(c)) {
                throw bad();
            }
        }

        private IllegalArgumentException bad() {
            return new IllegalArgumentException("no JSON object with id and text, at character " + (at + 1));
        }
    }
}

package org.biobert;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Many calls in a small heap, with models and engines closed in every order or not at all:
 *
 * <pre>java -Xms128m -Xmx128m -XX:+AlwaysPreTouch org.biobert.Soak CALLS</pre>
 *
 * Fails unless all that was opened is gone in the end, the process has not grown, and 16 threads on one
 * model found what one thread found.
 */
final class Soak {
    private static final int CALLS_OF_A_MODEL = 100;
    private static final int THREADS = 16;
    /** What the process may grow by after the warm-up: Java compiles and its allocators settle. */
    private static final long MOST_GROWTH_KIB = 24 << 10;
    /** What it may grow by during as many calls again that only make small objects: of 32 bytes, 6 MiB. */
    private static final long MOST_SMALL_GROWTH_KIB = 4 << 10;

    private static final List<String> NOTES = List.of(
            "Known asthma and gout 😀.",
            "She developed hives after amoxicillin.",
            "Urine culture grew Escherichia coli.",
            "No fever.",
            "",
            "Naïve patient with type 2 diabetes mellitus on metformin.");

    private static final List<Mark> ASTHMA = List.of(new Mark(6, 12, "Disease"));

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private final Engine engine = Engine.create();
    private final Trainer trained = train();
    private final Head head = trained.head();
    private int calls;
    private int models;
    private int forgotten;
    private int closedInUse;
    private int engineFirst;
    private int smallObjects;
    private int trainings;

    public static void main(String[] args) throws Exception {
        new Soak().run(Integer.parseInt(args[0]));
    }

    private void run(int wanted) throws Exception {
        long start = System.nanoTime();
        int compared = phase(wanted / 5);
        smallObjects(wanted / 5);
        long before = residentKib();
        compared += phase(wanted);
        long after = residentKib();
        // Twice: what leaks grows both times, and Java's compilers take their memory once.
        smallObjects(wanted);
        long again = residentKib();
        smallObjects(wanted);
        long last = residentKib();
        double seconds = (System.nanoTime() - start) / 1e9;
        trained.close();
        int liveModels = Fixtures.live(engine, "models");
        int liveResults = Fixtures.live(engine, "results");
        engine.close();
        other.shutdown();

        System.out.printf(
                "soak: %d calls in %.1f s; %d models opened, of them %d forgotten, %d closed after their engine, "
                        + "%d closed while another thread used them%n",
                calls, seconds, models, forgotten, engineFirst, closedInUse);
        System.out.printf(
                "soak: %d errors, JSON texts, trainers, heads, models with one, terminologies and engines, four times as many "
                        + "cancel switches; %d trainings%n",
                smallObjects, trainings);
        System.out.printf("soak: %d results of %d threads equal those of one%n", compared, THREADS);
        System.out.printf(
                "soak: %d models and %d results live; resident %d KiB after the warm-up, %d KiB "
                        + "after the calls, %d and %d KiB after the small objects%n",
                liveModels, liveResults, before, after, again, last);
        require(liveModels == 0 && liveResults == 0, "native objects are left");
        require(closedInUse > 0, "no model was closed in use");
        require(after - before < MOST_GROWTH_KIB, "the process has grown by more than " + MOST_GROWTH_KIB + " KiB");
        long grown = Math.min(again - after, last - again);
        require(grown < MOST_SMALL_GROWTH_KIB, "small objects took more than " + MOST_SMALL_GROWTH_KIB + " KiB");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            System.out.println("soak: FAILED: " + otherwise);
            System.exit(1);
        }
    }

    /** Calls until there are so many; then threads. Leaves nothing behind. Returns the results compared. */
    private int phase(int wanted) throws Exception {
        for (int round = 0; calls < wanted; round++) {
            lifetime(round % 7);
        }
        int compared;
        try (Model large = engine.open(Fixtures.MODEL); Model small = engine.open(Fixtures.TINY)) {
            compared = threads(large, 20) + threads(small, 200);
            for (int i = 0; i < 200; i++) {
                large.re(NOTES.get(i % NOTES.size()));
                large.qa(new Question("What was given?", NOTES));
                calls += 2;
            }
        }
        for (int i = 0; i < 50; i++) {
            train().close();
        }
        Fixtures.awaitCollected(engine, 1); // that of the trainer
        return compared;
    }

    /** A trainer with a head, after a training whose listener threw. */
    private Trainer train() {
        TrainerOptions options = TrainerOptions.defaults()
                .withPreset(TrainerOptions.Preset.FAST)
                .withHeadKind(TrainerOptions.HeadKind.LINEAR);
        trainings++;
        try (Model model = engine.open(Fixtures.TINY)) {
            Trainer trainer = Trainer.create(model, Task.NER, options);
            Fixtures.addSentences(trainer, RunOptions.Unit.UTF16_UNITS);
            try {
                trainer.fit(progress -> {
                    throw new IllegalStateException();
                });
                throw new AssertionError("a listener threw in vain");
            } catch (IllegalStateException e) {
                trainer.fit(progress -> true);
            }
            return trainer;
        }
    }

    /** Errors, switches, JSON texts, trainers, heads, models with one, terminologies and engines: so many that the few bytes of each would be seen. */
    private void smallObjects(int count) {
        smallObjects += count;
        try (Model model = engine.open(Fixtures.TINY)) {
            RunOptions switched = RunOptions.defaults().withCancel(new Cancel());
            for (int i = 0; i < count; i++) {
                for (int call = 0; call < 4; call++) { // a switch each, of 32 bytes
                    model.ner(List.of(), switched);
                }
                engine.statsJson();
                try {
                    model.labels("no such head");
                    throw new AssertionError("a head was found that is not there");
                } catch (BiobertException e) {
                    require(e.status() == Status.NOT_FOUND, e.toString());
                }
                try (Trainer trainer = Trainer.create(model, Task.NER);
                        Head own = trained.head();
                        Model taught = model.withHead(own)) {
                    trainer.addNer(Split.TRAIN, NOTES.get(0), ASTHMA);
                    require(taught.heads().size() == 2, "a head is missing");
                }
                Engine.create().close();
                try (Terms terms = Terms.open(Fixtures.TERMS)) {
                    terms.infoJson();
                }
            }
        }
    }

    /** The life of a model, in one of seven ways. */
    private void lifetime(int way) throws Exception {
        models++;
        switch (way) {
            case 0: // as it should be
                try (Model model = engine.open(Fixtures.TINY)) {
                    use(model);
                }
                break;
            case 1: // never closed
                use(engine.open(Fixtures.TINY));
                ExtractOptions forgottenToo = ExtractOptions.defaults().withTerms(Terms.open(Fixtures.TERMS));
                try (Model model = engine.open(Fixtures.TINY)) {
                    model.extract(NOTES.get(0), forgottenToo, RunOptions.defaults());
                }
                forgotten++;
                break;
            case 2: // engine before model
                Engine own = Engine.create();
                try (Model model = own.open(Fixtures.TINY)) {
                    own.close();
                    use(model);
                }
                engineFirst++;
                break;
            case 3: // neither closed
                use(Engine.create().open(Fixtures.TINY));
                forgotten++;
                break;
            case 4: // with a head, after the model that it was made from
                Model before = engine.open(Fixtures.TINY);
                try (Model taught = before.withHead(head, "taught")) {
                    before.close();
                    use(taught);
                }
                break;
            case 5: // the model that a forgotten trainer keeps
                try (Model model = engine.open(Fixtures.TINY)) {
                    Fixtures.addSentences(Trainer.create(model, Task.NER), RunOptions.Unit.UTF16_UNITS);
                    use(model);
                }
                forgotten++;
                break;
            default: // closed while another thread runs on it
                Model model = engine.open(Fixtures.TINY);
                Future<?> user = other.submit(() -> use(model));
                if (models % 2 == 0) {
                    Thread.onSpinWait();
                }
                model.close();
                user.get();
        }
    }

    private void use(Model model) {
        Cancel cancellation = new Cancel();
        RunOptions switched = RunOptions.defaults().withCancel(cancellation);
        EmbedOptions tokens = EmbedOptions.defaults().withTokens(true);
        for (int i = 0; i < CALLS_OF_A_MODEL; i++) {
            calls++;
            try {
                switch (i % 10) {
                    case 3:
                        model.embed(NOTES, tokens, RunOptions.defaults());
                        break;
                    case 5:
                        model.ner(NOTES, switched);
                        break;
                    case 7:
                        model.ner("half a pair: \ud83d");
                        throw new AssertionError("a bad document was read");
                    case 9:
                        model.ner("a", RunOptions.defaults().withHeads("no such head"));
                        throw new AssertionError("a head was found that is not there");
                    default:
                        model.ner(NOTES.get(i % NOTES.size()));
                }
            } catch (BiobertException e) {
                Status wanted = i % 10 == 7 ? Status.ENCODING : Status.NOT_FOUND;
                if (e.status() != wanted) {
                    throw e;
                }
            } catch (IllegalStateException e) {
                closedInUse++;
                return;
            }
        }
    }

    /** Results of many threads on one model against those of one; returns how many were compared. */
    private int threads(Model model, int rounds) throws Exception {
        List<List<Span>> wanted = new ArrayList<>();
        NOTES.forEach(note -> wanted.add(model.ner(note).spans()));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        List<Future<Integer>> found = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int first = t;
            found.add(pool.submit(() -> {
                int compared = 0;
                for (int i = 0; i < rounds * NOTES.size(); i++) {
                    int which = (first + i) % NOTES.size();
                    if (!model.ner(NOTES.get(which)).spans().equals(wanted.get(which))) {
                        throw new AssertionError("a thread found something else");
                    }
                    compared++;
                }
                return compared;
            }));
        }
        int compared = 0;
        for (Future<Integer> future : found) {
            compared += future.get();
        }
        pool.shutdown();
        calls += compared;
        return compared;
    }

    private static long residentKib() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no VmRSS");
    }
}

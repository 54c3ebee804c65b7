using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Biobert;

/// <summary>Many calls with everything done to objects that careless programs do. Exits with 1 if a result
/// differs, an object stays alive, or memory grows.
///   Soak CALLS</summary>
internal static class Soak
{
    private const int Threads = 16;

    /// <summary>A leak of 500 bytes at each of 100,000 calls would be more; less comes and goes with the
    /// heaps of the collector and of malloc.</summary>
    private const long GrowthAllowed = 48 << 20;

    /// <summary>A leak of 42 bytes at each of 100,000 calls would be more.</summary>
    private const long SmallGrowthAllowed = 4 << 20;

    private static readonly string[] Notes =
    {
        "Aspirin for a headache 😀 since Monday.",
        "",
        "She developed a severe rash after amoxicillin. Metformin was continued.",
        "Naïve pt with gout; sister has a BRCA1 mutation. Urine culture grew Escherichia coli.",
        "bad \ud83d surrogate",
    };

    private static int calls;

    private static int Main(string[] args)
    {
        var wanted = int.Parse(args[0], CultureInfo.InvariantCulture);
        var clock = Stopwatch.StartNew();
        using (var engine = new Engine())
        {
            // The first half compiles all code and fills all pools and heaps; the second must not need more.
            Work(engine, wanted / 2);
            var before = ResidentBytes();
            Work(engine, wanted / 2);
            var after = ResidentBytes();

            Small(engine, wanted / 2);
            var smallBefore = ResidentBytes();
            Small(engine, wanted / 2);
            var smallAfter = ResidentBytes();

            Console.WriteLine(
                "soak: {0} calls, {1} threads, {2:F0} s; alive: {3} models, {4} results; resident: {5:F1} MB before, {6:F1} MB after; " +
                "of errors, switches and texts: {7:F1} MB before, {8:F1} MB after",
                calls, Threads, clock.Elapsed.TotalSeconds, Repository.Models(engine), Repository.Results(engine),
                before / 1e6, after / 1e6, smallBefore / 1e6, smallAfter / 1e6);
            if (after - before > GrowthAllowed || smallAfter - smallBefore > SmallGrowthAllowed) throw new InvalidOperationException("memory grows");
        }
        return 0;
    }

    private static void Work(Engine engine, int count)
    {
        Share(engine, Repository.Tiny, count);
        Share(engine, Repository.Default, count / 100);
        // The collector does not see native memory: without a call, forgotten models would pile up until
        // something else makes it run.
        for (var i = 0; i < 5; i++)
        {
            Abuse(engine, count / 1000);
            if (!Repository.AllCollected(engine)) throw new InvalidOperationException("objects stay alive: " + engine.StatsJson());
        }
    }

    /// <summary>Threads share a model, each with all notes in an order of its own; what they find must be
    /// what one thread found alone.</summary>
    private static void Share(Engine engine, string path, int count)
    {
        using (var model = engine.Open(path))
        using (var source = new CancellationTokenSource())
        {
            var alone = Notes.Select(note => Found(model.Ner(new[] { note })[0])).ToArray();
            if (alone.Distinct().Count() < 4) throw new InvalidOperationException("the notes' results cannot be told apart");
            OnThreads(thread =>
            {
                for (var i = 0; i < count / Threads; i++)
                {
                    var which = (thread + i) % Notes.Length;
                    // Every other call has a token, and with it a switch of its own.
                    var token = i % 2 == 0 ? source.Token : CancellationToken.None;
                    var found = Found(model.Ner(new[] { Notes[which] }, null, token)[0]);
                    if (found != alone[which]) throw new InvalidOperationException("a result differs");
                    Interlocked.Increment(ref calls);
                }
            });
        }
    }

    /// <summary>Models, engines and trainers forgotten, disposed in the wrong order, or while calls run.</summary>
    private static void Abuse(Engine engine, int rounds)
    {
        OnThreads(thread =>
        {
            for (var i = 0; i < rounds / Threads; i++)
            {
                engine.Open(Repository.Tiny).Extract(Notes[0], new ExtractOptions { Terms = new[] { Terms.Open(Repository.Terms) } });
                var forgotten = new Engine(new EngineOptions { Log = line => { } });
                forgotten.Open(Repository.Tiny).Ner(Notes[0]);

                var own = new Engine();
                var orphan = own.Open(Repository.Tiny);
                own.Dispose();
                orphan.Ner(Notes[2]);
                // It keeps what it needs of its model.
                new Trainer(orphan, HeadTask.Classify).AddClass(Split.Train, Notes[2], "x");
                if (i % 2 == 0) orphan.Dispose();

                var shared = engine.Open(Repository.Tiny);
                var running = Task.Run(() => UntilDisposed(shared));
                shared.Ner(Notes[3]);
                shared.Dispose();
                running.Wait();
                Interlocked.Add(ref calls, 4);
            }
        });
    }

    /// <summary>The small native objects that no counter sees: an error, a cancel switch, a terminology and a JSON
    /// text in each round.</summary>
    private static void Small(Engine engine, int rounds)
    {
        using (var model = engine.Open(Repository.Tiny))
        using (var source = new CancellationTokenSource())
        {
            for (var i = 0; i < rounds; i++)
            {
                engine.Sentences("a", null, source.Token);
                engine.StatsJson();
                using (var terms = Terms.Open(Repository.Terms)) Terms.LinkJson(new[] { terms }, "gout");
                try
                {
                    model.Labels("nobody");
                    throw new InvalidOperationException("nobody has labels");
                }
                catch (BiobertException)
                {
                    calls += 3;
                }
            }
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static void UntilDisposed(Model model)
    {
        try
        {
            while (true)
            {
                model.Ner(Notes[2]);
                Interlocked.Increment(ref calls);
            }
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private static void OnThreads(Action<int> work)
    {
        Exception failure = null;
        var threads = Enumerable.Range(0, Threads).Select(index => new Thread(() =>
        {
            try
            {
                work(index);
            }
            catch (Exception error)
            {
                failure = error;
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        if (failure != null) throw new InvalidOperationException("a thread failed", failure);
    }

    /// <summary>All that a result says, to the last bit of a score.</summary>
    private static string Found(DocumentResult result)
    {
        if (result.Status != Status.Ok) return result.Status + result.Message;
        return string.Join("|", result.Spans.Select(e => e.Start + "," + e.End + e.Label + e.Head + BitConverter.ToInt32(BitConverter.GetBytes(e.Score), 0)));
    }

    private static long ResidentBytes()
    {
        var line = File.ReadLines("/proc/self/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(new[] { ' ', '\t' }, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}

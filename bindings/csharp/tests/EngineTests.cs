using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class EngineTests
{
    [Test]
    public void The_library_says_what_it_is()
    {
        StringAssert.IsMatch(@"^\d+\.\d+\.\d+", Library.Version);
        StringAssert.Contains(Library.Version, Library.BuildInfoJson);
    }

    [Test]
    public void Options_reach_the_library()
    {
        using (var engine = new Engine(new EngineOptions { Threads = 2, Isa = "portable" }))
        {
            var stats = Repository.StatsOf(engine);
            Assert.AreEqual(2, (int)stats["threads"]);
            Assert.AreEqual("portable", (string)stats["isa"]);
        }
    }

    [Test]
    public void Results_say_where_they_ran()
    {
        using (var engine = new Engine(new EngineOptions { Device = Device.Cpu, Gpu = 3 }))
        {
            Assert.AreEqual("cpu", (string)Repository.StatsOf(engine)["device"]);
            foreach (var result in engine.Sentences(new[] { "One. Two.", "\ud83d" })) Assert.AreEqual(RanOn.Cpu, result.Device);
            using (var model = engine.Open(Repository.Tiny)) Assert.AreEqual(RanOn.Cpu, model.Ner("fever").Device);
        }
    }

    [Test]
    public void A_library_without_gpu_support_says_so()
    {
        if (Library.BuildInfoJson.Contains("\"cuda\"")) return;
        foreach (var device in new[] { Device.PreferGpu, Device.RequireGpu })
        {
            var error = Assert.Throws<BiobertException>(() => new Engine(new EngineOptions { Device = device, Gpu = 1 }));
            Assert.AreEqual(Status.Unsupported, error.Status);
        }
    }

    [Test]
    public void Limits_reach_the_library()
    {
        using (var engine = new Engine(new EngineOptions { MaxDocBytes = 40, MaxBatchBytes = 80 }))
        {
            var results = engine.Sentences(new[] { "Short.", "Longer than twenty units." });
            Assert.AreEqual(Status.Ok, results[0].Status);
            Assert.AreEqual(Status.Limit, results[1].Status);
            var error = Assert.Throws<BiobertException>(() => engine.Sentences(new[] { "Eighteen letters..", "Eighteen letters..", "Eighteen letters.." }));
            Assert.AreEqual(Status.Limit, error.Status);
        }
    }

    [Test]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { Threads = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { TokenBudget = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxDocBytes = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { MaxBatchBytes = long.MinValue }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Engine(new EngineOptions { Gpu = -1 }));
        Assert.Throws<ArgumentException>(() => new Engine(new EngineOptions { Isa = "\ud83d" }));
        foreach (var device in new[] { (Device)(-1), (Device)RanOn.Gpu, (Device)RanOn.Both })
        {
            var unknown = Assert.Throws<BiobertException>(() => new Engine(new EngineOptions { Device = device }));
            Assert.AreEqual(Status.Argument, unknown.Status);
        }
        var error = Assert.Throws<BiobertException>(() => new Engine(new EngineOptions { Isa = "abacus" }));
        StringAssert.StartsWith("BIOBERT_E_", error.StatusName);
        Assert.IsNotEmpty(error.Message);
        Assert.Throws<BiobertException>(() => new Engine(new EngineOptions { TokenBudget = int.MaxValue }));
    }

    [Test]
    public void A_disposed_engine_says_so()
    {
        var engine = new Engine();
        engine.Dispose();
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => engine.StatsJson());
        Assert.Throws<ObjectDisposedException>(() => engine.Open(Repository.Tiny));
        Assert.Throws<ObjectDisposedException>(() => engine.Sentences("One."));
        Assert.Throws<ObjectDisposedException>(() => engine.Sections("One."));
    }

    [Test]
    public void Log_lines_arrive_and_a_log_is_let_go_with_the_last_of_its_engine()
    {
        AssertLetGo(log =>
        {
            var lines = new List<string>();
            log.Sink = lines.Add;
            using (var engine = new Engine(new EngineOptions { Log = log.Line }))
            using (engine.Open(Repository.Tiny))
            {
                engine.Dispose();
                StringAssert.StartsWith("engine: 1 thread", lines[0]);
            }
        });
    }

    [Test]
    public void A_log_is_let_go_too_if_there_is_no_engine()
    {
        AssertLetGo(log => Assert.Throws<BiobertException>(() => new Engine(new EngineOptions { Log = log.Line, Isa = "abacus" })));
    }

    [Test]
    public void A_log_that_throws_harms_nothing()
    {
        using (var engine = new Engine(new EngineOptions { Log = line => { throw new InvalidOperationException(); } }))
        {
            Assert.AreEqual(1, (int)Repository.StatsOf(engine)["threads"]);
        }
    }

    [Test]
    public void A_log_whose_thread_is_aborted_harms_nothing()
    {
        var threads = 0;
        var thread = new Thread(() =>
        {
            using (var engine = new Engine(new EngineOptions { Log = line => Thread.CurrentThread.Abort() }))
            {
                threads = (int)Repository.StatsOf(engine)["threads"];
            }
        });
        thread.Start();
        thread.Join();
        Assert.AreEqual(1, threads);
    }

    /// <summary>Uses logs on a thread whose stack is gone afterwards. Mono scans what is left
    /// conservatively and may keep a few; a library that lets none go keeps all.</summary>
    private static void AssertLetGo(Action<Log> use)
    {
        var logs = new List<WeakReference>();
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 40; i++)
            {
                var log = new Log();
                logs.Add(new WeakReference(log));
                use(log);
            }
        });
        thread.Start();
        thread.Join();
        for (var round = 0; round < 20 && logs.Any(log => log.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.AreEqual(40, logs.Count);
        Assert.Less(logs.Count(log => log.IsAlive), 10);
    }

    private sealed class Log
    {
        internal Action<string> Sink;

        internal void Line(string line)
        {
            if (Sink != null) Sink(line);
        }
    }
}

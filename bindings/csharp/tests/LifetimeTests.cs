using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class LifetimeTests
{
    private Engine engine;

    [SetUp]
    public void Open()
    {
        engine = new Engine();
    }

    [TearDown]
    public void Close()
    {
        engine.Dispose();
    }

    [Test]
    public void A_model_outlives_its_engine()
    {
        var own = new Engine();
        using (var model = own.Open(Repository.Default))
        {
            own.Dispose();
            Assert.AreEqual(1, model.Ner("asthma").Spans.Count);
        }
    }

    [Test]
    public void A_result_outlives_everything()
    {
        DocumentResult found;
        using (var model = engine.Open(Repository.Default)) found = model.Ner("asthma");
        Assert.AreEqual(0, Repository.Models(engine));
        Assert.AreEqual("Disease", found.Spans.Single().Label);
    }

    [Test]
    public void Disposing_a_model_lets_running_calls_end()
    {
        var endless = string.Concat(Enumerable.Repeat("Rash after amoxicillin on the second day. ", 400000));
        var model = engine.Open(Repository.Default);
        using (var source = new CancellationTokenSource())
        {
            var call = model.NerAsync(endless, null, source.Token);
            call.Wait(200);
            Assert.IsFalse(call.IsCompleted);
            model.Dispose();
            Assert.Throws<ObjectDisposedException>(() => model.Ner("asthma"));
            Assert.AreEqual(1, Repository.Models(engine), "the running call keeps the model");
            Assert.IsFalse(call.IsCompleted);
            source.Cancel();
            Assert.Throws<AggregateException>(() => call.Wait());
        }
        Assert.AreEqual(0, Repository.Models(engine));
    }

    [Test]
    public void Disposing_while_many_call_gives_results_or_says_so()
    {
        for (var round = 0; round < 50; round++)
        {
            var model = engine.Open(Repository.Tiny);
            var calls = Enumerable.Range(0, 4).Select(i => Task.Run(() =>
            {
                try
                {
                    while (true) model.Ner("aspirin for a headache").Spans.Count();
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            })).ToArray();
            model.Ner("aspirin");
            model.Dispose();
            Task.WaitAll(calls);
            Assert.IsTrue(calls.All(call => call.Result));
        }
        Assert.AreEqual(0, Repository.Models(engine));
    }

    [Test]
    public void Results_are_freed_at_once_and_models_by_dispose()
    {
        using (var model = engine.Open(Repository.Tiny))
        {
            for (var i = 0; i < 100; i++)
            {
                model.Ner("aspirin");
                Assert.Throws<BiobertException>(() => model.Ner("\ud83d"));
                Assert.Throws<BiobertException>(() => model.Classify("no such head"));
            }
            Assert.AreEqual(0, Repository.Results(engine));
            Assert.AreEqual(1, Repository.Models(engine));
        }
        Assert.AreEqual(0, Repository.Models(engine));
    }

    [Test]
    public void Forgotten_models_are_freed_by_the_collector()
    {
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 50; i++) engine.Open(Repository.Tiny).Ner("aspirin");
        });
        thread.Start();
        thread.Join();
        Assert.IsTrue(Repository.AllCollected(engine), engine.StatsJson());
    }
}

using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class CancelTests : WithModel
{
    /// <summary>Minutes of work: no test below waits for its end.</summary>
    private static readonly string Endless = string.Concat(Enumerable.Repeat("Rash after amoxicillin on the second day. ", 400000));

    [Test]
    public void A_cancelled_token_ends_a_call_before_it_begins()
    {
        using (var source = new CancellationTokenSource())
        {
            source.Cancel();
            var error = Assert.Throws<OperationCanceledException>(() => model.Ner("asthma", null, source.Token));
            Assert.AreEqual(source.Token, error.CancellationToken);
            var call = model.NerAsync("asthma", null, source.Token);
            Assert.Throws<AggregateException>(() => call.Wait());
            Assert.IsTrue(call.IsCanceled);
        }
    }

    [Test]
    public void A_token_ends_calls_that_run()
    {
        using (var source = new CancellationTokenSource())
        {
            var calls = new[]
            {
                model.NerAsync(Endless, null, source.Token),
                model.ReAsync(Endless, null, source.Token),
                model.QaAsync(new Question("What?", Endless), null, source.Token),
                model.ClassifyAsync(Endless, null, source.Token),
                model.EmbedAsync(Endless, null, source.Token),
            };
            Task.WaitAny(calls, 200);
            Assert.IsTrue(calls.All(call => !call.IsCompleted));
            source.Cancel();
            foreach (var call in calls)
            {
                var error = Assert.Throws<AggregateException>(() => call.Wait());
                Assert.IsInstanceOf<TaskCanceledException>(error.InnerException);
                Assert.IsTrue(call.IsCanceled);
            }
        }
        Assert.AreEqual(0, Repository.Results(engine));
    }

    [Test]
    public void A_thrown_cancellation_carries_its_token()
    {
        using (var source = new CancellationTokenSource(100))
        {
            var error = Assert.Throws<OperationCanceledException>(() => model.Ner(Endless, null, source.Token));
            Assert.AreEqual(source.Token, error.CancellationToken);
        }
    }

    [Test]
    public void A_token_that_is_not_cancelled_changes_nothing()
    {
        using (var source = new CancellationTokenSource())
        {
            for (var i = 0; i < 100; i++) Assert.AreEqual(1, model.Ner("asthma", null, source.Token).Spans.Count);
            // The calls are over and have left nothing with the token.
            source.Cancel();
        }
        Assert.AreEqual(1, model.Ner("asthma").Spans.Count);
    }

    [Test]
    public void A_deadline_ends_a_call()
    {
        foreach (var deadline in new[] { TimeSpan.FromMilliseconds(30), TimeSpan.FromTicks(1) })
        {
            var error = Assert.Throws<BiobertException>(() => model.Ner(Endless, new RunOptions { Deadline = deadline }));
            Assert.AreEqual(Status.Deadline, error.Status);
        }
        Assert.AreEqual(1, model.Ner("asthma", new RunOptions { Deadline = TimeSpan.FromDays(49) }).Spans.Count);
        foreach (var deadline in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromDays(50), TimeSpan.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Ner("asthma", new RunOptions { Deadline = deadline }));
        }
    }
}

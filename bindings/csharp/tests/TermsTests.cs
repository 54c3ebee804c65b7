using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Biobert;
using NUnit.Framework;

/// <summary>Terminologies, asked for words and in notes; disposed twice, in any order, and while calls run.</summary>
[TestFixture]
public class TermsTests : WithModel
{
    private const string Note = "Known asthma \ud83d\ude00. Patient with type 2 diabetes mellitus on metformin.";

    private static readonly string[] Coded = { "asthma T3", "type 2 diabetes mellitus T1", "metformin T2" };

    private static ExtractOptions With(params Terms[] terms)
    {
        return new ExtractOptions { Terms = terms };
    }

    /// <summary>The entities that have a code, and the code.</summary>
    private static IEnumerable<string> Codes(DocumentResult found)
    {
        return from e in found.Entities
               from link in e.Links
               where link.Given != null
               select Note.Substring(e.Start, e.End - e.Start) + " " + link.Given.Value;
    }

    [Test]
    public void A_terminology_tells_of_itself_and_is_asked_for_words()
    {
        using (var terms = Terms.Open(Repository.Terms))
        {
            StringAssert.Contains("\"TINY\"", terms.InfoJson());
            terms.Verify();
            var one = new[] { terms };
            StringAssert.Contains("\"T1\"", Terms.LinkJson(one, "adult-onset diabetes"));
            StringAssert.Contains("\"ambiguous\"", Terms.LinkJson(one, "MI", "Disease"));
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => Terms.LinkJson(new Terms[0], "MI")).Status);
            Assert.Throws<ArgumentNullException>(() => Terms.LinkJson(null, "MI"));
            Assert.Throws<ArgumentNullException>(() => Terms.LinkJson(one, null));
            Assert.Throws<ArgumentException>(() => Terms.LinkJson(one, "\ud83d"));
            Assert.Throws<ArgumentException>(() => Terms.LinkJson(new Terms[] { terms, null }, "MI"));
        }
        Assert.Throws<ArgumentNullException>(() => Terms.Open(null));
        Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => Terms.Open("/no/such.terms")).Status);
        Assert.AreEqual(Status.Corrupt, Assert.Throws<BiobertException>(() => Terms.Open(Repository.At("README.md"))).Status);
    }

    [Test]
    public void Entities_have_links_with_terminologies_and_none_without()
    {
        using (var terms = Terms.Open(Repository.Terms))
        {
            var found = model.Extract(Note, With(terms));
            CollectionAssert.AreEqual(Coded, Codes(found));
            var link = found.Entities[0].Links.Single();
            Assert.AreEqual("TINY", link.System);
            Assert.IsNull(link.Abstention);
            Assert.AreSame(link.Codes[0], link.Given);
            Assert.AreEqual("Asthma", link.Given.Name);
            Assert.IsTrue(link.Given.Score > 0.9 && link.Given.Score <= 1);
            Assert.AreEqual(Reason.Case, link.Given.Reason);
            Assert.Throws<NotSupportedException>(() => ((IList<Code>)link.Codes).Clear());
            Assert.IsTrue(model.Extract(Note).Entities.All(e => e.Links.Count == 0));
            Assert.IsTrue(model.Extract(Note, With()).Entities.All(e => e.Links.Count == 0));
            CollectionAssert.AreEqual(Coded, Codes(model.ExtractAsync(new[] { Note }, With(terms)).Result[0]));
            foreach (var of in model.Extract("She had MI, COPD and a broken leg.", With(terms)).Entities.SelectMany(e => e.Links))
            {
                Assert.AreEqual(of.Abstention == null, of.Given != null);
                Assert.IsFalse(of.Codes.Count == 0 && of.Abstention == null);
            }
            Assert.Throws<ArgumentException>(() => model.Extract(Note, With(terms, null)));
        }
    }

    [Test]
    public void Codes_that_a_note_relates()
    {
        using (var terms = Terms.Open(Repository.Terms))
        {
            const string note = "Patient with asthma after metformin. Metformin-induced asthma.";
            var heads = new[] { "chemical", "disease", "cid" };
            var related = model.Extract(note, new ExtractOptions { Terms = new[] { terms }, Heads = heads }).CodeRelations.Single();
            CollectionAssert.AreEqual(new[] { "T2", "T3", "CID" }, new[] { related.First, related.Second, related.Label });
            Assert.IsTrue(related.Score > 0.5 && related.Score <= 1);
            Assert.AreEqual(0, model.Extract(note, new ExtractOptions { Heads = heads }).CodeRelations.Count);
        }
    }

    [Test]
    public void Vectors_make_another_terminology()
    {
        var terms = Terms.Open(Repository.Terms);
        using (var near = terms.WithVectors(Repository.Vectors))
        {
            terms.Dispose();
            CollectionAssert.AreEqual(Coded, Codes(model.Extract(Note, With(near))));
            Assert.Throws<ArgumentNullException>(() => near.WithVectors(null));
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => near.WithVectors("/no/such.vectors")).Status);
            Assert.AreEqual(Status.Corrupt, Assert.Throws<BiobertException>(() => near.WithVectors(Repository.Terms)).Status);
        }
        Assert.Throws<ObjectDisposedException>(() => terms.WithVectors(Repository.Vectors));
    }

    [Test]
    public void Disposed_terminologies_say_so_and_results_stay()
    {
        var terms = Terms.Open(Repository.Terms);
        var found = model.Extract(Note, With(terms));
        terms.Dispose();
        terms.Dispose();
        CollectionAssert.AreEqual(Coded, Codes(found));
        Assert.Throws<ObjectDisposedException>(() => terms.InfoJson());
        Assert.Throws<ObjectDisposedException>(() => terms.Verify());
        Assert.Throws<ObjectDisposedException>(() => Terms.LinkJson(new[] { terms }, "gout"));
        Assert.Throws<ObjectDisposedException>(() => model.Extract(Note, With(terms)));
    }

    [Test]
    public void Disposing_lets_running_calls_end()
    {
        var endless = string.Concat(Enumerable.Repeat("Rash after amoxicillin on the second day. ", 400000));
        var terms = Terms.Open(Repository.Terms);
        using (var source = new CancellationTokenSource())
        {
            var call = model.ExtractAsync(endless, With(terms, terms), source.Token);
            call.Wait(200);
            Assert.IsFalse(call.IsCompleted);
            terms.Dispose();
            Assert.Throws<ObjectDisposedException>(() => terms.InfoJson());
            Assert.IsFalse(call.IsCompleted);
            source.Cancel();
            Assert.Throws<AggregateException>(() => call.Wait());
        }
    }

    [Test]
    public void Disposing_while_many_ask_gives_answers_or_says_so()
    {
        for (var round = 0; round < 20; round++)
        {
            var terms = Terms.Open(Repository.Terms);
            var calls = Enumerable.Range(0, 4).Select(i => Task.Run(() =>
            {
                try
                {
                    while (true) StringAssert.Contains("\"T4\"", Terms.LinkJson(new[] { terms, terms }, "heart attack"));
                }
                catch (ObjectDisposedException)
                {
                }
            })).ToArray();
            Terms.Open(Repository.Terms).InfoJson(); // forgotten
            terms.Dispose();
            Task.WaitAll(calls);
        }
    }
}

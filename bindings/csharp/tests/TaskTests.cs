using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class TaskTests : WithModel
{
    private const string Note = "She developed a severe rash after amoxicillin. Metformin was continued.";

    [Test]
    public void Entities_are_of_the_heads_that_were_named()
    {
        var all = model.Ner(Note);
        CollectionAssert.AreEqual(new[] { "rash", "amoxicillin", "Metformin" }, all.Spans.Select(e => Note.Substring(e.Start, e.End - e.Start)));
        var some = model.Ner(Note, new RunOptions { Heads = new List<string> { "disease" } });
        Assert.AreEqual("disease", some.Spans.Single().Head);
        Assert.AreEqual("Disease", some.Spans.Single().Label);
        Assert.That(some.Spans.Single().Score, Is.GreaterThan(0.5f).And.LessThanOrEqualTo(1f));
    }

    [Test]
    public void What_a_task_does_not_look_for_is_empty()
    {
        var found = model.Ner(Note);
        Assert.AreEqual(string.Empty, found.Message);
        Assert.AreEqual(0, found.Relations.Count + found.Answers.Count + found.Classes.Count + found.Sentences.Count);
        Assert.AreEqual(0, found.Tokens.Count + found.Embedding.Count + found.States.Count);
        Assert.AreEqual(0, found.Sections.Count + found.Entities.Count);
        Assert.IsNull(found.NoAnswer);
    }

    [Test]
    public void Results_cannot_be_changed()
    {
        var found = model.Ner(new[] { Note });
        Assert.Throws<NotSupportedException>(() => ((IList<DocumentResult>)found)[0] = null);
        Assert.Throws<NotSupportedException>(() => ((IList<Span>)found[0].Spans).Clear());
    }

    [Test]
    public void Relations_are_between_the_documents_entities()
    {
        var found = model.Re(Note);
        var relation = found.Relations.Single(r => r.Head == "cid");
        Assert.AreSame(relation.First, found.Spans.Single(e => Note.Substring(e.Start).StartsWith("amoxicillin", StringComparison.Ordinal)));
        Assert.AreSame(relation.Second, found.Spans.Single(e => e.Label == "Disease"));
        Assert.AreEqual("induces", relation.Text);
    }

    [Test]
    public void Given_entities_are_used_as_they_are()
    {
        var start = Note.IndexOf("amoxicillin", StringComparison.Ordinal);
        var rash = Note.IndexOf("rash", StringComparison.Ordinal);
        var given = new[] { new GivenEntity(0, start, start + 11, "chemical"), new GivenEntity(0, rash, rash + 4, "Disease") };
        var found = model.Re(Note, new ReOptions { Entities = given, Heads = new[] { "cid" }, Unrelated = true });
        Assert.AreEqual(1, found.Relations.Count);
        Assert.IsTrue(found.Spans.All(e => e.Head == string.Empty));

        Assert.AreEqual(0, model.Re(Note, new ReOptions { Entities = new GivenEntity[0], Unrelated = true }).Spans.Count);
        Assert.AreEqual(3, model.Re(Note, new ReOptions { Entities = null }).Spans.Count);
        Assert.Throws<ArgumentException>(() => model.Re(Note, new ReOptions { Entities = new GivenEntity[] { null } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GivenEntity(0, -1, 3, "x"));
        Assert.Throws<ArgumentNullException>(() => new GivenEntity(0, 1, 3, null));
        foreach (var wrong in new[] { new GivenEntity(1, 0, 3, "Disease"), new GivenEntity(0, 5, 4, "Disease"), new GivenEntity(0, 0, int.MaxValue, "Disease") })
        {
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => model.Re(Note, new ReOptions { Entities = new[] { wrong } })).Status);
        }

        // The document with the impossible entity is to blame; one that does not exist is not.
        Assert.AreEqual(1, Blamed(new GivenEntity(1, 5, 4, "Disease")));
        Assert.AreEqual(null, Blamed(new GivenEntity(2, 0, 3, "Disease")));
    }

    private int? Blamed(GivenEntity entity)
    {
        var options = new ReOptions { Entities = new[] { entity } };
        return Assert.Throws<BiobertException>(() => model.Re(new[] { Note, Note }, options)).DocIndex;
    }

    [Test]
    public void A_list_that_grows_is_counted_once()
    {
        Assert.AreEqual(1, model.Re(Note, new ReOptions { Entities = new Growing<GivenEntity>(new GivenEntity(0, 0, 3, "Disease")) }).Spans.Count);
        Assert.AreEqual(1, model.Ner(new Growing<string>(Note), new RunOptions { Heads = new Growing<string>("disease") }).Count);
        Assert.AreEqual(1, model.Qa(new Growing<Question>(new Question("What?"))).Count);
    }

    /// <summary>A list that is longer each time that it is counted.</summary>
    private sealed class Growing<T> : IReadOnlyList<T>
    {
        private readonly T item;
        private int count;

        internal Growing(T item)
        {
            this.item = item;
        }

        public int Count => ++count;

        public T this[int index] => item;

        public IEnumerator<T> GetEnumerator() => Enumerable.Repeat(item, Count).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    [Test]
    public void Answers_are_in_the_passages()
    {
        var passages = new[] { "Chest film clear.", "Urine culture grew Escherichia coli." };
        var found = model.Qa(new Question("What did the urine culture grow?", passages), new QaOptions { Top = 2 });
        Assert.AreEqual(2, found.Answers.Count);
        Assert.AreEqual(1, found.Answers[0].Passage);
        Assert.AreEqual("Escherichia coli", passages[1].Substring(found.Answers[0].Start, found.Answers[0].End - found.Answers[0].Start));
        Assert.AreEqual(-found.Answers[0].Score, found.NoAnswer);
        Assert.AreEqual(0, model.Qa(new Question("What?")).Answers.Count);
        Assert.IsTrue(float.IsInfinity(model.Qa(new Question("What?")).NoAnswer.Value));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Qa(new Question("What?"), new QaOptions { Top = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Qa(new Question("What?"), new QaOptions { MaxTokens = -1 }));
    }

    [Test]
    public void Classes_are_of_documents_and_pairs()
    {
        var found = model.Classify("He developed hives after penicillin.");
        Assert.AreEqual(1, found.Classes.Count(c => c.Holds));
        Assert.AreEqual("ade", found.Classes[0].Head);
        Assert.AreEqual(1.0, found.Classes.Sum(c => c.Score), 1e-5);
        Assert.AreEqual(2, model.ClassifyPair("He developed hives.", "Allergy to penicillin.").Classes.Count);
        Assert.Throws<ArgumentException>(() => model.ClassifyPairs(new[] { "a", "b" }, new[] { "c" }));
    }

    [Test]
    public void Embeddings_have_the_models_width()
    {
        var found = model.Embed("heart attack", new EmbedOptions { Normalize = true, Tokens = true, Pooling = Pooling.Mean, Layer = 6 });
        Assert.AreEqual(384, found.Embedding.Count);
        Assert.AreEqual(1.0, found.Embedding.Sum(x => (double)x * x), 1e-5);
        Assert.AreEqual(2, found.Tokens.Count);
        Assert.AreEqual(2, found.States.Count);
        Assert.AreEqual(384, found.States[1].Count);
        var own = model.Embed("heart attack").Embedding;
        CollectionAssert.AreEqual(own, model.Embed("heart attack", new EmbedOptions { Pooling = Pooling.Model }).Embedding);
        var mean = model.Embed("heart attack", new EmbedOptions { Pooling = Pooling.Mean }).Embedding;
        CollectionAssert.AreEqual(mean, model.Embed("heart attack", new EmbedOptions { Layer = 6 }).Embedding);
        CollectionAssert.AreNotEqual(own, mean);
        Assert.AreEqual(0, model.Embed("heart attack").Tokens.Count);
        Assert.AreEqual(384, model.Embed("").Embedding.Count);
        Assert.Throws<BiobertException>(() => model.Embed("a", new EmbedOptions { Layer = 7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Embed("a", new EmbedOptions { Layer = -1 }));
        Assert.Throws<ArgumentException>(() => model.Embed("a", new EmbedOptions { Heads = new[] { "disease" } }));
    }

    [Test]
    public void Sentences_need_no_model()
    {
        var found = engine.Sentences("😀 Seen by Dr. Smith. No fever.");
        CollectionAssert.AreEqual(new[] { "0..21", "22..31" }, found.Sentences.Select(s => s.ToString()));
        Assert.Throws<ArgumentException>(() => engine.Sentences("a", new RunOptions { Heads = new[] { "disease" } }));
    }

    [Test]
    public void Sections_need_no_model()
    {
        const string text = "Plan: 😀 rest\n\nFamily history: stroke";
        var found = engine.Sections(text).Sections;
        CollectionAssert.AreEqual(new[] { "plan 0..13", "family_history 15..37" }, found.Select(s => s.ToString()));
        Assert.AreEqual("Family history", text.Substring(found[1].Title.Start, found[1].Title.End - found[1].Title.Start));
        Assert.AreEqual("10157-6", found[1].Loinc);
        Assert.IsNull(found[1].Parent);
        Assert.AreEqual(0, engine.Sections("").Sections.Count);
        Assert.Throws<ArgumentException>(() => engine.Sections("a", new RunOptions { Heads = new[] { "disease" } }));
    }

    [Test]
    public void A_note_says_its_sections_and_entities()
    {
        const string text = "Plan: 😀 asthma, amoxicillin.\n\nFamily history: epilepsy";
        var found = model.Extract(text);
        CollectionAssert.AreEqual(new[] { "plan", "family_history" }, found.Sections.Select(s => s.Name));
        Assert.That(found.Entities.Count, Is.GreaterThanOrEqualTo(3));
        CollectionAssert.AreEqual(
            found.Spans.Select(e => Tuple.Create(e.Start, e.End, e.Label, e.Head, e.Score)),
            found.Entities.Select(e => Tuple.Create(e.Start, e.End, e.Label, e.Head, e.Score)));
        foreach (var entity in found.Entities)
        {
            Assert.AreSame(found.Sections[entity.Start < found.Sections[1].Start ? 0 : 1], entity.Section);
            Assert.That(entity.Assertion.Score, Is.GreaterThan(0f).And.LessThanOrEqualTo(1f));
        }
        Assert.Throws<NotSupportedException>(() => ((IList<Entity>)found.Entities).Clear());
        Assert.Throws<NotSupportedException>(() => ((IList<AttributeValue>)found.Entities[0].Attributes).Add(null));
        Assert.IsTrue(model.Extract(text, new ExtractOptions { Heads = new[] { "disease" } }).Entities.All(e => e.Head == "disease"));
    }

    [Test]
    public void Assertions_are_judged_or_not()
    {
        const string text = "Penicillin caused anaphylaxis.";
        var heads = new[] { "chemical", "disease", "cid" };
        var none = model.Extract(text, new ExtractOptions { Heads = heads, Judges = Judges.None });
        var rules = model.Extract(text, new ExtractOptions { Heads = heads, Judges = Judges.Rules });
        Assert.IsTrue(none.Entities.All(e => e.Assertion == null));
        Assert.IsTrue(rules.Entities.All(e => e.Assertion != null));
        Assert.IsNull(none.Relations.Single().Assertion);
        Assert.IsNotNull(rules.Relations.Single().Assertion);
        Assert.IsNull(model.Re(text).Relations[0].Assertion);
        Assert.AreEqual(1, rules.Relations.Single().FirstIndex + rules.Relations.Single().SecondIndex);
        Assert.Throws<BiobertException>(() => model.Extract(text, new ExtractOptions { Judges = (Judges)17 }));
    }

    [Test]
    public void Long_documents_are_read_in_windows()
    {
        var sentence = "no fever, " + string.Concat(Enumerable.Repeat("rash after amoxicillin, ", 300));
        Assert.IsTrue(model.Ner(sentence).Windowed);
        Assert.IsFalse(model.Ner(Note).Windowed);
    }

    [Test]
    public void Async_calls_find_the_same()
    {
        Assert.AreEqual(3, model.NerAsync(Note).Result.Spans.Count);
        Assert.AreEqual(2, model.NerAsync(new[] { Note, Note }).Result.Count);
        Assert.AreEqual(3, model.ReAsync(Note).Result.Spans.Count);
        Assert.AreEqual(1, model.ReAsync(new[] { Note }).Result.Count);
        Assert.AreEqual(1, model.QaAsync(new Question("What?", Note), new QaOptions { Top = 1 }).Result.Answers.Count);
        Assert.AreEqual(1, model.QaAsync(new[] { new Question("What?") }).Result.Count);
        Assert.AreEqual(2, model.ClassifyAsync(Note).Result.Classes.Count);
        Assert.AreEqual(1, model.ClassifyAsync(new[] { Note }).Result.Count);
        Assert.AreEqual(2, model.ClassifyPairAsync(Note, Note).Result.Classes.Count);
        Assert.AreEqual(1, model.ClassifyPairsAsync(new[] { Note }, new[] { Note }).Result.Count);
        Assert.AreEqual(384, model.EmbedAsync(Note).Result.Embedding.Count);
        Assert.AreEqual(1, model.EmbedAsync(new[] { Note }).Result.Count);
        Assert.AreEqual(3, model.ExtractAsync(Note).Result.Entities.Count);
        Assert.AreEqual(2, model.ExtractAsync(new[] { Note, Note }).Result.Count);
        Assert.AreEqual(1, engine.SectionsAsync("Plan: rest").Result.Sections.Count);
        Assert.AreEqual(1, engine.SectionsAsync(new[] { Note }).Result.Count);
        Assert.AreEqual(2, engine.SentencesAsync(Note).Result.Sentences.Count);
        Assert.AreEqual(1, engine.SentencesAsync(new[] { Note }).Result.Count);
    }
}

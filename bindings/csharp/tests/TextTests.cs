using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class TextTests : WithModel
{
    [Test]
    public void Offsets_are_indices_into_the_string_unless_something_else_is_chosen()
    {
        const string Note = "😀 naïve: asthma, since 𝟙 year.\0 Treated with aspirin.";
        foreach (var wanted in new[] { "asthma", "aspirin" })
        {
            var before = Note.Substring(0, Note.IndexOf(wanted, StringComparison.Ordinal));
            Assert.AreEqual(before.Length, StartOf(wanted, Note, null));
            Assert.AreEqual(before.Length, StartOf(wanted, Note, new RunOptions { Unit = OffsetUnit.Utf16Units }));
            Assert.AreEqual(Encoding.UTF8.GetByteCount(before), StartOf(wanted, Note, new RunOptions { Unit = OffsetUnit.Utf8Bytes }));
            Assert.AreEqual(Encoding.UTF32.GetByteCount(before) / 4, StartOf(wanted, Note, new RunOptions { Unit = OffsetUnit.UnicodeScalars }));
        }
        var error = Assert.Throws<BiobertException>(() => model.Ner(Note, new RunOptions { Unit = 0 }));
        Assert.AreEqual(Status.Argument, error.Status);
    }

    [Test]
    public void A_lone_surrogate_is_refused_or_replaced()
    {
        const string Note = "high \ud83d asthma";
        var error = Assert.Throws<BiobertException>(() => model.Ner(Note));
        Assert.AreEqual(Status.Encoding, error.Status);
        StringAssert.DoesNotContain("asthma", error.Message);

        var read = model.Ner(Note, new RunOptions { InvalidText = InvalidText.Replace });
        Assert.IsTrue(read.ReplacedInvalid);
        Assert.IsTrue(read.Spans.Any(e => e.Start == Note.IndexOf("asthma", StringComparison.Ordinal)));
        Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => model.Ner("a", new RunOptions { InvalidText = (InvalidText)7 })).Status);
    }

    [Test]
    public void A_bad_document_does_not_fail_the_others()
    {
        var results = model.Ner(new[] { "asthma", "bad \ud83d", "", "gout" });
        CollectionAssert.AreEqual(new[] { Status.Ok, Status.Encoding, Status.Ok, Status.Ok }, results.Select(r => r.Status));
        Assert.AreEqual(1, results[0].Spans.Count);
        Assert.AreEqual(0, results[2].Spans.Count);
        Assert.AreEqual(1, results[3].Spans.Count);

        var bad = results[1];
        Assert.IsNotEmpty(bad.Message);
        Assert.IsFalse(bad.Windowed || bad.Truncated || bad.ReplacedInvalid);
        var readers = new Func<object>[]
        {
            () => bad.Spans, () => bad.Relations, () => bad.Answers, () => bad.NoAnswer, () => bad.Classes,
            () => bad.Sections, () => bad.Entities,
            () => bad.Sentences, () => bad.Tokens, () => bad.Embedding, () => bad.States,
        };
        foreach (var read in readers)
        {
            var error = Assert.Throws<BiobertException>(() => read());
            Assert.AreEqual(Status.Encoding, error.Status);
            Assert.AreEqual(bad.Message, error.Message);
            Assert.AreEqual(1, error.DocIndex);
        }
    }

    [Test]
    public void Nulls_are_refused_and_empty_lists_are_not()
    {
        Assert.Throws<ArgumentNullException>(() => model.Ner((string)null));
        Assert.Throws<ArgumentNullException>(() => model.Ner((IReadOnlyList<string>)null));
        Assert.Throws<ArgumentException>(() => model.Ner(new[] { "a", null }));
        Assert.Throws<ArgumentNullException>(() => model.Re((string)null));
        Assert.Throws<ArgumentNullException>(() => model.Qa((Question)null));
        Assert.Throws<ArgumentException>(() => model.Qa(new Question[] { null }));
        Assert.Throws<ArgumentNullException>(() => new Question(null, "a"));
        Assert.Throws<ArgumentException>(() => new Question("a", "b", null));
        Assert.Throws<ArgumentNullException>(() => model.Classify((string)null));
        Assert.Throws<ArgumentNullException>(() => model.ClassifyPair("a", null));
        Assert.Throws<ArgumentNullException>(() => model.Embed((string)null));
        Assert.Throws<ArgumentNullException>(() => engine.Sentences((string)null));
        Assert.Throws<ArgumentNullException>(() => engine.Sections((string)null));
        Assert.Throws<ArgumentNullException>(() => model.Extract((string)null));

        Assert.AreEqual(0, model.Ner(new string[0]).Count);
        Assert.AreEqual(0, model.Re(new string[0]).Count);
        Assert.AreEqual(0, model.Qa(new Question[0]).Count);
        Assert.AreEqual(0, model.Classify(new string[0]).Count);
        Assert.AreEqual(0, model.ClassifyPairs(new string[0], new string[0]).Count);
        Assert.AreEqual(0, model.Embed(new string[0]).Count);
        Assert.AreEqual(0, engine.Sentences(new string[0]).Count);
        Assert.AreEqual(0, engine.Sections(new string[0]).Count);
        Assert.AreEqual(0, model.Extract(new string[0]).Count);
    }

    [Test]
    public void No_word_of_a_document_is_in_any_message()
    {
        const string Canary = "canary77 \ud800";
        Assert.That(() => model.Re(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => model.Qa(new Question("canary77?", Canary)), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => model.Classify(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => model.Embed(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => engine.Sections(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => model.Extract(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        Assert.That(() => engine.Sentences(Canary), Throws.InstanceOf<BiobertException>().With.Message.Not.Contains("canary77"));
        StringAssert.DoesNotContain("asthma", model.Ner("asthma").Spans[0].ToString());
    }

    private int StartOf(string text, string note, RunOptions options)
    {
        var head = text == "asthma" ? "Disease" : "Chemical";
        return model.Ner(note, options).Spans.Single(e => e.Label == head).Start;
    }
}

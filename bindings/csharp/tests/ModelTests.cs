using System;
using System.IO;
using System.Linq;
using Biobert;
using NUnit.Framework;

[TestFixture]
public class ModelTests
{
    private Engine engine;

    [TestFixtureSetUp]
    public void Open()
    {
        engine = new Engine();
    }

    [TestFixtureTearDown]
    public void Close()
    {
        engine.Dispose();
    }

    [Test]
    public void Paths_that_hold_no_model_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => engine.Open(null));
        Assert.Throws<ArgumentException>(() => engine.Open("models/\ud83d"));
        var error = Assert.Throws<BiobertException>(() => engine.Open("/secret-directory/nowhere"));
        Assert.AreEqual(Status.NotFound, error.Status);
        Assert.AreEqual("BIOBERT_E_NOT_FOUND", error.StatusName);
        StringAssert.Contains("nowhere", error.Message);
        StringAssert.DoesNotContain("secret-directory", error.Message);
        foreach (var path in new[] { "", "\0", Repository.At("Cargo.toml"), Repository.At("tests"), Repository.At("tests/fixtures/hostile") })
        {
            Assert.Throws<BiobertException>(() => engine.Open(path));
        }
        Assert.AreEqual(0, Repository.Models(engine));
    }

    [Test]
    public void A_damaged_bundle_is_refused()
    {
        var damaged = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Directory.CreateDirectory(damaged);
        try
        {
            foreach (var file in Directory.GetFiles(Repository.At("tests/golden/bundle-v1"), "*", SearchOption.AllDirectories))
            {
                var copy = file.Replace(Repository.At("tests/golden/bundle-v1"), damaged);
                Directory.CreateDirectory(Path.GetDirectoryName(copy));
                File.Copy(file, copy);
            }
            engine.Open(damaged).Dispose();
            File.AppendAllText(Path.Combine(damaged, "vocab.txt"), "x");
            Assert.AreEqual(Status.Corrupt, Assert.Throws<BiobertException>(() => engine.Open(damaged)).Status);
        }
        finally
        {
            Directory.Delete(damaged, true);
        }
    }

    [Test]
    public void A_model_tells_about_itself()
    {
        using (var model = engine.Open(Repository.Tiny))
        {
            StringAssert.Contains("\"name\":\"bert-token\"", model.InfoJson());
            CollectionAssert.AreEqual(new[] { "bert-token" }, model.Heads());
            CollectionAssert.AreEqual(new[] { "B", "I", "O" }, model.Labels("bert-token"));
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => model.Labels("nobody")).Status);
            Assert.Throws<ArgumentNullException>(() => model.Labels(null));
            Assert.AreEqual(Status.Unsupported, Assert.Throws<BiobertException>(() => model.Verify()).Status);
        }
    }

    [Test]
    public void Options_reach_the_library()
    {
        using (var model = engine.Open(Repository.Default, new ModelOptions { Precision = Precision.F32, Loading = Loading.Copy, Integrity = Integrity.Headers }))
        {
            StringAssert.Contains("\"precision\":\"f32\"", model.InfoJson());
            StringAssert.Contains("\"decisions\":", model.Verify());
            CollectionAssert.Contains(model.Heads(), "disease");
        }
        foreach (var options in new[] { new ModelOptions { Precision = (Precision)99 }, new ModelOptions { Loading = (Loading)(-1) }, new ModelOptions { Integrity = (Integrity)3 } })
        {
            Assert.AreEqual(Status.Argument, Assert.Throws<BiobertException>(() => engine.Open(Repository.Tiny, options)).Status);
        }
    }

    [Test]
    public void A_disposed_model_says_so()
    {
        var model = engine.Open(Repository.Tiny);
        model.Dispose();
        model.Dispose();
        var calls = new Action[]
        {
            () => model.InfoJson(), () => model.Heads(), () => model.Labels("bert-token"), () => model.Verify(),
            () => model.Ner("a"), () => model.Ner(new string[0]), () => model.Re("a"), () => model.Qa(new Question("a")),
            () => model.Classify("a"), () => model.ClassifyPair("a", "b"), () => model.Embed("a"),
            () => model.Extract("a"),
        };
        foreach (var call in calls) Assert.Throws<ObjectDisposedException>(() => call());
    }

    [Test]
    public void A_task_without_a_head_says_so()
    {
        using (var model = engine.Open(Repository.Tiny))
        {
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => model.Classify("a")).Status);
            Assert.AreEqual(Status.NotFound, Assert.Throws<BiobertException>(() => model.Ner("a", new RunOptions { Heads = new[] { "nobody" } })).Status);
            Assert.Throws<ArgumentException>(() => model.Ner("a", new RunOptions { Heads = new string[] { null } }));
            Assert.Throws<ArgumentException>(() => model.Ner("a", new RunOptions { Heads = new[] { "\udc00" } }));
            Assert.AreEqual(1, model.Ner(new[] { "a" }, new RunOptions { Heads = new string[0] }).Count);
        }
    }
}

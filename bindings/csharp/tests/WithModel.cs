using Biobert;
using NUnit.Framework;

/// <summary>Tests that share an engine and the default model, and leave nothing of them alive.</summary>
public abstract class WithModel
{
    protected Engine engine;
    protected Model model;

    [TestFixtureSetUp]
    public void Open()
    {
        engine = new Engine();
        model = engine.Open(Repository.Default);
    }

    [TestFixtureTearDown]
    public void Close()
    {
        model.Dispose();
        Assert.AreEqual(0, Repository.Models(engine), "a trainer, a head or a model with one is alive");
        Assert.AreEqual(0, Repository.Results(engine));
        engine.Dispose();
    }
}

using System;
using System.IO;
using System.Json;
using Biobert;

/// <summary>Where the models are that tests use, and what an engine has alive.</summary>
internal static class Repository
{
    /// <summary>Random weights; calls take a tenth of a millisecond.</summary>
    internal static readonly string Tiny = At("tests/fixtures/bert-token");

    /// <summary>The default model, with all tasks.</summary>
    internal static readonly string Default = At("models/bio-minilm");

    /// <summary>A terminology of seven codes.</summary>
    internal static readonly string Terms = At("tests/fixtures/terms/tiny.terms");

    /// <summary>The vectors of its names.</summary>
    internal static readonly string Vectors = At("tests/fixtures/terms/tiny.vectors");

    /// <summary>A path in the repository, wherever below it the tests were built.</summary>
    internal static string At(string path)
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(typeof(Repository).Assembly.Location));
        while (!File.Exists(Path.Combine(directory.FullName, "Cargo.toml"))) directory = directory.Parent;
        return Path.Combine(directory.FullName, path);
    }

    internal static JsonValue StatsOf(Engine engine)
    {
        return JsonValue.Parse(engine.StatsJson());
    }

    internal static int Models(Engine engine)
    {
        return StatsOf(engine)["models"];
    }

    internal static int Results(Engine engine)
    {
        return StatsOf(engine)["results"];
    }

    /// <summary>Collects until an engine has no live objects, or gives up after many rounds. One round is
    /// not enough: Mono scans stacks conservatively, and finalizers run on a thread of their own.</summary>
    internal static bool AllCollected(Engine engine)
    {
        for (var round = 0; round < 100; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (Models(engine) + Results(engine) == 0) return true;
        }
        return false;
    }
}

using System;
using System.IO;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using Biobert;

/// <summary>Where the models are that tests use, and what an engine has alive.</summary>
internal static class Repository
{
    /// <summary>Random weights; calls take a tenth of a millisecond.</summary>
    internal static readonly string Tiny = At("tests/fixtures/bert-token");

    /// <summary>The default model, with all tasks.</summary>
    internal static readonly string Default = At("models/bio-minilm");

    /// <summary>A path in the repository, wherever below it the tests were built.</summary>
    internal static string At(string path)
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(typeof(Repository).Assembly.Location));
        while (!File.Exists(Path.Combine(directory.FullName, "Cargo.toml"))) directory = directory.Parent;
        return Path.Combine(directory.FullName, path);
    }

    internal static Stats StatsOf(Engine engine)
    {
        using (var json = new MemoryStream(Encoding.UTF8.GetBytes(engine.Stats())))
        {
            return (Stats)new DataContractJsonSerializer(typeof(Stats)).ReadObject(json);
        }
    }

    /// <summary>Collects until an engine has no live objects, or gives up after many rounds. One round is
    /// not enough: Mono scans stacks conservatively, and finalizers run on a thread of their own.</summary>
    internal static Stats Collected(Engine engine)
    {
        var stats = StatsOf(engine);
        for (var round = 0; round < 100 && stats.Models + stats.Results > 0; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            stats = StatsOf(engine);
        }
        return stats;
    }

    [DataContract]
    internal sealed class Stats
    {
        [DataMember(Name = "models", IsRequired = true)]
        internal int Models;

        [DataMember(Name = "results", IsRequired = true)]
        internal int Results;

        [DataMember(Name = "threads", IsRequired = true)]
        internal int Threads;

        [DataMember(Name = "isa", IsRequired = true)]
        internal string Isa;
    }
}

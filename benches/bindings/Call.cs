// The time of a call from C#: Call MODEL CALLS prints the median in microseconds.
using System;
using System.Diagnostics;
using System.Globalization;
using Biobert;

internal static class Call
{
    private const string Sentence = "Urine culture grew Escherichia coli and she was started on nitrofurantoin for cystitis on day three.";

    private static int Main(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("usage: Call MODEL CALLS");
            return 2;
        }
        var times = new long[int.Parse(args[1], CultureInfo.InvariantCulture)];
        using (var engine = new Engine(new EngineOptions { Threads = 1 }))
        using (var model = engine.Open(args[0]))
        {
            for (var i = 0; i < 200; i++) Read(model);
            for (var i = 0; i < times.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Read(model);
                times[i] = Stopwatch.GetTimestamp() - start;
            }
        }
        Array.Sort(times);
        var median = times[times.Length / 2] * 1e6 / Stopwatch.Frequency;
        Console.WriteLine(median.ToString("F2", CultureInfo.InvariantCulture));
        return 0;
    }

    private static void Read(Model model)
    {
        var read = 0;
        foreach (var entity in model.Ner(Sentence).Spans) read += entity.Start + entity.End + entity.Label.Length;
        if (read == 0) throw new InvalidOperationException("nothing was found");
    }
}

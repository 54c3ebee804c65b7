using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Trials
{
    /// <summary>Counts verdicts against those that a person wrote: trial, criterion, and a column for each
    /// patient.</summary>
    internal sealed class Score
    {
        private static readonly string[] Values = { "met", "not met", "unknown" };

        private readonly Dictionary<string, string> expected = new Dictionary<string, string>();
        private readonly int[,] counts = new int[3, 3];
        private readonly List<string> others = new List<string>();

        /// <exception cref="FormatException">A line has another number of columns, or a value of its own.</exception>
        internal Score(string path, string text)
        {
            var lines = text.Replace("\r", "").Split('\n').Where(line => line != "").Select(line => line.Split('\t')).ToList();
            foreach (var line in lines.Skip(1))
            {
                if (line.Length != lines[0].Length) throw new FormatException(path + ": a line does not have " + lines[0].Length + " columns");
                for (var i = 2; i < line.Length; i++)
                {
                    if (!Values.Contains(line[i])) throw new FormatException(path + ": a verdict is none of met, not met, unknown");
                    expected[lines[0][i] + "\t" + line[0] + "\t" + line[1]] = line[i];
                }
            }
        }

        internal void Add(string patient, Row row)
        {
            var key = patient + "\t" + row.Criterion.Trial + "\t" + row.Criterion.Number.ToString(CultureInfo.InvariantCulture);
            string wanted;
            if (!expected.TryGetValue(key, out wanted)) return;
            expected.Remove(key);
            counts[Array.IndexOf(Values, wanted), Array.IndexOf(Values, row.Verdict)]++;
            if (wanted != row.Verdict) others.Add(key.Replace('\t', ' ') + ": " + row.Verdict + ", expected " + wanted + ": " + row.Criterion.Text + (row.Outcome.Why == "" ? "" : " (" + row.Outcome.Why + ")"));
        }

        /// <summary>Right, wrong, and unknown where the note does say it.</summary>
        internal void Write(TextWriter output)
        {
            output.WriteLine("expected    found met  found not met  found unknown");
            for (var i = 0; i < 3; i++) output.WriteLine(string.Format(CultureInfo.InvariantCulture, "{0,-10}{1,11}{2,15}{3,15}", Values[i], counts[i, 0], counts[i, 1], counts[i, 2]));
            var right = counts[0, 0] + counts[1, 1] + counts[2, 2];
            var missed = counts[0, 2] + counts[1, 2];
            output.WriteLine(string.Format(CultureInfo.InvariantCulture, "right {0}, wrong {1}, unknown though the note says it {2}, not held against anything {3}", right, others.Count - missed, missed, expected.Count));
            foreach (var other in others) output.WriteLine(other);
        }
    }
}

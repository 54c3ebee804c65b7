using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>One criterion of a trial, as its authors wrote it.</summary>
    internal sealed class Criterion
    {
        internal Criterion(string trial, int number, bool excludes, string text, int start, int end)
        {
            Trial = trial;
            Number = number;
            Excludes = excludes;
            Text = text;
            Start = start;
            End = end;
        }

        internal string Trial { get; }

        /// <summary>From 1, through both lists of the trial.</summary>
        internal int Number { get; }

        internal bool Excludes { get; }

        /// <summary>Without bullet; lines are joined by blanks.</summary>
        internal string Text { get; }

        /// <summary>Place in the file, in UTF-16 units.</summary>
        internal int Start { get; }

        internal int End { get; }
    }

    /// <summary>Divides eligibility criteria, in plain text as ClinicalTrials.gov has them, into single ones.</summary>
    internal static class Criteria
    {
        private static readonly Regex Heading = new Regex(
            @"^[ \t]*(?:key |main |major )?(?<side>inclusion|exclusion)(?: criteria)?[ \t]*(?:criteria)?[ \t]*(?::|(?=\r?$))[ \t]*",
            RegexOptions.IgnoreCase | RegexOptions.Multiline);

        private static readonly Regex Bullet = new Regex(@"^[ \t]*(?:[-*•·o–][ \t]+|\(?\d{1,2}[.)][ \t]+|\(?[a-z][.)][ \t]+)");

        /// <exception cref="FormatException">There is no heading of either list.</exception>
        internal static List<Criterion> Split(string trial, string text)
        {
            var headings = Heading.Matches(text);
            if (headings.Count == 0) throw new FormatException(trial + ": neither \"Inclusion Criteria\" nor \"Exclusion Criteria\" stands on a line");
            var all = new List<Criterion>();
            for (var i = 0; i < headings.Count; i++)
            {
                var from = headings[i].Index + headings[i].Length;
                var to = i + 1 < headings.Count ? headings[i + 1].Index : text.Length;
                var excludes = headings[i].Groups["side"].Value.StartsWith("e", StringComparison.OrdinalIgnoreCase);
                foreach (var piece in Pieces(text, from, to))
                {
                    var words = Regex.Replace(text.Substring(piece.Start, piece.Length), @"\s+", " ");
                    all.Add(new Criterion(trial, all.Count + 1, excludes, words, piece.Start, piece.End));
                }
            }
            return all;
        }

        /// <summary>A line begins a criterion if it has a bullet, or if there are no bullets. Further lines go on with
        /// it. Semicolons divide as well.</summary>
        private static IEnumerable<Place> Pieces(string text, int from, int to)
        {
            var lines = new List<Place>();
            for (var at = from; at < to;)
            {
                var end = text.IndexOf('\n', at, to - at);
                if (end < 0) end = to;
                lines.Add(new Place(at, end));
                at = end + 1;
            }
            var bulleted = lines.Exists(line => Bullet.IsMatch(line.In(text)));
            var open = default(Place?);
            foreach (var line in lines)
            {
                var bullet = Bullet.Match(line.In(text));
                var blank = line.In(text).Trim().Length == 0;
                if (open != null && !blank && bulleted && !bullet.Success)
                {
                    open = new Place(open.Value.Start, line.End);
                    continue;
                }
                if (open != null) foreach (var part in Parts(text, open.Value)) yield return part;
                open = blank ? default(Place?) : new Place(line.Start + bullet.Length, line.End);
            }
            if (open != null) foreach (var part in Parts(text, open.Value)) yield return part;
        }

        private static IEnumerable<Place> Parts(string text, Place whole)
        {
            foreach (Match part in Regex.Matches(whole.In(text), @"[^;\s](?:[^;]*[^;\s.])?"))
            {
                yield return new Place(whole.Start + part.Index, whole.Start + part.Index + part.Length);
            }
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>Divides eligibility criteria, in plain text as ClinicalTrials.gov has them, into single ones.</summary>
    internal static class Criteria
    {
        private static readonly Regex Heading = new Regex(
            @"^[ \t]*(?:key |main |major )?(?<side>inclusion|exclusion)(?: criteria)?[ \t]*(?::|(?=\r?$))[ \t]*",
            RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant);

        private static readonly Regex Bullet = new Regex(@"^[ \t]*(?:[-*•·◦o–][ \t]+|\(?\d{1,2}[.)][ \t]+|\(?[a-z][.)][ \t]+)");

        /// <exception cref="FormatException">There is no heading of either list, or nothing below.</exception>
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
                var lines = Lines(text, from, to);
                for (var line = 0; line < lines.Count; line++)
                {
                    var below = Below(lines, line);
                    // Of several that all must hold each is a criterion; the line above only says so.
                    var join = below.Count == 0 ? Join.Alone : Criterion.JoinOf(lines[line].Place.In(text), excludes);
                    if (join == Join.Each) continue;
                    foreach (var part in below.Count > 0 ? new[] { lines[line].Place } : Parts(text, lines[line].Place))
                    {
                        all.Add(new Criterion(trial, all.Count + 1, excludes, text, part, join, below));
                    }
                    line += below.Count;
                }
            }
            // Of no criteria all would be met.
            if (all.Count == 0) throw new FormatException(trial + ": no criterion stands below its headings");
            return all;
        }

        /// <summary>A line begins a criterion if it has a bullet, or if there are no bullets. Further lines go on with
        /// it.</summary>
        private static List<Line> Lines(string text, int from, int to)
        {
            var raw = new List<Place>();
            for (var at = from; at < to;)
            {
                var end = text.IndexOf('\n', at, to - at);
                if (end < 0) end = to;
                raw.Add(new Place(at, end));
                at = end + 1;
            }
            var bulleted = raw.Exists(line => Bullet.IsMatch(line.In(text)));
            var lines = new List<Line>();
            var ended = true;
            foreach (var line in raw)
            {
                var words = line.In(text);
                var bullet = Bullet.Match(words);
                var blank = words.Trim().Length == 0;
                if (!blank && bulleted && !bullet.Success && !ended)
                {
                    lines[lines.Count - 1].Place = Trimmed(text, new Place(lines[lines.Count - 1].Place.Start, line.End));
                }
                else if (!blank)
                {
                    lines.Add(new Line { Place = Trimmed(text, new Place(line.Start + bullet.Length, line.End)), Indent = words.Length - words.TrimStart().Length, Opens = words.TrimEnd().EndsWith(":", StringComparison.Ordinal), AfterBlank = ended });
                }
                if (!blank && lines.Count > 0) lines[lines.Count - 1].Opens = words.TrimEnd().EndsWith(":", StringComparison.Ordinal);
                ended = blank;
            }
            return lines;
        }

        /// <summary>What stands under "at least one of the following:": what is indented more, or else all up to an
        /// empty line.</summary>
        private static List<Place> Below(List<Line> lines, int at)
        {
            var below = new List<Place>();
            if (!lines[at].Opens || at + 1 == lines.Count) return below;
            var deeper = lines[at + 1].Indent > lines[at].Indent;
            foreach (var line in lines.Skip(at + 1))
            {
                if (deeper ? line.Indent <= lines[at].Indent : line.AfterBlank && below.Count > 0) break;
                below.Add(line.Place);
            }
            return below;
        }

        /// <summary>Semicolons divide as well.</summary>
        private static IEnumerable<Place> Parts(string text, Place whole)
        {
            var at = whole.Start;
            foreach (var part in whole.In(text).Split(';'))
            {
                var place = Trimmed(text, new Place(at, at + part.Length));
                if (place.Length > 0) yield return place;
                at += part.Length + 1;
            }
        }

        private static Place Trimmed(string text, Place place)
        {
            var words = place.In(text);
            var start = place.Start + words.Length - words.TrimStart().Length;
            return new Place(Math.Min(start, place.End), Math.Max(Math.Min(start, place.End), place.Start + words.TrimEnd(' ', '\t', '\r', '\n', '.').Length));
        }

        private sealed class Line
        {
            internal Place Place { get; set; }

            internal int Indent { get; set; }

            /// <summary>Whether a list follows.</summary>
            internal bool Opens { get; set; }

            internal bool AfterBlank { get; set; }
        }
    }
}

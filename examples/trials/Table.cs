using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>A criterion, and what came of it for a patient.</summary>
    internal sealed class Row
    {
        internal Row(Criterion criterion, Outcome outcome)
        {
            Criterion = criterion;
            Outcome = outcome;
        }

        internal Criterion Criterion { get; }

        internal Outcome Outcome { get; }

        internal string Kind => Criterion.Excludes ? "exclusion" : "inclusion";

        internal string Verdict => Say(Outcome.Verdict);

        /// <summary>Whether it keeps the patient out.</summary>
        internal bool Bars => Outcome.Verdict == (Criterion.Excludes ? Trials.Verdict.Met : Trials.Verdict.NotMet);

        /// <summary>For the page: what the verdict means for the patient.</summary>
        internal string Is => Bars ? "bad" : Outcome.Verdict == Trials.Verdict.Unknown ? "open" : "good";

        internal static string Say(Verdict verdict)
        {
            return verdict == Trials.Verdict.Met ? "met" : verdict == Trials.Verdict.NotMet ? "not met" : "unknown";
        }

        /// <summary>What all criteria of a trial come to.</summary>
        internal static string Overall(IReadOnlyList<Row> rows, out string which)
        {
            var bars = rows.Where(row => row.Bars).ToList();
            var open = rows.Where(row => row.Outcome.Verdict == Trials.Verdict.Unknown).ToList();
            which = Numbers(bars.Count > 0 ? bars : open);
            if (bars.Count > 0) return "excluded by";
            return open.Count > 0 ? "eligible so far, open questions" : "eligible";
        }

        private static string Numbers(IEnumerable<Row> rows)
        {
            return string.Join(", ", rows.Select(row => row.Criterion.Number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Tab-separated: a line for each criterion, and one for the whole trial. Offsets are UTF-16 units of the
    /// two files.</summary>
    internal static class Table
    {
        /// <summary>Sentences shown for a criterion; of a long note there may be hundreds.</summary>
        private const int Most = 5;

        internal static void Head(TextWriter output)
        {
            output.WriteLine("patient\ttrial\tkind\tnumber\tverdict\tcriterion\tcriterion_at\tnote\tnote_at\twhy");
        }

        internal static void Write(TextWriter output, string patient, string trial, IReadOnlyList<Row> rows, Reading note)
        {
            foreach (var row in rows)
            {
                var sentences = SentencesOf(row.Outcome, note);
                output.WriteLine(string.Join("\t", Line(patient), Line(trial), row.Kind, row.Criterion.Number, row.Verdict, Line(row.Criterion.Text), At(row.Criterion.Place),
                    string.Join(" | ", sentences.Select(sentence => Line(sentence.In(note.Text)))), string.Join(" | ", sentences.Select(At)), Line(WhyOf(row.Outcome, note))));
            }
            string which;
            var overall = Row.Overall(rows, out which);
            output.WriteLine(string.Join("\t", Line(patient), Line(trial), "overall", "", overall, "", "", "", "", which));
        }

        internal static List<Place> SentencesOf(Outcome outcome, Reading note)
        {
            return outcome.Evidence.Select(note.SentenceOf).Distinct().OrderBy(sentence => sentence.Start).Take(Most).ToList();
        }

        /// <summary>Why, and how many sentences are not shown.</summary>
        internal static string WhyOf(Outcome outcome, Reading note)
        {
            var more = outcome.Evidence.Select(note.SentenceOf).Distinct().Count() - Most;
            return more <= 0 ? outcome.Why : outcome.Why + (outcome.Why == "" ? "" : "; ") + more + " more sentences";
        }

        private static string At(Place place)
        {
            return place.Start.ToString(CultureInfo.InvariantCulture) + "-" + place.End.ToString(CultureInfo.InvariantCulture);
        }

        private static string Line(string text)
        {
            return Regex.Replace(text, @"[\s\p{Cc}]+", " ").Trim();
        }
    }
}

using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>How the conditions of a criterion are joined. With an "or" it falls into segments, of which one is
    /// enough; without, it is one segment, in which all must hold.</summary>
    internal sealed class Layout
    {
        private static readonly Regex Divider = new Regex(@",?\s*\bor\b|/|,", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        private static readonly Regex Parentheses = new Regex(@"\([^()]*\)", RegexOptions.CultureInvariant);
        private static readonly Regex Filler = new Regex(@"\b(?:or|a|an|the|of|any|other|known|either)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        internal Layout(string text, IReadOnlyList<Place> understood, IReadOnlyList<Place> parts)
        {
            // What is in parentheses explains, and does not join; nor does the "or" of "18 years or older".
            var closed = Parentheses.Matches(text).Cast<Match>().Select(match => new Place(match.Index, match.Index + match.Length)).Concat(understood).ToList();
            var dividers = Divider.Matches(text).Cast<Match>().Where(match => !closed.Exists(place => place.Start <= match.Index && match.Index + match.Length <= place.End)).ToList();
            if (!dividers.Exists(IsOr))
            {
                Segments = new[] { new Place(0, text.Length) };
                return;
            }
            var segments = new List<Place>();
            for (var i = 0; i <= dividers.Count; i++)
            {
                var from = i == 0 ? 0 : dividers[i - 1].Index + dividers[i - 1].Length;
                var segment = new Place(from, i == dividers.Count ? text.Length : dividers[i].Index);
                var has = parts.Any(part => segment.Holds(part.Start));
                // "Stroke or infarction, requiring surgery": the last words limit all that stands before them.
                var limits = i > 0 && !IsOr(dividers[i - 1]) && !dividers.Skip(i).Any(IsOr);
                Mixed |= limits && has;
                (limits ? limitsOf : segments).Add(segment);
            }
            Segments = segments;
            for (var i = 0; i + 1 < parts.Count; i++)
            {
                var together = segments.Exists(segment => segment.Holds(parts[i].Start) && segment.Holds(parts[i + 1].Start));
                Mixed |= together && IsConjunction(text, parts[i].End, parts[i + 1].Start, understood);
            }
        }

        private readonly List<Place> limitsOf = new List<Place>();

        /// <summary>Conditions that cannot be told apart: "A or B with C".</summary>
        internal bool Mixed { get; }

        internal IReadOnlyList<Place> Segments { get; }

        /// <summary>Words that limit all segments.</summary>
        internal IReadOnlyList<Place> Limits => limitsOf;

        private static bool IsOr(Match divider)
        {
            return divider.Value != ",";
        }

        /// <summary>Whether words stand between two conditions; none do in "HER2-positive breast cancer".</summary>
        private static bool IsConjunction(string text, int from, int to, IReadOnlyList<Place> understood)
        {
            if (to <= from) return false;
            var between = text.Substring(from, to - from).ToCharArray();
            foreach (var place in understood)
            {
                for (var i = from; i < to; i++)
                {
                    if (place.Holds(i)) between[i - from] = ' ';
                }
            }
            var left = Filler.Replace(new string(between), " ");
            return Regex.IsMatch(left, @"[\p{L}\p{N}&(]");
        }
    }
}

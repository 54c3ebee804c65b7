using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>What a list below a criterion means.</summary>
    internal enum Join
    {
        /// <summary>There is none.</summary>
        Alone,

        /// <summary>Each is a criterion of its own.</summary>
        Each,

        Any,
        All,

        /// <summary>"At least two of the following".</summary>
        Some,
    }

    /// <summary>One criterion of a trial, as its authors wrote it.</summary>
    internal sealed class Criterion
    {
        private static readonly Regex OneOf = new Regex(@"\b(?:(?:at least )?(?:one|1)(?: or more)? of|any(?: one)? of|any|either)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        private static readonly Regex SomeOf = new Regex(@"\b(?:two|three|four|[2-9])(?: or more)? of\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        private static readonly Regex AllOf = new Regex(@"\b(?:all|both) of\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        private static readonly Regex NoneOf = new Regex(@"^(?:none|not any) of the following:?\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        /// <summary>What is said above a list and holds for all below: when, whether not, allergies.</summary>
        private static readonly Regex Carries = new Regex(@"\b(?:within|in the (?:last|past)|history|prior|previous|no|none|not|without|current(?:ly)?|active|allerg\w+|hypersensitivity|except)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        internal Criterion(string trial, int number, bool excludes, string text, Place place, Join join, IReadOnlyList<Place> below)
        {
            Trial = trial;
            Number = number;
            Excludes = excludes;
            Place = below.Count == 0 ? place : new Place(place.Start, below.Last().End);
            Join = join;
            var head = OneLine(place.In(text));
            var carried = NoneOf.Replace(Carries.IsMatch(head) ? head + " " : "", "No ");
            Parts = below.Select(part => carried + OneLine(part.In(text))).ToList();
            Text = head + (below.Count == 0 ? "" : " " + string.Join("; ", below.Select(part => OneLine(part.In(text)))));
            if (below.Count == 0) Parts = new[] { Text };
        }

        internal string Trial { get; }

        /// <summary>From 1, through both lists of the trial.</summary>
        internal int Number { get; }

        internal bool Excludes { get; }

        /// <summary>Without bullets, in one line.</summary>
        internal string Text { get; }

        /// <summary>In the file.</summary>
        internal Place Place { get; }

        internal Join Join { get; }

        /// <summary>What is read: the text, or each part of a list below it.</summary>
        internal IReadOnlyList<string> Parts { get; }

        internal static Join JoinOf(string head, bool excludes)
        {
            if (SomeOf.IsMatch(head)) return Join.Some;
            if (OneOf.IsMatch(head)) return Join.Any;
            if (!excludes) return Carries.IsMatch(head) ? Join.All : Join.Each;
            return AllOf.IsMatch(head) ? Join.All : Carries.IsMatch(head) ? Join.Any : Join.Each;
        }

        private static string OneLine(string text)
        {
            return Regex.Replace(text, @"\s+(?:[-*•·◦–][ \t]+)?", " ");
        }
    }
}

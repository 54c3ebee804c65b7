using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>Words and signs that make a bound of a number.</summary>
    internal static class Comparators
    {
        private const string Least = @"≥|>=|=>|≧|at least|(?:not|no) less than|(?:greater|more|higher) than or equal to|a minimum of|from";
        private const string Most = @"≤|<=|=<|≦|at most|up to|(?:not|no) (?:more|greater|higher|older) than|less than or equal to|not exceeding|a maximum of";
        private const string More = @">|(?:greater|more|higher|older) than|above|over|exceeding";
        private const string Less = @"<|(?:less|lower|fewer|younger) than|below|under";

        internal const string Before = "(?:" + Least + "|" + Most + "|" + More + "|" + Less + "|between|=)";

        internal const string Upper = "(?:" + Most + "|" + Less + ")";

        internal const string After = @"(?:(?:of age\s+)?(?:or|and)\s+(?:older|more|greater|above|higher|over|younger|less|lower|below))";

        internal static string Sign(string before, string after)
        {
            if (Is(after, "older|more|greater|above|higher|over")) return ">=";
            if (Is(after, "younger|less|lower|below")) return "<=";
            if (Is(before, "^(?:" + Least + ")$")) return ">=";
            if (Is(before, "^(?:" + Most + ")$")) return "<=";
            if (Is(before, "^(?:" + More + ")$")) return ">";
            return Is(before, "^(?:" + Less + ")$") ? "<" : "";
        }

        /// <summary>The number of an attribute that the library read.</summary>
        internal static Interval Interval(AttributeValue value)
        {
            var low = value.Low ?? value.High ?? 0;
            var high = value.High ?? low;
            return low == high ? Trials.Interval.Of(value.Comparator, low) : Trials.Interval.Between(low, high);
        }

        private static bool Is(string words, string pattern)
        {
            return Regex.IsMatch(words, pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
    }
}

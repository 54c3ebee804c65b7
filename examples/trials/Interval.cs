using System;
using System.Globalization;

namespace Trials
{
    /// <summary>What is met, what is not, and what the note does not say.</summary>
    internal enum Verdict
    {
        Unknown,
        Met,
        NotMet,
    }

    /// <summary>Numbers from one bound to another. A single number, "&gt; 7.5" and "18 to 65" all are intervals, which
    /// makes one comparison of all.</summary>
    internal struct Interval
    {
        internal Interval(double low, bool lowOpen, double high, bool highOpen)
        {
            Low = low;
            LowOpen = lowOpen;
            High = high;
            HighOpen = highOpen;
        }

        internal double Low { get; }

        /// <summary>Whether the bound itself is outside.</summary>
        internal bool LowOpen { get; }

        internal double High { get; }

        internal bool HighOpen { get; }

        internal static Interval Between(double low, double high)
        {
            return new Interval(Math.Min(low, high), false, Math.Max(low, high), false);
        }

        /// <param name="comparator">&lt;, &lt;=, &gt;, &gt;=; anything else is equality.</param>
        /// <param name="number">The bound.</param>
        internal static Interval Of(string comparator, double number)
        {
            switch (comparator)
            {
                case "<": return new Interval(double.NegativeInfinity, true, number, true);
                case "<=": return new Interval(double.NegativeInfinity, true, number, false);
                case ">": return new Interval(number, true, double.PositiveInfinity, true);
                case ">=": return new Interval(number, false, double.PositiveInfinity, true);
                default: return Between(number, number);
            }
        }

        internal Interval Times(double factor)
        {
            return new Interval(Low * factor, LowOpen, High * factor, HighOpen);
        }

        internal Interval Plus(double term)
        {
            return new Interval(Low + term, LowOpen, High + term, HighOpen);
        }

        /// <summary>Whether what is wanted holds of all that the fact may be, of nothing of it, or of some.</summary>
        internal static Verdict Compare(Interval wanted, Interval fact)
        {
            // Factors of units bring rounding errors: 1.1 g is 1,100.0000000000002 mg.
            var near = 1e-9 * Math.Max(1, Math.Max(Finite(fact.Low), Finite(fact.High)));
            var within = Above(fact.Low, fact.LowOpen, wanted.Low, wanted.LowOpen, near) && Above(-fact.High, fact.HighOpen, -wanted.High, wanted.HighOpen, near);
            if (within) return Verdict.Met;
            var outside = Beyond(wanted.Low, wanted.LowOpen, fact.High, fact.HighOpen, near) || Beyond(fact.Low, fact.LowOpen, wanted.High, wanted.HighOpen, near);
            return outside ? Verdict.NotMet : Verdict.Unknown;
        }

        private static bool Above(double bound, bool open, double least, bool leastOpen, double near)
        {
            if (Same(bound, least, near)) return open || !leastOpen;
            return bound > least;
        }

        private static bool Beyond(double low, bool lowOpen, double high, bool highOpen, double near)
        {
            if (Same(low, high, near)) return lowOpen || highOpen;
            return low > high;
        }

        private static bool Same(double a, double b, double near)
        {
            return a == b || Math.Abs(a - b) <= near;
        }

        private static double Finite(double bound)
        {
            return double.IsInfinity(bound) ? 0 : Math.Abs(bound);
        }

        public override string ToString()
        {
            if (Low == High) return Number(Low);
            if (double.IsInfinity(High)) return (LowOpen ? "> " : "≥ ") + Number(Low);
            if (double.IsInfinity(Low)) return (HighOpen ? "< " : "≤ ") + Number(High);
            return Number(Low) + " to " + Number(High);
        }

        private static string Number(double number)
        {
            return number.ToString("0.####", CultureInfo.InvariantCulture);
        }
    }
}

using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>Which units are the same, or can be made the same. Any other pair is not compared.</summary>
    internal static class Units
    {
        /// <summary>A unit that stands for its kind, and how much of it one has.</summary>
        private static readonly Dictionary<string, KeyValuePair<string, double>> Known = new Dictionary<string, KeyValuePair<string, double>>();

        static Units()
        {
            Add("mg", 1, "mg", "milligram", "milligrams");
            Add("mg", 1e3, "g", "gram", "grams");
            Add("mg", 1e-3, "ug", "mcg", "microgram", "micrograms");
            Add("kg", 1, "kg", "kilograms");
            Add("[iU]", 1, "iu", "units", "unit", "u", "[iu]", "[u]");
            Add("%", 1, "%", "percent", "per cent");
            Add("mmol/mol", 1, "mmol/mol");
            Add("g/L", 1, "g/l");
            Add("g/L", 10, "g/dl", "g/100ml", "gm/dl");
            Add("g/L", 1e-2, "mg/dl");
            Add("g/L", 1e-3, "mg/l");
            Add("ng/L", 1, "ng/l", "pg/ml");
            Add("ng/L", 1e3, "ng/ml", "ug/l");
            Add("mmol/L", 1, "mmol/l");
            Add("mmol/L", 1e-3, "umol/l");
            Add("meq/L", 1, "meq/l");
            Add("U/L", 1, "u/l", "iu/l");
            Add("10*9/L", 1, "10*9/l", "10*3/ul", "10*3/mm3", "k/ul", "k/mm3");
            Add("10*9/L", 1e-3, "/ul", "/mm3", "cells/ul", "cells/mm3");
            Add("mL/min/1.73m2", 1, "ml/min/1.73m2", "ml/min/1.73");
            Add("mL/min", 1, "ml/min");
            Add("mm[Hg]", 1, "mmhg", "mm[hg]");
            Add("kg/m2", 1, "kg/m2");
            Add("/min", 1, "bpm", "/min", "beats/min");
            Add("ms", 1, "ms", "msec");
            Add("wk", 1, "week", "weeks", "wk");
            Add("wk", 1.0 / 7, "day", "days", "d");
            // The mean of months and years, as far as weeks and months are compared at all.
            Add("wk", 365.25 / 12 / 7, "month", "months", "mo");
            Add("wk", 365.25 / 7, "year", "years", "a");
        }

        /// <summary>Substances of which moles are weighed with certainty, in g/mol.</summary>
        private static readonly Dictionary<string, double> Molar = new Dictionary<string, double>
        {
            { "creatinine", 113.12 }, { "glucose", 180.16 }, { "bilirubin", 584.66 }, { "calcium", 40.078 },
        };

        private static void Add(string stands, double factor, params string[] names)
        {
            foreach (var name in names) Known[name] = new KeyValuePair<string, double>(stands, factor);
        }

        /// <summary>Compares two values of one test; null where their units cannot be made the same.</summary>
        internal static Verdict? Compare(string test, Interval wanted, string wantedUnit, Interval fact, string factUnit)
        {
            var a = Standard(test, wanted, wantedUnit);
            var b = Standard(test, fact, factUnit);
            if (a.Key != b.Key) return null;
            return Interval.Compare(a.Value, b.Value);
        }

        private static KeyValuePair<string, Interval> Standard(string test, Interval value, string unit)
        {
            var name = Fold(unit);
            // These have one unit everywhere, which notes leave out.
            if (name == "") name = test == "systolic" || test == "diastolic" ? "mmhg" : test == "bmi" ? "kg/m2" : "";
            KeyValuePair<string, double> known;
            if (!Known.TryGetValue(name, out known)) return new KeyValuePair<string, Interval>(name, value);
            var stands = known.Key;
            value = value.Times(known.Value);
            double molar;
            if (stands == "mmol/L" && Molar.TryGetValue(test, out molar)) return new KeyValuePair<string, Interval>("g/L", value.Times(molar / 1e3));
            // NGSP's master equation.
            if (stands == "mmol/mol" && test == "hba1c") return new KeyValuePair<string, Interval>("%", value.Times(0.09148).Plus(2.152));
            // Of ions with one charge a mole is an equivalent.
            if (stands == "meq/L" && (test == "potassium" || test == "sodium")) stands = "mmol/L";
            // An estimate is per body surface, whether it is written or not.
            if (stands == "mL/min" && test == "egfr") stands = "mL/min/1.73m2";
            return new KeyValuePair<string, Interval>(stands, value);
        }

        private static string Fold(string unit)
        {
            if (unit == null) return "";
            var folded = unit.ToLowerInvariant().Replace('µ', 'u').Replace('μ', 'u').Replace("²", "2").Replace("⁹", "*9").Replace("³", "3").Replace('^', '*');
            folded = Regex.Replace(folded, @"\s+", "");
            folded = Regex.Replace(folded, @"^[x×]10", "10");
            return Regex.Replace(folded, @"^10([0-9])/", "10*$1/");
        }
    }
}

using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>A test and its value: what a note found, or what a criterion wants.</summary>
    internal sealed class Measure
    {
        internal Measure(Place place, string test, Interval value, string unit)
        {
            Place = place;
            Test = test;
            Value = value;
            Unit = unit;
        }

        internal Place Place { get; }

        internal string Test { get; }

        internal Interval Value { get; }

        /// <summary>As it is written; empty where there is none.</summary>
        internal string Unit { get; }

        /// <summary>Tests by their usual names, longer ones before what they hold.</summary>
        private static readonly string[,] Tests =
        {
            { "hba1c", @"hba1c|(?:glycated |glycosylated )?ha?emoglobin a1c|glyc(?:osyl)?ated ha?emoglobin|a1c" },
            { "hemoglobin", @"ha?emoglobin|hgb|hb" },
            { "egfr", @"e-?gfr|estimated (?:glomerular filtration rate|gfr)" },
            { "clearance", @"(?:creatinine clearance|crcl)" },
            { "lvef", @"(?:left ventricular )?ejection fraction(?: \(LVEF\))?|lvef|ef" },
            { "ecog", @"(?:ecog|eastern cooperative oncology group)(?: performance)?(?: status| score)?(?: \(PS\)| ps)?" },
            { "karnofsky", @"karnofsky(?: performance)?(?: status| score)?|kps" },
            { "nyha", @"(?:nyha|new york heart association)(?: functional)?(?: class)?" },
            { "bmi", @"body mass index(?: \(BMI\))?|bmi" },
            { "nt-probnp", @"nt-?\s?pro-?\s?bnp|n-terminal pro-?bnp" },
            { "bnp", @"bnp" },
            { "platelets", @"platelets?(?: counts?)?|plt" },
            { "neutrophils", @"(?:absolute )?neutrophils?(?: counts?)?(?: \(ANC\))?|anc" },
            { "leukocytes", @"leu[ck]ocytes?(?: counts?)?|white (?:blood )?cells?(?: counts?)?|wbc" },
            { "creatinine", @"(?:serum )?creatinine|(?-i:Cr)" },
            { "potassium", @"(?:serum )?potassium|(?-i:K)" },
            { "sodium", @"(?:serum )?sodium|(?-i:Na)" },
            { "bilirubin", @"(?:total |serum )*bilirubin" },
            { "glucose", @"(?:fasting )?(?:plasma |blood |serum )?glucose" },
            { "systolic", @"systolic (?:blood pressure|bp)|sbp" },
            { "diastolic", @"diastolic (?:blood pressure|bp)|dbp" },
            { "pressure", @"blood pressure|bp" },
            { "qtc", @"qtcf?(?: interval)?" },
            { "life expectancy", @"life expectancy" },
            { "age", @"(?<!\bat (?:the )?)ages?|aged" },
        };

        private const string Figure = @"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?";

        private const string UnitWords = @"(?:[x×]|times)?\s*(?:the\s+)?(?:ULN|LLN|(?:upper|lower) limit)|%|percent|(?:[x×]\s*)?10\s*[\^*]?\s*[39⁹³]\s*/\s*[µμu]?L|K/[µμu]L|(?:cells\s*)?/\s*(?:[µμu]L|mm3|mm³)"
            + @"|mL/min(?:\s*/\s*1\.73\s*m[2²])?|kg/m[2²]|mm\s?Hg|[mµμunp]?c?g/[dm]?L|[mµμ]?mol/(?:mol|L)|mEq/L|I?U/L"
            + @"|bpm|msec|ms|(?:weeks?|months?|years?|days?)";

        private static readonly Regex[] Readers = Enumerable.Range(0, Tests.GetLength(0)).Select(i => Reader(Tests[i, 0], Tests[i, 1])).ToArray();

        private static Regex Reader(string test, string names)
        {
            var figure = test == "nyha" ? Figure + "|I{1,3}V?|IV" : Figure;
            return new Regex(
                @"(?<![\p{L}\d-])(?:" + names + @")(?![\p{L}\d])(?:\s*\([^)\n]{1,30}\))?[\s,:=]*(?:(?:levels?|values?|of|is|was|were|must|be|found|about|on|admission|today|now|currently|estimated|at|\d{1,2}:\d\d)\s+)*"
                + @"(?<compare>" + Comparators.Before + @")?\s*(?<low>" + figure + @")"
                + @"(?:(?:\s*(?:" + UnitWords + @"))?\s*(?:-|–|to|and|or|through)\s*(?<bound>" + Comparators.Upper + @")?\s*(?<high>" + figure + @")|\s*/\s*(?<second>\d{2,3})(?=\s*mm|[\s,.;]|$))?"
                + @"\s*(?<unit>" + UnitWords + @")?(?![\p{L}\d])(?<after>\s*" + Comparators.After + @")?",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }

        // "67-year-old", "18 years of age or older": the number comes first.
        private static readonly Regex AgeFirst = new Regex(
            @"(?:(?<compare>" + Comparators.Before + @")\s*)?(?<![\d.,-])(?<low>\d{1,3})(?:\s*(?:-|–|to|and)\s*(?<high>\d{1,3}))?"
            + @"(?:[\s-]*years?(?:[\s-]+old|\s+of\s+age)|\s*y/?o\b|\s*years(?=\s+" + Comparators.After + @"))(?<after>,?\s*" + Comparators.After + @")?",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        // "No older than 70 years" without a word of age; "73F" and "61 M" with the sex.
        private static readonly Regex AgeBound = new Regex(@"\b(?<compare>(?:(?:no|not) )?(?:older|younger) than)\s+(?<low>\d{1,3})\s*(?:years|y)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        private static readonly Regex AgeSex = new Regex(@"(?<![\d.,/-])(?<low>\d{1,2})(?:\s*y/?o)?\s?[MF](?![\p{L}\d°/])", RegexOptions.CultureInvariant);

        /// <summary>Tests with their values, by place: by their names and, of tests with other names, as the library
        /// found them.</summary>
        internal static List<Measure> Read(string text, IReadOnlyList<Entity> entities)
        {
            var found = new List<Measure>();
            for (var i = 0; i < Readers.Length; i++)
            {
                foreach (Match match in Readers[i].Matches(text)) Add(found, match, Tests[i, 0]);
            }
            foreach (var ages in new[] { AgeFirst, AgeBound, AgeSex })
            {
                foreach (Match match in ages.Matches(text)) Add(found, match, "age");
            }
            foreach (var entity in entities.Where(entity => entity.Label == "Test"))
            {
                var value = entity.Attributes.FirstOrDefault(attribute => attribute.Kind == AttributeKind.Value && attribute.Parsed);
                if (value == null || (value.Low ?? value.High) == null) continue;
                var place = new Place(entity.Start, System.Math.Max(entity.End, value.End));
                // What follows the last sign of a unit is still unit: the library did not read it to its end.
                if (value.End < text.Length && text[value.End] == '/' || found.Exists(other => other.Place.Overlaps(place))) continue;
                found.Add(new Measure(place, string.Join(" ", Words.Fold(new Place(entity.Start, entity.End).In(text))), Comparators.Interval(value), value.Unit ?? ""));
            }
            found.Sort((a, b) => a.Place.Start.CompareTo(b.Place.Start));
            return found;
        }

        private static void Add(List<Measure> found, Match match, string test)
        {
            var place = new Place(match.Index + match.Length - match.Value.TrimStart().Length, match.Index + match.Length);
            if (found.Exists(other => other.Place.Overlaps(place))) return;
            var unit = match.Groups["unit"].Value;
            var low = Number(match.Groups["low"].Value);
            if (test == "age")
            {
                if (unit != "" && !unit.StartsWith("year", System.StringComparison.OrdinalIgnoreCase)) return;
                unit = "years";
            }
            if (test == "pressure")
            {
                if (!match.Groups["second"].Success) return;
                var sign = Comparators.Sign(match.Groups["compare"].Value, match.Groups["after"].Value);
                found.Add(new Measure(place, "diastolic", Interval.Of(sign, Number(match.Groups["second"].Value)), unit));
                test = "systolic";
            }
            else if (match.Groups["second"].Success)
            {
                return;
            }
            var comparator = Comparators.Sign(match.Groups["compare"].Value, match.Groups["after"].Value);
            var value = Interval.Of(comparator, low);
            if (match.Groups["high"].Success)
            {
                // "> 7 and ≤ 10" has open ends, "7 to 10" and "between 7 and 10" have not.
                var high = Number(match.Groups["high"].Value);
                var bound = Comparators.Sign(match.Groups["bound"].Value, "");
                value = bound == "" ? Interval.Between(low, high) : new Interval(low, comparator == ">", high, bound == "<");
                if (value.Low > value.High) return;
            }
            // "Between 7 and" something that is not read.
            else if (match.Groups["compare"].Value.StartsWith("between", System.StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
            found.Add(new Measure(place, test, value, unit));
        }

        private static double Number(string figure)
        {
            switch (figure.ToUpperInvariant())
            {
                case "I": return 1;
                case "II": return 2;
                case "III": return 3;
                case "IV": return 4;
                default: return double.Parse(figure.Replace(",", ""), CultureInfo.InvariantCulture);
            }
        }
    }
}

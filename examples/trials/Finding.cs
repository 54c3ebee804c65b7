using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>A disease, drug or procedure, and what the text says of it.</summary>
    internal sealed class Finding
    {
        private Finding(Place place, string[] name, Entity entity)
        {
            Place = place;
            Name = name;
            Drug = entity.Label == "Drug" || entity.Label == "Chemical";
            Value = entity.Assertion.Value;
            Category = entity.Assertion.Category;
            Allergy = Category == Biobert.Category.Allergy;
        }

        internal Place Place { get; private set; }

        /// <summary>Folded words, without markers and stage.</summary>
        internal string[] Name { get; }

        /// <summary>Folded words of the long form, if it is a short form.</summary>
        internal string[] Expansion { get; private set; }

        internal bool Drug { get; private set; }

        /// <summary>An allergy to it, there or denied, is what the text tells.</summary>
        internal bool Allergy { get; private set; }

        internal AssertionValue Value { get; }

        internal Category? Category { get; }

        /// <summary>The words that decided, if any; folded.</summary>
        internal string Cue { get; private set; } = "";

        internal Place? CuePlace { get; private set; }

        /// <summary>Only its section says that it is history, as of a chronic disease in a list: no word says that it
        /// is over.</summary>
        internal bool Listed { get; private set; }

        /// <summary>What the terminologies gave, as SYSTEM:CODE.</summary>
        internal IReadOnlyList<string> Codes { get; private set; }

        /// <summary>Stages 1 to 4, and a letter if there is one; null where none is told.</summary>
        internal Stage Stage { get; private set; }

        /// <summary>How much of a drug a day; null where it is not told, or tapered.</summary>
        internal Interval? Daily { get; private set; }

        internal string DailyUnit { get; private set; }

        private static readonly Regex MarkerWords = new Regex(@"\S*?\b[A-Z][A-Z0-9-]{1,7}(?:/neu)?[\s-]*(?:mutation[\s-]*)?(?:positive|negative)|(?<=^)-?(?:positive|negative)\b|\btriple[- ]negative\b", RegexOptions.CultureInvariant);

        /// <summary>Findings of a text. Entities that touch are one: "stage IV HER2-negative" and "breast cancer".</summary>
        internal static List<Finding> Read(string text, DocumentResult read)
        {
            var entities = read.Entities.Where(entity => entity.Label != "Test" && entity.Label != "Gene" && entity.Label != "Species").OrderBy(entity => entity.Start).ToList();
            var found = new List<Finding>();
            for (var i = 0; i < entities.Count; i++)
            {
                var first = i;
                while (i + 1 < entities.Count && Touch(text, entities[i], entities[i + 1])) i++;
                var finding = Of(text, entities.GetRange(first, i - first + 1));
                if (finding != null) found.Add(finding);
            }
            return found;
        }

        private static bool Touch(string text, Entity one, Entity next)
        {
            var between = text.Substring(one.End, Math.Max(0, next.Start - one.End));
            // "Hypersensitivity to" and "paclitaxel" are two things.
            if (next.Label == "Drug" && one.Label != "Drug") return false;
            return (between == "" || between == " " || between == "-") && one.Assertion.Value == next.Assertion.Value
                || between == " " && one.Assertion.Value == AssertionValue.Present && one.Label != "Drug" && next.Label == "Problem";
        }

        private static Finding Of(string text, List<Entity> parts)
        {
            // What the last part is, the whole is: "non-ST elevation" and "myocardial infarction".
            var head = parts[parts.Count - 1];
            var place = new Place(parts[0].Start, head.End);
            var words = MarkerWords.Replace(place.In(text), " ");
            words = Stage.Words.Replace(words, " ");
            var name = Words.Fold(words);
            // An entity of "to" or "II" alone says nothing.
            if (!name.Any(word => word.Length > 2)) return null;
            // "Allergy to penicillin" as one problem: the drug is what counts.
            var allergy = head.Label == "Problem" ? Sense.Allergic.Match(place.In(text)) : Match.Empty;
            if (allergy.Success && allergy.Index == 0 && allergy.Length < place.Length)
            {
                place = new Place(place.Start + allergy.Length, place.End);
                return new Finding(place, Words.Fold(place.In(text)), head) { Codes = new string[0], Drug = true, Allergy = true }.WithCue(text, head);
            }
            var finding = new Finding(place, name, head) { Codes = CodesOf(parts.Count == 1 ? head : null), Stage = Stage.Before(text, place) };
            if (head.Expansion != null && parts.Count == 1) finding.Expansion = Words.Fold(Stage.Words.Replace(MarkerWords.Replace(head.Expansion, " "), " "));
            finding.WithCue(text, head);
            var title = head.Section?.Title;
            finding.Listed = finding.Value == AssertionValue.Historical
                && (finding.Category == Biobert.Category.Section || title != null && finding.CuePlace != null && finding.CuePlace.Value.Overlaps(new Place(title.Start, title.End)));
            if (finding.Drug) finding.ReadDose(parts);
            return finding;
        }

        private Finding WithCue(string text, Entity entity)
        {
            if (entity.Assertion.Cue == null) return this;
            CuePlace = new Place(entity.Assertion.Cue.Start, entity.Assertion.Cue.End);
            Cue = string.Join(" ", Words.Fold(CuePlace.Value.In(text)));
            return this;
        }

        private static IReadOnlyList<string> CodesOf(Entity entity)
        {
            if (entity == null) return new string[0];
            return entity.Links.Where(link => link.Given != null).Select(link => link.System + ":" + link.Given.Value).ToList();
        }

        /// <summary>Dose times frequency; of tablets, times their strength.</summary>
        private void ReadDose(List<Entity> parts)
        {
            var all = parts.SelectMany(part => part.Attributes).Where(attribute => attribute.Parsed).ToList();
            var doses = all.Where(attribute => attribute.Kind == AttributeKind.Dose).ToList();
            var often = all.Where(attribute => attribute.Kind == AttributeKind.Frequency).ToList();
            var strength = all.FirstOrDefault(attribute => attribute.Kind == AttributeKind.Strength);
            if (often.Count != 1 || doses.Count > 1 || doses.Count == 0 && strength == null) return;
            var times = TimesADay(often[0]);
            if (times == null) return;
            var dose = doses.Count == 1 ? doses[0] : strength;
            var amount = Comparators.Interval(dose);
            DailyUnit = dose.Unit;
            if (strength != null && dose != strength)
            {
                if (strength.Low == null || dose.Low == null || dose.Unit == strength.Unit) return;
                amount = amount.Times(strength.Low.Value);
                DailyUnit = strength.Unit;
            }
            Daily = new Interval(amount.Low * times.Value.Low, amount.LowOpen, amount.High * times.Value.High, amount.HighOpen);
            Place = new Place(Place.Start, Math.Max(Place.End, Math.Max(dose.End, often[0].End)));
        }

        private static Interval? TimesADay(AttributeValue often)
        {
            if (often.Low == null || often.High == null) return null;
            switch (often.Unit)
            {
                case "/d": return Interval.Between(often.Low.Value, often.High.Value);
                case "h": return Interval.Between(24 / often.High.Value, 24 / often.Low.Value);
                case "/wk": return Interval.Between(often.Low.Value / 7, often.High.Value / 7);
                default: return null;
            }
        }
    }

    /// <summary>Stages of a tumor, such as III, IIIB, or II-III.</summary>
    internal sealed class Stage
    {
        internal static readonly Regex Words = new Regex(@"\bstages?\s+(?<one>I{1,3}V?|IV|[1-4])(?<letter>[ABC])?\d?(?:\s*(?:-|–|to|or)\s*(?<two>I{1,3}V?|IV|[1-4])(?<second>[ABC])?\d?)?\b", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

        private readonly int low;
        private readonly int high;
        private readonly string letter;

        private Stage(Match match)
        {
            low = Number(match.Groups["one"].Value);
            high = match.Groups["two"].Success ? Number(match.Groups["two"].Value) : low;
            letter = match.Groups["two"].Success ? "" : match.Groups["letter"].Value.ToUpperInvariant();
        }

        /// <summary>The stage in a finding's own words or right before them.</summary>
        internal static Stage Before(string text, Place place)
        {
            var from = Math.Max(0, place.Start - 20);
            var match = Words.Matches(text.Substring(from, place.End - from)).Cast<Match>().LastOrDefault();
            return match == null || Regex.IsMatch(text.Substring(from + match.Index, Math.Max(0, place.Start - from - match.Index)), @"[.,;:\n]") ? null : new Stage(match);
        }

        private static int Number(string stage)
        {
            int digit;
            return int.TryParse(stage, out digit) ? digit : Array.IndexOf(new[] { "", "I", "II", "III", "IV" }, stage.ToUpperInvariant());
        }

        internal Verdict Has(Stage fact)
        {
            if (fact.low < low || fact.high > high) return fact.high < low || fact.low > high ? Verdict.NotMet : Verdict.Unknown;
            if (letter == "" || fact.letter == letter) return Verdict.Met;
            return fact.letter == "" ? Verdict.Unknown : Verdict.NotMet;
        }
    }
}

using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Trials
{
    /// <summary>Something that holds or does not: a sex, being pregnant, a receptor.</summary>
    internal sealed class State
    {
        internal State(Place place, string name, bool holds)
        {
            Place = place;
            Name = name;
            Holds = holds;
        }

        internal Place Place { get; }

        /// <summary>female, pregnant, breast-feeding, or a marker such as HER2.</summary>
        internal string Name { get; }

        internal bool Holds { get; }
    }

    /// <summary>Sex, pregnancy and markers, which stand in a text as words of their own.</summary>
    internal static class Person
    {
        private const RegexOptions Any = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

        private static readonly Regex Relatives = new Regex(@"\b(?:(?:grand)?(?:mother|father|parent|son|daughter)s?|sisters?|brothers?|siblings?|aunts?|uncles?|cousins?|wife|husband|partner|child(?:ren)?|relatives?|family history)\b", Any);

        private static readonly Regex Either = new Regex(@"\b(?:(?:male|man|men)s?\s*(?:or|and|/)\s*(?:non-?pregnant\s+)?(?:female|woman|women)s?|(?:female|woman|women)s?\s*(?:or|and|/)\s*(?:male|man|men)s?|(?:either|any) sex)\b", Any);
        private static readonly Regex Female = new Regex(@"\b(?:woman|women|females?|lady|mrs|ms|she)\b", Any);
        private static readonly Regex Male = new Regex(@"\b(?:man|men|males?|gentleman|mr|he)\b", Any);

        // "73F", "61 yo M".
        private static readonly Regex AgeSex = new Regex(@"(?<![\d.,/-])\d{1,2}(?:\s*y/?o)?\s?(?<sex>[MF])(?![\p{L}\d°/])", RegexOptions.CultureInvariant);

        private static readonly Regex Pregnant = new Regex(@"(?<no>\b(?:not|non|isn't|denies(?: being)?|negative)[ -]+(?:currently )?)?\b(?:pregnant|pregnancy(?: test)?)\b(?<after>(?: (?:is|was))?[ :]+(?:negative|excluded))?(?<yes>(?: (?:is|was))?[ :]+(?:positive|confirmed))?", Any);
        private static readonly Regex Feeding = new Regex(@"(?<no>\b(?:not|or|denies)(?: currently)? )?\b(?:breast[- ]?feeding|lactati(?:ng|on)|nursing an infant)\b", Any);
        private static readonly Regex Menopause = new Regex(@"\bpost-?menopausal\b", Any);

        // A gene, protein or test in capitals, what may follow it, and the sign.
        private static readonly Regex Marker = new Regex(
            @"(?<![\p{L}\d-])(?<name>[A-Z][A-Z0-9]{1,7}(?:-[A-Z]?\d{1,2})?(?:/neu)?)(?:\s*\((?:[A-Za-z0-9 -]{1,30})\))?(?:[\s-]+(?:[A-Z]\d+[A-Z]|exon \d+ deletion|gene|mutations?|mutation status|rearrangements?|fusion|amplification|receptor|status|test|serology|antibody|antibodies|was|is)){0,3}[\s:]*[\s-]?(?<sign>[Pp]ositive|[Nn]egative|mutant|mutated|amplified|wild[- ]type|3\+|[01]\+(?!\d)|\+(?![\d])|-(?=[\s,./;]))",
            RegexOptions.CultureInvariant);

        private static readonly Regex Triple = new Regex(@"\btriple[- ]negative\b", Any);

        internal static bool IsRelative(string sentence)
        {
            return Relatives.IsMatch(sentence);
        }

        /// <summary>Where a criterion says that sex does not matter.</summary>
        internal static IEnumerable<Place> OfEitherSex(string text)
        {
            return Either.Matches(text).Cast<Match>().Select(PlaceOf);
        }

        // "Pregnancy or breast-feeding": as a heading has it, what a note says in other words.
        private static readonly Regex Pregnancy = new Regex(@"(?:^|,|/|\bor\b)\s*(?:(?:current|known|confirmed)\s+)?(?<is>pregnancy)(?=\s*(?:$|[,;/(.]|or\b))", Any);

        /// <summary>What a criterion wants by a word alone.</summary>
        internal static IEnumerable<State> Wanted(string criterion)
        {
            return Pregnancy.Matches(criterion).Cast<Match>().Select(match => new State(new Place(match.Groups["is"].Index, match.Index + match.Length), "pregnant", true));
        }

        internal static List<State> Read(string text)
        {
            var found = new List<State>();
            var either = OfEitherSex(text).ToList();
            var sexes = Female.Matches(text).Cast<Match>().Select(match => new State(PlaceOf(match), "female", true))
                .Concat(Male.Matches(text).Cast<Match>().Select(match => new State(PlaceOf(match), "female", false)));
            sexes = sexes.Concat(AgeSex.Matches(text).Cast<Match>().Select(match => new State(PlaceOf(match), "female", match.Groups["sex"].Value == "F")));
            found.AddRange(sexes.OrderBy(sex => sex.Place.Start).Where(sex => !either.Exists(place => place.Overlaps(sex.Place))));
            foreach (Match match in Pregnant.Matches(text))
            {
                // "Prevention of pregnancy" and "pregnancy in 2015" are no states; a test's result is one.
                var state = match.Value.EndsWith("pregnant", System.StringComparison.OrdinalIgnoreCase);
                var negative = match.Groups["no"].Success || match.Groups["after"].Success;
                if (state || negative || match.Groups["yes"].Success) found.Add(new State(PlaceOf(match), "pregnant", !negative));
            }
            foreach (Match match in Feeding.Matches(text))
            {
                var no = match.Groups["no"];
                var negated = no.Success && (!no.Value.StartsWith("or", System.StringComparison.OrdinalIgnoreCase) || found.Exists(state => state.Name == "pregnant" && !state.Holds));
                var start = no.Success && negated ? match.Index : match.Index + no.Length;
                found.Add(new State(new Place(start, match.Index + match.Length), "breast-feeding", !negated));
            }
            found.AddRange(Menopause.Matches(text).Cast<Match>().Select(match => new State(PlaceOf(match), "postmenopausal", true)));
            foreach (Match match in Triple.Matches(text))
            {
                found.AddRange(new[] { "HER2", "ER", "PR" }.Select(name => new State(PlaceOf(match), name, false)));
            }
            foreach (Match match in Marker.Matches(text))
            {
                var sign = match.Groups["sign"].Value.ToLowerInvariant();
                // 2+ is equivocal, and not read.
                var negative = sign == "negative" || sign == "-" || sign == "0+" || sign == "1+" || sign.StartsWith("wild", System.StringComparison.Ordinal);
                found.Add(new State(PlaceOf(match), match.Groups["name"].Value.Replace("/neu", "").Replace("HER-2", "HER2"), !negative));
            }
            return found;
        }

        private static Place PlaceOf(Match match)
        {
            return new Place(match.Index, match.Index + match.Length);
        }
    }
}

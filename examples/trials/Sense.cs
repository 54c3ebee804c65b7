using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Biobert;

namespace Trials
{
    /// <summary>When a criterion wants something: now, at any time, within a window, or as an allergy.</summary>
    internal sealed class Sense
    {
        private static readonly Regex Past = new Regex(@"\b(?:history of|prior|previous(?:ly)?|past|ever)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        private static readonly Regex Now = new Regex(@"\b(?:current(?:ly)?(?: use of)?|active|ongoing|concurrent|concomitant)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        internal static readonly Regex Allergic = new Regex(@"\b(?:(?:known |history of )?(?:hypersensitivity|allerg(?:y|ic)|intolerance|anaphylaxis)(?: reaction)?s? to|intolerant (?:to|of))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        private readonly Window window;

        internal Sense(string criterion)
        {
            Place place;
            window = Window.Read(criterion, out place);
            if (window != null) Consumed.Add(place);
            Ever = Taken(Past, criterion) || window != null;
            Current = Taken(Now, criterion) && !Ever;
            Allergy = Taken(Allergic, criterion);
        }

        /// <summary>At any time: what is past counts as well.</summary>
        internal bool Ever { get; }

        /// <summary>It must be there now: a list of diseases is not enough.</summary>
        internal bool Current { get; }

        internal bool Allergy { get; }

        /// <summary>Places of the words that say so.</summary>
        internal List<Place> Consumed { get; } = new List<Place>();

        private bool Taken(Regex words, string criterion)
        {
            var matches = words.Matches(criterion).Cast<Match>().ToList();
            Consumed.AddRange(matches.Select(match => new Place(match.Index, match.Index + match.Length)));
            return matches.Count > 0;
        }

        /// <summary>Whether a mention in a note counts; null for one that says nothing of the matter.</summary>
        internal Outcome Judge(Finding fact, Reading note)
        {
            var at = fact.Place;
            if (fact.Value == AssertionValue.OtherPerson) return new Outcome(Verdict.Unknown, "a relative's does not count", at);
            if (fact.Allergy != Allergy) return null;
            if (fact.Value == AssertionValue.Possible) return new Outcome(Verdict.Unknown, "only possible", at);
            // A list of allergies denies the drug, not the allergy.
            if (Allergy) return fact.Value == AssertionValue.Absent && fact.Category != Category.Allergy ? new Outcome(Verdict.NotMet, "denied", at) : new Outcome(Verdict.Met, "allergy", at);
            if (fact.Value == AssertionValue.Absent) return Absent(fact);
            // A drug that is taken now is taken within any window.
            if (fact.Value == AssertionValue.Present) return window == null || fact.Drug && fact.Daily != null ? new Outcome(Verdict.Met, "", at) : InWindow(fact, note);
            if (Ever) return window == null ? new Outcome(Verdict.Met, "", at) : InWindow(fact, note);
            if (fact.Listed && !Current) return new Outcome(Verdict.Met, "listed", at);
            return new Outcome(Verdict.Unknown, "only of the past", at);
        }

        private Outcome Absent(Finding fact)
        {
            var ended = fact.Category == Category.Resolved || fact.Category == Category.Stopped;
            if (!ended) return new Outcome(Verdict.NotMet, "denied", fact.Place);
            if (!Ever) return new Outcome(Verdict.NotMet, "over", fact.Place);
            // "Not on insulin" does not say whether it ever was.
            var was = !fact.Cue.StartsWith("not", System.StringComparison.Ordinal) && !fact.Cue.StartsWith("no ", System.StringComparison.Ordinal);
            return was && window == null ? new Outcome(Verdict.Met, "over", fact.Place) : new Outcome(Verdict.Unknown, was ? "no date" : "not now; of the past nothing is said", fact.Place);
        }

        private Outcome InWindow(Finding fact, Reading note)
        {
            if (note.Today == null) return new Outcome(Verdict.Unknown, "the note has no date", fact.Place);
            var date = Date.At(note.Dates, note.SentenceOf(fact.Place), fact.Place);
            if (date == null) return new Outcome(Verdict.Unknown, "no date", fact.Place);
            var has = window.Has(date, note.Today);
            return new Outcome(has, date + ", seen from " + note.Today, fact.Place);
        }
    }
}
